"""Locks that the kernel drops when their last holder dies, however it dies.

Each is a file beside the data, locked by `flock`:

start   held while the server is looked for and started, so that one process does it for all
use     shared by every process that uses the server; descriptors are not inherited by programs that it
        starts, but are by its forks (workers of gunicorn), so a family counts until its last member ends
server  held by PostgreSQL itself: its first process inherits the locked descriptor and passes it on. While
        it is held something of the server lives; when it is free nothing does, whatever process numbers say
keeper  held by the keeper that stops the server after the last user (keeper.py)

Nothing is unlocked, only closed: unlocking in a fork would unlock it for the whole family.
"""

import contextlib
import fcntl
import os
import time
from collections.abc import Iterator
from pathlib import Path

from studies.database.errors import DatabaseUnavailable
from studies.database.folders import open_private


SHARED, EXCLUSIVE = fcntl.LOCK_SH, fcntl.LOCK_EX
PAUSE = 0.005  # seconds between two looks at a lock or at the server


def open_lock(home: Path, name: str) -> int:
    """Descriptor of a lock file, not yet locked."""
    return open_private(home / f"{name}.lock", os.O_RDWR)


def try_lock(descriptor: int, mode: int = EXCLUSIVE) -> bool:
    """Lock if nobody is in the way; says whether it is locked now."""
    try:
        fcntl.flock(descriptor, mode | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def is_free(home: Path, name: str) -> bool:
    """Whether nobody holds the lock at this moment."""
    descriptor = open_lock(home, name)
    try:
        return try_lock(descriptor)
    finally:
        os.close(descriptor)


def is_shared(home: Path, name: str) -> bool:
    """Whether somebody holds the lock in common with others. False if it is free or held by one alone."""
    descriptor = open_lock(home, name)
    try:
        return not try_lock(descriptor) and try_lock(descriptor, SHARED)
    finally:
        os.close(descriptor)


def acquire(home: Path, name: str, mode: int, deadline: float) -> int:
    """Locked descriptor, waited for until the deadline (of `time.monotonic`).

    Locks the file that has the name *now*: one that was removed while waiting protects nothing.
    """
    while True:
        descriptor = open_lock(home, name)
        try:
            while not try_lock(descriptor, mode):
                if time.monotonic() > deadline:
                    raise DatabaseUnavailable(
                        f"The embedded database in {home} is held by another process that does not finish "
                        f"(waiting for {name}.lock); end that process, or name a running server in DATABASE_URL."
                    )
                time.sleep(PAUSE)
            if is_current(descriptor, home, name):
                return descriptor
        except BaseException:
            os.close(descriptor)
            raise
        os.close(descriptor)


def is_current(descriptor: int, home: Path, name: str) -> bool:
    """Whether the descriptor is of the lock file that has this name now."""
    try:
        return os.path.samestat(os.fstat(descriptor), os.stat(home / f"{name}.lock"))
    except FileNotFoundError:
        return False


@contextlib.contextmanager
def held(home: Path, name: str, mode: int, deadline: float) -> Iterator[int]:
    """The lock for the length of a block."""
    descriptor = acquire(home, name, mode, deadline)
    try:
        yield descriptor
    finally:
        os.close(descriptor)

"""Stops the embedded server when its last user has gone. Run as a program by server.py, never imported.

It waits for the "use" lock that every user of the server shares, and the kernel gives it to the keeper
when the last of them has ended, in whatever way. While it stops the server it keeps that lock, so that
newcomers wait and then start afresh. Standard library only and no site packages: it starts in 15 ms.
"""

import contextlib
import fcntl
import os
import signal
import sys
import time


# Seconds for an orderly stop, which writes all that is in memory; then the server ends at once and
# recovers from its log at the next start. Nothing that was committed is lost in either case.
PATIENCE = 60


def keep(use: int, keeper: int, server: int, home: int, uid: int, gid: int) -> None:
    """Wait for the last user, stop the server, remove the folder of its socket if that lies elsewhere.

    `use` and `server` are open lock files, `keeper` is locked already (see locks.py); `home` is the open
    home folder, which the user `uid` may not be able to reach by its path.
    """
    for number in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)  # a service that is stopped signals the keeper too
    if os.geteuid() == 0:
        # The server's user may signal its own processes only, whatever number stands in postmaster.pid.
        os.setgroups([])
        os.setgid(gid)
        os.setuid(uid)
    os.pwrite(keeper, f"{os.getpid()}\n".encode(), 0)
    fcntl.flock(use, fcntl.LOCK_EX)
    stop(server, home)
    with contextlib.suppress(OSError, IndexError):  # most have their socket in the home, and no record
        os.rmdir(read(home, "socket-folder").splitlines()[1])
    os.close(keeper)  # before "use" is free: whoever gets that next must find no keeper


def stop(server: int, home: int) -> None:
    """Signal the first process until nothing of the server holds its lock."""
    signalled = set()
    begin = time.monotonic()
    while not is_free(server) and (waited := time.monotonic() - begin) < 2 * PATIENCE:
        number = signal.SIGINT if waited < PATIENCE else signal.SIGQUIT
        process = postmaster(home)
        if process and (process, number) not in signalled:
            signalled.add((process, number))
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(process, number)
        time.sleep(0.005)


def is_free(lock: int) -> bool:
    """Whether nothing of the server is alive."""
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def postmaster(home: int) -> int:
    """Number of the server's first process; 0 if unknown or if the number is another process's by now."""
    try:
        process = int(read(home, "data/postmaster.pid").split()[0])
    except (OSError, ValueError, IndexError):
        return 0
    # The server works in its data folder. Where the kernel does not tell (macOS), the lock must do.
    with contextlib.suppress(OSError):
        if not os.path.samestat(os.stat(f"/proc/{process}/cwd"), os.stat("data", dir_fd=home)):
            return 0
    return process


def read(home: int, name: str) -> str:
    """Text of a file in the home folder."""
    with open(os.open(name, os.O_RDONLY, dir_fd=home)) as file:
        return file.read()


if __name__ == "__main__":
    keep(*map(int, sys.argv[1:]))

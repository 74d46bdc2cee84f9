"""Find, start, share and stop the embedded server."""

import contextlib
import os
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
from psycopg import pq, sql
from psycopg.conninfo import make_conninfo

from studies.database import binaries, folders, locks
from studies.database.account import server_account
from studies.database.binaries import Installation
from studies.database.cluster import Cluster
from studies.database.copies import readable_copy
from studies.database.errors import DatabaseUnavailable
from studies.database.locks import EXCLUSIVE, SHARED
from studies.database.urls import DATABASE_NAME


# Seconds. A start takes a tenth of one; recovery after a crash during a long load on a slow disk, minutes.
START_PATIENCE = 180
STOP_PATIENCE = 90  # a little more than the keeper's own patience

_guard = threading.RLock()
# Descriptors of the shared "use" lock, by the cluster's home: what this process (or the one that it was
# forked from) uses, and where to connect.
_used: dict[Path, int] = {}
_known: dict[Path, dict[str, str]] = {}


def _after_fork() -> None:
    """A fork keeps its parent's use of the server, but not a guard that another thread held."""
    global _guard
    _guard = threading.RLock()


os.register_at_fork(after_in_child=_after_fork)


def connection_info() -> dict[str, str]:
    """Host (the socket's folder), port and user to connect with; joins or starts the server the first time.

    The server stays at least until this process ends. DatabaseUnavailable if there is none to be had.
    """
    with _guard, folders.refusals_in_words(folders.data_folder()):
        _, home = locate()
        return dict(_known[home]) if home in _known else start()


def start() -> dict[str, str]:
    """As connection_info(), and looks anew whether the server answers: starts it again if it was killed."""
    with _guard, folders.refusals_in_words(folders.data_folder()):
        installation, home = locate()
        account = server_account(home)
        folders.claim(home)
        cluster = Cluster(home, account)
        deadline = time.monotonic() + START_PATIENCE
        if home in _used and not locks.is_current(_used[home], home, "use"):
            _forget(home)  # somebody removed the folder while we used it
        use = _used[home] if home in _used else locks.acquire(home, "use", SHARED, deadline)
        try:
            with locks.held(home, "start", EXCLUSIVE, deadline):
                _serve(cluster, installation, deadline)
                _employ_keeper(cluster)
        except BaseException:
            if home not in _used:
                os.close(use)
            raise
        _used[home], _known[home] = use, cluster.connection()
        return dict(_known[home])


def stop() -> bool:
    """Leave the server; True once it has stopped, False if other processes still use it.

    Without this call the same happens when the process ends, only nobody waits for it.
    """
    with _guard, folders.refusals_in_words(folder := folders.data_folder()):
        used = {home for home in _used if home.parent == folder}
        stopped = [_leave(home) for home in {*used, *folders.homes(folder)}]
        return all(stopped)


def reset(folder: Path | None = None) -> list[Path]:
    """Remove the clusters in a data folder that are marked as ours, and return them; refused while in use."""
    with _guard, folders.refusals_in_words(folder or folders.data_folder()):
        removed = folders.homes(Path(os.path.realpath(folder)) if folder else folders.data_folder())
        for home in removed:
            if home in _used or not _leave(home):
                raise DatabaseUnavailable(f"The database in {home} is in use, so nothing was removed.")
        for home in removed:
            with _alone(home):
                doomed = Path(tempfile.mkdtemp(prefix=f"{home.name}.removed-", dir=home.parent))
                home.rename(doomed / home.name)
            shutil.rmtree(doomed)
        return removed


def program(name: str) -> Path:
    """Path of one of PostgreSQL's programs (psql, pg_dump, ...) of the version that the embedded server has."""
    with folders.refusals_in_words(folders.data_folder()):
        installation, _ = locate()
    return installation.program(name)


def locate() -> tuple[Installation, Path]:
    """The programs to use and the home of the cluster; the version that has data here goes first."""
    folder = folders.data_folder()
    first = None
    for installation in binaries.installations():
        home = folder / f"pg{installation.major}"
        if (home / "data").exists() or not folders.homes(folder):
            return installation, home
        first = first or (installation, home)
    if first is None:
        raise DatabaseUnavailable(f"PostgreSQL was not found on this machine: {binaries.WAYS_OUT}.")
    return first


def _serve(cluster: Cluster, installation: Installation, deadline: float) -> None:
    """See that the server answers and has the application's database. The "start" lock is held."""
    if _has_database(cluster):
        return
    written_by = folders.version_of(cluster.data)
    if written_by not in {None, installation.major}:
        raise DatabaseUnavailable(
            f"The data in {cluster.home} were written by PostgreSQL {written_by}, and {installation.folder} "
            f"holds version {installation.major}: name the programs of version {written_by} in "
            f"{binaries.VARIABLE}, or choose another folder in {folders.VARIABLE}."
        )
    begin = None
    while (answer := _ping(cluster)) != pq.Ping.OK:
        server_lock = locks.open_lock(cluster.home, "server")
        try:
            if locks.try_lock(server_lock):
                if begin is not None:
                    raise _not_started(cluster, installation, begin)
                programs = readable_copy(installation, cluster.home.parent, cluster.account)
                if written_by is None:
                    cluster.create(programs)
                _employ_keeper(cluster)  # first, so that the server outlives us in no case
                begin = cluster.launch(programs, server_lock)
        finally:
            os.close(server_lock)
        if time.monotonic() > deadline:
            raise _not_started(cluster, installation, begin, f"it does not answer ({pq.Ping(answer).name})")
        time.sleep(locks.PAUSE)
    if not _has_database(cluster):
        with psycopg.connect(_address(cluster, "postgres"), autocommit=True) as connection:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE_NAME)))


def _not_started(
    cluster: Cluster, installation: Installation, begin: int | None, how: str = "it ended"
) -> DatabaseUnavailable:
    said = f"; it says:\n{cluster.log_since(begin)}" if begin is not None else ""
    return DatabaseUnavailable(
        f"The PostgreSQL {installation.version} server in {cluster.home} did not start: {how}{said}"
    )


def _ping(cluster: Cluster) -> int:
    """What the server says: it answers, it is starting or stopping (REJECT), or nobody is there."""
    return pq.PGconn.ping(_address(cluster, "postgres").encode())


def _address(cluster: Cluster, name: str) -> str:
    return make_conninfo(**cluster.connection(), dbname=name, connect_timeout="10")


def _has_database(cluster: Cluster) -> bool:
    """Whether the server answers and the database is there, in one connection."""
    try:
        psycopg.connect(_address(cluster, DATABASE_NAME)).close()
    except psycopg.OperationalError:
        return False
    return True


def _employ_keeper(cluster: Cluster) -> None:
    """Start a keeper (keeper.py) unless one holds its lock. The "start" and "use" locks are held."""
    with contextlib.ExitStack() as open_files:
        use, keeper, server = (locks.open_lock(cluster.home, name) for name in ("use", "keeper", "server"))
        home = os.open(cluster.home, os.O_RDONLY | os.O_DIRECTORY)
        for descriptor in (use, keeper, server, home):
            open_files.callback(os.close, descriptor)
        if not locks.try_lock(keeper):
            return
        os.ftruncate(keeper, 0)  # the number of the last keeper; the new one writes its own
        owner = os.stat(cluster.data)
        # -I -S: nothing of the user's environment is imported.
        command = [_python(), "-I", "-S", str(Path(__file__).with_name("keeper.py"))]
        command += [str(number) for number in (use, keeper, server, home, owner.st_uid, owner.st_gid)]
        cluster.spawn(command, None, [use, keeper, server, home])


def _python() -> str:
    """The interpreter, also where a web server has it built in and calls itself sys.executable."""
    own = sys.executable or ""
    return own if Path(own).name.startswith("python") else str(Path(sys.prefix, "bin", "python3"))


def _leave(home: Path) -> bool:
    """Give up our use and wait until the keeper has stopped the server; False if somebody else uses it."""
    deadline = time.monotonic() + STOP_PATIENCE
    if not home.exists():
        _forget(home)
        return True
    if locks.is_free(home, "server") and home not in _used:
        return not locks.is_shared(home, "use")  # somebody may be about to start it
    if (home / "data").exists():
        with locks.held(home, "use", SHARED, deadline), locks.held(home, "start", EXCLUSIVE, deadline):
            _employ_keeper(Cluster(home, server_account(home)))
    _forget(home)
    while not (locks.is_free(home, "server") and locks.is_free(home, "keeper")):
        if locks.is_shared(home, "use"):
            return False
        if time.monotonic() > deadline:
            raise DatabaseUnavailable(f"The server in {home} does not stop.")
        time.sleep(locks.PAUSE)
    return True


def _forget(home: Path) -> None:
    """Give up our use of the server; the lock stays with the forks of this process that have it too."""
    _known.pop(home, None)
    if home in _used:
        os.close(_used.pop(home))


@contextlib.contextmanager
def _alone(home: Path) -> Iterator[None]:
    """Nobody else uses, starts or keeps the server for the length of the block."""
    deadline = time.monotonic() + STOP_PATIENCE
    with locks.held(home, "use", EXCLUSIVE, deadline), locks.held(home, "start", EXCLUSIVE, deadline):
        if not locks.is_free(home, "server"):
            raise DatabaseUnavailable(f"The server in {home} runs, so nothing was removed.")
        yield

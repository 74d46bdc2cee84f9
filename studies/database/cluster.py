"""One cluster: its files, its settings, and the start of its server."""

import contextlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from studies.database import folders
from studies.database.account import Account, spawn_as
from studies.database.binaries import Installation
from studies.database.errors import DatabaseUnavailable
from studies.database.sockets import PORT, make_socket_folder, socket_folder


ROLE = "evidence"
LOG_LIMIT = 1_000_000  # bytes; a longer log is set aside at the next start, one generation is kept

# After the file that initdb wrote, so that these win; `ALTER SYSTEM` wins over both and is the place to tune.
SETTINGS = """\
# Written by evidence synthesis at every start; changes here are lost. Use ALTER SYSTEM instead.
include_if_exists = 'data/postgresql.conf'
listen_addresses = ''
port = {port}
unix_socket_directories = {socket}
unix_socket_permissions = 0700
hba_file = {hba}
fsync = on
synchronous_commit = on
full_page_writes = on
jit = off
max_parallel_workers_per_gather = 0
lc_messages = 'C'
log_destination = 'stderr'
logging_collector = off
log_checkpoints = off
log_line_prefix = '%m [%p] '
# No text that a reader typed is written to the log, not even with an error.
log_min_error_statement = panic
log_parameter_max_length_on_error = 0
"""
# The folder of the socket is closed to everybody but the server's own user (and root).
ACCESS = "local all all trust\n"


@dataclass(frozen=True)
class Cluster:
    """The cluster in a home folder (folders.py) and the user whom its server runs as."""

    home: Path
    account: Account | None

    @property
    def data(self) -> Path:
        return self.home / "data"

    @property
    def log(self) -> Path:
        return self.home / "server.log"

    def connection(self) -> dict[str, str]:
        """Parameters of libpq, without the database's name."""
        return {"host": str(socket_folder(self.home)), "port": str(PORT), "user": ROLE}

    def create(self, installation: Installation) -> None:
        """Run initdb into a temporary folder and give it its name when complete; a torn one never counts."""
        for torn in self.home.glob("data.new-*"):
            shutil.rmtree(torn)
        new = folders.own_folder(self.home / f"data.new-{os.getpid()}", self.account)
        with self._seen_by_server() as (home, inherit):
            command = [
                str(installation.program("initdb")),
                "--pgdata",
                str(home / new.name),
                "--username",
                ROLE,
            ]
            command += ["--encoding", "UTF8", "--data-checksums", "--auth", "trust", "--no-instructions"]
            for locale in _locales(installation.major):
                run = subprocess.run(
                    [*command, "--locale", "C", *locale],
                    cwd="/",
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.STDOUT,
                    text=True,
                    errors="replace",
                    pass_fds=inherit,
                    **spawn_as(self.account),
                )
                if run.returncode == 0:
                    break
            else:
                shutil.rmtree(new)
                raise DatabaseUnavailable(
                    f"PostgreSQL {installation.version} could not make a database in {self.home}; "
                    f"initdb says:\n{_tail(run.stdout)}"
                )
        new.rename(self.data)
        descriptor = os.open(self.home, os.O_RDONLY)
        os.fsync(descriptor)
        os.close(descriptor)

    def launch(self, installation: Installation, server_lock: int) -> int:
        """Start the server, which holds the lock from now on; returns where its part of the log begins.

        The caller has locked `server_lock`, so nothing of an earlier server is alive: the files with its
        process number that are still there are stale, even if the number now belongs to another process
        (PostgreSQL itself would be fooled by that and refuse to start).
        """
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        socket = make_socket_folder(self.home, self.account)
        folders.write(self.home / "pg_hba.conf", ACCESS)
        if self.log.exists() and self.log.stat().st_size > LOG_LIMIT:
            self.log.replace(self.log.with_suffix(".log.1"))
        begin = self.log.stat().st_size if self.log.exists() else 0
        with self._seen_by_server() as (home, inherit):
            seen_socket = home / socket.name if socket.parent == self.home else socket
            settings = SETTINGS.format(
                port=PORT,
                socket=_quoted('"' + str(seen_socket).replace('"', '""') + '"'),
                hba=_quoted(str(home / "pg_hba.conf")),
            )
            folders.write(self.home / "server.conf", settings)
            command = [str(installation.program("postgres")), "-D", str(home / "data")]
            command += ["-c", f"config_file={home / 'server.conf'}"]
            self.spawn(command, self.account, [server_lock, *inherit])
        return begin

    def spawn(self, command: list[str], account: Account | None, inherit: list[int]) -> None:
        """Start a program that outlives this one, is nobody's child (so leaves no zombie) and writes to the log.

        It inherits the descriptors in `inherit` and no other. The shell only sends it to the background; no
        argument passes through the shell's syntax.
        """
        output = folders.open_private(self.log, os.O_WRONLY | os.O_APPEND)
        try:
            subprocess.run(
                ["/bin/sh", "-c", '"$@" &', "sh", *command],
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                pass_fds=inherit,
                start_new_session=True,
                check=True,
                **spawn_as(account),
            )
        finally:
            os.close(output)

    def log_since(self, begin: int) -> str:
        """The last lines that the server wrote after this place."""
        with self.log.open("rb") as file:
            file.seek(begin)
            return _tail(file.read().decode(errors="replace"))

    @contextlib.contextmanager
    def _seen_by_server(self) -> Iterator[tuple[Path, list[int]]]:
        """The home as the server's processes reach it, and the descriptors that they inherit for that.

        Where a folder above the home is closed to the user whom root lets run the server, the home is handed
        over as an open descriptor: its name in /proc needs no way through the folders above, and so none of
        them is opened to anybody.
        """
        if self.account is None or self.account.can("-x", self.home):
            yield self.home, []
            return
        descriptor = os.open(self.home, os.O_RDONLY | os.O_DIRECTORY)
        try:
            seen = Path(f"/proc/self/fd/{descriptor}")
            if not self.account.can("-x", seen, inherit=[descriptor]):
                raise DatabaseUnavailable(
                    f"The database server, started by root, runs as the user '{self.account.name}', to whom a "
                    f"folder above {self.home} is closed: choose a folder in {folders.VARIABLE} that this user "
                    f"can reach, such as /var/lib/{folders.APPLICATION}, or start this program as its owner."
                )
            yield seen, [descriptor]
        finally:
            os.close(descriptor)


def _locales(major: int) -> list[list[str]]:
    """Arguments of initdb to try in turn: order by code point, letters and cases by Unicode.

    From version 17 PostgreSQL brings this itself, the same on every machine. Before, the letters are the
    operating system's: C.UTF-8 on Linux, UTF-8 on macOS, and ASCII only where it has neither.
    """
    if major >= 17:
        return [["--locale-provider", "builtin", "--builtin-locale", "C.UTF-8"]]
    return [["--lc-ctype", "C.UTF-8"], ["--lc-ctype", "UTF-8"], []]


def _quoted(text: str) -> str:
    """A value in the syntax of postgresql.conf."""
    return "'" + text.replace("\\", "\\\\").replace("'", "''") + "'"


def _tail(text: str) -> str:
    return "\n".join(text.strip().splitlines()[-15:]) or "(nothing)"

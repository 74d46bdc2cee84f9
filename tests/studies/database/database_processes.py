"""What tests of the embedded database see of its processes, from outside."""

import contextlib
import json
import os
import signal
import stat
import time
from pathlib import Path

import psycopg

from studies import database
from studies.database import locks


ROOT = Path(__file__).parents[3]
# For programs that tests start: this project, and whatever this process was told to look through.
PYTHONPATH = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
IS_ROOT = os.geteuid() == 0
PATIENCE = 20  # seconds; far more than anything here takes, for a busy machine


def query(sql):
    """The first row, asked by this process of the server that it uses."""
    with psycopg.connect(**database.connection_info(), dbname="evidence", autocommit=True) as connection:
        return connection.execute(sql).fetchone()


def modes(top):
    """Mode and owner of a folder and all in it."""
    paths = [top, *top.rglob("*")]
    return {path: (stat.filemode(path.lstat().st_mode), path.lstat().st_uid) for path in paths}


def wait_until(condition, what):
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, f"waited {PATIENCE} seconds in vain: {what}"
        time.sleep(0.01)


class Server:
    """What can be seen of a server from outside: its home folder, its processes, its locks."""

    def __init__(self, folder):
        self.folder = folder

    @property
    def home(self):
        (home,) = self.folder.glob("pg[0-9][0-9]")
        return home

    @property
    def postmaster(self):
        return int((self.home / "data/postmaster.pid").read_text().split()[0])

    @property
    def keeper(self):
        """Number of the keeper; it writes it when it begins, a moment after it was given the lock."""
        wait_until(lambda: (self.home / "keeper.lock").read_text().strip(), "a keeper's number")
        return int((self.home / "keeper.lock").read_text())

    def has(self, lock):
        return not locks.is_free(self.home, lock)

    def wait_for_end(self):
        wait_until(lambda: not self.has("server"), "the end of the server")
        wait_until(lambda: not self.has("keeper"), "the end of the keeper")

    def end(self):
        """Whatever state a test left it in: stop what it started."""
        for lock, number, sent in (
            ("server", "postmaster", signal.SIGQUIT),
            ("keeper", "keeper", signal.SIGKILL),
        ):
            if self.has(lock):
                with contextlib.suppress(ProcessLookupError, FileNotFoundError):
                    os.kill(getattr(self, number), sent)
                wait_until(lambda lock=lock: not self.has(lock), f"the end of the {lock}")


class Child:
    """A process of database_child.py."""

    def __init__(self, process):
        self.process = process
        self.written = 0  # the last number that it told

    def hear(self):
        """The next thing that it says."""
        line = self.process.stdout.readline()
        assert line, f"the child ended with {self.process.wait()}"
        facts = json.loads(line)
        self.written = facts.get("written", self.written)
        return facts

    def last_written(self):
        """The last number that it told before it ended or lost the server."""
        for line in self.process.stdout:
            facts = json.loads(line)
            if "written" not in facts:
                break
            self.written = facts["written"]
        return self.written

    def leave(self):
        self.process.stdin.close()
        assert self.process.wait(PATIENCE) == 0

    def kill(self):
        self.process.kill()
        self.process.wait()

"""Folders, processes and servers for the tests of the embedded database; nothing of them is left behind."""

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from database_processes import IS_ROOT, PYTHONPATH, Child, Server

from studies import database
from studies.database import binaries
from studies.database.account import Account


@pytest.fixture
def folder():
    """A temporary folder for data (pytest's own are closed to the user whom root lets run a server)."""
    path = Path(os.path.realpath(tempfile.mkdtemp(prefix="evidence-test-")))
    yield path
    for mark in path.glob("**/evidence-synthesis.txt"):
        Server(mark.parent.parent).end()
    shutil.rmtree(path)


@pytest.fixture
def server(folder):
    return Server(folder)


@pytest.fixture
def here(folder, monkeypatch):
    """This process, with the folder as its data folder."""
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv("EVIDENCE_DATA_DIR", str(folder))
    yield database
    monkeypatch.setenv("EVIDENCE_DATA_DIR", str(folder))
    database.stop()


@pytest.fixture(scope="session")
def prepared():
    """The home of a cluster that was initialised once: initdb takes longer than most tests."""
    with pytest.MonkeyPatch.context() as patch, tempfile.TemporaryDirectory(prefix="evidence-test-") as path:
        patch.setenv("EVIDENCE_DATA_DIR", path)
        database.start()
        assert database.stop()
        yield next(Path(path).glob("pg*"))


@pytest.fixture
def initialised(here, folder, prepared):
    """The folder with a cluster in it that has been used before, for tests that do not spoil it."""
    prepared.rename(folder / prepared.name)
    yield folder
    here.stop()
    Server(folder).end()
    (folder / prepared.name).rename(prepared)


@pytest.fixture
def copied(folder, prepared):
    """The folder with a copy of that cluster in it, to be spoilt."""
    subprocess.run(["cp", "-a", prepared, folder], check=True)
    return folder


@pytest.fixture
def child(folder):
    """Makes processes: `child("use")`, `child("use", user=nobody, EVIDENCE_DATA_DIR=...)`."""
    children = []

    def make(what, *, user=None, **environment):
        environment = {"EVIDENCE_DATA_DIR": folder, "PYTHONPATH": PYTHONPATH} | environment
        as_whom = [user.name] if user else []
        kept = {name: os.environ[name] for name in ("PATH", "EVIDENCE_POSTGRES_BIN") if name in os.environ}
        process = subprocess.Popen(
            [sys.executable, Path(__file__).with_name("database_child.py"), what, *as_whom],
            cwd="/",
            env=kept | {name: str(value) for name, value in environment.items()},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        children.append(process)
        return Child(process)

    yield make
    for process in children:
        process.kill()
        process.wait()
        process.stdin.close()
        process.stdout.close()


@pytest.fixture
def nobody():
    """An ordinary user as whom a child can run."""
    if not IS_ROOT:
        pytest.skip("only root can start a process as another user")
    account = pwd.getpwnam("nobody")
    nobody = Account(account.pw_name, account.pw_uid, account.pw_gid)
    found = next(binaries.installations())
    if not nobody.can("-x", *map(found.program, binaries.NEEDED)):
        pytest.skip("PostgreSQL's programs lie where the user 'nobody' cannot reach them")
    if not nobody.can("-x", Path(sys.executable)) and not shutil.which(
        "python3", path="/usr/local/bin:/usr/bin:/bin"
    ):
        pytest.skip("there is no Python that the user 'nobody' can start")
    return nobody

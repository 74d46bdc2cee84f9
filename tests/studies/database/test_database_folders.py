"""Which folders the embedded database takes, and which it refuses without touching them."""

import os
import subprocess
from pathlib import Path

import pytest
from database_processes import modes

from studies import database
from studies.database import binaries, folders


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


def test_data_without_a_readable_version_are_refused(refused, folder):
    home = folder / f"pg{major()}"
    (home / "data").mkdir(parents=True)
    (home / folders.MARK).write_text(folders.MARK_TEXT)
    (home / "data/PG_VERSION").write_text("")
    for name in ("start", "use"):
        (home / f"{name}.lock").touch(mode=0o600)

    refused("is damaged")


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

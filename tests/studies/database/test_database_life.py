"""The embedded server from its first start to its end: shared by processes, none of which is trusted to end well."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time

import psycopg
import pytest
from database_processes import wait_until

from studies import database
from studies.database import folders, sockets


pytestmark = pytest.mark.slow


def query(sql, name="evidence"):
    with psycopg.connect(**database.connection_info(), dbname=name, autocommit=True) as connection:
        return connection.execute(sql).fetchone()


def test_first_start_makes_a_durable_server_that_only_its_user_reaches(here, folder, server):
    home = folder / f"pg{database.server.locate()[0].major}"
    folders.claim(home)
    (home / "data.new-1").mkdir()  # an initialisation that was torn; it must not count
    begin = time.monotonic()
    info = here.start()
    took = time.monotonic() - begin

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
    assert took < 15  # 0.7 seconds on an idle machine


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


def test_six_processes_that_start_at_once_share_one_server_which_ends_with_the_last(child, server):
    children = [child("use") for _ in range(6)]

    told = [each.hear() for each in children]

    assert len({facts["server"] for facts in told}) == 1
    for each in children[:5]:
        each.leave()
    assert server.has("server")
    children[5].leave()
    server.wait_for_end()


def test_after_kill_9_of_the_only_user_the_server_stops_and_every_acknowledged_commit_is_there(
    here, initialised, child, server
):
    writer = child("commit")
    while writer.written < 50:
        writer.hear()
    writer.kill()
    written = writer.last_written()
    server.wait_for_end()

    here.start()

    assert query("SELECT count(*), max(number) FROM written")[0] >= written >= 50


def test_after_kill_9_of_the_postmaster_the_server_recovers_and_every_acknowledged_commit_is_there(
    here, initialised, child, server
):
    writer = child("commit")
    while writer.written < 50:
        writer.hear()
    os.kill(server.postmaster, signal.SIGKILL)
    written = writer.last_written()

    assert writer.hear() == {"back": True}
    here.start()

    assert query("SELECT count(*) FROM written")[0] >= written >= 50


def test_a_stale_process_number_that_now_belongs_to_another_process_is_no_obstacle(here, initialised, server):
    here.start()
    os.kill(server.postmaster, signal.SIGKILL)
    wait_until(lambda: not server.has("server"), "the death of the server")
    owner = (server.home / "data").stat()
    # A process of the server's own user: PostgreSQL by itself would take it for a living server.
    as_owner = {"user": owner.st_uid, "group": owner.st_gid, "extra_groups": []} if os.geteuid() == 0 else {}
    with subprocess.Popen(["sleep", "60"], cwd="/", **as_owner) as other:
        stale = server.home / "data/postmaster.pid"
        stale.write_text(stale.read_text().replace(stale.read_text().split()[0], str(other.pid), 1))

        here.start()

        assert query("SELECT 1") == (1,)
        assert server.postmaster != other.pid
        assert here.stop()
        assert other.poll() is None  # nothing was signalled by mistake
        other.kill()


def test_a_process_that_joins_employs_a_new_keeper_when_the_old_one_was_killed(initialised, child, server):
    first = child("use")
    begun = first.hear()["server"]
    os.kill(server.keeper, signal.SIGKILL)
    first.leave()
    assert server.has("server")  # nobody is left to stop it
    assert not server.has("keeper")

    second = child("use")

    assert second.hear()["server"] == begun
    assert server.has("keeper")
    second.leave()
    server.wait_for_end()


def test_stop_waits_for_the_end_of_the_server_unless_others_use_it(here, initialised, child, server):
    here.start()
    other = child("use")
    other.hear()

    assert not here.stop()
    assert server.has("server")

    here.start()
    other.leave()
    assert here.stop()
    assert not server.has("server")
    assert here.stop()  # nothing to do


def test_stop_ends_a_server_that_was_left_without_a_keeper(here, initialised, child, server):
    other = child("use")
    other.hear()
    os.kill(server.keeper, signal.SIGKILL)
    other.leave()

    assert here.stop()
    assert not server.has("server")


def test_a_fork_keeps_the_server_until_it_ends(initialised, child, server):
    parent = child("fork")
    fork = parent.hear()["fork"]
    assert parent.process.wait() == 0

    time.sleep(0.3)  # a keeper that saw no user would have begun to stop it by now
    assert server.has("server")

    with contextlib.suppress(ProcessLookupError):
        os.kill(fork, signal.SIGKILL)
    server.wait_for_end()


def test_a_program_that_a_user_started_does_not_keep_the_server(initialised, child, server):
    program = child("spawn").hear()["program"]
    try:
        server.wait_for_end()
        os.kill(program, 0)  # it is still there
    finally:
        os.kill(program, signal.SIGKILL)


def test_a_folder_that_was_replaced_while_in_use_is_joined_anew(here, copied, prepared, server):
    here.start()
    removed = server.postmaster
    shutil.rmtree(server.home)
    os.kill(removed, signal.SIGQUIT)
    subprocess.run(["cp", "-a", prepared, server.folder], check=True)

    here.start()

    assert query("SELECT 1") == (1,)
    assert server.postmaster != removed
    assert server.has("use")


def test_a_server_that_does_not_start_is_told_with_the_end_of_its_log(here, copied, server):
    with (server.home / "data/postgresql.auto.conf").open("a") as settings:
        settings.write("shared_buffers = 'as much as there is'\n")

    with pytest.raises(database.DatabaseUnavailable, match=r"(?s)did not start.*shared_buffers"):
        here.start()

    assert not server.has("use")


def test_the_interpreter_is_found_where_a_web_server_has_it_built_in(here, initialised, server, monkeypatch):
    monkeypatch.setattr(sys, "executable", "/usr/bin/some-web-server")

    here.start()

    assert server.keeper
    assert here.stop()

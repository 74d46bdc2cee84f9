"""The embedded server from its first start to its end: shared by processes, none of which is trusted to end well."""

import contextlib
import os
import shutil
import signal
import subprocess
import time

import pytest
from database_processes import query, wait_until

from studies import database
from studies.database import locks


pytestmark = pytest.mark.slow


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


def test_waiting_for_another_process_has_an_end(here, initialised, server, monkeypatch):
    with monkeypatch.context() as patch, locks.held(server.home, "start", locks.EXCLUSIVE, time.monotonic()):
        patch.setattr(database.server, "START_PATIENCE", 0.05)
        with pytest.raises(
            database.DatabaseUnavailable, match=r"does not finish \(waiting for start\.lock\)"
        ):
            here.start()

    assert not server.has("use")
    assert "host" in here.start()


def test_a_server_whose_starter_was_killed_at_once_ends(initialised, child, server):
    starter = child("use")
    wait_until(lambda: server.has("server"), "a server")
    starter.kill()

    server.wait_for_end()

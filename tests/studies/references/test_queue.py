"""Long loads: queued, read by a worker, seen while they go on, cancelled, and whole after any death of a worker."""

import os
import signal
import subprocess
import sys

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from studies import queue
from studies.actions import queued
from studies.actions.progress import Stopped
from studies.actions.staged import AlreadyLoaded, commit, discard
from studies.exceptions import NotAllowed, Refused
from studies.models import AuditEvent, Load, LoadTask, Reference, Source
from studies.vocabulary import TaskKind
from tests.studies.references.test_load_sources import OTHER, PAPER, UNTITLED
from tests.studies.references.worker_process import (
    ROOT,
    address_of_database,
    large_file,
    wait_for,
    worker,
)


@pytest.fixture
def clean_queue(transactional_db):
    """A database that commits, as the progress is written over a second connection. Its queue is not Django's to empty."""
    empty_queue()
    yield
    empty_queue()


@pytest.fixture
def loader(clean_queue):
    return get_user_model().objects.create_superuser("a-loader")


@pytest.fixture
def receive(tmp_path, loader):
    def receive_file(text, name="references.ris", **options):
        path = tmp_path / "upload"
        path.write_text(text, encoding="utf-8")
        return queued.receive(file=path, name=name, by=loader, **options)

    return receive_file


def empty_queue():
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_workers, procrastinate_events CASCADE")


def work(load, asked_to_stop=lambda: None):
    """What a worker does with the open task of a load."""
    queued.carry_out(task=load.tasks.get(ended_at=None).pk, asked_to_stop=asked_to_stop)
    load.refresh_from_db()
    return load.tasks.first()


def test_received_file_waits_with_its_bytes_and_a_job(receive):
    load = receive(PAPER)

    assert (load.status, load.size, load.parts.count()) == ("waiting", len(PAPER), 1)
    task = load.open_task
    assert (task.kind, task.asked_by, task.started_at) == ("stage", "a-loader", None)
    job = ProcrastinateJob.objects.get(pk=task.job)
    assert (job.status, job.queue_name, job.args) == ("todo", "loads", {"task": task.pk})
    assert AuditEvent.objects.latest("pk").event_type == "load_queued"
    with pytest.raises(AlreadyLoaded, match="is waiting already"):
        receive(PAPER)


def test_work_reads_commits_and_reverts(receive, loader):
    load = receive(PAPER + OTHER)
    assert work(load).ending == "done"
    assert (load.status, load.counts["new"]) == ("staged", 2)

    queued.ask(load=load, kind=TaskKind.COMMIT, by=loader)
    assert not Source.objects.exists()
    assert work(load).ending == "done"
    assert (load.status, Source.objects.count()) == ("committed", 2)

    queued.ask(load=load, kind=TaskKind.REVERT, by=loader)
    assert work(load).ending == "done"
    assert (load.status, Source.objects.count()) == ("reverted", 0)
    assert [task.kind for task in load.tasks.all()] == ["revert", "commit", "stage"]


def test_work_done_twice_is_done_once(receive):
    load = receive(PAPER)
    task = work(load)
    queued.carry_out(task=task.pk)

    assert (load.rows.count(), AuditEvent.objects.filter(event_type="load_staged").count()) == (1, 1)


def test_file_that_cannot_be_used_says_so_and_keeps_no_bytes(receive):
    load = receive("%PDF-1.7")
    task = work(load)

    assert (load.status, task.ending) == ("unusable", "refused")
    assert "PDF" in task.message
    assert not load.parts.exists()
    assert receive("%PDF-1.7").status == "waiting"


def test_refusal_of_a_commit_is_kept_with_its_task(receive, loader):
    load = receive(PAPER + OTHER)
    work(load)
    queued.ask(load=load, kind=TaskKind.COMMIT, by=loader)
    first = receive(PAPER, "first.ris")
    work(first)
    commit(load=first, by=loader)

    task = work(load)
    assert (load.status, task.ending) == ("staged", "refused")
    assert "has changed since" in task.message
    assert (load.counts["new"], load.counts["unchanged"]) == (1, 1)


def test_question_that_can_only_be_refused_is_not_queued(receive, loader):
    load = receive(PAPER + UNTITLED)
    with pytest.raises(Refused, match="is not over"):
        discard(load=load, by=loader)
    work(load)
    with pytest.raises(Refused, match="staged by now"):
        queued.ask(load=load, kind=TaskKind.REVERT, by=loader)
    with pytest.raises(Refused, match="1 record is refused"):
        queued.ask(load=load, kind=TaskKind.COMMIT, by=loader)
    queued.ask(load=load, kind=TaskKind.COMMIT, by=loader, skip_rejected=True)
    with pytest.raises(Refused, match="Committing this load was asked for by a-loader and is not over"):
        commit(load=load, by=loader)
    assert work(load).ending == "done"
    assert load.skip_rejected


@pytest.mark.parametrize("act", ["receive", "ask", "cancel"])
def test_stranger_asks_in_vain(receive, act, tmp_path):
    load = receive(PAPER)
    stranger = get_user_model().objects.create_user("a-reader")
    calls = {
        "receive": lambda: queued.receive(file=tmp_path / "upload", name="x", by=stranger),
        "ask": lambda: queued.ask(load=load, kind=TaskKind.STAGE, by=stranger),
        "cancel": lambda: queued.cancel(task=load.open_task, by=stranger),
    }
    with pytest.raises(NotAllowed):
        calls[act]()
    assert LoadTask.objects.get().ended_at is None


def test_who_lost_the_right_since_is_refused_by_name(receive, loader):
    load = receive(PAPER)
    loader.is_superuser = False
    loader.save()
    task = work(load)

    assert (load.status, task.ending) == ("waiting", "refused")
    assert "may not load" in task.message


def test_cancelled_before_it_began_is_discarded_at_once(receive, loader):
    load = receive(PAPER)
    queued.cancel(task=load.open_task, by=loader)

    load.refresh_from_db()
    task = load.tasks.get()
    assert (load.status, task.ending, task.cancelled_by) == ("discarded", "cancelled", "a-loader")
    assert not load.parts.exists()
    assert ProcrastinateJob.objects.get(pk=task.job).status == "cancelled"
    with pytest.raises(Refused, match="over before"):
        queued.cancel(task=task, by=loader)


def test_cancelled_at_a_record_saves_nothing(receive, loader):
    load = receive(PAPER + OTHER)
    task = work(load, asked_to_stop=lambda: "cancel")

    assert (load.status, task.ending, load.rows.count()) == ("discarded", "cancelled", 0)
    other = receive(PAPER)
    work(other)
    queued.ask(load=other, kind=TaskKind.COMMIT, by=loader)
    task = work(other, asked_to_stop=lambda: "cancel")
    assert (other.status, task.ending, other.rows.count()) == ("staged", "cancelled", 1)
    assert not Source.objects.exists()


def test_worker_that_is_to_end_leaves_the_task_for_the_next(receive):
    load = receive(PAPER)
    with pytest.raises(Stopped, match="shutdown"):
        work(load, asked_to_stop=lambda: "shutdown")

    assert (load.status, load.open_task.ending) == ("waiting", "")
    assert work(load).ending == "done"


def test_fault_of_the_program_ends_the_task_and_changes_nothing(receive, monkeypatch):
    def fail(*args, **options):
        raise RuntimeError("a fault")

    load = receive(PAPER)
    monkeypatch.setattr("studies.actions.staged.look", fail)
    with pytest.raises(RuntimeError):
        work(load)
    load.refresh_from_db()
    task = load.tasks.get()
    assert (load.status, task.ending) == ("waiting", "failed")
    assert "fault of the program" in task.message


def test_task_whose_job_is_gone_is_closed(receive):
    load, other = receive(PAPER), receive(OTHER)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs WHERE id = %s", [load.open_task.job])
    queued.close_lost()

    assert load.tasks.get().ending == "failed"
    assert other.tasks.get().ending == ""


@pytest.mark.parametrize(
    ("limit", "quick"),
    [
        ({"SMALL_FILE": 10}, False),
        ({"FEW_RECORDS": 10}, False),
        ({"FEW_HELD": 0}, False),
        ({}, True),
    ],
)
def test_only_what_takes_little_time_is_done_at_once(receive, loader, monkeypatch, limit, quick):
    load = receive(PAPER)
    work(load)
    commit(load=load, by=loader)
    for name, value in limit.items():
        monkeypatch.setattr(queued, name, value)

    assert queued.is_quick(size=11, records=11) is quick


def test_nothing_is_done_at_once_behind_a_commit(receive, loader):
    load = receive(PAPER)
    assert queued.is_quick()
    work(load)
    queued.ask(load=load, kind=TaskKind.COMMIT, by=loader)
    assert not queued.is_quick()


def test_no_worker_is_known_to_be_none(db):
    assert not queue.worker_is_alive()


def committed_progress(load):
    task = LoadTask.objects.filter(load=load, ended_at=None).first()
    return task is not None and task.started_at is not None and task.done > 0


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_killed_worker_leaves_a_whole_load_and_the_next_one_goes_on(clean_queue, tmp_path, loader):
    """SIGKILL while reading and while committing; each time another worker begins again and ends the work."""
    load = queued.receive(file=large_file(tmp_path / "large.ris"), name="large.ris", by=loader)

    with worker() as first:
        wait_for(lambda: committed_progress(load), "records of the reading to be seen")
        assert queue.worker_is_alive()
        first.kill()
        first.wait()
        load.refresh_from_db()
        assert (load.status, load.rows.count(), load.open_task.done > 0) == ("waiting", 0, True)

    with worker() as second:
        wait_for(lambda: Load.objects.get(pk=load.pk).status == "staged", "the load to be read")
        load.refresh_from_db()
        assert (load.counts["new"], load.rows.count()) == (6_000, 6_000)

        queued.ask(load=load, kind=TaskKind.COMMIT, by=loader)
        wait_for(
            lambda: LoadTask.objects.filter(load=load, ended_at=None, step="Saving", done__gt=0).exists(),
            "records of the commit to be seen",
        )
        second.kill()
        second.wait()
        load.refresh_from_db()
        assert (load.status, load.rows.count()) == ("staged", 6_000)
        assert not Source.objects.exists()
        assert not Reference.objects.exists()

    with worker() as third:
        wait_for(lambda: Load.objects.get(pk=load.pk).status == "committed", "the load to be committed")
        assert Source.objects.count() == Reference.objects.count() == 6_000
        assert AuditEvent.objects.filter(event_type="references_loaded").count() == 1
        third.send_signal(signal.SIGTERM)
        assert third.wait(30) == 0


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_cancel_is_heard_by_a_worker_within_two_seconds(clean_queue, tmp_path, loader):
    load = queued.receive(file=large_file(tmp_path / "large.ris", 30_000), name="large.ris", by=loader)
    with worker():
        wait_for(lambda: committed_progress(load), "records of the reading to be seen")
        task = queued.cancel(task=load.open_task, by=loader)
        wait_for(lambda: LoadTask.objects.get(pk=task.pk).ended_at, "the end of the task")
        task.refresh_from_db()
        assert task.ending == "cancelled"
        assert (task.ended_at - task.cancelled_at).total_seconds() < 2
    load.refresh_from_db()
    assert (load.status, load.rows.count(), load.parts.count()) == ("discarded", 0, 0)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_worker_that_is_told_to_end_ends_soon_and_the_next_one_goes_on(clean_queue, tmp_path, loader):
    load = queued.receive(file=large_file(tmp_path / "large.ris", 12_000), name="large.ris", by=loader)
    with worker() as first:
        wait_for(lambda: committed_progress(load), "records of the reading to be seen")
        first.send_signal(signal.SIGINT)
        assert first.wait(15) == 0
        assert "Traceback" not in first.stdout.read()
    load.refresh_from_db()
    assert load.status == "waiting"
    with worker("--once") as second:
        assert second.wait(120) == 0
    load.refresh_from_db()
    assert load.status == "staged"


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("command", ["load_sources", "load_evidence"])
def test_ctrl_c_of_a_command_saves_nothing_and_is_one_sentence(transactional_db, tmp_path, command):
    if command == "load_sources":
        path = large_file(tmp_path / "large.ris", 20_000)
    else:
        path = ROOT / "fixtures" / "evidence-base"
    process = subprocess.Popen(
        [sys.executable, "manage.py", command, str(path)],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": address_of_database()},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # Where the tests run in the background of a shell, SIGINT is ignored, and a child would inherit that.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    wait_for(lambda: holds_the_lock_of_loads(), "the load to begin")
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)

    assert (process.returncode, out) == (130, "")
    assert err.strip() == "Interrupted; nothing was saved."
    assert not Load.objects.exists()
    assert not Source.objects.exists()


def holds_the_lock_of_loads():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = 7301846 AND granted"
        )
        return cursor.fetchone()[0] > 0

"""Long work on loads: ask the queue for it, cancel it, and carry it out.

Whatever happens, a load is as it was before the work, or as it is after it. The work and the end of its task are one
transaction; a worker that dies leaves an open task, whose job the queue gives to another worker.
"""

from collections.abc import Callable
from pathlib import Path

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django.db import OperationalError, transaction
from django.utils import timezone

from .. import queue
from ..exceptions import NotAllowed, Refused
from ..loading.issues import UnusableFile
from ..models import Load, LoadTask, Reference
from ..permissions import Permission, check
from ..vocabulary import LoadStatus, TaskEnding, TaskKind
from . import audit, revert, staged
from .loads import wait_for_loads
from .progress import Progress, ProgressLine, Stopped


SMALL_FILE = 2_000_000
"""Bytes that are read while the person waits: about 3,000 references, two to three seconds on a busy machine."""

FEW_RECORDS = 2_000
"""Records that are committed or reverted while the person waits: two to four seconds on a busy machine."""

FEW_HELD = 10_000
"""References in the store, up to which looking through them takes less than two seconds."""

START = {
    TaskKind.STAGE: (LoadStatus.WAITING,),
    TaskKind.COMMIT: (LoadStatus.STAGED,),
    TaskKind.REVERT: (LoadStatus.COMMITTED,),
}
"""Work → the states of a load from which it starts."""


AFTER_CANCEL = {
    TaskKind.STAGE: "The file was put aside. Nothing of it was saved.",
    TaskKind.COMMIT: "The load is staged as before. Nothing of it was saved.",
    TaskKind.REVERT: "The load is in the evidence base as before. Nothing was taken out.",
}


def is_quick(*, size: int = 0, records: int = 0) -> bool:
    """Whether work on a file of so many bytes, or so many records, can be done while the person waits."""
    if size > SMALL_FILE or records > FEW_RECORDS or Reference.objects.count() > FEW_HELD:
        return False
    # Behind a long commit even quick work would have to wait.
    return not LoadTask.objects.filter(ended_at=None).exclude(kind=TaskKind.STAGE).exists()


@transaction.atomic
def receive(*, file: Path, name: str, by: AbstractBaseUser, again: bool = False) -> Load:
    """Keep a file as it came and have it read in the background.

    Raises `AlreadyLoaded` like `staged.stage`, and `NotAllowed` without the permission.
    """
    check(by, Permission.LOAD)
    load = staged.keep(file, name, by, LoadStatus.WAITING, again=again)
    _put(load, TaskKind.STAGE, by)
    return load


@transaction.atomic
def ask(*, load: Load, kind: TaskKind, by: AbstractBaseUser, skip_rejected: bool = False) -> LoadTask:
    """Have a load read again, committed or reverted in the background. Raises `Refused` where it cannot be."""
    check(by, Permission.LOAD)
    staged.refuse_while_busy(load)
    load = Load.objects.select_for_update().get(pk=load.pk)
    if load.status not in START[kind]:
        raise Refused(f"This load is {load.get_status_display().lower()} by now; look at it again.")
    if kind == TaskKind.COMMIT:
        staged.refuse_commit(load, skip_rejected)
    return _put(load, kind, by, skip_rejected)


def _put(load: Load, kind: TaskKind, by: AbstractBaseUser, skip_rejected: bool = False) -> LoadTask:
    name = by.get_username()
    task = LoadTask.objects.create(load=load, kind=kind, asked_by=name, skip_rejected=skip_rejected)
    task.job = queue.put(task.pk, load.pk)
    task.save(update_fields=["job"])
    audit.record(event_type="load_queued", by=name, target=load, detail={"kind": kind.value})
    return task


@transaction.atomic
def cancel(*, task: LoadTask, by: AbstractBaseUser) -> LoadTask:
    """Ask for the end of work in the queue. It ends at once, or at its next record where it has begun.

    A file that was being read is then discarded; a load that was being committed or reverted is as it was. Raises
    `Refused` where the work is over.
    """
    check(by, Permission.LOAD)
    task = LoadTask.objects.select_for_update().get(pk=task.pk)
    if task.ended_at is not None:
        raise Refused("This was over before it could be cancelled.")
    task.cancelled_at, task.cancelled_by = timezone.now(), by.get_username()
    task.save(update_fields=["cancelled_at", "cancelled_by"])
    audit.record(event_type="load_cancel_asked", by=by.get_username(), target=task.load)
    if task.job is None or queue.take_out(task.job):
        _end_cancelled(task)
    return task


def carry_out(*, task: int, asked_to_stop: Callable[[], str | None] = lambda: None) -> None:
    """Do the work of a task. Doing it twice does it once.

    `asked_to_stop` says "cancel" or "shutdown" when the work is to end early. Raises `Stopped` for a shutdown, after
    which it is to be begun again, and whatever unforeseen happens.
    """
    found = LoadTask.objects.filter(pk=task, ended_at=None).first()
    if found is None:
        return
    with ProgressLine(task, asked_to_stop) as progress:
        try:
            _work(found, progress)
        except Stopped as stop:
            if str(stop) == "shutdown":
                raise
            _end_cancelled(found)
        except OperationalError:  # the database has gone away, or chose us to end a deadlock; begun again
            raise
        except Exception:
            with transaction.atomic():
                _end(found, TaskEnding.FAILED, "A fault of the program ended this. Nothing was saved by it.")
            raise


@transaction.atomic
def _work(task: LoadTask, progress: Progress) -> None:
    """Do the work, and close the task in the same transaction."""
    if task.kind != TaskKind.STAGE:
        wait_for_loads(progress)
    # Whoever else works at this task, as a worker that was taken for dead may, is now over with it.
    load = Load.objects.select_for_update().get(pk=task.load_id)
    task.refresh_from_db()
    if task.ended_at is not None:
        return
    ending, message = TaskEnding.DONE, ""
    try:
        by = get_user_model().objects.filter(username=task.asked_by).first()
        if by is None:
            raise Refused(f"The account {task.asked_by}, which asked for this, is gone.")
        _act(task, load, by, progress)
    except UnusableFile as problem:
        ending, message = TaskEnding.REFUSED, str(problem)
        load.parts.all().delete()
        staged.close(load, LoadStatus.UNUSABLE, task.asked_by)
        audit.record(event_type="load_unusable", by=task.asked_by, target=load, detail={"message": message})
    except (Refused, NotAllowed) as refusal:
        ending, message = TaskEnding.REFUSED, str(refusal)
    _end(task, ending, message)


def _act(task: LoadTask, load: Load, by: AbstractBaseUser, progress: Progress) -> None:
    if task.kind == TaskKind.STAGE:
        staged.read_waiting(load=load, by=by, progress=progress)
    elif task.kind == TaskKind.COMMIT:
        staged.commit(load=load, by=by, skip_rejected=task.skip_rejected, progress=progress, task=task)
    else:
        revert.revert(load=load, by=by, progress=progress, task=task)


@transaction.atomic
def _end_cancelled(task: LoadTask) -> None:
    task = LoadTask.objects.select_for_update().get(pk=task.pk)
    if task.ended_at is not None:
        return
    load = task.load
    if task.kind == TaskKind.STAGE and load.status == LoadStatus.WAITING:
        staged.put_aside(load, task.cancelled_by or task.asked_by)
    _end(task, TaskEnding.CANCELLED, AFTER_CANCEL[TaskKind(task.kind)])
    audit.record(event_type="load_cancelled", by=task.cancelled_by or task.asked_by, target=load)


def _end(task: LoadTask, ending: TaskEnding, message: str) -> None:
    """Close a task that is open. Its other fields are left alone: they are written over another connection."""
    LoadTask.objects.filter(pk=task.pk, ended_at=None).update(
        ending=ending, ended_at=timezone.now(), message=message
    )


def close_lost() -> None:
    """Close tasks whose job the queue has given up, so that their loads can be decided on again."""
    for task in LoadTask.objects.filter(ended_at=None):
        if not queue.is_lost(task.job):
            continue
        if task.cancelled_at is not None:
            _end_cancelled(task)
        else:
            with transaction.atomic():
                _end(task, TaskEnding.FAILED, "This was begun several times and never came to its end.")

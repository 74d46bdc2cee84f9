"""Loads in stages: look at a file, then bring it in, or not. Nothing is in the store before `commit`."""

from pathlib import Path

from django.contrib.auth.models import AbstractBaseUser
from django.db import IntegrityError, connection, transaction
from django.db.models import Q
from django.utils import timezone

from ..exceptions import Refused
from ..loading.detect import detect
from ..loading.heavy_parts import HeavyPart
from ..loading.issues import NearMiss, UnusableFile
from ..loading.layout import RawBase, read_bytes, read_file
from ..models import Load, LoadTask
from ..models.loads import IN_HAND
from ..permissions import Permission, check
from ..vocabulary import LoadKind, LoadStatus
from . import audit, references, releases
from .files import as_file, keep_bytes, sha256_of
from .loads import load_evidence, note_report, wait_for_loads, write_ledger
from .progress import Progress, no_progress


SHEETS = {"csv", "xlsx", "ods"}
"""Formats that may hold a table of the evidence base as well as references."""


class AlreadyLoaded(Refused):
    """The same bytes were brought in before; `load` is that load."""

    def __init__(self, load: Load):
        self.load = load
        done = "was loaded" if load.status == LoadStatus.COMMITTED else f"is {load.status}"
        part = "as one of the files of " if load.files else ""
        super().__init__(
            f"This file {done} already: {part}{load.name}, by {load.loaded_by} on {load.loaded_at:%d %B %Y}."
        )

    @property
    def advice(self) -> str:
        """The sentence, and what to do where the file is wanted once more."""
        if self.load.status != LoadStatus.COMMITTED:
            return str(self)
        return f"{self} To compare it with the evidence base once more, tick “Look again” when you upload it."


def known(sha256: str, *, again: bool = False) -> Load | None:
    """The load that the same bytes came with, by themselves or in a folder; its bytes need not be kept.

    `again` passes over what was committed: a file may be wanted a second time, once others have changed what it said.
    """
    states = list(IN_HAND) if again else [*IN_HAND, LoadStatus.COMMITTED]
    same = Q(sha256=sha256) | Q(files__contains=[{"sha256": sha256}])
    return Load.objects.filter(same, status__in=states).first()


@transaction.atomic
def stage(*, file: Path, name: str, by: AbstractBaseUser, again: bool = False) -> Load:
    """Keep a file as it came, with what would become of each of its records.

    Raises `UnusableFile` where it cannot be used, `AlreadyLoaded` where the same bytes wait, are staged, or (unless
    `again` is said) committed, `NotAllowed` without the permission.
    """
    check(by, Permission.LOAD)
    load = keep(file, name, by, LoadStatus.STAGED, again=again)
    look(load, file, _kind(load, file))
    audit.record(event_type="load_staged", by=by.get_username(), target=load, detail=load.counts)
    return load


def keep(file: Path, name: str, by: AbstractBaseUser, status: LoadStatus, *, again: bool) -> Load:
    """A new load with the bytes of its file. In the caller's transaction. Raises `AlreadyLoaded`."""
    sha256 = sha256_of(file)
    before = known(sha256, again=again)
    if before is not None:
        raise AlreadyLoaded(before)
    load = Load(
        name=name, sha256=sha256, size=file.stat().st_size, status=status, loaded_by=by.get_username()
    )
    try:
        with transaction.atomic():
            load.save()
    except IntegrityError:  # somebody uploads the same file at this moment
        before = known(sha256)
        if before is None:
            raise
        raise AlreadyLoaded(before) from None
    keep_bytes(load, file)
    return load


@transaction.atomic
def read_waiting(*, load: Load, by: AbstractBaseUser, progress: Progress = no_progress) -> Load:
    """Read a load that was kept as it came, and write down what would become of each of its records.

    Raises `UnusableFile` where it cannot be used.
    """
    check(by, Permission.LOAD)
    load = _in_state(load, LoadStatus.WAITING, "read")
    with as_file(load) as file:
        look(load, file, _kind(load, file), progress)
    load.status = LoadStatus.STAGED
    load.save()
    audit.record(event_type="load_staged", by=by.get_username(), target=load, detail=load.counts)
    return load


def _kind(load: Load, file: Path) -> RawBase | None:
    """The tables that a file holds; None, as for references, which are read as a stream. The load is told its kind."""
    base = _tables(load, file)
    load.kind = LoadKind.REFERENCES if base is None else base.kind
    return base


def _tables(load: Load, file: Path) -> RawBase | None:
    """The tables of a file; a release is read with the version of the mapping that its load names, where it does."""
    if load.mapping is None:
        return evidence_in(file, load.name)
    return releases.base_with(load.mapping, load, file)


def evidence_in(file: Path, name: str) -> RawBase | None:
    """The tables of the evidence base that a file holds, or what a saved mapping makes of an official release.

    None where it is a file of references.

    Raises `UnusableFile` where it is neither.
    """
    if detect(read_bytes(file), name).format not in SHEETS:
        return None
    try:
        return read_file(name, read_bytes(file))
    except (NearMiss, HeavyPart):
        raise  # a table of ours with a slip must not be taken for references, nor a bomb be opened twice
    except UnusableFile as no_table:
        try:
            references.read(file, name)
        except UnusableFile as no_references:
            alike = str(no_table) == str(no_references)
            problem = no_table if alike else UnusableFile(f"{no_table} As references: {no_references}")
            return releases.base_of(releases.release_in(file, name, problem))
    return None


def look(
    load: Load, file: Path, base: RawBase | None, progress: Progress = no_progress
) -> references.Checked | None:
    """Compare a file with the store and write down, with its load, what would become of its records."""
    load.rows.all().delete()
    checked, doubts = None, 0
    if base is None:
        checked = references.check(file, load.name, progress=progress, whole=load.records or None)
        report, doubts = checked.report(), checked.doubts
        load.line_ending = checked.line_ending
        references.write_ledger(load, checked.planned, progress)
    else:
        load.mapping_id = base.mapping
        report = load_evidence(base=base, by=load.loaded_by, dry_run=True, progress=progress)
        write_ledger(load, report.changes, progress)
    load.format, load.encoding = report.format, report.encoding
    note_report(load, report, doubts)
    load.save()
    return checked


def commit(
    *,
    load: Load,
    by: AbstractBaseUser,
    skip_rejected: bool = False,
    progress: Progress = no_progress,
    task: LoadTask | None = None,
) -> Load:
    """Bring a staged load into the store, whole, or without its refused records when that is asked for.

    The file is compared with the store again. Where the outcome is another than the one that was looked at, nothing
    is saved, the new outcome is written down, and `Refused` says so. `task` is the work of the queue that this is.
    """
    check(by, Permission.LOAD)
    refuse_while_busy(load, task)
    with transaction.atomic():
        wait_for_loads(progress)
        load = _in_state(load, LoadStatus.STAGED, "committed")
        refuse_commit(load, skip_rejected)
        with as_file(load) as file:
            looked_at = load.counts, _fingerprint(load)
            base = None if load.kind == LoadKind.REFERENCES else _tables(load, file)
            checked = look(load, file, base, progress)
            if (load.counts, _fingerprint(load)) == looked_at:
                _bring_in(load, file, base or checked, by.get_username(), skip_rejected, progress)
                return load
    raise Refused(
        "The evidence base has changed since this file was looked at. The report is made anew; please look at it "
        "again."
    )


def _fingerprint(load: Load) -> str:
    """A digest of what would become of each record: counts alone do not tell what a person has seen change.

    The name of a new source is left out. It gets another number where one was taken meanwhile, and that is no matter.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT md5(string_agg(md5(concat_ws('|', "table", CASE outcome WHEN 'new' THEN '' ELSE record_key END,
                                                line, outcome, changes)), '' ORDER BY id))
            FROM studies_loadrow WHERE load_id = %s
            """,
            [load.pk],
        )
        return cursor.fetchone()[0] or ""


def refuse_commit(load: Load, skip_rejected: bool) -> None:
    """Raises `Refused` where a staged load has nothing to commit, or refused records that nobody has left out."""
    number = load.counts["rejected"]
    if number and not skip_rejected:
        are = "is" if number == 1 else "are"
        raise Refused(
            f"{number:,} record{'s' * (number != 1)} {are} refused. Put the file right, or commit without them."
        )
    if not any(load.counts[name] for name in ("new", "changed", "merged")):
        raise Refused(
            "The evidence base holds every record of this file already; there is nothing to commit."
        )


def _bring_in(
    load: Load,
    file: Path,
    read: RawBase | references.Checked | None,
    by: str,
    skip_rejected: bool,
    progress: Progress,
) -> None:
    load.rows.all().delete()
    if isinstance(read, references.Checked):
        references.save(load, read, file, by, progress)
    elif read is not None:
        load_evidence(base=read, by=by, skip_rejected=skip_rejected, staged=load, progress=progress)
    close(load, LoadStatus.COMMITTED, by, skip_rejected=skip_rejected)


@transaction.atomic
def discard(*, load: Load, by: AbstractBaseUser) -> Load:
    """Put a load aside that is staged, waits, or cannot be used. It stays on record, without its bytes and rows."""
    check(by, Permission.LOAD)
    refuse_while_busy(load)
    load = Load.objects.select_for_update().get(pk=load.pk)
    if load.status not in (*IN_HAND, LoadStatus.UNUSABLE):
        raise Refused(f"This load cannot be discarded: {state_in_words(load)}.")
    put_aside(load, by.get_username())
    audit.record(event_type="load_discarded", by=by.get_username(), target=load)
    return load


def put_aside(load: Load, by: str) -> None:
    """Discard a load: its bytes and rows go, it stays. In the caller's transaction."""
    load.rows.all().delete()
    load.parts.all().delete()
    close(load, LoadStatus.DISCARDED, by)


def refuse_while_busy(load: Load, task: LoadTask | None = None) -> None:
    """Raises `Refused` where the queue has other work on this load than `task`. Waiting for it would take too long."""
    others = load.tasks.filter(ended_at=None)
    other = (others.exclude(pk=task.pk) if task is not None else others).first()
    if other is not None:
        raise Refused(
            f"{other.get_kind_display()} this load was asked for by {other.asked_by} and is not over. Wait for its "
            "end, or cancel it."
        )


def _in_state(load: Load, status: LoadStatus, what: str) -> Load:
    """The load as the store has it now, held until the transaction ends. Raises `Refused` in another state."""
    load = Load.objects.select_for_update().get(pk=load.pk)
    if load.status != status:
        raise Refused(f"This load cannot be {what}: {state_in_words(load)}.")
    return load


def state_in_words(load: Load) -> str:
    """Where a load is, and who brought it there and when: "it was committed by …" """
    state = load.get_status_display().lower()
    if load.status in IN_HAND or load.closed_at is None:
        return f"it is {state}"
    when = f"{timezone.localtime(load.closed_at):%d %B %Y, %H:%M}".lstrip("0")
    if load.status == LoadStatus.UNUSABLE:
        return "its file cannot be used"
    return f"it was {state} by {load.closed_by} on {when}"


def close(load: Load, status: LoadStatus, by: str, *, skip_rejected: bool | None = None) -> None:
    """Give a load its status, with who and when."""
    load.status, load.closed_by, load.closed_at = status, by, timezone.now()
    if skip_rejected is not None:
        load.skip_rejected = skip_rejected
    load.save()

"""Loads in stages: look at a file, then bring it in, or not. Nothing is in the store before `commit`."""

from pathlib import Path

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import timezone

from ..exceptions import Refused
from ..loading.detect import detect
from ..loading.issues import UnusableFile
from ..loading.layout import RawBase, read_bytes, read_file
from ..models import Load
from ..permissions import Permission, check
from ..vocabulary import LoadKind, LoadStatus, Outcome
from . import audit, references, releases
from .files import as_file, keep_bytes, sha256_of
from .loads import load_evidence, wait_for_loads, write_ledger


SHEETS = {"csv", "xlsx", "ods"}
"""Formats that may hold a table of the evidence base as well as references."""


class AlreadyLoaded(Refused):
    """The same bytes were brought in before; `load` is that load."""

    def __init__(self, load: Load):
        self.load = load
        done = "is staged" if load.status == LoadStatus.STAGED else "was loaded"
        super().__init__(
            f"This file {done} already: {load.name}, by {load.loaded_by} on {load.loaded_at:%d %B %Y}."
        )


@transaction.atomic
def stage(*, file: Path, name: str, by: AbstractBaseUser) -> Load:
    """Keep a file as it came, with what would become of each of its records.

    Raises `UnusableFile` where it cannot be used, `AlreadyLoaded` where the same bytes are staged or committed,
    `NotAllowed` without the permission.
    """
    check(by, Permission.LOAD)
    wait_for_loads()
    sha256 = sha256_of(file)
    before = Load.objects.filter(
        sha256=sha256, status__in=[LoadStatus.STAGED, LoadStatus.COMMITTED], parts__isnull=False
    ).first()
    if before is not None:
        raise AlreadyLoaded(before)
    load = Load(name=name, sha256=sha256, status=LoadStatus.STAGED, loaded_by=by.get_username())
    base = evidence_in(file, name)
    load.kind = LoadKind.REFERENCES if base is None else base.kind
    load.save()
    keep_bytes(load, file)
    look(load, file, base)
    audit.record(event_type="load_staged", by=by.get_username(), target=load, detail=load.counts)
    return load


def evidence_in(file: Path, name: str) -> RawBase | None:
    """The tables of the evidence base that a file holds, or what a saved mapping makes of an official release.

    None where it is a file of references.

    Raises `UnusableFile` where it is neither.
    """
    if detect(read_bytes(file), name).format not in SHEETS:
        return None
    try:
        return read_file(name, read_bytes(file))
    except UnusableFile as no_table:
        try:
            references.read(file, name)
        except UnusableFile as no_references:
            problem = UnusableFile(f"{no_table} As references: {no_references}")
            return releases.base_of(releases.release_in(file, name, problem))
    return None


def look(load: Load, file: Path, base: RawBase | None) -> references.Checked | None:
    """Compare a staged file with the store and write down, with the load, what would become of its records."""
    load.rows.all().delete()
    checked = None
    if base is None:
        checked = references.check(file, load.name)
        report = checked.report()
        load.line_ending = checked.line_ending
        references.write_ledger(load, checked.planned)
    else:
        load.mapping_id = base.mapping
        report = load_evidence(base=base, by=load.loaded_by, dry_run=True)
        write_ledger(load, report.changes)
    load.format, load.encoding = report.format, report.encoding
    load.counts = {outcome.value: report.counts[outcome] for outcome in Outcome}
    load.issues = report.issues[: references.MOST_ISSUES_KEPT]
    load.save()
    return checked


def commit(*, load: Load, by: AbstractBaseUser, skip_rejected: bool = False) -> Load:
    """Bring a staged load into the store, whole, or without its refused records when that is asked for.

    The file is compared with the store again. Where the outcome is another than the one that was looked at, nothing
    is saved, the new outcome is written down, and `Refused` says so.
    """
    check(by, Permission.LOAD)
    with transaction.atomic():
        wait_for_loads()
        load = _staged(load)
        if load.counts["rejected"] and not skip_rejected:
            number = load.counts["rejected"]
            raise Refused(
                f"{number} record{' is' if number == 1 else 's are'} refused. Put the file right, or commit "
                "without them."
            )
        if not any(load.counts[name] for name in ("new", "changed", "merged")):
            raise Refused("The store holds every record of this file already; there is nothing to commit.")
        with as_file(load) as file:
            looked_at = dict(load.counts)
            base = _base_again(load, file)
            checked = look(load, file, base)
            if load.counts == looked_at:
                _bring_in(load, file, base or checked, by.get_username(), skip_rejected)
                return load
    raise Refused(
        "The store has changed since this file was looked at. The report is made anew; please look at it again."
    )


def _base_again(load: Load, file: Path) -> RawBase | None:
    """What a staged file holds; a release is read with the version of the mapping that it was looked at with."""
    if load.kind == LoadKind.REFERENCES:
        return None
    return (
        evidence_in(file, load.name) if load.mapping is None else releases.base_with(load.mapping, load, file)
    )


def _bring_in(
    load: Load, file: Path, read: RawBase | references.Checked | None, by: str, skip_rejected: bool
) -> None:
    load.rows.all().delete()
    if isinstance(read, references.Checked):
        references.save(load, read, file, by)
    elif read is not None:
        load_evidence(base=read, by=by, skip_rejected=skip_rejected, staged=load)
    close(load, LoadStatus.COMMITTED, by, skip_rejected=skip_rejected)


@transaction.atomic
def discard(*, load: Load, by: AbstractBaseUser) -> Load:
    """Put a staged load aside. It stays on record, without its bytes and its rows."""
    check(by, Permission.LOAD)
    load = _staged(load)
    load.rows.all().delete()
    load.parts.all().delete()
    close(load, LoadStatus.DISCARDED, by.get_username())
    audit.record(event_type="load_discarded", by=by.get_username(), target=load)
    return load


def _staged(load: Load) -> Load:
    """The load as the store has it now, held until the transaction ends. Raises `Refused` unless it is staged."""
    load = Load.objects.select_for_update().get(pk=load.pk)
    if load.status != LoadStatus.STAGED:
        raise Refused(
            f"This load is {load.get_status_display().lower()}; only a staged one can be decided on."
        )
    return load


def close(load: Load, status: LoadStatus, by: str, *, skip_rejected: bool | None = None) -> None:
    """Give a load its status, with who and when."""
    load.status, load.closed_by, load.closed_at = status, by, timezone.now()
    if skip_rejected is not None:
        load.skip_rejected = skip_rejected
    load.save()

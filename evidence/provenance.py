"""Where a source or a figure came from, and everything that was changed of it since, in words.

Two records tell it: the ledger of each load (file, record, line, and what a changed row said before), and the audit
trail of changes by hand. Appraisals have a history of their own, which keeps their appraisers apart; nothing of
them is here.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery, TextField
from django.db.models.functions import Cast

from studies.models import AuditEvent, LoadRow, Merge, Reference
from studies.vocabulary import LoadStatus, Outcome


NOT_A_PERSON = {"command line", "demo"}
A_COLLEAGUE = "the evidence team"
"""Who a reader without an account sees in place of the name of an account."""

COMMITS = ("references_loaded", "evidence_loaded")
"""Events that are the commit of a load, whose day and person a later revert does not take away."""

BY_HAND = {"record_added": "Entered by hand", "record_changed": "Changed by hand"}
BY_LOAD = {
    Outcome.NEW: "Loaded",
    Outcome.CHANGED: "Changed by a load",
    Outcome.MERGED: "A reference to it was loaded, and merged with it",
}


@dataclass(frozen=True)
class FieldChange:
    """One field: what it said before and after; "" for nothing."""

    field: str
    before: str
    after: str


@dataclass(frozen=True)
class Entry:
    """One thing that happened: when, what in a sentence, by whom, from which line of which file, field by field."""

    when: datetime
    what: str
    who: str
    place: str = ""
    load: int | None = None
    changes: tuple[FieldChange, ...] = ()


def make_history(table: str, key: str, *, named: bool) -> list[Entry]:
    """The history of one record, the newest first. `named` shows the names of accounts.

    Three queries, whatever happened; for a source one more, and one for what merges concern.
    """
    merges = _merges_of(key) if table == "sources" else []
    entries = [entry for row in _rows_of(table, key, merges) for entry in _of_a_load(row, named)]
    events = AuditEvent.objects.filter(
        target_type="source" if table == "sources" else "finding", target_id=key, event_type__in=BY_HAND
    )
    entries += [
        Entry(
            event.created_at,
            BY_HAND[event.event_type],
            who(event.created_by, named),
            changes=changes_of(event.detail.get("changes", {}).items())
            if event.event_type == "record_changed"
            else (),
        )
        for event in events
    ]
    entries += [entry for merge in merges for entry in _of_a_merge(merge, key, named)]
    return sorted(entries, key=lambda entry: entry.when, reverse=True)


def _rows_of(table: str, key: str, merges: list[Merge]) -> QuerySet[LoadRow]:
    """The rows of loads that tell of a record: by its key, and for a source those of every reference that it has.

    A reference keeps the row with which it came, also when a merge or its undoing gave it to another source. Each row
    says who committed its load and when, which a load that was taken back no longer does itself.
    """
    concerned = Q(table=table, record_key=key)
    if table == "sources":
        former = [merge.former_id for merge in merges if merge.source_id == key and merge.undone_at is None]
        concerned |= Q(table="references", record_key__in=[key, *filter(None, former)])
        concerned |= Q(pk__in=Reference.objects.filter(source=key).values("load_row"))
    commits = AuditEvent.objects.filter(
        event_type__in=COMMITS, target_type="load", target_id=Cast(OuterRef("load_id"), TextField())
    ).order_by("-pk")
    return (
        LoadRow.objects.filter(concerned, load__status__in=[LoadStatus.COMMITTED, LoadStatus.REVERTED])
        .exclude(outcome__in=[Outcome.UNCHANGED, Outcome.REJECTED])
        .select_related("load")
        .annotate(
            committed_at=Subquery(commits.values("created_at")[:1]),
            committed_by=Subquery(commits.values("created_by")[:1]),
        )
    )


def _of_a_load(row: Any, named: bool) -> list[Entry]:
    load = row.load
    changes = changes_of(row.changes.items())
    loaded = Entry(
        row.committed_at or load.loaded_at,
        BY_LOAD[row.outcome],
        who(row.committed_by or load.loaded_by, named),
        place_of(row),
        load.pk,
        changes,
    )
    if load.status != LoadStatus.REVERTED:
        return [loaded]
    back = tuple(FieldChange(change.field, change.after, change.before) for change in changes)
    undone = Entry(load.closed_at, "That load was reverted", who(load.closed_by, named), "", load.pk, back)
    return [undone, loaded]


def _merges_of(key: str) -> list[Merge]:
    """Merges into a source, merges that took it away, and undone ones whose references it is made of since."""
    back = Q(references__source=key, undone_at__isnull=False)
    return list(
        Merge.objects.filter(Q(source=key) | Q(former_id=key) | back).select_related("source").distinct()
    )


def _of_a_merge(merge: Merge, key: str, named: bool) -> list[Entry]:
    """A source that was found to be this one, and a merge that was taken back.

    A reference that was merged when it was loaded is told by the row of its load; only its undoing is told here.
    """
    entries = []
    if merge.former_id:
        other = merge.source.title if merge.former_id == key else merge.former.get("title") or merge.former_id
        reasons = f" ({'; '.join(merge.reasons)})" if merge.reasons else ""
        said = f"Merged with the record “{other}”{reasons}"
        entries.append(Entry(merge.merged_at, said, who(merge.merged_by, named)))
        undone = "That merge was undone"
    elif merge.source_id == key:
        undone = "A reference that was merged with it was taken out again"
    else:
        undone = f"Taken out of “{merge.source.title}” again, with which it had been merged"
    if merge.undone_at is not None:
        entries.append(Entry(merge.undone_at, undone, who(merge.undone_by, named)))
    return entries


def came_from(table: str, keys: Sequence[str]) -> dict[str, LoadRow]:
    """Record → the row of the latest load that brought it in or changed it. One query."""
    rows = (
        LoadRow.objects.filter(
            table=table,
            record_key__in=keys,
            load__status=LoadStatus.COMMITTED,
            outcome__in=[Outcome.NEW, Outcome.CHANGED],
        )
        .select_related("load")
        .order_by("pk")
    )
    return {row.record_key: row for row in rows}


def place_of(row: LoadRow) -> str:
    """File, record and line, in words."""
    record = f", record {row.record:,}" if row.record is not None else ""
    return f"{row.file}{record}, line {row.line:,}"


def who(name: str, named: bool) -> str:
    """Who did it. Accounts are named to who is signed in; to others they are the team."""
    return name if named or name in NOT_A_PERSON else A_COLLEAGUE


def changes_of(pairs: Iterable[tuple[str, list[str]]]) -> tuple[FieldChange, ...]:
    """Changes as they are stored, field → [before, after], in the order of their fields."""
    return tuple(FieldChange(field.replace("_", " "), before, after) for field, (before, after) in pairs)

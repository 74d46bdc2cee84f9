"""Where a source or a figure came from, and everything that was changed of it since, in words.

Two records tell it: the ledger of each load (file, record, line, and what a changed row said before), and the audit
trail of changes by hand. Appraisals have a history of their own, which keeps their appraisers apart; nothing of
them is here.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from studies.models import AuditEvent, LoadRow, Merge
from studies.vocabulary import LoadStatus, Outcome


NOT_A_PERSON = {"command line", "demo"}
A_COLLEAGUE = "the evidence team"
"""Who a reader without an account sees in place of the name of an account."""

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

    Three queries, whatever happened, and one more for a source.
    """
    tables = [table, "references"] if table == "sources" else [table]
    rows = (
        LoadRow.objects.filter(
            table__in=tables, record_key=key, load__status__in=[LoadStatus.COMMITTED, LoadStatus.REVERTED]
        )
        .exclude(outcome__in=[Outcome.UNCHANGED, Outcome.REJECTED])
        .select_related("load")
    )
    entries = [entry for row in rows for entry in _of_a_load(row, named)]
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
    if table == "sources":
        entries += _of_merges(key, named)
    return sorted(entries, key=lambda entry: entry.when, reverse=True)


def _of_a_load(row: LoadRow, named: bool) -> list[Entry]:
    load = row.load
    changes = changes_of(row.changes.items())
    loaded = Entry(
        load.loaded_at, BY_LOAD[row.outcome], who(load.loaded_by, named), place_of(row), load.pk, changes
    )
    if load.status != LoadStatus.REVERTED:
        return [loaded]
    back = tuple(FieldChange(change.field, change.after, change.before) for change in changes)
    undone = Entry(load.closed_at, "That load was reverted", who(load.closed_by, named), "", load.pk, back)
    return [undone, loaded]


def _of_merges(key: str, named: bool) -> list[Entry]:
    """Sources that were found to be this one, and merges that were taken back."""
    entries = []
    for merge in Merge.objects.filter(Q(source=key) | Q(former_id=key)).exclude(former_id=""):
        other = merge.former.get("title") or merge.former_id
        entries.append(
            Entry(merge.merged_at, f"Merged with the record “{other}”", who(merge.merged_by, named))
        )
        if merge.undone_at is not None:
            entries.append(Entry(merge.undone_at, "That merge was undone", who(merge.undone_by, named)))
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

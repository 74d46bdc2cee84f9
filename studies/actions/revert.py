"""Take a committed load out of the store again, unless something rests on it."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import models, transaction
from django.db.models import Count, Exists, OuterRef, Q
from django.db.models.functions import Coalesce

from .. import search
from ..exceptions import Refused
from ..loading.cells import read_cell
from ..loading.outcome import Key, Record, Values
from ..loading.schema import TABLES
from ..models import (
    AuditEvent,
    Load,
    LoadRow,
    LoadTask,
    Merge,
    PossibleDuplicate,
    Reference,
    Source,
    SourceSearch,
)
from ..permissions import Permission, check
from ..vocabulary import LoadKind, LoadStatus, Outcome
from . import audit
from .loads import touched_sources, wait_for_loads
from .mapping import MAPPINGS
from .progress import Progress, no_progress
from .staged import close, refuse_while_busy
from .tables import Change, write


BATCH = 1_000
"""Rows that are taken out at a time: a second or two."""

MOST_NAMED = 5
"""Records that a refusal names, so that it stays a sentence."""

OWN_UPKEEP = (SourceSearch, PossibleDuplicate)
"""Tables that only repeat others, or ask about them; their rows are nobody's to keep. That two sources are two need not
be known once one of them is gone."""


@dataclass
class Outlook:
    """What reverting a load would do: what is in the way, how many of which records go, how many are put back."""

    in_the_way: list[str] = field(default_factory=list)
    goes: Counter[str] = field(default_factory=Counter)
    put_back: Counter[str] = field(default_factory=Counter)

    def obstacle(self, reasons: Iterable[str]) -> None:
        """Add what is in the way, each thing once."""
        self.in_the_way = list(dict.fromkeys([*self.in_the_way, *reasons]))

    def refuse(self) -> None:
        """Raises `Refused`, naming the first few things in the way, where there are any."""
        if self.in_the_way:
            named, rest = self.in_the_way[:MOST_NAMED], self.in_the_way[MOST_NAMED:]
            more = f" and {len(rest):,} more" if rest else ""
            raise Refused(f"This load cannot be reverted, because of: {'; '.join(named)}{more}.")


def outlook(load: Load) -> Outlook:
    """What `revert` would do, as the store is now. Reads and writes nothing."""
    return _References(load).outlook if load.kind == LoadKind.REFERENCES else _Evidence(load).outlook


@transaction.atomic
def revert(
    *, load: Load, by: AbstractBaseUser, progress: Progress = no_progress, task: LoadTask | None = None
) -> Load:
    """Undo a committed load: what it made is taken out, what it changed is as it was before.

    The load, its ledger and its bytes stay on record. Raises `Refused`, naming what is in the way, where a later
    load or a person has built on it, and `NotAllowed` without the permission. `task` is the work of the queue that
    this is.
    """
    check(by, Permission.LOAD)
    refuse_while_busy(load, task)
    wait_for_loads(progress)
    load = Load.objects.select_for_update().get(pk=load.pk)
    if load.status != LoadStatus.COMMITTED:
        raise Refused(
            f"This load is {load.get_status_display().lower()}; only a committed one can be reverted."
        )
    progress("Looking for what rests on it", 0, None)
    plan = _References(load) if load.kind == LoadKind.REFERENCES else _Evidence(load)
    plan.outlook.refuse()
    plan.carry_out(progress)
    close(load, LoadStatus.REVERTED, by.get_username())
    audit.record(event_type="load_reverted", by=by.get_username(), target=load, detail=load.counts)
    return load


class _References:
    """The way back of a load of references."""

    def __init__(self, load: Load):
        self.ours = Reference.objects.filter(load_row__load=load)
        self.merges = Merge.objects.filter(references__in=self.ours)
        # The database compares: a load may have made a hundred thousand sources, too many to name in a question.
        made = load.rows.filter(outcome=Outcome.NEW).values("record_key")
        self.sources = Source.objects.filter(pk__in=made)
        self.outlook = Outlook()
        self.outlook.obstacle(
            f"that {one.former_id} and {one.source_id} are one publication, as {one.merged_by} decided"
            for one in self.merges.filter(undone_at=None).exclude(former_id="").order_by("-pk")
        )
        # An undone merge stays on record, so that what it speaks of has to stay as well, unless all of it came with
        # this load: then it goes with it, and the audit trail alone remembers.
        foreign = Reference.objects.filter(merges=OuterRef("pk")).exclude(load_row__load=load)
        within = Merge.objects.filter(~Exists(foreign), source__in=made, former_id__in=made)
        concerned = Merge.objects.filter(Q(source__in=made) | Q(references__in=self.ours))
        undone = concerned.exclude(undone_at=None).exclude(pk__in=within.values("pk"))
        self.outlook.obstacle(
            f"that {one.undone_by} took back a merge with {one.source_id}, which stays on record"
            for one in undone.distinct().order_by("-pk")
        )
        others = Reference.objects.filter(source__in=made).exclude(load_row__load=load)
        by_load = (
            others.order_by().values_list("load_row__load", "load_row__load__name").annotate(Count("pk"))
        )
        self.outlook.obstacle(
            f"{number:,} reference{'s' * (number != 1)} from {name}, which belong{'s' * (number == 1)} to its sources"
            for _, name, number in by_load.order_by("-load_row__load")
        )
        self.outlook.obstacle(_edited("source", made))
        self.outlook.obstacle(_resting_on(self.sources, {}, told=(Reference, Merge)))
        self.outlook.goes.update(
            sources=self.sources.count(),
            references=self.ours.count(),
            merges=self.merges.filter(undone_at=None).distinct().count(),
        )

    def carry_out(self, progress: Progress) -> None:
        for name, rows in (("merges", self.merges), ("references", self.ours), ("sources", self.sources)):
            _take_out(name, rows, progress)


def _take_out(name: str, rows: models.QuerySet, progress: Progress) -> None:
    """Delete rows a batch at a time: it can be seen how far that is, and it can be stopped between two."""
    keys = list(rows.order_by("pk").values_list("pk", flat=True).distinct())
    for start in range(0, len(keys), BATCH):
        progress(f"Taking out {name}", start, len(keys))
        rows.model._default_manager.filter(pk__in=keys[start : start + BATCH]).delete()


class _Evidence:
    """The way back of a load of tables of the evidence base."""

    def __init__(self, load: Load):
        self.outlook = Outlook()
        self.changes: dict[str, list[Change]] = {table.name: [] for table in TABLES}
        self.gone: dict[type[models.Model], models.QuerySet] = {}
        # Later is who was committed later, whoever was uploaded first.
        came_in = Coalesce("load__closed_at", "load__loaded_at")
        later = (
            LoadRow.objects.alias(came_in=came_in)
            .filter(came_in__gt=load.came_in_at, load__status=LoadStatus.COMMITTED)
            .exclude(load=load)
            .exclude(table="references")
        )
        touched = {(row.table, row.record_key): row for row in load.rows.all()}
        self.outlook.obstacle(
            f"{key} was changed by {name}"
            for table, key, name in later.values_list("table", "record_key", "load__name")
            if (table, key) in touched
        )
        for table in TABLES:
            rows = [row for row in touched.values() if row.table == table.name]
            if rows:
                self._plan_table(load, table, rows)
        for rows_gone in self.gone.values():
            self.outlook.obstacle(_resting_on(rows_gone, self.gone))

    def _plan_table(self, load: Load, table: Any, rows: list[LoadRow]) -> None:
        mapping = MAPPINGS[table.name]
        named = {
            "/".join(str(part) for part in key if part not in ("", None)): (key, pk, values)
            for key, (pk, values) in mapping.stored().items()
        }
        self.outlook.obstacle(
            f"{row.record_key} is no longer there" for row in rows if row.record_key not in named
        )
        held = [(row, *named[row.record_key]) for row in rows if row.record_key in named]
        self.outlook.obstacle(
            _edited(mapping.model._meta.model_name, {str(pk) for _, _, pk, _ in held}, load)
        )
        new = [pk for row, _, pk, _ in held if row.outcome == Outcome.NEW]
        self.gone[mapping.model] = mapping.model._default_manager.filter(pk__in=new)
        self.changes[table.name] = [
            _as_before(table, row, key, pk, values)
            for row, key, pk, values in held
            if row.outcome == Outcome.CHANGED
        ]
        self.outlook.goes[table.name] += len(new)
        self.outlook.put_back[table.name] += len(self.changes[table.name])

    def carry_out(self, progress: Progress) -> None:
        concerned = touched_sources(self.changes) | _sources_of(self.gone)
        done, whole = 0, sum(map(len, self.changes.values()))
        for name, todo in self.changes.items():
            for written in write(name, todo, {}):
                done += written
                progress("Putting back", done, whole)
        for rows_gone in reversed(list(self.gone.values())):
            progress("Taking out", 0, None)
            rows_gone.delete()
        search.refresh(Source.objects.filter(pk__in=concerned).values_list("pk", flat=True))


def _as_before(table: Any, row: LoadRow, key: Key, pk: Any, values: Values) -> Change:
    """The record with what the load had changed put back."""
    columns = {column.name: column for column in table.columns}
    before = {name: read_cell(columns[name], old) for name, (old, _) in row.changes.items()}
    fields = {name: [new, old] for name, (old, new) in row.changes.items()}
    return Change(Record(table.name, key, row.file, row.line, values | before), pk, fields)


def _sources_of(gone: dict[type[models.Model], models.QuerySet]) -> set[str]:
    found: set[str] = set()
    for model, rows in gone.items():
        if any(field.attname == "source_id" and field.is_relation for field in model._meta.concrete_fields):
            found |= set(rows.values_list("source", flat=True))
    return found - {None}


def _edited(kind: str, keys: set[str] | models.QuerySet, load: Load | None = None) -> list[str]:
    """The records that somebody changed by hand, after the load where one is given."""
    events = AuditEvent.objects.filter(event_type="record_changed", target_type=kind, target_id__in=keys)
    if load is not None:
        events = events.filter(created_at__gt=load.closed_at or load.loaded_at)
    return [f"{event.target_id} was changed by {event.created_by}" for event in events]


def _resting_on(
    rows: models.QuerySet,
    gone: dict[type[models.Model], models.QuerySet],
    told: tuple[type[models.Model], ...] = (),
) -> list[str]:
    """Records that refer to any of the rows and do not go with them, in words. `told` are spoken of elsewhere."""
    found = []
    for relation in rows.model._meta.related_objects:
        model = relation.related_model
        if model in OWN_UPKEEP or model in told or model._meta.auto_created or relation.many_to_many:
            continue
        others = model._default_manager.filter(**{f"{relation.field.name}__in": rows})
        if model in gone:
            # Not "exclude(pk__in=…)": PostgreSQL goes through a large list once for each row.
            others = others.filter(~Exists(gone[model].filter(pk=OuterRef("pk"))))
        # Numbers that the store gave say nothing to a person; names that stand in the files do.
        found += [
            f"{model._meta.verbose_name} {one.pk if isinstance(one.pk, str) else one}"
            for one in others[: MOST_NAMED + 1]
        ]
    return found

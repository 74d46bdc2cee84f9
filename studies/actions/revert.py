"""Take a committed load out of the store again, unless something rests on it."""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import models, transaction

from .. import search
from ..exceptions import Refused
from ..loading.cells import read_cell
from ..loading.outcome import Key, Record, Values
from ..loading.schema import TABLES
from ..models import AuditEvent, Load, LoadRow, Merge, Reference, Source, SourceSearch
from ..permissions import Permission, check
from ..vocabulary import LoadKind, LoadStatus, Outcome
from . import audit
from .loads import touched_sources, wait_for_loads
from .mapping import MAPPINGS
from .staged import close
from .tables import Change, write


MOST_NAMED = 5
"""Records that a refusal names, so that it stays a sentence."""

OWN_UPKEEP = (SourceSearch,)
"""Tables that only repeat others; their rows are nobody's to keep."""


@transaction.atomic
def revert(*, load: Load, by: AbstractBaseUser) -> Load:
    """Undo a committed load: what it made is taken out, what it changed is as it was before.

    The load, its ledger and its bytes stay on record. Raises `Refused`, naming what is in the way, where a later
    load or a person has built on it, and `NotAllowed` without the permission.
    """
    check(by, Permission.LOAD)
    wait_for_loads()
    load = Load.objects.select_for_update().get(pk=load.pk)
    if load.status != LoadStatus.COMMITTED:
        raise Refused(
            f"This load is {load.get_status_display().lower()}; only a committed one can be reverted."
        )
    if load.kind == LoadKind.REFERENCES:
        _revert_references(load)
    else:
        _revert_evidence(load)
    close(load, LoadStatus.REVERTED, by.get_username())
    audit.record(event_type="load_reverted", by=by.get_username(), target=load, detail=load.counts)
    return load


def _revert_references(load: Load) -> None:
    ours = Reference.objects.filter(load_row__load=load)
    decided = Merge.objects.filter(references__in=ours, undone_at=None).exclude(former_id="")
    undone = Merge.objects.filter(references__in=ours).exclude(undone_at=None)
    _refuse_if(
        [f"the merge of {one.former_id or 'a reference'} and {one.source_id}" for one in decided | undone]
    )
    made = set(load.rows.filter(outcome=Outcome.NEW).values_list("record_key", flat=True))
    sources = Source.objects.filter(pk__in=made)
    others = Reference.objects.filter(source__in=made).exclude(load_row__load=load)
    _refuse_if([f"a reference from {name}" for name in others.values_list("load_row__load__name", flat=True)])
    _refuse_if(_edited("source", made))
    _refuse_if(_resting_on(sources, {Reference: ours, Merge: Merge.objects.filter(references__in=ours)}))
    Merge.objects.filter(references__in=ours).delete()
    ours.delete()
    sources.delete()


def _revert_evidence(load: Load) -> None:
    later = LoadRow.objects.filter(load__pk__gt=load.pk, load__status=LoadStatus.COMMITTED).exclude(
        table="references"
    )
    touched = {(row.table, row.record_key): row for row in load.rows.all()}
    _refuse_if(
        [
            f"{key} was changed by {name}"
            for table, key, name in later.values_list("table", "record_key", "load__name")
            if (table, key) in touched
        ]
    )
    changes: dict[str, list[Change]] = {table.name: [] for table in TABLES}
    gone: dict[type[models.Model], models.QuerySet] = {}
    for table in TABLES:
        rows = [row for row in touched.values() if row.table == table.name]
        if not rows:
            continue
        mapping = MAPPINGS[table.name]
        named = {
            "/".join(str(part) for part in key if part not in ("", None)): (key, pk, values)
            for key, (pk, values) in mapping.stored().items()
        }
        missing = [f"{row.record_key} is no longer there" for row in rows if row.record_key not in named]
        _refuse_if(missing)
        held = [(row, *named[row.record_key]) for row in rows]
        _refuse_if(_edited(mapping.model._meta.model_name, {str(pk) for _, _, pk, _ in held}, load))
        gone[mapping.model] = mapping.model._default_manager.filter(
            pk__in=[pk for row, _, pk, _ in held if row.outcome == Outcome.NEW]
        )
        changes[table.name] = [
            _as_before(table, row, key, pk, values)
            for row, key, pk, values in held
            if row.outcome == Outcome.CHANGED
        ]
    concerned = touched_sources(changes) | _sources_of(gone)
    for rows_gone in gone.values():
        _refuse_if(_resting_on(rows_gone, gone))
    for name, todo in changes.items():
        for _ in write(name, todo, {}):
            pass
    for rows_gone in reversed(list(gone.values())):
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


def _edited(kind: str, keys: set[str], load: Load | None = None) -> list[str]:
    """The records that somebody changed by hand, after the load where one is given."""
    events = AuditEvent.objects.filter(event_type="record_changed", target_type=kind, target_id__in=keys)
    if load is not None:
        events = events.filter(created_at__gt=load.closed_at or load.loaded_at)
    return [f"{event.target_id} was changed by {event.created_by}" for event in events]


def _resting_on(rows: models.QuerySet, gone: dict[type[models.Model], models.QuerySet]) -> list[str]:
    """Records that refer to any of the rows and do not go with them, in words."""
    found = []
    for relation in rows.model._meta.related_objects:
        model = relation.related_model
        if model in OWN_UPKEEP or model._meta.auto_created or relation.many_to_many:
            continue
        others = model._default_manager.filter(**{f"{relation.field.name}__in": rows})
        if model in gone:
            others = others.exclude(pk__in=gone[model].values("pk"))
        if model._meta.model_name == "possibleduplicate":
            others = others.exclude(status="open")
        found += [f"{model._meta.verbose_name} {one.pk}" for one in others[: MOST_NAMED + 1]]
    return found


def _refuse_if(reasons: Iterable[str]) -> None:
    named = list(dict.fromkeys(reasons))
    if named:
        more = f" and {len(named) - MOST_NAMED} more" if len(named) > MOST_NAMED else ""
        raise Refused(f"This load cannot be reverted, because of: {'; '.join(named[:MOST_NAMED])}{more}.")

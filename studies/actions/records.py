"""Change or delete one record by hand: with an audit event, and the search rows that follow from it."""

import copy
from typing import Any

from django.db import models, transaction

from .. import search
from ..loading.layout import RawBase
from ..loading.table_search import RawRow
from ..loading.validate import validate
from ..models import AuditEvent, Conclusion, Finding, Gap, Implication, Measure, Source, Support
from . import audit
from .loads import known_from, said, wait_for_loads
from .mapping import MAPPINGS, Mapping


def save(*, record: models.Model, by: str) -> AuditEvent | None:
    """Save a new or changed record and write down what changed; None, and nothing written, where nothing did.

    Validation is the caller's part (a form's `full_clean`, and `faults` below); the database has the last word.
    """
    with transaction.atomic():
        wait_for_loads()
        before = type(record)._default_manager.filter(pk=record.pk).first()
        changes = _differences(before, record)
        if before is not None and not changes:
            return None
        concerned = set() if before is None else sources_of(before)
        record.save()
        search.refresh(concerned | sources_of(record))
        kind = "record_added" if before is None else "record_changed"
        return audit.record(event_type=kind, by=by, target=record, detail={"changes": changes})


def delete(*, record: models.Model, by: str) -> AuditEvent:
    """Delete a record and whatever belongs to it, and write down what it said.

    Raises `ProtectedError` where other records rest on it.
    """
    with transaction.atomic():
        wait_for_loads()
        concerned = sources_of(record)
        gone = copy.copy(record)  # Django takes the key off what it deletes
        _, removed = record.delete()
        search.refresh(concerned)
        detail = {"was": _values(gone), "removed": removed}
        return audit.record(event_type="record_deleted", by=by, target=gone, detail=detail)


def faults(record: models.Model) -> list[tuple[str, str]]:
    """What a load would have against the record: the attribute ("" for the whole) and a sentence for each fault.

    The rules of loading hold for changes by hand as well. They see the rest of the store as it is, so a change
    that is right only together with a second one is brought in as a file with both.
    """
    mapping = next((one for one in MAPPINGS.values() if one.model is type(record)), None)
    if mapping is None:
        return []
    values = mapping.to_values(_Attributes(record))
    cells = {column: said(value) for column, value in values.items()}
    base = RawBase(name="form", format="form", rows={mapping.table.name: [RawRow("form", 1, cells)]})
    known = known_from({name: MAPPINGS[name].stored() for name in _consulted(mapping)}, {})
    for parent, parent_values in _unsaved_parents(record):
        known.table(parent.table.name)[tuple(parent_values[name] for name in parent.table.key)] = (
            parent_values
        )
    fields = {field.attname: field.name for field in record._meta.concrete_fields}
    return [
        (fields.get(mapping.attributes.get(issue.field, ""), ""), _sentence(issue.message))
        for issue in validate(base, known).issues
        if issue.severity == "error"
    ]


def sources_of(record: models.Model) -> set[str]:
    """The sources whose search rows tell of the record."""
    match record:
        case Source():
            return {record.pk}
        case Finding() | Support() | Gap() | Implication():
            return {record.source_id} - {None}
        case Measure():
            return set(record.findings.values_list("source", flat=True))
        case Conclusion():
            return set(record.support.values_list("source", flat=True))
        case _:
            return set()


def _values(record: models.Model) -> dict[str, str]:
    return {field.name: said(field.value_from_object(record)) for field in record._meta.concrete_fields}


def _differences(before: models.Model | None, after: models.Model) -> dict[str, list[str]]:
    """Field → [before, after] as they would stand in a file; for a new record, all that it says."""
    new = _values(after)
    old = dict.fromkeys(new, "") if before is None else _values(before)
    return {name: [old[name], value] for name, value in new.items() if old[name] != value}


class _Attributes(dict[str, Any]):
    """A record's attributes, as a row of `QuerySet.values()` would hold them."""

    def __init__(self, record: models.Model):
        self.record = record

    def __getitem__(self, name: str) -> Any:
        return getattr(self.record, name)


def _consulted(mapping: Mapping) -> set[str]:
    """The tables that the checks of a table ask. Its own is one, but for the many local figures, which do not."""
    own = {mapping.table.name} - {"local/figures"}
    targets = {column.refers_to for column in mapping.table.columns if column.refers_to}
    # A benchmark's rule asks what the finding counts.
    return own | targets | ({"measures"} if mapping.table.name == "benchmarks" else set())


def _unsaved_parents(record: models.Model) -> list[tuple[Mapping, dict[str, Any]]]:
    """Records that this one refers to and that are saved together with it, as a form with parts does."""
    found = []
    for field in record._meta.concrete_fields:
        if field.is_relation and field.is_cached(record):
            parent = field.get_cached_value(record)
            mapping = next((one for one in MAPPINGS.values() if one.model is type(parent)), None)
            if mapping is not None and parent._state.adding:
                found.append((mapping, mapping.to_values(_Attributes(parent))))
    return found


def _sentence(message: str) -> str:
    return f"{message[0].upper()}{message[1:]}."

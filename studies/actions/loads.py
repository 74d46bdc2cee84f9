"""Bring an evidence base, or one table of it, into the store: all or nothing, idempotent, with provenance."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction

from .. import search
from ..loading.layout import RawBase
from ..loading.outcome import Checked, Key, Known, Record, Values
from ..loading.schema import TABLES
from ..loading.validate import validate
from ..models import Appraisal, Conclusion, Criterion, Domain, Instrument, Load, LoadRow, Source
from ..vocabulary import LoadStatus, Outcome
from . import audit
from .mapping import MAPPINGS


BATCH = 2_000
"""Rows a statement. A few thousand keep each under PostgreSQL's 65,535 parameters and memory flat."""

LOAD_LOCK = 7_301_846
"""Number of the advisory lock that makes loads wait for each other; any constant of our own would do."""


@dataclass
class LoadReport:
    """What became of every record. `records` is always the sum of the five outcomes."""

    file: str
    format: str
    encoding: str
    counts: Counter[str] = field(default_factory=Counter)
    tables: dict[str, Counter[str]] = field(default_factory=dict)
    issues: list[dict[str, Any]] = field(default_factory=list)
    committed: bool = False

    @property
    def records(self) -> int:
        return sum(self.counts.values())

    def count(self, table: str, outcome: Outcome, number: int = 1) -> None:
        """Add to the outcome of a table and of the whole."""
        if number:
            self.counts[outcome] += number
            self.tables.setdefault(table, Counter())[outcome] += number

    def as_dict(self) -> dict[str, Any]:
        """The object that `--json` prints."""
        return {
            "file": self.file,
            "format": self.format,
            "encoding": self.encoding,
            "records": self.records,
            **{outcome.value: self.counts[outcome] for outcome in Outcome},
            "committed": self.committed,
            "issues": self.issues,
            "tables": {name: dict(counts) for name, counts in self.tables.items()},
        }


def load_evidence(
    *,
    base: RawBase,
    by: str,
    dry_run: bool = False,
    skip_rejected: bool = False,
    progress: Callable[[str, int], None] = lambda table, rows: None,
) -> LoadReport:
    """Check what was read against the store, and save it in one transaction.

    Nothing is saved on a dry run, or when any record is refused and `skip_rejected` is not said. Records that the
    store holds already, field for field, are left alone; when that is all of them, nothing is written at all.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOAD_LOCK])
        stored = {
            table.name: MAPPINGS[table.name].stored() for table in TABLES if _concerned(table.name, base)
        }
        instruments = stored_instruments()
        checked = validate(base, known_from(stored, instruments))
        report = LoadReport(
            base.name, base.format, base.encoding, issues=[i.as_dict() for i in checked.issues]
        )
        changes = _compare(base, checked, stored, instruments, report)
        refused = report.counts[Outcome.REJECTED] > 0
        if dry_run or (refused and not skip_rejected):
            return report
        report.committed = True
        if report.counts[Outcome.NEW] or report.counts[Outcome.CHANGED]:
            _save(base, checked, changes, report, by, progress)
    return report


def _concerned(table: str, base: RawBase) -> bool:
    """Whether the checks need what the store holds of a table; the large local figures only when given."""
    return table != "local/figures" or table in base.rows


def stored_instruments() -> dict[str, dict[str, Any]]:
    """Instrument identifier → its newest version, as the JSON that it was loaded from."""
    found = {}
    for one in Instrument.objects.prefetch_related("domains__criteria").order_by("id"):
        found[one.instrument_id] = {
            "instrument_id": one.instrument_id,
            "name": one.name,
            "version": one.version,
            "citation": one.citation,
            "applies_to": one.applies_to,
            "adapted": one.adapted,
            "domains": [
                {
                    "domain_id": domain.domain_id,
                    "label": domain.label,
                    "criteria": [
                        {
                            "criterion_id": criterion.criterion_id,
                            "critical": criterion.critical,
                            "question": criterion.question,
                            "guidance": criterion.guidance,
                            "answers": criterion.answers,
                        }
                        for criterion in domain.criteria.all()
                    ],
                }
                for domain in one.domains.all()
            ],
            "ratings": one.ratings,
            "rule": one.rule,
        }
    return found


def known_from(stored: dict[str, dict[Key, tuple[Any, Values]]], instruments: dict[str, Any]) -> Known:
    """What the rules may look at, from what the store holds."""
    known = Known({name: {key: values for key, (_, values) in rows.items()} for name, rows in stored.items()})
    known.instruments = dict(instruments)
    answers = known.table("answers_of")
    for values in known.table("appraisal_answers").values():
        answers.setdefault((values["appraisal_id"],), {})[values["criterion_id"]] = values["answer"]
    return known


@dataclass(frozen=True)
class Change:
    """A record that differs from the store: `pk` None for a new one; `fields` says what differs."""

    record: Record
    pk: Any
    fields: dict[str, list[str]]


def _compare(
    base: RawBase,
    checked: Checked,
    stored: dict[str, dict[Key, tuple[Any, Values]]],
    instruments: dict[str, Any],
    report: LoadReport,
) -> dict[str, list[Change]]:
    """Sort the sound records into new, changed and unchanged, and count everything."""
    changes: dict[str, list[Change]] = {}
    for table in TABLES:
        held = stored.get(table.name, {})
        todo = changes.setdefault(table.name, [])
        for record in checked.records.get(table.name, []):
            pk, before = held.get(record.key, (None, None))
            if before is None:
                todo.append(Change(record, None, {}))
                report.count(table.name, Outcome.NEW)
                continue
            differing = {
                name: [said(before[name]), said(value)]
                for name, value in record.values.items()
                if said(before[name]) != said(value)
            }
            if differing:
                todo.append(Change(record, pk, differing))
            report.count(table.name, Outcome.CHANGED if differing else Outcome.UNCHANGED)
        read = {(row.file, row.line) for row in base.rows.get(table.name, [])}
        report.count(table.name, Outcome.REJECTED, len(read & checked.rejected))
    all_read = {(row.file, row.line) for rows in base.rows.values() for row in rows}
    for file, _line in sorted(checked.rejected - all_read):
        report.count(file, Outcome.REJECTED)
    for data in checked.instruments:
        same = instruments.get(data["instrument_id"]) == data
        report.count("instruments", Outcome.UNCHANGED if same else Outcome.NEW)
    return changes


def said(value: Any) -> str:
    """A value as it would stand in a file; 83.0 and 83 are different statements and so differ here."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def _save(
    base: RawBase,
    checked: Checked,
    changes: dict[str, list[Change]],
    report: LoadReport,
    by: str,
    progress: Callable[[str, int], None],
) -> None:
    """Write the changes, their provenance, the search rows and the audit event."""
    existing = stored_instruments()
    for data in checked.instruments:
        if existing.get(data["instrument_id"]) != data:
            save_instrument(data)
    load = Load.objects.create(
        name=base.name,
        format=base.format,
        sha256=base.sha256,
        status=LoadStatus.COMMITTED,
        counts={outcome.value: report.counts[outcome] for outcome in Outcome},
        loaded_by=by,
    )
    rows = []
    for table, todo in changes.items():
        if todo:
            _write(table, todo)
            progress(table, len(todo))
        rows += [
            LoadRow(
                load=load,
                table=table,
                record_key=change.record.name,
                file=change.record.file,
                line=change.record.line,
                outcome=Outcome.CHANGED if change.fields else Outcome.NEW,
                changes=change.fields,
            )
            for change in todo
        ]
    LoadRow.objects.bulk_create(rows, batch_size=BATCH)
    search.refresh(touched_sources(changes))
    audit.record(event_type="evidence_loaded", by=by, target=load, detail=load.counts)


def _write(table: str, todo: list[Change]) -> None:
    """Create the new rows of a table and update the changed ones."""
    mapping = MAPPINGS[table]
    prepare = PREPARE[table]() if table in PREPARE else lambda attributes, record: attributes
    fresh, changed = [], []
    for change in todo:
        attributes = prepare(mapping.to_attributes(change.record.values), change.record)
        if change.pk is None:
            fresh.append(mapping.model(**attributes))
        else:
            instance = mapping.model(**{**attributes, "pk": change.pk})
            changed.append(instance)
    if table == "categories":
        for category in [*fresh, *changed]:
            category.key = f"{category.measure_id}/{category.category_id}"
    mapping.model._default_manager.bulk_create(fresh, batch_size=BATCH)
    if changed:
        names = [
            f.name for f in mapping.model._meta.concrete_fields if not f.primary_key and f.name not in KEPT
        ]
        if table == "categories":
            # Two categories may trade the mark of the unknown one, which the database allows once at any moment.
            mapping.model._default_manager.filter(pk__in=[c.pk for c in changed]).update(is_unknown=False)
        mapping.model._default_manager.bulk_update(changed, names, batch_size=BATCH)


KEPT = {"created_at", "order_of_arrival", "withdrawn_on", "withdrawn_by", "appraiser"}
"""Attributes that a load does not touch: they are not columns of any file."""


Prepare = Callable[[dict[str, Any], Record], dict[str, Any]]


def _appraisals_prepared() -> Prepare:
    """An appraisal of a file names an instrument; it is made with the newest version of it."""
    newest = dict(Instrument.objects.order_by("id").values_list("instrument_id", "pk"))

    def prepare(attributes: dict[str, Any], record: Record) -> dict[str, Any]:
        name = attributes.pop("instrument__instrument_id")
        return {**attributes, "instrument_id": newest[name]}

    return prepare


def _judgements_prepared() -> Prepare:
    """An answer names a criterion, which is one of the instrument version that the appraisal was made with."""
    instruments = dict(Appraisal.objects.values_list("pk", "instrument_id"))
    criteria = {
        (instrument, criterion_id): pk
        for pk, instrument, criterion_id in Criterion.objects.values_list(
            "pk", "domain__instrument", "criterion_id"
        )
    }

    def prepare(attributes: dict[str, Any], record: Record) -> dict[str, Any]:
        instrument = instruments[attributes["appraisal_id"]]
        name = attributes.pop("criterion__criterion_id")
        return {**attributes, "criterion_id": criteria[instrument, name]}

    return prepare


def _conclusions_prepared() -> Prepare:
    """Conclusions keep the order in which their editor put them."""
    return lambda attributes, record: {**attributes, "order": record.line}


PREPARE: dict[str, Callable[[], Prepare]] = {
    "appraisals": _appraisals_prepared,
    "appraisal_answers": _judgements_prepared,
    "conclusions": _conclusions_prepared,
}


def save_instrument(data: dict[str, Any]) -> Instrument:
    """Store one version of an instrument with its domains and criteria."""
    instrument = Instrument.objects.create(
        **{
            name: data[name]
            for name in ("instrument_id", "version", "name", "citation", "applies_to", "adapted")
        },
        ratings=data["ratings"],
        rule=data["rule"],
    )
    for place, part in enumerate(data["domains"], start=1):
        domain = Domain.objects.create(
            instrument=instrument, domain_id=part["domain_id"], label=part["label"], order=place
        )
        Criterion.objects.bulk_create(
            Criterion(domain=domain, order=number, **criterion)
            for number, criterion in enumerate(part["criteria"], start=1)
        )
    return instrument


def touched_sources(changes: dict[str, list[Change]]) -> set[str]:
    """The sources whose search row may have changed."""
    sources = {change.record.values["source_id"] for t in ("sources", "findings") for change in changes[t]}
    changed_measures = {change.record.key[0] for change in changes["measures"] if change.fields}
    if changed_measures:
        sources |= set(
            Source.objects.filter(findings__measure__in=changed_measures).values_list("pk", flat=True)
        )
    for table in ("conclusion_support", "gaps", "implications"):
        sources |= {c.record.values["source_id"] for c in changes[table] if c.record.values["source_id"]}
    if any(change.fields for change in changes["conclusions"]):
        sources |= set(Conclusion.objects.values_list("support__source", flat=True)) - {None}
    return sources

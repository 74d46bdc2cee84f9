"""Bring an evidence base, or one table of it, into the store: all or nothing, idempotent, with provenance."""

import json
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction
from django.db.models import Model

from .. import search
from ..loading.layout import RawBase
from ..loading.outcome import Checked, Key, Known, Values
from ..loading.record_words import words_of
from ..loading.schema import TABLES
from ..loading.validate import validate
from ..models import Conclusion, Load, LoadRow, Source
from ..vocabulary import LoadStatus, Outcome
from . import audit
from .mapping import MAPPINGS
from .progress import Progress, no_progress
from .tables import Change, Versions, save_instrument, stored_instruments, write


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
    changes: dict[str, list[Change]] = field(default_factory=dict)
    """Table → the new and changed records, for who shows them or keeps them; no part of what is printed."""

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
    staged: Load | None = None,
    progress: Progress = no_progress,
) -> LoadReport:
    """Check what was read against the store, and save it in one transaction.

    `staged` is the load that was looked at before, which then stands for what is saved; else one is made.

    Nothing is saved on a dry run, which holds up no other load, or when any record is refused and `skip_rejected` is
    not said. Records that the store holds already, field for field, are left alone; when that is all of them, nothing
    is written at all.
    """
    with transaction.atomic():
        if not dry_run:
            wait_for_loads(progress)
        progress("Comparing with what is held", 0, None)
        stored = {
            table.name: MAPPINGS[table.name].stored() for table in TABLES if _concerned(table.name, base)
        }
        versions = stored_instruments()
        whole = sum(len(rows) for rows in base.rows.values())
        known = known_from(stored, versions)
        checked = validate(base, known, lambda done: progress("Checking", done, whole))
        report = LoadReport(
            base.name, base.format, base.encoding, issues=[i.as_dict() for i in checked.issues]
        )
        changes = report.changes = _compare(base, checked, stored, versions, report)
        refused = report.counts[Outcome.REJECTED] > 0
        if dry_run or (refused and not skip_rejected):
            return report
        report.committed = True
        if report.counts[Outcome.NEW] or report.counts[Outcome.CHANGED]:
            _save(base, checked, changes, report, by, staged, progress)
    return report


PAUSE = 0.2
"""Seconds between two tries to get the lock, where somebody wants to be told of the waiting."""


def wait_for_loads(progress: Progress = no_progress) -> None:
    """Hold the lock of loads until the transaction ends, so that nothing changes between comparing and saving.

    `progress` is told while another load is waited for, and may end the waiting by raising.
    """
    with connection.cursor() as cursor:
        if progress is no_progress:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOAD_LOCK])
            return
        while True:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOAD_LOCK])
            if cursor.fetchone()[0]:
                return
            progress("Waiting for another load to end", 0, None)
            time.sleep(PAUSE)


def _concerned(table: str, base: RawBase) -> bool:
    """Whether the checks need what the store holds of a table; the large local figures only when given."""
    return table != "local/figures" or table in base.rows


def known_from(stored: dict[str, dict[Key, tuple[Any, Values]]], versions: Versions) -> Known:
    """What the rules may look at, from what the store holds."""
    known = Known({name: {key: values for key, (_, values) in rows.items()} for name, rows in stored.items()})
    known.versions = dict(versions)
    known.instruments = {name: data for (name, _version), data in versions.items()}  # the newest comes last
    answers = known.table("answers_of")
    for values in known.table("appraisal_answers").values():
        answers.setdefault((values["appraisal_id"],), {})[values["criterion_id"]] = values["answer"]
    return known


def _compare(
    base: RawBase,
    checked: Checked,
    stored: dict[str, dict[Key, tuple[Any, Values]]],
    versions: Versions,
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
        same = versions.get((data["instrument_id"], data["version"])) == data
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
    staged: Load | None,
    progress: Progress,
) -> None:
    """Write the changes, their provenance, the search rows and the audit event."""
    existing = stored_instruments()
    for data in checked.instruments:
        if (data["instrument_id"], data["version"]) not in existing:
            save_instrument(data)
    used = {data["instrument_id"]: data["version"] for data in checked.instruments}
    load = staged or Load(
        name=base.name,
        kind=base.kind,
        mapping_id=base.mapping,
        format=base.format,
        encoding=base.encoding,
        sha256=base.sha256,
        size=base.size,
        files=base.files,
        status=LoadStatus.COMMITTED,
        skip_rejected=report.counts[Outcome.REJECTED] > 0,
        loaded_by=by,
    )
    note_report(load, report, 0)
    load.save()
    done, whole = 0, sum(len(todo) for todo in changes.values())
    for table, todo in changes.items():
        for written in write(table, todo, used):
            done += written
            progress("Saving", done, whole)
    write_ledger(load, changes, progress)
    search.refresh(touched_sources(changes))
    audit.record(event_type="evidence_loaded", by=by, target=load, detail=load.counts)


LEDGER_COLUMNS = (
    "load_id",
    "table",
    "record_key",
    "file",
    "line",
    "said",
    "outcome",
    "changes",
    "reasons",
)


def write_ledger(load: Load, changes: dict[str, list[Change]], progress: Progress = no_progress) -> None:
    """Write where each new or changed record stood and what becomes of it."""
    told = "Writing the report", sum(len(todo) for todo in changes.values())
    copy_rows(
        LoadRow,
        LEDGER_COLUMNS,
        (
            (
                load.pk,
                table,
                change.record.name,
                change.record.file,
                change.record.line,
                "\n".join(words_of(table, change.record.values)),
                (Outcome.CHANGED if change.fields else Outcome.NEW).value,
                json.dumps(change.fields, ensure_ascii=False),
                "[]",
            )
            for table, todo in changes.items()
            for change in todo
        ),
        lambda done: progress(told[0], done, told[1]),
    )


MOST_ISSUES_KEPT = 5_000
"""Problems that stay with a load, more than anybody puts right one by one. Their whole number is kept beside them."""


def note_report(load: Load, report: LoadReport, doubts: int) -> None:
    """Put what a look at the file found into the load; the caller saves it."""
    load.counts = {outcome.value: report.counts[outcome] for outcome in Outcome}
    load.issues = report.issues[:MOST_ISSUES_KEPT]
    load.issue_count = len(report.issues)
    load.doubts = doubts


TOLD_EVERY = 500
"""Rows of a COPY between two reports of progress."""


def copy_rows(
    model: type[Model],
    columns: Iterable[str],
    rows: Iterable[Sequence[Any]],
    progress: Callable[[int], None] = lambda done: None,
) -> None:
    """Insert rows by COPY, for tables that have as many rows as a load has records.

    `columns` are names of the database; values are as PostgreSQL reads them, so JSON comes as text.
    """
    quoted = ", ".join(connection.ops.quote_name(name) for name in columns)
    statement = f"COPY {connection.ops.quote_name(model._meta.db_table)} ({quoted}) FROM STDIN"
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for done, row in enumerate(rows, start=1):
            copy.write_row(row)
            if done % TOLD_EVERY == 0:
                progress(done)


def touched_sources(changes: dict[str, list[Change]]) -> set[str]:
    """The sources whose search row may have changed: those that records belong to now, and those they left."""
    sources = set()
    for table in ("sources", "findings", "conclusion_support", "gaps", "implications"):
        for change in changes[table]:
            sources |= {change.record.values["source_id"], *change.fields.get("source_id", [])[:1]}
    changed_measures = {change.record.key[0] for change in changes["measures"] if change.fields}
    if changed_measures:
        sources |= set(
            Source.objects.filter(findings__measure__in=changed_measures).values_list("pk", flat=True)
        )
    if any(change.fields for change in changes["conclusions"]):
        sources |= set(Conclusion.objects.values_list("support__source", flat=True))
    return sources - {None, ""}

"""Bring a file of references into the store: nothing lost, nothing overwritten, every record accounted for."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from django.db import transaction
from django.db.models import Case, F, Func, TextField, Value, When

from .. import search
from ..loading.issues import Issue
from ..loading.plan import MERGED, NEW, UNCHANGED, Doubt, Held, Planned, make_plan
from ..loading.readers import read
from ..loading.readers.fields import split_authors
from ..loading.records import Record
from ..models import Load, LoadRow, Merge, PossibleDuplicate, Reference, Source
from ..vocabulary import Accreditation, LoadKind, LoadStatus, Outcome
from . import audit
from .files import keep_bytes, lines_of, sha256_of
from .loads import TOLD_EVERY, LoadReport, copy_rows, note_report, wait_for_loads
from .progress import Progress, no_progress


BATCH = 2_000
"""Records that are saved at a time. Keeps memory flat; a statement has fewer than PostgreSQL's 65,535 parameters."""

FIRST_YEAR, LAST_YEAR = 1800, 2100
"""Years that the store takes as a year of publication; an older book keeps its year in its reference."""

KEPT_FIELDS = tuple(
    name
    for name in Record.__dataclass_fields__
    if name not in ("number", "line", "authors", "keywords", "raw")
)


@dataclass
class Checked:
    """A file that was read and compared with the store, before anything is saved."""

    file: str
    format: str
    encoding: str
    line_ending: str
    planned: list[Planned] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)

    def report(self) -> LoadReport:
        """What becomes of every record. What could not be read as a record counts as a refused one."""
        report = LoadReport(self.file, self.format, self.encoding)
        report.issues = [issue.as_dict() for issue in self.issues]
        outcomes = Counter(one.outcome for one in self.planned)
        outcomes[Outcome.REJECTED] = sum(issue.severity == "error" for issue in self.issues)
        for outcome in Outcome:
            report.count("references", outcome, outcomes[outcome])
        return report

    @property
    def doubts(self) -> int:
        """Records that may be the same publication as another one; a person decides on each after the commit."""
        return sum(bool(one.doubts) and one.outcome != UNCHANGED for one in self.planned)


def load_references(
    *,
    file: Path,
    by: str,
    name: str = "",
    file_format: str = "auto",
    dry_run: bool = False,
    skip_rejected: bool = False,
    progress: Progress = no_progress,
) -> LoadReport:
    """Read a file of references, compare it with the store, and save what is new, in one transaction.

    Nothing is saved on a dry run, when any record is refused and `skip_rejected` is not said, or when the store
    holds every record already. Raises `UnusableFile` where the file cannot be used at all.
    """
    name = name or file.name
    with transaction.atomic():
        if not dry_run:
            wait_for_loads(progress)
        checked = check(file, name, file_format, progress)
        report = checked.report()
        if dry_run or (report.counts[Outcome.REJECTED] and not skip_rejected):
            return report
        report.committed = True
        if report.counts[Outcome.NEW] or report.counts[Outcome.MERGED]:
            load = Load.objects.create(
                name=name,
                kind=LoadKind.REFERENCES,
                format=checked.format,
                encoding=checked.encoding,
                line_ending=checked.line_ending,
                sha256=sha256_of(file),
                size=file.stat().st_size,
                status=LoadStatus.COMMITTED,
                skip_rejected=skip_rejected,
                loaded_by=by,
            )
            keep_bytes(load, file)
            save(load, checked, file, by, progress)
    return report


def check(
    file: Path,
    name: str,
    file_format: str = "auto",
    progress: Progress = no_progress,
    whole: int | None = None,
) -> Checked:
    """Read a file and decide on each of its records. Reads the store and writes nothing.

    `whole` is how many records it holds, where that is known from an earlier look; else it is reckoned from the
    lines read so far.
    """
    result = read(file, name, file_format)
    checked = Checked(name, result.format, result.encoding, result.line_ending)
    refused: list[Issue] = []
    lines = 0 if whole or result.format in PACKED else lines_of(file)
    line = 0

    def noted(records: Iterable[Record]) -> Iterator[Record]:
        nonlocal line
        for record in records:
            line = record.line
            yield record

    def tell(done: int) -> None:
        progress("Reading", done, whole or reckon(done, line, lines))

    checked.planned = make_plan(noted(result.records), held_references(progress), refused.append, name, tell)
    refusals = {(issue.record, issue.field) for issue in refused}
    told = [
        one for one in result.issues if (one.record, one.field) not in refusals
    ]  # each thing is said once
    checked.issues = sorted([*told, *refused], key=lambda issue: issue.line or 0)
    return checked


PACKED = {"xlsx", "ods"}
"""Formats whose lines are rows of a sheet within a packed file."""

FIRST_RECKONED = 200
"""Lines from which the share that is read says something about the rest."""


def reckon(done: int, line: int, lines: int) -> int | None:
    """About how many records a file holds when `done` of them begin by `line` of its `lines`; None if too early.

    A file that stands on one long line, as JSON may, is never reckoned.
    """
    return max(done, round(done * lines / line)) if FIRST_RECKONED <= line <= lines else None


EDITION = Func(
    F("raw"),
    Value('strict $[*] ? (@[0] like_regex "^(et|edition|%7)$" flag "i")[1]'),
    function="jsonb_path_query_first",
    template="%(function)s(%(expressions)s::jsonpath) #>> '{}'",
    output_field=TextField(),
)
"""The edition among the tags of a reference, whatever its format calls it."""


def held_references(progress: Progress = no_progress) -> Held:
    """The references of the store, and its sources as far as they were described by hand or by a table."""
    digests = dict(Reference.objects.order_by("-id").values_list("digest", "source_id"))

    def told() -> Iterator[tuple[str, Record]]:
        for done, held in enumerate(_held_records(), start=1):
            if done % TOLD_EVERY == 0:
                progress("Looking through what is held", done, None)
            yield held

    return Held(told(), digests, set(Source.objects.values_list("pk", flat=True)))


def _held_records() -> Iterator[tuple[str, Record]]:
    sources = Source.objects.exclude(bibliographic_check="").order_by("pk")
    for pk, title, authors, year, publisher, doi, isbn, url in sources.values_list(
        "pk", "title", "authors", "year", "publisher", "doi", "isbn", "url"
    ).iterator(BATCH):
        yield (
            pk,
            Record(
                0,
                1,
                title=title,
                authors=split_authors([authors]),
                year=year,
                publisher=publisher,
                doi=doi.lower(),
                isbn=isbn.replace("-", ""),
                url=url,
            ),
        )
    names = ("title", "authors", "year", "container", "volume", "issue", "pages", "doi", "isbn", "pmid")
    # Only books have editions, and only they are asked for one: the tags of a hundred thousand articles are long.
    edition = Case(When(reference_type="book", then=EDITION), default=None, output_field=TextField())
    references = Reference.objects.order_by("pk").annotate(edition=edition)
    for pk, kind, told, *values in references.values_list(
        "source_id", "reference_type", "edition", *names
    ).iterator(BATCH):
        raw = (("edition", told),) if told else ()
        yield pk, Record(0, 1, reference_type=kind, raw=raw, **dict(zip(names, values, strict=True)))


def save(load: Load, checked: Checked, file: Path, by: str, progress: Progress = no_progress) -> None:
    """Write sources, references, merges, doubts and the ledger of a checked file. In the caller's transaction."""
    records = read(file, checked.file, checked.format).records
    pairs = zip(records, checked.planned, strict=True)
    done = 0
    while batch := list(islice(pairs, BATCH)):
        _save_batch(load, batch, by)
        done += len(batch)
        progress("Saving", done, len(checked.planned))
    _save_doubts(checked.planned)
    note_report(load, checked.report(), checked.doubts)
    load.save()
    audit.record(event_type="references_loaded", by=by, target=load, detail=load.counts)


def ledger_row(load: Load, one: Planned) -> LoadRow:
    """What became of a record, as a row of the load."""
    return LoadRow(
        load=load,
        table="references",
        record_key=one.source,
        file=load.name,
        record=one.number,
        line=max(one.line, 1),
        said=one.said,
        outcome=one.outcome,
        reasons=[*one.reasons, *map(_doubt_in_words, one.doubts)],
    )


def _doubt_in_words(doubt: Doubt) -> str:
    return f"may be {doubt.other}, score {doubt.score}: {', '.join(doubt.reasons)}"


def write_ledger(load: Load, planned: list[Planned], progress: Progress = no_progress) -> None:
    """Write what becomes of each record, row by row: a hundred thousand of them need no memory."""
    rows = (ledger_row(load, one) for one in planned)
    copy_rows(
        LoadRow,
        ("load_id", "table", "record_key", "file", "record", "line", "said", "outcome", "changes", "reasons"),
        (
            (
                load.pk,
                row.table,
                row.record_key,
                row.file,
                row.record,
                row.line,
                row.said,
                row.outcome,
                "{}",
                json.dumps(row.reasons, ensure_ascii=False),
            )
            for row in rows
        ),
        lambda done: progress("Writing the report", done, len(planned)),
    )


def _save_batch(load: Load, batch: list[tuple[Record, Planned]], by: str) -> None:
    rows = LoadRow.objects.bulk_create([ledger_row(load, one) for _, one in batch])
    new = [(record, one) for record, one in batch if one.outcome == NEW]
    Source.objects.bulk_create([make_source(record, one.source) for record, one in new])
    taken = [
        (record, one, row)
        for (record, one), row in zip(batch, rows, strict=True)
        if one.outcome in (NEW, MERGED)
    ]
    references = Reference.objects.bulk_create(
        [make_reference(record, one, row) for record, one, row in taken]
    )
    merged = [
        (reference, one)
        for reference, (_, one, _) in zip(references, taken, strict=True)
        if one.outcome == MERGED
    ]
    merges = Merge.objects.bulk_create(
        [
            Merge(source_id=one.source, score=one.score, reasons=list(one.reasons), merged_by=by)
            for _, one in merged
        ]
    )
    through = Merge.references.through
    through.objects.bulk_create(
        [
            through(merge=merge, reference=reference)
            for merge, (reference, _) in zip(merges, merged, strict=True)
        ]
    )
    search.refresh(one.source for _, one in new)


def _save_doubts(planned: Iterable[Planned]) -> None:
    """Put what may be one publication into the queue; a pair that is in it stays as it is."""
    doubts = [
        PossibleDuplicate(
            source_id=one.source, other_id=doubt.other, score=doubt.score, reasons=list(doubt.reasons)
        )
        for one in planned
        if one.outcome != UNCHANGED
        for doubt in one.doubts
        if doubt.other != one.source
    ]
    PossibleDuplicate.objects.bulk_create(doubts, batch_size=BATCH, ignore_conflicts=True)


def make_source(record: Record, source_id: str) -> Source:
    """The source that a reference alone makes: not yet described, and said to be so by its blanks."""
    in_range = record.year is not None and FIRST_YEAR <= record.year <= LAST_YEAR
    scheme, mark, rest = record.url.partition("://")
    return Source(
        source_id=source_id,
        title=record.title,
        authors="; ".join(record.authors),
        year=record.year if in_range else None,
        publisher=record.publisher,
        doi=record.doi,
        isbn=record.isbn,
        url=f"{scheme.lower()}{mark}{rest}",
        accredited_official_statistics=Accreditation.UNKNOWN,
    )


def make_reference(record: Record, one: Planned, row: LoadRow) -> Reference:
    """The record as it is kept, whole."""
    return Reference(
        source_id=one.source,
        load_row=row,
        digest=one.digest,
        authors=list(record.authors),
        keywords=list(record.keywords),
        raw=[list(pair) for pair in record.raw],
        **{name: getattr(record, name) for name in KEPT_FIELDS},
    )

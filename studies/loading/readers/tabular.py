"""Tables of references: CSV, XLSX and ODS with the usual headings, a record a row or a field a row.

The row of headings may stand below a title, a search query or notes. Some exports of Embase turn the table
round: each row is a field with its name in the first cell, and a record ends where its first field comes again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import chain, count, groupby, islice, zip_longest
from typing import NamedTuple

from ..delimited import DELIMITERS, read_rows, text_lines
from ..detect import UnreadableFile
from ..encodings import Content
from ..identifiers import normalise_doi, normalise_isbn, normalise_issn, normalise_pmid
from ..records import IssueLog, Record
from ..reference_types import from_words
from ..workbooks import MOST_COLUMNS, read_workbook
from .fields import (
    first,
    labelled_pmid,
    noted_pmid,
    page_range,
    split_authors,
    split_keywords,
    url_in,
    year_in,
)
from .headings import FIELD_OF, columns_of, is_heading_row, normal, recognised, repeated


SEARCHED = 60
"""Rows at the top of a sheet in which the headings are looked for."""


# SpringerLink, whose table is told by “Item Title”, leaves nothing between names: "Ada OkaforBen Adams".
GLUED = re.compile(
    r"(?<=[a-zß-ÿ.])(?<!\bMc)(?<!\bMac)(?<!\bDe)(?<!\bDi)(?<!\bLe)(?<!\bLa)(?<!\bVan)(?<!\bFitz)(?=[A-ZÀ-Þ])"
)


NO_VALUE = frozenset({"", "NA", "N/A", "#N/A", "<NA>", "nan", "NaN", "NULL", "null", "None"})
"""What R, pandas, databases and spreadsheets write in cells where there is nothing."""


class Row(NamedTuple):
    """A row of a table: sheet ("" for text), line or row number, cells."""

    sheet: str
    number: int
    cells: list[str]


def read_csv(content: Content, encoding: str, log: IssueLog) -> Iterator[Record]:
    """The references of a delimited text, in order. Raises UnreadableFile where it is no table of references."""
    head = list(islice(text_lines(content[: 1 << 20], encoding, IssueLog(log.file)), SEARCHED * 20))
    delimiter = max(DELIMITERS, key=lambda one: _best_heading_row(head, one))
    rows = read_rows(text_lines(content, encoding, log), delimiter, log)
    return _read_tables((Row("", line, cells) for line, cells in rows), log)


def _rows(content: Content, kind: str, filename: str) -> Iterator[Row]:
    return (Row(row.sheet, row.number, row.cells) for row in read_workbook(content, kind, filename))


def read_xlsx(content: Content, encoding: str, log: IssueLog) -> Iterator[Record]:
    """The references in all sheets of an Excel workbook."""
    return _read_tables(_rows(content, "xlsx", log.file), log)


def read_ods(content: Content, encoding: str, log: IssueLog) -> Iterator[Record]:
    """The references in all sheets of an OpenDocument workbook."""
    return _read_tables(_rows(content, "ods", log.file), log)


def _best_heading_row(head: list[tuple[int, str]], delimiter: str) -> int:
    """How many fields the best row names if cells are divided so."""
    rows = (cells for _, cells in read_rows(head, delimiter, IssueLog("")))
    return max((len(recognised(cells)) for cells in islice(rows, SEARCHED)), default=0)


def _read_tables(rows: Iterable[Row], log: IssueLog) -> Iterator[Record]:
    """Records of every sheet that is a table of references; refuses the file if none is."""
    numbers, found = count(1), False
    for _, sheet in groupby(rows, key=lambda row: row.sheet):
        records = _read_sheet(sheet, numbers, log)
        if records is not None:
            found = True
            yield from records
    if not found:
        raise UnreadableFile(
            f"{log.file} is a table but has no row of headings with “Title” and others such as “Authors” or “Year”."
        )


def _read_sheet(rows: Iterator[Row], numbers: Iterator[int], log: IssueLog) -> Iterator[Record] | None:
    """The records of a sheet, or None where it holds no headings of references."""
    top = list(islice(rows, SEARCHED))
    if any(len(row.cells) > MOST_COLUMNS for row in top):
        raise UnreadableFile(f"{log.file} has more than {MOST_COLUMNS:,} columns; it was not read.")
    for place, row in enumerate(top):
        if is_heading_row(row.cells):
            return _records_as_rows(row.cells, chain(top[place + 1 :], rows), numbers, log)
    return _fields_as_rows(chain(top, rows), numbers) if _is_turned(top) else None


def _records_as_rows(
    headings: list[str], rows: Iterable[Row], numbers: Iterator[int], log: IssueLog
) -> Iterator[Record]:
    twice = repeated(headings)
    if twice:
        raise UnreadableFile(f"{log.file} has the column “{twice}” more than once; keep one of them.")
    columns = columns_of(headings)
    glued = "item title" in map(normal, headings)
    for row in rows:
        cells = [cell.strip() for cell in row.cells]
        if row.cells == headings:  # several exports in one file
            continue
        if len(cells) == 1 and len(headings) > 2 and 0 not in columns["title"]:
            log.warning("the line is no record: it has words in its first column alone", line=row.number)
            continue
        number = next(numbers)
        if any(cells[len(headings) :]):
            message = (
                f"the row has {len(cells)} cells and the headings {len(headings)}; check quotes and commas"
            )
            log.warning(message, record=number, line=row.number)
        values = {
            field: [
                _without_formula(cells[place])
                for place in places
                if place < len(cells) and cells[place] not in NO_VALUE
            ]
            for field, places in columns.items()
        }
        if glued:
            values["authors"] = [GLUED.sub("; ", names) for names in values["authors"]]
        named = zip_longest(headings, cells, fillvalue="")
        raw = tuple(
            (heading or f"column {place}", cell) for place, (heading, cell) in enumerate(named, 1) if cell
        )
        yield to_record(values, raw, number, row.number)


def _without_formula(cell: str) -> str:
    """The text of a cell that is written as a formula so that a spreadsheet keeps its noughts: ="00788562"."""
    return cell[2:-1] if cell.startswith('="') and cell.endswith('"') else cell


def _is_turned(top: list[Row]) -> bool:
    """Whether the first cells of the rows are names of fields, the title among them, in at least half the rows."""
    names = [normal(row.cells[0]) for row in top if row.cells]
    known = [name for name in names if name in FIELD_OF]
    return "title" in known and len(set(known)) >= 3 and len(known) * 2 >= len(names)


def _fields_as_rows(rows: Iterable[Row], numbers: Iterator[int]) -> Iterator[Record]:
    """Records of a table that is turned round; the first known field begins each."""
    start = ""
    current: list[tuple[str, str]] = []
    line = 0
    for row in rows:
        name = normal(row.cells[0])
        start = start or (name if name in FIELD_OF else "")
        if name == start:
            if current:
                yield _turned_record(current, next(numbers), line)
            current, line = [], row.number
        if start:
            current.append(
                (row.cells[0].strip(), "; ".join(cell.strip() for cell in row.cells[1:] if cell.strip()))
            )
    yield _turned_record(current, next(numbers), line)


def _turned_record(pairs: list[tuple[str, str]], number: int, line: int) -> Record:
    columns = columns_of([name for name, _ in pairs])
    values = {
        field: [pairs[place][1] for place in places if pairs[place][1]] for field, places in columns.items()
    }
    return to_record(values, tuple(pairs), number, line)


def to_record(
    values: dict[str, list[str]], raw: tuple[tuple[str, str], ...], number: int, line: int
) -> Record:
    """The neutral record of one row; ``values`` holds what its cells say of each field, the best first."""

    def text(field: str) -> str:
        return first(values[field])

    serial = " ; ".join(values["isbn"] + values["issn"])
    return Record(
        number=number,
        line=line,
        reference_type=from_words(text("type")),
        title=text("title"),
        authors=split_authors((values["authors"] or values["editors"])[:1]),
        year=year_in(values["year"] + values["date"]),
        date=first(values["date"] + values["year"]),
        container=text("container"),
        publisher=text("publisher"),
        volume=text("volume"),
        issue=text("issue"),
        pages=page_range(text("pages"))
        or page_range(text("first_page"), text("last_page"))
        or text("article_number"),
        doi=next((doi for doi in map(normalise_doi, values["doi"] + values["url"]) if doi), ""),
        isbn=normalise_isbn(serial),
        issn=normalise_issn(serial),
        pmid=next((pmid for pmid in map(normalise_pmid, values["pmid"]) if pmid), "")
        or labelled_pmid(values["url"])
        or noted_pmid(values["notes"]),
        url=url_in(values["url"]),
        abstract="\n".join(values["abstract"][:1]),
        keywords=split_keywords(values["keywords"], packed=True),
        language=text("language"),
        notes="\n".join(values["notes"]),
        raw=raw,
    )

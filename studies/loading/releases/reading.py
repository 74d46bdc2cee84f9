"""Read a file of official statistics: every sheet that holds a table, the headings found, notes left aside."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby, islice
from statistics import median

from ..delimited import DELIMITERS, read_rows, text_lines
from ..detect import detect
from ..encodings import detect_encoding
from ..issues import Issue, UnusableFile
from ..layout import workbook_kind
from ..records import IssueLog
from ..workbooks import SheetRow, read_workbook
from .headings import Place, find_table, letter


MOST_COLUMNS = 300
"""Columns of one table. A mapping names each, and nobody would read a page of more."""

MOST_ROWS = 250_000
"""Rows of one sheet; they are held in memory. A release by local authority and year has a few thousand."""


@dataclass(frozen=True, slots=True)
class DataRow:
    """One row of figures. `line` is the line of the file or the row of the sheet; one cell a heading."""

    line: int
    cells: list[str]


@dataclass
class ReleaseTable:
    """The table of one sheet ("" for a text file).

    `titles` are the words above the headings, `left_out` the lines below them that hold no figure, `numeric` the
    headings whose cells are numbers and symbols. Headings that stand more than once are in `twice`.
    """

    file: str
    sheet: str
    heading_line: int
    headings: list[str]
    rows: list[DataRow]
    titles: list[str] = field(default_factory=list)
    left_out: list[int] = field(default_factory=list)
    numeric: set[str] = field(default_factory=set)
    twice: dict[str, list[str]] = field(default_factory=dict)

    @property
    def where(self) -> str:
        """The file, and the sheet where there is one."""
        return f"{self.file}, sheet {self.sheet}" if self.sheet else self.file

    def twice_in_words(self) -> str:
        """Which headings stand more than once, and where; "" where none does."""
        return "; ".join(
            f"the column “{heading}” stands more than once ({' and '.join(letters)})"
            for heading, letters in self.twice.items()
        )

    def column(self, heading: str) -> list[str]:
        """The cells below a heading."""
        place = self.headings.index(heading)
        return [row.cells[place] for row in self.rows]


@dataclass
class Release:
    """A file of official statistics: its tables, the one with most figures first, and the sheets without one."""

    name: str
    format: str
    encoding: str
    sha256: str
    size: int
    tables: list[ReleaseTable]
    unused: list[str] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)


def read_release(name: str, content: bytes) -> Release:
    """Read a CSV, XLSX or ODS of official statistics.

    Raises `UnusableFile` where no sheet holds headings with rows of figures below them, or a table is too large.
    """
    log = IssueLog(name)
    if content[:4] == b"PK\x03\x04":
        kind, encoding = workbook_kind(name, content), ""
        sheets = groupby(read_workbook(content, kind, name), key=lambda row: row.sheet)
    else:
        detect(content, name, "csv")
        kind, encoding = "csv", detect_encoding(content)
        sheets = groupby(_text_rows(content, encoding, log), key=lambda row: row.sheet)
    release = Release(
        name, f"release, {kind}", encoding, hashlib.sha256(content).hexdigest(), len(content), []
    )
    for sheet, given in sheets:
        table = _table_of(name, sheet, list(islice(given, MOST_ROWS + 1)), log, is_text=kind == "csv")
        if table is None:
            release.unused.append(sheet)
        else:
            release.tables.append(table)
    if not release.tables:
        raise UnusableFile(f"{name} holds no headings with rows of figures below them.")
    release.tables.sort(key=lambda table: -len(table.rows) * len(table.numeric))
    release.issues = log.issues
    return release


def _text_rows(content: bytes, encoding: str, log: IssueLog) -> Iterator[SheetRow]:
    head = list(islice(text_lines(content[: 1 << 20], encoding, IssueLog(log.file)), 100))

    def typical_width(delimiter: str) -> float:
        widths = [len(cells) for _, cells in read_rows(head, delimiter, IssueLog(log.file))]
        return median(widths) if widths else 0

    delimiter = max(DELIMITERS, key=typical_width)
    for line, cells in read_rows(text_lines(content, encoding, log), delimiter, log):
        yield SheetRow("", line, [cell.strip() for cell in cells])


def _table_of(
    name: str, sheet: str, rows: list[SheetRow], log: IssueLog, *, is_text: bool
) -> ReleaseTable | None:
    """The table of a sheet, or None where it holds none."""
    where = f"{name}, sheet {sheet}" if sheet else name
    if len(rows) > MOST_ROWS:
        raise UnusableFile(f"{where} has more than {MOST_ROWS:,} rows; divide it, for instance by year.")
    widest = max(len(row.cells) for row in rows)
    if widest > MOST_COLUMNS and is_text:  # one text is one table; a workbook may have others
        raise UnusableFile(f"{where} has {widest:,} columns; a release may have {MOST_COLUMNS}.")
    place = find_table(rows)
    if place is None:
        return None
    if len(place.headings) > MOST_COLUMNS:
        raise UnusableFile(f"{where} has {len(place.headings):,} columns; a release may have {MOST_COLUMNS}.")
    table = ReleaseTable(
        name, sheet, rows[place.first - 1].number, place.headings, [], titles=_titles(rows, place)
    )
    for heading in {one for one in place.headings if place.headings.count(one) > 1}:
        table.twice[heading] = [letter(n) for n, one in enumerate(place.headings) if one == heading]
    table.numeric = {place.headings[n] for n in place.numeric if n < len(place.headings)}
    last, second, beyond = 0, 0, 0
    for row in rows[place.first :]:
        is_data = place.is_data(row.cells)
        last = row.number if is_data else last
        if second:
            beyond += is_data
        elif not is_data and last and row.number > last + 1 and place.is_another_heading(row.cells):
            second = row.number
        elif not is_data:
            table.left_out.append(row.number)
        elif _fits(row, place, where, log, is_text=is_text):
            cells = row.cells[: len(place.headings)]
            table.rows.append(DataRow(row.number, cells + [""] * (len(place.headings) - len(cells))))
    if beyond:
        message = (
            f"another table begins in line {second}, with other headings; its {beyond:,} "
            f"{'row of figures is' if beyond == 1 else 'rows of figures are'} not read. "
            "Put it on a sheet of its own"
        )
        log.issues.append(Issue("warning", where, "", second, "", "", message))
    elif second:
        table.left_out.append(second)
    return table


def _titles(rows: list[SheetRow], place: Place) -> list[str]:
    """The words above the headings, row by row."""
    return [" ".join(filter(None, row.cells))[:500] for row in rows[: place.first - place.depth]]


def _fits(row: SheetRow, place: Place, where: str, log: IssueLog, *, is_text: bool) -> bool:
    """Whether a row has as many cells as there are headings; if not, it is named. Blank cells at an end may lack."""
    width = len(place.headings)
    beyond = any(row.cells[width:])
    if beyond or (is_text and len(row.cells) < width):
        message = f"the row has {len(row.cells)} cells and the headings {width}; check quotes and commas"
        log.issues.append(Issue("error", where, "", row.number, "", row.cells[0][:120], message))
        return False
    return True

"""Find a table of the evidence base among the rows of a text or of a sheet, and say what was left out around it.

People write a title and notes above a table and more of them below, leave columns empty and copy the headings once
more. None of that is a record, and none of it is passed over in silence.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain, islice

from .heavy_parts import MOST_ROWS
from .issues import Issue, UnusableFile
from .schema import TABLES, Table, heading_name, table_with_columns


MOST_COLUMNS = 200
"""More headings than any table has several times over: a sheet beyond it is not an evidence table."""

HEADING_SEARCH = 30
"""Rows that are searched for the headings, so that a title and notes may stand above them."""

MOST_LINES_NAMED = 20

Numbered = tuple[int, list[str]]
"""The line of a text or the row of a sheet, and its cells."""


@dataclass(frozen=True)
class RawRow:
    """One record as it stands: heading → text, and where it stands."""

    file: str
    line: int
    cells: dict[str, str]


@dataclass
class Found:
    """A table, and its rows. `fault` says what its headings lack to be those of the table; "" where nothing."""

    table: Table
    heading_line: int
    headings: list[str]
    rows: list[RawRow] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    fault: str = ""


def find_table(
    rows: Iterable[Numbered], where: str, *, is_text: bool, table: Table | None = None
) -> Found | None:
    """The table in the rows, which hold no blank row; None where none is like one of ours.

    A text has as many cells in every row as headings; a sheet may leave out blank ones. `table` is known from the
    file's name in a folder. Raises `UnusableFile` for a heading that stands twice, and for too many rows or columns.
    """
    rest = iter(rows)
    head = list(islice(rest, HEADING_SEARCH))
    place = _heading_place(head, table)
    if place is None:
        return None
    line, cells = head[place]
    headings = without_blank_end([heading_name(cell) for cell in cells])
    refuse_odd_headings(headings, where)
    named = [heading for heading in headings if heading]
    whole = table_with_columns(named)
    nearest = table or whole or nearest_table(named)
    found = Found(nearest, line, named)
    if whole is not nearest:
        found.fault = heading_fault(named, nearest)
    _Rows(found, where, headings, is_text).take(chain(head[place + 1 :], rest))
    return found


def _heading_place(head: list[Numbered], table: Table | None) -> int | None:
    """Index of the row that holds a table's headings, else of the one that is most like it."""
    likeness = []
    for index, (_, cells) in enumerate(head):
        headings = [heading_name(cell) for cell in cells if cell.strip()]
        if table_with_columns(headings) is not None:
            return index
        likeness.append(_likeness(headings, table))
    best = max(likeness, default=0)
    if best >= ALIKE:
        return likeness.index(best)
    return 0 if table is not None and head else None


ALIKE = 0.5
"""Share of a table's needed headings from which a row is taken for its headings with a mistake."""


def _likeness(headings: list[str], table: Table | None) -> float:
    """The largest share of the needed headings of a table that are there; 0 where these are too few to be meant."""
    given = set(headings)
    shares = [
        len(given & _needed(one)) / len(_needed(one))
        for one in ([table] if table else TABLES)
        if table or len(given & _needed(one)) > 1
    ]
    return max(shares, default=0.0)


def _needed(table: Table) -> set[str]:
    return {column.name for column in table.columns if not column.optional}


def is_meant(headings: Iterable[str]) -> bool:
    """Whether headings are meant to be those of a table: all that names its records, and half of what it needs.

    Fewer than three are not enough: releases of official statistics have codes and names of areas as well.
    """
    given = {heading_name(heading) for heading in headings}
    shared = ((one, len(given & _needed(one))) for one in TABLES if set(one.key) <= given)
    return any(number >= max(3, ALIKE * len(_needed(one))) for one, number in shared)


def nearest_table(headings: list[str]) -> Table:
    """The table that shares most headings."""
    return max(TABLES, key=lambda one: len(set(headings) & set(one.column_names)))


def heading_fault(headings: list[str], table: Table) -> str:
    """What headings lack to be those of a table, or have beyond them, and its columns; "" where nothing."""
    missing = [column.name for column in table.columns if column.name not in headings and not column.optional]
    unknown = [heading for heading in headings if heading not in table.column_names]
    if not missing and not unknown:
        return ""
    said = [f"lacks {', '.join(missing)}"] if missing else []
    said += [f"has the unknown column {', '.join(map(repr, unknown))}"] if unknown else []
    return f"{' and '.join(said)}; its columns are {', '.join(table.column_names)}"


def without_blank_end(cells: list[str]) -> list[str]:
    """The cells without spaces around them, up to the last that holds something."""
    texts = [cell.strip() for cell in cells]
    while texts and not texts[-1]:
        texts.pop()
    return texts


def refuse_odd_headings(headings: list[str], name: str) -> None:
    """A heading that stands twice, or far too many of them, makes the whole file unusable."""
    if len(headings) > MOST_COLUMNS:
        raise UnusableFile(f"{name} has {len(headings)} columns; no table of the evidence base has so many.")
    twice = sorted({heading for heading in headings if heading and headings.count(heading) > 1})
    if twice:
        raise UnusableFile(f"{name} has the column {twice[0]!r} more than once.")


class _Rows:
    """Takes the rows below the headings."""

    def __init__(self, found: Found, where: str, headings: list[str], is_text: bool) -> None:
        self.found, self.where, self.headings, self.is_text = found, where, headings, is_text
        self.named = [(n, heading) for n, heading in enumerate(headings) if heading]
        self.waiting: list[Numbered] = []
        """Rows of words in one cell; if no record follows, they are notes below the table."""

    def take(self, rows: Iterator[Numbered]) -> None:
        again = []
        for count, (line, cells) in enumerate(rows, start=1):
            if count > MOST_ROWS:
                raise UnusableFile(f"{self.where} has more than {MOST_ROWS:,} rows; divide it.")
            if is_note(cells):
                self.waiting.append((line, cells))
            elif without_blank_end([heading_name(cell) for cell in cells]) == self.headings:
                again.append(line)
            else:
                for one in self.waiting:
                    self._take_row(*one)
                self.waiting.clear()
                self._take_row(line, cells)
        self._tell("the headings stand here again, and these rows were left out", again)
        notes = [line for line, _ in self.waiting]
        self._tell("rows below the table with words in one cell only are notes, and were left out", notes)

    def _take_row(self, line: int, cells: list[str]) -> None:
        width = len(self.headings)
        if len(cells) > width:  # spreadsheets write out empty columns to the right of a table
            cells = cells[:width] + without_blank_end(cells[width:])
        if len(cells) > width or (self.is_text and len(cells) < width):
            message = f"the row has {len(cells)} cell{'s' * (len(cells) != 1)} and the heading {width}; check quotes and commas"
            self._refuse(line, cells, message)
            return
        texts = cells + [""] * (width - len(cells))
        stray = next((n for n, heading in enumerate(self.headings) if not heading and texts[n].strip()), None)
        if stray is not None:
            message = (
                f"cell {stray + 1} of the row stands in a column without a heading; give it one, or empty it"
            )
            self._refuse(line, cells, message, texts[stray])
            return
        self.found.rows.append(RawRow(self.where, line, {heading: texts[n] for n, heading in self.named}))

    def _refuse(self, line: int, cells: list[str], message: str, value: str = "") -> None:
        record = next(filter(None, cells), "")[:120]
        self.found.issues.append(Issue("error", self.where, record, line, "", value, message))

    def _tell(self, message: str, lines: list[int]) -> None:
        if lines:
            named = ", ".join(map(str, lines[:MOST_LINES_NAMED]))
            more = " and more" if len(lines) > MOST_LINES_NAMED else ""
            said = f"{message}: line {named}{more}"
            self.found.issues.append(Issue("warning", self.where, "", lines[0], "", "", said))


def is_note(cells: list[str]) -> bool:
    """Whether a row is words in one cell. No record is so short, and an identifier has no spaces."""
    filled = [cell.strip() for cell in cells if cell.strip()]
    return len(filled) == 1 and " " in filled[0]

"""Where the headings of a sheet stand, and what they say when several rows of them are joined.

Published sheets have titles, notes and a source above the table, headings in up to five rows with merged cells, and
notes, a second table or hidden rows below. Nothing marks where the figures begin but the figures themselves.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from ..workbooks import SheetRow
from .cells import Kind, read_cell


HEADING_SEARCH = 80
"""Rows from the top in which the first row of figures is looked for."""

DEEPEST = 5
"""Rows of headings that are joined at most."""

SAMPLE = 1_000
"""Rows by which a column is judged to hold figures."""

AREA = re.compile(r"[EWSNK][0-9]{8}\Z")
"""An official code of an area."""

YEAR = re.compile(r"(?:19|20)[0-9]{2}(?:[-/–]?[0-9]{2})?\Z")


@dataclass(frozen=True)
class Place:
    """`first` is the index of the first row of figures, `depth` how many rows of headings stand above it."""

    first: int
    depth: int
    headings: list[str]
    numeric: list[int]

    def is_data(self, cells: Sequence[str]) -> bool:
        """Whether a row holds a number or a symbol in a column of figures, or a sign nobody knows beside an area."""
        kinds = {read_cell(cells[n]).kind for n in self.numeric if n < len(cells)}
        if kinds & {Kind.NUMBER, Kind.SYMBOL}:
            return True
        return Kind.OTHER in kinds and any(map(AREA.match, cells))

    def is_another_heading(self, cells: Sequence[str]) -> bool:
        """Whether a row without figures has words over most columns of figures, and others than the headings here."""
        words = [n for n in self.numeric if n < len(cells) and read_cell(cells[n]).kind is Kind.OTHER]
        if 2 * len(words) < len(self.numeric) or sum(map(bool, cells)) < 2:
            return False
        return any(_plain(cells[n]) not in _plain(self.headings[n]) for n in words if n < len(self.headings))


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def find_table(rows: list[SheetRow]) -> Place | None:
    """Where the table of a sheet stands; None where there are no headings with figures below them."""
    numeric = _numeric_columns(rows)
    first = _first_of_figures(rows, set(numeric))
    if first is None or first == 0:
        return None
    block = _heading_block(rows, first)
    width = max(
        max(len(row.cells) for row in block), *(len(row.cells) for row in islice(rows, first, first + SAMPLE))
    )
    headings = join_headings([row.cells for row in block], width)
    while headings and not headings[-1] and not any(row.cells[len(headings) - 1 :] for row in rows[first:]):
        headings.pop()
    named = sum(map(bool, headings))
    if named < 2 or named * 2 < len(headings):
        return None
    headings = [heading or f"column {letter(n)}" for n, heading in enumerate(headings)]
    return Place(first, len(block), headings, numeric)


def letter(index: int) -> str:
    """The name of a column in a spreadsheet, from 0: A, B, … Z, AA."""
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(65 + rest) + name
    return name


def _numeric_columns(rows: list[SheetRow]) -> list[int]:
    """Columns in which, from the first number or symbol on, at least half of the cells are such."""
    figures: dict[int, int] = {}
    others: dict[int, int] = {}
    numbers: set[int] = set()
    for row in islice(rows, SAMPLE):
        for n, text in enumerate(row.cells):
            kind = read_cell(text).kind
            if kind in (Kind.NUMBER, Kind.SYMBOL):
                figures[n] = figures.get(n, 0) + 1
                if kind is Kind.NUMBER:
                    numbers.add(n)
            elif kind is Kind.OTHER and n in figures:
                others[n] = others.get(n, 0) + 1
    found = [n for n in sorted(figures) if figures[n] >= others.get(n, 0)]
    return found if numbers & set(found) else []


def _first_of_figures(rows: list[SheetRow], numeric: set[int]) -> int | None:
    """Index of the first row with a figure that is not itself a heading of years."""
    for index, row in enumerate(rows[:HEADING_SEARCH]):
        figures = [
            text
            for n, text in enumerate(row.cells)
            if n in numeric and read_cell(text).kind in (Kind.NUMBER, Kind.SYMBOL)
        ]
        others = [
            text for n, text in enumerate(row.cells) if n in numeric and read_cell(text).kind is Kind.OTHER
        ]
        if not figures or len(others) > len(figures):
            continue
        years = all(YEAR.match(text.strip()) for text in figures)
        if years and not _has_headings_above(rows, index):
            continue
        return index
    return None


def _has_headings_above(rows: list[SheetRow], index: int) -> bool:
    """Whether the row before names every column that this row fills."""
    if index == 0:
        return False
    above = rows[index - 1].cells
    return all(n < len(above) and above[n] for n, text in enumerate(rows[index].cells) if text)


def _heading_block(rows: list[SheetRow], first: int) -> list[SheetRow]:
    """The rows of headings above the first row of figures, the topmost first."""
    block = [rows[first - 1]]
    data = {n for row in rows[first : first + SAMPLE] for n, text in enumerate(row.cells) if text}
    for row in reversed(rows[max(0, first - DEEPEST) : first - 1]):
        if row.number != block[0].number - 1:
            break
        filled = {n for n, text in enumerate(row.cells) if text}
        missing = data - {n for one in block for n, text in enumerate(one.cells) if text}
        # Above complete headings only groups of columns belong to them, and those do not begin at the left.
        if not (filled & missing and len(filled) > 1) and not (filled and 0 not in filled):
            break
        block.insert(0, row)
    return block


def join_headings(block: list[list[str]], width: int) -> list[str]:
    """One heading a column: cells joined downwards, blanks of upper rows filled rightwards as merged cells are."""
    laid = []
    for depth, cells in enumerate(block):
        texts = [" ".join(text.split()) for text in cells] + [""] * (width - len(cells))
        if depth < len(block) - 1:
            below = [any(n < len(lower) and lower[n] for lower in block[depth + 1 :]) for n in range(width)]
            for n in range(1, width):
                if not texts[n] and below[n]:
                    texts[n] = texts[n - 1]
        laid.append(texts)
    return [" / ".join(dict.fromkeys(filter(None, (row[n] for row in laid)))) for n in range(width)]

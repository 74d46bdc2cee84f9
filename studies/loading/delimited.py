"""Rows of delimited text (CSV, TSV, semicolons), where one bad row costs only itself.

RFC 4180 is read strictly, because a quotation mark that is never closed makes a lenient reader take the rest of
the file for one cell. A row that breaks the rules is named with its line, and reading goes on with the next line.

Programs that write tabs mostly do not quote at all, and their cells may begin with a quotation mark. Where a line has
as many cells as the rows before it, and the rules of quoting would refuse it or join it to others, it is taken as it
stands.
"""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterable, Iterator

from .encodings import Content, line_ending, numbered_lines, physical_lines
from .records import IssueLog


DELIMITERS = (",", ";", "\t", "|")

csv.field_size_limit(max(csv.field_size_limit(), 1_000_000))

MOST_RESTARTS = 1_000
"""Bad rows after which reading stops: every one means going over lines again, and the file is no table."""


def text_lines(content: Content, encoding: str, log: IssueLog) -> Iterator[tuple[int, str]]:
    """Numbered lines of a table. A Unicode separator stands inside cells, unless there are no other line ends."""
    reads = numbered_lines if line_ending(content, encoding) == "U+2028" else physical_lines
    return reads(content, encoding, log)


def read_rows(
    lines: Iterable[tuple[int, str]], delimiter: str, log: IssueLog
) -> Iterator[tuple[int, list[str]]]:
    """The line on which each row begins, and its cells; blank rows are left out."""
    source = _Lines(lines)
    restarts = width = 0
    while restarts < MOST_RESTARTS:
        reader = csv.reader(source, delimiter=delimiter, strict=True)
        try:
            for cells in reader:
                if delimiter == "\t" and source.joined and len(cells) != width == source.width_as_it_stands:
                    break  # a mark at the start of a cell has taken the next rows for its text
                begins = source.begin_next()
                if any(cell.strip() for cell in cells):
                    width = max(width, len(cells))
                    yield begins, cells
            else:
                return
        except csv.Error as error:
            if delimiter != "\t" or source.width_as_it_stands != width:
                begins, text = source.go_back()
                log.error(f"the row cannot be read: {_meaning(error)}", line=begins, value=text)
                restarts += 1
                continue
        begins, text = source.go_back()
        yield begins, [_unquoted(cell) for cell in text.split("\t")]
    log.error("too many rows cannot be read; the rest was left out", line=source.first)


def _unquoted(cell: str) -> str:
    """A cell without the marks around it, where these are the only lone ones."""
    inside = cell[1:-1]
    if len(cell) > 1 and cell[0] == cell[-1] == '"' and '"' not in inside.replace('""', ""):
        return inside.replace('""', '"')
    return cell


def _meaning(error: csv.Error) -> str:
    if "field larger" in str(error):
        return "a cell is far too long, or a quotation mark is never closed"
    return "a quotation mark stands alone or inside a cell without being doubled"


class _Lines:
    """Lines for the csv module that can be given again from the line after a bad one."""

    def __init__(self, lines: Iterable[tuple[int, str]]) -> None:
        self.source = iter(lines)
        self.again: deque[tuple[int, str]] = deque()
        self.row: list[tuple[int, str]] = []
        self.first = 1

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self.again.popleft() if self.again else next(self.source)
        self.row.append(line)
        return line[1] + "\n"

    @property
    def joined(self) -> bool:
        """Whether the row being read has taken more than one line."""
        return len(self.row) > 1

    @property
    def width_as_it_stands(self) -> int:
        """How many cells the first line of the row being read has where nothing is quoted, divided by tabs."""
        return self.row[0][1].count("\t") + 1 if self.row else 0

    def begin_next(self) -> int:
        """The line on which the row just read began; the next row begins after what was given."""
        self.first = self.row[0][0]
        self.row.clear()
        return self.first

    def go_back(self) -> tuple[int, str]:
        """The line on which the bad row began; what followed it will be given again."""
        self.first, text = self.row[0]
        self.again.extendleft(reversed(self.row[1:]))
        self.row.clear()
        return self.first, text

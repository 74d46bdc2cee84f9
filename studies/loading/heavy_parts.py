"""Whether the parts of a packed workbook are rows of a table, before any of them is read as XML.

A file of one megabyte may unpack to a gigabyte. Where that is a million rows, they pass one after the other; where it
is one cell, one row of ten million cells or a list of as many texts, the parsers of XML hold all of it at once, which
takes up to thirty times as much memory. Bytes are looked at here, piece by piece, and nothing is held.
"""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass

from .issues import UnusableFile


LONGEST_STRETCH = 8 * 2**20
"""Bytes between two rows, or two texts. All that stands beside the rows of published workbooks is far smaller."""

MOST_ROWS = 1_048_576
"""Rows of one part; the last row that Excel has."""

MOST_TEXTS = 4_000_000
"""Different texts of a workbook: those of 100,000 findings are about a million."""

PIECE = 2**20
LONGEST_TAG = 64

RECORD = re.compile(rb"<(?:[\w.-]{1,40}:)?(row|table-row|si)[\s/>]")
FORMULA = re.compile(rb"<(?:[\w.-]{1,40}:)?f[\s/>]")


class HeavyPart(UnusableFile):
    """A part of the workbook would take far more memory than any table; the message names it."""


@dataclass
class Weighed:
    """What was seen: whether any cell has a formula."""

    formulas: bool = False


def weigh(packed: zipfile.ZipFile, filename: str) -> Weighed:
    """Look at the bytes of every part that may be XML. Raises `HeavyPart`."""
    seen = Weighed()
    for part in packed.infolist():
        if not _weigh_part(packed, part, seen):
            raise HeavyPart(
                f"{filename} is unsafe: its part {part.filename[:100]} unpacks to more than the rows of any table; "
                "it was not read."
            )
    return seen


def _weigh_part(packed: zipfile.ZipFile, part: zipfile.ZipInfo, seen: Weighed) -> bool:
    """Whether a part may be parsed."""
    with packed.open(part) as opened:
        buffer = opened.read(PIECE)
        if not _may_be_xml(buffer):
            return True
        stretch, before, counts, hidden = 0, 0, {b"row": 0, b"table-row": 0, b"si": 0}, False
        while buffer:
            last = -1
            for found in RECORD.finditer(buffer):
                if found.end() > before:  # what lies in the piece before was counted with it
                    counts[found[1]] += 1
                    last = found.end()
            stretch = len(buffer) - last if last >= 0 else stretch + len(buffer) - before
            hidden = hidden or b"<!" in buffer
            seen.formulas = seen.formulas or FORMULA.search(buffer) is not None
            if max(counts[b"row"], counts[b"table-row"]) > MOST_ROWS or counts[b"si"] > MOST_TEXTS:
                return False
            # In a comment or quoted text a row is none, so that such a part may only be as long as one stretch.
            if stretch > LONGEST_STRETCH or (hidden and part.file_size > LONGEST_STRETCH):
                return False
            tail = buffer[-LONGEST_TAG:]
            piece = opened.read(PIECE)
            buffer, before = (tail + piece, len(tail)) if piece else (b"", 0)
    return True


def _may_be_xml(head: bytes) -> bool:
    """Pictures, macros and embedded files are no XML; nothing parses them."""
    start = head[:200].lstrip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n")
    return start.startswith(b"<")

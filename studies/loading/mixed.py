"""Several formats in one file, as when exports of two databases were pasted together.

One format is read; where another one begins is said as an error, because what it holds would be lost unseen.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from .encodings import WIDE, Content, as_single_line_ends
from .format_names import FORMATS
from .records import IssueLog


# What begins a record at the start of a line: the bytes to look for, and the whole sign that must stand there.
SIGNS: dict[str, tuple[bytes, re.Pattern[bytes]]] = {
    "ris": (b"TY  - ", re.compile(rb"TY  - [A-Z]{3,}\s")),
    "nbib": (b"PMID- ", re.compile(rb"PMID- \d+\s")),
    "bibtex": (
        b"@",
        re.compile(
            rb"@(?:article|book|in(?:book|collection|proceedings)|misc|phdthesis|\w*report|online|unpublished)\s*"
            rb"\{[^\s,{}=\"]*,",
            re.IGNORECASE,
        ),
    ),
    "refer": (b"%0 ", re.compile(rb"%0 [A-Z][A-Za-z ]+\s")),
    "wos": (b"PT ", re.compile(rb"PT [BCJPS]\s")),
    "endnote-xml": (b"<", re.compile(rb"<(?:\?xml\b[^>]*>\s*<)?xml>\s*<records>")),
    "csl-json": (b"[", re.compile(rb"\[\s*\{\s*\"(?:id|type|title|DOI)\"\s*:")),
}
# Some tools write "PMID- 123" among the tags of RIS, where it is read as a value; behind "ER  -" it begins a record.
WITHIN_RIS = re.compile(rb"(?:\A|[\r\n])(?!ER)[A-Z][A-Z0-9]  - [^\r\n]*(?:\r\n|\r|\n)\Z")
LONGEST_BEFORE = 4_000

TABLES = ("csv", "xlsx", "ods")
LINE_ENDS = (b"\n", b"\r")
LARGEST_WIDE = 64 * 2**20
"""Bytes of a file in UTF-16 that is brought to another encoding for this only."""

MOST_HITS = 10_000


def count_signs(text: bytes, formats: Iterable[str]) -> dict[str, int]:
    """How many records of each format begin in a text."""
    return {name: sum(1 for _ in _places(text, name)) for name in formats if name in SIGNS}


def report_other_formats(content: Content, encoding: str, chosen: str, log: IssueLog) -> None:
    """An error for each format other than the chosen one of which a record begins in the file."""
    if chosen in TABLES:
        return  # their cells hold anything
    if encoding in WIDE and len(content) > LARGEST_WIDE:
        return
    source = as_single_line_ends(content, encoding)
    for name in SIGNS:
        places = _places(source, name) if name != chosen else iter(())
        if (chosen, name) == ("ris", "nbib"):
            places = (one for one in places if not _is_within_ris(source, one))
        place = next(places, -1)
        if place >= 0:
            head = source[:place]
            line = 1 + (head.count(b"\n") or head.count(b"\r"))
            message = (
                f"here the file holds {FORMATS[name]}, of which nothing was read, since the rest is {FORMATS[chosen]}; "
                "divide it into files of one format each"
            )
            log.error(message, line=line)


def _is_within_ris(source: Content, place: int) -> bool:
    """Whether the line before a place is a tag of a RIS record that goes on."""
    return WITHIN_RIS.search(source[max(0, place - LONGEST_BEFORE) : place]) is not None


def _places(source: Content, name: str) -> Iterator[int]:
    """Where records of a format begin, the first ones."""
    needle, sign = SIGNS[name]
    if sign.match(source):
        yield 0
    for end in LINE_ENDS:
        place = source.find(end + needle)
        hits = 0
        while place >= 0 and hits < MOST_HITS:
            if sign.match(source, place + 1):
                yield place + 1
            hits += 1
            place = source.find(end + needle, place + 1)

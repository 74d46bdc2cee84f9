"""Rows of a table that is a text: which encoding, which delimiter, and every row that can be read.

No character is changed: what does not belong into a cell is refused where its column is known. The encodings and the
reading of rows are those of tables of references.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from itertools import chain, islice

from .delimited import DELIMITERS, read_rows
from .detect import SIGNATURES, is_locked
from .encodings import CODECS, LINE_END, MARKS, detect_encoding, is_utf8
from .issues import Issue, UnusableFile
from .records import IssueLog
from .schema import TABLES, heading_name
from .table_search import HEADING_SEARCH


CALLED = {"utf-8-sig": "utf-8", "utf-16-le": "utf-16", "utf-16-be": "utf-16"}
SEPARATOR_LINE = re.compile(r'"?sep=(.)"?\s*\Z', re.IGNORECASE)
"""The first line by which Excel is told the delimiter."""

MOST_CONTROLS = 0.01
"""Share of control characters from which a file is no text."""

KNOWN = {column for table in TABLES for column in table.column_names}


def encoding_of(content: bytes, name: str) -> str:
    """The encoding of a text, for reports. Raises `UnusableFile` with what the file is, where it is none."""
    if not content.strip(b"\xef\xbb\xbf \t\r\n\x0c"):
        raise UnusableFile(f"{name} is empty.")
    if is_locked(content):
        raise UnusableFile(f"{name} is protected by a password; save it without one.")
    for signature, meaning in SIGNATURES:
        if content.startswith(signature):
            what, _, advice = meaning.partition("; ")
            usable = f"; {advice}" if advice and "references" not in advice else ""
            raise UnusableFile(f"{name} is {what}, not a table{usable}.")
    encoding = detect_encoding(content)
    head = content[: 1 << 16].decode(_codec(encoding), "replace")
    if head.lstrip("\ufeff \t\r\n").startswith("<"):
        raise UnusableFile(f"{name} is a web page or XML, not a table.")
    wide = encoding.startswith("utf-16") and not content.startswith(tuple(mark for mark, _ in MARKS))
    if "\0" in head or (wide and 2 * sum(map(str.isascii, head)) < len(head)):
        raise UnusableFile(f"{name} holds NUL characters: it is not a text table.")
    if sum(map(_is_control, head)) > MOST_CONTROLS * len(head):
        raise UnusableFile(f"{name} is not text but binary: no table can be read in it.")
    return CALLED.get(encoding, encoding)


def _codec(encoding: str) -> str:
    return CODECS.get(encoding, encoding)


def _is_control(character: str) -> bool:
    return character < " " and character not in "\t\r\n\x0c"


def read_text(name: str, content: bytes, issues: list[Issue]) -> Iterator[tuple[int, list[str]]]:
    """The line on which each row begins and its cells; blank rows are left out, unreadable ones go to `issues`."""
    encoding = detect_encoding(content)
    log = IssueLog(name, issues)
    if encoding == "utf-8" and not is_utf8(content):
        _tell_bad_lines(content, log)
    lines = _lines(content, encoding)
    head = list(islice(lines, HEADING_SEARCH))
    told = SEPARATOR_LINE.match(head[0][1]) if head else None
    if told:
        head.pop(0)
    delimiter = told[1] if told else max(DELIMITERS, key=lambda one: _headings_known(head, one))
    return read_rows(chain(head, lines), delimiter, log)


def _lines(content: bytes, encoding: str) -> Iterator[tuple[int, str]]:
    mark = next((mark for mark, name in MARKS if name == encoding and content.startswith(mark)), b"")
    raw = io.BytesIO(content)
    raw.seek(len(mark))
    text = io.TextIOWrapper(raw, encoding=_codec(encoding), errors="studies.windows-1252", newline=None)
    for number, line in enumerate(text, start=1):
        yield number, line.removesuffix("\n")


def _headings_known(head: list[tuple[int, str]], delimiter: str) -> int:
    """How many headings of our tables one of the first lines has when it is divided so."""
    rows = [cells for _, cells in read_rows(iter(head), delimiter, IssueLog(""))]
    return max((sum(heading_name(cell) in KNOWN for cell in cells) for cells in rows), default=0)


def _tell_bad_lines(content: bytes, log: IssueLog) -> None:
    for number, raw in enumerate(LINE_END.split(content), start=1):
        if not is_utf8(raw):
            message = "bytes that are not utf-8 were read as Windows-1252; check the accents on this line"
            log.warning(message, line=number)

"""The neutral form of a bibliographic reference, whatever file it came from.

A reader yields every record that it finds, also one without a title or a year; whether such a record may become
a source is for the checks that follow. What cannot be read as a record at all becomes an issue of severity
"error" with the line on which it begins, so that a file's records are always the yielded plus the named ones.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from .issues import Issue


@dataclass(frozen=True, slots=True)
class Record:
    """One reference as found in a file.

    number: place in the file, from 1.
    line: line on which it begins, from 1; for a sheet, the row.
    reference_type: a value of ``reference_types.TYPES``; "" where the file does not say.
    title, container, publisher, volume, issue, pages, language, notes: as in the file, on one line each, except
        that notes keep their paragraphs. ``container`` is the journal, book or series it stands in.
    authors: in order, family name first where the file tells the parts apart; bodies as they are written.
    year: first plausible year of the date, or None. date: the date as written.
    doi: bare and lower case. isbn: 13 digits. issn: with hyphen. pmid: digits. "" where absent or not valid.
    url: the first http(s) address. abstract: with its paragraphs. keywords: in order.
    raw: every tag and value of the record, in order; what no field above takes up is still here.
    """

    number: int
    line: int
    reference_type: str = ""
    title: str = ""
    authors: tuple[str, ...] = ()
    year: int | None = None
    date: str = ""
    container: str = ""
    publisher: str = ""
    volume: str = ""
    issue: str = ""
    pages: str = ""
    doi: str = ""
    isbn: str = ""
    issn: str = ""
    pmid: str = ""
    url: str = ""
    abstract: str = ""
    keywords: tuple[str, ...] = ()
    language: str = ""
    notes: str = ""
    raw: tuple[tuple[str, str], ...] = ()


@dataclass(slots=True)
class IssueLog:
    """The problems of one file, in the order in which they were met."""

    file: str
    issues: list[Issue] = field(default_factory=list)

    def warning(
        self, message: str, *, record: int = 0, line: int | None = None, name: str = "", value: str = ""
    ) -> None:
        """Something odd in a record that is taken all the same; ``name`` is the field or tag concerned."""
        self._add("warning", message, record, line, name, value)

    def error(
        self, message: str, *, record: int = 0, line: int | None = None, name: str = "", value: str = ""
    ) -> None:
        """A record, or a stretch of the file, that could not be read."""
        self._add("error", message, record, line, name, value)

    def _add(self, severity: str, message: str, record: int, line: int | None, name: str, value: str) -> None:
        number = str(record) if record else ""
        self.issues.append(Issue(severity, self.file, number, line, name, value, message))


@dataclass(frozen=True, slots=True)
class ReadResult:
    """What reading a file gives. ``records`` can be gone through once; ``issues`` is complete after that."""

    format: str
    encoding: str
    line_ending: str
    records: Iterator[Record]
    issues: list[Issue]

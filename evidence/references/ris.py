"""RIS, as its specification of 2011 has it: one value a line, CR LF, "TY" first and "ER" last."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from studies.loading.readers.markup import guarded_record
from studies.loading.records import Record


KINDS = {
    "article": "JOUR",
    "book": "BOOK",
    "chapter": "CHAP",
    "conference_paper": "CPAPER",
    "dataset": "DATA",
    "legal": "LEGAL",
    "news": "NEWS",
    "preprint": "UNPB",
    "report": "RPRT",
    "thesis": "THES",
    "web_page": "ELEC",
}
ANY_OTHER = "GEN"
IN_A_PERIODICAL = {"article", "news"}
ONE_RANGE = re.compile(r"([^\s-]+)-([^\s-]+)\Z")


def write_ris(entries: Iterable[tuple[str, Record]]) -> Iterator[str]:
    """The references of a file, one text each."""
    for key, given in entries:
        record = guarded_record(given)
        lines = [f"{tag}  - {_line(value)}" for tag, value in _tags(key, record) if _line(value)]
        yield "\r\n".join([*lines, "ER  - ", "", ""])


def _tags(key: str, record: Record) -> Iterator[tuple[str, str]]:
    yield "TY", KINDS.get(record.reference_type, ANY_OTHER)
    yield "ID", key
    yield from (("AU", name) for name in record.authors)
    yield "TI", record.title
    yield ("JF" if record.reference_type in IN_A_PERIODICAL else "T2"), record.container
    yield "PY", str(record.year or "")
    yield "DA", dated(record)
    yield "PB", record.publisher
    yield "VL", record.volume
    yield "IS", record.issue
    start, end = _pages(record.pages)
    yield "SP", start
    yield "EP", end
    yield "DO", record.doi
    yield "SN", record.isbn
    yield "SN", record.issn
    yield "AN", f"PMID: {record.pmid}" if record.pmid else ""
    yield "UR", record.url
    yield "LA", record.language
    yield from (("KW", keyword) for keyword in record.keywords)
    yield from (("N1", paragraph) for paragraph in record.notes.splitlines())
    yield "AB", record.abstract


def dated(record: Record) -> str:
    """The date, with its year behind it where it does not hold it; "" where it is no more than the year."""
    year = str(record.year or "")
    if record.date == year:
        return ""
    return record.date if year in record.date else f"{record.date} {year}".strip()


def _pages(pages: str) -> tuple[str, str]:
    """First and last page, where the pages are one range of two; else all as the first."""
    found = ONE_RANGE.match(pages)
    return (found[1], found[2]) if found and found[1] != found[2] else (pages, "")


def _line(value: str) -> str:
    """The value on one line: RIS has none over several."""
    return " ".join(value.split())

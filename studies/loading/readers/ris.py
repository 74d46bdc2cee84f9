"""RIS in all its dialects.

The specification (Research Information Systems, 2001 and 2011) asks for "TY  - JOUR" … "ER  - ". Found in real
files besides: one space or none before the hyphen, two after it, no value and no space, indented and numbered
tags, tags of other formats, one value a line after a single tag, and everything that ``tagged`` copes with.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..encodings import Content, numbered_lines
from ..identifiers import normalise_isbn, normalise_issn, normalise_pmid
from ..records import IssueLog, Record
from ..reference_types import RIS, from_code
from .fields import (
    YEAR,
    doi_in,
    first,
    is_medline,
    labelled_pmid,
    noted_pmid,
    one_line,
    page_range,
    split_authors,
    split_keywords,
    url_in,
    year_in,
)
from .line_layout import laid_out
from .tagged import Dialect, Entry, split_entries


KNOWN = frozenset({
    "A1", "A2", "A3", "A4", "AB", "AD", "AI", "AN", "AU", "AV", "BN", "BT", "C1", "C2", "C3", "C4", "C5",
    "C6", "C7", "C8", "CA", "CC", "CN", "CP", "CR", "CT", "CY", "DA", "DB", "DI", "DO", "DP", "ED", "EP",
    "ER", "ET", "FU", "FX", "ID", "IS", "J1", "J2", "J9", "JA", "JF", "JI", "JO", "KW", "L1", "L2", "L3",
    "L4", "LA", "LB", "LK", "M1", "M2", "M3", "N1", "N2", "NL", "NV", "OP", "PA", "PB", "PI", "PM", "PP",
    "PT", "PU", "PY", "RI", "RN", "RP", "SE", "SN", "SP", "ST", "SV", "T1", "T2", "T3", "TA", "TI", "TT",
    "TY", "U1", "U2", "U3", "U4", "U5", "UR", "VL", "VO", "WE", "XL", "Y1", "Y2", "YR",
})  # fmt: skip
PROSE = frozenset({"AB", "N2", "N1", "AD", "TI", "T1"})
LISTED = frozenset({"KW", "AU", "A1", "A2", "A3", "A4", "DB", "UR", "L1", "L2", "SN"})

STRICT = re.compile(r"([A-Z][A-Z0-9]) {2}-\s*(.*)")
LOOSE = re.compile(r"([A-Z][A-Z0-9])\s?-(?:\s+(.*)|\Z)")
LONG = re.compile(r"\s*(PMID|PMCID|DOI)\s{0,2}-\s+(.*)")
LONG_NAMES = {"PMID": "PM", "DOI": "DO"}
PREFIXED = re.compile(r"\s*(?:\d+[.:)]\s*)?([A-Za-z][A-Za-z0-9])[ \t]{1,2}-(?:\s+(.*)|\Z)")
BEFORE_PUBLICATION = re.compile(r"(?:received|revised|accepted)\s*\Z", re.IGNORECASE)
NUMBER = re.compile(r"\s*\d+[.:)]\s*")
HEAD = 64 * 1024
"""Bytes from which is told how a file without TY lines writes its tags."""


class TagReader:
    """Tag and value of a line, or None for text.

    Doubtful forms count for known tags only, and not inside long texts ("ED - based care" may be a line of an
    abstract) unless the record's own start tag was written so, or most tags of the file are.
    """

    def __init__(self, *, loose: bool = False) -> None:
        self.loose = loose

    def __call__(self, line: str, open_tag: str) -> tuple[str, str] | None:
        found = STRICT.match(line)
        if found:
            if found[1] == "TY":
                self.loose = False
            return found[1], found[2].strip()
        if "-" not in line[:16]:
            return ("ER", "") if line.strip() == "ER" else None
        return self._doubtful(line, inside_text=open_tag in PROSE and not self.loose)

    def _doubtful(self, line: str, *, inside_text: bool) -> tuple[str, str] | None:
        found = LONG.match(line)
        if found:
            return LONG_NAMES.get(found[1], found[1]), found[2].strip()
        found = LOOSE.match(line) or PREFIXED.match(line)
        if not found or found[1].upper() not in KNOWN:
            return None
        tag = found[1].upper()
        if tag == "TY":  # a number before a tag that is otherwise as it should be says nothing of the others
            self.loose = not STRICT.match(NUMBER.sub("", line, count=1))
        return None if inside_text and tag not in ("TY", "ER") else (tag, (found[2] or "").strip())


def _is_loose(content: Content, encoding: str) -> bool:
    """Whether more tags are indented, in lower case or oddly spaced than are written as they should be."""
    strict = doubtful = 0
    reader = TagReader(loose=True)
    for _, line in laid_out(numbered_lines(content[:HEAD], encoding, IssueLog(""))):
        if STRICT.match(line):
            strict += 1
        elif reader(line, ""):
            doubtful += 1
    return doubtful > strict


def read_ris(content: Content, encoding: str, log: IssueLog) -> Iterator[Record]:
    """The records of a RIS file, in order."""
    titles = frozenset({"TI", "T1"})
    tag = TagReader(loose=_is_loose(content, encoding))
    dialect = Dialect(tag=tag, start="TY", end="ER", titles=titles, listed=LISTED, prose=PROSE)
    lines = numbered_lines(content, encoding, log)
    for number, entry in enumerate(split_entries(lines, dialect, log), start=1):
        if not entry.started:
            message = "the record has no TY line, so its type is not known"
            log.warning(message, record=number, line=entry.line, name="TY")
        if not entry.closed:
            message = "the record has no ER line; it was taken to end where the next begins or the file ends"
            log.warning(message, record=number, line=entry.line, name="ER")
        yield to_record(entry, number)


def to_record(entry: Entry, number: int) -> Record:
    """The neutral record of one entry."""
    tags = entry.by_tag()

    def every(*names: str) -> list[str]:
        return [value for name in names for value in tags.get(name, ())]

    title = first(every("TI", "T1", "CT", "BT", "ST"))
    year = year_in(every("PY", "Y1", "YR", "DA"))  # Y2 is mostly the day on which somebody looked
    containers = every("JF", "T2", "JO", "BT", "J2", "JA", "T3", "JI", "J9")
    serial = every("SN", "BN")
    return Record(
        number=number,
        line=entry.line,
        reference_type=from_code(first(every("TY")).upper(), RIS),
        title=title,
        authors=split_authors(every("AU", "A1") or every("A2", "ED", "A3")),
        year=year,
        date=_date(every("PY", "Y1", "DA"), year),
        container=next((name for name in map(one_line, containers) if name != title), ""),
        publisher=first(every("PB", "PU")),
        volume=first(every("VL", "VO")),
        issue=first(every("IS", "CP")),
        pages=page_range(first(every("SP")), first(every("EP"))) or page_range(first(every("PG", "C7"))),
        doi=doi_in(every("DO", "DI", "M3", "L3", "UR", "L2", "L1", "LK", "AN")),
        isbn=normalise_isbn(" ; ".join(serial)),
        issn=normalise_issn(" ; ".join(serial)),
        pmid=_pmid(tags, every("PM"), every("C3", "C5", "AN", "ID", "UR", "L2"))
        or noted_pmid(every("U1", "N1")),
        url=url_in(every("UR", "L2", "L1", "LK")),
        abstract="\n".join(every("AB") or every("N2")),
        keywords=split_keywords(every("KW")),
        language=first(every("LA")),
        notes="\n".join(every("N1", "RN")),
        raw=tuple(entry.pairs),
    )


def _date(values: list[str], year: int | None) -> str:
    """The longest date, since it says most; one without its year ("SEP 22") gets that behind it.

    Dates of what came before publication count only where there is no other.
    """
    dates = [one_line(value).rstrip("/") for value in values]
    dates = [date for date in dates if not BEFORE_PUBLICATION.search(date)] or dates
    whole = max((date for date in dates if not year or str(year) in date), key=len, default="")
    part = max((date for date in dates if year and str(year) not in date), key=len, default="")
    if part and year and whole in ("", str(year)) and not YEAR.search(part):
        return f"{part} {year}"
    return whole or part


def _pmid(tags: dict[str, list[str]], own: list[str], others: list[str]) -> str:
    """PubMed's number: its own tag, a labelled number, or C5 in the export of Embase, which leaves it bare."""
    found = labelled_pmid(others)
    if own:
        return normalise_pmid(own[0])
    if not found and any(map(is_medline, [*tags.get("DP", ()), *tags.get("DB", ())])):
        found = normalise_pmid(first([*tags.get("AN", ()), *tags.get("UI", ())]))
    if (
        not found
        and "C5" in tags
        and any(base.lower() in ("embase", "medline") for base in tags.get("DB", ()))
    ):
        found = normalise_pmid(tags["C5"][0])
    return found

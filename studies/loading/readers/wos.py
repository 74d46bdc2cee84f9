"""Web of Science plain text ("FN Clarivate…", records from "PT" to "ER").

Tags are two characters and a space; further lines are indented by three, and hold one value each in the tags for
people and cited works. Source for the meaning of tags: Clarivate, "Web of Science Core Collection Field Tags".
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..encodings import Content, numbered_lines
from ..identifiers import normalise_doi, normalise_isbn, normalise_issn, normalise_pmid
from ..records import IssueLog, Record
from ..reference_types import from_words
from .fields import first, page_range, split_keywords, year_in
from .line_layout import laid_out
from .tagged import Dialect, Entry, split_entries


TAG = re.compile(r"([A-Z][A-Z0-9])(?: (.*)|\Z)")
FILE_TAGS = frozenset({"FN", "VR", "EF"})
PUBLICATION_TYPES = {"J": "article", "B": "book", "S": "book", "C": "conference_paper", "P": "other"}


def read_tag(line: str, open_tag: str) -> tuple[str, str] | None:
    """Tag and value of a line, or None for a line that carries a value on."""
    found = TAG.match(line)
    return (found[1], (found[2] or "").strip()) if found else None


DIALECT = Dialect(
    tag=read_tag,
    start="PT",
    end="ER",
    titles=frozenset({"TI"}),
    listed=frozenset({"AU", "AF", "BA", "BE", "CA", "C1", "CR", "ED"}),
    prose=frozenset({"AB"}),
)


def read_wos(content: Content, encoding: str, log: IssueLog) -> Iterator[Record]:
    """The records of a Web of Science file, in order."""
    lines = (
        (number, line)
        for number, line in laid_out(numbered_lines(content, encoding, log))
        if line[:2] not in FILE_TAGS or line[2:3] not in (" ", "")
    )
    for number, entry in enumerate(split_entries(lines, DIALECT, log), start=1):
        if not entry.closed:
            message = "the record has no ER line; it was taken to end where the next begins or the file ends"
            log.warning(message, record=number, line=entry.line, name="ER")
        yield to_record(entry, number)


def to_record(entry: Entry, number: int) -> Record:
    """The neutral record of one entry."""
    tags = entry.by_tag()

    def every(*names: str) -> list[str]:
        return [value for name in names for value in tags.get(name, ())]

    published = from_words(first(every("DT"))) or PUBLICATION_TYPES.get(first(every("PT")), "")
    return Record(
        number=number,
        line=entry.line,
        reference_type=published,
        title=first(every("TI")),
        authors=_people((every("AF") or every("AU") or every("BE", "ED")) + every("CA")),
        year=year_in(every("PY", "PD", "EY", "EA")),
        date=_date(first(every("PD")), first(every("PY"))),
        container=first(every("SO", "BS", "SE", "CT", "J9")),
        publisher=first(every("PU")),
        volume=first(every("VL")),
        issue=first(every("IS")),
        pages=page_range(first(every("BP")), first(every("EP"))) or first(every("PS", "AR")),
        doi=next((doi for doi in map(normalise_doi, every("DI", "D2")) if doi), ""),
        isbn=normalise_isbn(" ; ".join(every("BN"))),
        issn=normalise_issn(" ; ".join(every("SN", "EI"))),
        pmid=normalise_pmid(first(every("PM"))),
        url="",
        abstract="\n".join(every("AB")),
        keywords=split_keywords(every("DE", "ID"), packed=True),
        language=first(every("LA")),
        notes="",
        raw=tuple(entry.pairs),
    )


def _people(values: list[str]) -> tuple[str, ...]:
    """One name a line, or, in exports of Medline and Inspec, several divided by semicolons."""
    return tuple(name.strip() for value in values for name in value.split(";") if name.strip())


def _date(day: str, year: str) -> str:
    """Month and day as given, with the year where they do not name it themselves."""
    return day if year and year in day else f"{day} {year}".strip()

"""PubMed's own tagged format (.nbib, "PubMed format" of the web site).

Tags of two to four letters padded to four places, a hyphen and a space; further lines are indented by six.
Source for the meaning of tags: National Library of Medicine, "MEDLINE/PubMed Data Element (Field) Descriptions".
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..encodings import Content, numbered_lines
from ..identifiers import normalise_doi, normalise_isbn, normalise_issn, normalise_pmid
from ..records import IssueLog, Record
from ..reference_types import from_words
from .fields import first, page_range, split_keywords, url_in, year_in
from .tagged import Dialect, Entry, split_entries


TAG = re.compile(r"([A-Z]{2,4}) {0,2}-(?: (.*)|\Z)")
# Without a space behind the hyphen, which then must stand in the fifth place, where no word has one.
TIGHT = re.compile(r"(PMID(?=-\d)|[A-Z]{2}(?=  -)|[A-Z]{3}(?= -)) *-(.*)")
# Types of publication that say more about the kind of reference than "Journal Article", which nearly all have.
TELLING_TYPES = ("Preprint", "Dataset", "Newspaper Article", "Legal Case", "Legislation", "Technical Report")


def read_tag(line: str, open_tag: str) -> tuple[str, str] | None:
    """Tag and value of a line, or None for a line that carries a value on."""
    found = TAG.match(line) or TIGHT.match(line)
    return (found[1], (found[2] or "").strip()) if found else None


DIALECT = Dialect(
    tag=read_tag,
    start="PMID",
    end="",
    titles=frozenset({"TI", "BTI"}),
    listed=frozenset(),
    prose=frozenset({"AB", "OAB"}),
)


def read_nbib(content: Content, encoding: str, log: IssueLog) -> Iterator[Record]:
    """The records of a PubMed file, in order."""
    lines = numbered_lines(content, encoding, log)
    for number, entry in enumerate(split_entries(lines, DIALECT, log), start=1):
        yield to_record(entry, number)


def to_record(entry: Entry, number: int) -> Record:
    """The neutral record of one entry."""
    tags = entry.by_tag()

    def every(*names: str) -> list[str]:
        return [value for name in names for value in tags.get(name, ())]

    kinds = every("PT")
    telling = [kind for kind in kinds if kind in TELLING_TYPES]
    labelled = [value for value in every("LID", "AID", "DOI", "SO") if "doi" in value.lower()]
    is_chapter = "BTI" in tags and "TI" in tags
    return Record(
        number=number,
        line=entry.line,
        reference_type="chapter"
        if is_chapter
        else from_words((telling or ["Book" if "BTI" in tags else "Journal"])[0]),
        title=first(every("TI", "BTI", "TT")),
        authors=tuple(every("FAU") or every("AU") or ([] if every("CN") else every("FED", "ED")))
        + tuple(every("CN")),
        year=year_in(every("DP", "DEP")),
        date=first(every("DP", "DEP")),
        container=first((every("BTI") if is_chapter else []) + every("JT", "TA")),
        publisher=first(every("PB")),
        volume=first(every("VI")),
        issue=first(every("IP")),
        pages=page_range(first(every("PG"))),
        doi=next((doi for doi in map(normalise_doi, labelled) if doi), ""),
        isbn=normalise_isbn(" ; ".join(every("ISBN"))),
        issn=normalise_issn(" ; ".join(every("IS", "ISSN"))),
        pmid=normalise_pmid(first(every("PMID", "UI"))),
        url=url_in(every("LID", "URL")),
        abstract="\n".join(every("AB") or every("OAB")),
        keywords=split_keywords([*every("MH"), *every("OT")]),
        language=first(every("LA")),
        notes="\n".join(every("GN", "CIN", "CON", "RIN", "ROF", "EIN", "EFR")),
        raw=tuple(entry.pairs),
    )

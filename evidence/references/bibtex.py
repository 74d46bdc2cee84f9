"""BibTeX that BibLaTeX takes too: UTF-8, values in braces, what LaTeX would run made harmless.

Names of entries and fields: the BibLaTeX manual, section 2, and the original BibTeX where both have one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from studies.loading.readers.markup import guarded_record
from studies.loading.records import Record


KINDS = {
    "article": "article",
    "book": "book",
    "chapter": "incollection",
    "conference_paper": "inproceedings",
    "dataset": "dataset",
    "legal": "legislation",
    "news": "article",
    "preprint": "unpublished",
    "report": "techreport",
    "thesis": "phdthesis",
    "web_page": "online",
}
ANY_OTHER = "misc"
CONTAINERS = {
    "article": "journal",
    "news": "journal",
    "chapter": "booktitle",
    "conference_paper": "booktitle",
}
PUBLISHERS = {"report": "institution", "thesis": "school", "web_page": "organization"}

NUMBERS_DATE = re.compile(r"(\d{4})[-/](\d\d)(?:[-/](\d\d))?/*\Z")
"""Dates that BibLaTeX can be given as such: a month or a day, besides the bare year."""

COMMANDS = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "{": r"\textbraceleft{}",  # not "\{": BibTeX counts that brace all the same
    "}": r"\textbraceright{}",
    **{character: f"\\{character}" for character in "$&%#_"},
}
SPECIAL = re.compile("|".join(map(re.escape, COMMANDS)))
# Characters that stand for another one when they meet: two hyphens are a dash, two apostrophes a quotation mark.
LIGATURES = re.compile(
    r"(?<=-)(?=-)|(?<=')(?=')|(?<=`)(?=`)|(?<=<)(?=<)|(?<=>)(?=>)|(?<=[!?])(?=`)|(?<=,)(?=,)"
)
CONJUNCTION = re.compile(r"(?:^|\s)and(?:\s|$)", re.IGNORECASE)


def write_bibtex(entries: Iterable[tuple[str, Record]]) -> Iterator[str]:
    """The references of a file, one text each."""
    for key, given in entries:
        record = guarded_record(given)
        fields = [f"  {name} = {{{value}}}" for name, value in _fields(record) if value]
        kind = KINDS.get(record.reference_type, ANY_OTHER)
        yield ",\n".join([f"@{kind}{{{key}", *fields]) + "\n}\n\n"


def _fields(record: Record) -> Iterator[tuple[str, str]]:
    kind = record.reference_type
    yield "author", " and ".join(map(_name, record.authors))
    yield "title", f"{{{escape(record.title)}}}" if record.title else ""  # inner braces keep its capitals
    yield CONTAINERS.get(kind, "series"), escape(record.container)
    yield "entrysubtype", "newspaper" if kind == "news" else ""
    yield from _when(record)
    yield PUBLISHERS.get(kind, "publisher"), escape(record.publisher)
    yield "volume", escape(record.volume)
    yield "number", escape(record.issue)
    yield "pages", escape(record.pages).replace("-{}-", "-").replace("-", "--")
    yield "doi", escape(record.doi)
    yield "isbn", record.isbn
    yield "issn", record.issn
    yield "pmid", record.pmid
    yield "url", _address(record.url)
    yield "language", escape(record.language)
    yield "keywords", ", ".join(map(_keyword, record.keywords))
    yield "note", escape(record.notes)
    yield "abstract", escape(record.abstract)


def _when(record: Record) -> Iterator[tuple[str, str]]:
    """The date as such where it is one in numbers; else the year, and the rest of the date as the month."""
    year = str(record.year or "")
    found = NUMBERS_DATE.match(record.date)
    rest = " ".join(record.date.replace(year, " ").split()) if year else record.date
    yield "year", year
    yield "date", "-".join(filter(None, found.groups())) if found else ""
    yield "month", "" if found else escape(rest)


def escape(text: str) -> str:
    """The text so that LaTeX sets it as it stands, on one line."""
    plain = LIGATURES.sub("\0", " ".join(text.split()))
    return SPECIAL.sub(lambda found: COMMANDS[found[0]], plain).replace("\0", "{}")


def _name(name: str) -> str:
    """A person as "Family, Given" or "Family, Jr, Given"; a body, and what only looks like a person, in braces."""
    parts = [part.strip() for part in name.split(",")]
    if CONJUNCTION.search(name) or not 2 <= len(parts) <= 3 or not all(parts):
        return f"{{{escape(name)}}}"
    family, given, *suffix = map(escape, parts)
    return ", ".join([family, *suffix, given])


def _keyword(keyword: str) -> str:
    return f"{{{escape(keyword)}}}" if "," in keyword or ";" in keyword else escape(keyword)


def _address(url: str) -> str:
    """An address is set letter by letter; only what would end the value is written the way addresses allow."""
    return url.replace("\\", "%5C").replace("{", "%7B").replace("}", "%7D")

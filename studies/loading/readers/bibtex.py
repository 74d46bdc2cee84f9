"""BibTeX and BibLaTeX: entries to records, with strings, crossref and LaTeX resolved."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..encodings import UNICODE_BREAK, Content, decode_whole, line_ending
from ..identifiers import normalise_doi, normalise_isbn, normalise_issn, normalise_pmid
from ..records import IssueLog, Record
from ..reference_types import BIBTEX, from_code
from .bibtex_syntax import Entry, parse_entries
from .fields import first, labelled_pmid, noted_pmid, page_range, split_keywords, url_in, year_in
from .latex import parts_of, people, to_text, verbatim


# What an entry takes from the one it refers to, where it lacks it: its own name ← the other's names.
INHERITED = {
    "booktitle": ("booktitle", "title"),
    **{
        name: (name,)
        for name in (
            "date", "year", "month", "editor", "publisher", "organization", "institution", "isbn", "issn", "series",
            "volume", "number", "journal", "journaltitle",
        )
    },
}  # fmt: skip
SERVING = ("xdata", "set")
"""Entries of BibLaTeX that hold what others take over, or name others to be cited together."""

MOST_LEVELS = 5
"""References from one entry to another that are followed: chapter, book, books in several volumes."""

MOST_FOLLOWED = 50
"""Entries that are looked at for what one entry lacks. Each may name many others, so that levels alone bound nothing."""


def read_bibtex(content: Content, encoding: str, log: IssueLog) -> Iterator[Record]:
    """The entries of a BibTeX file, in order; a repeated key, a missing bracket or an unknown string is a warning."""
    text = decode_whole(content, encoding, log)
    if line_ending(content, encoding) == "U+2028":
        text = UNICODE_BREAK.sub("\n", text)
    entries = list(parse_entries(text))
    by_key: dict[str, Entry] = {}
    for number, entry in enumerate(entries, start=1):
        known = by_key.setdefault(entry.key.lower(), entry)
        if entry.key and known is not entry:
            message = f"the key is used before, on line {known.line}; both entries are read"
            log.warning(message, record=number, line=entry.line, name="key", value=entry.key)
    for number, entry in enumerate(entries, start=1):
        if entry.kind in SERVING:
            message = f"“@{entry.kind}” only serves other entries; it is no reference of its own"
            log.warning(message, record=number, line=entry.line, value=entry.key)
        if entry.broken:
            log.warning(f"{entry.broken}; check the record", record=number, line=entry.line, value=entry.key)
        for name in dict.fromkeys(entry.unknown):
            message = "the file does not define this @string; its name was kept"
            log.warning(message, record=number, line=entry.line, name="@string", value=name)
        yield to_record(entry, number, by_key)


def to_record(entry: Entry, number: int, by_key: Mapping[str, Entry]) -> Record:
    """The neutral record of one entry; ``by_key`` (lower case) is where crossref looks."""
    values = _with_inherited(entry, by_key)

    def every(*names: str) -> list[str]:
        return [values[name] for name in names if values.get(name, "").strip()]

    def text(*names: str) -> str:
        return to_text(first(every(*names)))

    def address(name: str) -> str:
        return verbatim(first(every(name)))

    title, subtitle = text("title"), text("subtitle")
    people_fields = every("author") or every("editor")
    serial = " ; ".join(every("isbn", "issn"))
    is_pubmed = values.get("eprinttype", values.get("archiveprefix", "")).lower() in ("pubmed", "pmid")
    date = text("date") or " ".join(filter(None, (text("month"), text("year"))))
    return Record(
        number=number,
        line=entry.line,
        reference_type="news" if _is_news(values) else from_code(entry.kind, BIBTEX),
        title=f"{title}: {subtitle}" if title and subtitle else title,
        authors=people(people_fields[0]) if people_fields else (),
        year=year_in([text("year"), date]),
        date=date,
        container=text("journal", "journaltitle", "booktitle", "maintitle", "series"),
        publisher=text("publisher", "institution", "school", "organization", "howpublished"),
        volume=text("volume"),
        issue=text("number", "issue"),
        pages=page_range(text("pages", "eid", "articleno").replace("–", "-")),
        doi=normalise_doi(address("doi") or address("url")),
        isbn=normalise_isbn(serial),
        issn=normalise_issn(serial),
        pmid=normalise_pmid(text("pmid") or (text("eprint") if is_pubmed else ""))
        or labelled_pmid(every("url"))
        or noted_pmid(every("note", "annote", "annotation")),
        url=url_in([address("url"), address("howpublished")]),
        abstract=text("abstract"),
        keywords=split_keywords(map(to_text, parts_of(first(every("keywords", "keyword"))))),
        language=text("language", "langid"),
        notes="\n".join(map(to_text, every("note", "annote", "annotation", "comment"))),
        raw=(("type", entry.kind), ("key", entry.key), *entry.fields),
    )


def _is_news(values: Mapping[str, str]) -> bool:
    """BibLaTeX and Zotero tell papers and magazines from journals by a subtype of the article."""
    return values.get("entrysubtype", "").lower() in ("newspaper", "magazine")


def _with_inherited(
    entry: Entry, by_key: Mapping[str, Entry], levels: int = MOST_LEVELS, steps: Iterator[int] | None = None
) -> dict[str, str]:
    """Fields by name, the first of a repeated one, with what the entries named in ``xdata`` and ``crossref`` supply.

    ``steps`` are those that may still be made from entry to entry, shared by all that one record leads to.
    """
    steps = iter(range(MOST_FOLLOWED)) if steps is None else steps
    values = dict(reversed(entry.fields))
    for key in values.get("xdata", "").split(","):
        for name, value in _of(key, entry, by_key, levels, steps).items():
            if not values.get(name, "").strip():
                values[name] = value
    theirs = _of(values.get("crossref", ""), entry, by_key, levels, steps)
    for name, sources in INHERITED.items():
        if theirs and not values.get(name, "").strip():
            values[name] = first(theirs.get(source, "") for source in sources)
    return values


def _of(
    key: str, entry: Entry, by_key: Mapping[str, Entry], levels: int, steps: Iterator[int]
) -> dict[str, str]:
    """The fields of the entry with the key; none where it is not there or is the one that asks."""
    other = by_key.get(key.strip().lower()) if key.strip() else None
    if other is None or other is entry or not levels or next(steps, None) is None:
        return {}
    own = dict(reversed(other.fields))
    values = _with_inherited(other, by_key, levels - 1, steps)
    # A part stands in the book that it names, not in the series of volumes which that book names in turn.
    values["booktitle"] = own.get("booktitle") or own.get("title") or values.get("booktitle", "")
    return values

"""EPPI-Reviewer's JSON export: {"CodeSets": […], "References": [{"ItemId": …, "Title": …}, …]}."""

from __future__ import annotations

from collections.abc import Iterator

from ..encodings import Content, decode_whole
from ..identifiers import normalise_isbn, normalise_issn
from ..records import IssueLog, Record
from ..reference_types import from_words
from .fields import (
    doi_in,
    first,
    labelled_pmid,
    one_line,
    page_range,
    split_authors,
    split_keywords,
    url_in,
    year_in,
)
from .json_items import pairs_of, plain, read_items


# Letters of ItemStatus for what a reviewer has taken out; such items are read, and said to be so.
OUT_OF_REVIEW = {"d": "deleted", "s": "a duplicate of another item"}


def read_eppi(content: Content, encoding: str, log: IssueLog) -> Iterator[Record]:
    """The references of an EPPI-Reviewer export, in order."""
    for number, line, item in read_items(decode_whole(content, encoding, log), "References", log):
        if not isinstance(item, dict):
            log.error(
                "the record is not an object with named values", record=number, line=line, value=plain(item)
            )
            continue
        pairs = pairs_of(item)
        values = dict(pairs)
        status = values.get("ItemStatus", "").lower()
        if status[:1] in OUT_OF_REVIEW:
            message = f"EPPI-Reviewer marks the item as {OUT_OF_REVIEW[status[:1]]}"
            log.warning(message, record=number, line=line, name="ItemStatus", value=values["ItemStatus"])
        yield to_record(values, pairs, number, line)


def to_record(values: dict[str, str], pairs: tuple[tuple[str, str], ...], number: int, line: int) -> Record:
    """The neutral record of one item."""

    def every(*names: str) -> list[str]:
        return [values[name] for name in names if values.get(name)]

    serial = " ; ".join(every("StandardNumber", "ISBN", "ISSN"))
    return Record(
        number=number,
        line=line,
        reference_type=from_words(values.get("TypeName", "")),
        title=first(every("Title", "ShortTitle")),
        authors=split_authors(every("Authors") or every("ParentAuthors")),
        year=year_in(every("Year")),
        date=" ".join(map(one_line, every("Month", "Year"))),
        container=first(every("ParentTitle")),
        publisher=first(every("Publisher", "Institution")),
        volume=first(every("Volume")),
        issue=first(every("Issue")),
        pages=page_range(values.get("Pages", "")),
        doi=doi_in(every("DOI", "URL")),
        isbn=normalise_isbn(serial),
        issn=normalise_issn(serial),
        pmid=labelled_pmid(every("URL", "OldItemId")),
        url=url_in(every("URL")),
        abstract=values.get("Abstract", ""),
        keywords=split_keywords(every("Keywords")),
        language=first(every("Language")),
        notes="\n".join(every("Comments")),
        raw=pairs,
    )

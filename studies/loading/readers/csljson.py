"""CSL-JSON, the form of citeproc, Zotero, Pandoc and (nearly) Crossref: a list of items, or {"items": […]}.

Source for the names: the CSL-JSON schema of the Citation Style Language project, version 1.0.2.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..encodings import Content, decode_whole
from ..identifiers import normalise_doi, normalise_isbn, normalise_issn, normalise_pmid
from ..records import IssueLog, Record
from ..reference_types import CSL, from_code
from .fields import first, noted_pmid, one_line, page_range, split_keywords, url_in, year_in
from .json_items import pairs_of, plain, read_items


def read_csl(content: Content, encoding: str, log: IssueLog) -> Iterator[Record]:
    """The items of a CSL-JSON file, in order."""
    for number, line, item in read_items(decode_whole(content, encoding, log), "items", log):
        if isinstance(item, dict):
            yield to_record(item, number, line)
        else:
            log.error(
                "the record is not an object with named values", record=number, line=line, value=plain(item)
            )


def to_record(item: dict[str, Any], number: int, line: int) -> Record:
    """The neutral record of one item."""

    def text(*names: str) -> str:
        return first(_first_of(item.get(name)) for name in names)

    date = next((found for found in map(_date, map(item.get, DATES)) if found), "")
    serial = " ; ".join(plain(item.get(name)) for name in ("ISBN", "ISSN"))
    note = plain(item.get("note"))
    return Record(
        number=number,
        line=line,
        reference_type=from_code(text("type"), CSL),
        title=text("title", "title-short"),
        authors=_people(item.get("author")) or _people(item.get("editor")),
        year=year_in([date]),
        date=date,
        container=text("container-title", "collection-title", "event-title", "event"),
        publisher=text("publisher"),
        volume=text("volume"),
        issue=text("issue"),
        pages=page_range(text("page", "article-number")),
        doi=normalise_doi(text("DOI", "doi") or text("URL")),
        isbn=normalise_isbn(serial),
        issn=normalise_issn(serial),
        pmid=normalise_pmid(text("PMID")) or noted_pmid([note]),
        url=url_in([text("URL")]),
        abstract=plain(item.get("abstract")),
        keywords=split_keywords([plain(item.get("keyword"))], packed=True),
        language=text("language"),
        notes=note,
        raw=pairs_of(item),
    )


DATES = ("issued", "published", "published-print", "published-online", "submitted")


def _first_of(value: Any) -> str:
    """The text of a value; Crossref gives titles as lists of one."""
    return plain(value[0] if isinstance(value, list) and value else value)


def _date(value: Any) -> str:
    """A CSL date as text: "2019-05-03" from parts, or what stands in ``literal`` or ``raw``."""
    if not isinstance(value, dict):
        return plain(value)
    parts = value.get("date-parts")
    if isinstance(parts, list) and parts and isinstance(parts[0], list):
        return "-".join(plain(part).zfill(2) for part in parts[0][:3] if plain(part))
    return plain(value.get("literal") or value.get("raw") or value.get("edtf"))


def _people(value: Any) -> tuple[str, ...]:
    """Names as "Family, Given", with particles before the family name; bodies as they are."""
    names = []
    for person in value if isinstance(value, list) else []:
        if not isinstance(person, dict):
            names.append(plain(person))
            continue
        particle = plain(person.get("non-dropping-particle") or person.get("dropping-particle"))
        family = " ".join(part for part in (particle, plain(person.get("family"))) if part)
        given = plain(person.get("given"))
        body = plain(person.get("literal") or person.get("name"))
        names.append(f"{family}, {given}" if family and given else family or body or given)
    return tuple(name for name in map(one_line, names) if name)

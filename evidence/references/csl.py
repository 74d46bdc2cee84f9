"""CSL-JSON, the form of citeproc, Zotero and Pandoc: the schema of the Citation Style Language, version 1.0.2."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from studies.loading.readers.markup import guarded_record
from studies.loading.records import Record

from .ris import dated


KINDS = {
    "article": "article-journal",
    "book": "book",
    "chapter": "chapter",
    "conference_paper": "paper-conference",
    "dataset": "dataset",
    "legal": "legislation",
    "news": "article-newspaper",
    "preprint": "article",
    "report": "report",
    "thesis": "thesis",
    "web_page": "webpage",
}
ANY_OTHER = "document"
DATE = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?\Z")


def write_csl(entries: Iterable[tuple[str, Record]]) -> Iterator[str]:
    """One JSON list, item by item."""
    yield "["
    for number, (key, record) in enumerate(entries):
        comma = ",\n" if number else "\n"
        yield comma + json.dumps(as_item(key, guarded_record(record)), ensure_ascii=False, allow_nan=False)
    yield "\n]\n"


def as_item(key: str, record: Record) -> dict[str, Any]:
    """A reference as an item; what it lacks is left out."""
    item = {
        "id": key,
        "type": KINDS.get(record.reference_type, ANY_OTHER),
        "title": record.title,
        "author": [_name(name) for name in record.authors],
        "issued": _issued(record),
        "container-title": record.container,
        "publisher": record.publisher,
        "volume": record.volume,
        "issue": record.issue,
        "page": record.pages,
        "DOI": record.doi,
        "ISBN": record.isbn,
        "ISSN": record.issn,
        "PMID": record.pmid,
        "URL": record.url,
        "language": record.language,
        "keyword": "; ".join(record.keywords),
        "note": record.notes,
        "abstract": record.abstract,
    }
    return {name: value for name, value in item.items() if value}


def _name(name: str) -> dict[str, str]:
    """A person with family and given name; a body, and one name alone, as it stands."""
    family, comma, given = (part.strip() for part in name.partition(","))
    return {"family": family, "given": given} if comma and family and given else {"literal": name}


def _issued(record: Record) -> dict[str, Any]:
    """The date in parts where it has them, else as written; the year alone where there is no date."""
    found = DATE.match(record.date or str(record.year or ""))
    if found:
        return {"date-parts": [[int(part) for part in found.groups() if part]]}
    return {"raw": dated(record)} if record.date else {}

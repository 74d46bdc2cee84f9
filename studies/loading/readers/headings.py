"""What the columns of a table of references are called by the programs and databases that export them.

Taken from exports of Zotero, Scopus, Embase, PubMed, Web of Science (words and two-letter tags), Covidence,
Rayyan, Abstrackr, EPPI-Reviewer, RefWorks, Citavi, EBSCO, Google Scholar and OpenAlex, and from the evidence base's own
table of sources.
"""

from __future__ import annotations

import re
from collections.abc import Iterable


# Field of a record → headings in order of preference, lower case, punctuation as single spaces.
ALIASES: dict[str, tuple[str, ...]] = {
    "title": ("title", "article title", "document title", "primary title", "title primary", "reference title", "item title"),
    "authors": (
        "authors", "author", "author names", "author s", "author full names", "authors primary",
        "authorships raw author name", "authorships author display name",
    ),
    "editors": ("editors", "editor", "book editors", "authors secondary"),
    "year": ("year", "publication year", "published year", "pub year", "year published", "year of publication", "pubyear"),
    "date": ("date", "date of publication", "publication date", "published", "date published", "cover date", "published on"),
    "container": (
        "journal", "source title", "publication title", "journal book", "journal title", "parenttitle", "parent title",
        "container title", "secondary title", "title secondary", "book title", "periodical full", "periodical",
        "primary location source display name", "source", "publication", "anthology title", "book series title",
    ),
    "publisher": ("publisher", "book publisher", "institution", "publishing body"),
    "volume": ("volume", "vol", "biblio volume", "journal volume"),
    "issue": ("issue", "number", "no", "issue number", "biblio issue", "journal issue"),
    "pages": ("pages", "page range", "page s", "page numbers", "pagination"),
    "first_page": ("page start", "first page", "start page", "start of page", "biblio first page"),
    "last_page": ("page end", "last page", "end page", "end of page", "other pages", "biblio last page"),
    "article_number": ("art no", "article number"),
    "doi": ("doi", "digital object identifier", "item doi", "doi link", "book doi"),
    "isbn": ("isbn", "isbns"),
    "issn": (
        "issn", "issns", "eissn", "issn isbn", "standardnumber", "standard number", "primary location source issn",
    ),
    "pmid": ("pmid", "pubmed id", "medline pmid", "pubmed", "pubmedid", "ids pmid"),
    "url": (
        "url", "link", "web address", "urls", "full text link", "embase link", "website", "plink", "links",
        "primary location landing page url", "source url", "source urls", "external url", "document url", "source linkout",
        "dimensions url", "article url",
    ),
    "abstract": ("abstract", "abstract note", "abstracts", "summary"),
    "keywords": (
        "keywords", "author keywords", "index keywords", "manual tags", "automatic tags", "tags",
        "emtree medical index terms", "keyword", "keywords plus", "subject", "subjects", "keywords display name",
        "mesh terms", "fields of study", "ieee terms", "descriptors",
    ),
    "language": ("language", "article language", "language of original document"),
    "notes": ("notes", "note", "comments", "user notes", "remarks", "extra"),
    "type": (
        "item type", "document type", "publication type", "type", "typename", "reference type", "type of reference",
        "ref type", "content type", "document types",
    ),
}  # fmt: skip

# The tab-delimited export of Web of Science has tags for headings. They count only together, because a column
# called "ID" or "SO" may be anything elsewhere.
WEB_OF_SCIENCE = {
    "ti": "title", "au": "authors", "be": "editors", "py": "year", "pd": "date", "so": "journal", "pu": "publisher",
    "vl": "volume", "is": "issue", "bp": "first page", "ep": "last page", "ar": "article number", "di": "doi",
    "ps": "pages", "ur": "url", "bn": "isbn", "sn": "issn", "ei": "eissn", "pm": "pmid", "ab": "abstract", "de": "author keywords",
    "id": "keywords plus", "la": "language", "dt": "document type",
}  # fmt: skip

FIELD_OF = {alias: field for field, aliases in ALIASES.items() for alias in aliases}


LONGEST_HEADING = 60
"""Characters; the longest that Embase writes has 45, and titles of studies are mostly longer."""


def normal(heading: str) -> str:
    """A heading in lower case with everything but letters and digits as single spaces."""
    return " ".join(re.sub(r"[^\w]|_", " ", heading.casefold()).split())


def names_of(headings: Iterable[str]) -> list[str]:
    """Headings in their normal form, with the tags of Web of Science put in words."""
    names = list(map(normal, headings))
    given = set(names)
    tags = {"pt", "ti", "au"} <= given or {"so", "ti", "au", "py"} <= given
    return [WEB_OF_SCIENCE.get(name, name) for name in names] if tags else names


def recognised(cells: Iterable[str]) -> set[str]:
    """The fields that a row of headings names."""
    return {FIELD_OF[name] for name in names_of(cells) if name in FIELD_OF}


def is_heading_row(cells: Iterable[str]) -> bool:
    """Whether a row names a title and something else, in cells that are short as headings are."""
    found = recognised(cell for cell in cells if cell.strip() and len(cell) <= LONGEST_HEADING)
    return "title" in found and len(found) >= 2


def columns_of(headings: list[str]) -> dict[str, list[int]]:
    """Columns of each field, the preferred heading first."""
    names = names_of(headings)
    return {
        field: [names.index(alias) for alias in aliases if alias in names]
        for field, aliases in ALIASES.items()
    }


def repeated(headings: list[str]) -> str:
    """A heading of a known field that stands twice, or ""."""
    names = names_of(headings)
    return next((name for place, name in enumerate(names) if name in FIELD_OF and name in names[:place]), "")

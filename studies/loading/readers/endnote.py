"""EndNote XML: <record> elements whose texts are cut into <style> runs.

Each record is cut out and parsed by itself, so that a broken one costs only itself and a large file is never
held as a tree. The parser is defusedxml's, and a file that declares entities is refused, so neither bombs nor
references to other files can work. What XML forbids but EndNote writes all the same, control characters, is
taken out before.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.entities import html5
from xml.etree.ElementTree import Element, ParseError

from defusedxml.ElementTree import fromstring  # type: ignore[import-untyped, unused-ignore]

from ..detect import UnreadableFile
from ..encodings import Content, as_single_line_ends, decode, line_ending
from ..identifiers import normalise_isbn, normalise_issn
from ..records import IssueLog, Record
from ..reference_types import from_words
from .fields import (
    doi_in,
    first,
    is_medline,
    labelled_pmid,
    noted_pmid,
    one_line,
    page_range,
    split_keywords,
    url_in,
    year_in,
)
from .tagged import Entry


PROLOGUE = 64 * 1024
"""Bytes before the first record that are searched for declarations; EndNote writes some forty."""

# Character references to what XML 1.0 does not allow; the raw characters are gone after decoding.
FORBIDDEN_REFERENCE = re.compile(
    r"&#(?:0*(?:[0-8]|1[1-24-9]|2\d|3[01])|[xX]0*(?:[0-8BbCcEeFf]|1[0-9A-Fa-f]));"
)
# What other programs leave as it is, though XML wants it written otherwise: "Foo & Bar", "P < 0.05", "&nbsp;".
BARE_AMPERSAND = re.compile(r"&(?!#\d+;|#[xX][0-9A-Fa-f]+;|[A-Za-z][A-Za-z0-9]*;)")
BARE_LESS_THAN = re.compile(r"<(?![/A-Za-z!?])")
NAMED_REFERENCE = re.compile(r"&([A-Za-z][A-Za-z0-9]*);")
OF_XML = {"amp", "lt", "gt", "quot", "apos"}
# Elements that only group others; the rest of the path tells authors from editors, and a title from a journal.
GROUPS = {"record", "contributors", "authors", "titles", "dates", "keywords", "urls"}


def read_endnote(content: Content, encoding: str, log: IssueLog) -> Iterator[Record]:
    """The records of an EndNote XML file, in order. Raises UnreadableFile where entities are declared."""
    source = as_single_line_ends(content, encoding)
    if b"<!ENTITY" in source[:PROLOGUE]:
        raise UnreadableFile(
            f"{log.file} declares XML entities, which can be used for attacks; it was not read."
        )
    for number, (line, raw) in enumerate(_cut(source, line_ending(content, encoding)), start=1):
        text, clean = decode(raw, encoding)
        if not clean:
            message = f"bytes that are not {encoding} were read as Windows-1252; check the accents"
            log.warning(message, record=number, line=line)
        try:
            element = fromstring(_well_formed(text), forbid_dtd=True)
        except (ParseError, ValueError) as error:  # defusedxml's refusals are ValueErrors
            log.error(f"the record is broken XML: {error}", record=number, line=line, value=text[:200])
            continue
        yield to_record(Entry(line, list(_pairs(element, ()))), number)


def _well_formed(text: str) -> str:
    """The XML of a record without what XML forbids but programs write."""
    text = BARE_AMPERSAND.sub("&amp;", BARE_LESS_THAN.sub("&lt;", FORBIDDEN_REFERENCE.sub(" ", text)))
    return NAMED_REFERENCE.sub(_character, text)


def _character(found: re.Match[str]) -> str:
    """The character that HTML has by a name; XML's own names stay, and what is no name is text."""
    if found[1] in OF_XML:
        return found[0]
    return html5.get(f"{found[1]};", f"&amp;{found[1]};")


def _cut(source: Content, line_end: str) -> Iterator[tuple[int, bytes]]:
    """Line and bytes of each record; one that is never closed runs to the next or to the end of the file."""
    newline = b"\r" if line_end == "CR" else b"\n"
    line, counted = 1, 0
    start = _next_record(source, 0)
    while start >= 0:
        following = _next_record(source, start + 7)
        limit = following if following >= 0 else len(source)
        closing = source.find(b"</record>", start, limit)
        end = closing + len(b"</record>") if closing >= 0 else limit
        line += source[counted:start].count(newline)
        counted = start
        yield line, source[start:end]
        start = following


def _next_record(source: Content, start: int) -> int:
    """Where the next ``<record>`` begins, or -1; ``<records>`` is another element."""
    place = source.find(b"<record", start)
    while place >= 0 and source[place + 7 : place + 8] not in (b">", b" ", b"\n", b"\r", b"\t"):
        place = source.find(b"<record", place + 7)
    return place


def _pairs(element: Element, path: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Tags and texts in order; a tag is the path to it without mere groups, such as ``periodical/full-title``."""
    if element.tag not in GROUPS:
        path = (*path, str(element.tag))
    name = element.get("name")
    if name:
        yield "/".join((*path, "name")), name
    if all(child.tag == "style" for child in element):
        text = "".join(element.itertext()).replace("\r", "\n").strip()
        if text:
            yield "/".join(path), text
        return
    for child in element:
        yield from _pairs(child, path)


def to_record(entry: Entry, number: int) -> Record:
    """The neutral record of one entry."""
    tags = entry.by_tag()

    def every(*names: str) -> list[str]:
        return [value for name in names for value in tags.get(name, ())]

    serial = " ; ".join(every("isbn", "issn"))
    urls = [value for tag, values in tags.items() if tag.endswith("url") for value in values]
    containers = every(
        "periodical/full-title", "secondary-title", "full-title", "periodical/abbr-1", "alt-title"
    )
    accession = first(every("accession-num"))
    databases = every("remote-database-name", "remote-database-provider")
    from_pubmed = accession.isdigit() and any(map(is_medline, databases))
    return Record(
        number=number,
        line=entry.line,
        reference_type=from_words(first(every("ref-type/name"))),
        title=first(every("title", "short-title")),
        authors=tuple(map(one_line, every("author") or every("secondary-authors/author"))),
        year=year_in(every("year", "pub-dates/date", "date")),
        date=first(every("pub-dates/date", "date", "year")),
        container=first(containers),
        publisher=first(every("publisher")),
        volume=first(every("volume")),
        issue=first(every("number", "issue")),
        pages=page_range(first(every("pages"))),
        doi=doi_in([*every("electronic-resource-num"), *urls]),
        isbn=normalise_isbn(serial),
        issn=normalise_issn(serial),
        pmid=accession
        if from_pubmed
        else labelled_pmid(urls) or noted_pmid(every("notes", "research-notes")),
        url=url_in(urls),
        abstract="\n".join(every("abstract")),
        keywords=split_keywords(every("keyword")),
        language=first(every("language")),
        notes="\n".join(every("notes", "research-notes")),
        raw=tuple(entry.pairs),
    )

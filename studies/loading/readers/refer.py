"""EndNote's tagged text, which is Unix refer with a few tags more ("%T Title", often in a file named .enl).

Records are divided by blank lines; "%0" (the type) may stand first, later or nowhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from ..encodings import Content, numbered_lines
from ..identifiers import normalise_isbn, normalise_issn
from ..records import IssueLog, Record
from ..reference_types import from_words
from .fields import (
    doi_in,
    first,
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


TAG = re.compile(r"\s?%([0-9A-Za-z@?!#$&(*)^+<=>\[\]~|{}])(?:\s+(.*)|\Z)")


def read_tag(line: str, open_tag: str) -> tuple[str, str] | None:
    """Tag and value of a line, or None for a line that carries a value on."""
    found = TAG.match(line)
    return (found[1], (found[2] or "").strip()) if found else None


# "%0" is a key like the title and not a start tag, because it need not come first.
DIALECT = Dialect(
    tag=read_tag,
    start="",
    end="",
    titles=frozenset({"T", "0"}),
    listed=frozenset({"K", "A", "U"}),
    prose=frozenset({"X", "Z"}),
)


def read_refer(content: Content, encoding: str, log: IssueLog) -> Iterator[Record]:
    """The records of a tagged EndNote file, in order."""
    lines = _with_gaps(laid_out(numbered_lines(content, encoding, log)))
    for number, entry in enumerate(split_entries(lines, DIALECT, log), start=1):
        if not any(tag == "0" for tag, _ in entry.pairs):
            log.warning(
                "the record has no %0 line, so its type is not known",
                record=number,
                line=entry.line,
                name="%0",
            )
        yield to_record(entry, number)


def _with_gaps(lines: Iterable[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """The lines with a blank one where a record begins directly behind another.

    It does where the tag with which the file begins comes again after a title.
    """
    marker = previous = ""
    titled = False
    for number, line in lines:
        found = TAG.match(line)
        if found:
            tag = found[1]
            marker = marker or tag
            if tag == marker != previous and titled:
                titled = False
                yield number, ""
            titled = titled or tag == "T"
            previous = tag
        yield number, line


def to_record(entry: Entry, number: int) -> Record:
    """The neutral record of one entry."""
    tags = entry.by_tag()

    def every(names: str) -> list[str]:
        return [value for name in names for value in tags.get(name, ())]

    serial = " ; ".join(every("@"))
    return Record(
        number=number,
        line=entry.line,
        reference_type=from_words(first(every("0"))),
        title=first(every("T!")),
        authors=split_authors(every("A") or every("EY")),
        year=year_in(every("D8")),
        date=first(every("8D")),
        container=first(every("JBS")),
        publisher=first(every("I")),
        volume=first(every("V")),
        issue=first(every("N")),
        pages=page_range(first(every("P"))),
        doi=doi_in(every("RUM")),
        isbn=normalise_isbn(serial),
        issn=normalise_issn(serial),
        pmid=labelled_pmid(every("MU")) or noted_pmid(every("Z")),
        url=url_in(every("U>")),
        abstract="\n".join(every("X")),
        keywords=split_keywords(every("K")),
        language=one_line(first(every("G"))),
        notes="\n".join(every("Z")),
        raw=tuple((f"%{tag}", value) for tag, value in entry.pairs),
    )

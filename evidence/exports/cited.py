"""Sources as references: how each source of a selection is cited, whatever it was described by."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone

from studies.loading.readers.fields import split_authors
from studies.loading.records import Record
from studies.models import Reference, Source
from studies.vocabulary import SourceType

from ..presenters import version_of
from ..references import FORMATS, Entry


CHUNK = 500
"""Sources whose references are fetched at a time; an abstract apiece is then a megabyte."""

TAKEN_OVER = (
    "reference_type",
    "title",
    "year",
    "date",
    "container",
    "publisher",
    "volume",
    "issue",
    "pages",
    "doi",
    "isbn",
    "issn",
    "pmid",
    "url",
    "abstract",
    "language",
    "notes",
)
REPORTS = {SourceType.OFFICIAL, SourceType.GREY, SourceType.INQUIRY, SourceType.POLICY}
"""Kinds of evidence that are published as reports. What else a source may be printed in, its description does not
say, and a journal is not guessed."""


def references_of(sources: QuerySet[Source]) -> Iterator[Entry]:
    """Identifier and reference of each source, in order; two queries for every few hundred of them."""
    for source in sources.prefetch_related("references").iterator(CHUNK):
        yield source.pk, reference_of(source, source.references.all())


def reference_of(source: Source, references: Sequence[Reference]) -> Record:
    """The reference of a source.

    Of the references that files gave, the one that says most, and of equals the earliest. Where the source was
    described by a person, what that description says comes before what a file said.
    """
    fullest = max(references, key=lambda one: (said_by(one), -one.pk), default=None)
    if fullest is None:
        kind = "report" if source.source_type in REPORTS else "other"
        return replace(described(source), reference_type=kind)
    given = Record(
        0,
        1,
        authors=tuple(fullest.authors),
        keywords=tuple(fullest.keywords),
        **{name: getattr(fullest, name) for name in TAKEN_OVER},
    )
    if not source.described:
        return given
    own = described(source)
    fields = {
        name: getattr(own, name) for name in ("title", "authors", "year", "publisher", "doi", "isbn", "url")
    }
    return replace(given, **{name: value for name, value in fields.items() if value})


def said_by(reference: Reference) -> int:
    """How many fields a reference fills."""
    return sum(bool(getattr(reference, name)) for name in (*TAKEN_OVER, "authors", "keywords"))


def described(source: Source) -> Record:
    """What the description of a source says, as a reference."""
    return Record(
        0,
        1,
        title=source.title,
        authors=split_authors([source.authors]),
        year=source.year,
        publisher=source.publisher,
        doi=source.doi,
        isbn=source.isbn,
        url=source.url,
    )


def answer_references(
    request: HttpRequest, name: str, sources: QuerySet[Source], file_format: str
) -> HttpResponseBase:
    """The references of sources as a download. `file_format` is a key of `FORMATS`."""
    form = FORMATS[file_format]
    response = StreamingHttpResponse(pieces(form.write(references_of(sources))), content_type=form.media_type)
    day = timezone.localdate()
    filename = f"{name}-{day:%Y-%m-%d}-version-{version_of(request)}.{form.ending}"
    response["Content-Disposition"] = f'attachment; filename="{filename}"'
    return response


def pieces(texts: Iterator[str]) -> Iterator[str]:
    """The texts, the first of them made at once: what is wrong then ends in an error page, not in half a file."""
    first = next(texts, "")
    return chain([first], texts)

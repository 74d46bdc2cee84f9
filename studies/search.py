"""The search table: one narrow row a source, written in the transaction that changes the source."""

import unicodedata
from collections.abc import Iterable

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db import connection
from django.db.models import QuerySet

from .models import Finding, Gap, Implication, Measure, Source, SourceSearch, Support


CONFIG = "english"
"""PostgreSQL's own English stemmer and stop words: the same on every server from 15 on."""

WEIGHTS = "ABCD"


def fold(text: str) -> str:
    """Lower case without accents, so that "Jose" finds "José" and sorting is the same on every server."""
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(c for c in decomposed if not unicodedata.combining(c)).casefold().replace("\x00", " ")


def sort_title(title: str) -> str:
    """The folded title without a leading article or quotation mark."""
    folded = fold(title).lstrip("\"'“‘ ")
    for article in ("the ", "an ", "a "):
        if folded.startswith(article):
            return folded[len(article) :]
    return folded


def query(text: str) -> SearchQuery:
    """A reader's words as a query: words, "phrases", or, and a minus sign before what must not occur."""
    return SearchQuery(fold(text), config=CONFIG, search_type="websearch")


def measures_matching(text: str) -> QuerySet[Measure]:
    """The measures whose label, identifier, definition or note the words match.

    There are some hundreds of measures, so their texts are read at the time of asking.
    """
    vector = SearchVector("label", "measure_id", "definition", "unit_label", config=CONFIG)
    return Measure.objects.annotate(words=vector).filter(words=query(text))


def refresh(source_ids: Iterable[str]) -> None:
    """Rewrite the search rows of these sources from the tables."""
    wanted = sorted(set(source_ids))
    if not wanted:
        return
    facts: dict[str, dict[str, set[str]]] = {
        pk: {"themes": set(), "verifications": set(), "units": set(), "precisions": set(), "labels": set()}
        for pk in wanted
    }
    counts = dict.fromkeys(wanted, 0)
    rows = Finding.objects.filter(source__in=wanted).values_list(
        "source_id",
        "measure__theme",
        "verification",
        "measure__unit_of_analysis",
        "precision",
        "measure__label",
    )
    for source_id, theme, verification, unit, precision, label in rows:
        fact = facts[source_id]
        fact["themes"].add(theme)
        fact["verifications"].add(verification)
        fact["units"].add(unit)
        fact["precisions"].add(precision)
        fact["labels"].add(label)
        counts[source_id] += 1
    for themes in (
        Support.objects.filter(source__in=wanted).values_list("source_id", "conclusion__theme"),
        Gap.objects.filter(source__in=wanted).values_list("source_id", "theme"),
        Implication.objects.filter(source__in=wanted).values_list("source_id", "theme"),
    ):
        for source_id, theme in themes:
            facts[source_id]["themes"].add(theme)
    statement = f"""
        INSERT INTO {SourceSearch._meta.db_table}
            (source_id, sort_title, themes, verifications, units, precisions, finding_count, vector)
        VALUES (%s, %s, %s, %s, %s, %s, %s,
            setweight(to_tsvector('{CONFIG}', %s), 'A') || setweight(to_tsvector('{CONFIG}', %s), 'B')
            || setweight(to_tsvector('{CONFIG}', %s), 'C') || setweight(to_tsvector('{CONFIG}', %s), 'D'))
        ON CONFLICT (source_id) DO UPDATE SET
            sort_title = EXCLUDED.sort_title, themes = EXCLUDED.themes, verifications = EXCLUDED.verifications,
            units = EXCLUDED.units, precisions = EXCLUDED.precisions, finding_count = EXCLUDED.finding_count,
            vector = EXCLUDED.vector"""
    parameters = []
    for source in Source.objects.filter(pk__in=wanted):
        fact = facts[source.pk]
        texts = (
            # The identifier as it is and as words: a hyphenated word is found by itself and by its parts.
            f"{source.title} {source.source_id} {source.source_id.replace('-', ' ')}",
            f"{source.authors} {source.publisher} {source.year or ''} {source.doi} {source.isbn}",
            f"{source.summary} {source.method} {source.geography}",
            f"{source.limitations} {' '.join(sorted(fact['labels']))}",
        )
        parameters.append(
            (
                source.pk,
                sort_title(source.title),
                sorted(fact["themes"]),
                sorted(fact["verifications"]),
                sorted(fact["units"]),
                sorted(fact["precisions"]),
                counts[source.pk],
                *(fold(text) for text in texts),
            )
        )
    with connection.cursor() as cursor:
        cursor.executemany(statement, parameters)

"""The bridge for lists: the words of every filter, the columns that counts are made of, and searches by words."""

from collections import defaultdict
from collections.abc import Sequence

from studies import search
from studies.finding_ratings import is_lower
from studies.models import Appraisal, Category, Finding, Measure, Release, Source, SourceSearch
from studies.vocabulary import (
    NOT_DESCRIBED,
    NOT_KNOWN,
    NOT_RATED,
    QUALITY_CHOICES,
    SOURCE_TYPE_CHOICES,
    Precision,
    Quantity,
    Theme,
    UnitOfAnalysis,
)

from .facets import FacetIndex
from .versioned import kept_for_version


@kept_for_version
def get_filter_words() -> dict[str, dict[str, str]]:
    """Filter → value → the words for it, in order of display. What is not in here is not a value."""
    geographies = set(Finding.objects.values_list("geography", flat=True).distinct())
    geographies |= set(Source.objects.values_list("geography", flat=True).distinct()) - {""}
    scopes = sorted(set(Finding.objects.values_list("scope", flat=True).distinct()))
    return {
        "theme": dict(Theme.choices),
        "measure": dict(Measure.objects.order_by("measure_id").values_list("measure_id", "label")),
        "source_type": dict(SOURCE_TYPE_CHOICES),
        "quality": dict(QUALITY_CHOICES),
        "verification": {"primary": "Primary", "secondary": "Secondary"},
        "precision": dict(Precision.choices),
        "unit": dict(UnitOfAnalysis.choices),
        "quantity": dict(Quantity.choices),
        "geography": {name: name for name in sorted(geographies, key=geography_order)},
        "scope": {scope: scope for scope in scopes},
        "category": dict(Category.objects.order_by("category_id").values_list("category_id", "label")),
        "source": dict(Source.objects.order_by("source_id").values_list("source_id", "title")),
        "peer_reviewed": PEER_REVIEWED,
        "release": {
            str(number): f"Release {number}" for number in Release.objects.values_list("number", flat=True)
        },
    }


NATIONS = (
    "United Kingdom",
    "Great Britain",
    "England and Wales",
    "England",
    "Wales",
    "Scotland",
    "Northern Ireland",
)
"""Shown before regions and towns, widest first: the reader's question is mostly national."""


def geography_order(name: str) -> tuple[int, str]:
    """Nations first, then everything else by name."""
    return (NATIONS.index(name) if name in NATIONS else len(NATIONS), name.casefold())


def _ratings() -> dict[str, str]:
    """Source → its rating, for the sources that have one. One pass over the appraisals, however many sources."""
    # Read backwards, so that what speaks first overwrites the other.
    return dict(Appraisal.objects.speaking().reverse().values_list("source", "overall_rating"))


@kept_for_version
def get_source_index() -> FacetIndex:
    """Every source in columns, ready to be narrowed and counted. In the order of the folded titles."""
    geographies: dict[str, set[str]] = defaultdict(set)
    for source_id, geography in Finding.objects.values_list("source_id", "geography").distinct():
        geographies[source_id].add(geography)
    ratings = _ratings()
    rows = []
    for row in Source.objects.order_by("search__sort_title", "pk").values_list(
        "pk",
        "source_type",
        "peer_reviewed",
        "geography",
        "year",
        "search__themes",
        "search__verifications",
        "search__units",
        "search__precisions",
    ):
        pk, kind, reviewed, geography, year, themes, verifications, units, precisions = row
        facets = {
            "source_type": [kind or NOT_DESCRIBED],
            "quality": [ratings.get(pk, NOT_RATED)],
            "peer_reviewed": [_reviewed(reviewed)],
            "geography": {geography, *geographies[pk]} - {""},
            "theme": themes or [],
            "verification": verifications or [],
            "unit": units or [],
            "precision": precisions or [],
            "source": [pk],
        }
        rows.append((pk, facets, year, year))
    return FacetIndex.build(rows, _orders(SOURCE_FACETS))


SOURCE_FACETS = (
    "source_type",
    "quality",
    "theme",
    "geography",
    "verification",
    "peer_reviewed",
    "unit",
    "precision",
    "source",
)
FINDING_FACETS = (
    "theme",
    "source_type",
    "quality",
    "verification",
    "precision",
    "unit",
    "geography",
    "measure",
    "category",
    "scope",
    "source",
    "peer_reviewed",
)


PEER_REVIEWED = {"yes": "Peer reviewed", "no": "Not peer reviewed", NOT_KNOWN: "Not known"}


def _reviewed(reviewed: bool | None) -> str:
    return NOT_KNOWN if reviewed is None else ("yes" if reviewed else "no")


def _orders(names: Sequence[str]) -> dict[str, list[str]]:
    words = get_filter_words()
    return {name: list(words[name]) for name in names}


@kept_for_version
def get_finding_index() -> FacetIndex:
    """Every finding in columns, ready to be narrowed and counted. National figures first within a measure."""
    ratings = _ratings()
    rows = []
    for row in (
        Finding.objects.in_reading_order()
        .with_own_rating()
        .values_list(
            "pk",
            "measure__theme",
            "source__source_type",
            "source_id",
            "verification",
            "precision",
            "measure__unit_of_analysis",
            "geography",
            "measure_id",
            "category__category_id",
            "scope",
            "source__peer_reviewed",
            "period_start",
            "period_end",
            "own_rating",
        )
    ):
        (
            pk,
            theme,
            kind,
            source,
            verification,
            precision,
            unit,
            geography,
            measure,
            category,
            scope,
            reviewed,
        ) = row[:12]
        start, end, own = row[12:]
        rating = ratings.get(source)
        quality = own if own and is_lower(own, rating) else rating or NOT_RATED
        facets = {
            "theme": [theme],
            "source_type": [kind or NOT_DESCRIBED],
            "quality": [quality],
            "verification": [verification],
            "precision": [precision],
            "unit": [unit],
            "geography": [geography],
            "measure": [measure],
            "category": [category] if category else [],
            "scope": [scope],
            "source": [source],
            "peer_reviewed": [_reviewed(reviewed)],
        }
        rows.append((pk, facets, start.year if start else None, end.year if end else None))
    return FacetIndex.build(rows, _orders(FINDING_FACETS))


MEASURE_FACETS = ("theme", "unit", "quantity", "source_type", "geography")


@kept_for_version
def get_measure_index() -> FacetIndex:
    """Every measure in columns: what it counts, and where its figures come from."""
    facets: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for pk, kind, geography in Finding.objects.values_list(
        "measure_id", "source__source_type", "geography"
    ).distinct():
        facets[pk]["source_type"].add(kind or NOT_DESCRIBED)
        facets[pk]["geography"].add(geography)
    rows = [
        (pk, {"theme": [theme], "unit": [unit], "quantity": [quantity], **facets[pk]}, None, None)
        for pk, theme, unit, quantity in Measure.objects.order_by("label").values_list(
            "pk", "theme", "unit_of_analysis", "quantity"
        )
    ]
    return FacetIndex.build(rows, _orders(MEASURE_FACETS))


def get_measures_found(text: str) -> list[str]:
    """Keys of the measures whose label, definition or identifier a reader's words match."""
    return list(search.measures_matching(text).values_list("pk", flat=True))


def get_measure_words(measure_id: str) -> dict[str, dict[str, str]]:
    """The values that categories, areas, scopes and sources take within one measure, with their words."""
    rows = Finding.objects.filter(measure=measure_id)
    geographies = rows.order_by().values_list("geography", flat=True).distinct()
    scopes = rows.order_by().values_list("scope", flat=True).distinct()
    categories = Category.objects.filter(measure=measure_id).order_by("order", "category_id")
    return {
        "category": dict(categories.values_list("category_id", "label")),
        "geography": {name: name for name in sorted(geographies, key=geography_order)},
        "scope": {scope: scope for scope in sorted(scopes)},
        "source": dict(
            Source.objects.filter(findings__measure=measure_id).values_list("pk", "title").distinct()
        ),
    }


def get_sources_found(text: str) -> list[str]:
    """Keys of the sources that a reader's words match, in no order."""
    return list(SourceSearch.objects.filter(vector=search.query(text)).values_list("pk", flat=True))


def get_findings_of_sources(source_ids: Sequence[str]) -> list[str]:
    """Keys of all findings of these sources."""
    return list(Finding.objects.filter(source__in=source_ids).values_list("pk", flat=True))

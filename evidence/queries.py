"""The bridge: from the store's rows to the values that the reading half works with. Nothing here writes."""

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from studies.models import Category, Finding, Measure, Overlap, Release, SeriesBreak, Source, SourceSearch
from studies.vocabulary import (
    NOT_RATED,
    QUALITY_CHOICES,
    Precision,
    Quantity,
    SourceType,
    Theme,
    UnitOfAnalysis,
    Verification,
)

from .charts import Break, ChartFinding, MeasureInfo
from .facets import FacetIndex
from .versioned import kept_for_version
from .wording import period_words, source_words


@kept_for_version
def get_filter_words() -> dict[str, dict[str, str]]:
    """Filter → value → the words for it, in order of display. What is not in here is not a value."""
    geographies = set(Finding.objects.values_list("geography", flat=True).distinct())
    geographies |= set(Source.objects.values_list("geography", flat=True).distinct())
    scopes = sorted(set(Finding.objects.values_list("scope", flat=True).distinct()))
    return {
        "theme": dict(Theme.choices),
        "measure": dict(Measure.objects.order_by("measure_id").values_list("measure_id", "label")),
        "source_type": dict(SourceType.choices),
        "quality": dict(QUALITY_CHOICES),
        "verification": {"primary": "Primary", "secondary": "Secondary"},
        "precision": dict(Precision.choices),
        "unit": dict(UnitOfAnalysis.choices),
        "quantity": dict(Quantity.choices),
        "geography": {name: name for name in sorted(geographies, key=geography_order)},
        "scope": {scope: scope for scope in scopes},
        "category": dict(Category.objects.order_by("category_id").values_list("category_id", "label")),
        "source": dict(Source.objects.order_by("source_id").values_list("source_id", "title")),
        "peer_reviewed": {"yes": "Peer reviewed", "no": "Not peer reviewed"},
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


@kept_for_version
def get_source_index() -> FacetIndex:
    """Every source in columns, ready to be narrowed and counted. In the order of the folded titles."""
    geographies: dict[str, set[str]] = defaultdict(set)
    for source_id, geography in Finding.objects.values_list("source_id", "geography").distinct():
        geographies[source_id].add(geography)
    rows = []
    for row in (
        Source.objects.with_rating()
        .order_by("search__sort_title", "pk")
        .values_list(
            "pk",
            "source_type",
            "rating",
            "peer_reviewed",
            "geography",
            "year",
            "search__themes",
            "search__verifications",
            "search__units",
            "search__precisions",
        )
    ):
        pk, kind, rating, reviewed, geography, year, themes, verifications, units, precisions = row
        facets = {
            "source_type": [kind],
            "quality": [rating or NOT_RATED],
            "peer_reviewed": ["yes" if reviewed else "no"],
            "geography": {geography, *geographies[pk]},
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


def _orders(names: Sequence[str]) -> dict[str, list[str]]:
    words = get_filter_words()
    return {name: list(words[name]) for name in names}


@kept_for_version
def get_finding_index() -> FacetIndex:
    """Every finding in columns, ready to be narrowed and counted. National figures first within a measure."""
    ratings = dict(Source.objects.with_rating().values_list("pk", "rating"))
    rows = []
    for row in Finding.objects.in_reading_order().values_list(
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
        start, end = row[12:]
        facets = {
            "theme": [theme],
            "source_type": [kind],
            "quality": [ratings[source] or NOT_RATED],
            "verification": [verification],
            "precision": [precision],
            "unit": [unit],
            "geography": [geography],
            "measure": [measure],
            "category": [category] if category else [],
            "scope": [scope],
            "source": [source],
            "peer_reviewed": ["yes" if reviewed else "no"],
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
        facets[pk]["source_type"].add(kind)
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
    from studies import search

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
    """Keys of the sources that a reader's words match, best match first."""
    from django.contrib.postgres.search import SearchRank

    from studies import search

    query = search.query(text)
    found = SourceSearch.objects.filter(vector=query).annotate(rank=SearchRank("vector", query))
    return list(found.order_by("-rank", "sort_title").values_list("pk", flat=True))


def get_findings_of_sources(source_ids: Sequence[str]) -> list[str]:
    """Keys of all findings of these sources."""
    return list(Finding.objects.filter(source__in=source_ids).values_list("pk", flat=True))


def get_measure_info(measure: Measure) -> MeasureInfo:
    """A measure as the charts take it."""
    return MeasureInfo(
        measure_id=measure.measure_id,
        label=measure.label,
        quantity=measure.quantity,
        unit_label=measure.unit_label,
        unit_of_analysis=measure.unit_of_analysis,
        definition=measure.definition,
        comparability_note=measure.comparability_note,
        series=measure.series,
    )


def get_chart_findings(measures: Sequence[str]) -> dict[str, list[ChartFinding]]:
    """Measure → its findings as the charts take them, in reading order. Two queries, however many findings."""
    found: dict[str, list[ChartFinding]] = {name: [] for name in measures}
    for measure_id, finding in make_chart_findings(
        Finding.objects.filter(measure__in=measures).in_reading_order()
    ):
        found[measure_id].append(finding)
    return found


CHART_FIELDS = (
    "finding_id",
    "source_id",
    "category__category_id",
    "category__label",
    "category__order",
    "category__is_unknown",
    "scope",
    "breakdown_id",
    "breakdown_complete",
    "statistic",
    "value",
    "numerator",
    "denominator",
    "precision",
    "period_start",
    "period_end",
    "period_type",
    "geography",
    "verification",
    "definition_note",
    "measure_id",
)
"""Columns that a chart's findings are made of. Plain rows: model instances cost three times as much to build."""


def make_chart_findings(findings: QuerySet[Finding]) -> list[tuple[str, ChartFinding]]:
    """Findings as the charts take them, each with its measure's identifier, in the order of the queryset.

    Two queries: the findings with their categories, and their sources with ratings.
    """
    rows = list(findings.values_list(*CHART_FIELDS))
    sources = get_source_facts({row[1] for row in rows})
    return [(row[-1], _chart_finding(row, sources[row[1]])) for row in rows]


@dataclass(frozen=True)
class SourceFacts:
    """What a finding says of its source: a short label, and the quality."""

    label: str
    quality: str
    provisional: bool


def get_source_facts(source_ids: Collection[str]) -> dict[str, SourceFacts]:
    """Source → its label and rating. Sources that would share a label are told apart by their titles."""
    rows = list(
        Source.objects.with_rating()
        .filter(pk__in=source_ids)
        .values_list("pk", "authors", "publisher", "year", "title", "rating", "rating_status")
    )
    short = {pk: source_words(authors, publisher, year) for pk, authors, publisher, year, *_ in rows}
    shared = Counter(short.values())
    return {
        pk: SourceFacts(
            label=f"{short[pk]} ({title})" if shared[short[pk]] > 1 else short[pk],
            quality=rating or NOT_RATED,
            provisional=status == "provisional",
        )
        for pk, _, _, _, title, rating, status in rows
    }


def _chart_finding(row: tuple, source: SourceFacts) -> ChartFinding:
    value, start, end, kind = row[10], row[14], row[15], row[16]
    return ChartFinding(
        finding_id=row[0],
        source_id=row[1],
        source_label=source.label,
        category_id=row[2],
        category_label=row[3],
        category_order=row[4] or 0,
        is_unknown=bool(row[5]),
        scope=row[6],
        breakdown_id=row[7] or None,
        breakdown_complete=row[8],
        statistic=row[9],
        value=float(value),
        value_text=f"{value:f}",
        numerator=_float(row[11]),
        denominator=_float(row[12]),
        precision=row[13],
        period_start=start,
        period_end=end,
        period_type=kind,
        period_label=period_words(start, end, kind),
        geography=row[17],
        quality=source.quality,
        quality_provisional=source.provisional,
        verification=row[18],
        definition_note=row[19],
        note_of_overlap=None,
    )


def _float(value) -> float | None:
    return None if value is None else float(value)


def get_source_types(findings: Sequence[ChartFinding]) -> dict[str, str]:
    """Source → its type, for the sources of these findings."""
    return dict(
        Source.objects.filter(pk__in={f.source_id for f in findings}).values_list("pk", "source_type")
    )


def get_breaks(measure_id: str) -> list[Break]:
    """The breaks of a measure's series, as the trend chart takes them: one entry a date and label."""
    grouped: dict[tuple, list[str]] = defaultdict(list)
    for row in (
        SeriesBreak.objects.filter(measure=measure_id).select_related("category").order_by("starts_on")
    ):
        categories = grouped[row.starts_on, row.label, row.category_id is None]
        if row.category is not None:
            categories.append(row.category.category_id)
    return [
        Break(at=starts_on, label=label, category_ids=None if all_of_them else tuple(categories))
        for (starts_on, label, all_of_them), categories in grouped.items()
    ]


def get_overlaps(source_ids: Sequence[str]) -> list[Overlap]:
    """The overlaps among these sources: pairs that may be neither added nor pooled."""
    return list(Overlap.objects.filter(source_a__in=source_ids, source_b__in=source_ids))


def get_overlaps_of(source_id: str) -> list[Overlap]:
    """Every overlap of one source, with both ends at hand."""
    pairs = Overlap.objects.filter(Q(source_a=source_id) | Q(source_b=source_id))
    return list(pairs.select_related("source_a", "source_b"))


VERIFICATION_WORDS = dict(Verification.choices)

"""The bridge: from the store's rows to the values that the reading half works with. Nothing here writes.

What lists and filters need stands in `list_queries.py`, what themes need in `theme_queries.py`.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from django.db.models import Q, QuerySet

from studies.finding_ratings import is_lower
from studies.models import Finding, Measure, Overlap, SeriesBreak, Source
from studies.vocabulary import NOT_RATED

from .charts import Break, ChartFinding, MeasureInfo
from .wording import period_words, source_words


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

    Two queries: the findings with their categories and own ratings, and their sources with ratings.
    """
    rows = list(findings.with_own_rating().values_list(*CHART_FIELDS, "own_rating", "own_reason"))
    sources = get_source_facts({row[1] for row in rows})
    return [
        (row[-3], with_own_rating(_chart_finding(row, sources[row[1]]), rating=row[-2], reason=row[-1]))
        for row in rows
    ]


def with_own_rating(finding: ChartFinding, rating: str | None, reason: str) -> ChartFinding:
    """The finding with its own rating where that is lower than its source's, and why in its note."""
    if rating is None or not is_lower(rating, finding.quality):
        return finding
    note = f"{finding.definition_note} Rated {rating}, lower than its source: {reason}"
    return replace(
        finding,
        quality=rating,
        quality_provisional=False,
        definition_note=note,
        lowered_from=(finding.quality, finding.quality_provisional),
    )


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


def get_unknown_parts(breakdown_ids: Collection[str]) -> dict[str, ChartFinding]:
    """Breakdown → its unknown part, for those that report one."""
    unknown = Finding.objects.filter(breakdown_id__in=breakdown_ids, category__is_unknown=True)
    return {part.breakdown_id: part for _, part in make_chart_findings(unknown) if part.breakdown_id}


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

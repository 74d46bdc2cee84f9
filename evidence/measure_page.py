"""What the page of one measure shows: the heart of the product.

`make_measure_page` gathers rows through the bridge, hands them to the pure charts, and returns plain values.
"""

from dataclasses import dataclass, replace
from typing import Any

from django.urls import reverse

from studies.models import Benchmark, Finding, Measure, MeasureRelation, Support
from studies.vocabulary import Relation

from . import queries
from .cautions import Caution, cautions_for
from .changes import ChangeRow, changes_of
from .charts import (
    Chart,
    ChartFinding,
    Focus,
    MeasureInfo,
    Statement,
    build_bounds_pair,
    charts_for,
    statement_for,
)
from .figure_rows import FigureRow, make_figure_row, unknown_parts
from .filters import narrow_findings
from .selection import Selection
from .synthesis_panel import SynthesisPanel, make_synthesis_panel


MOST_ROWS = 60
"""Rows of the figure list on the page. The rest are one link away; a page of 463 rows is read by nobody."""

SIDE_BY_SIDE = (Relation.OTHER_BASE, Relation.RIVAL)
"""Relations whose other measure is drawn beside this one: the same records, or the same statistic."""


@dataclass(frozen=True)
class Related:
    """Another measure, how it stands to this one, and what a reader must know of it."""

    measure: Measure
    relation: str
    words: str
    note: str


@dataclass(frozen=True)
class SideView:
    """A measure drawn beside this one, with its leading chart or its figures in words."""

    related: Related
    chart: Chart | None
    statements: list[Statement]

    @property
    def csv_url(self) -> str:
        """Where the figures of this view are to be had; not those of the page it stands on."""
        return reverse("measure-file", args=[self.related.measure.pk, "csv"])


@dataclass(frozen=True)
class SourceRow:
    """A source of the measure: its quality, and what its figures cover."""

    source_id: str
    label: str
    quality: str
    provisional: bool
    scopes: list[str]
    periods: str
    figures: int
    lowered: int
    verification: str
    note: str


@dataclass(frozen=True)
class Comparison:
    """A permitted comparison with a population: both figures in words, and the caution of the pair."""

    category: str
    figures: list[str]
    population: str
    population_source: str
    caution: str


@dataclass(frozen=True)
class MeasurePage:
    """Everything that the page of a measure shows."""

    info: MeasureInfo
    findings: list[ChartFinding]
    charts: list[Chart]
    statements: list[Statement]
    side_views: list[SideView]
    cautions: list[Caution]
    sources: list[SourceRow]
    overlaps: list[Any]
    comparisons: list[Comparison]
    panel: SynthesisPanel | None
    changes: list[ChangeRow]
    related: list[Related]
    supports: list[Support]
    rows: list[FigureRow]
    all_figures: int
    all_sources: int
    figures: int

    @property
    def more_rows(self) -> int:
        """How many figures the list on the page leaves out."""
        return max(0, self.figures - len(self.rows))


def make_measure_page(measure: Measure, selection: Selection) -> MeasurePage:
    """Gather and shape one measure under a selection. The number of queries does not depend on the figures."""
    info = queries.get_measure_info(measure)
    related = get_related(measure)
    beside = [one for one in related if one.relation in SIDE_BY_SIDE]
    everything = queries.get_chart_findings([measure.pk, *(one.measure.pk for one in beside)])
    findings = apply(selection, everything[measure.pk])
    breaks = queries.get_breaks(measure.pk)
    overlaps = queries.get_overlaps(sorted({finding.source_id for finding in findings}))
    benchmarks = get_comparisons(info, findings)
    base_twin = next((one for one in beside if one.relation == Relation.OTHER_BASE), None)
    charts = draw(info, findings, breaks, selection, base_twin, everything)
    unknowns = unknown_parts(everything[measure.pk])
    drawn = {finding_id for chart in charts for finding_id in chart.drawn_ids}
    undrawn = [finding for finding in findings if finding.finding_id not in drawn]
    return MeasurePage(
        info=info,
        findings=findings,
        charts=charts,
        statements=[statement_for(info, finding, findings) for finding in undrawn] if not charts else [],
        side_views=[make_side_view(one, everything[one.measure.pk]) for one in beside],
        cautions=cautions_for(
            info,
            findings,
            relations={one.relation for one in related},
            has_breaks=bool(breaks),
            has_overlaps=bool(overlaps),
            has_benchmarks=bool(benchmarks),
        ),
        sources=make_source_rows(findings),
        overlaps=overlaps,
        comparisons=benchmarks,
        changes=changes_of(info, findings, breaks, selection.category),
        panel=make_synthesis_panel(
            measure, info, findings, selection, overlaps, queries.get_source_types(findings)
        ),
        related=related,
        supports=list(
            Support.objects.filter(finding__measure=measure)
            .select_related("conclusion", "finding")
            .order_by("conclusion__order", "pk")
        ),
        rows=[make_figure_row(info, finding, unknowns) for finding in findings[:MOST_ROWS]],
        all_figures=len(everything[measure.pk]),
        all_sources=len({finding.source_id for finding in everything[measure.pk]}),
        figures=len(findings),
    )


def apply(selection: Selection, findings: list[ChartFinding]) -> list[ChartFinding]:
    """The figures of a measure that a selection lets through: the filters of lists and files, so that all agree.

    The category is no filter here: a part without its whole would be a bare share. It chooses what is drawn.
    """
    narrowing = replace(selection, category=())
    if not narrowing.filters:
        return findings
    rows = Finding.objects.filter(pk__in=[finding.finding_id for finding in findings])
    kept = set(narrow_findings(narrowing, rows).values_list("pk", flat=True))
    return [finding for finding in findings if finding.finding_id in kept]


def draw(
    info: MeasureInfo,
    findings: list[ChartFinding],
    breaks: list[Any],
    selection: Selection,
    base_twin: Related | None,
    everything: dict[str, list[ChartFinding]],
) -> list[Chart]:
    """The charts of the measure. The one that keeps unknowns in the base is drawn with its known-only twin."""
    twin = None
    if base_twin is not None and not any(finding.is_unknown for finding in everything[base_twin.measure.pk]):
        twin = (queries.get_measure_info(base_twin.measure), everything[base_twin.measure.pk])
    focus = Focus(category_ids=selection.category, geographies=selection.geography)
    charts = charts_for(info, findings, breaks=breaks, focus=focus, known_only=twin)
    if base_twin is not None and twin is None and not any(finding.is_unknown for finding in findings):
        # This is the known-only measure: what the unknowns of its twin allow belongs on this page as well.
        whole = (queries.get_measure_info(base_twin.measure), everything[base_twin.measure.pk])
        bounds = build_bounds_pair((info, findings), whole)
        charts += [bounds] if bounds else []
    return charts


def make_side_view(related: Related, findings: list[ChartFinding]) -> SideView:
    """The related measure's leading chart, named apart, or its figures in words where it has none."""
    info = queries.get_measure_info(related.measure)
    charts = charts_for(info, findings)
    chart = replace(charts[0], chart_id=f"beside-{charts[0].chart_id}") if charts else None
    statements = [] if charts else [statement_for(info, finding, findings) for finding in findings[:6]]
    return SideView(related, chart, statements)


def get_related(measure: Measure) -> list[Related]:
    """The measures that stand in a stated relation to this one; nearest relations first."""
    found = []
    pairs = MeasureRelation.objects.filter(measure_a=measure) | MeasureRelation.objects.filter(
        measure_b=measure
    )
    order = list(Relation)
    for pair in pairs.select_related("measure_a", "measure_b"):
        other = pair.measure_b if pair.measure_a_id == measure.pk else pair.measure_a
        found.append(Related(other, pair.relation, pair.get_relation_display(), pair.note))
    return sorted(found, key=lambda one: (order.index(Relation(one.relation)), one.measure.label))


def make_source_rows(findings: list[ChartFinding]) -> list[SourceRow]:
    """One row a source, in the order in which its figures first appear."""
    by_source: dict[str, list[ChartFinding]] = {}
    for finding in findings:
        by_source.setdefault(finding.source_id, []).append(finding)
    rows = []
    for source_id, own in by_source.items():
        first = own[0]
        kinds = {finding.verification for finding in own}
        periods = list(dict.fromkeys(finding.period_label for finding in own))
        quality, provisional = first.lowered_from or (first.quality, first.quality_provisional)
        rows.append(
            SourceRow(
                source_id=source_id,
                label=first.source_label,
                quality=quality,
                provisional=provisional and quality != "not_rated",
                scopes=list(dict.fromkeys(finding.scope for finding in own)),
                periods=periods[0]
                if len(periods) == 1
                else f"{len(periods)} periods: {periods[0]} … {periods[-1]}",
                figures=len(own),
                lowered=sum(finding.lowered_from is not None for finding in own),
                verification=kinds.pop() if len(kinds) == 1 else "both",
                note=first.definition_note,
            )
        )
    return rows


def get_comparisons(info: MeasureInfo, findings: list[ChartFinding]) -> list[Comparison]:
    """The permitted comparisons with a population for the figures shown. Only listed pairs, each with its caution."""
    pairs = list(
        Benchmark.objects.filter(measure=info.measure_id).select_related(
            "category",
            "population_finding__measure",
            "population_finding__source",
            "population_finding__category",
        )
    )
    comparisons = []
    unknowns = unknown_parts(findings)
    for pair in pairs:
        category_id = pair.category.category_id if pair.category else None
        figures = [
            finding
            for finding in findings
            if finding.category_id == category_id
            and (pair.finding_period_end is None or finding.period_end == pair.finding_period_end)
        ]
        if not figures:
            continue
        population = pair.population_finding
        shown = make_figure_row(info, figures[0], unknowns)
        category = population.category.label if population.category else population.measure.label
        comparisons.append(
            Comparison(
                category=shown.category_label or info.label,
                figures=[
                    f"{make_figure_row(info, one, unknowns).value} ({one.source_label}, {one.period_label}, {one.scope})"
                    for one in figures
                ],
                population=(
                    f"{category}: {population.value:f}"
                    f"{'%' if population.statistic == 'percentage' else ' ' + population.measure.unit_label}"
                    f" ({population.scope}, {population.geography})"
                ),
                population_source=population.source.title,
                caution=pair.caution,
            )
        )
    return comparisons

"""What the page of one conclusion shows: the statement, how certain and why, and every row it rests on."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from studies.models import Conclusion, Overlap, Source, Support
from studies.vocabulary import Direction

from . import queries, theme_queries
from .charts import ChartFinding, Statement, statement_for
from .estimating import estimate_of
from .summaries import ConclusionSummary, SupportCounts, make_conclusion
from .synthesis import describe_body
from .synthesis.certainty import Aspect


DIRECTION_WORDS = {
    Direction.SUPPORTS: "What supports it",
    Direction.CONTRADICTS: "What contradicts it",
    Direction.MIXED: "What supports it in part",
    Direction.CONTEXT: "What gives context",
}


@dataclass(frozen=True)
class SupportRow:
    """One row behind a conclusion. `statement` is the figure in words, None where the whole source is meant."""

    source: Source
    quality: str
    provisional: bool
    note: str
    measure_id: str = ""
    measure_label: str = ""
    verification: str = ""
    statement: Statement | None = None
    lowered: bool = False


@dataclass(frozen=True)
class DirectionGroup:
    """The rows that point in one direction, and from how many sources they come."""

    direction: str
    heading: str
    rows: list[SupportRow]

    @property
    def sources(self) -> int:
        """How many different sources the rows come from."""
        return len({row.source.pk for row in self.rows})


@dataclass(frozen=True)
class ConclusionPage:
    """Everything that the page of a conclusion shows."""

    summary: ConclusionSummary
    groups: list[DirectionGroup]
    overlaps: list[Overlap]
    implications: list[Any]
    gaps: list[Any]
    aspects: list[Aspect]


def make_conclusion_page(conclusion: Conclusion) -> ConclusionPage:
    """Gather and shape one conclusion. The number of queries does not depend on what it rests on."""
    supports = theme_queries.get_supports(conclusion.pk)
    sources = {support.source_id for support in supports}
    ratings = theme_queries.get_ratings(sources)
    figures = get_figures(supports)
    counts = SupportCounts(sources=len(sources))
    counts.directions.update(support.direction for support in supports)
    return ConclusionPage(
        summary=make_conclusion(conclusion, counts),
        groups=make_groups(
            [(one.direction, make_row(one, ratings[one.source_id], figures)) for one in supports]
        ),
        overlaps=theme_queries.get_overlaps_among(sources),
        implications=theme_queries.get_implications(conclusion=conclusion.pk),
        gaps=theme_queries.get_gaps(conclusion.theme),
        aspects=compute_aspects(supports, figures),
    )


COMPARED = {"direction", "imprecision"}
"""Aspects that set shares side by side. They mean something within one measure and category only."""


def compute_aspects(supports: Sequence[Support], figures: dict[str, list[ChartFinding]]) -> list[Aspect]:
    """What can be computed of the figures behind a conclusion, to stand beside the judgement of certainty.

    Figures that only give context are left out, and so are whole sources, which have no figure to compute with.
    """
    bearing = [one for one in supports if one.finding is not None and one.direction != Direction.CONTEXT]
    if not bearing:
        return []
    estimates = []
    for support in bearing:
        info, own = queries.get_measure_info(support.finding.measure), figures[support.finding.pk]
        estimates.append(estimate_of(info, own[0], own, support.source.source_type, own[0].source_label))
    questions = {(estimate.measure_id, estimate.category) for estimate in estimates}
    aspects = describe_body(estimates).aspects
    return [aspect for aspect in aspects if len(questions) == 1 or aspect.name not in COMPARED]


def get_figures(supports: Sequence[Support]) -> dict[str, list[ChartFinding]]:
    """Finding → itself, then the other parts of its breakdown, among which its unknown share is found."""
    cited = [support.finding for support in supports if support.finding is not None]
    found = theme_queries.get_cited_figures(cited)
    by_id = {finding.finding_id: finding for finding in found}
    return {
        finding.pk: [
            by_id[finding.pk],
            *(one for one in found if one.breakdown_id and one.breakdown_id == finding.breakdown_id),
        ]
        for finding in cited
    }


def make_row(
    support: Support, rating: tuple[str, bool], figures: dict[str, list[ChartFinding]]
) -> SupportRow:
    """One row behind the conclusion, in words."""
    quality, provisional = rating
    if support.finding is None:
        return SupportRow(support.source, quality, provisional, support.note)
    info = queries.get_measure_info(support.finding.measure)
    own = figures[support.finding.pk]
    lowered = own[0].lowered_from is not None
    if lowered:
        quality, provisional = own[0].quality, False
    return SupportRow(
        source=support.source,
        quality=quality,
        provisional=provisional,
        lowered=lowered,
        note=support.note,
        measure_id=info.measure_id,
        measure_label=info.label,
        verification=support.finding.verification,
        statement=statement_for(info, own[0], own[1:]),
    )


def make_groups(rows: Sequence[tuple[str, SupportRow]]) -> list[DirectionGroup]:
    """The rows by direction, in the order of the vocabulary; directions without rows are left out."""
    groups = [
        DirectionGroup(direction.value, words, [row for own, row in rows if own == direction.value])
        for direction, words in DIRECTION_WORDS.items()
    ]
    return [group for group in groups if group.rows]

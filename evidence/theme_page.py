"""What the page of one theme shows: conclusions first, then the measures, then what is missing and what follows."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from studies.vocabulary import Audience, Theme

from . import queries, theme_queries
from .charts import Chart, ChartFinding, MeasureInfo, Statement, charts_for, statement_for
from .presenters import Link
from .summaries import (
    ConclusionSummary,
    counted,
    group_by_unit,
    leading,
    make_conclusion,
    years_words,
)
from .theme_queries import MeasureFacts
from .versioned import kept_for_version


MOST_DRAWN = 2
"""Charts on a theme page. The others are on the pages of their measures, a link away."""


@dataclass(frozen=True)
class SingleFigure:
    """The only figure of a measure: in words, with what its tags need."""

    finding: ChartFinding
    statement: Statement


@dataclass(frozen=True)
class MeasureEntry:
    """A measure in a list. `single` is its figure where it has only one, `chart` its leading chart where drawn."""

    info: MeasureInfo
    findings: int
    extent: str
    years: str
    cited: str
    single: SingleFigure | None = None
    chart: Chart | None = None


@dataclass(frozen=True)
class UnitGroup:
    """The measures that count the same thing: those with several figures, then those with one."""

    unit: str
    label: str
    several: list[MeasureEntry]
    single: list[MeasureEntry]
    empty: list[MeasureEntry]

    @property
    def number(self) -> int:
        """How many measures there are in the group."""
        return len(self.several) + len(self.single) + len(self.empty)


@dataclass(frozen=True)
class AudienceGroup:
    """The implications for one audience."""

    audience: str
    label: str
    implications: list[Any]


@dataclass(frozen=True)
class QualityCount:
    """How many of the theme's sources have one rating."""

    quality: str
    provisional: bool
    number: int


@dataclass(frozen=True)
class ThemePage:
    """Everything that the page of a theme shows, in the order in which it shows it."""

    theme: str
    label: str
    summary: str
    contents: list[Link]
    conclusions: list[ConclusionSummary]
    leading: list[MeasureEntry]
    units: list[UnitGroup]
    measures: int
    gaps: list[Any]
    audiences: list[AudienceGroup]
    qualities: list[QualityCount]
    sources: int

    @property
    def has_charts(self) -> bool:
        """Whether the page needs the scripts that draw."""
        return any(entry.chart for entry in self.leading)


@kept_for_version
def _made() -> dict[Theme, ThemePage]:
    """The pages made since the data last changed."""
    return {}


def get_theme_page(theme: Theme, version: int) -> ThemePage:
    """The page of a theme, made once for each version of the data."""
    made = _made(version)
    if theme not in made:
        made[theme] = make_theme_page(theme)
    return made[theme]


def make_theme_page(theme: Theme) -> ThemePage:
    """Gather and shape one theme. The number of queries does not depend on how much there is."""
    support = theme_queries.get_support_counts(theme)
    conclusions = [make_conclusion(one, support.get(one.pk)) for one in theme_queries.get_conclusions(theme)]
    facts = theme_queries.get_measure_facts(theme)
    chosen = leading(facts)
    to_draw = [fact.measure.pk for fact in chosen if fact.findings > 1][:MOST_DRAWN]
    single = [fact.measure.pk for fact in facts if fact.findings == 1]
    figures = queries.get_chart_findings([*to_draw, *single])
    entries = {fact.measure.pk: make_entry(fact, figures.get(fact.measure.pk, [])) for fact in facts}
    gaps = theme_queries.get_gaps(theme)
    implications = theme_queries.get_implications(theme=theme)
    qualities = [
        QualityCount(quality, provisional, number)
        for (quality, provisional), number in sorted(
            theme_queries.get_qualities(theme).items(), key=_by_quality
        )
    ]
    units = make_units(facts, entries)
    sources = sum(quality.number for quality in qualities)
    return ThemePage(
        theme=theme.value,
        label=str(theme.label),
        summary=summarise(len(conclusions), facts, sources, len(gaps)),
        contents=make_contents(
            len(conclusions), len(chosen), len(facts), len(gaps), len(implications), sources
        ),
        conclusions=conclusions,
        leading=[
            draw(entries[name], figures[name]) if name in to_draw else entries[name]
            for name in (fact.measure.pk for fact in chosen)
        ],
        units=units,
        measures=len(facts),
        gaps=gaps,
        audiences=group_by_audience(implications),
        qualities=qualities,
        sources=sources,
    )


QUALITY_ORDER = ("strong", "moderate", "weak", "unclear", "not_rated")


def _by_quality(item: tuple[tuple[str, bool], int]) -> tuple[int, bool]:
    (quality, provisional), _ = item
    return QUALITY_ORDER.index(quality), provisional


def make_entry(fact: MeasureFacts, figures: Sequence[ChartFinding]) -> MeasureEntry:
    """A measure as a list shows it; `figures` are its findings where the list needs them."""
    info = queries.get_measure_info(fact.measure)
    single = None
    if fact.findings == 1 and figures:
        single = SingleFigure(figures[0], statement_for(info, figures[0], figures))
    return MeasureEntry(
        info=info,
        findings=fact.findings,
        extent=f"{counted(fact.findings, 'figure')} from {counted(fact.sources, 'source')}",
        years=years_words(fact.first_year, fact.last_year),
        cited=f"cited by {counted(fact.cited, 'conclusion')}" if fact.cited else "",
        single=single,
    )


def draw(entry: MeasureEntry, figures: Sequence[ChartFinding]) -> MeasureEntry:
    """The entry with its leading chart, or as it is where words say it better. One query."""
    breaks = queries.get_breaks(entry.info.measure_id)
    return replace(entry, chart=next(iter(charts_for(entry.info, figures, breaks=breaks)), None))


def make_units(facts: Sequence[MeasureFacts], entries: dict[str, MeasureEntry]) -> list[UnitGroup]:
    """All measures by what they count: those with several figures, those with one, those with none."""
    groups = []
    for unit, members in group_by_unit(facts):
        own = [entries[fact.measure.pk] for fact in members]
        groups.append(
            UnitGroup(
                unit=unit.value,
                label=str(unit.label),
                several=[entry for entry in own if entry.findings > 1],
                single=[entry for entry in own if entry.single is not None],
                empty=[entry for entry in own if not entry.findings],
            )
        )
    return groups


def group_by_audience(implications: Sequence[Any]) -> list[AudienceGroup]:
    """The implications by whom they concern: local partners first, who act on them soonest."""
    groups = [
        AudienceGroup(
            audience.value, str(audience.label), [one for one in implications if one.audience == audience]
        )
        for audience in (Audience.LOCAL, Audience.NATIONAL)
    ]
    return [group for group in groups if group.implications]


def summarise(conclusions: int, facts: Sequence[MeasureFacts], sources: int, gaps: int) -> str:
    """The theme in a sentence of counts; what there is none of is said."""
    figures = sum(fact.findings for fact in facts)
    held = counted(len(facts), "measure")
    if facts:
        held += f" with {counted(figures, 'figure')}"
    text = (
        f"{counted(conclusions, 'conclusion')}, {held}, {counted(sources, 'source')} "
        f"and {counted(gaps, 'named gap')} on this theme."
    )
    return text[:1].upper() + text[1:]


def make_contents(
    conclusions: int, chosen: int, measures: int, gaps: int, implications: int, sources: int
) -> list[Link]:
    """The parts of the page, in its order, each with how much it holds."""
    parts = [
        Link(f"Conclusions ({conclusions})", "#conclusions"),
        Link(f"Measures that matter most ({chosen})", "#leading"),
        Link(f"All measures ({measures})", "#measures"),
        Link(f"What is not known ({gaps})", "#gaps"),
        Link(f"What it means ({implications})", "#implications"),
        Link(f"Sources ({sources})", "#sources"),
    ]
    return parts if chosen else [part for part in parts if part.url != "#leading"]

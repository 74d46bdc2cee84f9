"""What the overview shows: what is known, how sure it is, what is not known, and what the base holds."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from studies.vocabulary import QUALITY_CHOICES, Audience, SourceType, Theme

from . import queries, theme_queries
from .charts import Chart, ChartFinding, MeasureInfo, build_bounds_pair, words
from .charts.titles import topic
from .summaries import (
    CertaintyGroup,
    certainty_words,
    counted,
    group_by_certainty,
    make_conclusion,
    percentage,
)
from .theme_queries import SourceGroup, ThemeCounts
from .versioned import kept_for_version


FEATURED_PAIRS = (("group-suspect-ethnicity-known-only", "group-suspect-ethnicity-unknowns-in-base"),)
"""Pairs of measures to lead with: one that leaves unknowns out, and the same records with unknowns in the base.

The first pair that the store holds and that can be drawn is shown. Where it holds none, as in another evidence
base, the overview goes without. The pair shown here is the figure of the field that is most often misread.
"""


@dataclass(frozen=True)
class Featured:
    """The chart that leads, the two measures behind it, and its first row in words.

    `topic` is what was recorded or not ("ethnicity"), `place` the area and the period.
    """

    chart: Chart
    known: MeasureInfo
    everyone: MeasureInfo
    topic: str
    place: str
    category: str
    known_share: str
    recorded_share: str
    highest_share: str


@dataclass(frozen=True)
class CountRow:
    """A class of sources: how many, how many of them with a provisional rating, and how many findings they gave."""

    value: str
    label: str
    sources: int
    provisional: int
    findings: int

    @property
    def findings_words(self) -> str:
        """The number of findings with its thousands set apart."""
        return f"{self.findings:,}"


@dataclass(frozen=True)
class ThemeCard:
    """A theme with what is held on it."""

    theme: str
    label: str
    counts: ThemeCounts
    certainty: str

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all is held on the theme."""
        counts = self.counts
        return not (
            counts.conclusions or counts.measures or counts.sources or counts.gaps or counts.implications
        )


@dataclass(frozen=True)
class ThemeNumber:
    """A theme and one of its numbers, for a list of links into the theme pages."""

    theme: str
    label: str
    number: int


@dataclass(frozen=True)
class AudienceNumbers:
    """How many implications each theme has for one audience."""

    audience: str
    label: str
    total: int
    themes: list[ThemeNumber]


@dataclass(frozen=True)
class OverviewPage:
    """Everything that the overview shows, in the order in which it shows it."""

    sources: int
    findings: int
    measures: int
    secondary: int
    secondary_share: str
    conclusions: int
    provisional_conclusions: int
    certainties: list[CertaintyGroup]
    gaps: int
    gap_themes: list[ThemeNumber]
    audiences: list[AudienceNumbers]
    featured: Featured | None
    themes: list[ThemeCard]
    by_type: list[CountRow]
    by_quality: list[CountRow]

    @property
    def held(self) -> str:
        """What the base holds: "170 sources and 2,344 findings"."""
        return f"{counted(self.sources, 'source')} and {counted(self.findings, 'finding')}"

    @property
    def secondary_words(self) -> str:
        """How many findings were not read in the source itself: "644 of 2,344 findings (27%)"."""
        return f"{self.secondary:,} of {counted(self.findings, 'finding')} ({self.secondary_share})"

    @property
    def is_empty(self) -> bool:
        """Whether no evidence has been loaded."""
        return not (self.sources or self.measures or self.conclusions or self.gaps)


@kept_for_version
def get_overview_page() -> OverviewPage:
    """Gather and shape the overview. The number of queries does not depend on how much there is."""
    groups = theme_queries.get_source_groups()
    verifications = theme_queries.get_verifications()
    themes = theme_queries.get_theme_counts()
    support = theme_queries.get_support_counts()
    conclusions = [make_conclusion(one, support.get(one.pk)) for one in theme_queries.get_conclusions()]
    findings = verifications.total()
    return OverviewPage(
        sources=sum(group.sources for group in groups),
        findings=findings,
        measures=sum(counts.measures for counts in themes.values()),
        secondary=verifications["secondary"],
        secondary_share=percentage(verifications["secondary"], findings),
        conclusions=len(conclusions),
        provisional_conclusions=sum(one.provisional for one in conclusions),
        certainties=group_by_certainty(conclusions),
        gaps=sum(counts.gaps for counts in themes.values()),
        gap_themes=numbers_by_theme({name: counts.gaps for name, counts in themes.items()}),
        audiences=make_audiences(themes),
        featured=get_featured(FEATURED_PAIRS),
        themes=make_cards(themes),
        by_type=make_rows(groups, "source_type", SourceType.choices),
        by_quality=make_rows(groups, "quality", QUALITY_CHOICES),
    )


def get_featured(pairs: Sequence[tuple[str, str]]) -> Featured | None:
    """The first of the pairs that is held and can be drawn, None without one."""
    held = theme_queries.get_measures([measure for pair in pairs for measure in pair])
    figures = queries.get_chart_findings(list(held))
    for names in pairs:
        if not all(name in held for name in names):
            continue
        known, everyone = ((held[name], figures[name]) for name in names)
        chart = build_bounds_pair(known, everyone)
        if chart is not None:
            return make_featured(chart, known, everyone)
    return None


def make_featured(
    chart: Chart,
    known: tuple[MeasureInfo, list[ChartFinding]],
    everyone: tuple[MeasureInfo, list[ChartFinding]],
) -> Featured:
    """The chart with its first row in words; each share as its source prints it."""
    record = chart.table.records[0]
    among_known = next(one for one in known[1] if one.finding_id == record["known_finding_id"])
    among_all = next(one for one in everyone[1] if one.finding_id == record["finding_id"])
    return Featured(
        chart=chart,
        known=known[0],
        everyone=everyone[0],
        topic=topic(everyone[0]) or "value",
        place=f"{among_all.geography}, {among_all.period_label}",
        category=among_all.category_label or "Total",
        known_share=share_words(known[0], among_known, record["known"]),
        recorded_share=share_words(everyone[0], among_all, record["low"]),
        highest_share=f"{record['high']:.3g}%",
    )


def share_words(measure: MeasureInfo, finding: ChartFinding, share: float) -> str:
    """A share as printed, or as worked out from counts."""
    if finding.statistic == "percentage":
        return words.value(measure, finding)
    return words.percent(share, finding.denominator)


def make_cards(themes: dict[str, ThemeCounts]) -> list[ThemeCard]:
    """All themes of the vocabulary, in its order, those without evidence too."""
    return [
        ThemeCard(theme.value, str(theme.label), counts, certainty_words(counts.certainty))
        for theme in Theme
        for counts in [themes.get(theme.value, ThemeCounts())]
    ]


def numbers_by_theme(numbers: dict[str, int]) -> list[ThemeNumber]:
    """The themes that have a number above nought, in the order of the vocabulary."""
    return [
        ThemeNumber(theme.value, str(theme.label), numbers[theme.value])
        for theme in Theme
        if numbers.get(theme.value)
    ]


def make_audiences(themes: dict[str, ThemeCounts]) -> list[AudienceNumbers]:
    """The implications by audience: local partners first, who act on them soonest."""
    groups = []
    for audience in (Audience.LOCAL, Audience.NATIONAL):
        rows = numbers_by_theme({name: counts.audiences[audience] for name, counts in themes.items()})
        total = sum(row.number for row in rows)
        groups.append(AudienceNumbers(audience.value, str(audience.label), total, rows))
    return [group for group in groups if group.total]


def make_rows(
    groups: Sequence[SourceGroup], attribute: str, choices: Iterable[tuple[str, str]]
) -> list[CountRow]:
    """The sources added up by type or by quality, in the order of the vocabulary, classes without any left out."""
    sources: Counter[str] = Counter()
    provisional: Counter[str] = Counter()
    findings: Counter[str] = Counter()
    for group in groups:
        name = getattr(group, attribute)
        sources[name] += group.sources
        provisional[name] += group.sources if group.provisional else 0
        findings[name] += group.findings
    return [
        CountRow(value, str(label), sources[value], provisional[value], findings[value])
        for value, label in choices
        if sources[value]
    ]

"""The bridge for the overview, the themes and the conclusions: counted and gathered rows. Nothing here writes."""

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field

from django.db.models import CharField, Count, F, Func, Max, Min, Q, Sum
from django.db.models.functions import Coalesce

from studies.models import (
    Appraisal,
    Conclusion,
    Finding,
    Gap,
    Implication,
    Measure,
    Overlap,
    Source,
    SourceSearch,
    Support,
)
from studies.vocabulary import NOT_DESCRIBED, NOT_RATED, AppraisalStatus, ConclusionStatus

from . import queries
from .charts import ChartFinding, MeasureInfo


@dataclass(frozen=True)
class SourceGroup:
    """How many sources of one type and rating there are, and how many findings were taken from them."""

    source_type: str
    quality: str
    provisional: bool
    sources: int
    findings: int


@dataclass
class ThemeCounts:
    """What is held on one theme. `certainty` counts its conclusions, `audiences` its implications."""

    measures: int = 0
    findings: int = 0
    sources: int = 0
    gaps: int = 0
    certainty: Counter[str] = field(default_factory=Counter)
    audiences: Counter[str] = field(default_factory=Counter)

    @property
    def conclusions(self) -> int:
        """How many conclusions the theme has, of whatever certainty."""
        return self.certainty.total()

    @property
    def implications(self) -> int:
        """How many implications the theme has, for whatever audience."""
        return self.audiences.total()


@dataclass
class SupportCounts:
    """What stands behind a conclusion: rows by direction, and the number of different sources among them."""

    directions: Counter[str] = field(default_factory=Counter)
    sources: int = 0


@dataclass(frozen=True)
class MeasureFacts:
    """How much is held on a measure, and whether its figures state an unknown part.

    `cited` is the number of conclusions that cite it, `citations` that of the figures that they cite.
    """

    measure: Measure
    findings: int
    sources: int
    cited: int
    citations: int
    states_unknown: bool
    first_year: int | None
    last_year: int | None


def get_source_groups() -> list[SourceGroup]:
    """All sources, counted by type and rating, in that order. Two queries."""
    counts: Counter[tuple[str, str, bool]] = Counter()
    findings: Counter[tuple[str, str, bool]] = Counter()
    # Ratings are looked up for the sources that have one: most references never get one, and there may be very many.
    speaking = Appraisal.objects.speaking()
    rated = Source.objects.filter(pk__in=speaking.values("source"))
    for kind, rating, status, held in rated.with_rating().values_list(
        "source_type", "rating", "rating_status", "search__finding_count"
    ):
        group = (kind or NOT_DESCRIBED, rating, status == AppraisalStatus.PROVISIONAL)
        counts[group] += 1
        findings[group] += held or 0
    unrated = Source.objects.exclude(pk__in=speaking.values("source")).order_by().values("source_type")
    for kind, number, held in unrated.annotate(
        sources=Count("pk"), held=Coalesce(Sum("search__finding_count"), 0)
    ).values_list("source_type", "sources", "held"):
        group = (kind or NOT_DESCRIBED, NOT_RATED, False)
        counts[group] += number
        findings[group] += held
    return [SourceGroup(*group, number, findings[group]) for group, number in sorted(counts.items())]


def get_verifications() -> Counter[str]:
    """How many findings were read in which way. One query."""
    return Counter(dict(Finding.objects.values_list("verification").annotate(Count("pk")).order_by()))


def get_theme_counts() -> dict[str, ThemeCounts]:
    """Theme → what is held on it. A theme on which nothing is held has noughts. Six queries."""
    counts: dict[str, ThemeCounts] = defaultdict(ThemeCounts)
    for theme, certainty, number in _counted(Conclusion.objects, "theme", "certainty"):
        counts[theme].certainty[certainty] = number
    for theme, audience, number in _counted(Implication.objects, "theme", "audience"):
        counts[theme].audiences[audience] = number
    for theme, number in _counted(Measure.objects, "theme"):
        counts[theme].measures = number
    for theme, number in _counted(Finding.objects, "measure__theme"):
        counts[theme].findings = number
    for theme, number in _counted(Gap.objects, "theme"):
        counts[theme].gaps = number
    themes = Func(F("themes"), function="unnest", output_field=CharField())
    for theme, number in _counted(SourceSearch.objects.annotate(theme=themes), "theme"):
        counts[theme].sources = number
    return counts


def _counted(rows, *fields: str):
    return rows.order_by().values_list(*fields).annotate(Count("pk"))


def get_conclusions(theme: str = "") -> list[Conclusion]:
    """The conclusions of a theme, or all of them, in the editor's order."""
    found = Conclusion.objects.filter(theme=theme) if theme else Conclusion.objects.all()
    return list(found)


def get_support_counts(theme: str = "") -> dict[str, SupportCounts]:
    """Conclusion → what stands behind it, for a theme or for all. One query."""
    rows = Support.objects.filter(conclusion__theme=theme) if theme else Support.objects.all()
    counts: dict[str, SupportCounts] = defaultdict(SupportCounts)
    sources: dict[str, set[str]] = defaultdict(set)
    for conclusion, direction, source in rows.order_by().values_list("conclusion", "direction", "source"):
        counts[conclusion].directions[direction] += 1
        sources[conclusion].add(source)
    for conclusion, names in sources.items():
        counts[conclusion].sources = len(names)
    return counts


def get_measure_facts(theme: str) -> list[MeasureFacts]:
    """The measures of a theme, by label, with how much is held on each. Three queries."""
    held = {
        row["measure"]: row
        for row in Finding.objects.filter(measure__theme=theme)
        .order_by()
        .values("measure")
        .annotate(
            findings=Count("pk"),
            sources=Count("source", distinct=True),
            unknown=Count("pk", filter=Q(category__is_unknown=True)),
            first=Min("period_start"),
            last=Max("period_end"),
        )
    }
    cited = {
        measure: (conclusions, figures)
        for measure, conclusions, figures in Support.objects.filter(finding__measure__theme=theme)
        .order_by()
        .values_list("finding__measure")
        .annotate(Count("conclusion", distinct=True), Count("finding", distinct=True))
    }
    nothing = {"findings": 0, "sources": 0, "unknown": 0, "first": None, "last": None}
    facts = []
    for measure in Measure.objects.filter(theme=theme).order_by("label", "pk"):
        row = held.get(measure.pk, nothing)
        facts.append(
            MeasureFacts(
                measure,
                row["findings"],
                row["sources"],
                *cited.get(measure.pk, (0, 0)),
                bool(row["unknown"]),
                row["first"] and row["first"].year,
                row["last"] and row["last"].year,
            )
        )
    return facts


def get_gaps(theme: str) -> list[Gap]:
    """The gaps of a theme, each with the source that named it, if one did. One query."""
    return list(Gap.objects.filter(theme=theme).select_related("source"))


def get_implications(*, theme: str = "", conclusion: str = "") -> list[Implication]:
    """The implications of a theme, or those that rest on a conclusion, with source and conclusion. One query."""
    wanted = {"theme": theme} if theme else {"conclusion": conclusion}
    return list(Implication.objects.filter(**wanted).select_related("source", "conclusion"))


def get_qualities(theme: str) -> dict[tuple[str, bool], int]:
    """(Rating, whether provisional) → number of sources that bear on the theme. One query.

    The same sources as `/sources/?theme=…` lists: those with a figure, a support, a gap or an implication there.
    """
    rows = Source.objects.filter(search__themes__contains=[theme]).with_rating()
    # Counted here: grouping in SQL would look each rating up a second time.
    counts = Counter(rows.order_by().values_list("rating", "rating_status"))
    return {
        (rating or NOT_RATED, status == AppraisalStatus.PROVISIONAL): n
        for (rating, status), n in counts.items()
    }


def get_supports(conclusion: str) -> list[Support]:
    """What bears on a conclusion, with the finding, its measure and category, and the source. One query."""
    rows = Support.objects.filter(conclusion=conclusion).order_by("pk")
    return list(rows.select_related("finding__measure", "source"))


def get_cited_figures(findings: Collection[Finding]) -> list[ChartFinding]:
    """These findings and the other parts of their breakdowns, as the charts take them. Two queries."""
    breakdowns = {finding.breakdown_id for finding in findings if finding.breakdown_id}
    rows = Finding.objects.filter(Q(pk__in=[one.pk for one in findings]) | Q(breakdown_id__in=breakdowns))
    return [finding for _, finding in queries.make_chart_findings(rows.in_reading_order())]


def get_measures(names: Collection[str]) -> dict[str, MeasureInfo]:
    """Measure → what the charts need of it, for those of the names that are held. One query."""
    return {name: queries.get_measure_info(one) for name, one in Measure.objects.in_bulk(list(names)).items()}


def get_ratings(sources: Collection[str]) -> dict[str, tuple[str, bool]]:
    """Source → its rating, and whether that is provisional. One query."""
    rows = Source.objects.filter(pk__in=sources).with_rating().values_list("pk", "rating", "rating_status")
    return {pk: (rating or NOT_RATED, status == AppraisalStatus.PROVISIONAL) for pk, rating, status in rows}


def get_overlaps_among(sources: Collection[str]) -> list[Overlap]:
    """The overlaps among these sources, with both ends at hand. One query."""
    pairs = Overlap.objects.filter(source_a__in=sources, source_b__in=sources)
    return list(pairs.select_related("source_a", "source_b").order_by("source_a", "source_b"))


def is_provisional(conclusion: Conclusion) -> bool:
    """Whether a conclusion is an editorial draft that has not been agreed."""
    return conclusion.status == ConclusionStatus.PROVISIONAL

"""What rests on a source, and what another rating would do to pooled figures and conclusions: before and after."""

from dataclasses import dataclass, replace

from studies.consequences import Consequences, consequences_of
from studies.finding_ratings import is_lower
from studies.models import Comparability, FindingRating, Measure, Source
from studies.vocabulary import NOT_RATED, QUALITY_CHOICES

from . import queries
from .charts import ChartFinding
from .consequences_conclusions import ConclusionLine, conclusion_lines
from .selection import Selection
from .synthesis import Pooled, Synthesis
from .synthesis_panel import POOLABLE_QUANTITIES, make_synthesis, share_words


ADEQUATE = ("strong", "moderate")
"""The ratings that a restricted pool keeps."""


@dataclass(frozen=True)
class PoolLine:
    """One pool that the source is part of: the figure of all its studies, and the restricted one before and after."""

    measure: Measure
    category_id: str
    category_label: str
    everything: str
    before: str
    after: str

    @property
    def changes(self) -> bool:
        return self.before != self.after


@dataclass(frozen=True)
class ConsequencesPage:
    """Everything that the page of consequences shows. `rating` is the one that is tried, `now` the present one."""

    rests: Consequences
    now: str
    now_label: str
    rating: str
    rating_label: str
    choices: list[tuple[str, str, bool]]
    pools: list[PoolLine]
    conclusions: list[ConclusionLine]

    @property
    def changed(self) -> int:
        """How many pools the rating would change."""
        return sum(line.changes for line in self.pools)


def make_consequences_page(source: Source, rating: str | None) -> ConsequencesPage:
    """The page for a source with its rating annotated; `rating` None tries one from across the line of adequacy."""
    labels = dict(QUALITY_CHOICES)
    now = source.rating or NOT_RATED
    tried = rating or ("weak" if now in ADEQUATE else "strong")
    own = dict(
        FindingRating.objects.filter(finding__source=source, withdrawn_at=None).values_list(
            "finding", "rating"
        )
    )
    rests = consequences_of(source)
    return ConsequencesPage(
        rests=rests,
        now=now,
        now_label=labels[now],
        rating=tried,
        rating_label=labels[tried],
        choices=[(value, label, value == tried) for value, label in QUALITY_CHOICES],
        pools=pool_lines(source, tried, own),
        conclusions=conclusion_lines(
            rests.supports, lambda finding: as_if_rated(finding, source.pk, tried, own)
        ),
    )


def pool_lines(source: Source, rating: str, own: dict[str, str]) -> list[PoolLine]:
    """Every stated pool that holds a figure of the source. Two queries for each; there are few."""
    statements = list(
        Comparability.objects.filter(
            measure__findings__source=source, measure__quantity__in=POOLABLE_QUANTITIES, withdrawn_on=None
        )
        .select_related("measure", "category")
        .order_by("measure__label", "category__order", "pk")
        .distinct()
    )
    everything = queries.get_chart_findings(list({one.measure_id for one in statements}))
    lines, seen = [], set()
    for statement in statements:
        findings = everything[statement.measure_id]
        mine = {f.category_id for f in findings if f.source_id == source.pk and not f.is_unknown}
        wanted = mine & {statement.category.category_id} if statement.category else mine
        for category in sorted(wanted, key=str):
            if (statement.measure_id, category) not in seen:
                seen.add((statement.measure_id, category))
                tried = [as_if_rated(f, source.pk, rating, own) for f in findings]
                lines.append(pool_line(statement.measure, category, findings, tried))
    return lines


def as_if_rated(finding: ChartFinding, source_id: str, rating: str, own: dict[str, str]) -> ChartFinding:
    """The finding as it would be if the source were rated so: a lower rating of its own stays."""
    if finding.source_id != source_id:
        return finding
    mine = own.get(finding.finding_id)
    return replace(finding, quality=mine if mine and is_lower(mine, rating) else rating)


def pool_line(
    measure: Measure, category: str | None, findings: list[ChartFinding], tried: list[ChartFinding]
) -> PoolLine:
    """One pool as it is, and as it would be with the findings tried in their place."""
    (label, before), (_, after) = (put_together(measure, category, rows) for rows in (findings, tried))
    return PoolLine(
        measure=measure,
        category_id=category or "",
        category_label=label,
        everything=pooled_words(before.pooled) if before.pooled else refused_words(before),
        before=restricted_words(before),
        after=restricted_words(after),
    )


def put_together(
    measure: Measure, category: str | None, findings: list[ChartFinding]
) -> tuple[str, Synthesis]:
    """The label of the category and its synthesis, by the same road as the measure's own page."""
    info = queries.get_measure_info(measure)
    overlaps = queries.get_overlaps(sorted({finding.source_id for finding in findings}))
    selection = Selection(category=(category,) if category else ())
    kinds = queries.get_source_types(findings)
    _, label, _, synthesis = make_synthesis(measure, info, findings, selection, overlaps, kinds)
    return label, synthesis


def pooled_words(pooled: Pooled) -> str:
    """A pooled share with its interval and number of studies."""
    low, high = (share_words(limit, pooled.total_n) for limit in pooled.ci_share)
    return f"{share_words(pooled.estimate_share, pooled.total_n)} ({low} to {high}), {pooled.k} studies"


def refused_words(synthesis: Synthesis) -> str:
    """Which rule forbids the pool."""
    return "Not pooled: " + "; ".join(f"rule {one.code}" for one in synthesis.refusals)


def restricted_words(synthesis: Synthesis) -> str:
    """The figure of the strong and moderate sources alone, or why there is none."""
    if synthesis.restricted is not None:
        return pooled_words(synthesis.restricted)
    return (
        refused_words(synthesis) if synthesis.pooled is None else f"None. {synthesis.restricted_note}".strip()
    )

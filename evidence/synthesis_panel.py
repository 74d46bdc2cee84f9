"""The synthesis of one category of a measure, shaped for its page and its API: pooled, or refused with the rule."""

from dataclasses import dataclass
from typing import Any

from studies.models import Comparability, Measure

from .charts import Chart, ChartFinding, ForestInput, ForestPooled, ForestRow, MeasureInfo, build_forest
from .charts import words as chart_words
from .charts.interval import build_intervals
from .estimating import estimates_of
from .further_checks import further_checks
from .selection import Selection
from .synthesis import Pooled, Statement, Synthesis, synthesise, wilson


MOST_SIDE_BY_SIDE = 20
"""Rows of the picture of unpooled figures; beyond that only the table can be read."""

POOLABLE_QUANTITIES = ("composition", "proportion")
"""Quantities whose findings are shares of a base. Others get a sentence that says why they are not pooled."""

RULE_NAMES = {
    "R1": "Different units",
    "R2": "Different questions",
    "R3": "Shared people",
    "R4": "Too few studies",
    "R5": "Nothing but none or all",
    "R6": "Invalid numbers",
    "R7": "Too little data",
    "R8": "No usable base",
    "R9": "Incidents of the same people",
}


@dataclass(frozen=True)
class Rule:
    """One refusal or exclusion in words: the code, its name, and the sentence."""

    code: str
    name: str
    message: str


@dataclass(frozen=True)
class SensitivityLine:
    """One line of the sensitivity table, in words."""

    description: str
    model: str
    k: int
    share: str
    interval: str
    prediction: str


@dataclass(frozen=True)
class SynthesisPanel:
    """What the page shows of a synthesis. `refusals` is empty exactly where a pooled figure exists."""

    category_id: str
    category_label: str
    synthesis: Synthesis
    statement: Comparability | None
    refusals: list[Rule]
    excluded: list[tuple[str, Rule]]
    chart: Chart | None
    headline: str
    bounds_text: str
    warnings: list[str]
    sensitivity: list[SensitivityLine]
    checks: list[str]
    method_line: str
    aspects: list[Any]
    studies: list[Any]


def choose_category(
    findings: list[ChartFinding], selection: Selection, statements: list[Comparability]
) -> tuple[str | None, str]:
    """The category to bring together: the one asked for, else one with a statement, else the first known one."""
    labels = {
        f.category_id: f.category_label or ""
        for f in sorted(findings, key=lambda finding: finding.category_order)
        if not f.is_unknown
    }
    asked = [category for category in selection.category if category in labels]
    stated = [
        one.category.category_id for one in statements if one.category and one.category.category_id in labels
    ]
    chosen = next(iter([*asked, *stated, *labels]), None)
    return chosen, labels.get(chosen) or ""


def make_synthesis(
    measure: Measure,
    info: MeasureInfo,
    findings: list[ChartFinding],
    selection: Selection,
    overlaps: list[Any],
    source_types: dict[str, str],
) -> tuple[str | None, str, Comparability | None, Synthesis]:
    """Category, its label, the standing statement and the synthesis. One query."""
    statements = list(
        Comparability.objects.filter(measure=measure, withdrawn_on=None).select_related("category")
    )
    category_id, label = choose_category(findings, selection, statements)
    statement = next(
        (one for one in statements if one.category and one.category.category_id == category_id), None
    )
    statement = statement or next((one for one in statements if one.category is None), None)
    synthesis = synthesise(
        estimates_of(info, findings, category_id, source_types),
        statement=Statement(
            text=statement.statement, by=statement.stated_by, on=statement.stated_on, no_shared_people=True
        )
        if statement
        else None,
        overlaps={frozenset((pair.source_a_id, pair.source_b_id)) for pair in overlaps},
    )
    return category_id, label, statement, synthesis


def make_synthesis_panel(
    measure: Measure,
    info: MeasureInfo,
    findings: list[ChartFinding],
    selection: Selection,
    overlaps: list[Any],
    source_types: dict[str, str],
) -> SynthesisPanel | None:
    """The panel of a measure of shares; None for other quantities and for an empty selection."""
    if measure.quantity not in POOLABLE_QUANTITIES or not findings:
        return None
    category_id, label, statement, synthesis = make_synthesis(
        measure, info, findings, selection, overlaps, source_types
    )
    pooled = synthesis.pooled
    return SynthesisPanel(
        category_id=category_id or "",
        category_label=label,
        synthesis=synthesis,
        statement=statement,
        refusals=[Rule(r.code, RULE_NAMES[r.code], r.message) for r in synthesis.refusals],
        excluded=[(e.label, Rule(e.rule, RULE_NAMES[e.rule], e.reason)) for e in synthesis.excluded],
        chart=make_forest(info, label, synthesis, statement)
        if pooled
        else side_by_side(info, findings, category_id),
        headline=make_headline(info, label, pooled) if pooled else "",
        bounds_text=make_bounds_text(synthesis),
        warnings=[caution.message for caution in synthesis.warnings],
        sensitivity=[make_line(row, pooled.total_n) for row in synthesis.sensitivity] if pooled else [],
        checks=further_checks(synthesis),
        method_line=synthesis.method_line,
        aspects=list(synthesis.body.aspects),
        studies=list(synthesis.singles),
    )


def side_by_side(info: MeasureInfo, findings: list[ChartFinding], category_id: str | None) -> Chart | None:
    """The figures of one category, each with its own interval, where they may not be pooled.

    None for a measure of one share, whose own picture shows just that, and for fewer than two figures.
    """
    chosen = [f for f in findings if f.category_id == category_id and f.statistic in ("count", "percentage")]
    shares = [f for f in chosen if f.statistic == "percentage" or f.denominator is not None]
    if info.quantity != "composition" or not 2 <= len(shares) <= MOST_SIDE_BY_SIDE:
        return None
    return build_intervals(info, shares, part="-side-by-side")


def share_words(value: float, total: float | None) -> str:
    """A share of 0 to 1 as per cent, rounded by the size of its base."""
    return chart_words.percent(100 * value, total)


def make_headline(info: MeasureInfo, label: str, pooled: Pooled) -> str:
    """The result in a sentence: where a new study may lie comes before the pooled figure."""
    n = pooled.total_n
    low, high = pooled.ci_share
    text = (
        f"{pooled.k} studies with {n:,.0f} {info.unit_label}: pooled share "
        f"{share_words(pooled.estimate_share, n)} (95% interval {share_words(low, n)} to {share_words(high, n)})"
    )
    if pooled.prediction_interval_share is not None:
        first, last = pooled.prediction_interval_share
        text += (
            f"; the share in a new study may lie between {share_words(first, n)} and {share_words(last, n)}"
        )
    return f"{label}. {text}." if label else f"{text}."


def make_bounds_text(synthesis: Synthesis) -> str:
    """What the unknowns allow, in a sentence; empty where none are recorded."""
    bounds = synthesis.bounds
    if bounds is None or bounds.limits is None:
        return ""
    low, high = bounds.limits
    n = synthesis.pooled.total_n if synthesis.pooled else None
    first = "The unknowns matter more than chance. " if synthesis.bounds_are_headline else ""
    return (
        f"{first}If every unknown were in another category the pooled share would be {share_words(low, n)}; "
        f"if every unknown were in this one, {share_words(high, n)}."
    )


def make_line(row: Any, total: float | None) -> SensitivityLine:
    """A sensitivity row in words; a refused set says which rule refused it."""
    model = "count model (GLMM)" if row.method == "glmm" else row.method.upper()
    if row.refusal is not None:
        said = f"not pooled: {row.refusal.code}"
        return SensitivityLine(row.description, model, row.k, said, "", "")
    low, high = row.ci_share
    prediction = ""
    if row.prediction_interval_share is not None:
        first, last = row.prediction_interval_share
        prediction = f"{share_words(first, total)} to {share_words(last, total)}"
    interval = f"{share_words(low, total)} to {share_words(high, total)}"
    return SensitivityLine(
        row.description, model, row.k, share_words(row.estimate_share, total), interval, prediction
    )


def make_forest(
    info: MeasureInfo, label: str, synthesis: Synthesis, statement: Comparability | None
) -> Chart:
    """The forest plot: single studies with Wilson intervals, pooled diamond, restricted diamond, excluded rows."""
    pooled = synthesis.pooled
    weights = dict(zip(pooled.labels, pooled.weights, strict=True))
    rows = []
    for estimate in synthesis.included:
        events, total = round(estimate.events), round(estimate.total)
        low, high = wilson(events, total)
        rows.append(
            ForestRow(
                row_id=estimate.finding_id,
                label=estimate.label,
                events=events,
                total=total,
                share=events / total,
                low=low,
                high=high,
                weight=weights.get(estimate.label),
                quality=estimate.quality,
                detail="secondary" if estimate.verification == "secondary" else "",
            )
        )
    for entry in synthesis.excluded:
        rows.append(excluded_row(entry))
    sources = "; ".join(dict.fromkeys(estimate.label for estimate in synthesis.included))
    said = (
        f"Stated comparable by {statement.stated_by} on {statement.stated_on:%d %B %Y}" if statement else ""
    )
    return build_forest(
        ForestInput(
            chart_id=f"{info.measure_id}-forest",
            label=f"{info.label}: {label}" if label else info.label,
            unit_label=info.unit_label,
            subtitle=f"Share of {info.unit_label}. {synthesis.included[0].scope}",
            rows=tuple(rows),
            pooled=forest_pooled(pooled),
            restricted=forest_pooled(synthesis.restricted) if synthesis.restricted else None,
            why_not_restricted=synthesis.restricted_note,
            method_line=synthesis.method_line,
            source_line=f"Sources: {sources}",
            warnings=tuple(caution.message for caution in synthesis.warnings),
            captions=tuple(text for text in (make_bounds_text(synthesis), said) if text),
        )
    )


def excluded_row(entry: Any) -> ForestRow:
    """A study that was left out, with its counts where it has them."""
    estimate = entry.estimate
    known = (
        estimate.events is not None and estimate.total is not None and 0 <= estimate.events <= estimate.total
    )
    events, total = (round(estimate.events), round(estimate.total)) if known else (0, 0)
    low, high = wilson(events, total) if total else (0.0, 0.0)
    return ForestRow(
        row_id=estimate.finding_id,
        label=estimate.label,
        events=events,
        total=total,
        share=events / total if total else 0.0,
        low=low,
        high=high,
        weight=None,
        quality=estimate.quality,
        included=False,
        reason=f"{entry.rule}: {entry.reason}",
    )


def forest_pooled(pooled: Pooled) -> ForestPooled:
    """A pooled result as the forest plot takes it."""
    low, high = pooled.ci_share
    prediction = pooled.prediction_interval_share
    return ForestPooled(
        k=pooled.k,
        share=pooled.estimate_share,
        low=low,
        high=high,
        prediction_low=prediction[0] if prediction else None,
        prediction_high=prediction[1] if prediction else None,
    )

"""A finding as a row of a page: the figure in words with everything that must stand beside it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from studies.vocabulary import Precision

from .charts import ChartFinding, MeasureInfo, words


PRECISION_LABELS = {
    Precision.EXACT: "Exact",
    Precision.ROUNDED: "Rounded",
    Precision.APPROXIMATE: "Approximate",
    Precision.LOWER_BOUND: "At least",
    Precision.UPPER_BOUND: "At most",
    Precision.DERIVED: "Worked out",
}
"""Short words for a tag; the vocabulary has the whole sentence."""


@dataclass(frozen=True)
class FigureRow:
    """One finding, ready to be shown: `value` and `base` in words, the rest as the tags take it."""

    finding_id: str
    measure_id: str
    measure_label: str
    category_label: str
    is_unknown: bool
    value: str
    base: str
    scope: str
    period: str
    geography: str
    source_id: str
    source_label: str
    quality: str
    provisional: bool
    lowered: bool
    verification: str
    precision: str
    precision_label: str
    precision_words: str
    unknown: str
    note: str


def unknown_words(info: MeasureInfo, finding: ChartFinding, unknowns: Mapping[str, ChartFinding]) -> str:
    """What is said of the unknown part beside a part of a whole; nothing for figures that are no part."""
    if info.quantity != "composition" or finding.category_id is None or finding.is_unknown:
        return ""
    part = unknowns.get(finding.breakdown_id or "")
    return f"Unknown: {words.value(info, part)}" if part else "Unknown share not reported"


def unknown_parts(findings: Iterable[ChartFinding]) -> dict[str, ChartFinding]:
    """Breakdown → its unknown part, among findings in hand."""
    return {one.breakdown_id: one for one in findings if one.is_unknown and one.breakdown_id}


def make_figure_row(
    info: MeasureInfo, finding: ChartFinding, unknowns: Mapping[str, ChartFinding]
) -> FigureRow:
    """The row of one finding of a measure. `unknowns` gives the unknown part of each breakdown that has one."""
    counted = finding.statistic in ("count", "estimate", "minimum", "maximum", "mean", "median")
    # A count with a base is a share as well; its base is the whole that the count is a part of.
    base = words.base(info, finding) if finding.denominator is not None else ""
    if not base and not counted:
        base = "base not stated"
    return FigureRow(
        finding_id=finding.finding_id,
        measure_id=info.measure_id,
        measure_label=info.label,
        category_label=finding.category_label or "",
        is_unknown=finding.is_unknown,
        value=words.value(info, finding, unit=True),
        base=base,
        scope=finding.scope,
        period=finding.period_label,
        geography=finding.geography,
        source_id=finding.source_id,
        source_label=finding.source_label,
        quality=finding.quality,
        provisional=finding.quality_provisional and finding.quality != "not_rated",
        lowered=finding.lowered_from is not None,
        verification=finding.verification,
        precision=finding.precision,
        precision_label=PRECISION_LABELS[Precision(finding.precision)],
        precision_words=words.PRECISION[finding.precision],
        unknown=unknown_words(info, finding, unknowns),
        note=finding.definition_note,
    )

"""A single figure in words: a lonely bar shows nothing, a sentence shows what matters."""

from collections.abc import Sequence
from dataclasses import dataclass

from evidence.charts import words
from evidence.charts.captions import UNKNOWN_NOT_REPORTED
from evidence.charts.figures import ChartFinding, MeasureInfo
from evidence.charts.grouping import breakdowns, family
from evidence.charts.parts import parts_of
from evidence.charts.shares import share_with_interval


@dataclass(frozen=True, slots=True)
class Statement:
    """One figure with everything that must stand beside it, each part a short text.

    `figure` is the number with unit and bound; the other parts are sentences or phrases ready
    for a summary list, empty where they do not apply.
    """

    finding_id: str
    figure: str
    category: str
    base: str
    scope: str
    period: str
    geography: str
    source: str
    quality: str
    precision: str
    verification: str
    unknown_share: str
    note: str

    @property
    def text(self) -> str:
        """All of it as plain sentences, for readers of the page's text alone."""
        lead = f"{self.category}: {self.figure}" if self.category else self.figure
        parts = [
            lead,
            self.base,
            f"Covers: {self.scope}",
            f"Period: {self.period}",
            f"Area: {self.geography}",
            f"Source: {self.source}",
            self.quality,
            self.precision,
            self.verification,
            self.unknown_share,
        ]
        return " ".join(words.sentence(part) for part in parts if part)


def statement_for(
    measure: MeasureInfo, finding: ChartFinding, siblings: Sequence[ChartFinding] = ()
) -> Statement:
    """The finding in words. `siblings` are findings of the same measure; the unknown share of the
    same breakdown is looked up among them.
    """
    return Statement(
        finding_id=finding.finding_id,
        figure=figure_words(measure, finding),
        category=finding.category_label or "",
        base=_base(measure, finding),
        scope=finding.scope,
        period=finding.period_label,
        geography=finding.geography,
        source=finding.source_label,
        quality=f"Quality{'' if finding.lowered_from else ' of the source'}: {words.quality(finding)}",
        precision=words.capital(words.PRECISION.get(finding.precision, finding.precision)),
        verification=words.capital(words.VERIFICATION.get(finding.verification, finding.verification)),
        unknown_share=_unknown(measure, finding, siblings),
        note=finding.definition_note,
    )


def figure_words(measure: MeasureInfo, finding: ChartFinding) -> str:
    """The number with its unit, bound and kind: `83%`, `at least 57 children`, `15 years (mean)`."""
    text = words.value(measure, finding, unit=True)
    kind = {
        "mean": " (mean)",
        "median": " (median)",
        "minimum": " (lowest)",
        "maximum": " (highest)",
        "estimate": " (estimate)",
        "percentage_change": " (change)",
    }.get(finding.statistic, "")
    worked_out = " (worked out)" if finding.precision == "derived" else ""
    return f"{text}{kind}{worked_out}"


def _base(measure: MeasureInfo, finding: ChartFinding) -> str:
    """The base in a sentence, with the interval where both counts are printed."""
    kind = family(measure, finding)
    if finding.denominator is None:
        return (
            "A number without a base, so no share can be worked out" if kind == "count" else "Base not stated"
        )
    if finding.numerator is None:
        return f"Of {words.base(measure, finding)}"
    counts = f"{words.number(finding.numerator)} of {words.base(measure, finding)}"
    share = share_with_interval(finding) if kind == "share" else None
    if share is None or share.low is None or share.high is None:
        return counts
    shown = words.percent(share.value, finding.denominator)
    return f"{counts} ({shown}; 95% Wilson interval {share.limits}, worked out here)"


def _unknown(measure: MeasureInfo, finding: ChartFinding, siblings: Sequence[ChartFinding]) -> str:
    """The unknown share beside a part of a whole, or that none is reported."""
    if measure.quantity != "composition":
        return ""
    if finding.is_unknown:
        return "This is the unknown share itself"
    same = [other for other in siblings if other.breakdown_id and other.breakdown_id == finding.breakdown_id]
    for item in breakdowns(same):
        for part in parts_of(item):
            if part.is_unknown:
                return f"Unknown share: {part.text}"
    return UNKNOWN_NOT_REPORTED

"""From findings as reported to the described estimates that the synthesis works with."""

from collections.abc import Mapping, Sequence

from .charts import ChartFinding, MeasureInfo
from .synthesis import Estimate


def estimate_of(
    info: MeasureInfo, finding: ChartFinding, siblings: Sequence[ChartFinding], source_type: str, label: str
) -> Estimate:
    """The described estimate of one finding. Unknown people come from its breakdown among `siblings`."""
    dated = finding.period_start is not None and finding.period_end is not None
    return Estimate(
        label=label,
        events=finding.numerator,
        total=finding.denominator,
        percentage=finding.value if finding.statistic == "percentage" else None,
        decimals=len(finding.value_text.partition(".")[2]),
        source_id=finding.source_id,
        finding_id=finding.finding_id,
        measure_id=info.measure_id,
        category=finding.category_id or "",
        unit=info.unit_of_analysis,
        scope=finding.scope,
        period=(finding.period_start, finding.period_end) if dated else None,
        geography=finding.geography,
        source_type=source_type,
        # A source without a rating cannot count as adequate; "unclear" keeps it out of the restricted result.
        quality="unclear" if finding.quality == "not_rated" else finding.quality,
        verification=finding.verification,
        precision=finding.precision,
        denominator_known=finding.denominator is not None,
        unknown=unknown_of(finding, siblings),
    )


def estimates_of(
    info: MeasureInfo,
    findings: Sequence[ChartFinding],
    category_id: str | None,
    source_types: Mapping[str, str],
) -> list[Estimate]:
    """The described estimates of one category of a measure, one for each count or percentage."""
    chosen = [
        finding
        for finding in findings
        if finding.category_id == category_id and finding.statistic in ("count", "percentage")
    ]
    several = {
        one.source_id for one in chosen if sum(other.source_id == one.source_id for other in chosen) > 1
    }
    return [
        estimate_of(
            info,
            finding,
            findings,
            source_types.get(finding.source_id, ""),
            label_of(finding, finding.source_id in several),
        )
        for finding in chosen
    ]


def label_of(finding: ChartFinding, several: bool) -> str:
    """The study's name; with period and area where its source gives several figures."""
    return (
        f"{finding.source_label} ({finding.period_label}, {finding.geography})"
        if several
        else finding.source_label
    )


def unknown_of(finding: ChartFinding, siblings: Sequence[ChartFinding]) -> int | None:
    """How many of the finding's base are of unknown category, where its breakdown says so."""
    if not finding.breakdown_id or finding.denominator is None:
        return None
    for other in siblings:
        if other.breakdown_id == finding.breakdown_id and other.is_unknown:
            if other.numerator is not None:
                return int(other.numerator)
            if other.statistic == "percentage":
                return round(other.value / 100 * finding.denominator)
    return None

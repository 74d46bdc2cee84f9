"""Change over the latest unbroken stretch of each series, in words."""

from dataclasses import dataclass

from .charts import Break, ChartFinding, MeasureInfo, words
from .charts.series import lines_of
from .synthesis import PoolingRefused, count_change, share_change


MOST_LINES = 12
"""Series listed on a page. Choosing a category or an area brings up the others."""


@dataclass(frozen=True)
class ChangeRow:
    """First and last figure of a stretch, and the change between them with its interval."""

    series: str
    first: str
    last: str
    change: str
    interval: str
    method: str


def changes_of(
    info: MeasureInfo, findings: list[ChartFinding], breaks: list[Break], categories: tuple[str, ...] = ()
) -> list[ChangeRow]:
    """One row for each series with an unbroken stretch of three or more exact or rounded counts; latest stretch only.

    Shares of a base where both ends have one, counts otherwise. Nothing across a break, gap, scope or source.
    """
    if not info.series:
        return []
    usable = [
        finding
        for finding in findings
        if finding.statistic == "count"
        and finding.precision in ("exact", "rounded", "derived")
        and (not categories or finding.category_id in categories)
    ]
    rows = []
    for line in sorted(
        lines_of(usable, breaks), key=lambda one: (one.first.category_order, one.first.geography)
    ):
        stretch = next((run for run in reversed(line.runs) if len(run) > 2), None)
        row = change_row(info, stretch[0], stretch[-1]) if stretch else None
        if row is not None:
            rows.append(row)
    return rows[:MOST_LINES]


def change_row(info: MeasureInfo, first: ChartFinding, last: ChartFinding) -> ChangeRow | None:
    """The change between two figures of one series; None where no ratio exists."""
    with_base = first.denominator is not None and last.denominator is not None
    try:
        if with_base:
            change = share_change(
                round(first.value), round(first.denominator), round(last.value), round(last.denominator)
            )
        else:
            change = count_change(round(first.value), round(last.value))
    except PoolingRefused:
        return None
    name = ", ".join(part for part in (first.category_label, first.geography) if part)
    return ChangeRow(
        series=name or info.label,
        first=f"{said(info, first, with_base)} ({words.short_period(first)})",
        last=f"{said(info, last, with_base)} ({words.short_period(last)})",
        change=signed(change.ratio),
        interval=f"{signed(change.interval.low)} to {signed(change.interval.high)}",
        method=f"{'Share of the base' if with_base else 'Count'}; {change.method}",
    )


def said(info: MeasureInfo, finding: ChartFinding, with_base: bool) -> str:
    """The figure as printed, with its share of the base where that is compared."""
    text = words.value(info, finding)
    if not with_base:
        return text
    share = words.percent(100 * finding.value / finding.denominator, finding.denominator)
    return f"{text} of {words.number(finding.denominator)}, {share}"


def signed(ratio: float) -> str:
    """A ratio as a change in per cent: 1.25 is "+25%"; none where the earlier figure is 0."""
    if ratio == float("inf"):
        return "no limit"
    change = 100 * (ratio - 1)
    text = f"{change:+.0f}%" if abs(change) >= 10 else f"{change:+.1f}%"
    return text.replace("-", "−")

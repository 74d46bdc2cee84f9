"""Rows of single figures: a mark for each, its interval where it has one, bounds as arrows."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from evidence.charts import captions, labels, marks, theme, titles, words
from evidence.charts.chart import Chart, Properties, build_chart
from evidence.charts.figures import ChartFinding, MeasureInfo
from evidence.charts.grouping import family, group
from evidence.charts.rows import NUMBER_AXIS, Row, place, row_panels
from evidence.charts.shares import METHOD, Share, share_with_interval, share_words
from evidence.charts.tables import Column, build_table, entry
from evidence.charts.ticks import value_axis


_MARK = 18  # pixels of height that a row's mark takes
_RANGE = ("minimum", "maximum")

# What kind of number stands beside the figure; a mean must not pass for a count.
_STATISTIC = {
    "mean": " (mean)",
    "median": " (median)",
    "minimum": " (lowest; highest not stated)",
    "maximum": " (highest; lowest not stated)",
    "estimate": " (estimate)",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One row: its findings (two for a range) and, for a share, its interval or why it has none."""

    findings: tuple[ChartFinding, ...]
    share: Share | None

    @property
    def first(self) -> ChartFinding:
        """The finding that gives the row its label."""
        return self.findings[0]

    @property
    def values(self) -> list[float]:
        """The numbers drawn, in the order of the findings."""
        return [finding.value for finding in self.findings] if self.share is None else [self.share.value]


def build_intervals(
    measure: MeasureInfo,
    findings: Sequence[ChartFinding],
    *,
    part: str = "",
    not_drawn: Sequence[ChartFinding] = (),
) -> Chart | None:
    """One row for each figure of one kind (shares, changes, or levels such as means and ages).

    Lowest and highest of one source stand in one row as a range. None where fewer than two
    figures could be drawn: one figure is stated in words.
    """
    drawn = labels.ordered(findings)
    if len(drawn) < 2:
        return None
    kind = family(measure, drawn[0])
    lines = _lines(drawn, kind)
    fields = labels.varying(drawn)
    headings = labels.scope_headings([line.first for line in lines])
    said = _common_reason(lines)
    numbers = [_number(measure, line, said) for line in lines]
    rows = [
        Row(labels.row_label(measure, line.first, fields, headed=heading is not None), number, heading)
        for line, heading, number in zip(lines, headings, numbers, strict=True)
    ]
    placed = place(rows, _MARK)
    values = [value for line in lines for value in line.values]
    high = max(marks.room_for_arrows([f for line in lines for f in line.findings], values), *_ends(lines))
    axis, slim, note = value_axis(min(values), high, share=kind == "share")
    unit = labels.unit_words(measure, kind)
    wide, narrow = row_panels(placed, axis=axis, axis_narrow=slim, axis_title=f"{unit}{note}")
    title = titles.rows_title(measure, drawn, numbers)
    notes = captions.captions(
        measure,
        drawn,
        method=_method(lines),
        unknown=titles.unknown_words(measure, drawn),
        not_drawn=not_drawn,
    )
    entries = [
        entry(finding, value, *_cells(line.share))
        for line in lines
        for finding, value in zip(line.findings, line.values, strict=True)
    ]
    entries += [entry(finding, None) for finding in not_drawn]
    extra = [Column("interval", "95% interval", numeric=True)] if kind == "share" else []
    return build_chart(
        chart_id=f"{measure.measure_id}-{kind}{part}",
        title=title,
        subtitle=labels.subtitle(measure, drawn, unit),
        traces=_traces(lines, placed.places, axis["range"]),
        wide=wide,
        narrow=narrow,
        table=build_table(title, measure, entries, extra),
        text_alternative=titles.alternative(
            "Dot chart with one row for each figure",
            title,
            [
                f"{', '.join(labels.row_label(measure, line.first, fields))}: {number}"
                for line, number in zip(lines, numbers, strict=True)
            ],
            notes,
        ),
        captions=notes,
        source_line=captions.source_line(drawn),
    )


def _lines(findings: Sequence[ChartFinding], kind: str) -> list[Line]:
    """The rows: shares and changes alone, lowest and highest of one source, group and time together."""
    if kind != "level":
        return [Line((finding,), share_with_interval(finding)) for finding in findings]
    together = group(
        findings,
        lambda f: (f.source_id, f.category_id, f.scope, f.period_label, f.geography, f.statistic in _RANGE),
    )
    lines = []
    for members in together.values():
        is_range = {member.statistic for member in members} == set(_RANGE) and len(members) == 2
        if is_range:
            lines.append(Line(tuple(sorted(members, key=lambda member: member.value)), None))
        else:
            lines += [Line((member,), None) for member in members]
    return lines


def _ends(lines: Sequence[Line]) -> list[float]:
    """The upper limits of the intervals; a zero keeps the list from being empty."""
    return [
        0.0,
        *(line.share.high for line in lines if line.share is not None and line.share.high is not None),
    ]


def _common_reason(lines: Sequence[Line]) -> str:
    """Why no row has an interval, where it is the same for all; then it is said once."""
    reasons = {line.share.reason if line.share is not None else "" for line in lines}
    return reasons.pop() if len(reasons) == 1 else ""


def _number(measure: MeasureInfo, line: Line, said: str) -> str:
    """The number of a row in words; the reason `said` elsewhere for a missing interval is left out."""
    if line.share is not None:
        shown = share_words(line.first, line.share)
        complete = line.share.low is not None or line.share.reason == said
        return shown if complete else f"{shown} ({line.share.limits})"
    if len(line.findings) > 1:
        low, high = line.findings
        return f"{words.value(measure, low)} to {words.value(measure, high)}"
    return f"{words.value(measure, line.first)}{_STATISTIC.get(line.first.statistic, '')}"


def _cells(share: Share | None) -> tuple[dict[str, str], dict[str, Any]]:
    """The interval of a share as text and as values."""
    if share is None:
        return {}, {}
    return {"interval": share.limits}, {"share": share.value, "low": share.low, "high": share.high}


def _method(lines: Sequence[Line]) -> list[str]:
    """How the marks are to be read."""
    sentences = []
    if any(line.share is not None and line.share.low is not None for line in lines):
        sentences.append(METHOD)
    if reason := _common_reason(lines):
        sentences.append(f"No intervals: {reason}")
    precisions = {finding.precision for line in lines for finding in line.findings}
    if precisions & {"lower_bound", "upper_bound"}:
        sentences.append("An arrow marks a bound: the true figure lies on that side")
    if any(len(line.findings) > 1 for line in lines):
        sentences.append("A bar runs from the lowest to the highest figure; it is not a confidence interval")
    if precisions & set(marks.INEXACT) and precisions - set(marks.INEXACT):
        sentences.append("A hollow mark is a figure that is approximate or was worked out")
    return sentences


def _traces(lines: Sequence[Line], places: Sequence[float], ends: Sequence[float]) -> list[Properties]:
    """Ranges and arrows first, then the marks with their intervals on top."""
    drawn = [
        (finding, value, line.share, y)
        for line, y in zip(lines, places, strict=True)
        for finding, value in zip(line.findings, line.values, strict=True)
    ]
    findings = [finding for finding, _, _, _ in drawn]
    values = [value for _, value, _, _ in drawn]
    heights = [y for _, _, _, y in drawn]
    dots = marks.points(findings, values, heights)
    shares = [share for _, _, share, _ in drawn]
    if any(share is not None and share.low is not None for share in shares):
        dots["error_x"] = {
            "type": "data",
            "symmetric": False,
            "array": [_reach(share, 1) for share in shares],
            "arrayminus": [_reach(share, -1) for share in shares],
            "color": theme.MAIN,
            "thickness": 2,
            "width": 5,
        }
    ranges = [
        (line.values[0], line.values[1], y)
        for line, y in zip(lines, places, strict=True)
        if len(line.findings) > 1
    ]
    bars = [marks.range_bars(ranges)] if ranges else []
    return [*bars, *marks.arrows(findings, values, heights, ends), dots, NUMBER_AXIS]


def _reach(share: Share | None, side: int) -> float | None:
    """How far the interval reaches from the mark; a printed, rounded share may lie on its limit."""
    if share is None or share.low is None or share.high is None:
        return None
    return max(0.0, share.high - share.value if side > 0 else share.value - share.low)

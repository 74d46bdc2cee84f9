"""Marks that several pictures share: points, arrows for bounds, bars for ranges, texts under a pointer."""

from collections.abc import Sequence

from evidence.charts import theme
from evidence.charts.chart import Properties
from evidence.charts.figures import ChartFinding
from evidence.charts.lettering import joined, paragraphs


# Figures that were not counted: their marks are hollow.
INEXACT = ("approximate", "derived")

# The two kinds of bound with the side on which the true figure lies and the tip of the arrow.
BOUNDS = (("lower_bound", 1, "triangle-right"), ("upper_bound", -1, "triangle-left"))

# An arrow's length as a part of the axis: seen at once, yet no longer than a usual interval.
_ARROW = 0.055


def points(findings: Sequence[ChartFinding], values: Sequence[float], places: Sequence[float]) -> Properties:
    """One mark for each finding: its shape the quality of the source, hollow where inexact."""
    return {
        "type": "scatter",
        "mode": "markers",
        "x": list(values),
        "y": list(places),
        "ids": [finding.finding_id for finding in findings],
        "marker": {
            "symbol": [theme.QUALITY_SYMBOLS.get(finding.quality, "hexagon") for finding in findings],
            "size": 12,
            "color": [theme.PAPER if finding.precision in INEXACT else theme.MAIN for finding in findings],
            "line": {"color": theme.MAIN, "width": 2},
            "opacity": 1,
        },
        "hovertext": [hover(finding) for finding in findings],
        "hoverinfo": "text",
        "cliponaxis": False,
        "showlegend": False,
    }


def arrows(
    findings: Sequence[ChartFinding],
    values: Sequence[float],
    places: Sequence[float],
    ends: Sequence[float],
) -> list[Properties]:
    """Arrows from the marks of bounds towards the side of the true figure, within the `ends` of the axis."""
    traces = []
    for precision, side, tip in BOUNDS:
        length = side * (ends[1] - ends[0]) * _ARROW
        starts = [
            (value, min(max(value + length, ends[0]), ends[1]), y)
            for finding, value, y in zip(findings, values, places, strict=True)
            if finding.precision == precision
        ]
        if starts:
            traces.append(_arrow_trace(starts, tip))
    return traces


def room_for_arrows(findings: Sequence[ChartFinding], values: Sequence[float]) -> float:
    """The greatest number that marks and their arrows reach."""
    top = max(values)
    tips = [
        value + top * _ARROW * 1.2
        for finding, value in zip(findings, values, strict=True)
        if finding.precision == "lower_bound"
    ]
    return max([top, *tips])


def _arrow_trace(starts: Sequence[tuple[float, float, float]], tip: str) -> Properties:
    x: list[float | None] = []
    y: list[float | None] = []
    for start, end, row in starts:
        x += [start, end, None]
        y += [row, row, None]
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "name": "Bound",
        "x": x,
        "y": y,
        "line": {"color": theme.MAIN, "width": 2},
        "marker": {
            "symbol": tip,
            "size": [0, 10, 0] * len(starts),
            "color": theme.MAIN,
            "line": {"width": 0},
            "opacity": 1,
        },
        "cliponaxis": False,
        "hoverinfo": "skip",
        "showlegend": False,
    }


def range_bars(ranges: Sequence[tuple[float, float, float]]) -> Properties:
    """Pale bars from lowest to highest, each (low, high, place), under the marks of the two ends."""
    x: list[float | None] = []
    y: list[float | None] = []
    for low, high, row in ranges:
        x += [low, high, None]
        y += [row, row, None]
    return {
        "type": "scatter",
        "mode": "lines",
        "name": "Range",
        "x": x,
        "y": y,
        "line": {"color": theme.LIGHT, "width": 9},
        "hoverinfo": "skip",
        "showlegend": False,
    }


def hover(finding: ChartFinding) -> str:
    """What a pointer on a mark shows: who says so, for whom, when and where."""
    parts = (finding.source_label, finding.scope, f"{finding.period_label}, {finding.geography}")
    return joined(paragraphs(parts, 260, 14))

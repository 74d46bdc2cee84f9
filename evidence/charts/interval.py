"""Rows of single figures: a mark for each, its interval where it has one, bounds as arrows."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from evidence.charts import captions, labels, theme, titles, words
from evidence.charts.chart import Chart, Properties, build_chart
from evidence.charts.figures import ChartFinding, MeasureInfo
from evidence.charts.grouping import family, group
from evidence.charts.rows import NUMBER_AXIS, Row, place, row_panels
from evidence.charts.shares import METHOD, Share, share_with_interval, share_words
from evidence.charts.tables import Column, build_table, entry
from evidence.charts.ticks import value_axis


MARK = 18  # pixels of height that a row's mark takes
_ARROW = 0.06  # length of a bound's arrow as a part of the axis


@dataclass(frozen=True, slots=True)
class Line:
    """One row: its findings (two or three for a range) and what is drawn for each."""

    findings: tuple[ChartFinding, ...]
    share: Share | None

    @property
    def first(self) -> ChartFinding:
        """The finding that gives the row its label."""
        return self.findings[0]


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
    lines = _lines(measure, drawn, kind)
    fields = labels.varying(drawn)
    headings = labels.scope_headings([line.first for line in lines])
    placed = place(
        [
            Row(
                labels.row_label(measure, line.first, fields, headed=heading is not None),
                _words(measure, line),
                heading,
            )
            for line, heading in zip(lines, headings, strict=True)
        ],
        MARK,
    )
    highs = [_high(line) for line in lines]
    axis, slim, axis_note = value_axis(
        min(finding.value for finding in drawn), max(highs), share=kind == "share"
    )
    span = axis["range"][1] - axis["range"][0]
    unit = labels.unit_words(measure, kind)
    wide, narrow = row_panels(placed, axis=axis, axis_narrow=slim, axis_title=f"{unit}{axis_note}")
    title = titles.rows_title(measure, drawn, [_words(measure, line) for line in lines])
    method = _method(lines, kind)
    texts = {line.first.finding_id: line.share for line in lines}
    entries = [
        entry(f, _drawn_value(f, texts.get(f.finding_id)), *_cells(texts.get(f.finding_id))) for f in drawn
    ]
    entries += [entry(finding, None) for finding in not_drawn]
    has_limits = any(line.share is not None for line in lines)
    notes = captions.captions(
        measure, drawn, method=method, unknown=titles.unknown_words(measure, drawn), not_drawn=not_drawn
    )
    return build_chart(
        chart_id=f"{measure.measure_id}-{kind}{part}",
        title=title,
        subtitle=labels.subtitle(measure, drawn, unit),
        traces=_traces(lines, placed.places, span),
        wide=wide,
        narrow=narrow,
        table=build_table(
            title, measure, entries, [Column("interval", "95% interval", numeric=True)] if has_limits else []
        ),
        text_alternative=titles.alternative(
            "Dot chart with one row for each figure",
            title,
            [_spoken(measure, line, fields) for line in lines],
            notes,
        ),
        captions=notes,
        source_line=captions.source_line(drawn),
    )


def _lines(measure: MeasureInfo, findings: Sequence[ChartFinding], kind: str) -> list[Line]:
    """The rows: shares and changes alone, levels of one source, population and time together."""
    if kind != "level":
        return [Line((finding,), share_with_interval(finding)) for finding in findings]
    together = group(
        findings,
        lambda f: (
            f.source_id,
            f.category_id,
            f.scope,
            f.period_label,
            f.geography,
            f.statistic not in _RANGE,
        ),
    )
    lines = []
    for members in together.values():
        if members[0].statistic in _RANGE and len({member.statistic for member in members}) == len(members):
            lines.append(Line(tuple(sorted(members, key=lambda member: member.value)), None))
        else:
            lines += [Line((member,), None) for member in members]
    return lines


_RANGE = ("minimum", "maximum")


def _words(measure: MeasureInfo, line: Line) -> str:
    """The number of a row in words."""
    if line.share is not None:
        shown = share_words(line.first, line.share)
        return shown if line.share.low is not None else f"{shown} ({line.share.limits})"
    if len(line.findings) > 1:
        low, high = line.findings[0], line.findings[-1]
        return f"{words.value(measure, low)} to {words.value(measure, high)}"
    return f"{words.value(measure, line.first)}{_STATISTIC.get(line.first.statistic, '')}"


_STATISTIC = {
    "mean": " (mean)",
    "median": " (median)",
    "minimum": " (lowest; highest not stated)",
    "maximum": " (highest; lowest not stated)",
    "estimate": " (estimate)",
}


def _spoken(measure: MeasureInfo, line: Line, fields: frozenset[str]) -> str:
    return f"{', '.join(labels.row_label(measure, line.first, fields))}: {_words(measure, line)}"


def _high(line: Line) -> float:
    if line.share is not None and line.share.high is not None:
        return max(line.share.high, line.share.value)
    return max(line.share.value if line.share else finding.value for finding in line.findings)


def _drawn_value(finding: ChartFinding, share: Share | None) -> float:
    return finding.value if share is None else share.value


def _cells(share: Share | None) -> tuple[dict[str, str], dict[str, Any]]:
    """The interval of a share as text and as values."""
    if share is None:
        return {}, {}
    return {"interval": share.limits}, {"share": share.value, "low": share.low, "high": share.high}


def _method(lines: Sequence[Line], kind: str) -> list[str]:
    """How the marks are to be read."""
    sentences = []
    shares = [line.share for line in lines if line.share is not None]
    if any(share.low is not None for share in shares):
        sentences.append(METHOD)
    if any(line.first.precision in ("lower_bound", "upper_bound") for line in lines):
        sentences.append("An arrow marks a bound: the true figure lies on that side")
    if any(len(line.findings) > 1 for line in lines):
        sentences.append("A bar runs from the lowest to the highest figure; it is not a confidence interval")
    if kind != "level" or any(line.first.precision in _INEXACT for line in lines):
        exact = {line.first.precision in _INEXACT for line in lines}
        if exact == {True, False}:
            sentences.append("A hollow mark is a figure that is approximate or was worked out")
    return sentences


_INEXACT = ("approximate", "derived")


def _traces(lines: Sequence[Line], places: Sequence[float], span: float) -> list[Properties]:
    """Ranges and arrows first, then the marks with their intervals on top."""
    traces: list[Properties] = []
    ranges = [(line, y) for line, y in zip(lines, places, strict=True) if len(line.findings) > 1]
    if ranges:
        traces.append(_range_bars(ranges))
    for precision, sign, symbol in (
        ("lower_bound", 1, "triangle-right"),
        ("upper_bound", -1, "triangle-left"),
    ):
        bounds = [
            (finding.value if line.share is None else line.share.value, y)
            for line, y in zip(lines, places, strict=True)
            for finding in line.findings
            if finding.precision == precision
        ]
        if bounds:
            traces.append(arrows(bounds, sign * span * _ARROW, symbol))
    return [*traces, _marks(lines, places), NUMBER_AXIS]


def _range_bars(ranges: Sequence[tuple[Line, float]]) -> Properties:
    x: list[float | None] = []
    y: list[float | None] = []
    for line, place_y in ranges:
        x += [line.findings[0].value, line.findings[-1].value, None]
        y += [place_y, place_y, None]
    return {
        "type": "scatter",
        "mode": "lines",
        "x": x,
        "y": y,
        "line": {"color": theme.LIGHT, "width": 9},
        "hoverinfo": "skip",
        "showlegend": False,
    }


def arrows(bounds: Sequence[tuple[float, float]], length: float, symbol: str) -> Properties:
    """Arrows from each (x, y), `length` long (negative: to the left), with `symbol` as the tip."""
    x: list[float | None] = []
    y: list[float | None] = []
    for start, row in bounds:
        x += [start, start + length, None]
        y += [row, row, None]
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "x": x,
        "y": y,
        "line": {"color": theme.MAIN, "width": 2},
        "marker": {
            "symbol": symbol,
            "size": [0, 10, 0] * len(bounds),
            "color": theme.MAIN,
            "line": {"width": 0},
            "opacity": 1,
        },
        "cliponaxis": False,
        "hoverinfo": "skip",
        "showlegend": False,
        "meta": "bound",
    }


def _marks(lines: Sequence[Line], places: Sequence[float]) -> Properties:
    """The marks: place is the figure, shape the quality of the source, fill how exact it is."""
    points = [
        (finding, line.share, y) for line, y in zip(lines, places, strict=True) for finding in line.findings
    ]
    trace: Properties = {
        "type": "scatter",
        "mode": "markers",
        "x": [finding.value if share is None else share.value for finding, share, _ in points],
        "y": [y for _, _, y in points],
        "ids": [finding.finding_id for finding, _, _ in points],
        "marker": mark([finding for finding, _, _ in points]),
        "hovertext": [hover(finding) for finding, _, _ in points],
        "hoverinfo": "text",
        "cliponaxis": False,
        "showlegend": False,
    }
    if any(share is not None and share.low is not None for _, share, _ in points):
        trace["error_x"] = {
            "type": "data",
            "symmetric": False,
            "array": [_reach(share, 1) for _, share, _ in points],
            "arrayminus": [_reach(share, -1) for _, share, _ in points],
            "color": theme.MAIN,
            "thickness": 2,
            "width": 5,
        }
    return trace


def _reach(share: Share | None, side: int) -> float | None:
    """How far the interval reaches from the mark; a printed, rounded share may lie on its limit."""
    if share is None or share.low is None or share.high is None:
        return None
    return max(0.0, share.high - share.value if side > 0 else share.value - share.low)


def mark(findings: Sequence[ChartFinding]) -> Properties:
    """The marks: shape for the quality of the source, hollow where approximate or worked out."""
    return {
        "symbol": [theme.QUALITY_SYMBOLS.get(finding.quality, "hexagon") for finding in findings],
        "size": 12,
        "color": [theme.PAPER if finding.precision in _INEXACT else theme.MAIN for finding in findings],
        "line": {"color": theme.MAIN, "width": 2},
        "opacity": 1,
    }


def hover(finding: ChartFinding) -> str:
    """What a pointer on a mark shows: who says so, for when and where."""
    from evidence.charts.lettering import joined, paragraphs

    parts = (finding.source_label, finding.scope, f"{finding.period_label}, {finding.geography}")
    return joined(paragraphs(parts, 260, 14))

"""Figures over time: lines only where the same thing was counted in the same way, year after year."""

from collections.abc import Sequence
from itertools import pairwise

from evidence.charts import captions, labels, theme, titles, words
from evidence.charts.chart import Chart, Properties, build_chart
from evidence.charts.figures import Break, ChartFinding, MeasureInfo
from evidence.charts.grouping import MOST_COLOURS, family, share_of
from evidence.charts.lettering import joined, wrap
from evidence.charts.marks import hover
from evidence.charts.series import Line, lines_of, year_fraction, year_of
from evidence.charts.tables import Column, build_table, entry
from evidence.charts.timeline import time_panels


_HOLLOW = ("approximate", "lower_bound", "upper_bound")


def build_trend(
    measure: MeasureInfo,
    findings: Sequence[ChartFinding],
    *,
    breaks: Sequence[Break] = (),
    as_share: bool = False,
    part: str = "",
    not_drawn: Sequence[ChartFinding] = (),
    choice: str = "",
) -> Chart | None:
    """At most four lines over time, from zero.

    A line is interrupted where a year is missing and at each break, which is marked and named.
    `as_share` draws the share of the base instead of the count and takes only findings with a
    base. `choice` says why these lines were chosen. None without three periods in a line or
    with more than four lines.
    """
    usable = [finding for finding in findings if not as_share or share_of(finding) is not None]
    lines = lines_of(usable, breaks)
    if not lines or len(lines) > MOST_COLOURS or max(len(line.points) for line in lines) < 3:
        return None
    drawn = [point for line in lines for point in line.points]
    kind = "share" if as_share else family(measure, drawn[0])
    kind = "count" if kind == "share" and drawn[0].statistic == "count" and not as_share else kind
    names = _names(lines)
    marks = _breaks_shown(lines, breaks)
    heights = [[_height(point, kind) for point in line.points] for line in lines]
    wide, narrow = time_panels(
        lines,
        heights,
        _last_words(measure, lines, names, kind),
        marks,
        per_cent=kind in ("share", "change"),
    )
    unit = _unit(measure, kind)
    title = _title(measure, lines, names, kind)
    notes = captions.captions(
        measure, drawn, method=[choice, *_method(lines, names, marks)], unknown=None, not_drawn=not_drawn
    )
    entries = [
        entry(
            point,
            height,
            {"share": words.percent(height, point.denominator)} if kind == "share" else {},
            {"share": height} if kind == "share" else {},
        )
        for line, row in zip(lines, heights, strict=True)
        for point, height in zip(line.points, row, strict=True)
    ]
    entries += [entry(finding, None) for finding in not_drawn]
    return build_chart(
        chart_id=f"{measure.measure_id}-trend{'-share' if as_share else ''}{part}",
        title=title,
        subtitle=labels.subtitle(measure, drawn, unit),
        traces=[
            _trace(line, name, row, rank)
            for rank, (line, name, row) in enumerate(zip(lines, names, heights, strict=True))
        ],
        wide=wide,
        narrow=narrow,
        table=build_table(
            title,
            measure,
            entries,
            [Column("share", "Share of base", numeric=True)] if kind == "share" else [],
        ),
        text_alternative=titles.alternative(
            f"Line chart over time, {len(lines)} {'line' if len(lines) == 1 else 'lines'} from zero",
            title,
            [_spoken(measure, line, name, kind) for line, name in zip(lines, names, strict=True)],
            notes,
        ),
        captions=notes,
        source_line=captions.source_line(drawn),
    )


def _names(lines: Sequence[Line]) -> list[str]:
    """A name for each line: the fields in which the lines differ."""
    firsts = [line.first for line in lines]
    fields = labels.varying(firsts)
    names = []
    for first in firsts:
        parts = [first.category_label or "Total"] if "category" in fields else []
        parts += [first.geography] if "geography" in fields else []
        parts += [first.scope] if "scope" in fields and not parts else []
        parts += [first.source_label] if "source" in fields and not parts else []
        names.append(", ".join(parts) or first.category_label or first.geography)
    repeated = {name for name in names if names.count(name) > 1}
    return [
        f"{name} ({first.source_label})" if name in repeated else name
        for name, first in zip(names, firsts, strict=True)
    ]


def _last_words(measure: MeasureInfo, lines: Sequence[Line], names: Sequence[str], kind: str) -> list[str]:
    """Name and last figure of each line, with its period where the line ends before the others."""
    latest = max(year_of(line.last) for line in lines)
    return [
        f"{name}: {_said(measure, line.last, kind)}"
        + ("" if year_of(line.last) == latest else f" in {words.short_period(line.last)}")
        for name, line in zip(names, lines, strict=True)
    ]


def _unit(measure: MeasureInfo, kind: str) -> str:
    if kind == "share" and measure.quantity == "count":
        return "Per cent of the base"
    return labels.unit_words(measure, kind)


def _height(finding: ChartFinding, kind: str) -> float:
    share = share_of(finding) if kind == "share" else None
    return finding.value if share is None else share


def _said(measure: MeasureInfo, finding: ChartFinding, kind: str) -> str:
    if kind == "share" and finding.statistic != "percentage":
        return words.bounded(finding, words.percent(_height(finding, kind), finding.denominator))
    return words.value(measure, finding)


def _title(measure: MeasureInfo, lines: Sequence[Line], names: Sequence[str], kind: str) -> str:
    """First and last figure of one or two lines, the range of more."""
    subject = titles.short_label(measure)
    if kind == "share" and measure.quantity == "count":
        subject = f"{subject}, share of the base"
    if len(lines) <= 2:
        parts = [
            f"{f'{name}: ' if len(lines) > 1 else ''}{_said(measure, line.first, kind)} in "
            f"{words.short_period(line.first)} and {_said(measure, line.last, kind)} in {words.short_period(line.last)}"
            for line, name in zip(lines, names, strict=True)
        ]
        return f"{subject}{': ' if len(lines) == 1 else '. '}{'; '.join(parts)}"
    points = [point for line in lines for point in line.points]
    low = min(points, key=lambda point: _height(point, kind))
    high = max(points, key=lambda point: _height(point, kind))
    times = sorted(points, key=year_of)
    return (
        f"{subject}: figures from {_said(measure, low, kind)} to {_said(measure, high, kind)} "
        f"in the {len(lines)} series drawn, {words.short_period(times[0])} to {words.short_period(times[-1])}"
    )


def _method(lines: Sequence[Line], names: Sequence[str], marks: Sequence[Break]) -> list[str]:
    """Where lines are interrupted and why."""
    sentences = []
    if marks:
        named = [f"{brk.label} ({brk.at.year})" for brk in marks]
        sentences.append(f"Not joined across a change of definition or collection: {words.join(named)}")
    missing = []
    for line, name in zip(lines, names, strict=True):
        for before, after in pairwise(line.runs):
            if not any(year_of(before[-1]) < year_fraction(brk.at) <= year_of(after[0]) for brk in marks):
                gap = f"{words.short_period(before[-1])} and {words.short_period(after[0])}"
                missing.append(f"{gap} ({name})" if len(lines) > 1 else gap)
    if missing:
        shown = missing[:3]
        more = f" and {len(missing) - 3} more places" if len(missing) > 3 else ""
        sentences.append(
            f"Not joined between {'; '.join(shown)}{more}: years are missing, or the periods differ in kind or length"
        )
    return sentences


def _breaks_shown(lines: Sequence[Line], breaks: Sequence[Break]) -> list[Break]:
    """The breaks that lie within the time drawn and concern a category drawn, in order of time."""
    points = [point for line in lines for point in line.points]
    first, last = min(map(year_of, points)), max(map(year_of, points))
    categories = {line.first.category_id for line in lines}
    kept = [
        brk
        for brk in breaks
        if first < year_fraction(brk.at) <= last
        and (brk.category_ids is None or categories.intersection(brk.category_ids))
    ]
    named = {(brk.at, brk.label): brk for brk in kept}  # one break may be recorded for several categories
    return sorted(named.values(), key=lambda brk: brk.at)


def _spoken(measure: MeasureInfo, line: Line, name: str, kind: str) -> str:
    points = [f"{words.short_period(point)} {_said(measure, point, kind)}" for point in line.points]
    if len(points) > 6:
        points = [*points[:2], f"{len(points) - 4} periods between", *points[-2:]]
    return f"{name}: {', '.join(points)}"


def _trace(line: Line, name: str, heights: Sequence[float], rank: int) -> Properties:
    """One line; runs are kept apart by an empty point."""
    value = dict(zip((point.finding_id for point in line.points), heights, strict=True))
    x: list[float | None] = []
    y: list[float | None] = []
    ids: list[str] = []
    symbols: list[str] = []
    texts: list[str] = []
    for place, run in enumerate(line.runs):
        if place:
            x, y, ids, symbols, texts = [*x, None], [*y, None], [*ids, ""], [*symbols, "circle"], [*texts, ""]
        for point in run:
            hollow = point.precision in _HOLLOW
            x.append(year_of(point))
            y.append(value[point.finding_id])
            ids.append(point.finding_id)
            symbols.append(f"{theme.SYMBOLS[rank]}{'-open' if hollow else ''}")
            texts.append(
                f"{joined([words.short_period(point)])}: {words.number(round(value[point.finding_id], 2))}<br>{hover(point)}"
            )
    colour = theme.CATEGORIES[rank]
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "name": joined(wrap(name, 230, 13)),
        "x": x,
        "y": y,
        "ids": ids,
        "connectgaps": False,
        "line": {"color": colour, "width": 2.5, "dash": theme.DASHES[rank]},
        "marker": {"symbol": symbols, "size": 9, "color": colour, "line": {"color": colour, "width": 2}},
        "hovertext": texts,
        "hoverinfo": "text",
        "cliponaxis": False,
    }

"""The two panels of a picture over time: axes, names at the ends of lines, breaks marked and named."""

from collections.abc import Sequence

from evidence.charts import theme, words
from evidence.charts.chart import Panel, Properties
from evidence.charts.figures import Break
from evidence.charts.lettering import joined, line_height, text_width, wrap
from evidence.charts.series import Line, year_fraction, year_of
from evidence.charts.theme import NARROW, WIDE, Mode
from evidence.charts.ticks import ceiling, step


_HEIGHT = {"wide": 340, "narrow": 280}
_NAME_WIDTH = 180  # pixels for the names at the ends of lines on a wide page
_BREAK_WIDTH = 130  # pixels for the name of a break
_GLYPHS = "●■◆▲"  # the marks of the lines, in the order of `theme.SYMBOLS`
_FOOT = 26
_TICK = 13


def time_panels(
    lines: Sequence[Line],
    heights: Sequence[Sequence[float]],
    names: Sequence[str],
    breaks: Sequence[Break],
    *,
    per_cent: bool,
) -> tuple[Panel, Panel]:
    """The wide panel with names at the ends of the lines, the narrow one with a key above.

    `heights` are the numbers drawn, line by line; `names` carry the last figure.
    """
    return (
        _panel(WIDE, lines, heights, names, breaks, per_cent),
        _panel(NARROW, lines, heights, names, breaks, per_cent),
    )


def _panel(
    mode: Mode,
    lines: Sequence[Line],
    heights: Sequence[Sequence[float]],
    names: Sequence[str],
    breaks: Sequence[Break],
    per_cent: bool,
) -> Panel:
    wide = mode is WIDE
    flat = [height for row in heights for height in row]
    top = max(*flat, 0) * 1.05 or 1.0
    low = min(*flat, 0) * 1.05
    size = step(top - low, 5)
    top, low = ceiling(top, size), -ceiling(-low, size) if low < 0 else 0.0
    ticks = [low + size * place for place in range(round((top - low) / size) + 1)]
    suffix = "%" if per_cent else ""
    tick_texts = [f"{words.number(round(tick, 6))}{suffix}" for tick in ticks]
    left = max(text_width(text, _TICK) for text in tick_texts) + 14
    labels = [wrap(f"{_GLYPHS[rank]} {name}", _NAME_WIDTH, mode.label) for rank, name in enumerate(names)]
    named = wide and len(lines) > 1
    right = (
        max((text_width(line, mode.label) for label in labels for line in label), default=0) + 20
        if named
        else 24
    )
    plot = _HEIGHT[mode.name]
    latest = max((point for row in lines for point in row.points), key=year_of)
    right = max(right, text_width(words.short_period(latest), _TICK) / 2 + 4)
    times = sorted({year_of(point) for line in lines for point in line.points})
    margin = max((times[-1] - times[0]) * 0.03, 0.4)
    span = (times[0] - margin, times[-1] + margin)
    inner = mode.width - left - right
    annotations, head = _break_names(breaks, span, inner, mode)
    if named:
        annotations += _end_names(lines, heights, labels, (low, top), plot, mode)
    return Panel(
        axes={
            "xaxis": _time_axis(lines, span, inner),
            "yaxis": theme.axis(
                range=[low, top],
                tickvals=ticks,
                ticktext=tick_texts,
                tickfont={"size": _TICK},
                ticks="",
                showline=False,
                showgrid=True,
                zeroline=True,
                zerolinecolor=theme.MUTED,
            ),
        },
        plot=plot,
        left=left,
        right=right,
        foot=_FOOT,
        head=head,
        annotations=annotations,
        shapes=[_break_line(brk) for brk in breaks],
        legend=[joined(wrap(name.rsplit(": ", 1)[0], 230, 13)) for name in names]
        if not wide and len(lines) > 1
        else (),
    )


def _time_axis(lines: Sequence[Line], span: tuple[float, float], inner: float) -> Properties:
    """Ticks at periods that have figures, as many as fit without touching, the last one always."""
    texts = {year_of(point): words.short_period(point) for line in lines for point in line.points}
    places = sorted(texts)
    scale = inner / (span[1] - span[0])
    kept = [places[-1]]
    for place in reversed(places[:-1]):
        needed = (text_width(texts[place], _TICK) + text_width(texts[kept[-1]], _TICK)) / 2 + 10
        if (kept[-1] - place) * scale >= needed:
            kept.append(place)
    kept.reverse()
    return theme.axis(
        range=[round(span[0], 4), round(span[1], 4)],
        tickvals=kept,
        ticktext=[texts[place] for place in kept],
        tickfont={"size": _TICK},
        tickangle=0,
        showgrid=False,
    )


def _end_names(
    lines: Sequence[Line],
    heights: Sequence[Sequence[float]],
    labels: Sequence[tuple[str, ...]],
    limits: tuple[float, float],
    plot: float,
    mode: Mode,
) -> list[Properties]:
    """The name of each line right of its end, moved apart where ends lie close."""
    scale = plot / (limits[1] - limits[0])
    line = line_height(mode.label)
    ends = sorted(range(len(lines)), key=lambda place: heights[place][-1])
    bottom = 0.0
    middles: dict[int, float] = {}
    for place in ends:  # from the lowest upwards, each above the one below it
        half = len(labels[place]) * line / 2 + 2
        middles[place] = max((heights[place][-1] - limits[0]) * scale, bottom + half)
        bottom = middles[place] + half
    ceiling_px = plot + 10.0
    for place in reversed(ends):  # and back down from the top of the plot
        half = len(labels[place]) * line / 2 + 2
        middles[place] = min(middles[place], ceiling_px - half)
        ceiling_px = middles[place] - half
    return [
        {
            "text": joined(labels[place]),
            "showarrow": False,
            "align": "left",
            "xref": "paper",
            "x": 1,
            "xanchor": "left",
            "xshift": 6,
            "yref": "paper",
            "y": 0,
            "yanchor": "middle",
            "yshift": round(middles[place]),
            "font": {"size": mode.label, "color": _readable(place)},
            "borderpad": 0,
        }
        for place in range(len(lines))
    ]


def _readable(rank: int) -> str:
    """The colour of a line for its name, or black where that colour is too pale for text."""
    colour = theme.CATEGORIES[rank]
    return colour if theme.text_on(colour) == theme.PAPER else theme.INK


def _break_names(
    breaks: Sequence[Break], span: tuple[float, float], inner: float, mode: Mode
) -> tuple[list[Properties], float]:
    """The names of breaks above the plot, on as many levels as they need, and the room they take.

    Places are worked out for the narrowest plot of the layout; on a wider one names only move
    apart.
    """
    scale = inner / (span[1] - span[0])
    annotations: list[Properties] = []
    levels: list[float] = []  # the right end of the last name on each level
    named = [wrap(brk.label, _BREAK_WIDTH, mode.caption) for brk in breaks]
    tallest = max((len(lines) for lines in named), default=0) * line_height(mode.caption) + 4
    for brk, lines in zip(breaks, named, strict=True):
        width = max(text_width(text, mode.caption) for text in lines) + 8
        at = (year_fraction(brk.at) - span[0]) * scale
        anchor = "left" if at < width / 2 else "right" if at > inner - width / 2 else "center"
        left = at - {"left": 0, "center": width / 2, "right": width}[anchor]
        level = next((place for place, taken in enumerate(levels) if taken <= left), len(levels))
        levels[level : level + 1] = [left + width]
        annotations.append(
            {
                "text": joined(lines),
                "showarrow": False,
                "xref": "x",
                "x": year_fraction(brk.at),
                "xanchor": anchor,
                "yref": "paper",
                "y": 1,
                "yanchor": "bottom",
                "yshift": round(4 + level * tallest),
                "font": {"size": mode.caption, "color": theme.INK},
                "bgcolor": theme.PAPER,
                "borderpad": 0,
            }
        )
    return annotations, 8 + len(levels) * tallest if annotations else 10


def _break_line(brk: Break) -> Properties:
    """A dashed line from the foot of the plot to its top at the date of the break."""
    at = year_fraction(brk.at)
    return {
        "type": "line",
        "xref": "x",
        "x0": at,
        "x1": at,
        "yref": "paper",
        "y0": 0,
        "y1": 1,
        "line": {"color": theme.MUTED, "width": 1.5, "dash": "dash"},
    }

"""Pictures made of rows: where each row, its label and its number stand on a wide and a narrow page.

On a wide page the label stands left of the row's mark and the number right of it, on a narrow
page both stand above it. The data are the same in both, so the places of rows are too: one
unit of the y axis is a pixel on a wide page and a fixed multiple of it on a narrow one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from evidence.charts import theme, words
from evidence.charts.chart import Panel, Properties
from evidence.charts.lettering import joined, line_height, paragraphs, text_width
from evidence.charts.theme import NARROW, WIDE, Mode


_GAP = 5  # pixels between a mark and the text above it, and around headings
_ROOM = 14  # least pixels of white between two rows
_LABEL_WIDTH = (60, 300)  # least and greatest width of the label column in pixels
_NUMBER_WIDTH = (26, 190)  # the same for the column of numbers
_STANDOFF = 10  # pixels between a column and the plotting area: half a mark may reach into it
_TICKS = 22  # pixels for the numbers of the x axis

# Numbers beside rows are the ticks of a second y axis, which plotly draws only when a trace uses it.
NUMBER_AXIS: Properties = {
    "type": "scatter",
    "x": [None],
    "y": [None],
    "yaxis": "y2",
    "hoverinfo": "skip",
    "showlegend": False,
}


@dataclass(frozen=True, slots=True)
class Row:
    """One row: paragraphs of its label, its number in words (a line break parts it where there is
    room beside the row), and the heading it stands under.
    """

    label: tuple[str, ...]
    number: str
    heading: str | None = None


@dataclass(frozen=True, slots=True)
class _Set:
    """The texts of all rows broken into lines for one page width; empty headings are no lines."""

    mode: Mode
    labels: list[list[str]]
    numbers: list[list[str]]
    headings: list[list[str]]

    def height(self, lines: Sequence[str]) -> float:
        """The pixels that `lines` take."""
        return len(lines) * line_height(self.mode.label)

    def heading_room(self, place: int) -> float:
        """The pixels that the heading above a row takes, none for no heading."""
        return self.height(self.headings[place]) + 2 * _GAP if self.headings[place] else 0.0


@dataclass(frozen=True, slots=True)
class Placed:
    """Rows with their places on the y axis, greatest at the bottom, in pixels of a wide page.

    `bar` is the thickness of a mark in pixels, `scale` the pixels of a narrow page for one unit.
    """

    rows: tuple[Row, ...]
    places: tuple[float, ...]
    bar: int
    scale: float
    wide: _Set
    narrow: _Set

    @property
    def bar_width(self) -> Properties:
        """What a trace of bars must be told: its width where it has one place, for plotly takes the
        width of bars from the distance between them.
        """
        return {"width": self.bar} if len(self.places) == 1 else {}


def place(rows: Sequence[Row], bar: int) -> Placed:
    """The places of `rows` whose marks are `bar` pixels thick, with room for all text in both widths.

    Rows are as far apart as the wide page needs; where a row needs more than is usual on the
    narrow page, it gets more on both.
    """
    wide, narrow = _texts(rows, WIDE), _texts(rows, NARROW)
    tall = [_wide_height(wide, place_, bar) for place_ in range(len(rows))]
    needs = [
        ((tall[above] + tall[below]) / 2 + wide.heading_room(below), _narrow_step(narrow, below, bar))
        for above, below in pairwise(range(len(rows)))
    ]
    scale = max(1.0, median(slim / full for full, slim in needs)) if needs else 1.0
    places = [0.0]
    for full, slim in needs:
        places.append(round(places[-1] + max(full, slim / scale), 2))
    return Placed(tuple(rows), tuple(places), bar, scale, wide, narrow)


def row_panels(
    placed: Placed,
    *,
    axis: Properties,
    axis_narrow: Properties,
    axis_title: str,
    legend: Sequence[str] = (),
    extra: Properties | None = None,
) -> tuple[Panel, Panel]:
    """The wide and the narrow panel of `placed` rows.

    `axis` and `axis_narrow` are the x axis, `axis_title` the words under it, `legend` the names
    above the plot, `extra` further entries of both layouts.
    """
    return (
        _wide(placed, axis, axis_title, legend, extra or {}),
        _narrow(placed, axis_narrow, axis_title, legend, extra or {}),
    )


def _texts(rows: Sequence[Row], mode: Mode) -> _Set:
    """All texts of the rows, broken for one page width."""
    slim = mode is NARROW
    room = mode.width - 8 if slim else _LABEL_WIDTH[1] - 12
    headings: list[list[str]] = []
    current = None
    for row in rows:
        new = row.heading is not None and row.heading != current
        headings.append(paragraphs((row.heading or "",), (mode.width - 12) / 1.08, mode.label) if new else [])
        current = row.heading
    return _Set(
        mode,
        [
            paragraphs((*row.label, row.number.replace("\n", ", ")) if slim else row.label, room, mode.label)
            for row in rows
        ],
        [paragraphs(tuple(row.number.split("\n")), _NUMBER_WIDTH[1] - 14, mode.label) for row in rows],
        headings,
    )


def _wide_height(texts: _Set, place_: int, bar: int) -> float:
    """The pixels of a row on a wide page: the tallest of mark, label and number, and white."""
    return max(bar, texts.height(texts.labels[place_]), texts.height(texts.numbers[place_])) + _ROOM


def _narrow_step(texts: _Set, place_: int, bar: int) -> float:
    """The pixels from the middle of the mark above to that of this row on a narrow page."""
    return bar + texts.height(texts.labels[place_]) + _GAP + _ROOM + texts.heading_room(place_)


def _wide(
    placed: Placed, axis: Properties, axis_title: str, legend: Sequence[str], extra: Properties
) -> Panel:
    texts = placed.wide
    left = _column(texts.labels, texts.mode, _LABEL_WIDTH)
    right = max(_column(texts.numbers, texts.mode, _NUMBER_WIDTH), _half_tick(axis))
    first, last = (_wide_height(texts, place_, placed.bar) / 2 for place_ in (0, -1))
    span = (placed.places[-1] + last, placed.places[0] - first - texts.heading_room(0))
    notes = [
        _note(
            joined(lines), y, left, texts.mode, _wide_height(texts, place_, placed.bar) / 2 + _GAP, weight=700
        )
        for place_, (lines, y) in enumerate(zip(texts.headings, placed.places, strict=True))
        if lines
    ]
    axes = {
        "xaxis": axis | {"title": _axis_title(axis_title, texts.mode)},
        "yaxis": _y_axis(placed, span, texts.labels, texts.mode),
        "yaxis2": _y_axis(placed, span, texts.numbers, texts.mode) | _SECOND,
    }
    return Panel(
        axes=axes,
        plot=span[0] - span[1],
        left=left,
        right=right,
        foot=_foot(axis_title, texts.mode),
        annotations=notes,
        legend=legend,
        extra={"bargap": _bar_gap(placed, 1.0), **extra},
    )


def _narrow(
    placed: Placed, axis: Properties, axis_title: str, legend: Sequence[str], extra: Properties
) -> Panel:
    texts, left = placed.narrow, 14.0
    right = max(20.0, _half_tick(axis))
    above = placed.bar / 2 + _GAP
    top = above + texts.height(texts.labels[0]) + texts.heading_room(0) + _GAP
    span = (
        placed.places[-1] + (placed.bar / 2 + 8) / placed.scale,
        placed.places[0] - top / placed.scale,
    )
    notes = []
    for lines, heading, y in zip(texts.labels, texts.headings, placed.places, strict=True):
        if lines:
            notes.append(_note(joined(lines), y, left, texts.mode, above))
        if heading:
            shift = above + texts.height(lines) + _GAP
            notes.append(_note(joined(heading), y, left, texts.mode, shift, weight=700))
    blank = {"showticklabels": False}
    axes = {
        "xaxis": axis | {"title": _axis_title(axis_title, texts.mode)},
        "yaxis": _y_axis(placed, span, texts.labels, texts.mode) | blank,
        "yaxis2": _y_axis(placed, span, texts.labels, texts.mode) | blank | _SECOND,
    }
    return Panel(
        axes=axes,
        plot=(span[0] - span[1]) * placed.scale,
        left=left,
        right=right,
        foot=_foot(axis_title, texts.mode),
        annotations=notes,
        legend=legend,
        extra={"bargap": _bar_gap(placed, placed.scale), **extra},
    )


_SECOND: Properties = {"overlaying": "y", "side": "right"}


def _column(texts: Sequence[Sequence[str]], mode: Mode, limits: tuple[int, int]) -> float:
    """The width that the widest line needs, within `limits`; little where there is no text."""
    widest = max((text_width(line, mode.label) for lines in texts for line in lines), default=0)
    return min(max(widest + 4, limits[0]), limits[1]) + _STANDOFF if widest else 22.0


def _half_tick(axis: Properties) -> float:
    """The pixels by which the last number of the x axis may reach beyond the plotting area."""
    return text_width(f"{words.number(axis['range'][1])}%", 13) / 2 + 2


def _bar_gap(placed: Placed, scale: float) -> float:
    """Plotly's gap between bars, as a fraction of the least distance between two of them, that
    leaves bars of the wanted thickness; none for a bar alone, which has its width in the trace.
    """
    spacing = min((below - above for above, below in pairwise(placed.places)), default=0.0)
    return round(1 - placed.bar / (scale * spacing), 4) if spacing else 0.0


def _y_axis(
    placed: Placed, span: tuple[float, float], texts: Sequence[Sequence[str]], mode: Mode
) -> Properties:
    return theme.axis(
        range=[round(end, 2) for end in span],
        tickvals=list(placed.places),
        ticktext=[joined(list(lines)) for lines in texts],
        tickfont={"size": mode.label},
        ticks="",
        ticklabelstandoff=_STANDOFF,
        showgrid=False,
        showline=False,
    )


def _axis_title(text: str, mode: Mode) -> Properties:
    lines = paragraphs((text,), mode.width * 0.55 if mode is WIDE else mode.width - 30, mode.caption)
    return {"text": joined(lines), "font": {"size": mode.caption, "color": theme.MUTED}, "standoff": 4}


def _foot(axis_title: str, mode: Mode) -> float:
    """The room below the plot for the axis's numbers and title."""
    lines: int = _axis_title(axis_title, mode)["text"].count("<br>") + 1
    return _TICKS + 4 + lines * line_height(mode.caption)


def _note(text: str, y: float, left: float, mode: Mode, shift: float, *, weight: int = 400) -> Properties:
    """Text at the left edge whose foot is `shift` pixels above the middle of the row at `y`."""
    return {
        "text": text,
        "showarrow": False,
        "align": "left",
        "xref": "paper",
        "x": 0,
        "xanchor": "left",
        "xshift": round(4 - left),
        "yref": "y",
        "y": y,
        "yanchor": "bottom",
        "yshift": round(shift),
        "font": {"size": mode.label, "color": theme.INK, "weight": weight},
        "bgcolor": theme.PAPER,
        "borderpad": 0,
    }

"""One chart: picture, table twin, text alternative, caveats and source, made together.

A picture is laid out twice, for a wide and for a narrow page. Both have the same data; the
narrow layout only overrides. Heights are in pixels and follow from the lines of text, so
nothing can run into anything else.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import plotly.graph_objects as go

from evidence.charts import theme
from evidence.charts.lettering import joined, line_height, paragraphs, text_width, wrap
from evidence.charts.tables import Table
from evidence.charts.theme import Mode


Properties = dict[str, Any]

_PAD = 8  # pixels between the blocks of a picture
_SHORT = 75  # characters of a sentence that may share a line with another

# Plotly hangs a title of one line from its capitals and a longer one from the foot of its first
# line; these parts of the type size bring the first line to the same place.
_TITLE_DROP = {False: 0.19, True: 0.9}

_LEGEND_SWATCH = 46  # pixels that plotly takes for a swatch and its gaps


@dataclass(frozen=True, slots=True)
class Panel:
    """The plotting area for one page width.

    `axes` are whole axis dicts by their name in the layout. `left`, `right`, `plot` and `foot`
    are pixels: margins, height of the plotting area, and the room below it for ticks and axis
    title. `head` is room above it for labels that the panel places itself. `legend` are the
    names to be set out above the plot, empty for no legend.
    """

    axes: Properties
    plot: float
    left: float
    right: float
    foot: float
    head: float = 0
    annotations: Sequence[Properties] = ()
    shapes: Sequence[Properties] = ()
    legend: Sequence[str] = ()
    extra: Properties = field(default_factory=dict)


@dataclass(frozen=True)
class Chart:
    """A figure with everything that must stand beside it.

    `chart_id` is a slug; the element with the JSON has the id `data_id`. `title` states the
    message, `subtitle` what is shown. `drawn_ids` names the findings in the picture, so that
    a page can state the others in words.
    """

    chart_id: str
    title: str
    subtitle: str
    traces: tuple[Properties, ...]
    layout: Properties
    layout_narrow: Properties
    table: Table
    text_alternative: str
    captions: tuple[str, ...]
    source_line: str

    @property
    def data_id(self) -> str:
        """The id of the element that carries the JSON."""
        return f"{self.chart_id}-data"

    @property
    def drawn_ids(self) -> tuple[str, ...]:
        """The findings that are in the picture, in the table's order."""
        return tuple(
            record["finding_id"]
            for record in self.table.records
            if record["drawn"] and "finding_id" in record
        )

    @cached_property
    def figure(self) -> go.Figure:
        """The picture as plotly's own object, validated; the wide layout."""
        return go.Figure(data=list(self.traces), layout=self.layout)

    @cached_property
    def figure_payload(self) -> Properties:
        """`data`, `layout`, `layout_narrow` and `config` as plain values for JSON.

        `layout_narrow` holds whole top-level entries that replace those of `layout` below
        `layout.meta.narrow_below` pixels of width.
        """
        # The dicts themselves, since validating costs more than the rest of a page; tests put every chart of the
        # shipped evidence through `figure`, so that nothing is sent that plotly would refuse.
        return {
            "data": list(self.traces),
            "layout": self.layout,
            "layout_narrow": self.layout_narrow,
            "config": theme.config(self.chart_id),
        }


def build_chart(
    *,
    chart_id: str,
    title: str,
    subtitle: str,
    traces: Sequence[Properties],
    wide: Panel,
    narrow: Panel,
    table: Table,
    text_alternative: str,
    captions: Sequence[str],
    source_line: str,
) -> Chart:
    """The chart of `traces` laid out in the two panels, with title and caveats in the picture."""
    foot = _paragraphs([*(text for text in captions if not _is_said(text, subtitle)), source_line])
    layout = _layout(theme.WIDE, wide, title, subtitle, foot)
    slim = _layout(theme.NARROW, narrow, title, subtitle, foot)
    return Chart(
        chart_id=chart_id,
        title=title,
        subtitle=subtitle,
        traces=tuple(traces),
        layout=layout,
        layout_narrow={key: entry for key, entry in slim.items() if layout.get(key) != entry},
        table=table,
        text_alternative=text_alternative,
        captions=tuple(captions),
        source_line=source_line,
    )


def _paragraphs(sentences: Sequence[str]) -> list[str]:
    """Sentences under the picture, short ones that follow each other on one line to save height."""
    lines: list[str] = []
    for text in sentences:
        if lines and len(text) <= _SHORT and len(lines[-1]) <= _SHORT:
            lines[-1] = f"{lines[-1]} {text}"
        else:
            lines.append(text)
    return lines


def _is_said(caption: str, subtitle: str) -> bool:
    """Whether the subtitle says the same: scope or base that all rows share."""
    return caption.split(": ", 1)[-1].rstrip(".").lower() in subtitle.lower()


def _layout(mode: Mode, panel: Panel, title: str, subtitle: str, foot: Sequence[str]) -> Properties:
    """The layout for one page width: the panel between title block and captions."""
    room = mode.width - 2 * 4
    title_lines = wrap(title, room, mode.title, bold=True)
    subtitle_lines = wrap(subtitle, room, mode.subtitle)
    below_title = _PAD + len(title_lines) * line_height(mode.title) + 4
    below_subtitle = below_title + len(subtitle_lines) * line_height(mode.subtitle) + _PAD
    legend, legend_height = _legend(mode, panel.legend, mode.width - panel.left - panel.right)
    top = below_subtitle + legend_height + panel.head
    foot_lines = paragraphs(list(foot), room, mode.caption)
    bottom = panel.foot + _PAD + len(foot_lines) * line_height(mode.caption) + _PAD
    height = top + panel.plot + bottom
    if legend:
        legend |= {"y": 1 - below_subtitle / height}
    texts = [
        _text(joined(subtitle_lines), mode.subtitle, panel.left, above=top - below_title),
        _text(joined(foot_lines), mode.caption, panel.left, below=panel.foot + _PAD),
    ]
    return {
        "template": {},
        "autosize": True,
        "height": round(height),
        "margin": {
            "l": round(panel.left),
            "r": round(panel.right),
            "t": round(top),
            "b": round(bottom),
            "pad": 0,
            "autoexpand": False,
        },
        "title": {
            "text": joined(title_lines),
            "font": {"size": mode.title, "weight": 700, "color": theme.INK},
            "x": 0,
            "xref": "container",
            "xanchor": "left",
            "y": 1,
            "yref": "container",
            "yanchor": "top",
            "pad": {"l": 4, "t": round(_PAD + mode.title * _TITLE_DROP[len(title_lines) > 1])},
        },
        "font": {"family": theme.FONT, "size": mode.label, "color": theme.INK},
        "paper_bgcolor": theme.PAPER,
        "plot_bgcolor": theme.PAPER,
        "hovermode": "closest",
        "hoverlabel": {"align": "left", "bgcolor": theme.PAPER, "font": {"size": 14, "color": theme.INK}},
        "dragmode": False,
        "showlegend": bool(legend),
        "meta": {"narrow_below": theme.WIDE.width},
        "annotations": [*texts, *panel.annotations],
        "shapes": list(panel.shapes),
        **({"legend": legend} if legend else {}),
        **panel.axes,
        **panel.extra,
    }


def _text(
    text: str, size: float, left: float, *, above: float | None = None, below: float | None = None
) -> Properties:
    """A block of text at the left edge, its top `above` or `below` the plotting area in pixels."""
    return {
        "text": text,
        "showarrow": False,
        "align": "left",
        "xref": "paper",
        "x": 0,
        "xanchor": "left",
        "xshift": round(4 - left),
        "yref": "paper",
        "y": 0 if above is None else 1,
        "yanchor": "top",
        "yshift": round(-below if below is not None else above or 0),
        "font": {"size": size, "color": theme.MUTED},
        "borderpad": 0,
    }


def _legend(mode: Mode, names: Sequence[str], room: float) -> tuple[Properties, float]:
    """The legend above the plot and the pixels it takes; nothing for no names.

    Plotly's own legend is used because only it shows hatching. It is given entries of one
    width and broken by plotly at the width of the plotting area (`room`), so that the number of
    its lines is known here.
    """
    if not names:
        return {}, 0
    entry_width = max(text_width(line, mode.label) for name in names for line in name.split("<br>")) + 8
    columns = max(1, int(room // (entry_width + _LEGEND_SWATCH)))
    lines = max(name.count("<br>") + 1 for name in names)
    row = max(line_height(mode.label) * lines, 19) + 4
    rows = -(-len(names) // columns)
    legend = {
        "orientation": "h" if columns > 1 else "v",
        "xref": "container",
        "x": 0,
        "xanchor": "left",
        "yref": "container",
        "yanchor": "top",
        "traceorder": "normal",
        "font": {"size": mode.label},
        "itemclick": False,
        "itemdoubleclick": False,
        "bgcolor": "rgba(0,0,0,0)",
        "borderwidth": 0,
        **({"entrywidth": round(entry_width), "entrywidthmode": "pixels"} if columns > 1 else {}),
    }
    return legend, rows * row + _PAD

"""Colours, type and the two page widths. Palette and axes come from afcharts, the type is Arial."""

from dataclasses import dataclass
from typing import Any

import plotly.io as pio
from afcharts import pio_template  # registers the template named below
from afcharts.af_colours import get_af_colours


_AF_AXIS = pio.templates["afcharts"].layout.xaxis.to_plotly_json()

FONT = "Arial, Helvetica, sans-serif"
INK = "#0b0c0c"
MUTED = "#505a5f"  # 7.0 to 1 on white
GRID = pio_template.af_chart_feature_colour
PAPER = "#ffffff"

# The Analysis Function asks for no more than four colours in one chart.
CATEGORIES: tuple[str, ...] = tuple(get_af_colours("categorical", number_of_colours=4))
MAIN = CATEGORIES[0]
LIGHT = get_af_colours("sequential")[-1]  # the palest blue of the sequential palette

# Hatching goes lighter under black letters and darker under white ones, so that it can only
# raise the contrast of the text above it.
_PATTERNS = ("", "/", "x", "-")

SYMBOLS = ("circle", "square", "diamond", "triangle-up")
DASHES = ("solid", "dash", "dot", "dashdot")

# Quality is carried by shape as well as by word; the fill says how exact the figure is.
QUALITY_SYMBOLS = {
    "strong": "circle",
    "moderate": "square",
    "weak": "diamond",
    "unclear": "triangle-up",
    "not_rated": "hexagon",
}


@dataclass(frozen=True, slots=True)
class Mode:
    """One page width. `width` is what text is broken for; a picture may stand wider, not narrower."""

    name: str
    width: int
    title: int
    subtitle: int
    label: int
    caption: int


# 720 leaves room for a two-thirds column's margins at 960 and keeps lines of captions near 110
# characters; 288 is a phone of 320 pixels less the page's own margins.
WIDE = Mode("wide", width=720, title=19, subtitle=15, label=14, caption=13)
NARROW = Mode("narrow", width=288, title=17, subtitle=14, label=13, caption=13)


def axis(**changes: Any) -> dict[str, Any]:
    """An axis in the Analysis Function's manner, without zoom, with `changes` made to it."""
    kept = ("gridcolor", "linecolor", "linewidth", "tickcolor", "tickwidth", "ticks", "zerolinecolor")
    plain = {key: _AF_AXIS[key] for key in kept}
    return {
        **plain,
        "fixedrange": True,
        "automargin": False,
        "ticklabeloverflow": "allow",
        "zeroline": False,
        **changes,
    }


def text_on(colour: str) -> str:
    """Black or white, whichever reads better on `colour`."""
    return INK if contrast(INK, colour) >= contrast(PAPER, colour) else PAPER


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two hexadecimal colours, WCAG 2.2 definition, 1 to 21."""
    first, second = sorted((_luminance(one), _luminance(other)))
    return (second + 0.05) / (first + 0.05)


def _luminance(colour: str) -> float:
    """Relative luminance of a hexadecimal colour, WCAG 2.2, 0 to 1."""
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def category_fill(place: int) -> dict[str, Any]:
    """How the known category at `place` (0 to 3) is filled: a colour and a hatching of its own."""
    colour = CATEGORIES[place]
    pattern: dict[str, Any] = {"shape": _PATTERNS[place]}
    if pattern["shape"]:
        lines = PAPER if text_on(colour) == INK else INK
        pattern |= {"fillmode": "overlay", "fgcolor": lines, "fgopacity": 0.35, "size": 9, "solidity": 0.15}
    return {"color": colour, "pattern": pattern, "line": {"color": PAPER, "width": 1.5}}


def unknown_fill() -> dict[str, Any]:
    """How the unknown category is filled: light grey, hatched, outlined."""
    return _grey_fill("#f3f2f1", "\\", "#b1b4b6")


def remainder_fill() -> dict[str, Any]:
    """How the part that no source row covers is filled: white, dotted, outlined."""
    return _grey_fill(PAPER, ".", "#b1b4b6")


def _grey_fill(ground: str, shape: str, lines: str) -> dict[str, Any]:
    pattern = {
        "shape": shape,
        "fillmode": "replace",
        "bgcolor": ground,
        "fgcolor": lines,
        "size": 10,
        "solidity": 0.2,
    }
    return {"color": ground, "pattern": pattern, "line": {"color": MUTED, "width": 1.5}}


def config(chart_id: str) -> dict[str, Any]:
    """What plotly is told about behaviour: no zoom, no logo, downloads named after the chart."""
    return {
        "responsive": True,
        "displayModeBar": False,
        "displaylogo": False,
        "scrollZoom": False,
        "doubleClick": False,
        "showTips": False,
        "toImageButtonOptions": {"format": "png", "filename": chart_id, "scale": 2},
    }

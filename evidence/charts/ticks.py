"""Round numbers for axes."""

import math

from evidence.charts import theme, words
from evidence.charts.chart import Properties
from evidence.charts.lettering import text_width


# The least width in pixels that a plotting area can have in either layout, between the widest
# label and number columns; ticks that fit there fit everywhere.
_NARROWEST = 200


def step(top: float, most: int) -> float:
    """The smallest of 1, 2, 5 times a power of ten that needs at most `most` steps to reach `top`."""
    if top <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(top / most))
    return next(size * power for size in (1, 2, 5, 10) if size * power * most >= top * (1 - 1e-9))


def ceiling(top: float, size: float) -> float:
    """The first multiple of `size` that is not below `top`."""
    return math.ceil(top / size - 1e-9) * size


def value_axis(low: float, high: float, *, share: bool = False) -> tuple[Properties, Properties, str]:
    """The x axis for numbers from `low` to `high`, for a wide and a narrow page, and a note.

    Starts at zero unless numbers are negative. Shares run to 100 per cent, or where all lie
    below half of that, to a round number that the note names.
    """
    note = ""
    if share:
        # a little beyond the last number, so that its mark does not stand on the edge
        top = 100.0 if high > 49 else ceiling(high * 1.02, step(high * 1.02, 5)) if high > 0 else 10.0
        note = "" if top >= 100 else f" (axis ends at {top:g}%)"
    else:
        top = ceiling(max(high, 0) * 1.02, step(max(high, -low, 0) * 1.02, 5))
    bottom = 0.0 if low >= 0 else -ceiling(-low * 1.02, step(max(high, -low) * 1.02, 5))
    if top == bottom:
        top = 1.0
    fit = int(_NARROWEST // (text_width(words.number(top), 13) + 16))
    return _axis(bottom, top, min(5, fit), share), _axis(bottom, top, min(3, fit), share), note


def _axis(bottom: float, top: float, most: int, share: bool) -> Properties:
    size = step(top - bottom, most)
    return theme.axis(
        range=[bottom, top],
        dtick=size,
        tick0=0,
        tickformat=",~f",
        ticksuffix="%" if share else "",
        zeroline=bottom < 0,
        zerolinecolor=theme.MUTED,
        zerolinewidth=1,
        tickfont={"size": 13},
        tickangle=0,
        showgrid=True,
    )


def share_axis(top: float) -> tuple[Properties, Properties]:
    """The x axis from 0 to 100 per cent (or a little more, where rounded parts exceed it)."""
    shared = {
        "range": [0, top],
        "tick0": 0,
        "ticksuffix": "%",
        "showgrid": True,
        "tickfont": {"size": 13},
    }
    return theme.axis(dtick=20, **shared), theme.axis(dtick=25, **shared)

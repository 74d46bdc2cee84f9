"""Numbers in sentences: how many decimals the data can bear, and never "0%" for something that was seen."""

from __future__ import annotations

import math

from evidence.synthesis.effect_sizes import BACK, Scale


SMALL_BASE = 200
"""Below this many people a decimal of a per cent is less than half a person."""


def percent(share: float, total: float) -> str:
    """A share (0 to 1) in per cent: whole numbers for a total below 200, one decimal otherwise, never two.

    A share that is not 0 is never written as 0, and one that is not 1 never as 100.
    """
    decimals = 0 if total < SMALL_BASE else 1
    least = 10.0**-decimals
    written = round(100.0 * share, decimals)
    if share > 0.0 and written == 0.0:
        return f"under {least:g}%"
    if share < 1.0 and written == 100.0:
        return f"over {100.0 - least:g}%"
    return f"{written:.{decimals}f}%"


def natural(value: float, scale: Scale, total: float) -> str:
    """A value of the analysis scale written on its natural one: shares in per cent, the rest to three figures."""
    back = BACK[scale](value)
    if scale == "logit":
        return percent(back, total)
    return "unlimited" if math.isinf(back) else f"{back:.3g}"


def listed(names: tuple[str, ...] | list[str]) -> str:
    """Names as an English list: "A", "A and B", "A, B and C"."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"

"""Counts behind printed percentages (caution W6)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from evidence.synthesis.estimates import Estimate
from evidence.synthesis.refusals import Caution
from evidence.synthesis.wording import listed


@dataclass(frozen=True)
class Rebuilt:
    """The whole numbers of events that a printed percentage of a known base allows; none if lowest > highest."""

    lowest: int
    nearest: int
    highest: int

    @property
    def possible(self) -> bool:
        return self.lowest <= self.highest

    @property
    def unique(self) -> bool:
        return self.lowest == self.highest


def rebuild_events(percentage: float, total: float, decimals: int = 0) -> Rebuilt:
    """All counts x for which 100 x / total rounds to the printed percentage.

    Parameters
    ----------
    percentage : float
        As printed, 0 to 100.
    total : float
        The base.
    decimals : int
        Decimals printed; half a unit of the last one either way is allowed, so that it does not matter how the
        publisher rounded halves.

    Returns
    -------
    Rebuilt
        Smallest, nearest and largest such count, within 0 to total.
    """
    half = 0.5 * 10.0**-decimals
    slack = 1e-9 * max(1.0, total)
    lowest = max(0, math.ceil((percentage - half) * total / 100.0 - slack))
    highest = min(math.floor(total), math.floor((percentage + half) * total / 100.0 + slack))
    # Held inside the range, since rounding a half can step outside what the printed figure allows.
    nearest = min(max(round(percentage * total / 100.0), lowest), highest)
    return Rebuilt(lowest, nearest, highest)


@dataclass(frozen=True)
class Completed:
    """Estimates with the events filled in, and the sets to refit where a percentage allows several counts.

    ``at_lowest`` and ``at_highest`` equal ``estimates`` where every rebuilt count is unique. ``impossible`` are the
    places of estimates whose percentage no whole number of their base gives.
    """

    estimates: tuple[Estimate, ...]
    at_lowest: tuple[Estimate, ...]
    at_highest: tuple[Estimate, ...]
    impossible: tuple[int, ...]
    cautions: tuple[Caution, ...]


def complete_events(estimates: Sequence[Estimate]) -> Completed:
    """Fill in the events of every estimate that gives only a percentage of a known base.

    Parameters
    ----------
    estimates : sequence of Estimate
        Those with events, or without both percentage and a usable total, are left as they are.

    Returns
    -------
    Completed
        Sets in the same order, with W6 for the studies concerned.
    """
    rebuilt = [_rebuilt(estimate) for estimate in estimates]
    pairs = list(zip(estimates, rebuilt, strict=True))
    unique = [e.label for e, r in pairs if r is not None and r.unique]
    several = [e.label for e, r in pairs if r is not None and r.lowest < r.highest]

    def filled(end: Literal["lowest", "nearest", "highest"]) -> tuple[Estimate, ...]:
        return tuple(
            e if r is None or not r.possible else replace(e, events=getattr(r, end)) for e, r in pairs
        )

    cautions = []
    if unique:
        cautions.append(Caution("W6", f"Events rebuilt from a rounded percentage: {listed(unique)}."))
    if several:
        cautions.append(
            Caution(
                "W6",
                f"The rounded percentage allows several counts: {listed(several)}. The pool is repeated at the "
                "smallest and the largest.",
            )
        )
    return Completed(
        estimates=filled("nearest"),
        at_lowest=filled("lowest"),
        at_highest=filled("highest"),
        impossible=tuple(i for i, r in enumerate(rebuilt) if r is not None and not r.possible),
        cautions=tuple(cautions),
    )


def _rebuilt(estimate: Estimate) -> Rebuilt | None:
    if estimate.events is not None or estimate.percentage is None or not estimate.total or estimate.total < 0:
        return None
    return rebuild_events(estimate.percentage, estimate.total, estimate.decimals)

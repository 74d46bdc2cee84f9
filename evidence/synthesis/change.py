"""Change between two periods of one unbroken series, with an interval."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from evidence.synthesis.benchmark import koopman_interval
from evidence.synthesis.estimates import Interval
from evidence.synthesis.proportions import clopper_pearson
from evidence.synthesis.refusals import PoolingRefused
from evidence.synthesis.thresholds import DEFAULT_LEVEL


@dataclass(frozen=True, kw_only=True)
class Change:
    """A later figure over an earlier one: the ratio and its limits (1 is no change); ``method`` names the interval.

    ``ratio`` and the limits may be infinite where the earlier figure is 0.
    """

    ratio: float
    interval: Interval
    method: str


def count_change(earlier: Any, later: Any, *, level: float = DEFAULT_LEVEL) -> Change:
    """Ratio of two counts of periods of equal length, as if each event came independently of the others.

    Parameters
    ----------
    earlier, later : int
        Counts, 0 or more, not both 0.
    level : float
        Coverage.

    Returns
    -------
    Change
        ``later / earlier`` and its exact conditional limits.

    Raises
    ------
    PoolingRefused
        R6 for counts that are negative, not whole, not finite, or both 0.

    Notes
    -----
    Given the sum of two Poisson counts the later one is binomial with p = r / (1 + r), where r is the ratio of the
    rates; limits of p by Clopper and Pearson give limits p / (1 - p) of r. Recorded events come in clusters, so the
    true uncertainty is larger; and none of it speaks of changes in recording.

    References
    ----------
    Przyborowski J, Wilenski H (1940). Biometrika 31:313.
    """
    try:
        total = earlier + later
        low, high = clopper_pearson(later, total, level)
    except TypeError:
        raise PoolingRefused("R6", f"Counts are whole numbers: {earlier!r} and {later!r} are not.") from None
    return Change(
        ratio=_odds(later / total),
        interval=Interval(_odds(low), _odds(high)),
        method="exact conditional interval",
    )


def share_change(
    earlier: Any, earlier_base: Any, later: Any, later_base: Any, *, level: float = DEFAULT_LEVEL
) -> Change:
    """Ratio of two shares of independent bases.

    Parameters
    ----------
    earlier, later : int
        Counts of the part.
    earlier_base, later_base : int
        Their bases.
    level : float
        Coverage.

    Returns
    -------
    Change
        Ratio of the later share to the earlier one, with score limits.

    Raises
    ------
    PoolingRefused
        R6 for counts that are not valid, or where both shares are 0.

    References
    ----------
    Koopman PAR (1984). Biometrics 40:513.
    """
    clopper_pearson(earlier, earlier_base)
    clopper_pearson(later, later_base)
    if earlier == 0 and later == 0:
        raise PoolingRefused("R6", "Both shares are 0, so there is no ratio.")
    first = earlier / earlier_base
    ratio = (later / later_base) / first if first else float("inf")
    limits = koopman_interval(later, later_base, earlier, earlier_base, level)
    return Change(ratio=ratio, interval=limits, method="Koopman score interval")


def _odds(share: float) -> float:
    return share / (1.0 - share) if share < 1.0 else float("inf")

"""Intervals for one proportion x of n. The Wald interval is not offered: it fails where x is small."""

from __future__ import annotations

import math
from typing import Any

from scipy import special

from evidence.synthesis.estimates import Interval
from evidence.synthesis.quantiles import normal_quantile
from evidence.synthesis.rows import check_counts, numbers
from evidence.synthesis.thresholds import DEFAULT_LEVEL


def wilson(events: Any, total: Any, level: float = DEFAULT_LEVEL) -> Interval:
    """Wilson score interval of a proportion, without continuity correction.

    Parameters
    ----------
    events, total : int
        x of n with 0 <= x <= n and n > 0.
    level : float
        Coverage, 0.95 unless told otherwise.

    Returns
    -------
    Interval
        Limits as shares (0 to 1); exactly 0 at x = 0 and exactly 1 at x = n.

    Raises
    ------
    PoolingRefused
        R6 if the counts are not valid.

    Notes
    -----
    (p + z^2/2n -+ z sqrt(p(1-p)/n + z^2/4n^2)) / (1 + z^2/n).

    References
    ----------
    Wilson EB (1927). Journal of the American Statistical Association 22:209.
    Newcombe RG (1998). Statistics in Medicine 17:857.
    """
    x, n = _checked(events, total)
    z = normal_quantile(0.5 + 0.5 * level)
    p = x / n
    shrink = 1.0 + z * z / n
    centre = (p + z * z / (2.0 * n)) / shrink
    half = z * math.sqrt(p * (1.0 - p) / n + z * z / (4.0 * n * n)) / shrink
    return Interval(0.0 if x == 0 else centre - half, 1.0 if x == n else centre + half)


def clopper_pearson(events: Any, total: Any, level: float = DEFAULT_LEVEL) -> Interval:
    """Exact (Clopper-Pearson) interval of a proportion: never below its nominal coverage, hence wide.

    Parameters
    ----------
    events, total : int
        x of n with 0 <= x <= n and n > 0.
    level : float
        Least coverage.

    Returns
    -------
    Interval
        Limits as shares (0 to 1).

    Raises
    ------
    PoolingRefused
        R6 if the counts are not valid.

    Notes
    -----
    Quantiles of Beta(x, n - x + 1) and Beta(x + 1, n - x).

    References
    ----------
    Clopper CJ, Pearson ES (1934). Biometrika 26:404.
    """
    x, n = _checked(events, total)
    tail = 0.5 - 0.5 * level
    low = 0.0 if x == 0 else float(special.betaincinv(x, n - x + 1.0, tail))
    high = 1.0 if x == n else float(special.betaincinv(x + 1.0, n - x, 1.0 - tail))
    return Interval(low, high)


def jeffreys(events: Any, total: Any, level: float = DEFAULT_LEVEL, *, modified: bool = True) -> Interval:
    """Jeffreys interval of a proportion: equal-tailed, from a Beta(1/2, 1/2) prior.

    Parameters
    ----------
    events, total : int
        x of n with 0 <= x <= n and n > 0.
    level : float
        Posterior probability of the interval.
    modified : bool
        Set the lower limit to 0 at x = 0 and the upper to 1 at x = n, without which coverage falls to 0 there.

    Returns
    -------
    Interval
        Limits as shares (0 to 1).

    Raises
    ------
    PoolingRefused
        R6 if the counts are not valid.

    Notes
    -----
    Quantiles of Beta(x + 1/2, n - x + 1/2).

    References
    ----------
    Brown LD, Cai TT, DasGupta A (2001). Statistical Science 16:101.
    """
    x, n = _checked(events, total)
    tail = 0.5 - 0.5 * level
    low = float(special.betaincinv(x + 0.5, n - x + 0.5, tail))
    high = float(special.betaincinv(x + 0.5, n - x + 0.5, 1.0 - tail))
    return Interval(0.0 if modified and x == 0 else low, 1.0 if modified and x == n else high)


def _checked(events: Any, total: Any) -> tuple[float, float]:
    x, n = numbers([events]), numbers([total])
    check_counts(x, n, ["the proportion"])
    return x[0], n[0]

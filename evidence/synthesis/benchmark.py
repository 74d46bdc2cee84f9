"""Comparing one share or count with a population: ratios, their intervals, and standardised ratios.

A ratio is only meaningful with the same unit, age, sex, period and place on both sides, which no formula can
check. Whoever shows one prints both absolute shares beside it.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from scipy import special

from evidence.synthesis.estimates import Interval
from evidence.synthesis.pooled import Pooled
from evidence.synthesis.proportions import clopper_pearson, wilson
from evidence.synthesis.quantiles import normal_quantile
from evidence.synthesis.refusals import PoolingRefused
from evidence.synthesis.rows import check_counts, numbers
from evidence.synthesis.tau2 import polish
from evidence.synthesis.thresholds import BENCHMARK_EVENTS, DEFAULT_LEVEL


@dataclass(frozen=True, kw_only=True)
class BenchmarkRatio:
    """A share divided by a benchmark share.

    ``ci`` is the interval to show and ``ci_method`` its name: the Koopman score interval if the benchmark was
    itself estimated from counts, Wilson limits divided by the benchmark if it is treated as fixed. The other
    intervals stand beside it; those that need the benchmark's counts are None without them.
    """

    ratio: float
    ci: Interval
    ci_method: str
    share: float
    benchmark: float
    fixed: bool
    benchmark_fixed_wilson: Interval
    benchmark_fixed_clopper_pearson: Interval
    koopman_score: Interval | None
    mover_wilson: Interval | None


def benchmark_ratio(
    events: Any,
    n: Any,
    *,
    benchmark: float | None = None,
    benchmark_events: Any = None,
    benchmark_n: Any = None,
    level: float = DEFAULT_LEVEL,
) -> BenchmarkRatio:
    """Ratio of x of n to a benchmark share.

    Parameters
    ----------
    events, n : int
        The share in question.
    benchmark : float, optional
        A benchmark share in (0, 1], taken as fixed.
    benchmark_events, benchmark_n : int, optional
        Counts behind the benchmark, if it is an estimate too. Give either these or ``benchmark``.
    level : float
        Coverage.

    Returns
    -------
    BenchmarkRatio
        Ratio (no unit) and intervals of it.

    Raises
    ------
    PoolingRefused
        R6 for invalid counts or a benchmark outside (0, 1], R7 where the benchmark rests on fewer than five
        events.
    ValueError
        If neither or both kinds of benchmark are given.

    References
    ----------
    Koopman PAR (1984). Biometrics 40:513.
    Donner A, Zou GY (2012). Statistical Methods in Medical Research 21:347.
    """
    counted = benchmark_events is not None and benchmark_n is not None
    if counted == (benchmark is not None):
        raise ValueError("Give either a fixed benchmark or its events and base.")
    share = _share(events, n, "the share")
    fixed_share = _share(benchmark_events, benchmark_n, "the benchmark") if counted else _fixed(benchmark)
    if counted and float(benchmark_events) < BENCHMARK_EVENTS.value:
        raise PoolingRefused(
            "R7",
            f"The benchmark rests on fewer than {BENCHMARK_EVENTS.value:.0f} events; no ratio is formed.",
        )
    by_wilson = Interval(*(limit / fixed_share for limit in wilson(events, n, level)))
    exact = Interval(*(limit / fixed_share for limit in clopper_pearson(events, n, level)))
    koopman = mover = None
    if counted:
        x1, n1, x2, n2 = (float(count) for count in (events, n, benchmark_events, benchmark_n))
        koopman = koopman_interval(x1, n1, x2, n2, level)
        mover = _mover(share, wilson(x1, n1, level), fixed_share, wilson(x2, n2, level))
    return BenchmarkRatio(
        ratio=share / fixed_share,
        ci=koopman or by_wilson,
        ci_method="koopman_score" if koopman else "benchmark_fixed_wilson",
        share=share,
        benchmark=fixed_share,
        fixed=not counted,
        benchmark_fixed_wilson=by_wilson,
        benchmark_fixed_clopper_pearson=exact,
        koopman_score=koopman,
        mover_wilson=mover,
    )


def _share(events: Any, n: Any, what: str) -> float:
    x, total = numbers([events]), numbers([n])
    check_counts(x, total, [what])
    return x[0] / total[0]


def _fixed(benchmark: float | None) -> float:
    value = numbers([benchmark])[0]
    if not 0.0 < value <= 1.0:
        raise PoolingRefused("R6", f"The benchmark {value:g} is not a share between 0 and 1.")
    return value


def koopman_interval(x1: float, n1: float, x2: float, n2: float, level: float = DEFAULT_LEVEL) -> Interval:
    """Koopman's score interval of p1 / p2.

    Parameters
    ----------
    x1, n1, x2, n2 : float
        Counts of the two shares, not both 0.
    level : float
        Coverage.

    Returns
    -------
    Interval
        From exactly 0 if x1 = 0, without an upper limit (infinite) if x2 = 0.

    Notes
    -----
    All ratios r whose score statistic sum (x - n p)^2 / (n p (1 - p)) over the two shares stays below the squared
    normal quantile, p1 = r p2 and p2 being the maximum likelihood shares under the ratio r.

    References
    ----------
    Koopman PAR (1984). Biometrics 40:513.
    """
    if x2 == 0.0:
        return Interval(1.0 / koopman_interval(x2, n2, x1, n1, level).high, math.inf)
    limit = normal_quantile(0.5 + 0.5 * level) ** 2

    def room(log_ratio: float) -> float:
        """How far the statistic stays below the limit."""
        return limit - _score(math.exp(log_ratio), x1, n1, x2, n2)

    if x1 == 0.0:
        # The statistic only rises with the ratio, from 0 at a ratio of 0.
        return Interval(0.0, math.exp(_edge(room, math.log(1e-9 / n1), 1.0)))
    centre = math.log(x1 / n1 / (x2 / n2))
    return Interval(math.exp(_edge(room, centre, -1.0)), math.exp(_edge(room, centre, 1.0)))


def _edge(room: Callable[[float], float], inside: float, step: float) -> float:
    """Where ``room`` ends, going from ``inside`` by steps and then by halving."""
    while room(inside + step) > 0.0:
        inside += step
    distance = polish(lambda t: (room(inside + t * step), 0.0), 0.0, 1.0)
    return inside + distance * step


def _score(ratio: float, x1: float, n1: float, x2: float, n2: float) -> float:
    a = (n1 + n2) * ratio
    b = n1 * ratio + x1 + n2 + x2 * ratio
    c = x1 + x2
    # The smaller root of a p^2 - b p + c, in the form that loses no digits.
    p2 = min(1.0, 2.0 * c / (b + math.sqrt(max(0.0, b * b - 4.0 * a * c))))
    return _squared_error(x1, n1, min(1.0, ratio * p2)) + _squared_error(x2, n2, p2)


def _squared_error(x: float, n: float, p: float) -> float:
    """(x - n p)^2 over its variance; a share of exactly 0 or 1 explains nothing but that count."""
    variance = n * p * (1.0 - p)
    if variance <= 0.0:
        return 0.0 if x == n * p else math.inf
    return (x - n * p) ** 2 / variance


def _mover(p1: float, one: Interval, p2: float, two: Interval) -> Interval:
    """Donner and Zou's limits of p1 / p2 from the limits of each share."""
    product = p1 * p2
    low_square = product**2 - one.low * two.high * (2.0 * p1 - one.low) * (2.0 * p2 - two.high)
    high_square = product**2 - one.high * two.low * (2.0 * p1 - one.high) * (2.0 * p2 - two.low)
    return Interval(
        max(0.0, (product - math.sqrt(max(0.0, low_square))) / (two.high * (2.0 * p2 - two.high))),
        (product + math.sqrt(max(0.0, high_square))) / (two.low * (2.0 * p2 - two.low)),
    )


def pooled_ratio(pooled: Pooled, benchmark: float) -> tuple[float, Interval]:
    """A pooled share and its interval divided by a fixed benchmark.

    Parameters
    ----------
    pooled : Pooled
        A pool of proportions.
    benchmark : float
        A share in (0, 1].

    Returns
    -------
    (float, Interval)
        Ratio of the median share and its interval, no unit.

    Raises
    ------
    ValueError
        If the pool is not one of shares.
    PoolingRefused
        R6 for a benchmark outside (0, 1].
    """
    fixed_share = _fixed(benchmark)
    if pooled.estimate_share is None or pooled.ci_share is None:
        raise ValueError("Only a pooled share can be divided by a benchmark share.")
    return pooled.estimate_share / fixed_share, Interval(*(limit / fixed_share for limit in pooled.ci_share))


@dataclass(frozen=True, kw_only=True)
class StandardisedRatio:
    """Observed over expected events with exact Poisson limits; no unit."""

    observed: int
    expected: float
    ratio: float
    ci: Interval


def standardised_ratio(observed: Any, expected: Any, *, level: float = DEFAULT_LEVEL) -> StandardisedRatio:
    """Standardised incidence or mortality ratio.

    Parameters
    ----------
    observed : int
        Events seen.
    expected : float
        Events that population rates predict; above zero.
    level : float
        Coverage.

    Returns
    -------
    StandardisedRatio
        Ratio and exact interval.

    Raises
    ------
    PoolingRefused
        R6 for a negative or broken count, or an expectation that is not above zero.

    Notes
    -----
    Limits of the Poisson mean: chi2(a/2; 2x)/2 and chi2(1 - a/2; 2x + 2)/2, as gamma quantiles.

    References
    ----------
    Garwood F (1936). Biometrika 28:437.
    """
    x, mean = numbers([observed])[0], numbers([expected])[0]
    if not (x >= 0.0 and x.is_integer()):
        raise PoolingRefused("R6", f"The observed events {x:g} are not a count.")
    if not (mean > 0.0 and math.isfinite(mean)):
        raise PoolingRefused("R6", f"The expected events {mean:g} are not above zero.")
    tail = 0.5 - 0.5 * level
    low = float(special.gammaincinv(x, tail)) if x else 0.0
    high = float(special.gammaincinv(x + 1.0, 1.0 - tail))
    return StandardisedRatio(
        observed=int(x), expected=mean, ratio=x / mean, ci=Interval(low / mean, high / mean)
    )

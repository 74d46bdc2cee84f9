"""Tests of whether small studies give other results than large ones.

Asymmetry has several causes, and for proportions the usual one is how cases were found, not what was published.
For proportions y and v are tied to each other, so Egger's test finds asymmetry where there is none: the regression
on 1/n stands in its place, and neither is shown for fewer than ten studies.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from evidence.synthesis.estimates import Interval
from evidence.synthesis.quantiles import two_sided, two_sided_p
from evidence.synthesis.refusals import PoolingRefused
from evidence.synthesis.regression import fit_mixed_effects
from evidence.synthesis.rows import check_bases, check_estimates, named, numbers
from evidence.synthesis.thresholds import DEFAULT_LEVEL


@dataclass(frozen=True, kw_only=True)
class SmallStudyTest:
    """A straight line through the studies: ``slope`` is what is tested, ``limit`` the value for an endless study.

    ``df`` is k - 2 for the weighted regression (t test) and infinite for the REML regression (normal test).
    """

    test: str
    k: int
    slope: float
    slope_se: float
    statistic: float
    df: float
    p: float
    limit: float
    limit_ci: Interval


def egger_test(
    y: Iterable[Any],
    v: Iterable[Any],
    *,
    model: Literal["weighted", "reml"] = "weighted",
    level: float = DEFAULT_LEVEL,
) -> SmallStudyTest:
    """Egger's regression test, for estimates whose variance does not depend on the estimate.

    Parameters
    ----------
    y, v : sequences of float, at least 3
        Estimates and variances.
    model : {"weighted", "reml"}
        The classical regression with weights 1/v, or a mixed-effects regression with a normal test.
    level : float
        Coverage of the interval of the limit.

    Returns
    -------
    SmallStudyTest
        Slope per unit of sqrt(v), and the limit as v goes to 0, both on the scale of y.

    Raises
    ------
    PoolingRefused
        R6 for invalid rows, R4 for fewer than three studies or equal variances.

    Notes
    -----
    y = a + b sqrt(v), weights 1/v; b is the intercept of the original formulation.

    References
    ----------
    Egger M, Davey Smith G, Schneider M, Minder C (1997). BMJ 315:629.
    Hunter JP et al. (2014). Journal of Clinical Epidemiology 67:897, on why not for proportions.
    """
    estimates, variances = numbers(y), numbers(v)
    check_estimates(estimates, variances, named(None, len(estimates)))
    x = [math.sqrt(b) for b in variances]
    if model == "reml":
        return _mixed_line("egger_reml", estimates, variances, x, level)
    return _weighted_line("egger", estimates, variances, x, level)


def peters_test(
    y: Iterable[Any], v: Iterable[Any], n: Iterable[Any], *, level: float = DEFAULT_LEVEL
) -> SmallStudyTest:
    """Peters' test for one arm: weighted regression of the estimate on 1/n.

    Parameters
    ----------
    y, v : sequences of float, at least 3
        Estimates (for proportions the logits) and variances.
    n : sequence of float
        Bases of the studies, above zero.
    level : float
        Coverage of the interval of the limit.

    Returns
    -------
    SmallStudyTest
        Slope per unit of 1/n, and the limit for an endless study, on the scale of y.

    Raises
    ------
    PoolingRefused
        R6 for invalid rows, R4 for fewer than three studies or equal bases.

    Notes
    -----
    y = a + b / n with weights 1/v and residual variance estimated; t with k - 2 degrees of freedom.

    References
    ----------
    Peters JL et al. (2006). JAMA 295:676.
    Sterne JAC et al. (2011). BMJ 343:d4002, on ten studies as the least.
    """
    estimates, variances, bases = numbers(y), numbers(v), numbers(n)
    names = named(None, len(estimates))
    check_estimates(estimates, variances, names)
    check_bases(bases, estimates, names)
    return _weighted_line("peters", estimates, variances, [1.0 / base for base in bases], level)


def _weighted_line(
    test: str, y: Sequence[float], v: Sequence[float], x: Sequence[float], level: float
) -> SmallStudyTest:
    k = len(y)
    w = [1.0 / b for b in v]
    total = math.fsum(w)
    x_mean = math.fsum(b * a for a, b in zip(x, w, strict=True)) / total
    y_mean = math.fsum(b * a for a, b in zip(y, w, strict=True)) / total
    sxx = math.fsum(b * (a - x_mean) ** 2 for a, b in zip(x, w, strict=True))
    if k < 3 or sxx <= 1e-12 * total * x_mean * x_mean:
        raise PoolingRefused("R4", "A line needs at least three studies that differ in size.")
    slope = math.fsum(c * (a - x_mean) * (b - y_mean) for a, b, c in zip(x, y, w, strict=True)) / sxx
    residual = math.fsum(
        c * (b - y_mean - slope * (a - x_mean)) ** 2 for a, b, c in zip(x, y, w, strict=True)
    ) / (k - 2)
    limit = y_mean - slope * x_mean
    limit_se = math.sqrt(residual * (1.0 / total + x_mean * x_mean / sxx))
    return _test(test, k, slope, math.sqrt(residual / sxx), k - 2.0, limit, limit_se, level)


def _mixed_line(
    test: str, y: Sequence[float], v: Sequence[float], x: Sequence[float], level: float
) -> SmallStudyTest:
    fit = fit_mixed_effects(y, v, [x])
    return _test(test, fit.k, fit.coef[1], fit.se[1], math.inf, fit.coef[0], fit.se[0], level)


def _test(
    test: str, k: int, slope: float, se: float, df: float, limit: float, limit_se: float, level: float
) -> SmallStudyTest:
    c = two_sided(level, df)
    # A perfect line has no residual error: the slope is then certain unless it is exactly level.
    statistic = slope / se if se > 0.0 else math.copysign(math.inf, slope) if slope else 0.0
    return SmallStudyTest(
        test=test,
        k=k,
        slope=slope,
        slope_se=se,
        statistic=statistic,
        df=df,
        p=two_sided_p(statistic, df),
        limit=limit,
        limit_ci=Interval(limit - c * limit_se, limit + c * limit_se),
    )

"""Quantiles of the normal, t and chi-square distributions, remembered because a page asks for few of them.

``scipy.special`` is used rather than ``scipy.stats``, whose import alone takes longer than a page may.
"""

from __future__ import annotations

import math
from functools import lru_cache

from scipy import special


@lru_cache(maxsize=256)
def normal_quantile(probability: float) -> float:
    """The standard normal quantile of ``probability``."""
    return float(special.ndtri(probability))


@lru_cache(maxsize=1024)
def two_sided(level: float, df: float) -> float:
    """The multiplier of a two-sided interval at ``level``: t with ``df`` degrees of freedom, normal for infinity.

    Raises
    ------
    ValueError
        For a level that is not between 0 and 1, such as 95.
    """
    if not 0.0 < level < 1.0:
        raise ValueError(f"The level is a share between 0 and 1, not {level:g}.")
    upper = 0.5 + 0.5 * level
    if math.isinf(df):
        return normal_quantile(upper)
    return float(special.stdtrit(df, upper))


@lru_cache(maxsize=1024)
def chi2_quantile(probability: float, df: float) -> float:
    """The chi-square quantile with ``probability`` below it."""
    return float(special.chdtri(df, 1.0 - probability))


def chi2_tail(value: float, df: float) -> float:
    """The probability of a chi-square value above ``value``; 1 where there are no degrees of freedom."""
    return float(special.chdtrc(df, value)) if df > 0 else 1.0


def two_sided_p(statistic: float, df: float) -> float:
    """The two-sided p value of a t (or, for infinite ``df``, normal) statistic."""
    if math.isinf(df):
        return float(2.0 * special.ndtr(-abs(statistic)))
    return float(2.0 * special.stdtr(df, -abs(statistic)))


def f_tail(value: float, df1: float, df2: float) -> float:
    """The probability of an F value above ``value``."""
    return float(special.fdtrc(df1, df2, value))

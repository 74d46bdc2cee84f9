"""How much studies differ: Q, I2 in its two versions, H2, and the Q-profile interval of tau2.

I2 says which share of the observed variation is not sampling error. It grows with the size of the studies and is
never a verdict: the prediction interval says in the reader's units how far true values spread.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from evidence.synthesis.estimates import Interval
from evidence.synthesis.quantiles import chi2_quantile, chi2_tail, normal_quantile
from evidence.synthesis.tau2 import generalised_q, solve_generalised_q
from evidence.synthesis.thresholds import DEFAULT_LEVEL


class CochranQ(NamedTuple):
    """Cochran's Q with its degrees of freedom and chi-square p value."""

    q: float
    df: int
    p: float


def cochran_q(y: Sequence[float], v: Sequence[float]) -> CochranQ:
    """Cochran's Q: weighted squared deviations from the common-effect mean.

    Parameters
    ----------
    y, v : sequences of float, length k >= 1
        Estimates and variances on one scale.

    Returns
    -------
    CochranQ
        Q (no unit), k - 1, and the chance of a larger Q if all studies estimated one value.

    References
    ----------
    Cochran WG (1954). Biometrics 10:101.
    """
    q, _ = generalised_q(y, v, 0.0)
    df = len(y) - 1
    return CochranQ(q, df, chi2_tail(q, df))


def typical_variance(v: Sequence[float]) -> float:
    """The typical within-study variance s2 = (k - 1) S1 / (S1^2 - S2), S_j = sum v^-j, of Higgins and Thompson.

    References
    ----------
    Higgins JPT, Thompson SG (2002). Statistics in Medicine 21:1539.
    """
    s1 = s2 = 0.0
    for b in v:
        weight = 1.0 / b
        s1 += weight
        s2 += weight * weight
    return (len(v) - 1) * s1 / (s1 * s1 - s2)


def i2_from_tau2(tau2: float, s2: float) -> float:
    """I2 in per cent from tau2 and the typical variance (metafor's version): 100 tau2 / (tau2 + s2)."""
    return 100.0 if math.isinf(tau2) else 100.0 * tau2 / (tau2 + s2)


def i2_from_q(q: float, df: int) -> float:
    """I2 in per cent from Cochran's Q: 100 max(0, (Q - df)/Q). Equal to the other version only for DL."""
    return 100.0 * max(0.0, (q - df) / q) if q > 0.0 else 0.0


def i2_q_interval(q: float, k: int, level: float = DEFAULT_LEVEL) -> Interval | None:
    """Test-based interval of the Q version of I2.

    Parameters
    ----------
    q : float
        Cochran's Q.
    k : int
        Number of studies.
    level : float
        Coverage.

    Returns
    -------
    Interval or None
        In per cent; None for k < 3, where the formula divides by zero.

    Notes
    -----
    ln H +- z SE with SE = (ln Q - ln(k-1)) / (2 (sqrt(2Q) - sqrt(2k-3))) if Q > k, otherwise
    sqrt((1 - 1/(3(k-2)^2)) / (2(k-2))); I2 = 1 - 1/H^2.

    References
    ----------
    Higgins JPT, Thompson SG (2002). Statistics in Medicine 21:1539.
    """
    if k < 3:
        return None
    if q <= 0.0:
        return Interval(0.0, 0.0)
    if q > k:
        se = 0.5 * (math.log(q) - math.log(k - 1)) / (math.sqrt(2.0 * q) - math.sqrt(2.0 * k - 3.0))
    else:
        se = math.sqrt((1.0 - 1.0 / (3.0 * (k - 2) ** 2)) / (2.0 * (k - 2)))
    ln_h = 0.5 * math.log(q / (k - 1))
    reach = normal_quantile(0.5 + 0.5 * level) * se
    return Interval(*(100.0 * max(0.0, 1.0 - math.exp(-2.0 * (ln_h + side * reach))) for side in (-1, 1)))


def q_profile(y: Sequence[float], v: Sequence[float], level: float = DEFAULT_LEVEL) -> Interval:
    """Q-profile interval of tau2.

    Parameters
    ----------
    y, v : sequences of float, length k >= 2
        Estimates and variances on one scale.
    level : float
        Coverage.

    Returns
    -------
    Interval
        Limits of tau2 in squared units of y. A limit is 0 where even tau2 = 0 gives too small a Q.

    Notes
    -----
    Q(low) equals the upper and Q(high) the lower chi-square quantile with k - 1 degrees of freedom.

    References
    ----------
    Viechtbauer W (2007). Statistics in Medicine 26:37.
    """
    df = len(y) - 1
    upper = 0.5 + 0.5 * level
    return Interval(
        solve_generalised_q(y, v, chi2_quantile(upper, df)),
        solve_generalised_q(y, v, chi2_quantile(1.0 - upper, df)),
    )

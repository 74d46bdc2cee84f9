"""Mixed-effects regression of study estimates on study characteristics.

What it finds is an association between studies, not between people, and is labelled exploratory wherever shown.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evidence.synthesis.estimates import Interval
from evidence.synthesis.quantiles import chi2_tail, f_tail, two_sided, two_sided_p
from evidence.synthesis.refusals import PoolingRefused
from evidence.synthesis.rows import check_estimates, named, numbers
from evidence.synthesis.tau2 import estimate_tau2, polish, scan_grid
from evidence.synthesis.thresholds import DEFAULT_LEVEL


Array = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class MixedEffects:
    """A regression with p coefficients on the scale of y, the first of them the intercept.

    ``se`` are Wald standard errors; ``knha`` is the Knapp-Hartung variance factor, so sqrt(knha) se is the
    Knapp-Hartung error and sqrt(max(1, knha)) se its ad hoc form. ``qe`` tests what heterogeneity is left and
    ``qm`` all coefficients but the intercept; ``f`` is qm / ((p - 1) knha).
    """

    k: int
    df: int
    coef: tuple[float, ...]
    se: tuple[float, ...]
    tau2: float
    knha: float
    qe: float
    qe_p: float
    qm: float
    qm_df: int
    qm_p: float
    f: float | None
    f_df: tuple[int, int]
    f_p: float | None
    covariance: tuple[tuple[float, ...], ...]


def fit_mixed_effects(
    y: Sequence[float], v: Sequence[float], columns: Sequence[Sequence[float]]
) -> MixedEffects:
    """REML regression on any columns, an intercept added in front.

    Parameters
    ----------
    y, v : sequences of float, length k
        Estimates and variances that were already checked.
    columns : sequence of p - 1 sequences of length k
        The covariates.

    Returns
    -------
    MixedEffects
        On the scale of y per unit of each column.

    Raises
    ------
    PoolingRefused
        R4 where no degree of freedom is left, or the columns do not vary or repeat each other.

    Notes
    -----
    P = W - W X (X'WX)^-1 X'W; the restricted likelihood peaks where y'PPy = tr P. The peak is found by the same
    scan and polish as without covariates. knha = y'Py / (k - p).

    References
    ----------
    Thompson SG, Higgins JPT (2002). Statistics in Medicine 21:1559.
    Knapp G, Hartung J (2003). Statistics in Medicine 22:2693.
    """
    outcome, variance = np.array(y), np.array(v)
    x = np.column_stack([np.ones(len(y)), *columns])
    k, p = x.shape
    if k <= p or np.linalg.matrix_rank(x) < p:
        raise PoolingRefused("R4", f"{k} studies cannot determine {p} coefficients.")
    tau2 = _reml(outcome, variance, x)
    projection, covariance = _projection(variance + tau2, x)
    coef = covariance @ (x.T @ (outcome / (variance + tau2)))
    knha = max(0.0, float(outcome @ projection @ outcome)) / (k - p)
    residual, _ = _projection(variance, x)
    qe = max(0.0, float(outcome @ residual @ outcome))
    tested = coef[1:]
    qm = float(tested @ np.linalg.solve(covariance[1:, 1:], tested))
    f = qm / ((p - 1) * knha) if knha > 0.0 else None
    return MixedEffects(
        k=k,
        df=k - p,
        coef=tuple(float(b) for b in coef),
        se=tuple(float(s) for s in np.sqrt(np.diag(covariance))),
        tau2=tau2,
        knha=knha,
        qe=qe,
        qe_p=chi2_tail(qe, k - p),
        qm=qm,
        qm_df=p - 1,
        qm_p=chi2_tail(qm, p - 1),
        f=f,
        f_df=(p - 1, k - p),
        f_p=None if f is None else f_tail(f, p - 1, k - p),
        covariance=tuple(tuple(float(cell) for cell in row) for row in covariance),
    )


def _projection(variance: Array, x: Array) -> tuple[Array, Array]:
    wx = x / variance[:, np.newaxis]
    covariance: Array = np.asarray(np.linalg.inv(x.T @ wx), dtype=np.float64)
    projection: Array = np.diag(1.0 / variance) - wx @ covariance @ wx.T
    return projection, covariance


def _reml(y: Array, v: Array, x: Array) -> float:
    k, p = x.shape
    flat, _ = _projection(np.ones(k), x)
    spread = float(y @ flat @ y) / (k - p)
    smallest, largest = float(v.min()), float(v.max())
    top = 0.5 * (spread + math.sqrt(spread * spread + 4.0 * spread * (largest - smallest)))
    if top <= smallest:
        return 0.0

    def slope(tau2: float) -> tuple[float, float]:
        projection, _ = _projection(v + tau2, x)
        py = projection @ y
        trace2 = float(np.einsum("ij,ij->", projection, projection))
        return float(py @ py - np.trace(projection)), trace2 - 2.0 * float(py @ projection @ py)

    def loglik(tau2: float) -> float:
        projection, covariance = _projection(v + tau2, x)
        determinant = np.linalg.slogdet(covariance)[1]
        return float(0.5 * (determinant - np.log(v + tau2).sum() - y @ projection @ y))

    grid = scan_grid(smallest, top)
    slopes = [slope(tau2)[0] for tau2 in grid]
    peaks = [0.0] if slopes[0] <= 0.0 else []
    peaks += [
        polish(slope, grid[i], grid[i + 1]) for i in range(len(grid) - 1) if slopes[i] > 0.0 >= slopes[i + 1]
    ]
    return max(peaks, key=loglik)


@dataclass(frozen=True, kw_only=True)
class MetaRegression:
    """Intercept and slope of a regression on one covariate, with three kinds of standard error.

    Tuples hold the intercept first. ``p`` and ``ci`` are Knapp-Hartung with ``df`` degrees of freedom; ``p_z`` is
    the normal test. ``r2`` is the share of tau2 explained in per cent, None where there was none to explain.
    """

    k: int
    df: int
    coef: tuple[float, float]
    se: tuple[float, float]
    p_z: tuple[float, float]
    se_knha: tuple[float, float]
    se_adhoc: tuple[float, float]
    p: tuple[float, float]
    ci: tuple[Interval, Interval]
    tau2: float
    r2: float | None
    qe: float
    qe_p: float
    qm: float
    qm_p: float
    labels: tuple[str, ...]


def meta_regression(
    y: Iterable[Any],
    v: Iterable[Any],
    moderator: Iterable[Any],
    *,
    labels: Iterable[Any] | None = None,
    level: float = DEFAULT_LEVEL,
) -> MetaRegression:
    """Regress study estimates on one covariate by REML with Knapp-Hartung errors.

    Parameters
    ----------
    y, v : sequences of float
        Estimates and variances on one scale.
    moderator : sequence of float or None
        The covariate, for instance 1 for studies at low risk of bias in a named domain and 0 for the others.
        Studies without a value are left out.
    labels : sequence of str, optional
        Names used in messages.
    level : float
        Coverage of the intervals.

    Returns
    -------
    MetaRegression
        On the scale of y per unit of the covariate.

    Raises
    ------
    PoolingRefused
        R6 for invalid rows, R4 where the studies left cannot determine a line. Whether there are enough studies
        for the result to mean anything is judged by ``check_regression``.

    References
    ----------
    Thompson SG, Higgins JPT (2002). Statistics in Medicine 21:1559.
    Higgins JPT, Thompson SG (2004). Statistics in Medicine 23:1663.
    """
    estimates, variances, values = numbers(y), numbers(v), numbers(moderator)
    names = named(labels, len(estimates))
    check_estimates(estimates, variances, names)
    if len(values) != len(estimates):
        raise PoolingRefused(
            "R6", f"There are {len(estimates)} rows but {len(values)} values of the covariate."
        )
    keep = [i for i, value in enumerate(values) if math.isfinite(value)]
    kept_y, kept_v = [estimates[i] for i in keep], [variances[i] for i in keep]
    fit = fit_mixed_effects(kept_y, kept_v, [[values[i] for i in keep]])
    knha, adhoc = math.sqrt(fit.knha), math.sqrt(max(1.0, fit.knha))
    c = two_sided(level, fit.df)
    without = estimate_tau2(kept_y, kept_v).value
    (b0, b1), (s0, s1) = fit.coef, fit.se

    def interval(b: float, s: float) -> Interval:
        return Interval(b - c * knha * s, b + c * knha * s)

    def p_value(b: float, s: float, df: float) -> float:
        return two_sided_p(b / s, df) if s > 0.0 else 0.0

    return MetaRegression(
        k=fit.k,
        df=fit.df,
        coef=(b0, b1),
        se=(s0, s1),
        p_z=(p_value(b0, s0, math.inf), p_value(b1, s1, math.inf)),
        se_knha=(knha * s0, knha * s1),
        se_adhoc=(adhoc * s0, adhoc * s1),
        p=(p_value(b0, knha * s0, fit.df), p_value(b1, knha * s1, fit.df)),
        ci=(interval(b0, s0), interval(b1, s1)),
        tau2=fit.tau2,
        r2=100.0 * max(0.0, (without - fit.tau2) / without) if without > 0.0 else None,
        qe=fit.qe,
        qe_p=fit.qe_p,
        qm=fit.qm,
        qm_p=fit.qm_p,
        labels=tuple(names[i] for i in keep),
    )

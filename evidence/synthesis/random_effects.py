"""The normal random-effects model without any judgement about whether it should be fitted.

The guard rails stand in ``comparability`` and in the pooling functions. What is here computes whatever it is
given, so that reference values of sets that must never be pooled can still be checked.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from evidence.synthesis.estimates import Interval
from evidence.synthesis.quantiles import two_sided, two_sided_p
from evidence.synthesis.refusals import PoolingRefused
from evidence.synthesis.tau2 import Tau2Method, estimate_tau2, log_likelihood
from evidence.synthesis.thresholds import DEFAULT_LEVEL


CIMethod = Literal["hksj_adhoc", "hksj", "wald"]
Method = Literal["reml", "pm", "dl", "ml", "common", "glmm"]


@dataclass(frozen=True, kw_only=True)
class RandomEffects:
    """A fitted model, everything on the scale of y.

    ``se`` is the standard error that the interval uses: multiplied by sqrt(max(1, q)) for "hksj_adhoc" and by
    sqrt(q) for "hksj", where q is ``hksj_q``; ``se_wald`` is the plain one. ``df`` is k - 1, or infinity for
    Wald intervals. ``weights`` are in per cent. ``peaks`` are all local maxima of the likelihood of tau2.
    ``hksj_q`` is None for the count models, which have no such factor.
    """

    method: Method
    ci_method: CIMethod
    level: float
    k: int
    estimate: float
    se: float
    se_wald: float
    hksj_q: float | None
    df: float
    ci: Interval
    prediction_interval: Interval | None
    tau2: float
    weights: tuple[float, ...]
    peaks: tuple[float, ...]
    loglik: float

    @property
    def statistic(self) -> float:
        """estimate / se: the test of a mean of zero, which on the logit scale is a share of one half."""
        return self.estimate / self.se if self.se > 0.0 else math.copysign(math.inf, self.estimate)

    @property
    def p_value(self) -> float:
        """Two-sided p value of that test."""
        return two_sided_p(self.statistic, self.df)


def fit_random_effects(
    y: Sequence[float],
    v: Sequence[float],
    *,
    method: Tau2Method = "reml",
    ci_method: CIMethod = "hksj_adhoc",
    level: float = DEFAULT_LEVEL,
) -> RandomEffects:
    """Fit the normal random-effects model to estimates and variances that were already checked.

    Parameters
    ----------
    y, v : sequences of float, length k >= 2
        Estimates and variances (> 0) on one scale.
    method : {"reml", "pm", "dl", "ml", "common"}
        Estimator of tau2. "common" fixes tau2 = 0, the common-effect model.
    ci_method : {"hksj_adhoc", "hksj", "wald"}
        Hartung-Knapp-Sidik-Jonkman with the ad hoc max(1, q), the plain one, or the normal interval.
    level : float
        Coverage of the intervals.

    Returns
    -------
    RandomEffects
        On the scale of y. The prediction interval is None for "common", a model without a distribution of
        true values.

    Raises
    ------
    PoolingRefused
        R4 for fewer than two rows.
    ValueError
        For an unknown ``ci_method``.

    Notes
    -----
    w = 1/(v + tau2), mu = sum(w y)/sum(w), q = sum w (y - mu)^2 / (k - 1). Interval mu +- c se, prediction
    interval mu +- c sqrt(tau2 + se^2), with the same se and the same c: t with k - 1 degrees of freedom, or
    normal for Wald.

    References
    ----------
    Hartung J, Knapp G (2001). Statistics in Medicine 20:3875.
    Sidik K, Jonkman JN (2002). Statistics in Medicine 21:3153.
    Knapp G, Hartung J (2003). Statistics in Medicine 22:2693.
    Röver C, Knapp G, Friede T (2015). BMC Medical Research Methodology 15:99.
    Higgins JPT, Thompson SG, Spiegelhalter DJ (2009). Journal of the Royal Statistical Society A 172:137.
    """
    k = len(y)
    if k < 2:
        raise PoolingRefused("R4", "A model needs at least two studies.")
    tau2, peaks = estimate_tau2(y, v, method)
    w = [1.0 / (b + tau2) for b in v]
    total = sum(w)
    mu = sum(a * b for a, b in zip(w, y, strict=True)) / total
    q = sum(b * (a - mu) ** 2 for a, b in zip(y, w, strict=True)) / (k - 1)
    se_wald = total**-0.5
    se, df = adjusted_se(se_wald, q, k - 1, ci_method)
    interval, prediction = intervals(mu, se, tau2, df, level)
    return RandomEffects(
        method=method,
        ci_method=ci_method,
        level=level,
        k=k,
        estimate=mu,
        se=se,
        se_wald=se_wald,
        hksj_q=q,
        df=df,
        ci=interval,
        prediction_interval=None if method == "common" else prediction,
        tau2=tau2,
        weights=tuple([100.0 * a / total for a in w]),
        peaks=peaks,
        loglik=log_likelihood(y, v, tau2, restricted=method == "reml"),
    )


def adjusted_se(se_wald: float, q: float, df: float, ci_method: CIMethod) -> tuple[float, float]:
    """The standard error and degrees of freedom that an interval method uses.

    Raises
    ------
    ValueError
        For a method that is not offered.
    """
    if ci_method == "hksj_adhoc":
        return se_wald * math.sqrt(max(1.0, q)), df
    if ci_method == "hksj":
        return se_wald * math.sqrt(q), df
    if ci_method == "wald":
        return se_wald, math.inf
    raise ValueError(f"{ci_method!r} is not one of hksj_adhoc, hksj, wald")


def intervals(mu: float, se: float, tau2: float, df: float, level: float) -> tuple[Interval, Interval]:
    """The confidence and the prediction interval, mu +- c se and mu +- c sqrt(tau2 + se^2) with one c for both.

    k - 1 degrees of freedom rather than k - 2, so that the two coincide when tau2 = 0; with three studies the
    two choices differ as 4.30 and 12.71, which is why the method line prints them.
    """
    c = two_sided(level, df)
    half = c * se
    spread = c * math.sqrt(tau2 + se * se)
    return Interval(mu - half, mu + half), Interval(mu - spread, mu + spread)

"""Random-intercept models for sparse counts: logistic for proportions, Poisson for rates.

No study needs a continuity correction, and a study without events simply says little. That is why these models,
not the logit, are primary when events are few.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from evidence.synthesis.effect_sizes import _log_rates, _logits
from evidence.synthesis.estimates import Interval
from evidence.synthesis.quadrature import Array, Counts, Marginal, binomial, marginal, poisson
from evidence.synthesis.quantiles import chi2_quantile
from evidence.synthesis.refusals import PoolingRefused
from evidence.synthesis.tau2 import estimate_tau2, polish
from evidence.synthesis.thresholds import DEFAULT_LEVEL, DEFAULT_NODES


CONVERGED = 1e-9
"""Largest Newton step, in units of the parameters, at which the fit stops."""
FAR_START = 0.5
"""Where the climb begins if the logits show no spread; half a logit is an ordinary spread between studies."""
NEAR_START = 0.02
"""Close enough to 0 to find a small peak beside it."""
LARGEST_TAU = 25.0
"""A standard deviation of 25 logits puts nearly all studies at 0% or 100%: the estimate is running to infinity."""


@dataclass(frozen=True, kw_only=True)
class CountModel:
    """A fitted count model on the scale of its linear predictor (log odds or log rate).

    ``se`` is from the observed information in (mu, tau). ``loglik_common`` is the maximum with tau = 0.
    """

    data: Counts
    nodes: int
    estimate: float
    se: float
    tau: float
    loglik: float
    loglik_common: float

    @property
    def tau2(self) -> float:
        return self.tau * self.tau


def fit_binomial(
    events: Sequence[float], totals: Sequence[float], *, nodes: int = DEFAULT_NODES
) -> CountModel:
    """Random-intercept logistic model of proportions by maximum likelihood.

    Parameters
    ----------
    events, totals : sequences of int, length k >= 2
        Counts that were already checked.
    nodes : int
        Quadrature nodes: 61 for 1e-6, 31 for 1e-4 on the sparsest data.

    Returns
    -------
    CountModel
        On the logit scale.

    Raises
    ------
    PoolingRefused
        R5 if the likelihood has no maximum at finite values, as when every study is at 0 or at 100 per cent.

    Notes
    -----
    x_i ~ Bin(n_i, expit(mu + tau u_i)), u_i ~ N(0, 1).

    References
    ----------
    Hamza TH, van Houwelingen HC, Stijnen T (2008). Journal of Clinical Epidemiology 61:41.
    Stijnen T, Hamza TH, Özdemir P (2010). Statistics in Medicine 29:3046.
    Lin L, Chu H (2020). Epidemiology 31:713.
    """
    if all(x in (0.0, n) for x, n in zip(events, totals, strict=True)):
        raise PoolingRefused("R5", "Every study is at 0% or at 100%; the model has no finite estimate.")
    share = sum(events) / sum(totals)
    start = estimate_tau2(*_logits(events, totals)).value
    return _fit(binomial(events, totals), math.log(share / (1.0 - share)), start, nodes)


def fit_poisson(events: Sequence[float], times: Sequence[float], *, nodes: int = DEFAULT_NODES) -> CountModel:
    """Random-intercept Poisson model of rates by maximum likelihood.

    Parameters
    ----------
    events : sequence of int, length k >= 2
        Events, at least one of them above zero.
    times : sequence of float
        Exposures above zero.
    nodes : int
        Quadrature nodes.

    Returns
    -------
    CountModel
        On the log scale.

    Raises
    ------
    PoolingRefused
        R5 if no study has an event or the likelihood has no finite maximum.

    Notes
    -----
    x_i ~ Poisson(t_i exp(mu + tau u_i)), u_i ~ N(0, 1).

    References
    ----------
    Stijnen T, Hamza TH, Özdemir P (2010). Statistics in Medicine 29:3046.
    """
    if not any(events):
        raise PoolingRefused("R5", "No study saw any event; only an upper limit for each study can be shown.")
    start = estimate_tau2(*_log_rates(events, times)).value
    return _fit(poisson(events, times), math.log(sum(events) / sum(times)), start, nodes)


def _fit(data: Counts, mu0: float, tau2_start: float, nodes: int) -> CountModel:
    common = marginal(data, mu0, 0.0, nodes)
    best_mu, best_tau, best = mu0, 0.0, common
    starts = [math.sqrt(tau2_start) or FAR_START, 2.0 * FAR_START]
    if common.hessian[2] > 0.0:
        starts.append(NEAR_START)
    # A climb that ends at tau = 0 is repeated from further out, where there can be a second peak, and, if 0 is no
    # peak but a saddle, from close by: Newton's method is drawn to saddles.
    for start in starts:
        mu, tau, fitted = _climb(data, mu0, start, nodes)
        # A peak no higher than the common model is tau = 0 reached from above; rounding decides the last digit.
        if fitted.loglik > common.loglik + 1e-10:
            best_mu, best_tau, best = mu, abs(tau), fitted
            break
    h_mm, h_mt, h_tt = best.hessian
    information = -h_mm if best_tau == 0.0 else h_mt * h_mt / h_tt - h_mm
    return CountModel(
        data=data,
        nodes=nodes,
        estimate=best_mu,
        se=information**-0.5,
        tau=best_tau,
        loglik=best.loglik,
        loglik_common=common.loglik,
    )


def _climb(data: Counts, mu: float, tau: float, nodes: int) -> tuple[float, float, Marginal]:
    """Newton's method in (mu, tau), with a damped step wherever the surface is not a dome, halved until uphill."""
    here = marginal(data, mu, tau, nodes)
    for _ in range(100):
        d_mu, d_tau = _step(here)
        for _ in range(40):
            there = marginal(data, mu + d_mu, tau + d_tau, nodes, here.modes)
            if there.loglik >= here.loglik - 1e-10 or _flatter(there, here):
                break
            d_mu, d_tau = 0.5 * d_mu, 0.5 * d_tau
        else:
            break
        mu, tau, here = mu + d_mu, tau + d_tau, there
        if abs(tau) > LARGEST_TAU:
            break
        if abs(d_mu) < CONVERGED and abs(d_tau) < CONVERGED:
            return mu, tau, here
    raise PoolingRefused(
        "R5", "The counts do not determine a finite spread between studies in the count model."
    )


def _flatter(there: Marginal, here: Marginal) -> bool:
    """Whether a short step lost less height than quadrature can vouch for, and ended where the surface is level.

    With a spread of several logits the nodes integrate a shape that is no bell, and the height is a little noisier
    than the gradient. Near the top the gradient decides.
    """
    return there.loglik >= here.loglik - 1e-4 and math.hypot(*there.gradient) < 0.5 * math.hypot(
        *here.gradient
    )


def _step(here: Marginal) -> tuple[float, float]:
    """The Newton step, at most 2 in either direction; where the Hessian is not negative, a shifted one."""
    (g_mu, g_tau), (a, b, c) = here.gradient, here.hessian
    middle, half = 0.5 * (a + c), math.hypot(0.5 * (a - c), b)
    largest = middle + half
    if largest >= -1e-12 * abs(middle):
        shift = largest + 0.1 * half + 1e-8
        a, c = a - shift, c - shift
    determinant = a * c - b * b
    d_mu, d_tau = -(c * g_mu - b * g_tau) / determinant, -(a * g_tau - b * g_mu) / determinant
    cut = max(1.0, abs(d_mu) / 2.0, abs(d_tau) / 2.0)
    return d_mu / cut, d_tau / cut


def profile_tau2_interval(model: CountModel, level: float = DEFAULT_LEVEL) -> Interval:
    """Profile-likelihood interval of tau2 in a count model.

    Parameters
    ----------
    model : CountModel
        A fitted model.
    level : float
        Coverage.

    Returns
    -------
    Interval
        In squared units of the linear predictor. The upper limit is infinite where the likelihood never falls
        far enough, as can happen with very few, very sparse studies.

    Notes
    -----
    All tau2 with 2 (l(max) - l_p(tau)) <= chi-square quantile with 1 degree of freedom, where l_p maximises over
    mu. The Q-profile of the normal model has no counterpart here, since Q needs a variance for each study.

    References
    ----------
    Hardy RJ, Thompson SG (1996). Statistics in Medicine 15:619.
    """
    target = model.loglik - 0.5 * chi2_quantile(level, 1.0)
    mu, modes = model.estimate, np.zeros(model.data.k)

    def height(tau: float) -> tuple[float, float]:
        """The profile above the target, and its slope, which is the gradient in tau where mu is at its best."""
        nonlocal mu, modes
        mu, here = _profile(model.data, mu, tau, modes, model.nodes)
        modes = here.modes
        return here.loglik - target, here.gradient[1]

    def depth(tau: float) -> tuple[float, float]:
        above, slope = height(tau)
        return -above, -slope

    low = polish(depth, 0.0, model.tau, CONVERGED) ** 2 if model.loglik_common < target else 0.0
    inner, outer = model.tau, 2.0 * model.tau + 0.5
    while height(outer)[0] > 0.0:
        if outer > LARGEST_TAU:
            return Interval(low, math.inf)
        inner, outer = outer, 2.0 * outer
    return Interval(low, polish(height, inner, outer, CONVERGED) ** 2)


def _profile(data: Counts, mu: float, tau: float, modes: Array, nodes: int) -> tuple[float, Marginal]:
    """The best mu for a given tau, and the likelihood there."""
    here = marginal(data, mu, tau, nodes, modes)
    for _ in range(100):
        step = here.gradient[0] / abs(here.hessian[0])
        step = math.copysign(min(abs(step), 2.0), step)
        for _ in range(40):
            there = marginal(data, mu + step, tau, nodes, here.modes)
            if there.loglik >= here.loglik - 1e-10:
                break
            step *= 0.5
        mu, here = mu + step, there
        if abs(step) < CONVERGED:
            break
    return mu, here

"""The marginal likelihood of counts with a normal random intercept, by adaptive Gauss-Hermite quadrature."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import special


Array = NDArray[np.float64]
Terms = tuple[Array, Array, Array]

STEP_LIMIT = 200
LONGEST_STRIDE = 5.0
"""In units of the linear predictor: a longer first step could overflow the exponential of a rate."""
MODE_TOLERANCE = 1e-7
"""The rule stays exact to its order wherever it is centred, so the centre need not be found to rounding error."""


@dataclass(frozen=True)
class Counts:
    """Data of k studies for one count model.

    ``terms(eta)`` takes linear predictors of shape (k,) or (k, nodes) and returns the log-likelihood without its
    constant, the mean and the variance of the count. ``constant`` is the part of the log-likelihood that no
    parameter touches.
    """

    events: Array
    terms: Callable[[Array], Terms]
    constant: float

    @property
    def k(self) -> int:
        return int(self.events.size)


class Marginal(NamedTuple):
    """Log-likelihood with its gradient and Hessian in (mu, tau), and the centres used, to start from next time."""

    loglik: float
    gradient: tuple[float, float]
    hessian: tuple[float, float, float]
    """Second derivatives: mu mu, mu tau, tau tau."""
    modes: Array


def binomial(events: Sequence[float], totals: Sequence[float]) -> Counts:
    """Counts x of n whose log odds are the linear predictor."""
    x = np.array(events, dtype=float)
    n = np.array(totals, dtype=float)

    def terms(eta: Array) -> Terms:
        size, seen = (n, x) if eta.ndim == 1 else (n[:, np.newaxis], x[:, np.newaxis])
        p = special.expit(eta)
        mean = size * p
        return seen * eta - size * np.logaddexp(0.0, eta), mean, mean * (1.0 - p)

    constant = np.sum(special.gammaln(n + 1.0) - special.gammaln(x + 1.0) - special.gammaln(n - x + 1.0))
    return Counts(x, terms, float(constant))


def poisson(events: Sequence[float], times: Sequence[float]) -> Counts:
    """Counts in an exposure whose log rate is the linear predictor."""
    x = np.array(events, dtype=float)
    log_t = np.log(np.array(times, dtype=float))

    def terms(eta: Array) -> Terms:
        offset, seen = (log_t, x) if eta.ndim == 1 else (log_t[:, np.newaxis], x[:, np.newaxis])
        log_mean = eta + offset
        mean = np.exp(log_mean)
        return seen * log_mean - mean, mean, mean

    return Counts(x, terms, -float(np.sum(special.gammaln(x + 1.0))))


@lru_cache(maxsize=8)
def _rule(nodes: int) -> tuple[Array, Array]:
    z, weights = np.polynomial.hermite.hermgauss(nodes)
    return math.sqrt(2.0) * z, np.log(weights) + z * z


def marginal(data: Counts, mu: float, tau: float, nodes: int, start: Array | None = None) -> Marginal:
    """Log-likelihood of count ~ f(mu + tau u), u ~ N(0, 1), with analytic derivatives.

    Parameters
    ----------
    data : Counts
        The k studies.
    mu, tau : float
        Mean and standard deviation of the linear predictor; the likelihood is even in tau.
    nodes : int
        Number of quadrature nodes.
    start : array of shape (k,), optional
        Where to begin the search for the centre of each integrand.

    Returns
    -------
    Marginal
        On the natural log scale.

    Notes
    -----
    With g the derivative of the conditional log-likelihood in (mu, tau), the gradient is E[g | data] and the
    Hessian E[g'] + Var[g | data], averages over the posterior of u that the same nodes give.

    References
    ----------
    Liu Q, Pierce DA (1994). Biometrika 81:624.
    Pinheiro JC, Bates DM (1995). Journal of Computational and Graphical Statistics 4:12.
    """
    z, log_weights = _rule(nodes)
    modes, scale = _centres(data, mu, tau, start)
    u = modes[:, np.newaxis] + scale[:, np.newaxis] * z
    kernel, mean, variance = data.terms(mu + tau * u)
    log_integrand = kernel - 0.5 * u * u + log_weights
    top = log_integrand.max(axis=1)
    posterior = np.exp(log_integrand - top[:, np.newaxis])
    mass = posterior.sum(axis=1)
    posterior /= mass[:, np.newaxis]
    loglik = (
        float(np.sum(top + np.log(mass) + np.log(scale))) - 0.5 * data.k * math.log(math.pi) + data.constant
    )
    residual = data.events[:, np.newaxis] - mean
    g_mu = np.einsum("ij,ij->i", posterior, residual)
    pu = posterior * u
    g_tau = np.einsum("ij,ij->i", pu, residual)
    bend = residual * residual - variance
    return Marginal(
        loglik,
        (float(g_mu.sum()), float(g_tau.sum())),
        (
            float(np.einsum("ij,ij->", posterior, bend) - g_mu @ g_mu),
            float(np.einsum("ij,ij->", pu, bend) - g_mu @ g_tau),
            float(np.einsum("ij,ij,ij->", pu, u, bend) - g_tau @ g_tau),
        ),
        modes,
    )


def _centres(data: Counts, mu: float, tau: float, start: Array | None) -> tuple[Array, Array]:
    """Mode and curvature scale of each integrand: Newton, halving the step of any study that moved away."""
    u = np.zeros(data.k) if start is None else start
    step = np.full(data.k, np.inf)
    slope = np.full(data.k, np.inf)
    reach = LONGEST_STRIDE / max(abs(tau), 1e-3)
    for _ in range(STEP_LIMIT):
        _, mean, variance = data.terms(mu + tau * u)
        following = tau * (data.events - mean) - u
        worse = np.abs(following) > np.abs(slope)
        if worse.any():
            step = np.where(worse, 0.5 * step, 0.0)
            u = u - step
            continue
        slope = following
        curvature = 1.0 + tau * tau * variance
        step = np.clip(slope / curvature, -reach, reach)
        u = u + step
        if np.max(np.abs(step)) < MODE_TOLERANCE:
            break
    return u, 1.0 / np.sqrt(curvature)

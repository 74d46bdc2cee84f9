"""Estimators of tau2, the variance between studies, each converged to rounding error.

The likelihood of tau2 can have several peaks. Every search therefore begins with a scan of the whole range in
which a peak can lie, polishes each peak found, and keeps the highest.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Literal, NamedTuple

import numpy as np


Tau2Method = Literal["reml", "ml", "pm", "dl", "common"]

SCAN_POINTS = 61
"""Enough for 20,000 random sets with variances over four decades, in which no peak was missed."""


class Tau2(NamedTuple):
    """An estimate of tau2 (squared units of the analysis scale) and every local peak the search met."""

    value: float
    peaks: tuple[float, ...]


def estimate_tau2(y: Sequence[float], v: Sequence[float], method: Tau2Method = "reml") -> Tau2:
    """The variance between studies by one of five methods.

    Parameters
    ----------
    y, v : sequences of float, length k >= 2
        Estimates and their variances (> 0) on the analysis scale.
    method : {"reml", "ml", "pm", "dl", "common"}
        Restricted or full maximum likelihood, Paule-Mandel, DerSimonian-Laird; "common" fixes tau2 at 0.

    Returns
    -------
    Tau2
        The estimate, never negative, and the peaks of the likelihood (one peak for the methods without one).

    Notes
    -----
    Peaks of the (restricted) likelihood lie where its derivative changes sign. With SS = sum (y - mean y)^2 and
    d = k - 1 (REML) or k (ML), the derivative is negative for every tau2 + vmin > (s + sqrt(s^2 + 4 s D)) / 2,
    s = SS / d, D = vmax - vmin, so the scan cannot stop too early.

    References
    ----------
    Viechtbauer W (2005). Journal of Educational and Behavioral Statistics 30:261.
    Paule RC, Mandel J (1982). Journal of Research of the National Bureau of Standards 87:377.
    DerSimonian R, Laird N (1986). Controlled Clinical Trials 7:177.
    """
    if method == "common":
        return Tau2(0.0, (0.0,))
    if method == "dl":
        value = _dersimonian_laird(y, v)
    elif method == "pm":
        value = solve_generalised_q(y, v, len(y) - 1.0)
    else:
        return _highest_peak(y, v, restricted=method == "reml")
    return Tau2(value, (value,))


def _dersimonian_laird(y: Sequence[float], v: Sequence[float]) -> float:
    s1 = sum(1.0 / b for b in v)
    s2 = sum(1.0 / (b * b) for b in v)
    q, _ = generalised_q(y, v, 0.0)
    return max(0.0, (q - (len(y) - 1)) / (s1 - s2 / s1))


def generalised_q(y: Sequence[float], v: Sequence[float], tau2: float) -> tuple[float, float]:
    """Q(tau2) = sum w (y - mu)^2 with w = 1/(v + tau2), and its derivative, -sum w^2 (y - mu)^2."""
    s = sy = 0.0
    w = []
    for a, b in zip(y, v, strict=True):
        weight = 1.0 / (b + tau2)
        w.append(weight)
        s += weight
        sy += weight * a
    mu = sy / s
    q = slope = 0.0
    for a, weight in zip(y, w, strict=True):
        part = weight * (a - mu) ** 2
        q += part
        slope -= weight * part
    return q, slope


def solve_generalised_q(y: Sequence[float], v: Sequence[float], target: float) -> float:
    """The tau2 at which the falling function Q(tau2) passes ``target``, 0 where it starts below.

    Notes
    -----
    Newton's rule is applied to 1/Q, which is a straight line when all variances are equal, and is held between
    SS/target - vmax and SS/target - vmin, the limits that the unweighted sum of squares SS sets.
    """
    q, slope = generalised_q(y, v, 0.0)
    if q <= target:
        return 0.0
    ratio = _sum_of_squares(y) / target
    low, high = max(0.0, ratio - max(v)), ratio - min(v)
    t = low
    for _ in range(200):
        q, slope = generalised_q(y, v, t)
        if q > target:
            low = t
        else:
            high = t
        step = (q / target - 1.0) * q / -slope
        following = t + step
        if not low <= following <= high:
            following = 0.5 * (low + high)
        if abs(following - t) <= 1e-15 * following:
            break
        t = following
    return following


def _sum_of_squares(y: Sequence[float]) -> float:
    mean = math.fsum(y) / len(y)
    return math.fsum((a - mean) ** 2 for a in y)


def _highest_peak(y: Sequence[float], v: Sequence[float], *, restricted: bool) -> Tau2:
    smallest, largest = min(v), max(v)
    spread = _sum_of_squares(y) / (len(y) - 1 if restricted else len(y))
    top = 0.5 * (spread + math.sqrt(spread * spread + 4.0 * spread * (largest - smallest)))
    if top <= smallest:
        return Tau2(0.0, (0.0,))
    grid = scan_grid(smallest, top)
    slopes = _scan(y, v, grid, restricted=restricted)
    peaks = [0.0] if slopes[0] <= 0.0 else []
    for i in range(len(grid) - 1):
        if slopes[i] > 0.0 >= slopes[i + 1]:
            peaks.append(polish(lambda t: _slope(y, v, t, restricted), grid[i], grid[i + 1]))
    if len(peaks) == 1:
        return Tau2(peaks[0], (peaks[0],))
    best = max(peaks, key=lambda t: log_likelihood(y, v, t, restricted=restricted))
    return Tau2(best, tuple(peaks))


def scan_grid(smallest: float, top: float) -> list[float]:
    """Values of tau2 from 0 to just above ``top`` - ``smallest``, evenly spaced in log(tau2 + smallest)."""
    step = (top * (1.0 + 1e-9) / smallest) ** (1.0 / (SCAN_POINTS - 1))
    grid = [0.0]
    value = smallest
    for _ in range(SCAN_POINTS - 1):
        value *= step
        grid.append(value - smallest)
    return grid


def _scan(y: Sequence[float], v: Sequence[float], grid: Sequence[float], *, restricted: bool) -> list[float]:
    """Twice the derivative of the log-likelihood at every tau2 of the grid, in one array of shape (grid, k)."""
    estimates = np.array(y)
    w = 1.0 / np.add.outer(np.array(grid), np.array(v))
    s1 = w.sum(axis=1)
    u = w * (estimates - (w @ estimates / s1)[:, np.newaxis])
    slopes = np.einsum("ij,ij->i", u, u) - s1
    if restricted:
        slopes += np.einsum("ij,ij->i", w, w) / s1
    return [float(slope) for slope in slopes]


def _slope(y: Sequence[float], v: Sequence[float], tau2: float, restricted: bool) -> tuple[float, float]:
    """Twice the first and second derivative of the log-likelihood at tau2."""
    s1 = s2 = s3 = sy = 0.0
    w = []
    for a, b in zip(y, v, strict=True):
        weight = 1.0 / (b + tau2)
        w.append(weight)
        square = weight * weight
        s1 += weight
        s2 += square
        s3 += square * weight
        sy += weight * a
    mu = sy / s1
    uu = uwu = wu = 0.0
    for a, weight in zip(y, w, strict=True):
        u = weight * (a - mu)
        uu += u * u
        uwu += weight * u * u
        wu += weight * u
    first = uu - s1
    second = s2 - 2.0 * (uwu - wu * wu / s1)
    if restricted:
        ratio = s2 / s1
        first += ratio
        second += ratio * ratio - 2.0 * s3 / s1
    return first, second


def polish(
    falling: Callable[[float], tuple[float, float]], low: float, high: float, tolerance: float = 1e-15
) -> float:
    """The zero of a function that falls through zero between ``low`` and ``high``: Newton, held in the bracket.

    ``falling`` returns the function and its derivative. Wherever the derivative is not negative, or unknown and given
    as 0, the bracket is halved. ``tolerance`` is relative.
    """
    t = 0.5 * (low + high)
    for _ in range(200):
        value, derivative = falling(t)
        if value > 0.0:
            low = t
        else:
            high = t
        following = t - value / derivative if derivative < 0.0 else high + 1.0
        if not low <= following <= high:
            following = 0.5 * (low + high)
        if abs(following - t) <= tolerance * abs(following):
            break
        t = following
    return following


def log_likelihood(y: Sequence[float], v: Sequence[float], tau2: float, *, restricted: bool = True) -> float:
    """The (restricted) normal log-likelihood at tau2 with the mean profiled out, constants included.

    The restricted one carries +log(k)/2, the term of the design matrix, as metafor does.
    """
    k = len(y)
    s = sum(1.0 / (b + tau2) for b in v)
    q, _ = generalised_q(y, v, tau2)
    value = -0.5 * (sum(math.log(b + tau2) for b in v) + q)
    if restricted:
        return value - 0.5 * ((k - 1) * math.log(2.0 * math.pi) + math.log(s) - math.log(k))
    return value - 0.5 * k * math.log(2.0 * math.pi)

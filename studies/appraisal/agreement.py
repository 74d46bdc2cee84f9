"""How far two or more appraisers agree, beyond what chance would give.

The table of answers comes first, then per cent agreement, then kappa and AC1 side by side: with very uneven
answers kappa can be near 0 while people agree on nearly everything, and AC1 cannot. No words such as "moderate" are
attached to any coefficient, since every published scale of such words is arbitrary.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import special

from studies.appraisal.alpha import UnusableRatings, in_order, krippendorff_alpha


__all__ = [
    "Agreement", "Limits", "PercentAgreement", "UnusableRatings", "agreement_table", "cohen_kappa",
    "cohen_kappa_from_ratings", "gwet_ac1", "krippendorff_alpha", "percent_agreement",
]  # fmt: skip

Weights = Literal["linear", "quadratic"]
Table = NDArray[np.float64]


class Limits(NamedTuple):
    """Lower and upper limit of a coefficient or share."""

    low: float
    high: float


@dataclass(frozen=True, kw_only=True)
class Agreement:
    """A coefficient of agreement of two appraisers over ``n`` items; 1 is perfect agreement.

    ``observed`` and ``expected`` are the (weighted) shares of agreement seen and expected by chance, 0 to 1.
    ``estimate`` is (observed - expected) / (1 - expected), with its standard error and interval; all three are
    NaN where chance alone gives full agreement, as when everybody always gives one answer.
    """

    coefficient: str
    n: int
    estimate: float
    se: float
    ci: Limits
    observed: float
    expected: float

    def __float__(self) -> float:
        return self.estimate


@dataclass(frozen=True, kw_only=True)
class PercentAgreement:
    """Share of items (0 to 1) on which two appraisers gave the same answer, with its Wilson interval."""

    agreed: int
    n: int
    share: float
    ci: Limits


def agreement_table(
    first: Iterable[Hashable], second: Iterable[Hashable], categories: Sequence[Hashable] | None = None
) -> list[list[int]]:
    """The square table of counts of two lists of ratings.

    Parameters
    ----------
    first, second : sequences of equal length
        The answers of each appraiser to the same items. Items that either left open (None) are dropped.
    categories : sequence, optional
        All answers that could be given, in order. By default those given, sorted.

    Returns
    -------
    list of list of int
        Rows for the first appraiser, columns for the second.

    Raises
    ------
    UnusableRatings
        If the lists differ in length, or an answer is not among the categories.
    """
    a, b = list(first), list(second)
    if len(a) != len(b):
        raise UnusableRatings(f"One appraiser rated {len(a)} items and the other {len(b)}.")
    pairs = [(x, y) for x, y in zip(a, b, strict=True) if x is not None and y is not None]
    given = {answer for pair in pairs for answer in pair}
    order = list(categories) if categories is not None else in_order(given)
    strangers = given - set(order)
    if strangers:
        raise UnusableRatings(f"These answers are not among the categories: {in_order(strangers)}.")
    place = {answer: i for i, answer in enumerate(order)}
    table = [[0] * len(order) for _ in order]
    for x, y in pairs:
        table[place[x]][place[y]] += 1
    return table


def percent_agreement(table: Iterable[Iterable[Any]], level: float = 0.95) -> PercentAgreement:
    """Share of items with the same answer.

    Parameters
    ----------
    table : square table of counts
        Rows for one appraiser, columns for the other.
    level : float
        Coverage of the Wilson interval.

    Returns
    -------
    PercentAgreement
        Shares 0 to 1.

    Raises
    ------
    UnusableRatings
        If the table is not square, holds anything but counts, or is empty.

    References
    ----------
    Wilson EB (1927). Journal of the American Statistical Association 22:209.
    """
    counts = _square(table)
    n, agreed = float(counts.sum()), float(np.trace(counts))
    share = agreed / n
    # The interval is written out here because the maths package may use this one and not the other way round.
    z = _normal(level)
    shrink = 1.0 + z * z / n
    centre = (share + z * z / (2.0 * n)) / shrink
    half = z * math.sqrt(share * (1.0 - share) / n + z * z / (4.0 * n * n)) / shrink
    low, high = 0.0 if agreed == 0.0 else centre - half, 1.0 if agreed == n else centre + half
    return PercentAgreement(agreed=int(agreed), n=int(n), share=share, ci=Limits(low, high))


def cohen_kappa(
    table: Iterable[Iterable[Any]], weights: Weights | None = None, level: float = 0.95
) -> Agreement:
    """Cohen's kappa from a table of counts.

    Parameters
    ----------
    table : square table of counts
        Rows for one appraiser, columns for the other; categories in order if weighted.
    weights : {None, "linear", "quadratic"}
        None counts exact agreement only; the others give partial credit by distance.
    level : float
        Coverage of the normal interval.

    Returns
    -------
    Agreement
        With the non-null standard error. The interval is not cut at 1.

    Raises
    ------
    UnusableRatings
        If the table is not square, holds anything but counts, or is empty.
    ValueError
        For other weights.

    Notes
    -----
    kappa = (po - pe)/(1 - pe) with po = sum w p_ij, pe = sum w p_i. p_.j. Variance:
    [sum p_ij (w_ij - (wbar_i + wbar_j)(1 - kappa))^2 - (kappa - pe (1 - kappa))^2] / (n (1 - pe)^2).

    References
    ----------
    Cohen J (1960). Educational and Psychological Measurement 20:37; (1968). Psychological Bulletin 70:213.
    Fleiss JL, Cohen J, Everitt BS (1969). Psychological Bulletin 72:323.
    """
    counts = _square(table)
    n = float(counts.sum())
    p = counts / n
    credit = _credit(len(p), weights)
    rows, columns = p.sum(axis=1), p.sum(axis=0)
    observed, expected = float((credit * p).sum()), float(rows @ credit @ columns)
    name = "kappa" if weights is None else f"kappa_{weights}"
    if expected >= 1.0:
        return _undefined(name, n, observed, expected)
    kappa = (observed - expected) / (1.0 - expected)
    mean_credit = np.add.outer(credit @ columns, rows @ credit)
    spread = float((p * (credit - mean_credit * (1.0 - kappa)) ** 2).sum())
    variance = (spread - (kappa - expected * (1.0 - kappa)) ** 2) / (n * (1.0 - expected) ** 2)
    return _agreement(name, n, kappa, math.sqrt(max(0.0, variance)), _normal(level), observed, expected)


def cohen_kappa_from_ratings(
    first: Iterable[Hashable],
    second: Iterable[Hashable],
    weights: Weights | None = None,
    *,
    categories: Sequence[Hashable] | None = None,
    level: float = 0.95,
) -> Agreement:
    """Cohen's kappa from two lists of ratings of the same items.

    Parameters
    ----------
    first, second, categories
        As in ``agreement_table``.
    weights, level
        As in ``cohen_kappa``.

    Returns
    -------
    Agreement
        As ``cohen_kappa`` returns.

    Raises
    ------
    UnusableRatings
        As ``agreement_table`` and ``cohen_kappa`` raise.

    References
    ----------
    Cohen J (1960). Educational and Psychological Measurement 20:37.
    """
    return cohen_kappa(agreement_table(first, second, categories), weights, level)


def gwet_ac1(table: Iterable[Iterable[Any]], level: float = 0.95) -> Agreement:
    """Gwet's AC1 from a table of counts.

    Parameters
    ----------
    table : square table of counts
        Rows for one appraiser, columns for the other. Include categories that nobody used if they could have been.
    level : float
        Coverage of the t interval with n - 1 degrees of freedom.

    Returns
    -------
    Agreement
        With the standard error over items, NaN for a single item.

    Raises
    ------
    UnusableRatings
        If the table is not square with at least two categories, holds anything but counts, or is empty.

    Notes
    -----
    pe = sum pi_q (1 - pi_q) / (Q - 1) with pi_q the mean of the two margins; variance
    sum (g_i - AC1)^2 / (n (n - 1)), g_i = (pa_i - pe)/(1 - pe) - 2 (1 - AC1)(pe_i - pe)/(1 - pe).

    References
    ----------
    Gwet KL (2008). British Journal of Mathematical and Statistical Psychology 61:29.
    """
    counts = _square(table)
    size, n = len(counts), float(counts.sum())
    if size < 2:
        raise UnusableRatings("With one category there is nothing to disagree about.")
    prevalence = (counts.sum(axis=0) + counts.sum(axis=1)) / (2.0 * n)
    observed = float(np.trace(counts)) / n
    expected = float(prevalence @ (1.0 - prevalence)) / (size - 1)
    estimate = (observed - expected) / (1.0 - expected)
    own = (1.0 - prevalence) / (2.0 * (size - 1))
    item_expected = np.add.outer(own, own)
    g = (np.eye(size) - expected - 2.0 * (1.0 - estimate) * (item_expected - expected)) / (1.0 - expected)
    if n < 2.0:
        return _agreement("ac1", n, estimate, math.nan, math.nan, observed, expected)
    se = math.sqrt(float((counts * (g - estimate) ** 2).sum()) / (n * (n - 1.0)))
    c = float(special.stdtrit(n - 1.0, 0.5 + 0.5 * level))
    return _agreement("ac1", n, estimate, se, c, observed, expected)


def _square(table: Iterable[Iterable[Any]]) -> Table:
    rows = [list(row) for row in table]
    if not rows or any(len(row) != len(rows) for row in rows):
        raise UnusableRatings("The table is not square.")
    try:
        counts = np.array(rows, dtype=float)
    except (TypeError, ValueError) as error:
        raise UnusableRatings("The table holds something that is not a number.") from error
    if not np.isfinite(counts).all() or (counts < 0.0).any() or (counts != np.floor(counts)).any():
        raise UnusableRatings("The table holds something that is not a count.")
    if not counts.any():
        raise UnusableRatings("The table is empty.")
    return counts


def _credit(size: int, weights: str | None) -> Table:
    if weights is None:
        return np.eye(size)
    if weights not in ("linear", "quadratic"):
        raise ValueError(f"{weights!r} is not one of linear, quadratic")
    steps = np.abs(np.subtract.outer(np.arange(size), np.arange(size))) / max(1, size - 1)
    return np.asarray(1.0 - (steps if weights == "linear" else steps**2))


def _normal(level: float) -> float:
    return float(special.ndtri(0.5 + 0.5 * level))


def _agreement(
    name: str, n: float, estimate: float, se: float, c: float, observed: float, expected: float
) -> Agreement:
    return Agreement(
        coefficient=name,
        n=int(n),
        estimate=estimate,
        se=se,
        ci=Limits(estimate - c * se, estimate + c * se),
        observed=observed,
        expected=expected,
    )


def _undefined(name: str, n: float, observed: float, expected: float) -> Agreement:
    return _agreement(name, n, math.nan, math.nan, math.nan, observed, expected)

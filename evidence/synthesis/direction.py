"""Synthesis without pooling: on which side of a named value do the studies lie?"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from scipy import special

from evidence.synthesis.estimates import Interval
from evidence.synthesis.proportions import clopper_pearson, wilson
from evidence.synthesis.quantiles import chi2_tail
from evidence.synthesis.refusals import PoolingRefused
from evidence.synthesis.rows import check_counts, numbers
from evidence.synthesis.thresholds import DEFAULT_LEVEL


@dataclass(frozen=True, kw_only=True)
class DirectionVote:
    """Studies above and below a benchmark.

    ``share`` is the share above (0 to 1) with its exact and its Wilson interval, ``p`` the two-sided sign test of
    a share of one half. The vote counts directions only: it says nothing about how far above or below.
    """

    above: int
    below: int
    share: float
    ci: Interval
    wilson: Interval
    p: float


def direction_vote(above: Any, below: Any, *, level: float = DEFAULT_LEVEL) -> DirectionVote:
    """Count studies on either side of a benchmark, regardless of their significance.

    Parameters
    ----------
    above, below : int
        Numbers of studies on each side; those exactly on it are left out.
    level : float
        Coverage.

    Returns
    -------
    DirectionVote
        Share above with exact interval and sign test.

    Raises
    ------
    PoolingRefused
        R6 if the numbers are no counts, R4 if there is no study on either side.

    Notes
    -----
    p = min(1, 2 P(X >= max(above, below))) with X ~ Bin(above + below, 1/2), as an incomplete beta function.

    References
    ----------
    McKenzie JE, Brennan SE. Cochrane Handbook for Systematic Reviews of Interventions, chapter 12.
    Campbell M et al. (2020). BMJ 368:l6890.
    """
    up, down = numbers([above])[0], numbers([below])[0]
    if up + down == 0.0:
        raise PoolingRefused("R4", "No study lies above or below.")
    check_counts([up], [up + down], ["studies above"])
    n = up + down
    most = max(up, down)
    p = min(1.0, 2.0 * float(special.betainc(most, n - most + 1.0, 0.5)))
    return DirectionVote(
        above=int(up),
        below=int(down),
        share=up / n,
        ci=clopper_pearson(up, n, level),
        wilson=wilson(up, n, level),
        p=p,
    )


@dataclass(frozen=True, kw_only=True)
class CombinedP:
    """Fisher's combination: a chi-square, its degrees of freedom and p value."""

    chi2: float
    df: int
    p: float


def combine_p_values(p_values: Iterable[Any]) -> CombinedP:
    """Fisher's combination of independent p values.

    It answers only whether any study is at odds with its null hypothesis, hence never a question of how many.

    Parameters
    ----------
    p_values : sequence of float
        Each in (0, 1].

    Returns
    -------
    CombinedP
        -2 sum(log p) with 2k degrees of freedom.

    Raises
    ------
    PoolingRefused
        R6 if there are none, or one is outside (0, 1].

    References
    ----------
    Fisher RA (1925). Statistical Methods for Research Workers, section 21.1.
    """
    values = numbers(p_values)
    if not values or not all(0.0 < p <= 1.0 for p in values):
        raise PoolingRefused("R6", "A p value lies above 0 and not above 1, and there must be one at least.")
    chi2 = -2.0 * math.fsum(math.log(p) for p in values)
    return CombinedP(chi2=chi2, df=2 * len(values), p=chi2_tail(chi2, 2 * len(values)))

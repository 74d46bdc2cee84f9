"""What missing categories allow: the lowest and highest share that the unknowns could make true."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from scipy import special

from evidence.synthesis.estimates import Interval
from evidence.synthesis.pooled import Pooled
from evidence.synthesis.pooling import pool_proportions
from evidence.synthesis.proportions import wilson
from evidence.synthesis.random_effects import CIMethod, Method
from evidence.synthesis.refusals import PoolingRefused
from evidence.synthesis.rows import check_counts, numbers
from evidence.synthesis.tau2 import polish
from evidence.synthesis.thresholds import DEFAULT_LEVEL


@dataclass(frozen=True, kw_only=True)
class UnknownBounds:
    """Bounds of one share, all as shares (0 to 1).

    ``lower`` counts no unknown and ``upper`` counts every unknown. ``complete_case`` assumes that the unknowns
    are like the knowns and is None where everything is unknown. ``outer`` adds sampling error to the bounds by
    Wilson limits; ``imbens_manski`` covers the one true value rather than the whole range and is shorter.
    """

    known: int
    unknown: int
    total: int
    lower: float
    upper: float
    complete_case: float | None
    unknown_share: float
    outer: Interval
    imbens_manski: Interval
    imbens_manski_c: float


def unknown_bounds(known: Any, unknown: Any, total: Any, *, level: float = DEFAULT_LEVEL) -> UnknownBounds:
    """The range of shares that people of unknown category allow.

    Parameters
    ----------
    known : int
        People known to be in the category.
    unknown : int
        People whose category was not recorded.
    total : int
        Everybody, the unknowns included.
    level : float
        Coverage of the two intervals.

    Returns
    -------
    UnknownBounds
        Shares 0 to 1.

    Raises
    ------
    PoolingRefused
        R6 if the counts are not whole numbers with known + unknown <= total and total > 0.

    Notes
    -----
    lower = known/total, upper = (known + unknown)/total. Imbens-Manski: lower - c s_l to upper + c s_u with
    binomial standard errors and Phi(c + (upper - lower)/max(s_l, s_u)) - Phi(-c) = level. With small counts use
    ``outer``.

    References
    ----------
    Manski CF (1990). American Economic Review 80:319.
    Imbens GW, Manski CF (2004). Econometrica 72:1845.
    """
    a, u, n = numbers([known]), numbers([unknown]), numbers([total])
    check_counts(a, n, ["the known"])
    check_counts(u, n, ["the unknown"])
    x, missing, base = a[0], u[0], n[0]
    if x + missing > base:
        raise PoolingRefused(
            "R6", f"{x:g} known and {missing:g} unknown are more than the total of {base:g}."
        )
    lower, upper = x / base, (x + missing) / base
    spread_low = math.sqrt(lower * (1.0 - lower) / base)
    spread_high = math.sqrt(upper * (1.0 - upper) / base)
    c = _imbens_manski_c(upper - lower, max(spread_low, spread_high), level)
    return UnknownBounds(
        known=int(x),
        unknown=int(missing),
        total=int(base),
        lower=lower,
        upper=upper,
        complete_case=x / (base - missing) if base > missing else None,
        unknown_share=missing / base,
        outer=Interval(wilson(x, base, level).low, wilson(x + missing, base, level).high),
        imbens_manski=Interval(lower - c * spread_low, upper + c * spread_high),
        imbens_manski_c=c,
    )


def _imbens_manski_c(gap: float, spread: float, level: float) -> float:
    """c between the one-sided and the two-sided normal quantile; the one-sided where nothing is uncertain."""
    one_sided = float(special.ndtri(level))
    if spread == 0.0:
        return one_sided
    offset = gap / spread

    def shortfall(c: float) -> tuple[float, float]:
        density = math.exp(-0.5 * (c + offset) ** 2) + math.exp(-0.5 * c * c)
        covered = float(special.ndtr(c + offset) - special.ndtr(-c))
        return level - covered, -density / math.sqrt(2.0 * math.pi)

    return polish(shortfall, one_sided, float(special.ndtri(0.5 + 0.5 * level)))


@dataclass(frozen=True, kw_only=True)
class PooledBounds:
    """The lower and the upper shares pooled separately. Midpoints are never pooled.

    ``lower`` or ``upper`` is None, with ``reason``, where that side cannot be pooled. ``limits`` runs from the
    lower pooled share to the upper one, None unless both exist.
    """

    lower: Pooled | None
    upper: Pooled | None
    reason: str

    @property
    def limits(self) -> Interval | None:
        """Lower and upper pooled share, 0 to 1."""
        if self.lower is None or self.upper is None:
            return None
        low, high = self.lower.estimate_share, self.upper.estimate_share
        return None if low is None or high is None else Interval(low, high)

    def wider_than(self, interval: Interval | None) -> bool:
        """Whether the unknowns matter more than chance, so that the bounds become the headline."""
        return self.limits is not None and interval is not None and self.limits.width > interval.width

    def to_dict(self) -> dict[str, Any]:
        return {
            "limits": None if self.limits is None else list(self.limits),
            "lower": None if self.lower is None else self.lower.to_dict(),
            "upper": None if self.upper is None else self.upper.to_dict(),
            "reason": self.reason,
        }


def pool_bounds(
    known: Iterable[Any],
    unknown: Iterable[Any],
    totals: Iterable[Any],
    *,
    labels: Iterable[Any] | None = None,
    method: Method = "reml",
    ci_method: CIMethod = "hksj_adhoc",
    level: float = DEFAULT_LEVEL,
) -> PooledBounds:
    """Pool the lowest and the highest shares that the unknowns of each study allow.

    Parameters
    ----------
    known, unknown, totals : sequences of int
        As in ``unknown_bounds``, one entry for each study.
    labels, method, ci_method, level
        As in ``pool_proportions``.

    Returns
    -------
    PooledBounds
        Two pooled results. A side without a pool, as when no study has a known case, is None with its reason.

    Raises
    ------
    PoolingRefused
        R6 for rows whose known and unknown exceed the total, R4 for fewer than three studies.

    References
    ----------
    Manski CF (1990). American Economic Review 80:319.
    """
    x, missing, n = numbers(known), numbers(unknown), numbers(totals)
    names = None if labels is None else list(labels)
    if not len(x) == len(missing) == len(n):
        raise PoolingRefused(
            "R6", f"The columns differ in length: {len(x)}, {len(missing)} and {len(n)} values."
        )
    reasons = []
    pools: list[Pooled | None] = []
    highest = [a + b for a, b in zip(x, missing, strict=True)]
    for events in (x, highest):
        try:
            pools.append(
                pool_proportions(events, n, labels=names, method=method, ci_method=ci_method, level=level)
            )
        except PoolingRefused as refused:
            if refused.code != "R5":
                raise
            pools.append(None)
            reasons.append(refused.message)
    return PooledBounds(lower=pools[0], upper=pools[1], reason=" ".join(reasons))

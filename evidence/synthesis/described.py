"""From described estimates to a pool: plain counts where possible, adjusted logits where a study is clustered."""

from __future__ import annotations

from collections.abc import Sequence

from evidence.synthesis.comparability import counts, too_little
from evidence.synthesis.effect_sizes import logit_effects
from evidence.synthesis.estimates import Estimate
from evidence.synthesis.pooled import Pooled
from evidence.synthesis.pooling import pool_estimates, pool_proportions, primary_method
from evidence.synthesis.random_effects import Method
from evidence.synthesis.refusals import PoolingRefused
from evidence.synthesis.thresholds import DEFAULT_LEVEL


def is_adjusted(estimate: Estimate) -> bool:
    """Whether the study's variance is not that of a simple random sample."""
    return estimate.standard_error is not None or estimate.design_effect is not None


def choose_method(estimates: Sequence[Estimate]) -> Method:
    """The primary model of a set: by sparseness, REML where a study's variance was adjusted for its design."""
    if any(is_adjusted(estimate) for estimate in estimates):
        return "reml"
    return primary_method(*counts(estimates))


def pool_described(
    estimates: Sequence[Estimate], *, method: Method | None = None, level: float = DEFAULT_LEVEL
) -> Pooled:
    """Pool estimates that have passed the gate, or any part of them.

    Parameters
    ----------
    estimates : sequence of Estimate
        With events and totals.
    method : Method, optional
        The primary model by sparseness unless given.
    level : float
        Coverage.

    Returns
    -------
    Pooled
        On the logit scale.

    Raises
    ------
    PoolingRefused
        R4, R5, R6 or R7.
    ValueError
        For "glmm" with adjusted variances, which the count model cannot take.

    Notes
    -----
    A design-based standard error s of a share p gives v = (s / (p (1 - p)))^2 by the delta method; a design effect
    multiplies v, which is what dividing n by it does. A share of 0 or 1 keeps the variance of its counts.
    """
    refusals = too_little(estimates)
    if refusals:
        raise PoolingRefused(refusals[0].code, refusals[0].message, refusals[0].rows)
    chosen = method or choose_method(estimates)
    labels = [estimate.label for estimate in estimates]
    x, n = counts(estimates)
    if not any(is_adjusted(estimate) for estimate in estimates):
        return pool_proportions(x, n, labels=labels, method=chosen, level=level)
    y, v = logit_effects(x, n, labels)
    adjusted = [_variance(e, p, b) for e, p, b in zip(estimates, _shares(x, n), v, strict=True)]
    return pool_estimates(y, adjusted, labels=labels, method=chosen, level=level, scale="logit")


def _shares(x: Sequence[float], n: Sequence[float]) -> list[float]:
    return [a / b for a, b in zip(x, n, strict=True)]


def _variance(estimate: Estimate, share: float, simple: float) -> float:
    if estimate.standard_error is not None and 0.0 < share < 1.0:
        return (estimate.standard_error / (share * (1.0 - share))) ** 2
    return simple * (estimate.design_effect or 1.0)

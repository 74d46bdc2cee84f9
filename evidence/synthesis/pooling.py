"""Pooling proportions, rates and ready-made estimates: the doors through which numbers come in.

The arithmetic refuses only what cannot be computed or must never be (R4, R5, R6). Whether the studies answer one
question, share people or are too small to be worth a pool (R1-R3, R7-R9) is judged in ``comparability``, because
it needs to know what the numbers are.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from statistics import median
from typing import Any

from evidence.synthesis.effect_sizes import Scale, _log_rates, _logits
from evidence.synthesis.fitting import Studies, fit_studies
from evidence.synthesis.heterogeneity import cochran_q
from evidence.synthesis.pooled import Pooled
from evidence.synthesis.random_effects import CIMethod, Method
from evidence.synthesis.rows import (
    check_counts,
    check_enough,
    check_estimates,
    check_exposures,
    check_not_empty,
    grouped,
    named,
    numbers,
)
from evidence.synthesis.thresholds import DEFAULT_LEVEL, DEFAULT_NODES, SPARSE_MEDIAN


def pool_proportions(
    events: Iterable[Any],
    totals: Iterable[Any],
    *,
    labels: Iterable[Any] | None = None,
    groups: Iterable[Any] | None = None,
    method: Method = "reml",
    ci_method: CIMethod = "hksj_adhoc",
    level: float = DEFAULT_LEVEL,
    nodes: int = DEFAULT_NODES,
) -> Pooled:
    """Pool proportions on the logit scale.

    Parameters
    ----------
    events, totals : sequences of int
        x of n for each study; numbers of any type with whole values.
    labels, groups : sequence of str, optional
        Names of the studies, and a group for each (None for none) to compare subgroups.
    method : {"reml", "pm", "dl", "ml", "common", "glmm"}
        Estimator of tau2 for the normal model of logits, or the random-intercept logistic model, which is the
        better one when events are few (see ``primary_method``).
    ci_method : {"hksj_adhoc", "hksj", "wald"}
        Interval; for "glmm" anything but "wald" means t with k - 1 degrees of freedom.
    level : float
        Coverage of all intervals.
    nodes : int
        Quadrature nodes for "glmm".

    Returns
    -------
    Pooled
        Frozen; on the logit scale unless a name ends in ``_share``.

    Raises
    ------
    PoolingRefused
        R6 invalid rows (all named), R4 fewer than three studies, R5 no events at all or nothing but events, and
        for "glmm" counts without a finite estimate.
    ValueError
        For a method that is not offered.

    Notes
    -----
    y = log(x/(n-x)), v = 1/x + 1/(n-x), 0.5 added to both cells of a study at 0 or at n only.

    References
    ----------
    Viechtbauer W (2005). Journal of Educational and Behavioral Statistics 30:261.
    Knapp G, Hartung J (2003). Statistics in Medicine 22:2693.
    Hamza TH, van Houwelingen HC, Stijnen T (2008). Journal of Clinical Epidemiology 61:41.
    """
    x, n = numbers(events), numbers(totals)
    names = named(labels, len(x))
    check_counts(x, n, names)
    check_enough(len(x))
    check_not_empty(x, n)
    y, v = _logits(x, n)
    studies = Studies(
        "proportions", "logit", names, tuple(y), tuple(v), grouped(groups, len(x)), tuple(x), tuple(n)
    )
    return _pooled(studies, method, ci_method, level, nodes)


def primary_method(events: Iterable[Any], totals: Iterable[Any]) -> Method:
    """The model that sparseness of the data makes primary, fixed before any result is seen.

    Parameters
    ----------
    events, totals : sequences of int
        Valid counts.

    Returns
    -------
    {"glmm", "reml"}
        "glmm" if any study is at 0 or at n, or the median of min(x, n - x) is below 5; otherwise "reml".

    Notes
    -----
    In simulation with rare events the interval of the logit model covers less and less as studies are added,
    since the bias of the correction does not average out; the count model holds. The cut of 5 is a judgement.

    References
    ----------
    Stijnen T, Hamza TH, Özdemir P (2010). Statistics in Medicine 29:3046.
    Lin L, Chu H (2020). Epidemiology 31:713.
    """
    smaller = [min(x, n - x) for x, n in zip(numbers(events), numbers(totals), strict=True)]
    return "glmm" if min(smaller) == 0 or median(smaller) < SPARSE_MEDIAN.value else "reml"


def pool_rates(
    events: Iterable[Any],
    times: Iterable[Any],
    *,
    labels: Iterable[Any] | None = None,
    groups: Iterable[Any] | None = None,
    method: Method = "reml",
    ci_method: CIMethod = "hksj_adhoc",
    level: float = DEFAULT_LEVEL,
    nodes: int = DEFAULT_NODES,
) -> Pooled:
    """Pool event rates on the log scale.

    Parameters
    ----------
    events : sequence of int
        Events of each study.
    times : sequence of float
        Exposure of each study in one unit, for instance person-years.
    labels, groups, method, ci_method, level, nodes
        As in ``pool_proportions``; "glmm" is the random-intercept Poisson model, to be used with zero counts.

    Returns
    -------
    Pooled
        On the log scale; ``back`` gives events per unit of exposure.

    Raises
    ------
    PoolingRefused
        R6, R4 and R5 as in ``pool_proportions``.
    ValueError
        For a method that is not offered.

    References
    ----------
    Stijnen T, Hamza TH, Özdemir P (2010). Statistics in Medicine 29:3046.
    """
    x, t = numbers(events), numbers(times)
    names = named(labels, len(x))
    check_exposures(x, t, names)
    check_enough(len(x))
    check_not_empty(x, [math.inf] * len(x))
    y, v = _log_rates(x, t)
    studies = Studies("rates", "log", names, tuple(y), tuple(v), grouped(groups, len(x)), tuple(x), tuple(t))
    return _pooled(studies, method, ci_method, level, nodes)


def pool_estimates(
    y: Iterable[Any],
    v: Iterable[Any],
    *,
    labels: Iterable[Any] | None = None,
    groups: Iterable[Any] | None = None,
    method: Method = "reml",
    ci_method: CIMethod = "hksj_adhoc",
    level: float = DEFAULT_LEVEL,
    scale: Scale = "identity",
) -> Pooled:
    """Pool ready-made estimates with their variances.

    Parameters
    ----------
    y, v : sequences of float
        Estimates and variances (squared standard errors) on one scale.
    labels, groups, method, ci_method, level
        As in ``pool_proportions``; "glmm" needs counts and is not offered.
    scale : {"identity", "logit", "log", "fisher_z"}
        What the numbers are, so that ``back`` and the ``_share`` fields can undo it.

    Returns
    -------
    Pooled
        On the scale of y.

    Raises
    ------
    PoolingRefused
        R6 invalid rows (not finite, or a variance not above zero), R4 fewer than three studies.
    ValueError
        For a method that is not offered.

    References
    ----------
    Viechtbauer W (2005). Journal of Educational and Behavioral Statistics 30:261.
    Knapp G, Hartung J (2003). Statistics in Medicine 22:2693.
    """
    estimates, variances = numbers(y), numbers(v)
    names = named(labels, len(estimates))
    check_estimates(estimates, variances, names)
    check_enough(len(estimates))
    studies = Studies(
        "estimates", scale, names, tuple(estimates), tuple(variances), grouped(groups, len(estimates))
    )
    return _pooled(studies, method, ci_method, level, DEFAULT_NODES)


def _pooled(studies: Studies, method: Method, ci_method: CIMethod, level: float, nodes: int) -> Pooled:
    fit = fit_studies(studies, method, ci_method, level, nodes)
    q, df, p = cochran_q(studies.y, studies.v)
    return Pooled(**vars(fit), studies=studies, nodes=nodes, q=q, q_df=df, q_p=p)

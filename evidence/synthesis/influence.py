"""Leave-one-out: what the pooled figure would be without each study in turn."""

from __future__ import annotations

from dataclasses import dataclass

from evidence.synthesis.effect_sizes import BACK
from evidence.synthesis.estimates import Interval
from evidence.synthesis.fitting import Studies, fit_studies
from evidence.synthesis.heterogeneity import cochran_q, i2_from_q, i2_from_tau2, typical_variance
from evidence.synthesis.random_effects import CIMethod, Method, RandomEffects
from evidence.synthesis.refusals import PoolingRefused


@dataclass(frozen=True, kw_only=True)
class LeftOut:
    """The model refitted without the study ``omitted``, on the analysis scale.

    All numbers are None where the studies that remain have no finite estimate. ``_share`` fields are shares
    (0 to 1) and None for other data than proportions. ``i2`` is in per cent.
    """

    omitted: str
    k: int
    estimate: float | None = None
    se: float | None = None
    ci: Interval | None = None
    estimate_share: float | None = None
    ci_share: Interval | None = None
    tau2: float | None = None
    i2: float | None = None
    q: float | None = None


def leave_one_out(
    studies: Studies, method: Method, ci_method: CIMethod, level: float, nodes: int
) -> tuple[LeftOut, ...]:
    """Refit without each study in turn, in the order of the studies.

    Parameters
    ----------
    studies : Studies
        At least three.
    method, ci_method, level, nodes
        As in the full fit.

    Returns
    -------
    tuple of LeftOut
        One for each study.

    References
    ----------
    Viechtbauer W, Cheung MWL (2010). Research Synthesis Methods 1:112.
    """
    left_out = []
    for i, label in enumerate(studies.labels):
        rest = studies.without(i)
        try:
            fit = fit_studies(rest, method, ci_method, level, nodes)
        except PoolingRefused:
            left_out.append(LeftOut(omitted=label, k=rest.k))
        else:
            left_out.append(_left_out(label, rest, fit))
    return tuple(left_out)


def _left_out(label: str, rest: Studies, fit: RandomEffects) -> LeftOut:
    q, df, _ = cochran_q(rest.y, rest.v)
    shares = rest.scale == "logit"
    back = BACK[rest.scale]
    return LeftOut(
        omitted=label,
        k=rest.k,
        estimate=fit.estimate,
        se=fit.se,
        ci=fit.ci,
        estimate_share=back(fit.estimate) if shares else None,
        ci_share=Interval(back(fit.ci.low), back(fit.ci.high)) if shares else None,
        tau2=fit.tau2,
        i2=i2_from_q(q, df) if fit.method == "common" else i2_from_tau2(fit.tau2, typical_variance(rest.v)),
        q=q,
    )

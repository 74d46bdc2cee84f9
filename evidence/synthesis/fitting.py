"""One study set, one model: the step that the pooled figure, leave-one-out and subgroups have in common."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeVar

from evidence.synthesis.effect_sizes import Scale
from evidence.synthesis.glmm import CountModel, fit_binomial, fit_poisson
from evidence.synthesis.random_effects import CIMethod, Method, RandomEffects, fit_random_effects, intervals


Kind = Literal["proportions", "rates", "estimates"]
T = TypeVar("T")

METHODS: tuple[Method, ...] = ("reml", "pm", "dl", "ml", "common", "glmm")


@dataclass(frozen=True)
class Studies:
    """k checked studies: estimates y with variances v, and the counts behind them where there are any.

    ``bases`` are totals for proportions and exposures for rates.
    """

    kind: Kind
    scale: Scale
    labels: tuple[str, ...]
    y: tuple[float, ...]
    v: tuple[float, ...]
    groups: tuple[str | None, ...] | None = None
    events: tuple[float, ...] = ()
    bases: tuple[float, ...] = ()

    @property
    def k(self) -> int:
        return len(self.y)

    def subset(self, keep: Iterable[int]) -> Studies:
        """The studies at these places, in this order."""
        places = tuple(keep)

        def pick(values: Sequence[T]) -> tuple[T, ...]:
            return tuple([values[i] for i in places])

        return replace(
            self,
            labels=pick(self.labels),
            y=pick(self.y),
            v=pick(self.v),
            groups=None if self.groups is None else pick(self.groups),
            events=pick(self.events) if self.events else (),
            bases=pick(self.bases) if self.bases else (),
        )

    def without(self, place: int) -> Studies:
        """All studies but the one at ``place``."""
        return self.subset(i for i in range(self.k) if i != place)


def fit_studies(
    studies: Studies, method: Method, ci_method: CIMethod, level: float, nodes: int
) -> RandomEffects:
    """Fit the named model.

    Parameters
    ----------
    studies : Studies
        At least two.
    method : {"reml", "pm", "dl", "ml", "common", "glmm"}
        "glmm" fits the count model of the kind of data.
    ci_method : {"hksj_adhoc", "hksj", "wald"}
        For "glmm" the two HKSJ names both mean the t interval with k - 1 degrees of freedom.
    level : float
        Coverage.
    nodes : int
        Quadrature nodes of the count model.

    Returns
    -------
    RandomEffects
        On the analysis scale of the studies. The weights of a count model are those that the normal model would
        give with its tau2: the count model itself has none.

    Raises
    ------
    ValueError
        For a method that is not offered, or "glmm" for estimates without counts.
    PoolingRefused
        R4 for fewer than two studies, R5 where a count model has no finite estimate.
    """
    if method not in METHODS:
        raise ValueError(f"{method!r} is not one of {', '.join(METHODS)}")
    if method == "glmm":
        return _normal_summary(studies, fit_counts(studies, nodes), ci_method, level)
    return fit_random_effects(studies.y, studies.v, method=method, ci_method=ci_method, level=level)


def fit_counts(studies: Studies, nodes: int) -> CountModel:
    """The count model of the kind of data; the errors are those of ``fit_studies``."""
    if studies.kind == "proportions":
        return fit_binomial(studies.events, studies.bases, nodes=nodes)
    if studies.kind == "rates":
        return fit_poisson(studies.events, studies.bases, nodes=nodes)
    raise ValueError("The count model needs counts; ready-made estimates have none.")


def _normal_summary(studies: Studies, model: CountModel, ci_method: CIMethod, level: float) -> RandomEffects:
    df = math.inf if ci_method == "wald" else studies.k - 1.0
    interval, prediction = intervals(model.estimate, model.se, model.tau2, df, level)
    w = [1.0 / (b + model.tau2) for b in studies.v]
    total = sum(w)
    return RandomEffects(
        method="glmm",
        ci_method=ci_method,
        level=level,
        k=studies.k,
        estimate=model.estimate,
        se=model.se,
        se_wald=model.se,
        hksj_q=None,
        df=df,
        ci=interval,
        prediction_interval=prediction,
        tau2=model.tau2,
        weights=tuple([100.0 * a / total for a in w]),
        peaks=(model.tau2,),
        loglik=model.loglik,
    )

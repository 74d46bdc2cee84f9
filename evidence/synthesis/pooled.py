"""The result of pooling: everything that stands beside the figure, computed when it is first asked for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from evidence.synthesis.cautions import cautions_of
from evidence.synthesis.effect_sizes import BACK, Scale, expit
from evidence.synthesis.estimates import Interval
from evidence.synthesis.fitting import Studies, fit_counts, fit_studies
from evidence.synthesis.glmm import profile_tau2_interval
from evidence.synthesis.heterogeneity import i2_from_q, i2_from_tau2, q_profile, typical_variance
from evidence.synthesis.influence import LeftOut, leave_one_out
from evidence.synthesis.plain import plain
from evidence.synthesis.random_effects import Method, RandomEffects
from evidence.synthesis.refusals import Caution, PoolingRefused
from evidence.synthesis.subgroups import Subgroups, compare_subgroups


REPORTED = (
    "method", "ci_method", "level", "scale", "k", "total_n", "estimate", "se", "ci", "estimate_share",
    "ci_share", "mean_share", "tau2", "tau2_ci", "tau", "i2", "i2_ci", "i2_q", "h2", "q", "q_df", "q_p",
    "prediction_interval", "prediction_interval_share", "df", "labels", "weights", "study_range",
    "leave_one_out", "subgroups", "warnings",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True, eq=False)
class Pooled(RandomEffects):
    """A pooled estimate and all that must be read with it.

    Everything is on the analysis scale (log odds for proportions, log rate for rates, as given otherwise) unless
    the name ends in ``_share`` (0 to 1, None for other data than proportions).

    Attributes
    ----------
    k : int
        Number of studies.
    estimate, se, ci : float, float, Interval
        Centre of the distribution of true values; ``se`` is the one ``ci`` uses (adjusted unless Wald). The
        back-transformed centre is the median study, not the average; ``mean_share`` is the average.
    estimate_share, ci_share : float, Interval
        The same as shares.
    tau2, tau2_ci : float, Interval
        Variance between studies. The interval is the Q-profile, for the count models the profile likelihood.
    i2, i2_ci : float, Interval
        I2 in per cent, 100 tau2 / (tau2 + typical variance) as metafor computes it, and its interval from
        ``tau2_ci``. For "common" it is the Q version, which ``i2_q`` gives for every method.
    h2 : float
        (tau2 + typical variance) / typical variance; Q / df for "common".
    q, q_df, q_p : float, int, float
        Cochran's Q and its test, for count models computed on the corrected logits or log rates.
    prediction_interval, prediction_interval_share : Interval or None
        Where the true value of a new study is expected. None for "common".
    weights : tuple of float
        Per cent of each study, adding to 100.
    leave_one_out : tuple of LeftOut
        The fit without each study.
    subgroups : Subgroups or None
        None where no groups were named.
    warnings : tuple of Caution
        What must be said beside the figure.
    """

    studies: Studies
    nodes: int
    q: float
    q_df: int
    q_p: float

    @property
    def scale(self) -> Scale:
        return self.studies.scale

    @property
    def labels(self) -> tuple[str, ...]:
        return self.studies.labels

    @property
    def tau(self) -> float:
        """Standard deviation of true values between studies."""
        return float(self.tau2**0.5)

    @property
    def total_n(self) -> float | None:
        """Sum of the totals of proportions; None for other data."""
        return sum(self.studies.bases) if self.studies.kind == "proportions" else None

    @cached_property
    def tau2_ci(self) -> Interval:
        if self.method == "glmm":
            return profile_tau2_interval(fit_counts(self.studies, self.nodes), self.level)
        return q_profile(self.studies.y, self.studies.v, self.level)

    @cached_property
    def _typical_variance(self) -> float:
        return typical_variance(self.studies.v)

    @property
    def i2(self) -> float:
        return self.i2_q if self.method == "common" else i2_from_tau2(self.tau2, self._typical_variance)

    @property
    def i2_q(self) -> float:
        """The Q version of I2 in per cent, 100 max(0, (Q - df) / Q)."""
        return i2_from_q(self.q, self.q_df)

    @property
    def i2_ci(self) -> Interval:
        low, high = self.tau2_ci
        return Interval(i2_from_tau2(low, self._typical_variance), i2_from_tau2(high, self._typical_variance))

    @property
    def h2(self) -> float:
        if self.method == "common":
            return self.q / self.q_df
        return (self.tau2 + self._typical_variance) / self._typical_variance

    def back(self, value: float) -> float:
        """A value of the analysis scale on the natural one: a share, a rate, a correlation, or itself."""
        return BACK[self.scale](value)

    def back_interval(self, interval: Interval) -> Interval:
        """An interval on the natural scale."""
        return Interval(self.back(interval.low), self.back(interval.high))

    @property
    def estimate_share(self) -> float | None:
        return self.back(self.estimate) if self.scale == "logit" else None

    @property
    def ci_share(self) -> Interval | None:
        return self.back_interval(self.ci) if self.scale == "logit" else None

    @property
    def prediction_interval_share(self) -> Interval | None:
        if self.scale != "logit" or self.prediction_interval is None:
            return None
        return self.back_interval(self.prediction_interval)

    @cached_property
    def mean_share(self) -> float | None:
        """The average of true shares over studies, expit(mu + tau u) integrated over u ~ N(0, 1).

        With tau2 above 1 it differs visibly from ``estimate_share``, the median.
        """
        if self.scale != "logit":
            return None
        nodes, weights = np.polynomial.hermite_e.hermegauss(self.nodes)
        parts = [w * expit(self.estimate + self.tau * u) for u, w in zip(nodes, weights, strict=True)]
        return float(sum(parts) / sum(weights))

    @property
    def study_range(self) -> Interval:
        """Smallest and largest single-study estimate, on the analysis scale."""
        return Interval(min(self.studies.y), max(self.studies.y))

    @property
    def boundary_studies(self) -> tuple[str, ...]:
        """Studies with no event, or with nothing but events."""
        if self.studies.kind == "estimates":
            return ()
        full = self.studies.kind == "proportions"
        return tuple(
            label
            for label, x, n in zip(self.labels, self.studies.events, self.studies.bases, strict=True)
            if x == 0 or (full and x == n)
        )

    @cached_property
    def leave_one_out(self) -> tuple[LeftOut, ...]:
        return leave_one_out(self.studies, self.method, self.ci_method, self.level, self.nodes)

    @cached_property
    def subgroups(self) -> Subgroups | None:
        if self.studies.groups is None:
            return None
        return compare_subgroups(self.studies, self.method, self.ci_method, self.level)

    @cached_property
    def other_model(self) -> RandomEffects | None:
        """The model that is not primary: REML for a count model, the count model for any other.

        None for ready-made estimates and where the count model has no finite estimate.
        """
        if self.studies.kind == "estimates":
            return None
        other: Method = "reml" if self.method == "glmm" else "glmm"
        try:
            return fit_studies(self.studies, other, self.ci_method, self.level, self.nodes)
        except PoolingRefused:
            return None

    @cached_property
    def warnings(self) -> tuple[Caution, ...]:
        return cautions_of(self)

    def to_dict(self) -> dict[str, Any]:
        """Every reported number as plain values for JSON; what is not finite becomes None."""
        return {name: plain(getattr(self, name)) for name in REPORTED}

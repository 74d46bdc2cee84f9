"""Subgroups of studies: an estimate for each, and one test of their difference, never two separate p values."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

from evidence.synthesis.effect_sizes import BACK, Scale
from evidence.synthesis.estimates import Interval
from evidence.synthesis.fitting import Studies
from evidence.synthesis.heterogeneity import cochran_q, i2_from_q, i2_from_tau2, typical_variance
from evidence.synthesis.quantiles import chi2_tail, two_sided, two_sided_p
from evidence.synthesis.random_effects import CIMethod, Method, fit_random_effects
from evidence.synthesis.regression import MixedEffects, fit_mixed_effects
from evidence.synthesis.tau2 import Tau2Method, generalised_q
from evidence.synthesis.thresholds import COMMON_TAU2, SMALL_SUBGROUP


@dataclass(frozen=True, kw_only=True)
class Subgroup:
    """The studies of one group with a tau2 of their own; fields as in the pooled result.

    A group of one study stands for itself: its tau2 is 0, its interval normal, and I2 and p are None.
    """

    group: str
    k: int
    labels: tuple[str, ...]
    estimate: float
    se: float
    se_wald: float
    ci: Interval
    estimate_share: float | None
    ci_share: Interval | None
    tau2: float
    i2: float | None
    q: float
    q_p: float | None


@dataclass(frozen=True, kw_only=True)
class SeparateTau2:
    """Difference of groups that each have their own tau2: chi-square test."""

    q_between: float
    df: int
    p: float


@dataclass(frozen=True, kw_only=True)
class CommonTau2:
    """Difference of groups that share one tau2: Knapp-Hartung F test, with the Wald chi-square beside it.

    ``coef`` holds the mean of the first group in alphabetical order, then the differences of the others from it.
    """

    tau2: float
    coef: tuple[float, ...]
    coef_se: tuple[float, ...]
    qm: float
    df: int
    qm_p: float
    qe: float
    qe_p: float
    f: float | None
    f_df: tuple[int, int]
    f_p: float | None


@dataclass(frozen=True, kw_only=True)
class Difference:
    """``second`` minus ``first`` on the analysis scale, Knapp-Hartung interval and p value.

    ``ratio`` and ``ratio_ci`` are the odds ratio for proportions and the rate ratio for rates, otherwise None.
    """

    first: str
    second: str
    difference: float
    ci: Interval
    p: float
    ratio: float | None
    ratio_ci: Interval | None


@dataclass(frozen=True, kw_only=True)
class Subgroups:
    """All groups in alphabetical order and the test that may be shown.

    ``test`` is "common_tau2" if a group has fewer than five studies, "separate_tau2" otherwise, and None where a
    group has fewer than three, in which case the groups are listed and not compared.
    """

    k_used: int
    groups: tuple[Subgroup, ...]
    test: Literal["common_tau2", "separate_tau2"] | None
    separate_tau2: SeparateTau2 | None
    common_tau2: CommonTau2 | None
    differences: tuple[Difference, ...]


def compare_subgroups(studies: Studies, method: Method, ci_method: CIMethod, level: float) -> Subgroups:
    """Fit each group of studies and compare the groups.

    Parameters
    ----------
    studies : Studies
        With group names; studies without one are left out.
    method : Method
        Estimator of tau2 within groups; the count model is replaced by REML, since the tests are defined for the
        normal model.
    ci_method, level
        As in the pooled result.

    Returns
    -------
    Subgroups
        On the analysis scale. Both tests are computed wherever the data allow it; ``test`` names the one to show.

    Notes
    -----
    Separate tau2: Q_between = sum (mu_g - mu.)^2 / se_g^2 with Wald variances, chi-square with G - 1 degrees of
    freedom. Common tau2: REML regression on group dummies, F = QM / ((G - 1) s^2) with G - 1 and k - G.

    References
    ----------
    Borenstein M, Higgins JPT (2013). Prevention Science 14:134.
    Knapp G, Hartung J (2003). Statistics in Medicine 22:2693.
    """
    names = studies.groups or ()
    members = {
        name: [i for i, group in enumerate(names) if group == name]
        for name in sorted({g for g in names if g})
    }
    within: Tau2Method = "reml" if method == "glmm" else method
    groups = tuple(
        _subgroup(name, studies.subset(places), within, ci_method, level) for name, places in members.items()
    )
    k_used = sum(group.k for group in groups)
    smallest = min((group.k for group in groups), default=0)
    mixed = _mixed(studies, members) if 2 <= len(groups) < k_used else None
    testable = mixed is not None and smallest >= SMALL_SUBGROUP.value
    return Subgroups(
        k_used=k_used,
        groups=groups,
        test=None if not testable else "common_tau2" if smallest < COMMON_TAU2.value else "separate_tau2",
        separate_tau2=_separate(groups) if len(groups) > 1 else None,
        common_tau2=None if mixed is None else _common(mixed),
        differences=_differences(mixed, list(members), studies.scale, level) if mixed and testable else (),
    )


def _subgroup(name: str, studies: Studies, method: Tau2Method, ci_method: CIMethod, level: float) -> Subgroup:
    q, df, p = cochran_q(studies.y, studies.v)
    i2: float | None
    if studies.k == 1:
        estimate, se = studies.y[0], math.sqrt(studies.v[0])
        half = two_sided(level, math.inf) * se
        ci, se_wald, tau2, i2 = Interval(estimate - half, estimate + half), se, 0.0, None
    else:
        fit = fit_random_effects(studies.y, studies.v, method=method, ci_method=ci_method, level=level)
        estimate, se, se_wald, ci, tau2 = fit.estimate, fit.se, fit.se_wald, fit.ci, fit.tau2
        i2 = i2_from_q(q, df) if method == "common" else i2_from_tau2(tau2, typical_variance(studies.v))
    shares, back = studies.scale == "logit", BACK[studies.scale]
    return Subgroup(
        group=name,
        k=studies.k,
        labels=studies.labels,
        estimate=estimate,
        se=se,
        se_wald=se_wald,
        ci=ci,
        estimate_share=back(estimate) if shares else None,
        ci_share=Interval(back(ci.low), back(ci.high)) if shares else None,
        tau2=tau2,
        i2=i2,
        q=q,
        q_p=p if studies.k > 1 else None,
    )


def _separate(groups: tuple[Subgroup, ...]) -> SeparateTau2:
    q, _ = generalised_q([g.estimate for g in groups], [g.se_wald**2 for g in groups], 0.0)
    return SeparateTau2(q_between=q, df=len(groups) - 1, p=chi2_tail(q, len(groups) - 1))


def _mixed(studies: Studies, members: Mapping[str, list[int]]) -> MixedEffects:
    used = sorted(place for places in members.values() for place in places)
    dummies = [[float(place in places) for place in used] for places in list(members.values())[1:]]
    return fit_mixed_effects([studies.y[i] for i in used], [studies.v[i] for i in used], dummies)


def _common(fit: MixedEffects) -> CommonTau2:
    return CommonTau2(
        tau2=fit.tau2,
        coef=fit.coef,
        coef_se=fit.se,
        qm=fit.qm,
        df=fit.qm_df,
        qm_p=fit.qm_p,
        qe=fit.qe,
        qe_p=fit.qe_p,
        f=fit.f,
        f_df=fit.f_df,
        f_p=fit.f_p,
    )


def _differences(fit: MixedEffects, names: list[str], scale: Scale, level: float) -> tuple[Difference, ...]:
    """Every pair of groups; the first group's own coefficient is zero, since the others are differences from it."""
    c = two_sided(level, fit.df)
    found = []
    for i, j in combinations(range(len(names)), 2):
        step = fit.coef[j] - (fit.coef[i] if i else 0.0)
        variance = fit.covariance[j][j]
        if i:
            variance += fit.covariance[i][i] - 2.0 * fit.covariance[i][j]
        se = math.sqrt(fit.knha * variance)
        ci = Interval(step - c * se, step + c * se)
        relative = scale in ("logit", "log")
        found.append(
            Difference(
                first=names[i],
                second=names[j],
                difference=step,
                ci=ci,
                p=two_sided_p(step / se, fit.df) if se > 0.0 else 1.0 if step == 0.0 else 0.0,
                ratio=math.exp(step) if relative else None,
                ratio_ci=Interval(math.exp(ci.low), math.exp(ci.high)) if relative else None,
            )
        )
    return tuple(found)

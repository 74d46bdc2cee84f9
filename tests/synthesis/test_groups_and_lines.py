"""Subgroups, regression and small-study tests where the reference file has nothing to say."""

from __future__ import annotations

import math

import pytest
from published_counts import CATHETER_DAYS, VACCINATED

import evidence.synthesis as maths


THIRTEEN = ["a"] * 7 + ["b"] * 6


def refused(call, *args, **options):
    with pytest.raises(maths.PoolingRefused) as caught:
        call(*args, **options)
    return caught.value.code


def test_the_smallest_group_decides_which_test_is_shown():
    def test_for(groups):
        return maths.pool_proportions(*VACCINATED, groups=groups).subgroups.test

    assert test_for(THIRTEEN) == "separate_tau2"
    assert test_for(["a"] * 9 + ["b"] * 4) == "common_tau2"
    assert test_for(["a"] * 11 + ["b"] * 2) is None


def test_groups_too_small_are_listed_without_differences():
    found = maths.pool_proportions(*VACCINATED, groups=["a"] * 12 + ["b"]).subgroups
    alone = found.groups[1]
    assert (alone.k, alone.tau2, alone.i2, alone.q_p) == (1, 0.0, None, None)
    assert alone.ci.width == pytest.approx(2 * 1.959963984540054 * alone.se)
    assert found.differences == ()
    assert found.common_tau2 is not None


def test_one_group_or_none_has_nothing_to_compare():
    one = maths.pool_proportions(*VACCINATED, groups=["a"] * 13).subgroups
    assert (one.separate_tau2, one.common_tau2, one.test) == (None, None, None)
    nobody = maths.pool_proportions(*VACCINATED, groups=[""] * 13).subgroups
    assert (nobody.k_used, nobody.groups) == (0, ())
    each = maths.pool_proportions(*VACCINATED, groups=[str(i) for i in range(13)]).subgroups
    assert each.common_tau2 is None
    assert each.separate_tau2.df == 12


def test_differences_of_three_groups_are_consistent():
    groups = ["a"] * 4 + ["b"] * 5 + ["c"] * 4
    found = maths.pool_proportions(*VACCINATED, groups=groups).subgroups
    steps = {(d.first, d.second): d for d in found.differences}
    assert set(steps) == {("a", "b"), ("a", "c"), ("b", "c")}
    assert steps["a", "c"].difference == pytest.approx(
        steps["a", "b"].difference + steps["b", "c"].difference, rel=1e-9
    )
    renamed = maths.pool_proportions(*VACCINATED, groups=[{"a": "c", "b": "b", "c": "a"}[g] for g in groups])
    mirrored = {(d.first, d.second): d for d in renamed.subgroups.differences}["a", "b"]
    assert steps["b", "c"].ci == pytest.approx((-mirrored.ci.high, -mirrored.ci.low), rel=1e-8)
    for step in found.differences:
        assert step.ratio == pytest.approx(math.exp(step.difference))
        assert step.ratio_ci == pytest.approx([math.exp(limit) for limit in step.ci])
        assert 0.0 < step.p < 1.0


def test_two_groups_differ_by_the_f_test_of_the_common_model():
    found = maths.pool_proportions(*VACCINATED, groups=THIRTEEN).subgroups
    assert found.differences[0].p == pytest.approx(found.common_tau2.f_p, rel=1e-10)


def test_ratios_are_for_odds_and_rates_only():
    rates = maths.pool_rates(*CATHETER_DAYS, groups=list("aaaaabbbb"))
    assert rates.subgroups.differences[0].ratio is not None
    values = maths.pool_estimates([1, 2, 3, 4, 5, 7], [0.1] * 6, groups=list("aaabbb"))
    assert (values.subgroups.differences[0].ratio, values.subgroups.groups[0].ci_share) == (None, None)


def test_groups_without_any_spread():
    same = maths.pool_estimates([0.0] * 6, [0.1] * 6, groups=list("aaabbb")).subgroups
    assert (same.common_tau2.f, same.common_tau2.f_p) == (None, None)
    assert same.differences[0].p == 1.0
    apart = maths.pool_estimates([1.0] * 3 + [2.0] * 3, [0.1] * 6, groups=list("aaabbb")).subgroups
    assert apart.differences[0].p == pytest.approx(0.0, abs=1e-12)


def test_subgroups_of_a_common_effect_use_the_q_version_of_i2():
    found = maths.pool_proportions(*VACCINATED, groups=THIRTEEN, method="common").subgroups
    for group in found.groups:
        assert group.tau2 == 0.0
        assert group.i2 == pytest.approx(100 * (group.q - group.k + 1) / group.q)


def test_subgroups_of_a_count_model_are_compared_on_the_normal_model():
    counted, normal = (
        maths.pool_proportions(*VACCINATED, groups=THIRTEEN, method=method).subgroups
        for method in ("glmm", "reml")
    )
    assert counted == normal


def test_regression_leaves_out_studies_without_the_covariate():
    y, v = maths.logit_effects(*VACCINATED)
    covariate = [None, *[float(i % 2) for i in range(12)]]
    found = maths.meta_regression(y, v, covariate, labels=[f"T{i}" for i in range(13)])
    assert found.k == 12
    assert found.labels[0] == "T1"
    assert found.coef == maths.meta_regression(y[1:], v[1:], covariate[1:]).coef


def test_regression_on_groups_is_the_subgroup_model():
    y, v = maths.logit_effects(*VACCINATED)
    found = maths.meta_regression(y, v, [group == "b" for group in THIRTEEN])
    common = maths.pool_proportions(*VACCINATED, groups=THIRTEEN).subgroups.common_tau2
    assert found.coef == pytest.approx(common.coef, rel=1e-10)
    assert found.tau2 == pytest.approx(common.tau2, rel=1e-10)


def test_regression_needs_more_studies_than_coefficients_and_a_covariate_that_varies():
    assert refused(maths.meta_regression, [1, 2], [1, 1], [0, 1]) == "R4"
    assert refused(maths.meta_regression, [1, 2, 3], [1, 1, 1], [1, 1, 1]) == "R4"
    assert refused(maths.meta_regression, [1, 2, 3], [1, -1, 1], [1, 2, 3]) == "R6"


def test_regression_without_any_spread_explains_nothing():
    found = maths.meta_regression([1.0, 1.0, 1.0, 1.0], [0.1] * 4, [0, 1, 0, 1])
    assert found.r2 is None
    assert found.tau2 == 0.0
    assert found.coef == pytest.approx((1.0, 0.0), abs=1e-12)


def test_regression_with_two_peaks_takes_the_higher():
    """The outlier of the two-peak set, its covariate unrelated: the residual likelihood keeps both peaks."""
    y = [5.84, -0.17, -0.08, 0.18, 1.62, -0.04, -0.62, 0.0, -0.05]
    v = [0.6728, 0.0314, 0.0023, 0.4385, 5.3193, 0.0067, 0.3314, 0.0156, 0.9269]
    found = maths.meta_regression(y, v, [0, 1, 0, 1, 0, 1, 0, 1, 0])
    assert found.tau2 > 1.0


def test_small_study_tests_need_three_studies_of_different_size():
    assert refused(maths.egger_test, [1, 2], [1, 2]) == "R4"
    assert refused(maths.egger_test, [1, 2, 3], [1, 1, 1]) == "R4"
    assert refused(maths.egger_test, [1, 2, 3], [1, 1, 1], model="reml") == "R4"
    assert refused(maths.peters_test, [1, 2, 3], [1, 2, 3], [10, 20, 0]) == "R6"


def test_a_perfect_line_is_certain_and_a_level_one_is_nothing():
    v = [0.01, 0.04, 0.09, 0.16]
    sloped = maths.egger_test([1.0, 1.1, 1.2, 1.3], v)
    assert sloped.slope == pytest.approx(1.0)
    assert sloped.p == pytest.approx(0.0, abs=1e-12)
    level = maths.egger_test([0.0, 0.0, 0.0, 0.0], v)
    assert (level.slope, level.statistic, level.p) == (0.0, 0.0, 1.0)

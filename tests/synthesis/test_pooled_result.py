"""The pooled result: frozen, complete, and plain enough for JSON."""

from __future__ import annotations

import dataclasses
import json
import math

import pytest
from published_counts import CATHETER_DAYS, CATHETERS, LIDOCAINE, VACCINATED

import evidence.synthesis as maths
from evidence.synthesis.effect_sizes import expit


CONTRACT = (
    "k", "estimate", "se", "ci", "ci_share", "estimate_share", "tau2", "tau2_ci", "i2", "i2_ci", "h2", "q",
    "q_df", "q_p", "prediction_interval", "prediction_interval_share", "weights", "leave_one_out", "subgroups",
    "warnings",
)  # fmt: skip


@pytest.mark.parametrize("method", ["reml", "pm", "dl", "ml", "common", "glmm"])
def test_every_field_of_the_contract_is_there_for_every_method(method):
    pooled = maths.pool_proportions(*CATHETERS, method=method, groups=["a"] * 9 + ["b"] * 9)
    values = {name: getattr(pooled, name) for name in CONTRACT}
    may_be_none = {"prediction_interval", "prediction_interval_share"} if method == "common" else set()
    assert {name for name, value in values.items() if value is None} == may_be_none
    assert sum(pooled.weights) == pytest.approx(100.0)
    assert len(pooled.leave_one_out) == pooled.k == 18
    assert pooled.tau2_ci.low <= pooled.tau2_ci.high
    assert pooled.i2_ci.low <= pooled.i2_ci.high
    if method not in ("common", "dl"):
        assert pooled.tau2_ci.covers(pooled.tau2)


def test_the_result_cannot_be_changed():
    pooled = maths.pool_proportions(*LIDOCAINE)
    with pytest.raises(dataclasses.FrozenInstanceError):
        pooled.estimate = 0.0


def test_the_result_as_json_has_no_nan_and_says_everything():
    pooled = maths.pool_proportions(*CATHETERS, method="glmm", labels=[f"S{i}" for i in range(18)])
    values = json.loads(json.dumps(pooled.to_dict(), allow_nan=False))
    assert set(CONTRACT) <= set(values)
    assert values["ci"] == list(pooled.ci)
    assert values["leave_one_out"][0]["omitted"] == "S0"
    assert values["warnings"][0]["code"].startswith("W")


def test_shares_are_none_where_there_is_no_share():
    rates = maths.pool_rates(*CATHETER_DAYS)
    assert rates.scale == "log"
    assert (rates.estimate_share, rates.ci_share, rates.prediction_interval_share, rates.mean_share) == (
        None,
    ) * 4
    assert rates.leave_one_out[0].ci_share is None
    assert rates.total_n is None
    assert rates.back(rates.estimate) == pytest.approx(math.exp(rates.estimate))
    assert rates.boundary_studies == ()
    assert maths.pool_rates([0, *CATHETER_DAYS[0]], [100, *CATHETER_DAYS[1]]).boundary_studies == ("Study 1",)


def test_the_average_share_lies_nearer_one_half_than_the_median():
    pooled = maths.pool_proportions(*VACCINATED)
    assert pooled.estimate_share < pooled.mean_share < 0.5
    assert pooled.mean_share == pytest.approx(_average(pooled.estimate, pooled.tau), rel=1e-6)
    flat = maths.pool_proportions(*LIDOCAINE)
    assert flat.mean_share == pytest.approx(flat.estimate_share, rel=1e-12)


def _average(mu, tau, points=20001):
    """The same integral by the trapezium rule over ten standard deviations."""
    step = 20.0 / (points - 1)
    total = sum(
        expit(mu + tau * u) * math.exp(-0.5 * u * u) for u in (-10.0 + i * step for i in range(points))
    )
    return total * step / math.sqrt(2.0 * math.pi)


def test_wald_intervals_use_the_normal_quantile_and_count_models_t_otherwise():
    t_model = maths.pool_proportions(*CATHETERS, method="glmm")
    z_model = maths.pool_proportions(*CATHETERS, method="glmm", ci_method="wald")
    assert (t_model.df, z_model.df) == (17.0, math.inf)
    assert t_model.se == z_model.se
    assert z_model.ci.width < t_model.ci.width
    assert t_model.hksj_q is None


def test_the_level_moves_every_interval():
    narrow, wide = (maths.pool_proportions(*VACCINATED, level=level) for level in (0.8, 0.99))
    for name in ("ci", "tau2_ci", "prediction_interval", "i2_ci"):
        assert getattr(narrow, name).width < getattr(wide, name).width
    assert narrow.leave_one_out[0].ci.width < wide.leave_one_out[0].ci.width


def test_profile_interval_of_a_count_model_meets_its_chi_square():
    pooled = maths.pool_proportions(*CATHETERS, method="glmm")
    low, high = pooled.tau2_ci
    assert 0.0 < low < pooled.tau2 < high
    flat = maths.pool_proportions(*LIDOCAINE, method="glmm")
    assert flat.tau2 == 0.0
    assert flat.tau2_ci.low == 0.0 < flat.tau2_ci.high


def test_profile_interval_is_open_above_where_the_likelihood_never_falls():
    """Two full studies and an empty one leave hardly anything to hold the spread back."""
    pooled = maths.pool_proportions([0, 6, 4, 1], [9, 6, 4, 2], method="glmm")
    assert pooled.tau2_ci.high == math.inf
    assert pooled.i2_ci.high == 100.0
    assert pooled.to_dict()["tau2_ci"][1] is None


def test_identical_proportions_have_no_width_under_plain_hksj_and_wald_width_under_ad_hoc():
    events, totals = [10] * 4, [50] * 4
    assert maths.pool_proportions(events, totals, ci_method="hksj").ci.width == pytest.approx(0.0, abs=1e-12)
    ad_hoc = maths.pool_proportions(events, totals)
    assert ad_hoc.se == pytest.approx(0.176776695296637)
    assert ad_hoc.p_value == pytest.approx(0.00431840412156496)


def test_a_test_without_error_is_certain():
    fit = maths.fit_random_effects([1.0, 1.0, 1.0], [0.1, 0.1, 0.1], ci_method="hksj")
    assert (fit.statistic, fit.p_value) == (math.inf, 0.0)


def test_leaving_out_the_only_study_with_events_has_no_count_model():
    pooled = maths.pool_proportions([0, 0, 5, 0], [40, 30, 50, 60], method="glmm")
    left = {entry.omitted: entry for entry in pooled.leave_one_out}
    assert left["Study 3"].estimate is None
    assert left["Study 1"].estimate is not None

"""Each caution has a set that calls for it and one that does not."""

from __future__ import annotations

import pytest
from published_counts import CATHETER_DAYS, CATHETERS, LIDOCAINE, VACCINATED

import evidence.synthesis as maths


EVEN = ([30, 33, 28, 31, 29, 32], [100, 100, 100, 100, 100, 100])
"""Six like studies of one size: nothing to caution but that no heterogeneity was found."""


def codes(pooled):
    return [caution.code for caution in pooled.warnings]


def said(pooled, code):
    return [caution.message for caution in pooled.warnings if caution.code == code]


def test_even_studies_call_only_for_the_caution_about_undetected_spread():
    assert codes(maths.pool_proportions(*EVEN)) == ["W10"]
    assert codes(maths.pool_proportions(*EVEN, method="common")) == []


def test_w1_very_few_studies():
    few = maths.pool_proportions(EVEN[0][:4], EVEN[1][:4])
    assert said(few, "W1") == [
        "Only 4 studies. The interval is wide and the prediction interval is not reliable."
    ]
    assert "W1" not in codes(maths.pool_proportions(EVEN[0][:5], EVEN[1][:5]))


def test_w2_disagreement_by_i2_or_by_the_prediction_interval():
    (sentence,) = said(maths.pool_proportions(*VACCINATED), "W2")
    assert sentence.startswith(
        "Studies disagree. The pooled figure is not the value to expect in a new place;"
    )
    assert sentence.endswith("use the range under 0.1% to 10.3%.")
    wide = maths.pool_proportions([2, 12, 6, 10, 3], [20, 30, 20, 25, 20])
    assert wide.i2 < 75
    assert wide.prediction_interval_share.width > 0.3
    assert "W2" in codes(wide)
    common = maths.pool_proportions(*VACCINATED, method="common")
    assert "range 0.2% to 11.7%" in said(common, "W2")[0]
    assert "use the range -" in said(maths.pool_estimates([-9, 0, 9, 4, 2], [0.1] * 5), "W2")[0]


def test_w3_a_study_with_most_of_the_weight():
    heavy = maths.pool_proportions([300, 33, 28, 31], [1000, 100, 100, 100], labels=["Large", "A", "B", "C"])
    assert said(heavy, "W3") == ["The result rests largely on Large."]


def test_w3_a_study_whose_omission_moves_the_estimate():
    labels = [*"ABCDEFGHIJKL", "Odd"]
    counts = [*EVEN[0], *EVEN[0], 250], [*EVEN[1], *EVEN[1], 500]
    moved = maths.pool_proportions(*counts, labels=labels, method="common", ci_method="wald")
    assert max(moved.weights) < 50
    assert said(moved, "W3") == ["The result rests largely on Odd."]


def test_w3_needs_an_interval_with_some_width_as_a_yardstick():
    flat = maths.pool_proportions([10] * 4, [50] * 4, ci_method="hksj")
    assert "W3" not in codes(flat)


def test_w4_empty_cells_and_models_that_part():
    assert said(maths.pool_proportions(*CATHETERS), "W4") == [
        "Rare events: the two models give 1.4% (on the logit scale) and 0.8% (random intercept)."
    ]
    assert said(maths.pool_proportions(*CATHETERS, method="glmm"), "W4") == said(
        maths.pool_proportions(*CATHETERS), "W4"
    )
    assert "W4" not in codes(maths.pool_proportions(*VACCINATED))
    assert "no finite estimate" in said(maths.pool_proportions([0, 30, 40], [20, 30, 40]), "W4")[0]
    assert "W4" not in codes(maths.pool_estimates([0.1, 0.2, 0.3], [0.1] * 3))


def test_w4_for_rates():
    none = maths.pool_rates([0, *CATHETER_DAYS[0]], [300, *CATHETER_DAYS[1]])
    assert "on the log scale" in said(none, "W4")[0]


def test_w5_tiny_studies():
    tiny = maths.pool_proportions([30, 33, 28, 4], [100, 100, 100, 9], labels=["A", "B", "C", "Tiny"])
    assert said(tiny, "W5") == ["Tiny has fewer than 10 people; see the result without."]
    assert "W5" not in codes(maths.pool_rates([3, 4, 5], [5, 6, 7]))


def test_w9_subgroups_too_small_to_compare():
    small = maths.pool_proportions(*EVEN, groups=["a", "a", "a", "b", "b", None])
    assert said(small, "W9") == ["b has fewer than 3 studies: subgroups are listed, not compared."]
    enough = maths.pool_proportions(*EVEN, groups=["a", "a", "a", "b", "b", "b"])
    assert "W9" not in codes(enough)


@pytest.mark.parametrize(
    ("k", "covariates", "enough"), [(9, 1, False), (10, 1, True), (19, 2, False), (20, 2, True)]
)
def test_w9_regressions_need_ten_studies_for_each_covariate(k, covariates, enough):
    caution = maths.check_regression(k, covariates)
    assert (caution is None) == enough
    assert enough or caution.code == "W9"


def test_w10_no_spread_detected_names_what_cannot_be_excluded():
    with_upper = maths.pool_proportions([30, 33, 28, 40], [100, 100, 100, 100])
    assert with_upper.tau2 > 0
    assert "W10" not in codes(with_upper)
    assert "(the interval has no positive value)" in said(maths.pool_proportions(*LIDOCAINE), "W10")[0]
    assert "(interval 0 to 0.186)" in said(maths.pool_proportions(*LIDOCAINE, method="glmm"), "W10")[0]


def test_w11_two_peaks_are_both_named():
    """One outlier among precise studies: the restricted likelihood peaks at 0 and again far out."""
    y = [5.84, -0.17, -0.08, 0.18, 1.62, -0.04, -0.62, 0.0, -0.05]
    v = [0.6728, 0.0314, 0.0023, 0.4385, 5.3193, 0.0067, 0.3314, 0.0156, 0.9269]
    pooled = maths.pool_estimates(y, v)
    assert len(pooled.peaks) == 2
    assert pooled.tau2 == max(pooled.peaks) == pytest.approx(3.28, abs=1e-2)
    assert "several peaks, at tau2 = 0 and 3.28" in said(pooled, "W11")[0]

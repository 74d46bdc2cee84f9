"""A few published or independently computed values, so that something is tested wherever the tests are run."""

from __future__ import annotations

import pytest
from published_counts import CATHETER_DAYS, CATHETERS, LIDOCAINE, VACCINATED

import evidence.synthesis as maths


@pytest.mark.parametrize(
    ("x", "n", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_as_in_the_table_of_newcombe_1998(x, n, low, high):
    assert maths.wilson(x, n) == pytest.approx((low, high), abs=5e-5)


@pytest.mark.parametrize(
    ("x", "n", "low", "high"),
    [(81, 263, 0.2527, 0.3676), (15, 148, 0.0578, 0.1617), (0, 20, 0.0, 0.1684), (1, 29, 0.0009, 0.1776)],
)
def test_clopper_pearson_as_in_the_table_of_newcombe_1998(x, n, low, high):
    assert maths.clopper_pearson(x, n) == pytest.approx((low, high), abs=5e-5)


def test_reml_and_ad_hoc_interval_as_metafor_computes_them_when_converged():
    """metafor 4.8-0, rma(method = "REML", test = "adhoc") with threshold 1e-15."""
    pooled = maths.pool_proportions(*VACCINATED)
    assert pooled.estimate == pytest.approx(-4.88947170195884, rel=1e-10)
    assert pooled.se == pytest.approx(0.344134075561486, rel=1e-10)
    assert pooled.tau2 == pytest.approx(1.44768003695396, rel=1e-10)
    assert pooled.ci == pytest.approx((-5.63927544091788, -4.1396679629998), rel=1e-10)
    assert pooled.ci_share == pytest.approx((0.0035428472086794, 0.0156784114359262), rel=1e-10)
    assert pooled.prediction_interval == pytest.approx((-7.61613064878901, -2.16281275512868), rel=1e-10)
    assert pooled.tau2_ci == pytest.approx((0.701436193561527, 4.00740021433646), rel=1e-10)
    assert (pooled.i2, pooled.i2_q) == pytest.approx((98.8813289414391, 99.2271355392931), rel=1e-10)


@pytest.mark.parametrize(
    ("counts", "estimate", "se", "tau2"),
    [
        (VACCINATED, -4.93513334010232, 0.331269164971222, 1.32410447152737),
        (CATHETERS, -4.81184996986853, 0.355198774419015, 0.825323493410441),
        (LIDOCAINE, -2.64291089893125, 0.170147300742927, 0.0),
    ],
)
def test_count_model_as_integrated_in_r_with_120_nodes(counts, estimate, se, tau2):
    found = maths.fit_binomial(*counts)
    assert (found.estimate, found.se, found.tau2) == pytest.approx((estimate, se, tau2), rel=1e-6)
    coarse = maths.fit_binomial(*counts, nodes=31)
    assert (coarse.estimate, coarse.se, coarse.tau2) == pytest.approx((estimate, se, tau2), rel=1e-4)


def test_poisson_count_model_as_integrated_in_r_with_120_nodes():
    found = maths.fit_poisson(*CATHETER_DAYS)
    expected = (-5.50706283519798, 0.231014382331941, 0.316526379690819, -26.5438614626894)
    assert (found.estimate, found.se, found.tau2, found.loglik) == pytest.approx(expected, rel=1e-6)


def test_the_correction_of_empty_cells_pulls_towards_one_half():
    """Crude share 1.1%; the model that needs no correction stays below the corrected logits by half a logit."""
    shares = [maths.pool_proportions(*CATHETERS, method=method).estimate_share for method in ("glmm", "reml")]
    assert shares == pytest.approx([0.00806719147914522, 0.0139196521115877], rel=1e-6)


def test_kappa_paradox_of_feinstein_and_cicchetti_1990():
    """Both tables show 85% agreement; kappa falls to 0.32 where one answer is common, AC1 does not."""
    balanced, skewed = [[40, 9], [6, 45]], [[80, 10], [5, 5]]
    assert [round(float(maths.cohen_kappa(t)), 2) for t in (balanced, skewed)] == [0.70, 0.32]
    assert [round(float(maths.gwet_ac1(t)), 2) for t in (balanced, skewed)] == [0.70, 0.81]


def test_alpha_of_krippendorff_2011_with_four_observers_and_gaps():
    ratings = [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3],
        [None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, float("nan")],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None],
    ]
    found = [
        round(maths.krippendorff_alpha(ratings, level), 3) for level in ("nominal", "ordinal", "interval")
    ]
    assert found == [0.743, 0.815, 0.849]


def test_garwood_limits_of_a_standardised_ratio():
    """Twelve events where 4.7 were expected; R poisson.test(12) / 4.7."""
    found = maths.standardised_ratio(12, 4.7)
    assert found.ci == pytest.approx((1.31927129972813, 4.45991171237807), rel=1e-12)

"""Corners of the arithmetic that no whole data set reaches."""

from __future__ import annotations

import math

import pytest
from published_counts import VACCINATED

import evidence.synthesis as maths
from evidence.synthesis.glmm import fit_binomial
from evidence.synthesis.heterogeneity import i2_from_q
from evidence.synthesis.tau2 import polish


def test_test_based_interval_of_i2_needs_three_studies_and_some_spread():
    assert maths.i2_q_interval(5.0, 2) is None
    assert maths.i2_q_interval(0.0, 5) == (0.0, 0.0)
    low, high = maths.i2_q_interval(3.0, 5)
    assert (low, high) == (0.0, pytest.approx(72.27, abs=0.01))
    assert i2_from_q(0.0, 4) == 0.0


def test_a_zero_is_found_by_halving_where_no_slope_is_known():
    assert polish(lambda t: (2.0 - t * t, 0.0), 0.0, 2.0) == pytest.approx(math.sqrt(2.0), rel=1e-12)
    assert polish(lambda t: (2.0 - t * t, -2.0 * t), 0.0, 2.0) == pytest.approx(math.sqrt(2.0), rel=1e-14)


def test_a_spread_of_many_logits_still_converges():
    """Nearly full studies beside nearly empty ones: the quadrature is noisy there, its gradient is not."""
    found = fit_binomial([4, 16, 33, 3, 5], [39, 16, 34, 3, 5])
    assert (found.estimate, found.tau) == pytest.approx((4.01, 3.92), abs=0.02)
    wide = fit_binomial([0, 134, 87], [24, 137, 87])
    assert wide.tau == pytest.approx(9.6, abs=1.0)


def test_a_spread_beyond_what_quadrature_can_vouch_for_is_refused_not_guessed():
    """One full study among empty ones: the likelihood is level from about eight logits of spread onwards."""
    with pytest.raises(maths.PoolingRefused, match="finite spread"):
        fit_binomial([64, 0, 1, 0], [64, 17, 87, 6])


def test_a_saddle_at_no_spread_does_not_hide_the_small_peak_beside_it():
    """Newton's method comes to rest at tau = 0 from afar; the maximum is at 0.03."""
    found = fit_binomial([8, 1, 1, 22, 24, 22, 2, 2, 0, 9], [121, 7, 4, 154, 158, 170, 26, 11, 3, 59])
    assert found.tau == pytest.approx(0.03109016557, rel=1e-6)
    assert found.loglik > found.loglik_common


def test_pools_of_estimates_have_no_boundary_studies_and_no_other_model():
    pooled = maths.pool_estimates([1, 2, 4], [1, 1, 1])
    assert pooled.boundary_studies == ()
    assert pooled.other_model is None
    assert pooled.study_range == (1.0, 4.0)


def test_every_study_at_one_place_of_a_scale_with_different_sizes():
    y, v = maths.logit_effects(*VACCINATED)
    same = maths.fit_random_effects([y[0]] * len(v), v)
    assert (same.tau2, same.hksj_q) == (0.0, pytest.approx(0.0, abs=1e-20))

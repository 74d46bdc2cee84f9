"""Bounds with unknown categories, ratios to a benchmark, and votes on direction, at their edges."""

from __future__ import annotations

import math

import pytest
from published_counts import CATHETER_DAYS, LIDOCAINE

import evidence.synthesis as maths
from evidence.synthesis.benchmark import koopman_interval


def refused(call, *args, **options):
    with pytest.raises(maths.PoolingRefused) as caught:
        call(*args, **options)
    return caught.value.code


def test_bounds_of_the_share_recorded_as_white_among_suspects():
    """83 per cent of those recorded, 28 to 94 per cent of all: the caution that the whole product rests on."""
    found = maths.unknown_bounds(known=280, unknown=660, total=1000)
    assert (found.lower, found.upper) == pytest.approx((0.28, 0.94))
    assert found.complete_case == pytest.approx(280 / 340)
    assert found.unknown_share == pytest.approx(0.66)
    assert found.outer.low < found.imbens_manski.low < found.lower
    assert found.upper < found.imbens_manski.high


def test_bounds_without_unknowns_collapse_to_the_share():
    found = maths.unknown_bounds(30, 0, 100)
    assert found.lower == found.upper == found.complete_case
    assert found.imbens_manski_c == pytest.approx(1.959963984540054)
    assert found.outer == maths.wilson(30, 100)


def test_bounds_where_nothing_is_known():
    found = maths.unknown_bounds(0, 40, 40)
    assert (found.lower, found.upper, found.complete_case) == (0.0, 1.0, None)
    assert (found.outer, found.imbens_manski) == ((0.0, 1.0), (0.0, 1.0))
    assert found.imbens_manski_c == pytest.approx(1.6448536269514722)


@pytest.mark.parametrize(
    "counts", [(-1, 5, 10), (1, -5, 10), (6, 5, 10), (1, 1, 0), (1.5, 1, 10), (1, None, 10)]
)
def test_impossible_counts_have_no_bounds(counts):
    assert refused(maths.unknown_bounds, *counts) == "R6"


def test_pooled_bounds_need_matching_rows_that_fit_their_totals():
    assert refused(maths.pool_bounds, [1, 2, 3], [1, 1], [10, 10, 10]) == "R6"
    assert refused(maths.pool_bounds, [1, 2, 3], [10, 1, 1], [10, 10, 10]) == "R6"
    assert refused(maths.pool_bounds, [1, 2], [1, 1], [10, 10]) == "R4"


def test_pooled_bounds_hold_the_pool_of_each_side():
    found = maths.pool_bounds([30, 20, 25], [10, 20, 30], [100, 90, 120], labels=["A", "B", "C"])
    assert found.lower.estimate == maths.pool_proportions([30, 20, 25], [100, 90, 120]).estimate
    assert found.upper.estimate == maths.pool_proportions([40, 40, 55], [100, 90, 120]).estimate
    assert found.limits == (found.lower.estimate_share, found.upper.estimate_share)
    assert found.to_dict()["limits"] == list(found.limits)
    assert not found.wider_than(None)
    one_sided = maths.pool_bounds([0, 0, 0], [10, 20, 30], [100, 90, 120])
    assert one_sided.lower is None
    assert one_sided.to_dict() == {
        "limits": None, "lower": None, "upper": one_sided.upper.to_dict(), "reason": one_sided.reason,
    }  # fmt: skip


def test_a_benchmark_is_either_fixed_or_counted():
    fixed = maths.benchmark_ratio(30, 100, benchmark=0.12)
    assert (fixed.fixed, fixed.ci_method, fixed.koopman_score, fixed.mover_wilson) == (
        True, "benchmark_fixed_wilson", None, None,
    )  # fmt: skip
    assert fixed.ratio == pytest.approx(2.5)
    for options in ({}, {"benchmark": 0.1, "benchmark_events": 5, "benchmark_n": 9}, {"benchmark_events": 5}):
        with pytest.raises(ValueError, match="either"):
            maths.benchmark_ratio(30, 100, **options)


@pytest.mark.parametrize("benchmark", [0.0, -0.1, 1.2, math.nan])
def test_a_fixed_benchmark_is_a_share(benchmark):
    assert refused(maths.benchmark_ratio, 30, 100, benchmark=benchmark) == "R6"


def test_a_benchmark_on_fewer_than_five_events_gives_no_ratio():
    assert refused(maths.benchmark_ratio, 30, 100, benchmark_events=4, benchmark_n=1000) == "R7"
    assert maths.benchmark_ratio(30, 100, benchmark_events=5, benchmark_n=1000).ratio == pytest.approx(60)
    assert refused(maths.benchmark_ratio, 130, 100, benchmark_events=5, benchmark_n=1000) == "R6"
    assert refused(maths.benchmark_ratio, 30, 100, benchmark_events=5000, benchmark_n=1000) == "R6"


def test_score_intervals_mirror_when_numerator_and_benchmark_change_places():
    there = maths.benchmark_ratio(9, 9, benchmark_events=7, benchmark_n=12).koopman_score
    back = maths.benchmark_ratio(7, 12, benchmark_events=9, benchmark_n=9).koopman_score
    assert there == pytest.approx((1 / back.high, 1 / back.low), rel=1e-10)
    assert there.high == pytest.approx(1 / maths.wilson(7, 12).low, rel=1e-10)


def test_score_intervals_of_nothing_over_something_and_the_reverse():
    low, high = koopman_interval(0, 25, 30, 1000)
    assert (low, high) == (0.0, pytest.approx(4.50625625542651, rel=1e-10))
    assert koopman_interval(30, 1000, 0, 25) == (pytest.approx(1 / high), math.inf)


def test_a_pooled_share_against_a_fixed_benchmark_divides_its_limits():
    pooled = maths.pool_proportions(*LIDOCAINE)
    ratio, interval = maths.pooled_ratio(pooled, 0.05)
    assert ratio == pytest.approx(pooled.estimate_share / 0.05)
    assert interval == pytest.approx([limit / 0.05 for limit in pooled.ci_share])
    assert refused(maths.pooled_ratio, pooled, 0.0) == "R6"
    with pytest.raises(ValueError, match="pooled share"):
        maths.pooled_ratio(maths.pool_rates(*CATHETER_DAYS), 0.05)


@pytest.mark.parametrize(("observed", "expected"), [(-1, 2), (1.5, 2), (math.nan, 2), (1, 0), (1, math.inf)])
def test_standardised_ratios_need_a_count_and_an_expectation(observed, expected):
    assert refused(maths.standardised_ratio, observed, expected) == "R6"


def test_votes_need_counts_and_at_least_one_study():
    assert refused(maths.direction_vote, 0, 0) == "R4"
    for votes in ((-1, 3), (3, -1), (1.5, 2), (None, 2)):
        assert refused(maths.direction_vote, *votes) == "R6"
    one = maths.direction_vote(0, 1)
    assert (one.share, one.p) == (0.0, 1.0)
    assert maths.direction_vote(4, 4).p == 1.0


def test_the_sign_test_sums_the_binomial():
    for above, below in ((8, 2), (5, 0), (9, 6), (3, 12)):
        n = above + below
        tail = sum(math.comb(n, i) for i in range(max(above, below), n + 1)) / 2**n
        assert maths.direction_vote(above, below).p == pytest.approx(min(1.0, 2 * tail), rel=1e-12)


@pytest.mark.parametrize("values", [[], [0.0], [1.1], [0.5, math.nan]])
def test_only_p_values_can_be_combined(values):
    assert refused(maths.combine_p_values, values) == "R6"


def test_one_p_value_combines_to_itself():
    assert maths.combine_p_values([0.037]).p == pytest.approx(0.037, rel=1e-12)

"""Laws of intervals, bounds, votes and agreement."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import evidence.synthesis as maths


share = st.integers(1, 100_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
levels = st.sampled_from([0.5, 0.8, 0.9, 0.95, 0.99])
INTERVALS = (maths.wilson, maths.clopper_pearson, maths.jeffreys)


@given(share, levels)
def test_intervals_of_a_share_hold_it_and_mirror(counts, level):
    x, n = counts
    for interval in INTERVALS:
        low, high = interval(x, n, level)
        assert 0.0 <= low <= x / n * (1 + 1e-12)
        assert x / n * (1 - 1e-12) <= high <= 1.0
        assert interval(n - x, n, level) == pytest.approx((1 - high, 1 - low), rel=1e-7, abs=1e-9)


@given(share)
def test_a_higher_level_never_gives_a_shorter_interval(counts):
    for interval in INTERVALS:
        assert interval(*counts, 0.99).width >= interval(*counts, 0.8).width


@given(share, levels)
def test_the_exact_interval_holds_the_one_of_jeffreys(counts, level):
    exact, jeffreys = maths.clopper_pearson(*counts, level), maths.jeffreys(*counts, level)
    assert exact.low <= jeffreys.low + 1e-12
    assert exact.high >= jeffreys.high - 1e-12


@given(
    st.integers(1, 2000).flatmap(
        lambda n: st.integers(0, n).flatmap(
            lambda x: st.tuples(st.just(x), st.integers(0, n - x), st.just(n))
        )
    ),
    levels,
)
def test_bounds_hold_the_complete_case_and_widen_with_the_unknowns(counts, level):
    known, unknown, total = counts
    found = maths.unknown_bounds(known, unknown, total, level=level)
    assert 0.0 <= found.lower <= found.upper <= 1.0
    assert found.upper - found.lower == pytest.approx(found.unknown_share)
    if found.complete_case is not None:
        assert found.lower <= found.complete_case <= found.upper + 1e-12
    assert found.outer.low <= found.lower + 1e-12
    assert found.outer.high >= found.upper - 1e-12
    one_sided, two_sided = (maths.unknown_bounds(1, u, 9, level=level).imbens_manski_c for u in (8, 0))
    assert one_sided - 1e-12 <= found.imbens_manski_c <= two_sided + 1e-12


@given(share, st.integers(5, 5000).flatmap(lambda n: st.tuples(st.integers(5, n), st.just(n))))
@settings(max_examples=200)
def test_ratios_to_a_benchmark_lie_in_their_intervals_and_mirror(counts, benchmark):
    found = maths.benchmark_ratio(*counts, benchmark_events=benchmark[0], benchmark_n=benchmark[1])
    for interval in (found.koopman_score, found.mover_wilson, found.benchmark_fixed_wilson):
        assert interval.low <= found.ratio * (1 + 1e-9)
        assert interval.high >= found.ratio * (1 - 1e-9)
    if counts[0] >= 5:
        back = maths.benchmark_ratio(*benchmark, benchmark_events=counts[0], benchmark_n=counts[1])
        mirrored = 1 / back.koopman_score.high, 1 / back.koopman_score.low
        assert found.koopman_score == pytest.approx(mirrored, rel=1e-6)


@given(st.integers(0, 200), st.floats(0.01, 1000))
def test_standardised_ratios_lie_in_their_exact_interval(observed, expected):
    found = maths.standardised_ratio(observed, expected)
    assert found.ci.low <= found.ratio <= found.ci.high


@given(st.integers(0, 300), st.integers(0, 300))
def test_votes_mirror(above, below):
    if above + below == 0:
        return
    there, back = maths.direction_vote(above, below), maths.direction_vote(below, above)
    assert there.p == back.p
    assert 0.0 < there.p <= 1.0
    assert there.ci == pytest.approx((1 - back.ci.high, 1 - back.ci.low), abs=1e-12)


tables = (
    st.integers(2, 5)
    .flatmap(
        lambda size: st.lists(
            st.lists(st.integers(0, 40), min_size=size, max_size=size), min_size=size, max_size=size
        )
    )
    .filter(lambda table: sum(map(sum, table)) > 1)
)


@given(tables, st.sampled_from([None, "linear", "quadratic"]))
def test_agreement_does_not_depend_on_who_is_called_first(table, weights):
    turned = [list(column) for column in zip(*table, strict=True)]
    one, other = maths.cohen_kappa(table, weights), maths.cohen_kappa(turned, weights)
    assert (one.estimate, one.se) == pytest.approx(
        (other.estimate, other.se), rel=1e-9, abs=1e-9, nan_ok=True
    )
    assert math.isnan(one.estimate) or one.estimate <= 1.0
    assert maths.gwet_ac1(table).estimate == pytest.approx(
        maths.gwet_ac1(turned).estimate, rel=1e-9, abs=1e-9
    )


@given(
    st.integers(2, 4).flatmap(
        lambda observers: st.lists(
            st.lists(st.none() | st.integers(1, 4), min_size=observers, max_size=observers),
            min_size=3,
            max_size=20,
        )
    ),
    st.sampled_from(["nominal", "ordinal", "interval", "ratio"]),
    st.randoms(),
)
def test_alpha_knows_neither_the_order_of_units_nor_of_observers(units, level, random):
    def alpha(rows):
        try:
            return maths.krippendorff_alpha(list(zip(*rows, strict=True)), level)
        except ValueError as refused:
            return str(refused)

    expected = alpha(units)
    shuffled = [random.sample(unit, len(unit)) for unit in random.sample(units, len(units))]
    found = alpha(shuffled)
    if isinstance(expected, str):
        assert found == expected
    else:
        assert found == pytest.approx(expected, rel=1e-9, abs=1e-9, nan_ok=True)
        assert math.isnan(expected) or expected <= 1.0

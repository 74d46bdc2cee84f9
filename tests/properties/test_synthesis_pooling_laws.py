"""Laws that every pool obeys, whatever the studies."""

from __future__ import annotations

import math

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

import evidence.synthesis as maths
from evidence.synthesis.quantiles import chi2_quantile
from evidence.synthesis.tau2 import generalised_q, log_likelihood


METHODS = ("reml", "ml", "pm", "dl", "common")
totals = st.integers(1, 5000)
study = totals.flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
inner_study = st.integers(2, 3000).flatmap(lambda n: st.tuples(st.integers(1, n - 1), st.just(n)))
sets = st.lists(study, min_size=3, max_size=15)
inner_sets = st.lists(inner_study, min_size=3, max_size=15)
estimates = st.lists(
    st.tuples(st.floats(-5, 5), st.floats(-4, 2).map(lambda exponent: 10.0**exponent)),
    min_size=3,
    max_size=15,
)


def columns(studies):
    return [a for a, _ in studies], [b for _, b in studies]


def some_event_and_some_none(studies):
    return any(x for x, _ in studies) and any(x < n for x, n in studies)


@given(sets.filter(some_event_and_some_none), st.sampled_from(METHODS), st.randoms())
def test_the_order_of_studies_does_not_matter(studies, method, random):
    shuffled = random.sample(studies, len(studies))
    one, other = (maths.pool_proportions(*columns(entries), method=method) for entries in (studies, shuffled))
    for name in ("estimate", "se", "tau2", "q", "i2", "h2"):
        assert getattr(one, name) == pytest.approx(getattr(other, name), rel=1e-12, abs=1e-12)
    assert one.ci == pytest.approx(other.ci, rel=1e-12, abs=1e-12)
    assert one.tau2_ci == pytest.approx(other.tau2_ci, rel=1e-12, abs=1e-12)
    assert sorted(one.weights) == pytest.approx(sorted(other.weights), rel=1e-12)


@given(sets.filter(some_event_and_some_none), st.sampled_from(METHODS))
def test_counting_those_without_the_event_mirrors_the_result(studies, method):
    x, n = columns(studies)
    seen = maths.pool_proportions(x, n, method=method)
    unseen = maths.pool_proportions([b - a for a, b in studies], n, method=method)
    assert unseen.estimate == pytest.approx(-seen.estimate, rel=1e-9, abs=1e-9)
    assert unseen.ci == pytest.approx((-seen.ci.high, -seen.ci.low), rel=1e-9, abs=1e-9)
    assert (unseen.tau2, unseen.q) == pytest.approx((seen.tau2, seen.q), rel=1e-9, abs=1e-9)
    assert unseen.weights == pytest.approx(seen.weights, rel=1e-9)
    assert unseen.estimate_share == pytest.approx(1 - seen.estimate_share, rel=1e-9, abs=1e-9)


@given(inner_sets)
def test_ten_times_the_people_gives_ten_times_the_q_and_no_lower_i2(studies):
    x, n = columns(studies)
    small = maths.pool_proportions(x, n)
    large = maths.pool_proportions([10 * a for a in x], [10 * b for b in n])
    assert large.q == pytest.approx(10 * small.q, rel=1e-9, abs=1e-9)
    assert large.i2_q >= small.i2_q - 1e-9


@given(estimates, st.booleans())
@example([(10.32, 6.8855), (-0.05, 0.0068), (0.13, 3.9828), (-0.52, 0.3749), (-0.14, 0.07)], True)
@settings(max_examples=300)
def test_the_likelihood_found_is_not_below_the_best_of_a_fine_grid(pairs, restricted):
    y, v = columns(pairs)
    found = maths.fit_random_effects(y, v, method="reml" if restricted else "ml")
    grid = [0.0, *(10.0 ** (-6 + 8.5 * i / 198) for i in range(199))]
    best = max(log_likelihood(y, v, tau2, restricted=restricted) for tau2 in grid)
    assert log_likelihood(y, v, found.tau2, restricted=restricted) >= best - 1e-9 * max(1.0, abs(best))
    assert found.tau2 in found.peaks


@given(sets.filter(some_event_and_some_none), st.sampled_from(METHODS))
def test_ad_hoc_intervals_are_never_shorter_than_the_others_and_prediction_covers_them(studies, method):
    pools = {
        ci: maths.pool_proportions(*columns(studies), method=method, ci_method=ci)
        for ci in ("hksj_adhoc", "hksj", "wald")
    }
    ad_hoc = pools["hksj_adhoc"].ci.width
    assert ad_hoc >= pools["wald"].ci.width
    assert ad_hoc >= pools["hksj"].ci.width * (1 - 1e-12)
    if method != "common":
        for pooled in pools.values():
            assert pooled.prediction_interval.low <= pooled.ci.low
            assert pooled.prediction_interval.high >= pooled.ci.high


@given(estimates, st.sampled_from([0.8, 0.95, 0.99]))
def test_q_profile_limits_reproduce_their_chi_squares(pairs, level):
    y, v = columns(pairs)
    interval = maths.q_profile(y, v, level)
    for limit, tail in zip(interval, (0.5 + 0.5 * level, 0.5 - 0.5 * level), strict=True):
        target = chi2_quantile(tail, len(y) - 1)
        q, _ = generalised_q(y, v, limit)
        if limit > 0.0:
            assert q == pytest.approx(target, rel=1e-9)
        else:
            assert q <= target


@given(estimates)
def test_paule_and_mandel_makes_q_equal_its_degrees_of_freedom(pairs):
    y, v = columns(pairs)
    found = maths.fit_random_effects(y, v, method="pm")
    q, _ = generalised_q(y, v, found.tau2)
    assert found.tau2 == 0.0 or q == pytest.approx(len(y) - 1, rel=1e-9)
    assert found.tau2 > 0.0 or q <= len(y) - 1 + 1e-12


@given(estimates, st.floats(-100, 100), st.floats(0.01, 100))
def test_shifting_and_stretching_the_scale_moves_the_result_along(pairs, shift, stretch):
    y, v = columns(pairs)
    plain = maths.fit_random_effects(y, v, method="pm")
    moved = maths.fit_random_effects(
        [shift + stretch * a for a in y], [stretch * stretch * b for b in v], method="pm"
    )
    assert moved.estimate == pytest.approx(shift + stretch * plain.estimate, rel=1e-6, abs=1e-6 * stretch)
    assert moved.tau2 == pytest.approx(stretch * stretch * plain.tau2, rel=1e-5, abs=1e-7 * stretch * stretch)


@given(estimates)
def test_weights_add_to_a_hundred_and_the_estimate_lies_among_the_studies(pairs):
    y, v = columns(pairs)
    pooled = maths.pool_estimates(y, v)
    assert math.fsum(pooled.weights) == pytest.approx(100.0)
    assert min(y) - 1e-9 <= pooled.estimate <= max(y) + 1e-9
    assert 0.0 <= pooled.i2 <= 100.0
    assert pooled.h2 >= 1.0


@given(st.lists(study, max_size=2))
def test_fewer_than_three_studies_are_always_refused(studies):
    with pytest.raises(maths.PoolingRefused) as caught:
        maths.pool_proportions(*columns(studies))
    assert caught.value.code == "R4"


@given(st.lists(totals, min_size=3, max_size=15), st.booleans())
def test_empty_or_full_sets_are_always_refused(bases, full):
    with pytest.raises(maths.PoolingRefused) as caught:
        maths.pool_proportions(bases if full else [0] * len(bases), bases)
    assert caught.value.code == "R5"


@given(st.lists(inner_study, min_size=3, max_size=8, unique=True), st.data())
def test_overlap_is_always_refused_and_one_of_each_cluster_kept(studies, data):
    entries = [
        maths.Estimate(
            label=f"S{i}", source_id=f"s{i}", events=x, total=n + 50, unit="offender", geography=f"Town {i}"
        )
        for i, (x, n) in enumerate(studies)
    ]
    assume(len({(entry.events, entry.total) for entry in entries}) == len(entries))
    pair = data.draw(st.sets(st.sampled_from([entry.source_id for entry in entries]), min_size=2, max_size=2))
    gate = maths.check_comparable(entries, statement="Signed.", overlaps={frozenset(pair)})
    assert "R3" in {refusal.code for refusal in gate.refusals}
    kept = maths.resolve_overlaps(entries, gate.overlaps).kept
    assert len(kept) == len(entries) - 1
    assert len({entry.source_id for entry in kept} & pair) == 1


@given(st.lists(inner_study, min_size=3, max_size=8))
@settings(max_examples=40, deadline=None)
def test_the_count_model_mirrors_and_beats_its_common_model(studies):
    x, n = columns(studies)
    try:
        seen = maths.fit_binomial(x, n, nodes=31)
    except maths.PoolingRefused:
        return
    assert seen.loglik >= seen.loglik_common - 1e-9
    unseen = maths.fit_binomial([b - a for a, b in studies], n, nodes=31)
    if seen.tau < 3.0:
        assert unseen.estimate == pytest.approx(-seen.estimate, rel=1e-5, abs=1e-5)
        assert unseen.tau == pytest.approx(seen.tau, rel=1e-4, abs=1e-4)

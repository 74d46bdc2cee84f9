"""Change between two periods."""

import math

import pytest
from scipy import stats

from evidence.synthesis import PoolingRefused, count_change, share_change


def test_ratio_of_counts_and_its_limits_agree_with_the_beta_quantiles():
    change = count_change(80, 100)

    low, high = stats.beta.ppf([0.025, 0.975], [100, 101], [81, 80])
    assert change.ratio == pytest.approx(1.25)
    assert change.interval.low == pytest.approx(low / (1 - low), rel=1e-10)
    assert change.interval.high == pytest.approx(high / (1 - high), rel=1e-10)


def test_order_of_periods_turns_the_ratio_over():
    there, back = count_change(40, 55), count_change(55, 40)

    assert there.ratio == pytest.approx(1 / back.ratio)
    assert there.interval.low == pytest.approx(1 / back.interval.high, rel=1e-9)


def test_nothing_in_the_earlier_period_gives_no_upper_limit():
    change = count_change(0, 7)

    assert math.isinf(change.ratio)
    assert math.isinf(change.interval.high)
    assert change.interval.low > 0


def test_ratio_of_shares_uses_their_bases():
    change = share_change(50, 1000, 60, 2000)

    assert change.ratio == pytest.approx(0.6)
    assert change.interval.low < 0.6 < change.interval.high < 1


@pytest.mark.parametrize("counts", [(-1, 5), (0, 0), (1.5, 2), (float("nan"), 2), ("a", 2)])
def test_impossible_counts_are_refused_by_name(counts):
    with pytest.raises(PoolingRefused) as refused:
        count_change(*counts)

    assert refused.value.code == "R6"

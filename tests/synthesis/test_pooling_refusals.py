"""What the arithmetic refuses, and how it names the rows. Rules R4, R5 and R6 only: the rest is the gate's."""

from __future__ import annotations

import math
from decimal import Decimal

import numpy as np
import pytest
from published_counts import LIDOCAINE

import evidence.synthesis as maths
from evidence.synthesis.refusals import Row


GOOD = ([5, 8, 9], [50, 60, 70])


def refused(call, *args, **options):
    with pytest.raises(maths.PoolingRefused) as caught:
        call(*args, **options)
    return caught.value


@pytest.mark.parametrize(
    ("events", "total", "said"),
    [
        (-1, 50, "are negative"),
        (51, 50, "exceed the total"),
        (0, 0, "not above zero"),
        (5, -3, "not above zero"),
        (2.5, 50, "not whole numbers"),
        (5, 50.5, "not whole numbers"),
        (math.nan, 50, "missing"),
        (5, math.inf, "missing"),
        (None, 50, "missing"),
        ("five", 50, "missing"),
    ],
)
def test_each_bad_row_is_named_by_label_and_number(events, total, said):
    found = refused(maths.pool_proportions, [5, events, 9], [50, total, 70], labels=["A", "B", "C"])
    assert found.code == "R6"
    assert "B (row 2)" in found.message
    assert said in found.message
    assert found.rows == (Row(2, "B"),)
    assert str(found).startswith("R6: ")


def test_all_bad_rows_are_named_at_once():
    found = refused(maths.pool_proportions, [5, -1, 99], [50, 60, 70])
    assert [row.number for row in found.rows] == [2, 3]
    assert "Study 2" in found.message
    assert "Study 3" in found.message


def test_columns_of_different_length_are_refused():
    for call in (maths.pool_proportions, maths.pool_rates, maths.pool_estimates):
        assert refused(call, [1, 2, 3], [50, 60]).code == "R6"
    assert refused(maths.pool_proportions, *GOOD, labels=["A"]).code == "R6"
    assert refused(maths.pool_proportions, *GOOD, groups=["a", "b"]).code == "R6"
    assert refused(maths.mean_effects, [1, 2], [1], [5, 5]).code == "R6"
    assert refused(maths.correlation_effects, [0.1], [50, 60]).code == "R6"
    assert refused(maths.peters_test, [1, 2, 3], [1, 1, 1], [10, 20]).code == "R6"
    assert refused(maths.meta_regression, [1, 2, 3], [1, 1, 1], [0, 1]).code == "R6"


@pytest.mark.parametrize(("y", "v"), [(math.nan, 1.0), (0.0, 0.0), (0.0, -1.0), (0.0, math.inf)])
def test_estimates_without_a_finite_value_and_a_positive_variance_are_refused(y, v):
    found = refused(maths.pool_estimates, [0.1, 0.2, y], [0.1, 0.1, v])
    assert (found.code, found.rows) == ("R6", (Row(3, "Study 3"),))


@pytest.mark.parametrize(("x", "t"), [(-1, 10), (1.5, 10), (1, 0), (math.nan, 10), (1, math.inf)])
def test_rates_without_a_count_and_an_exposure_are_refused(x, t):
    assert refused(maths.pool_rates, [1, 2, x], [10, 20, t]).code == "R6"


def test_effect_sizes_name_their_bad_rows():
    assert refused(maths.mean_effects, [1, 2], [1, 0], [5, 5]).rows == (Row(2, "Study 2"),)
    assert refused(maths.mean_effects, [1, 2], [1, 1], [0, 5]).rows == (Row(1, "Study 1"),)
    assert refused(maths.correlation_effects, [0.1, 1.0], [50, 50]).rows == (Row(2, "Study 2"),)
    assert refused(maths.correlation_effects, [0.1, 0.2], [3, 50]).rows == (Row(1, "Study 1"),)
    assert refused(maths.log_rate_effects, [1], [0]).rows == (Row(1, "Study 1"),)
    assert refused(maths.logit_effects, [1], [0], ["X"]).rows == (Row(1, "X"),)


def test_fewer_than_three_studies_are_not_pooled():
    for k in range(3):
        found = refused(maths.pool_proportions, GOOD[0][:k], GOOD[1][:k])
        assert (found.code, str(k) in found.message) == ("R4", True)
    assert refused(maths.pool_estimates, [1, 2], [1, 1]).code == "R4"
    assert refused(maths.pool_rates, [1, 2], [1, 1]).code == "R4"
    assert "1 study;" in refused(maths.pool_proportions, [1], [10]).message
    assert refused(maths.fit_random_effects, [1.0], [1.0]).code == "R4"


def test_nothing_but_empty_or_full_studies_are_not_pooled():
    assert refused(maths.pool_proportions, [0, 0, 0], [20, 35, 12]).code == "R5"
    assert refused(maths.pool_proportions, [20, 35, 12], [20, 35, 12]).code == "R5"
    assert refused(maths.pool_rates, [0, 0, 0], [20, 35, 12]).code == "R5"
    assert refused(maths.fit_poisson, [0, 0, 0], [20, 35, 12]).code == "R5"


def test_the_count_model_says_when_it_has_no_finite_estimate():
    """Studies at 0 and studies at 100 per cent: the likelihood rises for ever with the spread between them."""
    mixed = ([0, 30, 40], [20, 30, 40])
    assert refused(maths.pool_proportions, *mixed, method="glmm").code == "R5"
    assert maths.pool_proportions(*mixed).k == 3
    alone = ([1, 0, 1, 0], [1, 1, 1, 1])
    assert refused(maths.fit_binomial, *alone).code == "R5"


def test_what_the_gate_would_refuse_is_still_arithmetic():
    """Tiny and identical studies are computed: whether to show them is judged where it is known what they are."""
    assert maths.pool_proportions([1, 2, 2], [5, 6, 7]).k == 3
    assert maths.pool_proportions([95, 95, 10], [379, 379, 50]).k == 3


def test_unknown_options_are_errors_not_defaults():
    with pytest.raises(ValueError, match="bayes"):
        maths.pool_proportions(*GOOD, method="bayes")
    with pytest.raises(ValueError, match="profile"):
        maths.pool_proportions(*GOOD, ci_method="profile")
    with pytest.raises(ValueError, match="counts"):
        maths.pool_estimates([1, 2, 3], [1, 1, 1], method="glmm")
    with pytest.raises(ValueError, match="between 0 and 1"):
        maths.pool_proportions(*GOOD, level=95)


@pytest.mark.parametrize(
    "kind",
    [
        list,
        tuple,
        lambda values: np.array(values),
        lambda values: np.array(values, dtype=float),
        lambda values: [Decimal(value) for value in values],
        lambda values: [str(value) for value in values],
        iter,
    ],
)
def test_counts_may_come_in_any_container_and_number_type(kind):
    expected = maths.pool_proportions(*LIDOCAINE)
    found = maths.pool_proportions(kind(LIDOCAINE[0]), kind(LIDOCAINE[1]))
    assert (found.estimate, found.ci, found.weights) == (expected.estimate, expected.ci, expected.weights)

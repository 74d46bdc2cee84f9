"""Agreement coefficients at their edges; their values are held to R and statsmodels elsewhere."""

from __future__ import annotations

import math

import numpy as np
import pytest

from evidence.synthesis import wilson
from studies.appraisal.agreement import (
    UnusableRatings,
    agreement_table,
    cohen_kappa,
    cohen_kappa_from_ratings,
    gwet_ac1,
    krippendorff_alpha,
    percent_agreement,
)


RATINGS = ["strong", "moderate", "weak", "unclear"]


def test_the_table_of_two_lists_drops_open_items_and_keeps_unused_categories():
    first = ["strong", "weak", None, "weak", "moderate"]
    second = ["strong", "weak", "weak", None, "weak"]
    assert agreement_table(first, second, RATINGS) == [[1, 0, 0, 0], [0, 0, 1, 0], [0, 0, 1, 0], [0, 0, 0, 0]]
    assert agreement_table([2, 1], [1, 1]) == [[1, 0], [1, 0]]
    assert agreement_table([2, "a"], ["a", 2]) == [[0, 1], [1, 0]]


def test_lists_must_match_each_other_and_the_categories():
    with pytest.raises(UnusableRatings, match="5 items and the other 4"):
        agreement_table([1] * 5, [1] * 4)
    with pytest.raises(UnusableRatings, match="superb"):
        agreement_table(["superb"], ["weak"], RATINGS)


def test_kappa_from_lists_is_kappa_of_their_table():
    first, second = ["weak", "weak", "strong", "moderate"], ["weak", "strong", "strong", "moderate"]
    found = cohen_kappa_from_ratings(first, second, "linear", categories=RATINGS)
    assert found == cohen_kappa(agreement_table(first, second, RATINGS), "linear")
    assert (found.coefficient, found.n) == ("kappa_linear", 4)


@pytest.mark.parametrize(
    "table", [[], [[1, 2]], [[1, 2], [3]], [[1, -1], [1, 1]], [[1, 0.5], [1, 1]], [[0, 0], [0, 0]], [["x"]]]
)
@pytest.mark.parametrize("coefficient", [cohen_kappa, gwet_ac1, percent_agreement])
def test_only_square_tables_of_counts_are_used(table, coefficient):
    with pytest.raises(UnusableRatings):
        coefficient(table)


def test_perfect_agreement():
    table = [[5, 0], [0, 7]]
    kappa, ac1 = cohen_kappa(table), gwet_ac1(table)
    assert (kappa.estimate, kappa.se, ac1.estimate, ac1.se) == (1.0, 0.0, 1.0, 0.0)
    assert percent_agreement(table).ci.high == 1.0
    assert krippendorff_alpha([[1, 2, 2], [1, 2, 2]]) == 1.0


def test_everybody_always_gives_one_answer():
    """Nothing is left for kappa to explain; AC1 still says that they agree."""
    table = [[9, 0], [0, 0]]
    kappa = cohen_kappa(table)
    assert all(map(math.isnan, (kappa.estimate, kappa.se, *kappa.ci)))
    assert gwet_ac1(table).estimate == 1.0
    assert math.isnan(krippendorff_alpha([[1, 1], [1, 1]]))
    with pytest.raises(UnusableRatings, match="one category"):
        gwet_ac1([[9]])


def test_one_item_has_no_standard_error():
    assert math.isnan(gwet_ac1([[1, 0], [0, 0]]).se)


def test_total_disagreement():
    table = [[0, 6], [6, 0]]
    assert cohen_kappa(table).estimate == pytest.approx(-1.0)
    assert percent_agreement(table).ci.low == 0.0
    assert percent_agreement(table).share == 0.0


def test_per_cent_agreement_has_the_same_wilson_interval_as_any_proportion():
    for agreed, n in ((85, 100), (0, 7), (7, 7), (1, 3)):
        found = percent_agreement([[agreed, n - agreed], [0, 0]], 0.9)
        assert found.ci == pytest.approx(wilson(agreed, n, 0.9), rel=1e-14)
        assert (found.agreed, found.n) == (agreed, n)


def test_weights_are_those_that_are_offered():
    with pytest.raises(ValueError, match="cubic"):
        cohen_kappa([[1, 1], [1, 1]], "cubic")
    single = cohen_kappa([[1]], "quadratic")
    assert math.isnan(float(single))


def test_two_categories_know_no_half_agreement():
    table = [[20, 5], [10, 15]]
    assert float(cohen_kappa(table, "quadratic")) == pytest.approx(float(cohen_kappa(table)), rel=1e-14)
    assert float(cohen_kappa(table)) == pytest.approx(0.4)


def test_alpha_counts_units_with_two_ratings_only():
    full = [[1, 2, 3, 1], [1, 2, 2, 1]]
    with_gaps = [[1, 2, 3, 1, 4, None], [1, 2, 2, 1, np.nan, None]]
    assert krippendorff_alpha(with_gaps, "interval") == krippendorff_alpha(full, "interval")


def test_alpha_reads_numbers_in_text_by_their_size():
    as_text = [["9", "10", "11"], ["9", "10", "10"]]
    as_numbers = [[9, 10, 11], [9, 10, 10]]
    assert krippendorff_alpha(as_text, "ordinal") == krippendorff_alpha(as_numbers, "ordinal")


def test_alpha_of_a_ratio_scale_with_zeros():
    assert krippendorff_alpha([[0, 0, 4], [0, 0, 4]], "ratio") == 1.0
    assert krippendorff_alpha([[0, 2, 4], [0, 2, 5]], "ratio") < 1.0


def test_alpha_says_why_ratings_cannot_be_used():
    with pytest.raises(UnusableRatings, match="every unit"):
        krippendorff_alpha([[1, 2], [1]])
    with pytest.raises(UnusableRatings, match="rated twice"):
        krippendorff_alpha([[1, None], [None, 2]])
    with pytest.raises(UnusableRatings, match="numbers at this level"):
        krippendorff_alpha([["a", "b"], ["a", "b"]], "interval")
    with pytest.raises(ValueError, match="cardinal"):
        krippendorff_alpha([[1], [1]], "cardinal")


def test_alpha_of_two_raters_without_gaps_follows_from_the_table():
    """Nominal alpha is 1 - (1 - 1/N) (1 - po)/(1 - pe) with N ratings and pe from the pooled margins."""
    first, second = [1, 1, 2, 3, 3, 2, 1, 2], [1, 2, 2, 3, 3, 2, 1, 1]
    ratings = first + second
    disagree = sum(a != b for a, b in zip(first, second, strict=True)) / len(first)
    chance = sum((ratings.count(c) / len(ratings)) ** 2 for c in set(ratings))
    expected = 1 - (1 - 1 / len(ratings)) * disagree / (1 - chance)
    assert krippendorff_alpha([first, second]) == pytest.approx(expected, rel=1e-12)

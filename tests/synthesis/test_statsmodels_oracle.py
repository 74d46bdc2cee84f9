"""The same quantities from statsmodels, a second implementation by other people."""

from __future__ import annotations

import numpy as np
import pytest
from published_counts import VACCINATED
from statsmodels.stats.inter_rater import cohens_kappa, to_table
from statsmodels.stats.meta_analysis import combine_effects
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

import evidence.synthesis as maths


COUNTS = [(0, 7), (7, 7), (1, 9), (4, 123), (44, 72), (1200, 10000)]
INTERVALS = {"wilson": maths.wilson, "beta": maths.clopper_pearson, "jeffreys": maths.jeffreys}


@pytest.mark.parametrize(("x", "n"), COUNTS)
@pytest.mark.parametrize("name", INTERVALS)
@pytest.mark.parametrize("level", [0.8, 0.95])
def test_interval_of_one_proportion(x, n, name, level):
    if name == "jeffreys" and x in (0, n):
        assert INTERVALS[name](x, n, level)[x == n] == (
            1.0 if x else 0.0
        )  # statsmodels leaves the tail there
        return
    expected = proportion_confint(x, n, alpha=1 - level, method=name)
    assert INTERVALS[name](x, n, level) == pytest.approx(expected, rel=1e-12, abs=1e-15)


@pytest.mark.parametrize(("theirs", "ours"), [("dl", "dl"), ("pm", "pm")])
def test_tau2_by_moments(theirs, ours):
    y, v = maths.logit_effects(*VACCINATED)
    expected = combine_effects(np.array(y), np.array(v), method_re=theirs)
    found = maths.fit_random_effects(y, v, method=ours, ci_method="hksj")
    assert found.tau2 == pytest.approx(expected.tau2, rel=1e-6)
    assert found.se == pytest.approx(expected.sd_eff_w_re_hksj, rel=1e-6)
    assert maths.cochran_q(y, v).q == pytest.approx(expected.q, rel=1e-12)


@pytest.mark.parametrize("weights", [None, "linear", "quadratic"])
def test_kappa(weights):
    first, second = [0, 0, 1, 1, 2, 2, 2, 0, 1, 2, 1, 0], [0, 1, 1, 1, 2, 1, 2, 0, 2, 2, 1, 0]
    table, _ = to_table(np.column_stack([first, second]))
    expected = cohens_kappa(table, wt=weights, return_results=True)
    found = maths.cohen_kappa_from_ratings(first, second, weights)
    assert (found.estimate, found.se) == pytest.approx((expected.kappa, expected.std_kappa), rel=1e-12)
    assert found.ci == pytest.approx((expected.kappa_low, expected.kappa_upp), rel=1e-12)


@pytest.mark.parametrize(
    "counts", [(44, 72, 1200, 10000), (3, 40, 50, 5000), (0, 25, 30, 1000), (2, 30, 7, 12)]
)
def test_koopman_score_interval(counts):
    expected = confint_proportions_2indep(*counts, compare="ratio", method="score", correction=False)
    found = maths.benchmark_ratio(*counts[:2], benchmark_events=counts[2], benchmark_n=counts[3])
    assert found.koopman_score == pytest.approx(expected, rel=1e-8, abs=1e-8)

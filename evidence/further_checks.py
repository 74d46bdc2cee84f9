"""Checks that need many studies: small studies against large ones, and better against other quality.

Below ten studies nothing is tested and the page says so (rule W9). Nothing here is called publication bias: a share
has no result that would keep it from being published, and asymmetry has several causes.
"""

import math

from .charts import words
from .synthesis import Pooled, PoolingRefused, Synthesis, check_regression, meta_regression, peters_test
from .synthesis.sensitivity import BETTER


def further_checks(synthesis: Synthesis) -> list[str]:
    """Sentences for the panel of a pool, each a result with its caution; empty where nothing was pooled."""
    pooled = synthesis.pooled
    if pooled is None:
        return []
    too_few = check_regression(pooled.k)
    if too_few is not None:
        return [f"Small studies against large ones, and better against other quality: {too_few.message}"]
    return [small_studies(pooled), quality(synthesis, pooled)]


def small_studies(pooled: Pooled) -> str:
    """Peters' test for one arm in words."""
    try:
        test = peters_test(pooled.studies.y, pooled.studies.v, pooled.studies.bases)
    except PoolingRefused as refused:
        return f"Small studies against large ones: {refused.message}"
    direction = "higher" if test.slope > 0 else "lower"
    return (
        f"Small studies against large ones (Peters' test on 1/n): smaller studies report {direction} shares, "
        f"p = {p_words(test.p)}. Asymmetry has several causes, and at {pooled.k} studies the test has low power."
    )


def quality(synthesis: Synthesis, pooled: Pooled) -> str:
    """The difference between studies of better and of other quality, as an exploratory regression on a yes or no."""
    marks = [1.0 if estimate.quality in BETTER else 0.0 for estimate in synthesis.included]
    if len(set(marks)) == 1:
        return "Better against other quality: all studies are on one side, so nothing can be compared."
    try:
        found = meta_regression(pooled.studies.y, pooled.studies.v, marks)
    except PoolingRefused as refused:
        return f"Better against other quality: {refused.message}"
    low, high = (math.exp(limit) for limit in found.ci[1])
    return (
        f"Better against other quality (exploratory): the odds in the {sum(marks):.0f} studies rated strong or "
        f"moderate are {math.exp(found.coef[1]):.2g} times those in the others (95% interval {low:.2g} to "
        f"{high:.2g}, p = {p_words(found.p[1])}). A study-level association, not an individual-level one."
    )


def p_words(p: float) -> str:
    """A p value with two decimals, or "below 0.01"."""
    return "below 0.01" if p < 0.01 else words.number(round(p, 2))

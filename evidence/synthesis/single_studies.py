"""One study on its own: its share with an interval, and the sentence for it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from evidence.synthesis.estimates import Estimate, Interval
from evidence.synthesis.proportions import clopper_pearson, wilson
from evidence.synthesis.refusals import PoolingRefused
from evidence.synthesis.thresholds import DEFAULT_LEVEL
from evidence.synthesis.wording import percent


EXACT_BELOW = 20
"""With a smaller base the exact interval stands beside Wilson's."""


@dataclass(frozen=True, kw_only=True)
class SingleStudy:
    """A share (0 to 1) with its Wilson interval, and the exact one where events are 0 or n or the base is small."""

    label: str
    events: int
    total: int
    share: float
    wilson: Interval
    exact: Interval | None
    sentence: str


def describe_study(label: str, events: Any, total: Any, level: float = DEFAULT_LEVEL) -> SingleStudy:
    """One study's share and interval.

    Parameters
    ----------
    label : str
        Name of the study.
    events, total : int
        Its counts.
    level : float
        Coverage.

    Returns
    -------
    SingleStudy
        Shares 0 to 1. The sentence gives counts and limits, and for no events the upper exact limit only: nobody
        should read "0%" where a small study saw nothing.

    Raises
    ------
    PoolingRefused
        R6 if the counts are not valid.

    References
    ----------
    Newcombe RG (1998). Statistics in Medicine 17:857.
    Hanley JA, Lippman-Hand A (1983). JAMA 249:1743, on zero numerators.
    """
    limits = wilson(events, total, level)
    x, n = int(events), int(total)
    exact = clopper_pearson(x, n, level) if x in (0, n) or n < EXACT_BELOW else None
    if exact is not None and x == 0:
        sentence = f"0 of {n}; upper limit {percent(exact.high, n)}"
    elif exact is not None and x == n:
        sentence = f"{n} of {n}; lower limit {percent(exact.low, n)}"
    else:
        sentence = f"{x} of {n}: {percent(x / n, n)} ({percent(limits.low, n)} to {percent(limits.high, n)})"
    return SingleStudy(
        label=label, events=x, total=n, share=x / n, wilson=limits, exact=exact, sentence=sentence
    )


def describe_studies(estimates: Iterable[Estimate], level: float = DEFAULT_LEVEL) -> tuple[SingleStudy, ...]:
    """Every estimate that has valid counts, in order; the others have no interval to show."""
    described = []
    for estimate in estimates:
        try:
            described.append(describe_study(estimate.label, estimate.events, estimate.total, level))
        except PoolingRefused:
            continue
    return tuple(described)

"""Checking the rows that callers pass in: rule R6, which names each bad row, and rules R4 and R5."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from evidence.synthesis.refusals import PoolingRefused, Row
from evidence.synthesis.thresholds import SMALLEST_POOL


def named(labels: Iterable[Any] | None, k: int) -> tuple[str, ...]:
    """Labels as text, "Study 1", "Study 2", ... where none were given.

    Raises
    ------
    PoolingRefused
        R6 if there are not as many labels as rows.
    """
    if labels is None:
        return tuple(f"Study {i}" for i in range(1, k + 1))
    names = tuple(str(label) for label in labels)
    if len(names) != k:
        raise PoolingRefused("R6", f"There are {k} rows but {len(names)} labels.")
    return names


def grouped(groups: Iterable[Any] | None, k: int) -> tuple[str | None, ...] | None:
    """Group names as text, with None for rows outside every group.

    Raises
    ------
    PoolingRefused
        R6 if there are not as many groups as rows.
    """
    if groups is None:
        return None
    names = tuple(None if group is None or group == "" else str(group) for group in groups)
    if len(names) != k:
        raise PoolingRefused("R6", f"There are {k} rows but {len(names)} groups.")
    return names


def numbers(values: Iterable[Any]) -> list[float]:
    """Values as floats; whatever is no number becomes NaN, for the row check to name."""
    return [_number(value) for value in values]


def _number(value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError, OverflowError):
        return math.nan


def check_counts(events: Sequence[float], totals: Sequence[float], labels: Sequence[str]) -> None:
    """Refuse (R6) unless every row has whole numbers with 0 <= events <= total and total > 0."""
    _refuse_bad_rows(events, totals, labels, _count_fault)


def check_exposures(events: Sequence[float], times: Sequence[float], labels: Sequence[str]) -> None:
    """Refuse (R6) unless every row has a whole number of events >= 0 and a finite exposure > 0."""
    _refuse_bad_rows(events, times, labels, _exposure_fault)


def check_estimates(y: Sequence[float], v: Sequence[float], labels: Sequence[str]) -> None:
    """Refuse (R6) unless every row has a finite estimate and a finite variance > 0."""
    _refuse_bad_rows(y, v, labels, _estimate_fault)


def check_bases(bases: Sequence[float], y: Sequence[float], labels: Sequence[str]) -> None:
    """Refuse (R6) unless there is one finite base > 0 for every estimate."""
    _refuse_bad_rows(y, bases, labels, _base_fault)


def check_enough(k: int) -> None:
    """Refuse (R4) fewer than three studies."""
    if k < SMALLEST_POOL.value:
        noun = "study" if k == 1 else "studies"
        raise PoolingRefused(
            "R4", f"Only {k} {noun}; at least {SMALLEST_POOL.value:.0f} are needed for a pooled figure."
        )


def check_not_empty(events: Sequence[float], totals: Sequence[float]) -> None:
    """Refuse (R5) where no study, or every member of every study, has the event: no finite estimate exists."""
    if not any(events):
        raise PoolingRefused("R5", "No study saw any event; only an upper limit for each study can be shown.")
    if all(x == n for x, n in zip(events, totals, strict=True)):
        raise PoolingRefused("R5", "Every study is at 100%; only a lower limit for each study can be shown.")


def _refuse_bad_rows(
    first: Sequence[float],
    second: Sequence[float],
    labels: Sequence[str],
    fault: Callable[[float, float], str],
) -> None:
    if len(first) != len(second):
        raise PoolingRefused(
            "R6", f"The two columns differ in length: {len(first)} values and {len(second)} values."
        )
    faults = [
        (Row(number, label), sentence)
        for number, (a, b, label) in enumerate(zip(first, second, labels, strict=True), start=1)
        if (sentence := fault(a, b))
    ]
    if faults:
        described = "; ".join(f"{row}: {sentence}" for row, sentence in faults)
        raise PoolingRefused("R6", f"These rows cannot be used: {described}.", [row for row, _ in faults])


def _count_fault(x: float, n: float) -> str:
    if not (math.isfinite(x) and math.isfinite(n)):
        return "the events or the total is missing or not a finite number"
    if n <= 0:
        return f"the total {n:g} is not above zero"
    if x < 0:
        return f"the events {x:g} are negative"
    if x > n:
        return f"the events {x:g} exceed the total {n:g}"
    if not (x.is_integer() and n.is_integer()):
        return f"{x:g} of {n:g} are not whole numbers"
    return ""


def _exposure_fault(x: float, t: float) -> str:
    if not (math.isfinite(x) and math.isfinite(t)):
        return "the events or the exposure is missing or not a finite number"
    if t <= 0:
        return f"the exposure {t:g} is not above zero"
    if x < 0 or not x.is_integer():
        return f"the events {x:g} are not a count"
    return ""


def _estimate_fault(y: float, v: float) -> str:
    if not (math.isfinite(y) and math.isfinite(v)):
        return "the estimate or its variance is missing or not a finite number"
    if v <= 0:
        return f"the variance {v:g} is not above zero"
    return ""


def _base_fault(_: float, n: float) -> str:
    return "" if math.isfinite(n) and n > 0 else f"the base {n:g} is not a number above zero"

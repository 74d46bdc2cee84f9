"""Krippendorff's alpha: agreement of any number of appraisers, with gaps in their ratings."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray


Level = Literal["nominal", "ordinal", "interval", "ratio"]
Table = NDArray[np.float64]


class UnusableRatings(ValueError):
    """Ratings or a table from which no coefficient can be computed; the message says why."""


def in_order(answers: Iterable[Any]) -> list[Any]:
    """Answers sorted, as text where they cannot be compared with each other."""
    found = list(answers)
    try:
        return sorted(found)
    except TypeError:
        return sorted(found, key=str)


def krippendorff_alpha(ratings: Iterable[Iterable[Any]], level: Level = "nominal") -> float:
    """Krippendorff's alpha for any number of observers, with missing ratings.

    Parameters
    ----------
    ratings : sequence of observers, each a sequence of ratings of the units
        Missing ratings are None or NaN. Ratings may be text at the nominal level and are numbers otherwise.
    level : {"nominal", "ordinal", "interval", "ratio"}
        What a difference of ratings means. The ordinal level uses the order of the numbers only.

    Returns
    -------
    float
        1 for perfect agreement, 0 for what chance gives; NaN if only one value was ever given.

    Raises
    ------
    UnusableRatings
        If observers rated different numbers of units, a rating is no number where one is needed, or no unit has
        two ratings.
    ValueError
        For another level.

    Notes
    -----
    alpha = 1 - D_o/D_e over pairable values, from the coincidence matrix in which each unit with m ratings gives
    every ordered pair the weight 1/(m - 1).

    References
    ----------
    Krippendorff K (2011). Computing Krippendorff's alpha-reliability. University of Pennsylvania.
    """
    if level not in _DISTANCES:
        raise ValueError(f"{level!r} is not one of {', '.join(_DISTANCES)}")
    rows = [list(row) for row in ratings]
    if len({len(row) for row in rows}) != 1:
        raise UnusableRatings("Every observer needs a rating, or a gap, for every unit.")
    units = [[r for r in unit if not _missing(r)] for unit in zip(*rows, strict=True)]
    pairable = [unit if level == "nominal" else _as_numbers(unit) for unit in units if len(unit) > 1]
    if not pairable:
        raise UnusableRatings("No unit was rated twice.")
    values = in_order({rating for unit in pairable for rating in unit})
    place = {value: i for i, value in enumerate(values)}
    coincidence = np.zeros((len(values), len(values)))
    for unit in pairable:
        given = np.bincount([place[rating] for rating in unit], minlength=len(values)).astype(float)
        coincidence += (np.outer(given, given) - np.diag(given)) / (len(unit) - 1.0)
    marginal = coincidence.sum(axis=1)
    n = float(marginal.sum())
    distance = _DISTANCES[level](values, marginal)
    by_chance = float(marginal @ distance @ marginal)
    if by_chance == 0.0:
        return math.nan
    return 1.0 - (n - 1.0) * float((coincidence * distance).sum()) / by_chance


def _missing(rating: Any) -> bool:
    return rating is None or (isinstance(rating, float) and math.isnan(rating))


def _as_numbers(unit: list[Any]) -> list[float]:
    try:
        return [float(rating) for rating in unit]
    except (TypeError, ValueError) as error:
        raise UnusableRatings(f"Ratings must be numbers at this level: {error}.") from error


def _nominal(values: list[Any], _: Table) -> Table:
    return np.asarray(1.0 - np.eye(len(values)))


def _ordinal(_: list[Any], marginal: Table) -> Table:
    # The ranks between two values, each counted by half: distance does not depend on how they are numbered.
    position = np.cumsum(marginal) - 0.5 * marginal
    return np.asarray(np.subtract.outer(position, position) ** 2)


def _interval(values: list[Any], _: Table) -> Table:
    return np.asarray(np.subtract.outer(values, values) ** 2)


def _ratio(values: list[Any], _: Table) -> Table:
    total = np.add.outer(values, values)
    # Two zeros do not differ, and on a ratio scale only they add to nothing.
    return np.asarray((np.subtract.outer(values, values) / np.where(total == 0.0, 1.0, total)) ** 2)


_DISTANCES: dict[str, Callable[[list[Any], Table], Table]] = {
    "nominal": _nominal,
    "ordinal": _ordinal,
    "interval": _interval,
    "ratio": _ratio,
}

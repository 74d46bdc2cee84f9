"""Count the options of every facet at once, each respecting all the other filters.

The rows of a list are held as columns of small codes, so that a filter is a mask and a count is one pass of numpy.
Pure: it knows nothing of the database; `list_queries.py` fills it and keeps it for one data version.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt


Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Column:
    """One facet of a list: which rows have which of its values, as pairs of equal length.

    Pairs and not a matrix of rows by values: where each row has a value of its own, as among sources, a matrix would
    grow with the square of the list, to nine gigabytes at 100,000 sources.
    """

    values: list[str]
    rows: npt.NDArray[np.int32]
    codes: npt.NDArray[np.int32]

    @classmethod
    def build(cls, given: Sequence[Sequence[str]], order: Sequence[str]) -> "Column":
        """A column over the values `given` to each row; values that `order` lacks are added behind, sorted."""
        strange = sorted({value for values in given for value in values} - set(order))
        place = {name: number for number, name in enumerate([*order, *strange])}
        rows = [number for number, values in enumerate(given) for _ in values]
        codes = [place[value] for values in given for value in values]
        return cls(list(place), np.array(rows, dtype=np.int32), np.array(codes, dtype=np.int32))

    def mask(self, chosen: Sequence[str], length: int) -> Mask:
        """The rows, of `length` in all, that have any of the chosen values."""
        wanted = np.array([value in chosen for value in self.values], dtype=bool)
        mask = np.zeros(length, dtype=bool)
        mask[self.rows[wanted[self.codes]]] = True
        return mask

    def counts(self, within: Mask) -> dict[str, int]:
        """Value → number of the rows with it that the mask lets through."""
        totals = np.bincount(self.codes[within[self.rows]], minlength=len(self.values))
        return dict(zip(self.values, totals.tolist(), strict=True))


@dataclass
class FacetIndex:
    """Rows of a list in columns. `ids` are the rows' keys in the order of the list.

    `first_year` and `last_year` bound each row in time (nan where unknown).
    """

    ids: list[str]
    columns: dict[str, Column]
    first_year: npt.NDArray[np.float64]
    last_year: npt.NDArray[np.float64]
    position: dict[str, int] = field(default_factory=dict)

    @classmethod
    def build(
        cls,
        rows: Sequence[tuple[str, Mapping[str, Sequence[str]], float | None, float | None]],
        orders: Mapping[str, Sequence[str]],
    ) -> "FacetIndex":
        """An index over `rows` of (key, facet → distinct values, first year, last year).

        `orders` names the facets and the values of each in their order of display; values that it lacks are
        added behind, sorted.
        """
        columns = {
            facet: Column.build([given.get(facet, ()) for _, given, _, _ in rows], order)
            for facet, order in orders.items()
        }
        ids = [key for key, _, _, _ in rows]
        years = np.array([[_year(first), _year(last)] for _, _, first, last in rows], dtype=float).reshape(
            -1, 2
        )
        position = {key: number for number, key in enumerate(ids)}
        return cls(ids, columns, years[:, 0], years[:, 1], position)

    def masks(self, filters: Mapping[str, Any], found: Mapping[str, Sequence[str]]) -> dict[str, Mask]:
        """One mask a filter. `found` gives the matching keys of filters that were asked of the database."""
        masks: dict[str, Mask] = {}
        for facet, column in self.columns.items():
            chosen = filters.get(facet, ())
            if chosen:
                masks[facet] = column.mask(chosen, len(self.ids))
        if filters.get("year_from") is not None:
            masks["year_from"] = self.last_year >= filters["year_from"]
        if filters.get("year_to") is not None:
            masks["year_to"] = self.first_year <= filters["year_to"]
        for name, keys in found.items():
            mask = np.zeros(len(self.ids), dtype=bool)
            mask[[self.position[key] for key in keys if key in self.position]] = True
            masks[name] = mask
        return masks

    def matching(self, masks: Mapping[str, Mask], leaving_out: str = "") -> Mask:
        """The rows that every mask lets through, but for one facet's own."""
        mask = np.ones(len(self.ids), dtype=bool)
        for name, one in masks.items():
            if name != leaving_out:
                mask &= one
        return mask

    def counts(self, facet: str, masks: Mapping[str, Mask]) -> dict[str, int]:
        """Value → number of rows with it among those that all *other* filters let through."""
        return self.columns[facet].counts(self.matching(masks, leaving_out=facet))


def _year(value: float | None) -> float:
    return float("nan") if value is None else float(value)

"""Count the options of every facet at once, each respecting all the other filters.

The rows of a list are held as columns of small codes, so that a filter is a mask and a count is one pass of numpy.
Pure: it knows nothing of the database; `queries.py` fills it and keeps it for one data version.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt


Mask = npt.NDArray[np.bool_]


@dataclass
class FacetIndex:
    """Rows of a list in columns. `ids` are the rows' keys; `values` gives per facet its values in order.

    `membership[facet]` is a matrix, rows × values, true where a row has the value; a row may have several.
    `first_year` and `last_year` bound each row in time (nan where unknown).
    """

    ids: list[str]
    values: dict[str, list[str]]
    membership: dict[str, Mask]
    first_year: npt.NDArray[np.float64]
    last_year: npt.NDArray[np.float64]
    position: dict[str, int] = field(default_factory=dict)

    @classmethod
    def build(
        cls,
        rows: Sequence[tuple[str, Mapping[str, Sequence[str]], float | None, float | None]],
        orders: Mapping[str, Sequence[str]],
    ) -> "FacetIndex":
        """An index over `rows` of (key, facet → values, first year, last year).

        `orders` names the facets and the values of each in their order of display; values that it lacks are
        added behind, sorted.
        """
        values: dict[str, list[str]] = {}
        membership: dict[str, Mask] = {}
        for facet, order in orders.items():
            present = {value for _, given, _, _ in rows for value in given.get(facet, ())}
            names = [*order, *sorted(present - set(order))]
            place = {name: number for number, name in enumerate(names)}
            matrix = np.zeros((len(rows), len(names)), dtype=bool)
            for number, (_, given, _, _) in enumerate(rows):
                for value in given.get(facet, ()):
                    matrix[number, place[value]] = True
            values[facet] = names
            membership[facet] = matrix
        ids = [key for key, _, _, _ in rows]
        years = np.array([[_year(first), _year(last)] for _, _, first, last in rows], dtype=float).reshape(
            -1, 2
        )
        position = {key: number for number, key in enumerate(ids)}
        return cls(ids, values, membership, years[:, 0], years[:, 1], position)

    def masks(self, filters: Mapping[str, Any], found: Mapping[str, Sequence[str]]) -> dict[str, Mask]:
        """One mask a filter. `found` gives the matching keys of filters that were asked of the database."""
        masks: dict[str, Mask] = {}
        for facet, matrix in self.membership.items():
            chosen = filters.get(facet, ())
            if chosen:
                columns = [self.values[facet].index(value) for value in chosen if value in self.values[facet]]
                masks[facet] = (
                    matrix[:, columns].any(axis=1) if columns else np.zeros(len(self.ids), dtype=bool)
                )
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
        within = self.matching(masks, leaving_out=facet)
        totals = self.membership[facet][within].sum(axis=0)
        return {value: int(total) for value, total in zip(self.values[facet], totals, strict=True)}


def _year(value: float | None) -> float:
    return float("nan") if value is None else float(value)

"""Figures of areas from a release, and the local measures that they belong to."""

import re

from ..table_search import RawRow
from .given import Given, Making
from .specification import LOCAL_WORDS


PER_CENT = re.compile(r"per ?cent|%", re.IGNORECASE)


def figure_rows(making: Making) -> dict[str, list[RawRow]]:
    """Rows of `local/measures` and `local/figures`."""
    figures = []
    years: dict[str, set[int]] = {}
    for group in making.groups.values():
        for given in group.given:
            row = _figure(making, given)
            if row is not None:
                figures.append(row)
                years.setdefault(given.series.target, set()).add(given.period.year)
    return {"local/measures": _measures(making, years), "local/figures": figures}


def _figure(making: Making, given: Given) -> RawRow | None:
    value = making.value_of(given)
    base = making.base_of(given) if value is not None else None
    if value is None or base is None:
        return None
    place, target = making.place(given), given.series.target
    unit = making.stored.local_measures.get(target, making.spec.words).get("unit", "")
    if value and given.cell.number is not None and PER_CENT.search(unit) and float(value) > 100:
        making.refuse(given, "value", "is above 100 per cent")
        return None
    cells = {
        "area_code": given.area_code,
        "local_measure_id": target,
        "year": str(given.period.year),
        "value": value,
        "denominator": base,
        "symbol": "" if value else given.cell.symbol,
    }
    return RawRow(place, given.line, cells)


def _measures(making: Making, years: dict[str, set[int]]) -> list[RawRow]:
    """The local measures of the release that the store lacks, or whose years it has to know of."""
    rows = []
    spec, table = making.spec, making.fit.table
    for one in {one.target: one for one in spec.series if one.target in years}.values():
        held = making.stored.local_measures.get(one.target)
        covered = years[one.target]
        if held is None:
            cells = {name: spec.words.get(name, "") for name in LOCAL_WORDS} | {
                "local_measure_id": one.target,
                "label": one.label or one.target,
                "category_id": one.category,
                "source_id": making.source,
            }
        else:
            covered = covered | {int(year) for year in re.findall(r"[0-9]{4}", held["years"])}
            cells = dict(held)
        cells["years"] = "-".join(map(str, dict.fromkeys((min(covered), max(covered)))))
        if cells != held:
            rows.append(RawRow(f"{table.where}, measure {one.target}", table.heading_line, cells))
    return rows

"""National findings from a release: each with numerator and denominator, and the breakdown that it belongs to."""

import hashlib
import re
from decimal import Decimal

from ..findings import ROUNDED_COUNT_SLACK, half_unit
from ..table_search import RawRow
from .cells import Kind, plain
from .given import Given, Group, Making


LONGEST_IDENTIFIER = 120


def finding_rows(making: Making) -> dict[str, list[RawRow]]:
    """Rows of `findings`."""
    rows = []
    for group in making.groups.values():
        made = [row for given in group.given if (row := _finding(making, given)) is not None]
        _give_breakdown(making, group, made)
        rows += made
    return {"findings": rows}


def _finding(making: Making, given: Given) -> RawRow | None:
    value = making.value_of(given)
    if value == "":  # a symbol
        making.warning(
            making.place(given),
            f"“{given.text}” stands for a figure that was not published ({given.cell.symbol}); a finding has a "
            "value, so none is made",
            given.line,
        )
        return None
    base = making.base_of(given) if value is not None else None
    if value is None or base is None:
        return None
    if not base:
        making.refuse(given, "denominator", "a finding needs its base")
        return None
    words, period, series = making.spec.words, given.period, given.series
    geography = given.area_name or words.get("geography", "") or given.area_code
    top = value if words["statistic"] == "count" else _numerator(given)
    thing = (
        making.source,
        words["measure_id"],
        series.target,
        words["scope"],
        words["statistic"],
        period.start.isoformat(),
        period.end.isoformat(),
        geography,
    )
    held, breakdown, complete = making.stored.findings.get(thing, ("", "", ""))
    cells = {
        "finding_id": held or _identifier(making, given, geography),
        "source_id": making.source,
        "measure_id": words["measure_id"],
        "category_id": series.target,
        "scope": words["scope"],
        "breakdown_id": breakdown,
        "breakdown_complete": complete,
        "statistic": words["statistic"],
        "value": value,
        "numerator": top,
        "denominator": base,
        "lower_ci": "",
        "upper_ci": "",
        "precision": words["precision"],
        "period_start": period.start.isoformat(),
        "period_end": period.end.isoformat(),
        "period_type": period.kind,
        "geography": geography,
        "definition_note": words["definition_note"],
        "locator": words["locator"],
        "verification": words["verification"],
    }
    return RawRow(making.place(given), given.line, cells)


def _numerator(given: Given) -> str:
    """The count behind a percentage, where a column holds it."""
    top = given.top
    return plain(top.number) if top is not None and top.kind is Kind.NUMBER and top.number is not None else ""


def _identifier(making: Making, given: Given, geography: str) -> str:
    """The name of a finding: the same for the same figure of the same release, whenever it is read."""
    parts = [making.mapping, geography, given.period.tag, given.series.target or "all"]
    if len({one.column for one in making.spec.series}) > 1:
        parts.append(given.series.column)
    return identifier_of(*parts)


def identifier_of(*parts: str) -> str:
    """Words joined by hyphens; what would be too long ends in a part of its SHA-256."""
    whole = "-".join(filter(None, (re.sub(r"[^a-z0-9]+", "-", part.casefold()).strip("-") for part in parts)))
    if len(whole) <= LONGEST_IDENTIFIER:
        return whole
    digest = hashlib.sha256(whole.encode()).hexdigest()[:10]
    return f"{whole[: LONGEST_IDENTIFIER - 11].rstrip('-')}-{digest}"


def _give_breakdown(making: Making, group: Group, made: list[RawRow]) -> None:
    """Join the rows that divide one base, where two or more do."""
    parts = [row for row in made if row.cells["category_id"]]
    if not making.spec.column_as("divide") or len(parts) < 2:
        return
    first = group.given[0]
    column = first.series.column if len({one.column for one in making.spec.series}) > 1 else ""
    held = next((row.cells["breakdown_id"] for row in parts if row.cells["breakdown_id"]), "")
    name = held or identifier_of(
        making.mapping, first.area_name or first.area_code, first.period.tag, column, "breakdown"
    )
    # Beside rows that the store has of a breakdown, these say of it what those say.
    complete = next((row.cells["breakdown_complete"] for row in parts if row.cells["breakdown_complete"]), "")
    complete = complete or ("yes" if _is_whole(parts) else "no")
    for row in parts:
        row.cells.update(breakdown_id=name, breakdown_complete=complete)


def _is_whole(parts: list[RawRow]) -> bool:
    """Whether the parts make up their base within rounding, by the rule that the checks of findings use."""
    values = [Decimal(row.cells["value"]) for row in parts]
    if parts[0].cells["statistic"] == "percentage":
        return abs(sum(values, Decimal(-100))) <= sum(map(half_unit, values), Decimal(0))
    rounded = parts[0].cells["precision"] == "rounded"
    slack = ROUNDED_COUNT_SLACK * (len(parts) + 1) if rounded else 0
    bases = {row.cells["denominator"] for row in parts}
    return len(bases) == 1 and abs(sum(values, -Decimal(bases.pop()))) <= slack

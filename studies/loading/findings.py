"""The rules of a finding: its numbers, its period, its breakdown, and that a thing is said once."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from .layout import RawBase
from .outcome import Checked, Known, Record, Values, refuse


LOOSE = {"approximate", "lower_bound", "upper_bound"}
LOOSE_SLACK = Decimal(5)
"""Percentage points by which a share given in words, or as a bound, may differ from its counts."""

SAME_THING = (
    "source_id",
    "measure_id",
    "category_id",
    "scope",
    "statistic",
    "period_start",
    "period_end",
    "geography",
)
BREAKDOWN_SHARES = (
    "source_id",
    "measure_id",
    "scope",
    "statistic",
    "period_start",
    "period_end",
    "geography",
    "breakdown_complete",
    "denominator",
)
ROUNDED_COUNT_SLACK = 5
"""By how much each of a set of counts rounded by the publisher may be off: half of the usual rounding to ten."""


def check_findings(records: list[Record], known: Known, checked: Checked, base: RawBase) -> list[Record]:
    """Refuse findings whose numbers, period or breakdown cannot be right; see the rules in this module."""
    kept = []
    for record in records:
        faults = list(row_faults(record.values))
        for column, message in faults:
            refuse(checked, record, column, message)
        if not faults:
            kept.append(record)
    kept = _said_once(kept, known, checked)
    kept = _ends_in_order(kept, known, checked)
    return _breakdowns(kept, known, checked)


def row_faults(v: Values) -> Iterator[tuple[str, str]]:
    """What cannot be right in a finding by itself: column, and what is wrong with it."""
    yield from _number_faults(v)
    yield from _period_faults(v)
    yield from _long(v)


LONGEST_INDEXED = 1_900
"""Bytes of scope and geography together. PostgreSQL limits an index entry to 2,704; identifiers take up to 360."""


def _long(v: Values) -> Iterator[tuple[str, str]]:
    if len(f"{v['scope']}{v['geography']}".encode()) > LONGEST_INDEXED:
        yield "scope", f"makes more than {LONGEST_INDEXED:,} bytes with geography; say it in fewer words"


def half_unit(value: Decimal) -> Decimal:
    """Half of the last printed place: 0.5 for "83", 0.05 for "83.1"."""
    exponent = value.as_tuple().exponent
    return Decimal(5).scaleb(int(exponent) - 1)


def _number_faults(v: Values) -> Iterator[tuple[str, str]]:
    value, top, bottom, statistic = v["value"], v["numerator"], v["denominator"], v["statistic"]
    if statistic != "percentage_change" and value < 0:
        yield "value", "is negative; only a percentage change may be"
    if statistic == "percentage" and value > 100:
        yield "value", "is a percentage above 100"
    if bottom is not None and bottom <= 0:
        yield "denominator", "is not above nought; leave it blank where it is not known"
        return
    if top is not None and bottom is None:
        yield "numerator", "stands without a denominator; give the base or leave both blank"
        return
    if top is not None:
        if top < 0:
            yield "numerator", "is negative"
        elif top > bottom:
            yield "numerator", f"is above its denominator {bottom}"
        elif statistic == "count" and top != value:
            yield "numerator", f"differs from the count {value}; for a count with a base it repeats the value"
        elif statistic == "percentage":
            share = 100 * top / bottom
            slack = LOOSE_SLACK if v["precision"] in LOOSE else half_unit(value)
            if abs(share - value) > slack + Decimal("1e-9"):
                yield (
                    "value",
                    f"does not agree with its counts, {top} of {bottom}, which make {share:.2f} per cent",
                )
    if v["lower_ci"] is not None and v["lower_ci"] > value:
        yield "lower_ci", f"is above the value {value}"
    if v["upper_ci"] is not None and v["upper_ci"] < value:
        yield "upper_ci", f"is below the value {value}"
    if bool(v["breakdown_id"]) != (v["breakdown_complete"] is not None):
        yield "breakdown_id", "breakdown_id and breakdown_complete go together; give both or neither"
    elif v["breakdown_id"] and not v["category_id"]:
        yield "category_id", "is blank; each row of a breakdown has a category"


def _period_faults(v: Values) -> Iterator[tuple[str, str]]:
    start, end, kind = v["period_start"], v["period_end"], v["period_type"]
    if (start is None) != (end is None):
        yield "period_end", "only one end of the period is given; give both or neither"
    elif start is None:
        if kind != "unknown":
            yield "period_type", "names a period but no dates are given; without dates it is unknown"
    elif start > end:
        yield "period_end", f"is before period_start {start}"
    elif not _fits(kind, start, end):
        yield "period_type", f"does not fit {start} to {end}; {PERIOD_RULES[kind]}"


PERIOD_RULES = {
    "calendar_year": "a calendar year runs from 1 January to 31 December",
    "financial_year": "a financial year runs from 1 April to 31 March",
    "year_to_march": "a year to March runs from 1 April to 31 March",
    "snapshot": "a snapshot is a date or a month",
    "multi_year": "several years are more than one",
}


def _fits(kind: str, start: date, end: date) -> bool:
    if kind == "calendar_year":
        return (start.month, start.day, end.month, end.day) == (1, 1, 12, 31) and start.year == end.year
    if kind in ("financial_year", "year_to_march"):
        return (start.month, start.day, end.month, end.day) == (4, 1, 3, 31) and end.year == start.year + 1
    if kind == "snapshot":
        return (end - start).days <= 31
    return kind != "multi_year" or (end - start).days > 366


def _said_once(records: list[Record], known: Known, checked: Checked) -> list[Record]:
    """Refuse a finding that says what another says: same source, measure, category, scope, period and place."""
    here = {record.key for record in records}
    said: dict[tuple[Any, ...], str] = {
        tuple(values[column] for column in SAME_THING): key[0]
        for key, values in known.table("findings").items()
        if key not in here
    }
    kept = []
    for record in records:
        thing = tuple(record.values[column] for column in SAME_THING)
        if thing in said:
            refuse(
                checked, record, "finding_id", f"says the same thing as {said[thing]}; a figure is held once"
            )
        else:
            said[thing] = record.key[0]
            kept.append(record)
    return kept


def _ends_in_order(records: list[Record], known: Known, checked: Checked) -> list[Record]:
    """Refuse a minimum above the maximum of the same source, measure, category, scope, period and place."""
    ends: dict[tuple[Any, ...], dict[str, Decimal]] = defaultdict(dict)
    columns = [column for column in SAME_THING if column != "statistic"]
    here = {record.key for record in records}
    stored = (values for key, values in known.table("findings").items() if key not in here)
    for values in [*stored, *(record.values for record in records)]:
        if values["statistic"] in ("minimum", "maximum"):
            ends[tuple(values[c] for c in columns)][values["statistic"]] = values["value"]
    kept = []
    for record in records:
        pair = ends.get(tuple(record.values[c] for c in columns), {})
        crossed = len(pair) == 2 and pair["minimum"] > pair["maximum"]
        if crossed and record.values["statistic"] in ("minimum", "maximum"):
            refuse(
                checked,
                record,
                "value",
                f"the minimum {pair['minimum']} is above the maximum {pair['maximum']}",
            )
        else:
            kept.append(record)
    return kept


def _breakdowns(records: list[Record], known: Known, checked: Checked) -> list[Record]:
    """Refuse the rows of a breakdown that does not hold together, with the rows that the store has of it."""
    parts: dict[str, dict[Any, Values]] = defaultdict(dict)
    touched = {record.values["breakdown_id"] for record in records if record.values["breakdown_id"]}
    replaced = {record.key for record in records}
    for key, values in known.table("findings").items():
        if values["breakdown_id"] in touched and key not in replaced:
            parts[values["breakdown_id"]][key] = values
    for record in records:
        if record.values["breakdown_id"]:
            parts[record.values["breakdown_id"]][record.key] = record.values
    faults = {name: fault for name, rows in parts.items() if (fault := breakdown_fault(list(rows.values())))}
    kept = []
    for record in records:
        broken = faults.get(record.values["breakdown_id"])
        if broken:
            refuse(checked, record, "breakdown_id", broken)
        else:
            kept.append(record)
    return kept


def breakdown_fault(rows: list[Values]) -> str:
    """What is wrong with the rows of one breakdown, in a sentence; "" where nothing is."""
    for column in BREAKDOWN_SHARES:
        if len({row[column] for row in rows}) > 1:
            return f"its rows differ in {column}; the rows of a breakdown share it"
    if len(rows) < 2:
        return "has one row only; a breakdown has two or more"
    if len({row["category_id"] for row in rows}) < len(rows):
        return "has a category twice"
    if not rows[0]["breakdown_complete"]:
        return ""
    if rows[0]["statistic"] == "percentage":
        total = sum((row["value"] for row in rows), Decimal(0))
        whole, slack = Decimal(100), sum((half_unit(row["value"]) for row in rows), Decimal(0))
    else:
        if any(row["numerator"] is None or row["denominator"] is None for row in rows):
            return "is called complete, but some of its counts have no numerator and base"
        total = sum((row["numerator"] for row in rows), Decimal(0))
        whole = rows[0]["denominator"]
        all_rounded = all(row["precision"] == "rounded" for row in rows)
        slack = Decimal(ROUNDED_COUNT_SLACK * (len(rows) + 1) if all_rounded else 0)
    if abs(total - whole) > slack:
        return f"is called complete, but its parts make {total.normalize():f} of {whole.normalize():f}"
    return ""

"""The rules of the evidence base that reach across cells, rows and tables, one function a table.

Each takes the records of one table whose cells are sound, refuses those that break a rule (with what would be
right) and returns the others. `known` holds the store and everything read before.
"""

from collections import Counter
from collections.abc import Callable
from typing import Any

from studies.appraisal.instruments import parse_instrument
from studies.appraisal.rating import UnknownAnswer, rate

from .decisions import (
    check_conclusions,
    check_statements,
    leave_decided_answers,
    leave_decided_drafts,
    leave_workbench_names,
)
from .findings import check_findings
from .layout import RawBase
from .outcome import Checked, Known, Record, refuse


def check_table(
    name: str, records: list[Record], known: Known, checked: Checked, base: RawBase
) -> list[Record]:
    """Apply the rules of one table."""
    check = RULES.get(name)
    return check(records, known, checked, base) if check else records


def _sources(records: list[Record], known: Known, checked: Checked, base: RawBase) -> list[Record]:
    kept = []
    for record in records:
        v = record.values
        problem = _wrong_order(v, "data_period_start", "data_period_end")
        if problem:
            refuse(checked, record, "data_period_end", problem)
        elif v["year"] is not None and not 1800 <= v["year"] <= 2100:
            refuse(checked, record, "year", "is not a year between 1800 and 2100")
        elif v["accredited_official_statistics"] == "yes" and v["source_type"] != "official_statistics":
            refuse(
                checked,
                record,
                "accredited_official_statistics",
                "only an official statistic can be accredited",
            )
        else:
            kept.append(record)
    return kept


def _wrong_order(values: dict[str, Any], start: str, end: str) -> str:
    if values[start] and values[end] and values[start] > values[end]:
        return f"is before {start} {values[start]}"
    return ""


def _categories(records: list[Record], known: Known, checked: Checked, base: RawBase) -> list[Record]:
    here = {record.key for record in records}
    unknowns = {
        key[0]: key[1]
        for key, values in known.table("categories").items()
        if values["is_unknown"] and key not in here
    }
    kept = []
    for record in records:
        measure, category = record.key
        if record.values["order"] > 32_000:
            refuse(checked, record, "order", "is above 32,000; number the categories from 1")
        elif record.values["is_unknown"] and measure in unknowns:
            message = f"{measure} has the unknown category {unknowns[measure]} already; one is right"
            refuse(checked, record, "is_unknown", message)
        else:
            if record.values["is_unknown"]:
                unknowns[measure] = category
            kept.append(record)
    return kept


def _pairs(first: str, second: str) -> Callable[[list[Record], Known, Checked, RawBase], list[Record]]:
    """The rule of a table of pairs: two different ends, and each pair once in either direction."""

    def check(records: list[Record], known: Known, checked: Checked, base: RawBase) -> list[Record]:
        seen = {frozenset(key): key for key in known.table(records[0].table)} if records else {}
        kept = []
        for record in records:
            pair = frozenset(record.key)
            if len(pair) == 1:
                refuse(checked, record, second, f"is the same as {first}; a pair joins two")
            elif pair in seen and seen[pair] != record.key:
                refuse(checked, record, second, "the pair stands already the other way round; once is right")
            else:
                seen[pair] = record.key
                kept.append(record)
        return kept

    return check


def _appraisals(records: list[Record], known: Known, checked: Checked, base: RawBase) -> list[Record]:
    records = leave_workbench_names(leave_decided_drafts(records, known, checked), known, checked)
    answers: dict[str, dict[str, str]] = {}
    for row in base.rows.get("appraisal_answers", []):
        cells = row.cells
        answers.setdefault(cells.get("appraisal_id", ""), {})[cells.get("criterion_id", "")] = cells.get(
            "answer", ""
        )
    # Appraisals that people made on the workbench have other states and stand beside the provisional one.
    taken = {
        v["source_id"]: key[0] for key, v in known.table("appraisals").items() if v["status"] == "provisional"
    }
    kept = []
    for record in records:
        v = record.values
        instrument = parse_instrument(known.instruments[v["instrument_id"]])
        source_type = known.table("sources")[(v["source_id"],)]["source_type"]
        given = known.table("answers_of").get((v["appraisal_id"],), {}) | answers.get(v["appraisal_id"], {})
        if taken.get(v["source_id"], record.key[0]) != record.key[0]:
            refuse(
                checked, record, "source_id", f"is appraised already by {taken[v['source_id']]}; one is right"
            )
            continue
        if source_type not in instrument.applies_to:
            fits = ", ".join(instrument.applies_to)
            refuse(
                checked,
                record,
                "instrument_id",
                f"does not fit a source of type {source_type}; it fits {fits}",
            )
            continue
        try:
            result = rate(instrument, given)
        except UnknownAnswer as error:
            refuse(checked, record, "appraisal_id", str(error))
            continue
        if result.missing:
            refuse(
                checked,
                record,
                "appraisal_id",
                f"has no answer to {', '.join(result.missing)}; answer every question",
            )
        elif result.rating != v["overall_rating"]:
            refuse(
                checked,
                record,
                "overall_rating",
                f"does not follow from the answers; the rule gives {result.rating}",
            )
        else:
            taken[v["source_id"]] = record.key[0]
            kept.append(record)
    return kept


def _answers(records: list[Record], known: Known, checked: Checked, base: RawBase) -> list[Record]:
    """Answers that come without their appraisal must still lead to its rating."""
    records, decided = leave_decided_answers(records, known, checked)
    here = {row.cells.get("appraisal_id", "") for row in base.rows.get("appraisals", [])}
    merged: dict[str, dict[str, str]] = {}
    for record in records:
        name = record.values["appraisal_id"]
        if name not in here:
            given = merged.setdefault(name, dict(known.table("answers_of").get((name,), {})))
            given[record.values["criterion_id"]] = record.values["answer"]
    faults = {}
    for name, given in merged.items():
        appraisal = known.table("appraisals")[(name,)]
        try:
            result = rate(parse_instrument(known.instruments[appraisal["instrument_id"]]), given)
        except UnknownAnswer as error:
            faults[name] = str(error)
            continue
        if result.rating != appraisal["overall_rating"]:
            faults[name] = (
                f"its answers no longer lead to the rating {appraisal['overall_rating']} of the appraisal"
            )
    kept = []
    for record in records:
        fault = faults.get(record.values["appraisal_id"])
        if fault:
            refuse(checked, record, "answer", fault)
        else:
            kept.append(record)
    return [*kept, *decided]


def _support(records: list[Record], known: Known, checked: Checked, base: RawBase) -> list[Record]:
    kept = []
    for record in records:
        v = record.values
        finding = known.table("findings").get((v["finding_id"],))
        if finding is not None and finding["source_id"] != v["source_id"]:
            refuse(
                checked,
                record,
                "source_id",
                f"the finding {v['finding_id']} belongs to {finding['source_id']}",
            )
        else:
            kept.append(record)
    return kept


def _benchmarks(records: list[Record], known: Known, checked: Checked, base: RawBase) -> list[Record]:
    kept = []
    for record in records:
        finding = known.table("findings")[(record.values["population_finding_id"],)]
        unit = known.table("measures")[(finding["measure_id"],)]["unit_of_analysis"]
        if unit != "population":
            message = f"counts {unit}, not a population; a benchmark compares with a population"
            refuse(checked, record, "population_finding_id", message)
        else:
            kept.append(record)
    return kept


def _areas(records: list[Record], known: Known, checked: Checked, base: RawBase) -> list[Record]:
    kept = []
    for record in records:
        if record.values["region_code"] == record.key[0]:
            refuse(checked, record, "region_code", "is the area itself; an area is not its own region")
        else:
            kept.append(record)
    stored = {key[0] for key in known.table("local/areas")}
    while True:  # a refused region takes its parts with it, and those theirs
        codes = stored | {record.key[0] for record in kept}
        lost = [r for r in kept if r.values["region_code"] and r.values["region_code"] not in codes]
        if not lost:
            return kept
        for record in lost:
            message = "is not in local/areas, neither in this load nor in the store (or it was refused above)"
            refuse(checked, record, "region_code", message)
        kept = [record for record in kept if record not in lost]


def _figures(records: list[Record], known: Known, checked: Checked, base: RawBase) -> list[Record]:
    kept = []
    for record in records:
        v = record.values
        value, denominator, symbol = v["value"], v["denominator"], v["symbol"]
        if not 1900 <= v["year"] <= 2100:
            refuse(checked, record, "year", "is not a year between 1900 and 2100")
        elif symbol and value is not None:
            refuse(
                checked,
                record,
                "value",
                f"stands beside the symbol {symbol}, which means that there is no value",
            )
        elif not symbol and value is None:
            refuse(
                checked,
                record,
                "value",
                "is blank without a symbol; give the value, or the symbol that says why not",
            )
        elif value is not None and value < 0:
            refuse(checked, record, "value", "is negative; a count is nought or more")
        elif denominator is not None and denominator < 0:
            refuse(checked, record, "denominator", "is negative; leave it blank where there is no base")
        elif value is not None and denominator is not None and value > denominator:
            refuse(checked, record, "value", f"is above its denominator {denominator}")
        else:
            kept.append(record)
    return kept


def _neighbours(records: list[Record], known: Known, checked: Checked, base: RawBase) -> list[Record]:
    # Replaced ranks leave their old neighbour, so only the ranks that stay are compared.
    here = {record.key for record in records}
    stays = Counter(
        (key[0], values["neighbour_code"])
        for key, values in known.table("local/neighbours").items()
        if key not in here
    )
    kept = []
    for record in records:
        v = record.values
        pair = (v["area_code"], v["neighbour_code"])
        if pair[0] == pair[1]:
            refuse(checked, record, "neighbour_code", "is the area itself")
        elif not 1 <= v["rank"] <= 1000:
            refuse(checked, record, "rank", "is not between 1 and 1,000; the nearest neighbour has rank 1")
        elif stays[pair]:
            refuse(checked, record, "neighbour_code", "is a neighbour of this area already, at another rank")
        else:
            stays[pair] += 1
            kept.append(record)
    return kept


RULES: dict[str, Callable[[list[Record], Known, Checked, RawBase], list[Record]]] = {
    "sources": _sources,
    "categories": _categories,
    "findings": check_findings,
    "overlaps": _pairs("source_a", "source_b"),
    "related_measures": _pairs("measure_a", "measure_b"),
    "appraisals": _appraisals,
    "appraisal_answers": _answers,
    "comparability": check_statements,
    "conclusions": check_conclusions,
    "conclusion_support": _support,
    "benchmarks": _benchmarks,
    "local/areas": _areas,
    "local/figures": _figures,
    "local/neighbours": _neighbours,
}

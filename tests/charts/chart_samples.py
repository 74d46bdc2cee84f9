"""Findings for tests of charts: small ones made by hand, and the whole shipped evidence base."""

import csv
from datetime import date
from functools import lru_cache
from pathlib import Path

from evidence.charts import Chart, ChartFinding, MeasureInfo, words


BASE = Path(__file__).resolve().parents[2] / "fixtures" / "evidence-base"


def make_measure(**changes):
    """A composition of suspects by ethnicity, with `changes` made to it."""
    given = {
        "measure_id": "suspect-ethnicity",
        "label": "Ethnicity of suspects, unknowns kept in",
        "quantity": "composition",
        "unit_label": "suspects",
        "unit_of_analysis": "suspect",
        "definition": "Ethnic group of suspects with unrecorded ethnicity kept in the base.",
        "comparability_note": "Never to be pooled.",
        "series": False,
    }
    return MeasureInfo(**{**given, **changes})


def make_finding(finding_id="f1", value=28.0, **changes):
    """A printed percentage of one source for 2023, with `changes` made to it."""
    given = {
        "finding_id": finding_id,
        "source_id": "source-a",
        "source_label": "Source A (2024)",
        "category_id": None,
        "category_label": None,
        "category_order": 0,
        "is_unknown": False,
        "scope": "All suspects",
        "breakdown_id": None,
        "breakdown_complete": None,
        "statistic": "percentage",
        "value": value,
        "value_text": f"{value:g}",
        "numerator": None,
        "denominator": None,
        "precision": "rounded",
        "period_start": date(2023, 1, 1),
        "period_end": date(2023, 12, 31),
        "period_type": "calendar_year",
        "period_label": "2023",
        "geography": "England and Wales",
        "quality": "weak",
        "quality_provisional": True,
        "verification": "primary",
        "definition_note": "As printed.",
        "note_of_overlap": None,
    }
    return ChartFinding(**{**given, **changes})


def make_breakdown(parts, breakdown_id="b1", *, complete=True, base=None, **changes):
    """Findings that divide one base. `parts` are (label, value); the label "Unknown" is the unknown.

    With a `base` the values are counts, without one percentages.
    """
    found = []
    for order, (label, value) in enumerate(parts):
        counts = {"statistic": "count", "numerator": value, "denominator": base} if base else {}
        found.append(
            make_finding(
                f"{breakdown_id}-{label.lower()}",
                value,
                category_id=label.lower(),
                category_label=label,
                category_order=99 if label == "Unknown" else order,
                is_unknown=label == "Unknown",
                breakdown_id=breakdown_id,
                breakdown_complete=complete,
                **{**counts, **changes},
            )
        )
    return found


def make_years(values, **changes):
    """One count for each (year, value), calendar years, in the order given."""
    return [
        make_finding(
            f"y{year}{changes.get('category_id', '')}{changes.get('geography', '')}",
            value,
            statistic="count",
            period_start=date(year, 1, 1),
            period_end=date(year, 12, 31),
            period_label=str(year),
            **changes,
        )
        for year, value in values
    ]


def drawn_numbers(chart: Chart):
    """The numbers in the picture by id: bars and rows by length, lines by height."""
    numbers = {}
    for trace in chart.figure_payload["data"]:
        upright = trace["type"] == "scatter" and "lines" in trace.get("mode", "")
        for place, key in enumerate(trace.get("ids", ())):
            if key:
                base = trace["base"][place] if "base" in trace else None
                numbers[key] = base if base is not None else trace["y" if upright else "x"][place]
    return numbers


def table_numbers(chart: Chart):
    """The numbers that the table twin says are drawn, by id."""
    return {record["id"]: record["drawn_value"] for record in chart.table.records if record["drawn"]}


def trace_named(chart: Chart, name):
    """The one trace whose name begins with `name`."""
    found = [trace for trace in chart.figure_payload["data"] if trace.get("name", "").startswith(name)]
    assert len(found) == 1, f"{len(found)} traces are called {name}"
    return found[0]


def picture_texts(chart: Chart, *, narrow=False):
    """All annotations of one layout joined, line breaks as spaces."""
    layout = {**chart.layout, **(chart.layout_narrow if narrow else {})}
    return " ".join(note["text"].replace("<br>", " ") for note in layout["annotations"])


@lru_cache(maxsize=1)
def shipped():
    """The measures of the shipped evidence base with their findings, in the order of the files."""
    sources = {row["source_id"]: row for row in _rows("sources")}
    ratings = {row["source_id"]: row["overall_rating"] for row in _rows("appraisals")}
    categories = {(row["measure_id"], row["category_id"]): row for row in _rows("categories")}
    findings = {}
    for row in _rows("findings"):
        category = categories.get((row["measure_id"], row["category_id"]))
        findings.setdefault(row["measure_id"], []).append(_shipped_finding(row, category, sources, ratings))
    measures = [
        MeasureInfo(
            row["measure_id"],
            row["label"],
            row["quantity"],
            row["unit_label"],
            row["unit_of_analysis"],
            row["definition"],
            row["comparability_note"],
            row["series"] == "yes",
        )
        for row in _rows("measures")
    ]
    return tuple((measure, tuple(findings[measure.measure_id])) for measure in measures)


def shipped_measure(measure_id):
    """One measure of the shipped evidence base and its findings."""
    return next((measure, found) for measure, found in shipped() if measure.measure_id == measure_id)


def _rows(name):
    with (BASE / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _shipped_finding(row, category, sources, ratings):
    start, end = (
        date.fromisoformat(row[key]) if row[key] else None for key in ("period_start", "period_end")
    )
    source = sources[row["source_id"]]
    return make_finding(
        row["finding_id"],
        float(row["value"]),
        source_id=row["source_id"],
        source_label=f"{source['title']} ({source['year']})",
        category_id=row["category_id"] or None,
        category_label=category["label"] if category else None,
        category_order=int(category["order"]) if category else 0,
        is_unknown=bool(category and category["is_unknown"] == "yes"),
        scope=row["scope"],
        breakdown_id=row["breakdown_id"] or None,
        breakdown_complete={"yes": True, "no": False}.get(row["breakdown_complete"]),
        statistic=row["statistic"],
        value_text=row["value"],
        numerator=float(row["numerator"]) if row["numerator"] else None,
        denominator=float(row["denominator"]) if row["denominator"] else None,
        precision=row["precision"],
        period_start=start,
        period_end=end,
        period_type=row["period_type"],
        period_label=words.period_label(start, end, row["period_type"]),
        geography=row["geography"],
        quality=ratings.get(row["source_id"], "not_rated"),
        verification=row["verification"],
        definition_note=row["definition_note"],
    )

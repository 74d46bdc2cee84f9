"""A small evidence base of our own, sound in every rule, that a test may change before it is read or loaded."""

import copy
import csv
import json
from pathlib import Path

from studies.loading.layout import read_base
from studies.loading.outcome import Known
from studies.loading.validate import validate


def _source(source_id, source_type, **more):
    return {
        "source_id": source_id,
        "title": f"The {source_id} report",
        "authors": "Example Statistics Office",
        "year": "2021",
        "publisher": "Example Press",
        "source_type": source_type,
        "method": "Returns of all areas",
        "geography": "England",
        "data_period_start": "2018-04-01",
        "data_period_end": "2021-03-31",
        "doi": "",
        "isbn": "",
        "url": "https://example.org/report",
        "peer_reviewed": "no",
        "accredited_official_statistics": "not_applicable",
        "summary": "Counts of cases and of people.",
        "limitations": "Some areas sent nothing.",
        "bibliographic_check": "seen",
        **more,
    }


def _measure(measure_id, theme, quantity, unit, series="no"):
    return {
        "measure_id": measure_id,
        "label": measure_id.replace("-", " ").capitalize(),
        "theme": theme,
        "quantity": quantity,
        "unit_of_analysis": unit,
        "unit_label": f"{unit}s",
        "definition": "What the sources count.",
        "comparability_note": "Not to be joined to other counts.",
        "series": series,
    }


def _finding(finding_id, source_id, measure_id, category_id, value, **more):
    return {
        "finding_id": finding_id,
        "source_id": source_id,
        "measure_id": measure_id,
        "category_id": category_id,
        "scope": "All recorded cases",
        "breakdown_id": "",
        "breakdown_complete": "",
        "statistic": "count",
        "value": value,
        "numerator": "",
        "denominator": "",
        "lower_ci": "",
        "upper_ci": "",
        "precision": "exact",
        "period_start": "2020-04-01",
        "period_end": "2021-03-31",
        "period_type": "year_to_march",
        "geography": "England",
        "definition_note": "As printed.",
        "locator": "Table 1",
        "verification": "primary",
        **more,
    }


def _part(number, category, value, numerator="", denominator="100", **more):
    return _finding(
        f"small-study-f{number:02}",
        "small-study",
        "suspect-sex",
        category,
        value,
        breakdown_id="small-study-b1",
        breakdown_complete="yes",
        numerator=numerator or value,
        denominator=denominator,
        **more,
    )


def _share(finding_id, source, measure, category, value, numerator="", denominator=""):
    return _finding(
        finding_id,
        source,
        measure,
        category,
        value,
        statistic="percentage",
        scope="Sex known only",
        breakdown_id=f"{source}-{measure}",
        breakdown_complete="yes",
        numerator=numerator,
        denominator=denominator,
    )


def _count(number, year, value):
    return _finding(
        f"small-census-f{number:02}",
        "small-census",
        "recorded-cases",
        "",
        value,
        period_start=f"{year - 1}-04-01",
        period_end=f"{year}-03-31",
    )


TABLES = {
    "sources": [
        _source("small-census", "official_statistics", accredited_official_statistics="yes"),
        _source("small-study", "academic_study", peer_reviewed="yes", authors="Société des études"),
        _source("small-report", "grey_literature", year="", bibliographic_check="quoted_by_others"),
    ],
    "measures": [
        _measure("suspect-sex", "offender-characteristics", "composition", "suspect"),
        _measure("recorded-cases", "prevalence-and-scale", "count", "offence", series="yes"),
        _measure("population-sex", "context", "composition", "population"),
    ],
    "categories": [
        {
            "measure_id": measure,
            "category_id": name,
            "label": name.capitalize(),
            "order": order,
            "is_unknown": unknown,
        }
        for measure, name, order, unknown in (
            ("suspect-sex", "female", "1", "no"),
            ("suspect-sex", "male", "2", "no"),
            ("suspect-sex", "unknown", "3", "yes"),
            ("population-sex", "female", "1", "no"),
            ("population-sex", "male", "2", "no"),
        )
    ],
    "findings": [
        _part(1, "female", "10"),
        _part(2, "male", "60"),
        _part(3, "unknown", "30"),
        _share("small-report-f01", "small-report", "suspect-sex", "female", "17.0", "17", "100"),
        _share("small-report-f02", "small-report", "suspect-sex", "male", "83.0", "83", "100"),
        _count(1, 2019, "12"),
        _count(2, 2020, "14"),
        _count(3, 2021, "11"),
        _share("small-census-f04", "small-census", "population-sex", "female", "51.0"),
        _share("small-census-f05", "small-census", "population-sex", "male", "49.0"),
        _finding("small-report-f03", "small-report", "recorded-cases", "", "2", statistic="minimum"),
        _finding("small-report-f04", "small-report", "recorded-cases", "", "9", statistic="maximum"),
    ],
    "overlaps": [
        {"source_a": "small-study", "source_b": "small-report", "reason": "Both use the same returns."}
    ],
    "appraisals": [
        {
            "appraisal_id": f"appraisal-{source}",
            "source_id": source,
            "instrument_id": "small-tool",
            "status": "provisional",
            "overall_rating": rating,
            "rationale": "Follows from the answers.",
        }
        for source, rating in (("small-study", "strong"), ("small-report", "weak"))
    ],
    "appraisal_answers": [
        {
            "appraisal_id": f"appraisal-{source}",
            "criterion_id": criterion,
            "answer": answer,
            "note": "As read.",
        }
        for source, criterion, answer in (
            ("small-study", "clear-method", "yes"),
            ("small-study", "sample-described", "no"),
            ("small-report", "clear-method", "no"),
            ("small-report", "sample-described", "no"),
        )
    ],
    "conclusions": [
        {
            "conclusion_id": "most-are-male",
            "theme": "offender-characteristics",
            "statement": "Most suspects whose sex is recorded are male.",
            "certainty": "low",
            "certainty_reasons": "Two small sources.",
            "status": "provisional",
        }
    ],
    "conclusion_support": [
        {
            "conclusion_id": "most-are-male",
            "finding_id": finding,
            "source_id": source,
            "direction": direction,
            "note": "",
        }
        for finding, source, direction in (
            ("small-study-f02", "small-study", "supports"),
            ("", "small-report", "context"),
        )
    ],
    "gaps": [
        {
            "gap_id": "gap-1",
            "theme": "motivations-and-enablers",
            "statement": "Why is not known.",
            "why_it_matters": "Prevention needs it.",
            "source_id": "small-report",
            "what_would_fill_it": "Interviews.",
        }
    ],
    "implications": [
        {
            "implication_id": "implication-1",
            "audience": "local_partners",
            "theme": "context",
            "text": "Record sex in every case.",
            "source_id": "small-study",
            "conclusion_id": "most-are-male",
            "locator": "Page 4",
        }
    ],
    "benchmarks": [
        {
            "benchmark_id": "benchmark-1",
            "measure_id": "suspect-sex",
            "category_id": "male",
            "finding_period_end": "",
            "population_finding_id": "small-census-f05",
            "caution": "All ages.",
        }
    ],
    "comparability": [
        {
            "measure_id": "suspect-sex",
            "category_id": "male",
            "statement": "Both count suspects by recorded sex.",
            "stated_by": "the tests",
            "stated_on": "2024-05-01",
        }
    ],
    "breaks": [
        {
            "measure_id": "recorded-cases",
            "category_id": "",
            "starts_on": "2019-04-01",
            "label": "New counting rule",
            "note": "",
        }
    ],
    "related_measures": [
        {
            "measure_a": "suspect-sex",
            "measure_b": "population-sex",
            "relation": "companion",
            "note": "One is people suspected and the other everybody.",
        }
    ],
    "local/areas": [
        {"area_code": code, "name": name, "level": level, "region_code": region, "dfe_code": ""}
        for code, name, level, region in (
            ("E08000001", "First Town", "local_authority", "E12000001"),
            ("E08000002", "Second Town", "local_authority", "E12000001"),
            ("E08000003", "Third Town", "local_authority", "E12000001"),
            ("E12000001", "The Region", "region", "E92000001"),
            ("E92000001", "England", "country", ""),
        )
    ],
    "local/measures": [
        {
            "local_measure_id": "local-cases",
            "label": "Cases in one area",
            "measure_id": "suspect-sex",
            "category_id": "male",
            "unit": "cases",
            "base": "all cases",
            "source_id": "small-census",
            "level": "local_authority",
            "years": "2020-2021",
            "note": "",
        }
    ],
    "local/figures": [
        {
            "area_code": area,
            "local_measure_id": "local-cases",
            "year": "2021",
            "value": value,
            "denominator": base,
            "symbol": symbol,
        }
        for area, value, base, symbol in (("E08000001", "10", "40", ""), ("E08000002", "", "", "c"))
    ],
    "local/neighbours": [
        {"area_code": "E08000001", "rank": rank, "neighbour_code": code, "closeness": "Close"}
        for rank, code in (("1", "E08000002"), ("2", "E08000003"))
    ],
}

ANSWERS = [{"value": value, "label": value.capitalize()} for value in ("yes", "no", "unclear")]
INSTRUMENT = {
    "instrument_id": "small-tool",
    "name": "Small tool",
    "version": "1.0",
    "citation": "Made for the tests.",
    "applies_to": ["academic_study", "grey_literature"],
    "adapted": True,
    "domains": [
        {
            "domain_id": "conduct",
            "label": "Conduct",
            "criteria": [
                {
                    "criterion_id": "clear-method",
                    "critical": True,
                    "question": "Is the method clear?",
                    "guidance": "Read the method section.",
                    "answers": ANSWERS,
                },
                {
                    "criterion_id": "sample-described",
                    "critical": False,
                    "question": "Is the sample described?",
                    "guidance": "",
                    "answers": ANSWERS,
                },
            ],
        }
    ],
    "ratings": [{"value": value, "label": value.capitalize()} for value in ("strong", "weak", "unclear")],
    "rule": {
        "type": "first_match",
        "steps": [
            {
                "step_id": "no-method",
                "when": {"criteria": "critical", "answers": ["no"], "quantifier": "any"},
                "then": "weak",
                "because": "The method is not sound.",
            },
            {
                "step_id": "not-clear",
                "when": {"criteria": "critical", "answers": ["unclear"], "quantifier": "any"},
                "then": "unclear",
                "because": "The method cannot be judged.",
            },
        ],
        "otherwise": "strong",
    },
}
RECORDS = sum(len(rows) for rows in TABLES.values()) + 1
"""How many records the base holds, its instrument included."""


class TinyBase:
    """The base as it will be written: `tables` and `instruments` may be changed first."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.tables = copy.deepcopy(TABLES)
        self.instruments = [copy.deepcopy(INSTRUMENT)]

    def only(self, *names: str) -> "TinyBase":
        """Keep these tables, and the instruments only if named."""
        self.tables = {name: rows for name, rows in self.tables.items() if name in names}
        if "instruments" not in names:
            self.instruments = []
        return self

    def row(self, table: str, key: str) -> dict[str, str]:
        """The row of a table whose first cell is `key`, else the first row in which some cell is."""
        rows = self.tables[table]
        named = [row for row in rows if next(iter(row.values())) == key]
        return (named or [row for row in rows if key in row.values()])[0]

    def leave_out(self, table: str, *columns: str) -> None:
        """Write a table without some of its columns."""
        for row in self.tables[table]:
            for column in columns:
                del row[column]

    def write(self) -> Path:
        """Write the files, and only these; the folder comes back."""
        for old in self.folder.rglob("*.*"):
            old.unlink()
        for table, rows in self.tables.items():
            path = self.folder / f"{table}.csv"
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, fieldnames=list(rows[0]))
                writer.writeheader()
                writer.writerows(rows)
        if self.instruments:
            content = json.dumps({"instruments": self.instruments})
            (self.folder / "instruments.json").write_text(content, encoding="utf-8")
        return self.folder

    def check(self, known: Known | None = None):
        """What the checks say of it, beside what `known` says the store holds."""
        return validate(read_base(self.write()), known or Known())

    def load(self, **options):
        """Load it into the store."""
        from studies.actions.loads import load_evidence

        return load_evidence(base=read_base(self.write()), by="the tests", **options)

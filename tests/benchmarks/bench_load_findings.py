"""Time and memory of loading 100,000 findings from one CSV: read, checked against every rule, saved, searchable.

    python tests/benchmarks/bench_load_findings.py

Works in a database of its own, in a temporary folder, or in an empty one that DATABASE_URL names. The findings are
made up for the purpose and gone with the folder. Budget on two cores: 60 s from the command's start to its commit.
Said beside it: reading the same file with Python's own `csv`, in the same process, and the ratio of the two.
"""

import csv
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from bench_readers import ROOT


FINDINGS = 100_000
A_SOURCE = 50
"""Findings of one source; the largest of the shipped evidence has about as many."""

MOST_SECONDS = 60
MEASURE = """
import csv, json, sys, time
from pathlib import Path

import django
django.setup()
from django.core.management import call_command
from studies.actions.loads import load_evidence
from studies.loading.layout import read_base

call_command("migrate", verbosity=0)
folder, findings = Path(sys.argv[1]), Path(sys.argv[2])
before = load_evidence(base=read_base(folder), by="benchmark")
assert before.committed, before.issues[:3]

started = time.perf_counter()
with findings.open(encoding="utf-8", newline="") as opened:
    rows = sum(1 for _ in csv.DictReader(opened))
plain = time.perf_counter() - started

started, used = time.perf_counter(), time.process_time()
report = load_evidence(base=read_base(findings), by="benchmark")
status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
print(json.dumps({
    "counts": report.as_dict() | {"issues": report.issues[:3]},
    "rows": rows,
    "plain": plain,
    "seconds": time.perf_counter() - started,
    "processor": time.process_time() - used,
    "megabytes": int(status["VmHWM"].split()[0]) / 1024,
}))
"""


def write_base(folder: Path, findings: Path, count: int) -> None:
    """A base with sources and one measure, and a file with its findings, each with numerator and denominator."""
    folder.mkdir()
    sources = [
        {
            "source_id": f"source-{number}",
            "title": f"Report {number}, made up for measuring",
            "authors": "Example Statistics Office",
            "year": 2021,
            "publisher": "Example Press",
            "source_type": "official_statistics",
            "method": "Returns of all areas",
            "geography": "England",
            "url": "https://example.org/report",
            "peer_reviewed": "no",
            "accredited_official_statistics": "yes",
            "summary": "Counts of cases and of people.",
            "limitations": "Some areas sent nothing.",
            "bibliographic_check": "seen",
        }
        for number in range(count // A_SOURCE)
    ]
    measure = {
        "measure_id": "cases",
        "label": "Cases",
        "theme": "context",
        "quantity": "proportion",
        "unit_of_analysis": "case",
        "unit_label": "cases",
        "definition": "What the sources count.",
        "comparability_note": "Not to be joined to other counts.",
        "series": "no",
    }
    category = {
        "measure_id": "cases",
        "category_id": "recorded",
        "label": "Recorded",
        "order": 1,
        "is_unknown": "no",
    }
    write_table(folder / "sources.csv", sources)
    write_table(folder / "measures.csv", [measure])
    write_table(folder / "categories.csv", [category])
    write_table(findings, [finding(number) for number in range(count)])


def finding(number: int) -> dict[str, Any]:
    """One figure: so many in a hundred, of a base of so many hundreds."""
    hundreds, share = 1 + number % 97, number % 101
    return {
        "finding_id": f"source-{number // A_SOURCE}-f{number % A_SOURCE:03}",
        "source_id": f"source-{number // A_SOURCE}",
        "measure_id": "cases",
        "category_id": "recorded",
        "scope": f"Cases of kind {number % A_SOURCE}",
        "breakdown_id": "",
        "breakdown_complete": "",
        "statistic": "percentage",
        "value": share,
        "numerator": share * hundreds,
        "denominator": hundreds * 100,
        "lower_ci": "",
        "upper_ci": "",
        "precision": "exact",
        "period_start": "2020-04-01",
        "period_end": "2021-03-31",
        "period_type": "year_to_march",
        "geography": "England",
        "definition_note": "As printed in the table of the report.",
        "locator": f"Table {number % 40}",
        "verification": "primary",
    }


def write_table(path: Path, rows: list[dict[str, Any]]) -> None:
    """A CSV with the headings of the rows."""
    with path.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.DictWriter(opened, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="evidence-bench-") as temporary:
        folder, findings = Path(temporary) / "base", Path(temporary) / "findings.csv"
        write_base(folder, findings, FINDINGS)
        settings = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "evidence.settings",
            "EVIDENCE_DATA_DIR": str(Path(temporary) / "data"),
        }
        command = [sys.executable, "-c", MEASURE, str(folder), str(findings)]
        run = subprocess.run(command, cwd=ROOT, env=settings, stdout=subprocess.PIPE, text=True, check=True)
        size = findings.stat().st_size / 2**20
    measured = json.loads(run.stdout.splitlines()[-1])
    print(
        f"{measured['rows']:,} findings of {size:.0f} MB loaded in {measured['seconds']:.1f} s (budget "
        f"{MOST_SECONDS}; {measured['processor']:.1f} s of processor time), {measured['megabytes']:.0f} MB; "
        f"plain csv reads the file in {measured['plain']:.2f} s, {measured['seconds'] / measured['plain']:.0f} "
        "times as fast"
    )
    if measured["counts"]["new"] != FINDINGS:
        print(measured["counts"])
        return 1
    return 0 if measured["seconds"] < MOST_SECONDS else 1


if __name__ == "__main__":
    sys.exit(main())

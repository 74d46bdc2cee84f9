"""A small evidence base made from a published meta-analysis of proportions, for tests.

Counts: tuberculosis among the vaccinated in 13 trials (Colditz GA et al. 1994, JAMA 271:698), as tabulated in the
metadat package. Expected values: metafor 4.8-0 in R 4.5.0, REML with control=list(threshold=1e-15),
rma(measure="PLO", test="adhoc") and predict().
"""

import csv
from pathlib import Path


STUDIES = (
    ("Aronson 1948", 4, 123),
    ("Ferguson & Simes 1949", 6, 306),
    ("Rosenthal et al 1960", 3, 231),
    ("Hart & Sutherland 1977", 62, 13598),
    ("Frimodt-Moller et al 1973", 33, 5069),
    ("Stein & Aronson 1953", 180, 1541),
    ("Vandiviere et al 1973", 8, 2545),
    ("TPT Madras 1980", 505, 88391),
    ("Coetzee & Berjak 1968", 29, 7499),
    ("Rosenthal et al 1961", 17, 1716),
    ("Comstock et al 1974", 186, 50634),
    ("Comstock & Webster 1969", 5, 2498),
    ("Comstock et al 1976", 27, 16913),
)
METAFOR_SHARE = 0.00746918846847613
METAFOR_INTERVAL = (0.0035428472086794, 0.0156784114359262)
METAFOR_PREDICTION = (0.000492201205321615, 0.103139975053837)

SOURCE_COLUMNS = [
    "source_id",
    "title",
    "authors",
    "year",
    "publisher",
    "source_type",
    "method",
    "geography",
    "peer_reviewed",
    "accredited_official_statistics",
    "summary",
    "limitations",
    "bibliographic_check",
]
MEASURE_COLUMNS = [
    "measure_id",
    "label",
    "theme",
    "quantity",
    "unit_of_analysis",
    "unit_label",
    "definition",
    "comparability_note",
    "series",
]
FINDING_COLUMNS = [
    "finding_id",
    "source_id",
    "measure_id",
    "scope",
    "statistic",
    "value",
    "numerator",
    "denominator",
    "precision",
    "period_type",
    "geography",
    "definition_note",
    "locator",
    "verification",
]
STATEMENT_COLUMNS = ["measure_id", "category_id", "statement", "stated_by", "stated_on"]


def write(
    folder: Path, *, stated: bool = True, other_scope: int | None = None, overlap: bool = False
) -> Path:
    """Write the base into a folder; without the statement, with one study of another scope, or with an overlap."""
    sources, findings = [], []
    for number, (label, events, total) in enumerate(STUDIES, start=1):
        name = f"study-{number}"
        sources.append(
            [
                name,
                f"Trial report: {label}",
                label,
                label[-4:],
                "A journal",
                "academic_study",
                "Trial",
                "Not stated",
                "yes",
                "not_applicable",
                "Counts of one trial.",
                "Counts only.",
                "seen",
            ]
        )
        scope = "Another population" if number == other_scope else "Vaccinated participants"
        findings.append(
            [
                f"{name}-f1",
                name,
                "trial-cases",
                scope,
                "count",
                events,
                events,
                total,
                "exact",
                "unknown",
                "Not stated",
                "Cases among the vaccinated.",
                "Table",
                "primary",
            ]
        )
    measure = [
        "trial-cases",
        "Cases among the vaccinated",
        "context",
        "proportion",
        "case",
        "participants",
        "Share of the vaccinated who fell ill.",
        "Trials only.",
        "no",
    ]
    table(folder / "sources.csv", SOURCE_COLUMNS, sources)
    table(folder / "measures.csv", MEASURE_COLUMNS, [measure])
    table(folder / "findings.csv", FINDING_COLUMNS, findings)
    if stated:
        statement = [
            "trial-cases",
            "",
            "Same unit and question; no shared people.",
            "A reviewer",
            "2026-01-05",
        ]
        table(folder / "comparability.csv", STATEMENT_COLUMNS, [statement])
    if overlap:
        reason = [["study-1", "study-2", "The same clinic in the same years."]]
        table(folder / "overlaps.csv", ["source_a", "source_b", "reason"], reason)
    return folder


def table(path: Path, columns: list[str], rows: list[list]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([columns, *rows])

"""The tables of an evidence base: columns, kinds, vocabularies, keys and references.

One place for what `fixtures/evidence-base/README.md` says in words. The order of `TABLES` is the order of loading:
a table refers only to tables before it (or to itself).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from studies import vocabulary as words


@dataclass(frozen=True)
class Column:
    """One column of a table.

    `kind`: identifier, text, choice, yes_no, integer, number (kept as printed), date, reference, code (an official
    code: any text without spaces). `refers_to` names the table whose key a reference must be found in.
    `required` forbids a blank cell; `optional` allows the whole column to be left out of a file.
    """

    name: str
    kind: str = "text"
    required: bool = False
    choices: tuple[str, ...] = ()
    refers_to: str = ""
    longest: int = 10_000
    optional: bool = False


@dataclass(frozen=True)
class Table:
    """One table: `name` is the file's path without its ending, `key` the columns that identify a record."""

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]

    @cached_property
    def column_names(self) -> tuple[str, ...]:
        """The headings, in order."""
        return tuple(column.name for column in self.columns)


def identifier(name: str) -> Column:
    return Column(name, "identifier", required=True, longest=120)


def must(name: str, longest: int = 10_000) -> Column:
    return Column(name, required=True, longest=longest)


def may(name: str, longest: int = 10_000) -> Column:
    return Column(name, longest=longest, optional=True)


def choice(name: str, vocabulary: Any, *, required: bool = True) -> Column:
    return Column(name, "choice", required=required, choices=tuple(vocabulary.values), optional=not required)


def yes_no(name: str, *, required: bool = True) -> Column:
    return Column(name, "yes_no", required=required, choices=("yes", "no"), optional=not required)


def reference(name: str, table: str, *, required: bool = True) -> Column:
    return Column(name, "reference", required=required, refers_to=table, longest=120, optional=not required)


def number(name: str, *, required: bool = False) -> Column:
    return Column(name, "number", required=required, longest=40, optional=not required)


def date(name: str, *, required: bool = False) -> Column:
    return Column(name, "date", required=required, longest=10, optional=not required)


def table(name: str, key: Iterable[str], *columns: Column) -> Table:
    return Table(name, columns, tuple(key))


# Scope and geography are part of a unique index of the store, whose entries PostgreSQL limits to 2,700 bytes.
SCOPE_LONGEST = 600
GEOGRAPHY_LONGEST = 200

TABLES: tuple[Table, ...] = (
    table(
        "sources",
        ["source_id"],
        identifier("source_id"),
        must("title"),
        may("authors"),
        Column("year", "integer", optional=True),
        must("publisher"),
        choice("source_type", words.SourceType),
        must("method"),
        must("geography"),
        date("data_period_start"),
        date("data_period_end"),
        may("doi"),
        may("isbn"),
        Column("url", "web_address", optional=True),
        yes_no("peer_reviewed"),
        choice("accredited_official_statistics", words.Accreditation),
        must("summary"),
        must("limitations"),
        choice("bibliographic_check", words.BibliographicCheck),
    ),
    table(
        "measures",
        ["measure_id"],
        identifier("measure_id"),
        must("label"),
        choice("theme", words.Theme),
        choice("quantity", words.Quantity),
        choice("unit_of_analysis", words.UnitOfAnalysis),
        must("unit_label"),
        must("definition"),
        must("comparability_note"),
        yes_no("series"),
    ),
    table(
        "categories",
        ["measure_id", "category_id"],
        reference("measure_id", "measures"),
        identifier("category_id"),
        must("label"),
        Column("order", "integer", required=True),
        yes_no("is_unknown"),
    ),
    table(
        "findings",
        ["finding_id"],
        identifier("finding_id"),
        reference("source_id", "sources"),
        reference("measure_id", "measures"),
        reference("category_id", "categories", required=False),
        must("scope", SCOPE_LONGEST),
        Column("breakdown_id", "identifier", longest=120, optional=True),
        yes_no("breakdown_complete", required=False),
        choice("statistic", words.Statistic),
        number("value", required=True),
        number("numerator"),
        number("denominator"),
        number("lower_ci"),
        number("upper_ci"),
        choice("precision", words.Precision),
        date("period_start"),
        date("period_end"),
        choice("period_type", words.PeriodType),
        must("geography", GEOGRAPHY_LONGEST),
        must("definition_note"),
        must("locator"),
        choice("verification", words.Verification),
    ),
    table(
        "overlaps",
        ["source_a", "source_b"],
        reference("source_a", "sources"),
        reference("source_b", "sources"),
        must("reason"),
    ),
    table(
        "appraisals",
        ["appraisal_id"],
        identifier("appraisal_id"),
        reference("source_id", "sources"),
        reference("instrument_id", "instruments"),
        Column("status", "choice", required=True, choices=("provisional",)),
        choice("overall_rating", words.Rating),
        must("rationale"),
    ),
    table(
        "appraisal_answers",
        ["appraisal_id", "criterion_id"],
        reference("appraisal_id", "appraisals"),
        identifier("criterion_id"),
        must("answer", 30),
        must("note"),
    ),
    table(
        "conclusions",
        ["conclusion_id"],
        identifier("conclusion_id"),
        choice("theme", words.Theme),
        must("statement"),
        choice("certainty", words.Certainty),
        must("certainty_reasons"),
        Column("status", "choice", required=True, choices=("provisional",)),
    ),
    table(
        "conclusion_support",
        ["conclusion_id", "finding_id", "source_id"],
        reference("conclusion_id", "conclusions"),
        reference("finding_id", "findings", required=False),
        reference("source_id", "sources"),
        choice("direction", words.Direction),
        may("note"),
    ),
    table(
        "gaps",
        ["gap_id"],
        identifier("gap_id"),
        choice("theme", words.Theme),
        must("statement"),
        must("why_it_matters"),
        reference("source_id", "sources", required=False),
        must("what_would_fill_it"),
    ),
    table(
        "implications",
        ["implication_id"],
        identifier("implication_id"),
        choice("audience", words.Audience),
        choice("theme", words.Theme),
        must("text"),
        reference("source_id", "sources"),
        reference("conclusion_id", "conclusions", required=False),
        must("locator"),
    ),
    table(
        "benchmarks",
        ["benchmark_id"],
        identifier("benchmark_id"),
        reference("measure_id", "measures"),
        reference("category_id", "categories", required=False),
        date("finding_period_end"),
        reference("population_finding_id", "findings"),
        must("caution"),
    ),
    table(
        "comparability",
        ["measure_id", "category_id"],
        reference("measure_id", "measures"),
        reference("category_id", "categories", required=False),
        must("statement"),
        must("stated_by", 300),
        date("stated_on", required=True),
    ),
    table(
        "breaks",
        ["measure_id", "category_id", "starts_on"],
        reference("measure_id", "measures"),
        reference("category_id", "categories", required=False),
        date("starts_on", required=True),
        must("label", 120),
        may("note"),
    ),
    table(
        "related_measures",
        ["measure_a", "measure_b"],
        reference("measure_a", "measures"),
        reference("measure_b", "measures"),
        choice("relation", words.Relation),
        must("note"),
    ),
    table(
        "local/areas",
        ["area_code"],
        Column("area_code", "code", required=True, longest=60),
        must("name", 200),
        choice("level", words.AreaLevel),
        Column("region_code", "reference", refers_to="local/areas", longest=60, optional=True),
        may("dfe_code", 10),
    ),
    table(
        "local/measures",
        ["local_measure_id"],
        identifier("local_measure_id"),
        must("label"),
        reference("measure_id", "measures"),
        reference("category_id", "categories", required=False),
        must("unit"),
        must("base"),
        reference("source_id", "sources"),
        choice("level", words.AreaLevel),
        must("years", 20),
        may("note"),
    ),
    table(
        "local/figures",
        ["area_code", "local_measure_id", "year"],
        Column("area_code", "reference", required=True, refers_to="local/areas", longest=60),
        reference("local_measure_id", "local/measures"),
        Column("year", "integer", required=True),
        number("value"),
        number("denominator"),
        choice("symbol", words.Suppression, required=False),
    ),
    table(
        "local/neighbours",
        ["area_code", "rank"],
        Column("area_code", "reference", required=True, refers_to="local/areas", longest=60),
        Column("rank", "integer", required=True),
        Column("neighbour_code", "reference", required=True, refers_to="local/areas", longest=60),
        must("closeness", 30),
    ),
)

TABLE: dict[str, Table] = {one.name: one for one in TABLES}
INSTRUMENTS_FILE = "instruments.json"


HEADING_MARKS = re.compile(r"[\s_-]+")


def heading_name(text: str) -> str:
    """A heading as the tables write it: "Source ID" and "source-id *" are "source_id"."""
    return HEADING_MARKS.sub("_", text.strip().rstrip("*:?").strip().casefold())


def table_with_columns(headings: Iterable[str]) -> Table | None:
    """The table whose columns these are, whatever their order; optional columns may be missing."""
    given = set(headings)
    for one in TABLES:
        needed = {column.name for column in one.columns if not column.optional}
        if needed <= given <= set(one.column_names):
            return one
    return None

"""What a saved mapping says: what each column of a release is, which rows are taken, and what the figures become.

A specification is plain data: it goes into the store as JSON and comes back the same. It is made by a person in a
form; `faults` says what it lacks.
"""

import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

from studies.vocabulary import Precision, Suppression, Verification

from .cells import SYMBOLS
from .periods import READINGS, UnreadableTime, read_period


FIGURES, FINDINGS = "local/figures", "findings"
TARGETS = {FIGURES: "Figures of areas", FINDINGS: "National findings"}

UNUSED = "unused"
ROLES = {
    UNUSED: "Not used",
    "time": "Time",
    "area_code": "Area code",
    "area_name": "Area name",
    "level": "Level of area, chooses rows",
    "filter": "Filter, chooses rows",
    "divide": "Filter, divides figures into measures or categories",
    "figure": "Figure",
    "numerator": "Numerator",
    "denominator": "Denominator",
}
"""Role of a column → how the form calls it."""

ONLY_ONCE = ("time", "divide", "numerator", "denominator")
CHOOSING = ("level", "filter")

TIMES = {
    "column": "A column holds it",
    "name": "The file’s name, its sheet or a title names it",
    "fixed": "It is always the same",
}
BASES = {
    "column": "The column with the role Denominator",
    "sum": "The sum of all rows of the dividing column, taken or not",
    "value": "The row of the total: one value of the dividing column",
    "none": "There is none: counts only",
}
BLANKS = {"refuse": "Refuse the record", "skip": "Leave it out, and say so"}
TIMES_BY = {"1": "As they stand", "100": "Shares of one, to be per cent", "1000": "In thousands"}

TOTAL = re.compile(r"(?:total|all|all .*|.* total|persons|people)\Z", re.IGNORECASE)
"""A value of a filter that stands for all the others."""

FINDING_WORDS = (
    "measure_id",
    "scope",
    "statistic",
    "precision",
    "definition_note",
    "locator",
    "verification",
)
"""What every finding of a release has in common. `geography` as well, where no column names the area."""

LOCAL_WORDS = ("measure_id", "unit", "base", "level", "note")
"""What the local measures that a mapping makes have in common."""


@dataclass(frozen=True)
class Series:
    """What the figures of one column, for one value of the dividing column, become.

    `target` is a local measure, or a category of the measure ("" for its total). A local measure that the store
    lacks is made with `label` and, of the national measure, `category`.
    """

    column: str
    value: str
    target: str
    label: str = ""
    category: str = ""


@dataclass(frozen=True)
class Specification:
    """One mapping. Headings are as in the file it was made from; `fit` finds them in another."""

    table: str
    roles: dict[str, str] = field(default_factory=dict)
    time_from: str = "column"
    fixed_time: str = ""
    reading: str = "year_to_march"
    keep: dict[str, list[str]] = field(default_factory=dict)
    known: dict[str, list[str]] = field(default_factory=dict)
    series: list[Series] = field(default_factory=list)
    base_from: str = "column"
    base_value: str = ""
    symbols: dict[str, str] = field(default_factory=dict)
    blanks: str = "refuse"
    times_by: str = "1"
    words: dict[str, str] = field(default_factory=dict)

    def columns_as(self, *roles: str) -> list[str]:
        """The headings with any of the roles, in the order of the file they come from."""
        return [heading for heading, role in self.roles.items() if role in roles]

    def column_as(self, role: str) -> str:
        """The one heading with a role; "" where none has it."""
        return next(iter(self.columns_as(role)), "")

    @property
    def needed(self) -> list[str]:
        """The headings that a file must have: those whose role says anything and that are asked for."""
        figures = {one.column for one in self.series}
        asked = []
        for heading, role in self.roles.items():
            unasked = (role == "figure" and heading not in figures) or (
                (role == "denominator" and self.base_from != "column")
                or (role == "time" and self.time_from != "column")
            )
            if role != UNUSED and not unasked:
                asked.append(heading)
        return asked

    @property
    def signs(self) -> dict[str, str]:
        """Every sign that counts as a symbol, those of the mapping before the usual ones."""
        return {sign: word for sign, word in {**SYMBOLS, **self.symbols}.items() if word}

    def as_dict(self) -> dict[str, Any]:
        """As JSON keeps it. The order of the columns counts, and a database may reorder the keys of an object."""
        return {**asdict(self), "roles": [list(pair) for pair in self.roles.items()]}


def specification_from(data: dict[str, Any]) -> Specification:
    """The inverse of `as_dict`."""
    roles = dict(map(tuple, data["roles"]))
    return Specification(**{**data, "roles": roles, "series": [Series(**one) for one in data["series"]]})


def faults(spec: Specification) -> Iterator[tuple[str, str]]:
    """What a specification lacks: the part of the form concerned, and a sentence."""
    if spec.table not in TARGETS:
        yield "table", "Choose what the figures become."
    for role in ONLY_ONCE:
        if len(spec.columns_as(role)) > 1:
            yield "roles", f"Only one column can be “{ROLES[role]}”; {', '.join(spec.columns_as(role))} are."
    yield from _time_faults(spec)
    if not spec.columns_as("figure"):
        yield "roles", "Say which column holds the figures."
    if not spec.series:
        yield "series", "Say what at least one of the figures becomes."
    for heading, values in spec.keep.items():
        if not values:
            yield "keep", f"Choose at least one value of {heading}, or give the column another role."
    yield from _base_faults(spec)
    for sign, word in spec.symbols.items():
        if word and word not in Suppression.values:
            yield "symbols", f"The sign {sign!r} means none of {', '.join(Suppression.values)}."
    yield from _word_faults(spec)


def _time_faults(spec: Specification) -> Iterator[tuple[str, str]]:
    if spec.reading not in READINGS:
        yield "reading", "Choose how a time is read."
    elif spec.time_from == "fixed":
        try:
            read_period(spec.fixed_time, spec.reading)
        except UnreadableTime as problem:
            yield "fixed_time", f"The time {problem}."
    if spec.time_from == "column" and not spec.column_as("time"):
        yield "time_from", "Give a column the role Time, or say where else the time stands."
    if spec.time_from not in TIMES:
        yield "time_from", "Choose where the time stands."


def _base_faults(spec: Specification) -> Iterator[tuple[str, str]]:
    divide = spec.column_as("divide")
    if spec.base_from not in BASES:
        yield "base_from", "Choose what the figures are parts of."
    elif spec.base_from == "column" and not spec.column_as("denominator"):
        yield "base_from", "Give a column the role Denominator, or choose another base."
    elif spec.base_from in ("sum", "value") and not divide:
        yield "base_from", "A sum or a total needs a column that divides the figures; none has that role."
    elif spec.base_from == "value" and spec.base_value not in spec.known.get(divide, [spec.base_value]):
        yield "base_value", f"{divide} has no value {spec.base_value!r}."
    elif spec.base_from == "value" and not spec.base_value:
        yield "base_value", "Name the value that stands for the total."
    elif spec.base_from == "sum" and (
        totals := [one for one in spec.known.get(divide, []) if TOTAL.match(one)]
    ):
        yield (
            "base_from",
            f"“{totals[0]}” in {divide} is a total: the sum of all rows would count twice. Choose the row of the total.",
        )
    elif spec.base_from == "sum" and spec.words.get("statistic") == "percentage":
        yield "base_from", "Percentages have no sum; name the column of the denominator."
    elif spec.base_from == "none" and spec.column_as("denominator"):
        said = f"“{spec.column_as('denominator')}” has the role Denominator; choose that column, or give it another role."
        yield "base_from", said
    elif spec.base_from == "none" and spec.table == FINDINGS:
        yield "base_from", "A finding needs a denominator; a figure without a base is not ready."
    elif spec.base_from == "none" and not spec.words.get("base", "").casefold().startswith("none"):
        yield "base", "Say “none” and why: figures without a base are counts only."


def _word_faults(spec: Specification) -> Iterator[tuple[str, str]]:
    if spec.blanks not in BLANKS:
        yield "blanks", "Choose what a blank cell means."
    if spec.times_by not in TIMES_BY:
        yield "times_by", "Choose how the figures are written."
    if spec.table == FINDINGS:
        for name in FINDING_WORDS:
            if not spec.words.get(name, "").strip():
                yield name, f"Say the {name.removesuffix('_id').replace('_', ' ')} of these findings."
        if not spec.columns_as("area_name") and not spec.words.get("geography", "").strip():
            yield "geography", "Say which area the findings cover, or give a column the role Area name."
        allowed = {
            "statistic": ["count", "percentage"],
            "precision": Precision.values,
            "verification": Verification.values,
        }
        for name, choices in allowed.items():
            if spec.words.get(name) and spec.words[name] not in choices:
                yield name, f"The {name} is one of {', '.join(choices)}."
    elif spec.table == FIGURES:
        if not spec.columns_as("area_code", "area_name"):
            yield "roles", "Say which column holds the code of the area, or its name."
        for one in spec.series:
            if not one.target:
                yield "series", "Every figure that is taken needs a local measure."

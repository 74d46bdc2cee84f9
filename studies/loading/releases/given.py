"""What the making of rows passes on: a figure as it stands, its group, and what is to be said."""

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal

from ..issues import Issue
from .areas import Areas
from .cells import MARKS, Cell, Kind, plain
from .fit import Fit
from .periods import Period
from .specification import Series, Specification


@dataclass
class Given:
    """One figure of a release that the mapping takes."""

    line: int
    series: Series
    area_code: str
    area_name: str
    period: Period
    cell: Cell
    text: str
    base: Cell | None = None
    top: Cell | None = None


@dataclass
class Group:
    """The figures of one area, time and column that the dividing column divides, and their total if it stands there."""

    given: list[Given] = field(default_factory=list)
    total: Cell | None = None
    parts: list[Cell] = field(default_factory=list)
    """Every figure that the dividing column divides, taken or not: their sum is the base."""


@dataclass(frozen=True)
class Stored:
    """What the store holds that a release may add to.

    `local_measures`: identifier → column → text. `areas`: those that figures may belong to. `findings`: what makes two findings the same, as texts in the
    order of `loading.findings.SAME_THING` → (identifier, breakdown, whether that is complete).
    """

    local_measures: dict[str, dict[str, str]] = field(default_factory=dict)
    areas: Areas = field(default_factory=Areas)
    findings: dict[tuple[str, ...], tuple[str, str, str]] = field(default_factory=dict)


@dataclass
class Making:
    """The work on one release."""

    fit: Fit
    spec: Specification
    mapping: str
    source: str
    stored: Stored
    groups: dict[tuple[str, ...], Group] = field(default_factory=dict)
    issues: list[Issue] = field(default_factory=list)
    left_out: dict[tuple[str, str], list[int]] = field(default_factory=lambda: defaultdict(list))
    marks: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    beside: list[int] = field(default_factory=list)
    refused: set[tuple[str, int]] = field(default_factory=set)
    """Rows refused as a whole by one error: (place, line)."""

    def column(self, heading: str) -> str:
        """The place of a column, as a row or an issue names it."""
        return f"{self.fit.table.where}, column {heading}"

    def place(self, given: Given) -> str:
        """The place of a figure: its file, sheet and column."""
        return self.column(self.fit.found[given.series.column])

    def error(self, place: str, line: int, column: str, value: str, message: str, record: str = "") -> None:
        """Refuse what stands at a place."""
        self.issues.append(Issue("error", place, record, line, column, value, message))

    def refuse(self, given: Given, column: str, message: str) -> None:
        """Refuse a figure, by the name that its record would have."""
        said = (given.area_code or given.area_name, given.series.target, given.period.tag)
        name = "/".join(filter(None, said))
        self.error(self.place(given), given.line, column, given.text, message, name)

    def warning(self, place: str, message: str, line: int | None = None) -> None:
        """Say something odd."""
        self.issues.append(Issue("warning", place, "", line, "", "", message))

    def value_of(self, given: Given) -> str | None:
        """The value of a figure as text, "" for a symbol; None where it is not taken, which is said then."""
        cell = given.cell
        if cell.kind is Kind.NUMBER and cell.number is not None:
            if cell.mark:
                letter = cell.mark.strip("[] ").casefold()
                self.marks[f"{cell.mark} ({MARKS[letter]})" if letter in MARKS else cell.mark].append(
                    given.line
                )
            return self.scaled(cell)
        if cell.kind is Kind.SYMBOL:
            if cell.mark:
                self.beside.append(given.line)
            return ""
        if cell.kind is Kind.BLANK and self.spec.blanks == "skip":
            self.left_out[given.series.column, "blank cell"].append(given.line)
            return None
        message = (
            "is blank: neither a number nor a symbol that says why there is none"
            if cell.kind is Kind.BLANK
            else "is neither a number nor a symbol that the mapping knows; amend the mapping to say what it means"
        )
        self.refuse(given, "value", message)
        return None

    def scaled(self, cell: Cell) -> str:
        """The number of a cell in the unit of the mapping."""
        return plain((cell.number or Decimal(0)) * Decimal(self.spec.times_by))

    def base_of(self, given: Given) -> str | None:
        """The denominator as text, "" where there is none; None where there should be one, which is said then."""
        base = given.base
        if base is None or self.spec.base_from == "none":
            return ""
        if base.kind is Kind.NUMBER and base.number is not None:
            counts = self.spec.times_by == "1" or self.spec.base_from in ("sum", "value")
            return self.scaled(base) if counts else plain(base.number)
        if given.cell.kind is Kind.SYMBOL:
            return ""
        reason = {Kind.SYMBOL: f"withheld or not available ({base.symbol})", Kind.BLANK: "blank"}
        message = f"its denominator is {reason.get(base.kind, 'not a number')}; a figure needs its base"
        self.refuse(given, "denominator", message)
        return None

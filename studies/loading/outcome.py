"""What the checks pass to each other: a record, what is known already, and the outcome."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from .issues import Issue


Key = tuple[Any, ...]
Values = dict[str, Any]


@dataclass(frozen=True)
class Record:
    """One checked row: typed values by column, its key, and where it stood."""

    table: str
    key: Key
    file: str
    line: int
    values: Values

    @property
    def name(self) -> str:
        """The key in words, for reports."""
        return "/".join(str(part) for part in self.key if part not in ("", None))


@dataclass
class Known:
    """What the store holds already: table → key → the values of the record."""

    tables: dict[str, dict[Key, Values]] = field(default_factory=dict)
    instruments: dict[str, Any] = field(default_factory=dict)
    """Instrument → the version that this load brings, else the newest one."""
    versions: dict[tuple[str, str], Any] = field(default_factory=dict)
    """(instrument, version) → its description, for every version that the store holds."""

    def table(self, name: str) -> dict[Key, Values]:
        """The rows of one table by key."""
        return self.tables.setdefault(name, {})


MOST_ISSUES = 50_000
"""Issues that are listed. A file of blank rows has ten a row, which would be gigabytes that nobody reads."""


@dataclass
class Checked:
    """The outcome: records that may be saved, and the issues found. Keys of rejected rows by table and file line.

    Every refused row is counted. Of the issues `MOST_ISSUES` are listed and the others counted in `unlisted`.
    """

    records: dict[str, list[Record]] = field(default_factory=dict)
    instruments: list[dict[str, Any]] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    rejected: set[tuple[str, int]] = field(default_factory=set)
    unlisted: int = 0

    def tell(self, issue: Issue) -> None:
        """Take an issue, or count it where there are too many already."""
        if len(self.issues) < MOST_ISSUES:
            self.issues.append(issue)
        else:
            self.unlisted += 1

    @property
    def all_records(self) -> Iterable[Record]:
        """Every record that may be saved, in the order of loading."""
        return (record for records in self.records.values() for record in records)


def refuse(checked: Checked, record: Record, column: str, message: str) -> None:
    """Write down what is wrong with a record."""
    value = record.values.get(column, "") if column else ""
    shown = "" if value is None else str(value)
    checked.tell(Issue("error", record.file, record.name, record.line, column, shown, message))
    checked.rejected.add((record.file, record.line))

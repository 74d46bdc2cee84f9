"""Check raw rows against the schema and the rules of the evidence base, with what the store already holds."""

from collections.abc import Callable

from . import rules
from .cells import CellProblem, read_cell
from .findings import row_faults
from .instruments import check_instruments
from .issues import Issue
from .layout import RawBase
from .outcome import Checked, Key, Known, Record, Values, refuse
from .schema import TABLES, Table
from .table_search import RawRow


EVERY = 500
"""Rows between two reports of progress."""


def validate(base: RawBase, known: Known, progress: Callable[[int], None] = lambda done: None) -> Checked:
    """Check everything. Never raises for bad data: what is wrong is in `issues`, and its rows are left out.

    `progress` is told now and then how many rows were looked at.

    A row that refers to a refused row is refused too, so that whatever is left can be saved as it is.
    """
    checked = Checked(issues=list(base.issues))
    errors = {(issue.file, issue.line or 0) for issue in base.issues if issue.severity == "error"}
    checked.rejected = errors | base.refused
    view = Known(
        {name: dict(rows) for name, rows in known.tables.items()},
        dict(known.instruments),
        dict(known.versions),
    )
    check_instruments(base.instruments, view, checked)
    done = 0
    for table in TABLES:
        records = []
        for row in base.rows.get(table.name, []):
            record = _read_row(table, row, view, checked)
            if record is not None:
                records.append(record)
            done += 1
            if done % EVERY == 0:
                progress(done)
        records = _drop_repeated(table, records, checked)
        records = rules.check_table(table.name, records, view, checked, base)
        checked.records[table.name] = records
        for record in records:
            view.table(table.name)[record.key] = record.values
    if checked.unlisted:
        message = f"{checked.unlisted:,} further problems are not listed; put the listed ones right first"
        checked.issues.append(Issue("warning", base.name, "", None, "", "", message))
    return checked


def _read_row(table: Table, row: RawRow, known: Known, checked: Checked) -> Record | None:
    """The record in a row, or None with an issue for each cell that is not as it should be.

    A column that the file leaves out says nothing: what the store holds there stays, and a new record has a blank.
    """
    values: Values = {}
    wrong: list[tuple[str, str, str]] = []
    for column in table.columns:
        text = row.cells.get(column.name, "")
        try:
            values[column.name] = read_cell(column, text)
        except CellProblem as problem:
            wrong.append((column.name, text, str(problem)))
            continue
        if column.kind == "reference" and text:
            problem_text = _missing_reference(table, column.refers_to, column.name, text, row, known)
            if problem_text:
                wrong.append((column.name, text, problem_text))
    if wrong and table.name == "findings" and len(values) == len(table.columns) == len(row.cells):
        # Only references lead nowhere: what the cells say together can be judged all the same.
        wrong += [(name, row.cells[name], message) for name, message in row_faults(values)]
    key_text = "/".join(row.cells.get(name, "") for name in table.key if row.cells.get(name, ""))
    for name, text, message in wrong:
        checked.tell(Issue("error", row.file, key_text, row.line, name, text, message))
    if wrong:
        checked.rejected.add((row.file, row.line))
        return None
    key = tuple(values[name] for name in table.key)
    held = known.table(table.name).get(key, values)
    values |= {name: held[name] for name in table.column_names if name not in row.cells}
    return Record(table.name, key, row.file, row.line, values)


def _missing_reference(table: Table, target: str, column: str, text: str, row: RawRow, known: Known) -> str:
    """What to say where a reference leads nowhere; "" where it leads somewhere."""
    if target == "categories":
        measure = row.cells.get("measure_id", "")
        if (measure, text) in known.table("categories"):
            return ""
        allowed = sorted(key[1] for key in known.table("categories") if key[0] == measure)
        said = f"one of {', '.join(allowed)}" if allowed else "blank, since the measure has no categories"
        return f"is no category of the measure {measure}; it would be {said}"
    if target == "instruments":
        if text in known.instruments:
            return ""
        return f"is no known instrument; known are {', '.join(sorted(known.instruments)) or 'none'}"
    if target == table.name:  # a table that refers to itself is checked once it is read whole
        return ""
    if (text,) in known.table(target):
        return ""
    return f"is not in {target}, neither in this load nor in the store (or it was refused above)"


def _drop_repeated(table: Table, records: list[Record], checked: Checked) -> list[Record]:
    """Refuse every record that repeats a key of the same load, and the first of them where they differ.

    Which of two that differ is right nobody can tell: keeping the first would let, for instance, one quarter of a
    release stand for the year.
    """
    first: dict[Key, Record] = {}
    disputed: dict[Key, Record] = {}
    for record in records:
        earlier = first.setdefault(record.key, record)
        if earlier is record:
            continue
        same = record.values == earlier.values
        if not same:
            disputed.setdefault(record.key, record)
        how = "with the same values" if same else "with other values"
        refuse(
            checked,
            record,
            table.key[0],
            f"stands already in {earlier.file}, line {earlier.line}, {how}; once is right",
        )
    for key, other in disputed.items():
        refuse(
            checked,
            first.pop(key),
            table.key[0],
            f"stands again in {other.file}, line {other.line}, with other values; keep the one that is right",
        )
    return list(first.values())

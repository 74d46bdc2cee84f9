"""From the rows of a release to rows of our tables, as a saved mapping says. Nothing is left out in silence.

A row that comes out names the column of the release in its file, so that every problem of it can be found: the
checks of `validate` then treat it like a row of any other file.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal

from ..issues import Issue
from ..table_search import RawRow
from .areas import UnknownArea
from .cells import Cell, Kind, read_cell
from .figures import figure_rows
from .fit import Fit, same
from .given import Given, Group, Making, Stored
from .national import finding_rows
from .periods import Period, UnreadableTime, read_period, years_named
from .roles import BLANK_VALUE
from .specification import CHOOSING, FIGURES, Specification


@dataclass
class Made:
    """What became of a release: rows by table, and what is to be said of it."""

    rows: dict[str, list[RawRow]] = field(default_factory=dict)
    issues: list[Issue] = field(default_factory=list)
    refused: set[tuple[str, int]] = field(default_factory=set)


def make_rows(fit: Fit, spec: Specification, *, mapping: str, source: str, stored: Stored) -> Made:
    """The rows that a release gives. `mapping` is its name and `source` the identifier of the source of the figures.

    Never raises for bad data: a cell that cannot be taken is an error in `issues`, a row left out a warning.
    """
    making = Making(fit, spec, mapping, source, stored)
    for group in _groups(making).values():
        _give_bases(making, group)
    make = figure_rows if spec.table == FIGURES else finding_rows
    rows = make(making)
    _tell_what_was_left_out(making)
    return Made(rows, making.issues, making.refused)


def _groups(making: Making) -> dict[tuple[str, ...], Group]:
    """The figures of the release, together with those that share area, time and the values of the other filters."""
    spec, table = making.spec, making.fit.table
    place = {heading: table.headings.index(there) for heading, there in making.fit.found.items()}
    codes = [place[heading] for heading in reversed(spec.columns_as("area_code")) if heading in place]
    names = [place[heading] for heading in reversed(spec.columns_as("area_name")) if heading in place]
    filters = [heading for heading in spec.columns_as(*CHOOSING) if heading in place]
    divide = spec.column_as("divide")
    series = {(one.column, same(one.value)): one for one in spec.series}
    figures = [heading for heading in spec.columns_as("figure") if heading in place]
    always = _period_of_file(making) if spec.time_from != "column" else None
    if always is None and spec.time_from != "column":
        return {}
    keep = {heading: {same(value) for value in spec.keep.get(heading, [])} for heading in filters}
    base, top = place.get(spec.column_as("denominator")), place.get(spec.column_as("numerator"))
    for row in table.rows:
        cells = row.cells
        chosen = {heading: cells[place[heading]] or BLANK_VALUE for heading in filters}
        outside = next((h for h, text in chosen.items() if same(text) not in keep[h]), "")
        if outside:
            making.left_out[outside, chosen[outside]].append(row.line)
            continue
        value = cells[place[divide]] or BLANK_VALUE if divide in place else ""
        wanted = [one for heading in figures if (one := series.get((heading, same(value))))]
        is_total = spec.base_from == "value" and same(value) == same(spec.base_value)
        if not wanted and not is_total:
            making.left_out[divide, value].append(row.line)
            if spec.base_from != "sum":  # what is left out is still a part of the whole
                continue
        period = always or _period_of_row(making, cells[place[spec.column_as("time")]], row.line)
        code = next((text for n in codes if (text := cells[n]) and not _is_symbol(text, spec)), "")
        name = next((text for n in names if (text := cells[n]) and not _is_symbol(text, spec)), "")
        if period is None:
            continue
        if spec.table == FIGURES:
            found = _area_of_row(making, code, name, row.line)
            if found is None:
                continue
            code = found
        for heading in figures:
            key = (code, name, period.tag, *(same(text) for text in chosen.values()), heading)
            group = making.groups.setdefault(key, Group())
            cell = read_cell(cells[place[heading]], spec.signs)
            group.parts.append(cell)
            if is_total:
                group.total = cell
            one = series.get((heading, same(value)))
            if one is not None:
                given = Given(row.line, one, code, name, period, cell, cells[place[heading]])
                given.base = read_cell(cells[base], spec.signs) if base is not None else None
                given.top = read_cell(cells[top], spec.signs) if top is not None else None
                group.given.append(given)
    return making.groups


def _is_symbol(text: str, spec: Specification) -> bool:
    return read_cell(text, spec.signs).kind is Kind.SYMBOL


def _area_of_row(making: Making, code: str, name: str, line: int) -> str | None:
    """The code of the area that a row names; None, and an error, where it names none for certain."""
    level = making.spec.words.get("level", "") or next(
        (held.get("level", "") for held in making.stored.local_measures.values()), ""
    )
    try:
        return making.stored.areas.code_of(code, name, level)
    except UnknownArea as problem:
        making.error(making.fit.table.where, line, "area_code", name, str(problem), name)
        return None


def _period_of_row(making: Making, text: str, line: int) -> Period | None:
    """The period that a cell names; None, and an error, where it names none."""
    try:
        return read_period(text, making.spec.reading)
    except UnreadableTime as problem:
        heading = making.fit.found[making.spec.column_as("time")]
        making.error(making.column(heading), line, "time", text, str(problem))
        return None


def _period_of_file(making: Making) -> Period | None:
    """The one period of a file without a column of times; None, and an error for every row, where none is told."""
    spec, table = making.spec, making.fit.table
    named = years_named([table.file, table.sheet, *table.titles])
    try:
        if spec.time_from == "fixed":
            period = read_period(spec.fixed_time, spec.reading)
            if named and not any(
                str(year) in text for text in named for year in (period.start.year, period.year)
            ):
                making.warning(
                    table.where,
                    f"the file speaks of {named[0]}, and the mapping always takes {spec.fixed_time}; "
                    "amend the mapping if this is another period",
                )
            return period
        if len(named) != 1:
            said = f"names {' and '.join(named)}" if named else "names no year"
            raise UnreadableTime(f"{said} in its name, its sheet or its titles; it should name one period")
        return read_period(named[0], spec.reading)
    except UnreadableTime as problem:
        making.refused = {(table.where, row.line) for row in table.rows}
        making.error(table.where, table.rows[0].line, "time", "", f"the file {problem}")
        return None


def _give_bases(making: Making, group: Group) -> None:
    """Set the denominator of every figure of a group where it does not stand in the figure's own row."""
    if making.spec.base_from == "value":
        for given in group.given:
            given.base = group.total or Cell(Kind.BLANK)
    elif making.spec.base_from == "sum":
        whole = all(cell.kind is Kind.NUMBER for cell in group.parts)
        numbers = (cell.number or Decimal(0) for cell in group.parts)
        total = Cell(Kind.NUMBER, sum(numbers, Decimal(0))) if whole else Cell(Kind.SYMBOL, symbol="x")
        for given in group.given:
            given.base = total
    elif making.spec.base_from == "none":
        for given in group.given:
            given.base = None


def _tell_what_was_left_out(making: Making) -> None:
    spec, table = making.spec, making.fit.table
    by_mapping: dict[str, list[str]] = defaultdict(list)
    rows_by_mapping = 0
    for (heading, value), lines in making.left_out.items():
        known = {same(one) for one in spec.known.get(heading, [])}
        if same(value) in known or not known:
            by_mapping[heading].append(value)
            rows_by_mapping += len(lines)
        else:
            message = (
                f"the value “{value}” of the column “{heading}” is not known to the mapping; its {len(lines):,} "
                f"{'row is' if len(lines) == 1 else 'rows are'} left out. Amend the mapping to take them"
            )
            making.issues.append(
                Issue("warning", making.column(heading), "", lines[0], heading, value, message)
            )
    if by_mapping:
        parts = [
            f"{heading}: “{'”, “'.join(values[:12])}”"
            + (f" and {len(values) - 12} more" if len(values) > 12 else "")
            for heading, values in by_mapping.items()
        ]
        are = "row is" if rows_by_mapping == 1 else "rows are"
        message = f"{rows_by_mapping:,} {are} left out, as the mapping says ({'; '.join(parts)})"
        making.warning(table.where, message)
    for mark, lines in making.marks.items():
        making.warning(
            table.where, f"{len(lines):,} figures bear the mark {mark}, which is not kept", lines[0]
        )
    if making.beside:
        message = (
            f"{len(making.beside):,} numbers stand beside a symbol; the symbol is kept and not the number, since "
            "an unreliable or withheld number is not shown"
        )
        making.warning(table.where, message, making.beside[0])
    divide = spec.column_as("divide")
    if divide in making.fit.found:
        there = {same(text or BLANK_VALUE) for text in table.column(making.fit.found[divide])}
        gone = [one.value for one in spec.series if same(one.value) not in there]
        if gone:
            message = f"the column “{divide}” no longer has {', '.join(dict.fromkeys(gone))}"
            making.warning(making.column(making.fit.found[divide]), message)

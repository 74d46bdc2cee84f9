"""What the page of a mapping is made of: the columns and the proposal, a preview, and what a mapping says in words."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from .actions import mapped_loads, releases
from .loading.issues import UnusableFile
from .loading.record_words import symbol_in_words
from .loading.releases.fit import best_fit, fit, same
from .loading.releases.national import identifier_of
from .loading.releases.periods import READINGS, without_years, years_named
from .loading.releases.reading import ReleaseTable
from .loading.releases.roles import ColumnSeen, guess_reading, guess_roles, guess_total, is_local, look_at
from .loading.releases.specification import BASES, BLANKS, FIGURES, FINDINGS, TIMES, TIMES_BY, Specification
from .mapping_form import MappingForm, signs_in
from .models import Load, ReleaseMapping, Source


PREVIEW_ROWS = 8
PREVIEW_COLUMNS = {
    FIGURES: ("area_code", "local_measure_id", "year", "value", "denominator", "symbol"),
    FINDINGS: (
        "geography",
        "measure_id",
        "category_id",
        "period_start",
        "period_end",
        "value",
        "numerator",
        "denominator",
    ),
}


@dataclass
class Editing:
    """What a form is about: a file with its table, a mapping, or both."""

    seen: list[ColumnSeen]
    spec: Specification
    signs: list[str]
    load: Load | None = None
    mapping: ReleaseMapping | None = None
    table: ReleaseTable | None = None
    sheets: list[str] | None = None


def editing_of(load: Load | None, mapping: ReleaseMapping | None, sheet: str = "") -> Editing:
    """The columns and what is proposed for them. Raises `Refused` or `UnusableFile` where the file cannot be read."""
    if load is None:
        assert mapping is not None
        seen = [ColumnSeen(**column) for column in mapping.columns]
        return Editing(seen, mapping.spec(), list(mapping.spec().symbols), None, mapping)
    release = mapped_loads.release_of(load)
    named = next((table for table in release.tables if table.sheet == sheet), release.tables[0])
    if mapping is not None:
        found = best_fit(mapping.spec(), mapping.headings, release)
        table = found.table if not sheet else named
        spec = carried_over(mapping.spec(), fit(mapping.spec(), mapping.headings, table))
    else:
        table = named
        spec = proposal(table)
    if table.twice:
        raise UnusableFile(f"{table.where} cannot be mapped: {table.twice_in_words()}. Keep one of them.")
    figures = [heading for heading in table.headings if heading in table.numeric]
    sheets = [one.sheet for one in release.tables if one.sheet]
    return Editing(look_at(table), spec, signs_in(table, figures), load, mapping, table, sheets)


def proposal(table: ReleaseTable) -> Specification:
    """What the columns of an unknown release probably are."""
    seen = look_at(table)
    roles = guess_roles(seen)
    held = set(roles.values())
    is_dated = "time" in held
    named = years_named([table.file, table.sheet, *table.titles])
    total = guess_total(seen, roles)
    divided = ("value" if total else "sum") if "divide" in held else "none"
    return Specification(
        table=FIGURES if {"area_code", "area_name"} & held and is_local(seen) else FINDINGS,
        roles=roles,
        reading=guess_reading(seen),
        time_from="column" if is_dated else "name" if len(named) == 1 else "fixed",
        base_from="column" if "denominator" in held else divided,
        base_value=total,
        words={"verification": "primary"},
    )


def carried_over(spec: Specification, found: Any) -> Specification:
    """A specification with the headings of another file in the place of its own, the nearest for those missing."""
    now = {**{old: new for old, new in found.missing.items() if new}, **found.found}
    now |= {
        one: there
        for one in spec.roles
        for there in found.table.headings
        if one not in now and same(one) == same(there)
    }
    return replace(
        spec,
        roles={
            heading: spec.roles[old]
            for heading in found.table.headings
            for old, new in now.items()
            if new == heading
        },
        keep={now.get(heading, heading): values for heading, values in spec.keep.items()},
        series=[replace(one, column=now.get(one.column, one.column)) for one in spec.series],
    )


def form_for(editing: Editing, data: Any, *, silent: bool = False) -> MappingForm:
    """The form, with what was typed (`data`) or what is proposed. `silent`: what was typed, but no errors yet."""
    options: dict[str, Any] = {"seen": editing.seen, "spec": editing.spec, "signs": editing.signs}
    options["amends"] = editing.mapping is not None
    if editing.mapping is not None:
        options["initial"] = {"label": editing.mapping.label, "source": editing.mapping.source_id}
    elif editing.load is not None:
        name = editing.load.name.rpartition(".")[0] or editing.load.name
        options["initial"] = {"name": identifier_of(without_years(name))[:80].strip("-")}
    form = MappingForm(data, **options)
    if data is not None and data.get("shape") != form.shape:
        form = MappingForm(form.with_proposals(data), **options)
    if silent:
        form.full_clean()
        form.errors.clear()
    return form


def preview_of(
    editing: Editing, spec: Specification, source: Source, name: str | None
) -> dict[str, Any] | None:
    """The first rows as they would be stored, how many there are, and what is odd; None without a file."""
    if editing.table is None:
        return None
    found = fit(spec, editing.table.headings, editing.table)
    made = releases.rows_of(found, spec, editing.mapping.name if editing.mapping else name or "", source)
    rows = made.rows.get(spec.table, [])
    columns = PREVIEW_COLUMNS[spec.table]
    return {
        "columns": columns,
        "rows": [(row.line, _shown(row.cells, columns)) for row in rows[:PREVIEW_ROWS]],
        "count": len(rows),
        "issues": [str(issue) for issue in made.issues[:PREVIEW_ROWS]],
        "more_issues": max(0, len(made.issues) - PREVIEW_ROWS),
    }


def _shown(cells: dict[str, str], columns: Iterable[str]) -> list[str]:
    """The cells of a row of the preview; a symbol with its meaning, since no page shows it without."""
    return [symbol_in_words(cells[one]) if one == "symbol" else cells[one] for one in columns]


def values_of(spec: Specification) -> Iterator[tuple[str, str]]:
    """What a mapping says beside its columns, in words."""
    yield "Where the time stands", TIMES[spec.time_from]
    if spec.time_from == "fixed":
        yield "The time", spec.fixed_time
    yield "How a time is read", READINGS[spec.reading]
    yield "What the figures are parts of", BASES[spec.base_from]
    if spec.base_from == "value":
        yield "Value of the total", spec.base_value
    yield "How the figures are written", TIMES_BY[spec.times_by]
    yield "A blank cell", BLANKS[spec.blanks]
    for heading, values in spec.keep.items():
        yield f"Rows taken by {heading}", "; ".join(values)
    for name, said in spec.words.items():
        yield name.removesuffix("_id").replace("_", " ").capitalize(), said
    signs = "; ".join(
        f"“{sign}” means {symbol_in_words(word)}" if word else f"“{sign}” is refused"
        for sign, word in spec.symbols.items()
    )
    if signs:
        yield "Signs", signs

"""Which room of the house may import which, and that the reading half never writes.

The store (`studies`) knows nothing of the reading (`evidence`); the pure cores know nothing of Django. The reasons
are in README.md.
"""

import ast
import subprocess
import sys
from pathlib import Path

import pytest


ROOT = Path(__file__).resolve().parents[1]
FIRST_PARTY = {"evidence", "studies"}
MOST_LINES = 400

# Room -> the only first-party modules that it may import.
MAY_IMPORT = {
    "studies": {"studies"},
    "studies/appraisal": {"studies.appraisal", "studies.vocabulary"},
    "studies/loading": {"studies.loading", "studies.appraisal", "studies.vocabulary"},
    "evidence/synthesis": {"evidence.synthesis", "studies.appraisal"},
    "evidence/charts": {"evidence.charts", "evidence.synthesis"},
    "evidence/references": {"evidence.references", "studies.loading"},
    "evidence/selection.py": {"evidence.selection"},
    "evidence/facets.py": {"evidence.facets"},
    "studies/vocabulary.py": {"studies.vocabulary"},
}
# Room -> third-party packages that it does without. Only `studies.vocabulary` brings Django into pure code, for the
# one class that choices are made of.
MUST_NOT_IMPORT = {
    "studies/appraisal": {"django", "pandas", "plotly"},
    "studies/loading": {"django", "plotly"},
    "evidence/synthesis": {"django", "pandas", "plotly"},
    "evidence/charts": {"django"},
    "evidence/references": {"django", "pandas", "plotly"},
    "evidence/selection.py": {"django", "pandas", "plotly", "numpy"},
    "evidence/facets.py": {"django", "pandas", "plotly"},
}
# Parts of the store that only the workbench, the admin and commands may use: they write.
WRITING = {"studies.actions", "studies.forms", "studies.views", "studies.admin", "studies.management"}

VAGUE_NAMES = {"utils", "helpers", "common", "services", "signals", "misc", "util", "helper"}

# Methods of models, managers and querysets that change rows. `update` is one of dicts and sets as well: it counts
# only where it is called on a queryset or on what a queryset gave.
WRITES = {
    "save",
    "asave",
    "create",
    "acreate",
    "delete",
    "adelete",
    "bulk_create",
    "bulk_update",
    "get_or_create",
    "update_or_create",
    "select_for_update",
    "executemany",
}
OF_A_QUERYSET = {"objects", "filter", "exclude", "all", "order_by", "get_queryset"}


def modules_of(room: str) -> list[Path]:
    path = ROOT / room
    return [path] if path.suffix == ".py" else sorted(path.rglob("*.py"))


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def imported_names(path: Path, source: str | None = None):
    """The absolute dotted name of everything that the module imports, wherever in it the import stands."""
    package = path.relative_to(ROOT).parts[:-1]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8") if source is None else source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) + 1 - node.level] if node.level else ()
            module = ".".join([*above, *([node.module] if node.module else [])])
            yield from (f"{module}.{alias.name}" for alias in node.names)


def is_within(name: str, prefixes) -> bool:
    return any(name == prefix or name.startswith(f"{prefix}.") for prefix in prefixes)


def writes_in(tree: ast.AST):
    """The calls in a module that would change rows, as (line, text)."""
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        receiver = {part.attr for part in ast.walk(node.func.value) if isinstance(part, ast.Attribute)}
        if node.func.attr in WRITES or (node.func.attr == "update" and receiver & OF_A_QUERYSET):
            yield node.lineno, ast.unparse(node.func)


@pytest.mark.parametrize("room", MAY_IMPORT)
def test_room_imports_only_what_it_may(room):
    modules = modules_of(room)
    offences = [
        f"{name_of(path)}: {name}"
        for path in modules
        for name in imported_names(path)
        if is_within(name, MUST_NOT_IMPORT.get(room, ()))
        or (is_within(name, FIRST_PARTY) and not is_within(name, MAY_IMPORT[room]))
    ]

    assert modules
    assert offences == []


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("import evidence.charts as c", ["evidence.charts"]),
        ("from .. import queries", ["evidence.queries"]),
        ("from ..charts.words import value", ["evidence.charts.words.value"]),
        ("def late():\n    from studies import models", ["studies.models"]),
    ],
)
def test_imports_are_seen_in_every_form(source, expected):
    assert list(imported_names(ROOT / "evidence" / "views" / "some.py", source)) == expected


def test_reading_half_uses_nothing_that_writes():
    offences = [
        f"{name_of(path)}: {name}"
        for path in modules_of("evidence")
        for name in imported_names(path)
        if is_within(name, WRITING)
    ]

    assert offences == []


def test_reading_half_calls_no_method_that_writes():
    offences = [
        f"{name_of(path)}:{line}: {text}"
        for path in modules_of("evidence")
        for line, text in writes_in(ast.parse(path.read_text(encoding="utf-8")))
    ]

    assert offences == []


@pytest.mark.parametrize(
    ("source", "is_write"),
    [
        ("source.save()", True),
        ("Source.objects.create(pk='x')", True),
        ("Source.objects.filter(pk='x').update(title='y')", True),
        ("rows.filter(pk=1).delete()", True),
        ("words.update({'a': 'b'})", False),
        ("Source.objects.filter(pk='x').count()", False),
    ],
)
def test_writing_calls_are_told_from_reading_ones(source, is_write):
    assert bool(list(writes_in(ast.parse(source)))) is is_write


@pytest.mark.parametrize("half", ["evidence", "studies"])
def test_modules_are_small_and_named_for_what_they_hold(half):
    modules = [path for path in modules_of(half) if "migrations" not in path.parts]
    lengths = {name_of(path): len(path.read_text(encoding="utf-8").splitlines()) for path in modules}
    vague = [name_of(path) for path in modules if VAGUE_NAMES & {path.stem, *path.relative_to(ROOT).parts}]

    assert {name: length for name, length in lengths.items() if length > MOST_LINES} == {}
    assert vague == []


@pytest.mark.parametrize(
    ("module", "unwanted"),
    [
        ("evidence.synthesis", {"pandas", "statsmodels", "plotly", "django"}),
        ("evidence.charts", {"pandas", "statsmodels", "django"}),
        ("evidence.selection", {"pandas", "plotly", "django", "numpy"}),
        ("evidence.facets", {"pandas", "plotly", "django"}),
        ("studies.appraisal.rating", {"pandas", "plotly", "evidence"}),
    ],
)
def test_import_of_a_pure_part_loads_nothing_heavy(module, unwanted):
    """What is imported indirectly counts as well, so a fresh process is asked what it holds."""
    script = f"import sys, {module}; print(*sorted({{name.partition('.')[0] for name in sys.modules}}))"
    run = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
    )

    loaded = set(run.stdout.split())
    assert module.partition(".")[0] in loaded
    assert loaded & unwanted == set()

"""The package as a package: what importing it costs, and what its docstrings promise the methods page."""

from __future__ import annotations

import inspect
import subprocess
import sys
from pathlib import Path

import pytest

import evidence.synthesis as maths


ROOT = Path(__file__).parents[2]
HEAVY = ("django", "pandas", "plotly", "statsmodels", "sympy", "sklearn", "scipy.stats", "scipy.optimize")
FUNCTIONS = [name for name in maths.__all__ if inspect.isfunction(getattr(maths, name))]
NO_LITERATURE = {
    "agreement_table", "check_regression", "describe_study", "find_overlaps", "method_line", "pooled_ratio",
    "resolve_overlaps",
}  # fmt: skip


def test_importing_the_maths_loads_nothing_heavy():
    code = f"import sys, evidence.synthesis; print([m for m in {HEAVY!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_using_the_maths_loads_nothing_heavy_either():
    code = (
        "import sys, evidence.synthesis as m;"
        "p = m.pool_proportions([0, 5, 9, 4], [50, 60, 70, 80], method='glmm'); p.to_dict();"
        "m.benchmark_ratio(5, 9, benchmark_events=7, benchmark_n=90);"
        f"print([n for n in {HEAVY!r} if n in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_every_public_name_exists_once_and_in_order():
    assert len(set(maths.__all__)) == len(maths.__all__)
    assert all(hasattr(maths, name) for name in maths.__all__)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_public_function_says_what_goes_in_what_comes_back_and_whose_formula_it_is(name):
    function = getattr(maths, name)
    text = inspect.getdoc(function) or ""
    if name == "check_regression":
        assert "W9" in text
        return
    assert text.split("\n\n")[0].count("\n") == 0, "the summary is one line"
    for section in ("Parameters", "Returns"):
        assert f"\n{section}\n{'-' * len(section)}" in text
    described = text.split("Returns\n---")[0]
    for parameter in inspect.signature(function).parameters:
        assert parameter in described, f"{parameter} is not described"
    assert ("\nReferences\n----------" in text) or name in NO_LITERATURE

"""The methods page documents what the package offers, in both directions."""

import inspect

import pytest
from bs4 import BeautifulSoup

from evidence import synthesis
from evidence.methods_page import CHAPTERS, make_chapters


DOCUMENTED = {function.__name__ for *_, functions in CHAPTERS for function in functions}
# Shaping, not method: tables of ratings for the functions that are documented, and the line under a figure.
NOT_METHODS = {"agreement_table", "cohen_kappa_from_ratings", "method_line"}


def test_every_public_function_of_the_synthesis_is_documented():
    public = {name for name in synthesis.__all__ if inspect.isfunction(getattr(synthesis, name))}
    assert public - NOT_METHODS <= DOCUMENTED


@pytest.mark.parametrize(
    "method", [m for chapter in make_chapters() for m in chapter.methods], ids=lambda m: m.name
)
def test_each_method_says_what_comes_back(method):
    assert method.summary
    assert not method.summary.startswith("This function")


def test_formulas_name_their_source():
    pooling = next(chapter for chapter in make_chapters() if chapter.slug == "pooling")
    main = next(method for method in pooling.methods if method.name == "fit_random_effects")
    assert main.references


def test_page_shows_settings_and_cautions(client, db):
    soup = BeautifulSoup(client.get("/methods/").content, "html.parser")
    rows = soup.select("#settings tbody tr")
    assert len(rows) == len(synthesis.THRESHOLDS)
    assert len(soup.select("#cautions dt")) == 10
    assert synthesis.SETTINGS_VERSION in soup.get_text()

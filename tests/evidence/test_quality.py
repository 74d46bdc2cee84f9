"""The matrix of quality, its bars and its twin; and the figures of agreement."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from page_checks import page_faults, policy_faults, read, words

from evidence.agreement_page import Pair, make_agreement_page, make_line
from evidence.quality_page import cell_of, make_quality_page
from studies.actions import ratings
from tests.studies.actions.people import Round, entry
from tests.studies.tiny_base import TinyBase


@pytest.fixture
def loaded(tmp_path, db):
    folder = tmp_path / "tiny"
    folder.mkdir()
    assert TinyBase(folder).load().committed


@pytest.mark.parametrize(
    ("answers", "state"),
    [
        (["yes", "no"], "poor"),
        (["yes", "unclear"], "unknown"),
        (["no", "unclear"], "poor"),
        (["yes", "partly"], "partial"),
        (["partly", "unclear"], "unknown"),
        (["yes", "not_applicable"], "good"),
        (["not_applicable"], "not_applicable"),
        (["some_other_word"], "partial"),
        ([], "unknown"),
    ],
)
def test_domain_is_shown_by_its_worst_answer(answers, state):
    assert cell_of(answers).state == state


def test_matrix_twin_and_bars_hold_the_same(loaded):
    shown = make_quality_page({})

    assert [(row.source_id, row.rating, row.cells[0].state) for row in shown.rows] == [
        ("small-report", "weak", "poor"),
        ("small-study", "strong", "poor"),
    ]
    assert [row[2] for row in shown.table.rows] == [row.cells[0].words for row in shown.rows]
    assert [(one.state, one.count, one.width) for one in shown.bars[0].segments] == [("poor", 2, 300.0)]
    assert shown.provisional == 2


def test_filters_narrow_and_strangers_among_them_are_named(client, loaded):
    page = read(client.get("/quality/", {"quality": "weak", "state": "provisional"}))
    assert [words(link) for link in page.select(".evidence-matrix tbody a")] == ["The small-report report"]
    assert (page_faults(page), policy_faults(page)) == ([], [])
    assert "fits these filters" in words(read(client.get("/quality/?state=final")))
    for query in ("quality=splendid", "colour=red", "quality=weak&quality=strong"):
        refused = client.get(f"/quality/?{query}")
        assert refused.status_code == 400
        assert page_faults(read(refused)) == []


def test_final_rating_takes_the_place_of_the_provisional_one(loaded):
    pair = Round()
    for who in (pair.first, pair.second):
        pair.submit(who, entry(method="yes", sample="yes"))

    row = make_quality_page({}).rows[1]
    assert (row.rating, row.provisional, row.cells[0].state) == ("strong", False, "good")


def test_shipped_matrix_asks_a_fixed_number_of_questions(client, shipped):
    with CaptureQueriesContext(connection) as asked:
        page = read(client.get("/quality/"))

    assert len(page.select(".evidence-matrix tbody tr")) > 30
    assert len(asked) <= 8


# Agreement. ----------------------------------------------------------------------------------------------------


def test_nothing_is_compared_before_the_decision(loaded):
    pair = Round()
    pair.submit(pair.first, entry(method="yes"))
    pair.submit(pair.second, entry(method="no"))
    assert make_agreement_page() == []

    ratings.reconcile(
        round_pk=pair.opened.pk, entry=entry(method="no"), version=1, reason="So.", by=pair.lead
    )

    (found,) = make_agreement_page()
    overall, domain = found.lines
    assert (found.rounds, overall.pairs, domain.pairs) == (1, 1, 2)
    assert overall.percent.endswith("0 of 1")
    assert (overall.after, domain.after) == ("50%, 1 of 2", "75%, 3 of 4")


def test_figures_are_those_of_the_pure_functions_and_undefined_is_said():
    """The table a=20, b=5, c=10, d=15 of many textbooks: agreement 0.70, kappa 0.40."""
    counts = {("yes", "yes"): 20, ("yes", "no"): 5, ("no", "yes"): 10, ("no", "no"): 15}
    pairs = [Pair(a, b, a) for (a, b), n in counts.items() for _ in range(n)]
    line = make_line("Part", pairs, ("no", "yes"), ("no", "yes"))

    assert line.percent == "70% (56% to 81%), 35 of 50"
    assert line.kappa.startswith("0.40 (")
    assert line.after == "85%, 85 of 100"
    same = make_line("Part", [Pair("yes", "yes", "yes")] * 5, ("no", "yes"), ("no", "yes"))
    assert same.kappa == same.alpha == "Undefined: everybody gave one answer"
    assert same.ac1.startswith("1.00")
    none = make_line("Part", [Pair("unclear", "yes", "yes")], ("no", "yes"), ("no", "yes", "unclear"))
    assert none.kappa == "Undefined: no pair of ordered answers"


def test_page_of_agreement_can_be_used_by_everybody(client, loaded):
    assert "No source has been appraised by two people" in words(read(client.get("/quality/agreement/")))
    pair = Round()
    for who in (pair.first, pair.second):
        pair.submit(who, entry())
    page = read(client.get("/quality/agreement/"))
    assert "100% (" in words(page)
    assert (page_faults(page), policy_faults(page)) == ([], [])

"""The matrix of quality, its bars and its twin; and the figures of agreement."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from page_checks import page_faults, policy_faults, read, words

from evidence.agreement_page import Unit, alpha_of, make_agreement_page, make_line
from evidence.quality_page import cell_of, make_quality_page
from studies.actions import appraisals, ratings, rounds
from studies.models import Appraisal, AppraisalRound, Instrument, Judgement, Source
from studies.permissions import Role
from tests.studies.actions.people import Round, entry, person
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
    ],
)
def test_domain_is_shown_by_its_worst_answer(answers, state):
    assert cell_of(answers, len(answers)).state == state


@pytest.mark.parametrize(
    ("answers", "asked", "state"),
    [
        ([], 2, "unanswered"),
        (["yes"], 2, "unanswered"),
        (["not_applicable"], 2, "unanswered"),
        (["unclear"], 2, "unknown"),
        (["no"], 2, "poor"),
        ([], 0, "unanswered"),
    ],
)
def test_question_without_an_answer_is_neither_met_nor_without_information(answers, asked, state):
    assert cell_of(answers, asked).state == state


def test_page_tells_what_is_not_answered_and_what_is_not_appraised_apart(client, loaded):
    assert "Not answered" not in words(read(client.get("/quality/")))
    Judgement.everything.filter(appraisal="appraisal-small-study").delete()

    shown = read(client.get("/quality/"))

    assert (page_faults(shown), policy_faults(shown)) == ([], [])
    row = next(row for row in shown.select(".evidence-matrix tbody tr") if "small-study" in words(row))
    assert [words(cell) for cell in row.select(".quality-unanswered .govuk-visually-hidden")] == [
        "Not answered"
    ]
    assert "not answered 1" in words(shown)
    assert "○ Not answered" in words(shown.select_one(".quality-legend"))
    # The census was never appraised: it is counted, and in no row.
    assert "1 source is not appraised" in words(shown)
    assert "small-census" not in words(shown.select_one(".evidence-matrix"))


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
    assert (found.rounds, overall.units, domain.units) == (1, 1, 2)
    assert overall.percent.endswith("0 of 1")
    assert (overall.after, domain.after) == ("50%, 1 of 2", "75%, 3 of 4")


def test_figures_are_those_of_the_pure_functions_and_undefined_is_said():
    """The table a=20, b=5, c=10, d=15 of many textbooks: agreement 0.70, kappa 0.40."""
    counts = {("yes", "yes"): 20, ("yes", "no"): 5, ("no", "yes"): 10, ("no", "no"): 15}
    pairs = [Unit((a, b), a) for (a, b), n in counts.items() for _ in range(n)]
    line = make_line("Part", pairs, ("no", "yes"), ("no", "yes"))

    assert line.percent == "70% (56% to 81%), 35 of 50"
    assert line.kappa.startswith("0.40 (")
    assert line.after == "85%, 85 of 100"
    same = make_line("Part", [Unit(("yes", "yes"), "yes")] * 5, ("no", "yes"), ("no", "yes"))
    assert same.kappa == same.alpha == "Undefined: everybody gave one answer"
    assert same.ac1.startswith("1.00")
    none = make_line("Part", [Unit(("unclear", "yes"), "yes")], ("no", "yes"), ("no", "yes", "unclear"))
    assert none.kappa == "Undefined: no pair of ordered answers"


def line_of(*pairs: tuple[str, str, int]):
    """The line of a table of yes and no: (first, second, how often)."""
    units = [Unit((a, b), a) for a, b, n in pairs for _ in range(n)]
    return make_line("Part", units, ("no", "yes"), ("no", "yes"))


@pytest.mark.parametrize(
    ("pairs", "kappa", "ac1"),
    [
        # Full agreement: both formulas give a standard error of 0, from two pairs as from two hundred.
        ([("yes", "yes", 1), ("no", "no", 1)], "1.00 (interval undefined)", "1.00 (interval undefined)"),
        # One person gave one answer throughout: kappa is 0 whatever the other said, with a standard error of 0.
        ([("yes", "yes", 8), ("no", "yes", 2)], "0.00 (interval undefined)", "0.76 (0.32 to 1.00)"),
        ([("yes", "no", 3), ("no", "yes", 3)], "−1.00 (interval undefined)", "−1.00 (interval undefined)"),
        ([("yes", "no", 1)], "0.00 (interval undefined)", "−1.00 (interval undefined)"),
        ([("yes", "no", 3), ("no", "yes", 5)], "−0.88 (−1.00 to −0.29)", "−1.00 (interval undefined)"),
    ],
)  # fmt: skip
def test_no_interval_claims_certainty_or_leaves_the_scale(pairs, kappa, ac1):
    """Coefficients checked with statsmodels 0.14 and the plain formulas; AC1 by hand."""
    line = line_of(*pairs)
    assert (line.kappa, line.ac1) == (kappa, ac1)


PUBLISHED = {
    # Feinstein and Cicchetti 1990, J Clin Epidemiol 43(6):543-549: equal agreement, balanced and skewed margins.
    # Kappa, its interval and alpha are those published for the tables. AC1 counts the three ratings that the
    # instrument has: chance is sum of p(1 - p) over 3 - 1, which makes 0.80 and 0.83 (0.70 and 0.81 for two ratings).
    "balanced": ((40, 9, 6, 45), ("0.70 (0.56 to 0.84)", "0.80", "0.70")),
    "skewed": ((80, 10, 5, 5), ("0.32 (0.06 to 0.58)", "0.83", "0.32")),
}


@pytest.mark.parametrize("name", PUBLISHED)
def test_page_shows_the_published_figures_of_a_published_table(client, loaded, name):
    """A hundred sources rated strong or weak by two people, as the table has it."""
    counts, coefficients = PUBLISHED[name]
    cells = [("strong", "strong"), ("strong", "weak"), ("weak", "strong"), ("weak", "weak")]
    people = [person("first", Role.APPRAISER), person("second", Role.APPRAISER)]
    pairs = [pair for pair, count in zip(cells, counts, strict=True) for _ in range(count)]
    instrument = Instrument.objects.get()
    now = timezone.now()
    decided = AppraisalRound.objects.bulk_create(
        AppraisalRound(
            source_id="small-study",
            instrument=instrument,
            status="decided",
            places=2,
            assigned_by="the lead",
            ended_at=now,
            ended_by="the lead",
        )
        for _ in pairs
    )
    shared = {"source_id": "small-study", "instrument": instrument, "rationale": "As the table has it."}
    Appraisal.everything.bulk_create(
        Appraisal(
            appraisal_id=f"round-{number}-{who.username}",
            round=found,
            appraiser=who,
            status="submitted",
            overall_rating=rating,
            no_interest_declared=True,
            submitted_at=now,
            **shared,
        )
        for number, (found, pair) in enumerate(zip(decided, pairs, strict=True))
        for who, rating in zip(people, pair, strict=True)
    )
    Appraisal.everything.bulk_create(
        Appraisal(
            appraisal_id=f"round-{number}-decided",
            round=found,
            status="superseded",
            overall_rating=pair[0],
            **shared,
        )
        for number, (found, pair) in enumerate(zip(decided, pairs, strict=True))
    )
    page = read(client.get("/quality/agreement/"))
    overall = [words(cell) for cell in page.select_one("tbody tr").select("td")]

    assert overall[0] == "100"
    assert overall[1] == "85% (77% to 91%), 85 of 100"
    assert (overall[2], overall[3].split(" (")[0], overall[4]) == coefficients


def test_alpha_of_several_is_krippendorffs_published_one():
    """Krippendorff 2011: four observers, twelve units, cells missing; nominal alpha 0.743."""
    observers = (
        (1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None),
        (1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3),
        (None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None),
        (1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None),
    )
    units = [[str(value) for value in unit if value] for unit in zip(*observers, strict=True)]

    assert alpha_of(units) == "0.74"


def test_three_appraisers_have_alpha_and_no_kappa(client, loaded):
    lead = person("lead", Role.LEAD_REVIEWER)
    people = [person(name, Role.APPRAISER) for name in ("one", "two", "three")]
    opened = rounds.assign(
        source=Source.objects.get(pk="small-study"),
        instrument=Instrument.objects.get(),
        appraisers=people,
        by=lead,
    )
    for who, method in zip(people, ("yes", "yes", "no"), strict=True):
        assert AppraisalRound.objects.get().status == "open"
        mine = appraisals.declare(appraisal=Appraisal.everything.get(round=opened, appraiser=who), by=who)
        mine = appraisals.save_draft(
            appraisal=mine, entry=entry(method=method), version=mine.version, form_token="one-form", by=who
        )
        appraisals.submit(appraisal=mine, by=who)
    opened.refresh_from_db()
    assert opened.status == "reconciling"
    ratings.reconcile(round_pk=opened.pk, entry=entry(), version=opened.version, reason="So.", by=lead)
    page = read(client.get("/quality/agreement/"))
    overall, domain = ([words(cell) for cell in row.select("td")] for row in page.select("tbody tr"))

    assert "three appraisers or more: 1 source" in words(page.select_one("h2"))
    assert overall[1] == "33%, 1 of 3 pairs"
    assert domain[1] == "67%, 4 of 6 pairs"
    assert overall[2] == overall[3] == "For two appraisers only"
    assert domain[4] == "0.00"
    assert domain[5] == "83%, 5 of 6"
    assert "Three appraisers, each without seeing" in words(read(client.get("/sources/small-study/ratings/")))


def test_page_of_agreement_can_be_used_by_everybody(client, loaded):
    assert "No source has been appraised by two people" in words(read(client.get("/quality/agreement/")))
    pair = Round()
    for who in (pair.first, pair.second):
        pair.submit(who, entry())
    page = read(client.get("/quality/agreement/"))
    assert "100% (" in words(page)
    assert (page_faults(page), policy_faults(page)) == ([], [])

"""The ten cautions: each stands on the pages that it concerns, and not on others."""

import re
from dataclasses import replace
from datetime import date

import pytest
from page_checks import read, words

from evidence.cautions import CAUTIONS, cautions_for
from evidence.charts import ChartFinding, MeasureInfo
from studies.models import Measure


README = "fixtures/evidence-base/README.md"

# Number → pages where the caution must stand, and pages that it does not concern.
WHERE = {
    1: (
        [
            "group-suspect-ethnicity-known-only",
            "suspect-ethnicity-not-recorded",
            "asian-share-across-studies",
            "operation-suspect-background",
        ],
        ["assessment-episodes-with-factor", "population-ethnic-group-five", "survey-sexual-abuse-before-18"],
    ),
    2: (
        ["group-suspect-ethnicity-unknowns-in-base", "assessment-episodes-with-factor"],
        ["survey-rape-or-penetration-before-16", "population-ethnic-group-detailed"],
    ),
    3: (
        [
            "group-suspect-ethnicity-known-only",
            "group-suspect-ethnicity-unknowns-in-base",
            "csa-defendant-ethnicity-known-only",
            "group-ethnic-composition",
        ],
        ["assessment-episodes-with-factor", "interviewee-ethnicity"],
    ),
    4: (
        [
            "offender-ethnicity-ceop-2011-version-a",
            "offender-ethnicity-ceop-2011-version-b",
            "offender-asian-subgroup-ceop-2011-version-a",
            "offenders-with-usable-detail",
        ],
        ["group-suspect-ethnicity-known-only", "survey-sexual-abuse-before-18"],
    ),
    5: (
        ["assessment-episodes-with-factor", "recorded-sexual-offences-under-16", "suspects-local"],
        ["survey-sexual-abuse-before-18", "population-ethnic-group-five"],
    ),
    6: (
        [
            "assessment-episodes-with-factor",
            "survey-sexual-assault-by-adult-before-16",
            "survey-sexual-abuse-before-16",
            "survey-sexual-abuse-before-18",
            "recorded-sexual-offences-under-18-foi",
        ],
        ["interviewee-ethnicity", "arrests-to-date"],
    ),
    7: (
        ["child-protection-plans-at-31-march", "group-suspect-ethnicity-known-only"],
        ["survey-sexual-abuse-before-18", "interviewee-ethnicity"],
    ),
    8: (
        [
            "suspects-local",
            "local-cse-suspect-ethnicity-unknowns-in-base",
            "group-cse-offender-ethnicity-press-compiled",
        ],
        ["survey-sexual-abuse-before-18", "group-suspect-ethnicity-known-only"],
    ),
    9: (
        ["group-suspect-ethnicity-unknowns-in-base", "estimated-people-posing-sexual-risk"],
        ["survey-sexual-abuse-before-18", "group-suspect-ethnicity-known-only"],
    ),
    10: (
        ["group-suspect-ethnicity-known-only", "population-ethnic-group-five"],
        ["survey-sexual-abuse-before-18", "suspects-local"],
    ),
}


def cautions_on(client, measure_id: str) -> set[str]:
    page = read(client.get(f"/measures/{measure_id}/"))
    return {words(term) for term in page.select("#cautions dt")}


def test_cautions_are_the_ten_of_the_evidence_base(settings):
    told = re.findall(
        r"^(\d+)\. \*\*(.+)\.\*\*", (settings.BASE_DIR / README).read_text(encoding="utf-8"), re.MULTILINE
    )
    titles = {number: title for number, title in ((int(n), title) for n, title in told) if number in CAUTIONS}

    assert list(CAUTIONS) == list(range(1, 11)) == sorted(titles)
    assert {number: caution.title for number, caution in CAUTIONS.items()} == {
        **titles,
        2: "Different populations",
    }


@pytest.mark.parametrize("number", CAUTIONS)
def test_caution_stands_where_it_applies_and_nowhere_else(client, shipped, number):
    applies, does_not = WHERE[number]
    title = CAUTIONS[number].title

    assert {one: title in cautions_on(client, one) for one in applies} == dict.fromkeys(applies, True)
    assert {one: title in cautions_on(client, one) for one in does_not} == dict.fromkeys(does_not, False)


def test_every_measure_of_the_crime_survey_says_that_its_years_are_not_joined(client, shipped):
    surveys = Measure.objects.filter(comparability_note__contains="no line may be drawn through them")

    assert surveys.count() >= 12
    for measure in surveys:
        assert CAUTIONS[6].title in cautions_on(client, measure.pk), measure.pk


def test_cautions_stand_in_their_order_with_their_words(client, shipped):
    page = read(client.get("/measures/group-suspect-ethnicity-unknowns-in-base/"))
    shown = [(words(term), words(term.find_next_sibling("dd"))) for term in page.select("#cautions dt")]

    assert shown == [
        (caution.title, caution.text)
        for caution in CAUTIONS.values()
        if (caution.title, caution.text) in shown
    ]
    assert len(shown) >= 6


def test_own_comparability_note_stands_on_every_page_beside_them(client, shipped):
    for measure in Measure.objects.order_by("measure_id")[::40]:
        page = read(client.get(f"/measures/{measure.pk}/"))
        notes = [words(inset) for inset in page.select("main .govuk-inset-text, main [class*=inset]")]
        assert any(" ".join(measure.comparability_note.split()) in note for note in notes), measure.pk


@pytest.mark.parametrize("number", CAUTIONS)
def test_overview_tells_all_ten(client, shipped, number):
    assert CAUTIONS[number].title in words(read(client.get("/")).select_one("main"))


PLAIN = MeasureInfo(
    measure_id="people-seen",
    label="People seen",
    quantity="count",
    unit_label="people",
    unit_of_analysis="population",
    definition="People seen.",
    comparability_note="Take care.",
    series=False,
)
FINDING = ChartFinding(
    finding_id="f1",
    source_id="s1",
    source_label="A Body, 2020",
    category_id=None,
    category_label=None,
    category_order=0,
    is_unknown=False,
    scope="Everyone",
    breakdown_id=None,
    breakdown_complete=None,
    statistic="count",
    value=10.0,
    value_text="10",
    numerator=None,
    denominator=None,
    precision="exact",
    period_start=date(2020, 1, 1),
    period_end=date(2020, 12, 31),
    period_type="calendar_year",
    period_label="2020",
    geography="England and Wales",
    quality="weak",
    quality_provisional=True,
    verification="primary",
    definition_note="",
    note_of_overlap=None,
)


def numbers(measure=PLAIN, findings=(FINDING,), **facts) -> list[int]:
    return [caution.number for caution in cautions_for(measure, findings, **facts)]


def test_plain_measure_needs_no_caution():
    assert numbers() == []
    assert numbers(findings=()) == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"unit_of_analysis": "suspect"}, [2, 5]),
        ({"unit_of_analysis": "offence"}, [5]),
        ({"unit_of_analysis": "victim", "label": "Ethnicity of victims"}, [1, 5]),
        ({"label": "Nationality of residents"}, [10]),
        ({"unit_of_analysis": "study", "label": "Share of Pakistani heritage"}, [1]),
        ({"measure_id": "sex-known-only"}, [3]),
        ({"measure_id": "sex-unknowns-in-base"}, [3]),
        ({"measure_id": "sex-version-a"}, [4]),
        ({"comparability_note": "Two rival counts are in circulation."}, [4]),
        ({"comparability_note": "These may not be joined."}, [6]),
        ({"comparability_note": "One force."}, [8]),
        ({"definition": "Share of case studies."}, [8]),
        ({"comparability_note": "Arrival counts of one version differ."}, []),
    ],
)
def test_rules_read_what_the_measure_says(changes, expected):
    assert numbers(replace(PLAIN, **changes)) == expected


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"relations": ["other_base"]}, [3]),
        ({"relations": ["other_scope"]}, [2]),
        ({"relations": ["rival_version"]}, [4]),
        ({"relations": ["never_joined"]}, [6]),
        ({"relations": ["companion"]}, []),
        ({"has_breaks": True}, [6]),
        ({"has_overlaps": True}, [7]),
        ({"has_benchmarks": True}, [10]),
        (
            {"relations": ["other_base", "rival_version"], "has_breaks": True, "has_benchmarks": True},
            [3, 4, 6, 10],
        ),
    ],
)
def test_rules_read_what_stands_around_the_measure(facts, expected):
    assert numbers(**facts) == expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"geography": "Rotherham"}, [8]),
        ({"geography": "England, one police area"}, [8]),
        ({"geography": "West Midlands"}, []),
        ({"precision": "lower_bound"}, [9]),
        ({"precision": "derived"}, [9]),
        ({"precision": "rounded"}, []),
        ({"category_label": "Asian: Pakistani"}, [10]),
    ],
)
def test_rules_read_the_figures(changes, expected):
    assert numbers(findings=[FINDING, replace(FINDING, **changes)]) == expected


def test_two_scopes_are_two_populations():
    assert numbers(findings=[FINDING, replace(FINDING, scope="Some")]) == [2]


@pytest.mark.parametrize(
    ("kept", "expected"), [((True, False), [3]), ((True, True), []), ((False, False), [])]
)
def test_breakdowns_with_and_without_an_unknown_part_are_two_bases(kept, expected):
    findings = [
        replace(FINDING, finding_id=f"f{n}{part}", breakdown_id=f"b{n}", is_unknown=unknown and part == 1)
        for n, unknown in enumerate(kept)
        for part in (0, 1)
    ]
    assert numbers(findings=findings) == expected

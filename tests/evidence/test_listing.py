"""A selection answered: rows, counts, chips, pages and the sentence above them."""

import pytest
from django.test import RequestFactory
from small_store import make_appraisal, make_finding, make_measure, make_rows, make_source

from evidence import listing
from evidence.selection import InvalidSelection
from studies.models import Finding, Measure, Source


MODELS = {"sources": Source, "findings": Finding, "measures": Measure}
KINDS = {"sources": listing.SOURCES, "findings": listing.FINDINGS, "measures": listing.MEASURES}


def ask(name: str, **params) -> listing.Listing:
    request = RequestFactory().get("/", params)
    return listing.answer(request, KINDS[name], MODELS[name].objects.all(), version=1)


def options_of(found: listing.Listing, key: str) -> dict[str, int]:
    (facet,) = [facet for facet in found.facets if facet.key == key]
    return {option.value: option.count for option in facet.options}


@pytest.fixture
def three(db):
    """Three sources, one rated strong and one not at all; four figures."""
    measure = make_measure("offences")
    first = make_source("first", source_type="official_statistics", year=2010, geography="Wales")
    second = make_source("second", year=2020)
    third = make_source("third", year=None, peer_reviewed=True)
    make_appraisal(first, "strong")
    make_appraisal(second, "weak")
    for number, source in enumerate([first, first, second, third]):
        precision = "rounded" if number else "exact"
        make_finding(f"f{number}", source, measure, precision=precision)


def test_total_counts_all_pages_and_not_the_one_shown(three):
    found = ask("findings", per_page="10", precision="rounded")
    assert (found.total, found.everything, len(found.page.object_list)) == (3, 4, 3)


def test_facet_counts_respect_the_other_filters(three):
    found = ask("sources", quality="strong")

    assert options_of(found, "quality") == {"strong": 1, "weak": 1, "not_rated": 1}
    assert options_of(found, "source_type") == {"official_statistics": 1}
    assert options_of(found, "geography") == {"England": 1, "Wales": 1}


def test_option_that_would_leave_nothing_is_shown_only_where_it_is_chosen(three):
    found = ask("sources", quality="strong", peer_reviewed="yes")

    assert found.total == 0
    assert options_of(found, "quality") == {"strong": 0, "not_rated": 1}
    assert options_of(found, "peer_reviewed") == {"yes": 0, "no": 1}


def test_source_is_found_by_the_area_of_its_figures_as_well(three):
    assert [source.pk for source in ask("sources", geography="England").ordered] == [
        "first",
        "second",
        "third",
    ]
    assert [source.pk for source in ask("sources", geography="Wales").ordered] == ["first"]


@pytest.mark.parametrize(
    ("params", "sentence"),
    [
        ({}, "3 sources"),
        ({"sort": "newest", "per_page": "10"}, "3 sources"),
        ({"quality": "strong"}, "1 of 3 sources of the quality Strong"),
        ({"quality": ["strong", "weak"]}, "2 of 3 sources of the quality Strong or Weak"),
        ({"year_from": "2015"}, "1 of 3 sources of 2015 or later"),
        ({"q": "nowhere"}, "0 of 3 sources that match “nowhere”"),
    ],
)
def test_sentence_says_the_question_and_the_size_of_its_answer(three, params, sentence):
    assert ask("sources", **params).sentence == sentence


def test_each_chosen_value_can_be_dropped_alone(three):
    found = ask("sources", quality=["strong", "weak"], year_from="2000", q="report", sort="newest", page="1")

    assert [(one.label, one.value, one.querystring) for one in found.removals] == [
        ("Search", "report", "quality=strong&quality=weak&year_from=2000&sort=newest"),
        ("Quality", "Strong", "q=report&quality=weak&year_from=2000&sort=newest"),
        ("Quality", "Weak", "q=report&quality=strong&year_from=2000&sort=newest"),
        ("From year", "2000", "q=report&quality=strong&quality=weak&sort=newest"),
    ]


def test_filter_without_a_field_in_the_panel_is_carried_along(three):
    found = ask("sources", measure="offences", per_page="10", quality="strong")
    assert found.carried == [("measure", "offences"), ("per_page", "10")]


def test_page_beyond_the_last_is_the_last(db):
    make_rows(1, 12)
    found = ask("sources", per_page="10", page="99")

    assert found.page.number == 2
    assert [source.pk for source in found.page] == ["source-11", "source-12"]


def test_pages_together_hold_every_row_once(db):
    make_rows(1, 23)
    shown = [row.pk for page in "12" for row in ask("findings", per_page="25", page=page, sort="newest").page]

    assert sorted(shown) == sorted(Finding.objects.values_list("pk", flat=True))


def test_empty_store_is_answered(db):
    for name in KINDS:
        found = ask(name)
        assert (found.total, found.everything, list(found.page)) == (0, 0, [])
        assert found.sentence == f"0 {name}"


def test_order_that_belongs_to_another_list_is_refused(three):
    with pytest.raises(InvalidSelection) as refusal:
        ask("sources", sort="measure")
    assert [problem.field for problem in refusal.value.problems] == ["sort"]


def test_download_and_links_leave_the_page_number_out(three):
    assert ask("sources", quality="strong", page="3").querystring == "quality=strong"


def test_one_row_is_said_in_the_singular(db):
    make_rows(1, 1)
    assert [ask(name).sentence for name in KINDS] == ["1 source", "2 findings", "1 measure"]


@pytest.mark.parametrize("name", KINDS)
def test_every_facet_of_a_list_has_words(three, name):
    for facet in ask(name).facets:
        assert facet.label
        assert all(option.label and option.label.strip() for option in facet.options)


@pytest.mark.parametrize("name", KINDS)
def test_every_order_is_offered_with_a_name(three, name):
    options = ask(name).sort_options
    assert [current for _, _, current in options].count(True) == 1
    for value, label, _ in options:
        assert label
        assert ask(name, sort=value).total == ask(name).total

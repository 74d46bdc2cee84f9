"""The page with the list of measures, grouped by theme."""

import pytest
from page_checks import page_faults, read, words
from query_counts import queries_of
from small_store import make_finding, make_measure, make_rows, make_source

from evidence.views.measures import measure_list
from studies.models import Measure
from studies.vocabulary import Theme


def labels(page) -> list[str]:
    return [words(title) for title in page.select(".evidence-result__title")]


def test_queries_do_not_grow_with_the_rows(db):
    make_rows(1, 3)
    few = queries_of(measure_list, "/measures/")
    make_rows(4, 33)
    many = queries_of(measure_list, "/measures/?per_page=50")

    assert few == many
    assert many[0] <= 14
    assert many[1] <= 1


def test_every_measure_stands_once_under_its_theme(client, shipped):
    shown = {}
    for number in "123":
        page = read(client.get("/measures/", {"per_page": "100", "page": number}))
        for heading in page.select("main h2.govuk-heading-m"):
            listing = heading.find_next_sibling("ul")
            for link in listing.select(".evidence-result__title a"):
                assert link["href"] not in shown
                shown[link["href"]] = words(heading)

    assert shown == {f"/measures/{one.pk}/": one.get_theme_display() for one in Measure.objects.all()}
    assert len(shown) == 296


def test_themes_follow_the_order_of_the_vocabulary(client, db):
    for number, theme in enumerate(reversed(Theme.values)):
        make_finding(f"f{number}", make_source(f"s{number}"), make_measure(f"m{number}", theme=theme))
    page = read(client.get("/measures/"))

    assert [words(heading) for heading in page.select("main h2.govuk-heading-m")] == Theme.labels


def test_measure_says_what_it_counts_and_what_it_rests_on(client, db):
    measure = make_measure("m", unit_label="victims", quantity="proportion", definition="Who was counted.")
    first, second = make_source("a"), make_source("b")
    for number, source in enumerate([first, first, second]):
        make_finding(f"f{number}", source, measure)
    row = words(read(client.get("/measures/")).select_one(".evidence-result"))

    assert "Who was counted." in row
    assert "Counts victims · Share of a whole · 3 figures from 2 sources" in row


def test_measure_before_its_first_figure_says_nought(client, db):
    make_measure("m")
    page = read(client.get("/measures/"))
    assert "0 figures from 0 sources" in words(page.select_one(".evidence-result"))
    assert page_faults(page) == []


def test_order_by_name_is_offered(client, db):
    make_measure("m1", label="Zeta", theme=Theme.PREVALENCE)
    make_measure("m2", label="Alpha", theme=Theme.RESPONSE)

    assert labels(read(client.get("/measures/"))) == ["Zeta", "Alpha"]
    by_name = read(client.get("/measures/", {"sort": "label"}))
    assert labels(by_name) == ["Alpha", "Zeta"]
    assert [words(heading) for heading in by_name.select("main h2.govuk-heading-m")] == ["By name"]
    assert page_faults(by_name) == []


def test_search_looks_in_the_measure_itself(client, shipped):
    page = read(client.get("/measures/", {"q": "ethnicity suspects", "per_page": "100"}))
    found = labels(page)

    assert "Ethnicity of group-based suspects, known only" in found
    assert 0 < len(found) < 60


@pytest.mark.parametrize("query", ['q="', "q=C%2B%2B", "q=%00", "q=%F0%9F%98%80", "q=%ED%A0%80", "q=a-b"])
def test_search_text_of_any_kind_is_answered(client, shipped, query):
    assert client.get(f"/measures/?{query}").status_code == 200


def test_filters_of_the_panel_narrow(client, shipped):
    page = read(client.get("/measures/", {"theme": "offender-networks", "per_page": "100"}))
    expected = Measure.objects.filter(theme="offender-networks")

    assert len(labels(page)) == expected.count()
    assert [words(heading) for heading in page.select("main h2.govuk-heading-m")] == ["Offender networks"]


def test_empty_store_says_that_nothing_is_loaded(client, db):
    page = read(client.get("/measures/"))
    assert words(page.select_one(".evidence-empty")) == "No evidence has been loaded yet."
    assert page_faults(page) == []


def test_nothing_found_is_not_called_an_absence_of_evidence(client, db):
    make_measure("m")
    page = read(client.get("/measures/", {"q": "zzzzzz"}))
    assert "it does not say that no evidence exists" in words(page.select_one(".evidence-empty"))
    assert page_faults(page) == []


@pytest.mark.parametrize("params", [{"sort": "newest"}, {"theme": "no-theme"}, {"year_to": "later"}])
def test_refused_question_names_the_problem_and_shows_no_results(client, shipped, params):
    response = client.get("/measures/", params)
    page = read(response)

    assert response.status_code == 400
    assert next(iter(params.values())) in words(page.select_one(".govuk-error-summary"))
    assert page.select(".evidence-result, .evidence-count") == []
    assert page.select_one("main a.govuk-link")["href"] == "/measures/"

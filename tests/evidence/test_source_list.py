"""The page with the list of sources."""

import pytest
from page_checks import page_faults, read, words
from query_counts import queries_of
from small_store import make_appraisal, make_finding, make_measure, make_rows, make_source

from evidence.views.sources import source_list
from studies.models import Source


def titles(page) -> list[str]:
    return [words(title) for title in page.select(".evidence-result__title")]


def test_queries_do_not_grow_with_the_rows(db):
    make_rows(1, 3)
    few = queries_of(source_list, "/sources/")
    make_rows(4, 33)
    many = queries_of(source_list, "/sources/?per_page=50")

    assert few == many
    assert many[0] <= 12
    # The rows of the page and the data version in its foot.
    assert many[1] <= 2


def test_queries_do_not_grow_with_the_filters(shipped):
    plain = queries_of(source_list, "/sources/?per_page=10")
    address = "/sources/?per_page=100&theme=context&theme=offender-networks&quality=weak&geography=England&year_to=2025"
    filtered = queries_of(source_list, address)

    assert filtered == plain


def test_every_source_is_there_with_its_rating_and_provisional_mark(client, shipped):
    page = read(client.get("/sources/", {"per_page": "100"}))
    results = page.select(".evidence-result")

    assert words(page.select_one(".evidence-count")) == "170 sources"
    assert len(results) == 100
    for result in results:
        tag = words(result.select_one(".evidence-tag"))
        assert "Quality of source:" in tag
        assert tag.endswith("provisional") or tag.endswith("Not rated")
        assert result.select_one("a")["href"].startswith("/sources/")


@pytest.mark.parametrize(
    ("sort", "first"),
    [("", "Alpha"), ("title", "Alpha"), ("newest", "The beta"), ("oldest", "Alpha"), ("figures", "Gamma")],
)
def test_order_is_that_asked_for(client, db, sort, first):
    measure = make_measure("m")
    make_source("x", title="The beta", year=2020)
    make_source("y", title="Alpha", year=2010)
    gamma = make_source("z", title="Gamma", year=2015)
    make_source("w", title="“Delta”", year=None)
    make_finding("f", gamma, measure)
    page = read(client.get("/sources/", {"sort": sort}))

    assert titles(page)[0] == first
    if sort in ("", "title"):
        assert titles(page) == ["Alpha", "The beta", "“Delta”", "Gamma"]
    if sort in ("newest", "oldest"):
        assert titles(page)[-1] == "“Delta”"


def test_final_rating_goes_before_the_draft(client, db):
    source = make_source("a")
    make_appraisal(source, "weak", "provisional")
    make_appraisal(source, "strong", "final")
    tag = words(read(client.get("/sources/")).select_one(".evidence-result .evidence-tag"))

    assert tag == "Quality of source: Strong"


def test_source_that_was_not_read_says_so(client, db):
    make_source("a", bibliographic_check="quoted_by_others")
    make_source("b")
    results = [words(result) for result in read(client.get("/sources/")).select(".evidence-result")]

    assert ["Not read: quoted by others" in result for result in results] == [True, False]
    assert all("No figures taken: cited in words" in result for result in results)


def test_filter_narrows_the_list_and_stays_in_the_panel(client, shipped):
    page = read(client.get("/sources/", {"source_type": "policy_paper", "year_from": "2020"}))
    found = Source.objects.filter(source_type="policy_paper", year__gte=2020)

    assert len(titles(page)) == found.count()
    assert page.select_one("#facet-source_type [checked]")["value"] == "policy_paper"
    assert page.select_one("#year_from")["value"] == "2020"
    assert [words(chip) for chip in page.select(".evidence-chip")] == [
        "Remove the filter Type of source: Policy paper",
        "Remove the filter From year: 2020",
    ]


def test_search_is_shown_back_as_it_was_typed(client, shipped):
    text = '"group-based" C++ <b>&amp;'
    page = read(client.get("/sources/", {"q": text}))
    assert page.select_one("#q")["value"] == text


@pytest.mark.parametrize(
    "query",
    [
        'q="',
        "q=C%2B%2B",
        "q=a-b",
        "q=%F0%9F%98%80",
        "q=%00",
        "q=%ED%A0%80",
        "q=%FF%FE",
        "q=%27%3B--",
        "q=-",
        "q=()",
    ],
)
def test_odd_search_text_is_answered(client, shipped, query):
    response = client.get(f"/sources/?{query}")
    assert response.status_code == 200
    assert "170 sources" in words(read(response).select_one(".evidence-count"))


def test_nothing_found_is_not_called_an_absence_of_evidence(client, shipped):
    page = read(client.get("/sources/", {"q": "zzzzzz"}))

    assert words(page.select_one(".evidence-count")) == "0 of 170 sources that match “zzzzzz”"
    assert "it does not say that no evidence exists" in words(page.select_one(".evidence-empty"))
    assert page.select(".evidence-result") == []
    assert page.select(".evidence-downloads") == []
    assert page_faults(page) == []


def test_empty_store_says_that_nothing_is_loaded(client, db):
    page = read(client.get("/sources/"))
    assert words(page.select_one(".evidence-empty")) == "No evidence has been loaded yet."
    assert page_faults(page) == []


def test_rows_are_as_many_as_asked_for_and_pages_lead_on(client, shipped):
    page = read(client.get("/sources/", {"per_page": "50", "page": "2", "sort": "oldest"}))

    assert len(titles(page)) == 50
    assert page.select_one(".govuk-pagination [aria-current=page]").get_text(strip=True) == "2"
    assert "per_page=50" in page.select_one(".govuk-pagination [rel=next]")["href"]
    assert "sort=oldest" in page.select_one(".govuk-pagination [rel=next]")["href"]


def test_page_beyond_the_last_shows_the_last(client, shipped):
    page = read(client.get("/sources/", {"page": "999999"}))
    assert page.select_one(".govuk-pagination [aria-current=page]").get_text(strip=True) == "7"
    assert len(titles(page)) == 170 - 6 * 25


@pytest.mark.parametrize(
    ("params", "named"),
    [
        ({"qualty": "strong"}, "qualty"),
        ({"quality": "superb"}, "superb"),
        ({"year_from": "soon"}, "soon"),
        ({"page": "0"}, "“0” is not a page"),
        ({"q": "x" * 10_000}, "10,000 characters"),
        ({"sort": "measure"}, "“measure” is not an order"),
    ],
)
def test_refused_question_names_the_problem_and_shows_no_results(client, shipped, params, named):
    response = client.get("/sources/", params)
    page = read(response)

    assert response.status_code == 400
    assert named in words(page.select_one(".govuk-error-summary"))
    assert page.select_one("title").get_text().startswith("Error: ")
    assert page.select(".evidence-result, .evidence-count, .evidence-empty, form") == []
    assert page.select_one("main a.govuk-link")["href"] == "/sources/"
    assert page_faults(page) == []


def test_refused_question_is_escaped(client, shipped):
    response = client.get("/sources/", {"quality": "<script>alert(1)</script>"})
    assert b"<script>alert" not in response.content


def test_downloads_hold_the_same_selection(client, shipped):
    page = read(client.get("/sources/", {"quality": "weak", "sort": "newest", "page": "2"}))
    links = [link["href"] for link in page.select(".evidence-downloads a")]

    endings = ("csv", "json", "ris", "bib", "csl.json")
    assert links == [f"/sources.{ending}?quality=weak&sort=newest" for ending in endings]


def test_filter_that_the_panel_has_no_field_for_is_kept_by_its_form(client, shipped):
    page = read(client.get("/sources/", {"measure": "group-suspect-ethnicity-known-only", "per_page": "10"}))
    hidden = {(field["name"], field["value"]) for field in page.select("form input[type=hidden]")}

    assert hidden == {("measure", "group-suspect-ethnicity-known-only"), ("per_page", "10")}
    assert len(titles(page)) == 2

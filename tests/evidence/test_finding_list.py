"""The page with the list of findings: each figure with everything that must stand beside it."""

from datetime import date
from decimal import Decimal

import pytest
from page_checks import page_faults, read, words
from query_counts import queries_of
from small_store import (
    make_appraisal,
    make_category,
    make_finding,
    make_measure,
    make_rows,
    make_source,
)

from evidence.views.findings import finding_list
from studies.models import Finding


def rows_of(page) -> list[str]:
    return [words(row) for row in page.select(".evidence-result")]


def test_queries_do_not_grow_with_the_rows(db):
    make_rows(1, 2)
    few = queries_of(finding_list, "/findings/")
    make_rows(3, 32)
    many = queries_of(finding_list, "/findings/?per_page=100")

    assert few == many
    assert many[0] <= 14
    # Rows come ready made from the view; the template asks for the data version in its foot alone.
    assert many[1] <= 1


def test_queries_do_not_grow_with_the_filters(shipped):
    plain = queries_of(finding_list, "/findings/?per_page=10")
    filtered = queries_of(
        finding_list, "/findings/?per_page=100&theme=context&precision=rounded&year_to=2020"
    )
    assert filtered == plain


def test_row_carries_all_that_must_stand_beside_a_figure(client, db):
    source = make_source("s", authors="A Body", year=2021)
    make_appraisal(source, "weak")
    measure = make_measure("m", label="Offenders by age", quantity="composition", unit_label="offenders")
    make_finding(
        "f",
        source,
        measure,
        category=make_category(measure, "young", 1),
        scope="Groups of any type",
        statistic="percentage",
        value=Decimal("12.5"),
        numerator=Decimal(25),
        denominator=Decimal(200),
        precision="derived",
        verification="secondary",
        geography="Wales",
        definition_note="Worked out here.",
    )
    page = read(client.get("/findings/"))
    (row,) = rows_of(page)

    assert row.startswith("Young: 12.5%")
    for part in (
        "of 200 offenders",
        "Offenders by age",
        "Groups of any type",
        "2014",
        "Wales",
        "A Body, 2021",
        "Quality of source: Weak",
        "provisional",
        "Secondary : read in another text; not checked against the original",
        "Worked out",
        "Worked out here.",
    ):
        assert part in row
    assert [link["href"] for link in page.select(".evidence-result a")] == [
        "/measures/m/",
        "/sources/s/",
        "/findings/f/",
    ]
    assert page.select_one(".evidence-result")["id"] == "f"


def test_share_without_a_base_says_so(client, db):
    measure = make_measure("m", quantity="proportion")
    make_finding("f", make_source("s"), measure, statistic="percentage", value=Decimal(7))
    assert "(base not stated)" in rows_of(read(client.get("/findings/")))[0]


@pytest.mark.parametrize(
    ("precision", "word"),
    [
        ("exact", "Exact"),
        ("rounded", "Rounded"),
        ("approximate", "Approximate"),
        ("lower_bound", "At least"),
        ("upper_bound", "At most"),
        ("derived", "Worked out"),
    ],
)
def test_precision_is_a_word_on_every_figure(client, db, precision, word):
    make_finding("f", make_source("s"), make_measure("m"), precision=precision)
    tags = [words(tag) for tag in read(client.get("/findings/")).select(".evidence-result .evidence-tag")]
    assert any(word in tag for tag in tags)


def test_shipped_figures_each_show_quality_verification_and_precision(client, shipped):
    page = read(client.get("/findings/", {"per_page": "100", "verification": "secondary"}))
    rows = rows_of(page)

    assert len(rows) == 100
    assert all("not checked against the original" in row for row in rows)
    assert all("Quality of source:" in row and "provisional" in row for row in rows)
    assert all(len(result.select(".evidence-tag")) == 3 for result in page.select(".evidence-result"))


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("", ["b-2014", "b-2016", "a-none"]),
        ("measure", ["b-2014", "b-2016", "a-none"]),
        ("newest", ["b-2016", "b-2014", "a-none"]),
        ("oldest", ["b-2014", "b-2016", "a-none"]),
        ("source", ["a-none", "b-2014", "b-2016"]),
    ],
)
def test_order_is_that_asked_for(client, db, sort, expected):
    first, second = make_source("x", title="The zebra"), make_source("y", title="An aardvark")
    early, late = make_measure("early"), make_measure("late")
    for year in (2016, 2014):
        make_finding(f"b-{year}", first, early, period_start=date(year, 1, 1), period_end=date(year, 12, 31))
    make_finding("a-none", second, late, period_start=None, period_end=None, period_type="unknown")
    page = read(client.get("/findings/", {"sort": sort}))

    assert [result["id"] for result in page.select(".evidence-result")] == expected


def test_filter_by_years_keeps_what_the_period_touches(client, shipped):
    page = read(client.get("/findings/", {"year_from": "2011", "year_to": "2011", "per_page": "100"}))
    found = Finding.objects.filter(period_end__year__gte=2011, period_start__year__lte=2011)

    assert (
        words(page.select_one(".evidence-count")) == f"{found.count():,} of 2,344 findings of the year 2011"
    )


@pytest.mark.parametrize(
    "query", ["q=exploitation", 'q="', "q=%00", "q=C%2B%2B", "q=%F0%9F%98%80", "q=%ED%A0%80"]
)
def test_search_text_of_any_kind_is_answered(client, shipped, query):
    response = client.get(f"/findings/?{query}")
    assert response.status_code == 200
    assert "2,344 findings" in words(read(response).select_one(".evidence-count"))


def test_search_finds_the_figures_of_matching_sources(client, shipped):
    page = read(client.get("/findings/", {"q": "rotherham", "per_page": "10"}))
    assert 0 < len(rows_of(page)) <= 10


def test_empty_store_says_that_nothing_is_loaded(client, db):
    page = read(client.get("/findings/"))
    assert words(page.select_one(".evidence-empty")) == "No evidence has been loaded yet."
    assert page_faults(page) == []


def test_nothing_found_is_not_called_an_absence_of_evidence(client, db):
    make_rows(1, 1)
    page = read(client.get("/findings/", {"q": "zzzzzz"}))
    assert "it does not say that no evidence exists" in words(page.select_one(".evidence-empty"))
    assert page_faults(page) == []


def test_page_beyond_the_last_shows_the_last(client, shipped):
    page = read(client.get("/findings/", {"page": "999999", "per_page": "100"}))
    assert page.select_one(".govuk-pagination [aria-current=page]").get_text(strip=True) == "24"
    assert len(rows_of(page)) == 44


@pytest.mark.parametrize(
    "params", [{"precision": "vague"}, {"sort": "title"}, {"per_page": "1000"}, {"colour": "red"}]
)
def test_refused_question_names_the_problem_and_shows_no_results(client, shipped, params):
    response = client.get("/findings/", params)
    page = read(response)

    assert response.status_code == 400
    assert next(iter(params.values())) in words(page.select_one(".govuk-error-summary")) or "colour" in params
    assert "colour" not in params or "“colour”" in words(page.select_one(".govuk-error-summary"))
    assert page.select(".evidence-result, .evidence-count") == []
    assert page.select_one("main a.govuk-link")["href"] == "/findings/"

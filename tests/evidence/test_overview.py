"""The overview: true counts, the three key questions, the themes, and a decent page for an empty store."""

import json

import pytest
from theme_rows import add_breakdown, add_measure, add_source, count_queries, fill, read, words

from evidence import overview_page
from evidence.cautions import CAUTIONS
from evidence.overview_page import get_featured, get_overview_page, make_rows
from evidence.theme_queries import SourceGroup
from evidence.views.overview import overview
from studies import search
from studies.models import AuditEvent, Conclusion, Finding, Gap, Implication, Measure
from studies.vocabulary import Theme


PAIR = ("sex-known-only", "sex-unknowns-in-base")


def add_pair(source, *, unknown="30"):
    """Two measures of the same records: one leaves the unknown out, the other keeps it in the base."""
    known = add_measure(PAIR[0], label="Sex of suspects, known only", quantity="composition")
    everyone = add_measure(PAIR[1], label="Sex of suspects, unknowns kept in", quantity="composition")
    add_breakdown(known, source, "known", male="90", female="10")
    add_breakdown(everyone, source, "all", male="63", female="7", unknown=unknown)


@pytest.mark.django_db
def test_an_empty_store_says_so_and_how_to_load_evidence(client):
    page = read(client.get("/"))

    assert "No evidence has been loaded yet" in words(page.main)
    assert "load_evidence" in words(page.select_one("main code"))
    assert page.select("main form") == []
    assert page.select(".evidence-card") == []
    assert page.select("script[src*='plotly']") == []


def test_the_counts_are_those_of_the_shipped_evidence(client, shipped):
    page = read(client.get("/"))

    assert words(page.select_one(".evidence-lead")).startswith("170 sources and 2,344 findings")
    assert [words(card) for card in page.select(".evidence-cards--strip .evidence-card__number")] == [
        "22",
        "23",
    ]
    assert "644 of 2,344 findings (27%)" in words(page.select_one("#base"))
    assert "All are provisional drafts" in words(page.select_one(".evidence-cards--strip"))


def test_the_counts_by_type_and_quality_are_those_of_the_lists_they_link_to(client, shipped):
    tables = read(client.get("/")).select("#base table")

    for table in tables:
        rows = table.select("tbody tr")
        shown = {row.a["href"]: int(row.td.get_text()) for row in rows}
        assert shown == {link: client.get(link).context["listing"].total for link in shown}
        assert sum(shown.values()) == 170
        assert sum(int(row.select("td")[-1].get_text().replace(",", "")) for row in rows) == 2344


def test_provisional_ratings_are_counted_and_not_rated_sources_have_none(shipped):
    rows = {row.value: row for row in get_overview_page().by_quality}

    assert rows["not_rated"].provisional == 0
    assert all(row.provisional == row.sources for name, row in rows.items() if name != "not_rated")


def test_a_class_is_added_up_over_final_and_provisional_ratings():
    groups = [
        SourceGroup("policy_paper", "weak", True, 2, 10),
        SourceGroup("policy_paper", "weak", False, 3, 5),
        SourceGroup("grey_literature", "strong", False, 1, 0),
    ]

    rows = make_rows(groups, "quality", [("strong", "Strong"), ("moderate", "Moderate"), ("weak", "Weak")])

    assert [(row.value, row.sources, row.provisional, row.findings) for row in rows] == [
        ("strong", 1, 0, 0),
        ("weak", 5, 2, 15),
    ]


def test_every_theme_has_a_card_with_its_own_numbers(client, shipped):
    cards = read(client.get("/")).select("#themes .evidence-card")

    assert [card.a["href"] for card in cards] == [f"/themes/{theme}/" for theme in Theme.values]
    for theme, card in zip(Theme.values, cards, strict=True):
        facts = {words(row.dt): words(row.dd) for row in card.select("dl > div")}
        measures = Measure.objects.filter(theme=theme).count()
        assert facts["Conclusions"] == str(Conclusion.objects.filter(theme=theme).count())
        assert facts["Measures"] == (str(measures) if measures else "none: no figures were found")
        assert facts["Gaps"] == str(Gap.objects.filter(theme=theme).count())
        assert facts["Sources"] == str(client.get(f"/sources/?theme={theme}").context["listing"].total)


def test_every_conclusion_stands_under_its_certainty(client, shipped):
    page = read(client.get("/"))

    for level in ("high", "moderate", "low"):
        links = page.select(f"#certainty-{level} .evidence-result a")
        expected = Conclusion.objects.filter(certainty=level)
        assert [link["href"] for link in links] == [f"/conclusions/{one.pk}/" for one in expected]
        assert str(expected.count()) in words(page.select_one(f"a[href='#certainty-{level}']"))
    assert page.select("#certainty-very_low") == []


def test_the_links_to_what_follows_and_to_the_gaps_lead_to_their_places(client, shipped):
    page = read(client.get("/"))

    links = [link["href"] for link in page.select("#implications a")]
    assert len(links) == len(set(links)) == 16
    for link in links:
        path, anchor = link.split("#")
        assert read(client.get(path)).select(f"[id='{anchor}'] li, [id='{anchor}'] + ul li"), link
    assert f"{Implication.objects.filter(audience='local_partners').count()} implications" in words(
        page.select_one("#implications")
    )


def test_the_lead_figure_states_both_numbers_and_what_the_unknown_allows(client, shipped):
    page = read(client.get("/"))

    lead = page.select_one("#featured")
    assert [strong.get_text() for strong in lead.select("p > strong")] == ["83%", "28%", "28%", "94%"]
    figure = lead.select_one(".evidence-figure")
    drawn = json.loads(figure.select_one("script[type='application/json']").string)
    assert drawn["data"][0]["base"] == [28]
    assert "28% to 94%" in figure.select_one("[role=img]")["aria-label"]
    assert page.select("script[src*='plotly']")


@pytest.mark.django_db
def test_a_featured_pair_is_chosen_by_what_the_store_holds():
    add_pair(add_source(1))

    featured = get_featured([("not-held", "not-held-either"), PAIR])

    assert (featured.known.measure_id, featured.everyone.measure_id) == PAIR
    assert (featured.topic, featured.place) == ("sex", "England, 2020")
    assert (featured.known_share, featured.recorded_share, featured.highest_share) == ("90%", "63%", "93%")


@pytest.mark.django_db
def test_shares_that_were_not_printed_are_worked_out_from_their_counts():
    source = add_source(1)
    add_pair(source)
    for finding in Finding.objects.filter(measure=PAIR[1]):
        base = {"denominator": 300, "numerator": finding.value * 3, "value": finding.value * 3}
        Finding.objects.filter(pk=finding.pk).update(statistic="count", **base)

    featured = get_featured([PAIR])

    assert (featured.known_share, featured.recorded_share, featured.highest_share) == ("90%", "63.0%", "93%")


@pytest.mark.django_db
@pytest.mark.parametrize("unknown", [None, "0"])
def test_a_pair_that_cannot_be_drawn_is_left_out_silently(client, monkeypatch, unknown):
    source = add_source(1)
    if unknown is not None:
        add_pair(source, unknown=unknown)
    monkeypatch.setattr(overview_page, "FEATURED_PAIRS", (PAIR,))

    page = read(client.get("/"))

    assert page.select("#featured") == []
    assert page.select("script[src*='plotly']") == []


@pytest.mark.django_db
def test_a_store_with_sources_alone_is_not_called_empty(client):
    add_source(1, rating="")
    search.refresh(["source-1"])

    page = read(client.get("/"))

    assert words(page.select_one(".evidence-lead")).startswith("1 source and no findings")
    assert "No conclusion has been drawn yet" in words(page.main)
    assert page.select("#conclusions, #implications") == []
    assert len(page.select("#themes .evidence-card")) == 8


@pytest.mark.django_db
def test_the_search_box_asks_the_list_of_sources(client):
    add_source(1)
    search.refresh(["source-1"])

    form = read(client.get("/")).select_one("main form[role=search]")

    assert (form["action"], form["method"]) == ("/sources/", "get")
    found = client.get(form["action"], {form.select_one("input")["name"]: "survey"})
    assert found.context["listing"].total == 1


@pytest.mark.django_db
def test_the_ten_cautions_can_be_reached(client):
    add_source(1)

    page = read(client.get("/"))

    assert [words(item.strong) for item in page.select("#cautions li")] == [
        f"{caution.title}." for caution in CAUTIONS.values()
    ]
    assert [words(term) for term in page.select("#reading > dl dt")] == [
        "Unknown is a category",
        "Quality is of a source",
        "Certainty is of a body of evidence",
        "Three populations, never mixed",
        "Recorded is not real",
    ]


@pytest.mark.django_db
def test_a_change_of_the_store_shows_at_once(client):
    source = add_source(1)
    measure = add_measure("a-measure")
    assert words(read(client.get("/")).select_one(".evidence-lead")).startswith("1 source and no findings")

    Finding.objects.create(
        finding_id="f1",
        source=source,
        measure=measure,
        scope="All",
        statistic="count",
        value=5,
        precision="exact",
        period_type="unknown",
        geography="England",
        definition_note="As printed.",
        locator="Page 1",
        verification="primary",
    )
    AuditEvent.objects.create(event_type="finding added", created_by="a test")

    assert words(read(client.get("/")).select_one(".evidence-lead")).startswith("1 source and 1 finding")


@pytest.mark.django_db
@pytest.mark.parametrize("number", [3, 30])
def test_the_number_of_queries_does_not_grow_with_the_evidence(number):
    fill("context", number)

    viewing, rendering = count_queries(overview, "/")

    assert (viewing, rendering) == (13, 0)


@pytest.mark.django_db
def test_the_page_can_only_be_read(client):
    assert client.post("/").status_code == 405

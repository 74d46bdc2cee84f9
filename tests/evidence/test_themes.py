"""The page of a theme: conclusions first, then the few measures that matter most, then everything else."""

import pytest
from theme_rows import (
    add_breakdown,
    add_conclusion,
    add_finding,
    add_measure,
    add_source,
    count_queries,
    counting,
    fill,
    read,
    words,
)

from evidence.summaries import counted, leading, percentage, years_words
from evidence.theme_page import MOST_DRAWN, get_theme_page
from evidence.theme_queries import MeasureFacts
from evidence.views.themes import theme_detail
from studies.models import AuditEvent, Conclusion, Finding, Gap, Implication, Measure, Support, data_version
from studies.vocabulary import Theme


@pytest.fixture
def theme_page(client):
    """The page of a theme, parsed and checked for what every page must have."""
    return lambda theme="context": read(client.get(f"/themes/{theme}/"))


def test_the_parts_stand_in_the_order_of_their_weight(theme_page, shipped):
    page = theme_page("offender-characteristics")

    parts = ["conclusions", "leading", "measures", "gaps", "implications", "sources"]
    assert [section["id"] for section in page.select("main > section")] == parts
    assert [link["href"] for link in page.select(".evidence-contents a")] == [f"#{part}" for part in parts]


@pytest.mark.parametrize("theme", Theme.values)
def test_the_page_holds_all_that_is_held_on_the_theme(client, theme_page, shipped, theme):
    page = theme_page(theme)

    measures = Measure.objects.filter(theme=theme)
    listed = [item.a["href"] for item in page.select("#measures .evidence-measures > li")]
    assert sorted(listed) == sorted(f"/measures/{one.pk}/" for one in measures)
    statements = [words(heading) for heading in page.select("#conclusions h3")]
    assert statements == [one.statement for one in Conclusion.objects.filter(theme=theme)]
    gaps = [words(heading) for heading in page.select("#gaps h3")]
    assert gaps == [one.statement for one in Gap.objects.filter(theme=theme)]
    assert len(page.select("#implications li")) == Implication.objects.filter(theme=theme).count()


@pytest.mark.parametrize("theme", Theme.values)
def test_at_most_four_measures_lead_and_two_are_drawn(theme_page, shipped, theme):
    page = theme_page(theme)

    drawn = page.select(".evidence-figure")
    assert len(page.select(".evidence-leading")) <= 4
    assert len(drawn) <= MOST_DRAWN
    assert all(figure.find_parent(class_="evidence-leading") for figure in drawn)
    assert bool(page.select("script[src*='plotly']")) == bool(drawn)


@pytest.mark.parametrize("theme", Theme.values)
def test_the_number_of_sources_is_that_of_the_list_it_links_to(client, theme_page, shipped, theme):
    page = theme_page(theme)

    shown = {link["href"]: int(words(link).split()[0]) for link in page.select("#sources li a")}
    assert shown == {link: client.get(link).context["listing"].total for link in shown}
    everything = client.get(f"/sources/?theme={theme}").context["listing"].total
    assert sum(shown.values()) == everything
    assert f"All {everything} source" in words(page.select_one("#sources"))


def test_the_theme_without_measures_says_so_plainly(theme_page, shipped):
    page = theme_page("motivations-and-enablers")

    assert words(page.select_one(".evidence-lead")) == (
        "1 conclusion, no measures, 3 sources and 2 named gaps on this theme."
    )
    assert "no figures on it were found" in words(page.select_one("#measures"))
    assert page.select("#leading, .evidence-figure") == []
    assert len(page.select("#conclusions .evidence-result")) == 1
    assert len(page.select("#gaps .evidence-result")) == 2


@pytest.mark.django_db
def test_a_theme_on_which_nothing_is_held_says_so_part_by_part(theme_page):
    page = theme_page()

    assert words(page.select_one(".evidence-lead")) == (
        "No conclusions, no measures, no sources and no named gaps on this theme."
    )
    for part, said in {
        "conclusions": "No conclusion has been drawn",
        "measures": "There are no measures",
        "gaps": "That does not mean that nothing is missing",
        "implications": "No implication",
        "sources": "No source bears on this theme yet",
    }.items():
        assert said in words(page.select_one(f"#{part}"))


@pytest.mark.django_db
def test_a_conclusion_shows_its_certainty_reasons_and_support(theme_page):
    conclusion = add_conclusion("known")
    sources = [add_source(number) for number in range(3)]
    for number, direction in enumerate(["supports", "supports", "contradicts", "context"]):
        source = sources[min(number, 2)]
        finding = add_finding(add_measure(f"m-{number}"), source, f"f-{number}")
        Support.objects.create(conclusion=conclusion, finding=finding, source=source, direction=direction)

    shown = theme_page().select_one("#conclusions .evidence-result")

    assert words(shown.h3) == conclusion.statement
    assert words(shown.select_one(".evidence-tag--certainty")) == "●●●○ Moderate certainty provisional"
    assert "Supports: 2 · Contradicts: 1 · Context: 1 · from 3 sources" in words(shown)
    assert [words(term) for term in shown.select("details dt")] == [
        "Methodological limitations",
        "Coherence",
        "Adequacy",
        "Relevance",
    ]
    assert shown.select("a[href='/conclusions/known/']")


@pytest.mark.django_db
def test_an_agreed_conclusion_is_not_marked_as_a_draft(theme_page):
    add_conclusion("agreed", status="final")

    shown = theme_page().select_one("#conclusions .evidence-result")

    assert "provisional" not in words(shown)
    assert "No evidence named" in words(shown)


@pytest.mark.django_db
def test_a_single_figure_is_stated_in_words_with_its_context(theme_page):
    source = add_source(1, rating="weak")
    # Four measures with more figures lead, so that this one stands in the list alone.
    for number in range(4):
        for figure in range(2):
            add_finding(
                add_measure(f"many-{number}") if not figure else Measure.objects.get(pk=f"many-{number}"),
                source,
                f"many-{number}-{figure}",
                scope=f"Scope {figure}",
            )
    measure = add_measure("one-figure", quantity="composition", unit_of_analysis="victim")
    add_finding(measure, source, "lonely", "37.0", precision="lower_bound", denominator="80")

    page = theme_page()

    [item] = page.select("#unit-victim + ul > li")
    said = words(item.select_one(".evidence-single"))
    assert said == (
        "at least 37.0% . Of 80 suspects. All recorded suspects; England, 2020. "
        "Unknown share: not reported in these figures."
    )
    assert [link["href"] for link in item.select("a")] == ["/measures/one-figure/", "/sources/source-1/"]
    tags = [words(tag) for tag in item.select(".evidence-tag")]
    assert tags[0] == "Quality of source: Weak provisional"
    assert "Secondary" in tags[1]
    assert tags[2].startswith("≥")
    assert not item.select(".evidence-figure")


@pytest.mark.django_db
def test_a_leading_measure_with_one_figure_is_not_drawn(theme_page):
    add_finding(add_measure("one-figure"), add_source(1), "lonely")

    [entry] = theme_page().select(".evidence-leading")

    assert "40%" in words(entry.select_one(".evidence-single"))
    assert not entry.select(".evidence-figure")


@pytest.mark.django_db
def test_measures_are_grouped_by_what_they_count(theme_page):
    for unit, number in (("victim", 2), ("suspect", 1)):
        for place in range(number):
            add_measure(f"{unit}-{place}", unit_of_analysis=unit)

    page = theme_page()

    assert [words(heading) for heading in page.select("#measures h3")] == [
        "Suspects: 1 measure",
        "Victims: 2 measures",
    ]
    assert "no figures yet" in words(page.select_one("#unit-suspect + ul"))
    assert page.select("#leading") == []


@pytest.mark.django_db
def test_a_leading_measure_is_drawn_with_its_download(client, theme_page):
    source = add_source(1)
    measure = add_measure("sex", quantity="composition")
    add_breakdown(measure, source, "all", male="60", female="30", unknown="10")

    [entry] = theme_page().select(".evidence-leading")

    assert words(entry.select_one(".evidence-meta")).startswith("3 figures from 1 source, 2020")
    assert "10%" in words(entry.select_one(".evidence-figure__title"))
    assert client.get(entry.select_one("a[download]")["href"]).status_code == 200


def make_facts(name, findings, sources, cited, citations=None, *, states_unknown=False):
    citations = cited if citations is None else citations
    return MeasureFacts(
        Measure(measure_id=name), findings, sources, cited, citations, states_unknown, None, None
    )


def names(facts):
    return [fact.measure.measure_id for fact in facts]


def test_leading_measures_are_the_most_cited_then_the_widest_then_the_largest():
    facts = [
        make_facts("large", 90, 1, 0),
        make_facts("wide", 5, 5, 0),
        make_facts("cited", 8, 8, 1),
        make_facts("cited-in-full", 2, 1, 1, 2),
        make_facts("more-cited", 1, 1, 2),
        make_facts("empty", 0, 0, 3),
    ]

    assert names(leading(facts)) == ["more-cited", "cited-in-full", "cited", "wide"]
    assert names(leading(facts[:2])) == ["wide", "large"]


def test_among_measures_cited_alike_those_that_state_the_unknown_stand_first():
    facts = [
        make_facts("known-only", 9, 3, 2),
        make_facts("with-unknown", 8, 2, 2, states_unknown=True),
        make_facts("most-cited", 1, 1, 3),
    ]

    assert names(leading(facts)) == ["most-cited", "with-unknown", "known-only"]


def test_the_share_of_those_known_does_not_lead_where_the_unknown_is_stated(theme_page, shipped):
    first, second = theme_page("offender-characteristics").select(".evidence-leading h3 a")[:2]

    assert first["href"] == "/measures/group-cse-offender-ethnicity-unknowns-in-base/"
    assert second["href"] == "/measures/group-cse-offender-ethnicity-known-only/"


@pytest.mark.django_db
def test_a_gap_names_what_would_fill_it_and_who_named_it(theme_page):
    source = add_source(1)
    for name, named_by in (("a", source), ("b", None)):
        Gap.objects.create(
            gap_id=name,
            theme="context",
            statement=f"Gap {name}.",
            why_it_matters="Nobody can plan.",
            what_would_fill_it="A yearly count.",
            source=named_by,
        )

    theirs, ours = theme_page().select("#gaps .evidence-result")

    assert [words(value) for value in theirs.select("dd")] == [
        "Nobody can plan.",
        "A yearly count.",
        "Survey number 1 , 2020",
    ]
    assert words(ours.select("dd")[-1]) == "The editors of this evidence base"


@pytest.mark.django_db
def test_implications_are_grouped_by_audience_with_source_and_conclusion(theme_page):
    source, conclusion = add_source(1), add_conclusion("known")
    for audience, rests_on in (("national_policy", conclusion), ("local_partners", None)):
        Implication.objects.create(
            implication_id=audience.replace("_", "-"),
            audience=audience,
            theme="context",
            text=f"For {audience}.",
            source=source,
            conclusion=rests_on,
            locator="Page 9",
        )

    page = theme_page()

    assert [words(heading) for heading in page.select("#implications h3")] == [
        "For local partners",
        "For national policy",
    ]
    [local] = page.select("#local_partners + ul li")
    [national] = page.select("#national_policy + ul li")
    assert words(local) == "For local_partners. Survey number 1 , 2020. Page 9"
    assert national.select("a[href='/conclusions/known/']")


@pytest.mark.django_db
@pytest.mark.parametrize("number", [3, 30])
def test_the_number_of_queries_does_not_grow_with_the_evidence(number):
    fill("context", number)

    viewing, rendering = count_queries(theme_detail, "/themes/context/", theme="context")

    assert (viewing, rendering) == (13, 0)


@pytest.mark.django_db
def test_a_page_is_made_once_for_each_version_of_the_data():
    fill("context", 1)
    version = data_version()
    first = get_theme_page(Theme.CONTEXT, version)

    with counting() as sent:
        again = get_theme_page(Theme.CONTEXT, version)
        other = get_theme_page(Theme.VICTIMS, version)

    assert again is first
    assert other.theme == "victim-characteristics"
    assert len([statement for statement in sent if "studies_conclusion" in statement]) > 0
    Finding.objects.filter(pk="one-0-f1").update(value=41)
    AuditEvent.objects.create(event_type="finding changed", created_by="a test")
    assert get_theme_page(Theme.CONTEXT, data_version()) is not first


@pytest.mark.django_db
def test_only_themes_of_the_vocabulary_have_a_page(client):
    assert client.get("/themes/weather/").status_code == 404
    assert client.post("/themes/context/").status_code == 405


@pytest.mark.parametrize(
    ("part", "whole", "said"),
    [(0, 10, "0%"), (1, 1000, "1%"), (644, 2344, "27%"), (999, 1000, "99%"), (10, 10, "100%"), (0, 0, "")],
)
def test_a_share_never_reads_as_nothing_or_all_unless_it_is(part, whole, said):
    assert percentage(part, whole) == said


def test_numbers_and_years_in_words():
    assert [counted(number, "source") for number in (0, 1, 2344)] == [
        "no sources",
        "1 source",
        "2,344 sources",
    ]
    assert counted(2, "study", "studies") == "2 studies"
    assert [years_words(2011, 2023), years_words(2023, 2023), years_words(None, None)] == [
        "2011 to 2023",
        "2023",
        "",
    ]

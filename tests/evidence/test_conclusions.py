"""The page of a conclusion: how certain, why, every row behind it, and whether those rows are independent."""

from datetime import date

import pytest
from theme_rows import (
    REASONS,
    add_breakdown,
    add_conclusion,
    add_finding,
    add_measure,
    add_source,
    count_queries,
    fill,
    read,
    words,
)

from evidence.summaries import Reason, split_reasons
from evidence.views.conclusions import conclusion_detail
from studies.models import AuditEvent, Conclusion, Gap, Implication, Overlap, Support


@pytest.fixture
def conclusion_page(client):
    """The page of a conclusion, parsed and checked for what every page must have."""
    return lambda name="known": read(client.get(f"/conclusions/{name}/"))


@pytest.mark.parametrize("name", ["ethnicity-not-known-nationally", "casey-2025-criticism", "networks-loose"])
def test_every_row_behind_a_shipped_conclusion_is_shown_by_direction(conclusion_page, shipped, name):
    page = conclusion_page(name)

    for direction in ("supports", "contradicts", "mixed", "context"):
        expected = Support.objects.filter(conclusion=name, direction=direction)
        rows = page.select(f"#{direction} tbody tr")
        assert len(rows) == expected.count()
        for row, support in zip(rows, expected, strict=True):
            assert row.select(f"a[href='/sources/{support.source_id}/']")
            if support.finding is not None:
                assert row.select(f"a[href='/measures/{support.finding.measure_id}/#{support.finding_id}']")
                assert row.select(f".evidence-tag--{support.finding.verification}")
            assert support.note in words(row)


def test_a_figure_links_to_its_own_row_on_the_page_of_its_measure(client, conclusion_page, shipped):
    links = conclusion_page("ethnicity-not-known-nationally").select("#supports tbody a[href*='#']")

    assert links
    for path, anchor in {tuple(link["href"].split("#")) for link in links}:
        assert read(client.get(path)).select(f"[id='{anchor}']"), anchor


@pytest.mark.django_db
def test_the_statement_leads_with_its_certainty_and_the_reasons_one_by_one(conclusion_page):
    conclusion = add_conclusion("known")

    page = conclusion_page()

    assert words(page.h1) == conclusion.statement
    assert words(page.select_one(".evidence-tag--certainty")) == "●●●○ Moderate certainty provisional"
    assert "awaits two independent reviewers" in words(page.select_one(".evidence-inset"))
    rows = [(words(row.dt), words(row.dd)) for row in page.select("#certainty dl > div")]
    assert rows == [
        ("Methodological limitations", "Small bases."),
        ("Coherence", "Sources agree: both years."),
        ("Adequacy", "2 sources, e.g. one census."),
        ("Relevance", "Direct."),
    ]
    assert "Nothing has been named that this conclusion rests on" in words(page.select_one("#support"))


@pytest.mark.django_db
def test_an_agreed_conclusion_is_not_marked_as_a_draft(conclusion_page):
    add_conclusion("known", status="final")

    page = conclusion_page()

    assert "provisional" not in words(page.select_one("h1 + ul")).lower()
    assert page.select(".evidence-inset") == []
    assert "provisional" not in words(page.select_one("#cite"))


@pytest.mark.django_db
def test_a_part_of_a_whole_is_stated_with_its_unknown_share(conclusion_page):
    source = add_source(1, rating="strong", status="final")
    measure = add_measure("sex", quantity="composition")
    male, *_ = add_breakdown(measure, source, "all", male="60", female="30", unknown="10")
    conclusion = add_conclusion("known")
    Support.objects.create(
        conclusion=conclusion, finding=male, source=source, direction="supports", note="The larger part"
    )

    [row] = conclusion_page().select("#supports tbody tr")

    said = words(row.td)
    assert "Male: 60%" in said
    assert "Unknown share: 10%" in said
    assert "All recorded suspects; England, 2020" in said
    assert said.endswith("The larger part")
    assert words(row.select_one(".evidence-tag--strong")) == "Quality of source: Strong"


@pytest.mark.django_db
def test_a_whole_source_stands_behind_a_conclusion_without_a_figure(conclusion_page):
    read_source = add_source(1, rating="")
    quoted = add_source(2, bibliographic_check="quoted_by_others")
    conclusion = add_conclusion("known")
    for source in (read_source, quoted):
        Support.objects.create(conclusion=conclusion, source=source, direction="context")

    seen, not_seen = conclusion_page().select("#context tbody tr")

    assert "The source as a whole" in words(seen)
    assert "Not rated" in words(seen)
    assert "Read, in whole or in part" in words(seen)
    assert "Not read: quoted by others" in words(not_seen)


@pytest.mark.django_db
def test_sources_that_share_data_are_named_and_others_are_not(conclusion_page):
    first, second, third, elsewhere = (add_source(number) for number in range(4))
    conclusion = add_conclusion("known")
    for source in (first, second, third):
        Support.objects.create(conclusion=conclusion, source=source, direction="supports")
    Overlap.objects.create(source_a=second, source_b=first, reason="The same returns")
    Overlap.objects.create(source_a=third, source_b=elsewhere, reason="Not of this conclusion")

    [pair] = conclusion_page().select("#support ul.evidence-measures li")

    assert words(pair) == "Survey number 1 and Survey number 0 : The same returns"


@pytest.mark.django_db
def test_that_no_overlap_is_recorded_is_not_called_independence(conclusion_page):
    Support.objects.create(conclusion=add_conclusion("known"), source=add_source(1), direction="supports")

    assert "That is not proof that there is none" in words(conclusion_page().select_one("#support"))


@pytest.mark.django_db
def test_what_rests_on_the_conclusion_and_what_is_missing_on_its_theme(conclusion_page):
    source, conclusion = add_source(1), add_conclusion("known")
    other = add_conclusion("other")
    for name, rests_on in (("ours", conclusion), ("theirs", other)):
        Implication.objects.create(
            implication_id=name,
            audience="local_partners",
            theme="context",
            text=f"Act on {name}.",
            source=source,
            conclusion=rests_on,
            locator="Page 9",
        )
    for name, theme in (("near", "context"), ("far", "offender-networks")):
        Gap.objects.create(
            gap_id=name,
            theme=theme,
            statement=f"Gap {name}.",
            why_it_matters="It does.",
            what_would_fill_it="A count.",
        )

    page = conclusion_page()

    assert [words(item) for item in page.select("#implications li")] == [
        "For local partners: Act on ours. Survey number 1 , 2020. Page 9"
    ]
    assert [words(item) for item in page.select("#gaps li")] == ["Gap near. What would fill it: A count."]


@pytest.mark.django_db
def test_a_conclusion_on_which_nothing_rests_says_so(conclusion_page):
    add_conclusion("known")

    page = conclusion_page()

    assert "No implication" in words(page.select_one("#implications"))
    assert page.select("#gaps") == []


@pytest.mark.django_db
def test_the_citation_names_site_conclusion_version_day_and_address(client, monkeypatch, settings):
    settings.SITE_NAME = "Evidence on a subject"
    monkeypatch.setattr("evidence.views.conclusions.timezone.localdate", lambda: date(2026, 3, 2))
    add_conclusion("known")
    for _ in range(3):
        AuditEvent.objects.create(event_type="something changed", created_by="a test")

    cited = words(read(client.get("/conclusions/known/?from=elsewhere")).select_one(".evidence-cite"))

    assert cited == (
        "Evidence on a subject. Conclusion “known” (moderate certainty, provisional). "
        "Data version 3, read on 2 March 2026. http://testserver/conclusions/known/"
    )


@pytest.mark.django_db
@pytest.mark.parametrize("number", [3, 30])
def test_the_number_of_queries_does_not_grow_with_what_it_rests_on(number):
    fill("context", number)
    assert Support.objects.filter(conclusion="conclusion-0").count() == 3 * number

    viewing, rendering = count_queries(
        conclusion_detail, "/conclusions/conclusion-0/", conclusion_id="conclusion-0"
    )

    assert (viewing, rendering) == (9, 0)


@pytest.mark.django_db
def test_there_is_no_page_for_an_unknown_conclusion_and_none_can_be_changed(client):
    add_finding(add_measure("a-measure"), add_source(1), "f1")
    add_conclusion("known")

    assert client.get("/conclusions/unknown/").status_code == 404
    assert client.post("/conclusions/known/").status_code == 405
    assert Conclusion.objects.count() == 1


def test_reasons_are_split_at_their_labels():
    assert [reason.label for reason in split_reasons(REASONS)] == [
        "Methodological limitations",
        "Coherence",
        "Adequacy",
        "Relevance",
    ]


@pytest.mark.parametrize(
    ("text", "reasons"),
    [
        ("Two sources agree.", [Reason("", "Two sources agree.")]),
        (
            "Judged by one editor. Relevance: direct.",
            [Reason("", "Judged by one editor."), Reason("Relevance", "Direct.")],
        ),
        ("Relevance: direct: for one town.", [Reason("Relevance", "Direct: for one town.")]),
        ("  ", []),
    ],
)
def test_reasons_without_labels_are_kept_whole(text, reasons):
    assert split_reasons(text) == reasons


def test_every_shipped_conclusion_has_its_four_reasons(shipped):
    for conclusion in Conclusion.objects.all():
        labels = [reason.label for reason in split_reasons(conclusion.certainty_reasons)]
        assert labels == ["Methodological limitations", "Coherence", "Adequacy", "Relevance"], conclusion.pk

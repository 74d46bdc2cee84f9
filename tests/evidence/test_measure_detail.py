"""The page of one measure: what it must show of the figures that are most often misread."""

import json
from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest
from page_checks import page_faults, read, words
from query_counts import queries_of
from small_store import make_appraisal, make_category, make_finding, make_measure, make_source

from evidence import queries
from evidence.charts import charts_for
from evidence.measure_page import MOST_ROWS, make_measure_page
from evidence.selection import Selection
from evidence.views.measures import measure_detail
from studies.models import AuditEvent, Finding, Measure, MeasureRelation, Overlap, SeriesBreak


KNOWN = "group-suspect-ethnicity-known-only"
WHOLE = "group-suspect-ethnicity-unknowns-in-base"
VERSION_A = "offender-ethnicity-ceop-2011-version-a"
VERSION_B = "offender-ethnicity-ceop-2011-version-b"
ASSESSMENTS = "assessment-episodes-with-factor"


def page_of(client, measure_id: str, **params):
    response = client.get(f"/measures/{measure_id}/", params)
    assert response.status_code == 200
    page = read(response)
    assert page_faults(page) == []
    return page


def figures_of(page) -> dict[str, str]:
    """The charts of a page: identifier → its title."""
    return {
        figure["data-figure"]: words(figure.select_one(".evidence-figure__title"))
        for figure in page.select(".evidence-figure")
    }


def table_of(page, figure: str) -> list[dict[str, str]]:
    """The table twin of a chart, as rows of heading → cell."""
    table = page.select_one(f"[data-figure='{figure}'] table")
    heads = [words(head) for head in table.select("thead th")]
    return [
        dict(zip(heads, (words(cell) for cell in row.select("th, td")), strict=True))
        for row in table.select("tbody tr")
    ]


# The two bases of one set of records.


@pytest.mark.parametrize(("own", "other"), [(KNOWN, WHOLE), (WHOLE, KNOWN)])
def test_both_bases_stand_on_either_page_and_lead_to_each_other(client, shipped, own, other):
    page = page_of(client, own)
    beside = page.select_one("section[aria-labelledby='beside-1']")
    main = words(page.select_one("main"))

    assert words(beside.select_one("h2")).startswith("The same records on another base:")
    assert beside.select_one("h2 a")["href"] == f"/measures/{other}/"
    assert "never pool them" in words(beside)
    assert f"{own}-composition" in figures_of(page)
    assert f"beside-{other}-composition" in figures_of(page)
    # 83% of those recorded, 28% of all, and what the unknown two thirds allow.
    for number in ("83%", "28%", "66%", "94%"):
        assert number in main
    assert "only the third or so with ethnicity recorded" in main


@pytest.mark.parametrize("measure_id", [KNOWN, WHOLE])
def test_white_share_is_drawn_as_the_range_that_the_unknown_allows(client, shipped, measure_id):
    page = page_of(client, measure_id)
    figure = f"{WHOLE}-bounds-pair"
    (row,) = table_of(page, figure)

    assert "so the White share of all lies between 28% and 94%" in figures_of(page)[figure]
    assert (row["Category"], row["Lowest share of all"], row["Highest share of all"]) == (
        "White",
        "28%",
        "94%",
    )
    assert row["Share of those known"].startswith("83%")
    alternative = page.select_one(f"[data-figure='{figure}'] [role=img]")["aria-label"]
    assert "28% to 94% of all, 83% of those known" in alternative


def test_unknown_part_is_a_row_and_a_bar_of_its_own(client, shipped):
    page = page_of(client, WHOLE)
    rows = {row["Category"]: row["Figure"] for row in table_of(page, f"{WHOLE}-composition")}
    payload = json.loads(page.select_one(f"#{WHOLE}-composition-data").string)
    bars = {trace["name"]: trace["x"] for trace in payload["data"] if trace["type"] == "bar"}

    assert rows["Unknown or not recorded"] == "66%"
    assert [x for name, x in bars.items() if "nknown" in name] == [[66.0]]


# Rival versions of one statistic.


@pytest.mark.parametrize(("own", "other", "name"), [(VERSION_A, VERSION_B, "B"), (VERSION_B, VERSION_A, "A")])
def test_rival_versions_stand_apart_and_each_names_the_other(client, shipped, own, other, name):
    page = page_of(client, own)
    beside = page.select_one("section[aria-labelledby='beside-1']")

    assert words(beside.select_one("h2")).startswith("A rival version of the same statistic:")
    assert beside.select_one("h2 a")["href"] == f"/measures/{other}/"
    assert f"Rival of version {name}" in words(page.select_one("main"))
    assert "never add, average or pool" in words(page.select_one("main"))
    own_ids = set(Finding.objects.filter(measure=own).values_list("pk", flat=True))
    for figure in page.select(".evidence-figure"):
        payload = json.loads(figure.select_one("script").string)
        ids = {one for trace in payload["data"] for one in trace.get("ids", []) if one}
        drawn = {one for one in ids if Finding.objects.filter(pk=one).exists()}
        # One picture, one version.
        assert drawn <= own_ids or not drawn & own_ids


def test_versions_differ_and_are_not_merged(client, shipped):
    pages = {one: page_of(client, one) for one in (VERSION_A, VERSION_B)}
    white = {
        one: {row["Category"]: row["Figure"] for row in table_of(page, f"{one}-composition")}["White"]
        for one, page in pages.items()
    }
    assert white == {VERSION_A: "30%", VERSION_B: "38%"}


# A series with its base and its breaks.


def test_series_of_assessments_is_drawn_with_base_and_breaks(client, shipped):
    page = page_of(client, ASSESSMENTS, category="child-sexual-exploitation")
    figure = f"{ASSESSMENTS}-trend"
    payload = json.loads(page.select_one(f"#{figure}-data").string)
    (line,) = [trace for trace in payload["data"] if "lines" in trace.get("mode", "")]
    drawn = [row for row in table_of(page, figure) if row.get("In the picture", "yes") == "yes"]

    assert line["y"] == [20000, 18720, 18700, None, 16830, None, 16330, 15020, 13860]
    assert [row["Period"] for row in drawn] == [f"year to March {year}" for year in range(2018, 2025)]
    assert drawn[0]["Base"] == "482,750 assessment episodes"
    assert drawn[-1]["Base"] == "506,370 assessment episodes"
    caption = words(page.select_one(f"[data-figure='{figure}'] figcaption"))
    assert "Sexual abuse codes split in 2021" in caption
    assert "Criminal exploitation code added in 2022" in caption
    assert len([shape for shape in payload["layout"]["shapes"] if shape["type"] == "line"]) == 2


def test_series_is_drawn_as_a_share_of_its_base_as_well(client, shipped):
    page = page_of(client, ASSESSMENTS, category="child-sexual-exploitation")
    payload = json.loads(page.select_one(f"#{ASSESSMENTS}-trend-share-2-data").string)
    (line,) = [trace for trace in payload["data"] if "lines" in trace.get("mode", "")]

    assert [y if y is None else round(y, 1) for y in line["y"]] == [
        4.1,
        3.8,
        3.6,
        None,
        3.4,
        None,
        3.2,
        3.0,
        2.7,
    ]


def lines_of(charts):
    """The pairs of findings that a line joins, in any chart."""
    for chart in charts:
        for trace in chart.traces:
            if "lines" not in trace.get("mode", "") or "ids" not in trace or "trend" not in chart.chart_id:
                continue
            points = list(zip(trace["ids"], trace["y"], strict=True))
            for (first, y1), (second, y2) in pairwise(points):
                if y1 is not None and y2 is not None:
                    yield first, second


def test_no_line_joins_what_may_not_be_joined(shipped):
    """Every line of every measure: one source, scope, area, category and statistic, and no break between its points."""
    findings = Finding.objects.in_bulk()
    breaks = list(SeriesBreak.objects.all())
    joined = 0
    for measure in Measure.objects.filter(series=True):
        info = queries.get_measure_info(measure)
        own = queries.get_chart_findings([measure.pk])[measure.pk]
        charts = charts_for(info, own, breaks=queries.get_breaks(measure.pk))
        for first, second in lines_of(charts):
            a, b = findings[first], findings[second]
            for field in ("measure_id", "source_id", "scope", "geography", "category_id", "statistic"):
                assert getattr(a, field) == getattr(b, field), (measure.pk, first, second, field)
            between = [
                one.label
                for one in breaks
                if one.measure_id == measure.pk
                and one.category_id in (None, a.category_id)
                and a.period_start < one.starts_on <= b.period_start
            ]
            assert between == [], (measure.pk, first, second)
            joined += 1

    assert joined > 100


def test_years_of_the_crime_survey_are_never_joined(shipped):
    """Each year is a measure of its own without lines; none is drawn beside another year."""
    surveys = Measure.objects.filter(measure_id__startswith="survey-")
    assert surveys.count() >= 15
    for measure in surveys:
        shown = make_measure_page(measure, Selection())
        own = set(Finding.objects.filter(measure=measure).values_list("pk", flat=True))

        assert not measure.series
        assert list(lines_of(shown.charts)) == []
        assert not any("trend" in chart.chart_id for chart in shown.charts)
        for chart in shown.charts:
            assert set(chart.drawn_ids) <= own
        assert shown.side_views == []


@pytest.mark.parametrize(
    ("own", "others"),
    [
        (
            "survey-sexual-abuse-before-16",
            ["survey-sexual-assault-by-adult-before-16", "survey-sexual-abuse-before-18"],
        ),
        ("survey-sexual-abuse-before-18", ["survey-sexual-abuse-before-16"]),
    ],
)
def test_survey_names_the_other_years_as_not_to_be_joined(client, shipped, own, others):
    related = words(page_of(client, own).select_one("#related"))
    for other in others:
        assert Measure.objects.get(pk=other).label in related
    assert "A similar statistic that may not be joined to this one" in related


# Provisional ratings and secondary figures, everywhere.


@pytest.mark.parametrize("measure_id", [KNOWN, WHOLE, VERSION_A, ASSESSMENTS, "suspects-local"])
def test_every_mark_of_a_draft_and_of_a_second_hand_figure_is_there(client, shipped, measure_id):
    page = page_of(client, measure_id)
    secondary = Finding.objects.filter(measure=measure_id, verification="secondary").exists()

    for figure in page.select(".evidence-figure[data-figure]"):
        caption = words(figure.select_one("figcaption"))
        assert "provisional" in caption
        for row in table_of(page, figure["data-figure"]):
            assert "provisional" in row["Quality of source"]
    for row in page.select("#sources tbody tr"):
        assert words(row.select_one(".evidence-tag")).endswith("provisional")
    for row in page.select("#figures tbody tr"):
        assert "(provisional)" in words(row)
        stored = Finding.objects.get(pk=row["id"])
        assert ("Another text (secondary)" in words(row)) == (stored.verification == "secondary")
    assert secondary == any("secondary" in words(row) for row in page.select("#sources tbody tr"))


@pytest.mark.parametrize("measure_id", [KNOWN, WHOLE, VERSION_A, ASSESSMENTS])
def test_picture_itself_carries_quality_verification_and_source(client, shipped, measure_id):
    """A screenshot of a chart must stay honest."""
    page = page_of(client, measure_id)
    for figure in page.select(".evidence-figure[data-figure]"):
        payload = json.loads(figure.select_one("script").string)
        for layout in (payload["layout"], {**payload["layout"], **payload["layout_narrow"]}):
            texts = " ".join(note["text"] for note in layout["annotations"] if note.get("text"))
            drawn = " ".join(texts.replace("<br>", " ").split())
            assert "provisional" in drawn
            assert "Source" in drawn
            assert "Take care:" in drawn
            assert layout["title"]["text"]


def test_only_permitted_comparisons_with_the_population_are_shown(client, shipped):
    page = page_of(client, KNOWN)
    section = page.select_one("#population")
    measure = Measure.objects.get(pk=KNOWN)

    assert "Only these comparisons may be made" in words(section)
    categories = {words(row.select_one("th")) for row in section.select("tbody tr")}
    assert categories <= {one.category.label for one in measure.benchmarks.select_related("category")}
    cautions = {" ".join(one.caution.split()) for one in measure.benchmarks.all()}
    assert all(words(row.select("td")[-1]) in cautions for row in section.select("tbody tr"))
    assert page_of(client, "survey-sexual-abuse-before-18").select("#population") == []


# The page as such.


def test_queries_do_not_grow_with_the_figures(db):
    measure = make_measure("m", quantity="composition")
    twin = make_measure("n", quantity="composition")
    MeasureRelation.objects.create(
        measure_a=measure, measure_b=twin, relation="other_base", note="Same records."
    )
    category = make_category(measure, "white", 1)

    def add(first, last):
        for number in range(first, last + 1):
            source = make_source(f"s{number}")
            make_appraisal(source, "weak")
            if number > 1:
                Overlap.objects.create(source_a_id="s1", source_b=source, reason="Same cases.")
            make_finding(
                f"f{number}",
                source,
                measure,
                searched=False,
                category=category,
                statistic="percentage",
                value=Decimal(10),
                numerator=Decimal(10),
                denominator=Decimal(100),
            )

    add(1, 3)
    few = queries_of(measure_detail, "/", "m")
    add(4, 33)
    many = queries_of(measure_detail, "/", "m")

    assert few == many
    assert many[0] <= 35
    assert many[1] <= 1


def test_queries_do_not_grow_with_the_selection(shipped):
    plain = queries_of(measure_detail, "/", ASSESSMENTS)
    narrowed = queries_of(measure_detail, "/?geography=England&year_from=2015&q=children", ASSESSMENTS)
    # One more: which figures the filters let through.
    assert narrowed[0] <= plain[0] + 1
    assert narrowed[1] == plain[1]


def test_page_says_what_it_counts_and_what_it_rests_on(client, shipped):
    page = page_of(client, KNOWN)
    said = words(page.select_one("main .evidence-meta"))
    assert said == "Counts suspects · Parts of a whole · 7 figures from 2 sources"


def test_selection_narrows_and_says_so(client, shipped):
    page = page_of(client, KNOWN, year_from="2024")
    said = words(page.select_one("main .evidence-meta"))

    assert said == (
        "Counts suspects · Parts of a whole · 7 figures from 2 sources · 3 figures in this selection ( show all )"
    )
    assert len(page.select("#figures tbody tr")) == 3


def test_category_chooses_what_is_drawn_and_leaves_the_whole_in_the_table(client, shipped):
    page = page_of(client, ASSESSMENTS, category="trafficking")
    assert page.select_one("#choose-category [selected]")["value"] == "trafficking"
    payload = json.loads(page.select_one(f"#{ASSESSMENTS}-trend-data").string)
    assert [trace["name"] for trace in payload["data"] if "lines" in trace.get("mode", "")] == ["Trafficking"]
    assert words(page.select_one("#figures summary")).startswith(f"Show the first {MOST_ROWS} of 114 figures")


def test_selection_without_a_figure_is_not_called_an_absence_of_evidence(client, shipped):
    page = page_of(client, KNOWN, year_from="2090")
    empty = words(page.select_one(".evidence-empty"))

    assert "not that no evidence exists" in empty
    assert page.select_one(".evidence-empty a")["href"] == f"/measures/{KNOWN}/"


def test_measure_before_its_first_figure_has_a_page(client, db):
    make_measure("bare")
    page = page_of(client, "bare")
    assert "0 figures from 0 sources" in words(page.select_one("main .evidence-meta"))


def test_lonely_figure_is_a_sentence_and_not_a_bar(client, db):
    source = make_source("s", authors="A Body", year=2020)
    make_appraisal(source, "weak")
    measure = make_measure("m", unit_label="victims")
    make_finding("f", source, measure, value=Decimal(1200), precision="lower_bound", verification="secondary")
    page = page_of(client, "m")
    statement = words(page.select_one(".evidence-statement"))

    assert page.select(".evidence-figure") == []
    for part in (
        "at least 1,200 victims",
        "A Body, 2020",
        "weak",
        "provisional",
        "England, 2014",
        "not checked",
    ):
        assert part in statement


@pytest.mark.parametrize(
    ("params", "named"),
    [
        ({"category": "martian"}, "martian"),
        ({"geography": "Atlantis"}, "Atlantis"),
        ({"scope": "Everybody"}, "Everybody"),
        ({"source": "no-such-source"}, "no-such-source"),
        ({"colour": "red"}, "colour"),
        ({"year_from": "2020", "year_to": "2010"}, "after the last year"),
    ],
)
def test_refused_question_names_the_problem_and_shows_no_figure(client, shipped, params, named):
    response = client.get(f"/measures/{KNOWN}/", params)
    page = read(response)

    assert response.status_code == 400
    assert named in words(page.select_one(".govuk-error-summary"))
    assert page.select(".evidence-figure, table") == []
    assert page.select_one("main a.govuk-link")["href"] == f"/measures/{KNOWN}/"


def test_value_of_another_measure_is_not_known_here(client, shipped):
    """A category of version A is none of the assessments; an empty page would look like no evidence."""
    assert client.get(f"/measures/{ASSESSMENTS}/", {"category": "chinese"}).status_code == 400


def test_page_is_made_anew_when_the_store_changes(client, db):
    source, measure = make_source("s"), make_measure("m")
    make_finding("f1", source, measure)
    before = words(page_of(client, "m").select_one("main .evidence-meta"))
    make_finding("f2", source, measure, period_start=date(2016, 1, 1), period_end=date(2016, 12, 31))
    AuditEvent.objects.create(event_type="test", created_by="a test")
    after = words(page_of(client, "m").select_one("main .evidence-meta"))

    assert "1 figure from 1 source" in before
    assert "2 figures from 1 source" in after

"""Which pictures a measure gets, and what stays in the table."""

from chart_samples import (
    make_breakdown,
    make_finding,
    make_measure,
    make_years,
    picture_texts,
    shipped_measure,
)

from evidence.charts import Focus, charts_for
from evidence.charts.grouping import area_level, chunks, family, trend_areas


SERIES = make_measure(label="Recorded offences", quantity="count", unit_label="offences", series=True)


def kinds(charts, measure_id="suspect-ethnicity"):
    return [chart.chart_id.removeprefix(f"{measure_id}-") for chart in charts]


def test_composition_gets_bars_then_what_unknowns_allow():
    charts = charts_for(make_measure(), make_breakdown([("White", 28), ("Asian", 6), ("Unknown", 66)]))

    assert kinds(charts) == ["composition", "bounds"]


def test_twin_measure_gives_the_printed_known_share():
    known = shipped_measure("group-suspect-ethnicity-known-only")
    measure, found = shipped_measure("group-suspect-ethnicity-unknowns-in-base")

    charts = charts_for(measure, found, known_only=known)

    assert kinds(charts, measure.measure_id) == ["composition", "bounds-pair"]


def test_twin_without_a_match_leaves_the_plain_bounds():
    found = make_breakdown([("White", 34), ("Unknown", 66)])

    charts = charts_for(make_measure(), found, known_only=(make_measure(), []))

    assert kinds(charts) == ["composition", "bounds"]


def test_kinds_of_number_never_share_an_axis():
    found = [
        *(make_finding(f"p{place}", 10 + place, period_label=str(place)) for place in range(2)),
        *(
            make_finding(f"c{place}", 5 + place, statistic="count", period_label=str(place))
            for place in range(2)
        ),
    ]

    charts = charts_for(make_measure(quantity="proportion", label="Victims moved"), found)

    assert kinds(charts) == ["share", "counts-2"]


def test_kind_of_number_by_quantity_and_statistic():
    composition, rate = make_measure(), make_measure(quantity="rate")
    estimate, count = make_measure(quantity="estimate"), make_measure(quantity="count")

    assert family(composition, make_finding(statistic="count", denominator=10.0)) == "share"
    assert family(composition, make_finding(statistic="count")) == "count"
    assert family(count, make_finding(statistic="count", denominator=10.0)) == "count"
    assert family(count, make_finding(statistic="estimate")) == "count"
    assert family(estimate, make_finding(statistic="count")) == "level"
    assert family(composition, make_finding(statistic="median")) == "level"
    assert family(rate, make_finding(statistic="percentage_change")) == "change"


def test_default_lines_are_the_first_four_and_the_reader_is_told():
    found = [
        row
        for place in range(6)
        for row in make_years(
            [(2020, 1), (2021, 2), (2022, 3)],
            category_id=f"c{place}",
            category_label=f"Kind {place}",
            category_order=place,
        )
    ]

    (chart,) = charts_for(SERIES, found)

    assert [trace["name"] for trace in chart.traces] == [f"Kind {place}" for place in range(4)]
    assert "The first 4 of 6 lines" in picture_texts(chart)
    assert "6 more figures are not drawn here" in picture_texts(chart)
    assert len(chart.table.rows) == 18


def test_focus_chooses_categories_and_areas():
    found = [
        row
        for area in ("England and Wales", "London")
        for kind in ("a", "b")
        for row in make_years(
            [(2020, 1), (2021, 2), (2022, 3)], category_id=kind, category_label=kind.upper(), geography=area
        )
    ]

    default = charts_for(SERIES, found)
    chosen = charts_for(SERIES, found, focus=Focus(category_ids=("b",), geographies=("London",)))

    assert [trace["name"] for trace in default[0].traces] == ["A", "B"]
    assert "England and Wales" in default[0].subtitle
    assert "B. All suspects. London" in chosen[0].subtitle


def test_latest_of_many_periods_is_drawn_where_categories_are_many():
    parts = [(name, 20) for name in ("A", "B", "C", "D", "E")]
    found = [
        row
        for year in (2021, 2022)
        for row in make_breakdown(parts, f"b{year}", period_start=None, period_label=str(year))
    ]

    (chart,) = charts_for(make_measure(), found)

    assert set(chart.drawn_ids) == {row.finding_id for row in found if row.breakdown_id == "b2022"}
    assert [record["drawn"] for record in chart.table.records].count(False) == 5


def test_more_rows_than_fit_are_split_by_level_of_area():
    found = [
        make_finding(f"n{place}", place + 1, geography="England", period_label=str(place))
        for place in range(12)
    ]
    found += [
        make_finding(f"r{place}", place + 1, geography="London", period_label=str(place))
        for place in range(12)
    ]

    charts = charts_for(make_measure(quantity="proportion", label="Share"), found)

    assert [chart.subtitle.split(". ")[-2] for chart in charts] == ["England", "London"]


def test_page_never_has_more_than_six_pictures_besides_the_bounds():
    found = [
        make_finding(f"f{place}", place + 1, geography="England", period_label=str(place))
        for place in range(170)
    ]

    charts = charts_for(make_measure(quantity="proportion", label="Share"), found)

    assert len(charts) == 6
    assert len(charts[0].table.rows) == 20 + 50


def test_areas_from_nations_to_places():
    assert [area_level(name) for name in ("United Kingdom", "England and Wales", "London", "Rotherham")] == [
        0,
        0,
        1,
        2,
    ]
    assert area_level("England, one police area") == 2
    assert area_level("England, Scotland and Northern Ireland") == 0
    assert area_level("South Wales") == 2


def test_single_nation_is_not_drawn_beside_the_whole_it_belongs_to():
    whole, part, region = (make_finding(geography=name) for name in ("England and Wales", "Wales", "London"))

    assert trend_areas([whole, part, region]) == [whole]
    assert trend_areas([part, region]) == [part]
    assert trend_areas([region]) == [region]
    assert trend_areas([]) == []


def test_items_larger_than_a_picture_get_one_of_their_own():
    assert chunks([5, 30, 10, 10], lambda size: size) == [[5], [30], [10, 10]]

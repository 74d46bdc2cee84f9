"""Rows of single figures: intervals, bounds, ranges, counts, and the places where they stand."""

import pytest
from chart_samples import (
    drawn_numbers,
    make_finding,
    make_measure,
    picture_texts,
    table_numbers,
    trace_named,
)

from evidence.charts.counts import build_counts
from evidence.charts.interval import build_intervals
from evidence.charts.lettering import line_height
from evidence.charts.rows import Row, place, row_panels
from evidence.charts.theme import NARROW
from evidence.synthesis import wilson


SHARE = make_measure(
    measure_id="in-care", label="Victims in care", quantity="proportion", unit_label="victims", definition=""
)
COUNT = make_measure(
    measure_id="victims", label="Victims in one area", quantity="count", unit_label="victims"
)
AGE = make_measure(measure_id="age", label="Age of victims", quantity="range", unit_label="years")


def make_share(finding_id, events, total, **changes):
    return make_finding(
        finding_id,
        events,
        statistic="count",
        numerator=events,
        denominator=total,
        precision="exact",
        **changes,
    )


def points(chart):
    return next(trace for trace in chart.traces if trace.get("mode") == "markers" and "ids" in trace)


def test_intervals_are_wilson_on_the_scale_of_per_cent():
    chart = build_intervals(SHARE, [make_share("a", 18, 22, scope="X"), make_share("b", 3, 27, scope="Y")])

    low, high = wilson(18, 22)
    reach = points(chart)["error_x"]
    assert points(chart)["x"][0] == pytest.approx(100 * 18 / 22)
    assert points(chart)["x"][0] + reach["array"][0] == pytest.approx(high * 100)
    assert points(chart)["x"][0] - reach["arrayminus"][0] == pytest.approx(low * 100)
    assert chart.layout["yaxis2"]["ticktext"] == ["82% (61% to 93%)", "11% (4% to 28%)"]
    assert chart.table.records[0]["low"] == pytest.approx(low * 100)


def test_share_without_a_base_stands_alone_and_says_so():
    rows = [make_share("a", 18, 22, scope="X"), make_finding("b", 76, scope="Y")]

    chart = build_intervals(SHARE, rows)

    assert points(chart)["error_x"]["array"][1] is None
    assert chart.layout["yaxis2"]["ticktext"][1].replace("<br>", " ") == "76% (no interval: base not stated)"
    assert "worked out here from the printed counts" in picture_texts(chart)


def test_reason_that_all_rows_share_is_said_once():
    chart = build_intervals(SHARE, [make_finding("a", 76), make_finding("b", 42, period_label="2024")])

    assert "error_x" not in points(chart)
    assert chart.layout["yaxis2"]["ticktext"] == ["76%", "42%"]
    assert "No intervals: base not stated." in chart.captions


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"denominator": 498.0}, "count behind the share not stated"),
        ({"denominator": 33.0, "numerator": 16.0, "precision": "approximate"}, "not an exact count"),
        ({"denominator": 5.0, "numerator": 1.0, "precision": "lower_bound"}, "not an exact count"),
    ],
)
def test_no_interval_is_made_up(changes, reason):
    chart = build_intervals(SHARE, [make_finding("a", 50, **changes), make_finding("b", 10)])

    assert reason in chart.layout["yaxis2"]["ticktext"][0].replace("<br>", " ")
    assert "error_x" not in points(chart)


def test_none_of_n_is_shown_with_its_upper_limit():
    chart = build_intervals(SHARE, [make_share("a", 0, 27), make_share("b", 4, 27)])

    assert chart.layout["yaxis2"]["ticktext"][0].replace("<br>", " ") == "0 of 27; upper limit 12%"


def test_bounds_are_arrows_and_words():
    rows = [
        make_finding("a", 50, precision="lower_bound"),
        make_finding("b", 25, precision="upper_bound"),
        make_finding("c", 30),
    ]

    chart = build_intervals(SHARE, rows)

    arrows = {trace["marker"]["symbol"]: trace for trace in chart.traces if trace.get("name") == "Bound"}
    assert arrows["triangle-right"]["x"][0] == 50 < arrows["triangle-right"]["x"][1]
    assert arrows["triangle-left"]["x"][0] == 25 > arrows["triangle-left"]["x"][1]
    assert [text.split(" (")[0] for text in chart.layout["yaxis2"]["ticktext"]] == [
        "at least 50%",
        "up to 25%",
        "30%",
    ]
    assert "An arrow marks a bound" in picture_texts(chart)


@pytest.mark.parametrize("value", [1470, 95, 3])
def test_arrows_stay_within_the_axis(value):
    rows = [make_count("a", value, precision="lower_bound"), make_count("b", 1, precision="upper_bound")]

    for chart in (
        build_counts(COUNT, rows),
        build_intervals(SHARE, [make_finding("a", 97, precision="lower_bound")] * 2),
    ):
        low, high = chart.layout["xaxis"]["range"]
        tips = [x for t in chart.traces if t.get("name") == "Bound" for x in t["x"] if x is not None]
        assert tips
        assert low <= min(tips) <= max(tips) <= high


def test_quality_is_carried_by_shape_and_by_word():
    rows = [
        make_finding("a", 10, quality="strong"),
        make_finding("b", 20, quality="weak", precision="derived"),
    ]

    chart = build_intervals(SHARE, rows)

    assert points(chart)["marker"]["symbol"] == ["circle", "diamond"]
    assert points(chart)["marker"]["color"][0] != points(chart)["marker"]["color"][1]
    assert [text.split("<br>")[-1] for text in chart.layout["yaxis"]["ticktext"]] == [
        "Strong quality",
        "Weak quality",
    ]
    assert "A hollow mark" in picture_texts(chart)


def test_secondary_figures_are_marked_in_their_row():
    rows = [make_finding("a", 10, verification="secondary"), make_finding("b", 20)]

    labels = build_intervals(SHARE, rows).layout["yaxis"]["ticktext"]

    assert labels == ["Secondary", "Source A (2024)"]


def test_rows_of_a_scope_stand_under_its_name():
    rows = [
        make_finding(f"{scope}{i}", 10 + i, scope=scope, period_label=f"202{i}")
        for scope in "AB"
        for i in (1, 2)
    ]

    chart = build_intervals(SHARE, rows)

    headings = [note for note in chart.layout["annotations"] if note["font"].get("weight") == 700]
    assert [note["text"] for note in headings] == ["A", "B"]
    assert chart.title.endswith("that are not comparable in scope")
    assert "they are not the same quantity" in picture_texts(chart)


def test_small_shares_get_a_shorter_axis_that_says_so():
    chart = build_intervals(SHARE, [make_finding("a", 3.5), make_finding("b", 5, period_label="2024")])

    assert chart.layout["xaxis"]["range"] == [0, 6]
    assert chart.layout["xaxis"]["title"]["text"] == "Per cent of victims (axis ends at 6%)"


def test_lowest_and_highest_of_one_source_are_one_range():
    rows = [
        make_finding("low", 13, statistic="minimum", scope="X"),
        make_finding("high", 25, statistic="maximum", scope="X"),
        make_finding("alone", 11, statistic="minimum", scope="Y"),
    ]

    chart = build_intervals(AGE, rows)

    assert trace_named(chart, "Range")["x"] == [13, 25, None]
    assert chart.layout["yaxis2"]["ticktext"][0] == "13 to 25"
    assert "highest not stated" in chart.layout["yaxis2"]["ticktext"][1].replace("<br>", " ")
    assert drawn_numbers(chart) == {"low": 13, "high": 25, "alone": 11} == table_numbers(chart)
    assert "not a confidence interval" in picture_texts(chart)


def test_means_and_medians_say_what_they_are_and_changes_may_be_negative():
    measure = make_measure(quantity="rate", unit_label="per cent change", label="Change since 2016")
    rows = [
        make_finding("a", -29, statistic="percentage_change", category_id="x", category_label="Exploitation"),
        make_finding("b", 5, statistic="percentage_change", category_id="y", category_label="Abuse"),
    ]

    chart = build_intervals(measure, rows)
    ages = build_intervals(
        AGE, [make_finding("m", 15, statistic="mean"), make_finding("n", 29, statistic="median")]
    )

    assert chart.title == "Change since 2016: Exploitation −29%; Abuse +5%"
    assert chart.layout["xaxis"]["range"][0] < -29
    assert chart.layout["xaxis"]["zeroline"] is True
    assert ages.layout["yaxis2"]["ticktext"] == ["15 (mean)", "29 (median)"]


@pytest.mark.parametrize("build", [build_intervals, build_counts])
def test_a_lonely_figure_is_not_drawn(build):
    assert build(COUNT, [make_finding()]) is None


def make_count(finding_id, value, **changes):
    return make_finding(finding_id, value, **{"statistic": "count", "precision": "exact", **changes})


def test_counts_of_one_scope_are_bars_from_zero():
    chart = build_counts(COUNT, [make_count("a", 4275), make_count("b", 5596, period_label="2024")])

    bar = trace_named(chart, "Count")
    assert bar["x"] == [4275, 5596]
    assert chart.layout["xaxis"]["range"][0] == 0
    assert chart.layout["yaxis2"]["ticktext"] == ["4,275", "5,596"]
    assert drawn_numbers(chart) == table_numbers(chart)


def test_counts_of_several_scopes_are_points():
    chart = build_counts(COUNT, [make_count("a", 22, scope="X"), make_count("b", 1523, scope="Y")])

    assert [trace["type"] for trace in chart.traces] == ["scatter", "scatter"]
    assert "must not be added" in picture_texts(chart)
    assert chart.title == (
        "Victims in one area: between 22 and 1,523 victims across 2 figures that are not comparable in scope"
    )


def test_lower_bound_never_looks_exact():
    rows = [make_count("a", 57, precision="lower_bound"), make_count("b", 97, period_label="2024")]

    chart = build_counts(COUNT, rows)

    pale = trace_named(chart, "Not exact")
    assert pale["ids"] == ["a"]
    assert pale["marker"]["color"] != trace_named(chart, "Count")["marker"]["color"]
    assert chart.layout["yaxis2"]["ticktext"] == ["at least 57", "97"]
    assert trace_named(chart, "Bound")["marker"]["symbol"] == "triangle-right"


def test_unknown_count_is_hatched_and_stands_last():
    rows = [
        make_count("u", 3, category_id="u", category_label="Unknown", is_unknown=True),
        make_count("a", 9, category_id="a", category_label="White", category_order=5),
    ]

    chart = build_counts(make_measure(), rows)

    assert chart.layout["yaxis"]["ticktext"] == ["White", "Unknown"]
    assert trace_named(chart, "Unknown")["marker"]["pattern"]["shape"] == "\\"


def test_estimate_among_counts_is_named():
    rows = [make_count("a", 700, statistic="estimate"), make_count("b", 108)]

    assert build_counts(COUNT, rows).layout["yaxis2"]["ticktext"][0] == "700 (estimate)"


def test_findings_not_drawn_are_in_the_table_and_said_to_be():
    rows = [make_count("a", 4275), make_count("b", 5596)]

    chart = build_counts(COUNT, rows, not_drawn=[make_count("c", 12)])

    assert [row[-1] for row in chart.table.rows] == ["yes", "yes", "no"]
    assert chart.table.columns[-1].label == "In the picture"
    assert chart.table.records[-1]["drawn"] is False
    assert "1 more figure is not drawn here and can be read in the table." in chart.captions


def test_narrow_rows_have_room_for_all_their_text():
    long = "A name of a report that takes several lines on the page of a telephone, and then some more words"
    rows = [
        Row((long,) * count, "12%", heading)
        for count, heading in ((1, "One"), (4, "One"), (2, "Two"), (1, "Two"))
    ]

    placed = place(rows, 20)

    steps = [b - a for a, b in zip(placed.places, placed.places[1:], strict=False)]
    for step, lines, heading in zip(steps, placed.narrow.labels[1:], placed.narrow.headings[1:], strict=True):
        text = (len(lines) + len(heading)) * line_height(NARROW.label)
        assert step * placed.scale >= text + 20
    for step, above, below in zip(steps, placed.wide.labels, placed.wide.labels[1:], strict=False):
        assert step >= (len(above) + len(below)) / 2 * line_height(14)


def test_bar_alone_carries_its_width():
    assert place([Row((), "")], 32).bar_width == {"width": 32}
    assert place([Row((), ""), Row((), "")], 32).bar_width == {}


def test_bars_keep_their_thickness_on_both_pages():
    placed = place([Row(("a",), "1"), Row(("b",), "2")], 20)
    axis = {"range": [0, 10]}

    for panel, scale in zip(
        row_panels(placed, axis=axis, axis_narrow=axis, axis_title="Units"), (1, placed.scale), strict=True
    ):
        spacing = placed.places[1] * scale
        assert (1 - panel.extra["bargap"]) * spacing == pytest.approx(20, abs=0.1)

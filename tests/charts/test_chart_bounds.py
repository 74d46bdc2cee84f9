"""What unknowns allow: 83% of the third recorded is compatible with 28% to 94% of all."""

import pytest
from chart_samples import (
    drawn_numbers,
    make_breakdown,
    make_finding,
    make_measure,
    shipped_measure,
    table_numbers,
    trace_named,
)

from evidence.charts import build_bounds, build_bounds_pair
from evidence.charts.bounds import limits_of
from evidence.charts.grouping import breakdowns
from evidence.synthesis import unknown_bounds


def test_limits_are_those_of_the_synthesis():
    item = breakdowns(make_breakdown([("White", 545), ("Asian", 659), ("Unknown", 310)], base=1514))[0]

    limits = limits_of(item)

    for found, known in zip(limits, (545, 659), strict=True):
        expected = unknown_bounds(known, 310, 1514)
        assert (found.low / 100, found.high / 100) == pytest.approx((expected.lower, expected.upper))
        assert found.known / 100 == pytest.approx(known / (1514 - 310))


def test_bar_runs_from_lower_to_upper_with_the_known_share_marked():
    chart = build_bounds(make_measure(), make_breakdown([("White", 28), ("Other", 6), ("Unknown", 66)]))

    bar = trace_named(chart, "Range")
    assert bar["base"] == [28, 6]
    assert bar["x"] == [66, 66]
    assert trace_named(chart, "Share of those known")["x"] == pytest.approx([28 / 0.34, 6 / 0.34])
    assert chart.layout["yaxis2"]["ticktext"][0] == "28% to 94% of all<br>82% of those known"
    assert drawn_numbers(chart) == table_numbers(chart)


def test_one_category_is_told_in_the_title_with_the_unknown_share_first():
    chart = build_bounds(make_measure(), make_breakdown([("White", 34), ("Unknown", 66)]))

    assert chart.title == (
        "Ethnicity was not recorded for 66% of suspects, so the White share of all lies between 34% and 100%"
    )


def test_pair_marks_the_share_that_the_source_prints_for_those_known():
    known = shipped_measure("group-suspect-ethnicity-known-only")
    everyone = shipped_measure("group-suspect-ethnicity-unknowns-in-base")

    chart = build_bounds_pair(known, everyone)

    assert chart.title.endswith("so the White share of all lies between 28% and 94%")
    assert trace_named(chart, "Share of those known")["x"] == [83]
    record = chart.table.records[0]
    assert (record["low"], record["high"], record["known"]) == (28, 94, 83)
    assert record["known_finding_id"] is not None


def test_pair_needs_the_same_records():
    known = (make_measure(), [make_finding(value=83, category_id="white", geography="Scotland")])
    everyone = (make_measure(), make_breakdown([("White", 34), ("Unknown", 66)]))

    assert build_bounds_pair(known, everyone) is None


@pytest.mark.parametrize(
    "rows",
    [
        make_breakdown([("White", 44), ("Unknown", 32)], complete=False),
        make_breakdown([("White", 60), ("Asian", 40)]),
        make_breakdown([("White", 60), ("Asian", 40), ("Unknown", 0)]),
        make_breakdown([("White", 28), ("Asian", 6), ("Unknown", 66)])[1:],
        [],
    ],
    ids=["incomplete", "no unknown", "nothing unknown", "a part filtered away", "no findings"],
)
def test_no_limits_are_given_where_they_would_not_hold(rows):
    assert build_bounds(make_measure(), rows) is None


def test_nobody_known_leaves_no_share_of_those_known():
    rows = make_breakdown([("White", 0), ("Unknown", 50)], base=50)

    chart = build_bounds(make_measure(), rows)

    assert trace_named(chart, "Share of those known")["x"] == []
    assert chart.layout["yaxis2"]["ticktext"] == ["0% to 100% of all<br>nobody known"]


def test_rows_of_several_breakdowns_stand_under_headings_and_stop_at_twenty():
    parts = [(f"Group {place}", 10) for place in range(8)] + [("Unknown", 20)]
    rows = [row for place in range(3) for row in make_breakdown(parts, f"b{place}", scope=f"Scope {place}")]

    chart = build_bounds(make_measure(), rows)

    assert len(chart.table.rows) == 16
    assert [note["text"] for note in chart.layout["annotations"] if note["text"].startswith("Scope")] == [
        "Scope 0",
        "Scope 1",
    ]
    assert chart.title == (
        "Ethnicity was not recorded for 20% of suspects, so each share of all is a range and not one number"
    )


def test_printed_decimals_are_kept_in_the_limits():
    rows = make_breakdown([("White", 38), ("Chinese", 0.2), ("Unknown", 61.8)])

    limits = limits_of(breakdowns(rows)[0])

    assert [found.range_words for found in limits] == ["38% to 99.8%", "0.2% to 62.0%"]


def test_measure_without_a_topic_speaks_of_blank_records():
    rows = make_breakdown([("In care", 10), ("Not in care", 40), ("Unknown", 50)])

    chart = build_bounds(make_measure(label="Victims in care", unit_label="victims"), rows)

    assert chart.title == (
        "Records are blank for 50% of victims, so shares of all are ranges: "
        "In care 10% to 60% and Not in care 40% to 90%"
    )

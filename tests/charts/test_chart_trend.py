"""Lines over time: joined only where the same was counted in the same way, year after year."""

from datetime import date
from itertools import pairwise

import pytest
from chart_samples import (
    drawn_numbers,
    make_finding,
    make_measure,
    make_years,
    picture_texts,
    table_numbers,
)

from evidence.charts import Break, charts_for
from evidence.charts.series import lines_of, year_fraction
from evidence.charts.trend import build_trend


OFFENCES = make_measure(
    measure_id="offences", label="Recorded offences", quantity="count", unit_label="offences", series=True
)
STEADY = make_years([(2019, 100), (2020, 90), (2021, 120), (2022, 150)])


def runs(findings, breaks=()):
    """The values of each run of the only line."""
    (line,) = lines_of(findings, breaks)
    return [[point.value for point in run] for run in line.runs]


def make_snapshots(dates):
    return [
        make_finding(
            f"s{place}",
            place,
            statistic="count",
            period_start=moment,
            period_end=moment,
            period_type="snapshot",
            period_label=moment.isoformat(),
        )
        for place, moment in enumerate(dates)
    ]


def test_consecutive_years_are_joined_in_order_of_time():
    assert runs(list(reversed(STEADY))) == [[100, 90, 120, 150]]


def test_missing_year_is_a_gap():
    assert runs(make_years([(2008, 1), (2009, 2), (2012, 3), (2013, 4)])) == [[1, 2], [3, 4]]


def test_part_year_is_not_joined_to_whole_years():
    part = make_finding(
        "part",
        9,
        statistic="count",
        period_start=date(2023, 1, 1),
        period_end=date(2023, 9, 30),
        period_type="calendar_year",
    )

    assert runs([*STEADY, part]) == [[100, 90, 120, 150], [9]]


@pytest.mark.parametrize("kind", ["financial_year", "multi_year", "unknown"])
def test_periods_of_another_type_are_not_joined(kind):
    (other,) = make_years([(2023, 9)], period_type=kind)

    assert runs([*STEADY, other]) == [[100, 90, 120, 150], [9]]


def test_years_ending_in_june_are_joined_by_their_dates():
    found = [
        make_finding(
            f"j{year}",
            year,
            statistic="count",
            period_start=date(year - 1, 7, 1),
            period_end=date(year, 6, 30),
            period_type="unknown",
        )
        for year in (2013, 2014)
    ]

    assert runs(found) == [[2013, 2014]]


def test_periods_of_several_years_are_never_joined():
    found = [
        make_finding(
            f"m{year}",
            year,
            period_start=date(year, 1, 1),
            period_end=date(year + 1, 12, 31),
            period_type="multi_year",
        )
        for year in (2010, 2012)
    ]

    assert runs(found) == [[2010], [2012]]


def test_yearly_snapshots_and_regular_censuses_are_joined_and_others_not():
    assert runs(make_snapshots([date(2013, 3, 31), date(2014, 3, 31)])) == [[0, 1]]
    assert runs(make_snapshots([date(1991, 4, 21), date(2001, 4, 29), date(2011, 3, 27)])) == [[0, 1, 2]]
    assert runs(make_snapshots([date(2009, 3, 31), date(2013, 3, 31)])) == [[0], [1]]
    assert runs(make_snapshots([date(2009, 3, 31), date(2013, 3, 31), date(2020, 3, 31)])) == [[0], [1], [2]]


@pytest.mark.parametrize(
    "changes",
    [
        {"source_id": "other"},
        {"scope": "Other"},
        {"geography": "Wales"},
        {"category_id": "other"},
        {"breakdown_id": "b"},
    ],
)
def test_rows_that_differ_are_lines_of_their_own(changes):
    assert len(lines_of([*STEADY, *make_years([(2023, 9)], **changes)])) == 2


def test_no_line_crosses_a_break():
    breaks = [Break(date(2021, 4, 1), "New recording rules")]

    assert runs(STEADY, breaks) == [[100, 90], [120, 150]]


def test_break_of_other_categories_does_not_cut():
    breaks = [Break(date(2021, 4, 1), "Grooming code widened", ("grooming",))]

    assert runs(STEADY, breaks) == [[100, 90, 120, 150]]


def test_first_of_two_figures_for_one_period_is_kept():
    first, second = make_years([(2020, 1)]), make_years([(2020, 2)])

    assert runs([*first, *second]) == [[1]]


def test_undated_figures_are_in_no_line():
    assert lines_of([make_finding(period_start=None, period_end=None)]) == []


def test_picture_has_an_empty_point_at_each_interruption_and_names_it():
    breaks = [Break(date(2021, 4, 1), "New recording rules")]

    chart = build_trend(OFFENCES, STEADY, breaks=breaks)

    (line,) = chart.traces
    assert line["y"] == [100, 90, None, 120, 150]
    assert line["connectgaps"] is False
    assert chart.layout["shapes"][0]["x0"] == year_fraction(date(2021, 4, 1))
    assert chart.layout["shapes"][0]["line"]["dash"] == "dash"
    assert "New recording rules" in [note["text"] for note in chart.layout["annotations"]]
    assert (
        "Not joined across a change of definition or collection: New recording rules (2021)"
        in picture_texts(chart)
    )
    assert drawn_numbers(chart) == table_numbers(chart)


def test_missing_years_are_named_in_the_caption():
    chart = build_trend(OFFENCES, make_years([(2008, 1), (2009, 2), (2012, 3)]))

    assert "Not joined between 2009 and 2012" in picture_texts(chart)


def test_many_interruptions_are_counted_after_three():
    lines = [
        row
        for name in "ABCD"
        for row in make_years([(2008, 1), (2010, 2), (2011, 3)], category_id=name, category_label=name)
    ]

    assert "and 1 more places" in picture_texts(build_trend(OFFENCES, lines))


def test_breaks_outside_the_time_drawn_are_not_shown():
    breaks = [Break(date(1990, 1, 1), "Long before"), Break(date(2020, 7, 1), "Other category", ("z",))]

    chart = build_trend(OFFENCES, STEADY, breaks=breaks)

    assert chart.layout["shapes"] == []


def test_names_of_close_breaks_stand_on_different_levels():
    breaks = [
        Break(date(2020, 7, 1), "First change of the rules"),
        Break(date(2020, 9, 1), "Second change of the rules"),
        Break(date(2019, 8, 1), "Early"),
    ]

    chart = build_trend(OFFENCES, STEADY, breaks=breaks)

    named = [note for note in chart.layout["annotations"] if note["xref"] == "x" and "rules" in note["text"]]
    assert len({note["yshift"] for note in named}) == 2


def test_break_of_several_categories_is_marked_once():
    breaks = [Break(date(2021, 1, 1), "Codes split", (name,)) for name in ("c0", "c1")]

    chart = build_trend(OFFENCES, make_lines(2), breaks=breaks)

    assert len(chart.layout["shapes"]) == 1
    assert all(None in trace["y"] for trace in chart.traces)


def test_title_of_one_line_gives_first_and_last_figure():
    chart = build_trend(OFFENCES, STEADY)

    assert chart.title == "Recorded offences: 100 in 2019 and 150 in 2022"
    assert chart.layout["yaxis"]["range"][0] == 0


def make_lines(count):
    return [
        row
        for place in range(count)
        for row in make_years(
            [(2020, 10 + place), (2021, 20), (2022, 30)],
            category_id=f"c{place}",
            category_label=f"Kind {place}",
            category_order=place,
        )
    ]


def test_lines_differ_in_colour_dash_and_mark_and_are_named_at_their_ends():
    chart = build_trend(OFFENCES, make_lines(4))

    assert len({trace["line"]["color"] for trace in chart.traces}) == 4
    assert len({trace["line"]["dash"] for trace in chart.traces}) == 4
    assert len({trace["marker"]["symbol"][0] for trace in chart.traces}) == 4
    ends = [note for note in chart.layout["annotations"] if note["x"] == 1]
    assert [note["text"] for note in ends] == [
        f"{mark} Kind {place}: 30" for place, mark in enumerate("●■◆▲")
    ]
    shifts = sorted(note["yshift"] for note in ends)
    assert min(b - a for a, b in pairwise(shifts)) >= 18
    assert chart.layout_narrow["showlegend"] is True
    assert "figures from 10 to 30 in the 4 series drawn" in chart.title


def test_line_that_ends_early_says_when():
    rows = [*STEADY, *make_years([(2019, 5), (2020, 6)], geography="Wales")]

    chart = build_trend(OFFENCES, rows)

    assert "■ Wales: 6 in 2020" in picture_texts(chart)
    assert (
        chart.title
        == "Recorded offences. England and Wales: 100 in 2019 and 150 in 2022; Wales: 5 in 2019 and 6 in 2020"
    )


def test_lines_that_differ_in_scope_or_source_are_named_by_it():
    by_scope = build_trend(OFFENCES, [*STEADY, *make_years([(2019, 5)], scope="Other scope")])
    by_source = build_trend(
        OFFENCES, [*STEADY, *make_years([(2019, 5)], source_id="b", source_label="Source B")]
    )
    both = build_trend(
        OFFENCES,
        [
            *STEADY,
            *make_years([(2019, 5)], geography="Wales", scope="Other"),
            *make_years(
                [(2020, 5)], geography="Wales", scope="Third", source_id="b", source_label="Source B"
            ),
        ],
    )

    assert [trace["name"] for trace in by_scope.traces] == ["All suspects", "Other scope"]
    assert [trace["name"] for trace in by_source.traces] == ["Source A (2024)", "Source B"]
    assert [trace["name"] for trace in both.traces] == [
        "England and Wales",
        "Wales (Source A (2024))",
        "Wales (Source B)",
    ]


def test_share_of_the_base_is_drawn_beside_the_count():
    rows = [
        make_finding(
            f"y{year}",
            value,
            statistic="count",
            numerator=value,
            denominator=1000,
            precision="derived" if year == 2020 else "lower_bound",
            period_start=date(year, 1, 1),
            period_end=date(year, 12, 31),
            period_label=str(year),
        )
        for year, value in ((2020, 10), (2021, 25), (2022, 40))
    ]

    counts, shares = charts_for(OFFENCES, rows)

    assert counts.traces[0]["y"] == [10, 25, 40]
    assert shares.traces[0]["y"] == [1.0, 2.5, 4.0]
    assert shares.title == ("Recorded offences, share of the base: 1.0% in 2020 and at least 4.0% in 2022")
    assert "Per cent of the base" in shares.subtitle
    assert "share" in [column.key for column in shares.table.columns]
    assert counts.traces[0]["marker"]["symbol"] == ["circle", "circle-open", "circle-open"]


@pytest.mark.parametrize(
    "rows",
    [[], STEADY[:2], make_lines(5), [make_finding(period_start=None, period_end=None)]],
    ids=["nothing", "two periods", "five lines", "no dates"],
)
def test_no_trend_without_three_periods_or_with_more_than_four_lines(rows):
    assert build_trend(OFFENCES, rows) is None


def test_share_trend_needs_bases():
    assert build_trend(OFFENCES, STEADY, as_share=True) is None


def test_ticks_never_touch_and_the_last_period_is_always_named():
    chart = build_trend(OFFENCES, make_years([(year, 5) for year in range(1990, 2020)]))

    for layout in (chart.layout, chart.layout_narrow):
        assert layout["xaxis"]["ticktext"][-1] == "2019"
        assert len(layout["xaxis"]["ticktext"]) < 25
    assert len(chart.layout_narrow["xaxis"]["ticktext"]) < len(chart.layout["xaxis"]["ticktext"])


def test_percentages_over_time_keep_their_printed_numbers():
    rows = [
        make_finding(
            f"p{year}",
            value,
            value_text=text,
            period_start=date(year, 1, 1),
            period_end=date(year, 12, 31),
            period_label=str(year),
        )
        for year, value, text in ((2020, 10, "10.0"), (2021, 12, "12.0"), (2022, 11, "11.0"))
    ]

    chart = build_trend(make_measure(quantity="proportion", series=True, label="Conviction rate"), rows)

    assert chart.title == "Conviction rate: 10.0% in 2020 and 11.0% in 2022"
    assert chart.layout["yaxis"]["ticktext"][-1].endswith("%")


def test_changes_below_zero_have_room():
    rows = make_years([(2020, -5), (2021, 2), (2022, -3)])
    rows = [make_finding(**{**_fields(row), "statistic": "percentage_change"}) for row in rows]

    chart = build_trend(make_measure(quantity="rate", unit_label="per cent change", label="Change"), rows)

    assert chart.layout["yaxis"]["range"][0] <= -5


def _fields(finding):
    return {name: getattr(finding, name) for name in finding.__slots__}

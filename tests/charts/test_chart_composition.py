"""Parts of a whole: the unknown is a part, what is not reported is a part, colours stay at four."""

import pytest
from chart_samples import (
    drawn_numbers,
    make_breakdown,
    make_finding,
    make_measure,
    picture_texts,
    shipped_measure,
    table_numbers,
    trace_named,
)

from evidence.charts import charts_for
from evidence.charts.categories import build_category_rows
from evidence.charts.composition import build_composition
from evidence.charts.grouping import breakdowns
from evidence.charts.parts import parts_of


KNOWN_ONLY = make_measure(
    measure_id="suspect-ethnicity-known-only",
    label="Ethnicity of suspects, known only",
    definition="Recorded.",
)


def test_unknown_is_the_last_segment_and_hatched():
    items = breakdowns(make_breakdown([("White", 28), ("Unknown", 66), ("Asian", 6)]))

    chart = build_composition(make_measure(), items)

    assert [trace["name"] for trace in chart.traces] == ["White 28%", "Asian 6%", "Unknown 66%"]
    assert chart.traces[-1]["marker"]["pattern"]["shape"] == "\\"
    assert drawn_numbers(chart) == {"b1-white": 28, "b1-asian": 6, "b1-unknown": 66}


def test_title_gives_the_unknown_share_first():
    items = breakdowns(make_breakdown([("White", 28), ("Asian", 6), ("Unknown", 66)]))

    chart = build_composition(make_measure(), items)

    assert chart.title == (
        "Ethnicity was not recorded for 66% of suspects; 28% were recorded as White and 6% as Asian"
    )
    assert "Unknown share: 66%." in chart.captions


def test_what_an_incomplete_breakdown_leaves_is_a_part_of_its_own():
    items = breakdowns(make_breakdown([("White", 44), ("Asian", 16), ("Unknown", 32)], complete=False))

    chart = build_composition(make_measure(), items)

    gap = trace_named(chart, "Not reported in the source")
    assert gap["x"] == [8]
    assert gap["marker"]["pattern"]["shape"] == "."
    assert table_numbers(chart)["not-reported:b1"] == 8
    assert "the source does not say what it is" in picture_texts(chart)


def test_small_gap_between_rounded_percentages_is_said_to_be_rounding():
    item = breakdowns(make_breakdown([("White", 83), ("Asian", 16)], complete=False))[0]

    assert parts_of(item)[-1].text == "1% (may be rounding)"


def test_complete_breakdown_within_rounding_has_no_remainder():
    item = breakdowns(make_breakdown([("White", 83), ("Asian", 16)], complete=True))[0]

    assert [part.label for part in parts_of(item)] == ["White", "Asian"]


def test_part_that_a_filter_left_out_is_not_blamed_on_the_source():
    rows = make_breakdown([("White", 28), ("Asian", 6), ("Unknown", 66)])[:2]

    chart = build_composition(make_measure(), breakdowns(rows))

    assert trace_named(chart, "Not in this selection")["x"] == [66]
    assert "filters of this page leave out" in picture_texts(chart)


def test_counts_are_drawn_as_shares_of_their_base_with_counts_in_the_table():
    items = breakdowns(make_breakdown([("White", 36), ("Unknown", 137)], complete=False, base=230))

    chart = build_composition(make_measure(), items)

    assert drawn_numbers(chart)["b1-white"] == pytest.approx(100 * 36 / 230)
    figure = [column.key for column in chart.table.columns].index("figure")
    assert [row[figure] for row in chart.table.rows] == ["36", "", "137"]
    assert "Base: 230 suspects" in chart.subtitle


def test_bars_name_source_base_and_parts_too_small_to_label():
    rows = make_breakdown([("White", 97), ("Asian", 3)], base=100)
    rows += make_breakdown([("White", 90), ("Asian", 10)], "b2", source_id="b", source_label="Source B")

    chart = build_composition(make_measure(), breakdowns(rows))

    first, second = chart.layout["yaxis"]["ticktext"]
    assert "Source A (2024)" in first
    assert "Of 100 suspects" in first
    assert "Asian 3%" in first.replace("<br>", " ")
    assert "Base not stated" in second


def test_known_only_shares_are_labelled_so():
    items = breakdowns(make_breakdown([("White", 83), ("Asian", 17)]))

    chart = build_composition(KNOWN_ONLY, items)

    assert chart.title == "Among suspects whose ethnicity was recorded: White 83%, Asian 17%"
    assert "Shares of those known, base not stated" in chart.subtitle
    assert "Unknown share: not reported in these figures." in chart.captions


def test_origin_without_an_unknown_share_says_that_none_is_reported():
    measure = make_measure(label="Ethnicity of suspects in one force", measure_id="one-force", definition="")

    chart = build_composition(measure, breakdowns(make_breakdown([("White", 38), ("Asian", 62)])))

    assert chart.title.startswith("Ethnicity of suspects in one force: unknown share not reported; White 38%")


def test_none_of_the_base_is_never_shown_as_a_percentage():
    items = breakdowns(make_breakdown([("Female", 142), ("Male", 0)], base=142))

    chart = build_composition(make_measure(label="Children convicted, by sex"), items)

    assert trace_named(chart, "Male")["name"] == "Male 0 of 142"


def test_colours_stay_at_four_and_more_categories_become_rows():
    parts = [("A", 10), ("B", 20), ("C", 30), ("D", 15), ("E", 5), ("Unknown", 20)]
    items = breakdowns(make_breakdown(parts))

    chart = build_category_rows(make_measure(), items)

    assert build_composition(make_measure(), items) is None
    assert chart.layout["yaxis"]["ticktext"] == ["A", "B", "C", "D", "E", "Unknown"]
    assert chart.layout["yaxis2"]["ticktext"] == ["10%", "20%", "30%", "15%", "5%", "20%"]
    assert trace_named(chart, "Unknown")["marker"]["pattern"]["shape"] == "\\"
    assert len({str(trace["marker"]["color"]) for trace in chart.traces if trace["type"] == "bar"}) == 2


def test_rows_of_several_breakdowns_stand_under_headings_with_their_bases():
    parts = [("A", 10), ("B", 20), ("C", 30), ("D", 15), ("E", 25)]
    rows = make_breakdown(parts, base=100) + make_breakdown(parts, "b2", period_label="2024")

    chart = build_category_rows(make_measure(), breakdowns(rows))

    said = picture_texts(chart)
    assert "2023. Base: 100 suspects" in said
    assert "2024. Base not stated" in said


@pytest.mark.parametrize("build", [build_composition, build_category_rows])
def test_nothing_is_drawn_without_a_breakdown(build):
    assert build(make_measure(), []) is None


def test_breakdowns_with_two_bases_or_without_shares_cannot_be_stacked():
    two_bases = make_breakdown([("White", 5)], base=10) + make_breakdown([("Asian", 5)], base=20)
    counts = [
        make_finding(f"c{place}", 5, statistic="count", breakdown_id="c", category_id=str(place))
        for place in range(2)
    ]

    assert breakdowns(two_bases) == []
    assert breakdowns(counts) == []
    assert breakdowns([make_finding(breakdown_id="alone")]) == []


def test_pattern_text_and_symbols_that_plotly_would_read_as_markup_are_made_harmless():
    rows = make_breakdown([("<b>White</b> & other", 60), ("Asian", 40)])

    chart = build_composition(make_measure(label="Age & <i>sex</i>"), breakdowns(rows))

    assert chart.traces[0]["name"] == "&lt;b&gt;White&lt;/b&gt; &amp; other 60%"
    assert "<i>" not in chart.layout["title"]["text"]


def test_shipped_versions_with_and_without_unknowns_stay_apart():
    measure, found = shipped_measure("group-suspect-ethnicity-known-only")

    chart = charts_for(measure, found)[0]

    assert chart.title.startswith("Among suspects whose ethnicity was recorded. White: 83% to 85%")
    assert "unknown" not in " ".join(trace.get("name", "").lower() for trace in chart.traces)


def test_narrow_labels_stand_above_the_bars_with_the_same_data():
    rows = make_breakdown([("White", 50), ("Asian", 50)])
    rows += make_breakdown([("White", 60), ("Asian", 40)], "b2", source_id="b", source_label="Source B")

    chart = build_composition(make_measure(), breakdowns(rows))

    narrow = chart.layout_narrow
    assert narrow["yaxis"]["showticklabels"] is False
    assert narrow["margin"]["l"] < 20 < chart.layout["margin"]["l"]
    assert "Source B" in picture_texts(chart, narrow=True)
    assert narrow["yaxis"]["tickvals"] == chart.layout["yaxis"]["tickvals"]

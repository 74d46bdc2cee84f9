"""The forest plot: studies, diamond, prediction interval, the better studies at equal size."""

from dataclasses import replace

import pytest
from chart_samples import picture_texts, trace_named

from evidence.charts import ForestInput, ForestPooled, ForestRow, build_forest
from evidence.synthesis import wilson


def make_row(row_id, events, total, weight, *, included=True, reason="", quality="weak"):
    low, high = wilson(events, total) if total else (0.0, 0.0)
    share = events / total if total else 0.0
    return ForestRow(
        row_id, f"Study {row_id}", events, total, share, low, high, weight, quality, included, reason, "Scope"
    )


PLOT = ForestInput(
    chart_id="in-care-forest",
    label="Victims in care",
    unit_label="victims",
    subtitle="Share of victims",
    rows=(
        make_row("a", 311, 996, 60.0),
        make_row("b", 0, 27, 15.0),
        make_row("c", 57, 139, 25.0, quality="moderate"),
        make_row("d", 1, 5, None, included=False, reason="fewer than 10 people (R7)"),
        make_row("e", 0, 0, None, included=False, reason="counts not stated"),
    ),
    pooled=ForestPooled(3, 0.3, 0.1, 0.6, 0.02, 0.9),
    restricted=ForestPooled(3, 0.35, 0.12, 0.7),
    why_not_restricted="",
    method_line="logit, REML, t with 2 degrees of freedom",
    source_line="Sources: three studies",
    warnings=("Only 3 studies",),
    captions=("Bounds: 10% to 80%",),
)


def test_studies_have_wilson_intervals_and_squares_by_weight():
    chart = build_forest(PLOT)

    studies = trace_named(chart, "Studies")
    assert studies["x"] == pytest.approx([100 * 311 / 996, 0, 100 * 57 / 139])
    low, high = wilson(57, 139)
    assert studies["x"][2] + studies["error_x"]["array"][2] == pytest.approx(high * 100)
    assert studies["x"][2] - studies["error_x"]["arrayminus"][2] == pytest.approx(low * 100)
    sizes = studies["marker"]["size"]
    assert sizes[0] ** 2 / sizes[2] ** 2 == pytest.approx(60 / 25, rel=0.05)


def test_diamonds_run_from_limit_to_limit_at_equal_height():
    chart = build_forest(PLOT)

    pooled = next(trace for trace in chart.traces if trace.get("name") == "All studies pooled")
    better = trace_named(chart, "Better quality only")
    assert pooled["x"] == pytest.approx([10, 30, 60, 30, 10])
    assert better["x"] == pytest.approx([12, 35, 70, 35, 12])
    assert max(pooled["y"]) - min(pooled["y"]) == max(better["y"]) - min(better["y"])
    assert next(t for t in chart.traces if t.get("meta") == "prediction")["x"] == pytest.approx([2, 90])


def test_title_leads_with_range_and_prediction():
    assert build_forest(PLOT).title == (
        "Victims in care: from 0 of 27 to 41% in 3 studies; "
        "a new study may lie between 2.0% and 90.0%; pooled share 30.0%"
    )


def test_left_out_rows_are_listed_with_reasons_and_not_drawn():
    chart = build_forest(PLOT)

    assert [row[-1] for row in chart.table.rows[3:5]] == [
        "no: fewer than 10 people (R7)",
        "no: counts not stated",
    ]
    assert chart.table.rows[4][1:4] == ("not stated", "not stated", "none: counts not stated")
    assert "d" not in trace_named(chart, "Studies")["ids"]
    assert "Left out: Study d (fewer than 10 people (R7)) and Study e (counts not stated)" in picture_texts(
        chart
    )


def test_method_warnings_and_captions_are_in_the_picture():
    said = picture_texts(build_forest(PLOT))

    for text in ("Method: logit, REML", "Only 3 studies", "Bounds: 10% to 80%", "prediction interval"):
        assert text in said


def test_missing_restriction_is_explained():
    plot = replace(
        PLOT,
        restricted=None,
        why_not_restricted="fewer than 3 studies of better quality",
        pooled=ForestPooled(3, 0.3, 0.1, 0.6),
        rows=tuple(row for row in PLOT.rows if row.included),
    )

    chart = build_forest(plot)

    assert "No result from better studies alone: fewer than 3 studies" in picture_texts(chart)
    assert not any(trace.get("meta") == "prediction" for trace in chart.traces)
    assert chart.table.records[-1]["prediction_low"] is None
    assert "Left out" not in picture_texts(chart)


def test_picture_and_table_hold_the_same_numbers():
    chart = build_forest(PLOT)

    studies = trace_named(chart, "Studies")
    drawn = dict(zip(studies["ids"], studies["x"], strict=True))
    drawn |= {t["name"]: t["x"][1] for t in chart.traces if t.get("meta") == "pooled"}
    assert drawn == {r["id"]: r["drawn_value"] for r in chart.table.records if r["drawn"]}


def test_studies_without_weights_are_drawn_with_no_weight_in_words():
    plot = replace(PLOT, rows=tuple(replace(row, weight=None) for row in PLOT.rows))

    chart = build_forest(plot)

    assert "weight" not in chart.layout["yaxis2"]["ticktext"][0]
    assert set(trace_named(chart, "Studies")["marker"]["size"]) == {6.0}

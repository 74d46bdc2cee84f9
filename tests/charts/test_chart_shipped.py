"""Every chart of the shipped evidence base: what must hold whatever the figures are."""

import json
import re

import plotly.graph_objects as go
import pytest
from chart_samples import drawn_numbers, shipped, table_numbers

from evidence.charts import charts_for
from evidence.charts.grouping import MOST_COLOURS, MOST_ROWS, breakdowns


@pytest.fixture(scope="module")
def drawn():
    """(measure, findings, charts) for each measure of the shipped evidence."""
    return [(measure, found, charts_for(measure, found)) for measure, found in shipped()]


@pytest.fixture(scope="module")
def charts(drawn):
    return [chart for _, _, own in drawn for chart in own]


def test_there_is_a_picture_for_most_measures_and_none_for_a_single_figure(drawn):
    assert len(drawn) == 296
    assert sum(bool(charts) for _, _, charts in drawn) > 200
    assert all(not charts for _, found, charts in drawn if len(found) == 1)


def test_picture_and_table_hold_the_same_numbers(charts):
    differing = [chart.chart_id for chart in charts if drawn_numbers(chart) != table_numbers(chart)]

    assert differing == []
    assert all(table_numbers(chart) for chart in charts)


def test_each_finding_is_in_a_picture_or_in_a_table_as_not_drawn(drawn):
    lost = []
    for measure, found, charts in drawn:
        held = {record.get("finding_id") for chart in charts for record in chart.table.records}
        lost += [
            (measure.measure_id, finding.finding_id)
            for finding in found
            if charts and finding.finding_id not in held
        ]

    assert lost == []


def test_both_layouts_are_valid_plotly_and_plain_json(charts):
    for chart in charts:
        payload = json.loads(json.dumps(chart.figure_payload, allow_nan=False))
        narrow = {**payload["layout"], **payload["layout_narrow"]}

        assert chart.figure.layout.height == payload["layout"]["height"]
        assert len(chart.figure.data) == len(payload["data"])
        assert go.Figure(data=payload["data"], layout=narrow).layout.height == narrow["height"]
        assert set(payload) == {"data", "layout", "layout_narrow", "config"}


def test_chart_ids_are_slugs_and_unique_within_a_measure(drawn):
    for _, _, charts in drawn:
        ids = [chart.chart_id for chart in charts]
        assert len(set(ids)) == len(ids)
        assert all(re.fullmatch(r"[a-z0-9-]+", chart_id) for chart_id in ids)
        assert [chart.data_id for chart in charts] == [f"{chart_id}-data" for chart_id in ids]


def test_no_text_is_smaller_than_twelve_pixels(charts):
    sizes = [
        int(size)
        for chart in charts
        for size in re.findall(r'"size": (\d+)', json.dumps([chart.layout, chart.layout_narrow]))
    ]

    assert min(sizes) >= 12


def test_no_picture_has_more_rows_or_lines_than_can_be_read(charts):
    for chart in charts:
        lines = [trace for trace in chart.traces if trace.get("mode") == "lines+markers" and "ids" in trace]
        assert len(lines) <= MOST_COLOURS
        if not lines:
            assert len(chart.layout["yaxis"]["tickvals"]) <= MOST_ROWS


def test_each_picture_carries_its_quality_verification_and_source(charts):
    for chart in charts:
        said = " ".join(note["text"] for note in chart.layout["annotations"]).replace("<br>", " ")
        assert "Quality of " in said
        assert "secondary" in said.lower() or "Read in the source itself" in said
        assert "Source" in said
        assert chart.layout["title"]["text"].replace("<br>", " ") == chart.title.replace("&", "&amp;")


def test_unknown_parts_are_drawn_hatched_wherever_a_source_gives_them(drawn):
    missing = []
    for measure, found, charts in drawn:
        if measure.quantity != "composition":
            continue
        hatched = {
            key
            for chart in charts
            for trace in chart.traces
            if trace["type"] == "bar" and trace["marker"].get("pattern", {}).get("shape") == "\\"
            for key in trace["ids"]
        }
        bars = {key for chart in charts if "-bounds" not in chart.chart_id for key in drawn_numbers(chart)}
        missing += [
            item.unknown.finding_id
            for item in breakdowns(found)
            if item.unknown and bars.issuperset({part.finding_id for part in item.known})
            if item.unknown.finding_id not in hatched
        ]

    assert missing == []


def test_titles_about_origin_name_the_unknown_share_before_any_group(drawn):
    for measure, found, charts in drawn:
        has_unknown = any(item.unknown for item in breakdowns(found))
        if not (measure.label.startswith("Ethnic") and has_unknown):
            continue
        for chart in charts:
            if "-composition" in chart.chart_id or "-bounds" in chart.chart_id:
                assert re.match(r"Ethnic[a-z -]+ (was )?not recorded for ", chart.title), chart.title


def test_titles_neither_rank_nor_explain(charts):
    loaded = re.compile(
        r"\b(most|highest|lowest|top|worst|best|because|due to|caused?|surge|soar|rose|fell)\b", re.IGNORECASE
    )
    labels = ("Most common age band",)  # a measure's own name

    assert [c.title for c in charts if loaded.search(c.title) and not c.title.startswith(labels)] == []


def test_every_text_alternative_says_the_title_and_where_the_numbers_are(charts):
    for chart in charts:
        assert chart.title.rstrip(".") in chart.text_alternative
        assert chart.text_alternative.endswith("All numbers are in the table.")

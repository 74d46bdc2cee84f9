"""Rows of counts: bars where they count the same thing, points where scopes differ."""

from collections.abc import Sequence

from evidence.charts import captions, labels, marks, theme, titles, words
from evidence.charts.chart import Chart, Properties, build_chart
from evidence.charts.figures import ChartFinding, MeasureInfo
from evidence.charts.rows import NUMBER_AXIS, Placed, Row, place, row_panels
from evidence.charts.tables import build_table, entry
from evidence.charts.ticks import value_axis


BAR = 20
_OPEN = ("approximate", "derived", "lower_bound", "upper_bound")


def build_counts(
    measure: MeasureInfo,
    findings: Sequence[ChartFinding],
    *,
    part: str = "",
    not_drawn: Sequence[ChartFinding] = (),
) -> Chart | None:
    """One row for each count, from zero.

    Counts of one scope are bars; counts of several scopes are points under the name of their
    scope, since lengths side by side would invite a comparison. A bound is pale, with an arrow
    towards where the true number lies. None where fewer than two counts could be drawn.
    """
    drawn = labels.ordered(findings)
    if len(drawn) < 2:
        return None
    fields = labels.varying(drawn)
    headings = labels.scope_headings(drawn)
    numbers = [words.value(measure, finding) + _estimate(finding) for finding in drawn]
    placed = place(
        [
            Row(labels.row_label(measure, finding, fields, headed=heading is not None), number, heading)
            for finding, heading, number in zip(drawn, headings, numbers, strict=True)
        ],
        BAR,
    )
    values = [finding.value for finding in drawn]
    axis, slim, _ = value_axis(0, marks.room_for_arrows(drawn, values))
    unit = labels.unit_words(measure, "count")
    wide, narrow = row_panels(
        placed, axis=axis, axis_narrow=slim, axis_title=unit, extra={"barmode": "stack"}
    )
    as_bars = "scope" not in fields
    title = titles.rows_title(measure, drawn, numbers)
    notes = captions.captions(
        measure,
        drawn,
        method=_method(drawn, as_bars),
        unknown=titles.unknown_words(measure, drawn),
        not_drawn=not_drawn,
    )
    entries = [entry(finding, finding.value) for finding in drawn]
    entries += [entry(finding, None) for finding in not_drawn]
    shown = _bars(drawn, placed) if as_bars else [marks.points(drawn, values, placed.places)]
    spoken = [
        f"{', '.join(labels.row_label(measure, finding, fields))}: {number}"
        for finding, number in zip(drawn, numbers, strict=True)
    ]
    return build_chart(
        chart_id=f"{measure.measure_id}-counts{part}",
        title=title,
        subtitle=labels.subtitle(measure, drawn, unit),
        traces=[*shown, *marks.arrows(drawn, values, placed.places, axis["range"]), NUMBER_AXIS],
        wide=wide,
        narrow=narrow,
        table=build_table(title, measure, entries),
        text_alternative=titles.alternative(
            "Bar chart of counts" if as_bars else "Dot chart of counts, grouped by what they cover",
            title,
            spoken,
            notes,
        ),
        captions=notes,
        source_line=captions.source_line(drawn),
    )


def _estimate(finding: ChartFinding) -> str:
    return " (estimate)" if finding.statistic == "estimate" else ""


def _method(findings: Sequence[ChartFinding], as_bars: bool) -> list[str]:
    """How the marks are to be read."""
    sentences = []
    if not as_bars:
        sentences.append(
            "Points, not bars, because the counts do not cover the same thing and must not be added"
        )
    if any(finding.precision in ("lower_bound", "upper_bound") for finding in findings):
        sentences.append("An arrow marks a bound: the true number lies on that side")
    hollow = {finding.precision in _OPEN for finding in findings}
    if hollow == {True, False}:
        sentences.append(
            f"A {'pale bar' if as_bars else 'hollow mark'} is a bound, an approximate figure or one that was worked out"
        )
    return sentences


def _bars(findings: Sequence[ChartFinding], placed: Placed) -> list[Properties]:
    """Full bars for printed counts, pale ones for anything less exact, hatched for unknown."""
    rows = list(zip(findings, placed.places, strict=True))
    pale = {"color": theme.LIGHT, "line": {"color": theme.MAIN, "width": 2}}
    looks = (
        (
            "Count",
            [(f, y) for f, y in rows if not f.is_unknown and f.precision not in _OPEN],
            theme.category_fill(0),
        ),
        ("Not exact", [(f, y) for f, y in rows if not f.is_unknown and f.precision in _OPEN], pale),
        ("Unknown", [(f, y) for f, y in rows if f.is_unknown], theme.unknown_fill()),
    )
    return [
        {
            "type": "bar",
            "orientation": "h",
            "name": name,
            "x": [finding.value for finding, _ in own],
            "y": [y for _, y in own],
            **placed.bar_width,
            "ids": [finding.finding_id for finding, _ in own],
            "marker": fill,
            "hovertext": [marks.hover(finding) for finding, _ in own],
            "hoverinfo": "text",
            "showlegend": False,
        }
        for name, own, fill in looks
        if own
    ]

"""The forest plot of a synthesis: single studies, the pooled share, where a new study may lie."""

from collections.abc import Sequence
from typing import Any

from evidence.charts import theme, titles, words
from evidence.charts.chart import Chart, Properties, build_chart
from evidence.charts.forest_input import ForestInput, ForestPooled, ForestRow
from evidence.charts.rows import NUMBER_AXIS, Row, place, row_panels
from evidence.charts.tables import Column, Record, Table
from evidence.charts.ticks import value_axis


_MARK = 20
_DIAMOND = 8  # half the height of a diamond in pixels of a wide page


def build_forest(plot: ForestInput) -> Chart:
    """Single-study intervals, the pooled diamond with its prediction interval, and the diamond of
    the studies of better quality at equal size. Needs at least one included study.
    """
    included = [row for row in plot.rows if row.included]
    total = sum(row.total for row in included)
    diamonds = [("All studies pooled", plot.pooled)]
    if plot.restricted is not None:
        diamonds.append(("Better quality only", plot.restricted))
    rows = [_study(plot, row) for row in included]
    rows += [_pooled_row(name, pooled, total) for name, pooled in diamonds]
    placed = place(rows, _MARK)
    highs = [row.high for row in included] + [_reach(pooled) for _, pooled in diamonds]
    axis, slim, note = value_axis(0, max(highs) * 100, share=True)
    unit = f"Per cent of {plot.unit_label}{note}"
    wide, narrow = row_panels(placed, axis=axis, axis_narrow=slim, axis_title=unit)
    title = _title(plot, included, total)
    notes = _notes(plot)
    return build_chart(
        chart_id=plot.chart_id,
        title=title,
        subtitle=plot.subtitle,
        traces=[
            _studies(included, placed.places),
            *_pooled_traces(diamonds, placed.places[len(included) :]),
            NUMBER_AXIS,
        ],
        wide=wide,
        narrow=narrow,
        table=_table(plot, title, diamonds, total),
        text_alternative=titles.alternative(
            "Forest plot", title, [f"{', '.join(row.label)}: {row.number}" for row in rows], notes
        ),
        captions=notes,
        source_line=plot.source_line,
    )


def _study(plot: ForestInput, row: ForestRow) -> Row:
    quality = f"Quality: {words.QUALITY.get(row.quality, row.quality)}"
    label = [row.label, row.detail, f"{row.events:,} of {row.total:,} {plot.unit_label}", quality]
    weight = "" if row.weight is None else f"; weight {row.weight:.1f}%"
    return Row(tuple(text for text in label if text), f"{_study_words(row)}{weight}")


def _point(row: ForestRow) -> str:
    """The share of a study; none of n is never 0% (METHODS section 7)."""
    if not row.total:
        return "not stated"
    return words.percent(row.share * 100, row.total) if row.events else f"0 of {row.total:,}"


def _study_words(row: ForestRow) -> str:
    if row.events == 0:
        return f"0 of {row.total:,}; upper limit {words.percent(row.high * 100, row.total)}"
    return _interval(row.share, row.low, row.high, row.total)


def _pooled_row(name: str, pooled: ForestPooled, total: float) -> Row:
    label = [name, f"{pooled.k} studies"]
    if pooled.prediction_low is not None and pooled.prediction_high is not None:
        low = words.percent(pooled.prediction_low * 100, total)
        high = words.percent(pooled.prediction_high * 100, total)
        label.append(f"Prediction interval {low} to {high}")
    return Row(tuple(label), _interval(pooled.share, pooled.low, pooled.high, total))


def _interval(share: float, low: float, high: float, total: float) -> str:
    return f"{words.percent(share * 100, total)} ({_limits(low, high, total)})"


def _limits(low: float, high: float, total: float) -> str:
    return f"{words.percent(low * 100, total)} to {words.percent(high * 100, total)}"


def _reach(pooled: ForestPooled) -> float:
    return max(pooled.high, pooled.prediction_high or 0.0)


def _title(plot: ForestInput, included: Sequence[ForestRow], total: float) -> str:
    """The range and the prediction interval first: for shares they are the message."""
    ordered = sorted(included, key=lambda row: row.share)
    low, high = _point(ordered[0]), _point(ordered[-1])
    text = f"{plot.label}: from {low} to {high} in {len(included)} studies"
    pooled = plot.pooled
    if pooled.prediction_low is not None and pooled.prediction_high is not None:
        first = words.percent(pooled.prediction_low * 100, total)
        last = words.percent(pooled.prediction_high * 100, total)
        text += f"; a new study may lie between {first} and {last}"
    return f"{text}; pooled share {words.percent(pooled.share * 100, total)}"


def _notes(plot: ForestInput) -> tuple[str, ...]:
    excluded = [row for row in plot.rows if not row.included]
    parts = [
        "Squares and lines are single studies with 95% Wilson intervals; a larger square carries more weight",
        "Diamonds are pooled shares with 95% intervals",
        "The pale bar is the prediction interval: where the share of a new study may lie"
        if plot.pooled.prediction_low is not None
        else "",
        ""
        if plot.restricted is not None
        else f"No result from better studies alone: {plot.why_not_restricted}",
        *plot.warnings,
        *plot.captions,
        f"Left out: {words.join([f'{row.label} ({row.reason})' for row in excluded])}" if excluded else "",
        f"Method: {plot.method_line}",
    ]
    return tuple(words.sentence(part) for part in parts if part)


def _studies(rows: Sequence[ForestRow], places: Sequence[float]) -> Properties:
    heaviest = max((row.weight or 0 for row in rows), default=0) or 1
    return {
        "type": "scatter",
        "mode": "markers",
        "name": "Studies",
        "x": [row.share * 100 for row in rows],
        "y": list(places[: len(rows)]),
        "ids": [row.row_id for row in rows],
        "error_x": {
            "type": "data",
            "symmetric": False,
            "array": [max(0.0, row.high - row.share) * 100 for row in rows],
            "arrayminus": [max(0.0, row.share - row.low) * 100 for row in rows],
            "color": theme.MAIN,
            "thickness": 2,
            "width": 4,
        },
        "marker": {
            "symbol": "square",
            # the area of a square is in proportion to the weight, with a least size to stay visible
            "size": [round(max(6.0, 18 * ((row.weight or 0) / heaviest) ** 0.5), 1) for row in rows],
            "color": theme.MAIN,
            "line": {"width": 0},
            "opacity": 1,
        },
        "hovertext": [_study_words(row) for row in rows],
        "hoverinfo": "text",
        "cliponaxis": False,
        "showlegend": False,
    }


def _pooled_traces(diamonds: Sequence[tuple[str, ForestPooled]], places: Sequence[float]) -> list[Properties]:
    """Prediction intervals as pale bars, then diamonds of equal height from limit to limit."""
    traces: list[Properties] = []
    for (name, pooled), y in zip(diamonds, places, strict=True):
        if pooled.prediction_low is not None and pooled.prediction_high is not None:
            ends = [pooled.prediction_low * 100, pooled.prediction_high * 100]
            traces.append(
                {
                    "type": "scatter",
                    "mode": "lines",
                    "name": f"{name}: prediction interval",
                    "x": ends,
                    "y": [y, y],
                    "line": {"color": theme.LIGHT, "width": 7},
                    "hoverinfo": "skip",
                    "showlegend": False,
                    "meta": "prediction",
                }
            )
        x = [value * 100 for value in (pooled.low, pooled.share, pooled.high, pooled.share, pooled.low)]
        traces.append(
            {
                "type": "scatter",
                "mode": "lines",
                "name": name,
                "x": x,
                "y": [y, y - _DIAMOND, y, y + _DIAMOND, y],
                "fill": "toself",
                "fillcolor": theme.CATEGORIES[2],
                "line": {"color": theme.CATEGORIES[2], "width": 1},
                "hoverinfo": "name",
                "showlegend": False,
                "meta": "pooled",
            }
        )
    return traces


_COLUMNS = (
    Column("label", "Study"),
    Column("counts", "Events of total", numeric=True),
    Column("share", "Share", numeric=True),
    Column("interval", "95% interval", numeric=True),
    Column("weight", "Weight", numeric=True),
    Column("quality", "Quality"),
    Column("status", "Included"),
)


def _table(
    plot: ForestInput, title: str, diamonds: Sequence[tuple[str, ForestPooled]], total: float
) -> Table:
    rows: list[tuple[str, ...]] = []
    records: list[Record] = []
    for row in plot.rows:
        status = "yes" if row.included else f"no: {row.reason}"
        cells: dict[str, Any] = {
            "id": row.row_id,
            "drawn": row.included,
            "drawn_value": row.share * 100 if row.included else None,
            "label": row.label,
            "events": row.events,
            "total": row.total,
            "low": row.low * 100,
            "high": row.high * 100,
            "weight": row.weight,
            "quality": row.quality,
            "reason": row.reason,
        }
        records.append(cells)
        rows.append(
            (
                row.label,
                f"{row.events:,} of {row.total:,}" if row.total else "not stated",
                _point(row),
                _limits(row.low, row.high, row.total) if row.total else "none: counts not stated",
                "" if row.weight is None else f"{row.weight:.1f}%",
                words.QUALITY.get(row.quality, row.quality),
                status,
            )
        )
    for name, pooled in diamonds:
        records.append(
            {
                "id": name,
                "drawn": True,
                "drawn_value": pooled.share * 100,
                "label": name,
                "low": pooled.low * 100,
                "high": pooled.high * 100,
                "prediction_low": None if pooled.prediction_low is None else pooled.prediction_low * 100,
                "prediction_high": None if pooled.prediction_high is None else pooled.prediction_high * 100,
            }
        )
        rows.append(
            (
                name,
                f"{pooled.k} studies",
                words.percent(pooled.share * 100, total),
                _limits(pooled.low, pooled.high, total),
                "",
                "",
                "",
            )
        )
    return Table(title, _COLUMNS, tuple(rows), tuple(records))

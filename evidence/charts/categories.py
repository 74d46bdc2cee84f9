"""Parts of a whole with more categories than colours: one row for each category."""

from collections.abc import Sequence

from evidence.charts import captions, labels, theme, titles, words
from evidence.charts.chart import Chart, Properties, build_chart
from evidence.charts.composition import SHARE_COLUMN, composition_notes, composition_subtitle
from evidence.charts.figures import ChartFinding, MeasureInfo
from evidence.charts.grouping import Breakdown
from evidence.charts.lettering import joined
from evidence.charts.parts import Part, breakdown_sentence, part_entries, parts_of
from evidence.charts.rows import NUMBER_AXIS, Placed, Row, place, row_panels
from evidence.charts.tables import Entry, build_table, entry
from evidence.charts.ticks import value_axis


BAR = 18


def build_category_rows(
    measure: MeasureInfo,
    items: Sequence[Breakdown],
    *,
    part: str = "",
    not_drawn: Sequence[ChartFinding] = (),
) -> Chart | None:
    """One bar for each category of each breakdown, in one colour and in the source's order.

    The remainder that is not reported and the unknown category are rows of their own, hatched.
    None without breakdowns.
    """
    if not items:
        return None
    findings = [finding for item in items for finding in item.parts]
    drawn = [(item, piece) for item in items for piece in parts_of(item)]
    rows = [
        Row((piece.label,), piece.text, _heading(measure, item, items) if len(items) > 1 else None)
        for item, piece in drawn
    ]
    placed = place(rows, BAR)
    axis, slim, note = value_axis(0, max(piece.share for _, piece in drawn), share=True)
    unit = labels.unit_words(measure, "share")
    wide, narrow = row_panels(
        placed,
        axis=axis,
        axis_narrow=slim,
        axis_title=f"{unit}{note}",
        extra={"barmode": "stack"},
    )
    title = titles.composition_title(measure, items)
    entries: list[Entry] = [row for item in items for row in part_entries(measure, item)]
    entries += [entry(finding, None) for finding in not_drawn]
    notes = composition_notes(measure, items, not_drawn)
    return build_chart(
        chart_id=f"{measure.measure_id}-categories{part}",
        title=title,
        subtitle=composition_subtitle(measure, items),
        traces=_traces([piece for _, piece in drawn], placed),
        wide=wide,
        narrow=narrow,
        table=build_table(title, measure, entries, [SHARE_COLUMN]),
        text_alternative=titles.alternative(
            "Bar chart with one bar for each category, in the source's order",
            title,
            [breakdown_sentence(item) for item in items],
            notes,
        ),
        captions=notes,
        source_line=captions.source_line(findings),
    )


def _heading(measure: MeasureInfo, item: Breakdown, items: Sequence[Breakdown]) -> str:
    """What sets one breakdown apart from the others, and its base."""
    firsts = [other.first for other in items]
    fields = labels.varying(firsts) - {"category", "base"}
    label = labels.row_label(measure, item.first, fields)
    return ". ".join((*label, words.capital(_base(measure, item))))


def _base(measure: MeasureInfo, item: Breakdown) -> str:
    text = words.base(measure, item.first)
    known = " (shares of those known)" if titles.is_known_only(measure, item.first) else ""
    return f"{'base: ' if item.base is not None else ''}{text}{known}"


def _traces(pieces: Sequence[Part], placed: Placed) -> list[Properties]:
    """Known categories, the remainder and the unknown as traces of one look each."""
    drawn = list(zip(pieces, placed.places, strict=True))
    looks = (
        ("Known", [(p, y) for p, y in drawn if p.finding and not p.is_unknown], theme.category_fill(0)),
        ("Not reported", [(p, y) for p, y in drawn if p.finding is None], theme.remainder_fill()),
        ("Unknown", [(p, y) for p, y in drawn if p.is_unknown], theme.unknown_fill()),
    )
    bars = [
        {
            "type": "bar",
            "orientation": "h",
            "name": name,
            "x": [piece.share for piece, _ in own],
            "y": [y for _, y in own],
            **placed.bar_width,
            "ids": [piece.key for piece, _ in own],
            "marker": fill,
            "hovertext": [f"{joined([piece.label])}: {piece.text}" for piece, _ in own],
            "hoverinfo": "text",
            "showlegend": False,
        }
        for name, own, fill in looks
        if own
    ]
    return [*bars, NUMBER_AXIS]

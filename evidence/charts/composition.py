"""Parts of a whole as one bar for each breakdown, the unknown part always in the bar."""

from collections.abc import Sequence

from evidence.charts import captions, labels, theme, titles, words
from evidence.charts.chart import Chart, Properties, build_chart
from evidence.charts.figures import ChartFinding, MeasureInfo
from evidence.charts.grouping import MOST_COLOURS, Breakdown, known_categories
from evidence.charts.lettering import joined, text_width, wrap
from evidence.charts.parts import (
    LEFT_OUT,
    NOT_REPORTED,
    Part,
    breakdown_sentence,
    part_entries,
    parts_of,
    whole,
)
from evidence.charts.rows import Row, place, row_panels
from evidence.charts.tables import Column, Entry, build_table, entry
from evidence.charts.ticks import share_axis


BAR = 32  # pixels: room for one line of text of 13 or 14 pixels inside a bar
SHARE_COLUMN = Column("share", "Share of base", numeric=True)

# The plotting area of a narrow page in pixels; text that fits there fits everywhere.
_NARROWEST = 254
_TEXT = 13
_KEY_WIDTH = 230  # pixels after which a name in the legend is broken


def build_composition(
    measure: MeasureInfo,
    items: Sequence[Breakdown],
    *,
    part: str = "",
    not_drawn: Sequence[ChartFinding] = (),
) -> Chart | None:
    """One stacked bar for each breakdown, at most four known categories between them.

    Parts stand in the order of the categories; what an incomplete breakdown leaves out is a
    part of its own, and the unknown part is the last, hatched. None without breakdowns or with
    more categories than colours (`categories.build_category_rows` draws those).
    """
    categories = known_categories(items)
    if not items or len(categories) > MOST_COLOURS:
        return None
    findings = [finding for item in items for finding in item.parts]
    placed = place(composition_rows(measure, items), BAR)
    traces = [trace | placed.bar_width for trace in _traces(items, categories, placed.places)]
    axis, slim = share_axis(whole(items))
    unit = labels.unit_words(measure, "share")
    wide, narrow = row_panels(
        placed,
        axis=axis,
        axis_narrow=slim,
        axis_title=unit,
        legend=[trace["name"] for trace in traces],
        extra={"barmode": "stack", "uniformtext": {"mode": "hide", "minsize": 12}},
    )
    title = titles.composition_title(measure, items)
    entries: list[Entry] = [row for item in items for row in part_entries(measure, item)]
    entries += [entry(finding, None) for finding in not_drawn]
    notes = composition_notes(measure, items, not_drawn)
    return build_chart(
        chart_id=f"{measure.measure_id}-composition{part}",
        title=title,
        subtitle=composition_subtitle(measure, items),
        traces=traces,
        wide=wide,
        narrow=narrow,
        table=build_table(title, measure, entries, [SHARE_COLUMN]),
        text_alternative=titles.alternative(
            "Stacked bar chart, one bar for each set of figures",
            title,
            [breakdown_sentence(item) for item in items],
            notes,
        ),
        captions=notes,
        source_line=captions.source_line(findings),
    )


def composition_rows(measure: MeasureInfo, items: Sequence[Breakdown]) -> list[Row]:
    """The label of each bar: what sets it apart, its base, and the parts too small to be labelled.

    A bar alone has no label: the subtitle says what it is and the legend has the numbers.
    """
    if len(items) == 1:
        return [Row((), "")]
    firsts = [item.first for item in items]
    fields = labels.varying(firsts) - {"category"} | {"base"}
    headings = labels.scope_headings(firsts)
    rows = []
    for item, heading in zip(items, headings, strict=True):
        label = list(labels.row_label(measure, item.first, fields, headed=heading is not None))
        if titles.is_known_only(measure, item.first):
            label.append("Shares of those known")
        hidden = [part for part in parts_of(item) if not _inside(part)]
        if hidden:
            label.append(f"Too small to label: {', '.join(f'{part.label} {part.text}' for part in hidden)}")
        rows.append(Row(tuple(label), "", heading))
    return rows


def composition_subtitle(measure: MeasureInfo, items: Sequence[Breakdown]) -> str:
    """The unit and what all breakdowns share."""
    firsts = [item.first for item in items]
    unit = labels.unit_words(measure, "share")
    fields = labels.varying(firsts)
    parts = [unit]
    if "scope" not in fields:
        parts.append(firsts[0].scope)
    place_and_time = [] if "geography" in fields else [firsts[0].geography]
    place_and_time += [] if "period" in fields else [firsts[0].period_label]
    parts.append(", ".join(place_and_time))
    if len(items) == 1:
        known = "shares of those known, " if titles.is_known_only(measure, firsts[0]) else ""
        base = words.base(measure, firsts[0])
        parts.append(f"{known}{base if items[0].base is None else f'base: {base}'}")
    return ". ".join(words.capital(text) for text in parts if text)


def composition_notes(
    measure: MeasureInfo, items: Sequence[Breakdown], not_drawn: Sequence[ChartFinding]
) -> tuple[str, ...]:
    """The sentences under a picture of breakdowns."""
    findings = [finding for item in items for finding in item.parts]
    method = []
    if any(titles.is_known_only(measure, item.first) for item in items):
        method.append("Shares of those known: people whose record is blank are outside the base")
    gaps = {part.label for item in items for part in parts_of(item) if part.finding is None}
    if NOT_REPORTED in gaps:
        method.append(
            f"“{NOT_REPORTED}” is what the printed parts leave of the whole; the source does not say what it is"
        )
    if LEFT_OUT in gaps:
        method.append(f"“{LEFT_OUT}” is the part of the whole that the filters of this page leave out")
    unknown = titles.unknown_words(measure, findings)
    without = sum(item.unknown is None for item in items)
    if 0 < without < len(items):
        unknown = f"{unknown}; not reported in {without} of {len(items)} sets of figures"
    return captions.captions(measure, findings, method=method, unknown=unknown, not_drawn=not_drawn)


def _traces(
    items: Sequence[Breakdown], categories: Sequence[ChartFinding], places: Sequence[float]
) -> list[Properties]:
    """One trace for each category in order, then the remainder, then the unknown part."""
    drawn = [(part, y) for item, y in zip(items, places, strict=True) for part in parts_of(item)]
    alone = len(items) == 1
    traces = []
    for rank, category in enumerate(categories):
        own = [
            (part, y)
            for part, y in drawn
            if part.finding and not part.is_unknown and part.finding.category_id == category.category_id
        ]
        fill = theme.category_fill(rank)
        traces.append(
            _bars(category.category_label or "Total", own, fill, theme.text_on(fill["color"]), alone)
        )
    for label in (NOT_REPORTED, LEFT_OUT):
        gaps = [(part, y) for part, y in drawn if part.finding is None and part.label == label]
        if gaps:
            traces.append(_bars(label, gaps, theme.remainder_fill(), theme.INK, alone))
    for name in _unknown_names(items):
        own = [(part, y) for part, y in drawn if part.is_unknown and part.label == name]
        traces.append(_bars(name, own, theme.unknown_fill(), theme.INK, alone))
    return traces


def _bars(
    name: str, drawn: Sequence[tuple[Part, float]], fill: Properties, colour: str, alone: bool
) -> Properties:
    """The segments of one category; a segment is labelled only where its text fits.

    Where one bar stands `alone` the legend carries the number, so that no part goes without.
    """
    number = f" {drawn[0][0].text}" if alone and drawn else ""
    return {
        "type": "bar",
        "orientation": "h",
        "name": joined(wrap(f"{name}{number}", _KEY_WIDTH, 13)),
        "x": [part.share for part, _ in drawn],
        "y": [y for _, y in drawn],
        "ids": [part.key for part, _ in drawn],
        "text": [_inside(part) for part, _ in drawn],
        "textposition": "inside",
        "insidetextanchor": "middle",
        "textangle": 0,
        "textfont": {"size": _TEXT, "color": colour},
        "marker": fill,
        "hovertext": [f"{joined([part.label])}: {part.text}" for part, _ in drawn],
        "hoverinfo": "text",
    }


def _inside(part: Part) -> str:
    """The text in a segment: name and number, the number alone, or nothing, as room allows."""
    room = part.share / 100 * _NARROWEST - 7
    for text in (f"{part.label} {part.text}", part.text):
        if text_width(text, _TEXT) <= room:
            return joined([text])
    return ""


def _unknown_names(items: Sequence[Breakdown]) -> list[str]:
    return list(
        dict.fromkeys(p.category_label or "Unknown" for item in items for p in item.parts if p.is_unknown)
    )

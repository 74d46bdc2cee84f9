"""What the unknown part allows: for x known of n with u unknown, from x/(n+u) to (x+u)/(n+u)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from evidence.charts import captions, labels, theme, titles, words
from evidence.charts.chart import Chart, Properties, build_chart
from evidence.charts.figures import ChartFinding, MeasureInfo
from evidence.charts.grouping import MOST_ROWS, Breakdown, breakdowns, share_of
from evidence.charts.lettering import joined
from evidence.charts.rows import NUMBER_AXIS, Placed, Row, place, row_panels
from evidence.charts.shares import share_text
from evidence.charts.tables import Column, Entry, build_table, entry
from evidence.charts.ticks import share_axis


BAR = 22

METHOD = (
    "A bar runs from the share if none of the unknown belonged to the category to the share if all of "
    "them did; the true share lies between. The mark is the share among those known, which holds for "
    "all only if the unknown are like the known"
)

_COLUMNS = (
    Column("low", "Lowest share of all", numeric=True),
    Column("high", "Highest share of all", numeric=True),
    Column("known", "Share of those known", numeric=True),
)


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of one category on the scale 0 to 100.

    `low` is the recorded share of all, `high` adds the whole unknown share, `known` is the
    share among those known (None where nobody is known). `printed` is the known-only finding
    when the source prints one, `base` the count of all, None where it is not stated.
    """

    finding: ChartFinding
    unknown: ChartFinding
    low: float
    high: float
    known: float | None
    base: float | None
    printed: ChartFinding | None = None

    @property
    def low_words(self) -> str:
        """The recorded share of all: as printed, or worked out from counts."""
        if self.finding.statistic == "percentage":
            return f"{words.printed(self.finding.value_text)}%"
        return words.percent(self.low, self.base)

    @property
    def high_words(self) -> str:
        """The recorded and the unknown share together, no finer than they are printed."""
        if self.finding.statistic == "percentage":
            fine = any("." in text for text in (self.finding.value_text, self.unknown.value_text))
            return f"{self.high:.{int(fine)}f}%"
        return words.percent(self.high, self.base)

    @property
    def range_words(self) -> str:
        """`28% to 94%`."""
        return f"{self.low_words} to {self.high_words}"

    @property
    def known_words(self) -> str:
        """The share of those known, as printed where the source prints it, or that nobody is known."""
        if self.known is None:
            return "nobody known"
        if self.printed is not None:
            return f"{share_text(self.printed)} of those known"
        return f"{words.percent(self.known, self.base)} of those known"


def limits_of(item: Breakdown) -> list[Limits]:
    """The limits of each known category; empty unless all parts are here and the unknown is above zero."""
    blank = item.unknown
    if not item.is_whole or blank is None:
        return []
    unknown = sum(share_of(part) or 0.0 for part in item.parts if part.is_unknown)
    if unknown <= 0:
        return []
    total = sum(share_of(part) or 0.0 for part in item.parts)
    found = []
    for part in item.known:
        low = share_of(part) or 0.0
        known = low / (total - unknown) * 100 if total > unknown else None
        found.append(Limits(part, blank, low, min(low + unknown, 100.0), known, item.base))
    return found


def build_bounds(measure: MeasureInfo, findings: Sequence[ChartFinding], *, part: str = "") -> Chart | None:
    """The limits of each known category of the complete breakdowns with an unknown part.

    At most 20 rows: breakdowns that would go beyond are left out whole. None without such a
    breakdown.
    """
    found: list[Limits] = []
    for item in breakdowns(findings):
        limits = limits_of(item)
        if len(found) + len(limits) <= MOST_ROWS:
            found += limits
    return _build(measure, found, part) if found else None


def build_bounds_pair(
    known: tuple[MeasureInfo, Sequence[ChartFinding]],
    everyone: tuple[MeasureInfo, Sequence[ChartFinding]],
) -> Chart | None:
    """The limits with the known-only share that the source itself prints for the same records.

    `known` is the measure that leaves unknowns out, `everyone` the one that keeps them in the
    base. Categories are matched by source, category, period and area. None where nothing
    matches.
    """
    measure, findings = everyone
    printed = {_records(finding): finding for finding in known[1] if share_of(finding) is not None}
    found = [
        replace(limits, known=share_of(match), printed=match)
        for item in breakdowns(findings)
        for limits in limits_of(item)
        if (match := printed.get(_records(limits.finding))) is not None
    ]
    return _build(measure, found[:MOST_ROWS], "-pair") if found else None


def _records(finding: ChartFinding) -> tuple[object, ...]:
    return (
        finding.source_id,
        finding.category_id,
        finding.period_start,
        finding.period_end,
        finding.geography,
    )


def _build(measure: MeasureInfo, found: Sequence[Limits], part: str) -> Chart:
    drawn = [limits.finding for limits in found]
    fields = labels.varying(drawn)
    alone = len({limits.finding.breakdown_id for limits in found}) == 1
    rows = [
        Row(
            (_name(limits),),
            f"{limits.range_words} of all\n{limits.known_words}",
            None if alone else ". ".join(labels.row_label(measure, limits.finding, fields - {"category"})),
        )
        for limits in found
    ]
    placed = place(rows, BAR)
    axis, slim = share_axis(100)
    unit = f"{labels.unit_words(measure, 'share')}, unknowns included"
    wide, narrow = row_panels(
        placed, axis=axis, axis_narrow=slim, axis_title=unit, extra={"barmode": "stack"}
    )
    title = _title(measure, found)
    unknown = titles.unknown_words(measure, [limits.unknown for limits in found])
    notes = captions.captions(measure, drawn, method=[METHOD], unknown=unknown)
    return build_chart(
        chart_id=f"{measure.measure_id}-bounds{part}",
        title=title,
        subtitle=labels.subtitle(measure, drawn, unit),
        traces=_traces(found, placed),
        wide=wide,
        narrow=narrow,
        table=build_table(title, measure, [_entry(limits) for limits in found], _COLUMNS),
        text_alternative=titles.alternative(
            "Range chart with one bar for each category",
            title,
            [f"{_name(limits)}: {limits.range_words} of all, {limits.known_words}" for limits in found],
            notes,
        ),
        captions=notes,
        source_line=captions.source_line([*drawn, *(f.printed for f in found if f.printed is not None)]),
    )


def _title(measure: MeasureInfo, found: Sequence[Limits]) -> str:
    """The unknown share and what it allows, for one breakdown; the message alone for several."""
    noun = titles.topic(measure)
    unit = measure.unit_label
    one = len({limits.finding.breakdown_id for limits in found}) == 1
    blank = titles.share_range([limits.unknown for limits in found])
    opening = f"{words.capital(noun)} was not recorded" if noun else "Records are blank"
    if one and len(found) == 1:
        limits = found[0]
        return (
            f"{opening} for {blank} of {unit}, so the {_name(limits)} share of all "
            f"lies between {limits.low_words} and {limits.high_words}"
        )
    if one and len(found) <= 3:
        parts = [f"{_name(limits)} {limits.range_words}" for limits in found]
        return f"{opening} for {blank} of {unit}, so shares of all are ranges: {words.join(parts)}"
    return f"{opening} for {blank} of {unit}, so each share of all is a range and not one number"


def _entry(limits: Limits) -> Entry:
    texts = {
        "low": words.percent(limits.low, limits.base),
        "high": words.percent(limits.high, limits.base),
        "known": limits.known_words,
    }
    values = {
        "low": limits.low,
        "high": limits.high,
        "known": limits.known,
        "known_finding_id": limits.printed.finding_id if limits.printed else None,
    }
    return entry(limits.finding, limits.low, texts, values)


def _traces(found: Sequence[Limits], placed: Placed) -> list[Properties]:
    """Bars from the lowest to the highest share, a mark at the share of those known."""
    known = [(limits, y) for limits, y in zip(found, placed.places, strict=True) if limits.known is not None]
    bars: Properties = {
        "type": "bar",
        "orientation": "h",
        "name": "Range that the unknown part allows",
        "base": [limits.low for limits in found],
        "x": [limits.high - limits.low for limits in found],
        "y": list(placed.places),
        **placed.bar_width,
        "ids": [limits.finding.finding_id for limits in found],
        "marker": {"color": theme.LIGHT, "line": {"color": theme.MAIN, "width": 2}},
        "hovertext": [f"{joined([_name(limits)])}: {limits.range_words}" for limits in found],
        "hoverinfo": "text",
        "showlegend": False,
    }
    marks: Properties = {
        "type": "scatter",
        "mode": "markers",
        "name": "Share of those known",
        "x": [limits.known for limits, _ in known],
        "y": [y for _, y in known],
        "marker": {
            "symbol": "diamond",
            "size": 13,
            "color": theme.INK,
            "line": {"color": theme.PAPER, "width": 1},
        },
        "hovertext": [limits.known_words for limits, _ in known],
        "hoverinfo": "text",
        "cliponaxis": False,
        "showlegend": False,
        "meta": "known",
    }
    return [bars, marks, NUMBER_AXIS]


def _name(limits: Limits) -> str:
    return limits.finding.category_label or "Total"

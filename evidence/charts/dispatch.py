"""Which pictures a measure gets, and what stays in the table."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial

from evidence.charts.bounds import build_bounds, build_bounds_pair
from evidence.charts.categories import build_category_rows
from evidence.charts.chart import Chart
from evidence.charts.composition import build_composition
from evidence.charts.counts import build_counts
from evidence.charts.figures import Break, ChartFinding, Focus, MeasureInfo
from evidence.charts.grouping import (
    MOST_COLOURS,
    MOST_ROWS,
    Breakdown,
    area_level,
    breakdowns,
    chunks,
    family,
    group,
    known_categories,
    share_of,
    trend_areas,
)
from evidence.charts.interval import build_intervals
from evidence.charts.labels import ordered
from evidence.charts.parts import parts_of
from evidence.charts.series import lines_of, start
from evidence.charts.trend import build_trend


# A page with more pictures than this is not read to its end; what they leave is in the table.
_MOST_CHARTS = 6

Build = Callable[..., Chart | None]


@dataclass(slots=True)
class Plan:
    """The pictures chosen so far and the findings that they take."""

    builds: list[Build] = field(default_factory=list)
    taken: set[str] = field(default_factory=set)

    def add(self, build: Build, findings: Iterable[ChartFinding]) -> None:
        """Put a picture of `findings` on the plan, unless the page is full."""
        if len(self.builds) < _MOST_CHARTS:
            self.builds.append(build)
            self.taken.update(finding.finding_id for finding in findings)

    def rest(self, findings: Iterable[ChartFinding]) -> list[ChartFinding]:
        """The findings in no picture yet."""
        return [finding for finding in findings if finding.finding_id not in self.taken]


def charts_for(
    measure: MeasureInfo,
    findings: Sequence[ChartFinding],
    *,
    breaks: Sequence[Break] = (),
    focus: Focus | None = None,
    known_only: tuple[MeasureInfo, Sequence[ChartFinding]] | None = None,
) -> list[Chart]:
    """The pictures of a measure, the most general first; empty where words say it better.

    `breaks` are changes of definition for the lines over time. `focus` chooses categories and
    areas where there are too many. `known_only` is the twin measure that leaves unknowns out of
    the base. What no picture takes stands in the first picture's table, marked as not drawn.
    """
    focus = focus or Focus()
    plan = Plan()
    if measure.series:
        _plan_trends(plan, measure, findings, breaks, focus)
    if measure.quantity == "composition":
        _plan_compositions(plan, measure, findings, focus)
    _plan_rows(plan, measure, plan.rest(findings))
    left_out = plan.rest(findings)
    charts: list[Chart] = []
    for build in plan.builds:
        chart = build(part=f"-{len(charts) + 1}" if charts else "", not_drawn=[] if charts else left_out)
        if chart is not None:
            charts.append(chart)
    charts += _bounds(measure, findings, known_only)
    return charts


def _bounds(
    measure: MeasureInfo,
    findings: Sequence[ChartFinding],
    known_only: tuple[MeasureInfo, Sequence[ChartFinding]] | None,
) -> list[Chart]:
    """What the unknown part allows, against the printed known-only share where there is one."""
    pair = build_bounds_pair(known_only, (measure, findings)) if known_only else None
    chart = pair or build_bounds(measure, findings)
    return [chart] if chart else []


def _plan_trends(
    plan: Plan,
    measure: MeasureInfo,
    findings: Sequence[ChartFinding],
    breaks: Sequence[Break],
    focus: Focus,
) -> None:
    """One picture of at most four lines for each scope, nations before regions.

    Regions and smaller areas are drawn only when they are asked for or there is nothing wider.
    """
    chosen = _focused(findings, focus)
    if not focus.geographies:
        chosen = trend_areas(chosen)
    by_kind = group(chosen, lambda f: (f.scope, f.statistic, f.category_id is None))
    for members in by_kind.values():
        lines = sorted(
            (line for line in lines_of(members) if len(line.points) > 1),
            key=lambda line: line.first.category_order,
        )
        drawn = lines[:MOST_COLOURS]
        points = [point for line in drawn for point in line.points]
        if not drawn or max(len(line.points) for line in drawn) < 3:
            continue
        choice = _choice(len(drawn), len(lines))
        plan.add(partial(build_trend, measure, points, breaks=breaks, choice=choice), points)
        with_base = [point for point in points if point.statistic == "count" and share_of(point) is not None]
        if with_base and not _bars_show_shares(measure, with_base):
            build = partial(build_trend, measure, with_base, breaks=breaks, as_share=True, choice=choice)
            plan.add(build, with_base)


def _choice(drawn: int, available: int) -> str:
    if drawn == available:
        return ""
    return (
        f"The first {drawn} of {available} lines in the order of the data are drawn; "
        "choose a category or an area to see others"
    )


def _bars_show_shares(measure: MeasureInfo, findings: Sequence[ChartFinding]) -> bool:
    """Whether the bars of the composition will show every period's shares anyway."""
    items = breakdowns(findings)
    return (
        measure.quantity == "composition"
        and 0 < len(items) <= MOST_ROWS
        and (len(known_categories(items)) <= MOST_COLOURS)
    )


def _focused(findings: Sequence[ChartFinding], focus: Focus) -> list[ChartFinding]:
    """The findings that the reader asked for, all where nothing was asked."""
    return [
        finding
        for finding in findings
        if (not focus.category_ids or finding.category_id in focus.category_ids)
        and (not focus.geographies or finding.geography in focus.geographies)
    ]


def _plan_compositions(
    plan: Plan, measure: MeasureInfo, findings: Sequence[ChartFinding], focus: Focus
) -> None:
    """Stacked bars where four colours suffice, rows of categories otherwise."""
    items = _in_order(breakdowns(_focused(findings, Focus(geographies=focus.geographies))))
    if len(known_categories(items)) <= MOST_COLOURS:
        for picture in chunks(items, lambda item: 1):
            plan.add(partial(build_composition, measure, picture), _members(picture))
        return
    for picture in chunks(_latest(items), lambda item: len(parts_of(item))):
        plan.add(partial(build_category_rows, measure, picture), _members(picture))


def _members(items: Iterable[Breakdown]) -> list[ChartFinding]:
    return [part for item in items for part in item.parts]


def _in_order(items: Sequence[Breakdown]) -> list[Breakdown]:
    """Breakdowns as their rows stand: by scope, area, source and period."""
    by_first = {item.first.finding_id: item for item in items}
    return [by_first[finding.finding_id] for finding in ordered([item.first for item in items])]


def _latest(items: Sequence[Breakdown]) -> list[Breakdown]:
    """The latest breakdown of each source, scope and area: many categories over many years are
    lines, not rows.
    """
    latest: dict[tuple[str, str, str], Breakdown] = {}
    for item in items:
        first = item.first
        key = (first.source_id, first.scope, first.geography)
        held = latest.get(key)
        if held is None or _date(first) >= _date(held.first):
            latest[key] = item
    return [item for item in items if item in latest.values()]


def _date(finding: ChartFinding) -> str:
    return start(finding).isoformat() if finding.period_start else ""


def _plan_rows(plan: Plan, measure: MeasureInfo, findings: Sequence[ChartFinding]) -> None:
    """Rows for what is in no picture yet, each kind of number on its own axis.

    Lines over time that were not chosen and breakdowns of earlier periods are no rows: the
    reader can ask for them, and the table has them.
    """
    if measure.quantity == "composition":
        whole = {part.finding_id for item in breakdowns(findings) for part in item.parts}
        findings = [finding for finding in findings if finding.finding_id not in whole]
    if measure.series:
        of_lines = {
            point.finding_id for line in lines_of(findings) if len(line.points) > 2 for point in line.points
        }
        findings = [finding for finding in findings if finding.finding_id not in of_lines]
    kinds = group(findings, lambda finding: family(measure, finding))
    for kind in ("share", "change", "level", "count"):
        build: Build = build_counts if kind == "count" else build_intervals
        for picture in _pictures(ordered(kinds.get(kind, []))):
            if len(picture) > 1:
                plan.add(partial(build, measure, picture), picture)


def _pictures(rows: Sequence[ChartFinding]) -> list[list[ChartFinding]]:
    """Rows in one picture where they fit, else nations, regions and places in pictures of their own."""
    if len(rows) <= MOST_ROWS:
        return [list(rows)] if rows else []
    levels = group(rows, lambda finding: area_level(finding.geography))
    return [picture for level in sorted(levels) for picture in chunks(levels[level], lambda finding: 1)]

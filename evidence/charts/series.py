"""Cutting findings into lines: which points belong together, and between which no line may run."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from evidence.charts.figures import Break, ChartFinding
from evidence.charts.grouping import group


# Two periods of about equal length: leap years and months differ by a day or so.
_SAME_LENGTH = timedelta(days=3)

# Snapshots are taken as yearly when they lie about a year apart (a day in March may move).
_YEAR = (timedelta(days=330), timedelta(days=400))

# Regular snapshots further apart, such as censuses, may differ by this much from each other.
_REGULAR = 1.05


@dataclass(frozen=True, slots=True)
class Line:
    """Findings of one source, category, area, scope and kind, in order of time.

    `runs` are the stretches within which points may be joined; `gaps` name the years between
    consecutive runs for which there is no figure or across which the definition changed.
    """

    points: tuple[ChartFinding, ...]
    runs: tuple[tuple[ChartFinding, ...], ...]

    @property
    def first(self) -> ChartFinding:
        """The earliest finding."""
        return self.points[0]

    @property
    def last(self) -> ChartFinding:
        """The latest finding."""
        return self.points[-1]


def lines_of(findings: Sequence[ChartFinding], breaks: Sequence[Break] = ()) -> list[Line]:
    """The lines of dated findings. Of two figures for one period the first given is kept.

    Joined are points of one source, category, area, scope, statistic and kind (part of a
    breakdown or not) whose periods are of one type and length and follow on each other, with no
    break between them.
    """
    dated = [finding for finding in findings if finding.period_start and finding.period_end]
    lines = []
    for members in group(dated, _key).values():
        by_period = {(f.period_start, f.period_end): f for f in reversed(members)}
        points = tuple(sorted(by_period.values(), key=_middle))
        lines.append(Line(points, _runs(points, breaks)))
    return lines


def _key(finding: ChartFinding) -> tuple[object, ...]:
    return (
        finding.source_id,
        finding.category_id,
        finding.geography,
        finding.scope,
        finding.statistic,
        finding.breakdown_id is not None,
    )


def _runs(points: tuple[ChartFinding, ...], breaks: Sequence[Break]) -> tuple[tuple[ChartFinding, ...], ...]:
    """`points` cut wherever a line would say more than the figures do."""
    runs: list[list[ChartFinding]] = []
    for point in points:
        if runs and _follows(runs[-1][-1], point, points) and not _broken(runs[-1][-1], point, breaks):
            runs[-1].append(point)
        else:
            runs.append([point])
    return tuple(tuple(run) for run in runs)


def _follows(earlier: ChartFinding, later: ChartFinding, points: Sequence[ChartFinding]) -> bool:
    """Whether `later` is the next period after `earlier`, of the same type and length."""
    if earlier.period_type != later.period_type or earlier.period_type == "multi_year":
        return False
    if earlier.period_type == "snapshot":
        return _next_snapshot(earlier, later, points)
    same_length = abs(_length(earlier) - _length(later)) <= _SAME_LENGTH
    return same_length and start(later) - end(earlier) == timedelta(days=1)


def _next_snapshot(earlier: ChartFinding, later: ChartFinding, points: Sequence[ChartFinding]) -> bool:
    """Whether two snapshots are a year apart, or as far apart as all of a regular series are."""
    apart = _middle(later) - _middle(earlier)
    if _YEAR[0] <= apart <= _YEAR[1]:
        return True
    steps = [_middle(b) - _middle(a) for a, b in pairwise(points)]
    return len(steps) > 1 and max(steps) <= _REGULAR * min(steps)


def _broken(earlier: ChartFinding, later: ChartFinding, breaks: Sequence[Break]) -> bool:
    """Whether a break of this category lies between the two."""
    return any(
        _middle(earlier) < brk.at <= _middle(later)
        for brk in breaks
        if brk.category_ids is None or later.category_id in brk.category_ids
    )


def start(finding: ChartFinding) -> date:
    """The first day; only for dated findings."""
    assert finding.period_start is not None
    return finding.period_start


def end(finding: ChartFinding) -> date:
    """The last day; only for dated findings."""
    assert finding.period_end is not None
    return finding.period_end


def _length(finding: ChartFinding) -> timedelta:
    return end(finding) - start(finding)


def _middle(finding: ChartFinding) -> date:
    return start(finding) + _length(finding) / 2


def year_of(finding: ChartFinding) -> float:
    """The middle of the period as a year with its fraction, the place on the time axis."""
    return year_fraction(_middle(finding))


def year_fraction(moment: date) -> float:
    """A date as a year with its fraction."""
    first = date(moment.year, 1, 1)
    length = (date(moment.year + 1, 1, 1) - first).days
    return round(moment.year + (moment - first).days / length, 4)

"""Sorting findings into what may share a picture: breakdowns, areas, scopes, kinds of number."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from evidence.charts.figures import ChartFinding, MeasureInfo


Item = TypeVar("Item")
Key = TypeVar("Key", bound=Hashable)

NATIONS = ("United Kingdom", "Great Britain", "England", "Scotland", "Wales", "Northern Ireland")

_SINGLE_NATIONS = ("England", "Scotland", "Wales", "Northern Ireland")

REGIONS = (
    "East Midlands",
    "East of England",
    "London",
    "North East",
    "North West",
    "South East",
    "South West",
    "West Midlands",
    "Yorkshire and The Humber",
)

# Above this many rows a picture stops being readable on a phone.
MOST_ROWS = 20

# The Analysis Function asks for no more than four colours in one chart.
MOST_COLOURS = 4


# A printed whole per cent may be off by half a point, so parts that should make up 100 may miss
# it by half a point each; a gap of that size is no evidence of a missing part.
_ROUNDING = 0.5


@dataclass(frozen=True, slots=True)
class Breakdown:
    """The findings of one source that divide one base, in the order of their categories.

    `base` is the count that they divide, None where the source does not print it. `complete`
    says that in the source the categories, unknown included, make up the base within rounding.
    """

    breakdown_id: str
    parts: tuple[ChartFinding, ...]
    base: float | None
    complete: bool

    @property
    def first(self) -> ChartFinding:
        """Any part, for what all share: source, scope, period and area."""
        return self.parts[0]

    @property
    def known(self) -> tuple[ChartFinding, ...]:
        """The parts that name a category."""
        return tuple(part for part in self.parts if not part.is_unknown)

    @property
    def gap(self) -> float:
        """The points of 100 that the parts leave; below zero where rounded parts exceed the whole."""
        return 100 - sum(share_of(part) or 0.0 for part in self.parts)

    @property
    def may_be_rounding(self) -> bool:
        """Whether the gap is no larger than rounding of the parts explains."""
        return abs(self.gap) <= _ROUNDING * len(self.parts)

    @property
    def is_whole(self) -> bool:
        """Whether all parts are here: complete in the source and none left out by a reader's filter."""
        return self.complete and self.may_be_rounding

    @property
    def unknown(self) -> ChartFinding | None:
        """The part whose category is not known, None where the source has none."""
        return next((part for part in self.parts if part.is_unknown), None)


def family(measure: MeasureInfo, finding: ChartFinding) -> str:
    """The kind of number, which decides the axis: share, change, count or level.

    A count with its base is a share in compositions and proportions and a count elsewhere.
    """
    statistic = finding.statistic
    if statistic == "percentage":
        return "share"
    if statistic == "percentage_change":
        return "change"
    if measure.quantity in ("mean", "range", "estimate", "rate"):
        return "level"
    if statistic == "count":
        parts_of_whole = measure.quantity in ("composition", "proportion")
        return "share" if parts_of_whole and finding.denominator else "count"
    return "count" if measure.quantity == "count" else "level"


def share_of(finding: ChartFinding) -> float | None:
    """The figure as a share of its base on the scale 0 to 100, None where it is not one."""
    if finding.statistic == "percentage":
        return finding.value
    if finding.statistic == "count" and finding.denominator:
        return finding.value / finding.denominator * 100
    return None


def breakdowns(findings: Iterable[ChartFinding]) -> list[Breakdown]:
    """The breakdowns among `findings` that can be drawn as parts of one base.

    Needs at least two parts, one base, and a share for each part.
    """
    found = []
    grouped = group(findings, lambda finding: finding.breakdown_id)
    for breakdown_id, parts in grouped.items():
        bases = {part.denominator for part in parts}
        if breakdown_id is None or len(parts) < 2 or len(bases) > 1:
            continue
        if any(share_of(part) is None for part in parts):
            continue
        ordered = tuple(sorted(parts, key=lambda part: (part.is_unknown, part.category_order)))
        found.append(Breakdown(breakdown_id, ordered, bases.pop(), bool(parts[0].breakdown_complete)))
    return sorted(found, key=lambda item: area_level(item.first.geography))


def trend_areas(findings: Sequence[ChartFinding]) -> list[ChartFinding]:
    """The findings of the widest areas: nations before regions before places, and no single
    nation beside England and Wales or the United Kingdom, whose part it is.
    """
    widest = min((area_level(finding.geography) for finding in findings), default=0)
    kept = [finding for finding in findings if area_level(finding.geography) == widest]
    several = [finding for finding in kept if finding.geography not in _SINGLE_NATIONS]
    return several or kept


def area_level(geography: str) -> int:
    """0 for a nation or several, 1 for a region of England, 2 for anything smaller."""
    if geography in REGIONS:
        return 1
    named = geography.startswith(NATIONS)
    return 0 if named and ", one " not in geography else 2


def group(items: Iterable[Item], key: Callable[[Item], Key]) -> dict[Key, list[Item]]:
    """`items` by `key`, groups and members in the order in which they first appear."""
    groups: dict[Key, list[Item]] = {}
    for item in items:
        groups.setdefault(key(item), []).append(item)
    return groups


def known_categories(items: Iterable[Breakdown]) -> list[ChartFinding]:
    """One finding for each known category of the breakdowns, in the order of the categories."""
    seen: dict[str | None, ChartFinding] = {}
    for item in items:
        for part in item.known:
            seen.setdefault(part.category_id, part)
    return sorted(seen.values(), key=lambda part: part.category_order)


def chunks(items: Sequence[Item], size: Callable[[Item], int]) -> list[list[Item]]:
    """`items` cut into pictures of at most `MOST_ROWS` rows, an item's rows kept together."""
    pictures: list[list[Item]] = []
    used = MOST_ROWS + 1
    for item in items:
        rows = size(item)
        if used + rows > MOST_ROWS:
            pictures.append([])
            used = 0
        pictures[-1].append(item)
        used += rows
    return pictures

"""The parts of a breakdown as they are drawn: known categories, the unknown, and what is not reported."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from evidence.charts import words
from evidence.charts.figures import ChartFinding, MeasureInfo
from evidence.charts.grouping import Breakdown, share_of
from evidence.charts.shares import share_text
from evidence.charts.tables import Entry, entry


NOT_REPORTED = "Not reported in the source"
LEFT_OUT = "Not in this selection"

# A gap below this many points would be invisible and is arithmetic noise.
_NOTHING = 0.05


@dataclass(frozen=True, slots=True)
class Part:
    """One part: its share on the scale 0 to 100 and the finding behind it, None for the remainder."""

    key: str
    label: str
    share: float
    text: str
    finding: ChartFinding | None

    @property
    def is_unknown(self) -> bool:
        """Whether this is the unknown category (the remainder is not)."""
        return self.finding is not None and self.finding.is_unknown


def parts_of(item: Breakdown) -> list[Part]:
    """The parts in the order they are drawn: known, remainder not reported, unknown last."""
    known = [_part(finding) for finding in item.known]
    unknown = [_part(finding) for finding in item.parts if finding.is_unknown]
    if item.gap > _NOTHING and not item.is_whole:
        known.append(_remainder(item))
    return [*known, *unknown]


def _remainder(item: Breakdown) -> Part:
    """What the parts leave of the whole: missing in the source, or filtered away by the reader."""
    label = LEFT_OUT if item.complete else NOT_REPORTED
    tail = " (may be rounding)" if item.may_be_rounding and item.parts[0].statistic == "percentage" else ""
    return Part(
        f"not-reported:{item.breakdown_id}",
        label,
        item.gap,
        f"{words.percent(item.gap, item.base)}{tail}",
        None,
    )


def _part(finding: ChartFinding) -> Part:
    share = share_of(finding) or 0.0
    return Part(finding.finding_id, finding.category_label or "Total", share, share_text(finding), finding)


def part_entries(measure: MeasureInfo, item: Breakdown) -> list[Entry]:
    """The rows of the table twin for one breakdown, the remainder marked as worked out here."""
    return [_entry(measure, item, part) for part in parts_of(item)]


def _entry(measure: MeasureInfo, item: Breakdown, part: Part) -> Entry:
    values: dict[str, Any] = {"share": part.share}
    if part.finding is not None:
        return entry(part.finding, part.share, {"share": part.text}, values)
    first = item.first
    texts = {
        "category": part.label,
        "figure": "",
        "share": part.text,
        "base": words.base(measure, first),
        "source": first.source_label,
        "scope": first.scope,
        "period": first.period_label,
        "geography": first.geography,
        "precision": "worked out here: what the printed parts leave of the whole",
        "quality": words.quality(first),
    }
    values |= {"category": part.label, "source": first.source_label, "source_id": first.source_id}
    return Entry(None, part.share, part.key, texts, values)


def breakdown_sentence(item: Breakdown) -> str:
    """One breakdown read out: who says so, for whom, and its parts in order."""
    first = item.first
    listed = ", ".join(f"{part.label} {part.text}" for part in parts_of(item))
    return f"{first.source_label}, {first.scope}, {first.period_label}, {first.geography}: {listed}"


def whole(items: Sequence[Breakdown]) -> float:
    """The end of the axis: 100, or the greatest sum where rounding makes parts exceed it."""
    return max(100.0, *(sum(part.share for part in parts_of(item)) for item in items))

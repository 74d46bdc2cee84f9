"""The parts of a breakdown as they are drawn: known categories, the unknown, and what is not reported."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from evidence.charts import words
from evidence.charts.figures import ChartFinding, MeasureInfo
from evidence.charts.grouping import Breakdown, share_of
from evidence.charts.tables import Entry, entry


NOT_REPORTED = "Not reported in the source"

# A printed whole per cent may be off by half a point, so parts that should make up 100 may miss
# it by half a point each; a gap of that size is no evidence of a missing part.
_ROUNDING = 0.5

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
    gap = 100 - sum(part.share for part in (*known, *unknown))
    if not item.complete and gap > _NOTHING:
        may_be_rounding = item.base is None or any(f.statistic == "percentage" for f in item.parts)
        small = may_be_rounding and gap <= _ROUNDING * len(item.parts)
        text = f"{words.percent(gap, item.base)}{' (may be rounding)' if small else ''}"
        known.append(Part(f"not-reported:{item.breakdown_id}", NOT_REPORTED, gap, text, None))
    return [*known, *unknown]


def _part(finding: ChartFinding) -> Part:
    share = share_of(finding) or 0.0
    if finding.statistic == "percentage":
        text = words.bounded(finding, f"{words.printed(finding.value_text)}%")
    elif finding.value == 0:
        text = f"0 of {words.number(finding.denominator or 0)}"
    else:
        text = words.bounded(finding, words.percent(share, finding.denominator))
    return Part(finding.finding_id, finding.category_label or "Total", share, text, finding)


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

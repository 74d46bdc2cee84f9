"""What each row of a picture must say for itself, and what can be said once above all of them."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from evidence.charts import words
from evidence.charts.figures import ChartFinding, MeasureInfo
from evidence.charts.grouping import area_level, family


_FIELDS: dict[str, Callable[[ChartFinding], object]] = {
    "category": lambda finding: finding.category_id,
    "source": lambda finding: finding.source_id,
    "scope": lambda finding: finding.scope,
    "period": lambda finding: finding.period_label,
    "geography": lambda finding: finding.geography,
    "base": lambda finding: finding.denominator,
    "quality": lambda finding: (finding.quality, finding.quality_provisional),
    "verification": lambda finding: finding.verification,
}


def varying(findings: Sequence[ChartFinding]) -> frozenset[str]:
    """The names of the fields in which `findings` differ."""
    return frozenset(name for name, key in _FIELDS.items() if len({key(finding) for finding in findings}) > 1)


def ordered(findings: Sequence[ChartFinding]) -> list[ChartFinding]:
    """`findings` by scope, area, category, source and period, in the order each first appears.

    Categories keep the order of the vocabulary; nothing is sorted by size.
    """
    scopes = _appearance(finding.scope for finding in sorted(findings, key=lambda f: area_level(f.geography)))
    sources = _appearance(finding.source_id for finding in findings)
    areas = _appearance(finding.geography for finding in findings)

    def key(finding: ChartFinding) -> tuple[object, ...]:
        return (
            scopes[finding.scope],
            area_level(finding.geography),
            finding.is_unknown,
            finding.category_order,
            sources[finding.source_id],
            areas[finding.geography],
            finding.period_start.isoformat() if finding.period_start else "",
        )

    return sorted(findings, key=key)


def scope_headings(findings: Sequence[ChartFinding]) -> list[str | None]:
    """The heading of each finding's row: its scope, where grouping by scope says something.

    None for all when there is one scope, and when hardly any scope has two rows: the scope
    then stands in the rows.
    """
    counts = Counter(finding.scope for finding in findings)
    if len(counts) == 1 or len(counts) * 2 > len(findings):
        return [None] * len(findings)
    return [finding.scope for finding in findings]


def row_label(
    measure: MeasureInfo, finding: ChartFinding, fields: frozenset[str], *, headed: bool = False
) -> tuple[str, ...]:
    """The paragraphs of a row's label: the fields that vary, the base of a share always.

    `headed` says that the scope stands in a heading already.
    """
    lead = [finding.category_label or "Total"] if "category" in fields else []
    if "source" in fields:
        lead.append(finding.source_label)
    if "scope" in fields and not headed:
        lead.append(finding.scope)
    place = []
    if "period" in fields:
        place.append(finding.period_label)
    if "geography" in fields:
        place.append(finding.geography)
    if "base" in fields:
        place.append(base_note(measure, finding))
    marks = []
    if "quality" in fields:
        marks.append(f"{words.QUALITY.get(finding.quality, finding.quality)} quality")
    if "verification" in fields and finding.verification == "secondary":
        marks.append("secondary")
    parts = [*lead, words.capital(", ".join(text for text in place if text))]
    parts.append(words.capital(", ".join(marks)))
    kept = tuple(part for part in parts if part)
    return kept or (finding.source_label,)


def base_note(measure: MeasureInfo, finding: ChartFinding) -> str:
    """`of 1,217 possible offenders` or `base not stated` for a share; nothing for other numbers."""
    if family(measure, finding) != "share" and finding.denominator is None:
        return ""
    if finding.denominator is None:
        return "base not stated"
    return f"of {words.base(measure, finding)}"


def subtitle(measure: MeasureInfo, findings: Sequence[ChartFinding], unit: str) -> str:
    """What is shown: the unit, and every field that all findings share."""
    fields = varying(findings)
    first = findings[0]
    parts = [unit]
    if "category" not in fields and first.category_label:
        parts.append(first.category_label)
    if "scope" not in fields:
        parts.append(first.scope)
    place = [] if "geography" in fields else [first.geography]
    if "period" not in fields:
        place.append(first.period_label)
    parts.append(", ".join(place))
    if "base" not in fields:
        note = base_note(measure, first)
        parts.append(f"Base: {words.base(measure, first)}" if note.startswith("of ") else note)
    return ". ".join(words.capital(part.rstrip(".")) for part in parts if part)


def unit_words(measure: MeasureInfo, kind: str) -> str:
    """The unit of an axis in words, by the family of its numbers."""
    unit = measure.unit_label
    if kind == "share":
        return "Per cent" if unit.startswith("per cent") else f"Per cent of {unit}"
    if kind == "change":
        return "Change in per cent"
    if kind == "count":
        return f"Number of {unit}"
    return words.capital(unit)


def _appearance(items: Iterable[str]) -> dict[str, int]:
    """Each item with the place of its first appearance."""
    return {item: place for place, item in enumerate(dict.fromkeys(items))}

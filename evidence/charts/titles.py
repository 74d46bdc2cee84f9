"""Active titles in neutral words, the statement of the unknown share, and text alternatives.

A title says what the figures say and no more: no ranking, no cause, no order by size. Where
figures cannot be compared it gives their range and says so.
"""

import re
from collections.abc import Sequence

from evidence.charts import words
from evidence.charts.captions import UNKNOWN_NOT_REPORTED
from evidence.charts.figures import ChartFinding, MeasureInfo
from evidence.charts.grouping import Breakdown, known_categories, share_of
from evidence.charts.labels import varying


# Measures named for a characteristic that records may lack: "Ethnicity of ...", "Sex of ...".
_TOPIC = re.compile(
    r"^(?:CEOP \d{4} offender )?(ethnicity|ethnic group|ethnic make-up|sex|age|background|nationality)\b",
    re.IGNORECASE,
)

_ORIGIN = re.compile(r"ethnic|national(?:ity|ities)|heritage|background|\basian\b|pakistani", re.IGNORECASE)

_KNOWN_ONLY = re.compile(
    r"known[- ]only|where (?:recorded|known|given)|\b(?:ethnicity|age|sex) known\b", re.IGNORECASE
)

# A list of categories in a title is read up to about this many; beyond it the bars say it.
_NAMED = 4

# Rows read out in a text alternative before it refers to the table.
_SPOKEN = 8


def topic(measure: MeasureInfo) -> str | None:
    """What was recorded or not, as a noun: `ethnicity` for `Ethnicity of suspects ...`."""
    match = _TOPIC.match(measure.label)
    return match.group(1).lower() if match else None


def is_about_origin(measure: MeasureInfo) -> bool:
    """Whether the measure speaks of ethnicity, nationality or background."""
    return bool(_ORIGIN.search(measure.label))


def is_known_only(measure: MeasureInfo, finding: ChartFinding) -> bool:
    """Whether unknowns were left out of the base of the figure."""
    if "unknowns kept" in finding.scope or "unknowns-in-base" in measure.measure_id:
        return False
    text = " ".join((measure.measure_id, measure.label, measure.definition, finding.scope))
    return bool(_KNOWN_ONLY.search(text))


def short_label(measure: MeasureInfo) -> str:
    """The label without the remark on its base, which the title says in words of its own."""
    return re.sub(r", (?:known only|unknowns kept in(?: the base)?)$", "", measure.label)


def composition_title(measure: MeasureInfo, items: Sequence[Breakdown]) -> str:
    """The message of one or more breakdowns, the unknown share first."""
    if len(items) > 1:
        return _several_title(measure, items)
    item = items[0]
    parts = [f"{_category(part)} {_printed(part)}" for part in item.known]
    if len(parts) > _NAMED:
        named = f"{len(parts)} groups, in the order of the source's list"
    else:
        named = ", ".join(parts)
    noun = topic(measure)
    unit = measure.unit_label
    if item.unknown is not None:
        share = _printed(item.unknown)
        if noun:
            recorded = [f"{_printed(part)} as {_category(part)}" for part in item.known]
            recorded[0] = recorded[0].replace(" as ", " were recorded as ", 1)
            told = words.join(recorded) if len(recorded) <= _NAMED else named
            return f"{words.capital(noun)} was not recorded for {share} of {unit}; {told}"
        return f"{short_label(measure)}: {_lower(item.unknown)} {share}; {named}"
    if is_known_only(measure, item.first):
        subject = f"whose {noun} was recorded" if noun else "with a known value"
        return f"Among {unit} {subject}: {named}"
    return f"{short_label(measure)}: {named}"


def _several_title(measure: MeasureInfo, items: Sequence[Breakdown]) -> str:
    """The message of several breakdowns: the range of the unknown share, or of each part."""
    count = f"{len(items)} sets of figures"
    differ = " that differ in scope" if len({item.first.scope for item in items}) > 1 else ""
    unknowns = [item.unknown for item in items if item.unknown is not None]
    noun = topic(measure)
    if unknowns:
        subject = (
            f"{words.capital(noun)} not recorded"
            if noun
            else f"{short_label(measure)}: {_lower(unknowns[0])}"
        )
        missing = len(items) - len(unknowns)
        if missing:
            differ += f"; {missing} {'does' if missing == 1 else 'do'} not report an unknown share"
        return f"{subject} for {share_range(unknowns)} in {len(unknowns)} of {count}{differ}"
    known = known_categories(items)
    subject = short_label(measure)
    if is_known_only(measure, items[0].first):
        subject = f"Among {measure.unit_label} whose {noun or 'answer'} was recorded"
    if len(known) <= 2:
        ranges = []
        for category in known:
            parts = [
                part for item in items for part in item.known if part.category_id == category.category_id
            ]
            ranges.append(f"{_category(category)} {share_range(parts)}")
        return f"{subject}: {'; '.join(ranges)} in {count}{differ}"
    return f"{subject}: {count} side by side{differ}"


def rows_title(measure: MeasureInfo, findings: Sequence[ChartFinding], texts: Sequence[str]) -> str:
    """The message of rows of single figures: each of them when few, their range otherwise."""
    subject = short_label(measure)
    if is_known_only(measure, findings[0]):
        noun = topic(measure)
        subject = f"{subject}, among those {f'whose {noun} was recorded' if noun else 'with a known value'}"
    descriptor = _descriptor(findings)
    if descriptor and len(findings) <= 3 and len(texts) == len(findings):
        parts = [f"{name} {_shown(measure, f)}" for name, f in zip(descriptor, findings, strict=True)]
        return f"{subject}: {'; '.join(parts)}"
    low = min(findings, key=lambda finding: _size(finding))
    high = max(findings, key=lambda finding: _size(finding))
    spread = f"between {_shown(measure, low)} and {_shown(measure, high)}"
    if _shown(measure, low) == _shown(measure, high):
        spread = _shown(measure, low)
    if "category" in varying(findings):
        return f"{subject}: {len(findings)} separate figures, {spread}, that are not parts of one whole"
    tail = " that are not comparable in scope" if "scope" in varying(findings) else ""
    return f"{subject}: {spread} across {len(findings)} figures{tail}"


def _descriptor(findings: Sequence[ChartFinding]) -> list[str] | None:
    """A short name for each finding, where one field alone tells them apart."""
    fields = varying(findings) - {"base", "quality", "verification"}
    names = {
        frozenset({"category"}): [_category(finding) for finding in findings],
        frozenset({"period"}): [f"{words.short_period(finding)}:" for finding in findings],
        frozenset({"geography"}): [f"{finding.geography}:" for finding in findings],
        frozenset({"period", "source"}): [f"{words.short_period(finding)}:" for finding in findings],
    }.get(fields)
    if names is None or len(set(names)) < len(findings) or max(map(len, names)) > 45:
        return None
    return names


def unknown_words(measure: MeasureInfo, findings: Sequence[ChartFinding]) -> str | None:
    """The statement of the unknown share, None where the measure has no unknown part."""
    if measure.quantity != "composition" and not is_about_origin(measure):
        return None
    unknowns = [finding for finding in findings if finding.is_unknown]
    if unknowns:
        return f"Unknown share: {share_range(unknowns)}"
    return UNKNOWN_NOT_REPORTED


def alternative(kind: str, title: str, rows: Sequence[str], notes: Sequence[str]) -> str:
    """What a picture says, for readers who do not see it: kind, message, rows, what is unknown."""
    read = [words.sentence(row) for row in rows[:_SPOKEN]]
    if len(rows) > _SPOKEN:
        read.append(f"{len(rows) - _SPOKEN} more rows are in the table.")
    unknown = [note for note in notes if note.startswith("Unknown share")]
    return " ".join(
        [words.sentence(kind), words.sentence(title), *read, *unknown, "All numbers are in the table."]
    )


def share_range(findings: Sequence[ChartFinding]) -> str:
    """The least and the greatest share in words, one number where they agree."""
    low = min(findings, key=lambda finding: _size(finding))
    high = max(findings, key=lambda finding: _size(finding))
    first, last = _printed(low), _printed(high)
    return first if first == last else f"{first} to {last}"


def _size(finding: ChartFinding) -> float:
    share = share_of(finding)
    return finding.value if share is None else share


def _printed(finding: ChartFinding) -> str:
    """A share as printed, or worked out from its counts."""
    if finding.statistic == "percentage":
        return words.bounded(finding, f"{words.printed(finding.value_text)}%")
    return words.bounded(finding, words.percent(_size(finding), finding.denominator))


def _shown(measure: MeasureInfo, finding: ChartFinding) -> str:
    if measure.quantity in ("composition", "proportion") and share_of(finding) is not None:
        return _printed(finding)
    return words.value(measure, finding)


def _category(finding: ChartFinding) -> str:
    return finding.category_label or "total"


def _lower(finding: ChartFinding) -> str:
    label = _category(finding)
    return label[:1].lower() + label[1:]

"""Active titles in neutral words, the statement of the unknown share, and text alternatives.

A title says what the figures say and no more: no ranking, no cause, no order by size. Where
figures cannot be compared it gives their range and says so.
"""

import re
from collections.abc import Sequence

from evidence.charts import words
from evidence.charts.captions import UNKNOWN_NOT_REPORTED
from evidence.charts.figures import ChartFinding, MeasureInfo
from evidence.charts.grouping import Breakdown, family, known_categories, share_of
from evidence.charts.labels import varying
from evidence.charts.shares import share_text


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

# Characters after which a title takes more than three lines on a wide page.
_LONGEST = 190

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
    named = _listed([(_category(part), share_text(part)) for part in item.known])
    if len(item.known) > _NAMED:
        first = item.first
        named = f"shares of {len(item.known)} groups in the order of the list, {first.geography}, {first.period_label}"
    noun = topic(measure)
    unit = measure.unit_label
    if item.unknown is not None:
        share = share_text(item.unknown)
        if noun:
            recorded = [f"{share_text(part)} as {_category(part)}" for part in item.known]
            recorded[0] = recorded[0].replace(" as ", " were recorded as ", 1)
            told = words.join(recorded) if len(recorded) <= _NAMED else named
            return f"{words.capital(noun)} was not recorded for {share} of {unit}; {told}"
        return f"{short_label(measure)}: {_lower(item.unknown)} {share}; {named}"
    if is_known_only(measure, item.first):
        subject = f"whose {noun} was recorded" if noun else "with a known value"
        return f"Among {unit} {subject}: {named}"
    return f"{short_label(measure)}: {_no_unknown(measure)}{named}"


def _listed(pairs: Sequence[tuple[str, str]]) -> str:
    """Names with their numbers, kept apart by colons where a name ends in a number itself."""
    if any(name[-1:].isdigit() or "," in name for name, _ in pairs):
        return "; ".join(f"{name}: {number}" for name, number in pairs)
    return ", ".join(f"{name} {number}" for name, number in pairs)


def _no_unknown(measure: MeasureInfo) -> str:
    """What a title says first of a share by origin whose source gives no unknown share.

    Population figures are left alone: a census has no unknown ethnicity in this sense.
    """
    silent = not is_about_origin(measure) or measure.unit_of_analysis == "population"
    return "" if silent else "unknown share not reported; "


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
        if len(unknowns) < len(items):
            count = f"{len(unknowns)} of {count}"
        return f"{subject} for {share_range(unknowns)} in {count}{differ}"
    known = known_categories(items)
    subject = f"{short_label(measure)}{'; unknown share not reported' if _no_unknown(measure) else ''}"
    if is_known_only(measure, items[0].first):
        subject = f"Among {measure.unit_label} whose {noun or 'answer'} was recorded"
    if len(known) <= 2 or (len(known) <= _NAMED and not differ):
        ranges = [f"{_category(category)}: {share_range(_of(category, items))}" for category in known]
        text = f"{subject}. {'; '.join(ranges)}, in {count}{differ}"
        if len(text) <= _LONGEST:
            return text
    return f"{subject}: {count} side by side{differ}"


def _of(category: ChartFinding, items: Sequence[Breakdown]) -> list[ChartFinding]:
    """The parts of all breakdowns that have the category of one of them."""
    return [part for item in items for part in item.known if part.category_id == category.category_id]


def rows_title(measure: MeasureInfo, findings: Sequence[ChartFinding], texts: Sequence[str]) -> str:
    """The message of rows of single figures: each of them when few, their range otherwise."""
    subject = short_label(measure)
    if is_known_only(measure, findings[0]):
        noun = topic(measure)
        subject = f"{subject}, among those {f'whose {noun} was recorded' if noun else 'with a known value'}"
    elif measure.quantity == "composition" and not any(finding.is_unknown for finding in findings):
        subject += "; unknown share not reported" if _no_unknown(measure) else ""
    names = _descriptor(findings)
    if names and len(findings) <= 3 and len(texts) == len(findings):
        pairs = zip(names, (_shown(measure, finding) for finding in findings), strict=True)
        listed = "; ".join(f"{name}{':' if name[-1:].isdigit() else ''} {number}" for name, number in pairs)
        return f"{subject}: {listed}"
    low = min(findings, key=lambda finding: _size(measure, finding))
    high = max(findings, key=lambda finding: _size(measure, finding))
    spread = _spread(measure, low, high)
    if "category" in varying(findings):
        apart = ", not parts of one whole" if measure.quantity in ("composition", "proportion") else ""
        return f"{subject}: {spread} in {len(findings)} separate figures{apart}"
    tail = " that are not comparable in scope" if "scope" in varying(findings) else ""
    return f"{subject}: {spread} across {len(findings)} figures{tail}"


def _spread(measure: MeasureInfo, low: ChartFinding, high: ChartFinding) -> str:
    """`between 13 and 25 years`, one number where both are the same."""
    first, last = _shown(measure, low), _shown(measure, high)
    if words.is_per_cent(measure, high.statistic) or last.endswith("%"):
        whole = last
    else:
        whole = words.value(measure, high, unit=True)
    if first == last:
        return whole
    exact = first[:1] in "−+0123456789"
    return f"between {first} and {whole}" if exact else f"from {first} to {whole}"


def _descriptor(findings: Sequence[ChartFinding]) -> list[str] | None:
    """A short name for each finding, where one field alone tells them apart."""
    fields = varying(findings) - {"base", "quality", "verification"}
    names = {
        frozenset({"category"}): [_category(finding) for finding in findings],
        frozenset({"period"}): [words.short_period(finding) for finding in findings],
        frozenset({"geography"}): [finding.geography for finding in findings],
        frozenset({"period", "source"}): [words.short_period(finding) for finding in findings],
    }.get(fields)
    if names is None or len(set(names)) < len(findings) or max(map(len, names)) > 45:
        return None
    return names


def unknown_words(measure: MeasureInfo, findings: Sequence[ChartFinding]) -> str | None:
    """The statement of the unknown share, None where the measure has no unknown part."""
    if measure.quantity != "composition" and not is_about_origin(measure):
        return None
    if measure.quantity == "composition" and all(finding.category_id is None for finding in findings):
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
    low, high = min(findings, key=_share), max(findings, key=_share)
    first, last = share_text(low), share_text(high)
    return first if first == last else f"{first} to {last}"


def _size(measure: MeasureInfo, finding: ChartFinding) -> float:
    """What is compared when the least and the greatest of several figures are looked for."""
    return _share(finding) if family(measure, finding) == "share" else finding.value


def _share(finding: ChartFinding) -> float:
    share = share_of(finding)
    return finding.value if share is None else share


def _shown(measure: MeasureInfo, finding: ChartFinding) -> str:
    if family(measure, finding) == "share":
        return share_text(finding)
    return words.value(measure, finding)


def _category(finding: ChartFinding) -> str:
    return finding.category_label or "total"


def _lower(finding: ChartFinding) -> str:
    label = _category(finding)
    return label[:1].lower() + label[1:]

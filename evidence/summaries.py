"""Shape what the overview, the themes and the conclusions sum up: counts in words, reasons, ranks and groups.

Plain functions on plain values; the rows come through `theme_queries`.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from studies.models import Conclusion
from studies.vocabulary import Certainty, Direction, UnitOfAnalysis

from .theme_queries import MeasureFacts, SupportCounts, is_provisional


MOST_LEADING = 4
"""Measures that a theme page sets above the others: more than a reader keeps in mind is no selection."""

LEADING_RULE = (
    "Measures that the most conclusions cite come first, then those with the most figures cited, then those with "
    "figures from the most sources, then those with the most figures. Among measures that as many conclusions cite, "
    "those that state what is unknown stand first"
)


def counted(number: int, noun: str, plural: str = "") -> str:
    """A number with its noun: "1 measure", "2,344 findings", "no gaps"."""
    several = plural or f"{noun}s"
    if number == 0:
        return f"no {several}"
    return f"{number:,} {noun if number == 1 else several}"


def percentage(part: int, whole: int) -> str:
    """A share of a whole in whole per cent, never 0% for something or 100% for less than all; empty for no whole."""
    if not whole:
        return ""
    if 0 < part < whole:
        return f"{min(max(round(part / whole * 100), 1), 99)}%"
    return "100%" if part else "0%"


@dataclass(frozen=True)
class Reason:
    """One ground of a certainty: "Coherence", and what is said about it. The label may be empty."""

    label: str
    text: str


# "Methodological limitations: ... Coherence: ...": a label opens the text or a new sentence.
_LABEL = re.compile(r"(?:^|(?<=[.;?!] ))(?P<label>[A-Z][A-Za-z -]{2,50}):\s+")


def split_reasons(text: str) -> list[Reason]:
    """The grounds of a certainty, one by one. Text without labels is one ground."""
    text = text.strip()
    marks = list(_LABEL.finditer(text))
    starts = [mark.start() for mark in marks]
    opening = text[: starts[0]].strip() if starts else text
    reasons = [Reason("", opening)] if opening else []
    for mark, end in zip(marks, [*starts[1:], len(text)], strict=False):
        said = text[mark.end() : end].strip()
        reasons.append(Reason(mark["label"], said[:1].upper() + said[1:]))
    return reasons


@dataclass(frozen=True)
class DirectionCount:
    """How many of the rows behind a conclusion point in one direction."""

    direction: str
    label: str
    number: int


def make_direction_counts(directions: Mapping[str, int]) -> list[DirectionCount]:
    """The directions that occur, in the order of the vocabulary."""
    return [
        DirectionCount(direction.value, str(direction.label), directions[direction.value])
        for direction in Direction
        if directions.get(direction.value)
    ]


@dataclass(frozen=True)
class ConclusionSummary:
    """A conclusion as lists show it: the statement, how certain, why, and what stands behind it."""

    conclusion_id: str
    theme: str
    theme_label: str
    statement: str
    certainty: str
    certainty_label: str
    provisional: bool
    reasons: list[Reason]
    support: list[DirectionCount]
    sources: int

    @property
    def support_words(self) -> str:
        """What stands behind it: "Supports: 3 · Context: 2 · from 4 sources"."""
        if not self.support:
            return "No evidence named"
        parts = [f"{count.label}: {count.number}" for count in self.support]
        return " · ".join([*parts, f"from {counted(self.sources, 'source')}"])


def make_conclusion(conclusion: Conclusion, support: SupportCounts | None) -> ConclusionSummary:
    """The summary of one conclusion; `support` is None where nothing stands behind it."""
    return ConclusionSummary(
        conclusion_id=conclusion.conclusion_id,
        theme=conclusion.theme,
        theme_label=conclusion.get_theme_display(),
        statement=conclusion.statement,
        certainty=conclusion.certainty,
        certainty_label=conclusion.get_certainty_display(),
        provisional=is_provisional(conclusion),
        reasons=split_reasons(conclusion.certainty_reasons),
        support=make_direction_counts(support.directions) if support else [],
        sources=support.sources if support else 0,
    )


@dataclass(frozen=True)
class CertaintyGroup:
    """The conclusions of one level of certainty."""

    certainty: str
    label: str
    conclusions: list[ConclusionSummary]


def group_by_certainty(conclusions: Iterable[ConclusionSummary]) -> list[CertaintyGroup]:
    """The levels that occur, the highest first; within a level the order is kept."""
    held = list(conclusions)
    groups = [
        CertaintyGroup(level.value, str(level.label), [one for one in held if one.certainty == level.value])
        for level in Certainty
    ]
    return [group for group in groups if group.conclusions]


def certainty_words(certainty: Counter[str]) -> str:
    """ "2 high, 2 moderate, 3 low"; empty for no conclusions."""
    return ", ".join(
        f"{certainty[level.value]} {str(level.label).lower()}"
        for level in Certainty
        if certainty[level.value]
    )


def leading(facts: Sequence[MeasureFacts]) -> list[MeasureFacts]:
    """The few measures that matter most, by `LEADING_RULE`; equals in the order of their labels.

    A share of those known must not be the first thing that a reader sees where the same question has a figure that
    keeps the unknown in.
    """
    with_figures = [fact for fact in facts if fact.findings]
    ranked = sorted(
        with_figures, key=lambda fact: (-fact.cited, -fact.citations, -fact.sources, -fact.findings)
    )
    return sorted(ranked[:MOST_LEADING], key=lambda fact: (-fact.cited, not fact.states_unknown))


def group_by_unit(facts: Iterable[MeasureFacts]) -> list[tuple[UnitOfAnalysis, list[MeasureFacts]]]:
    """The measures by what they count, in the order of the vocabulary; within a unit the order is kept."""
    held = list(facts)
    groups = [
        (unit, [fact for fact in held if fact.measure.unit_of_analysis == unit]) for unit in UnitOfAnalysis
    ]
    return [(unit, members) for unit, members in groups if members]


def years_words(first: int | None, last: int | None) -> str:
    """The years that figures cover: "2011 to 2023", "2023"; empty where none is stated."""
    if first is None or last is None:
        return ""
    return str(first) if first == last else f"{first} to {last}"

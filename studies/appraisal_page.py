"""Shape what the pages of appraisal show: questions with what was given, progress, the rule's verdict, findings."""

from dataclasses import dataclass, field
from typing import Any

from .appraisal import entry as entries
from .appraisal.authors import shares_family_name
from .appraisal.entry import Entry, Given
from .appraisal.parts import Instrument
from .appraisal.rating import explain
from .forms import text_of
from .models import Appraisal, Finding, Source


MOST_FINDINGS = 60
"""Findings shown beside the form; the source's own page has all of them."""


@dataclass(frozen=True)
class Option:
    """One answer that may be chosen."""

    value: str
    label: str
    chosen: bool


@dataclass(frozen=True)
class Question:
    """One criterion of the form, with what was typed, what is wrong with it, and what others gave."""

    number: int
    criterion_id: str
    text: str
    guidance: str
    critical: bool
    options: list[Option]
    given: Given
    errors: list[str]
    note_errors: list[str]
    needs_reason: str
    beside: list[tuple[str, str, Given]] = field(default_factory=list)

    @property
    def differs(self) -> bool:
        """Whether those beside it gave different answers."""
        return len({given.answer for _, _, given in self.beside}) > 1


@dataclass(frozen=True)
class QuestionGroup:
    """The questions of one domain."""

    label: str
    questions: list[Question]


@dataclass(frozen=True)
class Standing:
    """How far the form is, what the rule makes of it so far, and the rating put in place of that, if any."""

    answered: int
    total: int
    explanation: str
    rating: str
    rating_label: str
    override_label: str

    @property
    def final_label(self) -> str:
        """The rating that would be handed in, blank while it is open."""
        return self.override_label or self.rating_label


def make_groups(
    instrument: Instrument,
    entry: Entry,
    faults: list[entries.Fault] | None = None,
    beside: dict[str, Entry] | None = None,
) -> list[QuestionGroup]:
    """The form's questions by domain. `beside` is whose answers stand next to each question: name → entry."""
    wrong: dict[str, list[str]] = {}
    for fault in faults or []:
        wrong.setdefault(fault.where, []).append(fault.message)
    groups, number = [], 0
    for domain in instrument.domains:
        questions = []
        for criterion in domain.criteria:
            number += 1
            key = criterion.criterion_id
            given = entry.given.get(key, Given())
            labels = {answer.value: answer.label for answer in criterion.answers}
            explained = entries.explained_answers(instrument, key)
            questions.append(
                Question(
                    number=number,
                    criterion_id=key,
                    text=criterion.question,
                    guidance=criterion.guidance,
                    critical=criterion.critical,
                    options=[Option(value, label, value == given.answer) for value, label in labels.items()],
                    given=given,
                    errors=wrong.get(f"answer-{key}", []),
                    note_errors=wrong.get(f"note-{key}", []),
                    needs_reason=", ".join(
                        f"“{label}”" for value, label in labels.items() if value in explained
                    ),
                    beside=[
                        (name, labels.get(theirs.answer, "No answer"), theirs)
                        for name, other in (beside or {}).items()
                        for theirs in [other.given.get(key, Given())]
                    ],
                )
            )
        groups.append(QuestionGroup(domain.label, questions))
    return groups


def make_standing(instrument: Instrument, entry: Entry) -> Standing:
    """Progress and the rule's verdict; what the instrument does not offer does not count."""
    kept = {
        key: one
        for key, one in entry.given.items()
        if key in instrument.criteria and one.answer in instrument.criteria[key].values
    }
    result = entries.computed(instrument, Entry(kept))
    labels = instrument.rating_labels
    return Standing(
        len(kept),
        len(instrument.criteria),
        explain(instrument, result),
        result.rating or "",
        labels.get(result.rating or "", ""),
        labels.get(entry.override_rating, "") if entry.override_rating != result.rating else "",
    )


def read_entry(instrument: Instrument, data: Any) -> Entry:
    """What a sent form holds, for the criteria of the instrument; anything else in it is left aside."""
    return Entry(
        given={
            key: Given(
                text_of(data, f"answer-{key}"),
                text_of(data, f"note-{key}"),
                text_of(data, f"locator-{key}"),
            )
            for key in instrument.criteria
        },
        rationale=text_of(data, "rationale"),
        override_rating=text_of(data, "override_rating"),
        override_reason=text_of(data, "override_reason"),
    )


def errors_of(faults: list[entries.Fault]) -> list[dict[str, str]]:
    """Faults as the error summary takes them: each leads to its field."""
    return [{"message": fault.message, "field": fault.where, "href": f"#{fault.where}"} for fault in faults]


def findings_of(source: Source) -> list[dict[str, str]]:
    """The first figures of a source as rows beside the form, in reading order. One query."""
    rows = (
        Finding.objects.filter(source=source)
        .in_reading_order()
        .select_related("measure", "category")[:MOST_FINDINGS]
    )
    return [
        {
            "label": f"{row.measure.label}: {row.category.label}" if row.category else row.measure.label,
            "figure": f"{row.value:f}{'%' if row.statistic.startswith('percentage') else ''}",
            "base": f"{row.numerator:f} of {row.denominator:f}"
            if row.numerator is not None and row.denominator is not None
            else "",
            "place": ", ".join(
                filter(None, [row.geography, str(row.period_end.year) if row.period_end else ""])
            ),
            "locator": row.locator,
        }
        for row in rows
    ]


def declaration_of(mine: Appraisal) -> dict[str, object]:
    """What the page of the declaration shows: the source, and whether a name gives reason to think twice."""
    return {
        "appraisal": mine,
        "namesake": shares_family_name(mine.appraiser.last_name, mine.source.authors),
    }

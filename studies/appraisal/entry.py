"""What an appraiser enters, what is still lacking before it can be submitted, and how two entries differ."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from studies.appraisal.parts import Instrument
from studies.appraisal.rating import RatingResult, rate


ALWAYS_EXPLAINED = frozenset({"no", "unclear"})
"""Answers that need a reason with every instrument: a reader must be able to follow a negative or open answer."""

NOT_APPLICABLE = "not_applicable"
"""The answer that a question does not apply to the source. It tells nothing for or against it."""


@dataclass(frozen=True, slots=True)
class Given:
    """One answer with its reason and the page or section that shows it. Any of them may be blank in a draft."""

    answer: str = ""
    note: str = ""
    locator: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A filled form: criterion → what was given, the summary, and a rating other than the rule's with its reason."""

    given: Mapping[str, Given] = field(default_factory=dict)
    rationale: str = ""
    override_rating: str = ""
    override_reason: str = ""

    @property
    def answers(self) -> dict[str, str]:
        """Criterion → answer, of those answered."""
        return {key: one.answer for key, one in self.given.items() if one.answer}


@dataclass(frozen=True, slots=True)
class Fault:
    """What is lacking: the identifier of the field on the form, and a sentence."""

    where: str
    message: str


@dataclass(frozen=True, slots=True)
class Difference:
    """One criterion as two appraisers answered it."""

    criterion_id: str
    first: Given
    second: Given

    @property
    def same(self) -> bool:
        return self.first.answer == self.second.answer


def explained_answers(instrument: Instrument, criterion_id: str) -> frozenset[str]:
    """The answers to a criterion that need a reason: no, unclear, and any that the rule holds against a source.

    Held against it is what a step looks for with “any” or “at least” and then gives another than the best rating.
    """
    best = instrument.ratings[0].value
    against: set[str] = set()
    for step in instrument.rule.steps:
        if step.then == best or step.when.quantifier not in ("any", "at_least"):
            continue
        if any(item.criterion_id == criterion_id for item in instrument.criteria_of(step.when)):
            against |= set(step.when.answers)
    return (ALWAYS_EXPLAINED | against) & instrument.criteria[criterion_id].values


def foreign(instrument: Instrument, entry: Entry) -> list[str]:
    """Sentences about answers and ratings that the instrument does not offer. A form cannot send them; others can."""
    found = [f"The instrument does not ask “{key}”." for key in entry.given if key not in instrument.criteria]
    found += [
        f"“{one.answer}” is not an answer to “{instrument.criteria[key].question}”"
        for key, one in entry.given.items()
        if key in instrument.criteria and one.answer and one.answer not in instrument.criteria[key].values
    ]
    if entry.override_rating and entry.override_rating not in instrument.rating_labels:
        found.append(f"The instrument has no rating “{entry.override_rating}”.")
    return found


def faults(instrument: Instrument, entry: Entry) -> list[Fault]:
    """What must still be put right before the entry can be submitted, in the order of the form."""
    found = []
    for number, (key, criterion) in enumerate(instrument.criteria.items(), start=1):
        given = entry.given.get(key, Given())
        if not given.answer:
            found.append(Fault(f"answer-{key}", f"Answer question {number}: {criterion.question}"))
        elif given.answer in explained_answers(instrument, key) and not given.note.strip():
            found.append(Fault(f"note-{key}", f"Give the reason for your answer to question {number}."))
    if set(entry.answers.values()) == {NOT_APPLICABLE} and len(entry.answers) == len(instrument.criteria):
        # No step of a rule would fit, so that whatever is rated otherwise, often the best, would be the rating.
        found.append(
            Fault(
                f"answer-{next(iter(instrument.criteria))}",
                "Not one question applies, so there is nothing to rate by. Answer what can be judged, or ask for "
                "another instrument.",
            )
        )
    if not entry.rationale.strip():
        found.append(Fault("rationale", "Sum up in a sentence or two why the source earns this rating."))
    if entry.override_rating and entry.override_rating == computed(instrument, entry).rating:
        found.append(
            Fault(
                "override_rating",
                "The rule gives this rating already. Keep the rule’s rating, or choose another.",
            )
        )
    elif entry.override_rating and not entry.override_reason.strip():
        found.append(Fault("override_reason", "Say why the rating is not the one that the rule gives."))
    if entry.override_reason.strip() and not entry.override_rating:
        found.append(
            Fault("override_rating", "Choose the rating that your reason is for, or remove the reason.")
        )
    return found


def computed(instrument: Instrument, entry: Entry) -> RatingResult:
    """What the instrument's rule makes of the answers so far."""
    return rate(instrument, entry.answers)


def final_rating(instrument: Instrument, entry: Entry) -> str:
    """The rating of a complete entry: the one put in place of the rule's, else the rule's."""
    return entry.override_rating or computed(instrument, entry).rating or ""


def differences(instrument: Instrument, first: Entry, second: Entry) -> list[Difference]:
    """Every criterion with both answers, in the order of the form."""
    return [
        Difference(key, first.given.get(key, Given()), second.given.get(key, Given()))
        for key in instrument.criteria
    ]


def agree(instrument: Instrument, first: Entry, second: Entry) -> bool:
    """Whether two entries give the same answer everywhere and end in the same rating."""
    return all(one.same for one in differences(instrument, first, second)) and (
        final_rating(instrument, first) == final_rating(instrument, second)
    )


def joined(texts: Iterable[str]) -> str:
    """Reasons of several people as one text, each said once."""
    return "\n".join(dict.fromkeys(text.strip() for text in texts if text.strip()))


def together(instrument: Instrument, entries: Iterable[Entry]) -> Entry:
    """Entries that agree as one, with the reasons and locators of all."""
    every = list(entries)
    first = every[0]
    given = {
        key: Given(
            first.given.get(key, Given()).answer,
            joined(one.given.get(key, Given()).note for one in every),
            joined(one.given.get(key, Given()).locator for one in every),
        )
        for key in instrument.criteria
    }
    overridden = (
        first.override_rating if final_rating(instrument, first) != computed(instrument, first).rating else ""
    )
    return Entry(
        given,
        joined(one.rationale for one in every),
        overridden,
        joined(one.override_reason for one in every) if overridden else "",
    )

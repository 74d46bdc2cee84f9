"""The overall rating of one appraisal, by the rule its instrument carries.

The rule is a short list of statements in words, not a score. Critical-appraisal tools warn against adding
answers up, because a total lets a sound minor point make good a fatal one (Shea BJ and others 2017,
AMSTAR 2, BMJ 358:j4008, section on the overall rating; Jüni P and others 1999, JAMA 282:1054–60, on how
summary scores mislead). Here the first step that fits decides and critical criteria cap the rating.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from studies.appraisal.parts import Instrument, Requirement


class UnknownAnswer(ValueError):
    """An answer to a question that the instrument does not ask, or that it does not permit."""


@dataclass(frozen=True, slots=True)
class RatingResult:
    """What the rule concludes.

    rating: a rating of the instrument, or None while answers that could still decide are missing.
    step_id: the deciding step, or the step that cannot yet be decided; None where ``otherwise`` applied.
    because: the reason in words.
    deciding: criteria whose answers made the step fit; empty for ``otherwise`` and while undecided.
    missing: criteria without an answer, in the order of the form.
    """

    rating: str | None
    step_id: str | None
    because: str
    deciding: tuple[str, ...]
    missing: tuple[str, ...]


def rate(instrument: Instrument, answers: Mapping[str, str]) -> RatingResult:
    """The rating that ``answers`` (criterion identifier → answer value) earn.

    A missing answer is neither good nor bad: a step that it could still make fit leaves the rating open
    (None), so a half-filled form is never called strong. A step that fits whatever the missing answers turn
    out to be decides at once. Raises UnknownAnswer for a question or an answer that the instrument lacks.
    """
    _check(instrument, answers)
    missing = tuple(key for key in instrument.criteria if key not in answers)
    for step in instrument.rule.steps:
        needed = instrument.requirement(step.when)
        matches = _matches(needed, answers)
        if len(matches) >= needed.n:
            return RatingResult(step.then, step.step_id, step.because, matches, missing)
        if len(matches) + _open(needed, missing) >= needed.n:
            reason = "It cannot be decided while questions that this step depends on have no answer."
            return RatingResult(None, step.step_id, reason, (), missing)
    return RatingResult(instrument.rule.otherwise, None, "No step of the rule fits.", (), missing)


def explain(instrument: Instrument, result: RatingResult) -> str:
    """The result in plain words: the rating, why, and the questions that settled it or are still open."""
    if result.rating is None:
        return f"Not yet rated. {result.because} Still to answer: {_questions(instrument, result.missing)}"
    parts = [f"Rated {instrument.rating_labels[result.rating].lower()}.", result.because]
    if result.deciding:
        parts.append(f"Decided by: {_questions(instrument, result.deciding)}")
    if result.missing:
        parts.append(
            f"The rating holds whatever the remaining answers are: {_questions(instrument, result.missing)}"
        )
    return " ".join(parts)


def _check(instrument: Instrument, answers: Mapping[str, str]) -> None:
    for key, value in answers.items():
        if key not in instrument.criteria:
            raise UnknownAnswer(f"The instrument “{instrument.name}” does not ask “{key}”.")
        if value not in instrument.criteria[key].values:
            raise UnknownAnswer(f"“{value}” is not an answer to “{instrument.criteria[key].question}”")


def _matches(needed: Requirement, answers: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(key for key, accepted in needed.accepted.items() if answers.get(key) in accepted)


def _open(needed: Requirement, missing: tuple[str, ...]) -> int:
    """How many unanswered criteria could still come to count: those offering at least one accepted answer."""
    return sum(bool(accepted) for key, accepted in needed.accepted.items() if key in missing)


def _questions(instrument: Instrument, keys: tuple[str, ...]) -> str:
    return " ".join(f"“{instrument.criteria[key].question}”" for key in keys)

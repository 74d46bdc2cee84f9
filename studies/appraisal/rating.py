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
    return RatingResult(
        instrument.rule.otherwise, None, "None of the conditions for another rating applies.", (), missing
    )


def explain(instrument: Instrument, result: RatingResult) -> str:
    """The result in plain words: the rating, why, and the questions that settled it or are still open, by number."""
    if result.rating is None:
        if len(result.missing) == len(instrument.criteria):
            return "Not yet rated: no question is answered."
        return (
            "Not yet rated: the answers so far leave more than one rating possible. "
            f"Still to answer: {_numbers(instrument, result.missing)}."
        )
    parts = [f"Rated {instrument.rating_labels[result.rating].lower()}.", result.because]
    if result.deciding:
        parts.append(f"Decided by: {_questions(instrument, result.deciding)}")
    if result.missing:
        several = len(result.missing) > 1
        parts.append(
            f"It stays so whatever the answer{'s' if several else ''} to "
            f"{_numbers(instrument, result.missing)} {'are' if several else 'is'}."
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
    places = _places(instrument)
    return " ".join(f"{places[key]}. “{instrument.criteria[key].question}”" for key in keys)


def _numbers(instrument: Instrument, keys: tuple[str, ...]) -> str:
    """“question 4”, “questions 1, 2 and 4 to 9”: as the form numbers them."""
    places = _places(instrument)
    runs: list[list[int]] = []
    for place in sorted(places[key] for key in keys):
        if runs and runs[-1][-1] == place - 1:
            runs[-1].append(place)
        else:
            runs.append([place])
    words = [
        str(number) if len(run) < 3 else f"{run[0]} to {run[-1]}"
        for run in runs
        for number in (run if len(run) < 3 else run[:1])
    ]
    listed = " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
    return f"question{'s' if len(keys) > 1 else ''} {listed}"


def _places(instrument: Instrument) -> dict[str, int]:
    return {key: number for number, key in enumerate(instrument.criteria, start=1)}

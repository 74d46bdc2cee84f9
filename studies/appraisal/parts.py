"""The parts of an appraisal instrument, as versioned data: what may be asked, answered and concluded.

An instrument is a JSON object (``fixtures/evidence-base/instruments.json`` holds six). It becomes a frozen
:class:`Instrument`; a changed instrument is a new version, never an edit, so an old appraisal always keeps
the questions it answered. What is wrong with a description is said by ``instruments.problems``.

Every condition of a rule, whatever its quantifier, is read as one thing: *at least n of these criteria have
one of these answers* (:class:`Requirement`). ``any`` is n = 1, ``all`` is n = all of them, ``none`` is all of
them having one of the other answers. Rating, and the search for steps that can never apply, both rest on it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any


GROUPS = ("critical", "other", "all")
QUANTIFIERS = ("any", "at_least", "all", "none")


class InvalidInstrument(ValueError):
    """A description that cannot be used; ``problems`` holds one sentence for each fault."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__(" ".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Answer:
    """One permitted answer to a criterion. ``value`` is stored, ``label`` is shown."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class RatingLevel:
    """One overall category that an instrument may give. ``value`` is stored, ``label`` is shown."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Criterion:
    """One question. A critical criterion caps the rating; how is for the rule to say."""

    criterion_id: str
    critical: bool
    question: str
    guidance: str
    answers: tuple[Answer, ...]

    @property
    def values(self) -> frozenset[str]:
        """The answers that may be stored."""
        return frozenset(answer.value for answer in self.answers)


@dataclass(frozen=True, slots=True)
class Domain:
    """A named part of an instrument. Domains group questions on the page; they carry no weight."""

    domain_id: str
    label: str
    criteria: tuple[Criterion, ...]


@dataclass(frozen=True, slots=True)
class Condition:
    """When a step fits, as written: which criteria, which answers, how many of them.

    ``criteria`` is ``critical``, ``other`` (not critical), ``all``, a domain's identifier, or a tuple of
    criterion identifiers. ``n`` counts only with the quantifier ``at_least`` and is 1 otherwise.
    """

    criteria: str | tuple[str, ...]
    answers: tuple[str, ...]
    quantifier: str
    n: int = 1


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a rule: the rating ``then`` applies when the condition fits, ``because`` says why."""

    step_id: str
    when: Condition
    then: str
    because: str


@dataclass(frozen=True, slots=True)
class Rule:
    """Steps read from the top; the first that fits decides, ``otherwise`` applies when none does."""

    steps: tuple[Step, ...]
    otherwise: str
    explanation: str


@dataclass(frozen=True, slots=True)
class Requirement:
    """A condition in normal form: at least ``n`` of the criteria have one of the answers listed for them."""

    accepted: Mapping[str, frozenset[str]]
    n: int


@dataclass(frozen=True)
class Instrument:
    """A critical-appraisal tool at one version."""

    instrument_id: str
    name: str
    version: str
    citation: str
    applies_to: tuple[str, ...]
    adapted: bool
    domains: tuple[Domain, ...]
    ratings: tuple[RatingLevel, ...]
    rule: Rule

    @cached_property
    def criteria(self) -> Mapping[str, Criterion]:
        """All criteria by identifier, in the order of the form."""
        return {item.criterion_id: item for domain in self.domains for item in domain.criteria}

    @cached_property
    def rating_labels(self) -> Mapping[str, str]:
        """Labels of the ratings by value, best first as the instrument lists them."""
        return {level.value: level.label for level in self.ratings}

    def criteria_of(self, condition: Condition) -> tuple[Criterion, ...]:
        """The criteria that a condition looks at, in the order of the form; unknown names select none."""
        name = condition.criteria
        if isinstance(name, tuple):
            return tuple(item for key, item in self.criteria.items() if key in name)
        if name in GROUPS:
            return tuple(
                item
                for item in self.criteria.values()
                if name == "all" or item.critical == (name == "critical")
            )
        return tuple(item for domain in self.domains if domain.domain_id == name for item in domain.criteria)

    def requirement(self, condition: Condition) -> Requirement:
        """The condition in normal form; answers that a criterion does not offer cannot be given to it."""
        chosen = self.criteria_of(condition)
        listed = frozenset(condition.answers)
        wanted = {
            item.criterion_id: item.values - listed
            if condition.quantifier == "none"
            else item.values & listed
            for item in chosen
        }
        every = condition.quantifier in ("all", "none")
        return Requirement(accepted=wanted, n=len(chosen) if every else condition.n)


def build_instrument(data: Mapping[str, Any]) -> Instrument:
    """The instrument described by ``data``, whose shape has been checked (see ``instruments.problems``)."""
    return Instrument(
        instrument_id=data["instrument_id"],
        name=data["name"],
        version=data["version"],
        citation=data["citation"],
        applies_to=tuple(data["applies_to"]),
        adapted=data["adapted"],
        domains=tuple(_domain(item) for item in data["domains"]),
        ratings=tuple(RatingLevel(item["value"], item["label"]) for item in data["ratings"]),
        rule=Rule(
            steps=tuple(_step(item) for item in data["rule"]["steps"]),
            otherwise=data["rule"]["otherwise"],
            explanation=data["rule"].get("explanation", ""),
        ),
    )


def _domain(data: Mapping[str, Any]) -> Domain:
    criteria = tuple(
        Criterion(
            criterion_id=item["criterion_id"],
            critical=item["critical"],
            question=item["question"],
            guidance=item.get("guidance", ""),
            answers=tuple(Answer(answer["value"], answer["label"]) for answer in item["answers"]),
        )
        for item in data["criteria"]
    )
    return Domain(domain_id=data["domain_id"], label=data["label"], criteria=criteria)


def _step(data: Mapping[str, Any]) -> Step:
    when = data["when"]
    named = when["criteria"]
    condition = Condition(
        criteria=named if isinstance(named, str) else tuple(named),
        answers=tuple(when["answers"]),
        quantifier=when["quantifier"],
        n=when.get("n", 1) if when["quantifier"] == "at_least" else 1,
    )
    return Step(step_id=data["step_id"], when=condition, then=data["then"], because=data["because"])

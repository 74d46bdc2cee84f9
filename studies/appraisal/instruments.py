"""Reading the description of an instrument, and saying what is wrong with it in sentences an editor can act on.

Two passes: the shape first (keys and kinds of value), and only when that is sound the sense (names that
exist, steps that can apply). ``parse_instrument`` refuses whatever ``problems`` has a sentence for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from studies.appraisal.parts import (
    GROUPS,
    QUANTIFIERS,
    Answer,
    Condition,
    Criterion,
    Domain,
    Instrument,
    InvalidInstrument,
    RatingLevel,
    Requirement,
    Rule,
    Step,
    build_instrument,
)


__all__ = [
    "Answer",
    "Condition",
    "Criterion",
    "Domain",
    "Instrument",
    "InvalidInstrument",
    "RatingLevel",
    "Rule",
    "Step",
    "parse_instrument",
    "problems",
]


_KINDS = {str: "text", bool: "true or false", list: "a list", dict: "an object", int: "a whole number"}
_INSTRUMENT = {
    "instrument_id": str, "name": str, "version": str, "citation": str, "applies_to": list,
    "adapted": bool, "domains": list, "ratings": list, "rule": dict,
}  # fmt: skip
_DOMAIN = {"domain_id": str, "label": str, "criteria": list}
_CRITERION = {"criterion_id": str, "critical": bool, "question": str, "answers": list}
_LABELLED = {"value": str, "label": str}
_RULE = {"type": str, "steps": list, "otherwise": str}
_STEP = {"step_id": str, "when": dict, "then": str, "because": str}
_WHEN = {"answers": list, "quantifier": str}


def parse_instrument(data: Mapping[str, Any]) -> Instrument:
    """The instrument that ``data`` describes; raises InvalidInstrument with every problem found."""
    found = problems(data)
    if found:
        raise InvalidInstrument(found)
    return build_instrument(data)


def problems(data: object) -> list[str]:
    """One sentence for each fault of a description, in reading order; empty when it can be used."""
    shape = list(_shape_problems(data))
    if shape:
        return shape
    assert isinstance(data, Mapping)
    instrument = build_instrument(data)
    return [*_naming_problems(instrument), *_rule_problems(instrument)]


def _shape_problems(data: object) -> Iterator[str]:
    yield from _keys("The instrument", data, _INSTRUMENT)
    if not isinstance(data, Mapping):
        return
    yield from _texts("applies_to of the instrument", data.get("applies_to"))
    for d, domain in _numbered(data.get("domains")):
        yield from _keys(f"Domain {d}", domain, _DOMAIN)
        for c, criterion in _numbered(_get(domain, "criteria")):
            where = f"Criterion {c} of domain {d}"
            yield from _keys(where, criterion, _CRITERION)
            for a, answer in _numbered(_get(criterion, "answers")):
                yield from _keys(f"Answer {a} of {_lower(where)}", answer, _LABELLED)
    for r, rating in _numbered(data.get("ratings")):
        yield from _keys(f"Rating {r}", rating, _LABELLED)
    rule = data.get("rule")
    if isinstance(rule, Mapping):
        yield from _keys("The rule", rule, _RULE)
        if isinstance(rule.get("type"), str) and rule["type"] != "first_match":
            yield f"The rule is of the type “{rule['type']}”; only “first_match” is known."
    for s, step in _numbered(_get(rule, "steps")):
        yield from _keys(f"Step {s}", step, _STEP)
        yield from _when_problems(s, _get(step, "when"))


def _when_problems(number: int, when: object) -> Iterator[str]:
    where = f"The condition of step {number}"
    if not isinstance(when, Mapping):
        return
    yield from _keys(where, when, _WHEN)
    yield from _texts(f"answers of step {number}", when.get("answers"))
    named = when.get("criteria")
    if isinstance(named, list) and named:
        yield from _texts(f"criteria of step {number}", named)
    elif not isinstance(named, str):
        yield f"{where} must say which criteria it is about: a word or a list of identifiers."
    if when.get("quantifier") == "at_least" and (type(when.get("n")) is not int or when["n"] < 1):
        yield f"{where} says “at_least”, so it needs “n”, a whole number of 1 or more."


def _keys(where: str, data: object, expected: Mapping[str, type]) -> Iterator[str]:
    if not isinstance(data, Mapping):
        yield f"{where} must be an object with named values."
        return
    for key, kind in expected.items():
        if key not in data:
            yield f"{where} has no “{key}”."
        elif type(data[key]) is not kind:
            yield f"{where}: “{key}” must be {_KINDS[kind]}."
        elif (kind is str and not data[key].strip()) or (kind is list and key != "steps" and not data[key]):
            yield f"{where}: “{key}” is empty."


def _texts(where: str, values: object) -> Iterator[str]:
    if isinstance(values, list) and not all(isinstance(value, str) for value in values):
        yield f"Every entry in the {where} must be text."


def _numbered(values: object) -> Iterator[tuple[int, object]]:
    yield from enumerate(values if isinstance(values, list) else [], start=1)


def _get(data: object, key: str) -> object:
    return data.get(key) if isinstance(data, Mapping) else None


def _lower(sentence: str) -> str:
    return sentence[0].lower() + sentence[1:]


def _repeated(names: Iterable[str]) -> list[str]:
    seen: dict[str, int] = {}
    for name in names:
        seen[name] = seen.get(name, 0) + 1
    return [name for name, count in seen.items() if count > 1]


def _naming_problems(instrument: Instrument) -> Iterator[str]:
    criteria = [item for domain in instrument.domains for item in domain.criteria]
    for kind, names in (
        ("Domain", [domain.domain_id for domain in instrument.domains]),
        ("Criterion", [item.criterion_id for item in criteria]),
        ("Rating", [level.value for level in instrument.ratings]),
        ("Step", [step.step_id for step in instrument.rule.steps]),
    ):
        yield from (f"{kind} “{name}” is there more than once." for name in _repeated(names))
    for item in criteria:
        for value in _repeated(answer.value for answer in item.answers):
            yield f"Criterion “{item.criterion_id}” offers the answer “{value}” more than once."
    for domain in instrument.domains:
        if domain.domain_id in GROUPS:
            yield f"A domain may not be called “{domain.domain_id}”: the rule uses that word for a group of criteria."
    if not any(item.critical for item in criteria):
        yield "No criterion is critical, so nothing could cap the rating."


def _rule_problems(instrument: Instrument) -> Iterator[str]:
    rule = instrument.rule
    step_ids = {step.step_id for step in rule.steps}
    sound: list[tuple[Step, Requirement]] = []
    for step in rule.steps:
        found = [*_outcome_problems(instrument, step, step_ids), *_condition_problems(instrument, step)]
        yield from found
        if not found:
            sound.append((step, instrument.requirement(step.when)))
    if rule.otherwise not in instrument.rating_labels:
        yield f"The rule ends with the rating “{rule.otherwise}”, which the instrument does not have."
    yield from _unreachable(instrument, sound)


def _outcome_problems(instrument: Instrument, step: Step, step_ids: set[str]) -> Iterator[str]:
    if step.then in instrument.rating_labels:
        return
    if step.then == step.step_id:
        yield f"Step “{step.step_id}” leads back to itself; a step must give a rating."
    elif step.then in step_ids:
        yield f"Step “{step.step_id}” leads to the step “{step.then}”; a step must give a rating, so that no rule can run in a circle."
    else:
        yield f"Step “{step.step_id}” gives the rating “{step.then}”, which the instrument does not have."


def _condition_problems(instrument: Instrument, step: Step) -> Iterator[str]:
    when, name = step.when, f"Step “{step.step_id}”"
    if when.quantifier not in QUANTIFIERS:
        yield f"{name} has the quantifier “{when.quantifier}”; it must be one of {', '.join(QUANTIFIERS)}."
        return
    if isinstance(when.criteria, tuple):
        for unknown in sorted(set(when.criteria) - set(instrument.criteria)):
            yield f"{name} names the criterion “{unknown}”, which the instrument does not have."
    elif not instrument.criteria_of(when):
        yield f"{name} is about “{when.criteria}”, which is no domain or group with any criterion."
    chosen = instrument.criteria_of(when)
    offered = frozenset[str]().union(*(item.values for item in chosen))
    for answer in when.answers:
        if chosen and answer not in offered:
            yield f"{name} lists the answer “{answer}”, which none of its criteria offers."
    if chosen and when.quantifier == "at_least" and when.n > len(chosen):
        yield f"{name} asks for {when.n} criteria but is about only {len(chosen)}."


def _unreachable(instrument: Instrument, steps: list[tuple[Step, Requirement]]) -> Iterator[str]:
    """Steps that no set of answers can reach: impossible in themselves, or pre-empted by one earlier step.

    A step that several earlier ones pre-empt only together is not found.
    """
    every = {key: item.values for key, item in instrument.criteria.items()}
    for index, (step, needed) in enumerate(steps):
        if sum(bool(values) for values in needed.accepted.values()) < needed.n:
            yield f"Step “{step.step_id}” can never apply: too few of its criteria offer the answers it lists."
            continue
        for earlier, taken in steps[:index]:
            if _implies(needed, taken, every):
                yield f"Step “{step.step_id}” can never apply: whenever it would fit, step “{earlier.step_id}” has already decided."
                break


def _implies(later: Requirement, earlier: Requirement, every: Mapping[str, frozenset[str]]) -> bool:
    """Whether any answers that meet ``later`` must also meet ``earlier``.

    Of the criteria that ``earlier`` accepts with any answer all count for certain. Of the rest, those where
    ``later`` accepts no answer that ``earlier`` does not are *covered*; at worst all of ``later``'s
    uncovered criteria are among its ``n``, so ``n`` minus the uncovered are certain as well.
    """
    certain = {key for key, values in earlier.accepted.items() if values == every[key]}
    covered = {
        key
        for key, values in later.accepted.items()
        if key not in certain and values <= earlier.accepted.get(key, frozenset())
    }
    guaranteed = max(0, later.n - (len(later.accepted) - len(covered)))
    return len(certain) + guaranteed >= earlier.n

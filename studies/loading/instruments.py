"""The rules of an appraisal instrument, beyond those of its own description."""

import re
from collections.abc import Iterator
from typing import Any

from studies.appraisal.instruments import problems
from studies.appraisal.parts import build_instrument
from studies.appraisal.soundness import weaknesses
from studies.vocabulary import SourceType

from .cells import CONTROL, IDENTIFIER
from .issues import Issue
from .outcome import Checked, Known
from .schema import INSTRUMENTS_FILE


PARTS = {
    "instrument_id",
    "name",
    "version",
    "citation",
    "applies_to",
    "adapted",
    "domains",
    "ratings",
    "rule",
}
DOMAIN_PARTS = {"domain_id", "label", "criteria"}
CRITERION_PARTS = {"criterion_id", "critical", "question", "guidance", "answers"}
LABELLED_PARTS = {"value", "label"}
RULE_PARTS = {"type", "steps", "otherwise", "explanation"}
STEP_PARTS = {"step_id", "when", "then", "because"}
WHEN_PARTS = {"criteria", "answers", "quantifier", "n"}
ANSWER = re.compile(r"[a-z0-9]+(_[a-z0-9]+)*\Z")
LONGEST_IDENTIFIER, LONGEST_VERSION, LONGEST_ANSWER = 120, 20, 30
# A surrogate alone is what a broken escape in JSON leaves; no text encoding can hold it.
SURROGATE = re.compile("[\ud800-\udfff]")


def check_instruments(raw: list[dict[str, Any]], known: Known, checked: Checked) -> None:
    """Take the sound instruments; refuse the others, and a changed text under a version that exists."""
    for number, data in enumerate(raw, start=1):
        name = str(data.get("instrument_id", number))
        faults = problems(data) or list(_faults(data)) or list(weaknesses(build_instrument(data)))
        if not faults:
            data = complete(data)
            stored = known.versions.get((name, data["version"]), data)
            if stored != data:
                faults = [
                    f"differs from version {data['version']} that is known; a changed instrument needs a new version"
                ]
        for fault in faults:
            checked.tell(Issue("error", INSTRUMENTS_FILE, name, None, "", "", fault))
        if faults:
            checked.rejected.add((INSTRUMENTS_FILE, -number))
            continue
        checked.instruments.append(data)
        known.instruments[name] = data
        known.versions[name, data["version"]] = data


def complete(data: dict[str, Any]) -> dict[str, Any]:
    """The description with the guidance that may be left out, blank."""
    domains = [
        {**domain, "criteria": [{"guidance": "", **criterion} for criterion in domain["criteria"]]}
        for domain in data["domains"]
    ]
    return {**data, "domains": domains}


def _faults(data: dict[str, Any]) -> Iterator[str]:
    """What the store could not hold, in sentences."""
    if any(CONTROL.search(text) or SURROGATE.search(text) for text in _texts(data)):
        yield "It holds a control character or a broken one; remove it."
        return
    if not 0 < len(data["version"]) <= LONGEST_VERSION or data["version"] != data["version"].strip():
        yield f"The version has 1 to {LONGEST_VERSION} characters, without a space before or after them."
    for unknown in sorted(set(data["applies_to"]) - set(SourceType.values)):
        yield f"It applies to “{unknown}”, which is no type of source."
    for twice in sorted({name for name in data["applies_to"] if data["applies_to"].count(name) > 1}):
        yield f"It applies to “{twice}” more than once."
    yield from _identified(data, "instrument_id", PARTS)
    for domain in data["domains"]:
        yield from _identified(domain, "domain_id", DOMAIN_PARTS)
        for criterion in domain["criteria"]:
            yield from _identified(criterion, "criterion_id", CRITERION_PARTS)
            if not isinstance(criterion.get("guidance", ""), str):
                yield f"The guidance of “{criterion['criterion_id']}” must be text."
            for answer in criterion["answers"]:
                yield from _answer_faults(criterion["criterion_id"], answer)
    for level in data["ratings"]:
        yield from _odd(f"The rating “{level['value']}”", level, LABELLED_PARTS)
    yield from _rule_faults(data["rule"])


def _answer_faults(criterion: str, answer: dict[str, Any]) -> Iterator[str]:
    value = answer["value"]
    if len(value) > LONGEST_ANSWER:
        yield f"The answer “{value}” has more than {LONGEST_ANSWER} characters."
    elif not ANSWER.match(value):
        yield (
            f"The answer “{value}” of “{criterion}” is stored by that word: lower-case words and digits joined by"
            " single underscores. Its label is what appraisers read."
        )
    yield from _odd(f"The answer “{value}” of “{criterion}”", answer, LABELLED_PARTS)


def _rule_faults(rule: dict[str, Any]) -> Iterator[str]:
    yield from _odd("The rule", rule, RULE_PARTS)
    if not isinstance(rule.get("explanation", ""), str):
        yield "The explanation of the rule must be text."
    for step in rule["steps"]:
        yield from _identified(step, "step_id", STEP_PARTS)
        yield from _odd(f"The condition of “{step['step_id']}”", step["when"], WHEN_PARTS)
        if "n" in step["when"] and step["when"]["quantifier"] != "at_least":
            yield f"The condition of “{step['step_id']}” has “n”, which only “at_least” uses."


def _identified(part: dict[str, Any], identifier: str, known: set[str]) -> Iterator[str]:
    name = part[identifier]
    if not IDENTIFIER.match(name) or len(name) > LONGEST_IDENTIFIER:
        yield f"“{name}” is not an identifier: lower-case words and digits joined by single hyphens."
    yield from _odd(f"“{name}”", part, known)


def _odd(where: str, part: dict[str, Any], known: set[str]) -> Iterator[str]:
    """Parts that nothing reads: an editor who wrote points or weights would believe that they count."""
    for key in sorted(set(part) - known):
        yield f"{where} has the unknown part “{key}”."


def _texts(data: Any) -> Iterator[str]:
    """Every text in it, keys included."""
    if isinstance(data, str):
        yield data
    elif isinstance(data, dict):
        for key, value in data.items():
            yield key
            yield from _texts(value)
    elif isinstance(data, list):
        for value in data:
            yield from _texts(value)

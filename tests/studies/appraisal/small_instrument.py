"""A small sound instrument for the tests, as a description that each test may change."""

import copy


ANSWERS = [{"value": "yes", "label": "Yes"}, {"value": "no", "label": "No"}]


def describe(**changes):
    """A small sound description: criteria a and b are critical, c is not; a "no" to a critical one is weak."""
    base = {
        "instrument_id": "small",
        "name": "Small",
        "version": "1.0",
        "citation": "Made for the tests.",
        "applies_to": ["grey_literature"],
        "adapted": True,
        "domains": [
            {"domain_id": "first", "label": "First", "criteria": [criterion("a"), criterion("b")]},
            {"domain_id": "second", "label": "Second", "criteria": [criterion("c", critical=False)]},
        ],
        "ratings": [{"value": "strong", "label": "Strong"}, {"value": "weak", "label": "Weak"}],
        "rule": {
            "type": "first_match",
            "steps": [step("r1", {"criteria": "critical", "answers": ["no"], "quantifier": "any"})],
            "otherwise": "strong",
        },
    }
    return copy.deepcopy({**base, **changes})


def criterion(name, *, critical=True, answers=ANSWERS):
    return {"criterion_id": name, "critical": critical, "question": f"Is {name} so?", "answers": answers}


def step(name, when, then="weak"):
    return {"step_id": name, "when": when, "then": then, "because": "It is so."}


def with_steps(*steps):
    return describe(rule={"type": "first_match", "steps": list(steps), "otherwise": "strong"})


def when(criteria="critical", answers=("no",), quantifier="any", **more):
    return {"criteria": criteria, "answers": list(answers), "quantifier": quantifier, **more}

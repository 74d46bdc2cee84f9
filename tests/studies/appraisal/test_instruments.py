"""One bad description per problem: each must be named in a sentence, and nothing else must be named."""

import copy
import json
from pathlib import Path

import pytest

from studies.appraisal.instruments import InvalidInstrument, parse_instrument, problems
from tests.studies.appraisal.small_instrument import ANSWERS, criterion, describe, step, when, with_steps


SHIPPED = Path(__file__).parents[3] / "fixtures" / "evidence-base" / "instruments.json"


def test_shipped_instruments_have_no_problems():
    shipped = json.loads(SHIPPED.read_text(encoding="utf-8"))["instruments"]

    assert len(shipped) == 6
    assert [problems(data) for data in shipped] == [[]] * 6


def test_a_parsed_instrument_keeps_everything_that_is_shown():
    data = json.loads(SHIPPED.read_text(encoding="utf-8"))["instruments"][0]

    instrument = parse_instrument(data)

    first = instrument.domains[0].criteria[0]
    assert (instrument.instrument_id, instrument.version, instrument.adapted) == (
        "grey-literature",
        "1.0",
        True,
    )
    assert instrument.applies_to == ("grey_literature", "policy_paper")
    assert (first.criterion_id, first.critical) == ("gl-author", False)
    assert first.guidance.startswith("Look for a named body")
    assert [answer.value for answer in first.answers] == ["yes", "partly", "no", "unclear", "not_applicable"]
    assert instrument.rating_labels["unclear"] == "Unclear"
    assert instrument.rule.explanation.startswith("Steps are read in order")


def test_parsing_refuses_a_description_with_problems_and_lists_them():
    with pytest.raises(InvalidInstrument, match=r"The rule ends with the rating “superb”") as refused:
        parse_instrument(describe(rule={"type": "first_match", "steps": [], "otherwise": "superb"}))

    assert len(refused.value.problems) == 1


@pytest.mark.parametrize(
    "key", ["instrument_id", "name", "version", "citation", "applies_to", "adapted", "rule"]
)
def test_a_missing_key_is_named(key):
    data = describe()
    del data[key]

    assert problems(data) == [f"The instrument has no “{key}”."]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"name": 3}, "The instrument: “name” must be text."),
        ({"name": ""}, "The instrument: “name” is empty."),
        ({"adapted": "yes"}, "The instrument: “adapted” must be true or false."),
        ({"applies_to": [1]}, "Every entry in the applies_to of the instrument must be text."),
        ({"ratings": []}, "The instrument: “ratings” is empty."),
        ({"ratings": ["strong"]}, "Rating 1 must be an object with named values."),
        ({"domains": {}}, "The instrument: “domains” must be a list."),
        ({"domains": [7]}, "Domain 1 must be an object with named values."),
        (
            {"domains": [{"domain_id": "d", "label": "D", "criteria": [{"criterion_id": "a"}]}]},
            "Criterion 1 of domain 1 has no “critical”.",
        ),
        (
            {"domains": [{"domain_id": "d", "label": "D", "criteria": [criterion("a", answers=[{"value": "yes"}])]}]},
            "Answer 1 of criterion 1 of domain 1 has no “label”.",
        ),
        (
            {"rule": {"type": "sum", "steps": [], "otherwise": "weak"}},
            "The rule is of the type “sum”; only “first_match” is known.",
        ),
        ({"rule": []}, "The instrument: “rule” must be an object."),
        ({"rule": {"type": "first_match", "steps": []}}, "The rule has no “otherwise”."),
    ],
)  # fmt: skip
def test_a_value_of_the_wrong_shape_is_named(change, sentence):
    assert sentence in problems(describe(**change))


@pytest.mark.parametrize(
    ("condition", "sentence"),
    [
        ([], "Step 1: “when” must be an object."),
        ({"criteria": "all", "answers": ["no"]}, "The condition of step 1 has no “quantifier”."),
        (
            {"answers": ["no"], "quantifier": "any"},
            "The condition of step 1 must say which criteria it is about: a word or a list of identifiers.",
        ),
        (
            when(criteria=[]),
            "The condition of step 1 must say which criteria it is about: a word or a list of identifiers.",
        ),
        (when(criteria=["a", 2]), "Every entry in the criteria of step 1 must be text."),
        ({**when(), "answers": [1]}, "Every entry in the answers of step 1 must be text."),
        (
            when(quantifier="at_least"),
            "The condition of step 1 says “at_least”, so it needs “n”, a whole number of 1 or more.",
        ),
        (
            when(quantifier="at_least", n=0),
            "The condition of step 1 says “at_least”, so it needs “n”, a whole number of 1 or more.",
        ),
    ],
)
def test_a_condition_of_the_wrong_shape_is_named(condition, sentence):
    assert problems(with_steps(step("r1", condition))) == [sentence]


def places(value, path=()):
    """Every path into nested lists and dicts, the root left out."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield (*path, key)
        yield from places(inner, (*path, key))


@pytest.mark.parametrize("junk", [None, 3, "junk", [], [None], {}, {"junk": 1}, True, 1.5])
def test_junk_anywhere_is_reported_and_never_raises(junk):
    data = with_steps(step("r1", when(criteria=["a"])), step("r2", when(quantifier="at_least", n=2)))

    for *path, last in places(data):
        broken = copy.deepcopy(data)
        target = broken
        for key in path:
            target = target[key]
        target[last] = junk
        found = problems(broken)
        assert all(isinstance(sentence, str) for sentence in found)
        if junk is None:
            assert found, (*path, last)


def test_anything_but_an_object_is_refused():
    assert problems(["not", "an", "instrument"]) == ["The instrument must be an object with named values."]


@pytest.mark.parametrize(
    ("condition", "sentence"),
    [
        (
            when(answers=["perhaps"]),
            "Step “r1” lists the answer “perhaps”, which none of its criteria offers.",
        ),
        (when(criteria=["a", "z"]), "Step “r1” names the criterion “z”, which the instrument does not have."),
        (
            when(criteria="third"),
            "Step “r1” is about “third”, which is no domain or group with any criterion.",
        ),
        (when(quantifier="at_least", n=3), "Step “r1” asks for 3 criteria but is about only 2."),
        (
            when(quantifier="most"),
            "Step “r1” has the quantifier “most”; it must be one of any, at_least, all, none.",
        ),
    ],
)
def test_a_condition_that_makes_no_sense_is_named(condition, sentence):
    assert problems(with_steps(step("r1", condition))) == [sentence]


@pytest.mark.parametrize(
    ("then", "sentence"),
    [
        ("superb", "Step “r1” gives the rating “superb”, which the instrument does not have."),
        ("r1", "Step “r1” leads back to itself; a step must give a rating."),
        (
            "r2",
            "Step “r1” leads to the step “r2”; a step must give a rating, so that no rule can run in a circle.",
        ),
    ],
)
def test_a_step_must_give_a_rating(then, sentence):
    data = with_steps(step("r1", when(), then=then), step("r2", when(criteria="other")))

    assert problems(data) == [sentence]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param(when(answers=["yes", "no"]), when(criteria="other"), id="catch-all first"),
        pytest.param(when(criteria="all"), when(criteria="critical"), id="wider group first"),
        pytest.param(when(), when(quantifier="at_least", n=2), id="any before two or more"),
        pytest.param(when(), when(quantifier="all"), id="any before all"),
        pytest.param(when(quantifier="none"), when(answers=["yes"], quantifier="all"), id="none is all others"),
        pytest.param(when(criteria="first"), when(criteria=["a"]), id="domain before one of its criteria"),
        pytest.param(when(), when(criteria="all", quantifier="at_least", n=2), id="two of three include a critical"),
    ],
)  # fmt: skip
def test_a_step_that_an_earlier_one_pre_empts_is_named(first, second):
    data = with_steps(step("r1", first), step("r2", second))

    assert problems(data) == [
        "Step “r2” can never apply: whenever it would fit, step “r1” has already decided."
    ]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param(when(quantifier="at_least", n=2), when(), id="two or more before any"),
        pytest.param(when(), when(criteria="all"), id="narrower group first"),
        pytest.param(when(), when(answers=["yes"]), id="other answer"),
        pytest.param(when(quantifier="none"), when(quantifier="any"), id="none before any"),
    ],
)
def test_a_step_that_can_still_apply_is_left_alone(first, second):
    assert problems(with_steps(step("r1", first), step("r2", second))) == []


def test_a_step_whose_answers_too_few_criteria_offer_can_never_apply():
    part = [*ANSWERS, {"value": "partly", "label": "Partly"}]
    data = with_steps(step("r1", when(answers=["partly"], quantifier="all")))
    data["domains"][0]["criteria"][0]["answers"] = part

    assert problems(data) == [
        "Step “r1” can never apply: too few of its criteria offer the answers it lists."
    ]


def test_repeated_names_are_named():
    data = with_steps(step("r1", when()), step("r1", when(criteria="other")))
    data["domains"][1]["criteria"].append(criterion("a", critical=False))
    data["domains"][1]["domain_id"] = "first"
    data["domains"][0]["criteria"][1]["answers"] = [*ANSWERS, ANSWERS[0]]
    data["ratings"].append(data["ratings"][0])

    assert problems(data)[:5] == [
        "Domain “first” is there more than once.",
        "Criterion “a” is there more than once.",
        "Rating “strong” is there more than once.",
        "Step “r1” is there more than once.",
        "Criterion “b” offers the answer “yes” more than once.",
    ]


def test_an_instrument_without_a_critical_criterion_is_refused():
    data = with_steps()
    data["domains"] = data["domains"][1:]

    assert problems(data) == ["No criterion is critical, so nothing could cap the rating."]


def test_a_domain_may_not_take_the_name_of_a_group():
    data = describe()
    data["domains"][1]["domain_id"] = "other"

    assert problems(data) == [
        "A domain may not be called “other”: the rule uses that word for a group of criteria."
    ]

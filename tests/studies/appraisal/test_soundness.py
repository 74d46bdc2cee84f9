"""What an instrument cannot do is found: ratings no answers lead to, steps that are never reached, critical questions
that cap nothing. Every answer to small instruments is tried, so that nothing sound is called unsound."""

import itertools
import json
from pathlib import Path

import pytest

from studies.appraisal.instruments import parse_instrument, problems
from studies.appraisal.parts import build_instrument
from studies.appraisal.rating import rate
from studies.appraisal.soundness import can_decide, weaknesses
from tests.studies.appraisal.small_instrument import ANSWERS, criterion, describe, step, when


SHIPPED = Path(__file__).parents[3] / "fixtures" / "evidence-base" / "instruments.json"


def found(*steps, otherwise="strong", **changes):
    rule = {"type": "first_match", "steps": list(steps), "otherwise": otherwise}
    data = describe(rule=rule, **changes)
    assert problems(data) == []
    return list(weaknesses(parse_instrument(data)))


def test_shipped_instruments_do_what_they_say():
    shipped = json.loads(SHIPPED.read_text(encoding="utf-8"))["instruments"]
    assert [list(weaknesses(parse_instrument(data))) for data in shipped] == [[]] * 6


def test_a_step_that_earlier_ones_pre_empt_only_together_is_named():
    steps = [step("yes", when(criteria=["c"], answers=["yes"])), step("no", when(criteria=["c"]))]
    assert found(*steps, step("late", when()), otherwise="strong") == [
        "Step “late” can never apply: whatever the answers, a step before it has decided already or it does not fit.",
        "“otherwise” can never apply: whatever the answers, one of the steps fits.",
    ]


def test_a_rating_that_no_answers_lead_to_is_named():
    ratings = [{"value": value, "label": value} for value in ("strong", "moderate", "weak")]
    assert found(step("r1", when()), ratings=ratings) == [
        "The rating “moderate” is never given: no answers lead to it."
    ]


def test_a_critical_question_that_caps_nothing_is_named():
    [said] = found(step("r1", when(criteria=["a"])))
    assert said.startswith(
        "Criterion “b” is critical, but no step that gives less than “strong” asks about it"
    )


def test_one_rating_or_one_answer_is_nothing_to_judge():
    domains = [
        {"domain_id": "d", "label": "D", "criteria": [criterion("a"), criterion("b", answers=ANSWERS[:1])]}
    ]
    assert found(step("r1", when(criteria=["a", "b"])), domains=domains) == [
        "Criterion “b” offers only one answer, so there is nothing to judge."
    ]
    only = [{"value": "weak", "label": "Weak"}]
    assert found(step("r1", when()), otherwise="weak", ratings=only)[0].startswith(
        "The instrument has only one rating"
    )


CONDITIONS = [
    when(criteria=criteria, answers=[answer], quantifier=quantifier, **more)
    for criteria in ("critical", "all", ["b", "c"])
    for answer in ("yes", "no")
    for quantifier, more in (("any", {}), ("all", {}), ("none", {}), ("at_least", {"n": 2}))
]


@pytest.mark.parametrize("first", range(len(CONDITIONS)))
def test_a_step_is_reached_exactly_where_some_answers_reach_it(first):
    """All pairs of 24 conditions on three questions, against all eight ways to answer them."""
    for second in CONDITIONS:
        data = describe()
        data["rule"]["steps"] = [step("r1", CONDITIONS[first]), step("r2", second)]
        instrument = build_instrument(data)
        needed = [instrument.requirement(one.when) for one in instrument.rule.steps]
        reached = {
            rate(instrument, dict(zip("abc", answers, strict=True))).step_id
            for answers in itertools.product(("yes", "no"), repeat=3)
        }
        assert can_decide(instrument, [], needed[0]) == ("r1" in reached)
        assert can_decide(instrument, needed[:1], needed[1]) == ("r2" in reached)
        assert can_decide(instrument, needed, None) == (None in reached)


def test_what_is_too_much_to_follow_is_not_refused():
    """Thirty-one steps, each about half of sixty questions: more counts than anybody waits for."""
    names = [f"q{number}" for number in range(60)]
    domains = [{"domain_id": "d", "label": "D", "criteria": [criterion(name) for name in names]}]
    steps = [step(f"r{n}", when(criteria=names[n : n + 30], quantifier="at_least", n=15)) for n in range(31)]
    data = describe(domains=domains, rule={"type": "first_match", "steps": steps, "otherwise": "strong"})
    assert list(weaknesses(parse_instrument(data))) == []

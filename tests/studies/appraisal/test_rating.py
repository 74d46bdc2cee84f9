"""The rule language, one shape at a time, and all shipped ratings reproduced from their answers."""

import csv
import itertools
import json
from collections import defaultdict
from pathlib import Path

import pytest

from studies.appraisal.instruments import parse_instrument
from studies.appraisal.rating import UnknownAnswer, explain, rate
from tests.studies.appraisal.small_instrument import describe, step, when, with_steps


BASE = Path(__file__).parents[3] / "fixtures" / "evidence-base"


def rows(name):
    with (BASE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def shipped_instruments():
    data = json.loads((BASE / "instruments.json").read_text(encoding="utf-8"))
    return {item["instrument_id"]: parse_instrument(item) for item in data["instruments"]}


def rated(condition, **answers):
    """The result of a one-step rule (weak if it fits, else strong) on the three-question instrument."""
    return rate(parse_instrument(with_steps(step("r1", condition))), answers)


def test_every_shipped_rating_follows_from_its_answers():
    instruments = shipped_instruments()
    answers = defaultdict(dict)
    for row in rows("appraisal_answers.csv"):
        answers[row["appraisal_id"]][row["criterion_id"]] = row["answer"]
    appraisals = rows("appraisals.csv")

    results = {
        row["appraisal_id"]: rate(instruments[row["instrument_id"]], answers[row["appraisal_id"]])
        for row in appraisals
    }

    assert len(appraisals) == 146
    assert {key: result.rating for key, result in results.items()} == {
        row["appraisal_id"]: row["overall_rating"] for row in appraisals
    }
    assert {result.missing for result in results.values()} == {()}


@pytest.mark.parametrize(
    ("condition", "fits", "does_not"),
    [
        pytest.param(when(), ("no", "yes", "yes"), ("yes", "yes", "no"), id="any critical"),
        pytest.param(when(criteria="other"), ("yes", "yes", "no"), ("no", "no", "yes"), id="any other"),
        pytest.param(when(criteria="all"), ("yes", "yes", "no"), ("yes", "yes", "yes"), id="any of all"),
        pytest.param(when(criteria=["b", "c"]), ("yes", "yes", "no"), ("no", "yes", "yes"), id="listed criteria"),
        pytest.param(when(criteria="second"), ("yes", "yes", "no"), ("no", "no", "yes"), id="a domain"),
        pytest.param(
            when(criteria="all", quantifier="at_least", n=2), ("no", "yes", "no"), ("no", "yes", "yes"), id="at least"
        ),
        pytest.param(when(quantifier="all"), ("no", "no", "yes"), ("no", "yes", "no"), id="all"),
        pytest.param(when(quantifier="none"), ("yes", "yes", "no"), ("yes", "no", "yes"), id="none"),
        pytest.param(
            when(answers=["yes", "no"], quantifier="all"), ("no", "yes", "no"), None, id="several answers"
        ),
    ],
)  # fmt: skip
def test_each_shape_of_condition(condition, fits, does_not):
    assert rated(condition, **dict(zip("abc", fits, strict=True))).rating == "weak"
    if does_not:
        assert rated(condition, **dict(zip("abc", does_not, strict=True))).rating == "strong"


def test_the_first_step_that_fits_decides():
    instrument = parse_instrument(
        with_steps(
            step("r1", when(quantifier="all"), then="weak"), step("r2", when(criteria="all"), then="strong")
        )
    )

    assert rate(instrument, {"a": "no", "b": "no", "c": "no"}).step_id == "r1"
    assert rate(instrument, {"a": "no", "b": "yes", "c": "no"}).step_id == "r2"


def test_deciding_names_only_the_criteria_that_triggered_the_step():
    assert rated(when(criteria="all"), a="yes", b="no", c="no").deciding == ("b", "c")
    assert rated(when(quantifier="none"), a="yes", b="yes", c="no").deciding == ("a", "b")
    assert rated(when(), a="yes", b="yes", c="no").deciding == ()


def test_otherwise_has_no_step():
    result = rated(when(), a="yes", b="yes", c="no")

    assert (result.rating, result.step_id, result.because) == (
        "strong",
        None,
        "None of the conditions for another rating applies.",
    )


def test_a_form_with_nothing_answered_has_no_rating():
    result = rated(when())

    assert (result.rating, result.step_id, result.missing) == (None, "r1", ("a", "b", "c"))


def test_a_missing_answer_that_cannot_change_the_rating_does_not_hold_it_up():
    assert rated(when(), a="no").rating == "weak"
    assert rated(when(), a="no").missing == ("b", "c")
    assert rated(when(), a="yes", b="yes").rating == "strong"


def test_a_missing_answer_leaves_none_and_all_open():
    assert rated(when(quantifier="none"), a="yes").rating is None
    assert rated(when(quantifier="none"), a="no").rating == "strong"
    assert rated(when(quantifier="all"), a="no").rating is None
    assert rated(when(quantifier="all"), a="yes").rating == "strong"


def test_a_rating_given_with_gaps_is_the_one_every_completion_gets():
    instrument = shipped_instruments()["grey-literature"]
    keys = [key for key, item in instrument.criteria.items() if item.critical]
    rest = {key: "yes" for key in instrument.criteria if key not in keys}
    values = ["yes", "partly", "no", "unclear"]
    settled = 0

    for given in itertools.product([*values, None], repeat=len(keys)):
        known = {key: value for key, value in zip(keys, given, strict=True) if value}
        result = rate(instrument, {**rest, **known})
        open_keys = [key for key in keys if key not in known]
        completions = {
            rate(instrument, {**rest, **known, **dict(zip(open_keys, filling, strict=True))}).rating
            for filling in itertools.product(values, repeat=len(open_keys))
        }
        if result.rating is not None:
            assert completions == {result.rating}
            settled += 1

    assert settled > len(values) ** len(keys)


def test_no_number_of_good_answers_outweighs_one_critical_no():
    instrument = shipped_instruments()["official-statistics"]
    answers = dict.fromkeys(instrument.criteria, "yes")

    assert rate(instrument, answers).rating == "strong"
    assert rate(instrument, answers | {"os-completeness": "no"}).rating == "weak"


def test_answers_that_do_not_belong_are_refused():
    instrument = parse_instrument(describe())

    with pytest.raises(UnknownAnswer, match="The instrument “Small” does not ask “z”"):
        rate(instrument, {"z": "yes"})
    with pytest.raises(UnknownAnswer, match="“perhaps” is not an answer to “Is a so"):
        rate(instrument, {"a": "perhaps"})


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ({"a": "no", "b": "yes", "c": "yes"}, "Rated weak. It is so. Decided by: 1. “Is a so?”"),
        ({"a": "yes", "b": "yes", "c": "no"}, "Rated strong. {none}"),
        ({"a": "yes", "b": "yes"}, "Rated strong. {none} It stays so whatever the answer to question 3 is."),
        ({"a": "yes", "c": "yes"}, "{open} Still to answer: question 2."),
        ({"a": "yes"}, "{open} Still to answer: questions 2 and 3."),
        ({}, "Not yet rated: no question is answered."),
    ],
)
def test_the_result_is_explained_in_words(answers, words):
    instrument = parse_instrument(describe())
    expected = words.format(
        none="None of the conditions for another rating applies.",
        open="Not yet rated: the answers so far leave more than one rating possible.",
    )

    assert explain(instrument, rate(instrument, answers)) == expected


def test_open_questions_are_listed_by_runs_of_their_numbers():
    instrument = shipped_instruments()["inquiry-case-review"]
    keys = list(instrument.criteria)
    answers = {keys[2]: "partly", keys[4]: "yes"}

    assert explain(instrument, rate(instrument, answers)).endswith(
        "Still to answer: questions 1, 2, 4 and 6 to 9."
    )

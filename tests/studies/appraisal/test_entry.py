"""What is still lacking before an entry can be submitted."""

from studies.appraisal.entry import Entry, Given, computed, faults
from studies.appraisal.instruments import parse_instrument
from tests.studies.appraisal.small_instrument import ANSWERS, criterion, describe


APPLIES_OR_NOT = [*ANSWERS, {"value": "not_applicable", "label": "Not applicable"}]
INSTRUMENT = parse_instrument(
    describe(
        domains=[
            {
                "domain_id": "first",
                "label": "First",
                "criteria": [
                    criterion("a", answers=APPLIES_OR_NOT),
                    criterion("b", answers=APPLIES_OR_NOT, critical=False),
                ],
            }
        ]
    )
)


def entry(**answers) -> Entry:
    return Entry({key: Given(value) for key, value in answers.items()}, rationale="It is sound.")


def test_an_entry_in_which_no_question_applies_is_not_taken_for_a_strong_source():
    nothing = entry(a="not_applicable", b="not_applicable")

    assert computed(INSTRUMENT, nothing).rating == "strong"
    [fault] = faults(INSTRUMENT, nothing)
    assert fault.where == "answer-a"
    assert "nothing to rate by" in fault.message


def test_an_entry_in_which_one_question_applies_is_complete():
    assert faults(INSTRUMENT, entry(a="yes", b="not_applicable")) == []


def test_an_entry_that_is_not_filled_yet_asks_for_the_open_questions_only():
    assert [fault.where for fault in faults(INSTRUMENT, entry(a="not_applicable"))] == ["answer-b"]

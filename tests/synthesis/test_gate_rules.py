"""The gate before pooling: each rule refuses what it should, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from evidence.synthesis import Estimate, Statement, check_comparable


YEARS = [(date(year, 1, 1), date(year, 12, 31)) for year in range(2010, 2020)]
SAID = "Signed: one question, one unit."


def study(i, **changes):
    """One of a row of studies that may be pooled: own source, own place, own year."""
    values = {
        "label": f"Study {i}",
        "source_id": f"source-{i}",
        "events": 20 + i,
        "total": 100 + i,
        "unit": "offender",
        "measure_id": "offender-sex",
        "category": "female",
        "scope": "Group-based offences",
        "geography": f"Town {i}",
        "period": YEARS[i % 10],
        "source_type": "academic_study",
        "quality": "moderate",
        "unknown": 0,
    }
    return Estimate(**{**values, **changes})


def studies(k=4, **changes):
    return [study(i, **changes) for i in range(1, k + 1)]


def changed(entries, place, **changes):
    return [replace(entry, **changes) if i == place else entry for i, entry in enumerate(entries)]


def codes(gate):
    return [refusal.code for refusal in gate.refusals]


def gate_of(entries, statement=SAID, overlaps=frozenset()):
    return check_comparable(entries, statement=statement, overlaps=overlaps)


def test_comparable_studies_pass():
    gate = gate_of(studies())
    assert gate.open
    assert gate.refusal is None
    assert (len(gate.included), gate.excluded) == (4, ())


@pytest.mark.parametrize("unit", ["", "victim"])
def test_r1_units_must_be_recorded_and_equal(unit):
    gate = gate_of(changed(studies(), 0, unit=unit))
    assert codes(gate) == ["R1"]
    assert ("Study 1" if not unit else "offender and victim") in gate.refusal.message


@pytest.mark.parametrize("statement", [None, "", "   ", Statement(text="")])
def test_r2_somebody_must_have_said_that_the_studies_are_comparable(statement):
    assert codes(gate_of(studies(), statement)) == ["R2"]


@pytest.mark.parametrize(
    ("field", "value"),
    [("scope", "All sexual offences"), ("scope", ""), ("measure_id", "victim-sex"), ("category", "male")],
)
def test_r2_no_statement_covers_different_populations_measures_or_categories(field, value):
    gate = gate_of(changed(studies(), 1, **{field: value}), Statement(text=SAID, no_shared_people=True))
    assert codes(gate) == ["R2"]
    assert (value or "not recorded") in gate.refusal.message


def test_r2_bases_with_and_without_unknowns_do_not_mix():
    mixed = changed(studies(unknown=5), 0, unknown_in_total=False)
    assert "R2" in codes(gate_of(mixed))
    harmless = changed(studies(unknown=0), 0, unknown_in_total=False)
    assert gate_of(harmless).open


def test_r3_recorded_overlap_is_refused_whatever_the_statement():
    pair = frozenset({frozenset({"source-1", "source-3"})})
    gate = gate_of(studies(), Statement(text=SAID, no_shared_people=True), pair)
    assert codes(gate) == ["R3"]
    assert [row.number for row in gate.refusal.rows] == [1, 3]
    assert "Study 1 and Study 3" in gate.refusal.message


def test_r3_presumed_overlap_is_answered_only_by_a_statement_about_people():
    same_place = changed(studies(), 1, geography="Town 1", period=YEARS[1])
    assert codes(gate_of(same_place)) == ["R3"]
    assert gate_of(same_place, Statement(text=SAID, no_shared_people=True)).open


def test_r4_fewer_than_three_are_told_so_first():
    assert codes(gate_of(studies(2), None)) == ["R4", "R2"]
    assert codes(gate_of(studies(1), None)) == ["R4"]
    assert codes(gate_of([], None)) == ["R4"]


def test_r5_nothing_but_empty_or_full_studies():
    assert codes(gate_of([study(i, events=0) for i in range(1, 5)])) == ["R5"]
    assert codes(gate_of([study(i, events=100 + i) for i in range(1, 5)])) == ["R5"]


@pytest.mark.parametrize("changes", [{"events": -1}, {"events": 999}, {"total": 0}, {"events": 1.5}])
def test_r6_invalid_counts_are_named(changes):
    gate = gate_of(changed(studies(), 2, **changes))
    assert gate.refusal.code == "R6"
    assert "Study 3 (row 3)" in gate.refusal.message


def test_r6_a_percentage_that_no_count_gives():
    gate = gate_of(changed(studies(), 2, events=None, total=7, percentage=50))
    assert gate.refusal.code == "R6"
    assert [row.number for row in gate.refusal.rows] == [3]


def test_r7_too_few_people_in_all_or_in_most_studies():
    assert codes(gate_of([study(i, events=i, total=10 + i) for i in range(1, 4)])) == ["R7"]
    mostly_tiny = [study(i, events=i, total=8) for i in range(1, 4)] + [study(4, total=300)]
    gate = gate_of(mostly_tiny)
    assert codes(gate) == ["R7"]
    assert "3 of 4" in gate.refusal.message
    half_tiny = [study(i, events=i, total=8) for i in (1, 2)] + [study(i, total=300 + i) for i in (3, 4)]
    assert gate_of(half_tiny).open


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"total": None}, "base"),
        ({"denominator_known": False}, "base"),
        ({"events": None}, "neither a count"),
        ({"precision": "lower_bound"}, "at least"),
        ({"precision": "upper_bound"}, "at most"),
        ({"precision": "approximate"}, "in words"),
        ({"selected_on_outcome": True}, "selected"),
    ],
)
def test_r8_what_cannot_stand_in_any_pool_is_left_out_with_its_reason(changes, reason):
    gate = gate_of(changed(studies(5), 4, **changes))
    assert gate.open
    assert [(entry.label, entry.rule) for entry in gate.excluded] == [("Study 5", "R8")]
    assert reason in gate.excluded[0].reason.lower()


def test_r9_clustered_incidents_need_a_design_effect_or_a_standard_error():
    entries = studies(5)
    gate = gate_of(changed(entries, 0, clustered=True))
    assert [entry.rule for entry in gate.excluded] == ["R9"]
    assert len(gate_of(changed(entries, 0, clustered=True, cluster_size=3, icc=0.2)).included) == 5
    assert len(gate_of(changed(entries, 0, clustered=True, standard_error=0.03)).included) == 5


def test_exclusions_count_before_the_number_of_studies_does():
    assert codes(gate_of(changed(studies(3), 0, total=None))) == ["R4"]


def warned(entries):
    return {caution.code: caution.message for caution in gate_of(entries).warnings}


def test_w5_tiny_studies():
    assert "Study 1 has fewer than 10" in warned(changed(studies(), 0, events=2, total=9))["W5"]
    assert "W5" not in warned(studies())


def test_w6_rebuilt_counts_stay_in_the_gate_with_the_ends_of_their_range():
    unique = gate_of(changed(studies(), 0, events=None, percentage=21, total=100))
    assert unique.included[0].events == 21
    assert unique.as_given[0].events is None
    assert unique.at_lowest == unique.at_highest == unique.included
    several = gate_of(changed(studies(), 0, events=None, percentage=21, total=1000))
    ends = [entries[0].events for entries in (several.at_lowest, several.included, several.at_highest)]
    assert ends == [205, 210, 215]
    assert [caution.code for caution in several.warnings] == ["W6"]


def test_w7_unknown_shares():
    assert (
        "unknown for 20.0% of people" in warned([study(i, total=100, unknown=20) for i in range(1, 5)])["W7"]
    )
    message = warned([study(i, total=100, unknown=10 * i) for i in range(1, 5)])["W7"]
    assert "10.0% to 40.0%" in message
    assert "W7" not in warned(studies())


def test_w8_studies_rated_weak():
    assert "Study 2 is rated weak" in warned(changed(studies(), 1, quality="weak"))["W8"]
    both = changed(changed(studies(), 1, quality="weak"), 2, quality="weak")
    assert "Study 2 and Study 3 are rated weak" in warned(both)["W8"]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"measurement": "self_reported"}, "ways of measuring"),
        ({"source_type": "grey_literature"}, "types of source"),
        ({"verification": "secondary"}, "first-hand and second-hand"),
        ({"geography": "Scotland"}, "nations"),
    ],
)
def test_w12_mixtures(changes, said):
    entries = studies(measurement="observed", geography="England", register="")
    entries = [replace(entry, register=f"register {i}") for i, entry in enumerate(entries)]
    assert "W12" not in warned(entries)
    assert said in warned(changed(entries, 0, **changes))["W12"]
    assert "W12" not in warned(studies()), "towns are no mixture of nations"


def test_words_outside_the_vocabulary_are_errors():
    for field in ("quality", "verification", "precision"):
        with pytest.raises(ValueError, match="splendid"):
            study(1, **{field: "splendid"})

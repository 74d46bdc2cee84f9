"""Who may count the same people, and which study of a cluster is kept."""

from __future__ import annotations

from datetime import date

import pytest

from evidence.synthesis import Estimate, find_overlaps, resolve_overlaps
from evidence.synthesis.overlap import OverlapPair, clusters


EARLY = (date(2010, 1, 1), date(2012, 12, 31))
LATE = (date(2013, 1, 1), date(2014, 12, 31))


def study(label, **changes):
    values = {"label": label, "source_id": label, "events": len(label), "total": 100, "geography": label}
    return Estimate(**{**values, **changes})


def reason(a, b, recorded=frozenset()):
    pairs = find_overlaps([a, b], recorded)
    return (pairs[0].reason, pairs[0].presumed) if pairs else None


def test_different_places_do_not_meet():
    assert reason(study("Leeds"), study("Hull", events=9)) is None


def test_one_source_counts_once():
    found = reason(study("A", source_id="s"), study("B", source_id="s", events=9))
    assert found == ("both figures come from one source", False)
    assert reason(study("A", source_id=""), study("B", source_id="", events=9)) is None


def test_recorded_pairs_hold_in_both_directions():
    recorded = {frozenset({"Leeds", "Hull"})}
    for pair in ((study("Leeds"), study("Hull")), (study("Hull"), study("Leeds"))):
        assert "recorded" in reason(*pair, recorded)[0]


def test_identical_counts_are_suspect_in_any_two_places():
    """As the two pairs of equal rows (95 of 379, 300 of 1500) in Landenberger and Lipsey 2005."""
    found = reason(study("A", events=95, total=379), study("B", events=95, total=379))
    assert found == ("both count 95 of 379", False)
    assert reason(study("A", events=None), study("B", events=None)) is None


@pytest.mark.parametrize(
    ("first", "second", "meet"),
    [
        ("England", "England", True),
        ("England", "England and Wales", True),
        ("Great Britain", "united  kingdom", True),
        ("England", "Scotland", False),
        ("England and Wales", "Northern Ireland", False),
        ("England", "Rotherham", True),
        ("Rotherham", "Rotherham, South Yorkshire", True),
        ("Rotherham", "Oxford", False),
        ("", "Oxford", True),
    ],
)
def test_areas_that_meet(first, second, meet):
    found = reason(study("A", geography=first), study("Bc", geography=second))
    assert (found is not None) == meet
    assert not meet or found[1]


def test_years_apart_do_not_meet_and_unknown_years_meet_all():
    place = {"geography": "England"}
    assert reason(study("A", period=EARLY, **place), study("Bc", period=LATE, **place)) is None
    assert reason(study("A", period=EARLY, **place), study("Bc", period=None, **place)) is not None
    touching = (EARLY[1], LATE[1])
    assert reason(study("A", period=EARLY, **place), study("Bc", period=touching, **place)) is not None


def test_registers_settle_what_is_otherwise_presumed():
    place = {"geography": "England"}
    same = reason(study("A", register="Police data", **place), study("Bc", register="police  DATA", **place))
    assert same == ("both count people in the same register, area and years", False)
    assert reason(study("A", register="Police", **place), study("Bc", register="Health", **place)) is None
    one_unknown = reason(study("A", register="Police", **place), study("Bc", **place))
    assert one_unknown[1] is True


def test_clusters_join_through_others():
    pairs = [OverlapPair(0, 3, ""), OverlapPair(3, 5, ""), OverlapPair(1, 2, "")]
    assert clusters(6, pairs) == ((0, 3, 5), (1, 2))
    assert clusters(3, []) == ()


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ({"unknown": 5, "total": 50}, {"unknown": 20, "total": 100, "period": LATE}),
        ({"unknown": 5}, {"unknown": None, "period": LATE}),
        ({"period": LATE, "total": 50}, {"period": EARLY}),
        ({"period": EARLY}, {"period": None}),
        ({"total": 200}, {"total": 100}),
        ({"label": "A"}, {"label": "B"}),
    ],
)
def test_the_more_complete_then_later_then_larger_study_is_kept(better, worse):
    keep = study(**{"label": "M", "source_id": "s", **better})
    drop = study(**{"label": "N", "source_id": "s", **worse})
    for order in ([keep, drop], [drop, keep]):
        found = resolve_overlaps(order, find_overlaps(order, frozenset()))
        assert found.kept == (keep,)
        assert [(entry.estimate, entry.rule) for entry in found.excluded] == [(drop, "R3")]
        assert found.swaps == ((drop.label, (drop,)),)


def test_one_is_kept_of_each_cluster_and_swaps_keep_the_order():
    entries = [
        study(name, source_id=name[0], total=100 + i) for i, name in enumerate(["a1", "b1", "a2", "c1", "b2"])
    ]
    found = resolve_overlaps(entries, find_overlaps(entries, frozenset()))
    assert [entry.label for entry in found.kept] == ["a2", "c1", "b2"]
    assert [(name, [e.label for e in members]) for name, members in found.swaps] == [
        ("a1", ["a1", "c1", "b2"]),
        ("b1", ["b1", "a2", "c1"]),
    ]

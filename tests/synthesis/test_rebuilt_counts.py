"""Counts behind printed percentages."""

from __future__ import annotations

import pytest

from evidence.synthesis import Estimate
from evidence.synthesis.rebuilding import Rebuilt, complete_events, rebuild_events


@pytest.mark.parametrize(
    ("percentage", "total", "decimals", "expected"),
    [
        (33, 3, 0, Rebuilt(1, 1, 1)),
        (28, 1000, 0, Rebuilt(275, 280, 285)),
        (27.9, 1000, 1, Rebuilt(279, 279, 279)),
        (50, 7, 0, Rebuilt(4, 3, 3)),
        (0, 40, 0, Rebuilt(0, 0, 0)),
        (0, 400, 0, Rebuilt(0, 0, 2)),
        (100, 400, 0, Rebuilt(398, 400, 400)),
        (12.5, 8, 1, Rebuilt(1, 1, 1)),
    ],
)
def test_every_count_that_rounds_to_the_percentage(percentage, total, decimals, expected):
    found = rebuild_events(percentage, total, decimals)
    assert found == expected
    assert found.possible == (expected.lowest <= expected.highest)


def test_the_range_is_what_trying_every_count_gives():
    for total in (3, 7, 40, 999):
        for percentage in range(101):
            by_trial = [x for x in range(total + 1) if abs(100 * x / total - percentage) <= 0.5 + 1e-9]
            found = rebuild_events(percentage, total)
            assert list(range(found.lowest, found.highest + 1)) == by_trial


def test_only_studies_without_events_are_completed():
    given = Estimate(label="Given", events=4, total=50, percentage=99)
    baseless = Estimate(label="Baseless", percentage=20)
    negative = Estimate(label="Negative", percentage=20, total=-5)
    rebuilt = Estimate(label="Rebuilt", percentage=20, total=50)
    wide = Estimate(label="Wide", percentage=20, total=500)
    broken = Estimate(label="Broken", percentage=50, total=7)
    found = complete_events([given, baseless, negative, rebuilt, wide, broken])
    assert [entry.events for entry in found.estimates] == [4, None, None, 10, 100, None]
    assert [entry.events for entry in found.at_lowest] == [4, None, None, 10, 98, None]
    assert [entry.events for entry in found.at_highest] == [4, None, None, 10, 102, None]
    assert found.impossible == (5,)
    assert ["Rebuilt" in caution.message for caution in found.cautions] == [True, False]
    assert {caution.code for caution in found.cautions} == {"W6"}

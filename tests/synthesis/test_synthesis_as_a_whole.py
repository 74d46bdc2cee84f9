"""Bringing described studies together: gate, model, sensitivity, bounds, and what stands beside the figure."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from evidence.synthesis import Estimate, PoolingRefused, Statement, synthesise
from evidence.synthesis.described import choose_method, pool_described


SAID = Statement(text="One question, one unit, no shared people.", by="A reviewer", no_shared_people=True)
COUNTS = [(30, 120), (44, 150), (25, 90), (61, 180), (18, 75)]


def study(i, **changes):
    x, n = COUNTS[i]
    values = {
        "label": f"Study {i + 1}",
        "source_id": f"source-{i + 1}",
        "events": x,
        "total": n,
        "unit": "offender",
        "scope": "Group-based offences",
        "geography": f"Town {i + 1}",
        "period": (date(2010 + i, 1, 1), date(2010 + i, 12, 31)),
        "source_type": "academic_study",
        "quality": "strong",
    }
    return Estimate(**{**values, **changes})


def studies(**changes):
    return [study(i, **changes) for i in range(5)]


def whole(entries, **options):
    return synthesise(entries, statement=SAID, **options)


def test_a_pool_comes_with_the_other_model_and_is_never_both_pooled_and_refused():
    found = whole(studies())
    assert (found.refusals, found.refusal) == ((), None)
    assert found.pooled.method == "reml"
    assert found.other.method == "glmm"
    assert found.restricted is found.pooled
    assert found.restricted_note == "All studies are rated strong or moderate."
    assert [single.label for single in found.singles] == [entry.label for entry in found.included]
    refused = synthesise(studies(), statement=None)
    assert refused.pooled is refused.other is refused.restricted is refused.bounds is None
    assert refused.refusal.code == "R2"
    assert refused.sensitivity == ()
    assert refused.method_line.startswith("No pooled figure under rule R2.")
    assert len(refused.singles) == 5


def test_sparse_data_make_the_count_model_primary_before_any_result_is_seen():
    rare = [replace(entry, events=i) for i, entry in enumerate(studies())]
    found = whole(rare)
    assert (found.pooled.method, found.other.method) == ("glmm", "reml")
    assert whole(rare, method="reml").pooled.method == "reml"
    assert choose_method([replace(entry, events=4) for entry in studies()]) == "glmm"
    assert choose_method([replace(entry, events=5) for entry in studies()]) == "reml"


def test_restriction_to_better_quality_stands_beside_or_says_why_not():
    some = [replace(entry, quality="weak" if i < 2 else "moderate") for i, entry in enumerate(studies())]
    found = whole(some)
    assert found.restricted.k == 3
    assert {caution.code for caution in found.warnings} >= {"W8"}
    most = [replace(entry, quality="weak" if i < 3 else "moderate") for i, entry in enumerate(studies())]
    assert whole(most).restricted is None
    assert whole(most).restricted_note == "Nothing of adequate quality can be pooled."
    empty = [
        replace(entry, quality="weak" if i < 2 else "strong", events=7 * (i < 2))
        for i, entry in enumerate(studies())
    ]
    assert whole(empty).restricted is None
    assert "No study saw any event" in whole(empty).restricted_note


def test_bounds_are_pooled_separately_and_lead_when_unknowns_matter_more_than_chance():
    known_only = [replace(entry, unknown=200, unknown_in_total=False) for entry in studies()]
    found = whole(known_only)
    low, high = found.bounds.limits
    assert low < found.pooled.estimate_share < high
    assert found.bounds_are_headline
    assert "W7" in {caution.code for caution in found.warnings}
    few = [replace(entry, unknown=1) for entry in studies()]
    assert not whole(few).bounds_are_headline
    assert whole(studies()).bounds is None
    assert not whole(studies()).bounds_are_headline
    no_known = [replace(entry, unknown=entry.total - entry.events) for entry in studies()]
    assert whole(no_known).bounds.upper is None
    assert whole(no_known).bounds.limits is None
    assert "100%" in whole(no_known).bounds.reason
    broken = [replace(entry, unknown=entry.total) for entry in studies()]
    assert whole(broken).bounds.lower is None
    assert "exceed the total" in whole(broken).bounds.reason


def test_overlapping_studies_are_refused_or_resolved_by_rule_with_swaps_shown():
    overlap = frozenset({frozenset({"source-1", "source-2"})})
    refused = whole(studies(), overlaps=overlap)
    assert refused.refusal.code == "R3"
    found = whole(studies(), overlaps=overlap, resolve=True)
    assert found.pooled.k == 4
    assert [(entry.label, entry.rule) for entry in found.excluded] == [("Study 1", "R3")]
    swap = [row for row in found.sensitivity if row.name == "swap:Study 1"]
    assert [row.k for row in swap] == [4, 4]
    assert swap[0].estimate_share != found.pooled.estimate_share
    assert "Study 1 (R3:" in found.method_line
    assert whole(studies(), resolve=True).pooled.k == 5


def test_rounded_percentages_are_refitted_at_both_ends():
    rebuilt = [study(0), study(1), study(2, events=None, percentage=28, total=900), study(3), study(4)]
    rows = {row.name: row for row in whole(rebuilt).sensitivity if row.method == "reml"}
    ends = [rows[name].estimate_share for name in ("lowest_counts", "all", "highest_counts")]
    assert ends == sorted(ends)
    assert ends[0] < ends[2]
    overlap = frozenset({frozenset({"source-1", "source-3"})})
    resolved = whole(rebuilt, overlaps=overlap, resolve=True)
    assert {caution.code for caution in resolved.warnings} >= {"W6"}
    assert {"lowest_counts", "swap:Study 1"} <= {row.name for row in resolved.sensitivity}


def test_sensitivity_shows_both_models_of_each_set_and_says_what_cannot_be_pooled():
    mixed = [
        replace(
            entry,
            source_type="grey_literature" if i < 2 else "academic_study",
            quality="weak" if i == 4 else "strong",
        )
        for i, entry in enumerate(studies(measurement="observed"))
    ]
    mixed[0] = replace(mixed[0], verification="secondary", measurement="self_reported")
    mixed[1] = replace(mixed[1], events=2, total=9)
    rows = whole(mixed).sensitivity
    names = [row.name for row in rows if row.method == "reml"]
    assert names == [row.name for row in rows if row.method == "glmm"]
    assert names == [
        "all",
        "better_quality",
        "source_type:academic_study",
        "source_type:grey_literature",
        "measurement:observed",
        "measurement:self_reported",
        "verification:primary",
        "without_tiny",
        *[f"without:Study {i}" for i in range(1, 6)],
    ]
    refused = {row.name: row.refusal.code for row in rows if row.refusal}
    assert refused == {"source_type:grey_literature": "R4", "measurement:self_reported": "R4"}
    everything = rows[0]
    assert everything.estimate_share == pytest.approx(whole(mixed, method="reml").pooled.estimate_share)


def test_clustered_studies_enter_with_a_larger_variance_and_without_the_count_model():
    plain = whole(studies())
    adjusted = whole([study(0, clustered=True, cluster_size=5, icc=0.5), *studies()[1:]])
    assert adjusted.pooled.method == "reml"
    assert adjusted.other is None
    assert adjusted.pooled.weights[0] < plain.pooled.weights[0]
    assert {row.method for row in adjusted.sensitivity} == {"reml"}
    assert adjusted.pooled.studies.v[0] == pytest.approx(3.0 * plain.pooled.studies.v[0])
    assert adjusted.pooled.estimate_share is not None


def test_a_design_based_standard_error_replaces_the_simple_one():
    """With s = sqrt(p(1-p)/n), the delta method gives back the simple variance."""
    simple = (0.25 * 0.75 / 120) ** 0.5
    as_simple = whole([study(0, standard_error=simple), *studies()[1:]])
    assert as_simple.pooled.estimate == pytest.approx(whole(studies()).pooled.estimate, rel=1e-12)
    wider = whole([study(0, standard_error=2 * simple), *studies()[1:]])
    assert wider.pooled.studies.v[0] == pytest.approx(4 * as_simple.pooled.studies.v[0])
    at_zero = whole([study(0, events=0, standard_error=0.01), *studies()[1:]])
    assert at_zero.pooled.studies.v[0] == pytest.approx(1 / 0.5 + 1 / 120.5)


def test_a_part_that_says_too_little_is_refused_where_it_is_pooled():
    with pytest.raises(PoolingRefused) as caught:
        pool_described(studies()[:2])
    assert caught.value.code == "R4"


def test_counts_at_the_extremes_leave_no_other_model_and_refuse_a_forced_one():
    extremes = [replace(entry, events=0 if i < 2 else entry.total) for i, entry in enumerate(studies())]
    assert whole(extremes, method="reml").other is None
    assert whole(extremes).refusal.code == "R5"
    assert "R5" in whole(extremes).method_line


def test_the_vote_counts_directions_against_a_benchmark():
    found = whole(studies(), benchmark=0.28)
    assert (found.vote.above, found.vote.below) == (2, 3)
    assert whole(studies()).vote is None
    same = [replace(entry, events=entry.total / 3) for entry in studies()]
    assert synthesise(same, statement=None, benchmark=1 / 3).vote is None


def test_decimals_from_a_database_count_like_any_number():
    entries = [replace(entry, unknown=4) for entry in studies()]
    as_decimals = [
        replace(entry, events=Decimal(entry.events), total=Decimal(entry.total), unknown=Decimal(4))
        for entry in entries
    ]
    assert whole(as_decimals).to_dict() == whole(entries).to_dict()
    rebuilt = whole(
        [study(0, events=None, percentage=Decimal("25.0"), decimals=1, total=Decimal(120)), *studies()[1:]]
    )
    assert rebuilt.included[0].events == 30


def test_everything_as_json():
    entries = studies(unknown=5)
    entries[0] = replace(entries[0], total=None)
    found = whole(entries, benchmark=0.3)
    values = json.loads(json.dumps(found.to_dict(), allow_nan=False))
    assert values["excluded"][0]["rule"] == "R8"
    assert values["pooled"]["k"] == 4
    assert values["included"][0]["period"] == ["2011-01-01", "2011-12-31"]
    assert values["bounds"]["limits"][0] < values["bounds"]["limits"][1]
    assert values["refusal"] is None
    assert values["warnings"] == [{"code": c.code, "message": c.message} for c in found.warnings]
    refused = json.loads(json.dumps(synthesise(entries[:1], statement=None).to_dict(), allow_nan=False))
    assert refused["refusal"]["code"] == "R4"
    assert refused["pooled"] is None


def test_cautions_come_once_and_in_the_order_of_their_codes():
    entries = [replace(entry, quality="weak") for entry in studies()]
    entries[0] = replace(entries[0], events=2, total=9)
    numbers = [int(caution.code[1:]) for caution in whole(entries[:4]).warnings]
    assert numbers == sorted(numbers)
    assert numbers.count(5) == 1

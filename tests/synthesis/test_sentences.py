"""Numbers in sentences, method lines, single studies, and results as plain values."""

from __future__ import annotations

import math
from datetime import date

import pytest
from published_counts import CATHETERS, LIDOCAINE, VACCINATED

import evidence.synthesis as maths
from evidence.synthesis.effect_sizes import BACK
from evidence.synthesis.plain import plain
from evidence.synthesis.single_studies import describe_studies
from evidence.synthesis.wording import listed, natural, percent


@pytest.mark.parametrize(
    ("share", "total", "text"),
    [
        (0.1234, 199, "12%"),
        (0.1234, 200, "12.3%"),
        (0.0, 50, "0%"),
        (0.001, 50, "under 1%"),
        (0.0001, 5000, "under 0.1%"),
        (0.999, 50, "over 99%"),
        (0.9999, 5000, "over 99.9%"),
        (1.0, 50, "100%"),
    ],
)
def test_shares_are_written_as_exactly_as_the_data_can_bear(share, total, text):
    assert percent(share, total) == text


def test_other_scales_are_written_to_three_figures():
    assert natural(math.log(0.012345), "log", 0) == "0.0123"
    assert natural(800.0, "log", 0) == "unlimited"
    assert natural(0.5, "fisher_z", 0) == "0.462"


def test_back_transformations_do_not_overflow():
    assert BACK["logit"](1000.0) == 1.0
    assert BACK["logit"](-1000.0) == 0.0
    assert BACK["logit"](-2.0) + BACK["logit"](2.0) == pytest.approx(1.0)


def test_lists_of_names():
    assert [listed(names) for names in ([], ["A"], ["A", "B"], ("A", "B", "C"))] == [
        "",
        "A",
        "A and B",
        "A, B and C",
    ]


def test_a_study_that_saw_nothing_is_never_zero_per_cent():
    nothing = maths.describe_study("A", 0, 40)
    assert nothing.sentence == "0 of 40; upper limit 9%"
    assert nothing.exact == maths.clopper_pearson(0, 40)
    assert maths.describe_study("A", 40, 40).sentence == "40 of 40; lower limit 91%"
    assert maths.describe_study("A", 7, 40).sentence == "7 of 40: 18% (9% to 32%)"
    assert maths.describe_study("A", 7, 40).exact is None
    assert maths.describe_study("A", 7, 19).exact == maths.clopper_pearson(7, 19)


def test_studies_without_valid_counts_are_not_described():
    entries = [maths.Estimate(label="A", events=3, total=10), maths.Estimate(label="B", events=3)]
    assert [single.label for single in describe_studies(entries)] == ["A"]


def test_the_method_line_names_everything_that_made_the_figure():
    left_out = maths.Excluded(maths.Estimate(label="Left out"), "R8", "The base of the figure is not known.")
    line = maths.method_line(
        maths.pool_proportions(*LIDOCAINE, labels=list("ABCDEF")), excluded=[left_out], on=date(2025, 1, 31)
    )
    for part in (
        "Normal random-effects model of log odds",
        "restricted maximum likelihood (global search)",
        "ad hoc factor max(1, q) (t with 5 degrees of freedom)",
        "No study needed a continuity correction",
        f"settings {maths.SETTINGS_VERSION}, 2025-01-31",
        "Included (6): A, B, C, D, E and F",
        "Excluded: Left out (R8: The base of the figure is not known)",
    ):
        assert part in line
    for threshold in maths.THRESHOLDS:
        assert f"{threshold.rule} {threshold.name} {threshold.value:g}" in line


@pytest.mark.parametrize(
    ("options", "part"),
    [
        ({"method": "glmm"}, "Random-intercept logistic model, maximum likelihood with 61 quadrature nodes"),
        ({"method": "glmm"}, "No continuity correction"),
        ({"method": "common"}, "I2 from Cochran's Q"),
        ({"ci_method": "wald"}, "Wald interval (normal quantile)"),
        ({}, "0.5 added to the cells of Study 1, Study 4"),
        ({}, "Excluded: none"),
    ],
)
def test_the_method_line_of_other_models(options, part):
    assert part in maths.method_line(maths.pool_proportions(*CATHETERS, **options))


def test_the_method_line_of_other_data():
    assert "log rates" in maths.method_line(maths.pool_rates(*LIDOCAINE))
    assert "No continuity correction" in maths.method_line(maths.pool_estimates([1, 2, 3], [1, 1, 1]))


def test_plain_values():
    assert plain({"a": (1, math.inf, math.nan, 2.5)}) == {"a": [1, None, None, 2.5]}
    assert plain(frozenset({"b", "a"})) == ["a", "b"]
    assert plain(date(2025, 1, 31)) == "2025-01-31"
    assert plain(maths.Interval(0.1, math.inf)) == [0.1, None]
    assert plain(maths.Caution("W1", "x")) == {"code": "W1", "message": "x"}
    assert plain(maths.Caution) is maths.Caution


def test_intervals_know_their_width_and_what_they_cover():
    interval = maths.Interval(1.0, 3.0)
    assert (interval.width, interval.covers(3.0), interval.covers(3.1)) == (2.0, True, False)


def test_thresholds_are_each_named_once():
    names = [threshold.name for threshold in maths.THRESHOLDS]
    assert len(set(names)) == len(names)
    assert all(threshold.meaning for threshold in maths.THRESHOLDS)


def test_the_body_of_evidence_is_described_aspect_by_aspect_and_never_graded():
    entries = [
        maths.Estimate(
            label="A", source_id="a", events=30, total=100, scope="x", quality="strong", unknown=5
        ),
        maths.Estimate(label="B", source_id="b", events=33, total=100, scope="x", quality="moderate"),
        maths.Estimate(
            label="C",
            source_id="c",
            events=80,
            total=100,
            scope="y",
            quality="weak",
            verification="secondary",
        ),
    ]
    body = maths.describe_body(entries)
    assert (body.sources, body.studies) == (3, 3)
    assert body.quality == (("strong", 1), ("moderate", 1), ("weak", 1), ("unclear", 0))
    said = {aspect.name: aspect for aspect in body.aspects}
    assert said["amount"].finding == "3 sources; bases of 100."
    assert (
        said["quality"].finding == "Figures by the rating of their source: 1 strong, 1 moderate and 1 weak."
    )
    assert said["verification"].finding == "1 of 3 figures were read in another text than their source."
    assert said["direction"].finding == "Shares run from 30.0% to 80.0%; their intervals share no value."
    assert said["directness"].finding == "The figures cover 2 different populations."
    assert (
        said["unknown"].finding
        == "The highest unknown share is 5.0%. 2 of 3 figures do not say how many are unknown."
    )
    assert said["imprecision"].finding.startswith("The narrowest single study is C, 80 of 100")
    assert {aspect.name for aspect in body.concerns} == {"direction", "directness", "unknown"}
    graded = {"high", "low", "very low", "certainty"}
    assert not any(word in aspect.finding.split() for aspect in body.aspects for word in graded)


def test_the_body_of_evidence_against_a_benchmark_and_a_population():
    entries = [
        maths.Estimate(label=x, events=e, total=100, scope="x", unknown=0) for x, e in (("A", 30), ("B", 33))
    ]
    split = maths.describe_body(entries, benchmark=0.31, scope="x")
    said = {aspect.name: aspect for aspect in split.aspects}
    assert said["direction"].finding == "1 of 2 studies lie above the benchmark and 1 below."
    assert said["direction"].concern
    assert said["directness"].finding == "2 of 2 figures cover the population asked about."
    assert not said["directness"].concern
    assert said["amount"].concern
    agreeing = {aspect.name: aspect for aspect in maths.describe_body(entries).aspects}
    assert agreeing["direction"].finding.endswith("their intervals share a value.")
    assert agreeing["directness"].finding == "The figures cover 1 population."
    assert not agreeing["unknown"].concern


def test_the_body_of_evidence_with_a_pool_or_without_any_figure():
    pooled = maths.pool_proportions(*VACCINATED)
    entries = [maths.Estimate(label="A", events=1, total=50)]
    said = {aspect.name: aspect.finding for aspect in maths.describe_body(entries, pooled=pooled).aspects}
    assert said["imprecision"] == "Interval of the pooled share: 0.4% to 1.6%."
    assert said["direction"] == "Nothing to compare with each other."
    empty = {aspect.name: aspect.finding for aspect in maths.describe_body([]).aspects}
    assert empty["imprecision"] == "No study has an interval."
    assert empty["unknown"] == "There are no figures."
    assert empty["quality"] == "Figures by the rating of their source: none rated."
    assert empty["amount"] == "0 sources; no figure has both a count and a base."

"""A single figure in words."""

import pytest
from chart_samples import make_breakdown, make_finding, make_measure

from evidence.charts import statement_for


COUNT = make_measure(quantity="count", unit_label="children")


def make_count(value, **changes):
    return make_finding(value=value, **{"statistic": "count", "precision": "exact", **changes})


@pytest.mark.parametrize(
    ("measure", "finding", "figure"),
    [
        (make_measure(), make_finding(value=83), "83%"),
        (make_measure(), make_finding(value=83, value_text="83.0"), "83.0%"),
        (COUNT, make_count(1217), "1,217 children"),
        (COUNT, make_count(57, precision="lower_bound"), "at least 57 children"),
        (COUNT, make_count(1200, precision="upper_bound"), "up to 1,200 children"),
        (COUNT, make_count(70, precision="approximate"), "about 70 children"),
        (COUNT, make_count(12, precision="derived"), "12 children (worked out)"),
        (COUNT, make_count(15.1, statistic="mean"), "15.1 children (mean)"),
        (COUNT, make_count(-29, statistic="percentage_change"), "−29% (change)"),
        (COUNT, make_count(5, statistic="percentage_change"), "+5% (change)"),
        (
            make_measure(unit_label="per cent, across studies", quantity="range"),
            make_count(27, statistic="minimum"),
            "27% (lowest)",
        ),
    ],
)
def test_figure_carries_unit_bound_and_kind(measure, finding, figure):
    assert statement_for(measure, finding).figure == figure


@pytest.mark.parametrize(
    ("measure", "finding", "base"),
    [
        (make_measure(), make_finding(), "Base not stated"),
        (COUNT, make_count(57), "A number without a base, so no share can be worked out"),
        (make_measure(), make_finding(denominator=1217.0), "Of 1,217 suspects"),
        (
            make_measure(quantity="proportion", unit_label="victims"),
            make_count(100, numerator=100.0, denominator=144.0),
            "100 of 144 victims (69%; 95% Wilson interval 61% to 76%, worked out here)",
        ),
        (COUNT, make_count(717, numerator=717.0, denominator=4228.0), "717 of 4,228 children"),
        (
            make_measure(),
            make_finding(value=50, numerator=16.0, denominator=33.0, precision="approximate"),
            "16 of 33 suspects",
        ),
    ],
)
def test_base_in_a_sentence(measure, finding, base):
    assert statement_for(measure, finding).base == base


def test_unknown_share_comes_from_the_same_breakdown():
    rows = make_breakdown([("White", 28), ("Asian", 6), ("Unknown", 66)])

    assert statement_for(make_measure(), rows[0], rows).unknown_share == "Unknown share: 66%"
    assert statement_for(make_measure(), rows[2], rows).unknown_share == "This is the unknown share itself"
    assert statement_for(make_measure(), rows[0]).unknown_share == (
        "Unknown share: not reported in these figures"
    )
    without = rows[:2]
    assert "not reported" in statement_for(make_measure(), without[0], without).unknown_share
    assert statement_for(COUNT, make_count(5)).unknown_share == ""


def test_everything_that_must_stand_beside_a_figure_is_in_the_text():
    finding = make_finding(
        value=28, category_label="White", quality="moderate", verification="secondary", precision="rounded"
    )

    text = statement_for(make_measure(), finding).text

    for part in (
        "White: 28%.",
        "Base not stated.",
        "Covers: All suspects.",
        "Period: 2023.",
        "Area: England and Wales.",
        "Source: Source A (2024).",
        "Quality of the source: moderate (provisional).",
        "Rounded by the publisher.",
        "not checked against the original (secondary).",
        "Unknown share: not reported",
    ):
        assert part in text


def test_source_that_was_not_rated_is_not_called_provisional():
    assert (
        statement_for(COUNT, make_count(5, quality="not_rated")).quality == "Quality of the source: not rated"
    )

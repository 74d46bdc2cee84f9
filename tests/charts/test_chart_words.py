"""Numbers, periods, captions, lines of text, ticks and colours."""

from datetime import date

import pytest
from chart_samples import make_finding, make_measure

from evidence.charts import captions, lettering, theme, ticks, words
from evidence.charts.figures import Focus


@pytest.mark.parametrize(
    ("share", "total", "text"),
    [
        (17.64, 150, "18%"),
        (17.64, 1000, "17.6%"),
        (17.64, None, "18%"),
        (0, 50, "0%"),
        (0.3, 50, "under 1%"),
        (0.01, 5000, "under 0.1%"),
        (99.7, 50, "over 99%"),
        (99.99, 5000, "over 99.9%"),
        (100, 50, "100%"),
    ],
)
def test_percent_follows_the_rounding_rule(share, total, text):
    assert words.percent(share, total) == text


@pytest.mark.parametrize(
    ("printed", "text"),
    [
        ("1217", "1,217"),
        ("83.0", "83.0"),
        ("-29", "−29"),
        ("1,217", "1,217"),
        ("10.58", "10.58"),
        ("n/a", "n/a"),
    ],
)
def test_printed_numbers_keep_their_digits(printed, text):
    assert words.printed(printed) == text


@pytest.mark.parametrize(("value", "text"), [(1217, "1,217"), (9.2, "9.2"), (-3, "−3"), (-0.5, "−0.5")])
def test_numbers_have_thousands_separators(value, text):
    assert words.number(value) == text


def test_plain_joins_and_sentences():
    assert words.join([]) == ""
    assert words.join(["a"]) == "a"
    assert words.join(["a", "b", "c"]) == "a, b and c"
    assert words.sentence(" base not stated ") == "Base not stated."
    assert words.sentence("Really?") == "Really?"
    assert words.sentence("") == ""


@pytest.mark.parametrize(
    ("start", "end", "kind", "long", "short"),
    [
        ("2023-01-01", "2023-12-31", "calendar_year", "2023", "2023"),
        ("2013-04-01", "2014-03-31", "financial_year", "2013-14", "2013-14"),
        ("2013-04-01", "2014-03-31", "year_to_march", "year to March 2014", "2013-14"),
        ("1999-04-01", "2000-03-31", "financial_year", "1999-00", "1999-00"),
        ("2005-01-01", "2017-12-31", "multi_year", "2005 to 2017", "2005 to 2017"),
        ("2013-03-31", "2013-03-31", "snapshot", "31 March 2013", "Mar 2013"),
        ("2012-09-01", "2012-09-30", "snapshot", "September 2012", "Sep 2012"),
        ("2024-01-01", "2024-09-30", "unknown", "January to September 2024", "Jan to Sep 2024"),
        ("2008-01-01", "2011-03-31", "multi_year", "January 2008 to March 2011", "Jan 2008 to Mar 2011"),
        ("2014-01-01", "2017-08-09", "multi_year", "1 January 2014 to 9 August 2017", "Jan 2014 to Aug 2017"),
    ],
)
def test_periods_in_words(start, end, kind, long, short):
    first, last = date.fromisoformat(start), date.fromisoformat(end)
    finding = make_finding(period_start=first, period_end=last, period_type=kind)

    assert words.period_label(first, last, kind) == long
    assert words.short_period(finding) == short


def test_missing_period_is_said():
    assert words.period_label(None, None, "unknown") == "period not stated"
    undated = make_finding(period_start=None, period_end=None, period_label="period not stated")
    assert words.short_period(undated) == "period not stated"
    assert words.short_period(make_finding(period_start=None, period_label="")) == "not stated"


@pytest.mark.parametrize(
    ("findings", "text"),
    [
        ([make_finding()], "Base not stated by the source"),
        ([make_finding(), make_finding(source_id="b")], "Bases not stated by the sources"),
        ([make_finding(denominator=1217.0)], "Base: 1,217 suspects"),
        (
            [make_finding(denominator=5.0), make_finding(denominator=498.0), make_finding()],
            "Bases from 5 to 498 suspects; not stated for 1 of 3 figures",
        ),
        (
            [make_finding(denominator=5.0), make_finding()],
            "Base: 5 suspects; not stated for 1 of 2 figures",
        ),
        ([make_finding(statistic="mean")], ""),
    ],
)
def test_bases_in_words(findings, text):
    assert captions.bases(make_measure(), findings) == text


@pytest.mark.parametrize(
    ("precisions", "text"),
    [
        (["exact", "exact"], ""),
        (["rounded"], "The figure is rounded by the publisher"),
        (["rounded", "rounded"], "Each figure is rounded by the publisher"),
        (
            ["rounded", "derived", "exact"],
            "Of 3 figures, 1 rounded by the publisher and 1 worked out from printed numbers",
        ),
    ],
)
def test_exactness_in_words(precisions, text):
    assert captions.exactness([make_finding(precision=precision) for precision in precisions]) == text


def test_quality_is_counted_by_source():
    rows = [make_finding(), make_finding("f2"), make_finding("f3", source_id="b", quality="moderate")]

    assert captions.quality(rows[:2]) == "Quality of the source: weak (provisional ratings)"
    assert captions.quality(rows) == "Quality of the 2 sources: moderate 1 and weak 1 (provisional ratings)"
    final = [make_finding(quality_provisional=False), make_finding(quality_provisional=False, source_id="b")]
    assert captions.quality(final) == "Quality of both sources: weak"


def test_verification_in_words():
    first, second = make_finding(), make_finding(verification="secondary")

    assert captions.verification([first]) == "Read in the source itself"
    assert captions.verification([second]).startswith("Secondary: read in another text")
    assert captions.verification([first, second]).startswith("1 of 2 figures are secondary")


def test_overlap_and_rest_in_words():
    rows = [make_finding(note_of_overlap=f"A and B share data {place}.") for place in range(3)]

    assert captions.overlap(rows).endswith("share data 1 (1 more in the table of sources)")
    assert captions.overlap(rows[:1]) == "Not independent, never to be added: A and B share data 0"
    assert captions.left_out(rows) == "3 more figures are not drawn here and can be read in the table"


def test_source_line_marks_what_was_read_elsewhere_and_stays_short():
    rows = [make_finding(verification="secondary")]
    many = [make_finding(source_id=str(place), source_label=f"S{place}") for place in range(11)]

    assert captions.source_line(rows) == "Source: Source A (2024) (secondary)"
    assert captions.source_line([*rows, make_finding()]) == "Source: Source A (2024)"
    assert captions.source_line(many).endswith("S7; and 3 more, named in the table")


def test_captions_are_sentences_in_a_fixed_order():
    said = captions.captions(
        make_measure(), [make_finding()], method=["how to read it"], unknown="Unknown share: 5%"
    )

    assert said[:3] == ("Covers: All suspects.", "Unknown share: 5%.", "How to read it.")
    assert said[-1] == "Take care: Never to be pooled."
    assert not captions.captions(make_measure(comparability_note=""), [make_finding()])[-1].startswith("Take")


def test_wrapped_lines_fit_their_width_and_lose_nothing():
    text = "Characteristics of group-based child sexual exploitation in the community"

    lines = lettering.wrap(text, 150, 13)

    assert " ".join(lines) == text
    assert all(lettering.text_width(line, 13) <= 150 for line in lines)


def test_word_wider_than_the_line_is_cut():
    lines = lettering.wrap("A" * 60, 100, 13)

    assert "".join(lines) == "A" * 60
    assert all(lettering.text_width(line, 13) <= 100 for line in lines)
    assert lettering.wrap("", 100, 13) == ("",)


def test_bold_text_is_taken_as_wider():
    assert lettering.text_width("Title", 19, bold=True) > lettering.text_width("Title", 19)


@pytest.mark.parametrize(
    ("top", "most", "size"), [(100, 5, 20), (9490, 5, 2000), (3, 5, 1), (0, 5, 1), (7, 3, 5)]
)
def test_ticks_are_round(top, most, size):
    assert ticks.step(top, most) == size


def test_axis_reaches_its_numbers():
    wide, narrow, note = ticks.value_axis(0, 0, share=True)
    assert (wide["range"], note) == ([0, 10.0], " (axis ends at 10%)")
    assert ticks.value_axis(0, 0)[0]["range"] == [0, 1.0]
    assert ticks.value_axis(-29, 5)[0]["range"][0] <= -29
    assert ticks.value_axis(-29, -5)[0]["range"][1] == 0
    wide, narrow, _ = ticks.value_axis(0, 4_300_000)
    assert narrow["dtick"] >= wide["dtick"]


def test_text_on_every_fill_has_enough_contrast():
    for place in range(4):
        fill = theme.category_fill(place)
        assert theme.contrast(theme.text_on(fill["color"]), fill["color"]) >= 4.5
    assert theme.contrast(theme.MUTED, theme.PAPER) >= 4.5
    assert len({theme.category_fill(place)["pattern"]["shape"] for place in range(4)}) == 4


def test_focus_is_empty_unless_told():
    assert Focus() == Focus((), ())

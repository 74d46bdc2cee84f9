"""Single cells of a release: numbers, symbols, nothing, and times."""

from datetime import date
from decimal import Decimal

import pytest

from studies.loading.releases.cells import Kind, plain, read_cell
from studies.loading.releases.periods import UnreadableTime, read_period, without_years, years_named


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("12", "12"),
        ("0", "0"),
        ("1,234,567", "1234567"),
        ("12.50", "12.50"),
        ("-4", "-4"),
        ("−4", "-4"),
        ("£1,200", "1200"),
        ("12.5%", "12.5"),
        (".5", "0.5"),
        ("1.2E+03", "1200"),
        ("1,234 [p]", "1234"),
        ("12 r", "12"),
    ],
)
def test_number_is_read_as_it_is_printed(text, number):
    cell = read_cell(text)
    assert cell.kind is Kind.NUMBER
    assert plain(cell.number) == number


@pytest.mark.parametrize("text", ["1,23", "12*", "1.2.3", "about 5", "[y]", "M", "C", "12 abc"])
def test_what_is_neither_number_nor_known_symbol_is_said_to_be_so(text):
    assert read_cell(text).kind is Kind.OTHER


@pytest.mark.parametrize(
    ("text", "symbol"),
    [
        *[(word, word) for word in ("c", "x", "z", "u", "low", "k")],
        *[(f"[{word}]", word) for word in ("c", "x", "z", "u", "low", "k")],
        ("[C]", "c"),
        ("[Low]", "low"),
        (":", "x"),
        ("..", "x"),
        ("-", "x"),
        ("–", "x"),
        (".", "z"),
        ("*", "c"),
        ("~", "low"),
    ],
)
def test_symbol_is_kept_apart_from_nought_and_from_nothing(text, symbol):
    cell = read_cell(text)
    assert (cell.kind, cell.symbol, cell.number) == (Kind.SYMBOL, symbol, None)
    assert read_cell("").kind is Kind.BLANK
    assert read_cell(" ").kind is Kind.BLANK
    assert read_cell("0").number == Decimal(0)


def test_number_beside_a_symbol_gives_the_symbol():
    cell = read_cell("12 [u]")
    assert (cell.kind, cell.symbol, cell.mark) == (Kind.SYMBOL, "u", "12 [u]")


def test_mapping_may_say_that_a_sign_means_something_else_or_nothing():
    assert read_cell("-", {"-": "low"}).symbol == "low"
    assert read_cell("[Y]", {"y": "z"}).symbol == "z"
    assert read_cell("-", {}).kind is Kind.OTHER


@pytest.mark.parametrize(
    ("text", "reading", "start", "end", "kind"),
    [
        ("2024", "year_to_march", (2023, 4, 1), (2024, 3, 31), "year_to_march"),
        ("202324", "financial_year", (2023, 4, 1), (2024, 3, 31), "financial_year"),
        ("2023-24", "financial_year", (2023, 4, 1), (2024, 3, 31), "financial_year"),
        ("2023 to 2024", "year_to_march", (2023, 4, 1), (2024, 3, 31), "year_to_march"),
        ("1999/00", "financial_year", (1999, 4, 1), (2000, 3, 31), "financial_year"),
        ("Year ending March 2024", "year_to_march", (2023, 4, 1), (2024, 3, 31), "year_to_march"),
        ("2024", "calendar_year", (2024, 1, 1), (2024, 12, 31), "calendar_year"),
        ("202324", "academic_year", (2023, 9, 1), (2024, 8, 31), "unknown"),
        ("2021-03-21", "snapshot", (2021, 3, 21), (2021, 3, 21), "snapshot"),
        ("21 March 2021", "snapshot", (2021, 3, 21), (2021, 3, 21), "snapshot"),
        ("Feb 2024", "snapshot", (2024, 2, 1), (2024, 2, 29), "snapshot"),
    ],
)
def test_time_is_read_as_the_mapping_says(text, reading, start, end, kind):
    period = read_period(text, reading)
    assert (period.start, period.end, period.kind) == (date(*start), date(*end), kind)
    assert period.year == end[0]


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("202325", "financial_year"),
        ("2023-24", "calendar_year"),
        ("2024", "snapshot"),
        ("30 February 2024", "snapshot"),
        ("last year", "year_to_march"),
        ("", "year_to_march"),
        ("3024", "year_to_march"),
        ("June 2024", "year_to_march"),
        ("Year ending March 2024", "academic_year"),
        ("Apr 0000 to Mar 0001", "year_to_march"),
    ],
)
def test_time_of_another_kind_is_refused_with_what_would_be_right(text, reading):
    with pytest.raises(UnreadableTime):
        read_period(text, reading)


@pytest.mark.parametrize(
    ("texts", "found"),
    [
        (["official_LA-revenue-outturn_2024-25.ods", "2023"], ["2024-25"]),
        (["RSX_LA_Data_202425"], ["2024-25"]),
        (["cover", "Cases, year ending March 2024"], ["2024"]),
        (["table-12345678.csv"], []),
        (["2019 and 2020"], ["2019", "2020"]),
    ],
)
def test_years_are_found_in_names_and_titles(texts, found):
    assert years_named(texts) == found


@pytest.mark.parametrize(
    ("name", "bare"),
    [
        ("c3_factors_2018_to_2024", "c3 factors"),
        ("revenue-outturn_2024-25", "revenue outturn"),
        ("absence 202324", "absence"),
        ("2024", "2024"),
    ],
)
def test_name_of_a_file_goes_without_its_years(name, bare):
    assert without_years(name) == bare


@pytest.mark.parametrize(
    ("text", "reading", "start", "end"),
    [
        ("Apr 2023 to Mar 2024", "year_to_march", date(2023, 4, 1), date(2024, 3, 31)),
        ("April 2023 – March 2024", "financial_year", date(2023, 4, 1), date(2024, 3, 31)),
        ("January 2023 to December 2023", "calendar_year", date(2023, 1, 1), date(2023, 12, 31)),
        ("Sep 2022 to Aug 2023", "academic_year", date(2022, 9, 1), date(2023, 8, 31)),
        ("2024-03-31", "year_to_march", date(2023, 4, 1), date(2024, 3, 31)),
        ("31/03/2024", "year_to_march", date(2023, 4, 1), date(2024, 3, 31)),
        ("Year ending 31 March 2024", "year_to_march", date(2023, 4, 1), date(2024, 3, 31)),
    ],
)
def test_year_may_be_named_by_its_months_or_its_last_day(text, reading, start, end):
    period = read_period(text, reading)

    assert (period.start, period.end) == (start, end)


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("Jan 2023 to Dec 2023", "year_to_march"),
        ("Apr 2022 to Mar 2024", "year_to_march"),
        ("Foo 2023 to Mar 2024", "year_to_march"),
        ("31/12/2023", "year_to_march"),
        ("31/03/9999", "year_to_march"),
        ("2024-03-31", "calendar_year"),
    ],
)
def test_other_months_and_days_are_no_year_of_the_reading(text, reading):
    with pytest.raises(UnreadableTime):
        read_period(text, reading)


def test_months_of_one_year_have_names_of_their_own():
    tags = [read_period(text, "snapshot").tag for text in ("March 2021", "June 2021", "21 March 2021")]

    assert [*tags, read_period("2021", "calendar_year").tag] == ["2021-mar", "2021-jun", "2021-03-21", "2021"]

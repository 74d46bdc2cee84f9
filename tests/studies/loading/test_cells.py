"""One cell: taken as it stands, or refused with what would be right."""

from datetime import date
from decimal import Decimal

import pytest

from studies.loading.cells import READERS, CellProblem, read_cell
from studies.loading.schema import TABLES, Column


def column(kind, **more):
    return Column("cell", kind, **more)


CHOICE = column("choice", choices=("one", "two"))


@pytest.mark.parametrize(
    ("of", "text", "value"),
    [
        (column("text"), "Société – “no”", "Société – “no”"),
        (column("text"), "two\nlines\tand a tab", "two\nlines\tand a tab"),
        (column("identifier"), "a-1-b2", "a-1-b2"),
        (column("code"), "E12000001", "E12000001"),
        (CHOICE, "two", "two"),
        (column("yes_no"), "yes", True),
        (column("yes_no"), "no", False),
        (column("integer"), "007", 7),
        (column("number"), "-21.4", Decimal("-21.4")),
        (column("date"), "2024-02-29", date(2024, 2, 29)),
        (column("web_address"), "https://example.org/a?b=c", "https://example.org/a?b=c"),
        (column("reference", refers_to="sources"), "Anything goes", "Anything goes"),
    ],
)
def test_sound_cell_has_its_value(of, text, value):
    assert read_cell(of, text) == value


@pytest.mark.parametrize("text", ["83.0", "83", "0.10", "100.000", "-0.50"])
def test_number_is_kept_as_printed(text):
    assert str(read_cell(column("number"), text)) == text


@pytest.mark.parametrize(
    ("of", "text", "problem"),
    [
        (column("text"), " words", "has spaces at an end; remove them"),
        (column("text"), "words\u00a0", "has spaces at an end"),
        (column("text"), "a\x07b", "holds a control character; remove it"),
        (column("text"), "a\x85b", "holds a control character; remove it"),
        (column("text"), "caf\ufffd", "holds the sign for a lost character"),
        (column("text"), "#N/A", "is an error of the spreadsheet"),
        (column("number"), "#DIV/0!", "is an error of the spreadsheet"),
        (column("text"), "Err:508", "is an error of the spreadsheet"),
        (column("text"), "=A1&B1", "is a formula without its result; give the value itself"),
        (column("number"), "-0.0", "is nought with a sign; write it without"),
        (column("date"), "1066-10-14", "is not a day of the years 1800 to 2100"),
        (column("date"), "9999-12-31", "is not a day of the years 1800 to 2100"),
        (column("text", longest=4), "words", "has 5 characters; at most 4 are allowed"),
        (
            column("identifier"),
            "Two-Words",
            "is not an identifier: lower-case words and digits joined by single",
        ),
        (column("identifier"), "two--words", "is not an identifier"),
        (column("identifier"), "-words", "is not an identifier"),
        (column("identifier"), "wörds", "is not an identifier"),
        (column("code"), "E12 1", "is not a code: no spaces are allowed"),
        (CHOICE, "three", "is not one of one, two"),
        (CHOICE, "One", "is not one of one, two"),
        (column("yes_no"), "Yes", "is not yes or no"),
        (column("yes_no"), "1", "is not yes or no"),
        (column("integer"), "1.0", "is not a whole number"),
        (column("integer"), "-1", "is not a whole number"),
        (column("integer"), "1234567890", "is not a whole number"),
        (column("integer"), "٣", "is not a whole number"),
        (column("number"), "83%", "is not a number: digits, with a point for decimals"),
        (column("number"), "1,234", "is not a number"),
        (column("number"), "1e5", "is not a number"),
        (column("number"), ".5", "is not a number"),
        (column("number"), "NaN", "is not a number"),
        (column("number"), "٣", "is not a number"),
        (column("number"), "−1", "is not a number"),
        (column("date"), "31/03/2024", "is not a date written like 2024-03-31"),
        (column("date"), "2024-3-31", "is not a date written like 2024-03-31"),
        (column("date"), "2023-02-29", "is not a day of the calendar"),
        (column("date"), "２０２４-03-31", "is not a date written like 2024-03-31"),
        (column("web_address"), "www.example.org", "is not a web address that begins with http://"),
        (column("web_address"), "http:///path", "is not a web address"),
        (column("web_address"), "https://a b", "is not a web address"),
    ],
)
def test_unsound_cell_is_refused_with_what_would_be_right(of, text, problem):
    with pytest.raises(CellProblem, match=problem.replace("(", r"\(")):
        read_cell(of, text)


@pytest.mark.parametrize("kind", READERS)
def test_blank_is_refused_where_something_must_stand(kind):
    with pytest.raises(CellProblem, match="may not be blank"):
        read_cell(column(kind, required=True), "")


@pytest.mark.parametrize("kind", READERS)
def test_blank_is_blank_text_or_nothing_never_nought(kind):
    value = read_cell(column(kind), "")

    assert value == (
        "" if kind in ("text", "identifier", "choice", "web_address", "reference", "code") else None
    )


def test_every_kind_of_the_schema_can_be_read():
    assert {column.kind for table in TABLES for column in table.columns} <= set(READERS)

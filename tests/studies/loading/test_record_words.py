"""What records say of themselves in the list of a load."""

from decimal import Decimal

from studies.loading.record_words import LONGEST_SAID, cut, figure, symbol_in_words, words_of
from studies.loading.schema import TABLES


FINDING = {
    "statistic": "percentage",
    "value": Decimal("50.0"),
    "numerator": Decimal(100),
    "denominator": Decimal(200),
    "precision": "lower_bound",
    "category_id": "female",
    "scope": "All victims",
    "geography": "England",
    "period_start": "2024-01-01",
    "period_end": "2024-12-31",
}


def test_finding_shows_its_figure_its_base_and_what_it_covers():
    title, rest = words_of("findings", FINDING)

    assert title == "50.0 per cent, 100 of 200 (lower bound)"
    assert rest == "female; All victims; England; 2024-01-01 to 2024-12-31"
    count = {**FINDING, "statistic": "count", "value": Decimal(7), "numerator": None, "denominator": None}
    assert words_of("findings", count)[0] == "7 (lower bound)"


def test_figure_of_an_area_shows_its_base_or_what_its_symbol_means():
    assert figure(Decimal(0), Decimal(40), "") == "0, of 40"
    assert figure(None, Decimal(40), "c") == "Withheld (c), of 40"
    assert figure(None, None, "low") == "Rounds to nought but is not nought (low)"
    assert symbol_in_words("") == ""


def test_every_table_has_words():
    for table in TABLES:
        values = {
            column.name: Decimal(1) if column.kind == "number" else column.name for column in table.columns
        }
        assert words_of(table.name, {**values, "symbol": ""})[0]


def test_long_words_are_cut_to_one_line():
    assert cut("one\n two") == "one two"
    assert len(cut("word " * 200)) == LONGEST_SAID

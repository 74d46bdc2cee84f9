"""One cell: is the text what the column asks for, and what value does it hold?"""

import re
from datetime import date
from decimal import Decimal
from typing import Any

from .schema import Column


# Digits are spelt out: \d also matches the digits of other scripts.
IDENTIFIER = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\Z")
NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?\Z")
INTEGER = re.compile(r"[0-9]{1,9}\Z")
DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
CODE = re.compile(r"\S+\Z")
# Everything below space except tab and line ends, and the second set of them; they come from broken conversions.
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")
# Bytes that no encoding could tell the meaning of were replaced by U+FFFD before the file came here.
LOST = "\ufffd"
ERROR_OF_SPREADSHEET = re.compile(
    r"#(?:REF!|N/A|NAME\?|VALUE!|DIV/0!|NUM!|NULL!|SPILL!|CALC!|GETTING_DATA)\Z|Err:[0-9]{3}\Z"
)
FIRST_YEAR, LAST_YEAR = 1800, 2100
"""Evidence has no earlier days, and a later one is a slip of the keyboard."""


class CellProblem(Exception):
    """The cell is not what the column asks for; the message says what would be right."""


def read_cell(column: Column, text: str) -> Any:
    """The value of a cell: str, bool, int, Decimal as printed, date, or None for a blank that may be blank.

    Blank text columns give "". A value is accepted or refused, never repaired.

    Raises `CellProblem`.
    """
    if text == "":
        if column.required:
            raise CellProblem("may not be blank")
        return "" if column.kind in BLANK_IS_TEXT else None
    if text != text.strip():
        raise CellProblem("has spaces at an end; remove them")
    if CONTROL.search(text):
        raise CellProblem("holds a control character; remove it")
    if LOST in text:
        raise CellProblem("holds the sign for a lost character; put right what stood there")
    if ERROR_OF_SPREADSHEET.match(text):
        raise CellProblem("is an error of the spreadsheet; put its formula right, or empty the cell")
    if text.startswith("="):
        raise CellProblem("is a formula without its result; give the value itself")
    if len(text) > column.longest:
        raise CellProblem(f"has {len(text):,} characters; at most {column.longest:,} are allowed")
    return READERS[column.kind](column, text)


BLANK_IS_TEXT = {"text", "identifier", "choice", "web_address", "reference", "code"}


def _text(column: Column, text: str) -> str:
    return text


def _identifier(column: Column, text: str) -> str:
    if not IDENTIFIER.match(text):
        raise CellProblem("is not an identifier: lower-case words and digits joined by single hyphens")
    return text


def _code(column: Column, text: str) -> str:
    if not CODE.match(text):
        raise CellProblem("is not a code: no spaces are allowed")
    return text


def _choice(column: Column, text: str) -> str:
    if text not in column.choices:
        raise CellProblem(f"is not one of {', '.join(column.choices)}")
    return text


def _yes_no(column: Column, text: str) -> bool:
    if text not in ("yes", "no"):
        raise CellProblem("is not yes or no")
    return text == "yes"


def _integer(column: Column, text: str) -> int:
    if not INTEGER.match(text):
        raise CellProblem("is not a whole number written in digits alone")
    return int(text)


def _number(column: Column, text: str) -> Decimal:
    if not NUMBER.match(text):
        raise CellProblem(
            "is not a number: digits, with a point for decimals and no separators or signs of per cent"
        )
    number = Decimal(text)
    if (
        number == 0 and number.is_signed()
    ):  # the store has no such nought, and the record would change for ever
        raise CellProblem("is nought with a sign; write it without")
    return number


def _date(column: Column, text: str) -> date:
    if not DATE.match(text):
        raise CellProblem("is not a date written like 2024-03-31")
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise CellProblem("is not a day of the calendar") from None
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise CellProblem(f"is not a day of the years {FIRST_YEAR} to {LAST_YEAR}")
    return day


def _web_address(column: Column, text: str) -> str:
    if not re.match(r"https?://[^\s/]+\S*\Z", text):
        raise CellProblem("is not a web address that begins with http:// or https://")
    return text


READERS = {
    "text": _text,
    "identifier": _identifier,
    "reference": _text,
    "code": _code,
    "choice": _choice,
    "yes_no": _yes_no,
    "integer": _integer,
    "number": _number,
    "date": _date,
    "web_address": _web_address,
}

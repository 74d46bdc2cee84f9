"""One cell of a release: a number, a symbol that says why there is none, nothing, or something else.

Symbols follow the shorthand of the Government Statistical Service ([c], [x], [z], [u], [low], [k]) and the older
signs that still stand in published tables. A symbol is never nought and never missing.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from studies.vocabulary import Suppression


class Kind(StrEnum):
    """What a cell holds."""

    NUMBER = "number"
    SYMBOL = "symbol"
    BLANK = "blank"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Cell:
    """`number` where there is one; `symbol` a word of `Suppression`; `mark` what stands beside a number: "p", "r"."""

    kind: Kind
    number: Decimal | None = None
    symbol: str = ""
    mark: str = ""


BLANK = Cell(Kind.BLANK)
OTHER = Cell(Kind.OTHER)

SHORTHAND = {word: word for word in Suppression.values}
"""Bare and in brackets, as the Service asks for."""

OLDER_SIGNS = {
    ":": "x",
    "..": "x",
    "...": "x",
    "…": "x",
    "n/a": "x",
    # Publishers use the dash for nil, for negligible and for not available; "not available" claims least.
    "-": "x",
    "–": "x",
    "—": "x",
    ".": "z",
    "*": "c",
    "~": "low",
}

SYMBOLS: dict[str, str] = {**SHORTHAND, **OLDER_SIGNS}
"""Sign → word of `Suppression`, where a mapping says nothing else."""

MARKS = {"b": "break in series", "e": "estimated", "f": "forecast", "p": "provisional", "r": "revised"}
"""Letters beside a number. They do not take its place."""

NUMBER = re.compile(
    r"(?P<sign>[-+−]?)\s*£?\s*"
    r"(?P<whole>[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+|(?=\.[0-9]))(?P<part>\.[0-9]*)?(?P<power>[eE][-+]?[0-9]{1,2})?"
    r"\s*%?\s*(?P<mark>(?:\[[^\]]{1,20}\]\s*)*|[befpr])\Z"
)
BRACKETED = re.compile(r"\[([^\]]{1,20})\]\Z")


def read_cell(text: str, symbols: Mapping[str, str] = SYMBOLS) -> Cell:
    """What a cell holds. `symbols` are the signs that count as symbols, as they stand in the cell.

    A number beside the symbol [u] or [c] gives the symbol: the store keeps a value or a symbol, never both.
    """
    text = text.strip()
    if not text:
        return BLANK
    known = symbol_of(text, symbols)
    if known:
        return Cell(Kind.SYMBOL, symbol=known)
    found = NUMBER.match(text)
    if found is None:
        return OTHER
    mark = found["mark"].strip()
    beside = symbol_of(mark, symbols) if mark.startswith("[") else ""
    if beside:
        return Cell(Kind.SYMBOL, symbol=beside, mark=text)
    digits = (found["whole"] or "0").replace(",", "") + (found["part"] or "").removesuffix(".")
    number = Decimal(digits + (found["power"] or ""))
    return Cell(Kind.NUMBER, -number if found["sign"] in ("-", "−") and found["sign"] else number, mark=mark)


def symbol_of(text: str, symbols: Mapping[str, str]) -> str:
    """The word of `Suppression` for a sign; "" where it is none. Letters in brackets may be capitals."""
    if text in symbols:
        return symbols[text]
    bracketed = BRACKETED.match(text)
    if bracketed is None:
        return ""
    return symbols.get(bracketed[1].casefold(), "")


def plain(number: Decimal) -> str:
    """A number as a column of ours takes it: digits and a point, trailing noughts kept, no exponent."""
    return f"{number:f}"

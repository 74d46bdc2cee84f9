"""The identifier of a source that came with a reference: who, when, and the first telling words of its title."""

from __future__ import annotations

from collections.abc import Container

from .names import surname
from .plain import plain_words
from .records import Record


LITTLE_WORDS = frozenset(
    {
        "a",
        "an",
        "the",
        "of",
        "in",
        "on",
        "and",
        "or",
        "for",
        "to",
        "from",
        "with",
        "by",
        "at",
        "as",
        "is",
        "are",
    }
)
TITLE_WORDS = 4
LONGEST = 110
"""Characters. The store allows 120; the rest is for a number where two sources would have one name."""


def name_source(record: Record, taken: Container[str], numbers: dict[str, int] | None = None) -> str:
    """An identifier that is not taken: "smith-2019-county-lines-exploitation", else with "-2", "-3" behind it.

    `numbers` remembers the last number behind each name, so that many sources of one name need not be counted up
    from the first each time. What was taken must stay taken between calls with the same one.
    """
    who = surname(record.authors[0]) if record.authors else ""
    words = [word for word in plain_words(record.title).split() if word not in LITTLE_WORDS]
    parts = [*who.split()[:2], str(record.year or "undated"), *words[:TITLE_WORDS]]
    name = "-".join(filter(None, (_ascii(part) for part in parts)))[:LONGEST].strip("-")
    numbers = {} if numbers is None else numbers
    number = numbers.get(name, 1)
    candidate = name if number == 1 else f"{name}-{number}"
    while candidate in taken:
        number += 1
        candidate = f"{name}-{number}"
    numbers[name] = number
    return candidate


def _ascii(word: str) -> str:
    """Only what an identifier may hold; letters of other scripts are left out, the year remains."""
    return "".join(character for character in word if character.isascii() and character.isalnum()).lower()

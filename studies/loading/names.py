"""Names of authors as they are compared: family name, first initial, and whether a name is that of a body."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from .plain import plain_words, word_set


INITIALS = re.compile(r"(?:[A-ZÀ-Þ]\.?-?){1,4}\Z")

BODY_WORDS = word_set(
    "agency alliance assembly association authority board borough bureau centre center charity college commission",
    "commissioner committee constabulary consortium corporation council department directorate federation force",
    "forum foundation government group hospital inspectorate institute institution ltd ministry network nhs office",
    "organisation organization panel parliament partnership police programme project registry school secretariat",
    "service services society taskforce team trust unit university",
)
"""Words that a person is not called and a body often is. They do not tell one body from another."""

LINKING_WORDS = word_set(
    "a an and at by for in of on the to with",
)
UNTOLD_WORDS = BODY_WORDS | LINKING_WORDS | {"great", "britain", "uk", "hm", "his", "her", "majestys", "s"}


@dataclass(frozen=True, slots=True)
class Name:
    """An author as compared: `family` is the whole name of a body; `initial` is "" where it is not known."""

    family: str
    initial: str = ""
    is_body: bool = False


@lru_cache(maxsize=20_000)
def name_of(text: str) -> Name:
    """The name in the form in which it is compared."""
    if is_body(text):
        return Name(plain_words(text), is_body=True)
    return Name(surname(text), _initial(text))


def is_body(text: str) -> bool:
    """Whether a name is that of an office, a council, a team: by its words, never by a comma as in "Smith, A."."""
    words = plain_words(text).split()
    if len(words) < 2 or "," in text:
        return False
    # "of", "for" and "and" stand in no person's name; "van", "de" and the like do.
    return not BODY_WORDS.isdisjoint(words) or not {"of", "for", "and"}.isdisjoint(words)


def surname(name: str) -> str:
    """The family name in plain words, from "Family, Given", "Family GN", "G. N. Family" or a body's name."""
    family, comma, _ = name.partition(",")
    if not comma:
        parts = name.split()
        rest = list(parts)
        while rest and INITIALS.match(rest[-1]):
            rest.pop()
        if rest and len(rest) < len(parts):
            family = " ".join(rest)
        else:
            start = len(parts) - 1
            while start > 1 and parts[start - 1][:1].islower():
                start -= 1
            family = " ".join(parts[max(start, 0) :])
    return plain_words(family)


def _initial(name: str) -> str:
    """The first letter of the given name, in lower case without its accent; "" where none is told."""
    _, comma, given = name.partition(",")
    if not comma:
        parts = name.split()
        if len(parts) < 2:
            return ""
        given = parts[-1] if INITIALS.match(parts[-1]) else parts[0]
        if INITIALS.match(parts[-1]):
            while len(parts) > 2 and INITIALS.match(parts[-2]):
                parts.pop()
                given = parts[-1]
    return plain_words(given)[:1]


def bodies_agree(one: str, other: str) -> bool | None:
    """Whether two bodies are one: by the words that tell bodies apart. None where that cannot be said."""
    ours, theirs = (frozenset(name.split()) - UNTOLD_WORDS for name in (one, other))
    if one == other or (ours and ours == theirs):
        return True
    if len(one.split()) == 1 or len(other.split()) == 1:  # an acronym, or a short name
        return None
    return None if ours & theirs else False

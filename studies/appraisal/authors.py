"""Whether an appraiser's name stands among the authors of a source."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator


BETWEEN_AUTHORS = re.compile(r"[;\n|&]|\band\b|\bwith\b|\bund\b|\bet\b", re.IGNORECASE)
TITLES = frozenset(
    [
        "dr",
        "prof",
        "professor",
        "sir",
        "dame",
        "lord",
        "lady",
        "baroness",
        "baron",
        "mr",
        "mrs",
        "ms",
        "miss",
        "judge",
        "justice",
        "rev",
        "kc",
        "qc",
        "obe",
        "mbe",
        "cbe",
        "dbe",
    ]
)
PARTICLES = frozenset(
    ["van", "von", "der", "den", "de", "del", "della", "di", "da", "du", "la", "le", "el", "al", "ter", "ten"]
)
MOST_INITIALS = 3

LETTERS = str.maketrans(
    {"ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ð": "d", "Ð": "D", "þ": "th", "Þ": "Th"}
    | {"æ": "ae", "Æ": "Ae", "œ": "oe", "Œ": "Oe", "ß": "ss", "ı": "i"}
)
UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"})
APOSTROPHES = re.compile(r"['’‘`´ʼ]")
HYPHENS = re.compile(r"[‐‑‒–−]")


def is_author(first_name: str, last_name: str, authors: str) -> bool:
    """Whether one of `authors` has the family name, and the first name, its initial or its short form beside it.

    Reads “Family AB, Family C”, “Family, Given; Family, Given”, “Given Family and Given Family” and mixtures. Accents,
    case, apostrophes, titles and dots do not count, ü may be ue, and a double name may have a hyphen, a space or
    neither. A stop for the plain case only: what else makes an appraiser partial is for the person to declare. An
    account without both names is never found, and neither is a family name that stands alone.
    """
    return any(
        _is_among(_plain(first_name, one), _plain(last_name, one), _plain(authors, other))
        for one in (False, True)
        for other in (False, True)
    )


def shares_family_name(last_name: str, authors: str) -> bool:
    """Whether the family name stands anywhere among the authors, whoever it belongs to: a reason to ask, no more."""
    return any(
        named.search(_plain(authors, other)) is not None
        for one in (False, True)
        for other in (False, True)
        if (named := _family_name(_plain(last_name, one)))
    )


def _family_name(last: str) -> re.Pattern[str] | None:
    """What finds a family name, and not as a part of another double name: “Jones” is not “Smith-Jones”."""
    family = _words(last.replace("-", " "))
    if not family:
        return None
    return re.compile(r"(?<![\w-])" + r"[\s-]*".join(family) + r"(?![\w-])", re.IGNORECASE)


def _is_among(first: str, last: str, authors: str) -> bool:
    given, named = _words(first), _family_name(last)
    if not given or named is None:
        return False
    return any(
        _is_first_name(given, word)
        for whole, following in _pieces(authors)
        if (found := named.search(whole))
        for word in _given_words(f"{whole[: found.start()]} {whole[found.end() :]}", following)
    )


def _pieces(authors: str) -> Iterator[tuple[str, str]]:
    """Each stretch between commas with the one after it, which holds the first name in “Family, Given”."""
    for author in BETWEEN_AUTHORS.split(authors):
        parts = author.split(",")
        yield from zip(parts, [*parts[1:], ""], strict=True)


def _given_words(beside: str, following: str) -> list[str]:
    own = [word for word in _words(beside) if word.casefold() not in TITLES | PARTICLES]
    return own or [word for word in _words(following) if word.casefold() not in TITLES | PARTICLES]


def _is_first_name(given: list[str], word: str) -> bool:
    initials = len(word) == 1 or (len(word) <= MOST_INITIALS and word.isupper())
    if initials or len(given[0]) == 1:
        return word[0].casefold() == given[0][0].casefold()
    said = word.casefold()
    # “Chris” is “Christopher”; two letters would be any of many names.
    return any(
        said == name.casefold()
        or (
            min(len(said), len(name)) >= 3
            and (said.startswith(name.casefold()) or name.casefold().startswith(said))
        )
        for name in given
    )


def _plain(text: str, spelled_out: bool) -> str:
    text = HYPHENS.sub("-", APOSTROPHES.sub("", unicodedata.normalize("NFC", text))).translate(LETTERS)
    spelled = text.translate(UMLAUTS) if spelled_out else text
    return "".join(c for c in unicodedata.normalize("NFKD", spelled) if not unicodedata.combining(c))


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text)

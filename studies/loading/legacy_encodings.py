"""Which encoding a text is in that is not Unicode: by which reading the characters stand where language puts them.

Windows-1252, Latin-1 and Mac Roman take any bytes, and most pairs of high bytes are Chinese characters in GBK, so
nothing can be proved. Every place with a high byte is read in each way and weighed with what stands around it; the
sum decides. A file with one accented letter still has its one word to go by.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import islice
from mmap import mmap
from typing import NamedTuple


SAMPLE = 5_000
"""Places that are weighed; the choice is settled after a few dozen."""

REACH = 16
"""Bytes on either side of a place that are looked at: a word."""

HIGH = re.compile(rb"[\x80-\xff]+")
UTF8_SEQUENCE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
GBK_RUN = re.compile(rb"((?:[\x81-\xfe][\x40-\x7e\x80-\xfe]|[\x81-\xfe][0-9][\x81-\xfe][0-9])+)|[\x80-\xff]")
SINGLE_BYTE = {"iso-8859-1": "latin-1", "windows-1252": "cp1252", "mac-roman": "mac-roman"}

# What stands behind an apostrophe in English, and before one in French and Italian.
ENDINGS = frozenset({"", "s", "t", "d", "m", "re", "ve", "ll"})
ELISIONS = frozenset(
    {"l", "d", "j", "n", "s", "c", "m", "t", "o", "qu", "dell", "all", "nell", "sull", "un", "degl"}
)
# Words that an English sentence goes on with after a dash; none that Spanish words end in.
AFTER_DASH = frozenset({
    "an", "and", "at", "but", "by", "even", "for", "from", "her", "his", "if", "in", "is", "it", "its",
    "not", "of", "often", "on", "or", "our", "she", "such", "that", "the", "their", "then", "these", "they",
    "this", "those", "to", "we", "where", "which", "who", "with",
})  # fmt: skip
CLOSING = frozenset(")]},;:")
LONE_LETTERS = "àéó"
LONE_CAPITALS = "ÀÉÖÅÓØ"
ODD_SIGNS = frozenset("¡¢£¤¥¦§¨©ª¬®¯°±²³´¶¸¹º¼½¾¿∞™†‡•¨≠≤≥∂∑∏π∫Ω√≈∆◊˙˚˝˛ˇ")
"""Signs of which two do not stand beside each other; halves of a pair of bytes that is one character do."""


class Place(NamedTuple):
    """A run of bytes above ASCII, with what stands before and behind it."""

    before: bytes
    run: bytes
    after: bytes


def guess_encoding(content: bytes | mmap) -> str:
    """utf-8 (with bytes that are wrong in it), gbk, windows-1252, iso-8859-1 or mac-roman."""
    places = [
        Place(content[max(0, start - REACH) : start], content[start:end], content[end : end + REACH])
        for start, end in (found.span() for found in islice(HIGH.finditer(content), SAMPLE))
    ]
    if _mostly_utf8(places):
        return "utf-8"
    scores = {name: _single_byte_score(places, codec) for name, codec in SINGLE_BYTE.items()}
    head = content[: 1 << 16]
    if b"\r" in head and b"\n" not in head:  # line ends of old Macintoshes settle what is a tie
        scores["mac-roman"] += 1
    # Ties go to the first; Windows-1252 and Latin-1 differ only in 0x80–0x9F, so without those it is Latin-1.
    best = max(scores, key=lambda name: scores[name])
    return "gbk" if _gbk_score(content) > scores[best] else best


def _mostly_utf8(places: list[Place]) -> bool:
    """UTF-8 with a few strange bytes (pasted text, a cut-off end): four in five belong to valid sequences."""
    high = sum(len(place.run) for place in places)
    valid = sum(len(found) for place in places for found in UTF8_SEQUENCE.findall(place.run))
    return valid >= 0.8 * high


def _single_byte_score(places: list[Place], codec: str) -> int:
    score = 0
    for before, run, after in places:
        text = (before + run + after).decode(codec, "replace")
        score += sum(_fitness(text, len(before) + place) for place in range(len(run)))
    return score


def _gbk_score(content: bytes | mmap) -> int:
    """As for the others; below all of them where bytes are left that are no pairs."""
    score = lone = places = 0
    for found in islice(GBK_RUN.finditer(content), SAMPLE):
        places += 1
        if found[1] is None:
            lone += 1
            continue
        start, end = found.span()
        before = content[max(0, start - REACH) : start].decode("ascii", "replace")
        read = found[1].decode("gb18030", "replace")
        text = before + read + content[end : end + REACH].decode("ascii", "replace")
        score += sum(
            _hanzi_fitness(text, place) if _is_hanzi(text[place]) else _fitness(text, place)
            for place in range(len(before), len(before) + len(read))
            if text[place] > "\x7f"
        )
    return score if lone * 50 <= places else -(1 << 30)


def _is_hanzi(character: str) -> bool:
    return "\u2e80" <= character <= "\u9fff" or "\uff00" <= character <= "\uffef" or character > "\U00020000"


def _hanzi_fitness(text: str, place: int) -> int:
    """Chinese stands beside Chinese; between Latin letters it is a misreading, all the more a rare character."""
    before, after = text[place - 1 : place] or " ", text[place + 1 : place + 2] or " "
    if _is_ascii_lower(before) or _is_ascii_lower(after):
        score = -3
    else:
        score = 3 if _is_hanzi(before) or _is_hanzi(after) else 1
    try:
        text[place].encode("gb2312")
    except UnicodeEncodeError:
        score -= 2
    return score


def _is_ascii_lower(character: str) -> bool:
    return "a" <= character <= "z"


def _fitness(text: str, place: int) -> int:
    """How well the character above ASCII fits its neighbours; higher is likelier."""
    character = text[place]
    before = text[place - 1] if place else " "
    after = text[place + 1] if place + 1 < len(text) else " "
    if unicodedata.category(character) in ("Ll", "Lu"):
        return _letter_fitness(character, before, after)
    if character < "\xa0" or character == "\ufffd":
        return -5  # control characters of Latin-1, or bytes that the encoding does not have
    if character in "’‘“”":
        return _quote_fitness(text, place, before, after)
    if character in "–—":
        return _dash_fitness(text, place, before, after)
    if before.isalpha() and after.isalpha() and character not in "…·­\xa0":
        return -2  # a symbol in the middle of a word
    return -1 if character in ODD_SIGNS and (before > "\x7f" or after > "\x7f") else 0


def _letter_fitness(character: str, before: str, after: str) -> int:
    beside_letter = before.isalpha() or after.isalpha()
    if before.isdigit() and after.isdigit():
        return -2
    if before in CLOSING or before in ODD_SIGNS:
        return -1
    if character in "œŒ":
        return 3 if after in ("u", "U") else 1
    if "α" <= character.lower() <= "ω":
        return 1  # a sign as often as a letter
    if character.islower():
        if after.isupper() and before.isalpha():
            return -2
        if not beside_letter:
            return 1 if character in LONE_LETTERS else -1
        # Beyond the letters of Western Europe are few that words have, and signs that only look like letters.
        return 2 if character <= "\xfe" else -2 if character == "ƒ" else 1
    if before.islower() or (before.isupper() and after.islower()):
        return -3
    if not beside_letter:
        return 0 if character in LONE_CAPITALS else -1
    return 2 if after.islower() and character <= "\xfe" else 1


def _quote_fitness(text: str, place: int, before: str, after: str) -> int:
    character = text[place]
    if character == "’" and before.isalpha():
        left, right = _letters_around(text, place)
        return 3 if right in ENDINGS or left.lower() in ELISIONS else 1
    opens = character in "‘“"
    inner, outer = (after, before) if opens else (before, after)
    return 2 if not inner.isspace() and not outer.isalpha() else -1


def _dash_fitness(text: str, place: int, before: str, after: str) -> int:
    if before.isdigit() and after.isdigit():
        return 2
    if before.isspace() and after.isspace():
        return 1
    left, right = _letters_around(text, place)
    if (before in CLOSING and right) or (len(left) >= 3 and right.lower() in AFTER_DASH):
        return 3
    return 3 if min(len(left), len(right)) >= 3 and len(left) + len(right) >= 10 else 0


def _letters_around(text: str, place: int) -> tuple[str, str]:
    """The letters that stand directly before and behind a place."""
    start, end = place, place + 1
    while start and text[start - 1].isalpha():
        start -= 1
    while end < len(text) and text[end].isalpha():
        end += 1
    return text[start:place], text[place + 1 : end]

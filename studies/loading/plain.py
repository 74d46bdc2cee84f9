"""Text in plain words, as everything is compared: lower case, without accents, tags, entities and punctuation."""

from __future__ import annotations

import html
import re
import unicodedata


TAG = re.compile(r"</?[a-z][^<>]{0,80}>", re.IGNORECASE)
NOT_WORD = re.compile(r"[\W_]+")
THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
# Letters whose stroke or join is no accent that Unicode could take off.
STROKED = str.maketrans(
    {
        "ø": "o",
        "Ø": "O",
        "ł": "l",
        "Ł": "L",
        "đ": "d",
        "Đ": "D",
        "ı": "i",
        "æ": "ae",
        "Æ": "AE",
        "œ": "oe",
        "Œ": "OE",
    }
)


def plain_words(text: str) -> str:
    """Lower case without accents, tags, entities and punctuation; words divided by single spaces."""
    if not text:
        return ""
    if "&" in text:
        text = html.unescape(text).replace("&", " and ")
    if "<" in text:
        text = TAG.sub("", text)
    if not text.isascii():
        decomposed = unicodedata.normalize("NFKD", text.translate(STROKED))
        text = "".join(character for character in decomposed if not unicodedata.combining(character))
    return NOT_WORD.sub(" ", THOUSANDS.sub("", text).replace("'", "").replace("’", "").casefold()).strip()


def word_set(*lines: str) -> frozenset[str]:
    """The words of some lines, for lists of words that would fill pages with one a line."""
    return frozenset(word for line in lines for word in line.split())

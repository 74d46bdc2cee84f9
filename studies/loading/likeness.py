"""What is compared when two references may be one: titles, numbers in them, names and years, in a plain form.

Preparing a record once and comparing prepared ones many times is what makes large files feasible.
"""

from __future__ import annotations

import html
import re
import unicodedata
from dataclasses import dataclass

from .records import Record


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
RETRACTED = re.compile(r"^(?:retracted(?: article)?|withdrawn)\s+")

# What makes a publication about another one something else than that other one.
COMPANIONS = {
    "a correction": re.compile(r"\b(?:errat(?:um|a)|corrigend(?:um|a)|author correction|correction(?: to)?|publisher correction)\b"),
    "a retraction": re.compile(r"\b(?:retraction|expression of concern)\b"),
    "a reply": re.compile(r"\b(?:reply|replies|rejoinder|response to|authors? response|in response)\b"),
    "a comment": re.compile(r"\b(?:comment(?:s|ary|aries)?(?: on)?|letter(?: to)?)\b"),
    "a supplement": re.compile(r"\b(?:supplement(?:s|ary|al)?|appendi(?:x|ces)|annex(?:es)?|data tables?|technical annex)\b"),
    "a protocol": re.compile(r"\bprotocol\b"),
    "a summary": re.compile(r"\b(?:summary|key findings|infographic)\b"),
}  # fmt: skip

GENERIC = re.compile(
    r"(?:(?:guest |the )?editorial|introduction|foreword|preface|conclusions?|news|letters?(?: to the editor)?"
    r"|correspondence|(?:book )?reviews?|abstracts?|(?:table of )?contents|in this issue|annual report|report|index"
    r"|obituary|commentary|comments?|discussion|(?:executive )?summary|appendix|references|bibliography"
    r"|acknowledge?ments?|notes?|reply|errat(?:um|a)|corrigend(?:um|a)|correction|editors? note|methodology|methods"
    r"|background|statistics|overview|untitled|no title|announcements?|afterword|glossary|front matter|back matter)"
    r"(?: \d+)*"
)

ROMAN = {
    "ii": "2",
    "iii": "3",
    "iv": "4",
    "vi": "6",
    "vii": "7",
    "viii": "8",
    "ix": "9",
    "xi": "11",
    "xii": "12",
}
WORDS = {
    "one": "1",
    "first": "1",
    "two": "2",
    "second": "2",
    "three": "3",
    "third": "3",
    "four": "4",
    "fourth": "4",
}
# After these words a letter, a lone "i", "v" or "x", or a number in words counts parts as well.
COUNTED = {
    "part",
    "volume",
    "vol",
    "chapter",
    "section",
    "phase",
    "study",
    "paper",
    "book",
    "annex",
    "appendix",
    "wave",
}
LONE = {"i": "1", "v": "5", "x": "10", **WORDS}

INITIALS = re.compile(r"(?:[A-ZÀ-Þ]\.?-?){1,4}\Z")


@dataclass(frozen=True, slots=True)
class Likeness:
    """A record as it is compared. ``title`` is in plain words; ``numbers`` are those in it, in order."""

    title: str
    numbers: tuple[str, ...]
    companions: frozenset[str]
    generic: bool
    surnames: tuple[str, ...]
    year: int | None
    container: str
    volume: str
    pages: str
    is_article: bool
    doi: str
    pmid: str
    isbn: str


def likeness(record: Record) -> Likeness:
    """The record in the form in which it is compared."""
    title = RETRACTED.sub("", plain_words(record.title))
    words = title.split()
    return Likeness(
        title=title,
        numbers=_numbers(words),
        companions=frozenset(name for name, pattern in COMPANIONS.items() if pattern.search(title)),
        generic=len(words) < 2 or GENERIC.fullmatch(title) is not None,
        surnames=tuple(filter(None, map(surname, record.authors[:20]))),
        year=record.year,
        container=plain_words(record.container),
        volume=plain_words(record.volume),
        pages=plain_words(record.pages).split(" ")[0],
        is_article=record.reference_type == "article",
        doi=record.doi,
        pmid=record.pmid,
        isbn=record.isbn,
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


def _numbers(words: list[str]) -> tuple[str, ...]:
    """Numbers in a title: digits, Roman numerals, and what counts parts, volumes and the like."""
    numbers = []
    for place, word in enumerate(words):
        if word.isdigit():
            numbers.append(word.lstrip("0") or "0")
        elif word in ROMAN:
            numbers.append(ROMAN[word])
        elif place and words[place - 1] in COUNTED and (word in LONE or len(word) == 1):
            numbers.append(LONE.get(word, word))
    return tuple(numbers)


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

"""What is compared when two references may be one: titles, numbers in them, names and years, in a plain form.

Preparing a record once and comparing prepared ones many times is what makes large files feasible.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import blake2b

from .names import name_of
from .plain import plain_words, word_set
from .records import Record


RETRACTED = re.compile(r"^(?:retracted(?: article)?|withdrawn)\s+")
ARTICLE = re.compile(r"^(?:the|an?)\s+(?=\w+\s)")
MEDIUM = re.compile(
    r"\s*\[(?:internet|online|electronic resource|web ?page|pdf|e-?book)\]\W*\Z", re.IGNORECASE
)
MAIN_END = re.compile(r"[:?!]\s|\.\s|\s[-–—]+\s")

# British and American spellings, brought to one; what it makes of other words does not matter, as it makes it of both.
SPELLINGS = (
    (re.compile(r"(?<=[a-z]{3})is(?=(?:e|ed|es|ing|ation|ations|ational)\b)"), "iz"),
    (re.compile(r"(?<=[a-z]{3})our(?=(?:s|al|ally|ed|ing|hood|hoods)?\b)"), "or"),
    (re.compile(r"\bprogramme"), "program"),
    (re.compile(r"\bcentre"), "center"),
    (re.compile(r"(?<=\bdef|\boff)ence(?=s?\b)"), "ense"),
)

# What makes a publication about another one something else than that other one.
COMPANIONS = {
    "a correction": re.compile(r"\b(?:errat(?:um|a)|corrigend(?:um|a)|author correction|correction(?: to)?|publisher correction|addend(?:um|a))\b"),
    "a retraction": re.compile(r"\b(?:retraction|expression of concern|notice of (?:redundant|duplicate) publication)\b"),
    "a reply": re.compile(r"\b(?:reply|replies|rejoinder|response to|authors? response|in response|(?:government|official) response)\b"),
    "a comment": re.compile(r"\b(?:comment(?:s|ary|aries)?(?: on)?|letter(?: to)?|discussion o[fn]|discussion\Z)\b|\Are\b"),
    "a review of a book": re.compile(r"\bbook review\b"),
    "a supplement": re.compile(r"\b(?:supplement(?:s|ary|al)?|supporting information|appendi(?:x|ces)|annex(?:es)?|data tables?|technical annex)\b"),
    "its data": re.compile(r"\A(?:replication |research |supporting )?data(?:set)? (?:from|for)\b|\bdataset\Z"),
    "a protocol": re.compile(r"\bprotocol\b"),
    "a summary": re.compile(r"\b(?:summary|key findings|infographic|easy read)\b"),
}  # fmt: skip

GENERIC = re.compile(
    r"(?:(?:guest |the )?editorial|introduction|foreword|preface|conclusions?|news|letters?(?: to the editor)?"
    r"|correspondence|(?:book )?reviews?|abstracts?|(?:table of )?contents|in this issue|annual report|report|index"
    r"|obituary|commentary|comments?|discussion|(?:executive )?summary|appendix|references|bibliography"
    r"|acknowledge?ments?|notes?|reply|errat(?:um|a)|corrigend(?:um|a)|correction|editors? note|methodology|methods"
    r"|background|statistics|overview|untitled|no title|announcements?|afterword|glossary|front matter|back matter)"
    r"(?: \d+)*"
)
GENERIC_WORDS = word_set(
    "abstract abstracts accounts acknowledgements action afterword annual appendix article background bibliography",
    "book brief briefing briefings bulletin business case chair chapter comment comments commentary conclusion",
    "conclusions consultation contents correspondence discussion draft editor editorial editors evidence executive",
    "final findings first foreword from full future glossary guest guidance implications in index inspection interim",
    "introduction issue key letter letters literature local main message methodology methods minutes news newsletter",
    "note notes oral overview paper papers part plan policy preface press progress publication publications quarterly",
    "recommendations reference references reply report reports research response responses results review reviews",
    "safeguarding second section serious some special statement statistical statistics strategic strategy study",
    "summary supplement table tables technical terms thematic this update volume working written year yearly",
)
"""Words that say what a text is and not what it is about. A title of them alone is given to thousands of texts."""

LITTLE_WORDS = word_set(
    "a an and are as at be by for from has have how in into is it its of on or our that the their they this to under",
    "was we what when where which who why with within",
)

PREPRINT_SERVERS = re.compile(
    r"\b(?:(?:med|bio|soc|psy|edu|chem)?a?rxiv|socarxiv|ssrn|research square|preprints?(?: org)?|osf preprints)\b"
)

ROMAN = {
    "ii": "2", "iii": "3", "iv": "4", "vi": "6", "vii": "7", "viii": "8", "ix": "9", "xi": "11", "xii": "12",
}  # fmt: skip
WORDS = {
    "one": "1", "first": "1", "two": "2", "second": "2", "three": "3", "third": "3", "four": "4", "fourth": "4",
    "five": "5", "fifth": "5", "six": "6", "sixth": "6", "seven": "7", "seventh": "7", "eight": "8", "eighth": "8",
    "nine": "9", "ninth": "9", "ten": "10", "tenth": "10",
}  # fmt: skip
ORDINAL = re.compile(r"(\d+)(?:st|nd|rd|th)\Z")
# After these words a letter, a lone "i", "v" or "x", or a number in words counts parts as well.
COUNTED = word_set(
    "part pt volume vol chapter section phase study paper book annex appendix wave edition",
)
# Before these words "first", "second" and so on count editions and reports.
NUMBERED = word_set(
    "edition report annual interim periodic progress survey wave phase part session evaluation",
)
LONE = {"i": "1", "v": "5", "x": "10", **WORDS}


EDITION_TAGS = frozenset({"et", "edition", "%7"})
"""Tags of an edition in RIS, BibTeX, CSL, EndNote and sheets, in lower case."""
EDITION_WORDS = frozenset({"edition", "ed", "edn", "the"})

LONGEST_COMPARED = 2_000
"""Characters of a title, a journal or a name. Comparing takes as long as one times the other, and a text that is longer
has come into its field by mistake."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """A record as it is compared. ``title`` is in plain words, ``main`` the part before its subtitle ("" where there
    is none); ``numbers`` are those in the title, in order; ``telling`` counts the words of it that say what it is about.
    """

    title: str
    main: str
    telling: int
    numbers: tuple[str, ...]
    companions: frozenset[str]
    generic: bool
    surnames: tuple[str, ...]
    initial: str
    is_body: bool
    year: int | None
    container: str
    volume: str
    issue: str
    pages: str
    kind: str
    edition: str
    doi: str
    pmid: str
    isbn: str

    @property
    def letters(self) -> str:
        """The title without the spaces: "co-offending" and "cooffending" are one word."""
        return self.title.replace(" ", "")


def likeness(record: Record) -> Likeness:
    """The record in the form in which it is compared."""
    written = _compared(record.title)
    title = comparable(written)
    words = title.split()
    telling = sum(
        word not in LITTLE_WORDS and word not in GENERIC_WORDS and not word.isdigit() for word in words
    )
    names = [name_of(_compared(author)) for author in record.authors[:20]]
    names = [name for name in names if name.family]
    container = ARTICLE.sub("", plain_words(_compared(record.container)))
    return Likeness(
        title=title,
        main=_main_title(written, title),
        telling=telling,
        numbers=_numbers(words),
        companions=frozenset(name for name, pattern in COMPANIONS.items() if pattern.search(title)),
        generic=len(words) < 2 or not telling or GENERIC.fullmatch(title) is not None,
        surnames=tuple(name.family for name in names),
        initial=names[0].initial if names else "",
        is_body=bool(names) and names[0].is_body,
        year=record.year,
        container=container,
        volume=plain_words(record.volume),
        issue=plain_words(record.issue),
        pages=plain_words(record.pages).split(" ")[0],
        kind="preprint" if PREPRINT_SERVERS.search(container) else record.reference_type,
        edition=_edition(record) if record.reference_type == "book" else "",
        doi=record.doi,
        pmid=record.pmid,
        isbn=record.isbn,
    )


def _compared(text: str) -> str:
    """The text as far as it is compared; of a longer one a mark of the whole stands for the rest, so that two differ."""
    if len(text) <= LONGEST_COMPARED:
        return text
    mark = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
    return f"{text[:LONGEST_COMPARED]} {mark}"


def _edition(record: Record) -> str:
    """The number of an edition, or its words where it has none, as "revised"; "" where none is told."""
    told = next((value for tag, value in record.raw if tag.casefold() in EDITION_TAGS), "")
    words = [word for word in plain_words(told).split() if word not in EDITION_WORDS]
    for word in words:
        ordinal = ORDINAL.match(word)
        if word.isdigit() or word in WORDS or ordinal:
            return ordinal[1] if ordinal else WORDS.get(word, word)
    return " ".join(words)


def comparable(title: str) -> str:
    """A title in plain words, in one spelling, without a leading article, marks of a retraction and of the medium."""
    if "[" in title:
        title = MEDIUM.sub("", title)
    words = ARTICLE.sub("", RETRACTED.sub("", plain_words(title)))
    for pattern, instead in SPELLINGS:
        words = pattern.sub(instead, words)
    return words


def _main_title(written: str, title: str) -> str:
    """What stands before the subtitle, in comparable words; "" where no subtitle follows."""
    found = MAIN_END.search(written)
    if found is None:
        return ""
    main = comparable(written[: found.start()])
    return main if main != title and title.startswith(main) else ""


def _numbers(words: list[str]) -> tuple[str, ...]:
    """Numbers in a title: digits, Roman numerals, and what counts parts, volumes, editions and the like."""
    numbers = []
    for place, word in enumerate(words):
        counted = place > 0 and words[place - 1] in COUNTED
        last = place == len(words) - 1
        ordinal = ORDINAL.match(word)
        if word.isdigit():
            numbers.append(word.lstrip("0") or "0")
        elif ordinal:
            numbers.append(ordinal[1])
        elif word in ROMAN:
            numbers.append(ROMAN[word])
        elif counted and (word in LONE or len(word) == 1):
            numbers.append(LONE.get(word, word))
        elif (word in WORDS and not last and words[place + 1] in NUMBERED) or (
            last and place and word in "ivx"
        ):
            numbers.append(LONE[word])
    return tuple(numbers)

"""Turning the text of tags into the fields of a record, the same way for every format."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ..identifiers import normalise_doi, normalise_pmid
from .markup import held_together, let_go


# A year by itself, or at the head of a date without marks: 20170812.
YEAR = re.compile(r"(?<!\d)(1[4-9]\d\d|20\d\d)(?:(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))?(?!\d)")
# "PMID: 12345678", as CINAHL has it "PMID: NLM12345678", and as PubMed Central has it "12345678[pmid]".
NOTED_PMID = re.compile(
    r"\bPMID\s*[:=]?\s*(?:NLM)?(\d{1,8})(?!\d)|(?<!\d)(\d{1,8})\s?\[pmid\]", re.IGNORECASE
)
# An address of Ovid names the database, here one of its parts of Medline, and the number in it.
OVID_MEDLINE = re.compile(r"[?&]D=(?:med|prem|ppez|pmnm)", re.IGNORECASE)
OVID_NUMBER = re.compile(r"[?&]AN=(\d{1,8})(?!\d)", re.IGNORECASE)
MEDLINE_NAMES = ("nlm", "pubmed", "medline")
PAGE_DASH = re.compile(r"\s*[\u2010-\u2013\u2212]\s*|(?<=\w)\s+-\s+(?=\w)")
PAGE_WORD = re.compile(r"pp?(?:\.\s*|\s+)(?=\w)", re.IGNORECASE)
WEB_ADDRESS = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)
# "Yang Z.", "McNamara M.E.", "van der Berg J-P": a family name with initials after it.
NAME_WITH_INITIALS = re.compile(r"[^\W\d_][^,;]*?\s(?:[^\W\d_a-z]\.?[ -]?){1,5}(?:Jr\.?|Sr\.?|I{1,3})?\.?\Z")
ONLY_INITIALS = re.compile(r"(?:[^\W\d_]\.[ -]?)+\Z")
NAME_BREAK = re.compile(r"[;\n\r|]+")
BETWEEN_NAMES = re.compile(r"(?<!\s)\s+and\s+")
LEADING_AND = re.compile(r"\A\s*and\s+")
# "Ruth Adams", "J. van der Berg": a name in its natural order, of two words or more.
NATURAL_NAME = re.compile(
    r"[^\W\d_a-z][^\s,;\d]*(?:\s(?!(?:and|of|for|the|&)\s)[^\s,;\d]+){0,3}\s[^\W\d_a-z][^\s,;\d]+\Z"
)
# "Adams, Ruth", "de la Cruz Santos, M.-J.": a family name, one comma, given names or initials.
INVERTED_NAME = re.compile(r"[^\W\d_][^,\d]{0,40},\s*[^\W\d_][^,\d]{0,30}\Z")
LONGEST_KEYWORD = 60
# What databases write where a reference has no pages; Ovid splits its phrase over first and last page.
NO_PAGES = {
    "no",
    "specified",
    "no specified",
    "no pages",
    "no pagination",
    "n/a",
    "na",
    "none",
    "-",
    "unpaginated",
}


def one_line(text: str) -> str:
    """The text with every run of white space as one space."""
    return " ".join(text.split())


def first(values: Iterable[str]) -> str:
    """The first value that is not blank, on one line."""
    return next((one_line(value) for value in values if value.strip()), "")


def year_in(texts: Iterable[str]) -> int | None:
    """The first plausible year (1400 to 2099) in the texts, tried in order."""
    for text in texts:
        found = YEAR.search(text)
        if found:
            return int(found[1])
    return None


def page_range(start: str, end: str = "") -> str:
    """Pages as one text: "183-186"; "" for what databases write when there are none."""
    start, end = (PAGE_WORD.sub("", PAGE_DASH.sub("-", one_line(part)), count=1) for part in (start, end))
    first_page, dash, last_page = start.partition("-")
    if dash and first_page == last_page:
        start = first_page
    if start.lower() in NO_PAGES:
        return ""
    if not end or end == start or end.lower() in NO_PAGES or re.search(r"\d\s*[-–]", start):
        return start
    return f"{start}-{end}" if start else end


def doi_in(texts: Iterable[str]) -> str:
    """The first DOI in the texts."""
    return next((doi for doi in map(normalise_doi, texts) if doi), "")


def labelled_pmid(texts: Iterable[str]) -> str:
    """The first PubMed number that the text itself calls one; a bare number could be anything."""
    for text in texts:
        if not text.strip().isdigit():
            pmid = normalise_pmid(text) or _in_ovid(text)
            if pmid:
                return pmid
    return ""


def _in_ovid(text: str) -> str:
    """PubMed's number in an address of Ovid. Three searches and not one, which would take long over long texts."""
    if "ovid" not in text.lower() or not OVID_MEDLINE.search(text):
        return ""
    number = OVID_NUMBER.search(text)
    return number[1].lstrip("0") if number else ""


def is_medline(database: str) -> bool:
    """Whether a database counts by PubMed's numbers: "NLM", "Ovid MEDLINE(R) <1996 to 2025>". Embase counts anew."""
    name = database.lower()
    return any(known in name for known in MEDLINE_NAMES) and "embase" not in name


def noted_pmid(texts: Iterable[str]) -> str:
    """The first PubMed number in notes, where only the very abbreviation counts: notes name years beside Medline."""
    found = next(filter(None, map(NOTED_PMID.search, texts)), None)
    return (found[1] or found[2]).lstrip("0") if found else ""


def url_in(texts: Iterable[str]) -> str:
    """The first http(s) address; other schemes are never taken as links."""
    for text in texts:
        found = WEB_ADDRESS.search(text)
        if found:
            return found.group().rstrip(".,;)")
    return ""


def split_keywords(values: Iterable[str], *, packed: bool = False) -> tuple[str, ...]:
    """Keywords one by one, without repeats. A lone value, and every one that is ``packed``, may hold several.

    They are divided by semicolons, line ends or bars; by commas only where there are two or more and the parts
    are short, because "Child, Preschool" is one keyword.
    """
    given = [held_together(value) for value in values if value.strip()]
    if packed or len(given) == 1:
        given = [part for value in given for part in _keyword_parts(value)]
    return tuple(dict.fromkeys(let_go(word) for word in map(one_line, given) if word))


def _keyword_parts(value: str) -> list[str]:
    parts = re.split(r"[;\n\r|]+", value)
    if (
        len(parts) == 1
        and value.count(",") >= 2
        and all(len(part) <= LONGEST_KEYWORD for part in value.split(","))
    ):
        return value.split(",")
    return parts


def split_authors(values: Iterable[str]) -> tuple[str, ...]:
    """Names one by one. A value may hold several, divided by semicolons, line ends or commas.

    Commas divide names only where each part is a family name with initials ("Yang Z., Jiang B."), where three or
    more are in their natural order ("Zhi Yang, Bo Jiang, Li Wei"), or where initials follow every other one,
    because elsewhere they stand between family and given name. The word "and" does only between names that are all
    written with one comma ("Yang, Z. and Jiang, B."): it is part of the names of ministries and committees.
    """
    names: list[str] = []
    for value in values:
        parts = NAME_BREAK.split(held_together(value))
        for place, part in enumerate(parts):
            if place:  # a list with a name on each line may lead them in by the word
                part = LEADING_AND.sub("", part, count=1) if LEADING_AND.match(part) else part
            pieces = part.split(",")
            inverted = [piece.strip() for piece in BETWEEN_NAMES.split(part)] if "and" in part else []
            if _are_whole_names([piece.strip() for piece in pieces]):
                names.extend(LEADING_AND.sub("", f" {piece}", count=1) for piece in pieces)
            elif _are_pairs([piece.strip() for piece in pieces]):
                names.extend(map(",".join, zip(pieces[::2], pieces[1::2], strict=True)))
            elif len(inverted) > 1 and all(map(INVERTED_NAME.match, inverted)):
                names.extend(inverted)
            else:
                names.append(part)
    return tuple(let_go(name) for name in (one_line(name).rstrip(",") for name in names) if name)


def _are_whole_names(pieces: list[str]) -> bool:
    """Whether the pieces between commas are names of their own, and not initials of the one before."""
    pieces = [LEADING_AND.sub("", piece, count=1) for piece in pieces]
    if len(pieces) > 2 and all(map(NATURAL_NAME.match, pieces)):
        return True
    return len(pieces) > 1 and all(
        NAME_WITH_INITIALS.match(piece) and not ONLY_INITIALS.match(piece) for piece in pieces
    )


def _are_pairs(pieces: list[str]) -> bool:
    """Whether family names and initials take turns: "Adams, R. J., Baker, T."."""
    return len(pieces) > 3 and len(pieces) % 2 == 0 and all(map(ONLY_INITIALS.match, pieces[1::2]))

"""DOI, ISBN, ISSN and PMID brought to one form each, so that two spellings of one identifier are equal.

Sources: DOI Handbook, section 2 (syntax; DOIs do not depend on case); ISO 2108 (ISBN check digits, 978 prefix
for old ten-digit numbers); ISO 3297 (ISSN check digit). Every function returns "" where it finds none.
"""

from __future__ import annotations

import html
import re
from urllib.parse import unquote


DOI = re.compile(r"10\.\d{4,9}(?:\.\d+)*/\S+")
DOI_END = re.compile(
    r"""["'\\|]              # end of an attribute of HTML or of a quotation
    |</?[a-z]                # a tag of HTML; the "<" in old DOIs is followed by a digit or ":"
    |[?\#]                   # query string, fragment
    |[;,](?:doi:)?10\.\d{4}   # the next DOI of a list
    |;jsessionid=|&(?:amp|nbsp|utm)""",
    re.VERBOSE | re.IGNORECASE,
)
# Publishers' pages end in a view of the article that is no part of its DOI.
DOI_VIEW = re.compile(
    r"(?:/(?:abstract|full|fulltext|pdf|epdf|meta|references|summary)(?:/(?:html|xml|pdf))?|\.pdf)\Z",
    re.IGNORECASE,
)
UNSEEN = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
"""Characters that are copied from web pages and that nobody sees."""
ISBN = re.compile(r"(?<![\d-])(?:97[89][ \-‐-–]?)?\d(?:[ \-‐-–]?\d){8}[ \-‐-–]?[\dXx](?![\d])")
ISSN = re.compile(r"(?<![\d-])(\d{4})[-–]?(\d{3}[\dXx])(?![\d-])")
PMID = re.compile(
    r"(?:pubmed|pmid|medline)(?:(?!pmc)\D){0,40}?(\d{1,8})(?!\d)|\b(\d{1,8})\s*\[pmid\]", re.IGNORECASE
)
BRACKETS = {")": "(", "]": "[", "}": "{", ">": "<"}


def normalise_doi(text: str) -> str:
    """The DOI in ``text``, bare and in lower case.

    Takes off resolver addresses, "doi:", HTML entities and tags, percent-encoding, query strings, fragments,
    the view of a publisher's page, and punctuation of the sentence around it.
    """
    if "10." not in text and "10%2" not in text:
        return ""
    plain = UNSEEN.sub("", html.unescape(text))
    if "%" in plain:
        plain = unquote(plain)
    found = DOI.search(plain)
    if not found:
        return ""
    doi = found.group()
    end = DOI_END.search(doi)
    if end:
        doi = doi[: end.start()]
    doi = _without_trailing_punctuation(doi)
    if "://" in plain[: found.start()]:
        doi = DOI_VIEW.sub("", doi)
    return doi.lower() if not doi.endswith("/") else ""


def _without_trailing_punctuation(doi: str) -> str:
    unopened = {last: doi.count(last) - doi.count(first) for last, first in BRACKETS.items()}
    end = len(doi)
    while True:  # ends at the digits of the prefix at the latest
        last = doi[end - 1]
        if unopened.get(last, 0) > 0:
            unopened[last] -= 1
        elif last not in ".,;:…’”»*†":
            return doi[:end]
        end -= 1


def normalise_isbn(text: str) -> str:
    """The first valid ISBN in ``text`` as thirteen digits; numbers with a wrong check digit are passed over."""
    for found in ISBN.finditer(text):
        digits = re.sub(r"[^0-9Xx]", "", found.group()).upper()
        if len(digits) == 10 and _isbn10_is_valid(digits):
            return _with_isbn13_check_digit("978" + digits[:9])
        if len(digits) == 13 and digits == _with_isbn13_check_digit(digits[:12]):
            return digits
    return ""


def _isbn10_is_valid(digits: str) -> bool:
    """Weights 10 to 1, sum divisible by 11, "X" stands for ten in the last place."""
    values = [10 if digit == "X" else int(digit) for digit in digits]
    return sum(weight * value for weight, value in zip(range(10, 0, -1), values, strict=True)) % 11 == 0


def _with_isbn13_check_digit(twelve: str) -> str:
    """Weights 1 and 3 in turn; the check digit makes the sum divisible by 10."""
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(twelve))
    return f"{twelve}{-total % 10}"


def normalise_issn(text: str) -> str:
    """The first valid ISSN in ``text`` as ``1234-567X``."""
    for found in ISSN.finditer(text):
        digits = (found[1] + found[2]).upper()
        values = [10 if digit == "X" else int(digit) for digit in digits]
        if sum(weight * value for weight, value in zip(range(8, 0, -1), values, strict=True)) % 11 == 0:
            return f"{digits[:4]}-{digits[4:]}"
    return ""


def normalise_pmid(text: str) -> str:
    """The PubMed number in ``text``: one to eight digits alone, or after a word that says what it is."""
    bare = text.strip()
    if not (bare.isascii() and bare.isdigit() and len(bare) <= 8):
        found = PMID.search(text)
        bare = (found[1] or found[2]) if found else ""
    return bare.lstrip("0")

"""What two references agree and differ in, one thing a function; what differs comes as words for a person."""

from __future__ import annotations

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from .likeness import LITTLE_WORDS, Likeness
from .names import bodies_agree
from .reference_types import TYPES


SLIP = 85.0
"""Likeness of two words that are one with a slip or another spelling; male and female are 80."""

LONG_WORD = 5
"""Letters from which one wrong letter is a slip; shorter words that differ by one are mostly two words."""

INTERCHANGEABLE = ({"report", "book", "web_page"}, {"article", "news"}, {"conference_paper", "chapter"})
"""Kinds that one publication has in two programs, for want of a better one."""

UNTOLD = {"", "other"}


def shared_identifiers(a: Likeness, b: Likeness) -> list[str]:
    shared = []
    if a.doi and a.doi == b.doi:
        shared.append(f"same DOI {a.doi}")
    if a.pmid and a.pmid == b.pmid:
        shared.append(f"same PubMed number {a.pmid}")
    if a.isbn and a.isbn == b.isbn:
        shared.append(f"same ISBN {a.isbn}")
    return shared


def people_agree(a: Likeness, b: Likeness) -> bool | None:
    """Whether the first authors, or half of all, are the same; None where that cannot be said.

    It cannot where one record names nobody, or one names persons and the other the body that they wrote for.
    """
    if not a.surnames or not b.surnames:
        return None
    if a.is_body and b.is_body:
        return bodies_agree(a.surnames[0], b.surnames[0])
    if a.is_body or b.is_body:
        return None
    if a.surnames[0] == b.surnames[0] or fuzz.ratio(a.surnames[0], b.surnames[0]) >= SLIP:
        return True
    ours, theirs = set(a.surnames), set(b.surnames)
    if len(ours & theirs) * 2 >= min(len(ours), len(theirs)):
        return True
    parts, others = set(a.surnames[0].split()), set(b.surnames[0].split())
    return parts <= others or others <= parts  # double names, of which one is left out


def years_apart(a: Likeness, b: Likeness) -> int | None:
    return None if a.year is None or b.year is None else abs(a.year - b.year)


def different_companions(a: Likeness, b: Likeness) -> list[str]:
    return [f"only one is {name}" for name in sorted(a.companions ^ b.companions)]


def different_numbers(a: Likeness, b: Likeness) -> list[str]:
    if a.numbers == b.numbers:
        return []
    return [
        f"numbers in the titles differ ({' '.join(a.numbers) or 'none'}; {' '.join(b.numbers) or 'none'})"
    ]


def different_identifiers(a: Likeness, b: Likeness) -> list[str]:
    pairs = (("DOIs", a.doi, b.doi), ("PubMed numbers", a.pmid, b.pmid), ("ISBNs", a.isbn, b.isbn))
    return [f"different {name}" for name, one, other in pairs if one and other and one != other]


def different_place(a: Likeness, b: Likeness) -> list[str]:
    pairs = (("volume", a.volume, b.volume), ("pages", a.pages, b.pages))
    found = [f"different {name}" for name, one, other in pairs if one and other and one != other]
    if not found and a.issue and b.issue and a.issue != b.issue and not same_page(a, b):
        found = ["different issue"]
    return found


def different_initials(a: Likeness, b: Likeness) -> list[str]:
    same = a.surnames and b.surnames and a.surnames[0] == b.surnames[0]
    if same and a.initial and b.initial and a.initial != b.initial:
        return [f"first names begin with {a.initial.upper()} and {b.initial.upper()}"]
    return []


def different_editions(a: Likeness, b: Likeness) -> list[str]:
    """Whether two books say of themselves that they are two editions."""
    if a.edition and b.edition and a.edition != b.edition:
        return [f"different editions ({a.edition}; {b.edition})"]
    return []


def different_kinds(a: Likeness, b: Likeness) -> list[str]:
    if a.kind == b.kind or a.kind in UNTOLD or b.kind in UNTOLD:
        return []
    if any(a.kind in group and b.kind in group for group in INTERCHANGEABLE):
        return []
    return [f"different kinds ({TYPES.get(a.kind, a.kind).lower()}; {TYPES.get(b.kind, b.kind).lower()})"]


def different_containers(a: Likeness, b: Likeness) -> list[str]:
    if not a.container or not b.container or _is_short_for(a.container, b.container):
        return []
    return ["different journals or books"]


def _is_short_for(one: str, other: str) -> bool:
    """Whether two names of journals are one: equal, one with a place or subtitle behind it, or its words cut short."""
    if one == other or one.startswith(f"{other} ") or other.startswith(f"{one} "):
        return True
    ours, theirs = ([word for word in name.split() if word not in LITTLE_WORDS] for name in (one, other))
    initials = ("".join(word[0] for word in words) for words in (ours, theirs))
    if one in initials or other in initials:
        return True
    if len(ours) != len(theirs):
        return False
    return all(x.startswith(y) or y.startswith(x) for x, y in zip(ours, theirs, strict=True))


def same_page(a: Likeness, b: Likeness) -> bool:
    """Whether both stand in one journal in the same volume on the same page, which no two articles of one title do."""
    if not (a.volume and a.volume == b.volume and a.pages and a.pages == b.pages):
        return False
    return not different_containers(a, b)


def same_volume(a: Likeness, b: Likeness) -> bool:
    """An article in the same journal, whose year may be that of its first appearance or of its issue."""
    in_journal = (a.kind == "article" or b.kind == "article") and a.container != ""
    return in_journal and _is_short_for(a.container, b.container) and not different_place(a, b)


def continues(a: Likeness, b: Likeness) -> bool:
    """Whether one title is the other with a subtitle."""
    short, long = sorted((a.title, b.title), key=len)
    return len(short.split()) >= 4 and long.startswith(f"{short} ")


def is_main_of(a: Likeness, b: Likeness) -> bool:
    """Whether one title is what stands before the colon of the other."""
    return (bool(a.main) and a.main == b.title) or (bool(b.main) and b.main == a.title)


def other_words(a: Likeness, b: Likeness) -> bool:
    """Whether each title has a word that the other lacks, slips of the pen apart: England and Wales, boys and girls."""
    ours, theirs = own_words(a, b)
    return bool(ours) and bool(theirs)


def only_slips(a: Likeness, b: Likeness) -> bool:
    """Whether the titles differ by single wrong letters of long words only, as "inquiry" and "inqury" do."""
    words, others = a.title.split(), b.title.split()
    if len(words) != len(others):
        return False
    unlike = [(word, other) for word, other in zip(words, others, strict=True) if word != other]
    return all(min(map(len, pair)) >= LONG_WORD and Levenshtein.distance(*pair) == 1 for pair in unlike)


def own_words(a: Likeness, b: Likeness) -> tuple[list[str], list[str]]:
    """The words of each title that the other lacks, in their order, slips of the pen apart."""
    words, others = a.title.split(), b.title.split()
    ours = [word for word in dict.fromkeys(words) if word not in others]
    theirs = [word for word in dict.fromkeys(others) if word not in words]
    return _without_slips(ours, theirs), _without_slips(theirs, ours)


def _without_slips(words: list[str], others: list[str]) -> list[str]:
    return [word for word in words if not any(_is_slip(word, other) for other in others)]


def _is_slip(word: str, other: str) -> bool:
    one_letter = len(word) >= LONG_WORD and Levenshtein.distance(word, other, score_cutoff=1) <= 1
    return one_letter or fuzz.ratio(word, other) >= SLIP

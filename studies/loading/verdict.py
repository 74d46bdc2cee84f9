"""The verdict on two references that were put beside each other: the same, maybe, or two publications; and why.

"same" is acted on without asking, so it needs something that two publications cannot share: an identifier and titles
that agree, a place in a journal, or one telling title by the same people in the same year with nothing against it.
Whatever is only likely is "maybe". The same DOI does not suffice: exporters hand the DOI of a book to its chapters.
"""

from __future__ import annotations

from rapidfuzz import fuzz

from .differences import (
    continues,
    different_companions,
    different_containers,
    different_editions,
    different_identifiers,
    different_initials,
    different_kinds,
    different_numbers,
    different_place,
    is_main_of,
    only_slips,
    other_words,
    own_words,
    people_agree,
    same_page,
    same_volume,
    shared_identifiers,
    years_apart,
)
from .likeness import LITTLE_WORDS, Likeness
from .plain import word_set


ALIKE, CLOSE, WORTH_A_LOOK = 95.0, 85.0, 70.0
"""Likeness of titles in per cent (edit distance over length): a typing slip or two; a few words; hardly the same."""

TELLING_WORDS = 6
"""Words of a title that is not likely to be given twice in a year by chance or by habit."""

FEW_TELLING = 3
"""Words of a title that say what it is about, below which many texts share it: "Child protection" has two."""

LONG_TELLING = 5
"""The same where a record has nothing beside its title and year."""

MOST_FOR_MAYBE, WORD_MORE, ONE_FOR_ANOTHER = 89.0, 84.0, 72.0
"""Scores that what is not certain has at most: with a slip of the pen or a doubt; where one title has words more; where
each has words of its own, as with two towns."""

MOST_WORDS = 5
"""Words of a title that a reason names."""

SERIAL = word_set("annual bulletin monthly quarterly statistics statistical update updates weekly yearly")
"""Words of what comes out again and again under one title."""

IN_VOLUMES = {"article", "news", "conference_paper", "chapter", "book"}
"""Kinds that stand in volumes on pages; where these agree, it does not matter which of them a program says."""

PAPERS = {"", "article", "chapter", "conference_paper", "thesis", "preprint"}
"""Kinds whose titles are made by persons, each for one text. Reports and news have titles that come again."""

Judged = tuple[str, float, list[str]]


def verdict(a: Likeness, b: Likeness) -> Judged | None:
    """Kind ("same" or "maybe"), score and reasons; None for two publications."""
    shared = shared_identifiers(a, b)
    if not shared and _told_apart(a, b):
        return None
    alike = fuzz.ratio(a.title, b.title) if a.title and b.title else 0.0
    if shared:
        return _by_identifier(a, b, shared, alike)
    cut = continues(a, b) or (is_main_of(a, b) and min(a.telling, b.telling) > 1)
    if alike < WORTH_A_LOOK and not cut:
        return None
    return _by_place(a, b, alike) if a.generic or b.generic else _by_description(a, b, alike)


def _told_apart(a: Likeness, b: Likeness) -> bool:
    """Whether the titles say of themselves that they are two: a reply and its paper, part 1 and part 2.

    Asked before titles are compared, since it is a hundred times quicker.
    """
    return a.companions != b.companions or bool(a.numbers and b.numbers and a.numbers != b.numbers)


def _by_identifier(a: Likeness, b: Likeness, shared: list[str], alike: float) -> Judged | None:
    only_isbn = len(shared) == 1 and shared[0].startswith("same ISBN")
    differences = [*different_companions(a, b), *different_numbers(a, b)]
    if not a.title or not b.title:
        return "same" if not only_isbn else "maybe", 95, [*shared, "one record has no title"]
    reasons = [*shared, _titles_in_words(alike)]
    begins = continues(a, b) or is_main_of(a, b)
    if only_isbn and ((alike < CLOSE and not begins) or differences):
        return None  # chapters, or volumes, of one book
    if alike < WORTH_A_LOOK and not begins:
        return "maybe", 60, [*reasons, "an identifier may be wrong"]
    if differences:
        return "maybe", 70, [*reasons, *differences]
    doubts = _doubts_of_identifier(a, b, alike, begins, only_isbn)
    return ("maybe", 75, [*reasons, *doubts]) if doubts else ("same", 100, reasons)


def _doubts_of_identifier(a: Likeness, b: Likeness, alike: float, begins: bool, only_isbn: bool) -> list[str]:
    """What speaks against one publication although an identifier and most of the title are shared."""
    doubts = []
    people, apart = people_agree(a, b), years_apart(a, b)
    if alike < ALIKE and not begins and (people is False or other_words(a, b)):
        doubts += ["the titles differ in words"] + ["different authors"] * (people is False)
    if a.generic or b.generic:
        if people is False:
            doubts.append("different authors")
        if a.container != b.container and a.container and b.container:
            doubts.append("different journals or books")
        doubts += different_place(a, b)
    serial = a.generic or a.is_body or b.is_body  # a series may have one DOI for all its years
    if apart is not None and apart > 1 and (serial or (alike < 100 and not people)):
        doubts.append(f"years {a.year} and {b.year}")
    if only_isbn:
        doubts += different_kinds(a, b)
    return doubts


def _by_description(a: Likeness, b: Likeness, alike: float) -> Judged | None:
    people = people_agree(a, b)
    apart = years_apart(a, b)
    if people is False or (apart or 0) > 1:
        return None
    reasons = [_titles_in_words(alike), *_people_in_words(a, b, people), *_years_in_words(a, b, apart)]
    score = alike - (0 if people else 6) - (0 if apart == 0 else 5)
    doubts = [
        *different_identifiers(a, b),
        *different_numbers(a, b),
        *different_place(a, b),
        *different_initials(a, b),
        *different_editions(a, b),
    ]
    here = same_page(a, b)
    if alike < 100 and a.letters != b.letters:
        if here and people and not doubts and only_slips(a, b):
            return "same", score, [*reasons, "same volume and page"]
        return _by_alike_titles(a, b, alike, people, apart, score, [*reasons, *doubts])
    doubts += different_containers(a, b)
    if not here or not IN_VOLUMES.issuperset((a.kind, b.kind)):
        doubts += different_kinds(a, b)
    doubts = doubts or _too_little(a, b, people, apart, here)
    if doubts:
        return "maybe", min(score, MOST_FOR_MAYBE), reasons + doubts
    return "same", score, reasons


def _by_alike_titles(
    a: Likeness,
    b: Likeness,
    alike: float,
    people: bool | None,
    apart: int | None,
    score: float,
    reasons: list[str],
) -> Judged | None:
    """Titles that are not the same are a person's to judge, with the words named in which they differ."""
    cut = continues(a, b) or is_main_of(a, b)
    if alike < CLOSE and not (cut and people):
        return None
    ours, theirs = own_words(a, b)
    if ours and theirs and not (people and apart == 0):
        return None
    reasons = [*reasons, "the titles differ in words", *_words_in_words(ours, theirs)]
    if ours and theirs:
        return "maybe", min(score, ONE_FOR_ANOTHER), reasons
    if ours or theirs:
        return "maybe", min(max(score, WORTH_A_LOOK), WORD_MORE), reasons
    return "maybe", min(score, MOST_FOR_MAYBE), reasons


def _words_in_words(ours: list[str], theirs: list[str]) -> list[str]:
    """The words in which two titles differ, as far as a sentence holds them."""
    ours, theirs = _told(ours), _told(theirs)
    if ours and theirs:
        return [f"“{' '.join(ours[:MOST_WORDS])}” in one, “{' '.join(theirs[:MOST_WORDS])}” in the other"]
    more = ours or theirs
    return [f"only one has “{' '.join(more[:MOST_WORDS])}{' …' * (len(more) > MOST_WORDS)}”"] if more else []


def _told(words: list[str]) -> list[str]:
    """The words that say something, all where none does."""
    return [word for word in words if word not in LITTLE_WORDS] or words


def _too_little(a: Likeness, b: Likeness, people: bool | None, apart: int | None, here: bool) -> list[str]:
    """What is missing for a verdict of "same" on two records of one title with nothing against it; [] if nothing."""
    words, telling = len(a.title.split()), min(a.telling, b.telling)
    if here and people and apart is not None and telling >= 2:
        return []
    if people is None:
        return _too_little_without_people(a, b, apart, here, words, telling)
    if telling < FEW_TELLING:
        return ["a title that others may have as well"]
    if a.is_body and (words < TELLING_WORDS or not SERIAL.isdisjoint(a.title.split())):
        return ["a title that this body may have given more than once"]
    if apart == 0:
        return []
    if apart is None:
        return ["the year is missing"]
    # One year apart: first online, then in an issue.
    if same_volume(a, b) and words >= TELLING_WORDS:
        known = a.volume and a.volume == b.volume
        if known or (len(a.surnames) > 1 and set(a.surnames) == set(b.surnames)):
            return []
    return ["it may have come out again a year later"]


def _too_little_without_people(
    a: Likeness, b: Likeness, apart: int | None, here: bool, words: int, telling: int
) -> list[str]:
    if apart == 0 and here and words >= TELLING_WORDS:
        return []
    persons = (a.surnames and not a.is_body) or (b.surnames and not b.is_body)
    papers = a.kind in PAPERS and b.kind in PAPERS
    bare = not a.surnames or not b.surnames
    if apart == 0 and persons and papers and bare and words >= TELLING_WORDS and telling >= LONG_TELLING:
        return []
    return ["too little is known to be certain"]


def _by_place(a: Likeness, b: Likeness, alike: float) -> Judged | None:
    """Titles such as "Editorial" say nothing; where they stand does: journal, year, volume and first page."""
    if alike < ALIKE or a.year is None or a.year != b.year or a.numbers != b.numbers:
        return None
    if different_place(a, b) or different_identifiers(a, b) or different_kinds(a, b):
        return None
    people = people_agree(a, b)
    if not a.container and not b.container:
        if people and a.is_body:
            return "maybe", 75, ["same title, year and body", "a title that says nothing by itself"]
        return None
    if a.container != b.container:
        return None
    if a.pages and a.pages == b.pages and a.volume == b.volume and people is not False:
        return "same", 95, ["same title, journal, year, volume and page"]
    if people and not (a.pages and b.pages):
        return "maybe", 75, ["same title, journal, year and first author"]
    return None


def _titles_in_words(alike: float) -> str:
    return "same title" if alike == 100 else f"titles {alike:.0f}% alike"


def _people_in_words(a: Likeness, b: Likeness, people: bool | None) -> list[str]:
    if people:
        if a.surnames[0] in b.surnames:
            who = "first author" if a.surnames[0] == b.surnames[0] else "authors in another order"
            return [f"same {who} ({a.surnames[0]})"]
        return [f"authors alike ({a.surnames[0]}; {b.surnames[0]})"]
    if a.surnames and b.surnames:
        return [f"authors named otherwise ({a.surnames[0]}; {b.surnames[0]})"]
    return [
        "authors not known in either record"
        if a.surnames == b.surnames
        else "authors not known in one record"
    ]


def _years_in_words(a: Likeness, b: Likeness, apart: int | None) -> list[str]:
    if apart is None:
        return ["year not known in one record"]
    return [f"same year ({a.year})" if apart == 0 else f"years {a.year} and {b.year}"]

"""Which references are the same publication: by identifier, else by title, people and year, with the reasons.

Two verdicts only. "same" may be acted on without asking; "maybe" wants a person. A comment, a reply, a correction,
a supplement, another part, another year of a series, or two editorials are not duplicates, however alike they look,
and two different DOIs are never more than "maybe" (a preprint and its article are two publications).

The score, 0 to 100, orders a queue. It is not a probability and nothing is decided by it alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from .identifiers import normalise_doi, normalise_isbn, normalise_issn, normalise_pmid
from .likeness import Likeness, likeness
from .records import Record


__all__ = [
    "Match",
    "compare",
    "find_duplicates",
    "find_matches",
    "normalise_doi",
    "normalise_isbn",
    "normalise_issn",
    "normalise_pmid",
]

ALIKE, CLOSE, WORTH_A_LOOK = 95.0, 85.0, 70.0
"""Likeness of titles in per cent (edit distance over length): a typing slip or two; a few words; hardly the same."""

SLIP = 85.0
"""Likeness of two words that are one with a slip or another spelling: behaviour, behavior; but male, female are 80."""

LONG_WORD = 5
"""Letters from which one wrong letter is a slip; shorter words that differ by one are mostly two words."""

TELLING_WORDS = 6
"""Words of a title that is not likely to be given twice in a year by chance or by habit."""

LARGEST_BLOCK = 400
"""Records that share a beginning, an ending, or a name and year, beyond which that says nothing any more."""


@dataclass(frozen=True, slots=True)
class Match:
    """Two records that are or may be one. ``new`` and ``existing`` are places in the sequences that were given."""

    new: int
    existing: int
    kind: str
    score: int
    reasons: tuple[str, ...]


def find_matches(new: Iterable[Record], existing: Iterable[Record]) -> list[Match]:
    """For each new record the existing ones that are or may be the same, the likeliest first."""
    index = _Index()
    for record in existing:
        index.add(likeness(record))
    found = []
    for place, record in enumerate(new):
        found += _matches_of(place, likeness(record), index)
    return found


def find_duplicates(records: Iterable[Record]) -> list[Match]:
    """Records that are or may be the same as an earlier one of the same sequence (``existing`` is the earlier)."""
    index = _Index()
    found = []
    for place, record in enumerate(records):
        prepared = likeness(record)
        found += _matches_of(place, prepared, index)
        index.add(prepared)
    return found


def compare(new: Record, existing: Record) -> Match | None:
    """The verdict on one pair, or None where they are not the same."""
    return _verdict(0, likeness(new), 0, likeness(existing))


def _matches_of(place: int, prepared: Likeness, index: _Index) -> list[Match]:
    candidates = ((other, index.members[other]) for other in index.candidates(prepared))
    verdicts = (_verdict(place, prepared, other, member) for other, member in candidates)
    return sorted((match for match in verdicts if match), key=lambda match: (-match.score, match.existing))


class _Index:
    """Finds the few records that are worth comparing with one, without going through all.

    Keys are kept as their hashes, a tenth of the memory; where two keys have one hash, a pair is compared in vain.
    """

    def __init__(self) -> None:
        self.members: list[Likeness] = []
        self.exact: defaultdict[int, list[int]] = defaultdict(list)
        self.near: defaultdict[int, list[int]] = defaultdict(list)

    def add(self, member: Likeness) -> None:
        place = len(self.members)
        self.members.append(member)
        for key in _exact_keys(member):
            self.exact[key].append(place)
        for near_key in _near_keys(member, (0,)):
            self.near[near_key].append(place)

    def candidates(self, member: Likeness) -> Iterable[int]:
        found: dict[int, None] = {}
        for key in _exact_keys(member):
            found.update(dict.fromkeys(self.exact.get(key, ())))
        for near_key in _near_keys(member, (-1, 0, 1)):
            block = self.near.get(near_key, ())
            if len(block) <= LARGEST_BLOCK:
                found.update(dict.fromkeys(block))
        return found


def _exact_keys(member: Likeness) -> Iterator[int]:
    for name, value in (("doi", member.doi), ("pmid", member.pmid), ("isbn", member.isbn)):
        if value:
            yield hash((name, value))
    if member.title:
        # A title that many share is told apart by where it stands; without that, editorials would all meet.
        place = (member.container, member.year) if member.generic else ()
        yield hash(("title", member.title, *place))


def _near_keys(member: Likeness, years: Sequence[int]) -> Iterator[int]:
    words = member.title.split()
    if len(words) > 4:
        yield hash(("begins", *words[:4]))
        yield hash(("ends", *words[-4:]))
    if member.surnames and member.year:
        for shift in years:
            yield hash(("by", member.surnames[0], member.year + shift))


def _verdict(new: int, a: Likeness, existing: int, b: Likeness) -> Match | None:
    shared = _shared_identifiers(a, b)
    if not shared and _told_apart(a, b):
        return None
    alike = fuzz.ratio(a.title, b.title) if a.title and b.title else 0.0
    if not shared and alike < WORTH_A_LOOK and not _continues(a, b):
        return None
    judged = _by_identifier(a, b, shared, alike) if shared else _by_description(a, b, alike)
    if judged is None:
        return None
    kind, score, reasons = judged
    return Match(new, existing, kind, max(0, min(100, round(score))), tuple(reasons))


Judged = tuple[str, float, list[str]]


def _told_apart(a: Likeness, b: Likeness) -> bool:
    """Whether the titles say of themselves that they are two: a reply and its paper, part 1 and part 2.

    Asked before titles are compared, since it is a hundred times quicker.
    """
    return a.companions != b.companions or bool(a.numbers and b.numbers and a.numbers != b.numbers)


def _shared_identifiers(a: Likeness, b: Likeness) -> list[str]:
    shared = []
    if a.doi and a.doi == b.doi:
        shared.append(f"same DOI {a.doi}")
    if a.pmid and a.pmid == b.pmid:
        shared.append(f"same PubMed number {a.pmid}")
    if a.isbn and a.isbn == b.isbn:
        shared.append(f"same ISBN {a.isbn}")
    return shared


def _by_identifier(a: Likeness, b: Likeness, shared: list[str], alike: float) -> Judged | None:
    only_isbn = len(shared) == 1 and shared[0].startswith("same ISBN")
    differences = [*_different_companions(a, b), *_different_numbers(a, b)]
    if not a.title or not b.title:
        return "same" if not only_isbn else "maybe", 95, [*shared, "one record has no title"]
    reasons = [*shared, _titles_in_words(alike)]
    if only_isbn and (alike < CLOSE or differences):
        return None  # chapters, or volumes, of one book
    if alike < WORTH_A_LOOK and not _continues(a, b):
        return "maybe", 60, [*reasons, "an identifier may be wrong"]
    if differences:
        return "maybe", 70, [*reasons, *differences]
    return "same", 100, reasons


def _by_description(a: Likeness, b: Likeness, alike: float) -> Judged | None:
    if a.generic or b.generic:
        return _by_place(a, b, alike)
    reasons = [_titles_in_words(alike)]
    people = _people_agree(a, b)
    apart = _years_apart(a, b)
    if people is False or (apart or 0) > 1:
        return None
    reasons += _people_in_words(a, people) + _years_in_words(a, b, apart)
    score = alike - (0 if people else 6) - (0 if apart == 0 else 5)
    doubts = [*_different_identifiers(a, b), *_different_numbers(a, b), *_different_place(a, b)]
    if alike < ALIKE or _other_words(a, b):
        if alike < CLOSE and not (_continues(a, b) and people):
            return None
        if _other_words(a, b) and not (people and apart == 0):
            return None
        return "maybe", min(score, 89), [*reasons, "the titles differ in words"]
    if doubts:
        return "maybe", min(score, 89), reasons + doubts
    long_enough = len(a.title.split()) >= TELLING_WORDS
    certain = (people and apart == 0) or (people is None and apart == 0 and alike == 100 and long_enough)
    if certain or (people and apart == 1 and _same_volume(a, b) and long_enough):
        return "same", score, reasons
    return "maybe", min(score, 89), reasons


def _by_place(a: Likeness, b: Likeness, alike: float) -> Judged | None:
    """Titles such as "Editorial" say nothing; where they stand does: journal, year, volume and first page."""
    same_place = a.container and a.container == b.container and a.year is not None and a.year == b.year
    if alike < ALIKE or not same_place or _different_place(a, b) or _different_identifiers(a, b):
        return None
    if a.pages and a.pages == b.pages and a.volume == b.volume:
        return "same", 95, ["same title, journal, year, volume and page"]
    if _people_agree(a, b) and not (a.pages and b.pages):
        return "maybe", 75, ["same title, journal, year and first author"]
    return None


def _titles_in_words(alike: float) -> str:
    return "same title" if alike == 100 else f"titles {alike:.0f}% alike"


def _people_in_words(a: Likeness, people: bool | None) -> list[str]:
    return [f"same first author ({a.surnames[0]})"] if people else ["authors not known in one record"]


def _years_in_words(a: Likeness, b: Likeness, apart: int | None) -> list[str]:
    if apart is None:
        return ["year not known in one record"]
    return [f"same year ({a.year})" if apart == 0 else f"years {a.year} and {b.year}"]


def _people_agree(a: Likeness, b: Likeness) -> bool | None:
    """Whether the first authors, or half of all, are the same; None where one record names nobody."""
    if not a.surnames or not b.surnames:
        return None
    if fuzz.ratio(a.surnames[0], b.surnames[0]) >= CLOSE:
        return True
    ours, theirs = set(a.surnames), set(b.surnames)
    return len(ours & theirs) * 2 >= min(len(ours), len(theirs))


def _years_apart(a: Likeness, b: Likeness) -> int | None:
    return None if a.year is None or b.year is None else abs(a.year - b.year)


def _different_companions(a: Likeness, b: Likeness) -> list[str]:
    return [f"only one is {name}" for name in sorted(a.companions ^ b.companions)]


def _different_numbers(a: Likeness, b: Likeness) -> list[str]:
    if a.numbers == b.numbers:
        return []
    return [
        f"numbers in the titles differ ({' '.join(a.numbers) or 'none'}; {' '.join(b.numbers) or 'none'})"
    ]


def _different_identifiers(a: Likeness, b: Likeness) -> list[str]:
    pairs = (("DOIs", a.doi, b.doi), ("PubMed numbers", a.pmid, b.pmid), ("ISBNs", a.isbn, b.isbn))
    return [f"different {name}" for name, one, other in pairs if one and other and one != other]


def _different_place(a: Likeness, b: Likeness) -> list[str]:
    volumes = a.volume and b.volume and a.volume != b.volume
    pages = a.pages and b.pages and a.pages != b.pages
    return ["different volume"] * bool(volumes) + ["different pages"] * bool(pages)


def _same_volume(a: Likeness, b: Likeness) -> bool:
    """An article in the same journal, whose year may be that of its first appearance or of its issue."""
    in_journal = (a.is_article or b.is_article) and a.container != "" and a.container == b.container
    return in_journal and not _different_place(a, b)


def _continues(a: Likeness, b: Likeness) -> bool:
    """Whether one title is the other with a subtitle."""
    short, long = sorted((a.title, b.title), key=len)
    return len(short.split()) >= 4 and long.startswith(f"{short} ")


def _other_words(a: Likeness, b: Likeness) -> bool:
    """Whether each title has a word that the other lacks, slips of the pen apart: England and Wales, boys and girls."""
    words, others = frozenset(a.title.split()), frozenset(b.title.split())
    ours, theirs = words - others, others - words
    return bool(_without_slips(ours, theirs)) and bool(_without_slips(theirs, ours))


def _without_slips(words: frozenset[str], others: frozenset[str]) -> list[str]:
    return [word for word in words if not any(_is_slip(word, other) for other in others)]


def _is_slip(word: str, other: str) -> bool:
    one_letter = len(word) >= LONG_WORD and Levenshtein.distance(word, other, score_cutoff=1) <= 1
    return one_letter or fuzz.ratio(word, other) >= SLIP

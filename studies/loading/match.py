"""Which references are the same publication: by identifier, else by title, people and year, with the reasons.

Two verdicts only. "same" may be acted on without asking; "maybe" wants a person. A comment, a reply, a correction,
a supplement, another part, another year of a series, or two editorials are not duplicates, however alike they look,
and two different DOIs are never more than "maybe" (a preprint and its article are two publications). The rules are
in `verdict`; here is which pairs are put before them.

The score, 0 to 100, orders a queue. It is not a probability and nothing is decided by it alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from .identifiers import normalise_doi, normalise_isbn, normalise_issn, normalise_pmid
from .likeness import Likeness, likeness
from .records import Record
from .verdict import verdict


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

LARGEST_BLOCK = 400
"""Records that share a beginning, an ending, or a name and year, beyond which that says nothing any more."""


LARGEST_GROUP = 30
"""Records of one identifier or one title that are compared with the next such record. A database that gives one DOI to
all of a journal, or ten thousand records called "Statement", would else be compared each with each."""


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
    return _match(0, likeness(new), 0, likeness(existing))


def _match(new: int, a: Likeness, existing: int, b: Likeness) -> Match | None:
    judged = verdict(a, b)
    if judged is None:
        return None
    kind, score, reasons = judged
    return Match(new, existing, kind, max(0, min(100, round(score))), tuple(reasons))


def _matches_of(place: int, prepared: Likeness, index: _Index) -> list[Match]:
    candidates = ((other, index.members[other]) for other in index.candidates(prepared))
    found = (_match(place, prepared, other, member) for other, member in candidates)
    return sorted((match for match in found if match), key=lambda match: (-match.score, match.existing))


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
            group = self.exact[key]
            if len(group) < LARGEST_GROUP:
                group.append(place)
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
        yield hash(("title", member.letters, *place))


def _near_keys(member: Likeness, years: Sequence[int]) -> Iterator[int]:
    words = member.title.split()
    if len(words) > 4:
        yield hash(("begins", *words[:4]))
        yield hash(("ends", *words[-4:]))
    if member.surnames and member.year:
        for shift in years:
            yield hash(("by", member.surnames[0], member.year + shift))

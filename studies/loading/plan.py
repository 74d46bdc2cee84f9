"""What each reference of a file would do to the store: new, unchanged, merged or refused, with the reasons.

Pure: the store is passed in as records with the source that each describes. One pass over the file; of each record
only what the decision needs is kept, so that a file of a hundred thousand takes little memory.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, fields
from itertools import groupby

from .issues import Issue
from .match import Match, find_duplicates
from .records import Record
from .source_names import name_source


NEW, UNCHANGED, MERGED, REJECTED = "new", "unchanged", "merged", "rejected"

PLACE = {"number", "line"}
"""Fields that say where a record stands and nothing of what it is."""


OUR_NAME = "it bears the name that the source has here, and the same title, authors and year"
"""Why a record that was exported from here comes back to its source, however little it says."""

KEYS = ("ID", "key", "id")
"""What the key of a reference is called in RIS, BibTeX and CSL-JSON."""

MOST_DOUBTS = 5
"""Sources that one record is held against in the queue, the likeliest. Where a title is shared by a hundred records, a
person who has looked at five knows about the others."""

IDENTIFIED = ("same DOI", "same PubMed number", "same ISBN")
"""How the first reason of a match by identifier begins."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """A record that may be another source than the one it became; the source, and what speaks for it."""

    other: str
    score: int
    reasons: tuple[str, ...]


@dataclass(slots=True)
class Planned:
    """What becomes of one record. `source` is the identifier of the source that it makes or belongs to.

    `said` is the record in two lines, its title, and who, when and where, so that a person knows it again.
    """

    number: int
    line: int
    digest: str
    outcome: str
    said: str = ""
    source: str = ""
    score: int = 0
    reasons: tuple[str, ...] = ()
    doubts: tuple[Doubt, ...] = ()


@dataclass
class Held:
    """What the store holds: records with the source of each, digest → source, and every identifier in use."""

    records: Iterable[tuple[str, Record]] = ()
    digests: dict[str, str] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)


COMPARED = tuple(one.name for one in fields(Record) if one.name not in PLACE)


def digest(record: Record) -> str:
    """A fingerprint of all that a record says, wherever it stands: equal records have equal ones."""
    said = repr([getattr(record, name) for name in COMPARED])
    return hashlib.blake2b(said.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


MOST_NAMES, LONGEST_SAID = 3, 300
"""Authors, and characters of a line, with which a record is shown in a list of many."""


def in_two_lines(record: Record) -> str:
    """The title of a record, and below it its authors, year and journal, as far as it has them."""
    names = "; ".join(record.authors[:MOST_NAMES])
    if len(record.authors) > MOST_NAMES:
        names += f" and {len(record.authors) - MOST_NAMES} more"
    where = record.container or record.publisher
    line = ". ".join(filter(None, (names.rstrip(". "), str(record.year or ""), where)))
    return "\n".join(_cut(" ".join(part.split())) for part in (record.title, line)).rstrip("\n")


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_SAID else f"{text[: LONGEST_SAID - 1].rstrip()}…"


def make_plan(
    records: Iterable[Record],
    held: Held,
    report: Callable[[Issue], None],
    file: str,
    progress: Callable[[int], None] = lambda done: None,
) -> list[Planned]:
    """Decide on every record of a file. `report` is told of each that is refused; `progress` how many were read.

    A record that the store holds word for word is unchanged. One that is certainly the same publication as a held
    one, or an earlier one of the file, is merged with it. Where that is only possible, it is new and the doubt is
    written down for a person.
    """
    planned: list[Planned] = []
    compared: list[Planned | str] = []  # what stands at each place of the sequence that is matched
    names = set(held.names)
    numbers: dict[str, int] = {}
    ours: set[int] = set()

    def to_compare() -> Iterator[Record]:
        for source, record in held.records:
            compared.append(source)
            ours.add(_as_ours(source, record))
            yield record
        for record in records:
            one = _first_look(record, held, report, file)
            key = _key_of(record)
            if one.outcome == NEW and key in held.names and _as_ours(key, record) in ours:
                one.outcome, one.source, one.score, one.reasons = MERGED, key, 100, (OUR_NAME,)
            planned.append(one)
            progress(len(planned))
            if one.outcome == NEW:
                one.source = name_source(record, names, numbers)
                names.add(one.source)
                compared.append(one)
                yield record

    matches = find_duplicates(to_compare())
    for place, found in groupby(matches, key=lambda match: match.new):
        one = compared[place]
        if isinstance(one, Planned):
            _decide(one, list(found), compared)
    return planned


def _key_of(record: Record) -> str:
    return next((value for tag, value in record.raw if tag in KEYS), "")


def _as_ours(source: str, record: Record) -> int:
    """One number for a source's name with what a record says of it; kept for every held record, so kept small."""
    return hash((source, " ".join(record.title.casefold().split()), tuple(record.authors), record.year))


def _first_look(record: Record, held: Held, report: Callable[[Issue], None], file: str) -> Planned:
    fingerprint = digest(record)
    one = Planned(record.number, record.line, fingerprint, NEW, in_two_lines(record))
    if not record.title.strip():
        one.outcome = REJECTED
        message = "the record has no title, and a source is known by its title; add one in the file"
        one.reasons = (message,)
        report(Issue("error", file, str(record.number), record.line, "title", "", message))
    elif fingerprint in held.digests:
        one.outcome, one.source = UNCHANGED, held.digests[fingerprint]
    return one


def _decide(one: Planned, matches: list[Match], compared: list[Planned | str]) -> None:
    """Merge a record with the source that it is the same as, and note the doubts about others.

    Where it is the same as several that are not one another, as a bare title is with a preprint and its article, an
    identifier decides; without one it is left to a person, since a wrong merge is worse than a question.
    """
    doubts: dict[str, Doubt] = {}
    same: dict[str, Match] = {}
    for match in matches:
        there = compared[match.existing]
        source = there.source if isinstance(there, Planned) else there
        doubts.setdefault(source, Doubt(source, match.score, match.reasons))
        if match.kind == "same":
            known = same.setdefault(source, match)
            if _by_identifier(match) and not _by_identifier(known):
                same[source] = match
    named = [source for source, match in same.items() if _by_identifier(match)]
    fitting = named if named else list(same)
    if len(fitting) == 1:
        merged = fitting[0]
        one.outcome, one.source = MERGED, merged
        one.score, one.reasons = same[merged].score, same[merged].reasons
        doubts.pop(merged)
    else:
        doubts |= {source: _one_of_several(doubts[source]) for source in same}
    one.doubts = tuple(doubts.values())[:MOST_DOUBTS]


def _by_identifier(match: Match) -> bool:
    return match.reasons[0].startswith(IDENTIFIED)


def _one_of_several(doubt: Doubt) -> Doubt:
    return Doubt(doubt.other, doubt.score, (*doubt.reasons, "another source agrees as well"))


def unreadable(issues: Iterable[Issue]) -> int:
    """How many stretches of a file could not be read as a record; each counts as one refused record."""
    return sum(issue.severity == "error" for issue in issues)

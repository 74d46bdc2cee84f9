"""Which studies may count the same people (rule R3), and which one of them to keep."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from evidence.synthesis.estimates import Estimate, Excluded


NATIONS = {
    "england": {"england"},
    "wales": {"wales"},
    "scotland": {"scotland"},
    "northern ireland": {"northern ireland"},
    "england and wales": {"england", "wales"},
    "great britain": {"england", "wales", "scotland"},
    "united kingdom": {"england", "wales", "scotland", "northern ireland"},
    "uk": {"england", "wales", "scotland", "northern ireland"},
}
"""Areas whose parts are known here. Any other name is a place that may lie in any of them."""


@dataclass(frozen=True)
class OverlapPair:
    """Two studies, by their places in the list, that do or may share people.

    ``presumed`` pairs rest on missing knowledge (the register is not recorded) rather than on a sign of overlap; a
    person who knows the studies can state that they share nobody.
    """

    first: int
    second: int
    reason: str
    presumed: bool = False


def find_overlaps(
    estimates: Sequence[Estimate], recorded: Collection[frozenset[str]]
) -> tuple[OverlapPair, ...]:
    """Every pair of studies that counts, or may count, the same people.

    Parameters
    ----------
    estimates : sequence of Estimate
        The studies.
    recorded : collection of frozenset of two source identifiers
        Pairs of sources that the evidence base lists as sharing people or data.

    Returns
    -------
    tuple of OverlapPair
        In the order of the studies, one reason for each pair: one source, a recorded overlap, one register with
        meeting areas and years, identical counts, or an unknown register with meeting areas and years.

    Notes
    -----
    An area or period that is not recorded meets every other. Unknown overlap is treated as overlap.

    References
    ----------
    Tramèr MR et al. (1997). BMJ 315:635, on covert duplicates.
    """
    pairs = []
    for i, j in combinations(range(len(estimates)), 2):
        reason, presumed = _reason(estimates[i], estimates[j], recorded)
        if reason:
            pairs.append(OverlapPair(i, j, reason, presumed))
    return tuple(pairs)


def _reason(a: Estimate, b: Estimate, recorded: Collection[frozenset[str]]) -> tuple[str, bool]:
    if a.source_id and a.source_id == b.source_id:
        return "both figures come from one source", False
    if frozenset((a.source_id, b.source_id)) in recorded:
        return "the two sources are recorded as sharing people or data", False
    if a.total is not None and a.events is not None and (a.events, a.total) == (b.events, b.total):
        return f"both count {a.events:g} of {a.total:g}", False
    if not (_areas_meet(a.geography, b.geography) and _periods_meet(a.period, b.period)):
        return "", False
    if a.register and b.register:
        same = _plain(a.register) == _plain(b.register)
        return ("both count people in the same register, area and years", False) if same else ("", False)
    return "area and years meet and it is not recorded which register was counted", True


def nations(geography: str) -> str:
    """The nations an area consists of, as one text; blank for a place within a nation."""
    return ", ".join(sorted(NATIONS.get(_plain(geography), ())))


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())


def _areas_meet(a: str, b: str) -> bool:
    first, second = _plain(a), _plain(b)
    if not first or not second or first == second:
        return True
    if first in NATIONS and second in NATIONS:
        return bool(NATIONS[first] & NATIONS[second])
    if first in NATIONS or second in NATIONS:
        return True
    # "Rotherham" lies in "Rotherham, South Yorkshire"; two other places are taken to be apart.
    parts = {part.strip() for part in first.split(",")} & {part.strip() for part in second.split(",")}
    return bool(parts)


def _periods_meet(a: tuple[date, date] | None, b: tuple[date, date] | None) -> bool:
    return a is None or b is None or (a[0] <= b[1] and b[0] <= a[1])


def clusters(k: int, pairs: Iterable[OverlapPair]) -> tuple[tuple[int, ...], ...]:
    """Groups of two or more studies that are linked by overlaps, directly or through others, in study order."""
    root = list(range(k))

    def find(i: int) -> int:
        while root[i] != i:
            i = root[i]
        return i

    for pair in pairs:
        low, high = sorted((find(pair.first), find(pair.second)))
        root[high] = low
    members: dict[int, list[int]] = {}
    for i in range(k):
        members.setdefault(find(i), []).append(i)
    return tuple(tuple(group) for group in members.values() if len(group) > 1)


@dataclass(frozen=True)
class Resolution:
    """One study kept of each cluster, the others excluded under R3, and the pools that other choices would give.

    ``swaps`` holds, for each study that was not kept, the name of that study and the set in which it stands in
    the place of the one kept.
    """

    kept: tuple[Estimate, ...]
    excluded: tuple[Excluded, ...]
    swaps: tuple[tuple[str, tuple[Estimate, ...]], ...]


def resolve_overlaps(estimates: Sequence[Estimate], pairs: Iterable[OverlapPair]) -> Resolution:
    """Keep one study of each cluster by a rule set in advance: most complete, then latest, then largest.

    Parameters
    ----------
    estimates : sequence of Estimate
        The studies.
    pairs : iterable of OverlapPair
        As ``find_overlaps`` gives them.

    Returns
    -------
    Resolution
        Studies in their original order.

    Notes
    -----
    Most complete is the lowest share of unknowns, an unrecorded share counting as the worst; latest is the last day
    counted; largest is the base. What is still level is settled by the label, so that the choice never depends on
    the order of the rows.
    """
    groups = clusters(len(estimates), pairs)
    chosen = {min(group, key=lambda i: _preference(estimates[i])): group for group in groups}
    dropped = {i: keep for keep, group in chosen.items() for i in group if i != keep}
    kept = [i for i in range(len(estimates)) if i not in dropped]
    swaps = []
    for out, keep in sorted(dropped.items()):
        places = sorted([i for i in kept if i != keep] + [out])
        swaps.append((estimates[out].label, tuple(estimates[i] for i in places)))
    excluded = tuple(
        Excluded(
            estimates[out],
            "R3",
            f"It may count the same people as {estimates[keep].label}, which is kept as the more complete, later or "
            "larger of the two.",
        )
        for out, keep in sorted(dropped.items())
    )
    return Resolution(tuple(estimates[i] for i in kept), excluded, tuple(swaps))


def _preference(estimate: Estimate) -> tuple[float, int, float, str, str]:
    unknown = estimate.unknown_share
    latest = estimate.period[1].toordinal() if estimate.period else 0
    return (
        1.0 if unknown is None else unknown,
        -latest,
        -(estimate.total or 0.0),
        estimate.label,
        estimate.finding_id,
    )

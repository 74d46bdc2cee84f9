"""The gate before pooling: may these studies be put together at all?

Everything here is judgement made explicit. A study that cannot stand in any pool is excluded with a reason; a set
that must not be pooled is refused with a rule; what may be pooled goes on with its cautions. Unlike the pooling
functions, the gate knows what the numbers are numbers of.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from evidence.synthesis.cautions import tiny_study_caution
from evidence.synthesis.estimates import Estimate, Excluded
from evidence.synthesis.overlap import OverlapPair, find_overlaps, nations
from evidence.synthesis.rebuilding import complete_events
from evidence.synthesis.refusals import Caution, PoolingRefused, Refusal, Row
from evidence.synthesis.rows import check_counts, check_enough, check_not_empty
from evidence.synthesis.thresholds import TINY_SHARE, TINY_STUDY, TINY_TOTAL
from evidence.synthesis.wording import listed, percent


NOT_POINT_VALUES = {
    "lower_bound": "a figure of at least so many is a bound, not a value",
    "upper_bound": "a figure of at most so many is a bound, not a value",
    "approximate": "a number given in words is not exact enough to pool",
}


@dataclass(frozen=True, kw_only=True)
class Statement:
    """A person's recorded statement that studies answer one question about the same unit.

    ``no_shared_people`` is True only if that person also states that no two studies share people. It answers
    presumed overlaps, where the register is not recorded; it never overrides a recorded overlap.
    """

    text: str
    by: str = ""
    on: date | None = None
    no_shared_people: bool = False


@dataclass(frozen=True, kw_only=True)
class Gate:
    """What the guard rails say of a set of studies.

    ``included`` have their events filled in, ``as_given`` are the same studies before that; ``at_lowest`` and
    ``at_highest`` hold them with the smallest and largest events that a rounded percentage allows. A pool may be
    formed only if ``refusals`` is empty; they stand in the order in which a reader should hear of them.
    """

    included: tuple[Estimate, ...]
    as_given: tuple[Estimate, ...]
    excluded: tuple[Excluded, ...]
    refusals: tuple[Refusal, ...]
    warnings: tuple[Caution, ...]
    overlaps: tuple[OverlapPair, ...]
    at_lowest: tuple[Estimate, ...]
    at_highest: tuple[Estimate, ...]

    @property
    def open(self) -> bool:
        return not self.refusals

    @property
    def refusal(self) -> Refusal | None:
        """The refusal to name first."""
        return self.refusals[0] if self.refusals else None


def check_comparable(
    estimates: Iterable[Estimate],
    *,
    statement: Statement | str | None,
    overlaps: Collection[frozenset[str]] = frozenset(),
) -> Gate:
    """Apply rules R1 to R9 and find the cautions that descriptions alone call for.

    Parameters
    ----------
    estimates : iterable of Estimate
        The described studies.
    statement : Statement or str or None
        The recorded statement of comparability. A plain string says nothing about shared people.
    overlaps : collection of frozenset of two source identifiers
        Pairs of sources recorded as sharing people or data.

    Returns
    -------
    Gate
        Included, excluded, refusals and cautions. Nothing is raised: a refusal is a result.

    Notes
    -----
    Excluded: R8 (no base, neither count nor percentage, a bound instead of a value, selected on the outcome), R9
    (clustered incidents without a design effect). Refused: R6 invalid row, R4 fewer than three studies, R1 units
    unrecorded or unequal, R2 another measure, category, scope or base, or no statement, R3 possible overlap, R5
    nothing but zero or full cells, R7 too little data. Different scopes are refused whatever a statement says.

    References
    ----------
    McKenzie JE, Brennan SE. Cochrane Handbook for Systematic Reviews of Interventions, chapter 12.
    """
    kept, excluded = [], []
    for estimate in estimates:
        exclusion = _exclusion(estimate)
        if exclusion is None:
            kept.append(estimate)
        else:
            excluded.append(exclusion)
    completed = complete_events(kept)
    included = completed.estimates
    said = Statement(text=statement) if isinstance(statement, str) else statement
    pairs = find_overlaps(included, overlaps)
    if said is not None and said.no_shared_people:
        pairs = tuple(pair for pair in pairs if not pair.presumed)
    return Gate(
        included=included,
        as_given=tuple(kept),
        excluded=tuple(excluded),
        refusals=tuple(_refusals(included, completed.impossible, said, pairs)),
        warnings=(*_cautions(included), *completed.cautions),
        overlaps=pairs,
        at_lowest=completed.at_lowest,
        at_highest=completed.at_highest,
    )


def _exclusion(estimate: Estimate) -> Excluded | None:
    reason = ""
    if estimate.selected_on_outcome:
        reason = "its people were selected because they had the outcome"
    elif estimate.total is None or not estimate.denominator_known:
        reason = "the base of the figure is not known"
    elif estimate.events is None and estimate.percentage is None:
        reason = "neither a count nor a percentage is given"
    elif estimate.precision in NOT_POINT_VALUES:
        reason = NOT_POINT_VALUES[estimate.precision]
    if reason:
        return Excluded(estimate, "R8", f"{reason[0].upper()}{reason[1:]}.")
    if estimate.clustered and estimate.design_effect is None and estimate.standard_error is None:
        return Excluded(
            estimate,
            "R9",
            "Incidents of the same people are counted as independent, without a design effect.",
        )
    return None


def _refusals(
    included: Sequence[Estimate],
    impossible: Sequence[int],
    statement: Statement | None,
    pairs: Sequence[OverlapPair],
) -> Iterator[Refusal]:
    """In the order of telling: what cannot be cured first, what a statement or a choice could cure after it."""
    invalid = _invalid(included, impossible)
    if invalid is not None:
        yield invalid
    little = too_little(included) if invalid is None else ()
    yield from (refusal for refusal in little if refusal.code == "R4")
    if len(included) > 1:
        yield from _unlike(included, statement)
        if pairs:
            yield _overlapping(included, pairs)
    yield from (refusal for refusal in little if refusal.code != "R4")


def _invalid(included: Sequence[Estimate], impossible: Sequence[int]) -> Refusal | None:
    if impossible:
        rows = tuple(Row(i + 1, included[i].label) for i in impossible)
        described = "; ".join(str(row) for row in rows)
        return Refusal("R6", f"No whole number of the base gives the printed percentage: {described}.", rows)
    try:
        check_counts(*counts(included), [estimate.label for estimate in included])
    except PoolingRefused as refused:
        return refused.refusal
    return None


def counts(included: Iterable[Estimate]) -> tuple[list[float], list[float]]:
    """Events and totals of estimates that have both; a missing one becomes a negative number, which no rule lets by."""
    pairs = [(-1.0 if e.events is None else e.events, -1.0 if e.total is None else e.total) for e in included]
    return [float(x) for x, _ in pairs], [float(n) for _, n in pairs]


def _unlike(included: Sequence[Estimate], statement: Statement | None) -> Iterator[Refusal]:
    units = {estimate.unit for estimate in included}
    if "" in units:
        missing = listed([estimate.label for estimate in included if not estimate.unit])
        yield Refusal("R1", f"The unit counted is not recorded for {missing}.")
    elif len(units) > 1:
        yield Refusal("R1", f"The studies count different units: {listed(sorted(units))}.")
    for name, values in (
        ("measures", {estimate.measure_id for estimate in included}),
        ("categories", {estimate.category for estimate in included}),
        ("populations (scope)", {estimate.scope for estimate in included}),
    ):
        if len(values) > 1:
            said = listed(sorted(value or "not recorded" for value in values))
            yield Refusal("R2", f"The studies cover different {name}: {said}.")
    if len({estimate.unknown_in_total for estimate in included if estimate.unknown}) > 1:
        yield Refusal("R2", "Some bases include people of unknown category and others leave them out.")
    if statement is None or not statement.text.strip():
        yield Refusal("R2", "Nobody has recorded a statement that these studies answer one question.")


def _overlapping(included: Sequence[Estimate], pairs: Sequence[OverlapPair]) -> Refusal:
    rows = sorted({place for pair in pairs for place in (pair.first, pair.second)})
    said = "; ".join(
        f"{included[pair.first].label} and {included[pair.second].label} ({pair.reason})" for pair in pairs
    )
    return Refusal(
        "R3",
        f"These studies may count the same people: {said}.",
        tuple(Row(place + 1, included[place].label) for place in rows),
    )


def too_little(included: Sequence[Estimate]) -> tuple[Refusal, ...]:
    """The rules about amount: R4 too few studies, R5 nothing but zero or full cells, R7 too few people."""
    x, n = counts(included)
    refusals = []
    try:
        check_enough(len(n))
    except PoolingRefused as refused:
        refusals.append(refused.refusal)
    try:
        check_not_empty(x, n)
    except PoolingRefused as refused:
        # Without a single study there is nothing to say about its cells.
        refusals += [refused.refusal] if n else []
    tiny = sum(total < TINY_STUDY.value for total in n)
    if n and sum(n) < TINY_TOTAL.value:
        refusals.append(Refusal("R7", f"The bases add to {sum(n):.0f}, fewer than {TINY_TOTAL.value:.0f}."))
    elif tiny > TINY_SHARE.value * len(n):
        refusals.append(
            Refusal("R7", f"{tiny} of {len(n)} studies have fewer than {TINY_STUDY.value:.0f} people.")
        )
    return tuple(refusals)


def _cautions(included: Sequence[Estimate]) -> Iterator[Caution]:
    tiny = [e.label for e in included if e.total is not None and 0 < e.total < TINY_STUDY.value]
    if tiny:
        yield tiny_study_caution(tiny)
    unknown = [(e.unknown_share, e.base_with_unknown or 0.0) for e in included if e.unknown_share]
    if unknown:
        total = sum(base for _, base in unknown)
        low, high = min(unknown)[0], max(unknown)[0]
        span = (
            percent(low or 0.0, total)
            if low == high
            else f"{percent(low or 0, total)} to {percent(high or 0, total)}"
        )
        yield Caution(
            "W7", f"The category is unknown for {span} of people; the bounds show what that allows."
        )
    weak = [estimate.label for estimate in included if estimate.quality == "weak"]
    if weak:
        rated = "is" if len(weak) == 1 else "are"
        yield Caution("W8", f"{listed(weak)} {rated} rated weak; the result without stands at its side.")
    mixed = [name for name, values in _mixtures(included).items() if len(values) > 1]
    if mixed:
        yield Caution("W12", f"The studies mix {listed(mixed)}; read the split before the total.")


def _mixtures(included: Sequence[Estimate]) -> dict[str, set[str]]:
    return {
        "ways of measuring": {e.measurement for e in included if e.measurement},
        "types of source": {e.source_type for e in included if e.source_type},
        "first-hand and second-hand readings": {e.verification for e in included},
        "nations": {nations(e.geography) for e in included} - {""},
    }

"""Putting findings together: the gate, the model, and everything that must stand beside the figure, in one value."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from evidence.synthesis.bounds import PooledBounds, pool_bounds
from evidence.synthesis.certainty import BodyOfEvidence, describe_body
from evidence.synthesis.comparability import Gate, Statement, check_comparable
from evidence.synthesis.described import is_adjusted, pool_described
from evidence.synthesis.direction import DirectionVote, direction_vote
from evidence.synthesis.estimates import Estimate, Excluded
from evidence.synthesis.method_line import method_line
from evidence.synthesis.overlap import resolve_overlaps
from evidence.synthesis.plain import plain
from evidence.synthesis.pooled import Pooled
from evidence.synthesis.random_effects import Method
from evidence.synthesis.rebuilding import complete_events
from evidence.synthesis.refusals import Caution, PoolingRefused, Refusal
from evidence.synthesis.sensitivity import SensitivityRow, StudySet, better_quality, sensitivity_rows
from evidence.synthesis.single_studies import SingleStudy, describe_studies
from evidence.synthesis.thresholds import DEFAULT_LEVEL, SETTINGS_VERSION, SMALLEST_POOL


NOTHING_ADEQUATE = "Nothing of adequate quality can be pooled."


@dataclass(frozen=True, kw_only=True, eq=False)
class Synthesis:
    """Studies brought together, pooled or refused.

    Attributes
    ----------
    included, excluded : tuple of Estimate, tuple of Excluded
        What went in, and what was left out with rule and reason.
    refusals : tuple of Refusal
        Why there is no pooled figure; empty if there is one. ``refusal`` is the one to name first.
    pooled, other : Pooled or None
        The primary model and, as sensitivity, the model that is not primary.
    restricted, restricted_note : Pooled or None, str
        The pool of the studies rated strong or moderate, to be shown at equal size, or the sentence why not.
    bounds : PooledBounds or None
        Lower and upper shares pooled separately, where unknowns are recorded.
    singles : tuple of SingleStudy
        Each study with its own interval, in every case.
    vote : DirectionVote or None
        Studies above and below the benchmark, where one was named.
    warnings : tuple of Caution
        What must be said beside the figure, in the order of codes.
    """

    included: tuple[Estimate, ...]
    excluded: tuple[Excluded, ...]
    refusals: tuple[Refusal, ...]
    gate: Gate
    pooled: Pooled | None
    other: Pooled | None
    restricted: Pooled | None
    restricted_note: str
    bounds: PooledBounds | None
    singles: tuple[SingleStudy, ...]
    vote: DirectionVote | None
    body: BodyOfEvidence
    swaps: tuple[StudySet, ...]
    level: float

    @property
    def refusal(self) -> Refusal | None:
        return self.refusals[0] if self.refusals else None

    @property
    def bounds_are_headline(self) -> bool:
        """Whether unknowns matter more than chance, so that the bounds come first and the pooled figure second."""
        if self.bounds is None or self.pooled is None:
            return False
        return self.bounds.wider_than(self.pooled.ci_share)

    @cached_property
    def warnings(self) -> tuple[Caution, ...]:
        found = [*self.gate.warnings, *(self.pooled.warnings if self.pooled else ())]
        return tuple(sorted(dict.fromkeys(found), key=lambda caution: int(caution.code[1:])))

    @cached_property
    def sensitivity(self) -> tuple[SensitivityRow, ...]:
        """The figure under other choices; empty where there is no figure."""
        if self.pooled is None:
            return ()
        others = list(self.swaps)
        if self.gate.at_lowest != self.gate.at_highest:
            others += [
                StudySet("lowest_counts", "Smallest counts that rounding allows", self.gate.at_lowest),
                StudySet("highest_counts", "Largest counts that rounding allows", self.gate.at_highest),
            ]
        return sensitivity_rows(self.included, others=others, level=self.level)

    @property
    def method_line(self) -> str:
        """How the figure was made, or that there is none."""
        if self.pooled is None:
            rule = self.refusals[0]
            return f"No pooled figure under rule {rule.code}. Settings {SETTINGS_VERSION}."
        return method_line(self.pooled, excluded=self.excluded)

    def to_dict(self) -> dict[str, Any]:
        """Everything as plain values for JSON; what is missing or not finite is None."""
        return {
            "included": plain(self.included),
            "excluded": [
                {
                    "label": entry.label,
                    "rule": entry.rule,
                    "reason": entry.reason,
                    "estimate": plain(entry.estimate),
                }
                for entry in self.excluded
            ],
            "refusal": plain(self.refusal),
            "refusals": plain(self.refusals),
            "pooled": plain(self.pooled),
            "other_model": plain(self.other),
            "restricted": plain(self.restricted),
            "restricted_note": self.restricted_note,
            "bounds": plain(self.bounds),
            "bounds_are_headline": self.bounds_are_headline,
            "studies": plain(self.singles),
            "vote": plain(self.vote),
            "body": plain(self.body),
            "sensitivity": plain(self.sensitivity),
            "warnings": plain(self.warnings),
            "method_line": self.method_line,
        }


def synthesise(
    estimates: Iterable[Estimate],
    *,
    statement: Statement | str | None,
    overlaps: Collection[frozenset[str]] = frozenset(),
    method: Method | None = None,
    resolve: bool = False,
    benchmark: float | None = None,
    scope: str = "",
    level: float = DEFAULT_LEVEL,
) -> Synthesis:
    """Bring described studies together, if the guard rails let them.

    Parameters
    ----------
    estimates : iterable of Estimate
        Every study that bears on the question, fit for a pool or not.
    statement : Statement or str or None
        A person's recorded statement of comparability.
    overlaps : collection of frozenset of two source identifiers
        Pairs of sources recorded as sharing people or data.
    method : Method, optional
        The primary model. Unless given, sparseness of the data decides (see ``primary_method``).
    resolve : bool
        Keep one study of each overlapping cluster by the rule set in advance instead of refusing; what the other
        choices would give is then part of ``sensitivity``.
    benchmark : float, optional
        A share (0 to 1) for the vote on direction.
    scope : str
        The population asked about, for the description of the body of evidence.
    level : float
        Coverage of all intervals.

    Returns
    -------
    Synthesis
        With a pooled figure or with refusals, never both and never neither.

    References
    ----------
    Campbell M et al. (2020). BMJ 368:l6890, on reporting synthesis without pooling.
    """
    everything = tuple(estimates)
    gate = check_comparable(everything, statement=statement, overlaps=overlaps)
    excluded = gate.excluded
    swaps: tuple[StudySet, ...] = ()
    if resolve and gate.overlaps:
        resolution = resolve_overlaps(gate.as_given, gate.overlaps)
        gate = check_comparable(resolution.kept, statement=statement, overlaps=overlaps)
        excluded += resolution.excluded
        swaps = tuple(
            StudySet(
                f"swap:{label}",
                f"With {label} in place of the study kept",
                complete_events(swapped).estimates,
            )
            for label, swapped in resolution.swaps
        )
    refusals = gate.refusals
    pooled = None
    if gate.open:
        try:
            pooled = pool_described(gate.included, method=method, level=level)
        except PoolingRefused as refused:
            refusals = (refused.refusal,)
    restricted, note = _restricted(gate.included, pooled, method, level)
    return Synthesis(
        included=gate.included,
        excluded=excluded,
        refusals=refusals,
        gate=gate,
        pooled=pooled,
        other=_other(gate.included, pooled, level),
        restricted=restricted,
        restricted_note=note,
        bounds=None if pooled is None else _bounds(gate.included, pooled.method, level),
        singles=describe_studies(gate.included, level),
        vote=None if benchmark is None else _vote(gate.included, benchmark, level),
        body=describe_body(everything, scope=scope, benchmark=benchmark, pooled=pooled, level=level),
        swaps=swaps,
        level=level,
    )


def _other(included: Sequence[Estimate], pooled: Pooled | None, level: float) -> Pooled | None:
    if pooled is None or any(is_adjusted(estimate) for estimate in included):
        return None
    try:
        return pool_described(included, method="reml" if pooled.method == "glmm" else "glmm", level=level)
    except PoolingRefused:
        return None


def _restricted(
    included: Sequence[Estimate], pooled: Pooled | None, method: Method | None, level: float
) -> tuple[Pooled | None, str]:
    if pooled is None:
        return None, ""
    better = better_quality(included)
    if len(better) == len(included):
        return pooled, "All studies are rated strong or moderate."
    if len(better) < SMALLEST_POOL.value:
        return None, NOTHING_ADEQUATE
    try:
        return pool_described(better, method=method, level=level), "Studies rated strong or moderate."
    except PoolingRefused as refused:
        return None, f"{NOTHING_ADEQUATE} {refused.message}"


def _bounds(included: Sequence[Estimate], method: Method, level: float) -> PooledBounds | None:
    """Bounds of the pool; a study that says nothing of unknowns enters both sides with the share it reports."""
    if not any(estimate.unknown for estimate in included):
        return None
    missing = [estimate.unknown or 0 for estimate in included]
    bases = [estimate.base_with_unknown for estimate in included]
    labels = [estimate.label for estimate in included]
    try:
        return pool_bounds(
            [e.events for e in included], missing, bases, labels=labels, method=method, level=level
        )
    except PoolingRefused as refused:
        return PooledBounds(lower=None, upper=None, reason=refused.message)


def _vote(included: Sequence[Estimate], benchmark: float, level: float) -> DirectionVote | None:
    shares = [single.share for single in describe_studies(included, level)]
    try:
        return direction_vote(
            sum(share > benchmark for share in shares),
            sum(share < benchmark for share in shares),
            level=level,
        )
    except PoolingRefused:
        return None

"""The same figure under other choices. Quality enters here, by leaving studies out, never as a weight.

Weighting by a quality score changes what is estimated without removing any bias, and scales disagree with each
other (Greenland and O'Rourke 2001, Biostatistics 2:463; Jüni 1999, JAMA 282:1054).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from evidence.synthesis.described import is_adjusted, pool_described
from evidence.synthesis.estimates import Estimate, Interval
from evidence.synthesis.pooled import Pooled
from evidence.synthesis.random_effects import Method
from evidence.synthesis.refusals import PoolingRefused, Refusal
from evidence.synthesis.thresholds import DEFAULT_LEVEL, TINY_STUDY


BETTER = ("strong", "moderate")


class StudySet(NamedTuple):
    """A named part of the studies, or the studies with other numbers."""

    name: str
    description: str
    estimates: tuple[Estimate, ...]


@dataclass(frozen=True, kw_only=True)
class SensitivityRow:
    """One set under one model; shares are 0 to 1. Numbers are None where ``refusal`` says why."""

    name: str
    description: str
    method: Method
    k: int
    estimate_share: float | None = None
    ci_share: Interval | None = None
    prediction_interval_share: Interval | None = None
    tau2: float | None = None
    refusal: Refusal | None = None


def better_quality(estimates: Iterable[Estimate]) -> tuple[Estimate, ...]:
    """The studies rated strong or moderate."""
    return tuple(estimate for estimate in estimates if estimate.quality in BETTER)


def restricted_sets(estimates: Sequence[Estimate]) -> tuple[StudySet, ...]:
    """The restrictions that apply: each is listed only if it leaves some studies out and some in.

    Parameters
    ----------
    estimates : sequence of Estimate
        All studies of the pool.

    Returns
    -------
    tuple of StudySet
        Better quality, each type of source, each way of measuring, first-hand readings, without tiny studies.
    """
    sets = [StudySet("better_quality", "Studies rated strong or moderate", better_quality(estimates))]
    for kind in sorted({e.source_type for e in estimates if e.source_type}):
        chosen = tuple(e for e in estimates if e.source_type == kind)
        sets.append(StudySet(f"source_type:{kind}", f"Sources of type {kind.replace('_', ' ')}", chosen))
    for way in sorted({e.measurement for e in estimates if e.measurement}):
        chosen = tuple(e for e in estimates if e.measurement == way)
        sets.append(StudySet(f"measurement:{way}", f"Measured as {way.replace('_', ' ')}", chosen))
    primary = tuple(e for e in estimates if e.verification == "primary")
    sets.append(StudySet("verification:primary", "Figures read in the source itself", primary))
    large = tuple(e for e in estimates if e.total is not None and e.total >= TINY_STUDY.value)
    sets.append(StudySet("without_tiny", f"Studies of at least {TINY_STUDY.value:.0f} people", large))
    return tuple(entry for entry in sets if 0 < len(entry.estimates) < len(estimates))


def sensitivity_rows(
    estimates: Sequence[Estimate],
    *,
    others: Iterable[StudySet] = (),
    level: float = DEFAULT_LEVEL,
) -> tuple[SensitivityRow, ...]:
    """All studies, each restriction, each other set and each study left out, under both models.

    Parameters
    ----------
    estimates : sequence of Estimate
        Studies that have passed the gate.
    others : iterable of StudySet
        Further sets, such as swaps of overlapping studies or other counts behind a percentage.
    level : float
        Coverage.

    Returns
    -------
    tuple of SensitivityRow
        Both models of a set stand next to each other. The count model is left out where a study's variance was
        adjusted for its design.

    References
    ----------
    Viechtbauer W, Cheung MWL (2010). Research Synthesis Methods 1:112.
    """
    methods: tuple[Method, ...] = ("reml",) if any(is_adjusted(e) for e in estimates) else ("reml", "glmm")
    whole = StudySet("all", "All studies", tuple(estimates))
    without = tuple(
        StudySet(
            f"without:{left.label}", f"Without {left.label}", tuple(e for e in estimates if e is not left)
        )
        for left in estimates
    )
    sets = (whole, *restricted_sets(estimates), *others, *without)
    return tuple(_row(entry, method, level) for entry in sets for method in methods)


def _row(entry: StudySet, method: Method, level: float) -> SensitivityRow:
    try:
        pooled = pool_described(entry.estimates, method=method, level=level)
    except PoolingRefused as refused:
        return SensitivityRow(
            name=entry.name,
            description=entry.description,
            method=method,
            k=len(entry.estimates),
            refusal=refused.refusal,
        )
    return _filled(entry, pooled)


def _filled(entry: StudySet, pooled: Pooled) -> SensitivityRow:
    return SensitivityRow(
        name=entry.name,
        description=entry.description,
        method=pooled.method,
        k=pooled.k,
        estimate_share=pooled.estimate_share,
        ci_share=pooled.ci_share,
        prediction_interval_share=pooled.prediction_interval_share,
        tau2=pooled.tau2,
    )

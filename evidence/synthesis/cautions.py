"""The sentences that must stand beside a pooled figure, as far as its numbers alone decide (W1-W5, W9-W11)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from evidence.synthesis.refusals import Caution
from evidence.synthesis.thresholds import (
    FEW_STUDIES,
    HEAVY_STUDY,
    HIGH_I2,
    LARGE_SHIFT,
    MODEL_GAP,
    REGRESSION_POOL,
    SMALL_SUBGROUP,
    TINY_STUDY,
    WIDE_PREDICTION,
)
from evidence.synthesis.wording import listed, natural


if TYPE_CHECKING:
    from evidence.synthesis.pooled import Pooled


def cautions_of(pooled: Pooled) -> tuple[Caution, ...]:
    """Every caution that the numbers of a pooled result call for, in the order of their codes."""
    return tuple(
        caution
        for rule in (_few, _disagreement, _dominated, _rare, _tiny, _groups, _no_spread, _peaks)
        for caution in rule(pooled)
    )


def check_regression(k: int, covariates: int = 1) -> Caution | None:
    """W9 if there are fewer than ten studies for each covariate, as also for funnel tests; None otherwise."""
    needed = REGRESSION_POOL.value * covariates
    if k >= needed:
        return None
    return Caution("W9", f"No test: {k} studies are fewer than the {needed:.0f} that it needs.")


def tiny_study_caution(labels: Sequence[str]) -> Caution:
    """W5 for the studies named."""
    has = "has" if len(labels) == 1 else "have"
    return Caution(
        "W5",
        f"{listed(tuple(labels))} {has} fewer than {TINY_STUDY.value:.0f} people; see the result without.",
    )


def _few(pooled: Pooled) -> Iterator[Caution]:
    if pooled.k <= FEW_STUDIES.value:
        yield Caution(
            "W1",
            f"Only {pooled.k} studies. The interval is wide and the prediction interval is not reliable.",
        )


def _disagreement(pooled: Pooled) -> Iterator[Caution]:
    share = pooled.prediction_interval_share
    wide = share is not None and 100.0 * share.width > WIDE_PREDICTION.value
    if pooled.i2 >= HIGH_I2.value or wide:
        low, high = pooled.prediction_interval or pooled.study_range
        yield Caution(
            "W2",
            "Studies disagree. The pooled figure is not the value to expect in a new place; use the range "
            f"{_say(pooled, low)} to {_say(pooled, high)}.",
        )


def _dominated(pooled: Pooled) -> Iterator[Caution]:
    named = [
        label
        for label, weight in zip(pooled.labels, pooled.weights, strict=True)
        if weight > HEAVY_STUDY.value
    ]
    shifts = [
        (abs(left.estimate - pooled.estimate), left.omitted)
        for left in pooled.leave_one_out
        if left.estimate is not None
    ]
    furthest, mover = max(shifts, default=(0.0, ""))
    # An interval without width (plain HKSJ on equal estimates) is no yardstick for a shift.
    if furthest > LARGE_SHIFT.value * 0.5 * pooled.ci.width > 0.0 and mover not in named:
        named.append(mover)
    for label in named:
        yield Caution("W3", f"The result rests largely on {label}.")


def _rare(pooled: Pooled) -> Iterator[Caution]:
    if pooled.studies.kind == "estimates":
        return
    other = pooled.other_model
    gap = other is not None and abs(other.estimate - pooled.estimate) > MODEL_GAP.value
    if not (gap or pooled.boundary_studies):
        return
    if other is None:
        yield Caution(
            "W4", "Rare events: the random-intercept model has no finite estimate for these counts."
        )
        return
    normal, counts = (other, pooled) if pooled.method == "glmm" else (pooled, other)
    yield Caution(
        "W4",
        f"Rare events: the two models give {_say(pooled, normal.estimate)} (on the {pooled.scale} scale) and "
        f"{_say(pooled, counts.estimate)} (random intercept).",
    )


def _tiny(pooled: Pooled) -> Iterator[Caution]:
    if pooled.studies.kind == "proportions":
        tiny = [
            label
            for label, total in zip(pooled.labels, pooled.studies.bases, strict=True)
            if total < TINY_STUDY.value
        ]
        if tiny:
            yield tiny_study_caution(tiny)


def _groups(pooled: Pooled) -> Iterator[Caution]:
    if pooled.subgroups is not None:
        small = [group.group for group in pooled.subgroups.groups if group.k < SMALL_SUBGROUP.value]
        if small:
            has = "has" if len(small) == 1 else "have"
            yield Caution(
                "W9",
                f"{listed(small)} {has} fewer than {SMALL_SUBGROUP.value:.0f} studies: subgroups are listed, "
                "not compared.",
            )


def _no_spread(pooled: Pooled) -> Iterator[Caution]:
    if pooled.tau2 == 0.0 and pooled.method != "common":
        upper = pooled.tau2_ci.high
        # Studies that agree better than chance leave the Q-profile no positive value; "0 to 0" would claim proof.
        interval = f"interval 0 to {_tau2(upper)}" if upper > 0.0 else "the interval has no positive value"
        yield Caution(
            "W10",
            f"No heterogeneity was detected; with {pooled.k} studies it cannot be excluded ({interval}).",
        )


def _peaks(pooled: Pooled) -> Iterator[Caution]:
    if len(pooled.peaks) > 1:
        values = listed([_tau2(peak) for peak in pooled.peaks])
        yield Caution(
            "W11",
            f"The likelihood has several peaks, at tau2 = {values}; the highest, {_tau2(pooled.tau2)}, is used, "
            "and other software may report another.",
        )


def _tau2(value: float) -> str:
    return natural(value, "identity", 0.0)


def _say(pooled: Pooled, value: float) -> str:
    return natural(value, pooled.scale, pooled.total_n or 0.0)

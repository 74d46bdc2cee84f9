"""How fast a pool is, against statsmodels in the same run, since machines differ.

Run by hand: ``python tests/benchmarks/bench_synthesis.py``. Exit code 1 if a target is missed.

The bundle is what ``pool_proportions`` gives by default: effect sizes, REML with global search, ad hoc HKSJ
interval, prediction interval, Q, I2 and the Q-profile interval. The yardstick is statsmodels' Paule-Mandel with its
intervals, which has fewer outputs. Rounds alternate, so that a busy moment hits all three alike.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from statsmodels.stats.meta_analysis import combine_effects


sys.path.insert(0, str(Path(__file__).parents[2]))

from evidence.synthesis import fit_binomial, pool_proportions


FITS = 1000
ROUNDS = 10
BUNDLE_LIMIT = 1.2
COUNT_MODEL_LIMIT = 8.0

# Twelve vaccinated arms of Colditz GA et al. (1994), JAMA 271:698.
EVENTS = [4, 6, 3, 62, 33, 180, 8, 505, 29, 17, 186, 5]
TOTALS = [123, 306, 231, 13598, 5069, 1541, 2545, 88391, 7499, 1716, 50634, 2498]


def bundle() -> None:
    pooled = pool_proportions(EVENTS, TOTALS)
    _ = (
        pooled.ci_share,
        pooled.prediction_interval_share,
        pooled.i2,
        pooled.h2,
        pooled.tau2_ci,
        pooled.i2_ci,
    )


def count_model() -> None:
    fit_binomial(EVENTS, TOTALS, nodes=31)


def yardstick() -> None:
    x, n = np.array(EVENTS, dtype=float), np.array(TOTALS, dtype=float)
    result = combine_effects(np.log(x / (n - x)), 1.0 / x + 1.0 / (n - x), method_re="pm")
    result.conf_int()


def seconds(job: Callable[[], None], times: int) -> float:
    begun = time.perf_counter()
    for _ in range(times):
        job()
    return time.perf_counter() - begun


def main() -> int:
    jobs = {"statsmodels PM + intervals": yardstick, "bundle": bundle, "count model, 31 nodes": count_model}
    for job in jobs.values():
        seconds(job, 5)
    taken: dict[str, list[float]] = {name: [] for name in jobs}
    for _ in range(ROUNDS):
        for name, job in jobs.items():
            taken[name].append(seconds(job, FITS // ROUNDS))
    per_fit = {name: statistics.median(values) / (FITS // ROUNDS) for name, values in taken.items()}
    base = per_fit["statsmodels PM + intervals"]
    for name, each in per_fit.items():
        print(
            f"{name:28} {1e3 * each:7.3f} ms a fit, {each * FITS:6.2f} s for {FITS:,}, {each / base:5.2f} x"
        )
    missed = [
        name
        for name, limit in (("bundle", BUNDLE_LIMIT), ("count model, 31 nodes", COUNT_MODEL_LIMIT))
        if per_fit[name] > limit * base
    ]
    for name in missed:
        print(f"Target missed: {name}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())

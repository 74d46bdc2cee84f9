"""Every number that is a judgement, in one table.

None of these limits is a published standard: they decide when a pooled figure is refused or carries a caution,
and another careful reviewer might set them differently. They therefore stand together, carry a version that
every method line prints, and are shown to readers as the table they are.
"""

from __future__ import annotations

from typing import NamedTuple


SETTINGS_VERSION = "1.0"
"""Raised whenever a value below changes, so that an exported figure says under which limits it was made."""

ENGINE_VERSION = "1.0"
"""Raised whenever a formula changes in a way that can move a number."""

DEFAULT_LEVEL = 0.95
DEFAULT_NODES = 61
"""Quadrature nodes of the count models: 61 reach 1e-6 on the sparsest reference data, 31 reach 1e-4."""


class Threshold(NamedTuple):
    """One limit: the rule it belongs to, its value and unit, and what it does in words."""

    name: str
    rule: str
    value: float
    unit: str
    meaning: str


SMALLEST_POOL = Threshold("smallest_pool", "R4", 3, "studies", "fewer are shown side by side, not pooled")
TINY_TOTAL = Threshold("tiny_total", "R7", 50, "people", "a smaller sum of all bases is not pooled")
TINY_STUDY = Threshold("tiny_study", "R7, W5", 10, "people", "a study with a smaller base is tiny")
TINY_SHARE = Threshold(
    "tiny_share", "R7", 0.5, "share of studies", "more tiny studies than this refuse a pool"
)
FEW_STUDIES = Threshold("few_studies", "W1", 4, "studies", "up to this many are very few")
HIGH_I2 = Threshold("high_i2", "W2", 75, "per cent", "I2 from here on says that studies disagree")
WIDE_PREDICTION = Threshold(
    "wide_prediction", "W2", 30, "points", "a wider prediction interval says the same"
)
HEAVY_STUDY = Threshold("heavy_study", "W3", 50, "per cent of weight", "a study above it dominates")
LARGE_SHIFT = Threshold(
    "large_shift", "W3", 0.5, "half-widths", "a study whose omission moves the estimate further dominates"
)
MODEL_GAP = Threshold("model_gap", "W4", 0.25, "logits", "a larger gap between the two models is reported")
SPARSE_MEDIAN = Threshold(
    "sparse_median", "model", 5, "people", "a lower median of min(events, non-events) makes the data sparse"
)
SMALL_SUBGROUP = Threshold("small_subgroup", "W9", 3, "studies", "a smaller subgroup is listed, not tested")
COMMON_TAU2 = Threshold("common_tau2", "model", 5, "studies", "a smaller subgroup makes all share one tau2")
REGRESSION_POOL = Threshold(
    "regression_pool", "W9", 10, "studies", "fewer carry no regression or funnel test"
)
BENCHMARK_EVENTS = Threshold("benchmark_events", "R7", 5, "events", "a benchmark on fewer gives no ratio")

THRESHOLDS: tuple[Threshold, ...] = (
    SMALLEST_POOL, TINY_TOTAL, TINY_STUDY, TINY_SHARE, FEW_STUDIES, HIGH_I2, WIDE_PREDICTION, HEAVY_STUDY,
    LARGE_SHIFT, MODEL_GAP, SPARSE_MEDIAN, SMALL_SUBGROUP, COMMON_TAU2, REGRESSION_POOL, BENCHMARK_EVENTS,
)  # fmt: skip

"""Putting findings together: pure functions of numbers, with rules about when the answer is no.

Estimates and their gate: ``Estimate``, ``check_comparable``, ``synthesise``. Numbers alone: ``pool_proportions``,
``pool_rates``, ``pool_estimates`` and the intervals, bounds, ratios, votes and agreement coefficients below.
Nothing here knows of Django, files or charts, and importing it loads neither pandas nor statsmodels.
"""

from evidence.synthesis.assembly import Synthesis, synthesise
from evidence.synthesis.benchmark import benchmark_ratio, pooled_ratio, standardised_ratio
from evidence.synthesis.bounds import pool_bounds, unknown_bounds
from evidence.synthesis.cautions import check_regression
from evidence.synthesis.certainty import describe_body
from evidence.synthesis.change import Change, count_change, share_change
from evidence.synthesis.comparability import Gate, Statement, check_comparable
from evidence.synthesis.direction import combine_p_values, direction_vote
from evidence.synthesis.effect_sizes import correlation_effects, log_rate_effects, logit_effects, mean_effects
from evidence.synthesis.estimates import Estimate, Excluded, Interval
from evidence.synthesis.glmm import fit_binomial, fit_poisson
from evidence.synthesis.heterogeneity import cochran_q, i2_q_interval, q_profile
from evidence.synthesis.method_line import method_line
from evidence.synthesis.overlap import find_overlaps, resolve_overlaps
from evidence.synthesis.pooled import Pooled
from evidence.synthesis.pooling import pool_estimates, pool_proportions, pool_rates, primary_method
from evidence.synthesis.proportions import clopper_pearson, jeffreys, wilson
from evidence.synthesis.random_effects import fit_random_effects
from evidence.synthesis.refusals import Caution, PoolingRefused, Refusal
from evidence.synthesis.regression import meta_regression
from evidence.synthesis.sensitivity import sensitivity_rows
from evidence.synthesis.single_studies import describe_study
from evidence.synthesis.small_studies import egger_test, peters_test
from evidence.synthesis.thresholds import ENGINE_VERSION, SETTINGS_VERSION, THRESHOLDS
from studies.appraisal.agreement import (
    agreement_table,
    cohen_kappa,
    cohen_kappa_from_ratings,
    gwet_ac1,
    krippendorff_alpha,
    percent_agreement,
)


__all__ = [
    "ENGINE_VERSION", "SETTINGS_VERSION", "THRESHOLDS", "Caution", "Change", "Estimate", "Excluded", "Gate", "Interval",
    "Pooled", "PoolingRefused", "Refusal", "Statement", "Synthesis", "agreement_table", "benchmark_ratio",
    "check_comparable", "check_regression", "clopper_pearson", "cochran_q", "cohen_kappa",
    "cohen_kappa_from_ratings", "combine_p_values", "correlation_effects", "count_change", "describe_body", "describe_study",
    "direction_vote", "egger_test", "find_overlaps", "fit_binomial", "fit_poisson", "fit_random_effects",
    "gwet_ac1", "i2_q_interval", "jeffreys", "krippendorff_alpha", "log_rate_effects", "logit_effects",
    "mean_effects", "meta_regression", "method_line", "percent_agreement", "peters_test", "pool_bounds",
    "pool_estimates", "pool_proportions", "pool_rates", "pooled_ratio", "primary_method", "q_profile",
    "resolve_overlaps", "sensitivity_rows", "share_change", "standardised_ratio", "synthesise", "unknown_bounds", "wilson",
]  # fmt: skip

"""The line under every pooled figure that says how it was made."""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import date

from evidence.synthesis.estimates import Excluded
from evidence.synthesis.pooled import Pooled
from evidence.synthesis.thresholds import ENGINE_VERSION, SETTINGS_VERSION, THRESHOLDS
from evidence.synthesis.wording import listed


MODELS = {
    ("proportions", False): "Normal random-effects model of log odds",
    ("proportions", True): "Random-intercept logistic model",
    ("rates", False): "Normal random-effects model of log rates",
    ("rates", True): "Random-intercept Poisson model",
    ("estimates", False): "Normal random-effects model",
}
ESTIMATORS = {
    "reml": "tau2 by restricted maximum likelihood (global search)",
    "ml": "tau2 by maximum likelihood (global search)",
    "pm": "tau2 by Paule and Mandel",
    "dl": "tau2 by DerSimonian and Laird",
    "common": "one common effect, tau2 fixed at 0",
    "glmm": "maximum likelihood",
}
INTERVALS = {
    "hksj_adhoc": "Hartung-Knapp-Sidik-Jonkman interval with the ad hoc factor max(1, q)",
    "hksj": "Hartung-Knapp-Sidik-Jonkman interval",
    "wald": "Wald interval",
}


def method_line(pooled: Pooled, *, excluded: Iterable[Excluded] = (), on: date | None = None) -> str:
    """How a pooled figure was made, in sentences for readers and exports.

    Parameters
    ----------
    pooled : Pooled
        The result.
    excluded : iterable of Excluded
        Studies left out, to be named with their reasons.
    on : date, optional
        The day to print; the line has none without it, so that the same data give the same text.

    Returns
    -------
    str
        Model, estimator, interval with degrees of freedom, correction, versions, date, the studies included and
        excluded, and the limits that are judgements.
    """
    counts = pooled.method == "glmm"
    df = "normal quantile" if math.isinf(pooled.df) else f"t with {pooled.df:.0f} degrees of freedom"
    interval = "interval" if counts else INTERVALS[pooled.ci_method]
    parts = [
        f"{MODELS[pooled.studies.kind, counts]}, {ESTIMATORS[pooled.method]}"
        + (f" with {pooled.nodes} quadrature nodes" if counts else ""),
        f"{100 * pooled.level:g}% {interval} ({df}), the same quantile for the prediction interval",
        _correction(pooled),
        "I2 from tau2 and the typical variance" if pooled.method != "common" else "I2 from Cochran's Q",
        f"Engine {ENGINE_VERSION}, settings {SETTINGS_VERSION}" + (f", {on.isoformat()}" if on else ""),
        f"Included ({pooled.k}): {listed(pooled.labels)}",
    ]
    reasons = "; ".join(f"{entry.label} ({entry.rule}: {entry.reason.rstrip('.')})" for entry in excluded)
    parts.append(f"Excluded: {reasons or 'none'}")
    limits = "; ".join(f"{limit.rule} {limit.name} {limit.value:g} {limit.unit}" for limit in THRESHOLDS)
    parts.append(f"Limits that are judgements: {limits}")
    return ". ".join(part for part in parts if part) + "."


def _correction(pooled: Pooled) -> str:
    if pooled.method == "glmm" or pooled.studies.kind == "estimates":
        return "No continuity correction"
    if not pooled.boundary_studies:
        return "No study needed a continuity correction"
    return f"0.5 added to the cells of {listed(pooled.boundary_studies)} only"

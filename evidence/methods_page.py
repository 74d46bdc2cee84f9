"""The methods page, made from the docstrings of the functions that do the sums; so the two cannot part."""

import inspect
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from studies.appraisal import rating

from . import synthesis


@dataclass(frozen=True)
class Method:
    """One function: its name, what comes back, the formula, when it refuses, and where it comes from."""

    name: str
    summary: str
    returns: str
    formula: str
    refuses: str
    references: list[str]


@dataclass(frozen=True)
class Chapter:
    """Methods that answer one kind of question."""

    slug: str
    title: str
    lead: str
    methods: list[Method]


CHAPTERS: tuple[tuple[str, str, str, tuple[Callable[..., object], ...]], ...] = (
    (
        "single",
        "One study",
        "A share with its interval. Plotted intervals are Wilson's.",
        (synthesis.wilson, synthesis.clopper_pearson, synthesis.jeffreys, synthesis.describe_study),
    ),
    (
        "unknown",
        "What unknowns allow",
        "Unknown is a category; bounds say between which limits the truth lies.",
        (synthesis.unknown_bounds, synthesis.pool_bounds),
    ),
    (
        "gate",
        "May studies be put together?",
        "The rules R1 to R9 refuse; what they refuse is shown side by side instead.",
        (
            synthesis.synthesise,
            synthesis.check_comparable,
            synthesis.find_overlaps,
            synthesis.resolve_overlaps,
            synthesis.primary_method,
        ),
    ),
    (
        "pooling",
        "Pooling",
        "Random-effects models on the logit scale; the count model where data are sparse.",
        (
            synthesis.pool_proportions,
            synthesis.pool_estimates,
            synthesis.pool_rates,
            synthesis.fit_random_effects,
            synthesis.fit_binomial,
            synthesis.fit_poisson,
            synthesis.logit_effects,
            synthesis.log_rate_effects,
            synthesis.mean_effects,
            synthesis.correlation_effects,
        ),
    ),
    (
        "heterogeneity",
        "How much studies differ",
        "The prediction interval and the range are the message; I² is never a verdict.",
        (synthesis.cochran_q, synthesis.q_profile, synthesis.i2_q_interval),
    ),
    (
        "sensitivity",
        "Other choices, other results",
        "Quality enters by leaving studies out, never by weight.",
        (
            synthesis.sensitivity_rows,
            synthesis.meta_regression,
            synthesis.check_regression,
            synthesis.egger_test,
            synthesis.peters_test,
        ),
    ),
    (
        "direction",
        "Without pooling",
        "What can be said where figures may not be pooled.",
        (synthesis.direction_vote, synthesis.combine_p_values, synthesis.describe_body),
    ),
    (
        "population",
        "Beside a population",
        "Only listed pairs are compared.",
        (synthesis.benchmark_ratio, synthesis.pooled_ratio, synthesis.standardised_ratio),
    ),
    (
        "change",
        "Change over time",
        "Only within an unbroken stretch of one series. A change in records is not a change in abuse.",
        (synthesis.count_change, synthesis.share_change),
    ),
    (
        "appraisal",
        "Quality and agreement",
        "A rating follows from answers by a stated rule; answers are never added up.",
        (
            rating.rate,
            synthesis.percent_agreement,
            synthesis.cohen_kappa,
            synthesis.gwet_ac1,
            synthesis.krippendorff_alpha,
        ),
    ),
)

HEADING = re.compile(r"^(?P<title>[A-Z][a-z]+)\n-{3,}$", re.MULTILINE)


@cache
def make_chapters() -> list[Chapter]:
    """Every documented method, chapter by chapter."""
    return [
        Chapter(slug, title, lead, [make_method(function) for function in functions])
        for slug, title, lead, functions in CHAPTERS
    ]


def make_method(function: Callable[..., object]) -> Method:
    """A function's docstring, taken apart at its underlined headings."""
    text = inspect.getdoc(function) or ""
    parts = HEADING.split(text)
    sections = dict(zip(parts[1::2], parts[2::2], strict=True))
    references = [
        line.strip() for line in sections.get("References", "").strip().splitlines() if line.strip()
    ]
    return Method(
        name=function.__name__,
        summary=unwrap(parts[0]),
        returns=unwrap(sections.get("Returns", "")),
        formula=unwrap(sections.get("Notes", "")),
        refuses=unwrap(sections.get("Raises", "")),
        references=references,
    )


def unwrap(text: str) -> str:
    """Lines joined into sentences; the marks of code are dropped."""
    return " ".join(line.strip() for line in text.strip().splitlines() if line.strip()).replace("``", "")

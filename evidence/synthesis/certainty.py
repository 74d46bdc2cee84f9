"""What can be computed about a body of evidence, for the person who rates its certainty.

Certainty (high, moderate, low, very low) is a judgement of people. Nothing here outputs one, or adds anything up:
each aspect is a sentence with the numbers behind it and, where the numbers alone show one, a concern.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from evidence.synthesis.estimates import QUALITIES, Estimate
from evidence.synthesis.pooled import Pooled
from evidence.synthesis.single_studies import SingleStudy, describe_studies
from evidence.synthesis.thresholds import DEFAULT_LEVEL, SMALLEST_POOL, WIDE_PREDICTION
from evidence.synthesis.wording import listed, percent


@dataclass(frozen=True, kw_only=True)
class Aspect:
    """One aspect: its GRADE-CERQual or GRADE domain, what the numbers say, and whether they raise a concern."""

    name: str
    domain: str
    finding: str
    concern: bool


@dataclass(frozen=True, kw_only=True)
class BodyOfEvidence:
    """The computable aspects of a body of evidence. There is no overall level, by design."""

    sources: int
    studies: int
    quality: tuple[tuple[str, int], ...]
    aspects: tuple[Aspect, ...]

    @property
    def concerns(self) -> tuple[Aspect, ...]:
        return tuple(aspect for aspect in self.aspects if aspect.concern)


def describe_body(
    estimates: Sequence[Estimate],
    *,
    scope: str = "",
    benchmark: float | None = None,
    pooled: Pooled | None = None,
    level: float = DEFAULT_LEVEL,
) -> BodyOfEvidence:
    """Describe a body of evidence aspect by aspect.

    Parameters
    ----------
    estimates : sequence of Estimate
        All studies that bear on the question, poolable or not.
    scope : str
        The population that the question is about; blank if it has none of its own.
    benchmark : float, optional
        A share (0 to 1) that studies may lie above or below.
    pooled : Pooled, optional
        Their pool, where one exists.
    level : float
        Coverage of the single-study intervals.

    Returns
    -------
    BodyOfEvidence
        Counts, and sentences with reasons.

    References
    ----------
    Guyatt GH et al. (2008). BMJ 336:924.
    Lewin S et al. (2018). Implementation Science 13(Suppl 1):2.
    """
    singles = describe_studies(estimates, level)
    ratings = Counter(estimate.quality for estimate in estimates)
    sources = {estimate.source_id or estimate.label for estimate in estimates}
    aspects = (
        _adequacy(len(sources), singles),
        _limitations(ratings, len(estimates)),
        _verification(estimates),
        _coherence(singles, benchmark),
        _relevance(estimates, scope),
        _unknown(estimates),
        _imprecision(singles, pooled),
    )
    return BodyOfEvidence(
        sources=len(sources),
        studies=len(estimates),
        quality=tuple((rating, ratings[rating]) for rating in QUALITIES),
        aspects=aspects,
    )


def _adequacy(sources: int, singles: Sequence[SingleStudy]) -> Aspect:
    noun = "source" if sources == 1 else "sources"
    bases = sorted(single.total for single in singles)
    # Bases are not added up: sources may count the same people.
    if not bases:
        said = "no figure has both a count and a base"
    elif bases[0] == bases[-1]:
        said = f"bases of {bases[0]:,}"
    else:
        said = f"bases from {bases[0]:,} to {bases[-1]:,}"
    return Aspect(
        name="amount",
        domain="adequacy",
        finding=f"{sources} {noun}; {said}.",
        concern=sources < SMALLEST_POOL.value,
    )


def _limitations(ratings: Counter[str], total: int) -> Aspect:
    better = ratings["strong"] + ratings["moderate"]
    said = listed([f"{ratings[rating]} {rating}" for rating in QUALITIES if ratings[rating]]) or "none rated"
    return Aspect(
        name="quality",
        domain="methodological limitations",
        finding=f"Figures by the rating of their source: {said}.",
        concern=2 * better <= total,
    )


def _verification(estimates: Sequence[Estimate]) -> Aspect:
    secondary = sum(estimate.verification == "secondary" for estimate in estimates)
    return Aspect(
        name="verification",
        domain="methodological limitations",
        finding=f"{secondary} of {len(estimates)} figures were read in another text than their source.",
        concern=2 * secondary > len(estimates),
    )


def _coherence(singles: Sequence[SingleStudy], benchmark: float | None) -> Aspect:
    if benchmark is not None:
        above = sum(single.share > benchmark for single in singles)
        below = sum(single.share < benchmark for single in singles)
        finding = f"{above} of {len(singles)} studies lie above the benchmark and {below} below."
        return Aspect(name="direction", domain="coherence", finding=finding, concern=min(above, below) > 0)
    if len(singles) < 2:
        return Aspect(
            name="direction", domain="coherence", finding="Nothing to compare with each other.", concern=False
        )
    shares = [single.share for single in singles]
    people = sum(single.total for single in singles)
    # Some value lies in every interval exactly if the highest lower limit is not above the lowest upper limit.
    apart = max(single.wilson.low for single in singles) > min(single.wilson.high for single in singles)
    end = "their intervals share no value" if apart else "their intervals share a value"
    return Aspect(
        name="direction",
        domain="coherence",
        finding=f"Shares run from {percent(min(shares), people)} to {percent(max(shares), people)}; {end}.",
        concern=apart,
    )


def _relevance(estimates: Sequence[Estimate], scope: str) -> Aspect:
    if scope:
        direct = sum(estimate.scope == scope for estimate in estimates)
        finding = f"{direct} of {len(estimates)} figures cover the population asked about."
        return Aspect(name="directness", domain="relevance", finding=finding, concern=direct < len(estimates))
    scopes = {estimate.scope for estimate in estimates}
    noun = "population" if len(scopes) == 1 else "different populations"
    return Aspect(
        name="directness",
        domain="relevance",
        finding=f"The figures cover {len(scopes)} {noun}.",
        concern=len(scopes) > 1,
    )


def _unknown(estimates: Sequence[Estimate]) -> Aspect:
    shares = [share for share in (estimate.unknown_share for estimate in estimates) if share is not None]
    silent = len(estimates) - len(shares)
    people = sum(estimate.total or 0.0 for estimate in estimates)
    finding = f"The highest unknown share is {percent(max(shares), people)}. " if shares else ""
    if silent:
        finding += f"{silent} of {len(estimates)} figures do not say how many are unknown."
    return Aspect(
        name="unknown",
        domain="methodological limitations",
        finding=finding.strip() or "There are no figures.",
        concern=bool(silent) or any(shares),
    )


def _imprecision(singles: Sequence[SingleStudy], pooled: Pooled | None) -> Aspect:
    width = WIDE_PREDICTION.value / 100.0
    if pooled is not None and pooled.ci_share is not None:
        people = pooled.total_n or 0.0
        low, high = pooled.ci_share
        finding = f"Interval of the pooled share: {percent(low, people)} to {percent(high, people)}."
        concern = pooled.ci_share.width > width
    elif singles:
        narrowest = min(singles, key=lambda single: single.wilson.width)
        finding = f"The narrowest single study is {narrowest.label}, {narrowest.sentence}."
        concern = narrowest.wilson.width > width
    else:
        finding, concern = "No study has an interval.", True
    return Aspect(name="imprecision", domain="imprecision", finding=finding, concern=concern)

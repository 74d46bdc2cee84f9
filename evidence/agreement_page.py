"""How far appraisers agreed before their differences were settled, and what the settling kept."""

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from studies.appraisal.agreement import (
    Agreement,
    UnusableRatings,
    agreement_table,
    cohen_kappa,
    gwet_ac1,
    krippendorff_alpha,
    percent_agreement,
)
from studies.models import Appraisal, Criterion, Judgement
from studies.vocabulary import AppraisalStatus, Rating, RoundStatus


ANSWER_ORDER = ("no", "partly", "yes")
RATING_ORDER = ("weak", "moderate", "strong")
"""What weighted kappa takes as an order, worst first. Answers outside it (unclear, not applicable) have no place in one."""


@dataclass(frozen=True)
class AgreementLine:
    """One line of the table, in words; the coefficients say so where they are undefined."""

    label: str
    pairs: int
    percent: str
    kappa: str
    ac1: str
    alpha: str
    after: str


@dataclass(frozen=True)
class InstrumentAgreement:
    """The lines of one instrument version: overall ratings first, then the answers of each domain."""

    label: str
    rounds: int
    lines: list[AgreementLine]


@dataclass(frozen=True)
class Pair:
    """What two appraisers said of one thing, and what was decided."""

    first: str
    second: str
    decided: str


def make_agreement_page() -> list[InstrumentAgreement]:
    """Agreement by instrument and domain over all decided rounds of two. Three queries."""
    rounds = get_decided_rounds()
    answers = get_answers(one for work in rounds.values() for one in work)
    criteria = list(
        Criterion.objects.filter(domain__instrument__in={work[0].instrument_id for work in rounds.values()})
        .select_related("domain")
        .order_by("domain__order", "order")
    )
    grouped: dict[int, list[list[Appraisal]]] = defaultdict(list)
    for work in rounds.values():
        grouped[work[0].instrument_id].append(work)
    found = []
    for instrument, works in grouped.items():
        ratings = [Pair(*(one.overall_rating for one in work)) for work in works]
        lines = [make_line("Overall rating", ratings, RATING_ORDER, Rating.values)]
        by_domain: dict[str, list[Criterion]] = defaultdict(list)
        for criterion in criteria:
            if criterion.domain.instrument_id == instrument:
                by_domain[criterion.domain.label].append(criterion)
        for label, members in by_domain.items():
            pairs = [
                Pair(*(answers.get((one.pk, criterion.pk), "") for one in work))
                for criterion in members
                for work in works
            ]
            offered = list(dict.fromkeys(answer["value"] for c in members for answer in c.answers))
            lines.append(make_line(label, pairs, ANSWER_ORDER, offered))
        found.append(InstrumentAgreement(str(works[0][0].instrument), len(works), lines))
    return sorted(found, key=lambda one: one.label)


def get_decided_rounds() -> dict[int, list[Appraisal]]:
    """Round → its two appraisals and the rating decided, in that order. Nothing of a round that is not decided."""
    rows = (
        Appraisal.everything.filter(round__status=RoundStatus.DECIDED, round__places=2)
        .exclude(appraiser__isnull=False, status=AppraisalStatus.WITHDRAWN)
        .select_related("instrument")
        .order_by("round", "pk")
    )
    found: dict[int, list[Appraisal]] = defaultdict(list)
    for one in rows:
        found[one.round_id].append(one)
    ordered = {pk: sorted(work, key=lambda one: one.appraiser_id is None) for pk, work in found.items()}
    return {pk: work for pk, work in ordered.items() if len(work) == 3}


def get_answers(appraisals) -> dict[tuple[str, int], str]:
    """(appraisal, criterion) → answer."""
    rows = Judgement.everything.filter(appraisal__in=[one.pk for one in appraisals])
    return {(a, c): answer for a, c, answer in rows.values_list("appraisal_id", "criterion_id", "answer")}


def make_line(
    label: str, pairs: Sequence[Pair], order: Sequence[str], offered: Sequence[str]
) -> AgreementLine:
    """One line: agreement of the two before the decision, and how much of what they said the decision kept."""
    first, second = [pair.first for pair in pairs], [pair.second for pair in pairs]
    table = agreement_table(first, second, list(dict.fromkeys([*offered, *first, *second])))
    seen = percent_agreement(table)
    said = [answer for pair in pairs for answer in ((pair.first, pair.decided), (pair.second, pair.decided))]
    stood = sum(answer == decided for answer, decided in said)
    return AgreementLine(
        label=label,
        pairs=seen.n,
        percent=f"{share(seen.share)} ({share(seen.ci.low)} to {share(seen.ci.high)}), {seen.agreed} of {seen.n}",
        kappa=weighted(first, second, order),
        ac1=coefficient(gwet_ac1(table)),
        alpha=alpha_of(first, second),
        after=f"{share(stood / len(said))}, {stood} of {len(said)}",
    )


def weighted(first: Sequence[str], second: Sequence[str], order: Sequence[str]) -> str:
    """Kappa with quadratic weights over the pairs in which both answers have a place in the order."""
    placed = [(a, b) for a, b in zip(first, second, strict=True) if a in order and b in order]
    if not placed:
        return "Undefined: no pair of ordered answers"
    a, b = zip(*placed, strict=True)
    words = coefficient(cohen_kappa(agreement_table(a, b, list(order)), "quadratic"))
    return (
        words
        if len(placed) == len(first)
        else f"{words}, {len(placed)} ordered pair{'s' if len(placed) != 1 else ''}"
    )


def alpha_of(first: Sequence[str], second: Sequence[str]) -> str:
    """Krippendorff's alpha at the nominal level."""
    try:
        return number(krippendorff_alpha([list(first), list(second)]))
    except UnusableRatings:
        return UNDEFINED


UNDEFINED = "Undefined: everybody gave one answer"


def coefficient(found: Agreement) -> str:
    """A coefficient with its interval; undefined is said, never shown as 0 or 1."""
    if math.isnan(found.estimate):
        return UNDEFINED
    if math.isnan(found.ci.low):
        return f"{found.estimate:.2f} (interval undefined)"
    return f"{found.estimate:.2f} ({found.ci.low:.2f} to {found.ci.high:.2f})"


def number(value: float) -> str:
    return UNDEFINED if math.isnan(value) else f"{value:.2f}"


def share(value: float) -> str:
    return f"{100 * value:.0f}%"

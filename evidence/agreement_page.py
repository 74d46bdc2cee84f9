"""How far appraisers agreed before their differences were settled, and what the settling kept."""

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

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
from studies.vocabulary import AppraisalStatus, RoundStatus


ANSWER_ORDER = ("no", "partly", "yes")
RATING_ORDER = ("weak", "moderate", "strong")
"""What weighted kappa takes as an order, worst first. Answers outside it (unclear, not applicable) have no place in one."""


@dataclass(frozen=True)
class AgreementLine:
    """One line of the table, in words; the coefficients say so where they are undefined."""

    label: str
    units: int
    percent: str
    kappa: str
    ac1: str
    alpha: str
    after: str


@dataclass(frozen=True)
class InstrumentAgreement:
    """The lines of one instrument version: overall ratings first, then the answers of each domain.

    Rounds of two and rounds of more stand apart: kappa and AC1 are made for two, and are not stretched.
    """

    label: str
    of_two: bool
    rounds: int
    lines: list[AgreementLine]


@dataclass(frozen=True)
class Unit:
    """What the appraisers of a round said of one thing, each in their place, and what was decided."""

    said: tuple[str, ...]
    decided: str


def make_agreement_page() -> list[InstrumentAgreement]:
    """Agreement by instrument and domain over all decided rounds of two and more. Three queries."""
    rounds = get_decided_rounds()
    answers = get_answers(one for work in rounds.values() for one in work)
    criteria = list(
        Criterion.objects.filter(domain__instrument__in={work[0].instrument_id for work in rounds.values()})
        .select_related("domain")
        .order_by("domain__order", "order")
    )
    grouped: dict[tuple[int, bool], list[list[Appraisal]]] = defaultdict(list)
    for work in rounds.values():
        grouped[work[0].instrument_id, len(work) == OF_TWO].append(work)
    found = []
    for (instrument, of_two), works in grouped.items():
        ratings = [make_unit(one.overall_rating for one in work) for work in works]
        offered = [level["value"] for level in works[0][0].instrument.ratings]
        lines = [make_line("Overall rating", ratings, RATING_ORDER, offered)]
        by_domain: dict[str, list[Criterion]] = defaultdict(list)
        for criterion in criteria:
            if criterion.domain.instrument_id == instrument:
                by_domain[criterion.domain.label].append(criterion)
        for label, members in by_domain.items():
            units = [
                make_unit(answers.get((one.pk, criterion.pk), "") for one in work)
                for criterion in members
                for work in works
            ]
            offered = list(dict.fromkeys(answer["value"] for c in members for answer in c.answers))
            lines.append(make_line(label, units, ANSWER_ORDER, offered))
        found.append(InstrumentAgreement(str(works[0][0].instrument), of_two, len(works), lines))
    return sorted(found, key=lambda one: (one.label, not one.of_two))


OF_TWO = 3
"""Two appraisals and the rating that was decided."""


def make_unit(said: Iterable[str]) -> Unit:
    """The answers of a round in their order; the last is the one decided."""
    *answers, decided = said
    return Unit(tuple(answers), decided)


def get_decided_rounds() -> dict[int, list[Appraisal]]:
    """Round → its appraisals and the rating decided, in that order. Nothing of a round that is not decided."""
    rows = (
        Appraisal.everything.filter(round__status=RoundStatus.DECIDED, round__places__gte=2)
        .exclude(appraiser__isnull=False, status=AppraisalStatus.WITHDRAWN)
        .select_related("instrument", "round")
        .order_by("round", "pk")
    )
    found: dict[int, list[Appraisal]] = defaultdict(list)
    for one in rows:
        found[one.round_id].append(one)
    ordered = {pk: sorted(work, key=lambda one: one.appraiser_id is None) for pk, work in found.items()}
    return {pk: work for pk, work in ordered.items() if len(work) == work[0].round.places + 1}


def get_answers(appraisals) -> dict[tuple[str, int], str]:
    """(appraisal, criterion) → answer."""
    rows = Judgement.everything.filter(appraisal__in=[one.pk for one in appraisals])
    return {(a, c): answer for a, c, answer in rows.values_list("appraisal_id", "criterion_id", "answer")}


def make_line(
    label: str, units: Sequence[Unit], order: Sequence[str], offered: Sequence[str]
) -> AgreementLine:
    """One line: agreement of the appraisers before the decision, and how much of what they said it kept."""
    stood = sum(answer == unit.decided for unit in units for answer in unit.said)
    everything = sum(len(unit.said) for unit in units)
    of_two = all(len(unit.said) == 2 for unit in units)
    coefficients = compare_two(units, order, offered) if of_two else compare_several(units)
    return AgreementLine(
        label,
        len(units),
        *coefficients,
        alpha=alpha_of([unit.said for unit in units]),
        after=f"{share(stood / everything)}, {stood} of {everything}",
    )


def compare_two(units: Sequence[Unit], order: Sequence[str], offered: Sequence[str]) -> tuple[str, str, str]:
    """Percent agreement, weighted kappa and AC1 of two appraisers, each with its interval."""
    first, second = [unit.said[0] for unit in units], [unit.said[1] for unit in units]
    table = agreement_table(first, second, list(dict.fromkeys([*offered, *first, *second])))
    seen = percent_agreement(table)
    percent = (
        f"{share(seen.share)} ({share(seen.ci.low)} to {share(seen.ci.high)}), {seen.agreed} of {seen.n}"
    )
    return percent, weighted(first, second, order), coefficient(gwet_ac1(table))


def compare_several(units: Sequence[Unit]) -> tuple[str, str, str]:
    """Of all pairs of appraisers of a unit, how many gave one answer; pairs of one round are not independent, so
    the share stands without an interval."""
    pairs = [pair for unit in units for pair in combinations(unit.said, 2)]
    same = sum(first == second for first, second in pairs)
    return f"{share(same / len(pairs))}, {same} of {len(pairs)} pairs", FOR_TWO, FOR_TWO


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


def alpha_of(units: Sequence[Sequence[str]]) -> str:
    """Krippendorff's alpha at the nominal level, for any number of appraisers of each unit."""
    most = max(map(len, units))
    observers = [[unit[place] if place < len(unit) else None for unit in units] for place in range(most)]
    try:
        return number(krippendorff_alpha(observers))
    except UnusableRatings:
        return UNDEFINED


FOR_TWO = "For two appraisers only"
UNDEFINED = "Undefined: everybody gave one answer"


NO_SPREAD = 1e-6
"""A standard error below this is 0 with rounding: all pairs agree, or all differ, or one person gave one answer
throughout. The formulas for large numbers then give an interval of no width, which would claim certainty."""


def coefficient(found: Agreement) -> str:
    """A coefficient with its interval, cut to -1 and 1; undefined is said, never shown as 0, 1 or no width."""
    if math.isnan(found.estimate):
        return UNDEFINED
    if math.isnan(found.se) or found.se < NO_SPREAD:
        return f"{number(found.estimate)} (interval undefined)"
    low, high = (number(min(1.0, max(-1.0, limit))) for limit in found.ci)
    return f"{number(found.estimate)} ({low} to {high})"


def number(value: float) -> str:
    """Two decimals with a minus sign that is one; a rounded nothing has none."""
    if math.isnan(value):
        return UNDEFINED
    text = f"{value:.2f}"
    return text.replace("-", "" if float(text) == 0 else "−")


def share(value: float) -> str:
    return f"{100 * value:.0f}%"

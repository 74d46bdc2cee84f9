"""Shape what lead reviewers see of rounds: who has which place, how far each is, and what needs a hand. No answers."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.utils import timezone

from .actions.rounds import possible_appraisers
from .models import Appraisal, AppraisalRound
from .models.rounds import UNDER_WAY
from .vocabulary import AppraisalStatus


ENDED_SHOWN = 50
"""Rounds that ended, shown below those under way; each source's page of ratings has all of its own."""


@dataclass(frozen=True)
class Place:
    """One appraiser's part in a round. `stuck` where the account may no longer appraise, so nothing will come."""

    appraisal: Appraisal
    name: str
    words: str
    stuck: bool


@dataclass(frozen=True)
class RoundLine:
    """A round with its places; `vacant` counts those that nobody has."""

    round: AppraisalRound
    places: list[Place]
    vacant: int

    @property
    def needs_a_hand(self) -> bool:
        """Whether it waits for the lead reviewer rather than for an appraiser."""
        return bool(self.vacant) or any(place.stuck for place in self.places)


def make_lines(rounds: Iterable[AppraisalRound], able: Collection[int]) -> list[RoundLine]:
    """Rounds with their places, in the order given. `able` are the accounts that may appraise. One query."""
    found = list(rounds)
    people: dict[int, list[Appraisal]] = {}
    for one in (
        Appraisal.everything.filter(round__in=found, appraiser__isnull=False)
        .select_related("appraiser")
        .order_by("pk")
    ):
        people.setdefault(one.round_id, []).append(one)
    return [make_line(one, people.get(one.pk, []), able) for one in found]


def make_line(found: AppraisalRound, work: list[Appraisal], able: Collection[int]) -> RoundLine:
    """One round with the parts of its appraisers."""
    taken = sum(one.status != AppraisalStatus.WITHDRAWN for one in work)
    return RoundLine(
        found,
        [
            Place(
                one,
                one.appraiser.get_username(),
                progress_words(one),
                found.ended_at is None
                and one.status == AppraisalStatus.DRAFT
                and one.appraiser_id not in able,
            )
            for one in work
        ],
        max(0, found.places - taken) if found.ended_at is None else 0,
    )


def progress_words(appraisal: Appraisal) -> str:
    """How far an appraiser is, in words that tell nothing of the answers."""
    if appraisal.status == AppraisalStatus.SUBMITTED:
        return f"submitted on {_day(appraisal.submitted_at)}"
    if appraisal.status == AppraisalStatus.WITHDRAWN:
        return "gave the place back" if appraisal.interest else "no longer taking part"
    if appraisal.saved_at:
        return f"draft, last saved on {_day(appraisal.saved_at)}"
    return "begun" if appraisal.no_interest_declared else "not begun"


def _day(moment) -> str:
    return f"{timezone.localtime(moment):%-d %B %Y}"


def rounds_to_lead() -> dict[str, object]:
    """What lead reviewers see in the queue: the rounds under way, and those that ended last."""
    rounds = AppraisalRound.objects.select_related("source", "instrument")
    able = {person.pk for person in possible_appraisers()}
    # "reconciling" sorts after "open": what waits for the lead reviewer comes first.
    return {
        "rounds": make_lines(rounds.filter(status__in=UNDER_WAY).order_by("-status", "due_on", "pk"), able),
        "ended": rounds.exclude(status__in=UNDER_WAY).order_by("-ended_at")[:ENDED_SHOWN],
    }

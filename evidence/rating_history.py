"""The public history of a source's rating: every rating that speaks or once spoke for it, newest first."""

from dataclasses import dataclass
from datetime import datetime

from studies.models import Appraisal, AppraisalRound, AuditEvent, Source
from studies.vocabulary import RoundStatus

from .source_page import DomainJudgements, make_domains


@dataclass(frozen=True)
class PastRating:
    """One rating with what it rested on. `people` says who gave it, without names."""

    appraisal: Appraisal
    people: str
    reason: str
    withdrawn_on: datetime | None
    domains: list[DomainJudgements]


def make_rating_history(source: Source) -> list[PastRating]:
    """All published ratings of a source. What single appraisers wrote is not among them."""
    ratings = (
        Appraisal.objects.filter(source=source)
        .select_related("instrument", "round")
        .order_by("-created_at", "-appraisal_id")
    )
    withdrawn = dict(
        AuditEvent.objects.filter(
            event_type="rating_withdrawn", target_id__in=[one.pk for one in ratings]
        ).values_list("target_id", "created_at")
    )
    return [
        PastRating(
            one,
            people_of(one),
            reason_of(one),
            withdrawn.get(one.pk),
            make_domains(one),
        )
        for one in ratings
    ]


def has_agreed(found: AppraisalRound) -> bool:
    """Whether a round ended by the agreement of its appraisers, and not by a lead reviewer's decision."""
    return found.ended_reason.startswith(f"By {found.number_word} appraiser")


def reason_of(appraisal: Appraisal) -> str:
    """The lead reviewer's reason, where one decided."""
    found = appraisal.round
    decided = found is not None and found.status == RoundStatus.DECIDED and not has_agreed(found)
    return found.ended_reason if decided else ""


def people_of(appraisal: Appraisal) -> str:
    """Who gave the rating, in words."""
    found = appraisal.round
    if found is None:
        return "A provisional draft by one editor"
    if found.status != RoundStatus.DECIDED or found.places == 1:
        return "One appraiser"
    people = f"{found.number_word.capitalize()} appraisers, each without seeing the answers of the rest"
    return (
        f"{people}, who agreed" if has_agreed(found) else f"{people}; a lead reviewer settled what differed"
    )

"""Give a source to appraisers, put another person in an appraiser's place, cancel a round. For lead reviewers."""

from collections.abc import Sequence
from datetime import date

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import Count, F, Q
from django.utils import timezone

from ..appraisal.states import APPRAISAL_MOVES, ROUND_MOVES, BadMove, move
from ..exceptions import NotNow, Refused
from ..models import Appraisal, AppraisalRound, Instrument, Source
from ..models.rounds import UNDER_WAY
from ..permissions import Permission, can, check
from ..vocabulary import AppraisalStatus, RoundStatus
from . import audit, ratings
from .interests import check_no_author


MOST_APPRAISERS = 5
"""Two independent appraisers are the standard of the field; one is allowed and said so beside the rating. More serve
to try an instrument: agreement among three and more says how far it can be trusted."""


@transaction.atomic
def assign(
    *,
    source: Source,
    instrument: Instrument,
    appraisers: Sequence[AbstractBaseUser],
    by: AbstractBaseUser,
    due_on: date | None = None,
    occasion: str = "",
) -> AppraisalRound:
    """Open a round: one to five appraisers, one instrument version. A source that is rated is appraised anew.

    Raises `NotAllowed`, `ConflictOfInterest` for an author of the source, and `Refused` where the instrument does
    not fit, a round is under way, an appraiser's account may not appraise, or the date has passed.
    """
    check(by, Permission.ASSIGN)
    source = Source.objects.select_for_update().get(pk=source.pk)
    chosen = list(dict.fromkeys(appraisers))
    if not 1 <= len(chosen) <= MOST_APPRAISERS or len(chosen) != len(appraisers):
        raise Refused("Choose one to five appraisers, each of them once.")
    if source.source_type not in instrument.applies_to:
        raise Refused(
            f"“{instrument}” is not made for sources of the type “{source.get_source_type_display()}”."
        )
    if AppraisalRound.objects.filter(source=source, status__in=UNDER_WAY).exists():
        raise Refused("This source is being appraised already. Decide or cancel that round first.")
    for person in chosen:
        check_may_appraise(person, source)
    _check_date(due_on)
    opened = AppraisalRound.objects.create(
        source=source,
        instrument=instrument,
        places=len(chosen),
        due_on=due_on,
        occasion=occasion.strip(),
        assigned_by=by.get_username(),
    )
    for person in chosen:
        _give(opened, person)
    audit.record(
        event_type="appraisal_assigned",
        by=by.get_username(),
        target=opened,
        detail={
            "source": source.pk,
            "instrument": str(instrument),
            "appraisers": [person.get_username() for person in chosen],
        },
    )
    return opened


@transaction.atomic
def replace_appraiser(*, appraisal: Appraisal, person: AbstractBaseUser, by: AbstractBaseUser) -> Appraisal:
    """Give the place of somebody who stepped down, or who has not submitted, to another person."""
    check(by, Permission.ASSIGN)
    found = _locked(appraisal.round_id, "replace")
    left = Appraisal.everything.select_for_update().get(pk=appraisal.pk)
    if left.status == AppraisalStatus.SUBMITTED:
        raise NotNow("This appraisal is submitted; its appraiser keeps it.")
    check_may_appraise(person, found.source)
    people = Appraisal.everything.filter(round=found)
    if people.filter(appraiser=person).exists():
        raise Refused("This person has a part in the round already.")
    if left.status == AppraisalStatus.DRAFT:
        left.status, left.ended_reason = AppraisalStatus.WITHDRAWN, "Given to somebody else."
        left.save(update_fields=["status", "ended_reason"])
    elif people.exclude(status=AppraisalStatus.WITHDRAWN).count() >= found.places:
        raise Refused("The place is taken already.")
    made = _give(found, person)
    audit.record(
        event_type="appraiser_replaced",
        by=by.get_username(),
        target=found,
        detail={"left": left.appraiser.get_username(), "came": person.get_username()},
    )
    return made


@transaction.atomic
def drop_place(*, appraisal: Appraisal, by: AbstractBaseUser) -> AppraisalRound:
    """Go on without somebody who has not submitted, or who gave the place back. Who is left decides the round.

    Raises `Refused` where nobody would be left, `NotNow` where the person has submitted or the place is taken again.
    """
    check(by, Permission.ASSIGN)
    found = _locked(appraisal.round_id, "drop")
    left = Appraisal.everything.select_for_update().get(pk=appraisal.pk)
    people = Appraisal.everything.filter(round=found, appraiser__isnull=False)
    taken = people.exclude(status=AppraisalStatus.WITHDRAWN).count()
    if left.status == AppraisalStatus.SUBMITTED:
        raise NotNow("This appraisal is submitted; its appraiser keeps it.")
    if left.status == AppraisalStatus.WITHDRAWN and taken >= found.places:
        raise NotNow("The place is taken already.")
    if people.filter(appraiser=by).exclude(status=AppraisalStatus.WITHDRAWN).exists():
        # Else a lead reviewer could make the own appraisal the only one.
        raise Refused("You appraise this source yourself; another lead reviewer decides who else does.")
    if found.places == 1:
        raise Refused("This is the only place. Give it to somebody else, or cancel the round.")
    if left.status == AppraisalStatus.DRAFT:
        left.status, left.ended_reason = (
            AppraisalStatus.WITHDRAWN,
            "The round goes on without this appraisal.",
        )
        left.save(update_fields=["status", "ended_reason"])
    found.places -= 1
    found.version += 1
    found.save(update_fields=["places", "version"])
    audit.record(
        event_type="place_dropped",
        by=by.get_username(),
        target=found,
        detail={"left": left.appraiser.get_username(), "places": found.places},
    )
    return ratings.settle(round_pk=found.pk, by=by)


@transaction.atomic
def change_date(*, round_pk: int, due_on: date | None, by: AbstractBaseUser) -> AppraisalRound:
    """Give a round that is under way another date, or none. Raises `Refused` for a date that has passed."""
    check(by, Permission.ASSIGN)
    found = AppraisalRound.objects.select_for_update().get(pk=round_pk)
    if found.status not in UNDER_WAY:
        raise NotNow(f"This round has ended already: {found.get_status_display().lower()}.")
    _check_date(due_on)
    before, found.due_on = found.due_on, due_on
    found.save(update_fields=["due_on"])
    audit.record(
        event_type="round_date_changed",
        by=by.get_username(),
        target=found,
        detail={"before": str(before or ""), "after": str(due_on or "")},
    )
    return found


@transaction.atomic
def cancel(*, round_pk: int, reason: str, by: AbstractBaseUser) -> AppraisalRound:
    """End a round without a rating. Its answers stay with their authors and are shown to nobody else."""
    check(by, Permission.ASSIGN)
    found = AppraisalRound.objects.select_for_update().get(pk=round_pk)
    if found.status not in UNDER_WAY:
        raise NotNow(f"This round has ended already: {found.get_status_display().lower()}.")
    if not reason.strip():
        raise Refused("Say why the round is cancelled.")
    found.status = _round_state("cancel", found)
    found.ended_at, found.ended_by, found.ended_reason = timezone.now(), by.get_username(), reason.strip()
    found.version += 1
    found.save()
    open_states = APPRAISAL_MOVES["cancel"].before
    Appraisal.everything.filter(round=found, status__in=open_states).update(
        status=APPRAISAL_MOVES["cancel"].after, ended_reason="The round was cancelled."
    )
    audit.record(
        event_type="round_cancelled", by=by.get_username(), target=found, detail={"reason": reason.strip()}
    )
    return found


def check_may_appraise(person: AbstractBaseUser, source: Source) -> None:
    """Raises `Refused` where the account may not appraise, `ConflictOfInterest` for an author of the source."""
    if not can(person, Permission.APPRAISE):
        raise Refused(f"The account {person.get_username()} may not appraise.")
    check_no_author(person, source)
    if _has_read_answers(person, source):
        raise Refused(
            f"{person.get_username()} cancelled a round of this source when its answers were in, and could read them. "
            "Choose somebody who has not."
        )


def _has_read_answers(person: AbstractBaseUser, source: Source) -> bool:
    """Whether the person ended a round of the source without a rating when all its answers could be read.

    Answers that became a rating are public; those of a cancelled round are not, and may be given again.
    """
    cancelled = AppraisalRound.objects.filter(
        source=source, status=RoundStatus.CANCELLED, ended_by=person.get_username()
    ).exclude(appraisals__appraiser=person)
    handed_in = Count("appraisals", filter=Q(appraisals__submitted_at__isnull=False))
    return cancelled.annotate(handed_in=handed_in).filter(handed_in__gte=F("places")).exists()


def possible_appraisers() -> list[AbstractBaseUser]:
    """Active accounts that may appraise, by name."""
    people = get_user_model().objects.filter(is_active=True).prefetch_related("groups").order_by("username")
    return [person for person in people if can(person, Permission.APPRAISE)]


def _check_date(due_on: date | None) -> None:
    if due_on is not None and due_on < timezone.localdate():
        raise Refused(f"{due_on:%-d %B %Y} has passed. Give a date from today on.")


def _give(opened: AppraisalRound, person: AbstractBaseUser) -> Appraisal:
    number = Appraisal.everything.filter(round=opened, appraiser__isnull=False).count() + 1
    return Appraisal.everything.create(
        appraisal_id=f"round-{opened.pk}-appraisal-{number}",
        source=opened.source,
        instrument=opened.instrument,
        status=AppraisalStatus.DRAFT,
        appraiser=person,
        round=opened,
    )


def _locked(pk: int, step: str) -> AppraisalRound:
    found = (
        AppraisalRound.objects.select_for_update(of=("self",))
        .select_related("source", "instrument")
        .get(pk=pk)
    )
    _round_state(step, found)
    return found


def _round_state(step: str, found: AppraisalRound) -> str:
    try:
        return move(ROUND_MOVES, step, found.status, found.get_status_display().lower())
    except BadMove as problem:
        raise NotNow(str(problem)) from None

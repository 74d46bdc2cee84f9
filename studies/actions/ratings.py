"""From submitted appraisals to the rating that speaks for a source; and taking such a rating back."""

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import timezone

from ..appraisal import entry as entries
from ..appraisal.entry import Entry, Fault
from ..appraisal.states import APPRAISAL_MOVES, ROUND_MOVES, BadMove, move
from ..entries import entries_of
from ..exceptions import Incomplete, NotAllowed, NotNow, Refused, StaleForm
from ..models import Appraisal, AppraisalRound, Criterion, Judgement, Source
from ..permissions import Permission, check
from ..vocabulary import AppraisalStatus
from . import audit
from .interests import check_no_author


def settle(*, round_pk: int, by: AbstractBaseUser) -> AppraisalRound:
    """Decide an open round whose appraisals are all in and agree, or put it up for reconciliation.

    For the action that submits the last one, in whose transaction it runs. One appraiser alone decides; several
    decide where every answer and the rating are the same.
    """
    found = (
        AppraisalRound.objects.select_for_update(of=("self",)).select_related("instrument").get(pk=round_pk)
    )
    work = list(
        Appraisal.everything.filter(round=found, appraiser__isnull=False)
        .exclude(status=AppraisalStatus.WITHDRAWN)
        .order_by("pk")
    )
    # Where somebody stepped down and nobody has come yet, the one who stays does not decide alone.
    if len(work) < found.places or any(one.status != AppraisalStatus.SUBMITTED for one in work):
        return found
    instrument = found.instrument.parsed()
    entered = list(entries_of(work).values())
    first, *others = entered
    if all(entries.agree(instrument, first, other) for other in others):
        people = f"{found.number_word} appraisers who agreed" if others else "one appraiser"
        _decide(found, "agree", entries.together(instrument, entered), f"By {people}.", by)
        return found
    found.status = move(ROUND_MOVES, "differ", found.status, found.get_status_display())
    found.version += 1
    found.save(update_fields=["status", "version"])
    audit.record(event_type="appraisals_differ", by=by.get_username(), target=found)
    return found


@transaction.atomic
def reconcile(
    *, round_pk: int, entry: Entry, version: int, reason: str, by: AbstractBaseUser
) -> AppraisalRound:
    """Decide a round whose appraisers differ: the lead reviewer's answer to each criterion, and why.

    Raises `NotAllowed` without the permission and to whoever appraised the source in this round,
    `ConflictOfInterest` to its author, `StaleForm` where another lead reviewer was quicker, `Incomplete` with what
    is lacking.
    """
    check(by, Permission.RECONCILE)
    found = (
        AppraisalRound.objects.select_for_update(of=("self",)).select_related("instrument").get(pk=round_pk)
    )
    if Appraisal.everything.filter(round=found, appraiser=by).exists():
        raise NotAllowed("You appraised this source yourself; another lead reviewer decides.")
    check_no_author(by, found.source)
    try:
        move(ROUND_MOVES, "reconcile", found.status, found.get_status_display().lower())
    except BadMove as problem:
        raise NotNow(str(problem)) from None
    if version != found.version:
        raise StaleForm(
            "This round was changed after the page was opened. Nothing was saved; look at it again."
        )
    instrument = found.instrument.parsed()
    strange = entries.foreign(instrument, entry)
    if strange:
        raise Refused(" ".join(strange))
    lacking = entries.faults(instrument, entry)
    if not reason.strip():
        lacking.append(Fault("reason", "Give the reason for your decision."))
    if lacking:
        raise Incomplete(lacking)
    _decide(found, "reconcile", entry, reason.strip(), by)
    return found


@transaction.atomic
def withdraw_rating(*, source: Source, reason: str, by: AbstractBaseUser) -> Appraisal:
    """Take the final rating of a source back. It stays in the history; the source counts as not rated.

    Raises `NotNow` where there is none, `Refused` without a reason, `ConflictOfInterest` to its author.
    """
    check(by, Permission.RECONCILE)
    check_no_author(by, Source.objects.select_for_update().get(pk=source.pk))
    final = Appraisal.objects.filter(
        source=source, status__in=APPRAISAL_MOVES["withdraw_rating"].before
    ).first()
    if final is None:
        raise NotNow("This source has no final rating.")
    if not reason.strip():
        raise Refused("Say why the rating is withdrawn.")
    final.status, final.ended_reason = APPRAISAL_MOVES["withdraw_rating"].after, reason.strip()
    final.save(update_fields=["status", "ended_reason"])
    audit.record(
        event_type="rating_withdrawn",
        by=by.get_username(),
        target=final,
        detail={"source": source.pk, "rating": final.overall_rating, "reason": reason.strip()},
    )
    return final


def _decide(found: AppraisalRound, step: str, entry: Entry, reason: str, by: AbstractBaseUser) -> None:
    """Make the rating final, retire the one before it, and end the round."""
    instrument = found.instrument.parsed()
    before = Source.objects.with_rating().get(pk=found.source_id)
    retired = APPRAISAL_MOVES["supersede"]
    Appraisal.objects.filter(source=found.source_id, status__in=retired.before).update(status=retired.after)
    final = Appraisal.objects.create(
        appraisal_id=f"round-{found.pk}-rating",
        source_id=found.source_id,
        instrument=found.instrument,
        status=AppraisalStatus.FINAL,
        overall_rating=entries.final_rating(instrument, entry),
        rationale=entry.rationale,
        override_rating=entry.override_rating,
        override_reason=entry.override_reason,
        round=found,
        saved_at=timezone.now(),
    )
    criteria = dict(
        Criterion.objects.filter(domain__instrument=found.instrument_id).values_list("criterion_id", "pk")
    )
    Judgement.objects.bulk_create(
        Judgement(
            appraisal=final, criterion_id=criteria[key], answer=one.answer, note=one.note, locator=one.locator
        )
        for key, one in entry.given.items()
    )
    found.status = move(ROUND_MOVES, step, found.status, found.get_status_display())
    found.ended_at, found.ended_by, found.ended_reason = timezone.now(), by.get_username(), reason
    found.version += 1
    found.save()
    audit.record(
        event_type="rating_final",
        by=by.get_username(),
        target=final,
        detail={
            "source": found.source_id,
            "rating": final.overall_rating,
            "before": before.rating or "",
            "before_status": before.rating_status or "",
        },
    )

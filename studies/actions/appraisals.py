"""One appraiser's work in a round: declare interests, save the draft, submit, take back, step down."""

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import timezone

from ..appraisal import entry as entries
from ..appraisal.entry import Entry
from ..appraisal.states import APPRAISAL_MOVES, ROUND_MOVES, BadMove, move
from ..entries import entry_of
from ..exceptions import Incomplete, NotAllowed, NotNow, Refused, StaleForm
from ..models import Appraisal, AppraisalRound, Criterion, Judgement
from ..permissions import Permission, check
from ..vocabulary import AppraisalStatus
from . import audit, ratings
from .interests import check_no_author


@transaction.atomic
def declare(*, appraisal: Appraisal, by: AbstractBaseUser) -> Appraisal:
    """Record that the appraiser has no interest in the source; without it no answer is taken.

    Declaring twice changes nothing. Raises `NotAllowed` to anybody but the appraiser, `ConflictOfInterest` to an
    author of the source.
    """
    mine = _mine(appraisal, by)
    if mine.no_interest_declared:
        return mine
    # Asked at the assignment already; the authors or the account's name may have been put right since.
    check_no_author(by, mine.source)
    _step(mine, "declare")
    mine.no_interest_declared = True
    mine.save(update_fields=["no_interest_declared"])
    audit.record(event_type="no_interest_declared", by=by.get_username(), target=mine)
    return mine


@transaction.atomic
def step_down(*, appraisal: Appraisal, interest: str, by: AbstractBaseUser) -> Appraisal:
    """Declare an interest and give the source back. What was entered stays on record and is shown to nobody else.

    Raises `Refused` where the interest is not named.
    """
    mine = _mine(appraisal, by)
    if not interest.strip():
        raise Refused(
            "Say what your interest is, so that the lead reviewer can give the source to somebody else."
        )
    mine.status = _step(mine, "step_down")
    mine.no_interest_declared, mine.interest = False, interest.strip()
    mine.ended_reason = "The appraiser declared an interest."
    mine.save(update_fields=["status", "no_interest_declared", "interest", "ended_reason"])
    audit.record(event_type="interest_declared", by=by.get_username(), target=mine)
    return mine


@transaction.atomic
def save_draft(
    *, appraisal: Appraisal, entry: Entry, version: int, form_token: str, by: AbstractBaseUser
) -> Appraisal:
    """Keep what was typed so far. A draft is nobody's evidence yet, so no event is written and no page changes.

    `version` is the one that the form was opened with, `form_token` names the open form: it never conflicts with its
    own earlier saves. Raises `StaleForm` where another form saved since, `NotNow` after submission, `Refused` for
    answers that the instrument does not offer.
    """
    mine = _mine(appraisal, by)
    _step(mine, "save")
    if not mine.no_interest_declared:
        raise Refused("Declare first whether you have an interest in this source.")
    if version != mine.version and (not form_token or form_token != mine.form_token):
        at = timezone.localtime(mine.saved_at) if mine.saved_at else None
        raise StaleForm(
            "This appraisal was saved in another window"
            f"{f' at {at:%H:%M on %-d %B}' if at else ''} after this form was opened. What you typed here is still"
            " here and not saved."
        )
    instrument = mine.instrument.parsed()
    strange = entries.foreign(instrument, entry)
    if strange:
        raise Refused(" ".join(strange))
    mine.rationale = entry.rationale
    mine.override_rating, mine.override_reason = entry.override_rating, entry.override_reason
    mine.version += 1
    mine.form_token, mine.saved_at = form_token, timezone.now()
    mine.save(
        update_fields=["rationale", "override_rating", "override_reason", "version", "form_token", "saved_at"]
    )
    write_judgements(mine, entry)
    return mine


@transaction.atomic
def submit(*, appraisal: Appraisal, by: AbstractBaseUser) -> Appraisal:
    """Hand in the saved draft. When it is the last of its round, the round is decided or put up for reconciliation.

    Raises `Incomplete` with what is lacking, `NotNow` where it is submitted already.
    """
    # The round first, and always first: two appraisers may submit in the same second.
    AppraisalRound.objects.select_for_update().get(pk=appraisal.round_id)
    mine = _mine(appraisal, by)
    after = _step(mine, "submit")
    if not mine.no_interest_declared:
        raise Refused("Declare first whether you have an interest in this source.")
    instrument, entry = mine.instrument.parsed(), entry_of(mine)
    lacking = entries.faults(instrument, entry)
    if lacking:
        raise Incomplete(lacking)
    mine.status, mine.submitted_at = after, timezone.now()
    mine.overall_rating = entries.final_rating(instrument, entry)
    mine.version += 1
    mine.save(update_fields=["status", "submitted_at", "overall_rating", "version"])
    # No answer and no rating in the event: the other appraiser may read the trail.
    audit.record(event_type="appraisal_submitted", by=by.get_username(), target=mine)
    ratings.settle(round_pk=mine.round_id, by=by)
    return mine


@transaction.atomic
def take_back(*, appraisal: Appraisal, by: AbstractBaseUser) -> Appraisal:
    """Turn a submitted appraisal into a draft again. Only while the other appraiser's is not in."""
    found = AppraisalRound.objects.select_for_update().get(pk=appraisal.round_id)
    mine = _mine(appraisal, by)
    try:
        move(ROUND_MOVES, "take_back", found.status, found.get_status_display())
    except BadMove:
        raise NotNow("Both appraisals are in, so neither can be taken back.") from None
    mine.status = _step(mine, "take_back")
    mine.submitted_at, mine.overall_rating = None, ""
    mine.version += 1
    mine.save(update_fields=["status", "submitted_at", "overall_rating", "version"])
    audit.record(event_type="appraisal_taken_back", by=by.get_username(), target=mine)
    return mine


def write_judgements(appraisal: Appraisal, entry: Entry) -> None:
    """Put the answers of an entry in place of those stored; a criterion with nothing typed has no row."""
    criteria = dict(
        Criterion.objects.filter(domain__instrument=appraisal.instrument_id).values_list("criterion_id", "pk")
    )
    rows = [
        Judgement(
            appraisal=appraisal,
            criterion_id=criteria[key],
            answer=one.answer,
            note=one.note,
            locator=one.locator,
        )
        for key, one in entry.given.items()
        if one.answer or one.note or one.locator
    ]
    Judgement.everything.filter(appraisal=appraisal).exclude(
        criterion__in=[r.criterion_id for r in rows]
    ).delete()
    Judgement.everything.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["appraisal", "criterion"],
        update_fields=["answer", "note", "locator"],
    )


def _mine(appraisal: Appraisal, by: AbstractBaseUser) -> Appraisal:
    """The appraisal, locked; refused to anybody but its appraiser, a superuser included."""
    check(by, Permission.APPRAISE)
    found = (
        Appraisal.everything.select_for_update(of=("self",)).select_related("instrument").get(pk=appraisal.pk)
    )
    if found.appraiser_id != by.pk:
        raise NotAllowed("This appraisal is another person's.")
    return found


def _step(appraisal: Appraisal, step: str) -> str:
    if appraisal.status == AppraisalStatus.WITHDRAWN:
        raise NotNow(
            f"This appraisal is no longer yours to do: {appraisal.ended_reason or 'it was withdrawn.'}"
        )
    try:
        return move(APPRAISAL_MOVES, step, appraisal.status, AppraisalStatus(appraisal.status).label.lower())
    except BadMove as problem:
        raise NotNow(str(problem)) from None

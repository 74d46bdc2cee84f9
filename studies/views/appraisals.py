"""The appraiser's pages: the queue, the declaration of interests, the form, and its drafts."""

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.crypto import get_random_string
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ..actions import appraisals
from ..appraisal.entry import Entry, Fault
from ..appraisal_page import (
    MOST_FINDINGS,
    declaration_of,
    errors_of,
    findings_of,
    make_groups,
    make_standing,
    read_entry,
)
from ..consequences import consequences_of
from ..entries import entry_of
from ..exceptions import Incomplete, NotNow, Refused, StaleForm
from ..forms import text_of
from ..models import Appraisal
from ..models.rounds import UNDER_WAY
from ..permissions import Permission, can, requires
from ..rounds_page import rounds_to_lead
from ..vocabulary import AppraisalStatus


WITH = ("source", "instrument", "round")
MINE = (Permission.APPRAISE, Permission.ASSIGN, Permission.RECONCILE)


@require_safe
@never_cache
@requires(*MINE)
def queue(request: HttpRequest) -> HttpResponse:
    """What waits for me; and for lead reviewers, how far every round is. Never an answer."""
    mine = list(
        Appraisal.everything.filter(appraiser=request.user)
        .select_related("source", "instrument", "round")
        .order_by("round__due_on", "pk")
    )
    leads = can(request.user, Permission.ASSIGN) or can(request.user, Permission.RECONCILE)
    to_do = [one for one in mine if one.status == AppraisalStatus.DRAFT]
    return TemplateResponse(
        request,
        "studies/appraisal_queue.html",
        {
            "to_do": to_do,
            "overdue": sum(one.round.overdue for one in to_do),
            "waiting": [
                one
                for one in mine
                if one.status == AppraisalStatus.SUBMITTED and one.round.status in UNDER_WAY
            ],
            # Withdrawn ones as well: what somebody entered stays theirs to read.
            "done": [
                one
                for one in reversed(mine)
                if one.status == AppraisalStatus.WITHDRAWN
                or (one.status == AppraisalStatus.SUBMITTED and one.round.status not in UNDER_WAY)
            ],
            "leads": leads,
            **(rounds_to_lead() if leads else {}),
            "may_assign": can(request.user, Permission.ASSIGN),
        },
    )


def get_mine(request: HttpRequest, appraisal_id: str) -> Appraisal:
    """The reader's own appraisal; anybody else's is not found, so that an address tells nothing."""
    found = Appraisal.everything.filter(pk=appraisal_id, appraiser=request.user).select_related(*WITH).first()
    if found is None:
        raise Http404("You have no such appraisal.")
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@requires(Permission.APPRAISE)
def form(request: HttpRequest, appraisal_id: str) -> HttpResponse:
    """The form beside the source. A refused form comes back with all that was typed."""
    mine = get_mine(request, appraisal_id)
    if mine.status == AppraisalStatus.DRAFT and not mine.no_interest_declared:
        if request.method == "POST":
            messages.error(request, "Declare first whether you have an interest in this source.")
        return TemplateResponse(request, "studies/appraisal_declare.html", declaration_of(mine))
    if request.method != "POST":
        if mine.status != AppraisalStatus.DRAFT:
            return show_handed_in(request, mine)
        with transaction.atomic():
            # A page that was left a moment ago may still be saving its last words; they are waited for.
            mine = Appraisal.everything.select_for_update(of=("self",)).select_related(*WITH).get(pk=mine.pk)
            entry = entry_of(mine)
        return show(request, mine, entry, form_token=get_random_string(20))
    entry = read_entry(mine.instrument.parsed(), request.POST)
    token = text_of(request.POST, "form_token")[:40]
    try:
        mine = appraisals.save_draft(
            appraisal=mine, entry=entry, version=version_in(request), form_token=token, by=request.user
        )
        if request.POST.get("action") != "submit":
            messages.success(request, "Draft saved.")
            return redirect("appraisal-form", mine.pk)
        mine = appraisals.submit(appraisal=mine, by=request.user)
    except Incomplete as refusal:
        mine = get_mine(request, appraisal_id)
        return show(request, mine, entry, faults=refusal.faults, form_token=token, status=400)
    except StaleForm as refusal:
        mine = get_mine(request, appraisal_id)
        return show(
            request, mine, entry, faults=[Fault("stored", str(refusal))], stored=entry_of(mine), status=409
        )
    except NotNow as refusal:
        mine = get_mine(request, appraisal_id)
        if same(entry, entry_of(mine)):
            messages.info(request, "This appraisal was submitted already; sending it twice changed nothing.")
            return redirect("appraisal-form", mine.pk)
        fault = Fault("stored", f"{refusal} What you typed is still below, but it was not saved.")
        return show(request, mine, entry, faults=[fault], stored=entry_of(mine), status=409)
    except Refused as refusal:
        return show(
            request, mine, entry, faults=[Fault("appraisal", str(refusal))], form_token=token, status=400
        )
    messages.success(request, f"Your appraisal of “{mine.source.title}” is submitted.")
    return redirect("appraisal-form", mine.pk)


@require_POST
@never_cache
def autosave(request: HttpRequest, appraisal_id: str) -> HttpResponse:
    """Keep the draft while the appraiser types; the answer is the part of the form that tells how far it is."""
    if request.htmx and not request.user.is_authenticated:
        return HttpResponse("Signed out", status=401)
    return _autosave(request, appraisal_id)


@requires(Permission.APPRAISE)
def _autosave(request: HttpRequest, appraisal_id: str) -> HttpResponse:
    mine = get_mine(request, appraisal_id)
    instrument = mine.instrument.parsed()
    entry = read_entry(instrument, request.POST)
    token = text_of(request.POST, "form_token")[:40]
    problem, status = "", 200
    try:
        mine = appraisals.save_draft(
            appraisal=mine, entry=entry, version=version_in(request), form_token=token, by=request.user
        )
    except StaleForm as refusal:
        problem, status = f"{refusal} Press “Save draft” to see both, before either replaces the other.", 409
    except NotNow as refusal:
        problem, status = str(refusal), 409
    except Refused as refusal:
        problem, status = str(refusal), 400
    # A refused save must not make the form look fresh: it keeps the version that it was opened with.
    version = version_in(request) if problem else mine.version
    return TemplateResponse(
        request,
        "studies/_appraisal_state.html",
        {
            "appraisal": mine,
            "standing": make_standing(instrument, entry),
            "version": version,
            "problem": problem,
            "answering": True,
        },
        status=status,
    )


def version_in(request: HttpRequest) -> int:
    """The version that the form was opened with; one that never was where it is missing or no number."""
    sent = request.POST.get("version", "")
    return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 9 else -1


def same(typed: Entry, stored: Entry) -> bool:
    """Whether a form says what is stored, blank answers and line ends apart."""

    def plain(entry: Entry) -> tuple:
        given = {
            key: tuple(text.replace("\r\n", "\n").strip() for text in (one.answer, one.note, one.locator))
            for key, one in entry.given.items()
            if one.answer or one.note or one.locator
        }
        texts = (entry.rationale, entry.override_rating, entry.override_reason)
        return given, tuple(text.replace("\r\n", "\n").strip() for text in texts)

    return plain(typed) == plain(stored)


def show(
    request: HttpRequest,
    mine: Appraisal,
    entry: Entry,
    *,
    faults: list[Fault] | None = None,
    stored: Entry | None = None,
    form_token: str = "",
    status: int = 200,
) -> HttpResponse:
    """The form with an entry in it: the stored one, or what was typed and could not be taken."""
    instrument, consequences = mine.instrument.parsed(), consequences_of(mine.source)
    return TemplateResponse(
        request,
        "studies/appraisal_form.html",
        {
            "appraisal": mine,
            "source": mine.source,
            "instrument": instrument,
            "groups": make_groups(
                instrument, entry, faults, beside={"Stored now": stored} if stored is not None else None
            ),
            "entry": entry,
            "standing": make_standing(instrument, entry),
            "errors": errors_of(faults or []),
            "wrong": {fault.where: fault.message for fault in faults or []},
            "stored": stored,
            "version": mine.version,
            "form_token": form_token or get_random_string(20),
            "consequences": consequences,
            "findings": findings_of(mine.source),
            "more_findings": max(0, consequences.findings - MOST_FINDINGS),
        },
        status=status,
    )


def show_handed_in(request: HttpRequest, mine: Appraisal) -> HttpResponse:
    """One's own appraisal after it was submitted or withdrawn, to read."""
    instrument, entry = mine.instrument.parsed(), entry_of(mine)
    return TemplateResponse(
        request,
        "studies/appraisal_handed_in.html",
        {
            "appraisal": mine,
            "source": mine.source,
            "instrument": instrument,
            "groups": make_groups(instrument, entry),
            "entry": entry,
            "standing": make_standing(instrument, entry),
            "final": Appraisal.objects.filter(round=mine.round, status=AppraisalStatus.FINAL).first(),
            "consequences": consequences_of(mine.source),
            "may_take_back": mine.status == AppraisalStatus.SUBMITTED and mine.round.status == "open",
        },
    )


@require_POST
@requires(Permission.APPRAISE)
def declare(request: HttpRequest, appraisal_id: str) -> HttpResponse:
    """Say whether there is an interest: none opens the form, one gives the source back."""
    mine = get_mine(request, appraisal_id)
    choice, interest = request.POST.get("interest_declared"), text_of(request.POST, "interest")
    try:
        if choice == "no":
            if interest.strip():
                raise Refused(
                    "You say that you have no interest and describe one. Give the source back, or empty the field."
                )
            appraisals.declare(appraisal=mine, by=request.user)
            return redirect("appraisal-form", mine.pk)
        if choice != "yes":
            raise Refused("Choose whether you have an interest in this source.")
        appraisals.step_down(appraisal=mine, interest=interest, by=request.user)
    except Refused as refusal:
        context = {
            **declaration_of(mine),
            "errors": [
                {
                    "message": str(refusal),
                    "href": "#interest" if choice == "yes" or interest.strip() else "#interest_declared-no",
                }
            ],
            "choice": choice,
            "interest": interest,
        }
        return TemplateResponse(request, "studies/appraisal_declare.html", context, status=400)
    messages.success(
        request, "Thank you. The source is given back, and the lead reviewer will ask somebody else."
    )
    return redirect("appraisal-queue")


@require_POST
@requires(Permission.APPRAISE)
def take_back(request: HttpRequest, appraisal_id: str) -> HttpResponse:
    """Turn one's submitted appraisal into a draft again, while the other's is not in."""
    mine = get_mine(request, appraisal_id)
    try:
        appraisals.take_back(appraisal=mine, by=request.user)
        messages.success(request, "Your appraisal is a draft again.")
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("appraisal-form", mine.pk)

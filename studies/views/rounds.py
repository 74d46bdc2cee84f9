"""The lead reviewer's pages: give a source out, see how far a round is, reconcile, cancel, withdraw a rating."""

from django.contrib import messages
from django.contrib.auth import get_user_model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from ..actions import ratings, rounds
from ..appraisal.entry import Entry
from ..appraisal_page import make_groups
from ..consequences import consequences_of
from ..entries import entries_of
from ..exceptions import Refused
from ..forms import AssignForm, DateForm, name_of, text_of
from ..models import Appraisal, AppraisalRound, AuditEvent, Source
from ..permissions import Permission, can, requires
from ..rounds_page import make_line
from ..vocabulary import AppraisalStatus, Rating, RoundStatus


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.ASSIGN)
def assign(request: HttpRequest) -> HttpResponse:
    """Open a round for a source."""
    people = rounds.possible_appraisers()
    form = AssignForm(
        request.POST if request.method == "POST" else None,
        initial={"source": text_of(request.GET, "source")},
        people=people,
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            opened = rounds.assign(
                source=data["source"],
                instrument=data["instrument"],
                appraisers=form.appraisers(),
                due_on=data["due_on"],
                occasion=data["occasion"],
                by=request.user,
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"“{opened.source.title}” is given out for appraisal.")
            return redirect("round-detail", opened.pk)
    return TemplateResponse(
        request,
        "studies/round_new.html",
        {"form": form, "errors": form.summary()},
        status=400 if form.errors else 200,
    )


@require_http_methods(["GET", "HEAD"])
@never_cache
@requires(Permission.ASSIGN, Permission.RECONCILE)
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """How far a round is; the answers side by side once all are in, and never before."""
    found = get_object_or_404(AppraisalRound.objects.select_related("source", "instrument"), pk=pk)
    work = work_of(found)
    able = rounds.possible_appraisers()
    shown = list(Appraisal.everything.visible_to(request.user).filter(pk__in=[one.pk for one in work]))
    taken = {one.appraiser_id for one in work}
    all_in = found.status in (RoundStatus.RECONCILING, RoundStatus.DECIDED)
    context = {
        "round": found,
        "line": make_line(found, work, {person.pk for person in able}),
        "may_assign": can(request.user, Permission.ASSIGN),
        "date_form": DateForm(initial={"due_on": found.due_on}),
        "consequences": consequences_of(found.source),
        "may_reconcile": can(request.user, Permission.RECONCILE)
        and found.status == RoundStatus.RECONCILING
        and request.user.pk not in taken,
        "people": [(person.get_username(), name_of(person)) for person in able if person.pk not in taken]
        if found.status == RoundStatus.OPEN
        else [],
        "rating": Appraisal.objects.filter(round=found).first(),
        "before": rating_before(found),
    }
    if all_in:
        entered = entries_of(shown)
        beside = {
            one.appraiser.get_username(): entered[one.pk]
            for one in work
            if one.pk in entered and one.status == AppraisalStatus.SUBMITTED
        }
        context["groups"] = make_groups(found.instrument.parsed(), Entry(), beside=beside)
        context["whole"] = [
            (one, entered[one.pk])
            for one in work
            if one.pk in entered and one.status == AppraisalStatus.SUBMITTED
        ]
    return TemplateResponse(request, "studies/round_detail.html", context)


def rating_before(found: AppraisalRound) -> dict[str, str]:
    """The rating that a decided round took the place of, blank where there was none."""
    event = AuditEvent.objects.filter(event_type="rating_final", target_id=f"round-{found.pk}-rating").first()
    before = event.detail["before"] if event else ""
    labels = dict(Rating.choices)
    return {
        "rating": before,
        "words": f"{labels.get(before, before).lower()}"
        f"{' (provisional)' if event and event.detail['before_status'] == AppraisalStatus.PROVISIONAL else ''}"
        if before
        else "",
    }


def work_of(found: AppraisalRound) -> list[Appraisal]:
    """The appraisers' places in a round, for their names and states."""
    rows = Appraisal.everything.filter(round=found, appraiser__isnull=False)
    return list(rows.select_related("appraiser").order_by("pk"))


@require_POST
@requires(Permission.ASSIGN)
def replace(request: HttpRequest, pk: int, appraisal_id: str) -> HttpResponse:
    """Give somebody's place in a round to another person."""
    appraisal = get_object_or_404(Appraisal.everything, pk=appraisal_id, round=pk)
    sent = text_of(request.POST, "person")
    try:
        person = get_user_model().objects.filter(username=sent).first()
        if person is None:
            raise Refused("Choose who takes the place.")
        rounds.replace_appraiser(appraisal=appraisal, person=person, by=request.user)
        messages.success(request, f"{person.get_username()} now has the place.")
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("round-detail", pk)


@require_POST
@requires(Permission.ASSIGN)
def drop_place(request: HttpRequest, pk: int, appraisal_id: str) -> HttpResponse:
    """Go on without somebody; where the others are all in, that decides the round or puts it up."""
    appraisal = get_object_or_404(Appraisal.everything, pk=appraisal_id, round=pk)
    try:
        found = rounds.drop_place(appraisal=appraisal, by=request.user)
        messages.success(
            request, f"The round goes on with {found.number_word}: {found.get_status_display().lower()}."
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("round-detail", pk)


@require_POST
@requires(Permission.ASSIGN)
def change_date(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a round another date."""
    get_object_or_404(AppraisalRound, pk=pk)
    form = DateForm(request.POST)
    try:
        if not form.is_valid():
            raise Refused(" ".join(form.errors["due_on"]))
        rounds.change_date(round_pk=pk, due_on=form.cleaned_data["due_on"], by=request.user)
        messages.success(request, "The date is changed. The appraisers see it in their queues.")
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("round-detail", pk)


@require_POST
@requires(Permission.ASSIGN)
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """End a round without a rating."""
    get_object_or_404(AppraisalRound, pk=pk)
    try:
        rounds.cancel(round_pk=pk, reason=text_of(request.POST, "reason"), by=request.user)
        messages.success(request, "The round is cancelled. What was entered stays with its authors.")
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("round-detail", pk)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@requires(Permission.RECONCILE)
def withdraw_rating(request: HttpRequest, source_id: str) -> HttpResponse:
    """Take the final rating of a source back, after a look at what rests on it."""
    source = get_object_or_404(Source.objects.with_rating(), pk=source_id)
    errors, reason = [], text_of(request.POST, "reason")
    if request.method == "POST":
        try:
            ratings.withdraw_rating(source=source, reason=reason, by=request.user)
        except Refused as refusal:
            errors = [{"message": str(refusal), "href": "#reason"}]
        else:
            messages.success(request, "The rating is withdrawn. The source counts as not rated.")
            return redirect("appraisal-queue")
    return TemplateResponse(
        request,
        "studies/rating_withdraw.html",
        {"source": source, "errors": errors, "reason": reason, "consequences": consequences_of(source)},
        status=400 if errors else 200,
    )

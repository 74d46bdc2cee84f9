"""The lead reviewer's page where appraisals differ: side by side, with the rating that a decision would give."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from ..actions import ratings
from ..appraisal import entry as entries
from ..appraisal.entry import Entry, Fault, Given
from ..appraisal_page import (
    MOST_FINDINGS,
    errors_of,
    findings_of,
    make_groups,
    make_standing,
    read_entry,
)
from ..consequences import consequences_of
from ..entries import entries_of
from ..exceptions import Incomplete, Refused, StaleForm
from ..forms import text_of
from ..models import Appraisal, AppraisalRound
from ..permissions import Permission, requires
from ..vocabulary import AppraisalStatus, RoundStatus
from .appraisals import version_in


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@requires(Permission.RECONCILE)
def reconcile(request: HttpRequest, pk: int) -> HttpResponse:
    """The appraisals side by side, criterion by criterion; the lead reviewer decides with a reason."""
    found = get_object_or_404(AppraisalRound.objects.select_related("source", "instrument"), pk=pk)
    if request.method != "POST" and found.status != RoundStatus.RECONCILING:
        messages.info(
            request, f"There is nothing to reconcile: this round is {found.get_status_display().lower()}."
        )
        return redirect("round-detail", found.pk)
    if request.method != "POST" and took_part(found, request.user):
        messages.info(request, "You appraised this source yourself; another lead reviewer decides.")
        return redirect("round-detail", found.pk)
    instrument = found.instrument.parsed()
    visible = Appraisal.everything.visible_to(request.user).filter(
        round=found, status=AppraisalStatus.SUBMITTED, appraiser__isnull=False
    )
    work = list(visible.select_related("appraiser").order_by("pk"))
    entered = entries_of(work)
    beside = {one.appraiser.get_username(): entered[one.pk] for one in work}
    faults: list[Fault] = []
    status, version, reason = 200, found.version, ""
    if request.method == "POST":
        entry, reason = read_entry(instrument, request.POST), text_of(request.POST, "reason")
        looking = request.POST.get("action") == "look"
        try:
            if not looking:
                ratings.reconcile(
                    round_pk=found.pk,
                    entry=entry,
                    version=version_in(request),
                    reason=reason,
                    by=request.user,
                )
        except Incomplete as refusal:
            faults, status, version = refusal.faults, 400, version_in(request)
        except StaleForm as refusal:
            faults, status = [Fault("reason", str(refusal))], 409
        except Refused as refusal:
            faults, status = [Fault("reason", f"{refusal} What you typed is still below.")], 409
        else:
            if not looking:
                messages.success(
                    request,
                    f"The rating of “{found.source.title}” is final: "
                    f"{make_standing(instrument, entry).final_label.lower()}.",
                )
                return redirect("round-detail", found.pk)
            version = version_in(request)
    else:
        entry = starting_point(instrument, list(beside.values()))
    groups = make_groups(instrument, entry, faults, beside=beside)
    consequences = consequences_of(found.source)
    return TemplateResponse(
        request,
        "studies/round_reconcile.html",
        {
            "round": found,
            "source": found.source,
            "instrument": instrument,
            "groups": groups,
            "differing": [one for group in groups for one in group.questions if one.differs],
            "final_rating": final_or_open(instrument, entry),
            "consequences": consequences,
            "more_findings": max(0, consequences.findings - MOST_FINDINGS),
            "work": [(one, entered[one.pk]) for one in work],
            "entry": entry,
            "reason": reason,
            "standing": make_standing(instrument, entry),
            "errors": errors_of(faults),
            "wrong": {fault.where: fault.message for fault in faults},
            "version": version,
            "findings": findings_of(found.source),
        },
        status=status,
    )


def starting_point(instrument, entered: list[Entry]) -> Entry:
    """What all said, with all reasons; where any differ the answer is left for the lead reviewer to choose."""
    joint = entries.together(instrument, entered)
    first, *others = entered
    differing = {
        one.criterion_id
        for other in others
        for one in entries.differences(instrument, first, other)
        if not one.same
    }
    given = {
        key: Given("", one.note, one.locator) if key in differing else one for key, one in joint.given.items()
    }
    return Entry(given, joint.rationale)


def final_or_open(instrument, entry: Entry) -> str:
    """The rating that a form would give as it stands, blank while it is open or holds what is not on offer."""
    return "" if entries.foreign(instrument, entry) else entries.final_rating(instrument, entry)


def took_part(found: AppraisalRound, user) -> bool:
    """Whether a person appraised the source in this round, and so does not settle it."""
    return Appraisal.everything.filter(round=found, appraiser=user).exists()

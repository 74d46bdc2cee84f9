"""The front page of the workbench: what the signed-in person may do, and what waits for them."""

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from .. import queue
from ..models import Appraisal, AppraisalRound, Load, LoadTask, PossibleDuplicate
from ..models.loads import IN_HAND
from ..permissions import Permission, can, requires
from ..vocabulary import AppraisalStatus, DuplicateStatus, RoundStatus
from .mappings import waiting_loads


WORK = tuple(one for one in Permission if one is not Permission.SAVE_VIEWS)
"""What makes somebody a person of the workbench; everybody with an account may save views."""


@require_safe
@requires(*WORK)
def workbench(request: HttpRequest) -> HttpResponse:
    """What may be done here, with how much of it waits."""
    user = request.user
    may = {permission.name.lower(): can(user, permission) for permission in Permission}
    context: dict[str, object] = {"may": may}
    if may["load"]:
        context["in_hand"] = Load.objects.filter(status__in=IN_HAND).count()
        context["busy"] = LoadTask.objects.filter(ended_at=None).count()
        context["worker"] = queue.worker_is_alive()
        context["unmapped"] = waiting_loads().count()
    if may["merge"]:
        context["pairs"] = PossibleDuplicate.objects.filter(status=DuplicateStatus.OPEN).count()
    if may["appraise"]:
        context["drafts"] = Appraisal.everything.filter(appraiser=user, status=AppraisalStatus.DRAFT).count()
    if may["reconcile"]:
        context["to_reconcile"] = AppraisalRound.objects.filter(status=RoundStatus.RECONCILING).count()
    return TemplateResponse(request, "studies/workbench.html", context)

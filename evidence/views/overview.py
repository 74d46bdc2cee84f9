"""The first page: what is known, how sure it is, and what is not known."""

from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from ..cautions import CAUTIONS
from ..overview_page import get_overview_page
from ..presenters import version_of


@require_safe
def overview(request: HttpRequest) -> TemplateResponse:
    """The evidence base at a glance, or how to load one where there is none."""
    shown = get_overview_page(version_of(request))
    return TemplateResponse(
        request, "evidence/overview.html", {"shown": shown, "cautions": list(CAUTIONS.values())}
    )

"""The quality of the sources, and how far their appraisers agreed."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from ..agreement_page import make_agreement_page
from ..exports.files import answer_csv
from ..presenters import make_trail
from ..quality_page import make_quality_page
from ..selection import InvalidSelection
from .pages import invalid_selection


@require_safe
def quality(request: HttpRequest) -> HttpResponse:
    """Sources by domains for one instrument, narrowed by rating, type of source and state of the rating."""
    try:
        shown = make_quality_page(dict(request.GET.lists()))
    except InvalidSelection as problem:
        return invalid_selection(request, problem, reverse("quality"))
    return TemplateResponse(
        request,
        "evidence/quality.html",
        {"shown": shown, "path": reverse("quality"), "breadcrumbs": make_trail(("Quality", ""))},
    )


@require_safe
def quality_file(request: HttpRequest) -> HttpResponseBase:
    """The matrix of the same filters as CSV: the words of its twin, source by source."""
    try:
        shown = make_quality_page(dict(request.GET.lists()))
    except InvalidSelection as problem:
        return invalid_selection(request, problem, reverse("quality"))
    rows = [["source_id", *shown.headings], *shown.records]
    return answer_csv(request, shown.file_name, rows)


@require_safe
def agreement(request: HttpRequest) -> HttpResponse:
    """Agreement of appraisers by instrument and domain, over rounds that are decided."""
    return TemplateResponse(
        request,
        "evidence/agreement.html",
        {
            "instruments": make_agreement_page(),
            "breadcrumbs": make_trail(("Quality", reverse("quality")), ("Agreement", "")),
        },
    )

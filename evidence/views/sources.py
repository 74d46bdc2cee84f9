"""The list of sources, one source, and the list as a file."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from studies.models import Source

from .. import listing
from ..exports import answer_file, columns
from ..presenters import make_trail, version_of
from ..selection import InvalidSelection
from ..source_page import make_source_page
from .pages import invalid_selection


def rated_sources():
    """Sources as list rows need them: with rating and search facts."""
    return Source.objects.with_rating().select_related("search")


@require_safe
def source_list(request: HttpRequest) -> HttpResponse:
    """Sources that match the selection, with facets and live counts."""
    try:
        found = listing.answer(request, listing.SOURCES, rated_sources(), version_of(request))
    except InvalidSelection as problem:
        return invalid_selection(request, problem, reverse("source-list"))
    return TemplateResponse(
        request,
        "evidence/source_list.html",
        {"listing": found, "breadcrumbs": make_trail(("Sources", "")), "path": reverse("source-list")},
    )


@require_safe
def source_file(request: HttpRequest, file_format: str) -> HttpResponse:
    """The same selection as a file."""
    try:
        found = listing.answer(request, listing.SOURCES, rated_sources(), version_of(request))
    except InvalidSelection as problem:
        return invalid_selection(request, problem, reverse("source-list"))
    return answer_file(request, "sources", columns.SOURCE_COLUMNS, found.ordered, file_format, found.sentence)


@require_safe
def source_detail(request: HttpRequest, source_id: str) -> HttpResponse:
    """One source: what it is, how good, what it says, and with what it overlaps."""
    source = get_object_or_404(rated_sources(), pk=source_id)
    return TemplateResponse(
        request,
        "evidence/source_detail.html",
        {
            "source": source,
            "shown": make_source_page(source),
            "breadcrumbs": make_trail(("Sources", reverse("source-list")), (source.title, "")),
        },
    )

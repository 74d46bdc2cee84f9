"""The list of sources, one source, and the list as a file."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from studies.models import Merge, Source
from studies.permissions import Permission, can

from .. import listing
from ..exports import answer_file, cited, columns
from ..presenters import make_trail, version_of
from ..provenance import make_history
from ..references.plain import cite
from ..selection import InvalidSelection
from ..source_page import make_source_page
from .pages import invalid_selection


def rated_sources():
    """Sources as list rows need them: with rating and search facts."""
    return Source.objects.with_rating().select_related("search")


def _where_it_went(source_id: str, page: str) -> HttpResponse:
    """To the source that one was merged into: what was cited under the old name is to be found still."""
    merge = Merge.objects.filter(former_id=source_id, undone_at=None).first()
    if merge is None:
        raise Http404("No source has this name.")
    return redirect(page, merge.source_id)


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
    if file_format in cited.FORMATS:
        return cited.answer_references(request, "sources", found.ordered, file_format)
    return answer_file(request, "sources", columns.SOURCE_COLUMNS, found.ordered, file_format, found.sentence)


@require_safe
def source_reference(request: HttpRequest, source_id: str, reference_format: str) -> HttpResponse:
    """The reference of one source as a file."""
    source = get_object_or_404(Source, pk=source_id)
    if reference_format not in cited.FORMATS:
        raise Http404(f"There is no {reference_format} file of a source.")
    return cited.answer_references(request, source.pk, Source.objects.filter(pk=source.pk), reference_format)


@require_safe
def source_history(request: HttpRequest, source_id: str) -> HttpResponse:
    """Where the record of a source came from, and what was changed of it since."""
    source = Source.objects.filter(pk=source_id).first()
    if source is None:
        return _where_it_went(source_id, "source-history")
    return TemplateResponse(
        request,
        "evidence/source_history.html",
        {
            "source": source,
            "history": make_history("sources", source.pk, named=request.user.is_authenticated),
            "may_load": can(request.user, Permission.LOAD),
            "breadcrumbs": make_trail(
                ("Sources", reverse("source-list")),
                (source.title, reverse("source-detail", args=[source.pk])),
                ("History", ""),
            ),
        },
    )


@require_safe
def source_detail(request: HttpRequest, source_id: str) -> HttpResponse:
    """One source: what it is, how good, what it says, and with what it overlaps."""
    source = rated_sources().filter(pk=source_id).first()
    if source is None:
        return _where_it_went(source_id, "source-detail")
    shown = make_source_page(source)
    return TemplateResponse(
        request,
        "evidence/source_detail.html",
        {
            "source": source,
            "shown": shown,
            "citation": cite(cited.reference_of(source, shown.references)),
            "reference_formats": cited.FORMATS,
            "named": request.user.is_authenticated,
            "may_assign": can(request.user, Permission.ASSIGN),
            "may_rate_figures": can(request.user, Permission.RECONCILE),
            "breadcrumbs": make_trail(("Sources", reverse("source-list")), (source.title, "")),
        },
    )

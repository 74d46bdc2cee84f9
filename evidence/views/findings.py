"""The list of findings, and the list as a file."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from studies.models import Finding, Measure
from studies.permissions import Permission, can

from .. import listing, queries
from ..exports import answer_file, columns
from ..figure_rows import make_figure_row
from ..presenters import make_trail, version_of
from ..provenance import make_history
from ..selection import InvalidSelection
from .pages import invalid_selection


@require_safe
def finding_list(request: HttpRequest) -> HttpResponse:
    """Findings that match the selection, with facets and live counts."""
    try:
        found = listing.answer(request, listing.FINDINGS, Finding.objects.all(), version_of(request))
    except InvalidSelection as problem:
        return invalid_selection(request, problem, reverse("finding-list"))
    page = found.page
    shown = queries.make_chart_findings(page.object_list)
    measures = Measure.objects.in_bulk({measure_id for measure_id, _ in shown})
    unknowns = queries.get_unknown_parts(
        {finding.breakdown_id for _, finding in shown if finding.breakdown_id}
    )
    infos = {measure_id: queries.get_measure_info(measure) for measure_id, measure in measures.items()}
    return TemplateResponse(
        request,
        "evidence/finding_list.html",
        {
            "listing": found,
            "page": page,
            "rows": [make_figure_row(infos[measure_id], finding, unknowns) for measure_id, finding in shown],
            "breadcrumbs": make_trail(("Findings", "")),
            "path": reverse("finding-list"),
        },
    )


@require_safe
def finding_detail(request: HttpRequest, finding_id: str) -> HttpResponse:
    """One figure: everything recorded of it, where it came from, and what was changed since."""
    chosen = Finding.objects.filter(pk=finding_id)
    finding = get_object_or_404(chosen.select_related("measure"))
    ((_, shown),) = queries.make_chart_findings(chosen)
    unknowns = queries.get_unknown_parts({finding.breakdown_id} if finding.breakdown_id else set())
    info = queries.get_measure_info(finding.measure)
    return TemplateResponse(
        request,
        "evidence/finding_detail.html",
        {
            "finding": finding,
            "row": make_figure_row(info, shown, unknowns),
            "history": make_history("findings", finding.pk, named=request.user.is_authenticated),
            "own_ratings": finding.ratings.order_by("-rated_at"),
            "may_rate": can(request.user, Permission.RECONCILE),
            "may_load": can(request.user, Permission.LOAD),
            "breadcrumbs": make_trail(("Findings", reverse("finding-list")), (info.label, "")),
        },
    )


@require_safe
def finding_file(request: HttpRequest, file_format: str) -> HttpResponse:
    """The same selection as a file."""
    try:
        found = listing.answer(
            request, listing.FINDINGS, Finding.objects.with_rating().with_unknown(), version_of(request)
        )
    except InvalidSelection as problem:
        return invalid_selection(request, problem, reverse("finding-list"))
    return answer_file(
        request, "findings", columns.FINDING_COLUMNS, found.ordered, file_format, found.sentence
    )

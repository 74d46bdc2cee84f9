"""The list of measures, one measure, and its figures as a file."""

from dataclasses import replace
from functools import partial

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from studies.models import Finding, Measure

from .. import list_queries, listing
from ..exports import answer_file, columns
from ..filters import FINDING_SORTS, narrow_findings
from ..measure_list import measures_by_name, measures_by_theme
from ..measure_page import make_measure_page
from ..presenters import make_trail, version_of
from ..selection import Allowed, InvalidSelection, Selection, parse
from ..versioned import answer_for_version
from .pages import invalid_selection


@require_safe
def measure_list(request: HttpRequest) -> HttpResponse:
    """All measures by theme, or those that match the selection."""
    try:
        found = listing.answer(request, listing.MEASURES, Measure.objects.all(), version_of(request))
    except InvalidSelection as problem:
        return invalid_selection(request, problem, reverse("measure-list"))
    page = found.page
    grouped = measures_by_name if found.selection.sort == "label" else measures_by_theme
    return TemplateResponse(
        request,
        "evidence/measure_list.html",
        {
            "listing": found,
            "page": page,
            "groups": grouped(list(page.object_list)),
            "breadcrumbs": make_trail(("Measures", "")),
            "path": reverse("measure-list"),
        },
    )


def words_of(request: HttpRequest, measure: Measure) -> dict[str, dict[str, str]]:
    """The values of filters within one measure, asked of the database once for a data version."""
    make = partial(list_queries.get_measure_words, measure.pk)
    return answer_for_version(version_of(request), f"words of {measure.pk}", make)


def selection_of(request: HttpRequest, measure: Measure) -> Selection:
    """The selection within one measure: its categories, areas, scopes and sources are the known values.

    Raises `InvalidSelection`.
    """
    words = dict(list_queries.get_filter_words(version_of(request)))
    words.update(words_of(request, measure))
    return parse(dict(request.GET.lists()), Allowed(words, tuple(FINDING_SORTS)))


@require_safe
def measure_detail(request: HttpRequest, measure_id: str) -> HttpResponse:
    """One measure: its figures drawn and in a table, who says so, how good, and what may not be compared."""
    measure = get_object_or_404(Measure, pk=measure_id)
    address = reverse("measure-detail", args=[measure.pk])
    try:
        selection = selection_of(request, measure)
    except InvalidSelection as problem:
        return invalid_selection(request, problem, address)
    question = f"measure {measure.pk}?{selection.querystring()}"
    shown = answer_for_version(version_of(request), question, lambda: make_measure_page(measure, selection))
    words = words_of(request, measure)
    theme = reverse("theme-detail", args=[measure.theme])
    return TemplateResponse(
        request,
        "evidence/measure_detail.html",
        {
            "measure": measure,
            "shown": shown,
            "selection": selection,
            "querystring": selection.querystring(),
            "choices": [
                (
                    name,
                    label,
                    [(value, said, value in getattr(selection, name)) for value, said in words[name].items()],
                )
                for name, label in (("category", "Category"), ("geography", "Area"))
                if len(words[name]) > 1
            ],
            "path": address,
            "csv_url": file_address(measure, selection),
            "breadcrumbs": make_trail((measure.get_theme_display(), theme), (measure.label, "")),
        },
    )


def file_address(measure: Measure, selection: Selection) -> str:
    """Where the figures of this page are to be had as CSV."""
    query = selection.querystring()
    return reverse("measure-file", args=[measure.pk, "csv"]) + (f"?{query}" if query else "")


@require_safe
def measure_file(request: HttpRequest, measure_id: str, file_format: str) -> HttpResponse:
    """The figures of one measure under the same selection, as a file: those of the page, with every category.

    A category chooses what the page draws and leaves out no figure, here as there.
    """
    measure = Measure.objects.filter(pk=measure_id).first()
    if measure is None:
        raise Http404(f"There is no measure {measure_id}.")
    try:
        selection = replace(selection_of(request, measure), category=())
    except InvalidSelection as problem:
        return invalid_selection(request, problem, reverse("measure-detail", args=[measure.pk]))
    rows = narrow_findings(selection, Finding.objects.with_rating().with_unknown().filter(measure=measure))
    words = {**list_queries.get_filter_words(version_of(request)), **words_of(request, measure)}
    sentence = selection.describe(f"figures of the measure {measure.label}", words)
    return answer_file(
        request,
        measure.pk,
        columns.FINDING_COLUMNS,
        rows.order_by(*FINDING_SORTS["measure"]),
        file_format,
        sentence,
        notes=[measure.definition, measure.comparability_note],
    )

"""JSON for machines. The same computations as the pages; missing is null, nothing is NaN."""

from typing import Any

from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from studies.models import Measure

from . import queries
from .measure_page import apply
from .presenters import version_of
from .selection import InvalidSelection, Selection
from .synthesis_panel import POOLABLE_QUANTITIES, make_synthesis
from .views.measures import selection_of


def error(status: int, *messages: str, **more: Any) -> JsonResponse:
    """An error in the one form that all addresses use."""
    return JsonResponse({"errors": [{"message": message, **more} for message in messages]}, status=status)


@require_safe
def measure_synthesis(request: HttpRequest, measure_id: str) -> JsonResponse:
    """The synthesis of one category of a measure: inputs, exclusions, refusal if any, and the pooled result."""
    measure = Measure.objects.filter(pk=measure_id).first()
    if measure is None:
        return error(404, f"There is no measure {measure_id}.")
    try:
        selection = selection_of(request, measure)
    except InvalidSelection as problem:
        found = [{"message": one.message, "field": one.field, "value": one.value} for one in problem.problems]
        return JsonResponse({"errors": found}, status=400)
    return JsonResponse(synthesis_of(measure, selection, version_of(request)))


def synthesis_of(measure: Measure, selection: Selection, version: int) -> dict[str, Any]:
    """The whole answer as plain values, with the field names of the public functions, so that it can be repeated."""
    info = queries.get_measure_info(measure)
    findings = apply(selection, queries.get_chart_findings([measure.pk])[measure.pk])
    sources = sorted({finding.source_id for finding in findings})
    kinds = queries.get_source_types(findings)
    overlaps = queries.get_overlaps(sources)
    category_id, label, statement, synthesis = make_synthesis(
        measure, info, findings, selection, overlaps, kinds
    )
    shares = measure.quantity in POOLABLE_QUANTITIES
    return {
        "measure_id": measure.measure_id,
        "measure": measure.label,
        "quantity": measure.quantity,
        "unit": measure.unit_label,
        "category": category_id,
        "category_label": label or None,
        "selection": selection.querystring(),
        "data_version": version,
        "definition": measure.definition,
        "comparability_note": measure.comparability_note,
        "note": None
        if shares
        else f"A measure of the kind “{measure.get_quantity_display()}” is not pooled.",
        "statement": {
            "statement": statement.statement,
            "stated_by": statement.stated_by,
            "stated_on": statement.stated_on.isoformat(),
        }
        if statement
        else None,
        "provisional_ratings": any(finding.quality_provisional for finding in findings),
        **synthesis.to_dict(),
    }

"""What a rating does, and what it was: consequences and history of one source."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from studies.vocabulary import QUALITY_CHOICES

from ..consequences_page import make_consequences_page
from ..presenters import make_trail
from ..rating_history import make_rating_history
from ..selection import InvalidSelection, Problem
from .pages import invalid_selection
from .sources import rated_sources


@require_safe
def consequences(request: HttpRequest, source_id: str) -> HttpResponse:
    """Which conclusions, measures and figures rest on a source, and what another rating would do to them."""
    source = get_object_or_404(rated_sources(), pk=source_id)
    here = reverse("source-consequences", args=[source.pk])
    try:
        rating = rating_asked(request)
    except InvalidSelection as problem:
        return invalid_selection(request, problem, here)
    return TemplateResponse(
        request,
        "evidence/source_consequences.html",
        {
            "source": source,
            "shown": make_consequences_page(source, rating),
            "path": here,
            "breadcrumbs": trail(source, "What rests on it"),
        },
    )


def rating_asked(request: HttpRequest) -> str | None:
    """The rating to try, None where none is named. Raises `InvalidSelection`."""
    problems = [
        Problem(
            name, ", ".join(request.GET.getlist(name)), f"“{name}” is not a question that this page answers."
        )
        for name in request.GET
        if name != "rating"
    ]
    asked = request.GET.getlist("rating")
    known = dict(QUALITY_CHOICES)
    problems += [
        Problem("rating", value, f"“{value}” is no rating. Use one of: {', '.join(known)}.")
        for value in asked
        if value and value not in known
    ]
    if len(asked) > 1:
        problems.append(Problem("rating", ", ".join(asked), "Ask for one rating at a time."))
    if problems:
        raise InvalidSelection(problems)
    return asked[0] if asked and asked[0] else None


@require_safe
def history(request: HttpRequest, source_id: str) -> HttpResponse:
    """Every rating that a source has had, with the answers and reasons behind each."""
    source = get_object_or_404(rated_sources(), pk=source_id)
    return TemplateResponse(
        request,
        "evidence/source_ratings.html",
        {
            "source": source,
            "ratings": make_rating_history(source),
            "breadcrumbs": trail(source, "Ratings"),
        },
    )


def trail(source, here: str):
    """Breadcrumbs of a page below a source's own."""
    return make_trail(
        ("Sources", reverse("source-list")),
        (source.title, reverse("source-detail", args=[source.pk])),
        (here, ""),
    )

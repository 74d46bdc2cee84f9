"""Pages of words, and the page that says what is wrong with an address."""

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from ..cautions import CAUTIONS
from ..methods_page import make_chapters
from ..presenters import make_trail
from ..references.losses import list_losses
from ..selection import InvalidSelection
from ..synthesis import ENGINE_VERSION, SETTINGS_VERSION, THRESHOLDS


@require_safe
def accessibility(request: HttpRequest) -> TemplateResponse:
    """How far the site meets the accessibility rules, and whom to tell."""
    return TemplateResponse(
        request, "evidence/accessibility.html", {"breadcrumbs": make_trail(("Accessibility", ""))}
    )


@require_safe
def methods(request: HttpRequest) -> TemplateResponse:
    """How everything is computed, from the documentation of the code that computes it."""
    return TemplateResponse(
        request,
        "evidence/methods.html",
        {
            "chapters": make_chapters(),
            "thresholds": THRESHOLDS,
            "settings_version": SETTINGS_VERSION,
            "engine_version": ENGINE_VERSION,
            "cautions": CAUTIONS.values(),
            "losses": list_losses(),
            "breadcrumbs": make_trail(("Methods", "")),
        },
    )


def invalid_selection(request: HttpRequest, problem: InvalidSelection, back: str) -> TemplateResponse:
    """A 400 page that names every parameter that is wrong; it never looks like an empty result."""
    errors = [{"message": one.message, "field": one.field, "href": ""} for one in problem.problems]
    return TemplateResponse(
        request, "evidence/invalid_selection.html", {"errors": errors, "back": back}, status=400
    )


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The page for a request that Django itself refuses."""
    return TemplateResponse(request, "400.html", status=400).render()

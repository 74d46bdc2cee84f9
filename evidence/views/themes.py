"""The page of one theme."""

from django.http import Http404, HttpRequest
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from studies.vocabulary import Theme

from ..presenters import make_trail, version_of
from ..summaries import LEADING_RULE
from ..theme_page import get_theme_page


@require_safe
def theme_detail(request: HttpRequest, theme: str) -> TemplateResponse:
    """Conclusions and their certainty, the measures, the gaps and what follows."""
    if theme not in Theme.values:
        raise Http404("There is no theme of this name.")
    shown = get_theme_page(Theme(theme), version_of(request))
    return TemplateResponse(
        request,
        "evidence/theme.html",
        {"shown": shown, "leading_rule": LEADING_RULE, "breadcrumbs": make_trail((shown.label, ""))},
    )

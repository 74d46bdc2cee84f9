"""The page of one conclusion."""

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from studies.models import Conclusion

from ..conclusion_page import make_conclusion_page
from ..presenters import make_trail, version_of


@require_safe
def conclusion_detail(request: HttpRequest, conclusion_id: str) -> TemplateResponse:
    """One conclusion: how certain, why, what it rests on, and what rests on it."""
    conclusion = get_object_or_404(Conclusion, pk=conclusion_id)
    shown = make_conclusion_page(conclusion)
    theme_url = reverse("theme-detail", args=[conclusion.theme])
    return TemplateResponse(
        request,
        "evidence/conclusion.html",
        {
            "shown": shown,
            "theme_url": theme_url,
            "version": version_of(request),
            "address": request.build_absolute_uri(request.path),
            "today": timezone.localdate(),
            "breadcrumbs": make_trail((shown.summary.theme_label, theme_url), ("Conclusion", "")),
        },
    )

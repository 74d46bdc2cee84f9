"""Figures that are rated lower than their source: the list, and the page of one figure."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods, require_safe

from ..actions import finding_ratings
from ..exceptions import Refused
from ..finding_ratings import is_lower
from ..forms import text_of
from ..models import Finding, FindingRating, Source
from ..permissions import Permission, requires
from ..vocabulary import Rating


FIGURES_SHOWN = 50


@require_safe
@requires(Permission.RECONCILE)
def finding_rating_list(request: HttpRequest) -> HttpResponse:
    """Every figure with a rating of its own, and a way to the page of another."""
    if named := text_of(request.GET, "finding").strip():
        if Finding.objects.filter(pk=named).exists():
            return redirect("finding-rating", named)
        messages.error(request, "There is no finding with this identifier.")
    standing = FindingRating.objects.filter(withdrawn_at=None).select_related(
        "finding__source", "finding__measure"
    )
    source = Source.objects.filter(pk=text_of(request.GET, "source")).first()
    figures = Finding.objects.filter(source=source).select_related("measure", "category") if source else None
    return TemplateResponse(
        request,
        "studies/finding_rating_list.html",
        {
            "standing": standing.order_by("-rated_at"),
            "named": named,
            "source": source,
            "page": Paginator(figures.in_reading_order(), FIGURES_SHOWN).get_page(request.GET.get("page"))
            if source
            else None,
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.RECONCILE)
def finding_rating(request: HttpRequest, finding_id: str) -> HttpResponse:
    """One figure beside its source's rating: lower it with a reason, or take that back."""
    finding = get_object_or_404(
        Finding.objects.with_rating().select_related("source", "measure", "category"), pk=finding_id
    )
    source = Source.objects.with_rating().get(pk=finding.source_id)
    errors = []
    rating, reason = text_of(request.POST, "rating"), text_of(request.POST, "reason")
    if request.method == "POST":
        try:
            if request.POST.get("action") == "withdraw":
                finding_ratings.withdraw(finding=finding, by=request.user)
                messages.success(request, "The figure has the rating of its source again.")
            else:
                finding_ratings.lower(finding=finding, rating=rating, reason=reason, by=request.user)
                messages.success(request, "The figure is rated lower than its source.")
            return redirect("finding-rating-list")
        except Refused as refusal:
            errors = [{"message": str(refusal), "href": "#reason" if rating else "#rating"}]
    context = {
        "finding": finding,
        "past": finding.ratings.order_by("-rated_at"),
        "standing": finding.ratings.filter(withdrawn_at=None).first(),
        "source_is_provisional": source.provisional,
        "choices": [
            (value, label, value == rating)
            for value, label in Rating.choices
            if is_lower(value, source.rating)
        ],
        "reason": reason,
        "errors": errors,
    }
    return TemplateResponse(request, "studies/finding_rating.html", context, status=400 if errors else 200)

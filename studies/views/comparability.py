"""Statements of comparability: who says that which findings may be pooled."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ..actions import comparability
from ..exceptions import Refused
from ..forms import ComparabilityForm
from ..models import Comparability
from ..permissions import Permission, requires


@require_safe
@requires(Permission.STATE_COMPARABILITY)
def statement_list(request: HttpRequest) -> HttpResponse:
    """Every statement, those that stand first."""
    statements = Comparability.objects.select_related("measure", "category").order_by(
        "withdrawn_on", "-stated_on", "pk"
    )
    standing = [one for one in statements if one.withdrawn_on is None]
    withdrawn = [one for one in statements if one.withdrawn_on is not None]
    context = {"standing": standing, "withdrawn": withdrawn}
    return TemplateResponse(request, "studies/comparability_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.STATE_COMPARABILITY)
def statement_new(request: HttpRequest) -> HttpResponse:
    """Make a statement. What was typed is kept when something is wrong."""
    initial = {"measure": request.GET.get("measure", ""), "category": request.GET.get("category", "")}
    form = ComparabilityForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            made = comparability.state(
                measure=data["measure"],
                category=data["category"],
                statement=data["statement"],
                by=request.user,
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"Your statement on “{made.measure.label}” is recorded.")
            return redirect("comparability-list")
    errors = [
        {"message": message, "href": f"#id_{field}" if field != "__all__" else ""}
        for field, found in form.errors.items()
        for message in found
    ]
    status = 400 if errors else 200
    return TemplateResponse(
        request, "studies/comparability_new.html", {"form": form, "errors": errors}, status=status
    )


@require_POST
@requires(Permission.STATE_COMPARABILITY)
def statement_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a statement back."""
    withdrawn = comparability.withdraw(statement=get_object_or_404(Comparability, pk=pk), by=request.user)
    messages.success(
        request, f"The statement on “{withdrawn.measure.label}” is withdrawn. It stays on record."
    )
    return redirect("comparability-list")

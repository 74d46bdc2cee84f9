"""The queue of sources that may be one publication, and the merges that were made."""

from collections.abc import Callable

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_POST, require_safe

from ..actions import merges
from ..exceptions import Refused
from ..models import Merge, PossibleDuplicate
from ..permissions import Permission, requires
from ..vocabulary import DuplicateStatus


PAIRS_SHOWN = 20
MERGES_SHOWN = 50


@require_safe
@requires(Permission.MERGE)
def duplicate_list(request: HttpRequest) -> HttpResponse:
    """Open pairs, the likeliest first, and the newest merges."""
    pairs = PossibleDuplicate.objects.filter(status=DuplicateStatus.OPEN).select_related("source", "other")
    context = {
        "page": Paginator(pairs, PAIRS_SHOWN).get_page(request.GET.get("page")),
        "merges": Merge.objects.filter(undone_at=None).select_related("source")[:MERGES_SHOWN],
    }
    return TemplateResponse(request, "studies/duplicate_list.html", context)


@require_POST
@requires(Permission.MERGE)
def duplicate_merge(request: HttpRequest, pk: int) -> HttpResponse:
    """They are one publication."""
    pair = get_object_or_404(PossibleDuplicate, pk=pk)
    return _decide(request, lambda: merges.merge(pair=pair, by=request.user), "The two are one source now.")


@require_POST
@requires(Permission.MERGE)
def duplicate_apart(request: HttpRequest, pk: int) -> HttpResponse:
    """They are two publications."""
    pair = get_object_or_404(PossibleDuplicate, pk=pk)
    return _decide(request, lambda: merges.keep_apart(pair=pair, by=request.user), "The two stay apart.")


@require_POST
@requires(Permission.MERGE)
def merge_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a merge back."""
    made = get_object_or_404(Merge, pk=pk)
    return _decide(request, lambda: merges.undo(made=made, by=request.user), "The merge is undone.")


def _decide(request: HttpRequest, act: Callable[[], object], done: str) -> HttpResponse:
    try:
        act()
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done)
    return redirect("duplicate-list")

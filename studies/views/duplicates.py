"""The queue of sources that may be one publication, and the merges that were made."""

from collections.abc import Callable
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from ..actions import merges
from ..duplicate_page import pairs_side_by_side
from ..exceptions import Refused
from ..forms import text_of
from ..models import Load, Merge, PossibleDuplicate
from ..permissions import Permission, requires
from ..vocabulary import DuplicateStatus


PAIRS_SHOWN = 10
MERGES_SHOWN = 20
LONGEST_SOUGHT = 200


@require_safe
@requires(Permission.MERGE)
def duplicate_list(request: HttpRequest) -> HttpResponse:
    """Open pairs, the likeliest first, and the newest merges.

    `load` narrows the pairs to one load's sources, `q` to those with all its words in a title or among the authors.
    """
    pairs = PossibleDuplicate.objects.filter(status=DuplicateStatus.OPEN).select_related("source", "other")
    load = _load(request.GET.get("load", ""))
    if load is not None:
        made = load.rows.filter(table="references").values("record_key")
        pairs = pairs.filter(source__in=made)
    sought = " ".join(text_of(request.GET, "q").split())[:LONGEST_SOUGHT]
    for word in sought.split():
        pairs = pairs.filter(
            Q(source__title__icontains=word)
            | Q(other__title__icontains=word)
            | Q(source__authors__icontains=word)
            | Q(other__authors__icontains=word)
        )
    page = Paginator(pairs, PAIRS_SHOWN).get_page(request.GET.get("page"))
    made_merges = Merge.objects.filter(undone_at=None).select_related("source")
    merges_page = Paginator(made_merges, MERGES_SHOWN).get_page(request.GET.get("merges"))
    context = {
        "page": page,
        "pairs": pairs_side_by_side(page),
        "merges": merges_page,
        "load": load,
        "sought": sought,
    }
    return TemplateResponse(request, "studies/duplicate_list.html", context)


def _load(text: str) -> Load | None:
    return (
        Load.objects.filter(pk=text).first() if text.isascii() and text.isdigit() and len(text) < 18 else None
    )


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
    # Back to where the pair stood: the next one has moved up into its place.
    place = {name: request.POST[name] for name in ("load", "q", "page") if request.POST.get(name)}
    return redirect(f"{reverse('duplicate-list')}?{urlencode(place)}" if place else "duplicate-list")

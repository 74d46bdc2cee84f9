"""Loads: the list, one load with its report and its progress, and what may be decided on it."""

from collections.abc import Callable

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from .. import queue
from ..actions import queued, staged
from ..actions import revert as taking_back
from ..actions.mapped_loads import can_be_mapped
from ..exceptions import Refused
from ..load_page import (
    counts_in_words,
    equation,
    format_in_words,
    last_word,
    rows_with_addresses,
    under_way,
    words_of,
)
from ..loading.issues import UnusableFile
from ..models import Load, LoadTask, PossibleDuplicate, ReleaseMapping
from ..permissions import Permission, can, requires
from ..vocabulary import DuplicateStatus, LoadStatus, Outcome, TaskKind


ROWS_SHOWN = 50
ISSUES_SHOWN = 100
OBSTACLES_SHOWN = 50


@require_safe
@requires(Permission.LOAD)
@never_cache
def load_list(request: HttpRequest) -> HttpResponse:
    """Every load, the newest first, with what is being done with it."""
    loads = Load.objects.defer("issues", "files").prefetch_related("tasks")
    page = Paginator(loads, ROWS_SHOWN).get_page(request.GET.get("page"))
    rows = [(load, words_of(task) if (task := load.open_task) else "") for load in page]
    busy = LoadTask.objects.filter(ended_at=None).exists()
    context = {"page": page, "rows": rows, "busy": busy, "worker": not busy or queue.worker_is_alive()}
    return TemplateResponse(request, "studies/load_list.html", context)


@require_safe
@requires(Permission.LOAD)
@never_cache
def load_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One load: what the file is, what becomes of each record, what is wrong, and what can be done."""
    load = get_object_or_404(Load.objects.prefetch_related("tasks"), pk=pk)
    task = load.open_task
    chosen = request.GET.get("outcome", "")
    chosen = chosen if chosen in Outcome.values else ""
    listed = dict(load.rows.order_by().values_list("outcome").annotate(Count("pk")))
    rows = load.rows.filter(outcome=chosen) if chosen else load.rows.all()
    page = Paginator(rows, ROWS_SHOWN).get_page(request.GET.get("page"))
    taken = sum(load.counts.get(name, 0) for name in ("new", "changed", "merged"))
    context = {
        "load": load,
        "under": under_way(task) if task is not None else None,
        "last": last_word(load),
        "outcomes": equation(load, listed, chosen),
        "chosen": chosen,
        "all_rows": sum(listed.values()),
        "page": page,
        "rows": rows_with_addresses(load, page),
        "what": format_in_words(load),
        "issues": load.issues[:ISSUES_SHOWN],
        "more_issues": max(0, len(load.issues) - ISSUES_SHOWN),
        "lost_issues": max(0, load.issue_count - len(load.issues)),
        "taken": taken,
        "sound": load.records - load.counts.get("rejected", 0),
        "has_bytes": load.parts.exists(),
        "open_pairs": _open_pairs(load) if can(request.user, Permission.MERGE) else 0,
        "mappings": ReleaseMapping.objects.filter(retired_at=None) if can_be_mapped(load) else [],
    }
    return TemplateResponse(request, "studies/load_detail.html", context)


def _open_pairs(load: Load) -> int:
    """Possible duplicates of the queue with a source that this load made."""
    if load.status != LoadStatus.COMMITTED or not load.doubts:
        return 0
    made = load.rows.filter(table="references").values("record_key")
    return PossibleDuplicate.objects.filter(status=DuplicateStatus.OPEN, source__in=made).count()


@require_safe
@requires(Permission.LOAD)
@never_cache
def load_progress(request: HttpRequest, pk: int) -> JsonResponse:
    """How far the work on a load is, for the script of its page; `open` is false once it is over."""
    task = LoadTask.objects.filter(load=pk, ended_at=None).first()
    return JsonResponse(under_way(task).as_dict() if task is not None else {"open": False})


@require_POST
@requires(Permission.LOAD)
def load_commit(request: HttpRequest, pk: int) -> HttpResponse:
    """Bring a staged load in, whole, or without the refused records."""
    skip = request.POST.get("skip_rejected") == "yes"

    def act(load: Load) -> str:
        if not queued.is_quick(size=load.size or 0, records=load.records):
            queued.ask(load=load, kind=TaskKind.COMMIT, by=request.user, skip_rejected=skip)
            return "{name} is being committed in the background."
        staged.commit(load=load, by=request.user, skip_rejected=skip)
        return "{name} is loaded."

    return _decide(request, pk, act)


@require_POST
@requires(Permission.LOAD)
def load_discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a load aside."""

    def act(load: Load) -> str:
        staged.discard(load=load, by=request.user)
        return "{name} is discarded."

    return _decide(request, pk, act)


@require_POST
@requires(Permission.LOAD)
def load_read(request: HttpRequest, pk: int) -> HttpResponse:
    """Have a file read once more whose reading failed."""

    def act(load: Load) -> str:
        queued.ask(load=load, kind=TaskKind.STAGE, by=request.user)
        return "{name} is read again in the background."

    return _decide(request, pk, act)


@require_POST
@requires(Permission.LOAD)
def load_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Cancel what the queue is doing with a load."""

    def act(load: Load) -> str:
        task = load.open_task
        if task is None:
            raise Refused("This was over before it could be cancelled.")
        queued.cancel(task=task, by=request.user)
        over = LoadTask.objects.get(pk=task.pk).ended_at is not None
        return (
            "It is cancelled. Nothing was saved."
            if over
            else "It stops at its next record. Nothing is saved."
        )

    return _decide(request, pk, act)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.LOAD)
@never_cache
def load_revert(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a committed load out of the store, once it was shown what that would do."""
    load = get_object_or_404(Load, pk=pk)
    if request.method == "POST":
        return _decide(request, pk, lambda load: _revert(request, load))
    if load.status != LoadStatus.COMMITTED or load.open_task is not None:
        return redirect("load-detail", pk)
    outlook = taking_back.outlook(load)
    context = {
        "load": load,
        "goes": counts_in_words(outlook.goes),
        "put_back": counts_in_words(outlook.put_back),
        "obstacles": outlook.in_the_way[:OBSTACLES_SHOWN],
        "more_obstacles": max(0, len(outlook.in_the_way) - OBSTACLES_SHOWN),
    }
    return TemplateResponse(request, "studies/load_revert.html", context)


def _revert(request: HttpRequest, load: Load) -> str:
    if not queued.is_quick(records=load.records):
        queued.ask(load=load, kind=TaskKind.REVERT, by=request.user)
        return "{name} is being reverted in the background."
    taking_back.revert(load=load, by=request.user)
    return "{name} is reverted: what it made is gone, what it changed is as before."


def _decide(request: HttpRequest, pk: int, act: Callable[[Load], str]) -> HttpResponse:
    load = get_object_or_404(Load, pk=pk)
    try:
        done = act(load)
    except (Refused, UnusableFile) as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done.replace("{name}", load.name))
    return redirect("load-detail", pk)

"""Bringing files in: upload, look, commit or discard, the ledger of a load, and taking it back."""

import csv
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import NamedTemporaryFile

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ..actions import revert as taking_back
from ..actions import staged
from ..actions.mapped_loads import can_be_mapped
from ..exceptions import Refused
from ..forms import UploadForm
from ..loading.issues import UnusableFile
from ..models import Load, LoadRow, ReleaseMapping
from ..permissions import Permission, requires
from ..vocabulary import Outcome


ROWS_SHOWN = 50
ISSUES_SHOWN = 100
LEDGER = ("file", "record", "line", "table", "key", "outcome", "reasons", "changes")
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


@require_safe
@requires(Permission.LOAD)
def load_list(request: HttpRequest) -> HttpResponse:
    """Every load, the newest first."""
    page = Paginator(Load.objects.all(), ROWS_SHOWN).get_page(request.GET.get("page"))
    return TemplateResponse(request, "studies/load_list.html", {"page": page})


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.LOAD)
def load_new(request: HttpRequest) -> HttpResponse:
    """Upload one file or several. Each is staged by itself; what is wrong with one does not hold up the others."""
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    errors: list[dict[str, str]] = []
    if request.method == "POST":
        if form.is_valid():
            made = [_stage(request, file, errors) for file in form.cleaned_data["files"]]
            good = [load for load in made if load is not None]
            if good and (len(good) > 1 or not errors):
                for error in errors:
                    messages.error(request, error["message"])
                if len(good) == 1:
                    return redirect(next_page(good[0]))
                messages.success(request, f"{len(good)} files are staged. Look at each, then decide.")
                return redirect("load-list")
            for load in good:
                messages.success(request, f"{load.name} is staged.")
        else:
            errors = [
                {"message": message, "href": "#id_files"}
                for found in form.errors.values()
                for message in found
            ]
    context = {"form": form, "errors": errors}
    return TemplateResponse(request, "studies/load_new.html", context, status=400 if errors else 200)


def next_page(load: Load) -> str:
    """Where a person goes after an upload: a release that no mapping fits needs one first."""
    needs_mapping = can_be_mapped(load) and load.mapping_id is None
    return (
        f"{reverse('mapping-new')}?load={load.pk}"
        if needs_mapping
        else reverse("load-detail", args=[load.pk])
    )


def _stage(request: HttpRequest, upload: UploadedFile, errors: list[dict[str, str]]) -> Load | None:
    """The staged load of an uploaded file; the known one where it was there; None, and a reason, if unusable."""
    name = Path(upload.name or "upload").name
    with NamedTemporaryFile(prefix="upload-") as kept:
        for piece in upload.chunks():
            kept.write(piece)
        kept.flush()
        try:
            return staged.stage(file=Path(kept.name), name=name, by=request.user)
        except staged.AlreadyLoaded as known:
            messages.info(request, str(known))
            return known.load
        except UnusableFile as problem:
            errors.append({"message": str(problem), "href": "#id_files"})
    return None


@require_safe
@requires(Permission.LOAD)
def load_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One load: what the file is, what becomes of each record, what is wrong, and what can be done."""
    load = get_object_or_404(Load, pk=pk)
    context = {
        "load": load,
        "outcomes": [(outcome.label, load.counts.get(outcome.value, 0)) for outcome in Outcome],
        "rows": Paginator(load.rows.all(), ROWS_SHOWN).get_page(request.GET.get("page")),
        "issues": load.issues[:ISSUES_SHOWN],
        "more_issues": max(0, len(load.issues) - ISSUES_SHOWN),
        "can_commit": any(load.counts.get(name) for name in ("new", "changed", "merged")),
        "has_bytes": load.parts.exists(),
        "mappings": ReleaseMapping.objects.filter(retired_at=None) if can_be_mapped(load) else [],
    }
    return TemplateResponse(request, "studies/load_detail.html", context)


@require_POST
@requires(Permission.LOAD)
def load_commit(request: HttpRequest, pk: int) -> HttpResponse:
    """Bring a staged load in, whole, or without the refused records."""
    skip = request.POST.get("skip_rejected") == "yes"
    return _decide(
        request,
        pk,
        lambda load: staged.commit(load=load, by=request.user, skip_rejected=skip),
        "{name} is loaded.",
    )


@require_POST
@requires(Permission.LOAD)
def load_discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a staged load aside."""
    return _decide(
        request, pk, lambda load: staged.discard(load=load, by=request.user), "{name} is discarded."
    )


@require_POST
@requires(Permission.LOAD)
def load_revert(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a committed load out of the store."""
    return _decide(
        request,
        pk,
        lambda load: taking_back.revert(load=load, by=request.user),
        "{name} is reverted: what it made is gone, what it changed is as before.",
    )


def _decide(request: HttpRequest, pk: int, act: Callable[[Load], Load], done: str) -> HttpResponse:
    load = get_object_or_404(Load, pk=pk)
    try:
        act(load)
    except (Refused, UnusableFile) as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done.format(name=load.name))
    return redirect("load-detail", pk)


@require_safe
@requires(Permission.LOAD)
def load_ledger(request: HttpRequest, pk: int) -> HttpResponse:
    """What became of each record, as CSV."""
    load = get_object_or_404(Load, pk=pk)
    response = StreamingHttpResponse(_ledger(load), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="load-{load.pk}-ledger.csv"'
    return response


class _Echo:
    """A file that hands back what is written to it, so that rows can be streamed."""

    def write(self, text: str) -> str:
        return text


def _ledger(load: Load) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield writer.writerow(LEDGER)
    for row in load.rows.iterator(2000):
        yield writer.writerow([_harmless(cell) for cell in ledger_cells(row)])


def ledger_cells(row: LoadRow) -> list[str]:
    """One row of the ledger, in the order of `LEDGER`."""
    changes = "; ".join(f"{name}: {before} -> {after}" for name, (before, after) in row.changes.items())
    number = "" if row.record is None else str(row.record)
    return [
        row.file,
        number,
        str(row.line),
        row.table,
        row.record_key,
        row.outcome,
        "; ".join(row.reasons),
        changes,
    ]


def _harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(FORMULA_STARTS) else cell

"""Uploading files: small ones are read at once, large ones are kept and read in the background."""

from pathlib import Path
from tempfile import NamedTemporaryFile

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from .. import queue
from ..actions import queued, staged
from ..actions.mapped_loads import can_be_mapped
from ..forms import UploadForm
from ..loading.issues import UnusableFile
from ..models import Load
from ..permissions import Permission, requires
from ..uploads import LARGEST_FILE, takes_uploads
from ..vocabulary import LoadStatus


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.LOAD)
@takes_uploads
def load_new(request: HttpRequest) -> HttpResponse:
    """Upload one file or several. Each is a load of its own; what is wrong with one does not hold up the others."""
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    errors: list[dict[str, str]] = []
    taken: list[Load] = []
    if request.method == "POST":
        if form.is_valid():
            for file in form.cleaned_data["files"]:
                load = _take(request, file, form.cleaned_data["again"], errors)
                taken += [load] if load is not None else []
            if not errors:
                return _go_on(request, taken)
        else:
            errors = [
                {"message": message, "href": "#id_files"}
                for found in form.errors.values()
                for message in found
            ]
    context = {
        "form": form,
        "errors": errors,
        "taken": taken,
        "worker": queue.worker_is_alive(),
        "largest_file": LARGEST_FILE,
    }
    return TemplateResponse(request, "studies/load_new.html", context, status=400 if errors else 200)


def _go_on(request: HttpRequest, taken: list[Load]) -> HttpResponse:
    """To the page of the one load, or to the list where there are several. A release may need a mapping first."""
    if len(taken) == 1:
        load = taken[0]
        if can_be_mapped(load) and load.mapping_id is None:
            return redirect(f"{reverse('mapping-new')}?load={load.pk}")
        return redirect("load-detail", load.pk)
    waiting = sum(load.status == LoadStatus.WAITING for load in taken)
    said = f"{len(taken)} files are taken. Look at each, then decide."
    if waiting:
        said += f" {waiting} of them {'is' if waiting == 1 else 'are'} read in the background."
    messages.success(request, said)
    return redirect("load-list")


def _take(
    request: HttpRequest, upload: UploadedFile, again: bool, errors: list[dict[str, str]]
) -> Load | None:
    """The load of an uploaded file; the known one where it was there; None, and a reason, if it is of no use."""
    name = Path(upload.name or "upload").name
    size = upload.size or 0
    if size > LARGEST_FILE:
        sentence = f"{name} is larger than {LARGEST_FILE // 2**20} MB, the most that one file may have."
        errors.append({"message": sentence, "href": "#id_files"})
        return None
    with NamedTemporaryFile(prefix="upload-") as kept:
        for piece in upload.chunks():
            kept.write(piece)
        kept.flush()
        bring = staged.stage if queued.is_quick(size=size) else queued.receive
        try:
            return bring(file=Path(kept.name), name=name, by=request.user, again=again)
        except staged.AlreadyLoaded as known:
            messages.info(request, known.advice)
            return known.load
        except UnusableFile as problem:
            errors.append({"message": str(problem), "href": "#id_files"})
    return None

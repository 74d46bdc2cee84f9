"""Mappings of releases: which there are, one of them, make one from a file, amend, retire, and choose one for a load."""

from dataclasses import asdict

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ..actions import mapped_loads, queued, release_mappings
from ..exceptions import Refused
from ..forms import sources_offered, text_of
from ..loading.issues import UnusableFile
from ..loading.releases.specification import ROLES, UNUSED
from ..mapping_form import MappingForm
from ..mapping_page import (
    Editing,
    editing_of,
    form_for,
    preview_of,
    values_of,
)
from ..models import Load, LocalMeasure, Measure, ReleaseMapping
from ..permissions import Permission, requires
from ..vocabulary import LoadKind, LoadStatus


@require_safe
@requires(Permission.LOAD)
def mapping_list(request: HttpRequest) -> HttpResponse:
    """The mappings in use, those that were, and the staged releases that wait for one."""
    mappings = ReleaseMapping.objects.select_related("source")
    context = {
        "standing": [one for one in mappings if one.stands],
        "retired": [one for one in mappings if not one.stands],
        "waiting": waiting_loads(),
    }
    return TemplateResponse(request, "studies/mapping_list.html", context)


def waiting_loads():
    """Staged releases that no mapping was found for."""
    return Load.objects.filter(kind=LoadKind.RELEASE, status=LoadStatus.STAGED, mapping=None)


@require_safe
@requires(Permission.LOAD)
def mapping_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One version: what it says, and the loads that were read with it."""
    mapping = get_object_or_404(ReleaseMapping.objects.select_related("source"), pk=pk)
    spec = mapping.spec()
    context = {
        "mapping": mapping,
        "spec": spec,
        "said": values_of(spec),
        "roles": [(heading, ROLES[role]) for heading, role in spec.roles.items() if role != UNUSED],
        "versions": ReleaseMapping.objects.filter(name=mapping.name),
        "loads": mapping.loads.all()[:50],
    }
    return TemplateResponse(request, "studies/mapping_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.LOAD)
def mapping_new(request: HttpRequest) -> HttpResponse:
    """Make a mapping from a staged file (`?load=`): a proposal, which a person completes, sees and saves."""
    load = _load_asked_for(request)
    if load is None:
        return TemplateResponse(request, "studies/mapping_from.html", {"waiting": waiting_loads()})
    return _edit(request, load, None)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.LOAD)
def mapping_amend(request: HttpRequest, pk: int) -> HttpResponse:
    """Make the next version of a mapping, with the columns it has or with those of a staged file (`?load=`)."""
    mapping = get_object_or_404(ReleaseMapping, pk=pk)
    if not mapping.stands:
        messages.error(request, "Only the version in use can be amended.")
        return redirect("mapping-detail", mapping.pk)
    return _edit(request, _load_asked_for(request), mapping)


@require_POST
@requires(Permission.LOAD)
def mapping_retire(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a mapping out of use."""
    mapping = release_mappings.retire(mapping=get_object_or_404(ReleaseMapping, pk=pk), by=request.user)
    messages.success(request, f"The mapping {mapping.name} is retired. It stays on record.")
    return redirect("mapping-list")


@require_POST
@requires(Permission.LOAD)
def load_mapping(request: HttpRequest, pk: int) -> HttpResponse:
    """Read a staged release with the mapping that was chosen."""
    load = get_object_or_404(Load, pk=pk)
    name = text_of(request.POST, "mapping")
    mapping = ReleaseMapping.objects.filter(name=name, retired_at=None).first()
    try:
        if mapping is None:
            raise Refused("Choose one of the mappings.")
        said = _read_with(load, mapping, request)
    except (Refused, UnusableFile) as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, said)
    return redirect("load-detail", pk)


def _read_with(load: Load, mapping: ReleaseMapping, request: HttpRequest) -> str:
    """Read a release at once, or in the background where that takes longer than a person waits; say which."""
    if queued.is_quick(size=load.size or 0, records=load.records):
        mapped_loads.use_mapping(load=load, mapping=mapping, by=request.user)
        return f"The file is read with the mapping {mapping.name}."
    mapped_loads.queue_mapping(load=load, mapping=mapping, by=request.user)
    return f"The file is being read with the mapping {mapping.name} in the background."


def _load_asked_for(request: HttpRequest) -> Load | None:
    """The staged release that the address names; None where it names none."""
    number = request.GET.get("load", "")
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        return None
    load = Load.objects.filter(pk=int(number)).first()
    return load if load is not None and mapped_loads.can_be_mapped(load) else None


def _edit(request: HttpRequest, load: Load | None, mapping: ReleaseMapping | None) -> HttpResponse:
    """The form: first with the proposal, then with what was typed, until it is saved."""
    try:
        editing = editing_of(load, mapping, request.GET.get("sheet", ""))
    except (Refused, UnusableFile) as problem:
        messages.error(request, str(problem))
        return redirect("mapping-list")
    form = form_for(editing, request.POST if request.method == "POST" else None)
    context = {
        "form": form,
        "load": load,
        "mapping": mapping,
        "table": editing.table,
        "sheets": editing.sheets,
        "sources": sources_offered(),
        "measures": Measure.objects.values_list("pk", "label"),
        "local_measures": LocalMeasure.objects.values_list("pk", "label"),
    }
    if request.method == "POST":
        sound = form.is_valid()
        spec = form.specification()
        form.add_faults(release_mappings.all_faults(spec))
        sound = sound and not form.problems()
        changed = request.POST.get("shape") != form.shape
        if sound and not changed and request.POST.get("action") == "save":
            saved = _save(request, form, editing)
            if saved is not None:
                return saved
        asked = request.POST.get("action") == "save" and not changed
        if not asked and not sound:
            # Whoever asks for the parts that follow from a role is not told off for not having filled them.
            form = form_for(editing, request.POST, silent=True)
            context["form"] = form
        if sound:
            context["preview"] = preview_of(
                editing, spec, form.cleaned_data["source"], form.cleaned_data.get("name")
            )
        context["changed"] = changed
        context["errors"] = form.problems() if asked else []
    status = 400 if context.get("errors") else 200
    return TemplateResponse(request, "studies/mapping_form.html", context, status=status)


def _save(request: HttpRequest, form: MappingForm, editing: Editing) -> HttpResponse | None:
    """Save, and read the waiting file with what was saved; None, and an error in the form, where that is refused."""
    data = form.cleaned_data
    try:
        made = release_mappings.save(
            name=editing.mapping.name if editing.mapping else data["name"],
            label=data["label"],
            source=data["source"],
            specification=form.specification(),
            columns=[asdict(column) for column in editing.seen],
            by=request.user,
            note=data.get("why", ""),
            amends=editing.mapping,
        )
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return None
    messages.success(
        request, f"The mapping {made} is saved. Files with these columns are read with it from now on."
    )
    if editing.load is None:
        return redirect("mapping-detail", made.pk)
    try:
        messages.success(request, _read_with(editing.load, made, request))
    except (Refused, UnusableFile) as refusal:  # somebody decided on the load meanwhile
        messages.error(request, str(refusal))
    return redirect("load-detail", editing.load.pk)

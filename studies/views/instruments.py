"""Instruments: what there is, what a new version would look like, and how it would rate."""

import json

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods, require_safe

from ..actions import instruments
from ..actions.instruments import InvalidDescription
from ..appraisal.parts import Instrument as Parsed
from ..appraisal.parts import build_instrument
from ..appraisal_page import findings_of, make_groups, make_standing, read_entry
from ..forms import text_of
from ..models import Instrument, Source
from ..permissions import Permission, requires
from ..vocabulary import SourceType


MOST_CHARACTERS = 400_000
"""A description of this length would have thousands of questions; more is not read."""
MOST_PROBLEMS = 20
"""Problems shown at once."""


@require_safe
@requires(Permission.MANAGE_INSTRUMENTS)
def instrument_list(request: HttpRequest) -> HttpResponse:
    """Every version of every instrument, with how many published ratings rest on it."""
    published = Q(appraisals__appraiser__isnull=True)
    found = Instrument.objects.annotate(used=Count("appraisals", filter=published)).order_by("name", "-pk")
    labels = dict(SourceType.choices)
    listed = [(one, ", ".join(labels.get(kind, kind) for kind in one.applies_to)) for one in found]
    return TemplateResponse(request, "studies/instrument_list.html", {"instruments": listed})


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.MANAGE_INSTRUMENTS)
def instrument_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One version as appraisers see it, to be tried. Trying stores nothing."""
    found = get_object_or_404(Instrument, pk=pk)
    context = {"instrument": found, **tried(request, found.parsed())}
    return TemplateResponse(request, "studies/instrument_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.MANAGE_INSTRUMENTS)
def instrument_new(request: HttpRequest) -> HttpResponse:
    """Describe an instrument or a new version; see it, try it, save it. What was typed is kept."""
    if request.method != "POST":
        return TemplateResponse(request, "studies/instrument_new.html", {"text": starting_text(request)})
    text = text_of(request.POST, "description")
    problems: list[str] = []
    context: dict = {"text": text}
    try:
        data = read_description(text)
        description = instruments.check_description(data)
        if request.POST.get("action") == "save":
            made = instruments.add(description=data, by=request.user)
            messages.success(
                request, f"{made} is saved. Appraisals that began with another version keep theirs."
            )
            return redirect("instrument-detail", made.pk)
        context.update(tried(request, build_instrument(description)), sound=True)
    except InvalidDescription as refusal:
        problems = refusal.problems
    context["errors"] = [{"message": message, "href": "#description"} for message in shortened(problems)]
    return TemplateResponse(request, "studies/instrument_new.html", context, status=400 if problems else 200)


def shortened(problems: list[str]) -> list[str]:
    """The first problems, and how many more there are: one slip can be the cause of hundreds."""
    more = len(problems) - MOST_PROBLEMS
    return problems if more <= 0 else [*problems[:MOST_PROBLEMS], f"And {more:,} more."]


def read_description(text: str):
    """The JSON that was typed. Raises `InvalidDescription` with the line where it cannot be read."""
    if len(text) > MOST_CHARACTERS:
        raise InvalidDescription([f"The description has more than {MOST_CHARACTERS:,} characters."])
    try:
        return json.loads(text, object_pairs_hook=once_each)
    except json.JSONDecodeError as fault:
        raise InvalidDescription(
            [f"This is not JSON: line {fault.lineno}, character {fault.colno}."]
        ) from None
    except (RecursionError, ValueError):
        raise InvalidDescription(["This is not JSON that can be read."]) from None


def once_each(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """An object of the description. JSON lets a name stand twice, and the first value would be lost unseen."""
    names = [name for name, _ in pairs]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        last = dict(pairs)
        near = next((str(last[key]) for key in last if key.endswith("_id") and key not in twice), "")
        where = f" of “{near}”" if near else ""
        raise InvalidDescription([f"“{name}”{where} is there twice; keep one." for name in twice])
    return dict(pairs)


def starting_text(request: HttpRequest) -> str:
    """The description of the version to begin from, without its number; empty for an instrument of one's own."""
    sent = request.GET.get("from", "")
    found = (
        Instrument.objects.filter(pk=int(sent)).first()
        if sent.isascii() and sent.isdigit() and len(sent) < 9
        else None
    )
    if found is None:
        return ""
    return json.dumps({**found.description(), "version": ""}, indent=2, ensure_ascii=False)


def tried(request: HttpRequest, parsed: Parsed) -> dict:
    """The form as appraisers see it, with the answers tried and what the rule makes of them."""
    entry = read_entry(parsed, request.POST)
    named = (text_of(request.POST, "source") or text_of(request.GET, "source")).strip()
    source = Source.objects.filter(pk=named).first() if named else None
    return {
        "parsed": parsed,
        "groups": make_groups(parsed, entry),
        "standing": make_standing(parsed, entry),
        "steps": parsed.rule.steps,
        "otherwise": parsed.rating_labels[parsed.rule.otherwise],
        "rating_labels": parsed.rating_labels,
        "named": named,
        "source": source,
        "findings": findings_of(source) if source else [],
    }

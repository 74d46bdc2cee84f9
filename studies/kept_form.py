"""A form that cannot be taken as it came: its sender was signed out while typing, signed in anew, or lost a right.

None of that is the fault of what was typed, so it goes back to its sender: to send again after signing in, and to read
and copy where even that is refused.
"""

from collections.abc import Iterator

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.csrf import csrf_failure as plain_csrf_failure


SIGNED_OUT, UNVERIFIED, STALE, NOT_ALLOWED = "signed_out", "unverified", "stale", "not_allowed"
"""Why a form came back: nobody is signed in, or without the second factor; its security token is another sign-in's; the
account may not do it."""

OF_THE_FORM = frozenset({"csrfmiddlewaretoken"})
WORKBENCH = "/manage/"


def typed(request: HttpRequest) -> list[tuple[str, str]]:
    """The fields of a sent form, its token apart. Empty for uploads, which a page cannot hold for their sender."""
    if request.method != "POST" or request.FILES:
        return []
    return [
        (name, value) for name, values in request.POST.lists() if name not in OF_THE_FORM for value in values
    ]


def keep_form(request: HttpRequest, why: str) -> HttpResponse:
    """A page (403) that holds what was sent. It is stored nowhere: whoever comes next to this browser finds nothing."""
    fields = typed(request)
    response = TemplateResponse(
        request,
        "studies/kept_form.html",
        {"why": why, "fields": fields, "texts": list(_texts(fields)), "again": request.get_full_path()},
        status=403,
    )
    response["Cache-Control"] = "no-store"
    return response.render()


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The answer to a form with a wrong token. One of our own pages, opened before a new sign-in, loses nothing.

    Only a form that this site sent comes back: another site must not be able to put words into a page of ours that
    are a click away from being saved.
    """
    if can_be_kept(request):
        return keep_form(request, STALE if request.user.is_authenticated else SIGNED_OUT)
    return plain_csrf_failure(request, reason=reason)


def can_be_kept(request: HttpRequest) -> bool:
    """Whether this is a filled form of the workbench that one of our own pages sent, whatever its token says."""
    return request.path.startswith(WORKBENCH) and _is_ours(request) and bool(typed(request))


def _is_ours(request: HttpRequest) -> bool:
    origin = request.headers.get("Origin", "")
    return origin == f"{request.scheme}://{request.get_host()}" or origin in settings.CSRF_TRUSTED_ORIGINS


def _texts(fields: list[tuple[str, str]]) -> Iterator[str]:
    """What a person wrote, to read: values with a space in them. Choices, versions and names have none."""
    return (value for _, value in fields if " " in value.strip())

"""The page of the second factor: set it up, give a code, see how many recovery codes are left."""

from base64 import b32encode
from urllib.parse import urlencode

import segno
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods
from django_otp import login as remember
from django_otp.plugins.otp_totp.models import TOTPDevice

from ..actions import second_factor
from ..exceptions import NotNow, Refused
from ..second_factor import is_asked_of


BEGUN = "second_factor_begun"
"""Where a session keeps which app it is setting up."""


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sensitive_post_parameters("code")
def second_factor_page(request: HttpRequest) -> HttpResponse:
    """Ask for what the account has; lead a new one through setting it up."""
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    if not is_asked_of(request.user):
        raise Http404("No second factor is asked of this account.")
    onward = next_of(request)
    app = second_factor.app_of(request.user)
    if app is not None and request.user.is_verified():
        return show_state(request, onward)
    try:
        waiting = begun_here(request) if app is None else None
    except NotNow:  # another window was quicker
        return redirect(request.get_full_path())
    problem = ""
    if request.method == "POST":
        code = request.POST.get("code", "").strip()[:40]
        try:
            if waiting is None:
                let_through(request, second_factor.verify(code=code, by=request.user))
                return redirect(onward)
            codes = second_factor.confirm(app=waiting, code=code, by=request.user)
            let_through(request, waiting)
            return show_codes(request, codes, onward)
        except Refused as refusal:
            problem = str(refusal)
    context: dict[str, object] = {
        "next": onward,
        "errors": [{"message": problem, "href": "#code"}] if problem else [],
        "problem": problem,
    }
    if waiting is not None:
        context |= enrolment(waiting)
    return TemplateResponse(
        request, "registration/second_factor.html", context, status=400 if problem else 200
    )


def begun_here(request: HttpRequest) -> TOTPDevice:
    """The app that is being set up in this session."""
    waiting = second_factor.begin(begun=request.session.get(BEGUN), by=request.user)
    request.session[BEGUN] = waiting.pk
    return waiting


def enrolment(waiting: TOTPDevice) -> dict[str, object]:
    """The key as a picture that the app reads, and in letters for who types it."""
    letters = b32encode(waiting.bin_key).decode()
    drawn = segno.make(waiting.config_url, error="m", micro=False)
    return {
        # Made here from our own key: no text of anybody else is in it.
        "picture": drawn.svg_inline(scale=4, border=4, dark="#0b0c0c", light="#ffffff", omitsize=False),
        "letters": " ".join(letters[start : start + 4] for start in range(0, len(letters), 4)),
    }


def show_state(request: HttpRequest, onward: str) -> HttpResponse:
    """For who has given it: how many recovery codes are left, and new ones where they are asked for.

    A code that was sent twice, or from a second tab, asks for none: it would end those that were just written down.
    """
    if request.method == "POST" and "renew" in request.POST:
        return show_codes(request, second_factor.renew_codes(by=request.user), onward)
    if request.method == "POST":
        return redirect(f"{request.path}?{urlencode({'next': onward})}")
    left = second_factor.codes_left(request.user)
    return TemplateResponse(
        request, "registration/second_factor.html", {"given": True, "left": left, "next": onward}
    )


def show_codes(request: HttpRequest, codes: list[str], onward: str) -> HttpResponse:
    return TemplateResponse(request, "registration/recovery_codes.html", {"codes": codes, "next": onward})


def let_through(request: HttpRequest, device) -> None:
    """From now on the session counts as verified; it gets a new key, so that one known before is worth nothing."""
    remember(request, device)
    request.session.cycle_key()


def next_of(request: HttpRequest) -> str:
    """Where the person was going, if that is on this site; else the overview."""
    asked = request.POST.get("next") or request.GET.get("next") or "/"
    safe = url_has_allowed_host_and_scheme(asked, {request.get_host()}, require_https=request.is_secure())
    return asked if safe else "/"

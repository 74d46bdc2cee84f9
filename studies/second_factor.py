"""Whom a second factor is asked of, and the gate that asks. Off unless EVIDENCE_SECOND_FACTOR says so."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from . import kept_form
from .permissions import Permission, permissions_of


OPEN = frozenset({"/accounts/login/", "/accounts/second-factor/", "/accounts/logout/", "/healthz", "/readyz"})
"""Where one gets without it: to the page that asks for it, out again, and a balancer's probes. Not to the change of the
password: who has stolen one could shut its owner out."""


def is_asked_of(user: AbstractBaseUser | AnonymousUser) -> bool:
    """Whether the account may change what others read, so that a password alone does not open it.

    An analyst's saved views are nobody else's; that role is not asked.
    """
    if not settings.SECOND_FACTOR or not user.is_authenticated:
        return False
    return bool(user.is_staff or permissions_of(user) - {Permission.SAVE_VIEWS})


def is_missing(user: AbstractBaseUser | AnonymousUser) -> bool:
    """Whether the account has given a password only, and more is asked of it."""
    return is_asked_of(user) and not user.is_verified()


class Required:
    """Leads whoever has given a password only to the page of the second factor, whatever was asked for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path in OPEN or not is_missing(request.user):
            return self.get_response(request)
        if request.htmx:
            return HttpResponse("The second factor is missing", status=401)
        if kept_form.can_be_kept(request):  # before the token is looked at, so by where it was sent from
            return kept_form.keep_form(request, kept_form.UNVERIFIED)
        return redirect_to_login(request.get_full_path(), reverse("second-factor"))

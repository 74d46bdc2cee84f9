"""Who may do what: one table of roles, and `check_` / `can_` pairs that pages and actions share.

A page hides a button by `can(...)`, the action refuses by `check(...)`: the same rule, so the two cannot differ.
Roles are Django groups of the same name, made by a migration and brought up to date by `actions.accounts`.
"""

from collections.abc import Callable
from enum import StrEnum
from functools import wraps
from urllib.parse import urlsplit

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse

from . import kept_form
from .exceptions import NotAllowed


class Permission(StrEnum):
    """One thing that a person may be allowed to do. The value is how a refusal names it."""

    APPRAISE = "appraise a source"
    ASSIGN = "assign appraisals"
    RECONCILE = "reconcile appraisals"
    STATE_COMPARABILITY = "state that figures may be pooled"
    MANAGE_INSTRUMENTS = "add instruments"
    LOAD = "load sources and figures"
    MERGE = "merge sources"
    PUBLISH = "publish a release"
    SAVE_VIEWS = "save views"


class Role(StrEnum):
    """A group of people. The value is the name of the Django group."""

    ANALYST = "Analyst"
    APPRAISER = "Appraiser"
    LEAD_REVIEWER = "Lead reviewer"
    LOADER = "Loader"
    PUBLISHER = "Publisher"


ROLES: dict[Role, frozenset[Permission]] = {
    Role.ANALYST: frozenset({Permission.SAVE_VIEWS}),
    Role.APPRAISER: frozenset({Permission.SAVE_VIEWS, Permission.APPRAISE}),
    Role.LEAD_REVIEWER: frozenset(
        {
            Permission.SAVE_VIEWS,
            Permission.APPRAISE,
            Permission.ASSIGN,
            Permission.RECONCILE,
            Permission.STATE_COMPARABILITY,
            Permission.MANAGE_INSTRUMENTS,
        }
    ),
    Role.LOADER: frozenset({Permission.SAVE_VIEWS, Permission.LOAD, Permission.MERGE}),
    Role.PUBLISHER: frozenset({Permission.SAVE_VIEWS, Permission.PUBLISH}),
}


def permissions_of(user) -> frozenset[Permission]:
    """What a person may do; asked of the database once for each user object. A superuser may do everything."""
    if not getattr(user, "is_authenticated", False) or not user.is_active:
        return frozenset()
    if user.is_superuser:
        return frozenset(Permission)
    if not hasattr(user, "_evidence_permissions"):
        names = {group.name for group in user.groups.all()}  # prefetched where many accounts are looked at
        user._evidence_permissions = frozenset().union(*(ROLES[role] for role in Role if role.value in names))
    return user._evidence_permissions


def can(user, permission: Permission) -> bool:
    """Whether a person may do this."""
    return permission in permissions_of(user)


def check(user, permission: Permission) -> None:
    """Raises `NotAllowed` with a sentence unless the person may do this."""
    if not can(user, permission):
        raise NotAllowed(f"Your account may not {permission.value}.")


def _page_to_return_to(request: HttpRequest) -> str:
    """Where to go on after signing in: this page, or the page with the button whose press came too late.

    An address that only takes buttons answers a plain visit with an error; nothing is done by signing in either.
    """
    if request.method in ("GET", "HEAD"):
        return request.get_full_path()
    came_from = urlsplit(request.headers.get("Referer", ""))
    if came_from.netloc == request.get_host() and came_from.path.startswith("/manage/"):
        return f"{came_from.path}?{came_from.query}".rstrip("?")
    return "/manage/"


def requires(*permissions: Permission) -> Callable:
    """A view for people with any of the permissions. Others are refused; strangers are asked to sign in.

    A filled form that is refused comes back to its sender: see `kept_form`.
    """

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponse:
            if not request.user.is_authenticated:
                if kept_form.typed(request):
                    return kept_form.keep_form(request, kept_form.SIGNED_OUT)
                return redirect_to_login(_page_to_return_to(request))
            if not any(can(request.user, permission) for permission in permissions):
                if kept_form.typed(request):
                    return kept_form.keep_form(request, kept_form.NOT_ALLOWED)
                check(request.user, permissions[0])
            return view(request, *args, **kwargs)

        guarded.required_permissions = permissions
        return guarded

    return decorate

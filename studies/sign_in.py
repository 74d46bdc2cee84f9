"""Guessing of passwords is slowed: who fails too often waits, and is told until when.

django-axes counts failed sign-ins in the database, for the page of the site and that of the admin alike; here stand
the limits, how a client is told from another, and the page that names the time. An admin may end a wait
(`admin.sign_in`).
"""

from datetime import datetime, timedelta
from ipaddress import IPv6Network, ip_address

from axes.backends import AxesStandaloneBackend
from axes.handlers.database import AxesDatabaseHandler
from axes.helpers import get_cool_off
from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Max, QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import add_never_cache_headers


MOST_FROM_ONE_ADDRESS = 50
"""Failures from one address under any names: a room of people behind one address may mistype, a list of passwords
tried on everybody is stopped."""
MOST_FOR_ONE_NAME = 100
"""Failures for one name from any addresses: the most that NIST SP 800-63B, 5.2.2, allows for one account. It is high,
because anybody can make it wait for the person whose name it is."""


class HoldUp(AxesStandaloneBackend):
    """Lets nobody sign in while a wait is on."""

    def authenticate(self, request: HttpRequest | None, *args, **kwargs) -> None:
        # Without a request the program itself checks a password, as in a shell or in a test: there is no client to
        # hold up, and the library would end it with an error.
        if request is not None:
            super().authenticate(request, *args, **kwargs)


class SignInLimits(AxesDatabaseHandler):
    """Counts failures by name and address together, and by each alone with a higher limit."""

    def get_failures(self, request: HttpRequest, credentials: dict | None = None) -> int:
        """The failures that count against AXES_FAILURE_LIMIT; at least that many where a higher limit is reached."""
        together, address, name = (
            attempts.aggregate(n=Sum("failures_since_start"))["n"] or 0
            for attempts in self.get_user_attempts(request, credentials)
        )
        if address >= MOST_FROM_ONE_ADDRESS or name >= MOST_FOR_ONE_NAME:
            return max(together, settings.AXES_FAILURE_LIMIT)
        return together

    def reset_user_attempts(self, request: HttpRequest, credentials: dict | None = None) -> int:
        """Forget the failures of who has signed in, from this address. Those of other names stay: one account of
        one's own must not buy more guesses at others."""
        return self.filter_user_attempts(request, credentials)[0].delete()[0]

    def waiting(self, request: HttpRequest, credentials: dict | None = None) -> datetime:
        """When the wait ends, as far as is known now: with the last failure that counts."""
        together, address, name = self.get_user_attempts(request, credentials)
        reached: list[QuerySet[AccessAttempt]] = [
            attempts
            for attempts, limit in (
                (together, settings.AXES_FAILURE_LIMIT),
                (address, MOST_FROM_ONE_ADDRESS),
                (name, MOST_FOR_ONE_NAME),
            )
            if (attempts.aggregate(n=Sum("failures_since_start"))["n"] or 0) >= limit
        ]
        ends = [attempts.aggregate(last=Max("attempt_time"))["last"] for attempts in reached]
        pause = get_cool_off(request) or timedelta()
        return max(ends, default=timezone.now()) + pause


def locked_out(request: HttpRequest, response: HttpResponse, credentials: dict | None = None) -> HttpResponse:
    """The page that is shown in place of the sign-in: that the wait is on, until when, and what to do. Status 429."""
    until = SignInLimits().waiting(request, credentials)
    seconds = max(1, round((until - timezone.now()).total_seconds()))
    # A minute that has begun counts whole, so that the time that is named is never too early.
    shown = timezone.localtime(until + timedelta(seconds=59))
    page = render(request, "registration/locked_out.html", {"until": shown}, status=429)
    page["Retry-After"] = str(seconds)
    add_never_cache_headers(page)
    return page


def client_address(request: HttpRequest) -> str | None:
    """The address that a request came from, None where there is none, as on a socket of this machine.

    Behind a proxy it is the last of X-Forwarded-For, which is the one that our proxy has seen; those before it are
    whatever the client wrote. Of an IPv6 address the first 64 bits count: the rest is one household's to choose.
    """
    said = request.META.get("REMOTE_ADDR", "")
    if settings.BEHIND_PROXY:
        said = request.META.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip() or said
    for text in (said, said.rpartition(":")[0]):  # some proxies add the port
        try:
            found = ip_address(text.strip("[]"))
        except ValueError:
            continue
        if found.version == 4:
            return str(found)
        if found.ipv4_mapped:
            return str(found.ipv4_mapped)
        return str(IPv6Network((found.packed, 64), strict=False).network_address)
    return None

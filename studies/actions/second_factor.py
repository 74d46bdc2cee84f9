"""The second factor of an account: set up an authenticator app, give its code or a recovery code, take it away."""

import re

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import timezone
from django_otp import verify_token
from django_otp.models import Device
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from ..exceptions import NotNow, Refused
from . import audit


RECOVERY_CODES = 10
APP, CODES = "Authenticator app", "Recovery codes"


def app_of(user: AbstractBaseUser) -> TOTPDevice | None:
    """The app that the account has confirmed."""
    return TOTPDevice.objects.filter(user=user, confirmed=True).first()


def codes_left(user: AbstractBaseUser) -> int:
    """How many recovery codes have not been used."""
    return StaticToken.objects.filter(device__user=user, device__confirmed=True).count()


@transaction.atomic
def begin(*, begun: int | None, by: AbstractBaseUser) -> TOTPDevice:
    """The key that an app is to be given: the one `begun` in this session, else a new one.

    No other session is shown it. Who knew the first password, and looked before the owner did, would know the
    owner's codes ever after. Raises `NotNow` where the account has an app: a password alone must not replace it.
    """
    _lock_without_app(by)
    found = TOTPDevice.objects.filter(user=by, confirmed=False, pk=begun).first()
    return found or TOTPDevice.objects.create(user=by, name=APP, confirmed=False)


def confirm(*, app: TOTPDevice, code: str, by: AbstractBaseUser) -> list[str]:
    """Take the first code of a new app; the recovery codes come back, and are shown this once.

    Raises `Refused` for a wrong code, `NotNow` where the account has an app.
    """
    # A failure is counted whatever becomes of the request, so this stands outside the transaction below.
    _check(app, plain(code), by, wrong=WRONG_AT_FIRST)
    with transaction.atomic():
        _lock_without_app(by)
        TOTPDevice.objects.filter(user=by).exclude(pk=app.pk).delete()
        app.refresh_from_db()
        app.confirmed = True
        app.save(update_fields=["confirmed"])
        audit.record(event_type="second_factor_set_up", by=by.get_username())
        return _new_codes(by)


def _lock(user: AbstractBaseUser) -> None:
    """One change of an account's second factor at a time."""
    get_user_model().objects.select_for_update().get(pk=user.pk)


def _lock_without_app(user: AbstractBaseUser) -> None:
    _lock(user)
    if app_of(user) is not None:
        raise NotNow("This account has a second factor already.")


@transaction.atomic
def renew_codes(*, by: AbstractBaseUser) -> list[str]:
    """New recovery codes in place of the old ones."""
    _lock(by)
    audit.record(event_type="recovery_codes_renewed", by=by.get_username())
    return _new_codes(by)


def verify(*, code: str, by: AbstractBaseUser) -> Device:
    """What accepted the code: the app, or the recovery codes, of which one is then used up. Raises `Refused`."""
    app = app_of(by)
    if app is None:
        raise NotNow("This account has no second factor yet.")
    typed = plain(code)
    if typed.isdigit() and len(typed) == app.digits:
        _check(app, typed, by)
        return app
    codes = StaticDevice.objects.filter(user=by, confirmed=True).first()
    if codes is None:
        raise Refused(WRONG)
    _check(codes, typed, by, event_type="recovery_code_used")
    return codes


@transaction.atomic
def remove(*, user: AbstractBaseUser, by: str) -> None:
    """Take the second factor from an account whose owner lost it; the next sign-in sets up another."""
    TOTPDevice.objects.filter(user=user).delete()
    StaticDevice.objects.filter(user=user).delete()
    audit.record(
        event_type="second_factor_removed", by=by, target=user, detail={"account": user.get_username()}
    )


def plain(code: str) -> str:
    """A code as it was made, however it was typed: without spaces, hyphens and whatever else is in none."""
    return re.sub(r"[^a-z0-9]", "", code.lower())


WRONG = (
    "This code is not right, or it was used already. Give the one that the app shows now, or a recovery code."
)
WRONG_AT_FIRST = (
    "This code is not right. Give the one that the app shows now. If it is refused again, see whether the app holds"
    " the key below, and whether its clock is right."
)


def _check(
    device: Device, code: str, by: AbstractBaseUser, *, event_type: str = "", wrong: str = WRONG
) -> None:
    """Raises `Refused` unless the device takes the code; its use goes on record with it where it is an event."""
    allowed, why = device.verify_is_allowed()
    if not allowed:
        seconds = max(1, round((why["locked_until"] - timezone.now()).total_seconds()))
        plural = "s" if seconds != 1 else ""
        raise Refused(f"After a wrong code there is a pause. Try again in {seconds} second{plural}.")
    with transaction.atomic():
        taken = bool(code) and verify_token(by, device.persistent_id, code) is not None
        if taken and event_type:
            audit.record(event_type=event_type, by=by.get_username())
    # Outside the transaction, which has to keep the count of failures.
    if not taken:
        raise Refused(wrong)


def _new_codes(user: AbstractBaseUser) -> list[str]:
    StaticDevice.objects.filter(user=user).delete()
    device = StaticDevice.objects.create(user=user, name=CODES, confirmed=True)
    made = [StaticToken.random_token() for _ in range(RECOVERY_CODES)]
    StaticToken.objects.bulk_create(StaticToken(device=device, token=one) for one in made)
    return made

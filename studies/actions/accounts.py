"""Accounts: those for trying the product on one's own machine, and letting people who wait sign in again."""

from axes.models import AccessAttempt
from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.contrib.auth.models import AbstractBaseUser, Group
from django.db import transaction
from django.utils.crypto import get_random_string

from ..permissions import Role
from . import audit


DEMO_ACCOUNTS: tuple[tuple[str, Role | None], ...] = (
    ("demo-admin", None),
    ("demo-analyst", Role.ANALYST),
    ("demo-appraiser-1", Role.APPRAISER),
    ("demo-appraiser-2", Role.APPRAISER),
    ("demo-lead", Role.LEAD_REVIEWER),
    ("demo-loader", Role.LOADER),
    ("demo-publisher", Role.PUBLISHER),
)
"""Name and role; the one without a role may do everything."""
PASSWORD_LENGTH = 20
"""Letters and digits; about 119 bits. The account is on an embedded database that only this machine reaches."""


ITERATIONS = 10_000
"""Rounds for the first hash of a demo password. Slow hashes protect short passwords; one of 119 random bits cannot be
guessed at any speed, and seven slow ones would take longer than the rest of the start. The first sign-in makes the
hash a slow one."""


@transaction.atomic
def end_wait(*, attempt: AccessAttempt, by: str) -> None:
    """Forget failed sign-ins of one name from one address, so that they may be tried again at once."""
    audit.record(
        event_type="sign_in_wait_ended",
        by=by,
        detail={"name": attempt.username or "", "failures": attempt.failures_since_start},
    )
    attempt.delete()


@transaction.atomic
def note_new_password(*, by: AbstractBaseUser) -> None:
    """Put on record that an account has a new password, and nothing of it."""
    audit.record(event_type="password_changed", by=by.get_username())


def quick_hash(password: str) -> str:
    """The stored form of a long random password."""
    hasher = PBKDF2PasswordHasher()
    return hasher.encode(password, hasher.salt(), ITERATIONS)


def make_demo_accounts() -> list[tuple[str, str]]:
    """Make the demo accounts that do not exist yet; return (name, password) of each new one."""
    made = []
    users = get_user_model().objects
    for name, role in DEMO_ACCOUNTS:
        with transaction.atomic():
            if users.filter(username=name).exists():
                continue
            password = get_random_string(PASSWORD_LENGTH)
            everything = role is None
            user = users.create(
                username=name, password=quick_hash(password), is_staff=everything, is_superuser=everything
            )
            if role is not None:
                user.groups.add(Group.objects.get(name=role.value))
            audit.record(event_type="demo_account_made", by="demo", target=user)
            made.append((name, password))
    return made

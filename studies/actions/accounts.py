"""Accounts for trying the product on one's own machine."""

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils.crypto import get_random_string

from . import audit


DEMO_ACCOUNTS = (("demo-admin", {"is_staff": True, "is_superuser": True}),)
PASSWORD_LENGTH = 20
"""Letters and digits; about 119 bits. The account is on an embedded database that only this machine reaches."""


def make_demo_accounts() -> list[tuple[str, str]]:
    """Make the demo accounts that do not exist yet; return (name, password) of each new one."""
    made = []
    users = get_user_model().objects
    for name, rights in DEMO_ACCOUNTS:
        with transaction.atomic():
            if users.filter(username=name).exists():
                continue
            password = get_random_string(PASSWORD_LENGTH)
            user = users.create_user(name, password=password, **rights)
            audit.record(event_type="demo_account_made", by="demo", target=user)
            made.append((name, password))
    return made

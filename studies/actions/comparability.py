"""State, and take back, that the findings of a measure may be pooled."""

from datetime import date

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import timezone

from ..exceptions import Refused
from ..models import Category, Comparability, Measure
from ..permissions import Permission, check
from . import audit


@transaction.atomic
def state(
    *,
    measure: Measure,
    category: Category | None,
    statement: str,
    by: AbstractBaseUser,
    on: date | None = None,
) -> Comparability:
    """Record a person's statement that the findings count the same unit, answer one question and share no people.

    Saying the same again changes nothing. Raises `NotAllowed` without the permission, and `Refused` where another
    statement stands, which must be withdrawn first so that nobody's words are overwritten.
    """
    check(by, Permission.STATE_COMPARABILITY)
    text = statement.strip()
    if not text:
        raise Refused("Say why the findings may be pooled: same unit, same question, no shared people.")
    Measure.objects.select_for_update().get(pk=measure.pk)
    standing = Comparability.objects.filter(measure=measure, category=category, withdrawn_on=None).first()
    if standing is not None:
        if (standing.statement, standing.stated_by) == (text, by.get_username()):
            return standing
        raise Refused(
            f"A statement by {standing.stated_by} stands already. Withdraw it before you make another."
        )
    made = Comparability.objects.create(
        measure=measure,
        category=category,
        statement=text,
        stated_by=by.get_username(),
        stated_on=on or timezone.localdate(),
    )
    audit.record(
        event_type="comparability_stated", by=by.get_username(), target=made, detail={"statement": text}
    )
    return made


@transaction.atomic
def withdraw(*, statement: Comparability, by: AbstractBaseUser) -> Comparability:
    """Take a statement back. It stays on record; withdrawing twice changes nothing.

    Raises `NotAllowed` without the permission.
    """
    check(by, Permission.STATE_COMPARABILITY)
    standing = Comparability.objects.select_for_update().get(pk=statement.pk)
    if standing.withdrawn_on is not None:
        return standing
    standing.withdrawn_on = timezone.localdate()
    standing.withdrawn_by = by.get_username()
    standing.save(update_fields=["withdrawn_on", "withdrawn_by"])
    audit.record(event_type="comparability_withdrawn", by=by.get_username(), target=standing)
    return standing

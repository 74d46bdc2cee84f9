"""Rate one figure lower than its source, and take that back."""

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import timezone

from ..exceptions import Refused
from ..finding_ratings import is_lower
from ..models import Finding, FindingRating, Source
from ..permissions import Permission, check
from ..vocabulary import Rating
from . import audit
from .interests import check_no_author


@transaction.atomic
def lower(*, finding: Finding, rating: str, reason: str, by: AbstractBaseUser) -> FindingRating:
    """Record that a figure deserves a lower rating than its source, and why. An earlier one is withdrawn.

    Raises `NotAllowed`, `ConflictOfInterest` to an author of the source, and `Refused` without a reason, for a rating
    that is not lower, and where the source has none.
    """
    check(by, Permission.RECONCILE)
    Finding.objects.select_for_update(of=("self",)).get(pk=finding.pk)
    source = Source.objects.with_rating().get(pk=finding.source_id)
    check_no_author(by, source)
    if rating not in Rating.values:
        raise Refused("Choose a rating.")
    if not reason.strip():
        raise Refused("Say why this figure deserves a lower rating than its source.")
    if not is_lower(rating, source.rating):
        raise Refused("A figure may only be rated lower than its source, which must have a rating.")
    _withdraw(finding, by)
    made = FindingRating.objects.create(
        finding=finding, rating=rating, reason=reason.strip(), rated_by=by.get_username()
    )
    audit.record(
        event_type="finding_rated",
        by=by.get_username(),
        target=made,
        detail={"finding": finding.pk, "rating": rating, "reason": reason.strip()},
    )
    return made


@transaction.atomic
def withdraw(*, finding: Finding, by: AbstractBaseUser) -> bool:
    """Let the figure have its source's rating again; False, and nothing written, where it does already."""
    check(by, Permission.RECONCILE)
    Finding.objects.select_for_update(of=("self",)).get(pk=finding.pk)
    check_no_author(by, finding.source)
    if not _withdraw(finding, by):
        return False
    audit.record(event_type="finding_rating_withdrawn", by=by.get_username(), target=finding)
    return True


def _withdraw(finding: Finding, by: AbstractBaseUser) -> int:
    standing = FindingRating.objects.filter(finding=finding, withdrawn_at=None)
    return standing.update(withdrawn_at=timezone.now(), withdrawn_by=by.get_username())

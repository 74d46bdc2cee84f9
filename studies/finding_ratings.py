"""Figures that people have rated lower than their source. The lower of the two ratings is the figure's own."""

from .models import FindingRating, Source
from .vocabulary import NOT_RATED, Rating


LOWEST_FIRST = (Rating.UNCLEAR, Rating.WEAK, Rating.MODERATE, Rating.STRONG)
"""A figure that cannot be judged counts for least: it is never among the adequate ones."""


def is_lower(rating: str, than: str | None) -> bool:
    """Whether a rating is lower than another; nothing is lower than no rating."""
    return than not in (None, "", NOT_RATED) and LOWEST_FIRST.index(rating) < LOWEST_FIRST.index(than)


def lowered() -> dict[str, tuple[str, str]]:
    """Finding → its own rating and the reason, where that is lower than its source's now. Two queries at most."""
    standing = list(
        FindingRating.objects.filter(withdrawn_at=None).values_list(
            "finding", "finding__source", "rating", "reason"
        )
    )
    if not standing:
        return {}
    ratings = dict(
        Source.objects.with_rating()
        .filter(pk__in={source for _, source, *_ in standing})
        .values_list("pk", "rating")
    )
    return {pk: (own, reason) for pk, source, own, reason in standing if is_lower(own, ratings[source])}

"""Say that two sources are one publication, or are not, and take a merge back."""

from collections.abc import Iterator

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from .. import search
from ..exceptions import Refused
from ..loading.records import Record
from ..loading.source_names import name_source
from ..models import Merge, PossibleDuplicate, Reference, Source
from ..permissions import Permission, check
from ..vocabulary import DuplicateStatus
from . import audit
from .loads import wait_for_loads
from .references import KEPT_FIELDS, make_source


__all__ = ["keep_apart", "merge", "undo"]


@transaction.atomic
def merge(*, pair: PossibleDuplicate, by: AbstractBaseUser) -> Merge:
    """Make one source of two: the references of the one that is not described go over to the other.

    Their values are kept, so that it can be undone. Raises `Refused` where both are described, because figures and
    appraisals are never moved from one source to another without a person looking at each.
    """
    check(by, Permission.MERGE)
    wait_for_loads()
    pair = _open(pair)
    gone, kept = pair.source, pair.other
    if gone.described:
        gone, kept = kept, gone
    if gone.described:
        raise Refused("Both sources are described. Merge their figures by a load, then delete one by hand.")
    resting = [
        relation.related_model._meta.verbose_name
        for relation in Source._meta.related_objects
        if relation.related_model._meta.model_name
        not in {"sourcesearch", "reference", "merge", "possibleduplicate"}
        and relation.related_model._default_manager.filter(**{relation.field.name: gone}).exists()
    ]
    if resting:
        raise Refused(f"{gone.title} cannot be merged away: a {resting[0]} rests on it.")
    made = Merge.objects.create(
        source=kept,
        former_id=gone.pk,
        former={
            field.attname: field.value_to_string(gone) if field.value_from_object(gone) is not None else None
            for field in Source._meta.concrete_fields
        },
        score=pair.score,
        reasons=pair.reasons,
        merged_by=by.get_username(),
    )
    made.references.set(gone.references.all())
    gone.references.update(source=kept)
    Merge.objects.filter(source=gone).update(source=kept)
    made.former[PAIRS] = _hand_over_pairs(gone, kept)
    made.save(update_fields=["former"])
    gone.delete()  # takes this pair with it, and those that the kept source has a pair like
    audit.record(
        event_type="sources_merged",
        by=by.get_username(),
        target=made,
        detail={"kept": kept.pk, "gone": made.former_id},
    )
    return made


PAIRS = "pairs"
"""Key of `Merge.former` under which the pairs of the queue stand that went over to the kept source."""


def _hand_over_pairs(gone: Source, kept: Source) -> list[int]:
    """Let what was asked or decided about the source that goes hold for the one that is kept; the pairs' numbers.

    What may be a duplicate of one of two that are one may be a duplicate of the other, and what is not one is not.
    """
    has = set(_others(kept))
    moved = []
    for pair in list(_pairs_of(gone)):
        end = "source" if pair.source_id == gone.pk else "other"
        third = pair.other_id if end == "source" else pair.source_id
        if third != kept.pk and third not in has:
            setattr(pair, end, kept)
            pair.save(update_fields=[end])
            moved.append(pair.pk)
    return moved


def _pairs_of(source: Source) -> QuerySet[PossibleDuplicate]:
    return PossibleDuplicate.objects.filter(Q(source=source) | Q(other=source))


def _others(source: Source) -> Iterator[str]:
    """The sources with which one stands in the queue, whatever was decided on them."""
    for pair in _pairs_of(source):
        yield pair.other_id if pair.source_id == source.pk else pair.source_id


@transaction.atomic
def keep_apart(*, pair: PossibleDuplicate, by: AbstractBaseUser) -> PossibleDuplicate:
    """Say that two sources are two publications. They are not asked about again."""
    check(by, Permission.MERGE)
    pair = _open(pair)
    pair.status, pair.decided_by, pair.decided_at = DuplicateStatus.APART, by.get_username(), timezone.now()
    pair.save()
    audit.record(event_type="sources_kept_apart", by=by.get_username(), target=pair)
    return pair


@transaction.atomic
def undo(*, made: Merge, by: AbstractBaseUser) -> Source:
    """Take a merge back: its references get a source of their own again, the former one where there was one.

    Undoing twice is refused, as is undoing one whose references went elsewhere since.
    """
    check(by, Permission.MERGE)
    wait_for_loads()
    made = Merge.objects.select_for_update().get(pk=made.pk)
    if made.undone_at is not None:
        raise Refused(f"{made.undone_by} has undone this merge already.")
    references = list(made.references.filter(source=made.source))
    later = Merge.objects.filter(references__in=references, pk__gt=made.pk, undone_at=None)
    if not references or later.exists():
        raise Refused("A later merge has moved these references on; undo that one first.")
    source = _former(made) if made.former_id else _own(references[0])
    source.save(force_insert=True)
    Reference.objects.filter(pk__in=[one.pk for one in references]).update(source=source)
    if made.former_id:
        _give_back(made, source, references)
    made.undone_at, made.undone_by = timezone.now(), by.get_username()
    made.save()
    PossibleDuplicate.objects.create(
        source=source,
        other=made.source,
        score=made.score,
        reasons=made.reasons,
        status=DuplicateStatus.APART,
        decided_at=timezone.now(),
        decided_by=by.get_username(),
    )
    search.refresh([source.pk])
    audit.record(event_type="merge_undone", by=by.get_username(), target=made, detail={"source": source.pk})
    return source


def _give_back(made: Merge, source: Source, references: list[Reference]) -> None:
    """Let a source that is there again have what it had: the merges into it, and its pairs of the queue."""
    earlier = Merge.objects.filter(
        references__in=references, source=made.source, undone_at=None, pk__lt=made.pk
    )
    Merge.objects.filter(pk__in=list(earlier.values_list("pk", flat=True))).update(source=source)
    pairs = PossibleDuplicate.objects.filter(pk__in=made.former.get(PAIRS, []))
    pairs.filter(source=made.source).update(source=source)
    pairs.filter(other=made.source).update(other=source)


def _former(made: Merge) -> Source:
    fields = {field.attname: field for field in Source._meta.concrete_fields}
    return Source(
        **{name: fields[name].to_python(value) for name, value in made.former.items() if name in fields}
    )


def _own(reference: Reference) -> Source:
    record = Record(
        0, 1, authors=tuple(reference.authors), **{name: getattr(reference, name) for name in KEPT_FIELDS}
    )
    return make_source(record, name_source(record, set(Source.objects.values_list("pk", flat=True))))


def _open(pair: PossibleDuplicate) -> PossibleDuplicate:
    pair = (
        PossibleDuplicate.objects.select_for_update(of=("self",))
        .select_related("source", "other")
        .get(pk=pair.pk)
    )
    if pair.status != DuplicateStatus.OPEN:
        raise Refused(f"{pair.decided_by} has decided on this pair already.")
    return pair

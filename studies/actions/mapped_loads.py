"""Look at a staged release again with a mapping that a person chose or has just made."""

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from ..exceptions import Refused
from ..loading.layout import read_bytes
from ..loading.releases.reading import Release, read_release
from ..models import Load, ReleaseMapping
from ..permissions import Permission, check
from ..vocabulary import LoadKind, LoadStatus, TaskKind
from . import audit, queued, releases, staged
from .files import as_file


@transaction.atomic
def use_mapping(*, load: Load, mapping: ReleaseMapping, by: AbstractBaseUser) -> Load:
    """Read a staged release with this mapping, and write down what would become of its records.

    Raises `Refused` where the load is no staged release or the mapping is not in use, `NotAllowed` without the
    permission.
    """
    load = _mappable(load, by)
    with as_file(load) as file:
        staged.look(load, file, releases.base_with(mapping, load, file))
    detail = {"mapping": mapping.name, "version": mapping.version, **load.counts}
    audit.record(event_type="load_mapped", by=by.get_username(), target=load, detail=detail)
    return load


@transaction.atomic
def queue_mapping(*, load: Load, mapping: ReleaseMapping, by: AbstractBaseUser) -> Load:
    """Have a staged release read with this mapping in the background. Raises like `use_mapping`."""
    load = _mappable(load, by)
    if not mapping.stands:
        raise Refused(f"The mapping {mapping} is no longer in use. Choose one for this file again.")
    load.rows.all().delete()
    load.mapping, load.status = mapping, LoadStatus.WAITING
    load.counts, load.issues, load.issue_count = {}, [], 0
    load.save()
    detail = {"mapping": mapping.name, "version": mapping.version}
    audit.record(event_type="load_mapped", by=by.get_username(), target=load, detail=detail)
    queued.ask(load=load, kind=TaskKind.STAGE, by=by)
    return load


def _mappable(load: Load, by: AbstractBaseUser) -> Load:
    """The load, held until the transaction ends. Raises `Refused` where no mapping can be chosen for it now."""
    check(by, Permission.LOAD)
    staged.refuse_while_busy(load)
    load = Load.objects.select_for_update().get(pk=load.pk)
    if not can_be_mapped(load):
        raise Refused("A mapping can be chosen only for a release that is staged.")
    return load


def can_be_mapped(load: Load) -> bool:
    """Whether a mapping may be made or chosen for the load."""
    return load.kind == LoadKind.RELEASE and load.status == LoadStatus.STAGED


def release_of(load: Load) -> Release:
    """The release that a load holds. Raises `Refused` where its bytes were not kept."""
    with as_file(load) as file:
        return read_release(load.name, read_bytes(file))

"""Save, amend and retire mappings of releases. A version is never changed, and each step is audited."""

from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import timezone

from ..exceptions import Refused
from ..loading.cells import IDENTIFIER
from ..loading.releases.specification import FIGURES, Specification, faults
from ..models import Category, LocalMeasure, Measure, ReleaseMapping, Source
from ..permissions import Permission, check
from . import audit


@transaction.atomic
def save(
    *,
    name: str,
    label: str,
    source: Source,
    specification: Specification,
    columns: list[dict[str, Any]],
    by: AbstractBaseUser,
    note: str = "",
    amends: ReleaseMapping | None = None,
) -> ReleaseMapping:
    """Save a mapping, or the next version of one, which retires the version that stands.

    `columns` are those of the file it was made from: heading, samples and values of each. Raises `Refused` where the
    specification lacks something, the name is taken, or another version stands than the one to amend; `NotAllowed`
    without the permission.
    """
    check(by, Permission.LOAD)
    lacking = [sentence for _, sentence in all_faults(specification)]
    if lacking:
        raise Refused(" ".join(lacking))
    if not IDENTIFIER.match(name) or len(name) > 80:
        raise Refused(
            "A mapping's name is lower-case words and digits joined by hyphens, at most 80 characters."
        )
    if not label.strip():
        raise Refused("Say which publication the mapping is for.")
    versions = list(ReleaseMapping.objects.select_for_update().filter(name=name))  # the newest comes first
    stands = next((one for one in versions if one.stands), None)
    if amends is None and stands is not None:
        raise Refused(f"There is a mapping {name} already; amend it, or choose another name.")
    if amends is not None and stands != amends:
        raise Refused(
            "Somebody amended or retired this mapping meanwhile. Begin from the version that stands."
        )
    if stands is not None:
        _retire(stands, by)
    made = ReleaseMapping.objects.create(
        name=name,
        version=versions[0].version + 1 if versions else 1,
        label=label.strip(),
        source=source,
        table=specification.table,
        specification=specification.as_dict(),
        columns=columns,
        note=note.strip(),
        made_by=by.get_username(),
    )
    event = "mapping_amended" if amends is not None else "mapping_saved"
    detail = {"name": name, "version": made.version, "note": made.note}
    audit.record(event_type=event, by=by.get_username(), target=made, detail=detail)
    return made


@transaction.atomic
def retire(*, mapping: ReleaseMapping, by: AbstractBaseUser) -> ReleaseMapping:
    """Take a mapping out of use. It stays on record with the loads that were read with it; twice changes nothing."""
    check(by, Permission.LOAD)
    mapping = ReleaseMapping.objects.select_for_update().get(pk=mapping.pk)
    if not mapping.stands:
        return mapping
    _retire(mapping, by)
    detail = {"name": mapping.name, "version": mapping.version}
    audit.record(event_type="mapping_retired", by=by.get_username(), target=mapping, detail=detail)
    return mapping


def _retire(mapping: ReleaseMapping, by: AbstractBaseUser) -> None:
    mapping.retired_at, mapping.retired_by = timezone.now(), by.get_username()
    mapping.save(update_fields=["retired_at", "retired_by"])


def all_faults(spec: Specification) -> list[tuple[str, str]]:
    """What a specification lacks, by itself and beside the measures that the store holds."""
    found = list(faults(spec))
    name = spec.words.get("measure_id", "")
    categories = set(Category.objects.filter(measure=name).values_list("category_id", flat=True))
    targets = {one.target for one in spec.series}
    if spec.table == FIGURES:
        new = targets - set(LocalMeasure.objects.filter(pk__in=targets).values_list("pk", flat=True))
        found += [
            ("series", f"“{one}” is no identifier: lower-case words and digits joined by single hyphens.")
            for one in sorted(targets)
            if not IDENTIFIER.match(one)
        ]
        if not new:
            return found
        for word in ("unit", "base", "level"):
            if not spec.words.get(word, "").strip():
                found.append(
                    (word, f"Say the {word} of the local measures that are new: {', '.join(sorted(new))}.")
                )
        named = {one.category for one in spec.series if one.target in new and one.category}
    else:
        named = {one for one in targets if one}
    if name and not Measure.objects.filter(pk=name).exists():
        found.append(("measure_id", f"There is no measure {name!r}."))
    elif not name and spec.table == FIGURES:
        found.append(("measure_id", "Say which national measure the new local measures are a part of."))
    elif name:
        for one in sorted(named - categories):
            known = ", ".join(sorted(categories)) or "none"
            found.append(("series", f"The measure {name} has no category {one!r}. It has: {known}."))
    return found

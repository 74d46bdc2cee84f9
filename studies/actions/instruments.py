"""Add an instrument, or a new version of one. What is there is never changed: appraisals keep what they used."""

from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from ..exceptions import Refused
from ..loading.instruments import check_instruments
from ..loading.outcome import Checked, Known
from ..models import Instrument
from ..permissions import Permission, check
from ..vocabulary import Rating
from . import audit
from .loads import wait_for_loads
from .tables import save_instrument, stored_instruments


class InvalidDescription(Refused):
    """The description cannot be used; `problems` holds one sentence for each fault."""

    def __init__(self, problems: list[str]):
        super().__init__(" ".join(problems))
        self.problems = problems


def check_description(data: Any) -> dict[str, Any]:
    """The description, complete and sound, as it would be stored. Raises `InvalidDescription`."""
    if not isinstance(data, dict):
        raise InvalidDescription(["An instrument is described by an object with named values."])
    versions = stored_instruments()
    known, checked = Known({}), Checked()
    known.versions = dict(versions)
    check_instruments([data], known, checked)
    problems = [issue.message for issue in checked.issues]
    if not problems:
        strange = [level["value"] for level in data["ratings"] if level["value"] not in Rating.values]
        problems = [
            f"“{value}” is no rating of this product; it knows {', '.join(Rating.values)}."
            for value in strange
        ]
        order = [value for value in Rating.values if value in {level["value"] for level in data["ratings"]}]
        if not problems and [level["value"] for level in data["ratings"]] != order:
            problems = [f"The ratings stand with the best first, as everywhere here: {', '.join(order)}."]
    if not problems and (data["instrument_id"], data["version"]) in versions:
        problems = [
            f"Version {data['version']} of this instrument is there already. Give the new one another number."
        ]
    if problems:
        raise InvalidDescription(problems)
    return checked.instruments[0]


@transaction.atomic
def add(*, description: Any, by: AbstractBaseUser) -> Instrument:
    """Store a new instrument or version. Raises `NotAllowed`, or `InvalidDescription` with every fault."""
    check(by, Permission.MANAGE_INSTRUMENTS)
    wait_for_loads()
    made = save_instrument(check_description(description))
    audit.record(
        event_type="instrument_added",
        by=by.get_username(),
        target=made,
        detail={"instrument": made.instrument_id, "version": made.version},
    )
    return made

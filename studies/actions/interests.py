"""An author decides nothing about the own source: neither as its appraiser nor as a lead reviewer."""

from django.contrib.auth.models import AbstractBaseUser

from ..appraisal.authors import is_author
from ..exceptions import ConflictOfInterest
from ..models import Source


def check_no_author(person: AbstractBaseUser, source: Source) -> None:
    """Raises `ConflictOfInterest` where the person's name stands among the authors of the source."""
    if is_author(person.first_name, person.last_name, source.authors):
        raise ConflictOfInterest(
            f"{person.get_full_name()} is an author of this source and cannot appraise it or decide about its rating."
        )

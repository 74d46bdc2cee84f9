"""One named class for each refusal. The message is a sentence for the person who asked."""

from django.core.exceptions import PermissionDenied


class Refused(Exception):
    """An action cannot be done as things stand; the message says why and what would be right."""


class NotAllowed(PermissionDenied):
    """The person's role does not allow it. Pages answer 403."""


class StaleForm(Refused):
    """Somebody changed the record since the form was opened."""


class NotNow(Refused):
    """The step does not start from the present state of the record."""


class Incomplete(Refused):
    """Something is still lacking; `faults` says what and where."""

    def __init__(self, faults):
        super().__init__(" ".join(fault.message for fault in faults))
        self.faults = faults


class ConflictOfInterest(Refused):
    """The person may not appraise this source."""

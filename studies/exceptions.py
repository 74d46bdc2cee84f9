"""One named class for each refusal. The message is a sentence for the person who asked."""

from django.core.exceptions import PermissionDenied


class Refused(Exception):
    """An action cannot be done as things stand; the message says why and what would be right."""


class NotAllowed(PermissionDenied):
    """The person's role does not allow it. Pages answer 403."""


class StaleForm(Refused):
    """Somebody changed the record since the form was opened."""

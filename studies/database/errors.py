"""The one refusal of this package."""

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import CommandError


class DatabaseUnavailable(ImproperlyConfigured, CommandError):
    """There is no database to work with; the text is one sentence for the person at the keyboard.

    A wrong setting to Django, and also a CommandError: every management command then ends with the
    sentence and exit code 1 instead of a traceback.
    """

"""What every command that works on the store needs first: a database that answers, with our tables in it."""

import sys
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from studies.database import DatabaseUnavailable


UNUSABLE = 2
"""Exit code of a command that could not begin."""


class StoreCommand(BaseCommand):
    """A command on the store.

    The embedded database is ours alone, so its tables are made, or brought up to date, without asking. On a server
    that DATABASE_URL names they are somebody's to make: one sentence says how, and the command ends with 2.
    """

    # The checks of the addresses would import every page, with the charts and the sums: seconds for nothing.
    requires_system_checks: list[str] = []

    def execute(self, *args: Any, **options: Any) -> str | None:
        try:
            missing = tables_missing()
        except (DatabaseError, DatabaseUnavailable, ImproperlyConfigured) as problem:
            self.stderr.write(f"The database cannot be used: {' '.join(str(problem).split())}")
            sys.exit(UNUSABLE)
        if missing and settings.DATABASES["default"]["ENGINE"] == "studies.embedded":
            call_command("migrate", verbosity=0, interactive=False)
        elif missing:
            name = connection.settings_dict["NAME"]
            self.stderr.write(
                f"The database {name} lacks tables of this version; run manage.py migrate first."
            )
            sys.exit(UNUSABLE)
        return super().execute(*args, **options)


def tables_missing() -> bool:
    """Whether a migration is not applied yet. Raises the error of a database that does not answer."""
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))

"""What every command that works on the store needs first: a database that answers, with our tables in it."""

import sys
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from studies.actions.loads import LoadReport
from studies.actions.progress import Progress, no_progress
from studies.database import DatabaseUnavailable
from studies.vocabulary import Outcome

from .progress_bar import ProgressBar


UNUSABLE = 2
"""Exit code of a command that could not begin."""

INTERRUPTED = 130
"""Exit code of a command that Ctrl-C ended: 128 and the number of the signal, as shells have it."""


class StoreCommand(BaseCommand):
    """A command on the store.

    The embedded database is ours alone, so its tables are made, or brought up to date, without asking. On a server
    that DATABASE_URL names they are somebody's to make: one sentence says how, and the command ends with 2.
    """

    saved = False
    """Whether the command has saved what it was to save; said when it is interrupted."""

    bar: ProgressBar | None = None

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
        try:
            return super().execute(*args, **options)
        except KeyboardInterrupt:
            # Everything is one transaction, so that whatever was written by then is undone.
            self.stderr.write(
                f"\nInterrupted; {'it was saved already' if self.saved else 'nothing was saved'}."
            )
            sys.exit(INTERRUPTED)

    @staticmethod
    def outcome_in_words(report: LoadReport, *, dry_run: bool) -> str:
        """The end of the last line: whether anything was saved, and why not."""
        if dry_run:
            return "nothing was saved (dry run)"
        if not report.committed:
            return "nothing was saved"
        taken = (Outcome.NEW, Outcome.CHANGED, Outcome.MERGED)
        return "saved" if any(report.counts[one] for one in taken) else "nothing to save, all of it is held"

    def progress(self) -> Progress:
        """A bar on a terminal, nothing elsewhere."""
        if not self.stderr.isatty():
            return no_progress
        self.bar = ProgressBar(self.stderr)
        return self.bar

    def end_progress(self) -> None:
        """Say that the work is over, before anything is said of it."""
        if self.bar is not None:
            self.bar.end()


def tables_missing() -> bool:
    """Whether a migration is not applied yet. Raises the error of a database that does not answer."""
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))

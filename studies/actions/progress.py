"""Say how far long work is while its transaction is open, and stop it when that is asked for."""

import time
from collections.abc import Callable
from types import TracebackType

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import timezone

from ..models import LoadTask


Progress = Callable[[str, int, int | None], None]
"""Told what is going on, how many records are done, and of how many (None while that is not known).

Called between records, never in the middle of a statement, so that it may raise to end the work.
"""

PERIOD = 0.5
"""Seconds between two writes of the progress, so that watching costs next to nothing."""


def no_progress(step: str, done: int, whole: int | None) -> None:
    """For who does not want to know."""


class Stopped(Exception):
    """The work was asked to end: "cancel" by a person, "shutdown" by the end of its worker."""


class ProgressLine:
    """Writes the progress of a task over a connection of its own, since its work's transaction shows nothing yet.

    `asked_to_stop` is asked at every call; where it names a reason, `Stopped` is raised, and the work's
    transaction is undone.
    """

    def __init__(self, task: int, asked_to_stop: Callable[[], str | None]):
        self.task = task
        self.asked_to_stop = asked_to_stop
        self.step = ""
        self.due = 0.0
        self.connection: BaseDatabaseWrapper = connections.create_connection(DEFAULT_DB_ALIAS)

    def __enter__(self) -> "ProgressLine":
        self._write(started_at=timezone.now(), step="", done=0, whole=None)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.connection.close()

    def __call__(self, step: str, done: int, whole: int | None) -> None:
        reason = self.asked_to_stop()
        if reason:
            raise Stopped(reason)
        now = time.monotonic()
        if step == self.step and now < self.due:
            return
        self.step, self.due = step, now + PERIOD
        self._write(step=step, done=done, whole=whole)

    def _write(self, **values: object) -> None:
        quote = self.connection.ops.quote_name
        columns = ", ".join(f"{quote(name)} = %s" for name in values)
        with self.connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE {quote(LoadTask._meta.db_table)} SET {columns} WHERE id = %s",
                [*values.values(), self.task],
            )

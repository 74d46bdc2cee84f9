"""What the queue carries out. How it is asked and run is in `queue`; what is done is in `actions.queued`."""

from django.db import OperationalError
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.exceptions import JobAborted
from procrastinate.job_context import AbortReason

from .actions import queued
from .actions.progress import Stopped
from .queue import MOST_TRIES, QUEUE, TASK


# Work is begun again after the end of its worker, or of the database's, but not after a fault of its own.
AGAIN = RetryStrategy(max_attempts=MOST_TRIES, wait=1, retry_exceptions=[JobAborted, OperationalError])
REASONS = {AbortReason.USER_REQUEST: "cancel", AbortReason.SHUTDOWN: "shutdown"}


@app.task(name=TASK, queue=QUEUE, pass_context=True, retry=AGAIN)
def work_on_load(context: JobContext, *, task: int) -> None:
    """Read, commit or revert a load."""

    def asked_to_stop() -> str | None:
        reason = context.abort_reason()
        return REASONS[reason] if reason is not None else None

    try:
        queued.carry_out(task=task, asked_to_stop=asked_to_stop)
    except Stopped as stop:
        raise JobAborted from stop

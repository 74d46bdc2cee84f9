"""What the queue carries out. How it is asked and run is in `queue`; what is done is in `actions.queued`."""

from django.db import OperationalError
from procrastinate import BaseRetryStrategy, JobContext, RetryDecision, RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.exceptions import JobAborted
from procrastinate.job_context import AbortReason
from procrastinate.jobs import Job

from .actions import queued
from .actions.progress import Stopped
from .queue import MOST_TRIES, QUEUE, TASK


# Work is begun again after the end of its worker, or of the database's, but not after a fault of its own. What a worker
# gives up when it is told to end waits at once: `worker --once` of a second later would find nothing, and end.
GIVEN_UP = RetryStrategy(max_attempts=MOST_TRIES, retry_exceptions=[JobAborted])
DATABASE_LOST = RetryStrategy(max_attempts=MOST_TRIES, wait=1, retry_exceptions=[OperationalError])


class Again(BaseRetryStrategy):
    """When work is begun again; None for never."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        return GIVEN_UP.get_retry_decision(exception=exception, job=job) or DATABASE_LOST.get_retry_decision(
            exception=exception, job=job
        )


REASONS = {AbortReason.USER_REQUEST: "cancel", AbortReason.SHUTDOWN: "shutdown"}


@app.task(name=TASK, queue=QUEUE, pass_context=True, retry=Again())
def work_on_load(context: JobContext, *, task: int) -> None:
    """Read, commit or revert a load."""

    def asked_to_stop() -> str | None:
        reason = context.abort_reason()
        return REASONS[reason] if reason is not None else None

    try:
        queued.carry_out(task=task, asked_to_stop=asked_to_stop)
    except Stopped as stop:
        raise JobAborted from stop

"""The queue of long work: procrastinate, in our own PostgreSQL. Asking it, and running its worker.

A job is put into the queue in the transaction of what it belongs to, so neither is ever without the other. A worker
that dies takes its job with it only until its heartbeat is missed: then the job is given to another.
"""

import asyncio
import os
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

from asgiref.sync import sync_to_async
from django.utils import timezone
from procrastinate import jobs
from procrastinate.app import App
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob, ProcrastinateWorker


QUEUE = "loads"
TASK = "studies.tasks.work_on_load"

HEARTBEAT = 5.0
"""Seconds between two signs of life of a worker."""

MISSED = 3
"""Heartbeats that a worker may miss before it is taken for dead."""

MOST_TRIES = 5
"""Times that one job is begun again. A file that brings down every worker must not do so for ever."""

GRACE = 1.0
"""Seconds that work in hand is given to end by itself when its worker is told to stop; then it is interrupted."""

RUNNING = ("todo", "doing")


def put(task: int, load: int) -> int:
    """Queue the work of a task; returns the number of the job. Jobs of one load run one after the other."""
    number: int = app.configure_task(TASK, queue=QUEUE, lock=f"load-{load}").defer(task=task)
    return number


def take_out(job: int) -> bool:
    """Take a job out of the queue. False where it runs already: it is then told to stop at its next record."""
    app.job_manager.cancel_job_by_id(job, abort=True)
    return ProcrastinateJob.objects.filter(pk=job, status="cancelled").exists()


def is_lost(job: int | None) -> bool:
    """Whether the queue no longer has a job that its task still waits for."""
    return not ProcrastinateJob.objects.filter(pk=job, status__in=RUNNING).exists()


def worker_is_alive() -> bool:
    """Whether any worker has given a sign of life lately."""
    since = timezone.now() - timedelta(seconds=HEARTBEAT * MISSED)
    return ProcrastinateWorker.objects.filter(last_heartbeat__gte=since).exists()


def run_worker(*, heartbeat: float = HEARTBEAT, once: bool = False, parent: int | None = None) -> None:
    """Work on the queue until told to stop by SIGINT or SIGTERM.

    `once` ends when the queue is empty; `parent` is the process that started this one and that it must not outlive.
    """

    def stay() -> bool:
        return parent is None or os.getppid() == parent

    connector = app.connector.get_worker_connector()
    with app.replace_connector(connector) as worker_app:
        asyncio.run(_work(worker_app, heartbeat, once, stay))


async def _work(worker_app: App, heartbeat: float, once: bool, stay: Callable[[], bool]) -> None:
    async with worker_app.open_async():
        await _give_back(worker_app, heartbeat * MISSED)
        working = asyncio.create_task(
            worker_app.run_worker_async(
                queues=[QUEUE],
                wait=not once,
                fetch_job_polling_interval=heartbeat,
                abort_job_polling_interval=1.0,
                shutdown_graceful_timeout=GRACE,
                delete_jobs=jobs.DeleteJobCondition.SUCCESSFUL,
                update_heartbeat_interval=heartbeat,
                stalled_worker_timeout=heartbeat * MISSED,
            )
        )
        watching = asyncio.create_task(_watch(worker_app, heartbeat, stay, working))
        try:
            with suppress(asyncio.CancelledError):
                await working
        finally:
            watching.cancel()
            with suppress(asyncio.CancelledError):
                await watching


async def _watch(worker_app: App, heartbeat: float, stay: Callable[[], bool], working: asyncio.Task) -> None:
    """Give the jobs of dead workers back, and end the worker when it is no longer to stay."""
    waited = 0.0
    while True:
        await asyncio.sleep(min(heartbeat, 1.0))
        waited += min(heartbeat, 1.0)
        if not stay():
            working.cancel()
            return
        if waited >= heartbeat:
            waited = 0.0
            await _give_back(worker_app, heartbeat * MISSED)


async def _give_back(worker_app: App, silence: float) -> None:
    """Queue again what dead workers had begun, and close the tasks whose jobs are gone for good."""
    from .actions.queued import close_lost  # the actions ask this module to queue work

    manager = worker_app.job_manager
    for job in await manager.get_stalled_jobs(queue=QUEUE, seconds_since_heartbeat=silence):
        if job.attempts >= MOST_TRIES:
            await manager.finish_job(job, status=jobs.Status.FAILED, delete_job=False)
        else:
            await manager.retry_job(job)
    await sync_to_async(close_lost)()

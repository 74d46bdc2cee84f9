"""Carry out what waits in the queue: reading, committing and reverting large loads."""

from django.core.management.base import CommandError, CommandParser

from studies import queue
from studies.management.store_command import StoreCommand


class Command(StoreCommand):
    help = (
        "Read, commit and revert large loads in the background, until stopped by Ctrl-C or kill. Run one beside the "
        "web server, and more where many people load. One that is killed leaves nothing half done."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="end when nothing waits any more")
        parser.add_argument(
            "--heartbeat",
            type=float,
            default=queue.HEARTBEAT,
            metavar="SECONDS",
            help="time between two signs of life; after three missed ones another worker takes over",
        )
        parser.add_argument(
            "--until-end-of",
            type=int,
            metavar="PID",
            help="end as well when the process that started this one, of that number, is gone",
        )

    def handle(self, *args, once: bool, heartbeat: float, until_end_of: int | None, **options) -> None:
        if not 0.1 <= heartbeat <= queue.HEARTBEAT:
            raise CommandError(f"A heartbeat is 0.1 to {queue.HEARTBEAT:g} seconds.")
        self.stdout.write("Working on the queue. Press Ctrl-C to stop.")
        self.stdout.flush()
        queue.run_worker(heartbeat=heartbeat, once=once, parent=until_end_of)

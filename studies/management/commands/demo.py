"""Everything in one go: database, tables, the shipped evidence, and a server on this machine only."""

import os
import socket
import subprocess
import sys
import webbrowser
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, connection, connections
from django.db.migrations.recorder import MigrationRecorder

from studies import database
from studies.actions import accounts, loads
from studies.loading.layout import read_base
from studies.models import Source


HOST = "127.0.0.1"
FIRST_PORT = 8000
PORTS_TRIED = 50
BACKLOG = 128


class Command(BaseCommand):
    help = (
        "Start the product: the embedded database (or that of DATABASE_URL), its tables, the shipped evidence if "
        "the base is empty, a web server on 127.0.0.1, and a worker for large loads. Ctrl-C leaves nothing running."
    )
    # The checks run within `migrate`; the database may not exist yet.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--port", type=int, default=FIRST_PORT, help="the next free one is used if it is taken"
        )
        parser.add_argument("--data-dir", type=Path, help="where the embedded database keeps its data")
        parser.add_argument("--no-browser", action="store_true", help="do not open a browser")
        parser.add_argument("--reset", action="store_true", help="remove the embedded database first")

    def handle(
        self, *args, port: int, data_dir: Path | None, no_browser: bool, reset: bool, **options
    ) -> None:
        if not 0 <= port <= 65_535:
            raise CommandError(f"There is no port {port}; ports go from 0 to 65535.")
        embedded = settings.DATABASES["default"]["ENGINE"] == "studies.embedded"
        if data_dir is not None:
            if not embedded:
                raise CommandError(
                    "--data-dir is for the embedded database, but DATABASE_URL names a server."
                )
            os.environ["EVIDENCE_DATA_DIR"] = str(data_dir.resolve())
        try:
            if reset:
                self.reset(embedded)
            self.prepare(embedded)
        except database.DatabaseUnavailable as problem:
            raise CommandError(str(problem)) from None
        except DatabaseError as problem:
            raise CommandError(f"The database cannot be used: {str(problem).strip()}") from None
        listener = self.listen(port)
        connections.close_all()  # a connection does not survive the fork of the server's worker
        queue_worker = start_queue_worker()
        try:
            self.serve(listener, no_browser)
        finally:
            queue_worker.terminate()
            queue_worker.wait()
            if embedded:
                connections.close_all()
                database.stop()

    def reset(self, embedded: bool) -> None:
        """Remove the embedded database; a server's database is never removed from here."""
        if not embedded:
            raise CommandError(
                "--reset is for the embedded database only; the base of DATABASE_URL was left alone."
            )
        removed = database.reset()
        self.stdout.write(
            f"Removed {', '.join(map(str, removed))}." if removed else "There was nothing to remove."
        )

    def prepare(self, embedded: bool) -> None:
        """A base with our tables, and the shipped evidence in it if it was empty."""
        if embedded:
            self.stdout.write(f"Database: embedded, in {database.data_folder()}")
        else:
            server = settings.DATABASES["default"]
            self.stdout.write(
                f"Database: {server['NAME']} on {server['HOST'] or 'this machine'} (DATABASE_URL)"
            )
        refuse_a_stranger()
        call_command("migrate", verbosity=0, interactive=False)
        if Source.objects.exists():
            self.stdout.write(
                f"The base holds {Source.objects.count():,} sources already; nothing was loaded."
            )
        else:
            report = loads.load_evidence(base=read_base(settings.EVIDENCE_BASE), by="demo")
            if not report.committed:
                raise CommandError(f"The shipped evidence was refused: {report.issues[0]['message']}")
            self.stdout.write(f"Loaded the shipped evidence: {report.records:,} records.")
        if embedded:
            for name, password in accounts.make_demo_accounts():
                self.stdout.write(f"Made the account {name} with the password {password} (shown this once).")

    def listen(self, port: int) -> socket.socket:
        """A listening socket on the port asked for, or on the next free one, which is said."""
        for candidate in [0] if port == 0 else range(port, min(port + PORTS_TRIED, 65_536)):
            listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
            # A port whose last server has just ended is free; a port in use is refused all the same.
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                listener.bind((HOST, candidate))
            except OSError:
                listener.close()
                continue
            if candidate not in (0, port):
                self.stdout.write(f"Port {port} is taken; using {candidate}.")
            listener.listen(BACKLOG)
            listener.set_inheritable(True)
            return listener
        raise CommandError(f"No free port from {port} to {port + PORTS_TRIED - 1}; name another with --port.")

    def serve(self, listener: socket.socket, no_browser: bool) -> None:
        """Serve until told to stop. The address is printed once requests are answered."""
        from django.core.wsgi import get_wsgi_application
        from django.urls import get_resolver
        from gunicorn.app.base import BaseApplication

        address = f"http://{HOST}:{listener.getsockname()[1]}/"
        stdout = self.stdout

        def say_ready(worker) -> None:
            stdout.write(f"Serving on {address}")
            stdout.write("Press Ctrl-C to stop.")
            stdout.flush()
            if not no_browser and sys.stdout.isatty():
                webbrowser.open(address)

        class Server(BaseApplication):
            def load_config(self) -> None:
                self.cfg.set("bind", [f"fd://{listener.fileno()}"])
                self.cfg.set("workers", 1)
                self.cfg.set("worker_class", "gthread")
                self.cfg.set("threads", 4)
                # A long question is answered by a page that says so, not by a bare refusal of the server.
                self.cfg.set("limit_request_line", 0)
                self.cfg.set("loglevel", "warning")
                self.cfg.set("post_worker_init", say_ready)

            def load(self):
                application = get_wsgi_application()
                _ = get_resolver().url_patterns  # load the pages before the first reader waits for them
                return application

        os.environ.pop("GUNICORN_CMD_ARGS", None)
        Server().run()


def start_queue_worker() -> subprocess.Popen:
    """A process of its own that reads large loads; it ends with this one, also where this one is killed."""
    manage = settings.BASE_DIR / "manage.py"
    return subprocess.Popen(
        [sys.executable, manage, "worker", "--until-end-of", str(os.getpid())],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )


def refuse_a_stranger() -> None:
    """Stop if the base has tables and they are not this product's.

    Raises `CommandError`; nothing has been written by then.
    """
    tables = connection.introspection.table_names()
    if not tables:
        return
    recorder = MigrationRecorder(connection)
    ours = recorder.has_table() and any(app == "studies" for app, _ in recorder.applied_migrations())
    if not ours:
        shown = ", ".join(sorted(tables)[:5])
        name = connection.settings_dict["NAME"]
        raise CommandError(f"The database {name} holds something else ({shown}); it was left untouched.")

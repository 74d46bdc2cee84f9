"""A worker as a process of its own, on the tests' database, and files that take it a while."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

from django.db import connection


ROOT = Path(__file__).resolve().parents[3]
PATIENCE = 120
HEARTBEAT = 0.5


def address_of_database() -> str:
    """DATABASE_URL of the database that this test uses."""
    connection.ensure_connection()
    info = connection.connection.info
    known = {"host": info.host, "port": info.port, "password": info.password}
    options = "&".join(f"{name}={quote(str(value), safe='')}" for name, value in known.items() if value)
    return f"postgres://{quote(info.user)}@/{info.dbname}?{options}"


@contextlib.contextmanager
def worker(*options: str) -> Iterator[subprocess.Popen]:
    """A running worker; ended, whatever became of it, with the block."""
    process = subprocess.Popen(
        [sys.executable, "manage.py", "worker", "--heartbeat", str(HEARTBEAT), *options],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": address_of_database(), "PYTHONUNBUFFERED": "1"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(20)
        if process.poll() is None:
            process.kill()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()


def wait_for(condition: Callable[[], object], what: str) -> None:
    """Until something is so. Fails after two minutes."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, f"waited in vain for {what}"
        time.sleep(0.02)


def large_file(path: Path, records: int = 6_000) -> Path:
    """References that are all different."""
    with path.open("w", encoding="utf-8") as file:
        for number in range(records):
            file.write(
                f"TY  - JOUR\nAU  - Author{number}, A.\nTI  - Returns of area {number} on attendance, season "
                f"{number % 97}\nPY  - {1990 + number % 30}\nDO  - 10.1234/large.{number}\n"
                f"AB  - {'What the returns say of the area. ' * 12}\nER  - \n"
            )
    return path

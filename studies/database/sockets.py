"""Where the server listens: in a folder that only its user may enter, with an address that is short enough."""

import os
import tempfile
from pathlib import Path

from studies.database import folders
from studies.database.account import Account


PORT = 5432  # only part of the socket's name; nothing listens on the network
# Bytes of a socket's path that macOS takes (Linux takes 107): one limit, one behaviour.
LONGEST_PATH = 103
RECORD = "socket-folder"


def socket_folder(home: Path) -> Path:
    """The folder beside the data, or if its path is too long the short one that the home has on record."""
    beside = home / "socket"
    return beside if _fits(beside) else _recorded(home) or beside


def make_socket_folder(home: Path, account: Account | None) -> Path:
    """The same, made ready for a server that is about to start; any socket in it is a dead server's."""
    folder = socket_folder(home)
    if not _fits(folder) or (folder.parent != home and not _is_private(folder, account)):
        # Not where TMPDIR points: on a Mac that is itself half as long as a socket's path may be.
        folder = Path(tempfile.mkdtemp(prefix="evidence-", dir="/tmp"))
        folders.write(home / RECORD, f"{home}\n{folder}\n")
    folders.own_folder(folder, account)
    (folder / f".s.PGSQL.{PORT}.lock").unlink(missing_ok=True)
    return folder


def _fits(folder: Path) -> bool:
    """Whether the system and libpq take a socket's address in the folder; a comma would make two hosts of it."""
    return len(os.fsencode(folder / f".s.PGSQL.{PORT}")) <= LONGEST_PATH and "," not in str(folder)


def _recorded(home: Path) -> Path | None:
    """The short folder, if the record is this home's: a copied or moved home must not lead to the original's."""
    try:
        recorded_home, folder = (home / RECORD).read_text().splitlines()
    except (FileNotFoundError, ValueError):
        return None
    return Path(folder) if recorded_home == str(home) else None


def _is_private(folder: Path, account: Account | None) -> bool:
    """Whether a folder in a place that all may write to is the server's user's, and closed to others."""
    try:
        status = folder.lstat()
    except OSError:
        return False
    return status.st_mode == 0o040700 and status.st_uid == (account.uid if account else os.geteuid())

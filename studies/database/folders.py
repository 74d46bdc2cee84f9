"""Where the embedded database keeps its data, and whether a folder may be taken for it.

<data folder>/                 EVIDENCE_DATA_DIR, or a place of the user's own
    pg18/                      the cluster's home, one for each major version; only this is ours to remove
        evidence-synthesis.txt the mark that it is ours
        data/                  PostgreSQL's own files, owned by the user whom the server runs as
        socket/                where the server listens, closed to everybody else
        server.conf, pg_hba.conf, server.log, *.lock
    postgresql-18.6-1a2b3c4d/  copy of the programs, made only if the server's user cannot read the originals

Root writes in the home alone and never in `data` or `socket`, where the server's user could plant links.
No folder above the home ever has its mode or owner changed.
"""

import contextlib
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from studies.database.account import Account
from studies.database.errors import DatabaseUnavailable


VARIABLE = "EVIDENCE_DATA_DIR"
APPLICATION = "evidence-synthesis"
MARK = f"{APPLICATION}.txt"
MARK_TEXT = "This folder holds an embedded PostgreSQL database of the evidence synthesis application.\n"


def data_folder() -> Path:
    """The folder that the environment names, else the user's own; asked anew each time."""
    named = os.environ.get(VARIABLE, "").strip()
    if named:
        return Path(os.path.realpath(os.path.expanduser(named)))
    if os.geteuid() == 0:
        return Path("/var/lib") / APPLICATION
    home = os.path.expanduser("~")
    if not os.path.isabs(home):
        raise DatabaseUnavailable(f"This user has no home folder: name a folder for the data in {VARIABLE}.")
    if sys.platform == "darwin":
        return Path(home, "Library/Application Support", APPLICATION)
    shared = os.environ.get("XDG_DATA_HOME", "")
    # The specification of the variable says that a relative path in it is to be ignored.
    return Path(os.path.realpath(shared if os.path.isabs(shared) else f"{home}/.local/share"), APPLICATION)


def homes(folder: Path) -> list[Path]:
    """The clusters of ours in a data folder, by their marks."""
    return sorted(
        mark.parent for mark in folder.glob(f"pg*/{MARK}") if re.fullmatch(r"pg\d+", mark.parent.name)
    )


def claim(home: Path) -> None:
    """Make the home folder, or see that it is ours. A folder with anything else in it stays as it is."""
    folder = home.parent
    if (folder / "PG_VERSION").exists():
        raise DatabaseUnavailable(
            f"{folder} is itself a PostgreSQL data folder; choose an empty folder in {VARIABLE}."
        )
    if not (home / MARK).exists():
        if home.exists() and os.listdir(home):
            raise DatabaseUnavailable(
                f"{home} holds something that this application did not put there, so nothing was changed; "
                f"choose another folder in {VARIABLE}."
            )
        others = homes(folder) if folder.exists() else []
        if others and not home.exists():
            raise DatabaseUnavailable(
                f"The database in {others[-1]} was made by PostgreSQL {others[-1].name[2:]}, and PostgreSQL "
                f"{home.name[2:]}, found here, cannot read it: name the programs of the old version in "
                f"EVIDENCE_POSTGRES_BIN, or choose another folder in {VARIABLE} and restore a backup there."
            )
        _make(home)
        (home / MARK).write_text(MARK_TEXT)


def own_folder(path: Path, account: Account | None) -> Path:
    """A folder that only the server's user (and root) may enter; made if missing."""
    path.mkdir(mode=0o700, exist_ok=True)
    if account:
        os.chown(path, account.uid, account.gid, follow_symlinks=False)
    return path


def version_of(data: Path) -> int | None:
    """Major version of PostgreSQL that wrote the data, None where there is none yet."""
    try:
        return int((data / "PG_VERSION").read_text())
    except FileNotFoundError:
        return None
    except ValueError as error:
        raise DatabaseUnavailable(f"{data} is damaged: its PG_VERSION holds no version.") from error


def write(path: Path, text: str) -> None:
    """A small file in the home, complete or not at all; the home's own mode decides who gets to it."""
    new = path.with_name(f"{path.name}.new")
    new.unlink(missing_ok=True)
    new.write_text(text)
    new.chmod(0o644)
    new.replace(path)


def open_private(path: Path, flags: int) -> int:
    """Descriptor of a file in the home for its owner alone, made if missing. A link in its place is refused."""
    descriptor = os.open(path, flags | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    owner = os.stat(path.parent)
    if os.geteuid() == 0 and owner.st_uid != 0:
        # Root works in somebody else's folder for once: its owner must be able to open the file later.
        os.fchown(descriptor, owner.st_uid, owner.st_gid)
    return descriptor


@contextlib.contextmanager
def refusals_in_words(folder: Path) -> Iterator[None]:
    """What the operating system refuses, as one sentence that names the folder."""
    try:
        yield
    except OSError as error:
        raise DatabaseUnavailable(
            f"The embedded database cannot use the folder {folder}: {(error.strerror or str(error)).lower()} "
            f"({error.filename or 'no file named'}); choose another in {VARIABLE}, "
            "or name a running server in DATABASE_URL."
        ) from error


def _make(home: Path) -> None:
    """The home and the folders above it that do not exist yet, with modes that no umask decides.

    What root makes can be passed by the server's user; what an ordinary user makes is theirs alone.
    """
    mode = 0o755 if os.geteuid() == 0 else 0o700
    for path in [*(each for each in reversed(home.parents) if not each.exists()), home]:
        with contextlib.suppress(FileExistsError):  # six processes may make it at once
            path.mkdir()
            path.chmod(mode)
    home.chmod(0o711 if home.stat().st_uid == 0 else 0o700)

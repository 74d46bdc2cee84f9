"""A copy of the programs for a server that root starts from a place that is closed to the server's user."""

import os
import shutil
import tempfile
import zlib
from pathlib import Path

from studies.database.account import Account
from studies.database.binaries import NEEDED, VARIABLE, Installation
from studies.database.errors import DatabaseUnavailable
from studies.database.folders import APPLICATION


# Where the copy goes if the data folder, too, lies in a closed place.
OPEN_PLACE = Path("/var/lib") / APPLICATION


def readable_copy(installation: Installation, folder: Path, account: Account | None) -> Installation:
    """The installation itself if the server's user can run it, else a copy (41 MB) in the data folder.

    The usual case is a virtual environment below /root: opening that to others is not ours to do.
    """
    if account is None or _runs_for(account, installation):
        return installation
    if not installation.bundle:
        raise DatabaseUnavailable(
            f"The database server, started by root, runs as the user '{account.name}', who cannot run the "
            f"programs in {installation.folder}: name others in {VARIABLE}, or start this program as an "
            "ordinary user."
        )
    # The programs find their libraries by the place of the bundle's folders to each other.
    base = installation.bundle[0].parent.parent
    # The build is part of the name, so that a copy in use is never replaced.
    build = zlib.crc32(installation.program("postgres").read_bytes())
    place = folder if account.can("-x", folder) else OPEN_PLACE
    target = place / f"postgresql-{installation.version}-{build:08x}"
    if not target.exists():
        place.mkdir(mode=0o755, exist_ok=True)
        new = Path(tempfile.mkdtemp(prefix=f"{target.name}.new-", dir=place))
        for part in filter(Path.exists, installation.bundle):
            shutil.copytree(part, new / part.relative_to(base), symlinks=True)
        _open(new)
        try:
            new.rename(target)
        except OSError:
            shutil.rmtree(new)
            if not target.exists():  # otherwise another process was faster
                raise
    return Installation(target / installation.folder.relative_to(base), installation.version)


def _runs_for(account: Account, installation: Installation) -> bool:
    files = [installation.program(name) for name in NEEDED]
    for part in installation.bundle:
        # One file of the data that initdb reads stands for all: they were installed in one go.
        files += sorted(part.glob("share/**/postgres.bki"))
    return account.can("-r", *files) and account.can("-x", *files[: len(NEEDED)])


def _open(top: Path) -> None:
    """All may read our own copy, as they may read PostgreSQL in /usr/lib; only root may change it."""
    top.chmod(0o755)
    for place, folders, files in os.walk(top):
        for name in (*folders, *files):
            path = Path(place, name)
            if not path.is_symlink():
                path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)

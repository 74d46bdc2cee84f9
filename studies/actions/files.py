"""Files as they came: their fingerprint, and their bytes in the store."""

import hashlib
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ..exceptions import Refused
from ..models import Load, LoadPart


PART = 4 * 1024 * 1024
"""Bytes of one row. PostgreSQL would take a gigabyte, but a statement and its row are both held in memory."""


def sha256_of(file: Path) -> str:
    """SHA-256 of a file's bytes, in hexadecimal."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def lines_of(file: Path) -> int:
    """How many lines a text file has, whichever of the usual line ends it uses."""
    ends = returns = 0
    with file.open("rb") as opened:
        while piece := opened.read(PART):
            ends += piece.count(b"\n")
            returns += piece.count(b"\r")
    return max(ends, returns)


def keep_bytes(load: Load, file: Path) -> None:
    """Store a file with its load, piece by piece."""
    with file.open("rb") as opened:
        number = 0
        while content := opened.read(PART):
            LoadPart.objects.create(load=load, number=number, content=content)
            number += 1


def kept_bytes(load: Load) -> Iterator[bytes]:
    """The bytes of a load, piece by piece, as they came."""
    for number in load.parts.values_list("number", flat=True):
        yield bytes(load.parts.get(number=number).content)


@contextmanager
def as_file(load: Load) -> Iterator[Path]:
    """The bytes of a load as a file for as long as it is needed. Raises `Refused` where they were not kept."""
    with tempfile.NamedTemporaryFile(prefix="load-") as opened:
        for content in kept_bytes(load):
            opened.write(content)
        opened.flush()
        path = Path(opened.name)
        if sha256_of(path) != load.sha256:
            raise Refused("The bytes of this file were not kept, so that it has to be uploaded again.")
        yield path

"""Reading a file of references, whatever program or database it comes from.

``read`` finds out what the file is and gives its records one by one. To add a format: a module with a function
that yields records, an entry in ``READERS``, and its signs in ``detect``.
"""

from __future__ import annotations

import mmap
from collections.abc import Callable, Iterator
from itertools import chain, islice
from pathlib import Path

from ..detect import LARGEST_FILE, UnreadableFile, detect
from ..encodings import Content
from ..format_names import FORMATS
from ..mixed import report_other_formats
from ..records import IssueLog, ReadResult, Record
from .bibtex import read_bibtex
from .csljson import read_csl
from .endnote import read_endnote
from .eppi import read_eppi
from .markup import readable_record
from .nbib import read_nbib
from .refer import read_refer
from .ris import read_ris
from .tabular import read_csv, read_ods, read_xlsx
from .wos import read_wos


__all__ = ["READERS", "read"]

READERS: dict[str, Callable[[Content, str, IssueLog], Iterator[Record]]] = {
    "ris": read_ris,
    "bibtex": read_bibtex,
    "nbib": read_nbib,
    "endnote-xml": read_endnote,
    "refer": read_refer,
    "wos": read_wos,
    "eppi": read_eppi,
    "csl-json": read_csl,
    "csv": read_csv,
    "xlsx": read_xlsx,
    "ods": read_ods,
}


def read(
    content: bytes | Path,
    filename: str = "",
    format: str = "auto",  # noqa: A002 - what users call it
) -> ReadResult:
    """The references of a file, as a stream.

    ``content`` is the bytes or the path (large files are then mapped, not loaded). ``format`` is "auto" or a key
    of ``READERS`` for who knows better than the content shows; encoding and safety are looked at in any case.

    Raises UnreadableFile, here or while the records are gone through, where the file cannot be used at all.
    """
    if format != "auto" and format not in READERS:
        raise ValueError(f"“{format}” is no format; known are {', '.join(FORMATS)}.")
    filename = filename or (content.name if isinstance(content, Path) else "the file")
    source = _open(content, filename) if isinstance(content, Path) else content
    found = detect(source, filename, format)
    log = IssueLog(filename)
    report_other_formats(source, found.encoding, found.format, log)
    records = _with_checks(READERS[found.format](source, found.encoding, log), log)
    # The first record is read at once, so that a file that is no use is refused here and not in the middle.
    first = list(islice(records, 1))
    if not first and not any(issue.severity == "error" for issue in log.issues):
        raise UnreadableFile(f"{filename} was taken for {FORMATS[found.format]} but holds no record.")
    return ReadResult(found.format, found.encoding, found.line_ending, chain(first, records), log.issues)


def _open(path: Path, filename: str) -> Content:
    """The file's bytes as a map, so that only what is being read is in memory."""
    try:
        size = path.stat().st_size
        if size > LARGEST_FILE:
            raise UnreadableFile(
                f"{filename} is larger than {LARGEST_FILE // 2**20} MB, the most that can be read."
            )
        with path.open("rb") as file:
            return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) if size else b""
    except OSError as error:
        raise UnreadableFile(f"{filename} cannot be opened: {error.strerror}.") from None


def _with_checks(records: Iterator[Record], log: IssueLog) -> Iterator[Record]:
    for record in records:
        record = readable_record(record)
        if not record.title:
            log.warning("the record has no title", record=record.number, line=record.line, name="title")
        yield record

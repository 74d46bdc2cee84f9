"""Read a folder in the evidence-base layout, or one CSV, XLSX or ODS with a table's columns, into raw rows.

Nothing is interpreted here: cells are text as they came, each row with the line on which it begins.
"""

import hashlib
import io
import json
import zipfile
from dataclasses import dataclass, field
from itertools import chain, groupby
from pathlib import Path
from typing import Any

from .detect import is_locked
from .issues import Issue, NearMiss, UnusableFile
from .schema import INSTRUMENTS_FILE, TABLES, Table, heading_name
from .table_search import (
    Found,
    RawRow,
    find_table,
    heading_fault,
    is_meant,
    nearest_table,
    refuse_odd_headings,
    without_blank_end,
)
from .table_texts import encoding_of, read_text
from .workbooks import read_workbook as workbook_rows


LARGEST_FILE = 200 * 1024 * 1024
"""Bytes. A million findings are about 350 bytes each as CSV; twice the largest planned base fits."""

LARGEST_UNPACKED = 1024 * 1024 * 1024
"""Bytes that a workbook may unpack to; a small file that claims more is a zip bomb or a mistake."""


@dataclass
class RawBase:
    """What was read: rows by table, instruments as parsed JSON, and what could not be read as a row."""

    name: str
    format: str
    encoding: str = "utf-8"
    sha256: str = ""
    size: int | None = None
    files: list[dict[str, str]] = field(default_factory=list)
    """Of a folder: name and SHA-256 of each file, since anyone of them may be brought again by itself."""
    rows: dict[str, list[RawRow]] = field(default_factory=dict)
    instruments: list[dict[str, Any]] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    refused: set[tuple[str, int]] = field(default_factory=set)
    """Rows refused as a whole, by one issue for many: (file, line)."""
    kind: str = "evidence"
    mapping: int | None = None
    """Which saved mapping made these rows from an official release; None for the tables of an evidence base."""

    def take(self, found: Found) -> None:
        """Take the rows of a table, and what is to be said of them (several sheets may hold one table)."""
        self.rows.setdefault(found.table.name, []).extend(found.rows)
        self.issues += found.issues


def read_base(path: Path) -> RawBase:
    """Read a folder or a single file.

    Raises `UnusableFile` with one sentence where there is nothing that could be read at all.
    """
    try:
        if not path.exists():
            raise UnusableFile(f"There is no file or folder {path}.")
        return read_folder(path) if path.is_dir() else read_file(path.name, read_bytes(path))
    except PermissionError:
        raise UnusableFile(f"{path} may not be read by this user.") from None
    except OSError as error:
        raise UnusableFile(f"{path} cannot be read: {error.strerror}.") from None


def read_bytes(path: Path) -> bytes:
    """The bytes of a file that is not too large to be an evidence file."""
    with path.open("rb") as file:  # the size that a device or a pipe gives is not to be trusted
        large = path.is_file() and path.stat().st_size > LARGEST_FILE
        content = b"" if large else file.read(LARGEST_FILE + 1)
    if large or len(content) > LARGEST_FILE:
        raise UnusableFile(f"{path.name} is larger than {LARGEST_FILE // 2**20} MB, the limit for one file.")
    return content


def read_folder(folder: Path) -> RawBase:
    """Read every table and the instruments of a folder; other files are left alone."""
    base = RawBase(name=folder.resolve().name, format="evidence-base")
    digest = hashlib.sha256()
    found = False
    encodings = set()
    for table in TABLES:
        path = folder / f"{table.name}.csv"
        if not path.exists():
            continue
        found = True
        content = read_bytes(path)
        digest.update(content)
        base.files.append({"name": path.name, "sha256": hashlib.sha256(content).hexdigest()})
        name = f"{table.name}.csv"
        encodings.add(encoding_of(content, name))
        base.take(_found_in_text(name, content, base.issues, table))
    instruments = folder / INSTRUMENTS_FILE
    if instruments.exists():
        found = True
        content = read_bytes(instruments)
        digest.update(content)
        base.files.append({"name": instruments.name, "sha256": hashlib.sha256(content).hexdigest()})
        base.instruments = read_instruments(content)
    if not found:
        raise UnusableFile(
            f"{folder.name} is not in the evidence-base layout: it holds none of "
            f"{', '.join(table.name + '.csv' for table in TABLES[:4])} and so on."
        )
    base.sha256 = digest.hexdigest()
    base.encoding = ", ".join(sorted(encodings)) or "utf-8"
    return base


def read_file(name: str, content: bytes) -> RawBase:
    """Read one CSV, XLSX or ODS; the content decides what it is, not the ending of its name."""
    sha256 = hashlib.sha256(content).hexdigest()
    if content[:4] == b"PK\x03\x04":
        base = read_workbook(name, content)
    else:
        base = RawBase(name=name, format="csv", encoding=encoding_of(content, name))
        base.take(_found_in_text(name, content, base.issues))
    if not any(base.rows.values()) and not any(issue.severity == "error" for issue in base.issues):
        raise UnusableFile(f"{name} has no rows below its headings: there is nothing in it to load.")
    base.sha256, base.size = sha256, len(content)
    return base


def _found_in_text(name: str, content: bytes, issues: list[Issue], table: Table | None = None) -> Found:
    """The one table of a text. Raises `UnusableFile` where it is none of ours, or not the one that it should be."""
    rows = read_text(name, content, issues)
    first = next(rows, None)
    if first is None:
        raise UnusableFile(f"{name} is empty.")
    found = find_table(chain([first], rows), name, is_text=True, table=table)
    if found is None:
        headings = without_blank_end([heading_name(cell) for cell in first[1]])
        refuse_odd_headings(headings, name)
        nearest = nearest_table(headings)
        if set(headings) & set(nearest.column_names):
            raise UnusableFile(f"{name} {heading_fault(headings, nearest)}.")
        raise UnusableFile(
            f"{name} has the headings of no table of the evidence base: {', '.join(without_blank_end(first[1]))[:200]}."
        )
    if found.fault:
        refusal = NearMiss if is_meant(found.headings) else UnusableFile
        raise refusal(f"{name} {found.fault}.")
    return found


OWN_SHEETS = {"How to fill it in", "Notes"}
"""Sheets of our templates that hold no table; nobody needs to be told that they were passed over."""


def read_workbook(name: str, content: bytes) -> RawBase:
    """Every sheet whose headings are those of a table. Others are named; one that is nearly a table is refused."""
    base = RawBase(name=name, format="workbook", encoding="")
    rows = workbook_rows(content, workbook_kind(name, content), name, per_cent_as_shown=True)
    faults, others, meant = [], [], False
    for sheet, given in groupby(rows, key=lambda row: row.sheet):
        where = f"{name}, sheet {sheet}"
        first = next(given)
        found = find_table(((row.number, row.cells) for row in chain([first], given)), where, is_text=False)
        if found is None or (found.fault and not found.rows):
            others.append(sheet)
        elif found.fault:
            faults.append(f"{where} {found.fault}.")
            meant = meant or is_meant(found.headings)
            message = (
                f"the sheet is not read: it {found.fault}; name the sheet's columns so, or take the sheet out"
            )
            base.issues.append(Issue("error", where, "", found.rows[0].line, "", "", message))
            base.refused |= {(where, row.line) for row in found.rows}
        else:
            base.take(found)
            if first.hidden and found.rows:
                message = "the sheet is hidden, and its rows are read all the same; take it out if they are not meant"
                base.issues.append(Issue("warning", where, "", found.rows[0].line, "", "", message))
    if not base.rows:
        if not faults:
            raise UnusableFile(f"{name} has no sheet with the headings of a table of the evidence base.")
        raise (NearMiss if meant else UnusableFile)(faults[0])
    if told := [sheet for sheet in others if sheet not in OWN_SHEETS]:
        message = f"sheets without a table of the evidence base were not used: {', '.join(told)}"
        base.issues.append(Issue("warning", name, "", None, "", "", message))
    return base


def workbook_kind(name: str, content: bytes) -> str:
    """ "xlsx" or "ods", once it is certain that unpacking is safe."""
    if is_locked(content):
        raise UnusableFile(f"{name} is protected by a password; save it without one.")
    try:
        parts = zipfile.ZipFile(io.BytesIO(content)).infolist()
    except (zipfile.BadZipFile, NotImplementedError, OSError):
        raise UnusableFile(f"{name} is damaged: its packing cannot be read.") from None
    if sum(part.file_size for part in parts) > LARGEST_UNPACKED:
        raise UnusableFile(
            f"{name} would unpack to more than {LARGEST_UNPACKED // 2**20} MB; it was not opened."
        )
    names = {part.filename for part in parts}
    if "xl/workbook.xml" in names:
        return "xlsx"
    if "content.xml" in names and "mimetype" in names:
        return "ods"
    raise UnusableFile(f"{name} is a packed file, but no XLSX or ODS workbook.")


def read_instruments(content: bytes) -> list[dict[str, Any]]:
    """The list of instruments in `instruments.json`."""
    try:
        instruments = json.loads(content.decode("utf-8-sig"), parse_constant=_no_such_number)["instruments"]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise UnusableFile(f"{INSTRUMENTS_FILE} is not JSON with a list of instruments.") from None
    if not isinstance(instruments, list) or not all(isinstance(one, dict) for one in instruments):
        raise UnusableFile(f"{INSTRUMENTS_FILE} is not JSON with a list of instruments.")
    return instruments


def _no_such_number(name: str) -> None:
    raise ValueError(f"{name} is no JSON")

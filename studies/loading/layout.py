"""Read a folder in the evidence-base layout, or one CSV, XLSX or ODS with a table's columns, into raw rows.

Nothing is interpreted here: cells are text as they came, each row with the line on which it begins.
"""

import csv
import hashlib
import io
import json
import zipfile
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any

from .issues import Issue, UnusableFile
from .schema import INSTRUMENTS_FILE, TABLE, TABLES, Table, table_with_columns
from .workbooks import SheetRow
from .workbooks import read_workbook as workbook_rows


LARGEST_FILE = 200 * 1024 * 1024
"""Bytes. A million findings are about 350 bytes each as CSV; twice the largest planned base fits."""

LARGEST_UNPACKED = 1024 * 1024 * 1024
"""Bytes that a workbook may unpack to; a small file that claims more is a zip bomb or a mistake."""

MOST_COLUMNS = 200
"""More headings than any table has several times over: a sheet beyond it is not an evidence table."""

HEADING_SEARCH = 30
"""Rows of a sheet that are searched for the headings, so that a title and notes may stand above them."""

csv.field_size_limit(1_000_000)


@dataclass(frozen=True)
class RawRow:
    """One record as it stands: heading → text, and where it stands."""

    file: str
    line: int
    cells: dict[str, str]


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

    def add(self, table: Table, rows: list[RawRow]) -> None:
        """Take further rows of a table (several sheets may hold one table)."""
        self.rows.setdefault(table.name, []).extend(rows)


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
        content = file.read(LARGEST_FILE + 1)
    if len(content) > LARGEST_FILE:
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
        text, encoding = decode(content, f"{table.name}.csv")
        encodings.add(encoding)
        headings, rows = read_csv(text, f"{table.name}.csv", base.issues)
        check_headings(headings, table, f"{table.name}.csv")
        base.add(table, rows)
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
    elif not content.strip():
        raise UnusableFile(f"{name} is empty.")
    elif content[:5] == b"%PDF-":
        raise UnusableFile(f"{name} is a PDF document, not a table.")
    elif content.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"<":
        raise UnusableFile(f"{name} is a web page or XML, not a table.")
    else:
        text, encoding = decode(content, name)
        base = RawBase(name=name, format="csv", encoding=encoding)
        headings, rows = read_csv(text, name, base.issues)
        base.add(match_table(headings, name), rows)
    if not any(base.rows.values()) and not base.issues:
        raise UnusableFile(f"{name} has no rows below its headings: there is nothing in it to load.")
    base.sha256, base.size = sha256, len(content)
    return base


def decode(content: bytes, name: str) -> tuple[str, str]:
    """Text and encoding: UTF-8 or UTF-16 by their marks, else UTF-8, else Windows-1252."""
    candidates = ["utf-16"] if content[:2] in (b"\xff\xfe", b"\xfe\xff") else ["utf-8-sig", "windows-1252"]
    for encoding in candidates:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" in text:
            raise UnusableFile(f"{name} holds NUL characters: it is not a text table.")
        return text, "utf-8" if encoding == "utf-8-sig" else encoding
    raise UnusableFile(f"{name} is in no known text encoding; save it as UTF-8.")


def read_csv(text: str, name: str, issues: list[Issue]) -> tuple[list[str], list[RawRow]]:
    """Headings and rows of a CSV text. A row with a wrong number of cells becomes an issue, never a guess."""
    first_line = text.lstrip("\r\n").split("\n", 1)[0]
    delimiter = max(",;\t", key=first_line.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    headings: list[str] = []
    rows: list[RawRow] = []
    line = 1
    try:
        for cells in reader:
            begins, line = line, reader.line_num + 1
            if not any(cell.strip() for cell in cells):
                continue
            if not headings:
                headings = without_blank_end(cells)
                refuse_odd_headings(headings, name)
                continue
            if len(cells) > len(headings):  # spreadsheets write out empty columns to the right of a table
                cells = cells[: len(headings)] + without_blank_end(cells[len(headings) :])
            if len(cells) != len(headings):
                issues.append(_odd_row(name, cells, begins, headings))
                continue
            rows.append(RawRow(name, begins, dict(zip(headings, cells, strict=True))))
    except csv.Error as error:
        raise UnusableFile(f"{name} cannot be read as CSV at line {reader.line_num}: {error}.") from None
    if not headings:
        raise UnusableFile(f"{name} is empty.")
    return headings, rows


def _odd_row(name: str, cells: list[str], line: int, headings: list[str]) -> Issue:
    message = f"the row has {len(cells)} cells and the heading {len(headings)}; check quotes and commas"
    return Issue("error", name, cells[0][:120], line, "", "", message)


def read_workbook(name: str, content: bytes) -> RawBase:
    """Every sheet whose headings are those of a table; front sheets and notes are passed over."""
    base = RawBase(name=name, format="workbook", encoding="")
    rows = workbook_rows(content, workbook_kind(name, content), name)
    for sheet, given in groupby(rows, key=lambda row: row.sheet):
        cells = list(given)
        place = heading_place(cells)
        if place is None:
            continue
        where = f"{name}, sheet {sheet}"
        headings = without_blank_end(cells[place].cells)
        refuse_odd_headings(headings, where)
        found = []
        for row in cells[place + 1 :]:
            if len(row.cells) > len(headings):
                base.issues.append(_odd_row(where, row.cells, row.number, headings))
                continue
            texts = row.cells + [""] * (len(headings) - len(row.cells))
            found.append(RawRow(where, row.number, dict(zip(headings, texts, strict=True))))
        base.add(match_table(headings, where), found)
    if not base.rows:
        raise UnusableFile(f"{name} has no sheet with the headings of a table of the evidence base.")
    return base


def workbook_kind(name: str, content: bytes) -> str:
    """ "xlsx" or "ods", once it is certain that unpacking is safe."""
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


def heading_place(cells: list[SheetRow]) -> int | None:
    """Index of the row that holds a table's headings, if there is one near the top."""
    for index, row in enumerate(cells[:HEADING_SEARCH]):
        headings = [cell.strip() for cell in row.cells if cell.strip()]
        if table_with_columns(headings) is not None:
            return index
    return None


def without_blank_end(cells: list[str]) -> list[str]:
    """The cells without spaces around them, up to the last that holds something."""
    texts = [cell.strip() for cell in cells]
    while texts and not texts[-1]:
        texts.pop()
    return texts


def refuse_odd_headings(headings: list[str], name: str) -> None:
    """A heading that stands twice, or far too many of them, makes the whole file unusable."""
    if len(headings) > MOST_COLUMNS:
        raise UnusableFile(f"{name} has {len(headings)} columns; no table of the evidence base has so many.")
    twice = sorted({heading for heading in headings if headings.count(heading) > 1})
    if twice:
        raise UnusableFile(f"{name} has the column {twice[0]!r} more than once.")


def check_headings(headings: list[str], table: Table, name: str) -> None:
    """The headings of a file that goes by a table's name are that table's."""
    missing = [c.name for c in table.columns if c.name not in headings and not c.optional]
    unknown = [heading for heading in headings if heading not in table.column_names]
    if missing or unknown:
        said = [f"lacks {', '.join(missing)}"] if missing else []
        said += [f"has the unknown column {', '.join(repr(u) for u in unknown)}"] if unknown else []
        raise UnusableFile(f"{name} {' and '.join(said)}; its columns are {', '.join(table.column_names)}.")


def match_table(headings: list[str], name: str) -> Table:
    """The table that these headings belong to; a clear refusal with the nearest table otherwise."""
    table = table_with_columns(headings)
    if table is None:
        nearest = max(TABLE.values(), key=lambda t: len(set(headings) & set(t.column_names)))
        if set(headings) & set(nearest.column_names):
            check_headings(headings, nearest, name)
        raise UnusableFile(
            f"{name} has the headings of no table of the evidence base: {', '.join(headings)[:200]}."
        )
    return table


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

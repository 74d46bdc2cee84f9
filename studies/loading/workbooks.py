"""Rows of Excel (.xlsx) and OpenDocument (.ods) workbooks as text, read as a stream and with limits.

Cells are the stored values: formulas are not worked out, macros not run, links not followed, and entities in the
XML are refused by defusedxml (openpyxl uses it when it is installed, as it must be here). Reading as a stream
matters for safety as well: a workbook of one kilobyte may claim a cell in the last row and column, and readers
that lay a sheet out in full then ask for half a terabyte.
"""

from __future__ import annotations

import io
import warnings
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal
from itertools import repeat
from math import isfinite
from typing import Any, NamedTuple
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import iterparse  # type: ignore[import-untyped, unused-ignore]

from .detect import UnreadableFile
from .encodings import Content
from .heavy_parts import MOST_ROWS, HeavyPart, weigh


MOST_COLUMNS = 2_000
"""Filled columns of a sheet. Exports of reviews with a column for each code have a few hundred."""

MOST_CELLS = 50_000_000
"""Cells gone through in a sheet, empty ones included: 100,000 rows of 500 columns."""


class SheetRow(NamedTuple):
    """One row with something in it. ``number`` is the row's number in the sheet, from 1."""

    sheet: str
    number: int
    cells: list[str]
    hidden: bool = False
    """Whether the sheet is one that people do not see."""


class _Limits:
    """Refuses a sheet that goes beyond what can be a table of references or figures."""

    def __init__(self, filename: str) -> None:
        self.filename = filename
        self.sheet, self.cells = "", 0

    def check(self, sheet: str, number: int, width: int) -> None:
        """Count a row of so many cells, blank ones included."""
        if sheet != self.sheet:
            self.sheet, self.cells = sheet, 0
        self.cells += width + 1
        if number > MOST_ROWS or self.cells > MOST_CELLS:
            raise UnreadableFile(
                f"Sheet “{sheet}” of {self.filename} claims more rows or cells than can be read."
            )

    def trim(self, row: SheetRow) -> SheetRow:
        """The row without blank cells at its end, which must then be narrow enough."""
        while row.cells and not row.cells[-1]:
            row.cells.pop()
        if len(row.cells) > MOST_COLUMNS:
            raise UnreadableFile(
                f"Sheet “{row.sheet}” of {self.filename} has more than {MOST_COLUMNS:,} columns; it was not read."
            )
        return row


def read_workbook(
    content: Content, kind: str, filename: str, *, per_cent_as_shown: bool = False
) -> Iterator[SheetRow]:
    """The rows of all sheets of a workbook that ``detect`` has called "xlsx" or "ods"; blank rows are left out.

    ``per_cent_as_shown`` gives "83%" for a number that is kept as 0.83 and shown as 83%, else it is "0.83". A formula
    whose result the file does not hold is given as it stands, "=A1+B1": it is neither nothing nor nought.

    Raises UnreadableFile where the workbook is damaged or beyond the limits.
    """
    limits = _Limits(filename)
    give = _xlsx_rows if kind == "xlsx" else _ods_rows
    rows = give(content, limits, per_cent_as_shown)
    while True:
        try:
            with (
                warnings.catch_warnings()
            ):  # openpyxl warns about styles and validation, which do not matter here
                warnings.simplefilter("ignore")
                row = next(rows, None)
        except (UnreadableFile, HeavyPart):
            raise
        except Exception as error:
            # Whatever a damaged part makes the XML and workbook libraries raise, the file is at fault.
            raise UnreadableFile(
                f"{filename} is damaged or unsafe and cannot be read as a workbook ({type(error).__name__})."
            ) from None
        if row is None:
            return
        yield limits.trim(row)


def _xlsx_rows(content: Content, limits: _Limits, per_cent_as_shown: bool) -> Iterator[SheetRow]:
    from openpyxl import load_workbook

    whole = io.BytesIO(content[:])
    with zipfile.ZipFile(whole) as packed:
        formulas = weigh(packed, limits.filename).formulas
    workbook = load_workbook(whole, read_only=True, data_only=True, keep_links=False)
    # Results and formulas are two ways to read a cell; the second costs as much as the first.
    second = load_workbook(whole, read_only=True, keep_links=False) if formulas else None
    try:
        for place, sheet in enumerate(workbook.worksheets):
            sheet.reset_dimensions()  # what the file says of its size is not to be trusted
            wanted: Iterator[Any] = repeat(())
            if second is not None:
                second.worksheets[place].reset_dimensions()
                wanted = second.worksheets[place].iter_rows()
            for number, (cells, written) in enumerate(zip(sheet.iter_rows(), wanted, strict=False), start=1):
                limits.check(sheet.title, number, len(cells))
                texts = [_xlsx_text(cell, per_cent_as_shown) for cell in cells]
                for n, cell in enumerate(written):
                    if cell.data_type == "f" and not texts[n] and cells[n].data_type == "n":
                        texts[n] = _formula(cell.value)
                if any(texts):
                    yield SheetRow(sheet.title, number, texts, sheet.sheet_state != "visible")
    finally:
        workbook.close()


def _xlsx_text(cell: Any, per_cent_as_shown: bool) -> str:
    value = cell.value
    counts = per_cent_as_shown and isinstance(value, int | float) and not isinstance(value, bool)
    return f"{cell_text(value * 100.0)}%" if counts and "%" in cell.number_format else cell_text(value)


def _formula(value: Any) -> str:
    """A formula as it is typed; those for several cells are objects of their own."""
    text = value if isinstance(value, str) else getattr(value, "text", "") or ""
    return "=" + str(text).removeprefix("=")


def cell_text(value: Any) -> str:
    """A value as a CSV of the sheet would hold it: whole numbers without ".0", dates as ISO, truth as yes or no.

    Other numbers have fifteen digits, as spreadsheets show and write them: the sum of 0.1 and 0.2 is 0.3.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        if not isfinite(value):
            return str(value)
        return str(int(value)) if value.is_integer() else f"{Decimal(f'{value:.15g}'):f}"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
    return value.isoformat() if isinstance(value, date) else str(value).strip()


OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"


def _ods_rows(content: Content, limits: _Limits, per_cent_as_shown: bool) -> Iterator[SheetRow]:
    with zipfile.ZipFile(io.BytesIO(content[:])) as packed, packed.open("content.xml") as part:
        weigh(packed, limits.filename)
        sheet, name, number, hidden = Element("table"), "", 1, False
        unseen: set[str | None] = set()
        for event, element in iterparse(part, events=("start", "end"), forbid_dtd=True):
            if event == "start" and element.tag == f"{TABLE}table":
                sheet, name, number = element, element.get(f"{TABLE}name", ""), 1
                hidden = element.get(f"{TABLE}style-name") in unseen
            elif event == "end" and element.tag == f"{STYLE}style":
                if any(part.get(f"{TABLE}display") == "false" for part in element):
                    unseen.add(element.get(f"{STYLE}name"))
            elif event == "end" and element.tag == f"{TABLE}table-row":
                cells = _ods_cells(element, per_cent_as_shown)
                repeated = _repeats(element, "rows")
                if any(
                    cells
                ):  # a row that claims to stand a thousand million times need not be laid out to be refused
                    limits.check(name, number + repeated - 1, 0)
                for again in range(repeated if any(cells) else 0):
                    limits.check(name, number + again, len(cells))
                    yield SheetRow(name, number + again, list(cells), hidden)
                number += repeated
                sheet.clear()  # rows done with are let go


def _repeats(element: Element, what: str) -> int:
    return max(1, int(element.get(f"{TABLE}number-{what}-repeated", "1")))


def _ods_cells(row: Element, per_cent_as_shown: bool) -> list[str]:
    """Texts of a row's cells; runs of equal cells are laid out, but not a run of blank ones to the sheet's edge."""
    cells: list[str] = []
    blanks = 0
    for cell in row:
        if cell.tag not in (f"{TABLE}table-cell", f"{TABLE}covered-table-cell"):
            continue
        text, repeated = _ods_text(cell, per_cent_as_shown), _repeats(cell, "columns")
        if not text:
            blanks += repeated
            continue
        room = MOST_COLUMNS + 1 - len(cells)  # one beyond the limit is enough to be refused
        cells.extend([""] * min(blanks, room))
        cells.extend([text] * min(repeated, max(0, room - blanks)))
        blanks = 0
    return cells


def _ods_text(cell: Element, per_cent_as_shown: bool) -> str:
    kind = cell.get(f"{OFFICE}value-type", "")
    if kind == "date":
        return cell.get(f"{OFFICE}date-value", "").removesuffix("T00:00:00")
    if kind == "boolean":
        return "yes" if cell.get(f"{OFFICE}boolean-value") == "true" else "no"
    value = cell.get(f"{OFFICE}value")
    if value is not None:
        if per_cent_as_shown and kind == "percentage":
            return f"{cell_text(float(value) * 100)}%"
        return cell_text(float(value))
    return "\n".join(filter(None, ("".join(_runs(part)) for part in cell if part.tag == f"{TEXT}p"))).strip()


def _runs(element: Element) -> Iterator[str]:
    """The text of a paragraph; spaces, tabs and line breaks are elements of their own, comments are left out."""
    yield element.text or ""
    for part in element:
        if part.tag == f"{TEXT}s":
            yield " " * min(int(part.get(f"{TEXT}c", "1")), 1_000)
        elif part.tag in (f"{TEXT}tab", f"{TEXT}line-break"):
            yield " "
        elif part.tag != f"{OFFICE}annotation":
            yield from _runs(part)
        yield part.tail or ""

"""Empty tables to fill in, made from the same schema that checks them: XLSX and ODS with lists to choose from, CSV.

Every sheet has its headings in the first row. A first sheet says how to fill it in, a last one what each column
means. Both are passed over when the file is loaded.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Any

from .meanings import MEANINGS, kind_in_words, may_be_blank
from .schema import TABLE, Column, Table


FORMATS = ("xlsx", "ods", "csv")
ROWS_PREPARED = 5000
"""Rows below the headings in which a cell offers its list. Further rows are checked when the file is loaded."""

COLUMN_WIDTH = 24
LONGEST_PROMPT = 255
"""Characters that Excel shows beside a cell."""

HOW_TO = (
    "Fill in the sheets that you need and leave the others empty. Keep the headings as they are.",
    "An empty cell means not known, not stated or not applicable. It never means zero.",
    "Write numbers as printed: 83.0 stays 83.0. Dates are written as 2024-03-31.",
    "Published aggregate figures only. Never name a person who offended or was harmed.",
    "Nothing is saved when the file is uploaded: you first see what would become of every row.",
)


def sheet_name(table: Table) -> str:
    """The name of a table's sheet; a slash may not stand in one."""
    return table.name.replace("/", "-")


def write_csv(table: Table) -> bytes:
    """The headings of one table, as UTF-8 with a mark so that spreadsheets know."""
    text = io.StringIO()
    csv.writer(text).writerow(table.column_names)
    return text.getvalue().encode("utf-8-sig")


def notes_of(tables: Sequence[Table]) -> list[list[str]]:
    """The notes: table, column, whether a cell may be blank, what may stand in it, what it means."""
    rows = [["Sheet", "Heading", "May be blank", "What may stand in it", "Meaning"]]
    for table in tables:
        rows += [
            [
                sheet_name(table),
                column.name,
                "yes" if may_be_blank(table, column) else "no",
                kind_in_words(column),
                MEANINGS[column.name],
            ]
            for column in table.columns
        ]
    return rows


def write_xlsx(tables: Sequence[Table]) -> bytes:
    """A workbook with a sheet for each table."""
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    book = Workbook()
    front = book.active
    front.title = "How to fill it in"
    for line in HOW_TO:
        front.append([line])
    front.column_dimensions["A"].width = 110
    for table in tables:
        sheet = book.create_sheet(sheet_name(table))
        sheet.append(list(table.column_names))
        sheet.freeze_panes = "A2"
        for place, column in enumerate(table.columns, start=1):
            letter = get_column_letter(place)
            sheet.cell(1, place).font = Font(bold=True)
            sheet.column_dimensions[letter].width = COLUMN_WIDTH
            sheet.column_dimensions[letter].number_format = "@"  # numbers and dates stay as they are typed
            check = _excel_check(column, tables, DataValidation)
            sheet.add_data_validation(check)
            check.add(f"{letter}2:{letter}{ROWS_PREPARED + 1}")
    notes = book.create_sheet("Notes")
    for row in notes_of(tables):
        notes.append(row)
    for letter, width in zip("ABCDE", (20, 30, 14, 60, 90), strict=True):
        notes.column_dimensions[letter].width = width
    for row in notes.iter_rows():
        for cell in row:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            cell.font = Font(bold=cell.row == 1)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _excel_check(column: Column, tables: Sequence[Table], make: Any) -> Any:
    """The list and the words that a cell shows. Blank is allowed here; what is missing is said at loading.

    A reference offers what the workbook's own sheet of that table holds and takes anything else, which the store
    may hold.
    """
    listed = ",".join(column.choices)
    if listed:
        check = make(type="list", formula1=f'"{listed}"', allow_blank=True)
    elif any(table.name == column.refers_to for table in tables):
        check = make(type="list", formula1=_keys_of(column.refers_to), allow_blank=True)
    else:
        check = make(allow_blank=True)
    check.promptTitle = column.name[:32]
    check.prompt = f"{MEANINGS[column.name]} ({kind_in_words(column)})"[:LONGEST_PROMPT]
    check.showInputMessage = True
    if listed:
        check.errorTitle = column.name[:32]
        check.error = f"Choose one of: {', '.join(column.choices)}"[:LONGEST_PROMPT]
        check.showErrorMessage = True
    return check


def _keys_of(name: str) -> str:
    """The cells of a table's sheet that hold its identifiers: the last column of its key."""
    from openpyxl.utils import get_column_letter

    table = TABLE[name]
    letter = get_column_letter(table.column_names.index(table.key[-1]) + 1)
    return f"'{sheet_name(table)}'!${letter}$2:${letter}${ROWS_PREPARED + 1}"


def write_ods(tables: Sequence[Table]) -> bytes:
    """The same workbook in OpenDocument form."""
    from odf.number import TextContent, TextStyle
    from odf.opendocument import OpenDocumentSpreadsheet
    from odf.style import Style
    from odf.table import ContentValidation, ContentValidations, HelpMessage
    from odf.table import Table as Sheet
    from odf.text import P

    book = OpenDocumentSpreadsheet()
    checks = ContentValidations()
    book.spreadsheet.addElement(checks)
    as_typed = TextStyle(name="as-typed")  # numbers and dates stay as they are typed
    as_typed.addElement(TextContent())
    text = Style(name="as-typed-cell", family="table-cell", datastylename="as-typed")
    book.automaticstyles.addElement(as_typed)
    book.automaticstyles.addElement(text)
    book.spreadsheet.addElement(_ods_sheet(Sheet, "How to fill it in", [[line] for line in HOW_TO]))
    for table in tables:
        names = []
        for column in table.columns:
            name = f"{sheet_name(table)}.{column.name}"
            listed = ";".join(f'"{value}"' for value in column.choices)
            condition = {"condition": f"of:cell-content-is-in-list({listed})"} if listed else {}
            check = ContentValidation(name=name, allowemptycell="true", **condition)
            said = HelpMessage(title=column.name, display="true")
            said.addElement(P(text=f"{MEANINGS[column.name]} ({kind_in_words(column)})"))
            check.addElement(said)
            checks.addElement(check)
            names.append(name)
        book.spreadsheet.addElement(
            _ods_sheet(Sheet, sheet_name(table), [list(table.column_names)], names, text)
        )
    book.spreadsheet.addElement(_ods_sheet(Sheet, "Notes", notes_of(tables)))
    written = io.BytesIO()
    book.write(written)
    return written.getvalue()


def _ods_sheet(
    make: Any, name: str, rows: Sequence[Sequence[str]], checks: Sequence[str] = (), style: Any = None
) -> Any:
    """A sheet of texts; below them, where checks are given, rows of blank cells of that style that carry them."""
    from odf.table import TableCell, TableColumn, TableRow
    from odf.text import P

    sheet = make(name=name)
    sheet.addElement(TableColumn(numbercolumnsrepeated=max(map(len, rows))))
    for texts in rows:
        row = TableRow()
        for text in texts:
            cell = TableCell(valuetype="string")
            cell.addElement(P(text=text))
            row.addElement(cell)
        sheet.addElement(row)
    if checks:
        blank = TableRow(numberrowsrepeated=ROWS_PREPARED)
        for check in checks:
            blank.addElement(TableCell(contentvalidationname=check, stylename=style))
        sheet.addElement(blank)
    return sheet

"""Rows as CSV or JSON, streamed; with the selection in words, the data version and the meaning of each column."""

import csv
import json
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone

from ..presenters import version_of
from .columns import Cell, Column


FORMATS = ("csv", "json")
CHUNK = 2000
"""Rows fetched at a time; a download of any length then needs little memory."""

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def answer_file(
    request: HttpRequest,
    name: str,
    columns: Sequence[Column],
    rows: QuerySet,
    file_format: str,
    sentence: str,
    notes: Sequence[str] = (),
) -> HttpResponseBase:
    """The rows of a selection as a download named after it and its day.

    Raises `Http404` for a format that is not offered.
    """
    if file_format not in FORMATS:
        raise Http404(f"There is no {file_format} file.")
    version = version_of(request)
    paths = [column.path for column in columns]
    records = (
        [column.shape(value) for column, value in zip(columns, row, strict=True)]
        for row in rows.values_list(*paths).iterator(CHUNK)
    )
    if file_format == "csv":
        response = StreamingHttpResponse(csv_lines(columns, records), content_type="text/csv; charset=utf-8")
    else:
        about = {
            "selection": sentence,
            "data_version": version,
            "retrieved_on": timezone.localdate().isoformat(),
            "notes": [PROVISIONAL_NOTE, *notes],
            "columns": {column.key: column.meaning for column in columns},
        }
        response = StreamingHttpResponse(json_parts(about, columns, records), content_type="application/json")
    filename = f"{name}-{timezone.localdate():%Y-%m-%d}-version-{version}.{file_format}"
    response["Content-Disposition"] = f'attachment; filename="{filename}"'
    return response


def answer_csv(request: HttpRequest, name: str, rows: Sequence[Sequence[Cell]]) -> HttpResponseBase:
    """A table of a page, heading first, as a CSV named after it, its day and its data version."""
    writer = csv.writer(_Echo(), lineterminator="\r\n")
    lines = (writer.writerow([csv_cell(cell) for cell in row]) for row in rows)
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    filename = f"{name}-{timezone.localdate():%Y-%m-%d}-version-{version_of(request)}.csv"
    response["Content-Disposition"] = f'attachment; filename="{filename}"'
    return response


PROVISIONAL_NOTE = (
    "Ratings marked provisional are editorial drafts. Figures marked secondary were read in another text and were "
    "not checked against the original."
)


class _Echo:
    """A file that hands each written line back, so that rows can be streamed."""

    def write(self, text: str) -> str:
        return text


def csv_lines(columns: Sequence[Column], records: Iterator[list[Cell]]) -> Iterator[str]:
    """RFC 4180 lines: the header of keys, then the rows; missing is an empty cell."""
    writer = csv.writer(_Echo(), lineterminator="\r\n")
    yield writer.writerow([column.key for column in columns])
    for record in records:
        yield writer.writerow([csv_cell(cell) for cell in record])


def csv_cell(cell: Cell) -> str:
    """A cell as text. Text that a spreadsheet would run as a formula gets an apostrophe in front; numbers never."""
    if cell is None:
        return ""
    if isinstance(cell, Decimal):
        return f"{cell:f}"
    if isinstance(cell, str):
        return "'" + cell if cell.startswith(FORMULA_STARTS) else cell
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def json_parts(
    about: dict[str, Any], columns: Sequence[Column], records: Iterator[list[Cell]]
) -> Iterator[str]:
    """One JSON object with `rows` last, written row by row. Missing is null; a printed number stays a number."""
    head = json.dumps(about, ensure_ascii=False, allow_nan=False)
    yield head[:-1] + ', "rows": ['
    keys = [column.key for column in columns]
    for number, record in enumerate(records):
        row = {key: json_cell(cell) for key, cell in zip(keys, record, strict=True)}
        yield (",\n" if number else "\n") + json.dumps(row, ensure_ascii=False, allow_nan=False)
    yield "\n]}\n"


def json_cell(cell: Cell) -> Any:
    """A cell as JSON knows it; whole numbers without a point."""
    if isinstance(cell, Decimal):
        return int(cell) if cell == cell.to_integral_value() else float(cell)
    return cell.isoformat() if isinstance(cell, date) else cell

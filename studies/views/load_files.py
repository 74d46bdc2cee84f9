"""What can be downloaded of a load: the file as it came, its ledger, its problems."""

import csv
from collections.abc import Iterable, Iterator

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from ..actions.files import kept_bytes
from ..models import Load, LoadRow
from ..permissions import Permission, requires


LEDGER = ("file", "record", "line", "table", "key", "outcome", "reasons", "changes", "title")
PROBLEMS = ("severity", "file", "record", "line", "field", "value", "message")
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


@require_safe
@requires(Permission.LOAD)
def load_original(request: HttpRequest, pk: int) -> HttpResponse:
    """The file byte for byte as it came, for saving: whatever it is, no browser is to show it."""
    load = get_object_or_404(Load, pk=pk)
    if not load.parts.exists():
        raise Http404("The bytes of this load were not kept.")
    response = StreamingHttpResponse(kept_bytes(load), content_type="application/octet-stream")
    response["Content-Disposition"] = content_disposition_header(True, load.name)
    response["X-Content-Type-Options"] = "nosniff"
    if load.size is not None:
        response["Content-Length"] = str(load.size)
    return response


@require_safe
@requires(Permission.LOAD)
def load_ledger(request: HttpRequest, pk: int) -> HttpResponse:
    """What became of each record, as CSV."""
    load = get_object_or_404(Load, pk=pk)
    rows = (ledger_cells(row) for row in load.rows.iterator(2000))
    return _csv(LEDGER, rows, f"load-{load.pk}-ledger.csv")


@require_safe
@requires(Permission.LOAD)
def load_problems(request: HttpRequest, pk: int) -> HttpResponse:
    """What is wrong or odd, by record, as CSV."""
    load = get_object_or_404(Load, pk=pk)
    rows = (["" if one.get(name) is None else str(one[name]) for name in PROBLEMS] for one in load.issues)
    return _csv(PROBLEMS, rows, f"load-{load.pk}-problems.csv")


class _Echo:
    """A file that hands back what is written to it, so that rows can be streamed."""

    def write(self, text: str) -> str:
        return text


def _csv(headings: Iterable[str], rows: Iterable[list[str]], name: str) -> StreamingHttpResponse:
    def lines() -> Iterator[str]:
        writer = csv.writer(_Echo())
        yield writer.writerow(headings)
        for row in rows:
            yield writer.writerow([_harmless(cell) for cell in row])

    response = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = content_disposition_header(True, name)
    return response


def ledger_cells(row: LoadRow) -> list[str]:
    """One row of the ledger, in the order of `LEDGER`."""
    changes = "; ".join(f"{name}: {before} -> {after}" for name, (before, after) in row.changes.items())
    number = "" if row.record is None else str(row.record)
    return [
        row.file,
        number,
        str(row.line),
        row.table,
        row.record_key,
        row.outcome,
        "; ".join(row.reasons),
        changes,
        row.said.partition("\n")[0],
    ]


def _harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(FORMULA_STARTS) else cell

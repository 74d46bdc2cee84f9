"""Empty tables to download and fill in."""

from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from ..loading import templates
from ..loading.meanings import MEANINGS, TABLE_MEANINGS, kind_in_words, may_be_blank
from ..loading.schema import TABLES
from ..permissions import Permission, requires


MEDIA_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "csv": "text/csv; charset=utf-8",
}
EVERY_TABLE = "evidence-base"
NAMED = {templates.sheet_name(table): table for table in TABLES}


@require_safe
@requires(Permission.LOAD)
def template_list(request: HttpRequest) -> HttpResponse:
    """Every table with what its columns mean, and its template in each format."""
    tables = [
        {
            "name": name,
            "meaning": TABLE_MEANINGS[table.name],
            "columns": [
                (one.name, may_be_blank(table, one), kind_in_words(one), MEANINGS[one.name])
                for one in table.columns
            ],
        }
        for name, table in NAMED.items()
    ]
    return TemplateResponse(
        request,
        "studies/template_list.html",
        {
            "tables": tables,
            "formats": templates.FORMATS,
            "every_table": EVERY_TABLE,
            "how_to": templates.HOW_TO,
        },
    )


@require_safe
@requires(Permission.LOAD)
def template_file(request: HttpRequest, name: str, file_format: str) -> HttpResponse:
    """One table, or all of them in one workbook, as an empty file. 404 for what there is not."""
    if file_format not in templates.FORMATS or (name not in NAMED and name != EVERY_TABLE):
        raise Http404("There is no such template.")
    tables = list(TABLES) if name == EVERY_TABLE else [NAMED[name]]
    if file_format == "csv" and len(tables) > 1:
        raise Http404("A CSV file holds one table.")
    content = {
        "xlsx": templates.write_xlsx,
        "ods": templates.write_ods,
        "csv": lambda chosen: templates.write_csv(chosen[0]),
    }[file_format](tables)
    response = HttpResponse(content, content_type=MEDIA_TYPES[file_format])
    response["Content-Disposition"] = f'attachment; filename="{name}-template.{file_format}"'
    return response

"""Templates: what they offer is what is checked, and a filled one loads."""

import csv
import io

import pytest
from django.test import Client
from odf.number import TextStyle
from odf.opendocument import load as read_ods
from odf.style import Style
from odf.table import ContentValidation, TableCell
from openpyxl import load_workbook
from page_checks import page_faults, policy_faults, read

from studies.actions.loads import load_evidence
from studies.loading import templates
from studies.loading.issues import UnusableFile
from studies.loading.layout import read_file
from studies.loading.meanings import MEANINGS, TABLE_MEANINGS, kind_in_words
from studies.loading.schema import TABLE, TABLES
from studies.models import Source
from studies.permissions import Role
from tests.studies.actions.people import person


BOOKS = {"xlsx": templates.write_xlsx, "ods": templates.write_ods}


def book_of(content):
    return load_workbook(io.BytesIO(content))


def test_every_column_has_a_meaning_and_no_meaning_is_left_over():
    assert set(MEANINGS) == {column.name for table in TABLES for column in table.columns}
    assert set(TABLE_MEANINGS) == set(TABLE)
    assert all(kind_in_words(column) for table in TABLES for column in table.columns)


def test_workbook_has_a_sheet_of_each_table_between_a_front_sheet_and_notes():
    book = book_of(templates.write_xlsx(TABLES))

    assert book.sheetnames == ["How to fill it in", *map(templates.sheet_name, TABLES), "Notes"]
    for table in TABLES:
        sheet = book[templates.sheet_name(table)]
        assert [cell.value for cell in sheet[1]] == list(table.column_names)
        assert sheet.max_row == 1
        assert sheet.freeze_panes == "A2"
        assert sheet.column_dimensions["A"].number_format == "@"


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_lists_are_the_vocabularies(table):
    sheet = book_of(templates.write_xlsx([table]))[templates.sheet_name(table)]
    checks = {str(check.sqref).split("2")[0]: check for check in sheet.data_validations.dataValidation}
    assert len(checks) == len(table.columns)
    for cell, column in zip(sheet[1], table.columns, strict=True):
        check = checks[cell.column_letter]
        assert check.prompt.startswith(MEANINGS[column.name][:50])
        if column.choices:
            assert check.formula1 == f'"{",".join(column.choices)}"'
            assert len(check.formula1) <= 257  # what Excel takes
    document = read_ods(io.BytesIO(templates.write_ods([table])))
    conditions = {
        check.getAttribute("name").rpartition(".")[2]: check.getAttribute("condition")
        for check in document.spreadsheet.getElementsByType(ContentValidation)
    }
    for column in table.columns:
        listed = ";".join(f'"{value}"' for value in column.choices)
        assert conditions[column.name] == (f"of:cell-content-is-in-list({listed})" if listed else None)


def test_cells_of_an_open_document_keep_what_is_typed():
    document = read_ods(io.BytesIO(templates.write_ods([TABLE["gaps"]])))
    styles = {
        style.getAttribute("name"): style.getAttribute("datastylename")
        for style in document.automaticstyles.getElementsByType(Style)
    }
    blank = [
        cell
        for cell in document.spreadsheet.getElementsByType(TableCell)
        if cell.getAttribute("contentvalidationname")
    ]

    assert len(blank) == len(TABLE["gaps"].columns)
    assert {styles[cell.getAttribute("stylename")] for cell in blank} == {"as-typed"}
    [kept] = document.automaticstyles.getElementsByType(TextStyle)
    assert kept.getAttribute("name") == "as-typed"


def test_reference_offers_the_sheet_it_refers_to():
    sheet = book_of(templates.write_xlsx(TABLES))["findings"]
    formulas = {
        str(check.sqref).split("2")[0]: check.formula1 for check in sheet.data_validations.dataValidation
    }

    assert formulas["B"] == "'sources'!$A$2:$A$5001"
    assert formulas["D"] == "'categories'!$B$2:$B$5001"


@pytest.mark.parametrize("kind", BOOKS)
def test_empty_template_is_no_load_and_says_so(kind):
    with pytest.raises(UnusableFile, match="no rows below its headings"):
        read_file(f"template.{kind}", BOOKS[kind](TABLES))
    with pytest.raises(UnusableFile, match="no rows below its headings"):
        read_file("template.csv", templates.write_csv(TABLE["findings"]))


SOURCE = {
    "source_id": "filled-in",
    "title": "A filled template",
    "publisher": "An Office",
    "year": "2024",
    "source_type": "official_statistics",
    "method": "Counting.",
    "geography": "England",
    "peer_reviewed": "no",
    "accredited_official_statistics": "yes",
    "summary": "Counts.",
    "limitations": "None named.",
    "bibliographic_check": "seen",
}


@pytest.mark.django_db
def test_filled_workbook_loads():
    book = book_of(templates.write_xlsx(TABLES))
    book["sources"].append([SOURCE.get(name, "") for name in TABLE["sources"].column_names])
    filled = io.BytesIO()
    book.save(filled)
    report = load_evidence(base=read_file("filled.xlsx", filled.getvalue()), by="the tests")

    assert (report.issues, report.counts["new"], report.committed) == ([], 1, True)
    assert Source.objects.get().title == "A filled template"


@pytest.mark.django_db
def test_filled_csv_loads():
    text = templates.write_csv(TABLE["sources"]).decode("utf-8")
    filled = io.StringIO()
    csv.DictWriter(filled, TABLE["sources"].column_names).writerow(SOURCE)
    report = load_evidence(base=read_file("filled.csv", (text + filled.getvalue()).encode()), by="the tests")

    assert report.committed, report.issues


@pytest.mark.django_db
def test_loader_finds_and_gets_them():
    client = Client()
    client.force_login(person("loader", Role.LOADER))
    assert "/manage/loads/templates/" in client.get("/manage/loads/new/").content.decode()
    page = read(client.get("/manage/loads/templates/"))
    links = [link["href"] for link in page.select(".evidence-downloads a") if "template" in link["href"]]

    assert (page_faults(page), policy_faults(page)) == ([], [])
    assert len(links) == 2 + 3 * len(TABLES)
    for link in (links[0], links[1], *links[2:5]):
        response = client.get(link)
        assert response.status_code == 200
        assert response["Content-Disposition"].startswith("attachment; filename=")
    for wrong in ("evidence-base.csv", "findings.pdf", "nothing.csv"):
        assert client.get(f"/manage/loads/templates/{wrong}").status_code == 404

"""Workbooks that unpack to what no parser should hold are refused by their bytes; what tables have passes."""

import io
import zipfile

import pytest

from studies.loading import heavy_parts
from studies.loading.heavy_parts import HeavyPart, weigh
from studies.loading.layout import read_file
from tests.studies.loading.workbook_files import ods, packed, sheet_of, xlsx


SHEET = "xl/worksheets/sheet1.xml"
TABLE = ("Gaps", [["a", "b"]])


@pytest.fixture(autouse=True)
def small_limits(monkeypatch):
    monkeypatch.setattr(heavy_parts, "LONGEST_STRETCH", 50_000)
    monkeypatch.setattr(heavy_parts, "PIECE", 4_000)
    monkeypatch.setattr(heavy_parts, "MOST_ROWS", 500)
    monkeypatch.setattr(heavy_parts, "MOST_TEXTS", 500)


def weighed(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return weigh(archive, "base.xlsx")


def content_of(rows):
    """An ODS whose one sheet holds this XML."""
    with zipfile.ZipFile(io.BytesIO(ods(("Gaps", [])))) as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist()}
    parts["content.xml"] = parts["content.xml"].replace("</table:table>", f"{rows}</table:table>")
    return packed(parts)


@pytest.mark.parametrize(
    "content",
    [
        xlsx(TABLE, **{SHEET: sheet_of(f"<row><c t='inlineStr'><is><t>{'x' * 60_000}</t></is></c></row>")}),
        xlsx(TABLE, **{SHEET: sheet_of(f"<row>{'<c/>' * 20_000}</row>")}),
        xlsx(TABLE, **{SHEET: sheet_of("<row/>" * 501)}),
        xlsx(TABLE, **{SHEET: sheet_of("<x:row></x:row>" * 501)}),
        xlsx(TABLE, **{SHEET: sheet_of(f"<row><c>{('x' * 9_000 + '<!-- <row > -->') * 8}</c></row>")}),
        xlsx(TABLE, **{SHEET: sheet_of("<row/>" * 20).replace("><", f">{' ' * 60_000}<", 1).encode("utf-16")}),
        xlsx(TABLE, **{"xl/sharedStrings.xml": f"<sst>{'<si><t>x</t></si>' * 501}</sst>"}),
        xlsx(TABLE, **{"xl/styles.xml": f"<styleSheet>{'<font/>' * 10_000}</styleSheet>"}),
        content_of("<table:table-row/>" * 501),
        content_of(f"<table:table-row>{'<table:table-cell/>' * 5_000}</table:table-row>"),
    ],
    ids=[
        "a cell", "a row of cells", "rows", "rows with a prefix", "rows in comments", "UTF-16", "texts", "styles",
        "rows of ODS", "cells of ODS",
    ],
)  # fmt: skip
def test_heavy_part_is_refused_by_name(content):
    with pytest.raises(
        HeavyPart, match=r"base\.xlsx is unsafe: its part (xl|content)[\w/.]* unpacks to more than"
    ):
        weighed(content)


def test_refusal_reaches_the_reader_of_tables():
    with pytest.raises(HeavyPart):
        read_file("base.xlsx", xlsx(TABLE, **{SHEET: sheet_of(f"<row>{'<c/>' * 20_000}</row>")}))


def test_large_tables_and_pictures_pass():
    row = f"<row>{'<c><v>1</v></c>' * 50}</row>"
    sheet = sheet_of(row * 400)
    assert len(sheet) > 5 * heavy_parts.LONGEST_STRETCH

    weighed(xlsx(TABLE, **{SHEET: sheet, "xl/media/picture.png": b"\x89PNG" + b"\0" * 200_000}))
    weighed(content_of(f"<table:table-row>{'<table:table-cell/>' * 50}</table:table-row>" * 400))


def test_rows_are_counted_once_wherever_pieces_end(monkeypatch):
    sheet = sheet_of("<row></row>" * 500)

    for piece in (97, 101, 1_000):
        monkeypatch.setattr(heavy_parts, "PIECE", piece)
        weighed(xlsx(TABLE, **{SHEET: sheet}))


def test_formulas_are_seen():
    assert not weighed(xlsx(("Gaps", [["f", "<f>"]]))).formulas
    assert weighed(xlsx(TABLE, **{SHEET: sheet_of("<row><c><f>1+1</f></c></row>")})).formulas

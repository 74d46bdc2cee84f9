"""What a cell of a workbook says: numbers as a spreadsheet shows them, formulas with and without their result."""

import io
import zipfile

import pytest

from studies.loading.workbooks import cell_text, read_workbook
from tests.studies.loading.workbook_files import ods, packed, sheet_of, xlsx


STYLES = (
    '<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><fonts><font/></fonts>'
    "<fills><fill><patternFill/></fill></fills><borders><border/></borders><cellStyleXfs><xf/></cellStyleXfs>"
    '<cellXfs><xf/><xf numFmtId="9" applyNumberFormat="1"/></cellXfs></styleSheet>'
)


def rows_of(cells, **told):
    content = xlsx(
        ("A", []),
        **{"xl/worksheets/sheet1.xml": sheet_of(f'<row r="1">{cells}</row>'), "xl/styles.xml": STYLES},
    )
    return [row.cells for row in read_workbook(content, "xlsx", "a.xlsx", **told)]


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.1 + 0.2, "0.3"), (100 / 3, "33.3333333333333"), (1e-7, "0.0000001"), (83.0, "83"), (1e20, "1" + "0" * 20),
     (12.35, "12.35"), (True, "yes"), (float("nan"), "nan")],
)  # fmt: skip
def test_number_is_written_as_a_spreadsheet_shows_it(value, text):
    assert cell_text(value) == text


def test_share_that_is_shown_per_cent_is_given_so_where_asked_for():
    assert rows_of('<c s="1"><v>0.83</v></c>', per_cent_as_shown=True) == [["83%"]]
    assert rows_of('<c s="1"><v>0.83</v></c>') == [["0.83"]]


def test_share_that_is_shown_per_cent_in_open_document():
    with zipfile.ZipFile(io.BytesIO(ods(("A", [[0.125]])))) as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist()}
    parts["content.xml"] = parts["content.xml"].replace('value-type="float"', 'value-type="percentage"')
    content = packed(parts)

    assert [r.cells for r in read_workbook(content, "ods", "a.ods", per_cent_as_shown=True)] == [["12.5%"]]
    assert [r.cells for r in read_workbook(content, "ods", "a.ods")] == [["0.125"]]


def test_formula_gives_its_result_and_without_one_itself():
    cells = (
        '<c r="A1"><f>1+1</f><v>2</v></c><c r="B1"><f>1+1</f></c><c r="C1"><f>A1*2</f><v></v></c>'
        '<c r="D1" t="str"><f>IF(A1,"","")</f><v></v></c><c r="E1"><v>7</v></c>'
    )

    assert rows_of(cells) == [["2", "=1+1", "=A1*2", "", "7"]]


def test_formula_of_several_cells_without_result():
    assert rows_of('<c r="A1"><f t="array" ref="A1:A2">SUM(B1:B2)</f></c>') == [["=SUM(B1:B2)"]]

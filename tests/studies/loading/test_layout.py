"""Reading files: what a row is, on which line it stands, and one clear sentence for what cannot be read."""

import io
import os
import re
import zipfile

import pytest

from studies.loading import layout
from studies.loading.issues import Issue, NearMiss, UnusableFile
from studies.loading.layout import read_base, read_file, read_instruments
from studies.loading.schema import TABLE, table_with_columns
from tests.studies.loading.workbook_files import ods, packed, sheet_of, xlsx


GAPS = "gap_id,theme,statement,why_it_matters,source_id,what_would_fill_it"
GAP = "gap-1,context,One.,Two.,,Three."
COLUMNS = GAPS.split(",")
CELLS = GAP.split(",")


def rows_of(text, name="gaps.csv"):
    content = text if isinstance(text, bytes) else text.encode()
    return read_file(name, content).rows["gaps"]


# Folders. --------------------------------------------------------------------------------------------------------


def test_folder_is_read_table_by_table(tiny):
    base = read_base(tiny.write())

    assert base.name == "tiny"
    assert (base.format, base.encoding) == ("evidence-base", "utf-8")
    assert len(base.rows["findings"]) == 12
    assert base.rows["local/areas"][0].file == "local/areas.csv"
    assert [instrument["instrument_id"] for instrument in base.instruments] == ["small-tool"]
    assert base.issues == []


def test_checksum_follows_the_bytes(tiny):
    first = read_base(tiny.write()).sha256
    again = read_base(tiny.write()).sha256
    tiny.row("gaps", "gap-1")["statement"] = "Another."

    assert first == again != read_base(tiny.write()).sha256


def test_other_files_of_a_folder_are_left_alone(tiny):
    (tiny.write() / "notes.txt").write_bytes(b"\x00\xff")
    (tiny.folder / "README.md").write_text("Words.")

    assert read_base(tiny.folder).issues == []


def test_folder_in_another_layout_is_refused(tmp_path):
    (tmp_path / "other.csv").write_text("a,b\n1,2\n")

    with pytest.raises(UnusableFile, match=r"not in the evidence-base layout.*sources\.csv"):
        read_base(tmp_path)


def test_missing_path_is_refused(tmp_path):
    with pytest.raises(UnusableFile, match=r"There is no file or folder .*nothing-here"):
        read_base(tmp_path / "nothing-here")


def test_path_that_the_system_cannot_even_look_at_is_refused(tmp_path):
    with pytest.raises(UnusableFile, match="cannot be read: File name too long"):
        read_base(tmp_path / ("x" * 5000))


def test_table_that_is_a_folder_is_refused(tmp_path):
    (tmp_path / "sources.csv").mkdir()

    with pytest.raises(UnusableFile, match="cannot be read: Is a directory"):
        read_base(tmp_path)


def test_file_without_permission_is_refused(tmp_path, monkeypatch):
    path = tmp_path / "gaps.csv"
    path.write_text(f"{GAPS}\n{GAP}\n")

    def refuse(*args, **kwargs):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(layout, "read_bytes", refuse)

    with pytest.raises(UnusableFile, match="may not be read by this user"):
        read_base(path)


def test_too_large_a_file_is_refused_without_reading_it_whole(tmp_path, monkeypatch):
    monkeypatch.setattr(layout, "LARGEST_FILE", 2**20)
    path = tmp_path / "gaps.csv"
    with path.open("wb") as file:
        file.truncate(2**20 + 1)

    with pytest.raises(UnusableFile, match=r"gaps\.csv is larger than 1 MB"):
        read_base(path)


@pytest.mark.skipif(not os.path.exists("/dev/zero"), reason="no endless device here")
def test_endless_device_is_refused(monkeypatch):
    from pathlib import Path

    monkeypatch.setattr(layout, "LARGEST_FILE", 2**20)

    with pytest.raises(UnusableFile, match="zero is larger than 1 MB"):
        read_base(Path("/dev/zero"))


# Text. -----------------------------------------------------------------------------------------------------------


def test_row_knows_its_cells_and_line():
    [row] = rows_of(f"{GAPS}\n{GAP}\n")

    assert (row.file, row.line) == ("gaps.csv", 2)
    assert row.cells == dict(zip(COLUMNS, CELLS, strict=True))


def test_lines_are_counted_through_blank_ones_and_cells_of_several():
    text = (
        f'\n{GAPS}\n\ngap-1,context,"One\nand\nmore.",Two.,,Three.\n  ,,\n{GAP.replace("gap-1", "gap-2")}\n'
    )

    first, second = rows_of(text)

    assert (first.line, second.line) == (4, 8)
    assert first.cells["statement"] == "One\nand\nmore."


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_any_line_end_will_do(end):
    first, second = rows_of(end.join([GAPS, GAP, GAP.replace("gap-1", "gap-2")]))

    assert (first.line, second.line) == (2, 3)
    assert second.cells["what_would_fill_it"] == "Three."


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_delimiter_is_told_from_the_headings(delimiter):
    [row] = rows_of(f"{delimiter.join(COLUMNS)}\n{delimiter.join(CELLS)}\n")

    assert row.cells["gap_id"] == "gap-1"


@pytest.mark.parametrize(
    ("codec", "told"),
    [("utf-8", "utf-8"), ("utf-8-sig", "utf-8"), ("windows-1252", "windows-1252"), ("utf-16", "utf-16")],
)
def test_encoding_is_told_from_the_bytes(codec, told):
    base = read_file("gaps.csv", f"{GAPS}\n{GAP.replace('One.', 'Société – “no”.')}\n".encode(codec))

    assert base.encoding == told
    assert base.rows["gaps"][0].cells["statement"] == "Société – “no”."


def test_columns_may_stand_in_any_order_and_optional_ones_be_left_out():
    [row] = rows_of(
        "what_would_fill_it,gap_id,theme,why_it_matters,statement\nThree.,gap-1,context,Two.,One.\n"
    )

    assert row.cells["gap_id"] == "gap-1"
    assert "source_id" not in row.cells


def test_blank_columns_to_the_right_are_no_columns():
    [row] = rows_of(f"{GAPS},,\n{GAP},, \n")

    assert row.cells == dict(zip(COLUMNS, CELLS, strict=True))


def test_cell_beyond_the_headings_is_an_issue_of_its_row():
    base = read_file("gaps.csv", f"{GAPS},,\n{GAP},,stray\n".encode())

    assert base.rows["gaps"] == []
    [issue] = base.issues
    assert (issue.record, issue.line) == ("gap-1", 2)
    assert issue.message == "the row has 8 cells and the heading 6; check quotes and commas"


def test_row_with_too_few_cells_is_an_issue_and_the_others_are_read():
    base = read_file("gaps.csv", f"{GAPS}\ngap-0,context\n{GAP}\n".encode())

    assert [row.line for row in base.rows["gaps"]] == [3]
    assert "2 cells and the heading 6" in base.issues[0].message


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "gaps.csv is empty."),
        (b" \n\r\n", "gaps.csv is empty."),
        (b"\xef\xbb\xbf\n ,\n", "gaps.csv is empty."),
        (b"%PDF-1.7\n", "gaps.csv is a PDF document, not a table."),
        (b"\n <!DOCTYPE html><html>", "gaps.csv is a web page or XML, not a table."),
        (b"\xef\xbb\xbf<html>", "gaps.csv is a web page or XML, not a table."),
        (f"{GAPS}\n{GAP}\n\0\0\0\0".encode(), "gaps.csv holds NUL characters: it is not a text table."),
        (b"a\x07\x02\x03,b", "gaps.csv is not text but binary: no table can be read in it."),
        (b"\xd0\xcf\x11\xe0 and more", "gaps.csv is an old Office file (.xls, .doc or .msg), not a table; save it as .xlsx"),
        (b"\x1f\x8b\x08 and more", "gaps.csv is packed with gzip, not a table; unpack it first."),
        (f"{GAPS},gap_id\n".encode(), "gaps.csv has the column 'gap_id' more than once."),
        (f"{GAPS},colour\n".encode(), "gaps.csv has the unknown column 'colour'; its columns are gap_id, theme,"),
        (b"gap_id,theme,statement,why_it_matters\n", "gaps.csv lacks what_would_fill_it; its columns are gap_id,"),
        (b"a,b\n1,2\n", "gaps.csv has the headings of no table of the evidence base: a, b."),
        ((",".join(f"c{n}" for n in range(201)) + "\n").encode(), "gaps.csv has 201 columns; no table"),
    ],
    ids=lambda value: value[:40].decode("latin-1").strip() if isinstance(value, bytes) else "",
)  # fmt: skip
def test_unusable_text_is_refused_in_one_sentence(content, sentence):
    with pytest.raises(UnusableFile) as refusal:
        read_file("gaps.csv", content)

    assert str(refusal.value).startswith(sentence)
    assert str(refusal.value).count("\n") == 0


@pytest.mark.parametrize("row", ['gap-1,"context', '"gap-1"x,', "x" * 1_000_001])
def test_unreadable_row_is_an_issue_and_the_others_are_read(row):
    base = read_file("gaps.csv", f"{GAPS}\n{row}\n{GAP}\n".encode())

    assert [row.line for row in base.rows["gaps"]] == [3]
    [issue] = base.issues
    assert (issue.severity, issue.line) == ("error", 2)
    assert issue.message.startswith("the row cannot be read: a ")


def test_title_and_notes_may_stand_around_a_table():
    base = read_file(
        "gaps.csv", f"Gaps of autumn\nNote: checked, twice\n{GAPS}\n{GAP}\n\nSource: our own,,,,,\n".encode()
    )

    assert [row.line for row in base.rows["gaps"]] == [4]
    [issue] = base.issues
    assert (issue.severity, issue.line) == ("warning", 6)
    assert (
        issue.message
        == "rows below the table with words in one cell only are notes, and were left out: line 6"
    )


def test_words_between_records_are_no_note():
    base = read_file(
        "gaps.csv", f"{GAPS}\n{GAP}\nThe second half\n{GAP.replace('gap-1', 'gap-2')}\n".encode()
    )

    assert [row.line for row in base.rows["gaps"]] == [2, 4]
    assert [(issue.severity, issue.line) for issue in base.issues] == [("error", 3)]


def test_headings_that_stand_again_are_no_record():
    base = read_file("gaps.csv", f"{GAPS}\n{GAP}\n{GAPS}\n{GAP.replace('gap-1', 'gap-2')}\n".encode())

    assert [row.line for row in base.rows["gaps"]] == [2, 4]
    assert base.issues[0].message == "the headings stand here again, and these rows were left out: line 3"


@pytest.mark.parametrize("written", ["Gap ID", " gap-id ", "GAP_ID *", "gap\u00a0id:"])
def test_headings_may_be_written_with_capitals_and_spaces(written):
    [row] = rows_of(f"{GAPS.replace('gap_id', written)}\n{GAP}\n")

    assert row.cells["gap_id"] == "gap-1"


def test_line_that_names_the_delimiter_is_understood():
    [row] = rows_of(f"sep=;\n{GAPS.replace(',', ';')}\n{GAP.replace(',', ';')}\n")

    assert (row.line, row.cells["gap_id"]) == (3, "gap-1")


def test_column_without_heading_is_passed_over_as_long_as_it_is_empty():
    base = read_file("gaps.csv", f",{GAPS}\n,{GAP}\nstray,{GAP}\n".encode())

    assert [row.cells["gap_id"] for row in base.rows["gaps"]] == ["gap-1"]
    [issue] = base.issues
    assert (issue.line, issue.value) == (3, "stray")
    assert issue.message.startswith("cell 1 of the row stands in a column without a heading")


@pytest.mark.parametrize(
    ("codec", "told"), [("mac-roman", "mac-roman"), ("utf-16-le", "utf-16"), ("utf-16-be", "utf-16")]
)
def test_encoding_without_a_mark_is_told_from_the_letters(codec, told):
    words = "Société générale déjà étudiée à Orléans"

    base = read_file("gaps.csv", f"{GAPS}\n{GAP.replace('One.', words)}\n".encode(codec))

    assert base.encoding == told
    assert base.rows["gaps"][0].cells["statement"] == words


def test_strange_byte_costs_only_its_line_a_warning():
    whole = f"{GAPS}\n{GAP.replace('One.', 'Société générale déjà')}\n{GAP.replace('One.', 'caf#')}\n"

    base = read_file("gaps.csv", whole.encode().replace(b"#", b"\xe9"))

    assert [row.cells["statement"] for row in base.rows["gaps"]] == ["Société générale déjà", "café"]
    [issue] = base.issues
    assert (issue.severity, issue.line) == ("warning", 3)


def test_more_rows_than_a_sheet_has_are_refused(monkeypatch):
    monkeypatch.setattr("studies.loading.table_search.MOST_ROWS", 2)

    with pytest.raises(UnusableFile, match="has more than 2 rows; divide it"):
        rows_of(f"{GAPS}\n{GAP}\n{GAP}\n{GAP}\n")


def test_file_of_a_folder_must_have_its_own_columns(tmp_path):
    (tmp_path / "gaps.csv").write_text("gap_id,colour\n")

    with pytest.raises(UnusableFile, match=r"gaps\.csv lacks theme, .* and has the unknown column 'colour'"):
        read_base(tmp_path)


# Workbooks. ------------------------------------------------------------------------------------------------------

FRONT = ("Cover", [["Notes"], ["Please read"]])
SHEET = [
    ["Gaps of 2024"],
    [],
    [*COLUMNS, ""],
    CELLS,
    ["", "", ""],
    ["gap-2", "context", "One.", "Two.", "", 3],
]


@pytest.mark.parametrize("make", [xlsx, ods])
def test_workbook_is_read_sheet_by_sheet(make):
    base = read_file("base.bin", make(FRONT, ("Gaps", SHEET)))

    assert base.format == "workbook"
    first, second = base.rows["gaps"]
    assert (first.file, first.line, second.line) == ("base.bin, sheet Gaps", 4, 6)
    assert first.cells == dict(zip(COLUMNS, CELLS, strict=True))
    assert second.cells["what_would_fill_it"] == "3"


@pytest.mark.parametrize("make", [xlsx, ods])
def test_cell_beside_the_table_is_an_issue_of_its_row(make):
    base = read_file("base.bin", make(("Gaps", [COLUMNS, [*CELLS, "stray"], ["gap-2", *CELLS[1:]]])))

    assert [row.cells["gap_id"] for row in base.rows["gaps"]] == ["gap-2"]
    [issue] = base.issues
    assert (issue.file, issue.record, issue.line) == ("base.bin, sheet Gaps", "gap-1", 2)


def test_sheets_of_several_tables_and_of_one_table_are_joined():
    more = [COLUMNS, ["gap-9", *CELLS[1:]]]
    overlaps = [["source_a", "source_b", "reason"], ["a", "b", "Same."]]

    base = read_file("base.xlsx", xlsx(("A", SHEET), ("B", more), ("C", overlaps)))

    assert [row.cells["gap_id"] for row in base.rows["gaps"]] == ["gap-1", "gap-2", "gap-9"]
    assert len(base.rows["overlaps"]) == 1


def test_sheet_that_is_nearly_a_table_is_refused_and_not_passed_over():
    overlaps = [
        ["source_a", "source_b", "reason", "remark"],
        ["a", "b", "Same.", "x"],
        ["c", "d", "Same.", "x"],
    ]

    base = read_file("base.xlsx", xlsx(("A", SHEET), ("C", overlaps), FRONT))

    assert len(base.rows["gaps"]) == 2
    assert "overlaps" not in base.rows
    assert base.refused == {("base.xlsx, sheet C", 2), ("base.xlsx, sheet C", 3)}
    error, warning = base.issues
    assert (error.severity, error.file, error.line) == ("error", "base.xlsx, sheet C", 2)
    assert error.message.startswith(
        "the sheet is not read: it has the unknown column 'remark'; its columns are"
    )
    assert warning.message == "sheets without a table of the evidence base were not used: Cover"


def test_only_sheet_that_is_nearly_a_table_says_what_it_lacks():
    with pytest.raises(
        UnusableFile, match=r"sheet C lacks reason; its columns are source_a, source_b, reason\."
    ):
        read_file("base.xlsx", xlsx(("C", [["source_a", "source_b"], ["a", "b"]])))


def test_table_with_a_slip_in_its_headings_is_a_near_miss():
    with pytest.raises(NearMiss, match=r"gaps\.csv has the unknown column 'colour'"):
        read_file("gaps.csv", f"{GAPS},colour\n{GAP},red\n".encode())
    with pytest.raises(UnusableFile) as refusal:  # areas of a release, with figures beside them
        read_file("figures.csv", b"area_code,name,2023,2024\nE12000001,North East,7,8\n")
    assert not isinstance(refusal.value, NearMiss)


def test_workbook_with_a_password_is_named_as_such():
    locked = b"\xd0\xcf\x11\xe0" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le")
    listed = "<manifest:file-entry><manifest:encryption-data/></manifest:file-entry>"
    parts = {"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": "?"}

    for content in (locked, packed({**parts, "META-INF/manifest.xml": listed})):
        with pytest.raises(
            UnusableFile, match=r"^base\.xlsx is protected by a password; save it without one\.$"
        ):
            read_file("base.xlsx", content)


def test_row_that_claims_to_stand_too_often_is_refused_before_it_is_laid_out(monkeypatch):
    monkeypatch.setattr("studies.loading.workbooks.SheetRow", None)  # nothing is laid out
    with zipfile.ZipFile(io.BytesIO(ods(("Gaps", [["x"]])))) as archive:
        content = {name: archive.read(name).decode() for name in archive.namelist()}
    claim = '<table:table-row table:number-rows-repeated="1048577">'
    content["content.xml"] = content["content.xml"].replace("<table:table-row>", claim)

    with pytest.raises(UnusableFile, match="claims more rows or cells than can be read"):
        read_file("base.ods", packed(content))


@pytest.mark.parametrize("make", [xlsx, ods])
def test_workbook_may_have_notes_and_empty_columns_around_a_table(make):
    sheet = [["Gaps"], ["", *COLUMNS], ["", *CELLS], ["", "Source: our own"]]

    base = read_file("base.bin", make(("Gaps", sheet)))

    assert [row.cells["gap_id"] for row in base.rows["gaps"]] == ["gap-1"]
    assert [issue.severity for issue in base.issues] == ["warning"]


def test_hidden_sheet_is_read_and_said():
    book = xlsx(("Seen", [COLUMNS, CELLS]), ("Unseen", [COLUMNS, ["gap-2", *CELLS[1:]]]))
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist()}
    named = '<sheet name="Unseen"'
    parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace(named, f'{named} state="hidden"')
    sheets = ods(("Seen", [COLUMNS, CELLS]), ("Unseen", [COLUMNS, ["gap-2", *CELLS[1:]]]))
    with zipfile.ZipFile(io.BytesIO(sheets)) as archive:
        open_parts = {name: archive.read(name).decode() for name in archive.namelist()}
    style = (
        '<office:automatic-styles xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0">'
        '<style:style style:name="ta2" style:family="table"><style:table-properties table:display="false"/>'
        "</style:style></office:automatic-styles><office:body>"
    )
    open_parts["content.xml"] = (
        open_parts["content.xml"]
        .replace("<office:body>", style)
        .replace('table:name="Unseen"', 'table:name="Unseen" table:style-name="ta2"')
    )

    for content in (packed(parts), packed(open_parts)):
        base = read_file("base.bin", content)

        assert [row.cells["gap_id"] for row in base.rows["gaps"]] == ["gap-1", "gap-2"]
        [issue] = base.issues
        assert (issue.severity, issue.file) == ("warning", "base.bin, sheet Unseen")
        assert issue.message.startswith("the sheet is hidden, and its rows are read all the same")


def test_workbook_without_a_table_is_refused():
    with pytest.raises(UnusableFile, match=r"base\.xlsx has no sheet with the headings of a table"):
        read_file("base.xlsx", xlsx(FRONT))


def test_heading_twice_in_a_sheet_is_refused():
    with pytest.raises(UnusableFile, match="sheet Gaps has the column 'gap_id' more than once"):
        read_file("base.xlsx", xlsx(("Gaps", [[*COLUMNS, "gap_id"]])))


def test_damaged_workbook_is_refused():
    with pytest.raises(UnusableFile, match="its packing cannot be read"):
        read_file("base.xlsx", b"PK\x03\x04 and no more")
    with pytest.raises(UnusableFile, match="damaged or unsafe"):
        read_file("base.xlsx", xlsx(("Gaps", SHEET), **{"xl/workbook.xml": "<broken"}))


def test_packed_file_that_is_no_workbook_is_refused():
    with pytest.raises(UnusableFile, match="a packed file, but no XLSX or ODS workbook"):
        read_file("base.zip", packed({"a.txt": "words"}))


def test_workbook_that_unpacks_to_too_much_is_refused_unopened(monkeypatch):
    monkeypatch.setattr(layout, "LARGEST_UNPACKED", 2**20)
    bomb = xlsx(("Gaps", SHEET), **{"xl/media/zeros": b"\0" * 2**21})
    assert len(bomb) < 10_000

    with pytest.raises(UnusableFile, match=r"would unpack to more than 1 MB; it was not opened"):
        read_file("base.xlsx", bomb)


def test_sheet_that_claims_the_last_cell_is_not_laid_out():
    claim = sheet_of('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')

    with pytest.raises(UnusableFile):
        read_file("base.xlsx", xlsx(("Gaps", []), **{"xl/worksheets/sheet1.xml": claim}))


def test_entities_of_a_sheet_are_not_unfolded():
    laughs = (
        '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1">'
        '<c t="inlineStr"><is><t>&b;</t></is></c></row></sheetData></worksheet>'
    )

    with pytest.raises(UnusableFile, match="damaged or unsafe"):
        read_file("base.xlsx", xlsx(("Gaps", []), **{"xl/worksheets/sheet1.xml": laughs}))


# Instruments. ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe\x00",
        b"{",
        b"[]",
        b"{}",
        b'{"instruments": {}}',
        b'{"instruments": [1]}',
        b'{"instruments": [{"version": NaN}]}',
        b"[" * 100_000,
    ],
    ids=lambda content: content[:20].decode("latin-1"),
)
def test_instruments_that_are_no_list_are_refused(content):
    with pytest.raises(UnusableFile, match=r"instruments\.json is not JSON with a list of instruments"):
        read_instruments(content)


def test_folder_may_hold_instruments_alone(tmp_path):
    (tmp_path / "instruments.json").write_text('{"instruments": []}')

    base = read_base(tmp_path)

    assert (base.instruments, base.rows, base.encoding) == ([], {}, "utf-8")


# Columns and issues. ---------------------------------------------------------------------------------------------


def test_every_table_is_known_by_its_columns():
    for table in TABLE.values():
        assert table_with_columns(table.column_names) is table
        needed = [column.name for column in table.columns if not column.optional]
        assert table_with_columns(needed) is table
    assert table_with_columns(["gap_id"]) is None


def test_columns_are_those_of_the_readme():
    from tests.conftest import SHIPPED

    readme = (SHIPPED / "README.md").read_text(encoding="utf-8")
    words = set(re.findall(r"[a-z_]{3,}", readme))

    for table in TABLE.values():
        missing = set(table.column_names) - words
        assert not missing, f"{table.name}: the README says nothing of {missing}"


def test_issue_cuts_a_long_value_and_says_where():
    issue = Issue("error", "gaps.csv", "gap-1", 7, "theme", "x" * 300, "is wrong")

    assert issue.as_dict()["value"] == "x" * 200 + "…"
    assert str(issue).startswith("gaps.csv, line 7: theme 'xxx")
    assert (
        str(Issue("error", "instruments.json", "tool", None, "", "", "is wrong"))
        == "instruments.json: is wrong"
    )

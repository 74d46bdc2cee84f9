"""What cannot be read is refused with one sentence that says what it is, whatever its name says."""

import contextlib
import sqlite3
import time

import pytest

from studies.loading import detect as detecting
from studies.loading import readers
from studies.loading.detect import UnreadableFile, detect
from studies.loading.issues import UnusableFile
from tests.studies.loading.readers.reading import titles
from tests.studies.loading.readers.workbook_bytes import packed, xlsx


RIS = "TY  - JOUR\nTI  - First\nER  - \n"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"\xef\xbb\xbf \r\n\r\n", "is empty"),
        (b"\xff\xfe\r\0\n\0", "is empty"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", "is a PDF document"),
        (b"\n\n%PDF-1.4\n", "is a PDF document"),
        (b"<!DOCTYPE html><html><body>Session expired</body></html>", "is a web page"),
        (b"\xef\xbb\xbf<?xml version='1.0'?>\n<!-- x -->\n<html xmlns='y'>", "is a web page"),
        (b"<?xml version='1.0'?><PubmedArticleSet/>", "is XML of another kind"),
        (b"\x1f\x8b\x08\0", "packed with gzip"),
        (b"7z\xbc\xaf\x27\x1c", "packed with 7-Zip"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office file"),
        (b"\x89PNG\r\n\x1a\n", "a picture"),
        (b"MZ\x90\0\x03", "a program"),
        (b"{\\rtf1\\ansi TY  - JOUR}", "a rich-text document"),
        (b"\x03\0\x01\0" * 500, "is not text"),
        (b"Dear colleague\n\nPlease find the references below.\n", "holds no references"),
        (b"PK\x03\x04 and then nothing", "is damaged or cut off"),
        (packed({"word/document.xml": "<w/>"}), "is a text document"),
        (packed({"mimetype": "application/vnd.oasis.opendocument.text"}), "is a text document"),
        (packed({"a.ris": RIS}), "no .xlsx or .ods workbook"),
    ],
)
def test_a_file_that_cannot_be_read_says_what_it_is(content, words):
    with pytest.raises(UnreadableFile, match=words) as refused:
        detect(content, "export.ris")

    assert str(refused.value).startswith("export.ris ")
    assert str(refused.value).endswith(".")
    assert isinstance(refused.value, UnusableFile)


def test_a_database_is_refused(tmp_path):
    path = tmp_path / "library.ris"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE item (title TEXT)")
    connection.close()

    with pytest.raises(UnreadableFile, match="is a database"):
        readers.read(path)


def test_a_workbook_that_is_cut_off_is_refused():
    content = xlsx([["Title", "Year"], ["First", 2019]])

    with pytest.raises(UnreadableFile, match="is damaged or cut off"):
        detect(content[: len(content) // 2], "x.xlsx")


def test_a_workbook_with_a_password_is_refused():
    content = bytearray(packed({"xl/workbook.xml": "<workbook/>"}))
    content[content.index(b"PK\x01\x02") + 8] |= 1  # the flag for encryption in the central directory

    with pytest.raises(UnreadableFile, match="protected by a password"):
        detect(bytes(content), "x.xlsx")


def test_a_zip_bomb_is_refused_before_it_is_opened(monkeypatch):
    monkeypatch.setattr(detecting, "LARGEST_UNPACKED", 16 * 2**20)
    content = packed({"xl/workbook.xml": "<workbook/>", "xl/sharedStrings.xml": "\0" * (17 * 2**20)})
    assert len(content) < 2**15

    with pytest.raises(UnreadableFile, match="would unpack to more than 16 MB"):
        detect(content, "x.xlsx")


def test_a_workbook_of_countless_parts_is_refused(monkeypatch):
    monkeypatch.setattr(detecting, "MOST_PARTS", 10)

    with pytest.raises(UnreadableFile, match="would unpack"):
        detect(packed({f"xl/{number}.xml": "" for number in range(11)}), "x.xlsx")


def test_a_workbook_beyond_the_limit_is_refused(monkeypatch):
    monkeypatch.setattr(detecting, "LARGEST_WORKBOOK", 100)

    with pytest.raises(UnreadableFile, match="save it as CSV"):
        detect(packed({"xl/workbook.xml": "<workbook/>"}), "x.xlsx")


def test_a_file_of_two_gigabytes_is_refused_without_reading_it(tmp_path):
    path = tmp_path / "huge.ris"
    with path.open("wb") as file:
        file.truncate(2 * 2**30)  # a file with a hole: it takes no room on the disk

    started = time.monotonic()
    with pytest.raises(UnreadableFile, match="larger than 512 MB"):
        readers.read(path)

    assert time.monotonic() - started < 1


def test_bytes_beyond_the_limit_are_refused(monkeypatch):
    monkeypatch.setattr(detecting, "LARGEST_FILE", 2)

    with pytest.raises(UnreadableFile, match="larger than"):
        detect(RIS.encode(), "x.ris")


def test_a_format_that_is_read_whole_has_a_lower_limit(monkeypatch):
    monkeypatch.setattr(detecting, "LARGEST_WHOLE", 10)

    assert detect(RIS.encode(), "x.ris").format == "ris"
    with pytest.raises(UnreadableFile, match="divide it, or export it as RIS"):
        detect(b"@article{a, title={First}}", "x.bib")


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(UnreadableFile, match="cannot be opened"):
        readers.read(tmp_path / "none.ris")


def test_an_empty_file_on_disk_is_refused(tmp_path):
    (tmp_path / "none.ris").write_bytes(b"")

    with pytest.raises(UnreadableFile, match=r"none\.ris is empty"):
        readers.read(tmp_path / "none.ris")


@pytest.mark.parametrize(
    "content",
    [
        b"\n" * 300_000 + b"x",
        b" " * 300_000 + b"x",
        b"<!-- x -->" * 30_000,
        b"<" * 300_000,
        b"@" * 300_000,
        b"[" * 300_000,
        b"%T" * 150_000,
        b"1." * 150_000,
        b'"' * 300_000,
        b"- " * 150_000,
        b"PMID" * 80_000,
    ],
    ids=lambda content: repr(content[:10]),
)
def test_no_content_makes_detection_slow(content):
    started = time.monotonic()
    with contextlib.suppress(UnreadableFile):
        detect(content, "x.csv")

    assert time.monotonic() - started < 5


@pytest.mark.parametrize(
    ("content", "name", "found"),
    [
        (RIS, "library.bib", "ris"),
        ("@article{a, title={T}}", "export.ris", "bibtex"),
        ("PMID- 1\nTI  - T\n", "export.ris", "nbib"),
        ("TI  - T\nAU  - A\n", "x", "ris"),
        ("JF  - T\nER  - \n", "x", "ris"),
        ("%0 Book\n%T T\n", "export.txt", "refer"),
        ("PT J\nTI T\nER\n", "export.txt", "wos"),
        ("PT J\nAU\nER\n", "export.txt", "wos"),
        ('{"References": [{"ItemId": 1}]}', "export.csv", "eppi"),
        ('[{"type": "book", "title": "T"}]', "export.csv", "csl-json"),
        ("<xml><records></records></xml>", "export.csv", "endnote-xml"),
        ("a;b\n1;2\n", "x", "csv"),
        ("Title\nFirst\nSecond\n", "x.csv", "csv"),
        ("<1>\nTitle,Note\nFirst,x\n", "x.txt", "csv"),
        ("[1]\nTitle,Note\nFirst,x\n", "x.txt", "csv"),
        ("Title,Note\n@SUM(A1),%T x\n", "x.txt", "csv"),
        (xlsx([["Title", "Year"], ["T", 1]]), "export.ris", "xlsx"),
    ],
)
def test_the_content_decides_and_not_the_name(content, name, found):
    detected = detect(content.encode() if isinstance(content, str) else content, name)

    assert detected.format == found
    assert detected.reason


def test_a_format_may_be_insisted_on():
    assert titles("TT  - x\nTY  - JOUR\nTI  - First\n", told="ris") == ["First"]

    with pytest.raises(ValueError, match="is no format"):
        readers.read(RIS.encode(), "x.ris", "word")
    with pytest.raises(UnreadableFile, match="is no Excel workbook but RIS"):
        readers.read(RIS.encode(), "x.ris", "xlsx")
    with pytest.raises(UnreadableFile, match="is no RIS but Excel workbook"):
        readers.read(xlsx([["Title", "Year"], ["T", 1]]), "x.xlsx", "ris")
    with pytest.raises(UnreadableFile, match="is a web page"):
        readers.read(b"<html>", "x.ris", "ris")


def test_a_path_and_its_bytes_give_the_same(tmp_path):
    path = tmp_path / "export.ris"
    path.write_bytes(b"\xef\xbb\xbf" + RIS.encode())

    from_path, from_bytes = readers.read(path), readers.read(path.read_bytes(), "export.ris")

    assert list(from_path.records) == list(from_bytes.records)
    assert from_path.encoding == from_bytes.encoding == "utf-8-sig"


@pytest.mark.parametrize(
    "inside",
    [
        "<records><record><header/><metadata/></record></records>",
        "<collection xmlns='http://www.loc.gov/MARC21/slim'><record><leader>x</leader></record></collection>",
        "<PubmedArticleSet><PubmedArticle/></PubmedArticleSet>",
    ],
)
def test_records_of_catalogues_and_archives_are_not_taken_for_endnote(inside):
    with pytest.raises(UnreadableFile, match="XML of another kind than EndNote"):
        titles(f"<?xml version='1.0'?>{inside}", "x.xml")


def test_blank_lines_by_the_hundred_thousand_are_passed_over_in_time():
    started = time.process_time()
    assert titles(f"Title,Year\n{chr(10) * 200_000}First,2019\n") == ["First"]
    assert time.process_time() - started < 10

"""PubMed, Refer and Web of Science: the same cutting, other tags."""

import pytest

from tests.studies.loading.readers.reading import read_all, records_of, said, titles


NBIB = """\
PMID- 12345678
OWN - NLM
IS  - 2041-1723 (Electronic)
VI  - 5
IP  - 2
DP  - 2019 Feb
TI  - Children in contact with
      services.
PG  - 11-20
LID - S1769-7212(19)30059-X [pii]
LID - 10.1234/abc [doi]
AB  - One.
      Two.
CI  - Copyright
FAU - Okafor, Ada
AU  - Okafor A
CN  - A study group
LA  - eng
PT  - Journal Article
PT  - Preprint
JT  - Journal of examples
TA  - J Ex
MH  - Child, Preschool
OT  - recording
PMC - PMC1
"""

REFER = """\
%0 Report
%A Okafor, Ada
%A Lund, B.
%T First report
%D 2019
%8 May 1, 2019
%B Series of reports
%I A press
%V 2
%N 4
%P 5-6
%@ 978-3-86680-192-9
%R 10.1234/abc
%U https://example.org/1
%X One

Two
%K police
recording
%Z A note
%G English

%0 Book
%T Second
"""

WOS = """\
FN Clarivate Analytics Web of Science
VR 1.0
PT J
AU Okafor, A
   Lund, B
AF Okafor, Ada
   Lund, Berit
TI Children in contact
   with services
SO JOURNAL OF EXAMPLES
LA English
DT Article
DE police; recording;
   child
ID HARM
AB One
   two.
PU A PRESS
SN 2041-1723
PD MAY
PY 2019
VL 5
IS 2
BP 11
EP 20
DI 10.1234/abc
PM 12345678
ER

PT B
AU Lund, B
TI Second
PY 2020
AR 77
ER

EF
"""


def test_a_pubmed_record_is_read_into_its_fields():
    result, (found,), issues = read_all(NBIB, "file.txt")

    assert (result.format, issues) == ("nbib", [])
    assert found.title == "Children in contact with services."
    assert found.authors == ("Okafor, Ada", "A study group")
    assert (found.year, found.date, found.reference_type) == (2019, "2019 Feb", "preprint")
    assert (found.container, found.volume, found.issue, found.pages) == (
        "Journal of examples",
        "5",
        "2",
        "11-20",
    )
    assert (found.doi, found.pmid, found.issn) == ("10.1234/abc", "12345678", "2041-1723")
    assert (found.abstract, found.language) == ("One. Two.", "eng")
    assert found.keywords == ("Child, Preschool", "recording")
    assert ("PMC", "PMC1") in found.raw


def test_pubmed_records_are_told_apart_with_and_without_blank_lines():
    assert len(titles(NBIB + "\n" + NBIB)) == 2
    assert len(titles(NBIB + NBIB)) == 2
    assert len(titles((NBIB + NBIB).replace("\n", "\n\n"))) == 2


def test_a_pubmed_book_chapter_stands_in_its_book():
    text = "PMID- 1\nBTI - A handbook\nTI  - A chapter\nPB  - A press\n\nPMID- 2\nBTI - Another handbook\n"

    chapter, book = records_of(text)

    assert (chapter.title, chapter.container, chapter.reference_type) == (
        "A chapter",
        "A handbook",
        "chapter",
    )
    assert (book.title, book.reference_type) == ("Another handbook", "book")


def test_a_refer_record_is_read_into_its_fields():
    result, (found, second), issues = read_all(REFER, "library.enl")

    assert (result.format, issues) == ("refer", [])
    assert (found.title, found.reference_type, found.authors) == (
        "First report",
        "report",
        ("Okafor, Ada", "Lund, B."),
    )
    assert (found.year, found.date) == (2019, "May 1, 2019")
    assert (found.container, found.publisher, found.language) == ("Series of reports", "A press", "English")
    assert (found.volume, found.issue, found.pages) == ("2", "4", "5-6")
    assert (found.isbn, found.doi, found.url) == ("9783866801929", "10.1234/abc", "https://example.org/1")
    assert (found.abstract, found.keywords, found.notes) == ("One\nTwo", ("police", "recording"), "A note")
    assert ("%0", "Report") in found.raw
    assert (second.title, second.line) == ("Second", 23)


def test_refer_records_need_no_type_line():
    _, records, issues = read_all("%T First\n%A Okafor, A.\n\n\n%T Second\n%0 Book\n\n%T Third\n")

    assert [record.title for record in records] == ["First", "Second", "Third"]
    assert said(issues) == [("warning", "1", 1), ("warning", "3", 8)]


def test_a_web_of_science_record_is_read_into_its_fields():
    result, (found, second), issues = read_all(WOS, "savedrecs.txt")

    assert (result.format, issues) == ("wos", [])
    assert (found.title, found.line) == ("Children in contact with services", 3)
    assert found.authors == ("Okafor, Ada", "Lund, Berit")
    assert (found.reference_type, found.year, found.date) == ("article", 2019, "MAY 2019")
    assert (found.container, found.publisher, found.language) == ("JOURNAL OF EXAMPLES", "A PRESS", "English")
    assert (found.volume, found.issue, found.pages) == ("5", "2", "11-20")
    assert (found.doi, found.pmid, found.issn) == ("10.1234/abc", "12345678", "2041-1723")
    assert (found.abstract, found.keywords) == ("One two.", ("police", "recording", "child", "HARM"))
    assert (second.title, second.reference_type, second.pages) == ("Second", "book", "77")


def test_a_web_of_science_record_without_an_end_is_kept():
    _, records, issues = read_all(WOS.replace("ER\n\nPT B", "\nPT B"))

    assert [record.title for record in records] == ["Children in contact with services", "Second"]
    assert said(issues) == [("warning", "1", 3)]


def test_a_web_of_science_record_without_title_is_told_by_its_start():
    text = "PT J\nAU Okafor, A\nPY 2019\nER\nPT J\nTI Second\nER\nEF\n"

    assert titles(text, told="wos") == ["", "Second"]


def test_the_format_of_pubmed_without_its_numbers_is_told_and_read():
    text = """
OWN - ERIC
TI  - First study
AU  - Okafor, Ada
OT  - Recording
JT  - Journal of Examples
AID - http://dx.doi.org/10.1234/one
VI  - 10
PG  - 1-9
DP  - 2000
LID - http://eric.example.org/?id=EJ1
ISSN- 2041-1723

OWN - ERIC
TI  -Second study
DP  - 2001
"""

    result, (one, two), issues = read_all(text)

    assert result.format == "nbib"
    assert (one.title, one.authors, one.year, one.container) == (
        "First study", ("Okafor, Ada",), 2000, "Journal of Examples",
    )  # fmt: skip
    assert (one.doi, one.issn, one.pages, one.url) == (
        "10.1234/one", "2041-1723", "1-9", "http://eric.example.org/?id=EJ1",
    )  # fmt: skip
    assert (two.title, two.year, two.line) == ("Second study", 2001, 14)
    assert issues == []


def test_records_of_pubmed_without_title_or_space_behind_their_number_are_counted_and_named():
    _, records, issues = read_all("PMID-22664220\nPT  - Editorial\n\nPMID-22664238\nPT  - Letter\n")

    assert [record.pmid for record in records] == ["22664220", "22664238"]
    assert said(issues) == [("warning", "1", 1), ("warning", "2", 4)]


def test_web_of_science_exports_of_medline_give_pages_and_several_names_a_line():
    text = "PT J\nAU Okafor, Ada; Berg, Ben\nTI One\nSO Journal\nPS 411-22\nPY 2006\nER\n"

    (one,) = records_of(text)

    assert (one.authors, one.pages) == (("Okafor, Ada", "Berg, Ben"), "411-22")


JOINED_REFER = """%0 Journal Article
%A Okafor, A.
%A Berg, B.
%T First
%D 2001
%0 Report
%A Li, C.
%T Second
%D 2002
"""


@pytest.mark.parametrize(
    "text",
    [
        JOINED_REFER,
        JOINED_REFER.replace("%0 Journal Article\n", "").replace("%0 Report\n", ""),
        "%T First\n%A Okafor, A.\n%A Berg, B.\n%0 Journal Article\n%D 2001\n%T Second\n%A Li, C.\n%D 2002\n",
    ],
    ids=["type first", "people first", "title first"],
)
def test_refer_without_blank_lines_is_cut_where_the_first_tag_comes_again(text):
    one, two = records_of(text, "library.enw")

    assert (one.title, one.authors, one.year) == ("First", ("Okafor, A.", "Berg, B."), 2001)
    assert (two.title, two.authors, two.year) == ("Second", ("Li, C.",), 2002)


WRAPPED_WOS = """FN Clarivate Analytics Web of Science
VR 1.0
PT J
AU Okafor, A
   Berg, B
TI A title over
   two lines
SO JOURNAL
PY 2001
ER

PT J
AU Li, C
TI Second
PY 2002
ER

EF
"""
WRAPPED_NBIB = """PMID- 12345678
TI  - A title over
      two lines
FAU - Okafor, A
FAU - Berg, B
DP  - 2001

PMID- 12345679
TI  - Second
FAU - Li, C
DP  - 2002
"""
WRAPPED_RIS = """TY  - JOUR
TI  - A title over
two lines
AU  - Okafor, A
AU  - Berg, B
PY  - 2001
ER  -

TY  - JOUR
TI  - Second
AU  - Li, C
PY  - 2002
ER  -
"""


@pytest.mark.parametrize("text", [WRAPPED_WOS, WRAPPED_NBIB, WRAPPED_RIS], ids=["wos", "nbib", "ris"])
@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("\n", "\r\r\n"),
        lambda text: text.replace("\n", "\n\n"),
        lambda text: "".join(f"    {line}\n" if line else "\n" for line in text.splitlines()),
        lambda text: "".join(f"\t{line}\n" for line in text.splitlines()),
    ],
    ids=["doubled line ends", "double spaced", "indented", "tab before"],
)
def test_a_file_whose_lines_are_laid_out_otherwise_as_a_whole_is_read_as_it_was(text, change):
    one, two = records_of(change(text), "export.txt")

    assert (one.title, one.authors, one.year) == ("A title over two lines", ("Okafor, A", "Berg, B"), 2001)
    assert (two.title, two.authors, two.year) == ("Second", ("Li, C",), 2002)

"""RIS as it is found, one oddity at a time: no record may be lost, glued to another or made up."""

import time

import pytest

from studies.loading.detect import UnreadableFile
from tests.studies.loading.readers.reading import read_all, records_of, said, titles


def ris(*records, end="\n"):
    return "".join(line + end for record in records for line in record)


def record(title, *more, start="TY  - JOUR", close="ER  - "):
    return [line for line in (start, f"TI  - {title}", *more, close) if line is not None]


def test_a_plain_record_is_read_into_its_fields():
    text = ris(
        record(
            "Recorded offences in three areas",
            "AU  - Okafor, A.",
            "AU  - Home Office",
            "PY  - 2021",
            "DA  - 2021/03/04/",
            "T2  - Journal of Examples",
            "VL  - 12",
            "IS  - 3",
            "SP  - 183",
            "EP  - 186",
            "DO  - https://doi.org/10.1234/ABC.5",
            "SN  - 2041-1723",
            "SN  - 978-3-86680-192-9",
            "UR  - https://example.org/a b",
            "AB  - One.",
            "KW  - recording",
            "KW  - police",
            "LA  - English",
            "N1  - A note",
            "PB  - A press",
        )
    )

    (found,) = records_of(text)

    assert found.reference_type == "article"
    assert found.title == "Recorded offences in three areas"
    assert found.authors == ("Okafor, A.", "Home Office")
    assert (found.year, found.date) == (2021, "2021/03/04")
    assert (found.container, found.volume, found.issue, found.pages) == (
        "Journal of Examples",
        "12",
        "3",
        "183-186",
    )
    assert (found.doi, found.issn, found.isbn) == ("10.1234/abc.5", "2041-1723", "9783866801929")
    assert found.url == "https://example.org/a"
    assert (found.abstract, found.keywords) == ("One.", ("recording", "police"))
    assert (found.language, found.notes, found.publisher) == ("English", "A note", "A press")
    assert (found.number, found.line) == (1, 1)
    assert ("UR", "https://example.org/a b") in found.raw


@pytest.mark.parametrize(
    "tag",
    [
        "TY  - JOUR",
        "TY  -  JOUR",
        "TY  -JOUR",
        "TY - JOUR",
        "TY\t- JOUR",
        "  TY  - JOUR",
        "ty  - JOUR",
        "12. TY  - JOUR",
    ],
)
def test_every_spacing_of_the_start_tag_begins_a_record(tag):
    assert titles(ris(record("First"), record("Second", start=tag), record("Third"))) == [
        "First",
        "Second",
        "Third",
    ]


@pytest.mark.parametrize("close", ["ER  - ", "ER  -", "ER - ", "ER", "  ER  - ", "ER  -  "])
def test_every_spacing_of_the_end_tag_ends_a_record(close):
    assert titles(ris(record("First", close=close), record("Second"))) == ["First", "Second"]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\u2028", "\n\r\n"])
def test_every_line_end_divides_lines(end):
    result, records, _ = read_all(ris(record("First"), record("Second"), end=end))

    assert [one.title for one in records] == ["First", "Second"]
    assert result.line_ending == {"\n": "LF", "\r\n": "CRLF", "\r": "CR", "\u2028": "U+2028"}.get(
        end, "mixed"
    )


def test_a_missing_end_is_reported_and_nothing_is_lost():
    _, records, issues = read_all(
        ris(record("First", close=None), record("Second"), record("Third", close=None))
    )

    assert [one.title for one in records] == ["First", "Second", "Third"]
    assert said(issues) == [("warning", "1", 1), ("warning", "3", 6)]
    assert "no ER line" in issues[0].message


def test_a_missing_start_is_reported_and_nothing_is_lost():
    _, records, issues = read_all(ris(record("First"), record("Second", start=None), record("Third")))

    assert [(one.title, one.reference_type) for one in records] == [
        ("First", "article"),
        ("Second", ""),
        ("Third", "article"),
    ]
    assert said(issues) == [("warning", "2", 4)]
    assert "no TY line" in issues[0].message


def test_missing_start_and_end_together_are_told_by_the_blank_line_and_the_second_title():
    text = ris(
        record("First", close=None), [""], record("Second", start=None, close=None), [""], record("Third")
    )

    assert titles(text) == ["First", "Second", "Third"]


def test_a_record_without_start_and_end_after_a_closed_one_is_a_record():
    assert titles(ris(record("First"), ["TI  - Second", "AU  - Okafor, A."], record("Third"))) == [
        "First",
        "Second",
        "Third",
    ]


def test_a_record_without_start_and_end_at_the_very_end_is_a_record():
    assert titles(ris(record("First"), ["", "TI  - Second"])) == ["First", "Second"]


def test_tags_after_the_end_belong_to_the_record_before():
    found = records_of(ris(record("First"), ["NL  - Short name", "", "2."], record("Second")))

    assert [one.title for one in found] == ["First", "Second"]
    assert ("NL", "Short name") in found[0].raw


def test_an_end_tag_after_tags_without_a_title_makes_no_record():
    assert titles(ris(record("First"), ["NL  - Short name", "ER  - "], record("Second"))) == [
        "First",
        "Second",
    ]


def test_tags_before_the_first_start_belong_to_the_record_that_follows():
    (found,) = records_of(ris(["ID  - 7"], record("First")))

    assert ("ID", "7") in found.raw
    assert found.reference_type == "article"


def test_chatter_between_records_is_passed_over():
    chatter = ["", "Record #2 of 2", "Provider: A publisher", 'Content: text/plain; charset="UTF-8"', "2."]

    _, records, issues = read_all(ris(record("First"), chatter, record("Second")))

    assert [one.title for one in records] == ["First", "Second"]
    assert issues == []


def test_chatter_in_a_record_that_lacks_its_end_does_not_become_a_keyword():
    first = record("First", "KW  - police", close=None)

    found = records_of(ris(first, ["", "Record #2 of 2", "Provider: A publisher"], record("Second")))

    assert found[0].keywords == ("police",)


def test_unknown_lines_between_records_are_counted_once():
    _, records, issues = read_all(ris(record("First"), ["See our terms", "of use"], record("Second")))

    assert [one.title for one in records] == ["First", "Second"]
    assert said(issues) == [("warning", "", 4)]
    assert "2 lines" in issues[0].message


def test_start_and_end_on_one_line_are_two_records():
    text = "TY  - JOUR\nTI  - First\nER  - TY  - JOUR\nTI  - Second\nER  - \n"

    assert titles(text) == ["First", "Second"]


def test_a_start_tag_given_twice_is_one_record():
    assert titles("TY  - JOUR\nTY  - JOUR\nTI  - First\nER  - \n") == ["First"]


def test_an_end_tag_given_twice_is_no_record():
    _, records, issues = read_all(ris(record("First"), ["ER  - "], record("Second")))

    assert [one.title for one in records] == ["First", "Second"]
    assert issues == []


def test_an_end_tag_without_a_record_is_passed_over():
    assert titles(ris(["ER  - "], record("First"))) == ["First"]


def test_repeated_and_empty_tags_are_kept():
    (found,) = records_of(
        ris(record("First", "SP  -", "PB  - ", "PB  - A press", "PB  - Another", "N1  - a", "N1  - b"))
    )

    assert (found.publisher, found.notes, found.pages) == ("A press", "a\nb", "")
    assert found.raw.count(("PB", "")) == 1


def test_an_empty_record_is_a_record_and_said_to_have_no_title():
    _, records, issues = read_all("TY  - \nER  - \n\nTY  - GEN\nER  - \n")

    assert [(one.number, one.reference_type) for one in records] == [(1, ""), (2, "other")]
    assert [issue.message for issue in issues] == ["the record has no title"] * 2


def test_long_texts_run_over_lines_and_blank_lines():
    text = ris(record("First", "AB  - One", "two.", "", "Three - four", "US - based.", "KW  - police"))

    (found,) = records_of(text)

    assert found.abstract == "One two.\nThree - four US - based."
    assert found.keywords == ("police",)


def test_lists_have_one_value_a_line():
    (found,) = records_of(
        ris(
            record(
                "First", "KW  - police", "recording", "Child, Preschool", "AU  - Okafor, A.", "Home Office"
            )
        )
    )

    assert found.keywords == ("police", "recording", "Child, Preschool")
    assert found.authors == ("Okafor, A.", "Home Office")


def test_a_value_of_one_line_is_not_continued_after_a_blank_line():
    (found,) = records_of(ris(record("First", "PMID - 12345678", "", "% a remark")))

    assert found.pmid == "12345678"


def test_tags_with_one_space_and_of_other_formats_are_read():
    (found,) = records_of(
        ris(record("First", "PY  - 2020", "KW - police", "DOI - 10.1234/x", "PMCID - PMC1"))
    )

    assert (found.keywords, found.doi, found.raw[-1]) == (("police",), "10.1234/x", ("PMCID", "PMC1"))


def test_a_file_with_one_space_throughout_is_read():
    text = ris(["TY - JOUR", "TI - First", "AU - Okafor, A.", "AB - One", "KW - police", "ER -"])

    (found,) = records_of(text)

    assert (found.title, found.authors, found.keywords) == ("First", ("Okafor, A.",), ("police",))


def test_double_spaced_files_are_not_cut_at_every_blank_line():
    found = records_of(ris(record("First", "AU  - Okafor, A.", "PY  - 2020"), record("Second"), end="\n\n"))

    assert [(one.title, one.year) for one in found] == [("First", 2020), ("Second", None)]


def test_a_record_with_thousands_of_authors_keeps_them_all():
    (found,) = records_of(ris(record("First", *(f"AU  - Author{i}, A." for i in range(5_000)))))

    assert len(found.authors) == 5_000
    assert found.authors[4_999] == "Author4999, A."


def test_files_put_together_with_a_mark_in_the_middle_are_read():
    text = ris(record("First")) + "\ufeff" + ris(record("Second"))

    assert titles(text) == ["First", "Second"]


def test_editors_stand_in_where_there_are_no_authors():
    (found,) = records_of(ris(record("First", "A2  - Editor, E.")))

    assert found.authors == ("Editor, E.",)


def test_one_author_tag_may_hold_several_names():
    (found,) = records_of(ris(record("First", "AU  - Okafor, A.; Lund, B.", "AU  - Yang Z., Jiang B.")))

    assert found.authors == ("Okafor, A.", "Lund, B.", "Yang Z.", "Jiang B.")


def test_the_name_of_a_committee_is_not_taken_apart():
    name = "Digital, Culture, Media and Sport Committee"

    (found,) = records_of(ris(record("First", f"AU  - {name}")))

    assert found.authors == (name,)


def test_a_lone_tag_that_is_no_record_is_an_error():
    _, records, issues = read_all("KW  - police\n", told="ris")

    assert records == []
    assert said(issues) == [("error", "", 1)]


def test_lines_are_numbered_as_an_editor_shows_them():
    text = "\ufeff\r\nProvider: x\r\n" + ris(record("First", "AB  - a\u2028b"), record("Second"), end="\r\n")

    assert [one.line for one in records_of(text)] == [3, 7]


@pytest.mark.parametrize(
    ("start", "end", "pages"),
    [
        ("183", "186", "183-186"),
        ("183-186", "", "183-186"),
        ("183-6", "186", "183-6"),
        ("39", "39", "39"),
        ("No", "Specified", ""),
        ("", "12", "12"),
    ],
)
def test_pages(start, end, pages):
    (found,) = records_of(ris(record("First", f"SP  - {start}", f"EP  - {end}")))

    assert found.pages == pages


def test_only_web_addresses_become_links():
    (found,) = records_of(ris(record("First", "UR  - javascript:alert(1)", "L1  - file:///C:/a.pdf")))

    assert found.url == ""


def test_several_records_without_start_and_end_after_a_closed_one_are_records():
    loose = ["TI  - Second", "AU  - Okafor, A.", "", "TI  - Third", "", "TI  - Fourth"]

    assert titles(ris(record("First"), loose)) == ["First", "Second", "Third", "Fourth"]


def test_a_record_without_title_takes_the_tags_after_its_end():
    found = records_of("TY  - JOUR\nAU  - Okafor, A.\nER  - \nTI  - First\n\nTI  - Second\nER  - \n")

    assert [one.title for one in found] == ["First", "Second"]
    assert found[0].authors == ("Okafor, A.",)


def test_an_end_tag_may_have_a_value():
    assert titles(ris(record("First", close="ER  - 1"), record("Second"))) == ["First", "Second"]


def test_words_alone_hold_no_record():
    with pytest.raises(UnreadableFile, match="holds no record"):
        read_all("some words\n", told="ris")


PLAIN = """TY  - JOUR
TI  - One study
AB  - A long text
that goes on, see
ED - based care
JF  - Journal of Examples
PY  - 2001
VL  - 5
DO  - 10.1234/one
ER  -

TY  - RPRT
TI  - Another study
T2  - A series
PY  - 2002
ER  -
"""


@pytest.mark.parametrize(
    "change",
    [
        lambda tag: f"   {tag}  - ",
        lambda tag: f"\t{tag}  - ",
        lambda tag: f"{tag} - ",
        lambda tag: f"{tag}\t- ",
        lambda tag: f"{tag.lower()}  - ",
        lambda tag: f"  {tag.lower()} - ",
    ],
    ids=["indented", "tab before", "one space", "tab between", "lower case", "indented lower case"],
)
@pytest.mark.parametrize("left_out", ["", "TY", "ER"])
def test_tags_written_in_another_way_throughout_are_tags_behind_titles_too(change, left_out):
    kept = [
        line for line in PLAIN.splitlines() if not line.startswith("ED") and line[:2] != (left_out or "-")
    ]
    text = "\n".join(change(line[:2]) + line[6:] if line[2:6] == "  - " else line for line in kept)

    one, two = records_of(text)

    assert (one.title, one.container, one.year, one.volume) == ("One study", "Journal of Examples", 2001, "5")
    assert (one.doi, one.abstract) == ("10.1234/one", "A long text that goes on, see")
    assert (two.title, two.container, two.year) == ("Another study", "A series", 2002)


def test_a_line_of_an_abstract_that_looks_like_a_tag_stays_in_it():
    one, _ = records_of("1. " + PLAIN)  # a number before the first tag makes no other dialect

    assert one.abstract == "A long text that goes on, see ED - based care"


def test_a_publisher_and_an_isbn_in_the_tags_of_web_of_science_are_taken():
    one, _ = records_of(
        ris(record("One", "PU  - A PRESS", "J9  - J EXAMPLES", "BN  - 978-3-86680-192-9"), []) + PLAIN
    )[:2]

    assert (one.publisher, one.container, one.isbn) == ("A PRESS", "J EXAMPLES", "9783866801929")


@pytest.mark.parametrize(
    ("line", "pmid"),
    [
        ("N1  - Accession Number: 123456789; PMID: NLM29135425.", "29135425"),
        ("U1  - 23690738[pmid]", "23690738"),
        ("N1  - Indexed in Medline since 1990; first seen in 2019", ""),
        ("N1  - PMID: none", ""),
    ],
)
def test_a_pubmed_number_in_a_note_counts_only_where_it_is_called_one(line, pmid):
    assert records_of(ris(record("One", line)))[0].pmid == pmid


def test_dates_of_what_came_before_publication_are_passed_over():
    lines = ["PY  - 2013/04/18/", "Y1  - 2013/02/15/received", "DA  - 2013/03/14/accepted"]

    assert records_of(ris(record("One", *lines)))[0].date == "2013/04/18"
    assert records_of(ris(record("One", lines[1])))[0].date == "2013/02/15/received"


@pytest.mark.parametrize(
    ("given", "names"),
    [
        ("Ada Okafor, Ben van der Berg, Chen Li", ("Ada Okafor", "Ben van der Berg", "Chen Li")),
        ("Okafor A, van der Berg B, and Rand C", ("Okafor A", "van der Berg B", "Rand C")),
        ("Okafor, A. B., Berg, C.", ("Okafor, A. B.", "Berg, C.")),
        ("Department of Health, Home Office, Ministry of Justice", None),
        ("King, Ada Ben, Jr.", None),
        ("Okafor, Ada Ben", None),
    ],
)
def test_several_names_in_one_value_are_divided_only_where_all_are_whole(given, names):
    assert records_of(ris(record("One", f"AU  - {given}")))[0].authors == (names or (given,))


@pytest.mark.parametrize(
    ("lines", "pmid"),
    [
        (
            ["L2  - http://ovidsp.ovid.com/ovidweb.cgi?T=JS&PAGE=reference&D=medp&NEWS=N&AN=30439442"],
            "30439442",
        ),
        (["UR  - https://ovidsp.ovid.com/ovidweb.cgi?T=JS&D=emed20&NEWS=N&AN=2012345678"], ""),
        (["UR  - https://ovidsp.ovid.com/ovidweb.cgi?T=JS&D=psyc16&AN=30439442"], ""),
        (["AN  - 36037647", "DP  - Nlm"], "36037647"),
        (["AN  - 36037647", "DB  - Embase"], ""),
        (["AN  - 36037647", "DB  - Embase, Medline"], ""),
        (["AN  - 36037647"], ""),
    ],
)
def test_the_number_in_a_database_is_a_pubmed_number_only_in_medline(lines, pmid):
    assert records_of(ris(record("One", *lines)))[0].pmid == pmid


@pytest.mark.parametrize(
    ("lines", "pages"),
    [
        (["SP  - 1279\u20101297"], "1279-1297"),
        (["SP  - 10 - 12"], "10-12"),
        (["SP  - 14785-14785"], "14785"),
        (["PG  - 14316", "SP  - "], "14316"),
        (["SP  - e1-e5"], "e1-e5"),
        (["SP  - S-12", "EP  - S-15"], "S-12-S-15"),
    ],
)
def test_pages_are_read_in_one_form(lines, pages):
    assert records_of(ris(record("One", *lines)))[0].pages == pages


def test_what_r_writes_for_nothing_is_nothing():
    one, two = records_of(ris(record("One", "AB  - NA", "IS  - NA", "VL  - 5"), record("NA", "PY  - 2001")))

    assert (one.abstract, one.issue, one.volume) == ("", "", "5")
    assert (two.title, two.year) == ("", 2001)


@pytest.mark.parametrize("start", ["TY", ""])
@pytest.mark.parametrize(
    "head", ["{}  \u2013 ", "{}\xa0\xa0-\xa0", "{}\xa0 - ", "{} \u2014 ", "\u200b{}  \u2013 "],
    ids=["dash", "fixed spaces", "one fixed space", "long dash", "no-width space"],
)  # fmt: skip
def test_tags_that_a_word_processor_has_typeset_are_tags(head, start):
    lines = [
        "TY:JOUR",
        "TI:Costs \u2013 and harm",
        "AB:See A1 \u2013 the annex",
        "PY:2001",
        "DO:10.1234/one",
        "ER:",
    ]
    kept = [line.split(":") for line in lines if start or not line.startswith("TY")]

    (one,) = records_of("".join(f"{head.format(tag)}{value}\n" for tag, value in kept))

    assert (one.title, one.year, one.doi) == ("Costs \u2013 and harm", 2001, "10.1234/one")
    assert one.abstract == "See A1 \u2013 the annex"


@pytest.mark.parametrize(
    ("lines", "date"),
    [
        (["DA  - SEP 22", "PY  - 2010"], "SEP 22 2010"),
        (["DA  - Sep", "PY  - 2010"], "Sep 2010"),
        (["PY  - 2010", "DA  - 2010/09/22/"], "2010/09/22"),
        (["PY  - 2010", "DA  - 2009-12-01"], "2010"),
        (["DA  - May"], "May"),
        (["PY  - 2010//"], "2010"),
    ],
)
def test_a_date_without_its_year_gets_it_behind(lines, date):
    assert records_of(ris(record("One", *lines)))[0].date == date


def test_the_day_on_which_a_page_was_looked_at_is_not_its_year():
    assert records_of(ris(record("One", "Y2  - 2020/05/03", start="TY  - ELEC")))[0].year is None


def test_a_start_tag_by_the_ten_thousand_is_one_record_and_read_in_time():
    started = time.process_time()
    assert titles("TY  - JOUR\n" * 40_000 + "TI  - First\nER  - \n") == ["First"]
    assert time.process_time() - started < 5

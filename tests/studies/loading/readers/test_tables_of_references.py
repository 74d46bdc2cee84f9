"""CSV, XLSX and ODS of references: headings of many programs, odd rows, and what workbooks may not do."""

from datetime import date, datetime

import pytest

from studies.loading import delimited, workbooks
from studies.loading.detect import UnreadableFile
from tests.studies.loading.readers.reading import read_all, records_of, said, titles
from tests.studies.loading.readers.workbook_bytes import cell, ods, ods_row, packed, raw_xlsx, xlsx


ZOTERO = (
    '"Key","Item Type","Publication Year","Author","Title","Publication Title","ISBN","ISSN","DOI","Url",'
    '"Abstract Note","Date","Pages","Issue","Volume","Publisher","Language","Manual Tags","Notes"\n'
    '"A","bookSection","2019","Okafor, Ada; Lund, B.","Children, and services","Handbook","978-3-86680-192-9",'
    '"2041-1723","10.1234/ABC","https://example.org/1","One.","2019-05-03","11-20","2","5","A press","en",'
    '"police; recording","A note"\n'
)


def test_zotero_headings():
    result, (found,), issues = read_all(ZOTERO, "export.txt")

    assert (result.format, issues) == ("csv", [])
    assert (found.title, found.authors) == ("Children, and services", ("Okafor, Ada", "Lund, B."))
    assert (found.reference_type, found.year, found.date) == ("chapter", 2019, "2019-05-03")
    assert (found.container, found.publisher, found.language) == ("Handbook", "A press", "en")
    assert (found.volume, found.issue, found.pages) == ("5", "2", "11-20")
    assert (found.doi, found.issn, found.isbn) == ("10.1234/abc", "2041-1723", "9783866801929")
    assert (found.url, found.abstract, found.notes) == ("https://example.org/1", "One.", "A note")
    assert found.keywords == ("police", "recording")
    assert found.raw[0] == ("Key", "A")


@pytest.mark.parametrize(
    ("text", "field", "value"),
    [
        pytest.param("Authors,Title,Year,Page start,Page end\nOkafor A.,T,2019,11,20\n", "pages", "11-20", id="Scopus"),
        pytest.param("Title,Authors,Art. No.\nT,Okafor A.,e17\n", "pages", "e17", id="article number"),
        pytest.param("Title,Author Names\nT,\"Yang Z., Jiang B.\"\n", "authors", ("Yang Z.", "Jiang B."), id="Embase"),
        pytest.param("Title,Authors,Published Year\nT,\"Okafor, A\",2019\n", "year", 2019, id="Covidence"),
        pytest.param("PMID,Title,Journal/Book,DOI\n12345678,T,J Ex,10.1/x\n", "pmid", "12345678", id="PubMed"),
        pytest.param("PT\tAU\tTI\tSO\tID\nJ\tOkafor, A\tT\tJ Ex\tHARM\n", "keywords", ("HARM",), id="Web of Science"),
        pytest.param("ID,ShortTitle,Title,Year\n7,Okafor (2019),T,2019\n", "keywords", (), id="EPPI-Reviewer"),
        pytest.param('Article Title,ISSN,Publication Date\nT,="00788562",="Jun2023"\n', "issn", "0078-8562", id="EBSCO"),
        pytest.param('Title,Publication Date\nT,="Jun2023"\n', "year", 2023, id="a year in a formula"),
        pytest.param("Title,Authors,Publication\nT,\"Barrett, P; Lee, K; \",J Ex\n", "authors", ("Barrett, P", "Lee, K"), id="Google Scholar"),
        pytest.param("Title,Authors,Publication\nT,A,J Ex\n", "container", "J Ex", id="Google Scholar's journal"),
        pytest.param("title,authors,doi\nT,\"Yang, Z. and Jiang, B.\",10.1/x     LK  - https://e.org/y\n", "authors", ("Yang, Z.", "Jiang, B."), id="Rayyan"),
        pytest.param("title,doi,year\nT,10.1000/x     LK  - https://e.org/y,2019\n", "doi", "10.1000/x", id="Rayyan's DOI"),
        pytest.param("Title Primary\t\"Authors, Primary\"\tPub Year\tStart Page\tOther Pages\nT\tDe Jong,Y.;Lee,K\t2020\t69\t79\t\n", "pages", "69-79", id="Citavi"),
        pytest.param("title,publication_year,authorships.raw_author_name\nT,2024,Alba Vicente|Jo Sanjuan\n", "authors", ("Alba Vicente", "Jo Sanjuan"), id="OpenAlex"),
        pytest.param("title,publication_year,primary_location.source.display_name\nT,2024,J Ex\n", "container", "J Ex", id="OpenAlex's journal"),
        pytest.param('Author(s),Title,PubMed ID\n"Bywater, T; Hutchings, J",T,PUBMED 21314913\n', "pmid", "21314913", id="Cochrane"),
        pytest.param('Title,Authors\nT,"Ministry of Housing, Communities and Local Government"\n', "authors", ("Ministry of Housing, Communities and Local Government",), id="a ministry"),
        pytest.param("title,pages,year\nT,pp 278-298,2019\n", "pages", "278-298", id="the word for pages"),
        pytest.param("title,date,doi\nT,Start date: 20170812,10.1000/x\n", "year", 2017, id="a date without marks"),
        pytest.param("source_id;title;authors;year\nx;T;Home Office;2019\n", "authors", ("Home Office",), id="own"),
    ],
)  # fmt: skip
def test_headings_of_other_programs(text, field, value):
    (found,) = records_of(text, "x.csv")

    assert found.title == "T"
    assert getattr(found, field) == value


def test_words_between_the_rows_are_no_record_and_are_named():
    """Abstrackr divides its citations by a line of words, and puts each author on a line of its own."""
    text = (
        'id,pubmed id,title,journal,authors,tags,when,Anonymous,when\n1,0,First,J Ex,"Troiano, L.P.\n and Dos Santos, H.B.\n '
        'and Lee, K.\n","",x,1,y\ncitations that are not yet labeled by anyone\n2,0,Second,J Ex,"Yang, Z.\n"\n'
    )
    _, found, issues = read_all(text, "x.csv")

    assert titles(text) == ["First", "Second"]
    assert [record.authors for record in found] == [
        ("Troiano, L.P.", "Dos Santos, H.B.", "Lee, K."),
        ("Yang, Z.",),
    ]
    assert [(issue.line, issue.severity) for issue in issues] == [(6, "warning")]
    assert "is no record" in issues[0].message
    assert [record.pmid for record in found] == ["", ""]


def test_row_with_a_title_alone_is_a_record():
    assert titles("Title,Authors,Year\nFirst\nSecond,Okafor,2019\n") == ["First", "Second"]


def test_marks_in_cells_between_tabs_stand_for_themselves():
    rows = [
        ["Title", "Authors", "Year", "Abstract"],
        ["First", "Okafor, A.", "2019", '"Distancing" and more'],
        ['"PTSD" in times', "Lund, B.", "2020", '"never closed'],
        ['"Quoted, as ""rules"" say"', "Lee, K.", "2021", "plain"],
        ["Last", "Ash, C.", "2022", 'closes here"'],
    ]
    _, found, issues = read_all("".join("\t".join(row) + "\n" for row in rows), "x.tsv")

    assert [record.title for record in found] == [
        "First",
        '"PTSD" in times',
        'Quoted, as "rules" say',
        "Last",
    ]
    assert [record.abstract for record in found] == [
        '"Distancing" and more',
        '"never closed',
        "plain",
        'closes here"',
    ]
    assert issues == []


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_every_delimiter_is_found(delimiter):
    text = (
        delimiter.join(["Title", "Authors", "Year"])
        + "\n"
        + delimiter.join(["First", "Okafor A.", "2019"])
        + "\n"
    )

    (found,) = records_of(text, "x.csv")

    assert (found.title, found.year) == ("First", 2019)


def test_headings_may_stand_below_other_rows_and_come_again():
    text = '"SEARCH QUERY","harm:ti"\n-----------\n\n"Title","Year"\nFirst,2019\n\nTitle,Year\nSecond,2020\n'

    found = records_of(text, "x.csv")

    assert [(record.title, record.line, record.number) for record in found] == [
        ("First", 5, 1),
        ("Second", 8, 2),
    ]


def test_cells_with_line_ends_keep_the_lines_of_the_rows_after_them():
    text = 'Title,Abstract\nFirst,"One\r\ntwo\u2028three"\nSecond,x\n'

    found = records_of(text, "x.csv")

    assert [(record.title, record.line) for record in found] == [("First", 2), ("Second", 4)]
    assert found[0].abstract == "One\ntwo\u2028three"


@pytest.mark.parametrize("end", ["\r", "\r\n", "\u2028"])
def test_every_line_end_divides_rows(end):
    assert titles("Title,Year\nFirst,2019\nSecond,2020\n".replace("\n", end), "x.csv") == ["First", "Second"]


def test_a_table_turned_round_is_read():
    text = (
        '"EXPORT","of today"\n"TITLE","First"\n"AUTHOR NAMES","Okafor A.","Lund B."\n"PUBLICATION YEAR","2019"\n\n'
        '"TITLE","Second"\n"PUBLICATION YEAR","2020"\n"OWN CODE","x"\n'
    )

    first, second = records_of(text, "x.csv")

    assert (first.title, first.authors, first.year, first.line) == (
        "First",
        ("Okafor A.", "Lund B."),
        2019,
        2,
    )
    assert (second.title, second.year, second.line, second.number) == ("Second", 2020, 6, 2)
    assert ("OWN CODE", "x") in second.raw


def test_a_row_with_too_many_cells_is_taken_and_reported():
    _, records, issues = read_all("Title,Year\nFirst,2019,extra,more\nSecond\n", "x.csv")

    assert [record.title for record in records] == ["First", "Second"]
    assert ("column 3", "extra") in records[0].raw
    assert said(issues) == [("warning", "1", 2)]


def test_a_column_that_is_there_twice_is_refused():
    with pytest.raises(UnreadableFile, match="has the column “year” more than once"):
        read_all("Title,Year,Authors,YEAR\nFirst,2019,,2020\n", "x.csv")


def test_an_unknown_column_may_be_there_twice():
    assert titles("Title,Year,Code,Code\nFirst,2019,1,2\n", "x.csv") == ["First"]


def test_a_quotation_mark_that_is_never_closed_costs_only_its_row():
    text = 'Title,Year\nFirst,2019\n"Second,2020\nThird,2021\n"Fourth, quoted",2022\n'

    _, records, issues = read_all(text, "x.csv")

    assert [record.title for record in records] == ["First", "Third", "Fourth, quoted"]
    assert said(issues) == [("error", "", 3)]
    assert "quotation mark" in issues[0].message


def test_a_lone_quotation_mark_at_the_end_costs_only_its_row():
    _, records, issues = read_all('Title,Year\nFirst,2019\n"Second,2020\nThird,2021\n', "x.csv")

    assert [record.title for record in records] == ["First", "Third"]
    assert said(issues) == [("error", "", 3)]


def test_a_cell_beyond_all_reason_costs_only_its_row():
    _, records, issues = read_all(f"Title,Year\nFirst,2019\n{'x' * 1_000_100},2020\nThird,2021\n", "x.csv")

    assert [record.title for record in records] == ["First", "Third"]
    assert "far too long" in issues[0].message


def test_a_file_of_nothing_but_bad_rows_ends(monkeypatch):
    monkeypatch.setattr(delimited, "MOST_RESTARTS", 3)

    _, records, issues = read_all("Title,Year\nFirst,2019\n" + '"a"b,c\n' * 20, "x.csv")

    assert [record.title for record in records] == ["First"]
    assert [issue.message[:13] for issue in issues] == ["the row canno"] * 3 + ["too many rows"]


def test_formulas_and_commands_stay_text():
    text = 'Title,Year\n"=HYPERLINK(""http://x"")",2019\n@SUM(1),2020\n'

    assert titles(text, "x.csv") == ['=HYPERLINK("http://x")', "@SUM(1)"]


def test_ten_thousand_columns_are_refused():
    wide = ",".join(["Title", "Year", *(f"c{i}" for i in range(10_000))])

    with pytest.raises(UnreadableFile, match="more than 2,000 columns"):
        read_all(f"{wide}\nFirst,2019\n", "x.csv")


def test_headings_alone_hold_no_record():
    with pytest.raises(UnreadableFile, match="holds no record"):
        read_all("Title,Authors,Year\n", "x.csv")


def test_a_table_of_figures_is_refused():
    with pytest.raises(UnreadableFile, match="no row of headings"):
        read_all("Area,Year,Value\nE06000001,2019,5\n", "x.csv")


def test_a_workbook_is_read_with_its_numbers_and_dates():
    moment = datetime(2020, 1, 2, 3, 4)  # noqa: DTZ001 - workbooks know no time zones
    content = xlsx(
        [["Title", "Year", "Date", "Notes", "Volume", "Issue"], ["First", 2019.0, date(2019, 5, 3), True, 1.5, None]],
        [["Nothing"], ["here"]],
        [["A note above"], [], ["Title", "Date"], ["Second", moment], [None, None]],
    )  # fmt: skip

    result, (first, second), issues = read_all(content, "x.csv")

    assert (result.format, issues) == ("xlsx", [])
    assert (first.title, first.year, first.date, first.notes, first.volume) == (
        "First",
        2019,
        "2019-05-03",
        "yes",
        "1.5",
    )
    assert (second.title, second.date, second.year) == ("Second", "2020-01-02 03:04:00", 2020)
    assert (second.number, second.line) == (2, 4)


def test_formulas_are_read_as_their_stored_values():
    rows = (
        f"<row r='1'>{cell('A1', 'Title')}{cell('B1', 'Year')}</row>"
        '<row r="2"><c r="A2" t="str"><f>HYPERLINK("http://x")</f><v>First</v></c><c r="B2"><f>2018+1</f><v>2019</v></c><c r="D2"/></row>'
    )

    (found,) = records_of(raw_xlsx(rows))

    assert (found.title, found.year) == ("First", 2019)


def test_macros_are_not_looked_at():
    content = raw_xlsx(
        f"<row r='1'>{cell('A1', 'Title')}{cell('B1', 'Year')}</row><row r='2'>{cell('A2', 'First')}</row>",
        **{"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0 not a macro at all"},
    )

    assert titles(content) == ["First"]


HEAD = f"<row r='1'>{cell('A1', 'Title')}{cell('B1', 'Year')}</row>"


def test_a_cell_in_the_last_column_is_refused_without_laying_the_sheet_out():
    with pytest.raises(UnreadableFile, match="more than 2,000 columns"):
        read_all(raw_xlsx(HEAD + f"<row r='2'>{cell('XFD2', 'x')}</row>"))


def test_a_row_beyond_the_last_is_refused(monkeypatch):
    monkeypatch.setattr(workbooks, "MOST_ROWS", 1_000)

    with pytest.raises(UnreadableFile, match="claims more rows"):
        read_all(raw_xlsx(HEAD + f"<row r='999999999999'>{cell('A2', 'x')}</row>"))


def test_rows_of_countless_blank_cells_are_refused(monkeypatch):
    monkeypatch.setattr(workbooks, "MOST_CELLS", 100_000)
    rows = "".join(f"<row r='{number}'><c r='XFD{number}'/></row>" for number in range(2, 12))

    with pytest.raises(UnreadableFile, match="claims more rows or cells"):
        read_all(raw_xlsx(HEAD + rows))


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(
            raw_xlsx(f"<row r='1'>{cell('A1', '&a;')}</row>", '<!DOCTYPE x [<!ENTITY a "aa">]>'), id="entity"
        ),
        pytest.param(raw_xlsx("<row r='1'><c r='ZZZZZ1'><v>1</v></c></row>"), id="no such column"),
        pytest.param(raw_xlsx("<row r='1'><c"), id="broken XML"),
        pytest.param(packed({"xl/workbook.xml": "<workbook/>"}), id="parts missing"),
        pytest.param(ods("&a;", '<!DOCTYPE x [<!ENTITY a "aa">]>'), id="entity in ODS"),
        pytest.param(ods(ods_row("x", attributes='table:number-rows-repeated="many"')), id="no number"),
    ],
)
def test_damaged_and_unsafe_workbooks_are_refused(content):
    with pytest.raises(UnreadableFile, match="damaged or unsafe"):
        read_all(content, "x.xlsx")


def test_an_opendocument_sheet_is_read():
    rows = (
        ods_row("A title above", attributes='table:number-rows-repeated="2"')
        + ods_row('<table:table-cell table:number-columns-repeated="1024"/>', attributes='table:number-rows-repeated="5"')
        + ods_row("Title", "Year", "Date", "Notes", "Issue", "Volume", "Pages")
        + ods_row(
            "<table:table-cell><text:p>First<text:s text:c='2'/><text:span>part</text:span><text:tab/>x</text:p>"
            "<office:annotation><text:p>a remark</text:p></office:annotation></table:table-cell>",
            '<table:table-cell office:value-type="float" office:value="2019"><text:p>2,019</text:p></table:table-cell>',
            '<table:table-cell office:value-type="date" office:date-value="2019-05-03T00:00:00"/>',
            '<table:table-cell office:value-type="boolean" office:boolean-value="true"/>',
            '<table:covered-table-cell/><table:shape/>',
            "<table:table-cell><text:p>5<office:annotation>no</office:annotation></text:p></table:table-cell>",
            '<table:table-cell office:value-type="boolean" office:boolean-value="false"/>',
        )
    )  # fmt: skip

    result, (found,), _ = read_all(ods(rows), "x.xlsx")

    assert result.format == "ods"
    assert (found.title, found.year, found.date, found.notes) == ("First part x", 2019, "2019-05-03", "yes")
    assert (found.volume, found.pages, found.line) == ("5", "", 9)


def test_repeated_opendocument_rows_are_all_there():
    rows = ods_row("Title", "Year") + ods_row("First", "2019", attributes='table:number-rows-repeated="3"')

    assert [record.line for record in records_of(ods(rows))] == [2, 3, 4]


def test_an_opendocument_sheet_that_repeats_without_end_is_refused(monkeypatch):
    monkeypatch.setattr(workbooks, "MOST_ROWS", 1_000)
    repeated = 'table:number-rows-repeated="1000000000"'

    with pytest.raises(UnreadableFile, match="claims more rows"):
        read_all(ods(ods_row("Title", "Year") + ods_row("First", "2019", attributes=repeated)))


def test_an_opendocument_cell_that_repeats_beyond_the_limit_is_refused():
    wide = (
        '<table:table-cell table:number-columns-repeated="1000000000"><text:p>x</text:p></table:table-cell>'
    )

    with pytest.raises(UnreadableFile, match="more than 2,000 columns"):
        read_all(ods(ods_row("Title", "Year") + ods_row("", wide)))


def test_the_table_of_springerlink_is_read_with_its_names_taken_apart():
    text = (
        "Item Title,Publication Title,Book Series Title,Journal Volume,Journal Issue,Item DOI,Authors,Publication Year,URL,"
        "Content Type\n"
        '"A study","Journal of Examples","","17","3","10.1007/11111","Ada OkaforBen McAdamsJ. van der Berg","2000",'
        '"http://link.example.org/1","Article"\n'
    )

    (one,) = records_of(text, "SearchResults.csv")

    assert (one.title, one.container, one.volume, one.issue) == ("A study", "Journal of Examples", "17", "3")
    assert (one.doi, one.authors) == ("10.1007/11111", ("Ada Okafor", "Ben McAdams", "J. van der Berg"))


def test_the_tables_of_lens_and_dimensions_are_read_whole():
    lens = (
        "Lens ID,Title,Date Published,Publication Year,Publication Type,Source Title,ISSNs,Publisher,Author/s,Abstract,Volume,"
        "Issue Number,Start Page,End Page,Fields of Study,Keywords,MeSH Terms,Source URLs,External URL,PMID,DOI\n"
        "000-1,One,2019-05-01,2019,journal article,Journal,2041-1723;20411723,A press,Ada Okafor; Ben Berg,Text,5,2,11,20,"
        "Law,police,Humans,https://example.org/a https://example.org/b,https://example.org/x,12345678,10.1234/one\n"
    )
    dimensions = (
        '"About the data: Exported on May 03, 2021. Criteria: ""harm"" in full data."\n'
        "Rank,Publication ID,DOI,PMID,ISBN,Title,Abstract,Source title,Anthology title,Publisher,ISSN,MeSH terms,"
        "Publication date,PubYear,Volume,Issue,Pagination,Publication Type,Authors,Dimensions URL\n"
        "500,pub.1,10.1234/one,12345678,,One,Text,Journal,,A press,2041-1723,Humans; Law,2019-05-01,2019,5,2,11-20,Article,"
        '"Okafor, Ada; Berg, Ben",https://example.org/x\n'
    )

    for text in (lens, dimensions):
        (one,) = records_of(text, "export.csv")

        assert (one.title, one.year, one.date, one.container) == ("One", 2019, "2019-05-01", "Journal")
        assert (one.volume, one.issue, one.pages) == ("5", "2", "11-20")
        assert (one.doi, one.pmid, one.issn, one.publisher) == (
            "10.1234/one",
            "12345678",
            "2041-1723",
            "A press",
        )
        assert len(one.authors) == 2
        assert "Law" in one.keywords
        assert one.url.startswith("https://example.org/")


def test_the_pubmed_number_in_the_extra_field_of_zotero_is_taken():
    (one,) = records_of(
        'Title,Author,Extra\nOne,"Okafor, Ada",PMID: 12345678 PMCID: PMC1234567\n', "zotero.csv"
    )

    assert one.pmid == "12345678"


@pytest.mark.parametrize("nothing", ["NA", "nan", "NULL", "None", "#N/A"])
def test_words_for_no_value_are_no_values(nothing):
    text = (
        "title,author,year,journal,doi,abstract\n"
        f'One,"Okafor, A. and Berg, B.",2001,{nothing},{nothing},{nothing}\n'
        f"{nothing},{nothing},2002,Journal,{nothing},{nothing}\n"
    )

    one, two = records_of(text, "unique_citations.csv")

    assert (one.title, one.authors, one.container, one.abstract) == (
        "One",
        ("Okafor, A.", "Berg, B."),
        "",
        "",
    )
    assert (two.title, two.authors, two.container) == ("", (), "Journal")
    assert ("journal", nothing) in one.raw


def test_tags_of_web_of_science_are_headings_without_the_type_too():
    (one,) = records_of(
        "AU,TI,SO,PY,PS,UR\nOkafor A;Berg B,One,JOURNAL,2001,11-20,https://example.org/1\n", "M.csv"
    )

    assert (one.title, one.authors, one.container) == ("One", ("Okafor A", "Berg B"), "JOURNAL")
    assert (one.year, one.pages, one.url) == (2001, "11-20", "https://example.org/1")


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("Book Review", "article"),
        ("Article; Proceedings Paper", "conference_paper"),
        ("Meeting Abstract", "conference_paper"),
        ("Conference, Proceedings", "conference_paper"),
        ("Case Reports", "article"),
        ("case", "legal"),
        ("Working Paper", "report"),
        ("Retracted Publication", "article"),
        ("Map", "other"),
    ],
)
def test_types_in_words_are_told(words, kind):
    assert (
        records_of(f"Title\tDocument Type\nOne\t{words}\nTwo\t{words}\n", "x.tsv")[0].reference_type == kind
    )

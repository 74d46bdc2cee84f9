"""EndNote XML: style runs, broken records, and what an attacker would send."""

import pytest

from studies.loading.detect import UnreadableFile
from tests.studies.loading.readers.reading import read_all, records_of, said, titles


RECORD = (
    '<record><database name="a.enl">a.enl</database><rec-number>7</rec-number>'
    '<ref-type name="Journal Article">17</ref-type>'
    "<contributors><authors><author><style>Okafor,</style><style> A.</style></author>"
    "<author>Home Office</author></authors>"
    "<secondary-authors><author>Editor, E.</author></secondary-authors></contributors>"
    "<titles><title><style>Children &amp; </style><style>services</style></title>"
    "<secondary-title>J Ex</secondary-title></titles>"
    "<periodical><full-title>Journal of Examples</full-title></periodical>"
    "<pages>11-20</pages><volume>5</volume><number>2</number>"
    "<keywords><keyword>police</keyword><keyword>recording</keyword></keywords>"
    "<dates><year>2019</year><pub-dates><date>May 1</date></pub-dates></dates>"
    "<publisher>A press</publisher><isbn>2041-1723&#xD;978-3-86680-192-9</isbn>"
    "<accession-num>12345678</accession-num><remote-database-name>PubMed</remote-database-name>"
    "<electronic-resource-num>https://doi.org/10.1234/ABC</electronic-resource-num>"
    "<abstract>One&#xD;Two&#x1;</abstract><notes>A note</notes><language>eng</language>"
    "<urls><related-urls><url>https://example.org/1</url></related-urls></urls></record>"
)


def xml(*records, head='<?xml version="1.0" encoding="UTF-8"?>', joined=""):
    return head + "<xml><records>" + joined + joined.join(records) + "</records></xml>"


def named(title):
    return RECORD.replace("<style>Children &amp; </style><style>services</style>", title)


def test_a_record_is_read_into_its_fields():
    result, (found,), issues = read_all(xml(RECORD), "library.txt")

    assert (result.format, result.line_ending, issues) == ("endnote-xml", "none", [])
    assert found.title == "Children & services"
    assert found.authors == ("Okafor, A.", "Home Office")
    assert (found.reference_type, found.year, found.date) == ("article", 2019, "May 1")
    assert (found.container, found.publisher, found.language) == ("Journal of Examples", "A press", "eng")
    assert (found.volume, found.issue, found.pages) == ("5", "2", "11-20")
    assert (found.doi, found.pmid) == ("10.1234/abc", "12345678")
    assert (found.issn, found.isbn) == ("2041-1723", "9783866801929")
    assert (found.abstract, found.notes, found.keywords) == ("One\nTwo", "A note", ("police", "recording"))
    assert found.url == "https://example.org/1"
    assert ("secondary-authors/author", "Editor, E.") in found.raw
    assert ("rec-number", "7") in found.raw


def test_records_have_the_line_on_which_they_begin():
    assert [record.line for record in records_of(xml(RECORD, RECORD, joined="\n\n"))] == [3, 5]
    assert [record.line for record in records_of(xml(RECORD, RECORD, joined="\r"))] == [2, 3]


def test_a_broken_record_is_named_and_the_others_are_read():
    broken = named("A <b> B").replace("<titles>", "\n<titles>")

    _, records, issues = read_all(xml(named("First"), broken, named("Third"), joined="\n"))

    assert [(record.number, record.title) for record in records] == [(1, "First"), (3, "Third")]
    assert said(issues) == [("error", "2", 3)]


def test_a_file_that_is_cut_off_gives_its_whole_records():
    text = xml(named("First"), named("Second"), joined="\n")

    _, records, issues = read_all(text[: text.index("Second") + 20])

    assert [record.title for record in records] == ["First"]
    assert said(issues) == [("error", "2", 3)]


@pytest.mark.parametrize(
    "declaration",
    [
        '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>',
        '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>',
        '<!DOCTYPE x [<!ENTITY % a SYSTEM "http://127.0.0.1/x.dtd"> %a;]>',
    ],
)
def test_declared_entities_are_refused(declaration):
    text = xml(named("&b;"), head=f'<?xml version="1.0"?>{declaration}')

    with pytest.raises(UnreadableFile, match="declares XML entities"):
        read_all(text)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Foo & Bar", "Foo & Bar"),
        ("R&D in Q&A; P < 0.05 & n<20", "R&D in Q&A; P < 0.05 & n<20"),
        ("caf&eacute;&nbsp;bar &amp; &lt;grill&gt;", "café bar & <grill>"),
        ("&a;", "&a;"),
        ("&#233; &#xE9;", "é é"),
    ],
)
def test_signs_that_xml_wants_written_otherwise_cost_no_record(written, meant):
    _, records, issues = read_all(xml(named(written), named("Second")))

    assert [record.title for record in records] == [meant, "Second"]
    assert issues == []


def test_the_number_of_a_record_in_a_medline_database_is_its_pubmed_number():
    record = (
        "<record><titles><title>One</title></titles><accession-num>12345678</accession-num>"
        "<remote-database-name>NAME</remote-database-name></record>"
    )
    names = ("Ovid MEDLINE(R) &lt;1996 to 2025&gt;", "Embase, Medline", "Example base")

    found = [records_of(xml(record.replace("NAME", name)))[0].pmid for name in names]

    assert found == ["12345678", "", ""]


def test_a_plain_document_type_does_no_harm():
    assert titles(xml(named("First"), head='<!DOCTYPE xml SYSTEM "RSXML.dtd">')) == ["First"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1252"])
def test_the_bytes_decide_the_encoding_and_not_the_declaration(encoding):
    text = xml(named("Société d’étude"), head='<?xml version="1.0" encoding="ISO-8859-5"?>')

    assert titles(text.encode(encoding)) == ["Société d’étude"]


def test_a_few_wrong_bytes_are_read_and_reported():
    content = xml(named("Étude après été"), named("Caf@")).encode().replace(b"@", b"\xe9")

    _, records, issues = read_all(content)

    assert [record.title for record in records] == ["Étude après été", "Café"]
    assert said(issues) == [("warning", "2", 1)]

"""EPPI-Reviewer's JSON and CSL-JSON."""

import json

import pytest

from studies.loading.detect import UnreadableFile
from studies.loading.readers import json_items
from studies.loading.readers.json_items import plain
from tests.studies.loading.readers.reading import read_all, records_of, said, titles


ITEM = {
    "Codes": [{"AttributeId": 1}],
    "ItemId": 102199191,
    "Title": "Children and services",
    "ParentTitle": "Journal of Examples",
    "ShortTitle": "Okafor (2019)",
    "Year": "2019",
    "Month": "May",
    "Authors": "Okafor A ; Lund B ;",
    "Publisher": "A press",
    "StandardNumber": "2041-1723",
    "Volume": "5",
    "Issue": "2",
    "Pages": "11-20",
    "URL": "https://pubmed.ncbi.nlm.nih.gov/12345678/",
    "DOI": "https://doi.org/10.1234/ABC",
    "Abstract": "One.",
    "Comments": "A note",
    "TypeName": "Journal, Article",
    "Keywords": "police\r\nrecording",
    "ItemStatus": "I",
    "Country": None,
}


def eppi(*items):
    return json.dumps({"CodeSets": [{"SetName": "x", "References": 3}], "References": list(items)})


def test_an_eppi_item_is_read_into_its_fields():
    result, (found,), issues = read_all(eppi(ITEM), "export.txt")

    assert (result.format, issues) == ("eppi", [])
    assert (found.title, found.authors) == ("Children and services", ("Okafor A", "Lund B"))
    assert (found.reference_type, found.year, found.date) == ("article", 2019, "May 2019")
    assert (found.container, found.publisher) == ("Journal of Examples", "A press")
    assert (found.volume, found.issue, found.pages) == ("5", "2", "11-20")
    assert (found.doi, found.issn, found.pmid) == ("10.1234/abc", "2041-1723", "12345678")
    assert (found.abstract, found.notes, found.keywords) == ("One.", "A note", ("police", "recording"))
    assert ("ItemId", "102199191") in found.raw
    assert ("Codes", '[{"AttributeId": 1}]') not in found.raw
    assert ("Codes", '{"AttributeId": 1}') in found.raw


def test_items_out_of_review_are_read_and_said_to_be_so():
    _, records, issues = read_all(eppi(ITEM, {**ITEM, "ItemStatus": "D"}, {**ITEM, "ItemStatus": "S"}))

    assert len(records) == 3
    assert [(issue.record, issue.field) for issue in issues] == [("2", "ItemStatus"), ("3", "ItemStatus")]


def test_an_item_that_is_no_object_is_an_error():
    _, records, issues = read_all(eppi(ITEM, 7, ITEM))

    assert [record.number for record in records] == [1, 3]
    assert said(issues) == [("error", "2", 1)]


def test_a_file_that_is_cut_off_gives_its_whole_items():
    text = json.dumps({"References": [ITEM, ITEM]}, indent=1)

    _, records, issues = read_all(text[: text.rindex("Journal of Examples")])

    assert [(record.number, record.line) for record in records] == [(1, 3)]
    assert said(issues) == [("error", "2", 30)]


@pytest.mark.parametrize(
    "text",
    [
        '{"References": {"ItemId": 1, "Title": "no list"}}',
        '{"CodeSets": [], "ItemId" 1, "References": []}',
        '{"CodeSets": [{, "ItemId": "References"',
        '{"x": "References", "ItemId": "no such key"}',
    ],
)
def test_an_export_without_its_list_is_an_error(text):
    _, records, issues = read_all(text, told="eppi")

    assert records == []
    assert said(issues) == [("error", "", 1)]


def test_characters_that_no_database_stores_are_left_out():
    text = '{"References": [{"ItemId": 1, "Title": "One\\u0000 \\ud800two"}]}'

    assert titles(text) == ["One two"]


def test_json_nested_too_deep_is_an_error_and_no_crash():
    deep = "[" * 100_000

    _, records, issues = read_all('{"References": [{"ItemId": 1, "Title": "First"}, ' + deep)

    assert [record.title for record in records] == ["First"]
    assert said(issues) == [("error", "2", 1)]


def test_a_value_nested_too_deep_to_write_is_left_out():
    nested: list[object] = []
    for _ in range(100_000):
        nested = [nested]

    assert plain({"a": nested}) == ""
    assert plain([1, None, "b", True, {"c": 2}]) == '1; b; true; {"c": 2}'


CSL = {
    "id": "okafor2019",
    "type": "article-journal",
    "title": "Children and services",
    "author": [
        {"family": "Okafor", "given": "Ada"},
        {"family": "Berg", "given": "Jan", "non-dropping-particle": "van der"},
        {"literal": "Home Office"},
        "Plain Name",
    ],
    "issued": {"date-parts": [[2019, 5, 3]]},
    "container-title": "Journal of Examples",
    "volume": 5,
    "issue": "2",
    "page": "11-20",
    "publisher": "A press",
    "DOI": "10.1234/ABC",
    "ISSN": ["2041-1723"],
    "ISBN": "978-3-86680-192-9",
    "PMID": "12345678",
    "URL": "https://example.org/1",
    "abstract": "One.",
    "keyword": "police, child, recording",
    "language": "en",
    "note": "A note",
}


def test_a_csl_item_is_read_into_its_fields():
    result, (found,), issues = read_all(json.dumps([CSL]), "export.txt")

    assert (result.format, issues) == ("csl-json", [])
    assert found.title == "Children and services"
    assert found.authors == ("Okafor, Ada", "van der Berg, Jan", "Home Office", "Plain Name")
    assert (found.reference_type, found.year, found.date) == ("article", 2019, "2019-05-03")
    assert (found.container, found.publisher, found.language) == ("Journal of Examples", "A press", "en")
    assert (found.volume, found.issue, found.pages) == ("5", "2", "11-20")
    assert (found.doi, found.issn, found.isbn, found.pmid) == (
        "10.1234/abc",
        "2041-1723",
        "9783866801929",
        "12345678",
    )
    assert (found.url, found.abstract, found.notes) == ("https://example.org/1", "One.", "A note")
    assert found.keywords == ("police", "child", "recording")


@pytest.mark.parametrize(
    ("issued", "year", "date"),
    [
        ({"date-parts": [["2019"]]}, 2019, "2019"),
        ({"raw": "May 2019"}, 2019, "May 2019"),
        ({"literal": "no date"}, None, "no date"),
        ("2019-05-03", 2019, "2019-05-03"),
        ({"date-parts": [[None]]}, None, ""),
        ({"date-parts": []}, None, ""),
        ({"date-parts": [[2019, 5, 3, 17]]}, 2019, "2019-05-03"),
        ({"edtf": "2019-05"}, 2019, "2019-05"),
        (None, None, ""),
    ],
)
def test_dates_of_csl_come_in_several_shapes(issued, year, date):
    (found,) = records_of(json.dumps([{**CSL, "issued": issued}]))

    assert (found.year, found.date) == (year, date)


def test_crossref_gives_lists_and_a_list_of_items_may_stand_under_items():
    item = {
        "title": ["First"],
        "container-title": [],
        "type": "journal-article",
        "editor": [{"family": "Lund"}],
    }

    (found,) = records_of(json.dumps({"items": [item]}))

    assert (found.title, found.container, found.reference_type, found.authors) == (
        "First",
        "",
        "article",
        ("Lund",),
    )


def test_a_csl_item_that_is_no_object_is_an_error():
    _, records, issues = read_all(json.dumps([CSL, "title"]))

    assert [record.number for record in records] == [1]
    assert said(issues) == [("error", "2", 1)]


@pytest.mark.parametrize("text", ['{"a": 1}', "[[1, 2]]", '{"data": []}'])
def test_json_of_another_kind_is_refused(text):
    with pytest.raises(UnreadableFile, match="is JSON but holds neither"):
        read_all(text, "x.json")


def test_an_empty_list_is_refused():
    with pytest.raises(UnreadableFile, match="holds no record"):
        read_all("[]", told="csl-json")


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(CSL),
        json.dumps({"status": "ok", "message": {"total": 1, "items": [CSL]}}),
        json.dumps({"references": [CSL]}),
        json.dumps(CSL) + "\n",
    ],
    ids=["alone", "answer of Crossref", "pandoc", "alone with line end"],
)
def test_a_csl_item_is_found_alone_and_inside_of_answers(text):
    _, records, issues = read_all(text)

    assert [record.title for record in records] == ["Children and services"]
    assert issues == []


def test_objects_line_by_line_are_items():
    text = "".join(json.dumps({**CSL, "title": title}) + "\n" for title in ("One", "Two"))

    _, records, issues = read_all(text)

    assert [(record.title, record.line) for record in records] == [("One", 1), ("Two", 2)]
    assert issues == []


def test_a_broken_item_costs_only_itself():
    text = json.dumps([CSL, {**CSL, "title": "BROKEN"}, {**CSL, "title": "Third"}], indent=1)
    text = text.replace('"BROKEN"', '"a "quoted" title"')

    _, records, issues = read_all(text)

    assert [(record.number, record.title) for record in records] == [
        (1, "Children and services"),
        (3, "Third"),
    ]
    assert [(issue.record, issue.severity) for issue in issues] == [("2", "error")]
    assert "went on with the next record" in issues[0].message


def test_a_list_with_thousands_of_broken_items_ends_with_a_word_on_the_rest(monkeypatch):
    monkeypatch.setattr(json_items, "MOST_BROKEN", 2)
    pair = '{"id": "a", "type": "book", "title": "First"}, {"id": "b" "type": 1}'

    _, records, issues = read_all(f"[{', '.join([pair] * 5)}]")

    assert len(records) == 3
    assert issues[-1].message == "too many records are broken JSON; the rest was left out"
    assert issues[-1].record == "6"

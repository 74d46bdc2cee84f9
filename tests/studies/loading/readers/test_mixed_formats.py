"""Exports of several formats in one file: what is read is read whole, and what is not is named."""

from itertools import permutations

import pytest

from tests.studies.loading.readers.reading import read_all


PARTS = {
    "ris": "TY  - JOUR\nTI  - One\nPY  - 2001\nER  - \n\n",
    "bibtex": "@article{a,\n  title = {Two},\n  year = {2002}\n}\n\n",
    "nbib": "\nPMID- 12345678\nOWN - NLM\nTI  - Three\nFAU - Okafor, Ada\n\n",
    "wos": "FN Clarivate\nVR 1.0\nPT J\nAU Okafor, A\nTI Four\nPY 2004\nER\n\nEF\n",
    "refer": "%0 Journal Article\n%T Five\n%D 2005\n\n",
    "endnote-xml": '<?xml version="1.0"?><xml><records><record><titles><title>Six</title></titles></record></records></xml>\n',
    "csl-json": '[{"id": "x", "type": "book", "title": "Seven"}]\n',
}


@pytest.mark.parametrize(("first", "second"), list(permutations(PARTS, 2)))
def test_a_second_format_in_a_file_is_an_error_with_its_line(first, second):
    text = PARTS[first] + PARTS[second]

    result, records, issues = read_all(text, "joined.txt")

    assert records
    (error,) = [issue for issue in issues if "divide it into files" in issue.message]
    assert error.severity == "error"
    other = second if result.format == first else first
    begins = text.index(PARTS[other]) + len(PARTS[other]) - len(PARTS[other].lstrip("\n"))
    skipped = 2 if other == "wos" else 0  # its file header
    assert error.line == text[:begins].count("\n") + 1 + skipped


@pytest.mark.parametrize("name", list(PARTS))
def test_two_files_of_one_format_are_read_as_one(name):
    result, records, issues = read_all(PARTS[name] * 2, "joined.txt")

    assert (result.format, len(records)) == (name, 2)
    assert not any(issue.severity == "error" for issue in issues)


def test_the_format_in_which_most_records_begin_is_read():
    text = "@article{a,\n  title = {One},\n  abstract = {\nTY  - no tag}\n}\n" + PARTS["bibtex"]

    result, records, issues = read_all(text, "x.bib")

    assert (result.format, len(records)) == ("bibtex", 2)
    assert issues == [] or all("key" in issue.field for issue in issues)


def test_a_pubmed_number_among_the_tags_of_ris_begins_no_other_format():
    text = "".join(f"TY  - JOUR\nTI  - Study {n}\nPMID- 1234{n}\nER  - \n" for n in range(3))

    _, records, issues = read_all(text)

    assert [(record.title, record.pmid) for record in records] == [
        ("Study 0", "12340"),
        ("Study 1", "12341"),
        ("Study 2", "12342"),
    ]
    assert issues == []


def test_a_pubmed_record_behind_the_end_of_a_ris_record_is_another_format():
    text = "TY  - JOUR\nTI  - Study\nPMID- 1\nER  - \nTY  - JOUR\nTI  - More\nER  - \n" * 2

    _, _, issues = read_all(f"{text}PMID- 99\nTI  - Other\n")

    assert [issue.line for issue in issues if issue.severity == "error"] == [15]

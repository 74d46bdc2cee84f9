"""Identifiers brought to one form: examples, and properties that hold for any."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studies.loading.identifiers import normalise_doi, normalise_isbn, normalise_issn, normalise_pmid


@pytest.mark.parametrize(
    ("text", "doi"),
    [
        ("10.1038/S41467-024-48400-3", "10.1038/s41467-024-48400-3"),
        ("doi:10.1038/abc", "10.1038/abc"),
        ("DOI 10.1038/abc.", "10.1038/abc"),
        ("https://doi.org/10.1038/abc?utm_source=x#page2", "10.1038/abc"),
        ("http://dx.doi.org/10.1038/abc;jsessionid=1", "10.1038/abc"),
        ("https%3A%2F%2Fdoi.org%2F10.1038%2Fabc", "10.1038/abc"),
        ("https://onlinelibrary.wiley.com/doi/full/10.1002/ar.25520/full", "10.1002/ar.25520"),
        ("10.1002/ar.25520/full", "10.1002/ar.25520/full"),
        ('<a href="https://doi.org/10.1136/vr.d6221">10.1136/other</a>', "10.1136/vr.d6221"),
        ("10.1136/vr.d6221</a>", "10.1136/vr.d6221"),
        ("10.1038/abc&amp;utm=1", "10.1038/abc"),
        ("10.1016/j.ejmg.2019.03.004 [doi]", "10.1016/j.ejmg.2019.03.004"),
        ("(10.1016/S0140-6736(05)12345-6)", "10.1016/s0140-6736(05)12345-6"),
        (
            "10.1002/(SICI)1097-0258(19980815)17:15&lt;1661::AID-SIM968&gt;3.0.CO;2-2",
            "10.1002/(sici)1097-0258(19980815)17:15<1661::aid-sim968>3.0.co;2-2",
        ),
        ("10.1038/abc, 10.1038/def", "10.1038/abc"),
        ("10.1038/?x=1", ""),
        ("10.12/abc", ""),
        ("version 10.1", ""),
        ("", ""),
    ],
)
def test_doi(text, doi):
    assert normalise_doi(text) == doi


@pytest.mark.parametrize(
    ("text", "isbn"),
    [
        ("978-3-86680-192-9", "9783866801929"),
        ("ISBN 0-306-40615-2 (pbk)", "9780306406157"),
        ("0306406152", "9780306406157"),
        ("080442957X", "9780804429573"),
        ("080442957x; 9783866801929", "9780804429573"),
        ("0306406153; 978 3 86680 192 9", "9783866801929"),
        ("978-3-86680-192-8", ""),
        ("2041-1723", ""),
        ("", ""),
    ],
)
def test_isbn(text, isbn):
    assert normalise_isbn(text) == isbn


@pytest.mark.parametrize(
    ("text", "issn"),
    [
        ("2041-1723 (electronic)", "2041-1723"),
        ("20411723", "2041-1723"),
        ("1932-6208; 2050-084x", "2050-084X"),
        ("2041-1724", ""),
        ("978-3-86680-192-9", ""),
    ],
)
def test_issn(text, issn):
    assert normalise_issn(text) == issn


@pytest.mark.parametrize(
    ("text", "pmid"),
    [
        ("38773066", "38773066"),
        ("PMID: 00123", "123"),
        ("PUBMED 21314913", "21314913"),
        ("https://pubmed.ncbi.nlm.nih.gov/30922926/", "30922926"),
        ("L2029880245", ""),
        ("123456789", ""),
        ("²", ""),
        ("", ""),
    ],
)
def test_pmid(text, pmid):
    assert normalise_pmid(text) == pmid


DOIS = st.from_regex(r"10\.[1-9][0-9]{3,5}/[a-z0-9]([a-z0-9.\-_/()]{0,12}[a-z0-9])?", fullmatch=True).filter(
    lambda doi: doi.count("(") == doi.count(")") and "//" not in doi
)


@given(DOIS)
def test_a_doi_is_the_same_bare_and_as_an_address(doi):
    assert normalise_doi(doi) == doi
    assert normalise_doi(normalise_doi(doi)) == doi
    assert normalise_doi(f"See doi:{doi.upper()}, accessed today") == doi


@given(st.integers(0, 10**9 - 1))
def test_an_isbn_of_ten_digits_becomes_one_valid_isbn_of_thirteen(number):
    nine = f"{number:09d}"
    check = -sum(weight * int(digit) for weight, digit in zip(range(10, 1, -1), nine, strict=True)) % 11

    isbn = normalise_isbn(nine + ("X" if check == 10 else str(check)))

    assert isbn.startswith("978" + nine)
    assert normalise_isbn(isbn) == isbn


@given(st.text(max_size=60))
def test_no_text_breaks_an_identifier(text):
    for normalise in (normalise_doi, normalise_isbn, normalise_issn, normalise_pmid):
        assert isinstance(normalise(text), str)


@pytest.mark.parametrize(
    ("text", "doi"),
    [
        ("“10.1000/abc”", "10.1000/abc"),
        ("10.1000/abc\u200b", "10.1000/abc"),
        ("10.1000/abc;10.1000/abd", "10.1000/abc"),
        ("10.1000/abc;2-z", "10.1000/abc;2-z"),
        ("https://example.org/doi/10.1000/abc/full/html", "10.1000/abc"),
        ("https://example.org/doi/10.1000/abc.pdf", "10.1000/abc"),
        ("10.1000/abc.pdf", "10.1000/abc.pdf"),
    ],
)
def test_what_stands_behind_a_doi_is_no_part_of_it(text, doi):
    assert normalise_doi(text) == doi


@pytest.mark.parametrize(
    ("text", "pmid"),
    [
        ("PubMed Central PMCID: PMC5551234", ""),
        ("PMC5551234; PMID: 284567", "284567"),
        ("284567 [PMID]", "284567"),
    ],
)
def test_number_of_pubmed_central_is_another_number(text, pmid):
    assert normalise_pmid(text) == pmid


def test_isbn_with_typographic_hyphens():
    assert normalise_isbn("978‐0‐306‐40615‐7") == "9780306406157"


def test_closing_brackets_behind_a_doi_are_taken_off_in_one_pass():
    started = time.process_time()
    assert normalise_doi("10.1234/(a)" + ").]" * 100_000) == "10.1234/(a)"
    assert time.process_time() - started < 5

"""Searching: any input is a question, accents do not matter, and the reader's signs mean what they say."""

import pytest
from django.db import connection

from studies import search
from studies.models import Source, SourceSearch


pytestmark = pytest.mark.django_db


def found(text):
    rows = SourceSearch.objects.filter(vector=search.query(text)).order_by("sort_title")
    return [row.source_id for row in rows]


@pytest.fixture
def sources(tiny):
    """Three sources whose words a test can tell apart."""
    words = {
        "small-census": ("The Census of Missing Children", "Running away and going missing."),
        "small-study": ("“A Café Study”", "Missing records, and children in care."),
        "small-report": ("Reports", "Health-care workers don't agree; C++ was used (2021/22)."),
    }
    for name, (title, summary) in words.items():
        tiny.row("sources", name).update(title=title, summary=summary)
    tiny.load()
    return tiny


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("missing", ["small-study", "small-census"]),
        ("MISSED", ["small-study", "small-census"]),  # the stemmer folds forms of a word
        ("missing children", ["small-study", "small-census"]),
        ('"missing children"', ["small-census"]),
        ("missing -census", ["small-study"]),
        ("census or reports", ["small-census", "small-report"]),
        ("cafe", ["small-study"]),
        ("CAFÉ", ["small-study"]),
        ("societe", ["small-study"]),
        ("small-census", ["small-census"]),
        ("health-care", ["small-report"]),
        ("recorded cases", ["small-census", "small-report"]),  # the label of a measure they report
        ("no such words at all", []),
    ],
)
def test_words_find_their_sources(sources, text, expected):
    assert sorted(found(text)) == sorted(expected)


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "the", "'", '"', '"open', "don't", "C++", "a-b", "- -", "--", "(", ")", "()", "a & b", "a | b",
        "!", "!!a", "a:*", ":", "\\", "a\\b", "<->", "a <-> b", "%", "_", "*", "\x00", "a\x00b", "\ud7ff",
        "or", "or or", "-or", "NEAR(a b)", "AND", "😀", "ß", "ﬁ", "İ", "a" * 10_000, "\u202eabc", "1/2", "£5",
    ],
)  # fmt: skip
def test_odd_input_is_a_question_and_never_an_error(sources, text):
    assert set(found(text)) <= {"small-census", "small-study", "small-report"}


def test_title_weighs_more_than_a_word_in_passing(sources):
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT source_id FROM {SourceSearch._meta.db_table}, websearch_to_tsquery('english', 'missing') q
                WHERE vector @@ q ORDER BY ts_rank(vector, q) DESC"""
        )
        assert [row[0] for row in cursor.fetchall()] == ["small-census", "small-study"]


@pytest.mark.parametrize(
    ("title", "sorted_as"),
    [
        ("The Census", "census"),
        ("A study", "study"),
        ("An essay", "essay"),
        ("“The Quoted”", "quoted”"),
        ("Étude", "etude"),
        ("Theory of it", "theory of it"),
    ],
)
def test_titles_sort_without_article_accent_or_quote(title, sorted_as):
    assert search.sort_title(title) == sorted_as


def test_refreshing_nothing_asks_nothing(sources, django_assert_num_queries):
    with django_assert_num_queries(0):
        search.refresh([])


def test_refreshing_a_source_that_is_gone_is_no_error(sources):
    search.refresh(["never-there"])

    assert SourceSearch.objects.count() == 3


def test_row_tells_what_its_source_reports(sources):
    row = SourceSearch.objects.get(pk="small-report")

    assert row.verifications == ["primary"]
    assert row.units == ["offence", "suspect"]
    assert row.precisions == ["exact"]


def test_row_is_the_same_after_each_refresh(sources):
    before = list(SourceSearch.objects.order_by("pk").values())

    search.refresh(Source.objects.values_list("pk", flat=True))

    assert list(SourceSearch.objects.order_by("pk").values()) == before


def test_measures_are_found_by_label_and_definition(sources):
    assert {measure.pk for measure in search.measures_matching("suspects")} == {"suspect-sex"}
    assert search.measures_matching('"').count() == 0

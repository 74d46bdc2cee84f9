"""References on their way out and in again: nothing is lost but what is said to be, and nothing is run."""

import json
from dataclasses import fields, replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from page_checks import body_of, page_faults, read, words
from small_store import make_source

from evidence.references import FORMATS
from evidence.references.losses import FIELDS, LOSSES
from evidence.references.plain import cite
from studies.actions.references import load_references
from studies.loading.readers import read as read_references
from studies.loading.records import Record
from studies.loading.reference_types import TYPES


SAMPLES = Path(__file__).parents[3] / "shared" / "import-samples"
PLACE = {"number", "line", "raw"}
NAMES = [one.name for one in fields(Record) if one.name not in PLACE]

FULL = Record(
    1,
    1,
    reference_type="article",
    title="Costs & benefits: 50% of {all} cases -- a study of $5_m ~ #1",
    authors=(
        "Adams, Ruth",
        "O'Neil, J. P., Jr",
        "Home Office",
        "Department for Children, Schools and Families",
    ),
    year=2019,
    date="2019-05-03",
    container="Journal of Examples",
    publisher="Example Press",
    volume="4",
    issue="2",
    pages="183-186",
    doi="10.1234/a_b(c)",
    isbn="9780306406157",
    issn="0378-5955",
    pmid="12345",
    url="https://example.org/~office/a--b_c?d=50%25&e=1#top",
    abstract="What was recorded.\nWhat was not.",
    keywords=("Child, Preschool", "recording practice"),
    language="en",
    notes="First note.\nSecond note.",
)


def through(record, ending, folder):
    """The reference as it is after it went out in a format and was read in again."""
    path = folder / f"one.{FORMATS[ending].ending}"
    path.write_text("".join(FORMATS[ending].write([("key-1", record)])), encoding="utf-8", newline="")
    result = read_references(path)
    records = list(result.records)
    assert len(records) == 1
    return records[0], result.issues


def differences(before, after):
    return {name for name in NAMES if getattr(before, name) != getattr(after, name)}


@pytest.mark.parametrize("ending", FORMATS)
def test_a_full_reference_comes_back_but_for_the_stated_losses(ending, tmp_path):
    after, issues = through(FULL, ending, tmp_path)

    assert issues == []
    assert differences(FULL, after) == {"abstract", "notes"} & set(LOSSES[ending])


@pytest.mark.parametrize("kind", TYPES)
@pytest.mark.parametrize("ending", FORMATS)
def test_every_type_comes_back(ending, kind, tmp_path):
    after, _ = through(replace(FULL, reference_type=kind), ending, tmp_path)

    assert after.reference_type == kind
    assert after.container == FULL.container


@pytest.mark.parametrize(
    ("ending", "field", "before", "after"),
    [
        ("ris", "reference_type", "", "other"),
        ("ris", "date", "May", "May 2019"),
        ("ris", "container", FULL.title, ""),
        ("ris", "pmid", "", "777"),
        ("ris", "abstract", "One.\nTwo.", "One. Two."),
        ("bib", "reference_type", "", "other"),
        ("bib", "date", "2019/05/03", "2019-05-03"),
        ("bib", "pmid", "", "777"),
        ("bib", "abstract", "One.\nTwo.", "One. Two."),
        ("bib", "notes", "One.\nTwo.", "One. Two."),
        ("csl.json", "reference_type", "", "other"),
        ("csl.json", "date", "May", "May 2019"),
        ("csl.json", "pmid", "", "777"),
        ("csl.json", "keywords", ("one; two", "three"), ("one", "two", "three")),
    ],
)
def test_each_stated_loss_is_true(ending, field, before, after, tmp_path):
    record = replace(FULL, **{field: before}, **({"notes": "PMID: 777"} if field == "pmid" else {}))
    came, _ = through(record, ending, tmp_path)

    assert getattr(came, field) == after
    assert set(LOSSES[ending]) <= set(FIELDS)


@pytest.mark.parametrize("ending", FORMATS)
def test_what_only_looks_like_html_comes_back(ending, tmp_path):
    text = "On &ap; and &amp; of <b>x</b>, R&D; P<0.05 & n>5, &#233; &#38;"
    record = replace(FULL, title=text, container=f"In {text}", abstract=text, keywords=(text, "police"))

    after, _ = through(record, ending, tmp_path)

    assert (after.title, after.container, after.abstract) == (text, f"In {text}", text)
    assert ending == "csl.json" or after.keywords == record.keywords


def test_keywords_with_commas_and_semicolons_come_back_from_bibtex(tmp_path):
    record = replace(FULL, keywords=("Child, Preschool", "law; order", "police"))

    assert through(record, "bib", tmp_path)[0].keywords == record.keywords


def test_no_loss_is_stated_without_being_tried():
    tried = test_each_stated_loss_is_true.pytestmark[0].args[1]

    assert {(ending, field) for ending, field, *_ in tried} == {
        (ending, field) for ending, lost in LOSSES.items() for field in lost
    }


LETTERS = st.characters(codec="utf-8", exclude_categories=("C", "Z"), exclude_characters="\u00ad")
WORD = st.text(LETTERS, min_size=1, max_size=8)
WORDS = st.lists(WORD, min_size=1, max_size=5).map(" ".join)


@settings(max_examples=150, deadline=None)
@given(title=WORDS, container=WORDS, publisher=WORDS, abstract=WORDS)
@pytest.mark.parametrize("ending", FORMATS)
def test_any_words_come_back(ending, title, container, publisher, abstract, tmp_path_factory):
    record = replace(
        FULL,
        title=f"On {title}",
        container=f"In {container}",
        publisher=f"By {publisher}",
        abstract=f"So {abstract}",
    )
    after, _ = through(record, ending, tmp_path_factory.mktemp("any"))

    assert differences(record, after) <= {"notes"} & set(LOSSES[ending])


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the real files are not beside this checkout")
@pytest.mark.parametrize("ending", FORMATS)
def test_every_real_reference_comes_back_but_for_the_stated_losses(ending, tmp_path):
    for file in sorted(SAMPLES.iterdir()):
        if file.name.startswith(("INDEX", "official", "reference-types")):
            continue
        before = list(read_references(file).records)
        path = tmp_path / f"again.{ending}"
        keyed = ((f"key-{number}", record) for number, record in enumerate(before))
        path.write_text("".join(FORMATS[ending].write(keyed)), encoding="utf-8", newline="")
        after = list(read_references(path).records)

        assert len(after) == len(before), file.name
        lost = {name for pair in zip(before, after, strict=True) for name in differences(*pair)}
        assert lost <= set(LOSSES[ending]), file.name


RIS = """TY  - JOUR
AU  - Adams, Ruth
TI  - Recording practice of child protection agencies
PY  - 2019
JO  - Journal of Examples
VL  - 4
DO  - 10.1234/example.1
ER  -
"""


@pytest.fixture
def loaded_reference(tmp_path, db):
    path = tmp_path / "one.ris"
    path.write_text(RIS, encoding="utf-8")
    assert load_references(file=path, by="the tests").committed
    return "adams-2019-recording-practice-child-protection"


def test_list_of_sources_is_offered_and_given_in_each_format(client, loaded_reference, tmp_path):
    make_source(
        "described", title="A described report", source_type="official_statistics", publisher="An Office"
    )
    page = read(client.get("/sources/"))
    links = [link["href"] for link in page.select(".evidence-downloads a")]
    for ending, form in FORMATS.items():
        assert f"/sources.{ending}" in links
        response = client.get(f"/sources.{ending}")
        assert response["Content-Type"] == form.media_type
        assert f"-version-1.{ending}" in response["Content-Disposition"]
        path = tmp_path / f"given.{ending}"
        path.write_bytes(body_of(response))
        kinds = {record.title: record.reference_type for record in read_references(path).records}
        assert kinds == {
            "A described report": "report",
            "Recording practice of child protection agencies": "article",
        }


def test_selection_narrows_the_references_and_a_wrong_one_is_refused(client, loaded_reference):
    make_source("described", title="A described report")

    narrowed = body_of(client.get("/sources.ris?source_type=grey_literature")).decode()
    assert "A described report" in narrowed
    assert "Recording practice" not in narrowed
    assert client.get("/sources.bib?nonsense=1").status_code == 400
    assert client.get("/sources.enw").status_code == 404
    assert client.head("/sources.ris").status_code == 200


def test_page_of_a_source_cites_it(client, loaded_reference):
    page = read(client.get(f"/sources/{loaded_reference}/"))
    section = page.select_one("#cite")

    assert page_faults(page) == []
    assert (
        "Adams, Ruth (2019). Recording practice of child protection agencies. Journal of Examples, 4."
        in words(section)
    )
    for link in section.select("a"):
        assert body_of(client.get(link["href"]))
    item = json.loads(body_of(client.get(f"/sources/{loaded_reference}.csl.json")))[0]
    assert (item["id"], item["type"], item["DOI"]) == (
        loaded_reference,
        "article-journal",
        "10.1234/example.1",
    )
    assert client.get("/sources/nobody.ris").status_code == 404
    assert client.get(f"/sources/{loaded_reference}.csv").status_code == 404


def test_number_of_queries_does_not_grow_with_the_sources(client, db, django_assert_num_queries):
    for number in range(3):
        make_source(f"s{number}")
    client.get("/sources.ris")
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as few:
        body_of(client.get("/sources.ris"))
    for number in range(3, 30):
        make_source(f"s{number}")
    with django_assert_num_queries(len(few)):
        assert body_of(client.get("/sources.ris")).decode().count("TY  - ") == 30


def test_keys_and_text_cannot_break_out_of_a_format(tmp_path):
    for text in ("a\nER  - \nTY  - JOUR", "}} @book{x, title={y}", '"}]', "\\end{document} \\input{x}"):
        for ending in FORMATS:
            record, _ = through(replace(FULL, title=text, abstract=text), ending, tmp_path)
            assert record.title == " ".join(text.split())


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "Adams, Ruth; O'Neil, J. P., Jr; Home Office and Department"),
        ({"authors": ("One, A", "Two, B")}, "One, A and Two, B (2019). "),
        ({"authors": tuple(f"Name{n}, A" for n in range(9))}, "Name0, A and others (2019). "),
        ({"authors": ()}, "Example Press (2019). "),
        ({"authors": (), "publisher": ""}, "(2019). "),
        ({"year": None}, "(no date). "),
    ],
)
def test_citation_names_people_or_the_publisher_and_says_when_there_is_no_date(changes, said):
    assert said in cite(replace(FULL, **changes))


def test_citation_ends_with_the_place_and_the_identifier():
    assert cite(FULL).endswith(
        ". Journal of Examples, 4(2), pages 183-186. Example Press. https://doi.org/10.1234/a_b(c)"
    )


@pytest.mark.parametrize("ending", FORMATS)
def test_an_export_that_is_loaded_again_makes_no_new_source(client, db, tmp_path, ending):
    path = tmp_path / "few.ris"
    path.write_text(
        "TY  - BOOK\nTI  - Algorithms\nAU  - Sedge, R.\nER  -\n"
        "TY  - BOOK\nTI  - Algorithms\nAU  - Sedge, R.\nPY  - 1983\nER  -\n"
        "TY  - RPRT\nTI  - A toolkit for records & services: 100% of {cases}\nER  -\n",
        encoding="utf-8",
    )
    assert load_references(file=path, by="the tests").committed
    again = tmp_path / f"again.{ending}"
    again.write_bytes(body_of(client.get(f"/sources.{ending}")))

    report = load_references(file=again, by="the tests", dry_run=True)

    assert (report.records, report.counts["merged"] + report.counts["unchanged"]) == (3, 3)

"""Real exports of sixteen programs and databases, each with the number of records it is known to hold.

The files are large and not ours to ship, so these tests run only where the collection lies beside the checkout.
"""

import csv
from pathlib import Path

import pytest

from studies.loading.detect import UnreadableFile
from studies.loading.match import find_duplicates, find_matches
from studies.loading.readers import read


SAMPLES = Path(__file__).parents[5] / "shared" / "import-samples"
NOT_REFERENCES = {"official_LA-revenue-outturn_2024-25.ods", "official_census2021_ethnicity-england.csv"}
# The index says 989, but "@type(" or "@type{" stands there 988 times, and once in every entry.
CORRECTED = {"34_entries-quietly-discarded_873.bib": 988}
SAME_TEN_PAPERS = (
    "03_endnote.ris",
    "06_embase.ris",
    "13_eppi-reviewer.ris",
    "38_eppi-reviewer.xlsx",
    "embase_records-as-rows.csv",
    "refworks.ris",
)

pytestmark = pytest.mark.skipif(not SAMPLES.exists(), reason="the collection of real exports is not here")


def index():
    if not SAMPLES.exists():
        return []
    with (SAMPLES / "INDEX.csv").open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if row["file"] not in NOT_REFERENCES]


def load(name):
    return list(read(SAMPLES / name).records)


@pytest.mark.parametrize("row", index(), ids=lambda row: row["file"])
def test_every_record_of_a_real_file_is_found(row):
    expected = CORRECTED.get(row["file"], int(row["records"]))

    result = read(SAMPLES / row["file"])
    records = list(result.records)

    assert len(records) == expected
    assert [record.number for record in records] == list(range(1, expected + 1))
    assert not [issue for issue in result.issues if issue.severity == "error"]
    lines = [record.line for record in records]
    assert lines == sorted(lines)


@pytest.mark.parametrize("name", sorted(NOT_REFERENCES))
def test_a_table_of_figures_is_not_taken_for_references(name):
    with pytest.raises(UnreadableFile, match="no row of headings"):
        read(SAMPLES / name)


@pytest.mark.parametrize("name", SAME_TEN_PAPERS)
def test_the_same_ten_papers_from_another_program_are_recognised(name):
    first = load("01_zotero.ris")

    matches = find_matches(load(name), first)

    assert len(matches) == 10
    assert {match.kind for match in matches} == {"same"}
    assert {match.new for match in matches} == set(range(10)) == {match.existing for match in matches}


def test_all_exports_together_hold_every_pair_and_no_false_one():
    together = [record for name in ("01_zotero.ris", *SAME_TEN_PAPERS) for record in load(name)]

    matches = find_duplicates(together)

    files = len(SAME_TEN_PAPERS) + 1
    assert len(matches) == 10 * files * (files - 1) // 2
    assert {match.kind for match in matches} == {"same"}


@pytest.mark.parametrize(
    "name", ["01_zotero.ris", "04_scopus_bom.ris", "10_googlescholar.ris", "24_pubmed-format_named.ris"]
)
def test_different_papers_on_one_subject_are_left_apart(name):
    assert find_duplicates(load(name)) == []


@pytest.mark.parametrize("name", [name for name in SAME_TEN_PAPERS if name != "38_eppi-reviewer.xlsx"])
def test_programs_agree_on_the_fields_of_one_paper(name):
    title = "A juvenile bird with possible crown-group affinities from a dinosaur-rich Cretaceous ecosystem in North America"

    record = next(record for record in load(name) if record.title == title)

    assert (record.reference_type, record.year) == ("article", 2024)
    assert (record.doi, record.issn) == ("10.1186/s12862-024-02210-9", "2730-7182")
    assert record.container in ("BMC ecology and evolution", "BMC Ecol Evol")  # RefWorks shortens it
    assert record.issue == "1"
    assert record.authors[0].startswith("Brownstein")
    assert record.abstract.startswith("BACKGROUND: Living birds comprise")


def test_pubmed_numbers_are_found_where_each_vendor_puts_them():
    assert load("06_embase.ris")[0].pmid == "38773066"  # C5, unlabelled
    assert load("07_cochrane_record-headers.ris")[0].pmid == "21314913"  # C3, "PUBMED …"
    assert load("embase_records-as-rows.csv")[0].pmid == "38773066"
    assert load("28_bluelight_endnote.xml")[0].pmid == "29657938"  # accession number of NLM


def test_keywords_one_per_line_are_kept_apart():
    record = load("12_rayyan_multiline-keywords_issue992.txt")[0]

    assert record.keywords[:3] == ("Health Facility Administration", "Joint Commission", "Standards")


def test_the_phrase_for_no_pages_is_not_a_page():
    assert load("09_psycinfo_ovid.ris")[0].pages == ""


def test_nothing_of_a_record_is_lost():
    text = (SAMPLES / "06_embase.ris").read_text(encoding="utf-8")

    kept = [value for record in load("06_embase.ris") for _, value in record.raw]

    lines = [
        line.split("- ", 1)[1].strip()
        for line in text.splitlines()
        if "  - " in line and not line.startswith("ER")
    ]
    assert kept == lines

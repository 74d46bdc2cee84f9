"""`load_sources`: every record of every sample accounted for, nothing overwritten, the same file twice is nothing."""

import json
from pathlib import Path

import pytest
from django.core.management import call_command

from studies.models import AuditEvent, Load, LoadRow, Merge, PossibleDuplicate, Reference, Source
from tests.evidence.small_store import make_source


pytestmark = pytest.mark.django_db

KEYS = [
    "file",
    "format",
    "encoding",
    "records",
    "new",
    "changed",
    "unchanged",
    "merged",
    "rejected",
    "committed",
    "issues",
]
PAPER = """TY  - JOUR
AU  - Adams, Ruth
AU  - Brown, Tom
TI  - Recording practice of child protection agencies in three regions
PY  - 2019
JF  - Journal of Examples
VL  - 4
SP  - 10
EP  - 21
DO  - 10.1234/example.1
KW  - recording
KW  - practice
AB  - What agencies write down.
ZZ  - a tag of nobody's
ER  -
"""
OTHER = (
    PAPER.replace("JOUR", "RPRT")
    .replace("example.1", "example.2")
    .replace(
        "Recording practice of child protection agencies in three regions",
        "A survey of schools on attendance",
    )
)
UNTITLED = "TY  - JOUR\nAU  - Nobody, N\nPY  - 2001\nER  - \n"


def run(capsys, path, *options):
    """Exit code, report and error text of the command with `--json`."""
    code = 0
    try:
        call_command("load_sources", str(path), "--json", *options)
    except SystemExit as end:
        code = end.code
    out, err = capsys.readouterr()
    return code, json.loads(out) if out else None, err


def counts(report):
    return {name: report[name] for name in KEYS[4:9] if report[name]}


@pytest.fixture
def ris(tmp_path):
    def write(*records: str, name="references.ris") -> Path:
        path = tmp_path / name
        path.write_text("\n".join(records), encoding="utf-8")
        return path

    return write


def test_report_has_the_keys_of_the_contract_and_adds_up(ris, capsys):
    code, report, err = run(capsys, ris(PAPER, OTHER, UNTITLED))

    assert (code, err) == (1, "")
    assert list(report)[: len(KEYS)] == [*KEYS[:9], "committed", "issues"]
    assert report["records"] == sum(report[name] for name in KEYS[4:9]) == 3
    assert counts(report) == {"new": 2, "rejected": 1}
    assert report["committed"] is False
    (error,) = [issue for issue in report["issues"] if issue["severity"] == "error"]
    assert (error["record"], error["field"]) == ("3", "title")
    assert error["line"] == 33
    assert not Source.objects.exists()
    assert not Load.objects.exists()


def test_refused_records_are_left_out_when_asked(ris, capsys):
    code, report, _ = run(capsys, ris(PAPER, UNTITLED), "--skip-rejected")

    assert (code, report["committed"]) == (1, True)
    assert Source.objects.count() == 1
    assert list(LoadRow.objects.values_list("outcome", "record")) == [("new", 1), ("rejected", 2)]


def test_source_says_what_is_known_and_leaves_the_rest_blank(ris, capsys):
    run(capsys, ris(PAPER))

    source = Source.objects.get()
    assert source.pk == "adams-2019-recording-practice-child-protection"
    assert (source.authors, source.year, source.doi) == ("Adams, Ruth; Brown, Tom", 2019, "10.1234/example.1")
    assert not source.described
    assert (source.method, source.source_type, source.peer_reviewed) == ("", "", None)
    reference = source.references.get()
    assert (reference.container, reference.volume, reference.pages) == ("Journal of Examples", "4", "10-21")
    assert reference.keywords == ["recording", "practice"]
    assert ["ZZ", "a tag of nobody's"] in reference.raw
    assert source.search.sort_title.startswith("recording practice")
    assert AuditEvent.objects.get().detail["new"] == 1


def test_same_file_again_changes_nothing(ris, capsys):
    path = ris(PAPER, PAPER, OTHER)
    first = run(capsys, path)[1]
    events = AuditEvent.objects.count()
    second = run(capsys, path)[1]

    assert counts(first) == {"new": 2, "merged": 1}
    assert counts(second) == {"unchanged": 3}
    assert second["committed"] is True
    assert (Load.objects.count(), AuditEvent.objects.count()) == (1, events)
    assert Reference.objects.count() == 3


def test_same_paper_from_elsewhere_is_merged_and_both_records_are_kept(ris, capsys):
    run(capsys, ris(PAPER))
    again = PAPER.replace("10.1234/example.1", "https://doi.org/10.1234/EXAMPLE.1?x=1").replace("Ruth", "R.")
    report = run(capsys, ris(again, name="more.ris"))[1]

    assert counts(report) == {"merged": 1}
    source = Source.objects.get()
    assert [reference.authors[0] for reference in source.references.all()] == ["Adams, Ruth", "Adams, R."]
    merge = Merge.objects.get()
    assert (merge.score, merge.reasons) == (100, ["same DOI 10.1234/example.1", "same title"])
    assert merge.references.get().load_row.load.name == "more.ris"
    assert source.authors == "Adams, Ruth; Brown, Tom"


def test_described_source_takes_the_reference_and_stays_as_it_is(ris, capsys):
    make_source("the-one", title="Recording practice", doi="10.1234/example.1")
    report = run(capsys, ris(PAPER.replace("Recording practice of", "Recording practice in the work of")))[1]

    assert counts(report) == {"new": 1}
    doubt = PossibleDuplicate.objects.get()
    assert doubt.other_id == "the-one"
    assert "same DOI 10.1234/example.1" in doubt.reasons

    same = PAPER.replace(
        "Recording practice of child protection agencies in three regions", "Recording practice"
    )
    report = run(capsys, ris(same, name="same.ris"))[1]
    assert counts(report) == {"merged": 1}
    assert Source.objects.get(pk="the-one").method == "Counting."


def test_year_before_the_store_begins_stays_in_the_reference(ris, capsys):
    run(capsys, ris(PAPER.replace("2019", "1759")))

    assert (Source.objects.get().year, Reference.objects.get().year) == (None, 1759)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("paper.ris", b"%PDF-1.7\n1 0 obj", "PDF"),
        ("page.csv", b"<!DOCTYPE html><html><body>Error 403</body></html>", "web page"),
        ("empty.ris", b"", "empty"),
    ],
)
def test_file_that_cannot_be_used_is_one_sentence_and_saves_nothing(tmp_path, capsys, name, content, said):
    path = tmp_path / name
    path.write_bytes(content)
    code, report, err = run(capsys, path)

    assert (code, report) == (2, None)
    assert said in err
    assert len(err.strip().splitlines()) == 1
    assert not Load.objects.exists()


def test_file_that_is_held_already_says_that_nothing_is_saved(ris, capsys):
    path = ris(PAPER)
    run(capsys, path)
    call_command("load_sources", str(path))

    assert capsys.readouterr().out.endswith(
        "1 unchanged, 0 merged, 0 rejected; nothing to save, all of it is held.\n"
    )


def test_another_edition_of_a_held_book_is_asked_about(ris, capsys):
    book = (
        "TY  - BOOK\nAU  - Adams, Ruth\nTI  - A handbook of child protection for teachers\nPY  - 2019\n"
        "PB  - Example Press\n{}ER  - \n"
    )
    run(capsys, ris(book.format("ET  - 1st\n")))

    assert counts(run(capsys, ris(book.format("ET  - Second\n"), name="second.ris"))[1]) == {"new": 1}
    assert "different editions (2; 1)" in PossibleDuplicate.objects.get().reasons
    assert counts(run(capsys, ris(book.format("ET  - 1\nKW  - x\n"), name="again.ris"))[1]) == {"merged": 1}


def test_missing_file_is_one_sentence(tmp_path, capsys):
    code, _, err = run(capsys, tmp_path / "none.ris")
    assert (code, err.startswith("There is no file")) == (2, True)


def test_person_reads_totals_and_problems(ris, capsys):
    with pytest.raises(SystemExit):
        call_command("load_sources", str(ris(PAPER, UNTITLED)))
    out, err = capsys.readouterr()

    assert out == ("2 records: 1 new, 0 changed, 0 unchanged, 0 merged, 1 rejected; nothing was saved.\n")
    assert "references.ris, line 17: title" in err


def test_text_that_a_database_cannot_hold_does_not_stop_the_load(ris, capsys):
    path = ris(PAPER.replace("What agencies", "What\x00 agencies"))
    code, report, _ = run(capsys, path)

    assert (code, counts(report)) == (0, {"new": 1})


def test_same_papers_from_different_tools_make_one_source_each(tmp_path, capsys):
    formats = {
        "a.ris": PAPER + OTHER,
        "b.bib": """@article{a, title={Recording practice of child protection agencies in three regions},
            author={Adams, Ruth and Brown, Tom}, year={2019}, doi={10.1234/example.1}}
            @techreport{b, title={A survey of schools on attendance}, author={Adams, R. and Brown, T.}, year={2019}}
            """,
        "c.csv": "Title,Authors,Year,DOI\n"
        'Recording practice of child protection agencies in three regions,"Adams R.; Brown T.",2019,\n'
        "A survey of schools on attendance,Adams R.; Brown T.,2019,10.1234/example.2\n",
        "d.json": json.dumps(
            [
                {"type": "report", "title": "A survey of schools on attendance", "DOI": "10.1234/example.2"},
                {
                    "type": "article-journal",
                    "title": "Recording Practice of Child Protection Agencies in Three Regions",
                    "author": [{"family": "Adams", "given": "R"}],
                    "issued": {"date-parts": [[2019]]},
                },
            ]
        ),
    }
    seen = []
    for name, text in formats.items():
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        seen.append(counts(run(capsys, path)[1]))

    assert seen == [{"new": 2}, {"merged": 2}, {"merged": 2}, {"merged": 2}]
    assert Source.objects.count() == 2
    assert [source.references.count() for source in Source.objects.all()] == [4, 4]

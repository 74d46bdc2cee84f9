"""The command: exit codes, one JSON object whose numbers add up, and one clear sentence for an unusable file."""

import json

import pytest
from django.core.management import call_command

from studies.models import AuditEvent, Source
from tests.studies.loading.workbook_files import ods, sheet_of, xlsx
from tests.studies.tiny_base import RECORDS


pytestmark = pytest.mark.django_db

KEYS = {
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
}
GAPS = "gap_id,theme,statement,why_it_matters,source_id,what_would_fill_it"
GAP = "gap-1,context,One.,Two.,,Three."


def run(capsys, path, *options):
    """Exit code, standard output and error of the command."""
    code = 0
    try:
        call_command("load_evidence", str(path), *options)
    except SystemExit as end:
        code = end.code
    out, err = capsys.readouterr()
    return code, out, err


def test_sound_folder_ends_with_nought_and_a_total(tiny, capsys):
    code, out, err = run(capsys, tiny.write())

    assert (code, err) == (0, "")
    assert "findings: 12 new\n" in out
    assert out.endswith(f"{RECORDS} records: {RECORDS} new, 0 changed, 0 unchanged, 0 rejected; saved.\n")
    assert Source.objects.count() == 3
    assert AuditEvent.objects.get().created_by == "command line"


def test_dry_run_saves_nothing_and_says_so(tiny, capsys):
    code, out, _ = run(capsys, tiny.write(), "--dry-run")

    assert code == 0
    assert out.endswith("nothing was saved (dry run).\n")
    assert not Source.objects.exists()


def test_terminal_sees_a_bar_that_reaches_its_end(tiny, capsys, monkeypatch):
    monkeypatch.setattr("django.core.management.base.OutputWrapper.isatty", lambda self: True)

    _, _, err = run(capsys, tiny.write())

    steps = err.split("\r")[1:]
    assert steps[0].startswith("Comparing with what is held …")
    assert steps[-1].split() == f"Saving [{'#' * 30}] {RECORDS - 1} of {RECORDS - 1} records".split()
    assert steps[-1].endswith("\n")


def test_json_is_one_object_whose_numbers_add_up(tiny, capsys):
    tiny.row("gaps", "gap-1")["theme"] = "none"

    code, out, err = run(capsys, tiny.write(), "--json")

    report = json.loads(out)
    assert (code, err) == (1, "")
    assert report.keys() >= KEYS
    outcomes = ("new", "changed", "unchanged", "merged", "rejected")
    assert report["records"] == sum(report[outcome] for outcome in outcomes) == RECORDS
    assert (report["file"], report["format"], report["encoding"]) == ("tiny", "evidence-base", "utf-8")
    assert (report["rejected"], report["committed"]) == (1, False)
    [issue] = report["issues"]
    assert issue.keys() >= {"severity", "record", "line", "field", "value", "message"}
    assert (issue["severity"], issue["record"], issue["line"], issue["field"], issue["value"]) == (
        "error",
        "gap-1",
        2,
        "theme",
        "none",
    )
    assert not Source.objects.exists()


def test_rejected_record_is_told_and_ends_with_one(tiny, capsys):
    tiny.row("gaps", "gap-1")["theme"] = "none"

    code, out, err = run(capsys, tiny.write())

    assert code == 1
    assert err.startswith("gaps.csv, line 2: theme 'none' is not one of prevalence-and-scale,")
    assert out.endswith(f"{RECORDS - 1} new, 0 changed, 0 unchanged, 1 rejected; nothing was saved.\n")


def test_skipping_rejected_saves_the_others_and_still_ends_with_one(tiny, capsys):
    tiny.row("gaps", "gap-1")["theme"] = "none"

    code, out, _ = run(capsys, tiny.write(), "--skip-rejected")

    assert code == 1
    assert out.endswith("1 rejected; saved.\n")
    assert Source.objects.count() == 3


def test_many_issues_are_cut_on_screen_and_whole_in_json(tiny, capsys):
    gap = tiny.row("gaps", "gap-1")
    tiny.tables["gaps"] = [{**gap, "gap_id": f"gap-{n}", "theme": "none"} for n in range(60)]

    _, _, err = run(capsys, tiny.write())
    assert err.count("\n") == 51
    assert err.endswith("… and 10 more; --json lists them all\n")

    _, out, _ = run(capsys, tiny.folder, "--json")
    assert len(json.loads(out)["issues"]) == 60


@pytest.mark.parametrize("make", [xlsx, ods])
def test_single_workbook_is_loaded(make, tmp_path, capsys):
    path = tmp_path / "gaps.any"
    path.write_bytes(make(("Gaps", [GAPS.split(","), GAP.split(",")])))

    code, out, err = run(capsys, path, "--json")

    report = json.loads(out)
    assert (code, err) == (0, "")
    assert (report["format"], report["new"], report["committed"]) == ("workbook", 1, True)


def test_single_csv_is_loaded(tmp_path, capsys):
    path = tmp_path / "anything.txt"
    path.write_text(f"{GAPS}\n{GAP}\n", encoding="utf-8-sig")

    code, out, _ = run(capsys, path)

    assert code == 0
    assert out == "gaps: 1 new\n1 record: 1 new, 0 changed, 0 unchanged, 0 rejected; saved.\n"


LAST_CELL = xlsx(
    ("Gaps", []),
    **{"xl/worksheets/sheet1.xml": sheet_of('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')},
)
ZEROS = xlsx(("Gaps", []), **{f"xl/media/zeros{n}": b"\0" * 2**26 for n in range(17)})

UNUSABLE = {
    "empty": (b"", "bad.csv is empty."),
    "pdf": (b"%PDF-1.7 and so on", "bad.csv is a PDF document, not a table."),
    "web page": (b"<!doctype html><html></html>", "bad.csv is a web page or XML, not a table."),
    "nul": (b"a,b\n\x00,1\n", "bad.csv holds NUL characters: it is not a text table."),
    "column twice": (f"{GAPS},theme\n".encode(), "bad.csv has the column 'theme' more than once."),
    "unknown column": (
        f"{GAPS},colour\n".encode(),
        f"bad.csv has the unknown column 'colour'; its columns are {GAPS.replace(',', ', ')}.",
    ),
    "missing column": (b"gap_id,theme\n", "bad.csv lacks statement, why_it_matters, what_would_fill_it; its"),
    "zip bomb": (ZEROS, "bad.csv would unpack to more than 1024 MB; it was not opened."),
    "last cell": (LAST_CELL, "Sheet “Gaps” of bad.csv"),
}


@pytest.mark.parametrize(("content", "sentence"), UNUSABLE.values(), ids=UNUSABLE.keys())
def test_unusable_file_ends_with_two_and_one_sentence(tmp_path, capsys, content, sentence):
    path = tmp_path / "bad.csv"
    path.write_bytes(content)

    for options in ((), ("--json",)):
        code, out, err = run(capsys, path, *options)
        assert (code, out) == (2, "")
        assert err.startswith(sentence)
        assert err.count("\n") == 1
    assert not AuditEvent.objects.exists()


def test_missing_path_ends_with_two_and_one_sentence(tmp_path, capsys):
    code, out, err = run(capsys, tmp_path / "not-there")

    assert (code, out) == (2, "")
    assert err == f"There is no file or folder {tmp_path / 'not-there'}.\n"

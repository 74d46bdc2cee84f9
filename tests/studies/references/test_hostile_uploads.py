"""What an upload must not do: be it broken, hostile or huge, one sentence is said and nothing is saved."""

import csv
import io

import pytest
from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from page_checks import page_faults, policy_faults, read, words

from studies import uploads
from studies.actions import queued
from studies.loading import detect as detecting
from studies.loading import layout
from studies.loading.schema import TABLES
from studies.models import AuditEvent, Load, LoadTask, Source
from tests.studies.loading.readers.workbook_bytes import packed, raw_xlsx, xlsx
from tests.studies.references.test_load_sources import PAPER


pytestmark = pytest.mark.django_db

LAUGHS = "".join(
    f'<!ENTITY l{number} "{f"&l{number - 1};" * 10 if number else "ha"}">' for number in range(10)
)
SECRET = "root:x:0:0"
FINDINGS = next(table for table in TABLES if table.name == "findings")
HEADINGS = [column.name for column in FINDINGS.columns]


@pytest.fixture
def loader(client):
    client.force_login(get_user_model().objects.create_superuser("a-loader"))
    return client


def upload(client, content, name, **options):
    file = SimpleUploadedFile(name, content if isinstance(content, bytes) else content.encode())
    return client.post("/manage/loads/new/", {"files": [file]}, follow=True, **options)


def sound(response, status):
    assert response.status_code == status
    page = read(response)
    assert page_faults(page) == []
    assert policy_faults(page) == []
    return words(page.select_one("main"))


def table(*rows):
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue()


BROKEN = {
    "nothing at all": ("references.ris", b"", "empty"),
    "a PDF named .ris": ("paper.ris", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", "is a PDF document"),
    "an error page named .csv": (
        "findings.csv",
        b"<!DOCTYPE html><html><body>Your session has ended</body></html>",
        "is a web page",
    ),
    "a program": ("findings.csv", b"MZ\x90\0\x03\0\0\0\x04", "a program"),
    "entities within entities": (
        "library.xml",
        (
            f"<?xml version='1.0'?><!DOCTYPE xml [{LAUGHS}]><xml><records><record><titles><title>&l9;</title></titles>"
            "</record></records></xml>"
        ),
        "declares XML entities",
    ),
    "an entity of a file": (
        "library.xml",
        (
            "<?xml version='1.0'?><!DOCTYPE xml [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><xml><records><record><titles>"
            "<title>&x;</title></titles></record></records></xml>"
        ),
        "declares XML entities",
    ),
    "an entity in a sheet": (
        "sheet.xlsx",
        raw_xlsx(
            "<row r='1'><c r='A1' t='inlineStr'><is><t>&a;</t></is></c></row>",
            '<!DOCTYPE x [<!ENTITY a "Title">]>',
        ),
        "cannot be read",
    ),
    "a workbook cut off": ("sheet.xlsx", xlsx([HEADINGS])[:2000], "damaged or cut off"),
    "a packed folder": ("all.zip", packed({"a.ris": PAPER, "b.ris": PAPER}), "no .xlsx or .ods workbook"),
    "a column twice": ("findings.csv", table([*HEADINGS, "value"], ["x"] * 30), "value"),
    "ten thousand columns": (
        "wide.csv",
        table([f"column {number}" for number in range(10_000)], ["1"] * 10_000),
        "columns",
    ),
    "only headings": ("findings.csv", table(HEADINGS), "no rows"),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_what_cannot_be_used_is_told_in_a_sentence_and_nothing_is_saved(loader, kind):
    name, content, says = BROKEN[kind]
    events = AuditEvent.objects.count()

    said = sound(upload(loader, content, name), 400)

    assert "There is a problem" in said
    assert name in said
    assert says in said
    assert SECRET not in said
    assert not Load.objects.exists()
    assert not Source.objects.exists()
    assert AuditEvent.objects.count() == events


def test_zip_bomb_is_refused_before_it_is_unpacked(loader, monkeypatch):
    for module in (detecting, layout):
        monkeypatch.setattr(module, "LARGEST_UNPACKED", 4 * 2**20)
    bomb = packed({"xl/workbook.xml": "<workbook/>", "xl/worksheets/sheet1.xml": " " * (8 * 2**20)})
    assert len(bomb) < 2**14

    assert "would unpack" in sound(upload(loader, bomb, "bomb.xlsx"), 400)
    assert not Load.objects.exists()


@pytest.mark.parametrize("kind", sorted(BROKEN))
def test_worker_says_the_same_of_a_large_file_and_keeps_nothing_of_it(loader, kind, monkeypatch):
    """A large file is kept before it is read; what cannot be used ends there, with its sentence."""
    monkeypatch.setattr(queued, "SMALL_FILE", -1)
    name, content, says = BROKEN[kind]
    said = sound(upload(loader, content, name), 200)
    assert "still to be read" in said

    task = LoadTask.objects.get()
    with monkeypatch.context() as patch:
        patch.setattr(queued, "ProgressLine", Quiet)  # its own connection would wait for this test's
        queued.carry_out(task=task.pk)

    task.refresh_from_db()
    assert (task.ending, says in task.message) == ("refused", True)
    said = sound(loader.get(f"/manage/loads/{task.load_id}/"), 200)
    assert "cannot be used" in said
    assert says in said
    load = Load.objects.get()
    assert (load.status, load.parts.count(), load.rows.count()) == ("unusable", 0, 0)
    assert not Source.objects.exists()


class Quiet:
    """Progress that nobody watches."""

    def __init__(self, *args):
        pass

    def __enter__(self):
        return lambda step, done, whole: None

    def __exit__(self, *args):
        pass


def test_impossible_figures_are_refused_by_line_field_and_value(tiny, loader, loaded):
    """Over 100 per cent, a numerator above its denominator, a word nobody knows, a formula: each named, none saved."""
    rows = [dict(row) for row in tiny.tables["findings"] if row["numerator"] and row["denominator"]][:4]
    rows.append(dict(rows[0]))
    over, above, unknown, _, formula = rows
    for row in rows:
        row["breakdown_id"] = row["breakdown_complete"] = ""
    for number, row in enumerate(rows):
        row["finding_id"], row["geography"] = f"new-{number}", "Wales"
    over["value"], over["numerator"], over["statistic"] = "120", "", "percentage"
    above["numerator"] = str(int(above["denominator"]) + 1)
    unknown["precision"] = "roughly"
    formula["definition_note"] = "=HYPERLINK(1)"
    content = table(list(rows[0]), *[list(row.values()) for row in rows])

    said = sound(upload(loader, content, "findings.csv"), 200)

    problems = {
        (one["line"], one["field"]) for one in Load.objects.latest("pk").issues if one["severity"] == "error"
    }
    assert problems == {(2, "value"), (3, "numerator"), (4, "precision"), (6, "definition_note")}
    assert "120" in said
    assert "roughly" in said
    load = Load.objects.latest("pk")
    assert (load.counts["new"], load.counts["rejected"]) == (1, 4)
    before = Source.objects.count()
    sound(loader.post(f"/manage/loads/{load.pk}/commit/", follow=True), 200)
    assert Load.objects.get(pk=load.pk).status == "staged"
    assert Source.objects.count() == before


def test_request_beyond_the_limit_is_answered_without_being_read(loader):
    said = sound(upload(loader, PAPER, "huge.ris", CONTENT_LENGTH=str(2 * 2**30)), 413)

    assert "What you sent has 2048 MB, and 500 MB is the most" in said
    assert not Load.objects.exists()


def test_file_beyond_the_limit_is_named(loader, monkeypatch):
    monkeypatch.setattr("studies.views.uploads.LARGEST_FILE", len(PAPER) - 1)

    assert "references.ris is larger than" in sound(upload(loader, PAPER, "references.ris"), 400)
    assert not Load.objects.exists()


def test_strangers_and_plain_forms_may_send_little(client, loader):
    megabytes = str(uploads.LARGEST_FORM + 1)
    assert loader.post("/manage/loads/1/commit/", CONTENT_LENGTH=megabytes).status_code == 413
    client.logout()
    assert client.post("/manage/loads/new/", CONTENT_LENGTH=megabytes).status_code == 413
    assert client.post("/accounts/login/", CONTENT_LENGTH=megabytes).status_code == 413

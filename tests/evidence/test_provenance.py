"""Where records came from and what was changed since: every change told, nobody named to strangers, nothing blind."""

import pytest
from django.test import Client
from page_checks import page_faults, policy_faults, read, words

from studies.actions import records
from studies.actions.references import load_references
from studies.models import AuditEvent, Finding, LoadRow, Source
from studies.permissions import Role
from tests.studies.actions.people import Round, entry, person
from tests.studies.tiny_base import TinyBase


pytestmark = pytest.mark.django_db

FINDING = "/findings/small-study-f01/"


@pytest.fixture
def base(tmp_path):
    folder = tmp_path / "tiny"
    folder.mkdir()
    base = TinyBase(folder)
    assert base.load().committed
    return base


def history_of(client, path):
    """What is told, newest first: the sentence, and the table of fields below it."""
    page = read(client.get(path))
    assert (page_faults(page), policy_faults(page)) == ([], [])
    return [
        (
            words(item.select_one("p")),
            [[words(cell) for cell in row.select("th, td")] for row in item.select("tbody tr")],
        )
        for item in page.select(".evidence-history > li")
    ]


def signed_in(role):
    client = Client()
    client.force_login(person(role.value.lower(), role))
    return client


def test_figure_says_from_which_line_it_came_and_what_a_load_changed(base, client):
    base.tables["findings"][0]["locator"] = "Table 2"
    row = LoadRow.objects.get(table="findings", record_key="small-study-f01")
    assert base.load().counts["changed"] == 1
    changed, loaded = history_of(client, FINDING)

    assert f"Loaded from findings.csv, line {row.line}, by the evidence team." in loaded[0]
    assert loaded[1] == []
    assert "Changed by a load from findings.csv, line" in changed[0]
    assert changed[1] == [["Locator", "Table 1", "Table 2"]]


def test_change_by_hand_is_told_with_what_it_was(base, client):
    source = Source.objects.get(pk="small-study")
    source.title = "Another title"
    records.save(record=source, by="an-editor")
    finding = Finding.objects.get(pk="small-study-f01")
    finding.locator = "Page 9"
    records.save(record=finding, by="an-editor")

    by_hand, _ = history_of(client, "/sources/small-study/history/")
    assert "Changed by hand , by the evidence team." in by_hand[0]
    assert by_hand[1] == [["Title", "The small-study report", "Another title"]]
    assert history_of(client, FINDING)[0][1] == [["Locator", "Table 1", "Page 9"]]


def test_accounts_are_named_to_those_who_are_signed_in_only(base, client):
    source = Source.objects.get(pk="small-study")
    source.publisher = "Another"
    records.save(record=source, by="an-editor")

    for path in ("/sources/small-study/", "/sources/small-study/history/", FINDING):
        assert "an-editor" not in client.get(path).content.decode()
        assert "by the tests" not in client.get(path).content.decode()
    analyst = signed_in(Role.ANALYST)
    assert "by an-editor." in history_of(analyst, "/sources/small-study/history/")[0][0]
    assert not read(analyst.get(FINDING)).select(".evidence-history a")
    assert read(signed_in(Role.LOADER).get(FINDING)).select(".evidence-history a")


def test_reference_and_merge_are_part_of_the_history(tmp_path, client):
    for number, volume in enumerate(("", "VL  - 4\n")):
        file = tmp_path / f"file-{number}.ris"
        file.write_text(
            "TY  - JOUR\nAU  - Adams, Ruth\nTI  - Recording practice of child protection agencies\n"
            f"PY  - 2019\n{volume}ER  - \n",
            encoding="utf-8",
        )
        assert load_references(file=file, by="command line").committed
    source = Source.objects.get()
    merged, loaded = history_of(client, f"/sources/{source.pk}/history/")

    assert "Loaded from file-0.ris, record 1, line 1, by command line." in loaded[0]
    assert "A reference to it was loaded, and merged with it from file-1.ris, record 1, line 1" in merged[0]


def test_history_holds_nothing_of_an_appraisal_under_way(base, client):
    pair = Round()
    pair.submit(pair.first, entry(note="BLIND-WORDS", rationale="BLIND-WORDS"))
    assert AuditEvent.objects.filter(event_type="appraisal_submitted").exists()
    for who in (client, signed_in(Role.ANALYST)):
        for path in ("/sources/small-study/history/", FINDING):
            page = who.get(path).content.decode()
            assert "BLIND-WORDS" not in page
            assert "apprais" not in page.partition("evidence-history")[2].partition("</main>")[0]


def test_record_without_a_load_says_so_and_a_stranger_is_not_found(base, client):
    LoadRow.objects.all().delete()

    assert "Nothing is recorded of how it came in." in words(read(client.get(FINDING)))
    assert client.get("/findings/no-such/").status_code == 404
    assert client.get("/sources/no-such/history/").status_code == 404


def test_number_of_queries_does_not_grow_with_the_history(base, client, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def change(number):
        source = Source.objects.get(pk="small-study")
        source.publisher = f"Publisher {number}"
        records.save(record=source, by="an-editor")

    for number in range(3):
        change(number)
    client.get("/sources/small-study/history/")
    with CaptureQueriesContext(connection) as few:
        assert len(history_of(client, "/sources/small-study/history/")) == 4
    for number in range(3, 30):
        change(number)
    with django_assert_num_queries(len(few)):
        assert len(history_of(client, "/sources/small-study/history/")) == 31


def test_reverted_load_tells_that_it_was_taken_back(tmp_path, base, client):
    from studies.actions import revert, staged

    loader = person("loader", Role.LOADER)
    rows = base.tables["sources"]
    file = tmp_path / "sources.csv"
    changed = {**rows[0], "method": "Other returns"}
    file.write_text(
        ",".join(changed) + "\n" + ",".join(f'"{value}"' for value in changed.values()) + "\n",
        encoding="utf-8",
    )
    load = staged.commit(load=staged.stage(file=file, name="sources.csv", by=loader), by=loader)
    revert.revert(load=load, by=loader)
    back, there, _ = history_of(client, f"/sources/{changed['source_id']}/history/")

    assert "That load was reverted , by the evidence team." in back[0]
    assert back[1] == [["Method", "Other returns", "Returns of all areas"]]
    assert there[1] == [["Method", "Returns of all areas", "Other returns"]]


PAPER = (
    "TY  - JOUR\nAU  - Adams, Ruth\nTI  - Recording practice of child protection agencies{}\n"
    "PY  - 2019\nJO  - Journal of Examples\n{}ER  - \n"
)


@pytest.fixture
def committed(tmp_path):
    """Stages a file of references for one loader and commits it for another."""
    from studies.actions import staged

    first, second = person("first-loader", Role.LOADER), person("second-loader", Role.LOADER)

    def bring(text, name):
        file = tmp_path / name
        file.write_text(text, encoding="utf-8")
        load = staged.stage(file=file, name=name, by=first)
        return staged.commit(load=load, by=second)

    return bring


def test_who_committed_a_load_and_when_is_told_and_stays_so_after_its_revert(committed, base):
    from studies.actions import revert

    load = committed(PAPER.format("", ""), "one.ris")
    source = Source.objects.get(title__startswith="Recording practice")
    reader = signed_in(Role.ANALYST)

    (loaded,) = history_of(reader, f"/sources/{source.pk}/history/")
    assert "Loaded from one.ris, record 1, line 1, by second-loader" in loaded[0]
    revert.revert(load=load, by=person("third-loader", Role.LOADER))
    LoadRow.objects.filter(load=load).update(record_key="small-study")  # as if its source had stayed
    told = [sentence for sentence, _ in history_of(reader, "/sources/small-study/history/")]
    assert "That load was reverted , by third-loader" in told[0]
    assert "by second-loader" in told[1]


def test_merged_sources_tell_the_lines_of_both_and_the_old_address_leads_on(committed, client):
    from studies.actions import merges
    from studies.models import PossibleDuplicate

    committed(PAPER.format("", ""), "one.ris")
    committed(PAPER.format(": a survey", ""), "two.ris")
    pair = PossibleDuplicate.objects.get()
    made = merges.merge(pair=pair, by=person("merger", Role.LOADER))
    reader = signed_in(Role.LOADER)

    told = " ".join(sentence for sentence, _ in history_of(reader, f"/sources/{made.source_id}/history/"))
    assert "Loaded from one.ris, record 1, line 1" in told
    assert "Loaded from two.ris, record 1, line 1" in told
    assert (
        "Merged with the record “Recording practice of child protection agencies: a survey” (titles" in told
    )
    assert "by merger" in told
    old = f"/sources/{made.former_id}/"
    assert client.get(old)["Location"] == f"/sources/{made.source_id}/"
    assert client.get(f"{old}history/")["Location"] == f"/sources/{made.source_id}/history/"

    merges.undo(made=made, by=person("undoer", Role.LOADER))
    assert client.get(old).status_code == 200
    told = " ".join(sentence for sentence, _ in history_of(reader, f"{old}history/"))
    assert "That merge was undone , by undoer" in told
    assert "one.ris" not in told


def test_reference_that_is_taken_out_of_a_merge_keeps_its_line(committed):
    from studies.actions import merges
    from studies.models import Merge

    committed(PAPER.format("", ""), "one.ris")
    committed(PAPER.format("", "VL  - 4\n"), "two.ris")
    own = merges.undo(made=Merge.objects.get(), by=person("undoer", Role.LOADER))
    reader = signed_in(Role.LOADER)

    told = " ".join(sentence for sentence, _ in history_of(reader, f"/sources/{own.pk}/history/"))
    assert "from two.ris, record 1, line 1" in told
    assert "Taken out of “Recording practice of child protection agencies” again" in told
    kept = Source.objects.exclude(pk=own.pk).get()
    told = " ".join(sentence for sentence, _ in history_of(reader, f"/sources/{kept.pk}/history/"))
    assert "A reference that was merged with it was taken out again , by undoer" in told

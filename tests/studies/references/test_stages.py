"""Loads in stages: looked at, brought in, put aside, taken out; merges made and undone; each by the right person."""

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test.utils import CaptureQueriesContext

from studies.actions import merges
from studies.actions.files import kept_bytes
from studies.actions.revert import outlook, revert
from studies.actions.staged import AlreadyLoaded, commit, discard, stage
from studies.exceptions import NotAllowed, Refused
from studies.loading.issues import UnusableFile
from studies.models import AuditEvent, Finding, Load, Merge, Overlap, PossibleDuplicate, Reference, Source
from tests.studies.loading.workbook_files import packed
from tests.studies.references.test_load_sources import OTHER, PAPER, UNTITLED


pytestmark = pytest.mark.django_db
LATER = PAPER.replace("example.1", "example.9").replace("three regions", "three large regions")


@pytest.fixture
def loader():
    return get_user_model().objects.create_superuser("a-loader")


@pytest.fixture
def staged(tmp_path, loader):
    def stage_file(text, name="references.ris"):
        path = tmp_path / "upload"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return stage(file=path, name=name, by=loader)

    return stage_file


def counts(load):
    return {name: number for name, number in load.counts.items() if number}


def test_staged_file_is_kept_and_nothing_else_is(staged):
    load = staged(PAPER + OTHER)

    assert (load.status, load.kind, load.format) == ("staged", "references", "ris")
    assert counts(load) == {"new": 2}
    assert b"".join(kept_bytes(load)) == (PAPER + OTHER).encode()
    assert load.rows.count() == 2
    assert not Source.objects.exists()
    assert AuditEvent.objects.get().event_type == "load_staged"


def test_commit_and_revert_leave_the_store_as_it_was(staged, loader):
    load = commit(load=staged(PAPER + OTHER + PAPER), by=loader)
    assert (load.status, load.closed_by) == ("committed", "a-loader")
    assert (Source.objects.count(), Reference.objects.count(), Merge.objects.count()) == (2, 3, 1)
    assert load.rows.count() == 3

    load = revert(load=load, by=loader)
    assert load.status == "reverted"
    assert not Source.objects.exists()
    assert not Reference.objects.exists()
    assert not Merge.objects.exists()
    assert load.rows.count() == 3
    assert commit(load=staged(PAPER + OTHER + PAPER), by=loader).status == "committed"


def test_refused_records_are_left_out_only_when_asked(staged, loader):
    load = staged(PAPER + UNTITLED)
    with pytest.raises(Refused, match="1 record is refused"):
        commit(load=load, by=loader)
    assert not Source.objects.exists()

    assert commit(load=load, by=loader, skip_rejected=True).skip_rejected
    assert Source.objects.count() == 1


def test_same_bytes_are_recognised_until_they_are_discarded(staged, loader):
    load = staged(PAPER)
    with pytest.raises(AlreadyLoaded, match=r"is staged already: references\.ris, by a-loader") as problem:
        staged(PAPER, "another name.ris")
    assert problem.value.load == load

    discard(load=load, by=loader)
    assert not load.parts.exists()
    assert staged(PAPER).status == "staged"
    with pytest.raises(Refused, match="cannot be committed: it was discarded by a-loader on "):
        commit(load=load, by=loader)


def test_store_that_moved_since_is_noticed(staged, loader):
    load = staged(PAPER + OTHER)
    commit(load=staged(PAPER, "first.ris"), by=loader)

    with pytest.raises(Refused, match="has changed since"):
        commit(load=load, by=loader)
    load.refresh_from_db()
    assert (load.status, counts(load)) == ("staged", {"new": 1, "unchanged": 1})
    assert commit(load=load, by=loader).status == "committed"


def test_file_with_nothing_new_is_not_committed(staged, loader):
    commit(load=staged(PAPER), by=loader)
    with pytest.raises(Refused, match="nothing to commit"):
        commit(load=staged(PAPER + "\n"), by=loader)


@pytest.mark.parametrize("act", [commit, discard, revert])
def test_stranger_changes_nothing(staged, act):
    load = staged(PAPER)
    with pytest.raises(NotAllowed):
        act(load=load, by=get_user_model().objects.create_user("a-reader"))
    assert Load.objects.get().status == "staged"


def test_failure_in_the_middle_leaves_the_load_staged(staged, loader, monkeypatch):
    load = staged(PAPER + OTHER)

    def fail(*args, **kwargs):
        raise RuntimeError("the worker was killed")

    monkeypatch.setattr("studies.actions.references._save_doubts", fail)
    with pytest.raises(RuntimeError):
        commit(load=load, by=loader)
    load.refresh_from_db()
    assert (load.status, load.rows.count()) == ("staged", 2)
    assert not Source.objects.exists()


def test_revert_names_what_rests_on_the_load(staged, loader):
    first = commit(load=staged(PAPER + OTHER), by=loader)
    one, other = Source.objects.all()
    Overlap.objects.create(source_a=one, source_b=other, reason="The same returns.")
    with pytest.raises(Refused, match="overlap"):
        revert(load=first, by=loader)
    Overlap.objects.all().delete()
    commit(load=staged(PAPER.replace("Tom", "T."), "second.ris"), by=loader)
    with pytest.raises(Refused, match=r"1 reference from second\.ris, which belongs to its sources\.$"):
        revert(load=first, by=loader)
    assert Source.objects.count() == 2


def test_revert_names_what_people_decided_since(staged, loader):
    load = commit(load=staged(PAPER + LATER), by=loader)
    made = merges.merge(pair=PossibleDuplicate.objects.get(), by=loader)
    with pytest.raises(Refused, match=r"-2 and adams-.* are one publication, as a-loader decided\.$"):
        revert(load=load, by=loader)
    merges.undo(made=made, by=loader)
    revert(load=load, by=loader)
    assert not Source.objects.exists()


def test_merge_with_an_earlier_source_that_was_taken_back_keeps_its_load(staged, loader):
    commit(load=staged(PAPER), by=loader)
    load = commit(load=staged(PAPER.replace("Tom", "T."), "second.ris"), by=loader)
    merges.undo(made=Merge.objects.get(), by=loader)

    with pytest.raises(Refused, match=r"a-loader took back a merge with adams-.*, which stays on record\.$"):
        revert(load=load, by=loader)


def test_load_whose_sources_were_kept_apart_can_be_reverted(staged, loader):
    load = commit(load=staged(PAPER + LATER), by=loader)
    merges.keep_apart(pair=PossibleDuplicate.objects.get(), by=loader)

    revert(load=load, by=loader)
    assert not Source.objects.exists()


def test_way_back_of_a_load_is_looked_at_without_naming_each_of_its_sources(staged, loader):
    """A question that names a hundred thousand sources takes PostgreSQL minutes."""
    papers = [
        OTHER.replace("schools", f"schools {n}").replace("example.2", f"example.s{n}") for n in range(200)
    ]
    load = commit(load=staged("".join(papers)), by=loader)
    with CaptureQueriesContext(connection) as asked:
        assert outlook(load).goes["sources"] == 200
    assert max(len(query["sql"]) for query in asked) < 5_000


def test_evidence_table_goes_the_same_way(loaded, staged, loader):
    path = loaded.write()
    text = (path / "findings.csv").read_text(encoding="utf-8")
    before = Finding.objects.get(pk="small-census-f01")
    load = staged(text.replace("All recorded cases", "All the recorded cases"), "findings.csv")
    assert (load.kind, load.counts["changed"] > 0, load.counts["rejected"]) == ("evidence", True, 0)

    load = commit(load=load, by=loader)
    assert load.rows.filter(outcome="changed").count() == load.counts["changed"]
    assert Finding.objects.get(pk="small-census-f01").scope == "All the recorded cases"
    revert(load=load, by=loader)
    after = Finding.objects.get(pk="small-census-f01")
    assert (after.scope, after.value) == (before.scope, before.value)


def findings_with(loaded, old, new):
    return (loaded.write() / "findings.csv").read_text(encoding="utf-8").replace(old, new)


def test_later_is_who_was_committed_later(loaded, staged, loader):
    """Uploaded first and committed second: what it changed is not to be put back to what it never was."""
    uploaded_first = staged(findings_with(loaded, "All recorded cases", "All cases there are"), "first.csv")
    committed_first = commit(
        load=staged(findings_with(loaded, "All recorded cases", "Cases of all kinds"), "second.csv"),
        by=loader,
    )
    with pytest.raises(Refused, match="has changed since"):
        commit(load=uploaded_first, by=loader)
    commit(load=uploaded_first, by=loader)

    with pytest.raises(Refused, match=r"was changed by first\.csv"):
        revert(load=committed_first, by=loader)
    revert(load=uploaded_first, by=loader)
    assert Finding.objects.get(pk="small-census-f01").scope == "Cases of all kinds"
    revert(load=committed_first, by=loader)
    assert Finding.objects.get(pk="small-census-f01").scope == "All recorded cases"


def test_value_that_was_changed_by_hand_since_is_not_overwritten_unseen(loaded, staged, loader):
    load = staged(findings_with(loaded, "All recorded cases", "All cases there are"), "findings.csv")
    Finding.objects.filter(pk="small-census-f01").update(scope="Put right by hand")

    with pytest.raises(Refused, match="has changed since"):
        commit(load=load, by=loader)
    assert Finding.objects.get(pk="small-census-f01").scope == "Put right by hand"
    row = load.rows.get(record_key="small-census-f01")
    assert row.changes["scope"] == ["Put right by hand", "All cases there are"]


def test_name_that_was_taken_since_does_not_hold_up_a_commit(staged, loader):
    one = staged(PAPER, "one.ris")
    other = staged(
        PAPER.replace("example.1", "example.7").replace("three regions", "the courts"), "other.ris"
    )
    commit(load=one, by=loader)
    commit(load=other, by=loader)
    assert Source.objects.count() == 2


def test_new_evidence_is_taken_out_and_named_when_used(tiny, staged, loader):
    folder = tiny.write()
    sources = commit(load=staged((folder / "sources.csv").read_text(), "sources.csv"), by=loader)
    one, other, _ = Source.objects.all()
    Overlap.objects.create(source_a=one, source_b=other, reason="The same returns.")
    with pytest.raises(Refused, match="overlap"):
        revert(load=sources, by=loader)
    Overlap.objects.all().delete()
    revert(load=sources, by=loader)
    assert not Source.objects.exists()


def test_table_with_a_slip_is_not_taken_for_references(staged, tiny):
    """Its title column would do for references, and the rest of it would be forgotten."""
    sources = (tiny.write() / "sources.csv").read_text()
    with pytest.raises(UnusableFile, match=r"sources\.csv lacks limitations; its columns are source_id"):
        staged(
            sources.replace("limitations", "limits_of_it", 1).replace(",limits_of_it", "", 1), "sources.csv"
        )
    assert not Load.objects.exists()


def test_damaged_workbook_is_told_of_once(staged):
    with pytest.raises(UnusableFile) as refusal:
        staged(packed({"xl/workbook.xml": "<broken"}), "base.xlsx")
    assert str(refusal.value).count("damaged or unsafe") == 1


def test_file_that_is_neither_says_both(staged):
    with pytest.raises(UnusableFile, match="As references"):
        staged("time_period,value\n2020,1\n", "figures.csv")
    assert not Load.objects.exists()


def test_merge_of_a_load_can_be_undone(staged, loader):
    commit(load=staged(PAPER), by=loader)
    commit(load=staged(PAPER.replace("Tom", "T."), "second.ris"), by=loader)
    made = Merge.objects.get()

    source = merges.undo(made=made, by=loader)

    assert source.pk == "adams-2019-recording-practice-child-protection-2"
    assert [one.references.count() for one in Source.objects.all()] == [1, 1]
    assert PossibleDuplicate.objects.get().status == "apart"
    with pytest.raises(Refused, match="undone this merge already"):
        merges.undo(made=made, by=loader)


def test_pair_of_the_queue_is_merged_and_taken_back(staged, loader):
    commit(load=staged(PAPER + LATER), by=loader)
    pair = PossibleDuplicate.objects.get()
    assert any("different DOIs" in reason for reason in pair.reasons)
    was = Source.objects.filter(pk=pair.source_id).values().get()

    made = merges.merge(pair=pair, by=loader)
    assert (Source.objects.count(), Source.objects.get().references.count()) == (1, 2)
    assert made.former_id == was["source_id"]

    merges.undo(made=made, by=loader)
    assert Source.objects.filter(pk=made.former_id).values().get() == was
    assert [one.references.count() for one in Source.objects.all()] == [1, 1]


def test_undone_merge_gives_a_source_back_what_had_been_merged_into_it(staged, loader):
    """A reference that a load had merged with a source goes with it, comes back with it, and can then be taken out."""
    commit(load=staged(PAPER + LATER), by=loader)
    pair = PossibleDuplicate.objects.get()
    gone = pair.source
    again = LATER.replace("Brown, Tom", "Brown, T.")
    assert again != LATER
    commit(load=staged(again, "again.ris"), by=loader)
    by_load = Merge.objects.get(source=gone)

    by_hand = merges.merge(pair=pair, by=loader)
    assert set(Merge.objects.values_list("source", flat=True)) == {by_hand.source_id}
    with pytest.raises(Refused, match="undo that one first"):
        merges.undo(made=by_load, by=loader)

    merges.undo(made=by_hand, by=loader)
    by_load.refresh_from_db()
    assert by_load.source_id == gone.pk
    assert merges.undo(made=by_load, by=loader).references.count() == 1
    assert sorted(one.references.count() for one in Source.objects.all()) == [1, 1, 1]


def test_what_was_asked_and_decided_goes_over_to_the_kept_source_and_back(staged, loader):
    commit(load=staged(PAPER + LATER + OTHER), by=loader)
    pair = PossibleDuplicate.objects.get()
    third = Source.objects.exclude(pk__in=[pair.source_id, pair.other_id]).get()
    asked = PossibleDuplicate.objects.create(source=third, other=pair.source, score=80)
    kept, gone = pair.other_id, pair.source_id

    made = merges.merge(pair=pair, by=loader)
    asked.refresh_from_db()
    assert {asked.source_id, asked.other_id} == {third.pk, kept}

    merges.undo(made=made, by=loader)
    asked.refresh_from_db()
    assert {asked.source_id, asked.other_id} == {third.pk, gone}


def test_pair_that_is_two_publications_is_not_asked_about_again(staged, loader):
    commit(load=staged(PAPER + LATER), by=loader)
    pair = merges.keep_apart(pair=PossibleDuplicate.objects.get(), by=loader)

    assert (pair.status, pair.decided_by) == ("apart", "a-loader")
    with pytest.raises(Refused, match="decided on this pair already"):
        merges.merge(pair=pair, by=loader)

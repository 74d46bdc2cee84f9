"""A file does not undo what people decided."""

import pytest

from studies.actions.loads import load_evidence
from studies.loading.layout import read_base
from studies.models import Appraisal, Comparability, Conclusion, Judgement
from tests.conftest import SHIPPED
from tests.studies.actions.people import Round, entry


pytestmark = pytest.mark.django_db


def load_shipped():
    return load_evidence(base=read_base(SHIPPED), by="a test")


def test_a_superseded_draft_stays_superseded_when_the_same_base_is_loaded_again(shipped):
    draft = Appraisal.objects.filter(status="provisional").first()
    Appraisal.objects.filter(pk=draft.pk).update(status="superseded")

    report = load_shipped()

    assert report.committed
    assert report.counts["changed"] == 0
    assert Appraisal.objects.get(pk=draft.pk).status == "superseded"


def test_a_file_that_would_change_an_agreed_conclusion_is_refused(shipped):
    agreed = Conclusion.objects.first()
    Conclusion.objects.filter(pk=agreed.pk).update(status="final", statement="As agreed by two reviewers.")

    report = load_shipped()

    assert not report.committed
    fault = next(issue for issue in report.issues if issue["record"] == agreed.pk)
    assert "people have made this final" in fault["message"]


def test_a_standing_statement_is_not_overwritten_by_a_file(shipped, tmp_path):
    measure = "group-suspect-ethnicity-known-only"
    Comparability.objects.create(
        measure_id=measure, statement="Same question.", stated_by="a person", stated_on="2026-01-05"
    )
    lines = [
        "measure_id,category_id,statement,stated_by,stated_on",
        f"{measure},,Other words,somebody,2026-02-01",
    ]
    (tmp_path / "comparability.csv").write_text("\r\n".join(lines) + "\r\n", encoding="utf-8")

    report = load_evidence(base=read_base(tmp_path), by="a test")

    assert not report.committed
    assert "a statement by a person stands already" in report.issues[0]["message"]
    assert Comparability.objects.get().statement == "Same question."


def decided() -> str:
    """The name of a rating that two appraisers made final."""
    pair = Round()
    for who in (pair.first, pair.second):
        pair.submit(who, entry())
    return Appraisal.objects.get(round=pair.opened).pk


@pytest.mark.parametrize(
    ("column", "value"), [("note", "Not what was said."), ("answer", "unclear"), ("criterion_id", "no-such")]
)
def test_a_file_does_not_change_the_answers_behind_a_final_rating(loaded, column, value):
    name = decided()
    answers = list(Judgement.objects.filter(appraisal=name).values())
    loaded.only("appraisal_answers")
    row = loaded.tables["appraisal_answers"][0]
    held = Judgement.objects.get(appraisal=name, criterion__criterion_id=row["criterion_id"])
    loaded.tables["appraisal_answers"] = [{**row, "appraisal_id": name, "note": held.note, column: value}]

    report = loaded.load()

    assert not report.committed
    assert list(Judgement.objects.filter(appraisal=name).values()) == answers
    if column != "criterion_id":
        assert (
            report.issues[0]["message"]
            == "people have made this rating final; a load does not change its answers"
        )
        assert (report.issues[0]["field"], report.issues[0]["line"]) == (column, 2)


def test_the_answers_of_a_final_rating_may_come_again_as_they_are(loaded):
    name = decided()
    loaded.only("appraisal_answers")
    row = loaded.tables["appraisal_answers"][0]
    held = Judgement.objects.get(appraisal=name, criterion__criterion_id=row["criterion_id"])
    again = {**row, "appraisal_id": name, "answer": held.answer, "note": held.note}
    loaded.tables["appraisal_answers"] = [again]

    assert dict(loaded.load().counts) == {"unchanged": 1}


@pytest.mark.parametrize("number", ["appraisal-1", "rating"])
def test_a_file_does_not_take_the_names_of_the_workbench(loaded, number):
    """Neither one that a hidden appraisal has, nor one that a round will need."""
    pair = Round()
    name = f"round-{pair.opened.pk}-{number}"
    loaded.only("appraisals", "appraisal_answers")
    for rows in loaded.tables.values():
        rows[:] = [row for row in rows if row["appraisal_id"] == "appraisal-small-study"]
        for row in rows:
            row["appraisal_id"] = name
    Appraisal.objects.filter(source="small-study").delete()

    report = loaded.load()

    assert not report.committed
    assert "the workbench gives" in report.issues[0]["message"]
    pair.submit(pair.first, entry())
    pair.submit(pair.second, entry())
    assert pair.rating() == ("strong", "final")

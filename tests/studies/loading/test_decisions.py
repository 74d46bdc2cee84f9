"""A file does not undo what people decided."""

import pytest

from studies.actions.loads import load_evidence
from studies.loading.layout import read_base
from studies.models import Appraisal, Comparability, Conclusion
from tests.conftest import SHIPPED


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

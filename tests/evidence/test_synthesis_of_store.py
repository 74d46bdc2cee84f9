"""From a folder of figures to the pooled share on the page and in the API, or to the rule that refuses it."""

import json

import pytest
from bs4 import BeautifulSoup

from studies.actions.loads import load_evidence
from studies.loading.layout import read_base
from tests.evidence import pooled_base


pytestmark = pytest.mark.django_db
API = "/api/v1/measures/trial-cases/synthesis"


@pytest.fixture
def load(tmp_path):
    def make(**changes):
        report = load_evidence(base=read_base(pooled_base.write(tmp_path, **changes)), by="a test")
        assert report.committed, report.issues
        return report

    return make


def test_small_base_gives_the_values_of_metafor(load, client):
    load()

    answer = client.get(API).json()

    pooled = answer["pooled"]
    assert answer["refusal"] is None
    assert pooled["k"] == 13
    assert pooled["estimate_share"] == pytest.approx(pooled_base.METAFOR_SHARE, rel=1e-8)
    assert pooled["ci_share"] == pytest.approx(pooled_base.METAFOR_INTERVAL, rel=1e-8)
    assert pooled["prediction_interval_share"] == pytest.approx(pooled_base.METAFOR_PREDICTION, rel=1e-8)
    assert answer["statement"]["stated_by"] == "A reviewer"


def test_api_gives_the_inputs_so_that_the_result_can_be_repeated(load, client):
    load()

    included = client.get(API).json()["included"]

    assert sorted((row["events"], row["total"]) for row in included) == sorted(
        s[1:] for s in pooled_base.STUDIES
    )
    assert {row["finding_id"] for row in included} == {f"study-{n}-f1" for n in range(1, 14)}


def test_api_is_json_without_nan(load, client):
    load()

    text = client.get(API).content.decode()

    json.loads(text, parse_constant=lambda name: pytest.fail(f"{name} in the JSON"))


def test_page_shows_forest_warnings_sensitivity_and_method(load, client):
    load()

    page = BeautifulSoup(client.get("/measures/trial-cases/").content, "html.parser")

    panel = page.select_one("#synthesis")
    text = panel.get_text(" ", strip=True)
    assert "0.7%" in text
    assert "Studies disagree" in text
    assert panel.select_one(".evidence-figure")
    assert "Stated comparable by A reviewer" in text or "Statement of comparability by A reviewer" in text
    # Every study left out in turn, under both models.
    rows = [row.get_text(" ", strip=True) for row in panel.select("table tbody tr")]
    assert sum("Without " in row for row in rows) == 2 * len(pooled_base.STUDIES)
    assert "REML" in text
    assert "settings 1.0" in text.lower()


def test_checks_that_need_ten_studies_are_made_with_their_cautions(load, client):
    load()

    text = (
        BeautifulSoup(client.get("/measures/trial-cases/").content, "html.parser")
        .select_one("#synthesis")
        .get_text()
    )

    assert "Peters' test" in text
    assert "at 13 studies the test has low power" in text
    assert "all studies are on one side" in text  # none of them is rated


def test_without_a_statement_nothing_is_pooled_and_the_rule_is_named(load, client):
    load(stated=False)

    answer = client.get(API).json()
    page = BeautifulSoup(client.get("/measures/trial-cases/").content, "html.parser").select_one("#synthesis")

    assert answer["pooled"] is None
    assert "R2" in {refusal["code"] for refusal in answer["refusals"]}
    assert "Rule R2" in page.get_text()
    assert "No pooled figure" in page.get_text()


def test_a_pool_across_scopes_is_refused_whatever_the_statement(load, client):
    load(other_scope=3)

    answer = client.get(API).json()

    assert answer["pooled"] is None
    assert any(r["code"] == "R2" and "Another population" in r["message"] for r in answer["refusals"])


def test_a_pool_of_overlapping_sources_is_refused_whatever_the_statement(load, client):
    load(overlap=True)

    answer = client.get(API).json()

    assert answer["pooled"] is None
    assert any(r["code"] == "R3" and "sharing people" in r["message"] for r in answer["refusals"])


def test_narrowing_the_selection_to_one_scope_lifts_that_refusal(load, client):
    load(other_scope=3)

    answer = client.get(API, {"scope": "Vaccinated participants"}).json()

    assert answer["pooled"]["k"] == 12


def test_unknown_measure_and_unknown_filter_are_errors_in_json(load, client):
    load()

    assert client.get("/api/v1/measures/nothing/synthesis").status_code == 404
    answer = client.get(API, {"colour": "red"})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == "colour"


def test_statement_made_and_withdrawn_on_the_page_changes_the_pool(load, client, django_user_model):
    load(stated=False)
    lead = django_user_model.objects.create_superuser("lead", password="a-long-enough-password")
    client.force_login(lead)
    assert client.get(API).json()["pooled"] is None

    client.post(
        "/manage/comparability/new/",
        {
            "measure": "trial-cases",
            "category": "",
            "statement": "Same question; no shared people.",
            "confirmed": "on",
        },
    )
    after = client.get(API).json()

    assert after["pooled"]["k"] == 13
    assert after["statement"]["stated_by"] == "lead"
    client.post(f"/manage/comparability/{lead_statement().pk}/withdraw/")
    assert client.get(API).json()["pooled"] is None


def lead_statement():
    from studies.models import Comparability

    return Comparability.objects.get(stated_by="lead")


@pytest.mark.usefixtures("shipped")
def test_every_refusal_on_the_shipped_evidence_reads_as_a_finding(client):
    from studies.models import Measure

    pooled, refused = 0, 0
    for measure in Measure.objects.filter(quantity__in=["composition", "proportion"]):
        answer = client.get(f"/api/v1/measures/{measure.pk}/synthesis").json()
        pooled += answer["pooled"] is not None
        if answer["pooled"] is None:
            refused += 1
            assert answer["refusals"], measure.pk
            assert all(r["message"].endswith(".") and r["code"] for r in answer["refusals"]), measure.pk
    assert pooled == 0  # no statement of comparability is shipped
    assert refused > 100

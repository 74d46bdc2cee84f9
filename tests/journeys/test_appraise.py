"""The story of a rating, told through the pages.

1. The measure's page shows a restricted estimate that rests on five strong sources.
2. The lead reviewer gives one of them to two appraisers.
3. Each declares no interest, fills the form, and submits. Neither sees the other's answers before.
4. They differ, so the lead reviewer sees both side by side and decides with a reason.
5. The source's page says the new rating, final, and the history keeps the provisional one.
6. The restricted estimate has changed, as the page of consequences had said it would.
"""

import pytest
from django.test import Client
from page_checks import page_faults, policy_faults, read, words

from studies.models import Appraisal, Instrument
from studies.permissions import Role
from tests.studies.actions.people import person
from tests.studies.pooled_base import ALL_FIVE, WITHOUT_A, make_poolable
from tests.studies.tiny_base import TinyBase


pytestmark = pytest.mark.django_db

SYNTHESIS = "/api/v1/measures/suspect-sex/synthesis?category=male"


@pytest.fixture
def base(tmp_path, db):
    folder = tmp_path / "poolable"
    folder.mkdir()
    report = make_poolable(TinyBase(folder)).load()
    assert report.committed, report.issues


def signed_in(who) -> Client:
    client = Client()
    client.force_login(who)
    return client


def look(client, path):
    """A page that everybody can use."""
    response = client.get(path)
    assert response.status_code == 200, path
    page = read(response)
    assert (page_faults(page), policy_faults(page)) == ([], []), path
    return page


def restricted(client):
    """The restricted estimate as the measure's page shows it: the row of the table, and the API's own numbers."""
    page = look(client, "/measures/suspect-sex/?category=male")
    row = next(words(row) for row in page.select("tr") if "Better quality only" in words(row))
    found = client.get(SYNTHESIS).json()["restricted"]
    share, low, high = (f"{100 * x:.1f}%" for x in (found["estimate_share"], *found["ci_share"]))
    for number in (share, low, high):
        assert number in row, (number, row)
    return f"{share} ({low} to {high}), {found['k']} studies"


def fill(client, appraisal, **answers):
    """Open the form, change some fields, and send it."""
    page = look(client, f"/manage/appraisals/{appraisal.pk}/")
    data = {field["name"]: field.get("value", "") for field in page.select("form input[type=hidden]")}
    data.pop("csrfmiddlewaretoken", None)
    return client.post(f"/manage/appraisals/{appraisal.pk}/", {**data, **answers})


FIRST = {
    "answer-clear-method": "yes",
    "note-clear-method": "FIRST-ONLY described on page 3",
    "answer-sample-described": "yes",
    "rationale": "FIRST-ONLY sound",
}
SECOND = {
    "answer-clear-method": "no",
    "note-clear-method": "SECOND-ONLY no account of how cases were found",
    "answer-sample-described": "yes",
    "rationale": "SECOND-ONLY not sound",
}


def test_two_rate_differ_are_reconciled_and_the_restricted_estimate_changes(base):
    lead, one, two = (
        person("lead", Role.LEAD_REVIEWER),
        person("one", Role.APPRAISER),
        person("two", Role.APPRAISER),
    )
    at_lead, at_one, at_two, reader = signed_in(lead), signed_in(one), signed_in(two), Client()
    before = reader.get(SYNTHESIS).json()["restricted"]
    assert restricted(reader) == ALL_FIVE
    foretold = look(reader, "/sources/study-a/consequences/?rating=weak").select("td")
    page_before = words(look(reader, "/measures/suspect-sex/?category=male"))

    # 2. Given out.
    look(at_lead, "/manage/appraisals/assign/?source=study-a")
    sent = {"source": "study-a", "instrument": Instrument.objects.get().pk, "first": one.pk, "second": two.pk}
    opened = at_lead.post("/manage/appraisals/assign/", {**sent, "due_on": "27/3/2027"})
    assert opened.status_code == 302
    round_page = opened["Location"]
    mine = {who: Appraisal.everything.get(appraiser=who) for who in (one, two)}

    # 3. Two forms, each blind to the other.
    for client, who, answers in ((at_one, one, FIRST), (at_two, two, SECOND)):
        address = f"/manage/appraisals/{mine[who].pk}/"
        assert "The study-a report" in words(look(client, "/manage/appraisals/"))
        assert "Do you have an interest" in words(look(client, address))
        assert client.post(f"{address}declare/", {"interest_declared": "no"}).status_code == 302
        assert fill(client, mine[who], **answers, action="save").status_code == 302
        kept = look(client, address)
        assert answers["note-clear-method"] in words(kept.select_one("#note-clear-method"))
        assert words(kept.select_one("#draft-state")).startswith("2 of 2 questions answered.")
        if who is two:
            for spy, place in ((at_two, "/manage/appraisals/"), (at_two, address), (at_lead, round_page)):
                assert "FIRST-ONLY" not in spy.get(place).content.decode()
        assert fill(client, mine[who], **answers, action="submit").status_code == 302

    # 4. Reconciled.
    assert reader.get(SYNTHESIS).json()["restricted"] == before
    side_by_side = look(at_lead, f"{round_page}reconcile/")
    assert "FIRST-ONLY" in words(side_by_side)
    assert "SECOND-ONLY" in words(side_by_side)
    assert len(side_by_side.select(".workbench-differs")) == 1
    version = side_by_side.select_one("input[name=version]")["value"]
    decided = {
        **SECOND,
        "note-clear-method": "Settled",
        "rationale": "No account of the method.",
        "version": version,
    }
    incomplete = at_lead.post(f"{round_page}reconcile/", {**decided, "reason": ""})
    assert incomplete.status_code == 400
    assert "No account of the method." in incomplete.content.decode()
    final = at_lead.post(f"{round_page}reconcile/", {**decided, "reason": "Checked against page 3."})
    assert final.status_code == 302

    # 5. What readers see of the source.
    source = look(reader, "/sources/study-a/")
    assert words(source.select_one(".evidence-tag")) == "Quality of source: Weak"
    history = words(look(reader, "/sources/study-a/ratings/"))
    assert "Weak: final" in history
    assert "Strong: superseded" in history
    assert "ONLY" not in history

    # 6. What readers see of the figures.
    assert restricted(reader) == WITHOUT_A
    # The study is still one of the pool of all; quality takes it out of the restricted one only.
    assert reader.get(SYNTHESIS).json()["pooled"]["k"] == 5
    now = look(reader, "/sources/study-a/consequences/").select("td")
    assert [words(foretold[1]), words(foretold[2])] == [ALL_FIVE, WITHOUT_A]
    assert words(now[1]) == WITHOUT_A
    assert words(look(reader, "/measures/suspect-sex/?category=male")) != page_before

"""New instruments and versions: checked, tried, saved, and never a change of what is there."""

import copy
import json

import pytest
from django.test import Client
from page_checks import page_faults, policy_faults, read, words

from studies.actions import instruments, rounds
from studies.exceptions import NotAllowed
from studies.models import Appraisal, AuditEvent, Instrument, Source
from studies.permissions import Role
from tests.studies.actions.people import Round, entry, person
from tests.studies.tiny_base import INSTRUMENT


pytestmark = pytest.mark.django_db


@pytest.fixture
def lead(loaded):
    return person("the-lead", Role.LEAD_REVIEWER)


@pytest.fixture
def client(lead):
    client = Client()
    client.force_login(lead)
    return client


def version(number="2.0", **changes):
    return {**copy.deepcopy(INSTRUMENT), "version": number, **changes}


def faults_of(response):
    page = read(response)
    return page_faults(page), policy_faults(page)


def test_new_version_starts_from_the_old_is_previewed_tried_and_saved(client):
    old = Instrument.objects.get()
    page = read(client.get("/manage/instruments/new/", {"from": old.pk}))
    begun = json.loads(page.select_one("#description").text)
    assert begun == {**old.description(), "version": ""}

    sent = {"description": json.dumps(version()), "action": "preview", "source": "small-study"}
    tried = client.post("/manage/instruments/new/", {**sent, "answer-clear-method": "no"})
    assert tried.status_code == 200
    assert faults_of(tried) == ([], [])
    assert "Rated weak. The method is not sound." in words(read(tried))
    assert "Returns of all areas" in words(read(tried))
    assert Instrument.objects.count() == 1

    saved = client.post("/manage/instruments/new/", {**sent, "action": "save"})
    assert saved.status_code == 302
    made = Instrument.objects.get(version="2.0")
    assert made.description() == {**old.description(), "version": "2.0"}
    assert AuditEvent.objects.first().event_type == "instrument_added"
    for path in ("/manage/instruments/", saved["Location"], "/manage/instruments/new/"):
        assert faults_of(client.get(path)) == ([], []), path


def test_appraisal_keeps_the_version_that_it_began_with(lead):
    pair = Round()
    changed = version(rule={**INSTRUMENT["rule"], "otherwise": "unclear"})
    instruments.add(description=changed, by=lead)

    for who in (pair.first, pair.second):
        pair.submit(who, entry())

    assert (pair.rating(), Appraisal.objects.get(status="final").instrument.version) == (
        ("strong", "final"),
        "1.0",
    )
    newest = Instrument.objects.get(version="2.0")
    pair.opened = rounds.assign(
        source=Source.objects.get(pk="small-study"), instrument=newest, appraisers=[pair.first], by=pair.lead
    )
    pair.submit(pair.first, entry())
    assert pair.rating() == ("unclear", "final")


def leads_to_itself(data):
    data["rule"]["steps"][0]["then"] = "no-method"


def in_a_circle(data):
    data["rule"]["steps"][0]["then"] = "not-clear"


def never_applies(data):
    data["rule"]["steps"].append({**data["rule"]["steps"][0], "step_id": "again"})


def unknown_rating(data):
    data["ratings"][0] = {"value": "splendid", "label": "Splendid"}
    data["rule"]["otherwise"] = "splendid"


def same_version(data):
    data["version"] = "1.0"


def changed_under_its_version(data):
    data["version"], data["name"] = "1.0", "Another name"


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (leads_to_itself, "leads back to itself"),
        (in_a_circle, "run in a circle"),
        (never_applies, "can never apply"),
        (unknown_rating, "no rating of this product"),
        (same_version, "there already"),
        (changed_under_its_version, "needs a new version"),
    ],
)
def test_wrong_description_is_refused_in_words_and_kept(client, spoil, said):
    data = version()
    spoil(data)
    text = json.dumps(data, indent=1)

    for action in ("preview", "save"):
        refused = client.post("/manage/instruments/new/", {"description": text, "action": action})
        page = read(refused)
        assert refused.status_code == 400
        assert said in words(page.select_one(".govuk-error-summary"))
        assert json.loads(page.select_one("#description").text) == data
        assert (page_faults(page), policy_faults(page)) == ([], [])
    assert Instrument.objects.count() == 1


@pytest.mark.parametrize("text", ["", "{", "[]", "3", '{"name": "x"}', "[" * 100_000, "x" * 400_001])
def test_what_is_no_description_is_refused(client, text):
    refused = client.post("/manage/instruments/new/", {"description": text, "action": "save"})
    assert refused.status_code == 400
    assert Instrument.objects.count() == 1


def test_only_those_who_may_add_instruments(loaded):
    with pytest.raises(NotAllowed):
        instruments.add(description=version(), by=person("an-appraiser", Role.APPRAISER))

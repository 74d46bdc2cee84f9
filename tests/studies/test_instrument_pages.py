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
    rule = {**INSTRUMENT["rule"], "otherwise": "unclear"}
    changed = version(ratings=INSTRUMENT["ratings"][1:], rule=rule)
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


def test_list_counts_published_ratings_and_not_the_work_behind_them(client):
    before = words(read(client.get("/manage/instruments/")).select_one("tbody tr"))
    assert "Academic study, Grey literature 2 ratings" in before
    pair = Round()
    pair.submit(pair.first, entry())

    assert words(read(client.get("/manage/instruments/")).select_one("tbody tr")) == before


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


PLACES = {
    "part that nothing reads": (lambda d: d["rule"]["steps"][0].update(points=3), "“no-method” has the unknown part “points”"),
    "weight": (lambda d: d["rule"]["steps"][0]["when"].update(weight=3), "“no-method” has the unknown part “weight”"),
    "points of an answer": (
        lambda d: d["domains"][0]["criteria"][0]["answers"][0].update(points=3),
        "answer “yes” of “clear-method” has the unknown part “points”",
    ),
    "sum": (lambda d: d["rule"].update(type="sum"), "type “sum”"),
    "unknown criterion": (lambda d: d["rule"]["steps"][0]["when"].update(criteria=["nope"]), "criterion “nope”"),
    "unknown answer": (lambda d: d["rule"]["steps"][0]["when"].update(answers=["maybe"]), "answer “maybe”"),
    "too many": (
        lambda d: d["rule"]["steps"][0]["when"].update(quantifier="at_least", n=9),
        "“no-method” asks for 9 criteria",
    ),
    "empty domain": (lambda d: d["domains"][0].update(criteria=[]), "Domain 1: “criteria” is empty"),
    "blank question": (lambda d: d["domains"][0]["criteria"][0].update(question=" "), "“question” is empty"),
    "blank answer": (lambda d: d["domains"][0]["criteria"][0]["answers"][0].update(value=" "), "“value” is empty"),
    "answer in words": (
        lambda d: d["domains"][0]["criteria"].append(
            {"criterion_id": "third", "critical": False, "question": "Third?", "answers": [
                {"value": "Yes, please", "label": "Yes"}, {"value": "no", "label": "No"}]}),
        "“Yes, please” of “third”",
    ),
    "one answer": (
        lambda d: d["domains"][0]["criteria"][1].update(answers=[{"value": "yes", "label": "Yes"}]),
        "“sample-described” offers only one answer",
    ),
    "name of a step": (lambda d: d["rule"]["steps"][0].update(step_id="Step <b>"), "“Step <b>” is not an identifier"),
    "text as number": (lambda d: d["rule"].update(explanation=5), "explanation of the rule must be text"),
    "padded version": (lambda d: d.update(version=" 2.0"), "without a space before or after"),
    "type twice": (lambda d: d.update(applies_to=["academic_study"] * 2), "“academic_study” more than once"),
    "order of ratings": (lambda d: d["ratings"].reverse(), "best first"),
    "n without use": (lambda d: d["rule"]["steps"][0]["when"].update(n=1), "“no-method” has “n”"),
}  # fmt: skip
"""Fault → how a sound description gets it, and the words that name the place."""


@pytest.mark.parametrize("fault", PLACES)
def test_refusal_names_the_place(client, fault):
    data = version()
    spoil, said = PLACES[fault]
    spoil(data)

    refused = client.post("/manage/instruments/new/", {"description": json.dumps(data), "action": "save"})

    assert refused.status_code == 400
    assert said in words(read(refused).select_one(".govuk-error-summary"))
    assert Instrument.objects.count() == 1


def test_name_that_stands_twice_is_refused_because_one_value_would_be_lost(client):
    text = json.dumps(version()).replace('"critical": true', '"critical": true, "critical": false')

    refused = client.post("/manage/instruments/new/", {"description": text, "action": "save"})

    assert refused.status_code == 400
    assert "“critical” of “clear-method” is there twice" in words(
        read(refused).select_one(".govuk-error-summary")
    )


def test_one_slip_with_hundreds_of_consequences_is_told_in_a_page(client):
    data = version()
    step = data["rule"]["steps"][0]
    data["rule"]["steps"] += [{**step, "step_id": f"again-{number}"} for number in range(300)]

    refused = client.post("/manage/instruments/new/", {"description": json.dumps(data), "action": "save"})

    found = [words(item) for item in read(refused).select(".govuk-error-summary li")]
    assert (len(found), found[-1]) == (21, "And 280 more.")


def test_marks_of_html_are_shown_as_they_were_typed(client):
    data = version()
    data["domains"][0]["criteria"][0] |= {
        "guidance": "<b>bold</b>",
        "question": "<img src=x onerror=alert(1)>?",
    }
    shown = client.post("/manage/instruments/new/", {"description": json.dumps(data), "action": "preview"})

    assert shown.status_code == 200
    assert faults_of(shown) == ([], [])
    assert "<b>bold" not in shown.content.decode()
    assert "<img src=x" not in shown.content.decode()
    assert "<b>bold</b>" in words(read(shown))


@pytest.mark.parametrize("text", ["", "{", "[]", "3", '{"name": "x"}', "[" * 100_000, "x" * 400_001])
def test_what_is_no_description_is_refused(client, text):
    refused = client.post("/manage/instruments/new/", {"description": text, "action": "save"})
    assert refused.status_code == 400
    assert Instrument.objects.count() == 1


def test_only_those_who_may_add_instruments(loaded):
    with pytest.raises(NotAllowed):
        instruments.add(description=version(), by=person("an-appraiser", Role.APPRAISER))

"""What was typed survives a sign-in that ended, one that was renewed, and a right that was taken away meanwhile."""

import pytest
from django.test import Client
from page_checks import page_faults, policy_faults, read, words

from studies.models import Appraisal, Judgement
from studies.permissions import Role
from tests.studies.actions.people import Round, person


pytestmark = pytest.mark.django_db

HERE = {"HTTP_ORIGIN": "http://testserver"}
TYPED = {
    "note-clear-method": "Line one.\r\nLine “two” & <three>.",
    "answer-clear-method": "no",
    "version": "0",
}


@pytest.fixture
def pair(loaded) -> Round:
    return Round()


def form_address(pair):
    return f"/manage/appraisals/{pair.of(pair.first).pk}/"


def open_form(pair):
    """A client that checks tokens, with the form open: its address and what it would send."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(pair.first)
    address = form_address(pair)
    token = read(client.get(address)).select_one("input[name=csrfmiddlewaretoken]")["value"]
    client.post(f"{address}declare/", {"interest_declared": "no", "csrfmiddlewaretoken": token}, **HERE)
    page = read(client.get(address))
    return client, {f["name"]: f["value"] for f in page.select("form[hx-post] input[type=hidden]")}


def sent_again(page):
    """What the button of the page that keeps a form would send."""
    return {f["name"]: f["value"] for f in page.select("main form input[type=hidden]")}


def test_form_of_somebody_signed_out_comes_back_and_is_saved_after_signing_in(pair):
    client, hidden = open_form(pair)
    client.cookies.pop("sessionid")

    kept = client.post(form_address(pair), {**hidden, **TYPED, "action": "save"}, **HERE)

    assert kept.status_code == 403
    assert "no-store" in kept["Cache-Control"]
    page = read(kept)
    assert (page_faults(page), policy_faults(page)) == ([], [])
    assert "signed out" in words(page.h1)
    assert page.select_one(".workbench-typed").text.splitlines() == [
        "Line one.",
        "Line “two” & <three>.",
    ]
    client.force_login(pair.first)
    saved = client.post(form_address(pair), sent_again(page), **HERE)
    assert saved.status_code == 302
    assert Judgement.everything.get(appraisal=pair.of(pair.first)).note == TYPED["note-clear-method"]


def test_form_that_was_open_through_a_new_sign_in_comes_back_with_a_fresh_token(pair):
    client, hidden = open_form(pair)
    stale = {**hidden, **TYPED, "csrfmiddlewaretoken": "a" * 64, "action": "save"}

    kept = client.post(form_address(pair), stale, **HERE)

    assert kept.status_code == 403
    page = read(kept)
    assert (page_faults(page), policy_faults(page)) == ([], [])
    assert client.post(form_address(pair), sent_again(page), **HERE).status_code == 302
    assert Judgement.everything.get(appraisal=pair.of(pair.first)).answer == "no"


def test_form_of_somebody_without_the_second_factor_comes_back(pair, settings):
    client, hidden = open_form(pair)
    settings.SECOND_FACTOR = True
    sent = {**hidden, **TYPED, "action": "save"}

    kept = client.post(form_address(pair), sent, **HERE)

    assert kept.status_code == 403
    page = read(kept)
    assert (page_faults(page), policy_faults(page)) == ([], [])
    assert "Your second factor is missing" in words(page.h1)
    assert page.select_one("main a[href='/accounts/second-factor/?next=/manage/']")
    foreign = client.post(form_address(pair), sent, HTTP_ORIGIN="https://elsewhere.example")
    assert foreign.status_code == 302
    settings.SECOND_FACTOR = False
    assert client.post(form_address(pair), sent_again(page), **HERE).status_code == 302
    assert Judgement.everything.get(appraisal=pair.of(pair.first)).answer == "no"


@pytest.mark.parametrize("origin", ["https://elsewhere.example", "null", ""])
def test_words_of_another_site_are_never_put_into_a_page_of_ours(pair, origin):
    client, hidden = open_form(pair)
    foreign = {**hidden, **TYPED, "csrfmiddlewaretoken": "a" * 64}

    refused = client.post(form_address(pair), foreign, **({"HTTP_ORIGIN": origin} if origin else {}))

    assert refused.status_code == 403
    assert b"Line one" not in refused.content
    assert "could not be taken" in words(read(refused).h1)


def test_account_that_lost_its_role_gets_its_words_back_to_copy(pair):
    client, hidden = open_form(pair)
    pair.first.groups.clear()

    refused = client.post(form_address(pair), {**hidden, **TYPED, "action": "submit"}, **HERE)

    assert refused.status_code == 403
    assert "Line “two”" in words(read(refused).select_one(".workbench-typed"))
    assert read(refused).select_one("main form") is None
    assert Appraisal.everything.get(pk=pair.of(pair.first).pk).status == "draft"


def test_closed_account_gets_its_words_back(pair):
    client, hidden = open_form(pair)
    pair.first.is_active = False
    pair.first.save()

    refused = client.post(form_address(pair), {**hidden, **TYPED, "action": "save"}, **HERE)

    assert refused.status_code == 403
    assert "Line one." in words(read(refused))


def test_reason_of_a_lead_reviewer_is_kept_too(pair):
    client = Client()
    person("other-lead", Role.LEAD_REVIEWER)
    kept = client.post(f"/manage/appraisals/rounds/{pair.opened.pk}/cancel/", {"reason": "No longer needed."})
    assert kept.status_code == 403
    assert sent_again(read(kept))["reason"] == "No longer needed."

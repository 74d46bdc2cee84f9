"""The pages of appraisal: blind, forgiving, and the same number of questions to the database whatever the size."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from page_checks import page_faults, policy_faults, read, words

from studies.actions import rounds
from studies.models import Appraisal, AuditEvent, Finding, Judgement
from studies.permissions import Role
from tests.studies.actions.people import Round, entry, person


pytestmark = pytest.mark.django_db

TYPED = {
    "answer-clear-method": "no",
    "note-clear-method": "<b>As typed</b>",
    "locator-clear-method": "p. 7",
    "rationale": "\nBegins with a line.",
    "override_rating": "unclear",
}


@pytest.fixture
def pair(loaded) -> Round:
    return Round()


def client_of(who) -> Client:
    client = Client()
    client.force_login(who)
    return client


def address(pair, who, what=""):
    return f"/manage/appraisals/{pair.of(who).pk}/{what}"


def form_of(client, path):
    """What the browser would send if nothing were typed."""
    page = read(client.get(path))
    return {
        field["name"]: field.get("value", "")
        for field in page.select("form[hx-post] input[type=hidden]")
        if field["name"] != "csrfmiddlewaretoken"
    }


def begin(pair, who):
    """The person's client with the form open."""
    client = client_of(who)
    client.post(address(pair, who, "declare/"), {"interest_declared": "no"})
    return client, form_of(client, address(pair, who))


def faults_of(response):
    page = read(response)
    return page_faults(page), policy_faults(page)


# Drafts. -------------------------------------------------------------------------------------------------------


def test_autosave_answers_with_progress_and_keeps_every_word(pair):
    client, hidden = begin(pair, pair.first)

    answer = client.post(
        address(pair, pair.first, "draft/"), {**hidden, **TYPED}, headers={"HX-Request": "true"}
    )

    assert answer.status_code == 200
    part = read(answer)
    assert part.select_one("input[name=version]")["value"] == "1"
    assert "1 of 2 questions answered" in words(part)
    again = read(client.get(address(pair, pair.first)))
    assert again.select_one("#note-clear-method").text.removeprefix("\n") == "<b>As typed</b>"
    assert again.select_one("#rationale").text.removeprefix("\n") == "\nBegins with a line."
    assert again.select_one("#locator-clear-method")["value"] == "p. 7"
    assert again.select_one("#override_rating option[selected]")["value"] == "unclear"
    assert again.select_one("#answer-clear-method-2").has_attr("checked")


def test_autosave_tells_a_signed_out_person_in_place_of_a_login_page(pair):
    path = address(pair, pair.first, "draft/")
    assert Client().post(path, {}, headers={"HX-Request": "true"}).status_code == 401
    assert Client().post(path, {}).status_code == 302


def test_second_window_gets_its_words_back_beside_what_is_stored(pair):
    client, window_a = begin(pair, pair.first)
    window_b = form_of(client, address(pair, pair.first))
    client.post(address(pair, pair.first), {**window_a, **TYPED, "action": "save"})

    refused = client.post(
        address(pair, pair.first),
        {**window_b, "answer-clear-method": "yes", "note-clear-method": "From window b", "action": "submit"},
    )

    assert refused.status_code == 409
    page = read(refused)
    assert faults_of(refused) == ([], [])
    assert "saved in another window" in words(page.select_one(".govuk-error-summary"))
    assert page.select_one("#note-clear-method").text.strip() == "From window b"
    assert "<b>As typed</b>" in words(page.select_one(".workbench-answers"))
    # The summary and the rating put in place of the rule's are part of what would be replaced.
    ending = words(page.select("form .workbench-answers")[-1])
    assert "Stored now Begins with a line." in ending
    assert "In place of the rule’s rating: unclear" in ending
    # What the page now sends is accepted: the person has seen both.
    fresh = {f["name"]: f["value"] for f in page.select("form[hx-post] input[type=hidden]")}
    kept = client.post(address(pair, pair.first), {**fresh, "answer-clear-method": "yes", "action": "save"})
    assert kept.status_code == 302
    assert Judgement.everything.get(appraisal=pair.of(pair.first)).answer == "yes"


def test_refused_autosave_does_not_make_the_stale_form_look_fresh(pair):
    client, window_a = begin(pair, pair.first)
    window_b = form_of(client, address(pair, pair.first))
    client.post(address(pair, pair.first, "draft/"), {**window_a, **TYPED})

    refused = client.post(address(pair, pair.first, "draft/"), {**window_b, "answer-clear-method": "yes"})

    assert refused.status_code == 409
    assert read(refused).select_one("input[name=version]")["value"] == window_b["version"]
    assert Judgement.everything.get(appraisal=pair.of(pair.first)).answer == "no"


def test_incomplete_form_comes_back_with_everything_and_says_where(pair):
    client, hidden = begin(pair, pair.first)

    refused = client.post(address(pair, pair.first), {**hidden, **TYPED, "action": "submit"})

    assert refused.status_code == 400
    assert faults_of(refused) == ([], [])
    page = read(refused)
    links = [link["href"] for link in page.select(".govuk-error-summary a")]
    assert links == ["#answer-sample-described", "#override_reason"]
    assert page.select_one("#override_reason")["aria-describedby"] == "override_reason-error"
    assert all(page.select_one(link) for link in links)
    assert page.select_one("#note-clear-method").text.strip() == "<b>As typed</b>"


def test_double_submit_and_back_button_change_nothing_and_lose_nothing(pair):
    client, hidden = begin(pair, pair.first)
    whole = {**hidden, **TYPED, "answer-sample-described": "yes", "override_rating": "", "action": "submit"}

    assert client.post(address(pair, pair.first), whole).status_code == 302
    assert client.post(address(pair, pair.first), whole).status_code == 302
    changed = client.post(address(pair, pair.first), {**whole, "note-clear-method": "Typed after going back"})

    assert changed.status_code == 409
    assert "Typed after going back" in changed.content.decode()
    assert AuditEvent.objects.filter(event_type="appraisal_submitted").count() == 1


# The end of blinding; that nothing is seen before is in test_blinding.py. --------------------------------------


def test_both_see_both_and_the_lead_reviewer_too_once_all_are_in(pair):
    pair.submit(pair.first, entry(method="no", note="MINE"))
    pair.submit(pair.second, entry(method="yes", note="YOURS"))

    body = client_of(pair.lead).get(f"/manage/appraisals/rounds/{pair.opened.pk}/").content.decode()

    assert "MINE" in body
    assert "YOURS" in body
    assert faults_of(client_of(pair.lead).get(f"/manage/appraisals/rounds/{pair.opened.pk}/")) == ([], [])


# The rest of the lead reviewer's pages. ------------------------------------------------------------------------


def test_assign_page_says_what_is_wrong_and_keeps_what_was_typed(pair):
    sent = {"source": "no-such", "instrument": pair.instrument.pk, "first": pair.first.pk, "due_on": "soon"}
    refused = client_of(pair.lead).post("/manage/appraisals/assign/", sent)

    assert refused.status_code == 400
    assert faults_of(refused) == ([], [])
    page = read(refused)
    assert "no source with this title or identifier" in words(page.select_one(".govuk-error-summary"))
    assert page.select_one("#id_source")["value"] == "no-such"
    assert page.select_one("#id_due_on")["value"] == "soon"
    assert page.select_one("#id_first option[selected]")["value"] == str(pair.first.pk)


def test_place_is_given_to_somebody_else_and_round_cancelled(pair):
    third = person("third", Role.APPRAISER)
    lead = client_of(pair.lead)
    left = pair.of(pair.first).pk
    here = f"/manage/appraisals/rounds/{pair.opened.pk}/"

    assert lead.post(f"{here}replace/{left}/", {"person": "nobody"}).status_code == 302
    assert Appraisal.everything.get(pk=left).status == "draft"
    lead.post(f"{here}replace/{left}/", {"person": "third"})
    assert pair.of(third).status == "draft"
    lead.post(f"{here}cancel/", {"reason": ""})
    assert pair.state() == "open"
    lead.post(f"{here}cancel/", {"reason": "Not needed."})
    assert pair.state() == "cancelled"
    assert faults_of(lead.get(here)) == ([], [])


def test_final_rating_is_withdrawn_with_a_reason(pair):
    for who in (pair.first, pair.second):
        pair.submit(who, entry())
    lead, path = client_of(pair.lead), "/manage/appraisals/ratings/small-study/withdraw/"

    assert faults_of(lead.get(path)) == ([], [])
    assert lead.post(path, {"reason": ""}).status_code == 400
    assert lead.post(path, {"reason": "Wrong edition."}).status_code == 302
    assert pair.rating() == (None, None)
    assert "Wrong edition." in words(read(Client().get("/sources/small-study/ratings/")))


def test_declared_interest_gives_the_source_back(pair):
    client, path = client_of(pair.first), address(pair, pair.first, "declare/")

    assert client.post(path, {}).status_code == 400
    form = address(pair, pair.first)
    assert "stands among the authors" not in words(read(client.get(form)))
    pair.source.__class__.objects.filter(pk=pair.source.pk).update(authors="Baroness Harrow of Millfield")
    pair.first.last_name = "Harrow"
    pair.first.save()
    shown = client.get(form)
    assert faults_of(shown) == ([], [])
    assert "Your family name stands among the authors" in words(read(shown))
    assert "Baroness Harrow of Millfield" in words(read(shown))
    both = client.post(path, {"interest_declared": "no", "interest": "I know an author."})
    assert both.status_code == 400
    assert "I know an author." in words(read(both).select_one("#interest"))
    assert faults_of(both) == ([], [])
    assert not pair.of(pair.first).no_interest_declared
    refused = client.post(path, {"interest_declared": "yes", "interest": ""})
    assert refused.status_code == 400
    assert faults_of(refused) == ([], [])
    assert client.post(path, {"interest_declared": "yes", "interest": "I advised them."}).status_code == 302
    assert "I advised them." in words(
        read(client_of(pair.lead).get(f"/manage/appraisals/rounds/{pair.opened.pk}/"))
    )


def test_pages_ask_no_more_for_more_rows(pair):
    client, _ = begin(pair, pair.first)
    lead = client_of(pair.lead)
    pages = [
        (client, address(pair, pair.first)),
        (lead, "/manage/appraisals/"),
        (lead, f"/manage/appraisals/rounds/{pair.opened.pk}/"),
        (lead, "/sources/small-study/consequences/"),
        (lead, "/sources/small-study/ratings/"),
    ]
    few = [queries(*page) for page in pages]
    for number in range(30):
        copy = Finding.objects.get(pk="small-study-f01")
        copy.pk, copy.geography, copy.breakdown_id = f"copy-f{number}", f"Place {number}", f"copy-b{number}"
        copy.save(force_insert=True)
    rounds.assign(
        source=Finding.objects.get(pk="small-report-f01").source,
        instrument=pair.instrument,
        appraisers=[pair.first, pair.second],
        by=pair.lead,
    )

    assert [queries(*page) for page in pages] == few
    assert max(few) <= 26


def queries(client, path):
    with CaptureQueriesContext(connection) as asked:
        assert client.get(path).status_code == 200
    return len(asked)


def test_appraiser_whose_place_was_given_away_is_told_why_and_keeps_the_words(pair):
    client, hidden = begin(pair, pair.first)
    third = person("third", Role.APPRAISER)
    rounds.replace_appraiser(appraisal=pair.of(pair.first), person=third, by=pair.lead)

    saved = client.post(address(pair, pair.first, "draft/"), {**hidden, **TYPED})
    sent = client.post(address(pair, pair.first), {**hidden, **TYPED, "action": "submit"})

    for answer in (saved, sent):
        assert answer.status_code == 409
        assert "no longer yours to do: Given to somebody else." in words(read(answer))
    assert "As typed" in sent.content.decode()
    assert not Judgement.everything.filter(appraisal=pair.of(pair.first)).exists()


def test_reason_that_is_lacking_is_told_at_its_own_field(pair):
    client, hidden = begin(pair, pair.first)
    refused = client.post(
        address(pair, pair.first), {**hidden, "answer-clear-method": "no", "action": "submit"}
    )
    page = read(refused)
    assert faults_of(refused) == ([], [])
    field = page.select_one("#note-clear-method")
    error = next(page.select_one(f"#{one}") for one in field["aria-describedby"].split() if "error" in one)
    assert "Give the reason for your answer to question 1." in words(error)
    assert page.select_one("#error-clear-method") is None


def test_withdrawn_rating_is_told_on_the_sources_page_and_dated_in_its_history(pair):
    for who in (pair.first, pair.second):
        pair.submit(who, entry())
    client_of(pair.lead).post(
        "/manage/appraisals/ratings/small-study/withdraw/", {"reason": "The wrong edition was read."}
    )
    source = words(read(Client().get("/sources/small-study/")).select_one("#quality"))
    assert "its rating was withdrawn. The wrong edition was read." in source
    history = read(Client().get("/sources/small-study/ratings/"))
    assert f"Withdrawn on {timezone.localdate():%-d %B %Y}." in words(history)
    unrated = read(Client().get("/sources/small-census/")).select_one("#quality")
    assert "nobody has appraised it yet" in words(unrated)


def test_readers_are_told_of_a_rating_that_is_not_the_rules_and_of_a_reason_once(pair):
    filled = entry(override_rating="unclear", override_reason="The annex was read elsewhere.")
    for who in (pair.first, pair.second):
        pair.submit(who, filled)

    source = words(read(Client().get("/sources/small-study/")).select_one("#quality"))
    assert "Not the rating that the rule gives The annex was read elsewhere." in source
    assert "People put it in the place" in source
    history = words(read(Client().get("/sources/small-study/ratings/")))
    assert history.count("who agreed") == 1
    assert "By two appraisers who agreed" not in history

"""What lead reviewers see of rounds: what is late or stuck, who may step in, and what a decision would give."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from page_checks import page_faults, policy_faults, read, words

from studies.actions import appraisals, rounds
from studies.exceptions import NotAllowed, NotNow, Refused
from studies.models import Appraisal, AppraisalRound, AuditEvent
from studies.permissions import Role
from tests.studies.actions.people import Round, entry, person


pytestmark = pytest.mark.django_db

QUEUE, ASSIGN = "/manage/appraisals/", "/manage/appraisals/assign/"


@pytest.fixture
def pair(loaded) -> Round:
    return Round()


def client_of(who) -> Client:
    client = Client()
    client.force_login(who)
    return client


def page_of(who, path):
    shown = read(client_of(who).get(path))
    assert (page_faults(shown), policy_faults(shown)) == ([], []), path
    return shown


def here(pair, what=""):
    return f"/manage/appraisals/rounds/{pair.opened.pk}/{what}"


def days_from_now(days):
    return timezone.localdate() + timedelta(days=days)


def make_late(pair):
    AppraisalRound.objects.filter(pk=pair.opened.pk).update(due_on=days_from_now(-1))


# Giving out. ---------------------------------------------------------------------------------------------------


def test_every_field_that_is_lacking_is_named(pair):
    page = read(client_of(pair.lead).post(ASSIGN, {}))
    assert [words(one) for one in page.select(".govuk-error-summary a")] == [
        "Name the source.",
        "Choose the instrument.",
        "Choose the first appraiser.",
    ]
    assert (page_faults(page), policy_faults(page)) == ([], [])


def test_person_chosen_twice_and_a_day_that_has_passed_are_refused_at_their_fields(pair):
    sent = {"source": "small-report", "instrument": pair.instrument.pk, "first": pair.first.pk}
    late = f"{days_from_now(-1):%d/%m/%Y}"
    page = read(client_of(pair.lead).post(ASSIGN, {**sent, "second": pair.first.pk, "due_on": late}))
    errors = {link["href"]: words(link) for link in page.select(".govuk-error-summary a")}
    assert errors["#id_second"] == "first is chosen already; choose somebody else or nobody."
    assert errors["#id_due_on"].endswith("has passed. Give a date from today on.")
    assert AppraisalRound.objects.count() == 1
    with pytest.raises(Refused, match="has passed"):
        rounds.assign(
            source=pair.source.__class__.objects.get(pk="small-report"),
            instrument=pair.instrument,
            appraisers=[pair.first],
            by=pair.lead,
            due_on=days_from_now(-1),
        )


def test_instrument_says_what_it_is_for_and_the_one_that_fits_is_chosen(pair):
    pair.first.first_name, pair.first.last_name = "Kim", "Harrow"
    pair.first.save()
    page = page_of(pair.lead, f"{ASSIGN}?source=small-report")
    assert page.select_one("#id_instrument option[selected]")["value"] == str(pair.instrument.pk)
    assert ", for " in words(page.select_one("#id_instrument option[selected]"))
    assert "Made for this source" in words(page.select_one("#id_instrument_hint"))
    assert "Kim Harrow (first)" in words(page.select_one("#id_first"))


# What is late or stuck. ----------------------------------------------------------------------------------------


def test_late_round_says_so_in_every_queue_and_may_get_another_date(pair):
    make_late(pair)
    assert "of which 1 overdue" in words(page_of(pair.first, QUEUE))
    assert "Overdue" in words(page_of(pair.lead, QUEUE).select_one("table"))
    assert "Overdue" in words(page_of(pair.lead, here(pair)))
    pair.save(pair.first, entry())
    assert "Overdue: was due on" in words(page_of(pair.first, f"{QUEUE}{pair.of(pair.first).pk}/"))

    lead = client_of(pair.lead)
    for wrong in ("soon", "1/1/2020"):
        lead.post(here(pair, "date/"), {"due_on": wrong})
        pair.opened.refresh_from_db()
        assert pair.opened.overdue, wrong
    later = days_from_now(9)
    assert lead.post(here(pair, "date/"), {"due_on": f"{later:%d/%m/%Y}"}).status_code == 302

    pair.opened.refresh_from_db()
    assert (pair.opened.due_on, pair.opened.overdue) == (later, False)
    assert AuditEvent.objects.get(event_type="round_date_changed").detail["after"] == str(later)
    assert "overdue" not in words(page_of(pair.first, QUEUE)).lower()
    rounds.change_date(round_pk=pair.opened.pk, due_on=None, by=pair.lead)
    with pytest.raises(NotAllowed):
        rounds.change_date(round_pk=pair.opened.pk, due_on=None, by=pair.first)
    rounds.cancel(round_pk=pair.opened.pk, reason="Over.", by=pair.lead)
    with pytest.raises(NotNow):
        rounds.change_date(round_pk=pair.opened.pk, due_on=later, by=pair.lead)


def test_vacant_place_is_told_and_offered_only_to_people_without_a_part(pair):
    person("third", Role.APPRAISER)
    appraisals.step_down(appraisal=pair.of(pair.first), interest="I advised them.", by=pair.first)

    assert "Needs an appraiser" in words(page_of(pair.lead, QUEUE).select_one("table"))
    page = page_of(pair.lead, here(pair))
    assert "1 place of 2 is vacant" in words(page)
    offered = [one["value"] for one in page.select_one(f"#person-{pair.of(pair.first).pk}").select("option")]
    assert offered == ["", "lead", "third"]

    client_of(pair.lead).post(here(pair, f"replace/{pair.of(pair.first).pk}/"), {"person": "third"})
    page = page_of(pair.lead, here(pair))
    assert "vacant" not in words(page)
    # The place that was left is taken; the one who left is named, and nothing more can be given away there.
    assert page.select_one(f"#person-{pair.of(pair.first).pk}") is None
    assert "Needs an appraiser" not in words(page_of(pair.lead, QUEUE).select_one("table"))


@pytest.mark.parametrize("how", ["closed", "without the role"])
def test_appraiser_whose_account_can_no_longer_appraise_is_told(pair, how):
    if how == "closed":
        pair.second.is_active = False
        pair.second.save()
    else:
        pair.second.groups.clear()

    assert "second: not begun; the account may no longer appraise" in words(page_of(pair.lead, QUEUE))
    page = page_of(pair.lead, here(pair))
    assert "This account may no longer appraise." in words(page)
    assert "second" not in [one["value"] for one in page.select("select option")]
    third = person("third", Role.APPRAISER)
    rounds.replace_appraiser(appraisal=pair.of(pair.second), person=third, by=pair.lead)
    pair.submit(pair.first, entry())
    pair.submit(third, entry())
    assert pair.state() == "decided"


def test_round_that_ended_is_found_again_with_every_rating_and_reason(pair):
    pair.submit(
        pair.first, entry(method="no", override_rating="unclear", override_reason="The annex is sealed.")
    )
    assert "submitted on" in words(page_of(pair.lead, QUEUE))
    pair.submit(pair.second, entry(rationale="Sound enough."))
    assert "The annex is sealed." in words(page_of(pair.lead, here(pair)).select_one("#answers").parent)
    rounds.cancel(round_pk=pair.opened.pk, reason="A new edition came.", by=pair.lead)
    link = next(a for a in page_of(pair.lead, QUEUE).select("a") if a["href"] == here(pair))
    assert "cancelled" in words(link.parent)
    mine = next(a for a in page_of(pair.first, QUEUE).select("a") if pair.of(pair.first).pk in a["href"])
    assert "The round was cancelled." in words(mine.parent)
    assert "The annex is sealed." in words(page_of(pair.first, mine["href"]))


def test_queues_ask_no_more_for_more_rounds_and_accounts(pair):
    lead = client_of(pair.lead)

    def asked():
        with CaptureQueriesContext(connection) as queries:
            assert lead.get(QUEUE).status_code == 200
        return len(queries)

    few = asked()
    for number in range(5):
        person(f"more-{number}", Role.APPRAISER)
    rounds.assign(
        source=pair.source.__class__.objects.get(pk="small-report"),
        instrument=pair.instrument,
        appraisers=[pair.first, pair.second],
        by=pair.lead,
    )
    assert asked() == few


# Deciding. -----------------------------------------------------------------------------------------------------


@pytest.fixture
def differing(pair) -> Round:
    pair.submit(pair.first, entry(method="no"))
    pair.submit(pair.second, entry(method="yes"))
    pair.opened.refresh_from_db()
    return pair


def test_rating_is_worked_out_before_it_is_made_final(differing):
    lead, path = client_of(differing.lead), here(differing, "reconcile/")
    page = page_of(differing.lead, path)
    assert [link["href"] for link in page.select('a[href^="#answer-"]')] == ["#answer-clear-method"]
    assert "1 of 2 questions answered." in words(page.select_one("#draft-state"))

    events = AuditEvent.objects.count()
    sent = {"version": differing.opened.version, "answer-sample-described": "yes", "action": "look"}
    looked = lead.post(path, {**sent, "answer-clear-method": "no", "reason": "Half typed"})

    assert looked.status_code == 200
    page = read(looked)
    assert (page_faults(page), policy_faults(page)) == ([], [])
    state = words(page.select_one("#draft-state"))
    assert "The rating would be: weak." in state
    assert "Decided by: 1." in state
    assert page.select_one('#draft-state a[href$="?rating=weak"]')
    assert page.select_one("#reason").text.strip() == "Half typed"
    assert page.select_one("input[name=version]")["value"] == str(differing.opened.version)
    assert (differing.state(), AuditEvent.objects.count()) == ("reconciling", events)


def test_lead_reviewer_who_took_part_is_told_before_typing(loaded):
    pair = Round()
    other = person("other-lead", Role.LEAD_REVIEWER)
    rounds.replace_appraiser(appraisal=pair.of(pair.second), person=pair.lead, by=pair.lead)
    pair.submit(pair.first, entry(method="no"))
    pair.submit(pair.lead, entry(method="yes"))

    assert page_of(pair.lead, here(pair)).select_one('a[href$="reconcile/"]') is None
    sent_away = client_of(pair.lead).get(here(pair, "reconcile/"), follow=True)
    assert "another lead reviewer decides" in words(read(sent_away))
    assert page_of(other, here(pair)).select_one('a[href$="reconcile/"]')


def test_handed_in_page_says_the_rating_first_and_what_became_of_it(differing):
    path = f"{QUEUE}{differing.of(differing.first).pk}/"
    page = page_of(differing.first, path)
    assert "Your rating: weak." in words(page.select_one(".evidence-lead"))
    assert "The two appraisals differ." in words(page)
    assert "On this source rest" in words(page)
    sent = {
        "version": differing.opened.version,
        "answer-sample-described": "yes",
        "answer-clear-method": "yes",
    }
    sent |= {"rationale": "Sound.", "reason": "Page 3 has it.", "action": ""}
    assert client_of(differing.lead).post(here(differing, "reconcile/"), sent).status_code == 302
    decided = page_of(differing.lead, here(differing))
    assert "Rating: strong. Before: strong (provisional)." in words(decided)
    assert decided.select_one('a[href$="/consequences/?rating=strong"]')
    page = page_of(differing.first, path)
    assert "the rating that readers see is now strong" in words(page)
    assert "Page 3 has it." in words(page)
    assert Appraisal.objects.get(round=differing.opened).overall_rating == "strong"


# Fewer people. -------------------------------------------------------------------------------------------------


def test_round_goes_on_without_somebody_and_says_that_one_decided(pair):
    pair.submit(pair.first, entry(method="no"))
    page = page_of(pair.lead, here(pair))
    assert "Go on without second" in words(page)
    assert "Go on without first" not in words(page)
    path = here(pair, f"drop/{pair.of(pair.second).pk}/")

    done = client_of(pair.lead).post(path, follow=True)

    assert "The round goes on with one: decided." in words(read(done))
    assert (pair.state(), pair.rating()) == ("decided", ("weak", "final"))
    assert "One appraiser." in words(read(Client().get("/sources/small-study/ratings/")))
    assert "goes on without this appraisal" in words(page_of(pair.second, QUEUE))
    again = client_of(pair.lead).post(path, follow=True)
    assert "There is a problem" in words(read(again))


def test_only_place_is_not_dropped_and_a_taken_one_neither(loaded):
    pair = Round(appraisers=1)
    with pytest.raises(Refused, match="the only place"):
        rounds.drop_place(appraisal=pair.of(pair.first), by=pair.lead)
    with pytest.raises(NotAllowed):
        rounds.drop_place(appraisal=pair.of(pair.first), by=pair.first)
    rounds.cancel(round_pk=pair.opened.pk, reason="Again with two.", by=pair.lead)
    two = rounds.assign(
        source=pair.source, instrument=pair.instrument, appraisers=[pair.first, pair.second], by=pair.lead
    )
    mine = Appraisal.everything.get(round=two, appraiser=pair.first)
    third = person("third", Role.APPRAISER)
    rounds.replace_appraiser(appraisal=mine, person=third, by=pair.lead)
    with pytest.raises(NotNow, match="taken already"):
        rounds.drop_place(appraisal=mine, by=pair.lead)
    rounds.replace_appraiser(
        appraisal=Appraisal.everything.get(round=two, appraiser=third), person=pair.lead, by=pair.lead
    )
    with pytest.raises(Refused, match="yourself"):
        rounds.drop_place(appraisal=Appraisal.everything.get(round=two, appraiser=pair.second), by=pair.lead)
    two.refresh_from_db()
    assert two.places == 2


def test_front_page_counts_what_waits(differing):
    assert "1 round to reconcile." in words(page_of(differing.lead, "/manage/"))
    assert "to reconcile" not in words(page_of(differing.first, "/manage/"))

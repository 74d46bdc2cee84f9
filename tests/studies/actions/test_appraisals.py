"""Two appraisers, blind; what they hand in becomes the rating, or goes to the lead reviewer."""

import json

import pytest

from studies.actions import appraisals, finding_ratings, ratings, rounds
from studies.appraisal.entry import Given
from studies.exceptions import ConflictOfInterest, Incomplete, NotAllowed, NotNow, Refused, StaleForm
from studies.models import Appraisal, AuditEvent, Finding, Instrument, Judgement, Source, data_version
from studies.permissions import Role
from tests.studies.actions.people import Round, entry, person


pytestmark = pytest.mark.django_db


@pytest.fixture
def pair(loaded) -> Round:
    return Round()


# From two submissions to a rating. -----------------------------------------------------------------------------


def test_two_who_agree_make_the_rating_and_replace_the_provisional_one(pair):
    pair.submit(pair.first, entry(method="no", rationale="No method."))
    assert (pair.state(), pair.rating()) == ("open", ("strong", "provisional"))
    before = data_version()

    pair.submit(pair.second, entry(method="no", rationale="Method missing."))

    assert (pair.state(), pair.rating()) == ("decided", ("weak", "final"))
    assert Appraisal.objects.get(pk="appraisal-small-study").status == "superseded"
    final = Appraisal.objects.get(source="small-study", status="final")
    assert final.rationale == "No method.\nMethod missing."
    assert final.judgements.count() == 2
    assert data_version() > before
    event = AuditEvent.objects.get(event_type="rating_final")
    assert event.detail == {
        "source": "small-study",
        "rating": "weak",
        "before": "strong",
        "before_status": "provisional",
    }


def test_two_who_differ_wait_for_a_third(pair):
    pair.submit(pair.first, entry(method="yes"))
    pair.submit(pair.second, entry(method="no"))

    assert (pair.state(), pair.rating()) == ("reconciling", ("strong", "provisional"))

    ratings.reconcile(
        round_pk=pair.opened.pk,
        entry=entry(method="no"),
        version=1,
        reason="Page 3 settles it.",
        by=pair.lead,
    )
    assert (pair.state(), pair.rating()) == ("decided", ("weak", "final"))
    assert pair.opened.ended_reason == "Page 3 settles it."


def test_same_rating_from_different_answers_is_not_agreement(pair):
    pair.submit(pair.first, entry(method="no", sample="yes"))
    pair.submit(pair.second, entry(method="no", sample="no"))

    assert pair.state() == "reconciling"


def test_one_appraiser_alone_decides_and_the_round_says_so(loaded):
    alone = Round(appraisers=1)
    alone.submit(alone.first, entry(method="unclear"))

    assert (alone.state(), alone.rating()) == ("decided", ("unclear", "final"))
    assert alone.opened.ended_reason == "By one appraiser."


def test_appraising_anew_supersedes_the_final_rating_and_keeps_it(pair):
    for who in (pair.first, pair.second):
        pair.submit(who, entry(method="no"))
    pair.opened = rounds.assign(
        source=pair.source,
        instrument=pair.instrument,
        appraisers=[pair.first],
        by=pair.lead,
        occasion="New edition",
    )
    pair.submit(pair.first, entry())

    kept = Appraisal.objects.filter(source="small-study").order_by("created_at", "pk")
    assert [(one.status, one.overall_rating) for one in kept] == [
        ("superseded", "strong"),
        ("superseded", "weak"),
        ("final", "strong"),
    ]


def test_withdrawn_rating_leaves_the_source_unrated_and_the_record_in_place(pair):
    for who in (pair.first, pair.second):
        pair.submit(who, entry())
    with pytest.raises(Refused):
        ratings.withdraw_rating(source=pair.source, reason=" ", by=pair.lead)

    ratings.withdraw_rating(source=pair.source, reason="Wrong edition.", by=pair.lead)

    assert pair.rating() == (None, None)
    assert Appraisal.objects.get(status="withdrawn").ended_reason == "Wrong edition."
    with pytest.raises(NotNow):
        ratings.withdraw_rating(source=pair.source, reason="Again.", by=pair.lead)


def test_load_of_the_file_again_does_not_revive_a_replaced_rating(pair, loaded):
    for who in (pair.first, pair.second):
        pair.submit(who, entry(method="no"))
    before = data_version()

    assert loaded.load().committed

    assert (data_version(), pair.rating()) == (before, ("weak", "final"))
    assert Appraisal.objects.get(pk="appraisal-small-study").status == "superseded"


# Blinding. -----------------------------------------------------------------------------------------------------


def test_only_the_appraiser_sees_answers_until_both_are_in(pair):
    pair.submit(pair.first, entry(method="no"))
    submitted = pair.of(pair.first).pk

    seen = {
        who: Appraisal.everything.visible_to(who).filter(pk=submitted).exists()
        for who in (pair.first, pair.second, pair.lead)
    }
    assert seen == {pair.first: True, pair.second: False, pair.lead: False}

    pair.submit(pair.second, entry(method="yes"))
    assert Appraisal.everything.visible_to(pair.second).filter(pk=submitted).exists()


def test_managers_that_lists_and_exports_use_never_hold_an_appraisers_work(pair):
    pair.submit(pair.first, entry(method="no", note="SECRET"))

    assert not Appraisal.objects.filter(appraiser__isnull=False).exists()
    assert not Judgement.objects.filter(note="SECRET").exists()
    assert not Source.objects.get(pk="small-study").appraisals.filter(status="submitted").exists()


def test_trail_holds_no_answer_before_the_decision(pair):
    pair.submit(pair.first, entry(method="no", note="SECRET", rationale="SECRET"))
    pair.submit(pair.second, entry(method="yes", note="SECRET", rationale="SECRET"))

    trail = json.dumps(
        list(AuditEvent.objects.exclude(event_type="evidence_loaded").values_list("detail", flat=True))
    )
    assert "SECRET" not in trail
    assert "weak" not in trail


def test_answers_of_a_cancelled_round_stay_closed(pair):
    pair.submit(pair.first, entry())
    rounds.cancel(round_pk=pair.opened.pk, reason="Wrong source.", by=pair.lead)

    assert not Appraisal.everything.visible_to(pair.second).filter(pk=pair.of(pair.first).pk).exists()
    assert pair.of(pair.first).status == "withdrawn"


def test_who_could_read_the_answers_of_a_cancelled_round_does_not_appraise_the_source(pair):
    other = person("other-lead", Role.LEAD_REVIEWER)
    pair.submit(pair.first, entry())
    pair.submit(pair.second, entry(method="no"))
    assert pair.state() == "reconciling"
    rounds.cancel(round_pk=pair.opened.pk, reason="I would rather rate it.", by=pair.lead)
    again = {"source": pair.source, "instrument": pair.instrument, "by": pair.lead}

    with pytest.raises(Refused, match="could read them"):
        rounds.assign(appraisers=[pair.lead, other], **again)
    opened = rounds.assign(appraisers=[pair.first, other], **again)
    mine = Appraisal.everything.get(round=opened, appraiser=other)
    with pytest.raises(Refused, match="could read them"):
        rounds.replace_appraiser(appraisal=mine, person=pair.lead, by=pair.lead)


# Drafts and stale forms. ---------------------------------------------------------------------------------------


def test_draft_is_kept_word_for_word_and_writes_no_event(pair):
    mine = appraisals.declare(appraisal=pair.of(pair.first), by=pair.first)
    before = data_version()
    half = entry(method="", sample="no", note="", rationale="", override_rating="weak")

    pair.save(pair.first, half)

    assert data_version() == before
    stored = pair.of(pair.first)
    assert (stored.override_rating, stored.override_reason, stored.version) == ("weak", "", mine.version + 1)
    assert list(
        Judgement.everything.filter(appraisal=stored).values_list("criterion__criterion_id", "answer")
    ) == [("sample-described", "no")]


def test_other_window_is_told_and_overwrites_nothing(pair):
    opened_with = appraisals.declare(appraisal=pair.of(pair.first), by=pair.first).version
    pair.save(pair.first, entry(method="no"), token="window-a")

    with pytest.raises(StaleForm, match="another window"):
        appraisals.save_draft(
            appraisal=pair.of(pair.first),
            entry=entry(),
            version=opened_with,
            form_token="window-b",
            by=pair.first,
        )
    appraisals.save_draft(
        appraisal=pair.of(pair.first),
        entry=entry(method="unclear"),
        version=opened_with,
        form_token="window-a",
        by=pair.first,
    )
    assert (
        Judgement.everything.get(appraisal=pair.of(pair.first), criterion__criterion_id="clear-method").answer
        == "unclear"
    )


def test_submitting_twice_changes_nothing(pair):
    pair.submit(pair.first, entry())
    with pytest.raises(NotNow, match="submitted"):
        appraisals.submit(appraisal=pair.of(pair.first), by=pair.first)
    with pytest.raises(NotNow):
        pair.save(pair.first, entry(method="no"))
    assert AuditEvent.objects.filter(event_type="appraisal_submitted").count() == 1


def test_taking_back_is_possible_until_the_other_is_in(pair):
    pair.submit(pair.first, entry())
    appraisals.take_back(appraisal=pair.of(pair.first), by=pair.first)
    assert pair.of(pair.first).status == "draft"

    pair.submit(pair.first, entry())
    pair.submit(pair.second, entry(method="no"))
    with pytest.raises(NotNow, match="Both"):
        appraisals.take_back(appraisal=pair.of(pair.first), by=pair.first)


def test_two_lead_reviewers_do_not_overwrite_each_other(pair):
    pair.submit(pair.first, entry())
    pair.submit(pair.second, entry(method="no"))

    with pytest.raises(StaleForm):
        ratings.reconcile(round_pk=pair.opened.pk, entry=entry(), version=0, reason="So.", by=pair.lead)
    assert pair.state() == "reconciling"


# What is refused. ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("filled", "where"),
    [
        (entry(method=""), ["answer-clear-method"]),
        (entry(method="no", note=""), ["note-clear-method"]),
        (entry(method="unclear", sample="unclear", note=""), ["note-clear-method", "note-sample-described"]),
        (entry(rationale=" "), ["rationale"]),
        (entry(override_rating="weak"), ["override_reason"]),
        (entry(override_reason="Because."), ["override_rating"]),
        # The rule's own rating cannot be put in the place of the rule's rating.
        (entry(method="no", override_rating="weak", override_reason="Because."), ["override_rating"]),
    ],
)
def test_incomplete_form_is_refused_field_by_field(pair, filled, where):
    with pytest.raises(Incomplete) as refusal:
        pair.submit(pair.first, filled)

    assert [fault.where for fault in refusal.value.faults] == where
    assert pair.of(pair.first).status == "draft"


def test_override_with_its_reason_is_the_rating(pair):
    for who in (pair.first, pair.second):
        pair.submit(who, entry(override_rating="weak", override_reason="A retracted paper."))

    assert pair.rating() == ("weak", "final")
    assert Appraisal.objects.get(status="final").override_reason == "A retracted paper."


def test_answer_that_the_instrument_does_not_offer_is_refused(pair):
    with pytest.raises(Refused, match="not an answer"):
        pair.save(pair.first, entry(method="perhaps"))
    strange = entry()
    strange.given["no-such-criterion"] = Given("yes")
    with pytest.raises(Refused, match="does not ask"):
        pair.save(pair.first, strange)


def test_nothing_is_taken_before_interests_are_declared(pair):
    with pytest.raises(Refused, match="interest"):
        appraisals.save_draft(
            appraisal=pair.of(pair.first), entry=entry(), version=0, form_token="", by=pair.first
        )


def test_declared_interest_frees_the_place_for_somebody_else(pair):
    mine = pair.of(pair.first)
    with pytest.raises(Refused, match="what your interest"):
        appraisals.step_down(appraisal=mine, interest=" ", by=pair.first)
    appraisals.step_down(appraisal=mine, interest="I advised the authors.", by=pair.first)
    pair.submit(pair.second, entry())
    assert pair.state() == "open"

    third = person("third", Role.APPRAISER)
    rounds.replace_appraiser(appraisal=pair.of(pair.first), person=third, by=pair.lead)
    pair.submit(third, entry())

    assert pair.state() == "decided"


def test_author_cannot_appraise_the_own_source(loaded):
    author = person("author", Role.APPRAISER, first_name="Ada", last_name="Example")
    lead = person("lead", Role.LEAD_REVIEWER)
    source = Source.objects.get(pk="small-study")
    source.authors = "Other, B.; Example, A."
    source.save()

    with pytest.raises(ConflictOfInterest):
        rounds.assign(source=source, instrument=Instrument.objects.get(), appraisers=[author], by=lead)


def test_author_decides_nothing_about_the_own_source(pair):
    for who, answer in ((pair.first, "no"), (pair.second, "yes")):
        pair.submit(who, entry(method=answer))
    author = person("author", Role.LEAD_REVIEWER, first_name="Ada", last_name="Example")
    Source.objects.filter(pk="small-study").update(authors="Other B, Example AC")
    pair.opened.refresh_from_db()

    with pytest.raises(ConflictOfInterest):
        ratings.reconcile(
            round_pk=pair.opened.pk, entry=entry(), version=pair.opened.version, reason="So.", by=author
        )
    ratings.reconcile(
        round_pk=pair.opened.pk, entry=entry(), version=pair.opened.version, reason="So.", by=pair.lead
    )
    with pytest.raises(ConflictOfInterest):
        ratings.withdraw_rating(source=pair.source, reason="Mine.", by=author)
    figure = Finding.objects.get(pk="small-study-f01")
    with pytest.raises(ConflictOfInterest):
        finding_ratings.lower(finding=figure, rating="weak", reason="Mine.", by=author)
    with pytest.raises(ConflictOfInterest):
        finding_ratings.withdraw(finding=figure, by=author)
    assert pair.rating() == ("strong", "final")


def test_author_found_out_after_the_assignment_cannot_begin(pair):
    Source.objects.filter(pk="small-study").update(authors="Person, First")
    pair.first.first_name, pair.first.last_name = "First", "Person"
    pair.first.save()
    with pytest.raises(ConflictOfInterest):
        appraisals.declare(appraisal=pair.of(pair.first), by=pair.first)


def test_one_round_at_a_time_and_only_with_a_fitting_instrument(pair):
    again = {"instrument": pair.instrument, "appraisers": [pair.first], "by": pair.lead}
    with pytest.raises(Refused, match="already"):
        rounds.assign(source=pair.source, **again)
    with pytest.raises(Refused, match="not made for"):
        rounds.assign(source=Source.objects.get(pk="small-census"), **again)
    with pytest.raises(Refused, match="each of them once"):
        rounds.assign(
            source=Source.objects.get(pk="small-report"), **{**again, "appraisers": [pair.first] * 2}
        )
    with pytest.raises(Refused, match="may not appraise"):
        rounds.assign(source=Source.objects.get(pk="small-report"), **{**again, "appraisers": [person("x")]})


def test_nobody_acts_in_anothers_place(pair):
    submitted = pair.submit(pair.first, entry())
    super_user = person("root", is_superuser=True)
    for who in (pair.second, pair.lead, super_user):
        with pytest.raises(NotAllowed):
            appraisals.take_back(appraisal=submitted, by=who)
    with pytest.raises(NotAllowed):
        rounds.cancel(round_pk=pair.opened.pk, reason="No.", by=pair.first)
    with pytest.raises(NotAllowed):
        ratings.withdraw_rating(source=pair.source, reason="No.", by=pair.second)


def test_lead_reviewer_who_appraised_does_not_decide(loaded):
    pair = Round()
    rounds.cancel(round_pk=pair.opened.pk, reason="Again, with the lead.", by=pair.lead)
    pair.opened = rounds.assign(
        source=pair.source, instrument=pair.instrument, appraisers=[pair.lead, pair.second], by=pair.lead
    )
    pair.submit(pair.lead, entry())
    pair.submit(pair.second, entry(method="no"))

    with pytest.raises(NotAllowed, match="yourself"):
        ratings.reconcile(round_pk=pair.opened.pk, entry=entry(), version=1, reason="So.", by=pair.lead)

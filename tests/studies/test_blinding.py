"""Nobody learns what an appraiser entered before all are in: every address of the site is walked.

Two proofs. The words that the hidden appraiser typed stand on no page, file or answer. And what the hidden answers
*are* makes no difference anywhere: with quite other answers and another rating every response is the same, byte for
byte, headers included. The second finds also what no word gives away: a count, a filter that keeps or drops a row,
the length of a file.
"""

import re

import pytest
from address_walk import addresses, paths_to, patterns, routes
from django.contrib import admin
from django.contrib.auth.models import Group
from django.db import transaction
from django.test import Client
from page_checks import body_of

from evidence import versioned
from studies.actions import appraisals, rounds
from studies.models import Appraisal, AppraisalRound, Instrument, Judgement, Load, Source
from studies.permissions import Role
from tests.studies.actions.people import Round, entry, person


pytestmark = pytest.mark.django_db

SECRET = "Zanzibar"
"""The word that the hidden appraiser types into every field that takes words."""

QUESTIONS = ("", "?quality=weak", "?quality=strong", f"?q={SECRET}")
"""What is asked of readers' lists and files, so that a filter which knows the hidden rating is found."""

ADMIN_QUESTIONS = ("", f"?q={SECRET}", "?_facets=True")
CHANGING = re.compile(
    rb'(name="csrfmiddlewaretoken" value=|name="form_token" value=|"csrfToken": |hx-headers=.\{.X-CSRFToken.: )"[^"]*"'
)
OF_THE_MOMENT = {"set-cookie", "expires", "date"}
"""Headers that carry a token or the time of day."""


def hide(pair: Round, rating: str, answer: str, note: str) -> None:
    """Put other answers and another rating in place of what the first appraiser entered, unseen by any action."""
    theirs = Appraisal.everything.filter(pk=pair.hidden)
    submitted = theirs.get().status != "draft"
    theirs.update(
        overall_rating=rating if submitted else "",
        override_rating=rating,
        override_reason=note,
        rationale=note,
    )
    Judgement.everything.filter(appraisal=pair.hidden).update(answer=answer, note=note, locator=note)
    versioned.forget()


def typed() -> dict:
    return {"note": SECRET, "rationale": SECRET, "override_rating": "weak", "override_reason": SECRET}


def submitted(pair: Round) -> None:
    """The first is in, the second types."""
    pair.submit(pair.first, entry(**typed()))
    pair.save(pair.second, entry())


def drafted(pair: Round) -> None:
    """Both type; the second is in."""
    pair.save(pair.first, entry(**typed()))
    pair.submit(pair.second, entry())


def cancelled(pair: Round) -> None:
    """The first was in when the round was cancelled: the same two may be asked again, and are."""
    submitted(pair)
    rounds.cancel(round_pk=pair.opened.pk, reason="Too early.", by=pair.lead)
    rounds.assign(
        source=pair.source, instrument=pair.instrument, appraisers=[pair.first, pair.second], by=pair.lead
    )


def gave_back(pair: Round) -> None:
    """The first stepped down, and two others decided without what was entered before."""
    pair.save(pair.first, entry(**typed()))
    appraisals.step_down(appraisal=pair.of(pair.first), interest="I advised them.", by=pair.first)
    third = person("third", Role.APPRAISER)
    rounds.replace_appraiser(appraisal=Appraisal.everything.get(pk=pair.hidden), person=third, by=pair.lead)
    pair.submit(pair.second, entry())
    pair.submit(third, entry())


STATES = [submitted, drafted, cancelled, gave_back]


@pytest.fixture
def pair(loaded) -> Round:
    made = Round()
    made.hidden = made.of(made.first).pk
    return made


def people(pair: Round) -> dict:
    """Everybody but the author: strangers, a lead reviewer, the other appraiser with every role there is, a superuser."""
    pair.second.groups.set([Group.objects.get_or_create(name=role.value)[0] for role in Role])
    root = person("root", is_superuser=True, is_staff=True)
    return {"a stranger": None, "the lead": pair.lead, "the other": pair.second, "a superuser": root}


def examples(pair: Round) -> dict:
    """Values of each parameter: what exists, the hidden appraisal among it."""
    keys = {pair.opened.pk, *AppraisalRound.objects.values_list("pk", flat=True)}
    keys |= {*Instrument.objects.values_list("pk", flat=True), *Load.objects.values_list("pk", flat=True)}
    return {
        "appraisal_id": list(Appraisal.everything.filter(round__isnull=False).values_list("pk", flat=True)),
        "source_id": ["small-study"],
        "finding_id": ["small-study-f01"],
        "measure_id": ["suspect-sex"],
        "theme": ["offender-characteristics"],
        "conclusion_id": ["mostly-men"],
        "pk": sorted(keys),
        "name": ["sources", "appraisals"],
        "file_format": ["csv", "json", "ris", "bib"],
        "reference_format": ["ris", "bib"],
    }


def client_of(who) -> Client:
    client = Client()
    if who is not None:
        client.force_login(who)
    return client


def walk(pair: Round, who, client: Client, whole_admin: bool) -> dict[str, tuple]:
    """Address → what the person gets: status, headers and body, without what changes with every request.

    Of the admin either every page or those of the tables that an appraisal hangs on.
    """
    values, seen = examples(pair), {}
    records = {
        Appraisal: [pair.hidden],
        Judgement: list(Judgement.everything.filter(appraisal=pair.hidden).values_list("pk", flat=True)),
        AppraisalRound: [pair.opened.pk],
        Source: [pair.source.pk],
        type(pair.first): [pair.first.pk],
    }
    near = tuple(f"admin/{model._meta.app_label}/{model._meta.model_name}/" for model in records)
    staff = who is not None and who.is_staff
    for route in routes():
        if route.startswith("admin/"):
            if not whole_admin and not route.startswith(near):
                continue
            asked, found = ADMIN_QUESTIONS, addresses(route, values, records) if staff else []
        else:
            asked, found = QUESTIONS, addresses(route, values)
        if "<" in route or route.startswith("manage/"):
            asked = asked[:1]
        for path in found:
            for question in asked:
                seen[path + question] = answer(client, path + question)
    return seen


def answer(client: Client, path: str) -> tuple:
    response = client.get(path)
    headers = {name: value for name, value in response.items() if name.lower() not in OF_THE_MOMENT}
    return response.status_code, headers, CHANGING.sub(b"", body_of(response))


@pytest.mark.parametrize("state", STATES)
def test_what_one_appraiser_entered_makes_no_difference_anywhere(pair, state):
    state(pair)
    everybody = people(pair)
    if state is not submitted:  # the long walk is made once
        everybody = {name: who for name, who in everybody.items() if name in ("the other", "a superuser")}
    hide(pair, "weak", "no", SECRET)
    whole = state is submitted
    # Signed in once: the second walk would else find another time of the last sign-in.
    clients = {name: client_of(who) for name, who in everybody.items()}
    first = {name: walk(pair, who, clients[name], whole) for name, who in everybody.items()}
    hide(pair, "strong", "yes", "A quite different reason, and a longer one too.")
    second = {name: walk(pair, who, clients[name], whole) for name, who in everybody.items()}

    for name, seen in first.items():
        for path, (_, headers, body) in seen.items():
            # The question itself comes back in the box for it.
            said = body.decode().replace(f"q={SECRET}", "").replace(f'value="{SECRET}"', "")
            if f"?q={SECRET}" not in path:
                assert SECRET not in said, (name, path)
                assert SECRET not in str(headers), (name, path)
        different = [path for path in seen if seen[path] != second[name][path]]
        assert different == [], name
        assert seen[f"/manage/appraisals/{pair.hidden}/"][0] in {302, 403, 404}, name
    assert len(first["a superuser"]) > (400 if whole else 150)
    assert {status for status, _, _ in first["the other"].values()} >= {200, 404}


def test_no_form_sent_by_somebody_else_tells_or_changes_what_was_entered(pair):
    """Every address that takes a form, with fields that some form of the workbench has."""
    submitted(pair)
    everybody = people(pair)
    kept = entered(pair)
    sent = {"version": "1", "form_token": "x", "reason": "r", "interest_declared": "no", "action": "submit"}
    for name, who in everybody.items():
        client = client_of(who)
        for route in routes():
            if route.startswith(("admin/", "accounts/")):
                continue
            for path in addresses(route, examples(pair)):
                with transaction.atomic():
                    response = client.post(path, {**sent, "person": "second", "answer-clear-method": "yes"})
                    assert response.status_code < 500, (name, path)
                    assert SECRET.encode() not in body_of(response), (name, path)
                    assert entered(pair) == kept, (name, path)
                    transaction.set_rollback(True)


def entered(pair: Round) -> list:
    """What the hidden appraiser entered, as it is stored; without its state, which a lead reviewer may end."""
    rows = Judgement.everything.filter(appraisal=pair.hidden).order_by("pk")
    words = Appraisal.everything.filter(pk=pair.hidden).values("rationale", "override_reason", "version")
    return [*rows.values(), *words]


def test_no_filter_of_the_admin_reaches_through_to_hidden_answers(pair):
    """A filter on the rating of related appraisals would tell it by the rows it keeps."""
    submitted(pair)
    root = client_of(person("root", is_superuser=True, is_staff=True))
    tried = 0
    for model in admin.site._registry:
        listed = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        ways = [
            f"{way}__{field}"
            for way in paths_to(model, Appraisal)
            for field in ("overall_rating", "rationale")
        ]
        ways += [f"{way}__{field}" for way in paths_to(model, Judgement) for field in ("answer", "note")]
        for way in ways:
            found = {
                value: answer(root, f"{listed}?{way}={value}")[0]
                for value in ("weak", "no", SECRET, "nothing")
            }
            tried += 1
            if set(found.values()) != {400}:
                kept = [b"".join(answer(root, f"{listed}?{way}={value}")[2].split()) for value in found]
                assert not any(pair.hidden.encode() in page for page in kept), (listed, way)
    assert tried > 50


def test_the_walk_misses_no_address():
    walked = [route for route, _ in patterns()]
    assert {"manage/appraisals/", "quality.csv", "admin/studies/judgement/", "healthz"} <= set(walked)
    with pytest.raises(AssertionError, match="no example of novelty"):
        addresses("manage/<slug:novelty>/", {})

"""Statements of comparability: who may make and take them back, and that they leave their trace."""

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Group

from studies.actions import comparability
from studies.exceptions import NotAllowed, Refused
from studies.models import AuditEvent, Category, Comparability, Measure
from studies.permissions import ROLES, Permission, Role


pytestmark = pytest.mark.django_db


@pytest.fixture
def measure():
    made = Measure.objects.create(
        measure_id="a-share",
        label="A share",
        theme="context",
        quantity="proportion",
        unit_of_analysis="case",
        unit_label="cases",
        definition="A share of cases.",
        comparability_note="None.",
        series=False,
    )
    Category.objects.create(measure=made, category_id="yes", label="Yes", order=1)
    return made


@pytest.fixture
def person(django_user_model):
    def make(*roles):
        user = django_user_model.objects.create_user(f"person-{django_user_model.objects.count()}")
        user.groups.set(Group.objects.filter(name__in=[role.value for role in roles]))
        return user

    return make


def test_statement_is_recorded_with_name_day_and_audit_event(measure, person):
    lead = person(Role.LEAD_REVIEWER)

    made = comparability.state(measure=measure, category=None, statement=" Same question. ", by=lead)

    assert (made.statement, made.stated_by) == ("Same question.", lead.username)
    assert AuditEvent.objects.get().event_type == "comparability_stated"


def test_saying_the_same_twice_changes_nothing(measure, person):
    lead = person(Role.LEAD_REVIEWER)

    first = comparability.state(measure=measure, category=None, statement="Same question.", by=lead)
    second = comparability.state(measure=measure, category=None, statement="Same question.", by=lead)

    assert first == second
    assert AuditEvent.objects.count() == 1


def test_a_standing_statement_is_not_overwritten(measure, person):
    first, second = person(Role.LEAD_REVIEWER), person(Role.LEAD_REVIEWER)
    comparability.state(measure=measure, category=None, statement="Same question.", by=first)

    with pytest.raises(Refused, match="stands already"):
        comparability.state(measure=measure, category=None, statement="Other words.", by=second)

    assert Comparability.objects.get().statement == "Same question."


def test_withdrawing_keeps_the_record_and_can_be_pressed_twice(measure, person):
    lead = person(Role.LEAD_REVIEWER)
    made = comparability.state(measure=measure, category=None, statement="Same question.", by=lead)

    comparability.withdraw(statement=made, by=lead)
    comparability.withdraw(statement=made, by=lead)

    assert Comparability.objects.get().withdrawn_by == lead.username
    assert AuditEvent.objects.count() == 2


@pytest.mark.parametrize("role", [role for role in Role if Permission.STATE_COMPARABILITY not in ROLES[role]])
def test_other_roles_are_refused_and_nothing_changes(measure, person, role, client):
    user = person(role)
    client.force_login(user)

    with pytest.raises(NotAllowed):
        comparability.state(measure=measure, category=None, statement="Same question.", by=user)
    answers = [
        client.get("/manage/comparability/"),
        client.post("/manage/comparability/new/", {"measure": "a-share"}),
    ]

    assert [answer.status_code for answer in answers] == [403, 403]
    assert not Comparability.objects.exists()
    assert not AuditEvent.objects.exists()


def test_strangers_are_asked_to_sign_in(client):
    answer = client.get("/manage/comparability/")

    assert answer.status_code == 302
    assert answer["Location"] == "/accounts/login/?next=/manage/comparability/"


def test_what_was_typed_is_kept_when_something_is_wrong(measure, person, client):
    client.force_login(person(Role.LEAD_REVIEWER))

    answer = client.post(
        "/manage/comparability/new/",
        {"measure": "a-share", "category": "no-such", "statement": "Typed with care.", "confirmed": "on"},
    )

    page = BeautifulSoup(answer.content, "html.parser")
    assert answer.status_code == 400
    assert page.select_one("textarea").get_text(strip=True) == "Typed with care."
    assert "no such category" in page.select_one(".govuk-error-summary").get_text()
    assert "It has: yes." in page.get_text()


def test_page_offers_only_what_is_in_force_for_withdrawal(measure, person, client):
    lead = person(Role.LEAD_REVIEWER)
    made = comparability.state(measure=measure, category=None, statement="Same question.", by=lead)
    client.force_login(lead)

    before = BeautifulSoup(client.get("/manage/comparability/").content, "html.parser")
    client.post(f"/manage/comparability/{made.pk}/withdraw/")
    after = BeautifulSoup(client.get("/manage/comparability/").content, "html.parser")

    assert len(before.select("form[action$=withdraw\\/]")) == 1
    assert not after.select("form[action$=withdraw\\/]")
    assert "withdrawn by" in after.get_text()

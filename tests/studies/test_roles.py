"""Every address below /manage/: strangers and wrong roles are refused, and the store stays as it was.

The addresses are walked, so that a new one is tried without anybody remembering. What each role may do is read from
the views' own guard, and the whole is checked against the table of roles.
"""

import pytest
from address_walk import addresses, patterns
from django.apps import apps
from django.contrib.auth.models import Group
from django.test import Client

from studies.models import Appraisal
from studies.permissions import ROLES, Permission, Role
from tests.studies.actions.people import Round, entry, person


pytestmark = pytest.mark.django_db

METHODS = ("get", "head", "post", "put", "patch", "delete", "options")
ROUTES = {route: pattern.callback for route, pattern in patterns() if route.startswith("manage/")}


def needed(view) -> frozenset[Permission]:
    """The permissions of which a view asks for one, found through its decorators."""
    while view is not None:
        if hasattr(view, "required_permissions"):
            return frozenset(view.required_permissions)
        view = getattr(view, "__wrapped__", None)
    raise AssertionError("a view below /manage/ without a guard")


# Its guard stands behind a check that tells a signed-out script so without a redirection.
BEHIND_A_CHECK = {"manage/appraisals/<slug:appraisal_id>/draft/": frozenset({Permission.APPRAISE})}
GUARDS = {route: BEHIND_A_CHECK.get(route) or needed(view) for route, view in ROUTES.items()}


def path_of(route: str, pair: Round) -> str:
    """An address of that pattern that exists. A parameter without an example here is an error."""
    examples = {
        "appraisal_id": pair.of(pair.first).pk,
        "source_id": pair.source.pk,
        "finding_id": "small-study-f01",
        "pk": pair.opened.pk,
        "name": "findings",
        "file_format": "csv",
    }
    [address] = addresses(route, {name: [value] for name, value in examples.items()})
    return address


def snapshot() -> dict[str, list]:
    """The whole store, accounts apart."""
    return {
        model._meta.label: list(model._base_manager.order_by("pk").values())
        for model in apps.get_app_config("studies").get_models()
    }


@pytest.fixture
def pair(loaded) -> Round:
    return Round()


def test_there_is_a_workbench_to_guard():
    assert len(ROUTES) > 10
    assert not any(ROLES[Role.ANALYST] & guard for guard in GUARDS.values())


def test_strangers_are_asked_to_sign_in_and_change_nothing(pair):
    before = snapshot()
    for route in ROUTES:
        statuses = []
        for method in METHODS:
            response = getattr(Client(), method)(path_of(route, pair))
            statuses.append(response.status_code)
            if response.status_code == 302:
                assert response["Location"].startswith("/accounts/login/?next=/manage/")
        assert set(statuses) <= {302, 405}, route
        assert 302 in statuses, (route, "asked nobody to sign in")
    assert snapshot() == before


@pytest.mark.parametrize("role", Role)
def test_wrong_role_is_refused_and_changes_nothing(pair, role):
    client = Client()
    client.force_login(person("intruder", role))
    before = snapshot()
    for route, guard in GUARDS.items():
        if not ROLES[role] & guard:
            for method in METHODS:
                status = getattr(client, method)(path_of(route, pair)).status_code
                assert status in {403, 405}, (route, method, status)
    assert snapshot() == before


@pytest.mark.parametrize("role", Role)
def test_right_role_is_let_in(pair, role):
    client = Client()
    client.force_login(person("colleague", role))
    before = snapshot()
    for route, guard in GUARDS.items():
        if ROLES[role] & guard:
            for method in ("get", "head"):
                assert getattr(client, method)(path_of(route, pair)).status_code in {200, 302, 404, 405}, (
                    route
                )
    assert snapshot() == before, "looking changes nothing"


@pytest.mark.parametrize("role", [Role.APPRAISER, Role.LEAD_REVIEWER, None])
def test_nobody_acts_on_the_appraisal_of_another(pair, role):
    """Not another appraiser, not the lead reviewer, not a superuser: what is another's is not found."""
    intruder = person("intruder", role, is_superuser=role is None)
    client = Client()
    client.force_login(intruder)
    pair.save(pair.first, entry())
    before = snapshot()
    sent = {"interest_declared": "no", "version": "1", "answer-clear-method": "no", "action": "submit"}
    mine = pair.of(pair.first).pk
    for step in ("", "draft/", "declare/", "take-back/"):
        assert client.post(f"/manage/appraisals/{mine}/{step}", sent).status_code == 404, step
        assert snapshot() == before
    assert client.get(f"/manage/appraisals/{mine}/").status_code == 404


def test_a_lead_reviewer_who_appraises_a_source_does_not_settle_it(pair):
    pair.second.groups.add(Group.objects.get_or_create(name=Role.LEAD_REVIEWER.value)[0])
    pair.submit(pair.first, entry(method="no"))
    pair.submit(pair.second, entry())
    client = Client()
    client.force_login(pair.second)
    sent = {
        "answer-clear-method": "yes",
        "answer-sample-described": "yes",
        "rationale": "Mine.",
        "reason": "Mine.",
        "version": str(pair.opened.version + 1),
    }

    refused = client.post(f"/manage/appraisals/rounds/{pair.opened.pk}/reconcile/", sent)

    assert refused.status_code == 403
    assert pair.state() == "reconciling"
    assert not Appraisal.objects.filter(round=pair.opened).exists()


def test_every_permission_belongs_to_a_role():
    assert frozenset().union(*ROLES.values()) == frozenset(Permission)

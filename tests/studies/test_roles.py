"""Every address below /manage/: strangers and wrong roles are refused, and the store stays as it was.

The addresses are walked, so that a new one is tried without anybody remembering. What each role may do is read from
the views' own guard, and the whole is checked against the table of roles.
"""

import re

import pytest
from django.apps import apps
from django.test import Client
from django.urls import get_resolver

from studies.permissions import ROLES, Permission, Role
from tests.studies.actions.people import Round, person


pytestmark = pytest.mark.django_db

METHODS = ("get", "post", "put", "patch", "delete")


def workbench(patterns=None, prefix=""):
    """Every (address pattern, view) below /manage/."""
    for pattern in patterns if patterns is not None else get_resolver().url_patterns:
        route = prefix + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            if route.startswith("manage/"):
                yield from workbench(pattern.url_patterns, route)
        elif route.startswith("manage/"):
            yield route, pattern.callback


ROUTES = dict(workbench())


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
    """An address of that pattern that exists."""
    values = {
        "appraisal_id": pair.of(pair.first).pk,
        "source_id": pair.source.pk,
        "finding_id": "small-study-f01",
        "pk": str(pair.opened.pk),
        "name": "findings",
        "file_format": "csv",
    }
    return "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda found: values.get(found[1], "1"), route)


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
        for method in METHODS:
            response = getattr(Client(), method)(path_of(route, pair))
            assert response.status_code in {302, 405}, (route, method)
            if response.status_code == 302:
                assert response["Location"].startswith("/accounts/login/?next=/manage/")
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
    for route, guard in GUARDS.items():
        if ROLES[role] & guard:
            assert client.get(path_of(route, pair)).status_code in {200, 302, 404, 405}, route


def test_every_permission_belongs_to_a_role():
    assert frozenset().union(*ROLES.values()) == frozenset(Permission)

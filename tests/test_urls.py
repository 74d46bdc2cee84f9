"""Every address of the reading half: it answers, it only reads, and its page can be used by everybody.

The addresses are walked, so that a new one is tried without anybody remembering; one with a new parameter needs an
example in `page_checks.EXAMPLES`.
"""

import re

import pytest
from django.conf import settings
from django.contrib import admin
from django.db import connection
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from page_checks import EXAMPLES, body_of, page_faults, policy_faults, read, words


ACCOUNTS = {"login", "logout", "change-password", "second-factor"}
"""The addresses beside the reading half that take a form, about one's own account."""


def patterns(prefix: str = "", resolver=None):
    """Every pattern below an address, with the address's own text."""
    for pattern in (resolver or get_resolver()).url_patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from patterns(route, pattern)
        elif isinstance(pattern, URLPattern):
            yield route, pattern


READING = sorted(
    pattern.name
    for route, pattern in patterns()
    if not route.startswith(("manage/", "admin/")) and pattern.name not in ACCOUNTS
)
WORKBENCH = sorted(route for route, _ in patterns() if route.startswith("manage/"))
OTHER_METHODS = ("post", "put", "patch", "delete")
LISTS = ("source-list", "finding-list", "measure-list")
FILES = (
    "source-file",
    "finding-file",
    "measure-file",
    "source-list-csl",
    "source-reference",
    "source-csl",
    "quality-file",
)


def address(name: str, **changes) -> str:
    """The address of that name with an example for each of its parameters."""
    needed = [pattern.pattern.converters for _, pattern in patterns() if pattern.name == name]
    assert needed, name
    missing = set(needed[0]) - set(EXAMPLES)
    assert not missing, f"{name}: page_checks.EXAMPLES has no example of {missing}"
    return reverse(name, kwargs={one: {**EXAMPLES, **changes}[one] for one in needed[0]})


def refuse_writing() -> None:
    """From here to the end of the test the database itself refuses any change."""
    with connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION READ ONLY")


@pytest.fixture
def read_only(shipped):
    """The shipped evidence in a transaction in which the database itself refuses any change."""
    refuse_writing()


def test_reading_half_is_all_there():
    assert {"overview", "accessibility", "healthz", "readyz", *LISTS, *FILES} <= set(READING)
    assert len(set(READING)) == len(READING)


@pytest.mark.parametrize("name", READING)
def test_reader_gets_a_page_that_everybody_can_use(client, read_only, name):
    response = client.get(address(name))

    assert response.status_code == 200
    assert body_of(response)
    assert not response.cookies
    if not response["Content-Type"].startswith("text/html"):
        assert name in {*FILES, "healthz", "readyz"} or name.startswith("api-")
        return
    page = read(response)
    assert page_faults(page) == []
    assert policy_faults(page) == []
    assert page.select_one("a.govuk-skip-link")["href"] == "#main-content"
    assert page.select_one("main#main-content")
    assert "provisional" in words(page.select_one("[aria-label='State of this site']"))
    assert words(page.select_one("title")).endswith(f" – {settings.SITE_NAME}")


@pytest.mark.parametrize("name", READING)
def test_reading_address_takes_no_other_method(client, name):
    """No fixture of the database: a refusal must come before anything is asked of it."""
    statuses = {method: getattr(client, method)(address(name)).status_code for method in OTHER_METHODS}

    assert statuses == dict.fromkeys(OTHER_METHODS, 405)


@pytest.mark.parametrize("name", LISTS)
def test_filtered_list_can_be_used_by_everybody(client, read_only, name):
    """Chosen filters add chips, opened folds and pages of results."""
    page = read(client.get(reverse(name), {"source_type": "official_statistics", "per_page": "10"}))

    assert page_faults(page) == []
    assert policy_faults(page) == []
    assert page.select(".evidence-chip")
    assert page.select("nav.govuk-pagination")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/sources/no-such-source/", 404),
        ("/measures/no-such-measure/", 404),
        ("/measures/no-such-measure.csv", 404),
        ("/themes/no-such-theme/", 404),
        ("/conclusions/no-such-conclusion/", 404),
        ("/sources.exe", 404),
        ("/no-such-page/", 404),
        # A nought character, which PostgreSQL takes in no text.
        ("/sources/%00/", 404),
        ("/measures/%00/", 404),
        ("/measures/%00.csv", 404),
        ("/themes/%00/", 404),
        ("/conclusions/%00/", 404),
        ("/sources/?no_such_filter=1", 400),
        ("/measures/group-suspect-ethnicity-known-only/?category=no-such", 400),
    ],
)
def test_refusal_is_a_page_that_can_be_used_by_everybody(client, read_only, path, status):
    response = client.get(path)
    page = read(response)

    assert response.status_code == status
    assert page_faults(page) == []
    assert policy_faults(page) == []


def test_address_without_its_last_stroke_leads_to_the_page(client, read_only):
    response = client.get("/sources")
    assert (response.status_code, response["Location"]) == (301, "/sources/")


def test_login_page_can_be_used_by_everybody(client, read_only):
    page = read(client.get(reverse("login")))
    assert page_faults(page) == []
    assert policy_faults(page) == []


def test_logout_is_not_a_link(client):
    assert client.get(reverse("logout")).status_code == 405


@pytest.mark.parametrize("route", WORKBENCH)
def test_workbench_refuses_strangers(client, read_only, route):
    path = "/" + re.sub("<[^>]*>", "1", route)
    for method in ("get", "post"):
        response = getattr(client, method)(path)

        assert response.status_code in {302, 403, 405}
        if response.status_code == 302:
            assert response["Location"].startswith(f"{reverse('login')}?next=/manage/")


def test_workbench_has_addresses_to_refuse():
    assert WORKBENCH


def test_admin_refuses_strangers(client, read_only):
    paths = ["/admin/"] + [
        reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        for model in admin.site._registry
    ]
    for path in paths:
        response = client.get(path)
        assert (response.status_code, response["Location"].partition("?")[0]) == (302, "/admin/login/"), path
    assert len(paths) > 5

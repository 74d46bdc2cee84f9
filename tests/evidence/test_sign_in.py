"""The page to sign in: labelled, honest about errors, and back to where the reader was going."""

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from page_checks import page_faults, policy_faults
from page_checks import read as page_of
from theme_rows import read, words

from studies.models import AuditEvent


PASSWORD = "a long enough password"


@pytest.fixture
def account(db):
    return get_user_model().objects.create_user("reader", password=PASSWORD)


@pytest.mark.django_db
def test_the_form_is_labelled_and_keeps_where_to_go(client):
    form = read(client.get("/accounts/login/?next=/measures/")).select_one("main form")

    assert [words(label) for label in form.select("label")] == ["User name", "Password"]
    assert form.select_one("input[name=next]")["value"] == "/measures/"
    assert form.select_one("#id_password")["autocomplete"] == "current-password"


@pytest.mark.django_db
def test_blank_fields_are_named_in_a_summary_that_leads_to_them(client):
    page = read(client.post("/accounts/login/", {"username": "", "password": "", "next": "/measures/"}))

    links = {link["href"]: words(link) for link in page.select(".govuk-error-summary a")}
    assert set(links) == {"#id_username", "#id_password"}
    for field in page.select(".govuk-input--error"):
        assert page.select_one(f"#{field['aria-describedby']}")
    assert page.title.get_text().startswith("Error:")
    assert page.select_one("input[name=next]")["value"] == "/measures/"


def test_a_wrong_password_is_refused_without_saying_which_was_wrong(client, account):
    page = read(client.post("/accounts/login/", {"username": "reader", "password": "wrong"}))

    [error] = page.select(".govuk-error-summary li")
    assert "correct" in words(error)
    assert page.select_one("#id_username")["value"] == "reader"
    assert "value" not in page.select_one("#id_password").attrs
    assert "_auth_user_id" not in client.session


def test_signing_in_leads_on_to_the_page_asked_for(client, account):
    answer = client.post(
        "/accounts/login/", {"username": "reader", "password": PASSWORD, "next": "/measures/"}
    )

    assert (answer.status_code, answer["Location"]) == (302, "/measures/")


def test_nobody_is_led_to_another_site(client, account):
    answer = client.post(
        "/accounts/login/", {"username": "reader", "password": PASSWORD, "next": "https://example.org/"}
    )

    assert answer["Location"] == "/"


def test_who_is_signed_in_already_is_told_why_the_page_came_back(client, account):
    client.force_login(account)

    page = read(client.get("/accounts/login/?next=/admin/"))

    assert "You are signed in as reader" in words(page.main)
    assert "may not open the page you asked for" in words(page.main)


@pytest.mark.parametrize("path", ["/accounts/logout/", "/admin/logout/"])
def test_signing_out_is_said_on_a_page_of_the_site(client, account, path):
    account.is_staff = True  # else the admin's page leads to its sign-in
    account.save()
    client.force_login(account)

    page = read(client.post(path))

    assert words(page.h1) == "You are signed out"
    assert words(page.header).startswith("Evidence on")
    assert "Signed in as" not in words(page)
    assert client.get("/manage/").status_code == 302


CHANGE = "/accounts/password/"
NEW = "four words nobody knows"


def sent(old=PASSWORD, new=NEW, again=NEW) -> dict[str, str]:
    return {"old_password": old, "new_password1": new, "new_password2": again}


@pytest.mark.parametrize("path", [CHANGE, "/admin/password_change/"])
def test_everybody_with_an_account_changes_the_own_password_and_other_sessions_end(client, account, path):
    elsewhere = Client()
    for one in (client, elsewhere):
        one.force_login(account)
    shown = page_of(client.get(path))
    assert (page_faults(shown), policy_faults(shown)) == ([], [])
    assert shown.select_one(f".evidence-workbench__account a[href='{CHANGE}']")

    done = client.post(path, sent(), follow=True)

    assert "Your password is changed" in words(page_of(done).main)
    account.refresh_from_db()
    assert account.check_password(NEW)
    assert client.get(CHANGE).status_code == 200
    assert elsewhere.get(CHANGE).status_code == 302
    event = AuditEvent.objects.get(event_type="password_changed")
    assert (event.created_by, event.detail) == ("reader", {})


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        (sent(old="not this"), "#id_old_password"),
        (sent(again="something else again"), "#id_new_password2"),
        (sent(new="short", again="short"), "#id_new_password2"),
        (sent(new="password1234", again="password1234"), "#id_new_password2"),
        ({}, "#id_old_password"),
    ],
)
def test_a_password_that_cannot_be_taken_is_refused_beside_its_field(client, account, wrong, field):
    client.force_login(account)

    refused = client.post(CHANGE, wrong)

    assert refused.status_code == 400
    page = page_of(refused)
    links = [words(link) for link in page.select(".govuk-error-summary a")]
    assert len(set(links)) == len(links), "each says which field it speaks of"
    assert (page_faults(page), policy_faults(page)) == ([], [])
    assert field in {link["href"] for link in page.select(".govuk-error-summary a")}
    assert not any("value" in one.attrs for one in page.select("input[type=password]"))
    account.refresh_from_db()
    assert account.check_password(PASSWORD)


@pytest.mark.django_db
def test_a_stranger_has_no_password_to_change(client):
    assert client.get(CHANGE)["Location"] == f"/accounts/login/?next={CHANGE}"
    assert client.post(CHANGE, sent())["Location"] == f"/accounts/login/?next={CHANGE}"


@pytest.mark.parametrize("path", ["/accounts/logout/", "/admin/logout/"])
def test_signing_out_makes_the_browser_forget_what_a_tab_kept(client, account, path):
    client.force_login(account)

    assert "Clear-Site-Data" not in client.get(path)
    assert client.post(path)["Clear-Site-Data"] == '"storage"'

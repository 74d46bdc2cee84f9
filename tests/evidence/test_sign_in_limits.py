"""Guessing passwords is slowed, in words, on both pages to sign in; nobody is shut out for good or by another's guesses."""

import logging
from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.contrib.auth import get_user_model
from django.test import Client, RequestFactory
from django.utils import timezone
from page_checks import page_faults, policy_faults, read, words

from studies.models import AuditEvent
from studies.sign_in import MOST_FOR_ONE_NAME, MOST_FROM_ONE_ADDRESS, client_address


pytestmark = pytest.mark.django_db

PASSWORD = "a long enough password"
PAGES = ("/accounts/login/", "/admin/login/")


@pytest.fixture
def account():
    return get_user_model().objects.create_superuser("reader", password=PASSWORD)


def attempt(name="reader", password="wrong", page=PAGES[0], **more):
    return Client().post(page, {"username": name, "password": password, "next": "/measures/"}, **more)


def fail(times: int, **more) -> list[int]:
    return [attempt(**more).status_code for _ in range(times)]


@pytest.mark.parametrize("page", PAGES)
def test_the_fifth_wrong_password_brings_a_page_that_says_when_to_try_again(account, page):
    assert fail(4, page=page) == [200] * 4
    refused = attempt(page=page)

    assert refused.status_code == 429
    shown = read(refused)
    assert (page_faults(shown), policy_faults(shown)) == ([], [])
    ends = timezone.now() + timedelta(minutes=15)
    assert any(
        f"try again at {timezone.localtime(ends + timedelta(minutes=m)):%H:%M}" in words(shown)
        for m in (0, 1)
    )
    assert 880 < int(refused["Retry-After"]) <= 900
    assert "no-store" in refused["Cache-Control"]
    # The right password is no way round the pause, on neither page.
    for other in PAGES:
        assert attempt(password=PASSWORD, page=other).status_code == 429


def test_what_is_tried_during_the_pause_does_not_lengthen_it(account):
    fail(5)
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=10))

    refused = attempt()

    assert 280 < int(refused["Retry-After"]) <= 300
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=15, seconds=1))
    assert attempt(password=PASSWORD).status_code == 302
    assert not AccessAttempt.objects.exists()


def test_right_password_forgets_the_wrong_ones_of_that_name_only(account):
    get_user_model().objects.create_user("colleague", password=PASSWORD)
    fail(4)
    assert attempt(name="colleague", password=PASSWORD).status_code == 302
    assert AccessAttempt.objects.get().failures_since_start == 4

    assert attempt(password=PASSWORD).status_code == 302
    assert not AccessAttempt.objects.exists()


def test_another_address_is_not_held_up_by_guesses_from_this_one(account):
    fail(5)
    assert attempt(password=PASSWORD, REMOTE_ADDR="192.0.2.7").status_code == 302


def test_names_that_do_not_exist_are_held_up_alike(account):
    assert fail(5, name="nobody")[-1] == 429


def test_many_names_from_one_address_are_stopped(account):
    for number in range(MOST_FROM_ONE_ADDRESS):
        AccessAttempt.objects.create(
            username=f"name-{number}", ip_address="127.0.0.1", user_agent="x", failures_since_start=1
        )
    assert attempt(password=PASSWORD).status_code == 429
    assert attempt(password=PASSWORD, REMOTE_ADDR="192.0.2.7").status_code == 302


def test_one_name_from_many_addresses_is_stopped(account):
    for number in range(MOST_FOR_ONE_NAME // 4):
        AccessAttempt.objects.create(
            username="reader", ip_address=f"192.0.2.{number}", user_agent="x", failures_since_start=4
        )
    refused = attempt(password=PASSWORD)
    assert refused.status_code == 429
    assert int(refused["Retry-After"]) > 800


def test_an_admin_ends_the_wait_and_it_is_on_record(account, client):
    get_user_model().objects.create_user("colleague", password=PASSWORD)
    fail(5, name="colleague")
    client.force_login(account)
    held = AccessAttempt.objects.get()
    listed = client.get("/admin/axes/accessattempt/")
    assert "colleague" in words(read(listed))
    assert client.get(f"/admin/axes/accessattempt/{held.pk}/change/").status_code == 200

    done = client.post(
        "/admin/axes/accessattempt/",
        {"action": "delete_selected", "_selected_action": [held.pk], "post": "yes"},
    )

    assert done.status_code == 302
    assert attempt(name="colleague", password=PASSWORD).status_code == 302
    event = AuditEvent.objects.get(event_type="sign_in_wait_ended")
    assert (event.created_by, event.detail) == ("reader", {"name": "colleague", "failures": 5})


def test_no_password_is_kept_or_logged(account, caplog):
    """Nor a name: it may be a password that was typed into the wrong field."""
    caplog.set_level(logging.DEBUG)
    for _ in range(6):
        attempt(name="typed-in-the-wrong-field", password="my-own-secret")

    [held] = AccessAttempt.objects.values()
    assert "my-own-secret" not in str(held)
    assert "my-own-secret" not in caplog.text
    assert "typed-in-the-wrong-field" not in caplog.text


@pytest.mark.parametrize(
    ("behind", "headers", "found"),
    [
        (False, {"REMOTE_ADDR": "192.0.2.1", "HTTP_X_FORWARDED_FOR": "203.0.113.9"}, "192.0.2.1"),
        (True, {"REMOTE_ADDR": "10.0.0.1", "HTTP_X_FORWARDED_FOR": "203.0.113.9"}, "203.0.113.9"),
        (True, {"REMOTE_ADDR": "10.0.0.1", "HTTP_X_FORWARDED_FOR": "1.1.1.1, 203.0.113.9"}, "203.0.113.9"),
        (True, {"REMOTE_ADDR": "10.0.0.1", "HTTP_X_FORWARDED_FOR": "203.0.113.9:5001"}, "203.0.113.9"),
        (True, {"REMOTE_ADDR": "10.0.0.1", "HTTP_X_FORWARDED_FOR": "[2001:db8:1:2:3::4]:443"}, "2001:db8:1:2::"),
        (True, {"REMOTE_ADDR": "10.0.0.1", "HTTP_X_FORWARDED_FOR": "2001:db8:1:2:3:4:5:6"}, "2001:db8:1:2::"),
        (True, {"REMOTE_ADDR": "10.0.0.1", "HTTP_X_FORWARDED_FOR": "::ffff:203.0.113.9"}, "203.0.113.9"),
        (True, {"REMOTE_ADDR": "10.0.0.1", "HTTP_X_FORWARDED_FOR": "no address'; --"}, None),
        (True, {"REMOTE_ADDR": "10.0.0.1"}, "10.0.0.1"),
        (False, {"REMOTE_ADDR": ""}, None),
    ],
)  # fmt: skip
def test_the_address_that_counts(settings, behind, headers, found):
    settings.BEHIND_PROXY = behind
    assert client_address(RequestFactory().get("/", **headers)) == found


def test_behind_a_proxy_one_client_does_not_hold_up_another(account, settings):
    settings.BEHIND_PROXY = True
    proxy = {"REMOTE_ADDR": "10.0.0.1"}
    assert fail(5, HTTP_X_FORWARDED_FOR="203.0.113.9", **proxy)[-1] == 429
    # What a client writes into the header itself does not make it another one.
    assert (
        attempt(password=PASSWORD, HTTP_X_FORWARDED_FOR="198.51.100.4, 203.0.113.9", **proxy).status_code
        == 429
    )
    assert attempt(password=PASSWORD, HTTP_X_FORWARDED_FOR="198.51.100.4", **proxy).status_code == 302


def test_without_an_address_failures_are_counted_all_the_same(account):
    assert fail(5, REMOTE_ADDR="")[-1] == 429


def test_a_password_that_the_program_itself_checks_is_neither_counted_nor_held_up(account):
    assert not Client().login(username="reader", password="wrong")
    fail(5)

    assert attempt(password=PASSWORD).status_code == 429
    assert Client().login(username="reader", password=PASSWORD)

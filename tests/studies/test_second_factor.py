"""The second factor: asked of whoever may change what readers see, where it is on; set up, given, lost, removed."""

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django_otp.oath import totp
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice
from page_checks import page_faults, policy_faults, read, words

from studies.actions import second_factor
from studies.models import AuditEvent
from studies.permissions import Role
from tests.studies.actions.people import person


pytestmark = pytest.mark.django_db

HERE = "/accounts/second-factor/"
QUEUE = "/manage/appraisals/"


@pytest.fixture
def asked(settings):
    settings.SECOND_FACTOR = True


def client_of(who) -> Client:
    client = Client()
    client.force_login(who)
    return client


def code_of(who) -> str:
    """What the person's app shows now."""
    device = TOTPDevice.objects.get(user=who)
    return f"{totp(device.bin_key, device.step, device.t0, device.digits):06d}"


def later(who) -> None:
    """Half a minute and a pause later: the app shows another code, and nobody waits."""
    TOTPDevice.objects.filter(user=who).update(last_t=-1, throttling_failure_count=0)


def set_up(who) -> tuple[Client, list[str]]:
    """The person's client, let through, and the recovery codes."""
    client = client_of(who)
    client.get(HERE)
    shown = client.post(HERE, {"code": code_of(who), "next": QUEUE})
    assert shown.status_code == 200, words(read(shown).main)
    later(who)
    return client, [words(one) for one in read(shown).select(".evidence-codes code")]


@pytest.mark.parametrize("role", [*Role, None])
def test_it_is_asked_of_whoever_may_change_what_others_read(asked, role):
    client = client_of(person("someone", role, is_superuser=role is None, is_staff=role is None))
    shut = role is not Role.ANALYST

    for path in ("/manage/", QUEUE, "/admin/", "/sources/?q=a", "/"):
        shown = client.get(path)
        led_away = shown.status_code == 302 and shown["Location"].startswith(HERE)
        assert led_away == shut, path
    assert client.get(HERE).status_code == (200 if shut else 404)
    if shut:
        assert client.get("/sources/?q=a")["Location"] == f"{HERE}?next=/sources/%3Fq%3Da"
        assert client.post("/manage/appraisals/assign/", {}).status_code == 302
        assert client.post("/accounts/logout/").status_code == 200
        assert client.get("/").status_code == 200


def test_it_is_off_unless_it_is_asked_for(client):
    client.force_login(person("someone", Role.APPRAISER))
    assert client.get(QUEUE).status_code == 200
    assert client.get(HERE).status_code == 404


def test_readers_meet_nothing_of_it(asked, client):
    assert client.get("/").status_code == 200
    assert client.get(HERE)["Location"] == f"/accounts/login/?next={HERE}"


def test_setting_it_up_shows_a_picture_a_key_and_once_the_recovery_codes(asked):
    who = person("someone", Role.APPRAISER)
    client = client_of(who)

    page = client.get(f"{HERE}?next={QUEUE}")
    shown = read(page)
    assert (page_faults(shown), policy_faults(shown)) == ([], [])
    assert shown.select_one(".evidence-qr svg path")
    assert not shown.select("#workbench-navigation"), "no links that lead nowhere yet"
    assert not shown.select(".evidence-workbench__account a")
    assert "no-store" in page["Cache-Control"]
    key = words(shown.select_one(".evidence-key")).replace(" ", "")
    assert words(read(client.get(HERE)).select_one(".evidence-key")).replace(" ", "") == key
    assert len(key) == 32

    refused = client.post(HERE, {"code": "000000", "next": QUEUE})
    assert refused.status_code == 400
    shown = read(refused)
    assert (page_faults(shown), policy_faults(shown)) == ([], [])
    assert shown.select_one("input[name=next]")["value"] == QUEUE
    assert "recovery code" not in words(shown.main), "there is none yet"
    assert client.get(QUEUE).status_code == 302

    soon = client.post(HERE, {"code": code_of(who), "next": QUEUE})
    assert "Try again in 1 second." in words(read(soon).select_one(".govuk-error-summary"))
    later(who)
    before = client.session.session_key
    codes = client.post(HERE, {"code": code_of(who), "next": QUEUE})
    assert codes.status_code == 200
    assert (page_faults(read(codes)), policy_faults(read(codes))) == ([], [])
    listed = [words(one) for one in read(codes).select(".evidence-codes code")]
    assert len(set(listed)) == 10
    assert client.session.session_key != before
    assert client.get(QUEUE).status_code == 200
    assert "10 recovery codes are left" in words(read(client.get(HERE)).main)
    assert read(client.get(QUEUE)).select_one(f".evidence-workbench__account a[href='{HERE}']")
    assert not any(code in client.get(HERE).content.decode() for code in listed)
    event = AuditEvent.objects.get(event_type="second_factor_set_up")
    assert (event.created_by, event.detail) == ("someone", {})


def test_next_sign_in_asks_for_the_code_and_takes_each_once(asked):
    who = person("someone", Role.LOADER)
    set_up(who)
    client = client_of(who)
    assert "Give your second factor" in words(read(client.get(HERE)).main)
    assert not read(client.get(HERE)).select(".evidence-qr")

    assert client.post(HERE, {"code": "12345", "next": "/manage/loads/"}).status_code == 400
    later(who)
    code = code_of(who)
    done = client.post(HERE, {"code": f"{code[:3]} {code[3:]}", "next": "/manage/loads/"})
    assert (done.status_code, done["Location"]) == (302, "/manage/loads/")
    assert client.get("/manage/loads/").status_code == 200
    assert client_of(who).post(HERE, {"code": code}).status_code == 400


def test_recovery_code_opens_once_and_can_be_renewed(asked):
    who = person("someone", Role.LOADER)
    known, codes = set_up(who)

    assert client_of(who).post(HERE, {"code": f" {codes[0].upper()} "}).status_code == 302
    assert client_of(who).post(HERE, {"code": codes[0]}).status_code == 400
    assert "9 recovery codes are left" in words(read(known.get(HERE)).main)
    renewed = [words(one) for one in read(known.post(HERE, {"renew": "1"})).select(".evidence-codes code")]
    assert len(renewed) == 10
    assert client_of(who).post(HERE, {"code": codes[1]}).status_code == 400
    events = set(AuditEvent.objects.values_list("event_type", flat=True))
    assert {"recovery_code_used", "recovery_codes_renewed"} <= events


def test_guesses_are_slowed_more_and_more(asked):
    who = person("someone", Role.LOADER)
    set_up(who)
    client = client_of(who)
    TOTPDevice.objects.update(throttling_failure_count=0)
    assert "not right" in words(read(client.post(HERE, {"code": "000000"})).main)
    TOTPDevice.objects.update(throttling_failure_count=10)

    said = words(read(client.post(HERE, {"code": code_of(who)})).main)

    assert "After a wrong code there is a pause. Try again in 5" in said


def test_a_password_alone_neither_replaces_the_app_nor_makes_codes(asked):
    who = person("someone", Role.LOADER)
    set_up(who)
    kept = TOTPDevice.objects.get().key, set(StaticToken.objects.values_list("token", flat=True))
    thief = client_of(who)

    for sent in ({}, {"code": ""}, {"code": "\x00"}, {"code": "١٢٣٤٥٦"}, {"code": "x" * 5000}):
        later(who)
        StaticToken.objects.first().device.throttle_reset()
        assert thief.post(HERE, sent).status_code == 400, sent
    assert (TOTPDevice.objects.get().key, set(StaticToken.objects.values_list("token", flat=True))) == kept
    assert thief.get("/manage/loads/").status_code == 302


def test_the_second_factor_of_one_account_does_not_open_another(asked):
    mine, other = person("mine", Role.LOADER), person("other", Role.LOADER)
    _, codes = set_up(mine)
    set_up(other)
    for code in (code_of(mine), codes[0]):
        later(other)
        assert client_of(other).post(HERE, {"code": code}).status_code == 400


def test_an_admin_removes_a_lost_one_on_record_and_sees_no_key(asked):
    who, root = person("someone", Role.LOADER), get_user_model().objects.create_superuser("root")
    lost, _ = set_up(who)
    admin, _ = set_up(root)
    device = TOTPDevice.objects.get(user=who)
    for path in ("/admin/otp_totp/totpdevice/", f"/admin/otp_totp/totpdevice/{device.pk}/change/"):
        shown = admin.get(path)
        assert shown.status_code == 200
        assert device.key not in shown.content.decode()
    assert admin.get("/admin/otp_static/staticdevice/").status_code == 404
    assert admin.get(f"/admin/otp_totp/totpdevice/{device.pk}/qrcode/").status_code in {302, 404}

    admin.post(f"/admin/otp_totp/totpdevice/{device.pk}/delete/", {"post": "yes"})

    assert lost.get("/manage/loads/").status_code == 302
    assert "Set up your second factor" in words(read(lost.get(HERE)).main)
    event = AuditEvent.objects.get(event_type="second_factor_removed")
    assert (event.created_by, event.detail) == ("root", {"account": "someone"})


def test_a_password_alone_does_not_change_the_password(asked):
    """Else who has stolen one could shut its owner out."""
    who = person("someone", Role.LOADER)
    known, _ = set_up(who)
    sent = {"old_password": "x", "new_password1": "four words nobody knows", "new_password2": "x"}

    for path in ("/accounts/password/", "/admin/password_change/"):
        for answer in (client_of(who).get(path), client_of(who).post(path, sent)):
            assert (answer.status_code, answer["Location"]) == (302, f"{HERE}?next={path}")
    assert known.get("/accounts/password/").status_code == 200


def test_who_looked_at_the_key_before_its_owner_knows_no_code_of_the_owner(asked):
    """The first password is known to who made the account."""
    who = person("someone", Role.LOADER)
    curious, owner = client_of(who), client_of(who)
    shown = [words(read(one.get(HERE)).select_one(".evidence-key")) for one in (curious, owner)]
    assert shown[0] != shown[1]
    assert words(read(curious.get(HERE)).select_one(".evidence-key")) == shown[0]
    first, second = TOTPDevice.objects.order_by("pk")
    code = f"{totp(second.bin_key):06d}"

    assert curious.post(HERE, {"code": code}).status_code == 400
    assert owner.post(HERE, {"code": code}).status_code == 200

    assert TOTPDevice.objects.get().key == second.key
    later(who)
    assert curious.post(HERE, {"code": f"{totp(first.bin_key):06d}"}).status_code == 400
    assert curious.get("/manage/loads/").status_code == 302


def test_a_code_that_is_sent_twice_ends_no_recovery_codes(asked):
    who = person("someone", Role.LOADER)
    known, codes = set_up(who)

    again = known.post(HERE, {"code": code_of(who), "next": "/manage/loads/"})

    assert (again.status_code, again["Location"]) == (302, f"{HERE}?next=%2Fmanage%2Floads%2F")
    assert "10 recovery codes are left" in words(read(known.get(again["Location"])).main)
    assert client_of(who).post(HERE, {"code": codes[0]}).status_code == 302


def test_of_two_windows_that_set_it_up_at_once_the_slower_is_led_to_the_code(asked, monkeypatch):
    who = person("someone", Role.LOADER)
    set_up(who)
    slower, app_of = client_of(who), second_factor.app_of
    first_look = iter([None])
    monkeypatch.setattr(second_factor, "app_of", lambda user: next(first_look, app_of(user)))

    answer = slower.get(f"{HERE}?next={QUEUE}")

    assert (answer.status_code, answer["Location"]) == (302, f"{HERE}?next={QUEUE}")
    assert "Give your second factor" in words(read(slower.get(answer["Location"])).main)


def test_removing_several_apps_of_one_account_is_one_event(asked):
    who, root = person("someone", Role.LOADER), get_user_model().objects.create_superuser("root")
    for _ in range(2):
        client_of(who).get(HERE)
    admin, _ = set_up(root)
    chosen = list(TOTPDevice.objects.filter(user=who).values_list("pk", flat=True))
    assert len(chosen) == 2

    admin.post(
        "/admin/otp_totp/totpdevice/",
        {"action": "delete_selected", "_selected_action": chosen, "post": "yes"},
    )

    assert not TOTPDevice.objects.filter(user=who).exists()
    assert AuditEvent.objects.filter(event_type="second_factor_removed").count() == 1


def test_a_form_that_saves_itself_is_told_in_place_of_a_page(asked):
    client = client_of(person("someone", Role.APPRAISER))
    sent = client.post("/manage/appraisals/round-1-appraisal-1/draft/", {}, headers={"HX-Request": "true"})
    assert sent.status_code == 401


def test_nobody_is_led_to_another_site(asked):
    who = person("someone", Role.LOADER)
    set_up(who)
    done = client_of(who).post(HERE, {"code": code_of(who), "next": "https://example.org/"})
    assert (done.status_code, done["Location"]) == (302, "/")

"""NUL, which the database takes in no text, breaks no page of the workbench, wherever it stands in an address or form."""

import pytest
from django.test import Client

from tests.studies.actions.people import Round


pytestmark = pytest.mark.django_db
NUL = "\0"


@pytest.fixture
def pair(loaded) -> Round:
    return Round()


@pytest.mark.parametrize(
    "address",
    [
        "/manage/appraisals/assign/?source=%00",
        "/manage/findings/?source=%00",
        "/manage/findings/?finding=%00",
        "/manage/instruments/{instrument}/?source=%00",
        "/manage/instruments/new/?from=%00",
    ],
)
def test_address(pair, address):
    client = Client()
    client.force_login(pair.lead)
    assert client.get(address.format(instrument=pair.instrument.pk)).status_code == 200


@pytest.mark.parametrize(
    ("who", "address", "sent"),
    [
        ("lead", "/manage/appraisals/rounds/{round}/cancel/", {"reason": f"Because.{NUL}"}),
        ("lead", "/manage/appraisals/rounds/{round}/replace/{mine}/", {"person": NUL}),
        ("lead", "/manage/appraisals/ratings/small-study/withdraw/", {"reason": f"Because.{NUL}"}),
        ("lead", "/manage/instruments/new/", {"description": NUL}),
        ("first", "/manage/appraisals/{mine}/declare/", {"interest_declared": "yes", "interest": f"Mine.{NUL}"}),
        ("first", "/manage/appraisals/{mine}/declare/", {"interest_declared": NUL}),
    ],
)  # fmt: skip
def test_form(pair, who, address, sent):
    client = Client()
    client.force_login(getattr(pair, who))
    address = address.format(round=pair.opened.pk, mine=pair.of(pair.first).pk)
    assert client.post(address, sent).status_code < 500


def test_draft(pair):
    client = Client()
    client.force_login(pair.first)
    address = f"/manage/appraisals/{pair.of(pair.first).pk}/"
    client.post(f"{address}declare/", {"interest_declared": "no"})
    names = ["form_token", "answer-clear-method", "note-clear-method", "override_rating", "rationale"]
    for path in (address, f"{address}draft/"):
        assert (
            client.post(path, {"version": "0", "action": "save", **dict.fromkeys(names, NUL)}).status_code
            < 500
        )

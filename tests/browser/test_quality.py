"""The pages of quality, with the sources of the small base."""

import pytest

from studies.permissions import Role
from tests.browser.test_appraise import keep
from tests.studies.actions.people import Round, entry, person
from tests.studies.pooled_base import make_poolable
from tests.studies.tiny_base import TinyBase


pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def loaded(tmp_path, transactional_db):
    folder = tmp_path / "poolable"
    folder.mkdir()
    assert make_poolable(TinyBase(folder)).load().committed
    pair = Round()
    pair.submit(pair.first, entry(method="unclear"))
    pair.submit(pair.second, entry(method="unclear"))
    person("chief", Role.LEAD_REVIEWER, password="for this test alone")


@pytest.mark.parametrize("width", [1280, 320])
def test_pages_of_quality_are_accessible_at_both_widths(live_server, page_at, axe, loaded, width):
    page = page_at(width)
    page.goto(f"{live_server.url}/accounts/login/?next=/manage/instruments/")
    page.get_by_label("User name").fill("chief")
    page.get_by_label("Password").fill("for this test alone")
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("heading", name="Instruments", level=1).wait_for()
    page.get_by_role("link", name="Small tool", exact=True).click()
    instrument = page.url.removeprefix(live_server.url)

    for path in ("/quality/", "/quality/agreement/", instrument, "/manage/findings/", "/manage/instruments/"):
        page.goto(f"{live_server.url}{path}")
        keep(page, f"{path.strip('/').replace('/', '-')}-{width}")
        assert axe(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth") == width, path
        ends = page.evaluate(
            "[...document.querySelectorAll('.evidence-scroll caption')].map((c) => c.getBoundingClientRect().right)"
        )
        if path == "/manage/instruments/":
            assert ends, path
            assert max(ends) <= width, "a caption is read without scrolling its table"

"""Two appraisers and a lead reviewer at work in a real browser: the story of `tests/journeys/test_appraise.py`."""

import os
import re

import pytest

from studies.actions import rounds
from studies.models import Appraisal, Instrument, Source
from studies.permissions import Role
from tests.studies.actions.people import person
from tests.studies.pooled_base import ALL_FIVE, WITHOUT_A, make_poolable
from tests.studies.tiny_base import TinyBase


pytestmark = pytest.mark.django_db(transaction=True)

PASSWORD = "for this test alone"


@pytest.fixture
def people(tmp_path, transactional_db):
    folder = tmp_path / "poolable"
    folder.mkdir()
    report = make_poolable(TinyBase(folder)).load()
    assert report.committed, report.issues
    names = {"lead": Role.LEAD_REVIEWER, "one": Role.APPRAISER, "two": Role.APPRAISER}
    found = {name: person(name, role, password=PASSWORD) for name, role in names.items()}
    rounds.assign(
        source=Source.objects.get(pk="study-a"),
        instrument=Instrument.objects.get(),
        appraisers=[found["one"], found["two"]],
        by=found["lead"],
    )
    return found


def keep(page, name):
    """A picture for people to look at, where a folder for them is named."""
    if folder := os.environ.get("EVIDENCE_PICTURES"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def sign_in(page, server, name):
    page.goto(f"{server.url}/accounts/login/?next=/manage/appraisals/")
    page.get_by_label("User name").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("heading", name="Appraisals", level=1).wait_for()


def sound(page, axe, name):
    """The page at hand is accessible and no wider than its window."""
    keep(page, name)
    assert axe(page) == [], name
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), name


def appraise(page, axe, method, width):
    page.get_by_role("link", name="The study-a report").click()
    sound(page, axe, f"declare-{width}")
    page.get_by_label("I have no interest in this source").check()
    page.get_by_role("button", name="Continue").click()
    sound(page, axe, f"form-{width}")
    question = page.get_by_role("group", name="Is the method clear?")
    question.get_by_label(method, exact=True).check()
    page.get_by_label("Reason for the answer to question 1").fill(f"Why I said {method}.")
    page.get_by_text("Draft saved at").wait_for()
    assert "1 of 2 questions answered" in page.locator("#draft-state").inner_text()
    page.get_by_role("group", name="Is the sample described?").get_by_label("Yes", exact=True).check()
    page.get_by_label("Why the source earns this rating").fill(f"The method: {method}.")
    page.reload()
    # Nothing is lost by a reload, not even what was typed in the last second.
    assert page.get_by_label("Reason for the answer to question 1").input_value() == f"Why I said {method}."
    assert page.get_by_label("Why the source earns this rating").input_value() == f"The method: {method}."
    page.get_by_text("2 of 2 questions answered").first.wait_for()
    page.get_by_role("button", name="Submit the appraisal").click()
    page.get_by_text("Submitted on").wait_for()
    sound(page, axe, f"handed-in-{width}")


def restricted_result(page, server):
    """What readers see of the studies of better quality alone: in the table behind the forest plot, and drawn.

    The share, its limits and the number of studies, as the page of consequences words them.
    """
    page.goto(f"{server.url}/measures/suspect-sex/?category=male")
    row = " ".join(page.locator("tr").filter(has_text="Better quality only").first.text_content().split())
    share, low, high = re.findall(r"\d+\.\d%", row)[:3]
    drawn = page.locator(".js-plotly-plot").filter(has_text="Better quality only").first
    drawn.wait_for()
    assert share in drawn.text_content()
    studies = re.search(r"(\d+) studies", row)[1]
    return f"{share} ({low} to {high}), {studies} studies"


def test_two_appraise_on_different_screens_and_the_lead_reviewer_settles_it(
    live_server, page_at, axe, people
):
    reader = page_at(1280)
    assert restricted_result(reader, live_server) == ALL_FIVE
    for name, method, width in (("one", "Yes", 1280), ("two", "No", 320)):
        page = page_at(width)
        sign_in(page, live_server, name)
        sound(page, axe, f"queue-{width}")
        appraise(page, axe, method, width)

    for width in (320, 1280):
        page = page_at(width)
        sign_in(page, live_server, "lead")
        sound(page, axe, f"lead-queue-{width}")
        page.goto(f"{live_server.url}/manage/appraisals/assign/")
        sound(page, axe, f"assign-{width}")
        page.goto(f"{live_server.url}/manage/appraisals/")
        page.get_by_role("link", name="The study-a report").click()
        sound(page, axe, f"round-{width}")
        page.get_by_role("link", name="Reconcile the two appraisals").click()
        sound(page, axe, f"reconcile-{width}")
    page.get_by_role("group", name="Is the method clear?").get_by_label("No", exact=True).check()
    page.get_by_label("Reason for your decision").fill("Page 3 has no account of it.")
    page.get_by_role("button", name="Make this rating final").click()
    page.get_by_text("is final").wait_for()

    assert Appraisal.objects.get(source="study-a", status="final").overall_rating == "weak"
    assert restricted_result(reader, live_server) == WITHOUT_A
    keep(reader, "measure-after")
    for width in (320, 1280):
        page = page_at(width)
        restricted_result(page, live_server)
        sound(page, axe, f"measure-{width}")
    for width in (320, 1280):
        page = page_at(width)
        for path in ("/sources/study-a/", "/sources/study-a/ratings/", "/sources/study-a/consequences/"):
            page.goto(f"{live_server.url}{path}")
            sound(page, axe, f"{path.strip('/').replace('/', '-')}-{width}")


def test_draft_saves_itself_and_a_second_window_loses_nothing(live_server, page_at, people):
    page = page_at(1280)
    sign_in(page, live_server, "one")
    page.get_by_role("link", name="The study-a report").click()
    page.get_by_label("I have no interest in this source").check()
    page.get_by_role("button", name="Continue").click()
    address = page.url
    other = page.context.new_page()
    other.goto(address)

    page.get_by_label("Reason for the answer to question 1").fill("From the first window.")
    page.get_by_text("Draft saved at").wait_for()
    # The form is its own later version: it may go on saving.
    page.get_by_label("Reason for the answer to question 2").fill("From the first window, again.")
    page.locator("input[name=version][value='2']").wait_for(state="attached")
    other.get_by_label("Reason for the answer to question 1").fill("From the second window.")
    other.locator("#draft-status").get_by_text("saved in another window").wait_for()
    other.get_by_role("button", name="Save draft").click()
    other.get_by_text("There is a problem").wait_for()

    assert (
        other.get_by_label("Reason for the answer to question 1").input_value() == "From the second window."
    )
    assert "From the first window." in other.locator(".workbench-answers").first.inner_text()


def test_nothing_typed_is_lost_by_closing_the_tab_or_by_a_session_that_ends(live_server, page_at, people):
    page = page_at(320)
    sign_in(page, live_server, "one")
    page.get_by_role("link", name="The study-a report").click()
    page.get_by_label("I have no interest in this source").check()
    page.get_by_role("button", name="Continue").click()
    address, context = page.url, page.context
    why = "Why the source earns this rating"

    page.wait_for_load_state()
    page.get_by_label(why).fill("Typed a moment before the tab was closed.")
    page.close()
    page = context.new_page()
    # What the closing tab sent may still be on its way when the address is asked for again.
    for _ in range(40):
        page.goto(address)
        if page.get_by_label(why).input_value():
            break
        page.wait_for_timeout(250)
    assert page.get_by_label(why).input_value() == "Typed a moment before the tab was closed."

    # A save that is confirmed while the page goes may come too late for the page that is asked for.
    page.route("**/draft/", lambda route: route.fulfill(status=200, body=""))
    page.get_by_label(why).fill("Typed a moment before a reload.")
    page.reload()
    assert page.get_by_label(why).input_value() == "Typed a moment before a reload."
    page.unroute("**/draft/")
    page.goto(address)

    context.clear_cookies(name="sessionid")
    page.get_by_label(why).fill("Typed after the session had ended.")
    page.locator("#draft-status").get_by_text("you have been signed out").wait_for()
    elsewhere = context.new_page()
    sign_in(elsewhere, live_server, "one")
    page.bring_to_front()
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    page.locator("#draft-status").get_by_text("Draft saved at").wait_for()

    context.clear_cookies(name="sessionid")
    page.get_by_label(why).fill("Sent by the button after the session had ended.")
    page.get_by_role("button", name="Save draft").click()
    page.get_by_role("heading", name="You were signed out").wait_for()
    sign_in(elsewhere, live_server, "one")
    page.get_by_role("button", name="Send it again").click()
    page.get_by_text("Draft saved.").wait_for()
    assert page.get_by_label(why).input_value() == "Sent by the button after the session had ended."


def test_form_works_without_script(live_server, page_at, people):
    page = page_at(320, scripts=False)
    sign_in(page, live_server, "one")
    page.get_by_role("link", name="The study-a report").click()
    page.get_by_label("I have no interest in this source").check()
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("Reason for the answer to question 1").fill("Typed without script.")
    page.get_by_role("button", name="Save draft").click()

    assert page.get_by_label("Reason for the answer to question 1").input_value() == "Typed without script."


CUT_OFF = """() => [...document.querySelectorAll(".js-plotly-plot")].flatMap((area) => {
  const room = area.getBoundingClientRect();
  return [...area.querySelectorAll("svg text")]
    .filter((text) => {
      const box = text.getBoundingClientRect();
      return box.width && (box.left < room.left - 1 || box.right > room.right + 1);
    })
    .map((text) => text.textContent);
})"""


def test_pool_drawn_for_a_phone_is_whole_again_on_a_wide_screen(live_server, page_at, people):
    page = page_at(320)
    page.goto(f"{live_server.url}/measures/suspect-sex/?category=male")
    drawn = page.locator(".js-plotly-plot").filter(has_text="Better quality only").first
    drawn.wait_for()
    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 900})
        page.wait_for_function(
            "wide => [...document.querySelectorAll('.js-plotly-plot')].every("
            "area => Math.abs(area.clientWidth - area.querySelector('.main-svg').clientWidth) < 3"
            " && (area.clientWidth > 560) === wide)",
            arg=width > 560,
        )
        assert page.evaluate(CUT_OFF) == [], width

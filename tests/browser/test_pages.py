"""Every kind of page of the shipped evidence in a real browser, served by the demo command."""

import re
import struct

import pytest
from demo_site import data_folder, running


KNOWN = "/measures/group-suspect-ethnicity-known-only/"
SERIES = "/measures/assessment-episodes-with-factor/"
PAGES = {
    "overview": "/",
    "sources": "/sources/",
    "source": "/sources/casey-2025-national-audit/",
    "findings": "/findings/",
    "measures": "/measures/",
    "measure with two bases": KNOWN,
    "measure with a series": f"{SERIES}?category=child-sexual-exploitation",
    "measure of places": "/measures/suspects-local/",
    "measure in words": "/measures/areas-with-identified-victims/",
    "theme": "/themes/offender-characteristics/",
    "conclusion": "/conclusions/ethnicity-not-known-nationally/",
    "ratings of a source": "/sources/casey-2025-national-audit/ratings/",
    "consequences of a rating": "/sources/casey-2025-national-audit/consequences/",
    "quality": "/quality/",
    "agreement": "/quality/agreement/",
    "methods": "/methods/",
    "nothing found": "/sources/?q=zzzzzz",
    "refused question": "/sources/?quality=superb",
    "not found": "/no-such-page/",
}
WITH_CHARTS = ["overview", "measure with two bases", "measure with a series", "measure of places"]
LISTS = ["/sources/", "/findings/", "/measures/"]
PICTURE = ".evidence-figure__chart .main-svg"


@pytest.fixture(scope="session")
def site(browser):
    """The product as a newcomer starts it. The browser comes first: without one nothing is started."""
    with data_folder() as folder, running("--port", 0, "--data-dir", folder) as demo:
        yield demo.wait_until_serving().url.rstrip("/")


def wait_for_count(page, text: str | re.Pattern) -> None:
    """Until the line above the results matches; a hidden copy of the line is for reading aloud."""
    page.locator(".evidence-count", has_text=text).wait_for()


def open_at(page, site: str, path: str):
    answer = page.goto(site + path)
    if page.locator(".evidence-figure[data-figure]").count() and page.evaluate("Boolean(window.Plotly)"):
        page.locator(PICTURE).first.wait_for()
    return answer


@pytest.mark.parametrize("width", [1280, 320])
@pytest.mark.parametrize("kind", PAGES)
def test_page_can_be_used_by_everybody_at_this_width(site, page_at, axe, kind, width):
    """`page_at` fails the test on any script error or refusal by the content security policy."""
    page = page_at(width)
    open_at(page, site, PAGES[kind])

    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert axe(page) == []
    assert page.locator("h1").count() == 1


@pytest.mark.parametrize("kind", WITH_CHARTS)
def test_every_chart_is_drawn_with_its_table_and_its_files(site, page_at, kind):
    page = page_at(1280)
    open_at(page, site, PAGES[kind])
    figures = page.locator(".evidence-figure[data-figure]")

    assert figures.count() > 0
    for number in range(figures.count()):
        figure = figures.nth(number)
        figure.scroll_into_view_if_needed()
        figure.locator(PICTURE.split()[-1]).first.wait_for()
        assert figure.get_by_role("button", name="Save the chart as PNG").is_visible()
        assert figure.get_by_role("button", name="Save the chart as SVG").is_visible()
        assert figure.get_by_role("img").first.get_attribute("aria-label")
        twin = figure.locator(".evidence-figure__table table").first
        assert not twin.is_visible()
        figure.locator(".evidence-figure__table summary").first.click()
        assert twin.is_visible()
        assert twin.locator("tbody tr").count() > 0


def test_chart_is_saved_as_picture_with_its_words_in_it(site, page_at):
    page = page_at(1280)
    open_at(page, site, KNOWN)
    figure = page.locator("[data-figure$='-bounds-pair']")
    with page.expect_download() as png:
        figure.get_by_role("button", name="Save the chart as PNG").click()
    with page.expect_download() as svg:
        figure.get_by_role("button", name="Save the chart as SVG").click()
    with page.expect_download() as table:
        figure.get_by_role("link", name="Download the figures (CSV)").click()

    assert png.value.suggested_filename.endswith(".png")
    width, height = struct.unpack(">II", png.value.path().read_bytes()[16:24])
    assert width >= 1000
    assert height >= 600
    drawn = svg.value.path().read_text(encoding="utf-8")
    for words in ("28%", "94%", "83%", "provisional", "Source"):
        assert words in drawn
    assert table.value.suggested_filename.startswith("group-suspect-ethnicity")
    assert b"finding_id,measure_id" in table.value.path().read_bytes()


def test_hovering_and_turning_a_phone_break_nothing(site, page_at):
    page = page_at(320)
    open_at(page, site, PAGES["measure with a series"])
    page.locator(PICTURE).first.hover()
    page.set_viewport_size({"width": 900, "height": 500})
    page.wait_for_function("document.documentElement.scrollWidth === 900")
    page.locator(PICTURE).first.hover()


@pytest.mark.parametrize("path", LISTS)
def test_filter_panel_folds_on_a_phone_and_stands_open_on_a_desktop(site, page_at, path):
    phone, desktop = page_at(320), page_at(1280)
    for page in (phone, desktop):
        open_at(page, site, path)

    assert desktop.get_by_role("searchbox", name="Search").is_visible()
    assert not phone.get_by_role("searchbox", name="Search").is_visible()
    phone.get_by_text("Search and filter", exact=True).click()
    assert phone.get_by_role("searchbox", name="Search").is_visible()
    assert phone.evaluate("document.documentElement.scrollWidth") == 320


def test_choice_changes_count_and_address_without_a_new_page(site, page_at):
    page = page_at(1280)
    open_at(page, site, "/sources/")
    page.evaluate("window.sameDocument = true")
    assert page.locator(".evidence-count").inner_text() == "170 sources"
    page.get_by_label("Policy paper").check()
    wait_for_count(page, "sources of the type Policy paper")

    assert page.url == f"{site}/sources/?source_type=policy_paper"
    assert page.evaluate("window.sameDocument")
    shown = int(page.locator(".evidence-count").inner_text().split()[0])
    assert page.locator(".evidence-result").count() == min(shown, 25)
    assert page.evaluate("document.activeElement.value") == "policy_paper"
    page.locator(".evidence-chip").click()
    wait_for_count(page, re.compile(r"^\s*170 sources\s*$"))
    assert page.url == f"{site}/sources/"


def test_going_back_brings_the_question_back(site, page_at):
    page = page_at(1280)
    open_at(page, site, "/findings/")
    page.get_by_label("Lower bound: at least this").check()
    wait_for_count(page, "findings of the precision")
    page.go_back()
    wait_for_count(page, re.compile(r"^\s*2,344 findings\s*$"))

    assert page.url == f"{site}/findings/"
    assert not page.get_by_label("Lower bound: at least this").is_checked()


def test_words_are_searched_for_on_enter(site, page_at):
    page = page_at(1280)
    open_at(page, site, "/sources/")
    page.get_by_role("searchbox", name="Search").fill("rotherham")
    page.get_by_role("searchbox", name="Search").press("Enter")
    wait_for_count(page, "that match “rotherham”")

    assert page.url == f"{site}/sources/?q=rotherham"
    assert "Rotherham" in page.locator(".evidence-results").inner_text()


def test_refused_year_shows_the_page_that_says_why(site, page_at):
    page = page_at(1280)
    open_at(page, site, "/sources/")
    page.get_by_role("textbox", name="From").fill("1066")
    page.get_by_role("textbox", name="From").press("Enter")
    page.get_by_role("heading", name="This address cannot be answered").wait_for()

    assert "“1066” is not a year between 1800 and 2100" in page.locator("[role=alert]").inner_text()
    assert page.locator(".evidence-result").count() == 0


@pytest.mark.parametrize("path", LISTS)
def test_list_works_without_scripts(site, page_at, path):
    page = page_at(1280, scripts=False)
    page.goto(site + path)
    page.get_by_label("Official statistics").check()
    page.get_by_role("button", name="Apply filters").click()

    assert "source_type=official_statistics" in page.url
    assert "of the type Official statistics" in page.locator(".evidence-count").inner_text()
    assert page.get_by_label("Official statistics").is_checked()
    assert page.locator(".evidence-result").count() > 0


@pytest.mark.parametrize("kind", WITH_CHARTS)
def test_numbers_of_a_chart_are_read_without_scripts(site, page_at, kind):
    for width in (1280, 320):
        page = page_at(width, scripts=False)
        page.goto(site + PAGES[kind])
        figure = page.locator(".evidence-figure[data-figure]").first

        assert figure.locator("table").first.is_visible()
        assert figure.locator("figcaption").is_visible()
        assert not figure.locator(".evidence-figure__chart").is_visible()
        assert page.get_by_role("button", name="Save the chart").count() == 0


def test_figures_of_a_measure_are_chosen_without_scripts(site, page_at):
    page = page_at(1280, scripts=False)
    page.goto(site + SERIES)
    page.get_by_label("Category").select_option(label="Trafficking")
    page.get_by_role("button", name="Show").click()

    assert "category=trafficking" in page.url
    assert page.get_by_label("Category").input_value() == "trafficking"


@pytest.mark.parametrize("kind", ["sources", "measure with two bases", "overview", "source"])
def test_keyboard_focus_is_always_seen(site, page_at, kind):
    """Each stop of the Tab key differs to the eye from the same element without focus."""
    page = page_at(1280)
    open_at(page, site, PAGES[kind])
    stops = []
    for _ in range(25):
        page.keyboard.press("Tab")
        stops.append(
            page.evaluate(
                """() => {
                    const element = document.activeElement;
                    const shown = element.type === "checkbox" ? element.nextElementSibling : element;
                    const look = () => ["", "::before", "::after"].map((part) => {
                        const style = getComputedStyle(shown, part || null);
                        return [style.outlineStyle, style.outlineWidth, style.boxShadow, style.backgroundColor,
                                style.borderWidth, style.borderColor].join("|");
                    }).join("/");
                    const place = element.getBoundingClientRect();
                    const focused = look();
                    element.blur();
                    const plain = look();
                    element.focus({preventScroll: true, focusVisible: true});
                    return {name: element.outerHTML.slice(0, 90), tag: element.tagName, seen: focused !== plain,
                            inView: place.bottom > 0 && place.top < innerHeight};
                }"""
            )
        )

    assert [stop["name"] for stop in stops if stop["tag"] == "BODY"] == []
    assert [stop["name"] for stop in stops if not stop["seen"]] == []
    assert [stop["name"] for stop in stops if not stop["inView"]] == []


@pytest.mark.parametrize("kind", ["sources", "measure with two bases", "source"])
def test_paper_has_no_navigation_and_all_the_numbers(site, page_at, kind):
    page = page_at(1280)
    open_at(page, site, PAGES[kind])
    page.emulate_media(media="print")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")

    for hidden in (
        ".evidence-navigation",
        ".evidence-filters",
        ".govuk-skip-link",
        ".evidence-figure__actions",
    ):
        for number in range(page.locator(hidden).count()):
            assert not page.locator(hidden).nth(number).is_visible()
    assert page.locator("h1").is_visible()
    for number in range(page.locator(".evidence-figure__table table").count()):
        assert page.locator(".evidence-figure__table table").nth(number).is_visible()
    assert page.get_by_text("provisional", exact=False).first.is_visible()


@pytest.mark.parametrize("kind", ["overview", "measure with two bases", "measure with a series"])
def test_less_motion_and_forced_colours_break_nothing(site, page_at, axe, kind):
    page = page_at(1280, reduced_motion="reduce", forced_colors="active")
    open_at(page, site, PAGES[kind])

    assert axe(page) == []
    assert page.locator(PICTURE).first.is_visible()


def test_text_twice_as_large_needs_no_sideways_scrolling(site, page_at):
    page = page_at(640)
    for path in (KNOWN, "/sources/", "/"):
        open_at(page, site, path)
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        assert page.evaluate("document.documentElement.scrollWidth") == 640, path


def test_nothing_is_fetched_from_another_host(site, page_at):
    page = page_at(1280)
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    for path in ("/", KNOWN, "/sources/"):
        open_at(page, site, path)

    assert asked
    assert [url for url in asked if not url.startswith((site, "data:", "blob:"))] == []

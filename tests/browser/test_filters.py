"""The filter panel with and without scripts, and what filters.js adds to it."""

from . import samples


def listing(page, **context) -> list[str]:
    """Serve a list at /list/ that counts one source a filter; returns the addresses asked for."""
    asked: list[str] = []

    def answer(address: str):
        asked.append(address)
        if "q=refuse" in address:
            return 400, samples.html("<p id='why'>Refused</p>", live=True)
        chosen = "Area 11" if "Area+11" in address or "Area%2011" in address else ""
        body = samples.html(
            samples.LISTING, live=True, count=7 if chosen else 38, facet=samples.facet(chosen)
        )
        return 200, body

    samples.serve(page, {"/list/": answer})
    page.goto(f"{samples.ADDRESS}/list/")
    return asked


def test_panel_folds_on_a_phone_and_stands_open_on_a_desktop_without_scripts(page_at):
    phone, desktop = page_at(320, scripts=False), page_at(1280, scripts=False)
    for page in (phone, desktop):
        listing(page)

    assert desktop.get_by_label("Search").is_visible()
    assert not desktop.locator(".evidence-filters > summary").is_visible()
    assert not phone.get_by_label("Search").is_visible()
    phone.get_by_text("Filter", exact=True).click()
    assert phone.get_by_label("Search").is_visible()


def test_plain_form_filters_without_scripts(page_at):
    page = page_at(1280, scripts=False)
    listing(page)
    page.locator("[value='Area 3']").check()
    page.get_by_role("button", name="Apply filters").click()

    assert page.url == f"{samples.ADDRESS}/list/?q=&geography=Area+3"


def test_choice_filters_at_once_and_leaves_blanks_out_of_the_address(page_at):
    page = page_at(1280)
    asked = listing(page)
    page.get_by_text("Show all 12").click()
    page.locator("[value='Area 11']").check()
    page.get_by_role("heading", name="7 sources").wait_for()

    assert page.url == f"{samples.ADDRESS}/list/?geography=Area%2011"
    assert asked[1:] == [page.url]
    assert page.get_by_role("status").inner_text() == "7 sources"
    # The panel came back new from the server; the reader finds the place as it was left.
    assert page.locator("[value='Area 12']").is_visible()
    assert page.evaluate("document.activeElement.value") == "Area 11"


def test_open_panel_stays_open_on_a_phone(page_at):
    page = page_at(320)
    listing(page)
    page.get_by_text("Filter", exact=True).click()
    page.get_by_text("Show all 12").click()
    page.locator("[value='Area 11']").check()
    page.get_by_role("heading", name="7 sources").wait_for(state="attached")

    assert page.locator("[value='Area 12']").is_visible()


def test_figure_that_arrives_with_new_results_is_drawn(page_at):
    page = page_at(1280)
    listing(page)
    page.locator(".main-svg").first.wait_for()
    page.evaluate("document.querySelector('.evidence-figure').dataset.first = 'yes'")
    page.locator("[value='Area 1']").check()
    page.locator(".evidence-figure:not([data-first]) .main-svg").first.wait_for()

    assert page.locator(".evidence-figure .plot-container").count() == 1


def test_refused_filter_shows_the_page_that_says_why(page_at):
    page = page_at(1280)
    listing(page)
    page.get_by_label("Search").fill("refuse")
    page.get_by_label("Search").press("Enter")
    page.locator("#why").wait_for()

    assert page.url == f"{samples.ADDRESS}/list/?q=refuse"


def test_list_passes_the_accessibility_check(page_at, axe):
    for width in (1280, 320):
        page = page_at(width)
        listing(page)
        page.locator(".main-svg").first.wait_for()

        assert axe(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") == width

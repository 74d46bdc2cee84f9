"""Pages as the product itself serves them, with its own headers and an empty store."""

import pytest


PATHS = ["/accessibility/", "/no-such-page/", "/accounts/login/"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("path", PATHS)
def test_page_is_accessible_at_both_widths(live_server, page_at, axe, path):
    for width in (1280, 320):
        page = page_at(width)
        answer = page.goto(f"{live_server.url}{path}")

        assert "unsafe" not in answer.header_value("content-security-policy")
        assert axe(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") == width
        assert page.locator("h1").count() == 1


@pytest.mark.django_db(transaction=True)
def test_keyboard_reaches_the_content_first_and_the_menu_folds_on_a_phone(live_server, page_at):
    page = page_at(320)
    page.goto(f"{live_server.url}/accessibility/")
    menu = page.get_by_role("button", name="Menu")
    menu.wait_for()

    assert menu.get_attribute("aria-expanded") == "false"
    assert not page.get_by_role("link", name="Sources", exact=True).is_visible()
    menu.click()
    assert page.get_by_role("link", name="Sources", exact=True).is_visible()
    page.reload()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to main content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main-content"

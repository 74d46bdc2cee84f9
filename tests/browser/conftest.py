"""A real Chromium for the browser tests, and the accessibility check that runs in it.

`page_at(width)` opens a page; when the test ends, any script error or refusal by the content
security policy on it fails the test. Addresses are those of pytest-django's `live_server`.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest


HERE = Path(__file__).parent
AXE = HERE / "vendor" / "axe.min.js"
AXE_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
ADVICE = "no Chromium found: install one (Debian: apt-get install chromium) or set EVIDENCE_CHROMIUM"
SYSTEM_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def pytest_collection_modifyitems(items):
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)


def find_chromium(own: str) -> str | None:
    """The browser to drive: named by the environment, else playwright's own, else the system's."""
    named = os.environ.get("EVIDENCE_CHROMIUM")
    if named:
        return named
    if Path(own).exists():
        return own
    return next((found for name in SYSTEM_BROWSERS if (found := shutil.which(name))), None)


@pytest.fixture(scope="session")
def browser() -> Iterator:
    from playwright.sync_api import sync_playwright

    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Playwright keeps an event loop in this thread, and Django takes that for asynchronous code.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        path = find_chromium(playwright.chromium.executable_path)
        if path is None:
            (pytest.fail if os.environ.get("CI") else pytest.skip)(ADVICE)
        # Chromium refuses to sandbox itself for root, which is who runs in most containers.
        as_root = getattr(os, "geteuid", lambda: 1)() == 0
        launched = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"] if as_root else [])
        yield launched
        launched.close()


@pytest.fixture
def page_at(browser) -> Iterator[Callable]:
    """Opens a page of a given width in pixels: `page_at(320)`, `page_at(1280, scripts=False)`."""
    contexts, problems = [], []

    def note(message):
        # Refused and missing pages are reported in the same place; tests look at those themselves.
        about_answers = ("Failed to load resource", "Response Status Error Code")
        if message.type == "error" and not message.text.startswith(about_answers):
            problems.append(message.text)

    def open_page(width: int, *, height: int = 900, scripts: bool = True, **options):
        context = browser.new_context(
            viewport={"width": width, "height": height}, java_script_enabled=scripts, **options
        )
        contexts.append(context)
        page = context.new_page()
        page.on("console", note)
        page.on("pageerror", lambda error: problems.append(str(error)))
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not problems


@pytest.fixture
def axe() -> Callable:
    """Checks a page: `axe(page)` returns each violation as "rule: element; element"."""

    def check(page) -> list[str]:
        page.evaluate(AXE.read_text(encoding="utf-8"))
        found = page.evaluate("rules => axe.run({runOnly: rules})", AXE_RULES)
        return [
            f"{violation['id']}: {'; '.join(str(node['target']) for node in violation['nodes'])}"
            for violation in found["violations"]
        ]

    return check

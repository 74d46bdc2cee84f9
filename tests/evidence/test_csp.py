"""The strict content security policy and the other headers, and that no page needs an exception from it."""

import re

import pytest
from bs4 import BeautifulSoup
from page_checks import policy_faults, read


POLICY = {
    "default-src": ["'none'"],
    "script-src": ["'self'"],
    "style-src": ["'self'", "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"],
    "img-src": ["'self'", "data:", "blob:"],
    "font-src": ["'self'"],
    "connect-src": ["'self'"],
    "form-action": ["'self'"],
    "base-uri": ["'none'"],
    "frame-ancestors": ["'none'"],
}
"""The hash is that of the empty text: plotly inserts one empty style element."""

ADDRESSES = [
    "/",
    "/sources/",
    "/healthz",
    "/sources.csv",
    "/sources/?colour=red",
    "/no-such-page/",
    "/accounts/login/",
]
INLINE = re.compile(r"<style|\sstyle\s*=|\son[a-z]+\s*=\s*[\"']|javascript:", re.IGNORECASE)
SCRIPT = re.compile(r"<script(?![^>]*\ssrc=)[^>]*>", re.IGNORECASE)
ELSEWHERE = re.compile(
    r"<(?:script|link|img|iframe)[^>]*(?:src|href)\s*=\s*[\"'](?:https?:)?//", re.IGNORECASE
)


def policy_of(response) -> dict[str, list[str]]:
    parts = [part.split() for part in response["Content-Security-Policy"].split(";") if part.strip()]
    return {name: sources for name, *sources in parts}


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_answer_carries_the_policy(client, shipped, address):
    response = client.get(address)

    assert policy_of(response) == POLICY
    assert "unsafe" not in response["Content-Security-Policy"]
    assert response["X-Frame-Options"] == "DENY"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"


def test_no_template_holds_a_style_or_a_script_of_its_own(settings):
    templates = sorted((settings.BASE_DIR / "templates").rglob("*.html"))
    faults = [
        f"{path.name}: {found.group()}"
        for path in templates
        for pattern in (INLINE, SCRIPT, ELSEWHERE)
        for found in pattern.finditer(path.read_text(encoding="utf-8"))
    ]

    assert len(templates) > 40
    assert faults == []


@pytest.mark.parametrize(
    ("html", "is_fault"),
    [
        ("<p style='color: red'>", True),
        ("<style>p {}</style>", True),
        ("<button onclick='go()'>", True),
        ("<script>go()</script>", True),
        ("<script type='text/javascript'>go()</script>", True),
        ("<a href='javascript:go()'>x</a>", True),
        ("<script src='https://cdn.test/x.js'></script>", True),
        ("<link rel='stylesheet' href='//cdn.test/x.css'>", True),
        ("<script src='/static/x.js' defer></script>", False),
        ("<script type='application/json'>{}</script>", False),
        ("<a href='https://example.org/'>x</a>", False),
        ("<p class='style'>on fire = bad</p>", False),
    ],
)
def test_faults_are_seen(html, is_fault):
    assert bool(policy_faults(BeautifulSoup(html, "html.parser"))) is is_fault


@pytest.mark.parametrize(
    "address",
    [
        "/measures/assessment-episodes-with-factor/",
        "/measures/suspects-local/?geography=Bradford",
        "/measures/offender-ethnicity-ceop-2011-version-b/",
        "/findings/?per_page=100&q=%3Cb%3E",
        "/sources/?q=zzzz",
        "/sources/dfe-children-in-need-2025/",
    ],
)
def test_pages_with_most_on_them_need_no_exception(client, shipped, address):
    response = client.get(address)
    assert response.status_code == 200
    assert policy_faults(read(response)) == []


def test_session_cookie_is_kept_from_scripts(client, admin_user):
    response = client.post("/accounts/login/", {"username": "admin", "password": "password"})
    cookie = response.cookies["sessionid"]

    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


def test_site_that_is_served_over_https_says_so(client, db, settings):
    settings.SECURE_HSTS_SECONDS = 63_072_000
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    response = client.get("/", secure=True)
    assert response["Strict-Transport-Security"] == "max-age=63072000; includeSubDomains"


def test_stranger_host_is_refused(client, db):
    response = client.get("/", headers={"host": "attacker.test"})
    assert response.status_code == 400

"""What every page of the product must have, read from its HTML; and the examples that pages are tried with."""

from collections import Counter
from urllib.parse import urlsplit

from bs4 import BeautifulSoup


EXAMPLES = {
    "source_id": "casey-2025-national-audit",
    "measure_id": "group-suspect-ethnicity-known-only",
    "theme": "offender-characteristics",
    "conclusion_id": "ethnicity-not-known-nationally",
    "file_format": "csv",
    "finding_id": "augusta-2020-f001",
    "reference_format": "ris",
}
"""Parameter of an address → a value of the shipped evidence."""

UNTYPED = {"hidden", "submit", "button"}
"""Kinds of input that need no label: nobody types or chooses anything in them."""


def read(response) -> BeautifulSoup:
    """The page of a response."""
    return BeautifulSoup(response.content.decode(), "html.parser")


def words(element) -> str:
    """The text of an element as a reader meets it: without scripts, white space folded."""
    return " ".join(element.get_text(" ").split())


def body_of(response) -> bytes:
    """The whole body, of a streamed response as well."""
    return b"".join(response.streaming_content) if response.streaming else response.content


def page_faults(page: BeautifulSoup) -> list[str]:
    """What a page lacks: one heading of the first level, a title, a language, labels, captions, single ids."""
    faults = []
    if len(page.select("h1")) != 1:
        faults.append(f"{len(page.select('h1'))} headings of the first level")
    title = page.select_one("head > title")
    if title is None or not title.get_text(strip=True):
        faults.append("no title")
    if page.html.get("lang") != "en":
        faults.append("no language")
    ids = Counter(element["id"] for element in page.select("[id]"))
    faults += [f"id {name} {n} times" for name, n in ids.items() if n > 1]
    faults += [f"no label for {control}" for control in unlabelled(page)]
    faults += [
        f"table without caption: {words(table)[:60]}"
        for table in page.select("table")
        if not (table.caption and words(table.caption))
    ]
    faults += [
        f"heading cell without scope: {words(cell)[:60]}" for cell in page.select("table th:not([scope])")
    ]
    faults += [f"picture without words: {picture}" for picture in page.select("img:not([alt])")]
    faults += [f"broken reference {name}" for name in references(page) if name not in ids]
    return faults


def unlabelled(page: BeautifulSoup) -> list[str]:
    """The controls that a reader could not name."""
    labelled = {label["for"] for label in page.select("label[for]") if words(label)}
    return [
        control.get("name") or control.name
        for control in page.select("input, select, textarea")
        if control.get("type") not in UNTYPED
        and control.get("id") not in labelled
        and not control.get("aria-label")
    ]


def references(page: BeautifulSoup) -> list[str]:
    """The ids that attributes of accessibility and links within the page point to."""
    found = []
    for name in ("aria-labelledby", "aria-describedby", "aria-controls", "for"):
        found += [one for element in page.select(f"[{name}]") for one in element[name].split()]
    return found + [link["href"][1:] for link in page.select("a[href^='#']") if len(link["href"]) > 1]


def policy_faults(page: BeautifulSoup) -> list[str]:
    """What a strict content security policy would refuse, and what would be fetched from another host."""
    faults = [f"style attribute on {element.name}" for element in page.select("[style]")]
    faults += ["style element" for _ in page.select("style")]
    faults += [
        f"script in the page: {script.get_text()[:60]}"
        for script in page.select("script:not([src])")
        if script.get("type") != "application/json"
    ]
    for element in page.select("*"):
        faults += [f"{name} on {element.name}" for name in element.attrs if name.lower().startswith("on")]
    for name in ("src", "href"):
        for element in page.select(
            f"script[{name}], link[{name}], img[{name}], iframe[{name}], source[{name}]"
        ):
            parts = urlsplit(element[name])
            if parts.netloc or parts.scheme not in ("", "data"):
                faults.append(f"fetched from elsewhere: {element[name]}")
    faults += ["address with a script" for _ in page.select("a[href^='javascript:']")]
    return faults

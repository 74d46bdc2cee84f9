"""Small releases of official statistics in the usual forms, and what a person would say of them in the form."""

import csv
import io

from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile


TIDY = (
    "time_period",
    "time_identifier",
    "geographic_level",
    "country_code",
    "country_name",
    "region_code",
    "region_name",
    "old_la_code",
    "new_la_code",
    "la_name",
    "factor",
    "number",
    "all_assessments",
)
PLACES = {
    "E92000001": ("National", "E92000001", "England", "", "", "", "", ""),
    "E12000001": ("Regional", "E92000001", "England", "E12000001", "The Region", "", "", ""),
    **{
        code: ("Local authority", "E92000001", "England", "E12000001", "The Region", old, code, name)
        for code, old, name in (
            ("E08000001", "801", "First Town"),
            ("E08000002", "802", "Second Town"),
            ("E08000003", "803", "Third Town"),
        )
    },
}


def text_of(headings, rows) -> str:
    """A CSV."""
    out = io.StringIO()
    csv.writer(out).writerows([headings, *rows])
    return out.getvalue()


def tidy(year: str, figures: dict[str, tuple[str, str]], factor="Exploitation", headings=TIDY) -> str:
    """A tidy CSV in the form of the Department for Education: area → number and base, and a total of each area."""
    rows = []
    for code, (number, base) in figures.items():
        for name, value in ((factor, number), ("Any factor", base)):
            rows.append([year, "Reporting year", *PLACES[code], name, value, base])
    return text_of(headings, rows)


OBSERVATION = ("Countries Code", "Countries", "Sex Code", "Sex", "Observation")


def observations(**counts: tuple[int, ...]) -> str:
    """A CSV in the form of the Office for National Statistics: country → female, male."""
    codes = {"England": "E92000001", "Wales": "W92000004"}
    rows = []
    for country, numbers in counts.items():
        rows.append([codes[country], country, "-8", "Does not apply", "0"])
        for code, (name, number) in enumerate(zip(("Female", "Male"), numbers, strict=True), start=1):
            rows.append([codes[country], country, str(code), name, str(number)])
    return text_of(OBSERVATION, rows)


def wide(year: str, values: list[list[object]]) -> tuple[tuple[str, list[list[object]]], ...]:
    """The sheets of a workbook with a front page, notes, and a table with two rows of headings and merged cells."""
    return (
        ("Cover", [["Cases by authority"], [f"Year ending March {year}"]]),
        ("Notes", [["Note", "Meaning"], ["1", "Rounded"]]),
        (
            "Table_1",
            [
                [f"Table 1: cases, year ending March {year}"],
                ["This worksheet contains one table."],
                [],
                ["", "", "Cases", "", "Rate", ""],
                ["Code", "Authority", "Number [note 1]", "All", "Number", "All"],
                *values,
                ["Source: returns of all areas"],
            ],
        ),
    )


def upload(client, name: str, content: str | bytes):
    """Upload one file; the answer after every redirection."""
    data = content.encode() if isinstance(content, str) else content
    return client.post("/manage/loads/new/", {"files": [SimpleUploadedFile(name, data)]}, follow=True)


def filled(response) -> dict[str, object]:
    """What the form of a page would send if nothing were changed."""
    page = BeautifulSoup(response.content.decode(), "html.parser")
    form = page.select_one("main form")
    data: dict[str, object] = {}
    for field in form.select("input[name], select[name], textarea[name]"):
        name = field["name"]
        if field.name == "select":
            chosen = field.select_one("option[selected]") or field.select_one("option")
            data[name] = chosen["value"]
        elif field.name == "textarea":
            data[name] = field.get_text()
        elif field.get("type") == "checkbox":
            if field.has_attr("checked"):
                data.setdefault(name, []).append(field["value"])
        else:
            data[name] = field.get("value", "")
    data.pop("csrfmiddlewaretoken")
    return data


def named(response, start: str) -> str:
    """The name of the field whose label begins so."""
    page = BeautifulSoup(response.content.decode(), "html.parser")
    for field in page.select("[aria-label]"):
        if field.get("name") and field["aria-label"] == start:
            return field["name"]
    raise AssertionError(f"no field {start!r}")

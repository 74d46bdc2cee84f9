"""The shared pieces of pages, rendered alone and read back from the HTML."""

import json
from types import SimpleNamespace

import pytest
from bs4 import BeautifulSoup
from django.core.paginator import Paginator
from django.template.loader import render_to_string
from django.test import RequestFactory


def render(name: str, request=None, **context) -> BeautifulSoup:
    return BeautifulSoup(render_to_string(f"components/{name}.html", context, request=request), "html.parser")


def words(element) -> str:
    return " ".join(element.get_text(" ").split())


@pytest.mark.parametrize(
    ("rating", "expected"),
    [
        ("strong", "Strong"),
        ("weak", "Weak"),
        ("unclear", "Unclear"),
        ("not_rated", "Not rated"),
        ("", "Not rated"),
    ],
)
def test_quality_tag_says_its_word_and_never_a_number(rating, expected):
    tag = render("_quality_tag", rating=rating).select_one(".evidence-tag")
    hidden = tag.select_one(".govuk-visually-hidden")

    assert words(hidden) == "Quality of source:"
    assert words(tag).endswith(expected)
    assert not any(character.isdigit() for character in tag.get_text())


def test_quality_tags_differ_in_shape_as_well_as_in_word():
    shapes = set()
    for rating in ("strong", "moderate", "weak"):
        shapes.add(len(render("_quality_tag", rating=rating).select("svg .filled")))
    assert shapes == {1, 2, 3}
    assert render("_quality_tag", rating="unclear").select_one("[aria-hidden]").text == "?"


def test_quality_tag_marks_provisional_ratings_only():
    assert words(render("_quality_tag", rating="weak", provisional=True)).endswith("Weak provisional")
    assert "provisional" not in words(render("_quality_tag", rating="weak", provisional=False))
    assert "provisional" not in words(render("_quality_tag", rating="not_rated", provisional=True))


def test_secondary_figures_are_told_apart_in_full_words():
    assert "not checked against the original" in words(render("_verification_tag", verification="secondary"))
    assert "read in the source’s own text" in words(render("_verification_tag", verification="primary"))


@pytest.mark.parametrize(("certainty", "filled"), [("high", 4), ("moderate", 3), ("low", 2), ("very_low", 1)])
def test_certainty_tag_counts_its_dots(certainty, filled):
    tag = render("_certainty_tag", certainty=certainty)
    signs = tag.select_one("[aria-hidden]").text
    assert (signs.count("●"), len(signs)) == (filled, 4)
    assert words(tag).endswith("certainty")


def facet(count: int, selected: str = "") -> SimpleNamespace:
    options = [
        SimpleNamespace(value=f"v {n}", label=f"V{n}", count=n, selected=f"v {n}" == selected)
        for n in range(count)
    ]
    return SimpleNamespace(key="unit", label="Unit", options=options)


def test_facet_labels_each_box_and_folds_what_comes_after_ten():
    page = render("_facet", facet=facet(12), counted="sources")
    ids = [box["id"] for box in page.select("input")]

    assert len(ids) == len(set(ids)) == 12
    assert [label["for"] for label in page.select("label")] == ids
    assert all(" " not in identifier for identifier in ids)
    assert page.select_one("legend").text == "Unit"
    assert len(page.select("details input")) == 2
    assert words(page.select_one("summary")) == "Show all 12 options of Unit"
    assert "sources" in words(page.select_one("label"))


@pytest.mark.parametrize(("selected", "is_open"), [("v 3", False), ("v 11", True)])
def test_facet_unfolds_for_a_choice_among_the_folded(selected, is_open):
    page = render("_facet", facet=facet(12, selected))
    assert page.select_one("details").has_attr("open") is is_open
    assert [box["value"] for box in page.select("[checked]")] == [selected]


def test_short_facet_has_no_fold():
    assert render("_facet", facet=facet(10)).select("details") == []


@pytest.mark.parametrize(
    ("number", "items"),
    [
        (1, ["1", "2", "⋯", "16"]),
        (2, ["1", "2", "3", "⋯", "16"]),
        (3, ["1", "2", "3", "4", "⋯", "16"]),
        (8, ["1", "⋯", "7", "8", "9", "⋯", "16"]),
        (15, ["1", "⋯", "14", "15", "16"]),
        (16, ["1", "⋯", "15", "16"]),
    ],
)
def test_pagination_names_the_ends_and_the_neighbours(number, items):
    request = RequestFactory().get("/sources/", {"theme": ["a", "b"], "page": number})
    page = render("_pagination", request, page=Paginator(range(400), 25).page(number))

    assert [item.get_text(strip=True) for item in page.select("li")] == items
    assert page.select_one("[aria-current=page]").get_text(strip=True) == str(number)
    assert all("theme=a&theme=b&page=" in link["href"] for link in page.select("a"))
    assert bool(page.select("[rel=prev]")) is (number > 1)
    assert bool(page.select("[rel=next]")) is (number < 16)


def test_one_page_needs_no_pagination():
    assert words(render("_pagination", page=Paginator(range(5), 25).page(1))) == ""


def test_error_summary_links_to_the_field_and_escapes_what_was_typed():
    errors = [
        SimpleNamespace(message="Enter a year", field="year_from", href="#year_from"),
        SimpleNamespace(message="<b>no</b>", field="", href=""),
    ]
    page = render("_error_summary", errors=errors)

    assert page.select_one("a")["href"] == "#year_from"
    assert [item.text for item in page.select("li")] == ["Enter a year", "<b>no</b>"]
    assert page.select_one("[role=alert] h2").text == "There is a problem"
    assert words(render("_error_summary", errors=[])) == ""


def chart() -> SimpleNamespace:
    columns = [SimpleNamespace(label="Category", numeric=False), SimpleNamespace(label="Share", numeric=True)]
    return SimpleNamespace(
        chart_id="one",
        data_id="one-data",
        title="A </script> & title",
        subtitle="Who, when",
        text_alternative="The message",
        captions=("Base: 10.", "Take care."),
        source_line="Source: a body, 2020",
        csv_url="/one.csv",
        figure_payload={
            "data": [{"x": ["</script><b>"]}],
            "layout": {"height": 300},
            "layout_narrow": {"height": 500},
        },
        table=SimpleNamespace(caption="Shares", columns=columns, rows=[["Known", "34%"], ["Unknown", "66%"]]),
    )


def test_figure_holds_drawing_words_table_and_files():
    page = render("_figure", chart=chart())

    assert json.loads(page.select_one("script#one-data").string)["data"] == [{"x": ["</script><b>"]}]
    assert page.select_one("[data-figure]")["data-figure"] == "one"
    assert page.select_one("[role=img]")["aria-label"] == "The message"
    assert page.select_one("h2").text == "A </script> & title"
    assert [line.text for line in page.select("figcaption p")] == [
        "Base: 10.",
        "Take care.",
        "Source: a body, 2020",
    ]
    assert page.select_one(f"#{page.select_one('figure')['aria-labelledby']}").name == "h2"
    assert page.select_one("a[download]")["href"] == "/one.csv"
    assert [button["data-download"] for button in page.select("button[hidden]")] == ["png", "svg"]
    assert [room["height"] for room in page.select("svg")] == ["300", "500"]


def test_figure_table_stands_open_with_caption_headings_and_number_columns():
    table = render("_figure", chart=chart()).select_one("details[open] table")

    assert table.select_one("caption").text == "Shares"
    assert [head["scope"] for head in table.select("thead th")] == ["col", "col"]
    assert [[cell.text for cell in row.select("th, td")] for row in table.select("tbody tr")] == [
        ["Known", "34%"],
        ["Unknown", "66%"],
    ]
    assert "evidence-numeric-2" in table["class"]
    assert "evidence-numeric-1" not in table["class"]


def test_figure_heading_fits_its_place():
    assert render("_figure", chart=chart(), heading="h4").select_one("h4").text == "A </script> & title"


@pytest.mark.parametrize("name", ["400", "403", "404", "500"])
def test_error_pages_render_with_nothing_but_themselves(name):
    """A failing database or request gives an error page no context at all."""
    page = BeautifulSoup(render_to_string(f"{name}.html"), "html.parser")

    assert len(page.select("h1")) == 1
    assert page.select_one("title").text.startswith(page.select_one("h1").text[:20])
    assert page.select_one("main#main-content")
    assert page.select_one(".govuk-skip-link")["href"] == "#main-content"
    assert "0808 800 5000" in page.select_one("footer").text
    assert page.select_one("html")["lang"] == "en"

"""What figures.js and its stylesheet do with a figure in a real browser."""

import struct

import pytest

from . import samples


PICTURE = ".evidence-figure__chart .main-svg"
TABLE = ".evidence-figure__table table"
AREA_HEIGHT = "document.querySelector('.evidence-figure__chart').layout.height"


def test_figure_is_drawn_and_its_table_folds_away(page_at):
    page = page_at(1280)
    samples.show(page, samples.FIGURE)
    page.locator(PICTURE).first.wait_for()

    assert page.locator(".bars .point").count() == 2
    assert not page.locator(TABLE).is_visible()
    assert page.get_by_role("button", name="Save the chart as PNG").is_visible()
    # The drawing itself is one image to assistive technology, named by its text alternative.
    assert page.get_by_role("img", name="Bars: known 34 per cent").count() == 1
    page.get_by_text("Show the figures as a table").click()
    assert page.locator(TABLE).is_visible()


def test_without_scripts_the_table_stands_open_and_no_gap_is_left(page_at):
    page = page_at(1280, scripts=False)
    samples.show(page, samples.FIGURE)

    assert page.locator(TABLE).is_visible()
    assert not page.locator(".evidence-figure__chart").is_visible()
    assert page.get_by_text("Source: nobody, 2020").is_visible()
    assert page.get_by_role("link", name="Download the figures (CSV)").is_visible()
    assert page.get_by_role("button", name="Save the chart").count() == 0


def test_where_plotly_does_not_load_the_table_stays_open(page_at):
    page = page_at(1280)
    samples.show(page, samples.FIGURE, without="plotly")

    assert page.locator(TABLE).is_visible()
    assert not page.locator(".evidence-figure__chart").is_visible()


def test_words_in_the_picture_are_not_said_twice_to_the_eye(page_at):
    plain, worded = page_at(1280), page_at(1280)
    samples.show(plain, samples.FIGURE)
    samples.show(worded, samples.FIGURE, chart=samples.chart(title={"text": "Two in three were unknown"}))
    for page in (plain, worded):
        page.locator(PICTURE).first.wait_for()
    worded.locator(".evidence-figure--worded").wait_for()

    heading = worded.get_by_role("heading", name="Two in three were unknown")
    assert heading.bounding_box()["width"] == 1
    assert plain.get_by_role("heading", name="Two in three were unknown").bounding_box()["width"] > 200


@pytest.mark.parametrize(("width", "height"), [(1280, 300), (320, 420)])
def test_layout_follows_the_width_and_the_room_was_kept(page_at, width, height):
    page = page_at(width)
    samples.show(page, samples.FIGURE, without="plotly-basic")
    kept = page.evaluate(
        """() => { const area = document.querySelector('.evidence-figure__chart'); area.hidden = false;
                   return area.getBoundingClientRect().height; }"""
    )
    drawn = page_at(width)
    samples.show(drawn, samples.FIGURE)
    drawn.locator(PICTURE).first.wait_for()

    assert drawn.evaluate(AREA_HEIGHT) == height
    assert kept == pytest.approx(height, abs=1)


def test_turning_the_device_draws_the_other_layout(page_at):
    page = page_at(1280)
    samples.show(page, samples.FIGURE)
    page.locator(PICTURE).first.wait_for()
    page.set_viewport_size({"width": 320, "height": 700})
    page.wait_for_function(f"{AREA_HEIGHT} === 420")
    page.set_viewport_size({"width": 1280, "height": 700})
    page.wait_for_function(f"{AREA_HEIGHT} === 300")

    assert page.locator(".evidence-figure__chart .plot-container").count() == 1


def test_saved_pictures_are_wide_sharp_and_named_for_their_message(page_at):
    page = page_at(320)
    samples.show(page, samples.FIGURE)
    page.locator(PICTURE).first.wait_for()
    with page.expect_download() as png:
        page.get_by_role("button", name="Save the chart as PNG").click()
    with page.expect_download() as svg:
        page.get_by_role("button", name="Save the chart as SVG").click()

    assert png.value.suggested_filename == "two-in-three-were-unknown.png"
    assert svg.value.suggested_filename == "two-in-three-were-unknown.svg"
    head = png.value.path().read_bytes()[:24]
    assert head[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", head[16:24]) == (1200, 600)  # 600 by 300 at twice the scale
    assert "Unknown" in svg.value.path().read_text(encoding="utf-8")


def test_on_paper_the_table_is_there_and_the_controls_are_not(page_at):
    page = page_at(1280)
    samples.show(page, samples.LISTING)
    page.locator(PICTURE).first.wait_for()
    page.emulate_media(media="print")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")

    assert page.evaluate("document.querySelector('.evidence-figure__chart').layout.width") == 720
    assert page.locator(TABLE).first.is_visible()
    for hidden in (".evidence-filters", ".evidence-figure__actions", ".evidence-navigation", ".govuk-button"):
        assert not page.locator(hidden).first.is_visible()


@pytest.mark.parametrize("width", [1280, 320])
def test_figure_passes_the_accessibility_check_and_the_page_does_not_scroll_sideways(page_at, axe, width):
    page = page_at(width)
    samples.show(page, samples.FIGURE)
    page.locator(PICTURE).first.wait_for()
    page.get_by_text("Show the figures as a table").click()

    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") == width
    scroller = page.locator(".evidence-scroll")
    scroller.focus()
    assert page.evaluate("document.activeElement.className") == "evidence-scroll"

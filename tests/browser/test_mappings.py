"""Mappings in a real browser, without script and with it: from upload to a saved mapping and a committed release."""

import pytest
from django.test import Client

from tests.studies.actions.people import person
from tests.studies.release_files import tidy
from tests.studies.tiny_base import TinyBase


FIGURES = {"E92000001": ("60", "200"), "E08000001": ("12", "40"), "E08000002": ("c", "30")}


@pytest.mark.django_db(transaction=True)
def test_release_is_mapped_and_next_year_loaded(live_server, page_at, axe, tmp_path):
    folder = tmp_path / "tiny"
    folder.mkdir()
    assert TinyBase(folder).load().committed
    client = Client()
    client.force_login(person("a-loader", is_superuser=True))
    cookie = client.cookies["sessionid"].value

    def open_at(width):
        page = page_at(width)
        page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
        return page

    def sound(page, width):
        assert axe(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") == width

    def bring(page, name, text):
        file = tmp_path / name
        file.write_text(text, encoding="utf-8")
        page.goto(f"{live_server.url}/manage/loads/new/")
        page.set_input_files("#id_files", str(file))
        page.get_by_role("button", name="Look at the files").click()

    page = open_at(320)
    bring(page, "factors-2021.csv", tidy("2021", FIGURES))
    page.get_by_role("heading", name="Make a mapping").wait_for()
    sound(page, 320)
    page.get_by_label("Publication").fill("Children in need")
    page.get_by_label("Source", exact=True).fill("small-census")
    page.get_by_role("button", name="Save and read the file").click()
    page.get_by_role("heading", name="There is a problem").wait_for()
    sound(page, 320)
    page.get_by_label("Local measure of number Exploitation").fill("local-cases")
    page.get_by_role("button", name="Update the form and preview").click()
    page.get_by_text("3 records would be made. Nothing is saved yet.").wait_for()
    sound(page, 320)
    page.get_by_role("button", name="Save and read the file").click()
    page.get_by_text("Read with the mapping factors, version 1.").wait_for()
    sound(page, 320)

    page = open_at(1280)
    bring(page, "factors-2022.csv", tidy("2022", FIGURES))
    sound(page, 1280)
    page.get_by_role("button", name="Commit all 4 records").click()
    page.get_by_text("factors-2022.csv is loaded.").wait_for()
    for address in ("/manage/mappings/", "/manage/mappings/new/"):
        page.goto(live_server.url + address)
        sound(page, 1280)
    page.goto(f"{live_server.url}/manage/mappings/")
    page.get_by_role("link", name="Children in need").click()
    sound(page, 1280)
    page.get_by_role("link", name="Amend").click()
    page.get_by_role("heading", name="Amend the mapping factors").wait_for()
    sound(page, 1280)

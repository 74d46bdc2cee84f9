"""The flow of loading in a real browser: upload, look, commit, revert; large files with a worker beside the site."""

import re

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from studies.models import Load, Source
from tests.studies.references.test_queue import empty_queue
from tests.studies.references.worker_process import large_file, worker


RIS = "TY  - JOUR\nAU  - Adams, Ruth\nTI  - Recording practice of agencies\nPY  - 2019\nER  -\nTY  - JOUR\nPY  - 2001\nER  -\n"
PATIENCE = 120_000
"""Milliseconds that a worker on a busy machine may take."""

DROP = """([zone, files]) => {
  const carried = new DataTransfer();
  for (const [name, text] of files) carried.items.add(new File([text], name));
  for (const kind of ["dragover", "drop"])
    zone.dispatchEvent(new DragEvent(kind, {dataTransfer: carried, bubbles: true, cancelable: true}));
}"""


@pytest.fixture
def signed_in(live_server, page_at, axe):
    """Opens a page of a width as a loader; `page.sound()` is what must hold of every page."""
    user = get_user_model().objects.create_superuser("a-loader")
    client = Client()
    client.force_login(user)
    cookie = client.cookies["sessionid"].value

    def open_at(width, **options):
        page = page_at(width, **options)
        page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])

        def sound():
            assert axe(page) == []
            assert page.evaluate("document.documentElement.scrollWidth") == width

        return page, sound

    return open_at


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("width", [1280, 320])
def test_file_goes_in_and_out_again(live_server, signed_in, tmp_path, width):
    file = tmp_path / "references.ris"
    file.write_text(RIS, encoding="utf-8")
    page, sound = signed_in(width)

    page.goto(f"{live_server.url}/manage/")
    sound()
    page.goto(f"{live_server.url}/manage/loads/new/")
    sound()
    page.set_input_files("#id_files", str(file))
    page.get_by_text(f"references.ris, {len(RIS)} bytes").wait_for()
    page.get_by_role("button", name="Look at the files").click()
    page.get_by_role("heading", name="Problems").wait_for()
    page.get_by_text("2 records = 1 new + 0 changed + 0 unchanged + 0 merged + 1 rejected").wait_for()
    sound()
    page.get_by_role("button", name="Commit 1 record and leave out the 1 refused").click()
    page.get_by_text("references.ris is loaded.").wait_for()
    sound()
    page.get_by_role("link", name="Take this load out again").click()
    page.get_by_role("heading", level=1).wait_for()
    sound()
    page.get_by_role("button", name="Revert this load").click()
    page.get_by_text("is reverted").wait_for()
    assert not Source.objects.exists()
    for address in ("/manage/loads/", "/manage/duplicates/", "/manage/loads/templates/"):
        page.goto(live_server.url + address)
        sound()


@pytest.mark.django_db(transaction=True)
def test_files_are_dropped_and_two_of_one_paper_are_decided_on(live_server, signed_in):
    again = RIS.replace("Adams, Ruth", "Adams, R.").replace("PY  - 2019", "PY  - 2020")
    page, sound = signed_in(1280)
    page.goto(f"{live_server.url}/manage/loads/new/")
    zone = page.query_selector("#upload-zone")
    page.evaluate(DROP, [zone, [["one.ris", RIS], ["two.ris", again]]])
    page.get_by_text("2 files chosen:").wait_for()
    sound()
    page.get_by_role("button", name="Look at the files").click()
    page.get_by_text("2 files are taken.").wait_for()
    sound()
    for name in ("one.ris", "two.ris"):
        page.goto(f"{live_server.url}/manage/loads/")
        page.get_by_role("link", name=name).click()
        page.get_by_role("button", name=re.compile("^Commit")).click()
        success = page.get_by_text(f"{name} is loaded.")
        if (
            name == "two.ris" and not success.is_visible()
        ):  # the first has changed what this one is compared with
            page.get_by_text("The evidence base has changed").wait_for()
            page.get_by_role("button", name=re.compile("^Commit")).click()
        success.wait_for()
    page.get_by_role("link", name="Decide on 1 possible duplicate").click()
    page.get_by_text("years 2019 and 2020").or_(page.get_by_text("years 2020 and 2019")).wait_for()
    sound()
    page.get_by_role("button", name="One publication: merge").click()
    page.get_by_text("The two are one source now.").wait_for()
    assert Source.objects.count() == 1
    page.get_by_role("button", name="Undo").first.click()
    page.get_by_text("The merge is undone.").wait_for()
    assert Source.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_large_file_is_read_and_committed_in_the_background(live_server, signed_in, tmp_path):
    empty_queue()
    file = large_file(tmp_path / "large.ris", 8_000)
    assert file.stat().st_size > 2_000_000
    page, sound = signed_in(1280)
    page.goto(f"{live_server.url}/manage/loads/new/")
    page.get_by_text("No worker is running.").wait_for()
    page.set_input_files("#id_files", str(file))
    page.get_by_role("button", name="Look at the files").click()
    page.get_by_role("heading", name="Reading the file").wait_for()
    page.get_by_text("No worker is running, so nothing is being done at the moment.").wait_for()
    sound()

    with worker():
        page.get_by_text(re.compile(r"Reading: [\d,]+ of about 8,00\d records")).first.wait_for(
            timeout=PATIENCE
        )
        assert page.get_by_role("progressbar").get_attribute("value")
        page.goto(f"{live_server.url}/manage/loads/")  # left, and found again
        sound()
        page.get_by_role("link", name="large.ris").click()
        page.get_by_role("button", name="Commit all 8,000 records").wait_for(timeout=PATIENCE)
        page.get_by_role("button", name="Commit all 8,000 records").click()
        page.get_by_role("heading", name="Committing the load").wait_for()
        page.get_by_role("button", name="Cancel").click()
        page.get_by_text(re.compile("Committing: cancelled")).wait_for(timeout=PATIENCE)
        assert not Source.objects.exists()
        sound()
        page.get_by_role("button", name="Commit all 8,000 records").click()
        page.get_by_text("This file is in the evidence base.").wait_for(timeout=PATIENCE)
    assert Source.objects.count() == 8_000
    assert Load.objects.get().status == "committed"


@pytest.mark.django_db(transaction=True)
def test_all_of_it_works_without_script(live_server, signed_in, tmp_path):
    file = tmp_path / "references.ris"
    file.write_text(RIS, encoding="utf-8")
    page, _ = signed_in(1280, scripts=False)
    page.goto(f"{live_server.url}/manage/loads/new/")
    page.set_input_files("#id_files", str(file))
    page.get_by_role("button", name="Look at the files").click()
    page.get_by_role("button", name="Commit 1 record and leave out the 1 refused").click()
    page.get_by_text("references.ris is loaded.").wait_for()
    assert Source.objects.count() == 1

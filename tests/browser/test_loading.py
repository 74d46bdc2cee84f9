"""The flow of loading in a real browser: upload, look, commit, revert, at both widths."""

import pytest
from django.contrib.auth import get_user_model
from django.test import Client


RIS = "TY  - JOUR\nAU  - Adams, Ruth\nTI  - Recording practice of agencies\nPY  - 2019\nER  -\nTY  - JOUR\nPY  - 2001\nER  -\n"


@pytest.mark.django_db(transaction=True)
def test_file_goes_in_and_out_again(live_server, page_at, axe, tmp_path):
    file = tmp_path / "references.ris"
    user = get_user_model().objects.create_superuser("a-loader")
    client = Client()
    client.force_login(user)
    cookie = client.cookies["sessionid"].value
    for width in (1280, 320):
        file.write_text(f"{RIS}TY  - JOUR\nTI  - Seen at {width} wide screens\nER  -\n", encoding="utf-8")
        page = page_at(width)
        page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])

        def sound(page=page, width=width):
            assert axe(page) == []
            assert page.evaluate("document.documentElement.scrollWidth") == width

        page.goto(f"{live_server.url}/manage/loads/new/")
        sound()
        page.set_input_files("#id_files", str(file))
        page.get_by_role("button", name="Look at the files").click()
        page.get_by_role("heading", name="Problems").wait_for()
        sound()
        page.screenshot(path=str(tmp_path / f"staged-{width}.png"), full_page=True)
        page.get_by_role("button", name="Commit without the refused").click()
        page.get_by_text("references.ris is loaded.").wait_for()
        sound()
        page.get_by_role("button", name="Revert this load").click()
        page.get_by_text("is reverted").wait_for()
        page.goto(f"{live_server.url}/manage/loads/")
        sound()
        page.goto(f"{live_server.url}/manage/duplicates/")
        sound()

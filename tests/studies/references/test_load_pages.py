"""The pages of loading: from upload to commit and back, who may use them, and what they say."""

import csv
import io

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from page_checks import body_of, page_faults, policy_faults, read, words

from studies.models import Load, Merge, PossibleDuplicate, Source
from tests.studies.references.test_load_sources import OTHER, PAPER, UNTITLED
from tests.studies.references.test_stages import LATER


pytestmark = pytest.mark.django_db


@pytest.fixture
def loader(client):
    user = get_user_model().objects.create_user("a-loader")
    user.groups.add(Group.objects.get(name="Loader"))
    client.force_login(user)
    return client


def upload(client, *texts, names=("references.ris", "more.ris")):
    files = [SimpleUploadedFile(name, text.encode()) for name, text in zip(names, texts, strict=False)]
    return client.post("/manage/loads/new/", {"files": files}, follow=True)


def sound(response, status=200):
    assert response.status_code == status
    page = read(response)
    assert page_faults(page) == []
    assert policy_faults(page) == []
    return words(page.select_one("main"))


def test_file_goes_all_the_way_and_back(loader):
    said = sound(upload(loader, PAPER + OTHER))
    load = Load.objects.get()
    assert "2 records = 2 new + 0 changed + 0 unchanged + 0 merged + 0 rejected" in said
    assert "Nothing of this file is in the evidence base yet" in said
    assert not Source.objects.exists()

    said = sound(loader.post(f"/manage/loads/{load.pk}/commit/", follow=True))
    assert "references.ris is loaded." in said
    assert Source.objects.count() == 2
    said = sound(loader.get(f"/sources/{Source.objects.get(year=2019, doi__endswith='1').pk}/"))
    assert "Not yet described" in said
    assert "references.ris, record 1, line 1" in said
    assert "Not yet described" in sound(loader.get("/sources/?source_type=not_described"))

    said = sound(loader.post(f"/manage/loads/{load.pk}/revert/", follow=True))
    assert "is reverted" in said
    assert not Source.objects.exists()


def test_problem_is_named_by_record_line_and_field(loader):
    said = sound(upload(loader, PAPER + UNTITLED))
    load = Load.objects.get()

    assert "1 record is refused" in said
    assert "Error 2 16 title" in said
    said = sound(loader.post(f"/manage/loads/{load.pk}/commit/", follow=True))
    assert "There is a problem" in said
    assert not Source.objects.exists()
    sound(loader.post(f"/manage/loads/{load.pk}/commit/", {"skip_rejected": "yes"}, follow=True))
    assert Source.objects.count() == 1


def test_records_are_shown_by_what_they_say_before_anything_is_saved(loader):
    said = sound(upload(loader, PAPER + UNTITLED))

    assert "Recording practice of child protection agencies in three regions" in said
    assert "Adams, Ruth; Brown, Tom. 2019. Journal of Examples" in said
    assert "Would make a source, not yet described" in said
    assert "No title Nobody, N. 2001 Rejected the record has no title" in said
    assert said.count("the record has no title") == 2, "once among the problems and once beside the record"
    assert "What it is References, RIS, UTF-8" in said


def test_record_that_would_be_merged_leads_to_its_source(loader):
    upload(loader, PAPER)
    loader.post(f"/manage/loads/{Load.objects.get().pk}/commit/")
    page = read(upload(loader, PAPER + "\nTY  - JOUR\nTI  - Another paper on schools\nER  -\n"))

    source = Source.objects.get()
    assert page.select_one(f'#records ~ .evidence-scroll a[href="/sources/{source.pk}/"]')
    assert "Held already, word for word" in words(page.select_one("main"))


def test_button_pressed_after_the_session_has_ended_leads_back_to_its_page(client, loader):
    upload(loader, PAPER)
    address = f"/manage/loads/{Load.objects.get().pk}/"
    client.logout()

    answer = client.post(f"{address}commit/", headers={"referer": f"http://testserver{address}?page=2"})
    assert answer["Location"] == f"/accounts/login/?next={address}%3Fpage%3D2"
    answer = client.post(f"{address}commit/", headers={"referer": "http://elsewhere.example/manage/"})
    assert answer["Location"] == "/accounts/login/?next=/manage/"
    assert not Source.objects.exists()


def test_who_commits_second_is_told_who_was_first(loader):
    upload(loader, PAPER)
    address = f"/manage/loads/{Load.objects.get().pk}/commit/"
    loader.post(address)

    said = sound(loader.post(address, follow=True))

    assert "This load cannot be committed: it was committed by a-loader on " in said
    assert Source.objects.count() == 1


def test_pages_of_records_lead_back_to_the_records(loader):
    papers = "".join(
        PAPER.replace("regions", f"regions {n}").replace("example.1", f"x.{n}") for n in range(60)
    )
    page = read(upload(loader, papers))

    assert page.select_one('nav.govuk-pagination a[rel="next"]')["href"] == "?page=2#records"


def test_several_files_and_the_same_one_again(loader):
    assert "2 files are taken" in sound(upload(loader, PAPER, OTHER))
    assert "is staged already: references.ris, by a-loader" in sound(upload(loader, PAPER))
    assert Load.objects.count() == 2


def test_unusable_file_is_a_problem_on_the_page(loader):
    said = sound(upload(loader, "%PDF-1.7", names=("paper.ris",)), 400)
    assert "PDF" in said
    assert "Choose at least one file" in sound(loader.post("/manage/loads/new/", {}), 400)
    assert not Load.objects.exists()


def test_ledger_is_a_file_in_which_nothing_is_a_formula(loader):
    upload(loader, PAPER + PAPER, names=("=cmd.ris",))
    answer = loader.get(f"/manage/loads/{Load.objects.get().pk}/ledger.csv")

    rows = list(csv.DictReader(io.StringIO(body_of(answer).decode())))
    assert [row["outcome"] for row in rows] == ["new", "merged"]
    assert rows[0]["file"] == "'=cmd.ris"
    assert "same DOI" in rows[1]["reasons"]


def test_pair_is_decided_on_and_taken_back(loader):
    upload(loader, PAPER + LATER)
    loader.post(f"/manage/loads/{Load.objects.get().pk}/commit/")
    pair = PossibleDuplicate.objects.get()
    assert f"Score {pair.score}" in sound(loader.get("/manage/duplicates/"))

    sound(loader.post(f"/manage/duplicates/{pair.pk}/merge/", follow=True))
    assert Source.objects.count() == 1
    sound(loader.post(f"/manage/merges/{Merge.objects.get().pk}/undo/", follow=True))
    assert Source.objects.count() == 2


def test_decision_comes_back_to_its_place_among_many_pairs(loader):
    papers = [
        (PAPER + LATER).replace("regions", f"regions of area {n}").replace("example.", f"area{n}.")
        for n in range(12)
    ]
    upload(loader, "".join(papers))
    loader.post(f"/manage/loads/{Load.objects.get().pk}/commit/")
    said = sound(loader.get("/manage/duplicates/?page=2"))
    assert "12 pairs to look at 11 to 12 on this page" in said
    page = read(loader.get("/manage/duplicates/?page=2&q=area"))
    form = page.select_one('form[action$="/apart/"]')
    sent = {field["name"]: field["value"] for field in form.select("input")}

    assert loader.post(form["action"], sent)["Location"] == "/manage/duplicates/?q=area&page=2"
    assert "11 pairs to look at" in sound(loader.get("/manage/duplicates/"))


def test_pairs_are_found_by_words_of_a_title_or_an_author(loader):
    upload(loader, PAPER + LATER)
    loader.post(f"/manage/loads/{Load.objects.get().pk}/commit/")

    assert "1 pair to look at" in sound(loader.get("/manage/duplicates/?q=adams+LARGE"))
    assert "No pair that waits for a decision has these words" in sound(
        loader.get("/manage/duplicates/?q=taxi")
    )
    sound(loader.get("/manage/duplicates/", {"q": '"><script>\0' + "x" * 900}))


def test_columns_say_which_source_stays(loader):
    upload(loader, PAPER + LATER)
    loader.post(f"/manage/loads/{Load.objects.get().pk}/commit/")
    pair = PossibleDuplicate.objects.get()
    said = sound(loader.get("/manage/duplicates/"))

    assert f"First: would go into the second {pair.source_id}" in said
    assert f"Second: would stay {pair.other_id}" in said


@pytest.mark.parametrize("role", ["Analyst", "Appraiser", "Lead reviewer", "Publisher"])
def test_other_roles_are_refused_and_nothing_changes(client, loader, role):
    upload(loader, PAPER)
    load = Load.objects.get()
    user = get_user_model().objects.create_user("another")
    user.groups.add(Group.objects.get(name=role))
    client.force_login(user)
    for path in ("", "new/", f"{load.pk}/", f"{load.pk}/ledger.csv"):
        assert client.get(f"/manage/loads/{path}").status_code == 403
    for what in ("commit", "discard", "revert"):
        assert client.post(f"/manage/loads/{load.pk}/{what}/").status_code == 403
    assert client.get("/manage/duplicates/").status_code == 403
    assert Load.objects.get().status == "staged"

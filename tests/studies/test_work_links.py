"""From a source's page to the work on it: links for who may follow them, and for nobody else."""

import pytest
from django.test import Client
from page_checks import page_faults, policy_faults, read, words

from studies.permissions import Role
from tests.studies.actions.people import person


pytestmark = pytest.mark.django_db


def signed_in(role):
    client = Client()
    client.force_login(person(role.value.lower().replace(" ", "-"), role))
    return client


def links_of(client):
    page = read(client.get("/sources/small-study/"))
    assert (page_faults(page), policy_faults(page)) == ([], [])
    return [link["href"] for link in page.select("#work a")]


def test_lead_reviewer_gives_a_source_out_from_its_page(loaded):
    client = signed_in(Role.LEAD_REVIEWER)
    links = links_of(client)

    assert links == [
        "/manage/appraisals/assign/?source=small-study",
        "/manage/findings/?source=small-study",
    ]
    form = read(client.get(links[0]))
    assert form.select_one("#id_source")["value"] == "small-study"
    assert "The small-study report" in [words(option) for option in form.select("datalist option")]
    listed = read(client.get(links[1]))
    assert (page_faults(listed), policy_faults(listed)) == ([], [])
    assert {link["href"] for link in listed.select("tbody a")} >= {"/manage/findings/small-study-f01/rating/"}


@pytest.mark.parametrize("role", [Role.ANALYST, Role.APPRAISER, Role.LOADER, Role.PUBLISHER])
def test_others_and_readers_see_no_such_links(loaded, role):
    assert links_of(signed_in(role)) == []
    assert links_of(Client()) == []


def test_source_is_found_by_its_title_and_a_shared_title_is_refused(loaded):
    from studies.forms import AssignForm
    from studies.models import Source

    def fault(typed):
        return AssignForm({"source": typed}, people=[]).errors.get("source")

    assert fault("the SMALL-STUDY report") is None
    assert "no source with this title" in str(fault("An unknown report"))
    Source.objects.filter(pk="small-census").update(title="The small-study report")
    assert "Several sources have this title" in str(fault("The small-study report"))


def test_matrix_as_a_file_is_the_twin_in_words(client, loaded):
    page = read(client.get("/quality/?quality=weak"))
    link = page.select_one("#matrix").find_parent("section").select_one(".evidence-downloads a")["href"]
    lines = b"".join(client.get(link).streaming_content).decode().splitlines()
    twin = [[words(cell) for cell in row.select("th, td")] for row in page.select("details table tbody tr")]

    assert [line.split(",")[0] for line in lines] == ["source_id", "small-report"]
    assert [line.split(",")[1:] for line in lines[1:]] == twin
    assert client.get("/quality.csv?quality=splendid").status_code == 400

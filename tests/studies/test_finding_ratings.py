"""One figure rated lower than its source: never higher, with a reason, and the same wherever the figure is shown."""

import csv
import json

import pytest
from django.test import Client
from page_checks import page_faults, policy_faults, read, words

from evidence import queries
from evidence.filters import narrow_findings
from evidence.selection import Selection
from studies.actions import finding_ratings
from studies.exceptions import NotAllowed, Refused
from studies.models import (
    Appraisal,
    AuditEvent,
    Finding,
    FindingRating,
    Support,
    data_version,
)
from studies.permissions import Role
from tests.studies.actions.people import Round, entry, person


pytestmark = pytest.mark.django_db
FIGURE = "small-study-f02"


@pytest.fixture
def lead(loaded):
    return person("the-lead", Role.LEAD_REVIEWER)


def rate(lead, rating="weak", reason="Read off a chart.", finding=FIGURE):
    return finding_ratings.lower(
        finding=Finding.objects.get(pk=finding), rating=rating, reason=reason, by=lead
    )


def shown(finding=FIGURE):
    """The figure's rating by each of the roads that pages, lists, filters and files take."""
    measure = Finding.objects.get(pk=finding).measure_id
    drawn = {one.finding_id: one.quality for one in queries.get_chart_findings([measure])[measure]}
    filtered = [
        rating
        for rating in ("strong", "moderate", "weak", "unclear", "not_rated")
        if narrow_findings(Selection(quality=(rating,)), Finding.objects.all()).filter(pk=finding).exists()
    ]
    listed = Finding.objects.with_rating().get(pk=finding).rating
    return {drawn[finding], listed, *filtered}


def test_lower_rating_holds_everywhere_and_only_for_that_figure(lead):
    assert shown() == {"strong"}
    before = data_version()

    rate(lead)

    assert data_version() == before + 1
    assert shown() == {"weak"}
    assert shown("small-study-f01") == {"strong"}
    drawn = {one.finding_id: one for one in queries.get_chart_findings(["suspect-sex"])["suspect-sex"]}
    assert drawn[FIGURE].definition_note.endswith("Rated weak, lower than its source: Read off a chart.")


def test_every_page_and_file_says_the_lower_rating_beside_the_figure_and_not_of_its_source(lead):
    conclusion = Support.objects.get(finding=FIGURE).conclusion_id
    rate(lead, reason="Read off a chart.")
    reader = Client()
    own, whole = "Quality of this figure: Weak lower than its source", "Quality of source: Strong provisional"

    for path in ("/sources/small-study/", f"/findings/{FIGURE}/", "/findings/?source=small-study"):
        page = read(reader.get(path))
        assert (page_faults(page), policy_faults(page)) == ([], []), path
        tags = [words(tag) for tag in page.select(".evidence-tag")]
        assert tags.count(own) == 1, path
        assert "lower than its source: Read off a chart." in words(page), path
    cited = [words(tag) for tag in read(reader.get(f"/conclusions/{conclusion}/")).select("td .evidence-tag")]
    assert (own in cited, whole in cited) == (True, False)
    measure = read(reader.get("/measures/suspect-sex/"))
    line = next(row for row in measure.select("#sources tbody tr") if row.select_one('[href*="small-study"]'))
    assert whole in words(line)
    assert "1 of its figures rated lower" in words(line)
    assert "weak (this figure; its source: strong)" in words(measure)
    assert "rated lower than the source: weak 1" in words(measure)

    body = b"".join(reader.get("/findings.csv?source=small-study").streaming_content).decode()
    row = next(one for one in csv.DictReader(body.splitlines()) if one["finding_id"] == FIGURE)
    assert (row["quality"], row["quality_status"], row["lower_reason"]) == (
        "weak",
        "final",
        "Read off a chart.",
    )
    found = json.loads(b"".join(reader.get("/measures/suspect-sex.json").streaming_content))
    by_id = {one["finding_id"]: one for one in found["rows"]}
    assert (by_id[FIGURE]["quality"], by_id["small-study-f01"]["quality"]) == ("weak", "strong")
    assert by_id["small-study-f01"]["lower_reason"] is None


def test_page_offers_only_lower_ratings_and_says_what_is_provisional(lead):
    client = Client()
    client.force_login(lead)
    page = read(client.get(f"/manage/findings/{FIGURE}/rating/"))
    assert "Quality of source: Strong provisional" in words(page)
    offered = [one["value"] for one in page.select("#rating option") if one["value"]]
    assert offered == ["moderate", "weak", "unclear"]
    Appraisal.objects.filter(source="small-study").update(overall_rating="weak")
    page = read(client.get(f"/manage/findings/{FIGURE}/rating/"))
    assert [one["value"] for one in page.select("#rating option") if one["value"]] == ["unclear"]


@pytest.mark.parametrize(
    ("rating", "reason", "finding"),
    [
        ("strong", "No.", FIGURE),
        ("splendid", "No.", FIGURE),
        ("weak", " ", FIGURE),
        ("weak", "No.", "small-report-f01"),
        ("weak", "No.", "small-census-f01"),
    ],
)
def test_same_or_higher_or_unreasoned_or_unrated_is_refused(lead, rating, reason, finding):
    with pytest.raises(Refused):
        rate(lead, rating, reason, finding)
    assert not FindingRating.objects.exists()


def test_source_that_falls_below_takes_the_figure_with_it(lead, loaded):
    rate(lead, "moderate")
    pair = Round()
    for who in (pair.first, pair.second):
        pair.submit(who, entry(method="no"))

    assert shown() == {"weak"}


def test_taking_it_back_restores_the_sources_rating_once(lead):
    rate(lead, "moderate")
    rate(lead, "weak")
    finding = Finding.objects.get(pk=FIGURE)

    assert finding_ratings.withdraw(finding=finding, by=lead)
    events = AuditEvent.objects.count()
    assert not finding_ratings.withdraw(finding=finding, by=lead)

    assert AuditEvent.objects.count() == events
    assert shown() == {"strong"}
    assert FindingRating.objects.count() == 2


def test_only_lead_reviewers(loaded):
    with pytest.raises(NotAllowed):
        rate(person("an-appraiser", Role.APPRAISER))


def test_pages_keep_what_was_typed_and_can_be_used_by_everybody(lead):
    client = Client()
    client.force_login(lead)
    path = f"/manage/findings/{FIGURE}/rating/"

    refused = client.post(path, {"rating": "", "reason": "Typed"})
    assert refused.status_code == 400
    assert read(refused).select_one("#reason").text.strip() == "Typed"
    assert client.post(path, {"rating": "weak", "reason": "Typed"}).status_code == 302
    for one in (path, "/manage/findings/", "/manage/findings/?finding=no-such"):
        page = read(client.get(one))
        assert (page_faults(page), policy_faults(page)) == ([], []), one
    assert "Typed" in words(read(client.get("/manage/findings/")))
    assert client.get("/manage/findings/", {"finding": FIGURE})["Location"] == path
    client.post(path, {"action": "withdraw"})
    assert shown() == {"strong"}


def test_figures_own_page_keeps_the_history_of_its_ratings_without_names(lead):
    path = f"/findings/{FIGURE}/"
    assert "Ratings of this figure" not in words(read(Client().get(path)))
    rate(lead, "moderate", "Read off a chart.")
    rate(lead, "weak", "The base is a subset.")
    finding_ratings.withdraw(finding=Finding.objects.get(pk=FIGURE), by=lead)

    page = read(Client().get(path))
    assert (page_faults(page), policy_faults(page)) == ([], [])
    said = [words(one) for one in page.select("#own ~ ul li")]
    assert [one.split(",")[0] for one in said] == ["Weak", "Moderate"]
    assert all(" until " in one for one in said)
    assert "The base is a subset." in said[0]
    assert "the-lead" not in words(page)
    client = Client()
    client.force_login(lead)
    page = read(client.get(path))
    assert "By the-lead; ended by the-lead" in words(page)
    assert page.select_one(f'a[href="/manage/findings/{FIGURE}/rating/"]')

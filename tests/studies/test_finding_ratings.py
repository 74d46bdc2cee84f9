"""One figure rated lower than its source: never higher, with a reason, and the same wherever the figure is shown."""

import pytest
from django.test import Client
from page_checks import page_faults, policy_faults, read, words

from evidence import queries
from evidence.filters import narrow_findings
from evidence.selection import Selection
from studies.actions import finding_ratings
from studies.exceptions import NotAllowed, Refused
from studies.models import AuditEvent, Finding, FindingRating, data_version
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

"""What the page of consequences foretells is what happens: for every rating, and for a figure rated lower by itself."""

import pytest
from django.test import Client
from page_checks import page_faults, policy_faults, read, words

from evidence.consequences_page import make_consequences_page
from evidence.versioned import forget
from evidence.views.sources import rated_sources
from studies.actions import finding_ratings
from studies.models import Appraisal, Conclusion, Finding, Support
from studies.permissions import Role
from tests.studies.actions.people import person
from tests.studies.pooled_base import ALL_FIVE, WITHOUT_A, make_poolable
from tests.studies.tiny_base import TinyBase


pytestmark = pytest.mark.django_db


@pytest.fixture
def base(tmp_path, db):
    folder = tmp_path / "poolable"
    folder.mkdir()
    report = make_poolable(TinyBase(folder)).load()
    assert report.committed, report.issues


def page(rating=None):
    return make_consequences_page(rated_sources().get(pk="study-a"), rating)


def line(rating=None):
    """The one pool that holds men of study A."""
    return next(one for one in page(rating).pools if one.category_id == "male")


def now():
    """The restricted figure as readers get it."""
    found = Client().get("/api/v1/measures/suspect-sex/synthesis?category=male").json()["restricted"]
    return found["k"], round(100 * found["estimate_share"], 1)


@pytest.mark.parametrize(
    ("rating", "after"),
    [
        ("strong", ALL_FIVE),
        ("moderate", ALL_FIVE),
        ("weak", WITHOUT_A),
        ("unclear", WITHOUT_A),
        ("not_rated", WITHOUT_A),
    ],
)
def test_every_rating_does_what_was_foretold(base, rating, after):
    foretold = line(rating)
    assert (foretold.everything, foretold.before, foretold.after) == (ALL_FIVE, ALL_FIVE, after)
    assert foretold.changes == (after != ALL_FIVE)
    assert now() == (5, 66.7)

    if rating == "not_rated":
        Appraisal.objects.filter(source="study-a").update(status="superseded")
    else:
        Appraisal.objects.filter(source="study-a").update(overall_rating=rating)
    forget()

    assert now() == ((5, 66.7) if after == ALL_FIVE else (4, 64.6))
    assert line("strong").before == after


def test_figure_rated_lower_by_itself_stays_so_whatever_its_source_is_rated(base):
    lead = person("lead", Role.LEAD_REVIEWER)
    figure = Finding.objects.get(pk="study-a-f1")
    finding_ratings.lower(finding=figure, rating="weak", reason="A subset.", by=lead)

    for rating in ("strong", "moderate", "weak", "unclear", "not_rated"):
        assert (line(rating).before, line(rating).after) == (WITHOUT_A, WITHOUT_A), rating
    assert now() == (4, 64.6)

    # An own rating above the one that is tried does not lift the figure.
    finding_ratings.lower(finding=figure, rating="moderate", reason="Less so.", by=lead)
    assert (line("strong").after, line("weak").after) == (ALL_FIVE, WITHOUT_A)


def test_page_tries_a_rating_from_across_the_line_and_can_be_used_by_everybody(base):
    shown = read(Client().get("/sources/study-a/consequences/"))
    assert (page_faults(shown), policy_faults(shown)) == ([], [])
    assert shown.select_one("#rating option[selected]")["value"] == "weak"
    assert "1 of 1 restricted figure would change." in words(shown)


def test_conclusions_show_the_ratings_behind_them_before_and_after(base):
    conclusion = Conclusion.objects.get(pk="most-are-male")
    Support.objects.filter(conclusion=conclusion).delete()
    for source, figure, direction in (
        ("study-a", "study-a-f1", "supports"),
        ("study-b", "study-b-f1", "supports"),
        ("study-c", "study-c-f1", "contradicts"),
        ("study-a", "study-a-f2", "context"),
    ):
        Support.objects.create(
            conclusion=conclusion, source_id=source, finding_id=figure, direction=direction
        )
    finding_ratings.lower(
        finding=Finding.objects.get(pk="study-b-f1"),
        rating="weak",
        reason="A subset.",
        by=person("lead", Role.LEAD_REVIEWER),
    )

    (line,) = page("weak").conclusions

    assert line.bearing == ["Supports: Suspect sex", "Gives context: Suspect sex"]
    assert line.before == "2 strong and 1 weak"
    assert line.after == "1 strong and 2 weak (a concern: half or more are not strong or moderate)"
    assert not page("strong").conclusions[0].changes
    shown = read(Client().get("/sources/study-a/consequences/?rating=weak"))
    assert (page_faults(shown), policy_faults(shown)) == ([], [])
    Appraisal.objects.filter(source="study-a").update(overall_rating="weak")
    forget()
    assert page("strong").conclusions[0].before == line.after
    detail = words(read(Client().get(f"/conclusions/{conclusion.pk}/")))
    assert "Figures by the rating of their source: 1 strong and 2 weak." in detail


def test_source_that_bears_as_a_whole_moves_no_count(base):
    conclusion = Conclusion.objects.get(pk="most-are-male")
    Support.objects.filter(conclusion=conclusion).delete()
    Support.objects.create(conclusion=conclusion, source_id="study-a", direction="supports")
    (line,) = page("weak").conclusions
    assert not line.changes
    assert line.before.startswith("No figure for or against it")

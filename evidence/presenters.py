"""Shape what the pages share: navigation, breadcrumbs, state of the site."""

from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from studies import second_factor
from studies.models import data_version
from studies.permissions import Permission, permissions_of


@dataclass(frozen=True)
class Link:
    """A link of the navigation or of a breadcrumb trail."""

    label: str
    url: str = ""
    current: bool = False


READER_NAVIGATION = (
    ("Overview", "overview", ""),
    ("Sources", "source-list", "/sources"),
    ("Findings", "finding-list", "/findings"),
    ("Measures", "measure-list", "/measures"),
    ("Quality", "quality", "/quality"),
    ("Methods", "methods", "/methods"),
)
WORKBENCH_NAVIGATION: tuple[tuple[str, str, str, Permission], ...] = (
    ("Loads", "load-list", "/manage/loads", Permission.LOAD),
    ("Mappings", "mapping-list", "/manage/mappings", Permission.LOAD),
    ("Possible duplicates", "duplicate-list", "/manage/duplicates", Permission.MERGE),
    ("Appraisals", "appraisal-queue", "/manage/appraisals", Permission.APPRAISE),
    ("Figures", "finding-rating-list", "/manage/findings", Permission.RECONCILE),
    ("Instruments", "instrument-list", "/manage/instruments", Permission.MANAGE_INSTRUMENTS),
    ("Comparability", "comparability-list", "/manage/comparability", Permission.STATE_COMPARABILITY),
)

PROVISIONAL_NOTICE = (
    "Quality ratings and conclusions that are marked provisional are editorial drafts. "
    "They await review by two independent appraisers."
)


def version_of(request: HttpRequest) -> int:
    """The data version that this request works with, asked for once."""
    if not hasattr(request, "data_version"):
        request.data_version = data_version()
    return request.data_version


def site_context(request: HttpRequest) -> dict:
    """What every page shows around its own content."""
    return {
        "site_name": settings.SITE_NAME,
        "navigation": make_navigation(READER_NAVIGATION, request.path),
        "workbench_navigation": make_workbench_navigation(request),
        "workbench_url": workbench_url(request),
        "second_factor_missing": second_factor.is_missing(getattr(request, "user", AnonymousUser())),
        "provisional_notice": PROVISIONAL_NOTICE,
        "data_version": SimpleLazyObject(lambda: version_of(request)),
    }


def make_workbench_navigation(request: HttpRequest) -> list[Link]:
    """What the signed-in person may do, and nothing else."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated or second_factor.is_missing(user):
        return []
    allowed = permissions_of(user)
    items = tuple(
        (label, name, start) for label, name, start, need in WORKBENCH_NAVIGATION if need in allowed
    )
    if user.is_staff:
        items += (("Evidence store", "admin:index", "/admin"),)
    return make_navigation(items, request.path)


def workbench_url(request: HttpRequest) -> str:
    """The front page of the workbench, for those who have something to do there."""
    user = getattr(request, "user", None)
    if user is None or second_factor.is_missing(user):
        return ""
    return reverse("workbench") if permissions_of(user) - {Permission.SAVE_VIEWS} else ""


def make_navigation(items: tuple[tuple[str, str, str], ...], path: str) -> list[Link]:
    """Links with the one of the current page marked; an item without a path of its own only fits exactly."""
    return [
        Link(label, reverse(name), path.startswith(start) if start else path == reverse(name))
        for label, name, start in items
    ]


def make_trail(*steps: tuple[str, str]) -> list[Link]:
    """Breadcrumbs from the overview on: (label, address) pairs; the page itself stands last, without address."""
    return [Link("Overview", reverse("overview")), *(Link(label, url) for label, url in steps)]

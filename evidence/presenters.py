"""Shape what the pages share: navigation, breadcrumbs, state of the site."""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from studies.models import data_version


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
)
WORKBENCH_NAVIGATION = (("Evidence store", "admin:index", "/admin"),)

PROVISIONAL_NOTICE = (
    "Quality ratings and conclusions on this site are provisional editorial drafts. "
    "They await review by two independent appraisers."
)


def version_of(request: HttpRequest) -> int:
    """The data version that this request works with, asked for once."""
    if not hasattr(request, "data_version"):
        request.data_version = data_version()
    return request.data_version


def site_context(request: HttpRequest) -> dict:
    """What every page shows around its own content."""
    staff = (
        getattr(request, "user", None) is not None and request.user.is_authenticated and request.user.is_staff
    )
    return {
        "site_name": settings.SITE_NAME,
        "navigation": make_navigation(READER_NAVIGATION, request.path),
        "workbench_navigation": make_navigation(WORKBENCH_NAVIGATION, request.path) if staff else [],
        "provisional_notice": PROVISIONAL_NOTICE,
        "data_version": SimpleLazyObject(lambda: version_of(request)),
    }


def make_navigation(items: tuple[tuple[str, str, str], ...], path: str) -> list[Link]:
    """Links with the one of the current page marked; an item without a path of its own only fits exactly."""
    return [
        Link(label, reverse(name), path.startswith(start) if start else path == reverse(name))
        for label, name, start in items
    ]


def make_trail(*steps: tuple[str, str]) -> list[Link]:
    """Breadcrumbs from the overview on: (label, address) pairs; the page itself stands last, without address."""
    return [Link("Overview", reverse("overview")), *(Link(label, url) for label, url in steps)]

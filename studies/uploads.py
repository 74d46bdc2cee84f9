"""How large a request may be. Asked before its body is read, so that a flood fills neither memory nor disk."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse


LARGEST_FORM = 10 * 1024 * 1024
"""Bytes of a form without files: many times the longest that anybody types."""

LARGEST_FILE = 200 * 1024 * 1024
"""Bytes of one uploaded file: some 300,000 references with abstracts. A command reads larger ones."""

LARGEST_UPLOAD = 500 * 1024 * 1024
"""Bytes of one upload of several files."""


def takes_uploads(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Mark a view whose forms bring files."""
    view.largest_body = LARGEST_UPLOAD  # type: ignore[attr-defined]
    return view


class BodyLimit:
    """Middleware that answers a request of too many bytes with a plain page, without reading them.

    It stands before the check of cross-site forgery, which reads the form. A body without a stated length is none to
    Django, and so needs no limit.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: tuple, options: dict
    ) -> HttpResponse | None:
        try:
            length = int(request.META.get("CONTENT_LENGTH") or 0)
        except ValueError:
            return None
        limit = getattr(view, "largest_body", LARGEST_FORM)
        if length > LARGEST_FORM and not request.user.is_authenticated:
            limit = LARGEST_FORM  # strangers bring no files
        if length <= limit:
            return None
        context = {"limit": limit // 2**20, "file_limit": LARGEST_FILE // 2**20, "size": length // 2**20}
        return TemplateResponse(request, "413.html", context, status=413).render()

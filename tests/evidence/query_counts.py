"""How many queries a view makes, and how many more its template makes; counted apart, since the blame lies apart."""

from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from evidence import versioned


def queries_of(view, path: str = "/", *args) -> tuple[int, int]:
    """Queries of the view and of rendering its answer, for a reader, with nothing kept from before."""
    versioned.forget()
    request = RequestFactory().get(path)
    request.user = AnonymousUser()
    with CaptureQueriesContext(connection) as in_view:
        response = view(request, *args)
    with CaptureQueriesContext(connection) as in_template:
        response.render()
    assert response.status_code == 200
    return len(in_view), len(in_template)

"""Every address of the site, filled in from what the store holds: readers' pages, files, API, workbench, admin.

A new address is tried without anybody remembering. One with a parameter that nobody gave examples of is an error.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import product

from django.apps import apps
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.urls import URLPattern, URLResolver, get_resolver


PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")
ADMIN_RECORD = re.compile(r"^admin/(\w+)/(\w+)/.*<")
RECORDS_EACH = 1
"""Records of each model whose admin pages are opened, beside those asked for."""


def patterns(resolver=None, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every (route, pattern) of the site; the admin's catch-all apart."""
    for pattern in (resolver or get_resolver()).url_patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from patterns(pattern, route)
        elif isinstance(pattern, URLPattern):
            yield route, pattern


def routes() -> list[str]:
    """Every route of the site."""
    return [route for route, _ in patterns()]


def addresses(
    route: str,
    examples: Mapping[str, Sequence[object]],
    records: Mapping[type, Sequence[object]] | None = None,
) -> list[str]:
    """The addresses of one route, one for each combination of examples.

    `records` names primary keys whose admin pages must be among them, whatever else is opened. Raises
    `AssertionError` for a parameter without example.
    """
    if route.startswith("admin/") and "(?P" in route:
        return _expressions(route)
    values = dict(examples)
    if route.startswith("admin/r/"):  # "view on site" of any record
        kinds = ContentType.objects.filter(app_label="studies")
        values |= {"content_type_id": [kind.pk for kind in kinds], "object_id": ["1"]}
    elif found := ADMIN_RECORD.match(route):
        values |= _admin_values(found[1], found[2], records or {})
    named = PARAMETER.findall(route)
    missing = set(named) - set(values)
    assert not missing, f"{route}: no example of {', '.join(sorted(missing))}"
    between = PARAMETER.split(route)[::2]
    made = [
        "/" + "".join(text for pair in zip(between, [*map(str, chosen), ""], strict=True) for text in pair)
        for chosen in product(*(values[name] for name in named))
    ]
    return list(dict.fromkeys(made))


def _expressions(route: str) -> list[str]:
    """The admin's two addresses that are written as regular expressions."""
    if "app_label" in route:
        labels = {model._meta.app_label for model in admin.site._registry}
        return [f"/admin/{label}/" for label in sorted(labels)]
    assert "url" in route, route
    return ["/admin/no-such-table/"]


def _admin_values(
    app: str, name: str, records: Mapping[type, Sequence[object]]
) -> dict[str, Sequence[object]]:
    model = apps.get_model(app, name)
    keys = [
        *records.get(model, ()),
        *model._base_manager.order_by("pk").values_list("pk", flat=True)[:RECORDS_EACH],
    ]
    quoted = [admin.utils.quote(key) for key in dict.fromkeys(keys)] or ["1"]
    return {"object_id": quoted, "id": quoted}


def paths_to(model: type[models.Model], aim: type[models.Model], most: int = 3) -> list[str]:
    """Chains of relations from one model to another, as a filter would write them."""
    found, begun = [], [("", model, frozenset({model}))]
    for _ in range(most):
        further = []
        for lead, here, seen in begun:
            for field in here._meta.get_fields():
                there = field.related_model
                if not field.is_relation or there is None or there in seen:
                    continue
                name = f"{lead}__{field.name}" if lead else field.name
                if there is aim:
                    found.append(name)
                else:
                    further.append((name, there, seen | {there}))
        begun = further
    return found

"""Write checked records to their tables, and read and write the versions of instruments."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models.functions import Cast

from ..loading.outcome import Record
from ..models import Appraisal, Criterion, Domain, Instrument
from ..models.measures import category_key
from .mapping import MAPPINGS


BATCH = 2_000
"""Rows a statement. A few thousand keep each under PostgreSQL's 65,535 parameters and memory flat."""

Versions = dict[tuple[str, str], dict[str, Any]]
"""(instrument, version) → the JSON that it was loaded from, older versions first."""


@dataclass(frozen=True)
class Change:
    """A record that differs from the store: `pk` None for a new one; `fields` says what differs."""

    record: Record
    pk: Any
    fields: dict[str, list[str]]


def write(table: str, todo: list[Change], used: dict[str, str]) -> Iterator[int]:
    """Update the changed rows of a table, then create the new ones, which may take a place that was left.

    Yields how many rows were written, after each batch. `used` gives the version of each instrument that the load itself brings.
    """
    mapping = MAPPINGS[table]
    prepare = PREPARE[table](used) if table in PREPARE else lambda attributes, change: attributes
    rows = [(change.pk, prepare(mapping.to_attributes(change.record.values), change)) for change in todo]
    fresh = [mapping.model(**attributes) for pk, attributes in rows if pk is None]
    changed = [mapping.model(**attributes, pk=pk) for pk, attributes in rows if pk is not None]
    for start in range(0, len(changed), BATCH):
        batch = changed[start : start + BATCH]
        _update(mapping.model, batch, table)
        yield len(batch)
    for start in range(0, len(fresh), BATCH):
        yield len(mapping.model._default_manager.bulk_create(fresh[start : start + BATCH]))


def _update(model: type[models.Model], changed: list[models.Model], table: str) -> None:
    """Update some rows. Rows may trade places that the database allows once, so they first leave theirs."""
    rows = model._default_manager.filter(pk__in=[row.pk for row in changed])
    if table == "local/neighbours":  # two neighbours may trade ranks, and nothing refers to the rows
        rows.delete()
        model._default_manager.bulk_create(changed)
        return
    if table == "categories":  # two may trade the mark of the unknown one
        rows.update(is_unknown=False)
    if table == "findings":  # one may come to say what another said
        rows.update(scope=Cast("finding_id", models.TextField()))
    kept = KEPT | ({"locator"} if table == "appraisal_answers" else set())
    names = [f.name for f in model._meta.concrete_fields if not f.primary_key and f.name not in kept]
    model._default_manager.bulk_update(changed, names)


KEPT = {
    *(
        "created_at",
        "withdrawn_on",
        "withdrawn_by",
        "appraiser",
        "round",
        "override_rating",
        "override_reason",
    ),
    *(
        "no_interest_declared",
        "interest",
        "submitted_at",
        "ended_reason",
        "saved_at",
        "version",
        "form_token",
    ),
}
"""Attributes that a load does not touch: they are not columns of any file."""

Prepare = Callable[[dict[str, Any], Change], dict[str, Any]]


def _categories_prepared(used: dict[str, str]) -> Prepare:
    """The key of a category, which bulk writing does not make."""
    return lambda attributes, change: {
        **attributes,
        "key": category_key(attributes["measure_id"], attributes["category_id"]),
    }


def _appraisals_prepared(used: dict[str, str]) -> Prepare:
    """An appraisal names an instrument: it is made with the version that came with it, else the newest.

    One that is there already stays with its version, which its answers belong to.
    """
    versions = {
        (name, version): pk
        for pk, name, version in Instrument.objects.order_by("id").values_list(
            "pk", "instrument_id", "version"
        )
    }
    newest = {name: pk for (name, _), pk in versions.items()}
    made_with = dict(Appraisal.objects.values_list("pk", "instrument"))

    def prepare(attributes: dict[str, Any], change: Change) -> dict[str, Any]:
        name = attributes.pop("instrument__instrument_id")
        if change.pk is not None and "instrument_id" not in change.fields:
            instrument = made_with[change.pk]
        else:
            instrument = versions.get((name, used.get(name, "")), newest[name])
        return {**attributes, "instrument_id": instrument}

    return prepare


def _judgements_prepared(used: dict[str, str]) -> Prepare:
    """An answer names a criterion, which is one of the instrument version that the appraisal was made with."""
    instruments = dict(Appraisal.objects.values_list("pk", "instrument_id"))
    criteria = {
        (instrument, criterion_id): pk
        for pk, instrument, criterion_id in Criterion.objects.values_list(
            "pk", "domain__instrument", "criterion_id"
        )
    }

    def prepare(attributes: dict[str, Any], change: Change) -> dict[str, Any]:
        instrument = instruments[attributes["appraisal_id"]]
        name = attributes.pop("criterion__criterion_id")
        return {**attributes, "criterion_id": criteria[instrument, name]}

    return prepare


def _conclusions_prepared(used: dict[str, str]) -> Prepare:
    """Conclusions keep the order in which their editor put them."""
    return lambda attributes, change: {**attributes, "order": change.record.line}


PREPARE: dict[str, Callable[[dict[str, str]], Prepare]] = {
    "categories": _categories_prepared,
    "appraisals": _appraisals_prepared,
    "appraisal_answers": _judgements_prepared,
    "conclusions": _conclusions_prepared,
}


def stored_instruments() -> Versions:
    """Every version of every instrument, as the JSON that it was loaded from."""
    return {
        (one.instrument_id, one.version): one.description()
        for one in Instrument.objects.prefetch_related("domains__criteria").order_by("id")
    }


def save_instrument(data: dict[str, Any]) -> Instrument:
    """Store one version of an instrument with its domains and criteria."""
    instrument = Instrument.objects.create(
        **{
            name: data[name]
            for name in ("instrument_id", "version", "name", "citation", "applies_to", "adapted")
        },
        ratings=data["ratings"],
        rule=data["rule"],
    )
    for place, part in enumerate(data["domains"], start=1):
        domain = Domain.objects.create(
            instrument=instrument, domain_id=part["domain_id"], label=part["label"], order=place
        )
        Criterion.objects.bulk_create(
            Criterion(domain=domain, order=number, **criterion)
            for number, criterion in enumerate(part["criteria"], start=1)
        )
    return instrument

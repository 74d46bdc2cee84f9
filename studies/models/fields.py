"""Field types and constraint shorthands that the models share."""

from django.db import models
from django.db.models import Q


class IdentifierField(models.CharField):
    """A public identifier: lower-case words joined by hyphens, at most 120 characters."""

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("max_length", 120)
        super().__init__(*args, **kwargs)


class PrintedNumberField(models.DecimalField):
    """A number exactly as printed: PostgreSQL's unconstrained `numeric`, which keeps trailing zeros.

    "83" and "83.0" are equal in sums and different in what the publisher claimed to know.
    """

    def __init__(self, *args, **kwargs):
        # Django insists on both; the database type below has neither limit.
        kwargs["max_digits"] = 40
        kwargs["decimal_places"] = 12
        super().__init__(*args, **kwargs)

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        del kwargs["max_digits"], kwargs["decimal_places"]
        return name, path, args, kwargs

    def db_type(self, connection):
        return "numeric"


def not_blank(field: str, model: str) -> models.CheckConstraint:
    """The text of `field` holds something other than spaces."""
    return models.CheckConstraint(
        condition=~Q(**{f"{field}__regex": r"^\s*$"}), name=f"{model}_{field}_not_blank"
    )


def one_of(field: str, choices, model: str, *, blank: bool = False) -> models.CheckConstraint:
    """`field` holds a word of its vocabulary; the database refuses any other."""
    values = [*choices.values, ""] if blank else list(choices.values)
    return models.CheckConstraint(condition=Q(**{f"{field}__in": values}), name=f"{model}_{field}_known")


def is_identifier(field: str, model: str) -> models.CheckConstraint:
    """`field` is lower-case words and digits joined by single hyphens."""
    return models.CheckConstraint(
        condition=Q(**{f"{field}__regex": r"^[a-z0-9]+(-[a-z0-9]+)*$"}), name=f"{model}_{field}_is_identifier"
    )


def in_order(first: str, last: str, model: str) -> models.CheckConstraint:
    """`first` is not after `last`, where both are known."""
    return models.CheckConstraint(
        condition=Q(**{f"{first}__isnull": True})
        | Q(**{f"{last}__isnull": True})
        | Q(**{f"{first}__lte": models.F(last)}),
        name=f"{model}_{first}_not_after_end",
    )

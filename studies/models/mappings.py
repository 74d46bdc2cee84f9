"""ReleaseMapping: how the columns of a publication of official statistics become figures of ours."""

from django.db import models
from django.db.models import Q

from ..loading.releases.specification import Specification, specification_from
from ..vocabulary import ReleaseTarget
from .fields import IdentifierField, is_identifier, not_blank, one_of
from .sources import Source


class ReleaseMapping(models.Model):
    """One version of a mapping. It is never changed: amending retires it and makes the next version.

    A mapping stands while it is not retired; of each name at most one version stands.
    """

    name = IdentifierField(help_text="Lower-case words joined by hyphens, the same for all versions.")
    version = models.PositiveSmallIntegerField()
    label = models.TextField(help_text="The publication, in words.")
    source = models.ForeignKey(
        Source, models.PROTECT, related_name="release_mappings", help_text="Where the figures come from."
    )
    table = models.CharField(max_length=20, choices=ReleaseTarget)
    specification = models.JSONField(help_text="What each column is, which rows are taken, what they become.")
    columns = models.JSONField(
        help_text="The columns of the file it was made from, with some values of each."
    )
    note = models.TextField(blank=True, help_text="Why this version was made.")
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = models.TextField()
    retired_at = models.DateTimeField(null=True, blank=True)
    retired_by = models.TextField(blank=True)

    class Meta:
        ordering = ["name", "-version"]
        constraints = [
            is_identifier("name", "release_mapping"),
            not_blank("label", "release_mapping"),
            not_blank("made_by", "release_mapping"),
            one_of("table", ReleaseTarget, "release_mapping"),
            models.CheckConstraint(condition=Q(version__gte=1), name="release_mapping_version_from_one"),
            models.UniqueConstraint(fields=["name", "version"], name="release_mapping_version_once"),
            models.UniqueConstraint(
                fields=["name"], condition=Q(retired_at__isnull=True), name="release_mapping_one_standing"
            ),
            models.CheckConstraint(
                condition=Q(retired_at__isnull=True, retired_by="")
                | (Q(retired_at__isnull=False) & ~Q(retired_by="")),
                name="release_mapping_retired_paired",
            ),
        ]

    def __str__(self):
        return f"{self.name}, version {self.version}"

    @property
    def stands(self) -> bool:
        """Whether files are read with this version."""
        return self.retired_at is None

    @property
    def headings(self) -> list[str]:
        """The headings of the file it was made from."""
        return [column["heading"] for column in self.columns]

    def spec(self) -> Specification:
        """The specification as the readers use it."""
        return specification_from(self.specification)

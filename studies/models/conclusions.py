"""Conclusion → Support, Implication, Gap: what a body of evidence says, what follows, what is missing."""

from django.db import models

from ..vocabulary import Audience, Certainty, ConclusionStatus, Direction, Theme
from .fields import IdentifierField, is_identifier, not_blank, one_of
from .findings import Finding
from .sources import Source


class Conclusion(models.Model):
    """A key statement with the certainty of the body of evidence behind it."""

    conclusion_id = IdentifierField(primary_key=True)
    theme = models.CharField(max_length=60, choices=Theme)
    statement = models.TextField()
    certainty = models.CharField(max_length=20, choices=Certainty)
    certainty_reasons = models.TextField()
    status = models.CharField(max_length=20, choices=ConclusionStatus)
    order = models.PositiveIntegerField(default=0, editable=False, help_text="As in the file it came from.")

    class Meta:
        ordering = ["order", "conclusion_id"]
        constraints = [
            is_identifier("conclusion_id", "conclusion"),
            not_blank("statement", "conclusion"),
            not_blank("certainty_reasons", "conclusion"),
            one_of("theme", Theme, "conclusion"),
            one_of("certainty", Certainty, "conclusion"),
            one_of("status", ConclusionStatus, "conclusion"),
        ]

    def __str__(self):
        return self.statement


class Support(models.Model):
    """A finding, or a whole source, that bears on a conclusion."""

    conclusion = models.ForeignKey(Conclusion, models.CASCADE, related_name="support")
    finding = models.ForeignKey(
        Finding,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="supports",
        help_text="Blank: the whole source.",
    )
    source = models.ForeignKey(Source, models.PROTECT, related_name="supports")
    direction = models.CharField(max_length=20, choices=Direction)
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["conclusion", "id"]
        verbose_name_plural = "support"
        constraints = [
            models.UniqueConstraint(
                fields=["conclusion", "finding", "source"], name="support_once", nulls_distinct=False
            ),
            one_of("direction", Direction, "support"),
        ]

    def __str__(self):
        return f"{self.source_id} {self.direction} {self.conclusion_id}"


class Implication(models.Model):
    """What follows for local partners or for national policy, as a source puts it."""

    implication_id = IdentifierField(primary_key=True)
    audience = models.CharField(max_length=20, choices=Audience)
    theme = models.CharField(max_length=60, choices=Theme)
    text = models.TextField()
    source = models.ForeignKey(Source, models.PROTECT, related_name="implications")
    conclusion = models.ForeignKey(
        Conclusion, models.SET_NULL, null=True, blank=True, related_name="implications"
    )
    locator = models.TextField()

    class Meta:
        ordering = ["implication_id"]
        constraints = [
            is_identifier("implication_id", "implication"),
            not_blank("text", "implication"),
            not_blank("locator", "implication"),
            one_of("audience", Audience, "implication"),
            one_of("theme", Theme, "implication"),
        ]

    def __str__(self):
        return self.text


class Gap(models.Model):
    """What is not known, why it matters, and what would fill it."""

    gap_id = IdentifierField(primary_key=True)
    theme = models.CharField(max_length=60, choices=Theme)
    statement = models.TextField()
    why_it_matters = models.TextField()
    source = models.ForeignKey(
        Source,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="gaps",
        help_text="Who named the gap, if not we.",
    )
    what_would_fill_it = models.TextField()

    class Meta:
        ordering = ["gap_id"]
        constraints = [
            is_identifier("gap_id", "gap"),
            not_blank("statement", "gap"),
            not_blank("why_it_matters", "gap"),
            not_blank("what_would_fill_it", "gap"),
            one_of("theme", Theme, "gap"),
        ]

    def __str__(self):
        return self.statement

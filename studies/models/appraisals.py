"""Instrument → Domain → Criterion: a versioned appraisal tool. Appraisal → Judgement: one person's use of it."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from ..vocabulary import AppraisalStatus, Rating
from .fields import IdentifierField, is_identifier, not_blank, one_of
from .sources import Source


class Instrument(models.Model):
    """One version of a critical-appraisal tool. A changed tool is a new version; appraisals keep theirs."""

    instrument_id = IdentifierField()
    version = models.CharField(max_length=20)
    name = models.TextField()
    citation = models.TextField()
    applies_to = ArrayField(models.CharField(max_length=40), help_text="Source types.")
    adapted = models.BooleanField(help_text="Adapted by us from the cited tool.")
    ratings = models.JSONField(help_text="The overall ratings it can give, each with value and label.")
    rule = models.JSONField(help_text="From answers to rating: the first step that fits decides.")

    class Meta:
        ordering = ["instrument_id", "version"]
        constraints = [
            models.UniqueConstraint(fields=["instrument_id", "version"], name="instrument_version_once"),
            is_identifier("instrument_id", "instrument"),
            not_blank("version", "instrument"),
            not_blank("citation", "instrument"),
        ]

    def __str__(self):
        return f"{self.name} {self.version}"


class Domain(models.Model):
    """A part of an instrument: criteria about one aspect of quality."""

    instrument = models.ForeignKey(Instrument, models.CASCADE, related_name="domains")
    domain_id = IdentifierField()
    label = models.TextField()
    order = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["instrument", "order"]
        constraints = [models.UniqueConstraint(fields=["instrument", "domain_id"], name="domain_once")]

    def __str__(self):
        return self.label


class Criterion(models.Model):
    """One question of a domain, with guidance and the answers it allows."""

    domain = models.ForeignKey(Domain, models.CASCADE, related_name="criteria")
    criterion_id = IdentifierField()
    order = models.PositiveSmallIntegerField()
    critical = models.BooleanField(help_text="A negative answer caps the rating.")
    question = models.TextField()
    guidance = models.TextField(blank=True)
    answers = models.JSONField(help_text="Allowed answers, each with value and label.")

    class Meta:
        ordering = ["domain", "order"]
        verbose_name_plural = "criteria"
        constraints = [models.UniqueConstraint(fields=["domain", "criterion_id"], name="criterion_once")]

    def __str__(self):
        return self.question


class Appraisal(models.Model):
    """One person's answers for one source with one instrument version, and the rating that follows."""

    appraisal_id = IdentifierField(primary_key=True)
    source = models.ForeignKey(Source, models.PROTECT, related_name="appraisals")
    instrument = models.ForeignKey(Instrument, models.PROTECT, related_name="appraisals")
    status = models.CharField(max_length=20, choices=AppraisalStatus)
    overall_rating = models.CharField(max_length=20, choices=Rating, blank=True)
    rationale = models.TextField(blank=True)
    appraiser = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["appraisal_id"]
        constraints = [
            is_identifier("appraisal_id", "appraisal"),
            one_of("status", AppraisalStatus, "appraisal"),
            one_of("overall_rating", Rating, "appraisal", blank=True),
            models.UniqueConstraint(
                fields=["source"], condition=Q(status=AppraisalStatus.FINAL), name="appraisal_one_final"
            ),
            models.UniqueConstraint(
                fields=["source"],
                condition=Q(status=AppraisalStatus.PROVISIONAL),
                name="appraisal_one_provisional",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=[AppraisalStatus.FINAL, AppraisalStatus.PROVISIONAL])
                | (~Q(overall_rating="") & ~Q(rationale="")),
                name="appraisal_speaking_is_rated",
            ),
        ]

    def __str__(self):
        return self.appraisal_id


class Judgement(models.Model):
    """One answer of an appraisal, with its reason."""

    appraisal = models.ForeignKey(Appraisal, models.CASCADE, related_name="judgements")
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="judgements")
    answer = models.CharField(max_length=30)
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["appraisal", "criterion"]
        constraints = [models.UniqueConstraint(fields=["appraisal", "criterion"], name="judgement_once")]

    def __str__(self):
        return f"{self.appraisal_id}: {self.answer}"

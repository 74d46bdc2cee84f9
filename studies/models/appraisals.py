"""Instrument → Domain → Criterion: a versioned appraisal tool. Appraisal → Judgement: one person's use of it."""

from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from ..appraisal import parts
from ..vocabulary import AppraisalStatus, Rating, RoundStatus
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

    def description(self) -> dict[str, Any]:
        """The instrument as the JSON that it was made from. Prefetch `domains__criteria` for several."""
        return {
            "instrument_id": self.instrument_id,
            "name": self.name,
            "version": self.version,
            "citation": self.citation,
            "applies_to": self.applies_to,
            "adapted": self.adapted,
            "domains": [
                {
                    "domain_id": domain.domain_id,
                    "label": domain.label,
                    "criteria": [
                        {
                            "criterion_id": criterion.criterion_id,
                            "critical": criterion.critical,
                            "question": criterion.question,
                            "guidance": criterion.guidance,
                            "answers": criterion.answers,
                        }
                        for criterion in domain.criteria.all()
                    ],
                }
                for domain in self.domains.all()
            ],
            "ratings": self.ratings,
            "rule": self.rule,
        }

    def parsed(self) -> parts.Instrument:
        """The instrument as the rules of appraisal take it. Two queries."""
        whole = Instrument.objects.prefetch_related("domains__criteria").get(pk=self.pk)
        return parts.build_instrument(whole.description())


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


class AnyAppraisal(models.QuerySet):
    """Appraisals of every kind. For the workbench, which must ask `visible_to` before it shows an answer."""

    def visible_to(self, user):
        """Those whose answers the person may see: own ones, and others once the round is no longer open.

        A cancelled round stays closed: the same people may be asked again.
        """
        ended = [RoundStatus.RECONCILING, RoundStatus.DECIDED]
        return self.filter(
            Q(round__isnull=True) | Q(appraiser=user) | Q(appraiser__isnull=True) | Q(round__status__in=ended)
        )


class PublishedAppraisals(models.Manager):
    """Ratings that speak, or once spoke, for their source. What appraisers wrote on the way is not among them.

    This is what `Appraisal.objects` and `source.appraisals` give, so that nothing that lists appraisals can show
    one appraiser's answers to the other by oversight.
    """

    def get_queryset(self):
        return super().get_queryset().filter(appraiser__isnull=True)

    def speaking(self):
        """Those that may speak for their source now, a final one before a provisional one of the same source."""
        # "final" sorts before "provisional".
        return self.filter(status__in=[AppraisalStatus.FINAL, AppraisalStatus.PROVISIONAL]).order_by("status")


class PublishedJudgements(models.Manager):
    """The answers of published ratings."""

    def get_queryset(self):
        return super().get_queryset().filter(appraisal__appraiser__isnull=True)


class Appraisal(models.Model):
    """Answers for one source with one instrument version, and the rating that follows.

    With an appraiser it is that person's own work in a round: a draft, submitted, or withdrawn. Without one it is a
    rating of the source: provisional as loaded, or final as decided at the end of a round, and later superseded or
    withdrawn.
    """

    appraisal_id = IdentifierField(primary_key=True)
    source = models.ForeignKey(Source, models.PROTECT, related_name="appraisals")
    instrument = models.ForeignKey(Instrument, models.PROTECT, related_name="appraisals")
    status = models.CharField(max_length=20, choices=AppraisalStatus)
    overall_rating = models.CharField(max_length=20, choices=Rating, blank=True)
    rationale = models.TextField(blank=True)
    appraiser = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    round = models.ForeignKey(
        "studies.AppraisalRound", models.PROTECT, null=True, blank=True, related_name="appraisals"
    )
    override_rating = models.CharField(
        max_length=20, choices=Rating, blank=True, help_text="Only where it differs from what the rule gives."
    )
    override_reason = models.TextField(blank=True)
    no_interest_declared = models.BooleanField(
        null=True, blank=True, help_text="Blank until the appraiser has declared."
    )
    interest = models.TextField(blank=True, help_text="The interest that was declared.")
    submitted_at = models.DateTimeField(null=True, blank=True)
    ended_reason = models.TextField(blank=True, help_text="Why it was withdrawn.")
    saved_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(
        default=0, help_text="Counts the saves; a stale form is known by it."
    )
    form_token = models.CharField(max_length=40, blank=True, help_text="The open form that saved last.")

    objects = PublishedAppraisals()
    everything = AnyAppraisal.as_manager()

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
            models.UniqueConstraint(fields=["round", "appraiser"], name="appraisal_once_a_person"),
            models.CheckConstraint(
                condition=Q(appraiser__isnull=False, round__isnull=False)
                | Q(appraiser__isnull=True)
                & ~Q(status__in=[AppraisalStatus.DRAFT, AppraisalStatus.SUBMITTED]),
                name="appraisal_work_belongs_to_a_round",
            ),
            models.CheckConstraint(
                condition=Q(appraiser__isnull=True)
                | Q(status__in=[AppraisalStatus.DRAFT, AppraisalStatus.SUBMITTED, AppraisalStatus.WITHDRAWN]),
                name="appraisal_of_one_person_never_speaks",
            ),
            models.CheckConstraint(
                condition=~Q(status=AppraisalStatus.SUBMITTED)
                | (Q(submitted_at__isnull=False) & ~Q(overall_rating="")),
                name="appraisal_submitted_is_rated",
            ),
            models.CheckConstraint(
                condition=Q(status=AppraisalStatus.DRAFT)
                | Q(status=AppraisalStatus.WITHDRAWN)
                | Q(override_rating="", override_reason="")
                | (~Q(override_rating="") & ~Q(override_reason="")),
                name="appraisal_override_has_reason",
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
    locator = models.TextField(blank=True, help_text="Page or section of the source that shows it.")

    objects = PublishedJudgements()
    everything = models.Manager()

    class Meta:
        ordering = ["appraisal", "criterion"]
        constraints = [models.UniqueConstraint(fields=["appraisal", "criterion"], name="judgement_once")]

    def __str__(self):
        return f"{self.appraisal_id}: {self.answer}"

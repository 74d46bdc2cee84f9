"""AppraisalRound: one source given to appraisers. FindingRating: one figure worse than its source."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from ..vocabulary import Rating, RoundStatus
from .appraisals import Instrument
from .fields import not_blank, one_of
from .findings import Finding
from .sources import Source


UNDER_WAY = [RoundStatus.OPEN, RoundStatus.RECONCILING]


class AppraisalRound(models.Model):
    """One source, one instrument version, appraisers who do not see each other's answers, one rating.

    One appraiser or two are the rule; up to five may take part, for instance to try a new instrument.
    """

    source = models.ForeignKey(Source, models.PROTECT, related_name="rounds")
    instrument = models.ForeignKey(Instrument, models.PROTECT, related_name="rounds")
    status = models.CharField(max_length=20, choices=RoundStatus, default=RoundStatus.OPEN)
    places = models.PositiveSmallIntegerField(help_text="How many appraisers the rating needs: one to five.")
    due_on = models.DateField(null=True, blank=True)
    occasion = models.TextField(blank=True, help_text="Why now, for instance a new edition.")
    assigned_at = models.DateTimeField(auto_now_add=True)
    assigned_by = models.TextField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.TextField(blank=True)
    ended_reason = models.TextField(blank=True, help_text="The lead reviewer's reason for the decision.")
    version = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["due_on", "pk"]
        constraints = [
            one_of("status", RoundStatus, "appraisal_round"),
            not_blank("assigned_by", "appraisal_round"),
            models.CheckConstraint(
                condition=Q(places__gte=1, places__lte=5), name="appraisal_round_one_to_five_places"
            ),
            models.UniqueConstraint(
                fields=["source"], condition=Q(status__in=UNDER_WAY), name="appraisal_round_one_under_way"
            ),
            models.CheckConstraint(
                condition=Q(status__in=UNDER_WAY, ended_at__isnull=True, ended_by="")
                | (Q(ended_at__isnull=False) & ~Q(ended_by="") & ~Q(status__in=UNDER_WAY)),
                name="appraisal_round_ended_paired",
            ),
        ]

    def __str__(self):
        return f"{self.source_id}, round {self.pk}"

    @property
    def overdue(self) -> bool:
        """Whether its date has passed and it has not ended."""
        return self.due_on is not None and self.ended_at is None and self.due_on < timezone.localdate()

    @property
    def number_word(self) -> str:
        """How many appraisers it needs, as a word."""
        return ("one", "two", "three", "four", "five")[self.places - 1]


class FindingRating(models.Model):
    """A person's judgement that one figure deserves a lower rating than its source. Never a higher one."""

    finding = models.ForeignKey(Finding, models.CASCADE, related_name="ratings")
    rating = models.CharField(max_length=20, choices=Rating)
    reason = models.TextField()
    rated_by = models.TextField()
    rated_at = models.DateTimeField(auto_now_add=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.TextField(blank=True)

    class Meta:
        ordering = ["finding", "-rated_at"]
        constraints = [
            one_of("rating", Rating, "finding_rating"),
            not_blank("reason", "finding_rating"),
            not_blank("rated_by", "finding_rating"),
            models.UniqueConstraint(
                fields=["finding"], condition=Q(withdrawn_at__isnull=True), name="finding_rating_one_standing"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by="")
                | (Q(withdrawn_at__isnull=False) & ~Q(withdrawn_by="")),
                name="finding_rating_withdrawn_paired",
            ),
        ]

    def __str__(self):
        return f"{self.finding_id}: {self.rating}"

"""Source: a published document. Overlap: two sources that share people or data."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Greatest, Least

from ..vocabulary import Accreditation, AppraisalStatus, BibliographicCheck, SourceType
from .fields import IdentifierField, in_order, is_identifier, not_blank, one_of


class SourceQuerySet(models.QuerySet):
    def with_rating(self):
        """Annotate `rating`, `rating_status` and `rating_id` from the appraisal that speaks for the source.

        A final appraisal goes before a provisional one; a source with neither has null in all three.
        """
        from .appraisals import Appraisal

        speaking = (
            Appraisal.objects.filter(
                source=models.OuterRef("pk"), status__in=[AppraisalStatus.FINAL, AppraisalStatus.PROVISIONAL]
            )
            # "final" sorts before "provisional".
            .order_by("status")
        )
        return self.annotate(
            rating=models.Subquery(speaking.values("overall_rating")[:1]),
            rating_status=models.Subquery(speaking.values("status")[:1]),
            rating_id=models.Subquery(speaking.values("pk")[:1]),
        )


class Source(models.Model):
    """A published document: study report, statistical release, inquiry, paper."""

    source_id = IdentifierField(primary_key=True)
    title = models.TextField()
    authors = models.TextField(blank=True, help_text="Bodies or report authors, as on the document.")
    year = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Blank where not stated.")
    publisher = models.TextField()
    source_type = models.CharField(max_length=40, choices=SourceType)
    method = models.TextField(help_text="How the evidence was gathered.")
    geography = models.TextField(help_text="Area covered.")
    data_period_start = models.DateField(null=True, blank=True)
    data_period_end = models.DateField(null=True, blank=True)
    doi = models.TextField("DOI", blank=True)
    isbn = models.TextField("ISBN", blank=True)
    url = models.TextField("address", blank=True)
    peer_reviewed = models.BooleanField()
    accredited_official_statistics = models.CharField(max_length=20, choices=Accreditation)
    summary = models.TextField(help_text="In our own words.")
    limitations = models.TextField(help_text="In our own words.")
    bibliographic_check = models.CharField(max_length=20, choices=BibliographicCheck)

    objects = SourceQuerySet.as_manager()

    class Meta:
        ordering = ["source_id"]
        constraints = [
            is_identifier("source_id", "source"),
            not_blank("title", "source"),
            not_blank("publisher", "source"),
            one_of("source_type", SourceType, "source"),
            one_of("accredited_official_statistics", Accreditation, "source"),
            one_of("bibliographic_check", BibliographicCheck, "source"),
            in_order("data_period_start", "data_period_end", "source"),
            models.CheckConstraint(
                condition=Q(year__isnull=True) | Q(year__gte=1800, year__lte=2100),
                name="source_year_plausible",
            ),
            models.CheckConstraint(
                condition=~Q(accredited_official_statistics=Accreditation.YES)
                | Q(source_type=SourceType.OFFICIAL),
                name="source_accredited_is_official",
            ),
            models.CheckConstraint(
                condition=Q(url="") | Q(url__regex="^https?://"), name="source_url_is_web_address"
            ),
        ]

    def __str__(self):
        return self.title

    @property
    def provisional(self) -> bool:
        """Whether the rating that speaks for the source is an editorial draft. Needs `with_rating()`."""
        return getattr(self, "rating_status", None) == AppraisalStatus.PROVISIONAL


class SourceSearch(models.Model):
    """What finding a source needs, in one narrow row, kept in the transaction that changes the source."""

    source = models.OneToOneField(Source, models.CASCADE, primary_key=True, related_name="search")
    sort_title = models.TextField(help_text="Folded title; the sort order is then the same on every server.")
    themes = ArrayField(models.CharField(max_length=60), default=list)
    verifications = ArrayField(models.CharField(max_length=20), default=list)
    units = ArrayField(models.CharField(max_length=30), default=list)
    precisions = ArrayField(models.CharField(max_length=20), default=list)
    finding_count = models.PositiveIntegerField(default=0)
    vector = SearchVectorField()

    class Meta:
        indexes = [GinIndex(fields=["vector"], name="source_search_vector")]
        verbose_name_plural = "source search rows"

    def __str__(self):
        return self.source_id


class Overlap(models.Model):
    """Two sources that share cases or data and may be neither added nor pooled. Stands for both directions."""

    source_a = models.ForeignKey(Source, models.CASCADE, related_name="overlaps_as_a")
    source_b = models.ForeignKey(Source, models.CASCADE, related_name="overlaps_as_b")
    reason = models.TextField()

    class Meta:
        ordering = ["source_a", "source_b"]
        constraints = [
            models.CheckConstraint(condition=~Q(source_a=F("source_b")), name="overlap_joins_two_sources"),
            models.UniqueConstraint(
                Least("source_a", "source_b"), Greatest("source_a", "source_b"), name="overlap_once"
            ),
            not_blank("reason", "overlap"),
        ]

    def __str__(self):
        return f"{self.source_a_id} and {self.source_b_id}"

"""Source: a published document. Overlap: two sources that share people or data."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Greatest, Least

from ..vocabulary import Accreditation, AppraisalStatus, BibliographicCheck, SourceType
from .fields import IdentifierField, in_order, is_identifier, not_blank, one_of


BLANK = r"^\s*$"


class SourceQuerySet(models.QuerySet):
    def with_rating(self):
        """Annotate `rating`, `rating_status` and `rating_id` from the appraisal that speaks for the source.

        A final appraisal goes before a provisional one; a source with neither has null in all three.
        """
        from .appraisals import Appraisal

        speaking = Appraisal.objects.speaking().filter(source=models.OuterRef("pk"))
        return self.annotate(
            rating=models.Subquery(speaking.values("overall_rating")[:1]),
            rating_status=models.Subquery(speaking.values("status")[:1]),
            rating_id=models.Subquery(speaking.values("pk")[:1]),
        )


class Source(models.Model):
    """A published document: study report, statistical release, inquiry, paper.

    A source is *described* once somebody has said what it is and how it was checked. One that came with a file of
    references is not yet: its kind, method, area, summary, limitations, check and peer review are blank, which
    pages show as "not yet described". The evidence base takes described sources only.
    """

    source_id = IdentifierField(primary_key=True)
    title = models.TextField()
    authors = models.TextField(blank=True, help_text="Bodies or report authors, as on the document.")
    year = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Blank where not stated.")
    publisher = models.TextField(blank=True)
    source_type = models.CharField(max_length=40, choices=SourceType, blank=True)
    method = models.TextField(blank=True, help_text="How the evidence was gathered.")
    geography = models.TextField(blank=True, help_text="Area covered.")
    data_period_start = models.DateField(null=True, blank=True)
    data_period_end = models.DateField(null=True, blank=True)
    doi = models.TextField("DOI", blank=True)
    isbn = models.TextField("ISBN", blank=True)
    url = models.TextField("address", blank=True)
    peer_reviewed = models.BooleanField(null=True, blank=True, help_text="Blank where it is not known.")
    accredited_official_statistics = models.CharField(max_length=20, choices=Accreditation)
    summary = models.TextField(blank=True, help_text="In our own words.")
    limitations = models.TextField(blank=True, help_text="In our own words.")
    bibliographic_check = models.CharField(max_length=20, choices=BibliographicCheck, blank=True)

    objects = SourceQuerySet.as_manager()

    class Meta:
        ordering = ["source_id"]
        constraints = [
            is_identifier("source_id", "source"),
            not_blank("title", "source"),
            one_of("source_type", SourceType, "source", blank=True),
            one_of("accredited_official_statistics", Accreditation, "source"),
            one_of("bibliographic_check", BibliographicCheck, "source", blank=True),
            models.CheckConstraint(
                condition=Q(bibliographic_check="")
                | (
                    ~Q(publisher__regex=BLANK)
                    & ~Q(source_type="")
                    & ~Q(method__regex=BLANK)
                    & ~Q(geography__regex=BLANK)
                    & ~Q(summary__regex=BLANK)
                    & ~Q(limitations__regex=BLANK)
                    & Q(peer_reviewed__isnull=False)
                ),
                name="source_described_wholly",
            ),
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
    def described(self) -> bool:
        """Whether somebody has said what the source is; else only its bibliographic record is known."""
        return self.bibliographic_check != ""

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

"""Reference: a source as one file describes it. Merge, PossibleDuplicate: which of them are one publication."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Greatest, Least

from ..vocabulary import DuplicateStatus
from .fields import one_of
from .loads import LoadRow
from .sources import Source


class Reference(models.Model):
    """One bibliographic record of a file, whole, and the source that it describes.

    A source may have several, from different files. None is ever overwritten by another, so that what went in can
    be told apart, taken out, and handed out again.
    """

    source = models.ForeignKey(Source, models.PROTECT, related_name="references")
    load_row = models.OneToOneField(LoadRow, models.PROTECT, related_name="reference")
    digest = models.CharField(max_length=32, db_index=True, help_text="Equal for records equal in every tag.")
    reference_type = models.CharField(max_length=30, blank=True)
    title = models.TextField()
    authors = ArrayField(models.TextField(), default=list, blank=True)
    year = models.PositiveSmallIntegerField(null=True, blank=True)
    date = models.TextField(blank=True, help_text="As written in the file.")
    container = models.TextField("journal or book", blank=True)
    publisher = models.TextField(blank=True)
    volume = models.TextField(blank=True)
    issue = models.TextField(blank=True)
    pages = models.TextField(blank=True)
    doi = models.TextField("DOI", blank=True)
    isbn = models.TextField("ISBN", blank=True)
    issn = models.TextField("ISSN", blank=True)
    pmid = models.TextField("PubMed number", blank=True)
    url = models.TextField("address", blank=True)
    abstract = models.TextField(blank=True)
    keywords = ArrayField(models.TextField(), default=list, blank=True)
    language = models.TextField(blank=True)
    notes = models.TextField(blank=True)
    raw = models.JSONField(default=list, help_text="Every tag and value of the record, in order.")

    class Meta:
        ordering = ["id"]

    def __str__(self):
        return self.title


class Merge(models.Model):
    """References that were found to describe a source that was there already. It can be undone.

    `source` is what they belong to since. `former` holds the values of the source that they belonged to before,
    which the merge took away, and the pairs of the queue that it handed over; empty where they came with a load and
    never had a source of their own.
    """

    source = models.ForeignKey(Source, models.PROTECT, related_name="merges")
    references = models.ManyToManyField(Reference, related_name="merges")
    former_id = models.CharField(max_length=120, blank=True)
    former = models.JSONField(default=dict)
    score = models.PositiveSmallIntegerField()
    reasons = ArrayField(models.TextField(), default=list)
    merged_at = models.DateTimeField(auto_now_add=True)
    merged_by = models.TextField()
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.TextField(blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(undone_at__isnull=True, undone_by="")
                | (Q(undone_at__isnull=False) & ~Q(undone_by="")),
                name="merge_undone_paired",
            )
        ]

    def __str__(self):
        return f"into {self.source_id}"


class PossibleDuplicate(models.Model):
    """Two sources that may be one publication: an entry of the review queue, with what speaks for and against.

    The score, 0 to 100, orders the queue. It is no probability, and nothing is decided by it.
    """

    source = models.ForeignKey(Source, models.CASCADE, related_name="possible_duplicates")
    other = models.ForeignKey(Source, models.CASCADE, related_name="possible_duplicates_as_other")
    score = models.PositiveSmallIntegerField()
    reasons = ArrayField(models.TextField(), default=list)
    status = models.CharField(max_length=20, choices=DuplicateStatus, default=DuplicateStatus.OPEN)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.TextField(blank=True)

    class Meta:
        ordering = ["-score", "id"]
        constraints = [
            one_of("status", DuplicateStatus, "possibleduplicate"),
            models.CheckConstraint(condition=~Q(source=F("other")), name="possible_duplicate_joins_two"),
            models.UniqueConstraint(
                Least("source", "other"), Greatest("source", "other"), name="possible_duplicate_once"
            ),
        ]

    def __str__(self):
        return f"{self.source_id} and {self.other_id}"

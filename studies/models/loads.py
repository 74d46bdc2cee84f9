"""Load → LoadRow: one file or folder brought in, and what became of each of its records. LoadPart: its bytes."""

from django.db import models
from django.db.models import Q

from ..vocabulary import LoadKind, LoadStatus, Outcome
from .fields import one_of
from .mappings import ReleaseMapping


class Load(models.Model):
    """One file, or one folder of files, brought into the store.

    Staged: read and checked, nothing of it is in the store yet. Committed: it is. Reverted: it was, and was taken
    out again. Discarded: it never was. Whatever becomes of it, the load stays on record.
    """

    name = models.TextField(help_text="Name of the file or folder, without its path.")
    kind = models.CharField(max_length=20, choices=LoadKind, default=LoadKind.EVIDENCE)
    mapping = models.ForeignKey(
        ReleaseMapping,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="loads",
        help_text="The version of the mapping that an official release was read with.",
    )
    format = models.CharField(max_length=40)
    encoding = models.CharField(max_length=80, blank=True)
    line_ending = models.CharField(max_length=20, blank=True)
    sha256 = models.CharField(max_length=64, db_index=True, help_text="Of the bytes as they came.")
    status = models.CharField(max_length=20, choices=LoadStatus)
    counts = models.JSONField(default=dict, help_text="Records by outcome.")
    issues = models.JSONField(default=list, help_text="What is wrong or odd, by record.")
    skip_rejected = models.BooleanField(default=False, help_text="Committed without the refused records.")
    loaded_at = models.DateTimeField(auto_now_add=True)
    loaded_by = models.TextField(help_text="Who brought it in: a user name, or the command line.")
    closed_at = models.DateTimeField(null=True, blank=True, help_text="When it was last given its status.")
    closed_by = models.TextField(blank=True)

    class Meta:
        ordering = ["-loaded_at", "-id"]
        constraints = [
            one_of("status", LoadStatus, "load"),
            one_of("kind", LoadKind, "load"),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, closed_by="")
                | (Q(closed_at__isnull=False) & ~Q(closed_by="")),
                name="load_closed_paired",
            ),
        ]

    def __str__(self):
        return f"{self.name} ({self.loaded_at:%d %B %Y})"

    @property
    def records(self) -> int:
        """How many records the file holds."""
        return sum(self.counts.values())


class LoadPart(models.Model):
    """A stretch of a file as it came. In pieces, because a statement with a whole large file needs it in memory."""

    load = models.ForeignKey(Load, models.CASCADE, related_name="parts")
    number = models.PositiveIntegerField()
    content = models.BinaryField()

    class Meta:
        ordering = ["load", "number"]
        constraints = [models.UniqueConstraint("load", "number", name="load_part_once")]

    def __str__(self):
        return f"part {self.number} of load {self.load_id}"


class LoadRow(models.Model):
    """One record of a load: where it stood in the file, and what it did to the store."""

    load = models.ForeignKey(Load, models.CASCADE, related_name="rows")
    table = models.CharField(max_length=40)
    record_key = models.CharField(max_length=400)
    file = models.TextField()
    record = models.PositiveIntegerField(null=True, blank=True, help_text="Number of the record in its file.")
    line = models.PositiveIntegerField()
    outcome = models.CharField(max_length=20, choices=Outcome)
    changes = models.JSONField(default=dict, help_text="Field: [before, after], for a changed record.")
    reasons = models.JSONField(default=list, help_text="Why it was merged, in sentences.")

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["table", "record_key"], name="load_row_by_record")]
        constraints = [
            one_of("outcome", Outcome, "load_row"),
            models.CheckConstraint(condition=Q(line__gte=1), name="load_row_line_from_one"),
        ]

    def __str__(self):
        return f"{self.file}, line {self.line}"

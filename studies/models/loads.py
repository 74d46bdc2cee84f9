"""Load → LoadRow: one file or folder brought in, and what became of each of its records. LoadPart: its bytes.

LoadTask: what the queue does, did, or is to do with a load.
"""

from datetime import datetime

from django.db import models
from django.db.models import Q

from ..vocabulary import LoadKind, LoadStatus, Outcome, TaskEnding, TaskKind
from .fields import not_blank, one_of
from .mappings import ReleaseMapping


IN_HAND = (LoadStatus.WAITING, LoadStatus.STAGED)
"""States of a load that somebody has still to decide on."""


class Load(models.Model):
    """One file, or one folder of files, brought into the store.

    Waiting: kept as it came, and to be read by a worker. Unusable: it was read, in vain. Staged: read and checked,
    nothing of it is in the store yet. Committed: it is. Reverted: it was, and was taken out again. Discarded: it
    never was. Whatever becomes of it, the load stays on record.
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
    size = models.BigIntegerField(null=True, blank=True, help_text="Bytes; blank for a folder.")
    files = models.JSONField(
        default=list, blank=True, help_text="Of a folder: name and SHA-256 of each file that was read."
    )
    status = models.CharField(max_length=20, choices=LoadStatus)
    counts = models.JSONField(default=dict, help_text="Records by outcome.")
    issues = models.JSONField(
        default=list, help_text="What is wrong or odd, by record; the first few thousand."
    )
    issue_count = models.PositiveIntegerField(default=0, help_text="How many there are in all.")
    doubts = models.PositiveIntegerField(
        default=0, help_text="Records that may be the same publication as another one."
    )
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
            # Two uploads of one file at the same moment must not both be taken. Committed ones are no part of this:
            # a file may be loaded again once others have changed what it said.
            models.UniqueConstraint(
                fields=["sha256"], condition=Q(status__in=IN_HAND), name="load_in_hand_once"
            ),
            models.CheckConstraint(
                condition=Q(size__isnull=True) | Q(size__gte=0), name="load_size_not_negative"
            ),
        ]

    def __str__(self):
        return f"{self.name} ({self.loaded_at:%d %B %Y})"

    @property
    def came_in_at(self) -> datetime:
        """When a committed load came into the store: a staged one may have waited for days."""
        return self.closed_at or self.loaded_at

    @property
    def came_in_by(self) -> str:
        """Who let a committed load into the store."""
        return self.closed_by or self.loaded_by

    @property
    def records(self) -> int:
        """How many records the file holds."""
        return sum(self.counts.values())

    @property
    def open_task(self) -> "LoadTask | None":
        """What the queue is to do, or is doing, with this load."""
        return next((task for task in self.tasks.all() if task.ended_at is None), None)


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
    said = models.TextField(
        blank=True,
        default="",
        db_default="",
        help_text="What a reference says of itself: its title, and on a second line who, when and where.",
    )
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


class LoadTask(models.Model):
    """Reading, committing or reverting a load in the background: who asked, how far it is, and how it ended.

    `job` is its number in the queue, which says when it runs and again after a worker has died. `step`, `done` and
    `whole` are written while the work's own transaction is open, so that they can be seen before its end.
    """

    load = models.ForeignKey(Load, models.CASCADE, related_name="tasks")
    kind = models.CharField(max_length=20, choices=TaskKind)
    skip_rejected = models.BooleanField(default=False)
    job = models.BigIntegerField(null=True, blank=True)
    asked_at = models.DateTimeField(auto_now_add=True)
    asked_by = models.TextField()
    started_at = models.DateTimeField(null=True, blank=True)
    step = models.TextField(blank=True)
    done = models.PositiveIntegerField(default=0)
    whole = models.PositiveIntegerField(null=True, blank=True, help_text="Blank while it is not known.")
    cancelled_at = models.DateTimeField(null=True, blank=True, help_text="When it was asked to stop.")
    cancelled_by = models.TextField(blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ending = models.CharField(max_length=20, choices=TaskEnding, blank=True)
    message = models.TextField(blank=True, help_text="What it has to say at its end, in a sentence.")

    class Meta:
        ordering = ["-id"]
        constraints = [
            one_of("kind", TaskKind, "load_task"),
            one_of("ending", TaskEnding, "load_task", blank=True),
            not_blank("asked_by", "load_task"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ending="") | (Q(ended_at__isnull=False) & ~Q(ending="")),
                name="load_task_ended_paired",
            ),
            models.CheckConstraint(
                condition=Q(cancelled_at__isnull=True, cancelled_by="")
                | (Q(cancelled_at__isnull=False) & ~Q(cancelled_by="")),
                name="load_task_cancelled_paired",
            ),
            models.UniqueConstraint(
                fields=["load"], condition=Q(ended_at__isnull=True), name="load_task_one_at_a_time"
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} load {self.load_id}"

"""Load → LoadRow: one file or folder brought in, and what became of each of its records."""

from django.db import models
from django.db.models import Q

from ..vocabulary import LoadStatus, Outcome
from .fields import one_of


class Load(models.Model):
    """One file, or one folder of files, brought into the store."""

    name = models.TextField(help_text="Name of the file or folder, without its path.")
    format = models.CharField(max_length=40)
    sha256 = models.CharField(max_length=64, help_text="Of the bytes as they came.")
    status = models.CharField(max_length=20, choices=LoadStatus)
    counts = models.JSONField(default=dict, help_text="Records by outcome.")
    loaded_at = models.DateTimeField(auto_now_add=True)
    loaded_by = models.TextField(help_text="Who brought it in: a user name, or the command line.")

    class Meta:
        ordering = ["-loaded_at", "-id"]
        constraints = [one_of("status", LoadStatus, "load")]

    def __str__(self):
        return f"{self.name} ({self.loaded_at:%d %B %Y})"


class LoadRow(models.Model):
    """One record of a load: where it stood in the file, and what it did to the store."""

    load = models.ForeignKey(Load, models.CASCADE, related_name="rows")
    table = models.CharField(max_length=40)
    record_key = models.CharField(max_length=400)
    file = models.TextField()
    line = models.PositiveIntegerField()
    outcome = models.CharField(max_length=20, choices=Outcome)
    changes = models.JSONField(default=dict, help_text="Field: [before, after], for a changed record.")

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["table", "record_key"], name="load_row_by_record")]
        constraints = [
            one_of("outcome", Outcome, "load_row"),
            models.CheckConstraint(condition=Q(line__gte=1), name="load_row_line_from_one"),
        ]

    def __str__(self):
        return f"{self.file}, line {self.line}"

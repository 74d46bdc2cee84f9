"""AuditEvent: who did what to the store, and when. Append-only; the number of events is the data version."""

from django.db import models

from .fields import not_blank


class AuditEvent(models.Model):
    """One change of the store.

    No foreign keys: an event outlives whatever it speaks of. The database refuses updates and deletions (a trigger
    made by the first migration), so the number of events only grows and can serve as the version of the data.
    """

    event_type = models.CharField(max_length=60)
    target_type = models.CharField(max_length=60, blank=True)
    target_id = models.CharField(max_length=400, blank=True)
    detail = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.TextField()

    class Meta:
        ordering = ["-id"]
        constraints = [not_blank("event_type", "audit_event"), not_blank("created_by", "audit_event")]

    def __str__(self):
        return f"{self.event_type} by {self.created_by}"


def data_version() -> int:
    """The version of the store: how many changes it has seen."""
    return AuditEvent.objects.count()

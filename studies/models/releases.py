"""Release: a numbered, immutable, published state. SavedView: a reader's selection, kept under a name."""

from django.conf import settings
from django.db import models

from .fields import not_blank


class Release(models.Model):
    """A numbered, published state of the evidence base with a note of what changed."""

    number = models.PositiveIntegerField(unique=True)
    note = models.TextField()
    data_version = models.PositiveBigIntegerField(help_text="The store's data version at publication.")
    published_at = models.DateTimeField(auto_now_add=True)
    published_by = models.TextField()

    class Meta:
        ordering = ["-number"]
        constraints = [not_blank("note", "release"), not_blank("published_by", "release")]

    def __str__(self):
        return f"Release {self.number}"


class SavedView(models.Model):
    """A selection that a person keeps: the page and its query string."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_views")
    name = models.CharField(max_length=200)
    path = models.CharField(max_length=500)
    querystring = models.TextField(blank=True)
    saved_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["owner", "name"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "name"], name="saved_view_name_once"),
            not_blank("name", "saved_view"),
        ]

    def __str__(self):
        return self.name

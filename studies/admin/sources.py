"""Sources, and the pairs of them that share cases or data."""

from django.contrib import admin
from django.http import HttpRequest

from ..models import Overlap, Source, SourceSearch
from .base import AuditedAdmin, ReadOnlyAdmin


@admin.register(Source)
class SourceAdmin(AuditedAdmin):
    list_display = ("source_id", "title", "publisher", "year", "source_type", "bibliographic_check")
    list_filter = ("source_type", "bibliographic_check", "accredited_official_statistics", "peer_reviewed")
    search_fields = ("source_id", "title", "authors", "publisher", "doi", "isbn")
    fieldsets = (
        (None, {"fields": ("source_id", "title", "authors", "year", "publisher", "source_type")}),
        ("Where to find it", {"fields": ("doi", "isbn", "url", "bibliographic_check")}),
        (
            "Evidence",
            {
                "fields": (
                    "method",
                    "geography",
                    ("data_period_start", "data_period_end"),
                    "peer_reviewed",
                    "accredited_official_statistics",
                    "summary",
                    "limitations",
                )
            },
        ),
    )

    def get_deleted_objects(self, objs, request: HttpRequest):
        # The search row goes with its source; it is nobody's to keep.
        found, counts, needed, protected = super().get_deleted_objects(objs, request)
        return found, counts, needed - {SourceSearch._meta.verbose_name}, protected


@admin.register(Overlap)
class OverlapAdmin(AuditedAdmin):
    list_display = ("source_a", "source_b", "reason")
    search_fields = (
        "source_a__source_id",
        "source_b__source_id",
        "source_a__title",
        "source_b__title",
        "reason",
    )
    autocomplete_fields = ("source_a", "source_b")


@admin.register(SourceSearch)
class SourceSearchAdmin(ReadOnlyAdmin):
    list_display = ("source", "sort_title", "finding_count", "themes", "units")
    search_fields = ("source__source_id", "sort_title")
    fields = ("source", "sort_title", "themes", "verifications", "units", "precisions", "finding_count")

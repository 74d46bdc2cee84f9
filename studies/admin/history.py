"""What became of the store: loads, releases, the audit trail. Written by actions, read here."""

from django.contrib import admin

from ..models import AuditEvent, Load, LoadRow, Release, SavedView
from .base import AuditedAdmin, ReadOnlyAdmin


@admin.register(Load)
class LoadAdmin(ReadOnlyAdmin):
    list_display = ("name", "format", "status", "loaded_at", "loaded_by", "counts")
    list_filter = ("status", "format")
    search_fields = ("name", "sha256", "loaded_by")
    date_hierarchy = "loaded_at"


@admin.register(LoadRow)
class LoadRowAdmin(ReadOnlyAdmin):
    list_display = ("record_key", "table", "outcome", "file", "line", "load")
    list_filter = ("table", "outcome")
    search_fields = ("record_key", "=load__id")
    show_full_result_count = False


@admin.register(Release)
class ReleaseAdmin(ReadOnlyAdmin):
    list_display = ("number", "note", "data_version", "published_at", "published_by")
    search_fields = ("note", "published_by")


@admin.register(AuditEvent)
class AuditEventAdmin(ReadOnlyAdmin):
    list_display = ("created_at", "event_type", "target_type", "target_id", "created_by")
    list_filter = ("event_type", "target_type")
    search_fields = ("target_id", "created_by")
    date_hierarchy = "created_at"
    show_full_result_count = False


@admin.register(SavedView)
class SavedViewAdmin(AuditedAdmin):
    list_display = ("name", "owner", "path", "saved_at")
    search_fields = ("name", "owner__username", "path")
    raw_id_fields = ("owner",)

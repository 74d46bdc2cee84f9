"""What became of the store: loads, releases, the audit trail. Written by actions, read here."""

from django.contrib import admin

from ..models import (
    AuditEvent,
    Load,
    LoadPart,
    LoadRow,
    LoadTask,
    Merge,
    PossibleDuplicate,
    Reference,
    Release,
    ReleaseMapping,
    SavedView,
)
from .base import AuditedAdmin, ReadOnlyAdmin


@admin.register(Load)
class LoadAdmin(ReadOnlyAdmin):
    list_display = ("name", "format", "status", "loaded_at", "loaded_by", "counts")
    list_filter = ("status", "format")
    search_fields = ("name", "sha256", "loaded_by")
    date_hierarchy = "loaded_at"


@admin.register(LoadPart)
class LoadPartAdmin(ReadOnlyAdmin):
    list_display = ("load", "number")
    list_select_related = ("load",)
    search_fields = ("load__name",)
    fields = ("load", "number")


@admin.register(LoadTask)
class LoadTaskAdmin(ReadOnlyAdmin):
    list_display = ("load", "kind", "asked_by", "asked_at", "ended_at", "ending")
    list_select_related = ("load",)
    list_filter = ("kind", "ending")
    search_fields = ("load__name", "asked_by")


@admin.register(Reference)
class ReferenceAdmin(ReadOnlyAdmin):
    list_display = ("title", "year", "container", "source_id", "reference_type")
    search_fields = ("title", "doi", "pmid", "source__source_id")
    show_full_result_count = False


@admin.register(Merge)
class MergeAdmin(ReadOnlyAdmin):
    list_display = ("source_id", "score", "merged_at", "merged_by", "undone_at")
    search_fields = ("source__source_id",)


@admin.register(PossibleDuplicate)
class PossibleDuplicateAdmin(ReadOnlyAdmin):
    list_display = ("source_id", "other_id", "score", "status", "decided_by")
    list_filter = ("status",)
    search_fields = ("source__source_id", "other__source_id")


@admin.register(LoadRow)
class LoadRowAdmin(ReadOnlyAdmin):
    list_display = ("record_key", "table", "outcome", "file", "line", "load")
    list_filter = ("table", "outcome")
    search_fields = ("record_key", "=load__id")
    show_full_result_count = False


@admin.register(ReleaseMapping)
class ReleaseMappingAdmin(ReadOnlyAdmin):
    list_display = ("name", "version", "label", "source_id", "made_by", "made_at", "retired_at")
    search_fields = ("name", "label", "source__source_id")


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

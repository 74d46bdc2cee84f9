"""Conclusions with their support, implications and gaps."""

from django.contrib import admin

from ..models import Conclusion, Gap, Implication, Support
from .base import AuditedAdmin, RecordInline


class SupportInline(RecordInline):
    model = Support
    autocomplete_fields = ("finding", "source")


@admin.register(Conclusion)
class ConclusionAdmin(AuditedAdmin):
    list_display = ("conclusion_id", "statement", "theme", "certainty", "status")
    list_filter = ("theme", "certainty", "status")
    search_fields = ("conclusion_id", "statement")
    inlines = (SupportInline,)


@admin.register(Support)
class SupportAdmin(AuditedAdmin):
    list_display = ("conclusion", "direction", "source", "finding")
    list_filter = ("direction",)
    search_fields = ("conclusion__conclusion_id", "source__source_id", "finding__finding_id", "note")
    autocomplete_fields = ("conclusion", "source", "finding")


@admin.register(Implication)
class ImplicationAdmin(AuditedAdmin):
    list_display = ("implication_id", "audience", "theme", "text", "source")
    list_filter = ("audience", "theme")
    search_fields = ("implication_id", "text", "source__source_id")
    autocomplete_fields = ("source", "conclusion")


@admin.register(Gap)
class GapAdmin(AuditedAdmin):
    list_display = ("gap_id", "theme", "statement", "source")
    list_filter = ("theme",)
    search_fields = ("gap_id", "statement", "why_it_matters")
    autocomplete_fields = ("source",)

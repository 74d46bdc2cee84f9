"""Findings: one figure as reported by one source."""

from django.contrib import admin

from ..models import Finding
from .base import AuditedAdmin


@admin.register(Finding)
class FindingAdmin(AuditedAdmin):
    list_display = (
        "finding_id",
        "source",
        "measure",
        "category",
        "value",
        "statistic",
        "period_end",
        "geography",
    )
    list_filter = ("measure__theme", "statistic", "precision", "verification", "period_type")
    search_fields = (
        "finding_id",
        "source__source_id",
        "measure__measure_id",
        "measure__label",
        "breakdown_id",
    )
    autocomplete_fields = ("source", "measure")
    raw_id_fields = ("category",)
    show_full_result_count = False
    fieldsets = (
        (None, {"fields": ("finding_id", "source", "locator", "verification")}),
        ("What it is about", {"fields": ("measure", "category", "scope", "definition_note")}),
        (
            "The figure",
            {
                "fields": (
                    ("statistic", "precision"),
                    "value",
                    ("numerator", "denominator"),
                    ("lower_ci", "upper_ci"),
                    ("breakdown_id", "breakdown_complete"),
                )
            },
        ),
        ("When and where", {"fields": (("period_start", "period_end"), "period_type", "geography")}),
    )

"""Measures and what belongs to them: categories, breaks, relations, benchmarks, comparability."""

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.forms import BaseInlineFormSet

from ..models import Benchmark, Category, Comparability, Measure, MeasureRelation, SeriesBreak
from .base import AuditedAdmin, ReadOnlyAdmin, RecordInline


class CategoryFormSet(BaseInlineFormSet):
    def clean(self) -> None:
        super().clean()
        kept = [form.cleaned_data for form in self.forms if getattr(form, "cleaned_data", None)]
        if sum(bool(data.get("is_unknown")) for data in kept if not data.get("DELETE")) > 1:
            raise ValidationError("A measure has one unknown category at most.")


class CategoryInline(RecordInline):
    model = Category
    formset = CategoryFormSet
    fields = ("category_id", "label", "order", "is_unknown")

    def has_change_permission(self, request, obj=None) -> bool:
        """New ones only: a category is renamed on its own page, where its identifier is fixed."""
        return False


@admin.register(Measure)
class MeasureAdmin(AuditedAdmin):
    list_display = ("measure_id", "label", "theme", "quantity", "unit_of_analysis", "series")
    list_filter = ("theme", "quantity", "unit_of_analysis", "series")
    search_fields = ("measure_id", "label", "definition")
    inlines = (CategoryInline,)


@admin.register(Category)
class CategoryAdmin(AuditedAdmin):
    list_display = ("key", "measure", "label", "order", "is_unknown")
    list_filter = ("is_unknown",)
    search_fields = ("key", "label", "measure__label")
    autocomplete_fields = ("measure",)
    fixed_once_saved = ("measure", "category_id")


@admin.register(SeriesBreak)
class SeriesBreakAdmin(AuditedAdmin):
    list_display = ("measure", "category", "starts_on", "label")
    search_fields = ("measure__measure_id", "measure__label", "label", "note")
    autocomplete_fields = ("measure",)
    raw_id_fields = ("category",)
    date_hierarchy = "starts_on"


@admin.register(MeasureRelation)
class MeasureRelationAdmin(AuditedAdmin):
    list_display = ("measure_a", "relation", "measure_b", "note")
    list_filter = ("relation",)
    search_fields = ("measure_a__measure_id", "measure_b__measure_id", "note")
    autocomplete_fields = ("measure_a", "measure_b")


@admin.register(Benchmark)
class BenchmarkAdmin(AuditedAdmin):
    list_display = ("benchmark_id", "measure", "category", "finding_period_end", "population_finding")
    search_fields = ("benchmark_id", "measure__measure_id", "measure__label", "caution")
    autocomplete_fields = ("measure", "population_finding")
    raw_id_fields = ("category",)


@admin.register(Comparability)
class ComparabilityAdmin(ReadOnlyAdmin):
    """A signed statement: made and withdrawn on the workbench by the person who answers for it."""

    list_display = ("measure", "category", "stated_by", "stated_on", "withdrawn_on")
    list_filter = ("withdrawn_on",)
    search_fields = ("measure__measure_id", "measure__label", "statement", "stated_by")

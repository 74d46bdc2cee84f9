"""What the admin pages share: every write is an action, every broken rule is said in words."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models
from django.db.models import QuerySet
from django.forms import BaseInlineFormSet, Textarea
from django.http import HttpRequest

from ..actions import records
from ..constraint_words import named_in, words_for


SHORT_TEXT = {models.TextField: {"widget": Textarea(attrs={"rows": 3, "cols": 90})}}


class RecordForm(forms.ModelForm):
    """A record's form: rules of the database in words, and the rules of loading."""

    def add_error(self, field: str | None, error: Any) -> None:
        """Add an error; where it names a constraint, say what the constraint means, beside the field."""
        if field is None and isinstance(error, ValidationError) and hasattr(error, "error_dict"):
            for name, problems in error.error_dict.items():
                for problem in problems:
                    self._add_in_words(None if name == NON_FIELD_ERRORS else name, problem)
        else:
            super().add_error(field, error)

    def _add_in_words(self, field: str | None, problem: ValidationError) -> None:
        words = words_for(named_in(problem.messages[0]), self._field_names())
        if field is None and words:
            blamed, sentence = words
            super().add_error(blamed if blamed in self.fields else None, sentence)
        else:
            super().add_error(field, problem)

    def _field_names(self) -> list[str]:
        return [field.name for field in self._meta.model._meta.concrete_fields]

    def _post_clean(self) -> None:
        # Django's own hook for checks that need the record made; its forms for passwords use it too.
        super()._post_clean()
        if not self.errors:
            for attribute, sentence in records.faults(self.instance):
                super().add_error(attribute if attribute in self.fields else None, sentence)


class RelatedAtOnce:
    """Lists read the records that their columns name in the same query, those that may be missing as well."""

    def get_list_select_related(self, request: HttpRequest) -> list[str]:
        named = self.model._meta.concrete_fields
        return [field.name for field in named if field.is_relation and field.name in self.list_display]


class AuditedAdmin(RelatedAtOnce, admin.ModelAdmin):
    """Pages for a model whose records may be changed by hand, each change with its audit event.

    What identifies a record is fixed once it is saved: other files and releases refer to it.
    """

    form = RecordForm
    list_per_page = 50
    formfield_overrides = SHORT_TEXT
    fixed_once_saved: tuple[str, ...] = ()

    def get_readonly_fields(self, request: HttpRequest, obj: models.Model | None = None):
        fixed = () if obj is None else (*self.fixed_once_saved, *_typed_key(self.model))
        return (*super().get_readonly_fields(request, obj), *fixed)

    def save_model(self, request: HttpRequest, obj: models.Model, form: Any, change: bool) -> None:
        records.save(record=obj, by=request.user.get_username())

    def delete_model(self, request: HttpRequest, obj: models.Model) -> None:
        records.delete(record=obj, by=request.user.get_username())

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet) -> None:
        for obj in queryset:
            self.delete_model(request, obj)

    def save_formset(self, request: HttpRequest, form: Any, formset: BaseInlineFormSet, change: bool) -> None:
        for obj in formset.save(commit=False):
            records.save(record=obj, by=request.user.get_username())
        for obj in formset.deleted_objects:
            records.delete(record=obj, by=request.user.get_username())


def _typed_key(model: type[models.Model]) -> tuple[str, ...]:
    key = model._meta.pk
    return (key.name,) if key is not None and key.editable and not isinstance(key, models.AutoField) else ()


class ReadOnly:
    """For what is written elsewhere: it may be read here and nothing more."""

    list_per_page = 50

    def has_add_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False


class ReadOnlyAdmin(ReadOnly, RelatedAtOnce, admin.ModelAdmin):
    pass


class RecordInline(admin.TabularInline):
    """Parts of a record, on its page."""

    form = RecordForm
    extra = 0
    formfield_overrides = {models.TextField: {"widget": Textarea(attrs={"rows": 2, "cols": 50})}}
    show_change_link = True

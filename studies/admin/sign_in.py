"""Failed sign-ins. Deleting one ends its wait; it ends by itself after a quarter of an hour."""

from axes.models import AccessAttempt
from django.conf import settings
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from ..actions import accounts
from .base import ReadOnly


@admin.register(AccessAttempt)
class FailedSignInAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("username", "ip_address", "failures_since_start", "attempt_time", "waits")
    search_fields = ("username", "ip_address")
    ordering = ("-attempt_time",)
    # What was sent is kept by the library with the password struck out; nobody needs to see the rest.
    fields = ("username", "ip_address", "failures_since_start", "attempt_time", "user_agent", "path_info")

    @admin.display(boolean=True, description="At the limit")
    def waits(self, attempt: AccessAttempt) -> bool:
        return attempt.failures_since_start >= settings.AXES_FAILURE_LIMIT

    def has_delete_permission(self, request: HttpRequest, obj: AccessAttempt | None = None) -> bool:
        return request.user.is_superuser

    def delete_model(self, request: HttpRequest, obj: AccessAttempt) -> None:
        accounts.end_wait(attempt=obj, by=request.user.get_username())

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet) -> None:
        for attempt in queryset:
            self.delete_model(request, attempt)

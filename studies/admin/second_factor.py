"""Second factors of accounts. Deleting one lets its owner, who has lost it, set up another. The keys are not shown."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

# The library's own pages show keys and let codes be made for anybody; they are registered when these are imported.
from django_otp.plugins.otp_static import admin as _static_pages
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp import admin as _app_pages
from django_otp.plugins.otp_totp.models import TOTPDevice

from ..actions import second_factor
from .base import ReadOnly


assert _static_pages
assert _app_pages
admin.site.unregister([StaticDevice, TOTPDevice])


@admin.register(TOTPDevice)
class SecondFactorAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("user", "confirmed", "created_at", "last_used_at")
    list_select_related = ("user",)
    search_fields = ("user__username",)
    fields = ("user", "name", "confirmed", "created_at", "last_used_at")

    def has_delete_permission(self, request: HttpRequest, obj: TOTPDevice | None = None) -> bool:
        return request.user.is_superuser

    def delete_model(self, request: HttpRequest, obj: TOTPDevice) -> None:
        second_factor.remove(user=obj.user, by=request.user.get_username())

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet) -> None:
        # An app that is set up and others that were begun are one second factor of one account.
        for device in queryset.select_related("user").order_by("user").distinct("user"):
            self.delete_model(request, device)

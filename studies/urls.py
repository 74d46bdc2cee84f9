"""The workbench: everything that writes, below /manage/."""

from django.urls import path

from .views import comparability


urlpatterns = [
    path("comparability/", comparability.statement_list, name="comparability-list"),
    path("comparability/new/", comparability.statement_new, name="comparability-new"),
    path("comparability/<int:pk>/withdraw/", comparability.statement_withdraw, name="comparability-withdraw"),
]

"""The workbench: everything that writes, below /manage/."""

from django.urls import path

from .views import comparability, duplicates, loads


urlpatterns = [
    path("loads/", loads.load_list, name="load-list"),
    path("loads/new/", loads.load_new, name="load-new"),
    path("loads/<int:pk>/", loads.load_detail, name="load-detail"),
    path("loads/<int:pk>/ledger.csv", loads.load_ledger, name="load-ledger"),
    path("loads/<int:pk>/commit/", loads.load_commit, name="load-commit"),
    path("loads/<int:pk>/discard/", loads.load_discard, name="load-discard"),
    path("loads/<int:pk>/revert/", loads.load_revert, name="load-revert"),
    path("duplicates/", duplicates.duplicate_list, name="duplicate-list"),
    path("duplicates/<int:pk>/merge/", duplicates.duplicate_merge, name="duplicate-merge"),
    path("duplicates/<int:pk>/apart/", duplicates.duplicate_apart, name="duplicate-apart"),
    path("merges/<int:pk>/undo/", duplicates.merge_undo, name="merge-undo"),
    path("comparability/", comparability.statement_list, name="comparability-list"),
    path("comparability/new/", comparability.statement_new, name="comparability-new"),
    path("comparability/<int:pk>/withdraw/", comparability.statement_withdraw, name="comparability-withdraw"),
]

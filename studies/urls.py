"""The workbench: everything that writes, below /manage/."""

from django.urls import path

from .views import (
    appraisals,
    comparability,
    duplicates,
    finding_ratings,
    instruments,
    loads,
    rounds,
    templates,
)


urlpatterns = [
    path("loads/", loads.load_list, name="load-list"),
    path("loads/new/", loads.load_new, name="load-new"),
    path("loads/<int:pk>/", loads.load_detail, name="load-detail"),
    path("loads/<int:pk>/ledger.csv", loads.load_ledger, name="load-ledger"),
    path("loads/<int:pk>/commit/", loads.load_commit, name="load-commit"),
    path("loads/<int:pk>/discard/", loads.load_discard, name="load-discard"),
    path("loads/<int:pk>/revert/", loads.load_revert, name="load-revert"),
    path("loads/templates/", templates.template_list, name="template-list"),
    path("loads/templates/<slug:name>.<slug:file_format>", templates.template_file, name="template-file"),
    path("duplicates/", duplicates.duplicate_list, name="duplicate-list"),
    path("duplicates/<int:pk>/merge/", duplicates.duplicate_merge, name="duplicate-merge"),
    path("duplicates/<int:pk>/apart/", duplicates.duplicate_apart, name="duplicate-apart"),
    path("merges/<int:pk>/undo/", duplicates.merge_undo, name="merge-undo"),
    path("appraisals/", appraisals.queue, name="appraisal-queue"),
    path("appraisals/assign/", rounds.assign, name="appraisal-assign"),
    path("appraisals/rounds/<int:pk>/", rounds.detail, name="round-detail"),
    path("appraisals/rounds/<int:pk>/reconcile/", rounds.reconcile, name="round-reconcile"),
    path("appraisals/rounds/<int:pk>/cancel/", rounds.cancel, name="round-cancel"),
    path(
        "appraisals/rounds/<int:pk>/replace/<slug:appraisal_id>/",
        rounds.replace,
        name="round-replace-appraiser",
    ),
    path("appraisals/ratings/<slug:source_id>/withdraw/", rounds.withdraw_rating, name="rating-withdraw"),
    path("appraisals/<slug:appraisal_id>/", appraisals.form, name="appraisal-form"),
    path("appraisals/<slug:appraisal_id>/draft/", appraisals.autosave, name="appraisal-autosave"),
    path("appraisals/<slug:appraisal_id>/declare/", appraisals.declare, name="appraisal-declare"),
    path("appraisals/<slug:appraisal_id>/take-back/", appraisals.take_back, name="appraisal-take-back"),
    path("findings/", finding_ratings.finding_rating_list, name="finding-rating-list"),
    path("findings/<slug:finding_id>/rating/", finding_ratings.finding_rating, name="finding-rating"),
    path("instruments/", instruments.instrument_list, name="instrument-list"),
    path("instruments/new/", instruments.instrument_new, name="instrument-new"),
    path("instruments/<int:pk>/", instruments.instrument_detail, name="instrument-detail"),
    path("comparability/", comparability.statement_list, name="comparability-list"),
    path("comparability/new/", comparability.statement_new, name="comparability-new"),
    path("comparability/<int:pk>/withdraw/", comparability.statement_withdraw, name="comparability-withdraw"),
]

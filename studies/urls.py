"""The workbench: everything that writes, below /manage/."""

from django.urls import path

from .views import appraisals, comparability, finding_ratings, instruments, rounds


urlpatterns = [
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

"""The reader's addresses, and below /manage/ those of the workbench."""

from django.conf import settings
from django.contrib import admin
from django.contrib.auth import views as auth_views
from django.urls import include, path

from . import api
from .views import conclusions, findings, health, measures, overview, pages, quality, ratings, sources, themes


urlpatterns = [
    path("", overview.overview, name="overview"),
    path("sources/", sources.source_list, name="source-list"),
    path("sources.csl.json", sources.source_file, {"file_format": "csl.json"}, name="source-list-csl"),
    path("sources.<slug:file_format>", sources.source_file, name="source-file"),
    path(
        "sources/<slug:source_id>.csl.json",
        sources.source_reference,
        {"reference_format": "csl.json"},
        name="source-csl",
    ),
    path(
        "sources/<slug:source_id>.<slug:reference_format>", sources.source_reference, name="source-reference"
    ),
    path("sources/<slug:source_id>/", sources.source_detail, name="source-detail"),
    path("sources/<slug:source_id>/consequences/", ratings.consequences, name="source-consequences"),
    path("sources/<slug:source_id>/history/", sources.source_history, name="source-history"),
    path("sources/<slug:source_id>/ratings/", ratings.history, name="source-ratings"),
    path("findings/", findings.finding_list, name="finding-list"),
    path("findings/<slug:finding_id>/", findings.finding_detail, name="finding-detail"),
    path("findings.<slug:file_format>", findings.finding_file, name="finding-file"),
    path("measures/", measures.measure_list, name="measure-list"),
    path("measures/<slug:measure_id>.<slug:file_format>", measures.measure_file, name="measure-file"),
    path("measures/<slug:measure_id>/", measures.measure_detail, name="measure-detail"),
    path("themes/<slug:theme>/", themes.theme_detail, name="theme-detail"),
    path("conclusions/<slug:conclusion_id>/", conclusions.conclusion_detail, name="conclusion-detail"),
    path("quality/", quality.quality, name="quality"),
    path("quality.csv", quality.quality_file, name="quality-file"),
    path("quality/agreement/", quality.agreement, name="quality-agreement"),
    path("accessibility/", pages.accessibility, name="accessibility"),
    path("methods/", pages.methods, name="methods"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path(
        "accounts/login/",
        auth_views.LoginView.as_view(extra_context={"site_name": settings.SITE_NAME}),
        name="login",
    ),
    path("api/v1/measures/<slug:measure_id>/synthesis", api.measure_synthesis, name="api-measure-synthesis"),
    path("accounts/", include("studies.account_urls")),
    path("manage/", include("studies.urls")),
    path("admin/", include("studies.admin_urls")),
    path("admin/", admin.site.urls),
]

handler400 = "evidence.views.pages.bad_request"

"""Instruments and appraisals, to read.

A changed instrument is a new version, which a load brings in; a rating follows from answers, which are given on
the workbench or by a load. A change here would part the one from the other. Appraisers' own drafts and submissions
are not shown here at all: until both are in, nobody but their author may read them.
"""

from django.contrib import admin

from ..models import Appraisal, AppraisalRound, Criterion, Domain, FindingRating, Instrument, Judgement
from .base import ReadOnly, ReadOnlyAdmin


class DomainInline(ReadOnly, admin.TabularInline):
    model = Domain
    fields = ("order", "domain_id", "label")
    show_change_link = True


class CriterionInline(ReadOnly, admin.TabularInline):
    model = Criterion
    fields = ("order", "criterion_id", "critical", "question")
    show_change_link = True


class JudgementInline(ReadOnly, admin.TabularInline):
    model = Judgement
    fields = ("criterion", "answer", "note")

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("criterion")


@admin.register(Instrument)
class InstrumentAdmin(ReadOnlyAdmin):
    list_display = ("instrument_id", "version", "name", "adapted", "applies_to")
    list_filter = ("adapted",)
    search_fields = ("instrument_id", "name")
    inlines = (DomainInline,)


@admin.register(Domain)
class DomainAdmin(ReadOnlyAdmin):
    list_display = ("label", "instrument", "order")
    search_fields = ("domain_id", "label", "instrument__instrument_id")
    inlines = (CriterionInline,)


@admin.register(Criterion)
class CriterionAdmin(ReadOnlyAdmin):
    list_display = ("criterion_id", "question", "domain", "critical")
    list_filter = ("critical",)
    search_fields = ("criterion_id", "question", "domain__instrument__instrument_id")


@admin.register(Appraisal)
class AppraisalAdmin(ReadOnlyAdmin):
    list_display = ("appraisal_id", "source", "instrument", "status", "overall_rating", "appraiser")
    list_filter = ("status", "overall_rating", "instrument__instrument_id")
    search_fields = ("appraisal_id", "source__source_id", "source__title")
    inlines = (JudgementInline,)


@admin.register(Judgement)
class JudgementAdmin(ReadOnlyAdmin):
    list_display = ("appraisal", "criterion", "answer")
    list_filter = ("answer",)
    search_fields = ("appraisal__appraisal_id", "criterion__criterion_id", "note")
    show_full_result_count = False


@admin.register(AppraisalRound)
class AppraisalRoundAdmin(ReadOnlyAdmin):
    list_display = ("source", "instrument", "status", "due_on", "assigned_by", "ended_by")
    list_filter = ("status",)
    search_fields = ("source__source_id", "source__title")


@admin.register(FindingRating)
class FindingRatingAdmin(ReadOnlyAdmin):
    list_display = ("finding", "rating", "rated_by", "rated_at", "withdrawn_at")
    list_filter = ("rating",)
    search_fields = ("finding__finding_id", "reason")

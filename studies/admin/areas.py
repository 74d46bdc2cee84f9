"""Local authorities and police forces with their official figures."""

from django.contrib import admin

from ..models import Area, AreaFigure, AreaNeighbour, LocalMeasure
from .base import AuditedAdmin, RecordInline


class NeighbourInline(RecordInline):
    model = AreaNeighbour
    fk_name = "area"
    autocomplete_fields = ("neighbour",)


@admin.register(Area)
class AreaAdmin(AuditedAdmin):
    list_display = ("area_code", "name", "level", "region")
    list_filter = ("level",)
    search_fields = ("area_code", "name", "dfe_code")
    autocomplete_fields = ("region",)
    inlines = (NeighbourInline,)


@admin.register(LocalMeasure)
class LocalMeasureAdmin(AuditedAdmin):
    list_display = ("local_measure_id", "label", "measure", "level", "years")
    list_filter = ("level",)
    search_fields = ("local_measure_id", "label", "measure__measure_id")
    autocomplete_fields = ("measure", "source")
    raw_id_fields = ("category",)


@admin.register(AreaFigure)
class AreaFigureAdmin(AuditedAdmin):
    list_display = ("area", "local_measure", "year", "value", "denominator", "symbol")
    list_filter = ("year", "symbol")
    search_fields = ("area__area_code", "area__name", "local_measure__local_measure_id")
    autocomplete_fields = ("area", "local_measure")
    show_full_result_count = False


@admin.register(AreaNeighbour)
class AreaNeighbourAdmin(AuditedAdmin):
    list_display = ("area", "rank", "neighbour", "closeness")
    search_fields = ("area__area_code", "area__name", "neighbour__name")
    autocomplete_fields = ("area", "neighbour")

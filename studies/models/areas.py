"""Official figures of local authorities and police forces, with the symbols of what was not published."""

from django.db import models
from django.db.models import Q

from ..vocabulary import AreaLevel, Suppression
from .fields import IdentifierField, PrintedNumberField, is_identifier, not_blank, one_of
from .measures import Category, Measure, category_of_measure
from .sources import Source


class Area(models.Model):
    """A country, region, local authority or police force."""

    area_code = models.CharField(primary_key=True, max_length=60)
    name = models.TextField()
    level = models.CharField(max_length=20, choices=AreaLevel)
    region = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="parts")
    dfe_code = models.CharField("department code", max_length=10, blank=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            not_blank("area_code", "area"),
            not_blank("name", "area"),
            one_of("level", AreaLevel, "area"),
        ]

    def __str__(self):
        return self.name


class LocalMeasure(models.Model):
    """What the local figures count, and the national measure that it is a local part of."""

    local_measure_id = IdentifierField(primary_key=True)
    label = models.TextField()
    measure = models.ForeignKey(Measure, models.PROTECT, related_name="local_measures")
    category = models.ForeignKey(Category, models.PROTECT, null=True, blank=True)
    unit = models.TextField()
    base = models.TextField(help_text="What the shares are of; says so where there is none.")
    source = models.ForeignKey(Source, models.PROTECT, related_name="local_measures")
    level = models.CharField(max_length=20, choices=AreaLevel)
    years = models.CharField(max_length=20)
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["local_measure_id"]
        constraints = [
            is_identifier("local_measure_id", "local_measure"),
            not_blank("label", "local_measure"),
            one_of("level", AreaLevel, "local_measure"),
            category_of_measure("local_measure"),
        ]

    def __str__(self):
        return self.label


class AreaFigure(models.Model):
    """One area's figure for one year ending in March. A figure with a symbol has no value and is not zero."""

    area = models.ForeignKey(Area, models.PROTECT, related_name="figures")
    local_measure = models.ForeignKey(LocalMeasure, models.PROTECT, related_name="figures")
    year = models.PositiveSmallIntegerField(help_text="Year ending in March.")
    value = PrintedNumberField(null=True, blank=True)
    denominator = PrintedNumberField(null=True, blank=True)
    symbol = models.CharField(max_length=5, choices=Suppression, blank=True)

    class Meta:
        ordering = ["area", "local_measure", "year"]
        constraints = [
            models.UniqueConstraint(fields=["area", "local_measure", "year"], name="area_figure_once"),
            one_of("symbol", Suppression, "area_figure", blank=True),
            models.CheckConstraint(
                condition=Q(symbol="", value__isnull=False) | (~Q(symbol="") & Q(value__isnull=True)),
                name="area_figure_value_or_symbol",
            ),
            models.CheckConstraint(
                condition=Q(value__isnull=True) | Q(value__gte=0), name="area_figure_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(denominator__isnull=True) | Q(denominator__gte=0),
                name="area_figure_base_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(value__isnull=True)
                | Q(denominator__isnull=True)
                | Q(value__lte=models.F("denominator")),
                name="area_figure_within_base",
            ),
        ]

    def __str__(self):
        return f"{self.area_id} {self.local_measure_id} {self.year}"


class AreaNeighbour(models.Model):
    """A statistical neighbour of an authority, nearest first."""

    area = models.ForeignKey(Area, models.CASCADE, related_name="neighbours")
    rank = models.PositiveSmallIntegerField()
    neighbour = models.ForeignKey(Area, models.CASCADE, related_name="neighbour_of")
    closeness = models.CharField(max_length=30)

    class Meta:
        ordering = ["area", "rank"]
        constraints = [
            models.UniqueConstraint(fields=["area", "rank"], name="area_neighbour_rank_once"),
            models.UniqueConstraint(fields=["area", "neighbour"], name="area_neighbour_once"),
            models.CheckConstraint(condition=~Q(area=models.F("neighbour")), name="area_neighbour_is_other"),
            models.CheckConstraint(condition=Q(rank__gte=1), name="area_neighbour_rank_from_one"),
        ]

    def __str__(self):
        return f"{self.area_id} {self.rank}"

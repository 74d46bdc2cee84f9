"""Measure: what is measured. Category, SeriesBreak, MeasureRelation, Benchmark: what belongs to a measure."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Cast, Concat, Greatest, Least
from django.db.models.lookups import StartsWith

from ..vocabulary import Quantity, Relation, Theme, UnitOfAnalysis
from .fields import IdentifierField, is_identifier, not_blank, one_of


class Measure(models.Model):
    """What is measured, with the unit counted, the definition and what must not be compared."""

    measure_id = IdentifierField(primary_key=True)
    label = models.TextField()
    theme = models.CharField(max_length=60, choices=Theme)
    quantity = models.CharField(max_length=20, choices=Quantity)
    unit_of_analysis = models.CharField(max_length=30, choices=UnitOfAnalysis)
    unit_label = models.TextField(help_text="Words for the unit, for axes and tables.")
    definition = models.TextField()
    comparability_note = models.TextField(help_text="What must not be compared or pooled.")
    series = models.BooleanField(
        help_text="Rows of one source, category and geography may be drawn as a time series."
    )

    class Meta:
        ordering = ["measure_id"]
        constraints = [
            is_identifier("measure_id", "measure"),
            not_blank("label", "measure"),
            not_blank("unit_label", "measure"),
            not_blank("definition", "measure"),
            not_blank("comparability_note", "measure"),
            one_of("theme", Theme, "measure"),
            one_of("quantity", Quantity, "measure"),
            one_of("unit_of_analysis", UnitOfAnalysis, "measure"),
        ]

    def __str__(self):
        return self.label


class Category(models.Model):
    """A class within a measure; one of them may be the unknown category.

    `key` is "measure_id/category_id", so that a row elsewhere that names a category also says of which measure,
    and the database can check that the two agree.
    """

    key = models.CharField(primary_key=True, max_length=250, editable=False)
    measure = models.ForeignKey(Measure, models.CASCADE, related_name="categories")
    category_id = IdentifierField()
    label = models.TextField()
    order = models.PositiveSmallIntegerField()
    is_unknown = models.BooleanField(default=False, help_text="Unknown, not recorded, not stated.")

    class Meta:
        ordering = ["measure", "order", "category_id"]
        verbose_name_plural = "categories"
        constraints = [
            is_identifier("category_id", "category"),
            not_blank("label", "category"),
            models.UniqueConstraint(
                fields=["measure"], condition=Q(is_unknown=True), name="category_one_unknown"
            ),
            models.CheckConstraint(
                condition=Q(
                    key=Concat(
                        Cast("measure", models.TextField()),
                        models.Value("/"),
                        Cast("category_id", models.TextField()),
                        output_field=models.TextField(),
                    )
                ),
                name="category_key_names_measure",
            ),
        ]

    def __str__(self):
        return self.label

    def save(self, *args, **kwargs):
        self.key = category_key(self.measure_id, self.category_id)
        super().save(*args, **kwargs)


def category_key(measure_id: str, category_id: str) -> str | None:
    """The primary key of a category, or None where no category is named."""
    return f"{measure_id}/{category_id}" if category_id else None


def category_of_measure(model: str) -> models.CheckConstraint:
    """The category, where there is one, is a category of the row's own measure."""
    category = Cast("category", models.TextField())
    prefix = Concat(Cast("measure", models.TextField()), models.Value("/"))
    return models.CheckConstraint(
        condition=Q(category__isnull=True) | Q(StartsWith(category, prefix)),
        name=f"{model}_category_of_measure",
    )


class SeriesBreak(models.Model):
    """A change of definition, collection or scope in a series. No line is drawn across it."""

    measure = models.ForeignKey(Measure, models.CASCADE, related_name="breaks")
    category = models.ForeignKey(
        Category, models.CASCADE, null=True, blank=True, help_text="Blank where every category is affected."
    )
    starts_on = models.DateField(help_text="First day of the period from which the new rule holds.")
    label = models.TextField(help_text="A few words, shown in the chart.")
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["measure", "starts_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["measure", "category", "starts_on"], name="series_break_once", nulls_distinct=False
            ),
            category_of_measure("series_break"),
            not_blank("label", "series_break"),
        ]

    def __str__(self):
        return f"{self.measure_id}: {self.label}"


class MeasureRelation(models.Model):
    """How two measures stand to each other. A pair stands for both directions."""

    measure_a = models.ForeignKey(Measure, models.CASCADE, related_name="relations_as_a")
    measure_b = models.ForeignKey(Measure, models.CASCADE, related_name="relations_as_b")
    relation = models.CharField(max_length=20, choices=Relation)
    note = models.TextField(help_text="What a reader of either must know of the other.")

    class Meta:
        ordering = ["measure_a", "measure_b"]
        constraints = [
            models.CheckConstraint(condition=~Q(measure_a=F("measure_b")), name="measure_relation_joins_two"),
            models.UniqueConstraint(
                Least("measure_a", "measure_b"),
                Greatest("measure_a", "measure_b"),
                name="measure_relation_once",
            ),
            one_of("relation", Relation, "measure_relation"),
            not_blank("note", "measure_relation"),
        ]

    def __str__(self):
        return f"{self.measure_a_id} and {self.measure_b_id}"


class Benchmark(models.Model):
    """A pair that may be compared: figures of a category, and a figure of the population. No other pair may."""

    benchmark_id = IdentifierField(primary_key=True)
    measure = models.ForeignKey(Measure, models.CASCADE, related_name="benchmarks")
    category = models.ForeignKey(Category, models.CASCADE, null=True, blank=True)
    finding_period_end = models.DateField(null=True, blank=True, help_text="Blank for any period.")
    population_finding = models.ForeignKey("studies.Finding", models.CASCADE, related_name="benchmarks")
    caution = models.TextField()

    class Meta:
        ordering = ["benchmark_id"]
        constraints = [
            is_identifier("benchmark_id", "benchmark"),
            category_of_measure("benchmark"),
            not_blank("caution", "benchmark"),
        ]

    def __str__(self):
        return self.benchmark_id


class Comparability(models.Model):
    """A person's signed statement that the findings of a measure answer one question and may be pooled."""

    measure = models.ForeignKey(Measure, models.CASCADE, related_name="comparability_statements")
    category = models.ForeignKey(Category, models.CASCADE, null=True, blank=True)
    statement = models.TextField()
    stated_by = models.TextField()
    stated_on = models.DateField()
    withdrawn_on = models.DateField(null=True, blank=True)
    withdrawn_by = models.TextField(blank=True)

    class Meta:
        ordering = ["measure", "category"]
        verbose_name_plural = "comparability statements"
        constraints = [
            models.UniqueConstraint(
                fields=["measure", "category"],
                condition=Q(withdrawn_on__isnull=True),
                name="comparability_one_standing",
                nulls_distinct=False,
            ),
            category_of_measure("comparability"),
            not_blank("statement", "comparability"),
            not_blank("stated_by", "comparability"),
            models.CheckConstraint(
                condition=Q(withdrawn_on__isnull=True, withdrawn_by="")
                | (Q(withdrawn_on__isnull=False) & ~Q(withdrawn_by="")),
                name="comparability_withdrawn_paired",
            ),
        ]

    def __str__(self):
        return f"{self.measure_id}: {self.statement}"

"""Finding: one figure as reported by one source."""

from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Power

from ..vocabulary import PeriodType, Precision, Statistic, Verification
from .fields import IdentifierField, PrintedNumberField, in_order, is_identifier, not_blank, one_of
from .measures import Category, Measure, category_of_measure
from .sources import Source


LOOSE_PRECISIONS = [Precision.APPROXIMATE, Precision.LOWER_BOUND, Precision.UPPER_BOUND]
LOOSE_SLACK = 5
"""Percentage points by which a share given in words or as a bound may differ from its counts."""


def printed_half_unit() -> models.Expression:
    """Half of the last printed place of `value`: 0.5 for "83", 0.05 for "83.1"."""
    scale = Func(F("value"), function="scale", output_field=models.IntegerField())
    return Value(0.5) * Power(Value(10.0), -scale, output_field=models.FloatField())


class FindingQuerySet(models.QuerySet):
    def with_rating(self):
        """Annotate `rating` and `rating_status` as `Source.with_rating`: the finding's own where that is lower.

        A person gave the own rating with a reason (`lower_reason`, blank where none is lower), so it is no draft.
        """
        from .rounds import FindingRating

        rated = Source.objects.with_rating().filter(pk=models.OuterRef("source"))
        own = FindingRating.objects.filter(finding=models.OuterRef("pk"), withdrawn_at=None)
        # The lower of the two: `own_rating` counts only where it is below the source's.
        lower = (
            Q(own_rating="unclear", source_rating__in=["weak", "moderate", "strong"])
            | Q(own_rating="weak", source_rating__in=["moderate", "strong"])
            | Q(own_rating="moderate", source_rating="strong")
        )
        return self.annotate(
            source_rating=models.Subquery(rated.values("rating")[:1]),
            own_rating=models.Subquery(own.values("rating")[:1]),
            rating=models.Case(models.When(lower, then=F("own_rating")), default=F("source_rating")),
            rating_status=models.Case(
                models.When(lower, then=Value("final")),
                default=models.Subquery(rated.values("rating_status")[:1]),
                output_field=models.TextField(null=True),
            ),
            lower_reason=models.Case(
                models.When(lower, then=models.Subquery(own.values("reason")[:1])),
                default=Value(""),
                output_field=models.TextField(),
            ),
        )

    def with_unknown(self):
        """Annotate `unknown_value`: the unknown part of the finding's own breakdown as printed, null without one."""
        unknown = Finding.objects.filter(
            breakdown_id=models.OuterRef("breakdown_id"), category__is_unknown=True
        ).exclude(breakdown_id="")
        return self.annotate(unknown_value=models.Subquery(unknown.values("value")[:1]))

    def with_own_rating(self):
        """Annotate `own_rating` and `own_reason`: a standing rating of the figure itself, null where there is none."""
        from .rounds import FindingRating

        own = FindingRating.objects.filter(finding=models.OuterRef("pk"), withdrawn_at=None)
        return self.annotate(
            own_rating=models.Subquery(own.values("rating")[:1]),
            own_reason=models.Subquery(own.values("reason")[:1]),
        )

    def in_reading_order(self):
        """National figures of a measure first come first: by measure, source, period and category."""
        return self.order_by("measure_id", "source_id", "period_end", "category__order", "finding_id")


class Finding(models.Model):
    """One figure as reported by one source, with its period, geography, locator, precision and verification."""

    finding_id = IdentifierField(primary_key=True)
    source = models.ForeignKey(Source, models.PROTECT, related_name="findings")
    measure = models.ForeignKey(Measure, models.PROTECT, related_name="findings")
    category = models.ForeignKey(
        Category,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="findings",
        help_text="Blank for a total.",
    )
    scope = models.TextField(help_text="The population covered, in words.")
    breakdown_id = IdentifierField(blank=True, help_text="Shared by the rows that divide one base.")
    breakdown_complete = models.BooleanField(
        null=True, blank=True, help_text="The categories, unknown included, make up the base within rounding."
    )
    statistic = models.CharField(max_length=20, choices=Statistic)
    value = PrintedNumberField(help_text="As printed; per cent for percentages.")
    numerator = PrintedNumberField(null=True, blank=True)
    denominator = PrintedNumberField(null=True, blank=True)
    lower_ci = PrintedNumberField("lower confidence limit", null=True, blank=True)
    upper_ci = PrintedNumberField("upper confidence limit", null=True, blank=True)
    precision = models.CharField(max_length=20, choices=Precision)
    period_start = models.DateField(null=True, blank=True)
    period_end = models.DateField(null=True, blank=True)
    period_type = models.CharField(max_length=20, choices=PeriodType)
    geography = models.TextField()
    definition_note = models.TextField()
    locator = models.TextField(help_text="Where in the source, or what kind of text it was read in.")
    verification = models.CharField(max_length=20, choices=Verification)

    objects = FindingQuerySet.as_manager()

    class Meta:
        ordering = ["finding_id"]
        indexes = [
            models.Index(fields=["measure", "category"], name="finding_by_measure"),
            models.Index(fields=["breakdown_id"], name="finding_by_breakdown", condition=~Q(breakdown_id="")),
        ]
        constraints = [
            is_identifier("finding_id", "finding"),
            not_blank("scope", "finding"),
            not_blank("geography", "finding"),
            not_blank("definition_note", "finding"),
            not_blank("locator", "finding"),
            one_of("statistic", Statistic, "finding"),
            one_of("precision", Precision, "finding"),
            one_of("period_type", PeriodType, "finding"),
            one_of("verification", Verification, "finding"),
            category_of_measure("finding"),
            models.CheckConstraint(
                condition=Q(breakdown_id="", breakdown_complete__isnull=True)
                | (~Q(breakdown_id="") & Q(breakdown_complete__isnull=False)),
                name="finding_breakdown_paired",
            ),
            models.CheckConstraint(
                condition=Q(numerator__isnull=True) | Q(numerator__gte=0, numerator__lte=F("denominator")),
                name="finding_numerator_within_base",
            ),
            models.CheckConstraint(
                condition=Q(numerator__isnull=True) | Q(denominator__isnull=False),
                name="finding_numerator_has_base",
            ),
            models.CheckConstraint(
                condition=Q(denominator__isnull=True) | Q(denominator__gt=0), name="finding_base_positive"
            ),
            models.CheckConstraint(
                condition=Q(statistic=Statistic.CHANGE) | Q(value__gte=0), name="finding_value_not_negative"
            ),
            models.CheckConstraint(
                condition=~Q(statistic=Statistic.PERCENTAGE) | Q(value__lte=100),
                name="finding_percentage_at_most_100",
            ),
            models.CheckConstraint(
                condition=~Q(statistic=Statistic.COUNT) | Q(numerator__isnull=True) | Q(numerator=F("value")),
                name="finding_count_repeats_numerator",
            ),
            models.CheckConstraint(
                condition=~Q(statistic=Statistic.PERCENTAGE)
                | Q(numerator__isnull=True)
                | (
                    Q(precision__in=LOOSE_PRECISIONS)
                    & Q(value__gte=F("numerator") * 100 / F("denominator") - LOOSE_SLACK)
                    & Q(value__lte=F("numerator") * 100 / F("denominator") + LOOSE_SLACK)
                )
                | Q(value__gte=F("numerator") * 100 / F("denominator") - printed_half_unit() - Value(1e-9))
                & Q(value__lte=F("numerator") * 100 / F("denominator") + printed_half_unit() + Value(1e-9)),
                name="finding_share_agrees_with_counts",
            ),
            models.CheckConstraint(
                condition=Q(lower_ci__isnull=True) | Q(lower_ci__lte=F("value")),
                name="finding_lower_limit_below_value",
            ),
            models.CheckConstraint(
                condition=Q(upper_ci__isnull=True) | Q(upper_ci__gte=F("value")),
                name="finding_upper_limit_above_value",
            ),
            models.CheckConstraint(
                condition=Q(
                    period_start__isnull=True, period_end__isnull=True, period_type=PeriodType.UNKNOWN
                )
                | Q(period_start__isnull=False, period_end__isnull=False),
                name="finding_period_paired",
            ),
            in_order("period_start", "period_end", "finding"),
            models.UniqueConstraint(
                fields=[
                    "source",
                    "measure",
                    "category",
                    "scope",
                    "statistic",
                    "period_start",
                    "period_end",
                    "geography",
                ],
                name="finding_said_once",
                nulls_distinct=False,
            ),
        ]

    def __str__(self):
        return self.finding_id

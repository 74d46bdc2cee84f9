"""The list of measures, grouped by theme or in one row of names, each with what it rests on."""

from dataclasses import dataclass

from django.db.models import Count

from studies.models import Finding, Measure
from studies.vocabulary import Theme


@dataclass(frozen=True)
class MeasureRow:
    """A measure and the size of what it rests on."""

    measure: Measure
    figures: int
    sources: int


@dataclass(frozen=True)
class ThemeGroup:
    """The measures under one heading: a theme, or none."""

    theme: str
    label: str
    rows: list[MeasureRow]


def measures_by_theme(measures: list[Measure]) -> list[ThemeGroup]:
    """The measures in the order of the themes, with their numbers of figures and sources. One query."""
    rows = make_rows(measures)
    groups = [
        ThemeGroup(theme.value, theme.label, [row for row in rows if row.measure.theme == theme])
        for theme in Theme
    ]
    return [group for group in groups if group.rows]


def measures_by_name(measures: list[Measure]) -> list[ThemeGroup]:
    """The measures as they come, in one group that is no theme. One query."""
    return [ThemeGroup("", "By name", make_rows(measures))]


def make_rows(measures: list[Measure]) -> list[MeasureRow]:
    """The measures with their numbers of figures and sources."""
    counted = {
        row["measure"]: (row["figures"], row["sources"])
        for row in Finding.objects.filter(measure__in=[measure.pk for measure in measures])
        .order_by()
        .values("measure")
        .annotate(figures=Count("pk"), sources=Count("source", distinct=True))
    }
    return [MeasureRow(measure, *counted.get(measure.pk, (0, 0))) for measure in measures]

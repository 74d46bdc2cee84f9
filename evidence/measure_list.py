"""The list of measures, grouped by theme, each with what it rests on."""

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
    """The measures of one theme."""

    theme: str
    label: str
    rows: list[MeasureRow]


def measures_by_theme(measures: list[Measure]) -> list[ThemeGroup]:
    """The measures in the order of the themes, with their numbers of figures and sources. One query."""
    counted = {
        row["measure"]: (row["figures"], row["sources"])
        for row in Finding.objects.filter(measure__in=[measure.pk for measure in measures])
        .order_by()
        .values("measure")
        .annotate(figures=Count("pk"), sources=Count("source", distinct=True))
    }
    groups = []
    for theme in Theme:
        rows = [
            MeasureRow(measure, *counted.get(measure.pk, (0, 0)))
            for measure in measures
            if measure.theme == theme
        ]
        if rows:
            groups.append(ThemeGroup(theme.value, theme.label, rows))
    return groups

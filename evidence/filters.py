"""A Selection applied to the tables in SQL: what lists and downloads are made of.

The counts beside the filters come from `facets.py`, which holds the same rows in columns; a test holds the two to
the same answers.
"""

import django_filters
from django import forms
from django.db.models import Case, F, IntegerField, Q, QuerySet, When

from studies import search
from studies.finding_ratings import lowered
from studies.models import Finding, Source, SourceSearch
from studies.vocabulary import NOT_DESCRIBED, NOT_KNOWN, NOT_RATED, Theme

from .selection import Selection


class ChosenValues(forms.Field):
    """Several values of one parameter. Whether they exist was decided when the selection was parsed."""

    widget = forms.SelectMultiple

    def clean(self, value):
        return list(value or [])


class AnyOf(django_filters.Filter):
    """Rows with any of the chosen values."""

    field_class = ChosenValues

    def filter(self, qs: QuerySet, value: list[str]) -> QuerySet:
        if not value:
            return qs
        if self.method is not None:
            return self.method(qs, self.field_name, value)
        return qs.filter(**{f"{self.field_name}__in": value})


class ArrayHolds(AnyOf):
    """Rows whose array column holds any of the chosen values."""

    def filter(self, qs: QuerySet, value: list[str]) -> QuerySet:
        return qs.filter(**{f"{self.field_name}__overlap": value}) if value else qs


class Quality(AnyOf):
    """Rows by the rating of their source; "not_rated" is the absence of one."""

    def filter(self, qs: QuerySet, value: list[str]) -> QuerySet:
        if not value:
            return qs
        rated = Source.objects.with_rating().filter(rating__in=value)
        unrated = Source.objects.with_rating().filter(rating__isnull=True)
        wanted = Q(**{f"{self.field_name}__in": rated.values("pk")})
        if NOT_RATED in value:
            wanted |= Q(**{f"{self.field_name}__in": unrated.values("pk")})
        return qs.filter(wanted)


class OwnQuality(Quality):
    """Findings by the rating of their source, or by their own where that is lower."""

    def filter(self, qs: QuerySet, value: list[str]) -> QuerySet:
        own = lowered() if value else {}
        if not own:
            return super().filter(qs, value)
        kept = [pk for pk, (rating, _) in own.items() if rating in value]
        return super().filter(qs.exclude(pk__in=own), value) | qs.filter(pk__in=kept)


class SourceTypes(AnyOf):
    """Rows by the kind of their source; "not_described" is the absence of one."""

    def filter(self, qs: QuerySet, value: list[str]) -> QuerySet:
        return super().filter(qs, ["" if one == NOT_DESCRIBED else one for one in value])


class YesNo(AnyOf):
    """Rows by a boolean column, chosen as "yes", "no" and "not_known" (null)."""

    def filter(self, qs: QuerySet, value: list[str]) -> QuerySet:
        if not value:
            return qs
        wanted = Q(**{f"{self.field_name}__in": [one == "yes" for one in value if one != NOT_KNOWN]})
        if NOT_KNOWN in value:
            wanted |= Q(**{f"{self.field_name}__isnull": True})
        return qs.filter(wanted)


class Words(django_filters.CharFilter):
    """Rows whose source matches the reader's words."""

    def filter(self, qs: QuerySet, value: str) -> QuerySet:
        if not value:
            return qs
        found = SourceSearch.objects.filter(vector=search.query(value))
        return qs.filter(**{f"{self.field_name}__in": found.values("pk")})


class GeographyOfSource(AnyOf):
    """Sources about a place: the source's own area, or that of any of its figures."""

    def filter(self, qs: QuerySet, value: list[str]) -> QuerySet:
        if not value:
            return qs
        figures = Finding.objects.filter(geography__in=value).values("source")
        return qs.filter(Q(geography__in=value) | Q(pk__in=figures))


class HasFinding(AnyOf):
    """Sources with a figure of the chosen measure, category or scope."""

    def filter(self, qs: QuerySet, value: list[str]) -> QuerySet:
        figures = Finding.objects.filter(**{f"{self.field_name}__in": value})
        return qs.filter(pk__in=figures.values("source")) if value else qs


class SourceFilterSet(django_filters.FilterSet):
    """Sources: the reader's words, the document, and what its figures are like."""

    q = Words(field_name="pk")
    theme = ArrayHolds(field_name="search__themes")
    source_type = SourceTypes(field_name="source_type")
    quality = Quality(field_name="pk")
    verification = ArrayHolds(field_name="search__verifications")
    precision = ArrayHolds(field_name="search__precisions")
    unit = ArrayHolds(field_name="search__units")
    geography = GeographyOfSource(field_name="geography")
    peer_reviewed = YesNo(field_name="peer_reviewed")
    measure = HasFinding(field_name="measure")
    category = HasFinding(field_name="category__category_id")
    scope = HasFinding(field_name="scope")
    source = AnyOf(field_name="pk")
    year_from = django_filters.NumberFilter(field_name="year", lookup_expr="gte")
    year_to = django_filters.NumberFilter(field_name="year", lookup_expr="lte")

    class Meta:
        model = Source
        fields: list[str] = []


class FindingFilterSet(django_filters.FilterSet):
    """Findings: the measure, the figure, its place and period, and its source."""

    q = Words(field_name="source")
    theme = AnyOf(field_name="measure__theme")
    source_type = SourceTypes(field_name="source__source_type")
    quality = OwnQuality(field_name="source")
    verification = AnyOf(field_name="verification")
    precision = AnyOf(field_name="precision")
    unit = AnyOf(field_name="measure__unit_of_analysis")
    geography = AnyOf(field_name="geography")
    peer_reviewed = YesNo(field_name="source__peer_reviewed")
    measure = AnyOf(field_name="measure")
    category = AnyOf(field_name="category__category_id")
    scope = AnyOf(field_name="scope")
    source = AnyOf(field_name="source")
    year_from = django_filters.NumberFilter(field_name="period_end__year", lookup_expr="gte")
    year_to = django_filters.NumberFilter(field_name="period_start__year", lookup_expr="lte")

    class Meta:
        model = Finding
        fields: list[str] = []


THEME_ORDER = Case(
    *(When(theme=theme.value, then=number) for number, theme in enumerate(Theme)), output_field=IntegerField()
)

SOURCE_SORTS = {
    "title": ["search__sort_title", "pk"],
    # What has no date stands last in either direction: it is neither new nor old.
    "newest": [F("year").desc(nulls_last=True), "search__sort_title", "pk"],
    "oldest": [F("year").asc(nulls_last=True), "search__sort_title", "pk"],
    "figures": ["-search__finding_count", "search__sort_title", "pk"],
}
FINDING_SORTS = {
    "measure": ["measure_id", "source_id", "period_end", "category__order", "pk"],
    "newest": [F("period_end").desc(nulls_last=True), "measure_id", "pk"],
    "oldest": [F("period_end").asc(nulls_last=True), "measure_id", "pk"],
    "source": ["source__search__sort_title", "measure_id", "pk"],
}
OF_THE_MEASURE = {"theme": "theme", "unit": "unit_of_analysis", "measure": "pk"}
"""Filters that a measure answers itself, also before its first figure is loaded."""

MEASURE_SORTS = {"theme": [THEME_ORDER, "label", "pk"], "label": ["label", "pk"]}


def narrow_sources(selection: Selection, queryset: QuerySet) -> QuerySet:
    """The sources that the selection asks for."""
    return narrow(SourceFilterSet, selection, queryset)


def narrow_findings(selection: Selection, queryset: QuerySet) -> QuerySet:
    """The findings that the selection asks for."""
    return narrow(FindingFilterSet, selection, queryset)


def narrow_measures(selection: Selection, queryset: QuerySet) -> QuerySet:
    """The measures that the selection asks for: by their own words, theme and unit, else by any of their figures."""
    for name, value in selection.filters.items():
        if name == "q":
            queryset = queryset.filter(pk__in=search.measures_matching(value).values("pk"))
        elif name in OF_THE_MEASURE:
            queryset = queryset.filter(**{f"{OF_THE_MEASURE[name]}__in": value})
        else:
            figures = narrow(FindingFilterSet, Selection(**{name: value}), Finding.objects.all())
            queryset = queryset.filter(pk__in=figures.values("measure"))
    return queryset


def narrow(filterset: type[django_filters.FilterSet], selection: Selection, queryset: QuerySet) -> QuerySet:
    """The rows of a queryset that the selection asks for, not yet ordered."""
    data = {name: value for name, value in selection.filters.items() if name != "release"}
    applied = filterset(data, queryset=queryset)
    if not applied.is_valid():
        raise ValueError(f"A parsed selection must be valid: {applied.errors!r}")
    return applied.qs

"""One page of a filtered list: the rows, the facets with their counts, and the question in words."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property

from studies.models import Measure, Source

from . import list_queries
from .facets import FacetIndex
from .filters import (
    FINDING_SORTS,
    MEASURE_SORTS,
    SOURCE_SORTS,
    narrow_findings,
    narrow_measures,
    narrow_sources,
)
from .selection import Allowed, Selection, parse


FACET_LABELS = {
    "theme": "Theme",
    "source_type": "Type of source",
    "quality": "Quality",
    "verification": "Verification",
    "precision": "Precision",
    "unit": "Unit counted",
    "geography": "Area",
    "peer_reviewed": "Peer review",
    "measure": "Measure",
    "category": "Category",
    "scope": "Scope",
    "source": "Source",
    "year_from": "From year",
    "year_to": "To year",
    "q": "Search",
    "release": "Release",
}
FACET_HINTS = {
    "quality": "The rating of the source as a whole, or the lower one of a figure. Those not yet reviewed are marked provisional.",
    "verification": "Primary: read in the source itself. Secondary: read in another text, not checked.",
}
SORT_LABELS = {
    "title": "Title",
    "newest": "Newest first",
    "oldest": "Oldest first",
    "figures": "Most figures first",
    "measure": "Measure",
    "source": "Source",
    "theme": "Theme",
    "label": "Name",
}


@dataclass(frozen=True)
class Option:
    """One value of a facet: how many rows it would leave, and whether it is chosen."""

    value: str
    label: str
    count: int
    selected: bool


@dataclass(frozen=True)
class Facet:
    """One filter with its options. Options that would leave nothing are kept only where they are chosen."""

    key: str
    label: str
    hint: str
    options: list[Option]

    @property
    def chosen(self) -> list[Option]:
        return [option for option in self.options if option.selected]


@dataclass(frozen=True)
class Removal:
    """A chosen filter, and the query string without it."""

    label: str
    value: str
    querystring: str


@dataclass(frozen=True)
class ListKind:
    """What makes the list of sources differ from that of findings."""

    noun: tuple[str, str]
    facets: tuple[str, ...]
    index: Callable[[int], FacetIndex]
    narrow: Callable[[Selection, QuerySet], QuerySet]
    sorts: Mapping[str, Sequence[str]]


SOURCES = ListKind(
    noun=("source", "sources"),
    facets=("theme", "source_type", "quality", "verification", "peer_reviewed", "geography"),
    index=list_queries.get_source_index,
    narrow=narrow_sources,
    sorts=SOURCE_SORTS,
)
FINDINGS = ListKind(
    noun=("finding", "findings"),
    facets=("theme", "source_type", "quality", "verification", "precision", "unit", "geography"),
    index=list_queries.get_finding_index,
    narrow=narrow_findings,
    sorts=FINDING_SORTS,
)
MEASURES = ListKind(
    noun=("measure", "measures"),
    facets=("theme", "unit", "source_type", "geography"),
    index=list_queries.get_measure_index,
    narrow=narrow_measures,
    sorts=MEASURE_SORTS,
)


@dataclass
class Listing:
    """A selection answered: everything that a list page, its download or its API shows."""

    kind: ListKind
    selection: Selection
    words: dict[str, dict[str, str]]
    index: FacetIndex
    masks: dict
    unfiltered: QuerySet
    queryset: QuerySet

    @cached_property
    def total(self) -> int:
        """How many rows the selection has."""
        return int(self.index.matching(self.masks).sum())

    @property
    def everything(self) -> int:
        """How many rows there are without any filter."""
        return len(self.index.ids)

    @cached_property
    def facets(self) -> list[Facet]:
        """Each facet with counts that respect all the other filters."""
        facets = []
        for key in self.kind.facets:
            chosen = set(getattr(self.selection, key))
            counts = self.index.counts(key, self.masks)
            options = [
                Option(value, self.words[key].get(value, value), count, value in chosen)
                for value, count in counts.items()
                if count or value in chosen
            ]
            facets.append(Facet(key, FACET_LABELS[key], FACET_HINTS.get(key, ""), options))
        return facets

    @cached_property
    def sentence(self) -> str:
        """The question and its answer's size: "12 of 170 sources on the theme Context"."""
        one, several = self.kind.noun
        if not self.selection.filters:
            return (
                f"{self.total:,} {self.selection.describe(one if self.total == 1 else several, self.words)}"
            )
        return f"{self.total:,} of {self.everything:,} {self.selection.describe(several, self.words)}"

    @cached_property
    def removals(self) -> list[Removal]:
        """Every chosen filter with the address that drops it."""
        found = []
        for name, value in self.selection.filters.items():
            for one in value if isinstance(value, tuple) else (value,):
                words = self.words.get(name, {}).get(one, str(one))
                reduced = self.selection.without(name, one if isinstance(value, tuple) else None)
                found.append(Removal(FACET_LABELS[name], words, reduced.querystring()))
        return found

    @cached_property
    def order(self) -> Sequence[str]:
        """What the rows are sorted by: as asked for, else the usual order of the list."""
        return self.kind.sorts[self.selection.sort or next(iter(self.kind.sorts))]

    @cached_property
    def ordered(self) -> QuerySet:
        """All rows of the selection, in its order."""
        return self.queryset.order_by(*self.order)

    @cached_property
    def page(self) -> Page:
        """The rows of one page. A page beyond the last is the last."""
        paginator = Paginator(_Counted(self), self.selection.per_page)
        return paginator.get_page(self.selection.page)

    @property
    def carried(self) -> list[tuple[str, str]]:
        """Parameters that the filter panel has no field for, and must not lose."""
        fields = {*self.kind.facets, "q", "year_from", "year_to", "sort", "page"}
        return [(name, value) for name, value in self.selection.pairs() if name not in fields]

    @property
    def sort_options(self) -> list[tuple[str, str, bool]]:
        """Each order with its label and whether it is the chosen one; the usual order has no value of its own, so
        that the same question has the same address."""
        usual = next(iter(self.kind.sorts))
        current = self.selection.sort or usual
        return [
            ("" if name == usual else name, SORT_LABELS[name], name == current) for name in self.kind.sorts
        ]

    @property
    def querystring(self) -> str:
        """The selection without its page, for downloads and links."""
        return self.selection.querystring(page=1)


class _Counted:
    """The rows of a listing whose length is known already, so that paging asks for no count."""

    ordered = True

    def __init__(self, listing: Listing):
        self.listing = listing

    def count(self) -> int:
        return self.listing.total

    def __getitem__(self, part: slice) -> QuerySet:
        # The keys are found first: what is annotated is then computed for one page, not for all pages before it.
        keys = self.listing.ordered.values("pk")[part]
        return self.listing.unfiltered.filter(pk__in=keys).order_by(*self.listing.order)


def answer(request: HttpRequest, kind: ListKind, queryset: QuerySet, version: int) -> Listing:
    """The listing that an address asks for.

    Raises `InvalidSelection` where it asks for something that does not exist.
    """
    words = list_queries.get_filter_words(version)
    selection = parse(dict(request.GET.lists()), Allowed(words, tuple(kind.sorts)))
    index = kind.index(version)
    masks = index.masks(selection.filters, asked_of_database(kind, selection, index))
    return Listing(kind, selection, words, index, masks, queryset, kind.narrow(selection, queryset))


def asked_of_database(kind: ListKind, selection: Selection, index: FacetIndex) -> dict[str, Sequence[str]]:
    """Filter → matching keys, for the filters that the index has no column for."""
    found: dict[str, Sequence[str]] = {}
    if selection.q:
        if kind is MEASURES:
            found["q"] = list_queries.get_measures_found(selection.q)
        else:
            sources = list_queries.get_sources_found(selection.q)
            found["q"] = sources if kind is SOURCES else list_queries.get_findings_of_sources(sources)
    for name, value in selection.filters.items():
        years = kind is not MEASURES and name in ("year_from", "year_to")
        if name in index.columns or name in ("q", "release") or years:
            continue
        alone = Selection(**{name: value})
        model = Source if kind is SOURCES else Measure
        found[name] = list(kind.narrow(alone, model.objects.all()).values_list("pk", flat=True))
    return found

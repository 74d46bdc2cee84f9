"""The tables in SQL and the rows in columns must give the same answer to the same question."""

import random
from datetime import date

import pytest
from small_store import make_finding, make_measure, make_rows, make_source

from evidence import list_queries, listing
from evidence.filters import FINDING_SORTS, MEASURE_SORTS, SOURCE_SORTS, narrow_measures
from evidence.selection import Selection
from studies.models import Finding, Measure, Source


KINDS = {
    "sources": (listing.SOURCES, Source),
    "findings": (listing.FINDINGS, Finding),
    "measures": (listing.MEASURES, Measure),
}
SINGLE_VALUES = ("theme", "source_type", "quality", "verification", "precision", "unit", "peer_reviewed")
MANY_VALUES = ("geography", "measure", "category", "scope", "source")
SEARCHES = (
    "exploitation",
    '"child sexual exploitation"',
    "police -force",
    "ethnicity or nationality",
    "zzzz",
)
SEED = 20_251
"""Fixed, so that a failure can be seen again; any number serves."""

RANDOM_QUESTIONS = 40


def by_columns(kind, selection):
    """The keys that the index lets through."""
    index = kind.index(None)
    masks = index.masks(selection.filters, listing.asked_of_database(kind, selection, index))
    mask = index.matching(masks)
    return {key for key, kept in zip(index.ids, mask, strict=True) if kept}


def by_tables(kind, model, selection):
    """The keys that SQL gives, none of them twice."""
    keys = list(kind.narrow(selection, model.objects.all()).values_list("pk", flat=True))
    assert len(keys) == len(set(keys))
    return set(keys)


@pytest.mark.parametrize("name", KINDS)
def test_no_filter_leaves_everything(shipped, name):
    kind, model = KINDS[name]
    everything = set(model.objects.values_list("pk", flat=True))

    assert by_columns(kind, Selection()) == by_tables(kind, model, Selection()) == everything


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("field", [*SINGLE_VALUES, *MANY_VALUES])
def test_each_filter_alone_gives_the_same_rows(shipped, name, field):
    kind, model = KINDS[name]
    known = list(list_queries.get_filter_words()[field])
    values = known if field in SINGLE_VALUES else random.Random(SEED).sample(known, 12)
    sizes = set()
    for value in values:
        selection = Selection(**{field: (value,)})
        rows = by_tables(kind, model, selection)
        assert by_columns(kind, selection) == rows, value
        sizes.add(len(rows))

    # A filter that is not applied at all would leave every row each time.
    assert sizes != {len(kind.index(None).ids)}


@pytest.mark.parametrize("name", KINDS)
def test_many_questions_give_the_same_rows(shipped, name):
    kind, model = KINDS[name]
    words = list_queries.get_filter_words()
    chance = random.Random(SEED)
    found_something = 0
    for _ in range(RANDOM_QUESTIONS):
        chosen = {
            field: tuple(chance.sample(list(words[field]), min(len(words[field]), chance.choice([1, 2, 4]))))
            for field in chance.sample([*SINGLE_VALUES, "geography"], chance.choice([1, 2]))
        }
        if chance.random() < 0.3:
            chosen["q"] = chance.choice(SEARCHES)
        if chance.random() < 0.3:
            chosen["year_from"] = chance.choice([1979, 2005, 2015])
        if chance.random() < 0.3:
            chosen["year_to"] = chance.choice([2015, 2020, 2030])
        selection = Selection(**chosen)
        rows = by_tables(kind, model, selection)
        assert by_columns(kind, selection) == rows, selection
        found_something += bool(rows)

    assert found_something > RANDOM_QUESTIONS / 4


@pytest.mark.parametrize("text", [*SEARCHES, "C++", '"', "a-b", "😀", "\\", "'; --", "& | ! :*", "the"])
@pytest.mark.parametrize("name", KINDS)
def test_search_text_of_any_kind_is_answered_the_same(shipped, name, text):
    kind, model = KINDS[name]
    selection = Selection(q=text)
    assert by_columns(kind, selection) == by_tables(kind, model, selection)


def test_measure_without_figures_is_listed_and_counted_alike(db):
    """A measure may be loaded before its first figure."""
    make_rows(1, 2)
    make_measure("bare", theme="offender-networks", unit_of_analysis="group")
    for chosen in (
        {},
        {"theme": ("offender-networks",)},
        {"unit": ("group",)},
        {"source_type": ("grey_literature",)},
    ):
        selection = Selection(**chosen)
        assert by_columns(listing.MEASURES, selection) == by_tables(listing.MEASURES, Measure, selection)
    assert by_tables(listing.MEASURES, Measure, Selection(unit=("group",))) == {"bare"}


def test_measure_is_found_by_each_filter_among_its_figures(db):
    """Two filters may be met by two figures of the measure: the list is of measures, not of figures."""
    make_rows(1, 2)
    found = narrow_measures(Selection(source=("source-01",), year_from=2015), Measure.objects.all())
    assert [measure.pk for measure in found] == ["measure-01"]


@pytest.mark.parametrize("orders", [SOURCE_SORTS, FINDING_SORTS, MEASURE_SORTS])
def test_each_order_is_total(orders):
    """Rows that an order leaves equal could stand on two pages, or on none."""
    assert {order[-1] for order in orders.values()} == {"pk"}


def test_what_has_no_date_stands_last_in_both_directions(db):
    measure = make_measure("m")
    for name, year, end in (
        ("new", 2020, date(2020, 1, 1)),
        ("old", 1990, date(1990, 1, 1)),
        ("none", None, None),
    ):
        kind = "snapshot" if end else "unknown"
        make_finding(
            name, make_source(name, year=year), measure, period_start=end, period_end=end, period_type=kind
        )

    for model, orders in ((Source, SOURCE_SORTS), (Finding, FINDING_SORTS)):
        newest = model.objects.order_by(*orders["newest"])
        oldest = model.objects.order_by(*orders["oldest"])
        assert [row.pk for row in newest] == ["new", "old", "none"]
        assert [row.pk for row in oldest] == ["old", "new", "none"]

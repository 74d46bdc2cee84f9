"""The counts beside the filters, held against a slow and obvious count of the same rows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.facets import FacetIndex


ORDERS = {"theme": ["context", "networks", "victims"], "quality": ["strong", "weak"], "area": []}
ROWS = [
    ("a", {"theme": ["context", "networks"], "quality": ["strong"], "area": ["England"]}, 2010, 2012),
    ("b", {"theme": ["context"], "quality": ["weak"], "area": ["Wales"]}, 2011, 2011),
    ("c", {"theme": ["networks"], "quality": ["weak"], "area": ["England"]}, 2015, 2018),
    ("d", {"theme": [], "quality": ["strong"], "area": ["England"]}, None, None),
]


@pytest.fixture
def index():
    return FacetIndex.build(ROWS, ORDERS)


def matching(index, filters, found=None):
    mask = index.matching(index.masks(filters, found or {}))
    return [key for key, kept in zip(index.ids, mask, strict=True) if kept]


def test_no_filter_leaves_everything(index):
    assert matching(index, {}) == ["a", "b", "c", "d"]
    assert index.counts("theme", {}) == {"context": 2, "networks": 2, "victims": 0}


def test_values_of_one_filter_add_and_filters_narrow(index):
    assert matching(index, {"theme": ("context", "networks")}) == ["a", "b", "c"]
    assert matching(index, {"theme": ("context", "networks"), "quality": ("weak",)}) == ["b", "c"]


def test_counts_of_a_facet_respect_all_other_filters_and_not_its_own(index):
    masks = index.masks({"theme": ("context",), "quality": ("weak",)}, {})

    assert index.counts("quality", masks) == {"strong": 1, "weak": 1}
    assert index.counts("theme", masks) == {"context": 1, "networks": 1, "victims": 0}
    assert index.counts("area", masks) == {"England": 0, "Wales": 1}


def test_row_with_two_values_is_counted_under_both(index):
    assert index.counts("theme", index.masks({"quality": ("strong",)}, {})) == {
        "context": 1,
        "networks": 1,
        "victims": 0,
    }


def test_values_keep_their_order_and_unforeseen_ones_follow_sorted(index):
    assert {facet: column.values for facet, column in index.columns.items()} == {
        "theme": ["context", "networks", "victims"],
        "quality": ["strong", "weak"],
        "area": ["England", "Wales"],
    }


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"year_from": 2012}, ["a", "c"]),
        ({"year_from": 2013}, ["c"]),
        ({"year_to": 2010}, ["a"]),
        ({"year_to": 2014}, ["a", "b"]),
        ({"year_from": 2012, "year_to": 2012}, ["a"]),
        ({"year_from": 2016, "year_to": 2017}, ["c"]),
        ({"year_from": 1800, "year_to": 2100}, ["a", "b", "c"]),
    ],
)
def test_years_keep_whatever_touches_them_and_leave_out_what_has_none(index, filters, expected):
    assert matching(index, filters) == expected


def test_value_that_no_row_has_leaves_nothing(index):
    assert matching(index, {"theme": ("unheard-of",)}) == []
    assert matching(index, {"theme": ("unheard-of", "context")}) == ["a", "b"]


def test_keys_found_elsewhere_narrow_and_strange_ones_are_passed_over(index):
    assert matching(index, {"quality": ("weak",)}, {"q": ["c", "a", "not-here"]}) == ["c"]
    assert matching(index, {}, {"q": []}) == []


def test_facet_with_a_value_of_its_own_for_each_row_grows_with_the_rows_and_not_with_their_square():
    rows = [(str(n), {"area": [str(n)]}, None, None) for n in range(1000)]
    column = FacetIndex.build(rows, {"area": []}).columns["area"]

    assert column.rows.nbytes + column.codes.nbytes <= 16 * len(rows)


def test_empty_store_counts_nought():
    index = FacetIndex.build([], ORDERS)
    masks = index.masks({"theme": ("context",), "year_from": 2000}, {"q": ["x"]})

    assert matching(index, {"theme": ("context",)}) == []
    assert index.counts("quality", masks) == {"strong": 0, "weak": 0}


VALUES = {"theme": list("abc"), "quality": list("xy"), "area": list("pqrs")}
values_of = {name: st.sets(st.sampled_from(values)) for name, values in VALUES.items()}
years = st.none() | st.integers(2000, 2010)
rows = st.lists(st.tuples(st.fixed_dictionaries(values_of), years, years), max_size=12)
questions = st.fixed_dictionaries(
    {
        name: st.lists(st.sampled_from([*values, "z"]), max_size=2).map(tuple)
        for name, values in VALUES.items()
    }
    | {"year_from": years, "year_to": years}
)


def obviously_matches(row, filters, found, leaving_out="") -> bool:
    """The rule in plain words: every filter but one's own lets the row through."""
    key, has, first, last = row
    for name in VALUES:
        if name != leaving_out and filters[name] and not set(filters[name]) & set(has[name]):
            return False
    if filters["year_from"] is not None and (last is None or last < filters["year_from"]):
        return False
    if filters["year_to"] is not None and (first is None or first > filters["year_to"]):
        return False
    return found is None or key in found


@given(rows, questions, st.none() | st.sets(st.integers(0, 14).map(str)))
def test_index_agrees_with_a_slow_obvious_count(given_rows, filters, found):
    table = [(str(n), has, first, last) for n, (has, first, last) in enumerate(given_rows)]
    index = FacetIndex.build(table, {name: values[:2] for name, values in VALUES.items()})
    masks = index.masks(filters, {} if found is None else {"q": sorted(found)})

    kept = [row[0] for row in table if obviously_matches(row, filters, found)]
    assert [key for key, one in zip(index.ids, index.matching(masks), strict=True) if one] == kept
    for name in VALUES:
        within = [row for row in table if obviously_matches(row, filters, found, leaving_out=name)]
        slow = {value: sum(value in row[1][name] for row in within) for value in VALUES[name]}
        counted = index.counts(name, masks)
        assert {value: counted.get(value, 0) for value in VALUES[name]} == slow

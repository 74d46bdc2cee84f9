"""The question in the address: what is accepted, what is named as wrong, and how it says itself."""

from urllib.parse import parse_qs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.selection import (
    DEFAULTS,
    FILTERS,
    LONGEST_QUERY,
    MULTIPLE,
    PER_PAGE_CHOICES,
    Allowed,
    InvalidSelection,
    Selection,
    parse,
    shorten,
)


WORDS = {
    "theme": {"context": "Context", "offender-networks": "Offender networks"},
    "source_type": {"official_statistics": "Official statistics", "policy_paper": "Policy paper"},
    "quality": {"strong": "Strong", "weak": "Weak", "not_rated": "Not rated"},
    "geography": {"England and Wales": "England and Wales", "O'Brien & Co + 50%": "O'Brien & Co + 50%"},
    "peer_reviewed": {"yes": "Peer reviewed", "no": "Not peer reviewed"},
    "scope": {"All, also “quoted”": "All, also “quoted”", "ünïcode 😀": "ünïcode 😀"},
    "release": {"1": "Release 1"},
}
ALLOWED = Allowed(WORDS, ("title", "newest"))


def problems(**params: list[str] | str) -> list[tuple[str, str]]:
    """Field and message of everything that is wrong with these parameters."""
    given_params = {name: [value] if isinstance(value, str) else value for name, value in params.items()}
    with pytest.raises(InvalidSelection) as caught:
        parse(given_params, ALLOWED)
    return [(problem.field, problem.message) for problem in caught.value.problems]


def test_nothing_asked_is_the_default_and_has_no_querystring():
    assert parse({}, ALLOWED) == Selection()
    assert Selection().querystring() == ""
    assert Selection().filters == {}


def test_blank_parameters_are_no_filter():
    """A plain form sends every field, also those left blank."""
    blank = {name: ["", "  "] for name in DEFAULTS}
    assert parse(blank, ALLOWED) == Selection()


def test_unknown_parameter_is_named_with_those_that_exist():
    ((field, message),) = problems(themes="context")

    assert field == "themes"
    assert "“themes”" in message
    assert all(name in message for name in DEFAULTS)


def test_unknown_parameter_without_a_value_is_named_too():
    ((field, _),) = problems(colour=[""])
    assert field == "colour"


def test_unknown_value_is_named_with_the_few_that_exist():
    ((field, message),) = problems(theme="contxt")

    assert field == "theme"
    assert message == "“contxt” is not a known value of “theme”. It can be: context, offender-networks."


def test_every_fault_is_named_at_once():
    found = problems(
        theme=["context", "x", "y"], year_from="soon", page="0", per_page="30", sort="worst", colour="red"
    )
    assert [field for field, _ in found] == [
        "theme",
        "theme",
        "year_from",
        "page",
        "per_page",
        "sort",
        "colour",
    ]


def test_vocabulary_that_a_page_does_not_have_makes_every_value_unknown():
    assert problems(unit="suspect")[0][0] == "unit"


@pytest.mark.parametrize(
    "year",
    [
        "0",
        "1799",
        "2101",
        "99999",
        "-2000",
        "+2000",
        "2015.5",
        "2e3",
        "２０１５",
        "²015",
        "0x7df",
        "20 15",
        "NaN",
        "None",
        "2015\x00",
        pytest.param("9" * 5000, id="5,000 digits"),
        pytest.param("x" * 10_000, id="10,000 letters"),
    ],
)
def test_absurd_year_is_named(year):
    ((field, message),) = problems(year_from=year)

    assert field == "year_from"
    assert message.endswith("is not a year between 1800 and 2100 for “year_from”.")
    assert len(message) < 200


def test_years_in_the_wrong_order_are_named():
    assert problems(year_from="2020", year_to="2010") == [
        ("year_from", "The first year, 2020, is after the last year, 2010.")
    ]


def test_year_is_taken_with_white_space_around_it():
    assert parse({"year_from": [" 2015 "], "year_to": ["2015"]}, ALLOWED) == Selection(
        year_from=2015, year_to=2015
    )


@pytest.mark.parametrize("name", ["q", "year_from", "sort", "page", "per_page", "release"])
def test_single_value_may_be_repeated_but_not_contradicted(name):
    same = {"q": "abuse", "year_from": "2015", "sort": "title", "page": "2", "per_page": "50", "release": "1"}
    other = {
        "q": "other",
        "year_from": "2016",
        "sort": "newest",
        "page": "3",
        "per_page": "10",
        "release": "2",
    }

    assert parse({name: [same[name]] * 3}, ALLOWED) == parse({name: [same[name]]}, ALLOWED)
    assert problems(**{name: [same[name], other[name]]})[0] == (name, f"“{name}” takes one value only.")


def test_repeated_value_of_a_list_counts_once_and_order_does_not_matter():
    asked = {"quality": ["weak", "strong", "weak"]}
    assert parse(asked, ALLOWED).quality == ("strong", "weak")


@pytest.mark.parametrize("number", PER_PAGE_CHOICES)
def test_offered_numbers_of_rows_are_taken(number):
    assert parse({"per_page": [str(number)]}, ALLOWED).per_page == number


@pytest.mark.parametrize(("name", "value"), [("page", "1000001"), ("per_page", "101"), ("per_page", "26")])
def test_numbers_out_of_range_are_named(name, value):
    assert {field for field, _ in problems(**{name: value})} == {name}


@pytest.mark.parametrize(
    "text",
    [
        '"',
        '"two words',
        "C++",
        "a-b",
        "- -",
        "😀",
        "or or or",
        "a & b | !c :*",
        "%00",
        "';--",
        "\\",
        "\u202e",
    ],
)
def test_odd_search_text_is_taken_as_it_is(text):
    assert parse({"q": [text]}, ALLOWED).q == text


@pytest.mark.parametrize(("text", "kept"), [("\x00", ""), ("a\x00b", "a b"), ("\x00 a \x00", "a")])
def test_nought_characters_become_spaces(text, kept):
    """PostgreSQL has no text with a nought character in it."""
    assert parse({"q": [text]}, ALLOWED).q == kept


def test_search_text_has_a_longest_length():
    assert parse({"q": ["x" * LONGEST_QUERY]}, ALLOWED).q == "x" * LONGEST_QUERY
    ((field, message),) = problems(q="x" * 10_000)
    assert field == "q"
    assert message == "The search text has 10,000 characters; at most 400 can be searched for."


@pytest.mark.parametrize("text", [pytest.param("x" * 10_000, id="10,000 letters"), "\x00", "<b>"])
def test_message_repeats_little_of_what_was_sent(text):
    for params in ({text: "1"}, {"theme": text}, {"sort": text}, {"release": text}):
        ((field, message),) = problems(**params)
        assert len(message) < 400
        assert len(field) <= 80
        assert "\x00" not in message + field


def test_shortened_text_says_that_it_goes_on():
    assert shorten("x" * 81) == "x" * 79 + "…"
    assert shorten("x" * 80) == "x" * 80


def test_unknown_release_is_named():
    assert problems(release="7") == [("release", "There is no release “7”.")]


def test_querystring_names_only_what_differs_from_the_default_in_a_fixed_order():
    selection = Selection(page=2, quality=("strong", "weak"), q="a b&c", year_from=2015)
    assert selection.querystring() == "q=a+b%26c&quality=strong&quality=weak&year_from=2015&page=2"
    assert selection.querystring(page=1, q="") == "quality=strong&quality=weak&year_from=2015"


def test_filter_or_one_of_its_values_can_be_taken_back():
    selection = Selection(quality=("strong", "weak"), year_to=2015, q="x", sort="newest", page=4)

    assert selection.without("quality", "weak") == Selection(
        quality=("strong",), year_to=2015, q="x", sort="newest"
    )
    assert selection.without("year_to") == Selection(quality=("strong", "weak"), q="x", sort="newest")
    assert selection.without("q").q == ""
    assert selection.without("quality").quality == ()


def test_filters_are_what_narrows_and_not_how_it_is_shown():
    selection = Selection(theme=("context",), sort="newest", page=3, per_page=50)
    assert selection.filters == {"theme": ("context",)}


@pytest.mark.parametrize(
    ("selection", "sentence"),
    [
        (Selection(), "sources"),
        (
            Selection(theme=("context", "offender-networks")),
            "sources on the theme Context or Offender networks",
        ),
        (
            Selection(quality=("strong", "weak", "not_rated")),
            "sources of the quality Strong, Weak or Not rated",
        ),
        (Selection(year_from=2015), "sources of 2015 or later"),
        (Selection(year_to=2015), "sources of 2015 or earlier"),
        (Selection(year_from=2015, year_to=2015), "sources of the year 2015"),
        (Selection(year_from=2010, year_to=2015), "sources of the years 2010 to 2015"),
        (Selection(q="care"), "sources that match “care”"),
        (
            Selection(theme=("context",), geography=("England and Wales",), q="care", year_to=2020),
            "sources on the theme Context, for England and Wales, of 2020 or earlier, that match “care”",
        ),
        (Selection(theme=("unheard-of",)), "sources on the theme unheard-of"),
        (Selection(sort="newest", page=3, per_page=50), "sources"),
    ],
)
def test_selection_says_itself(selection, sentence):
    assert selection.describe("sources", WORDS) == sentence


@pytest.mark.parametrize("name", [name for name in FILTERS if name != "release"])
def test_every_filter_is_said(name):
    """A filter that narrows without being said would make a list look complete."""
    value = ("alpha",) if name in MULTIPLE else 1999 if name.startswith("year") else "alpha"
    said = Selection(**{name: value}).describe("sources", {})

    assert said != "sources"
    assert ("1999" if name.startswith("year") else "alpha") in said


selections = st.builds(
    Selection,
    q=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=60).map(
        str.strip
    ),
    **{
        name: st.sets(st.sampled_from(sorted(words))).map(
            lambda chosen, words=words: tuple(value for value in words if value in chosen)
        )
        for name, words in WORDS.items()
        if name != "release"
    },
    release=st.sampled_from(["", "1"]),
    year_from=st.none() | st.integers(1800, 1950),
    year_to=st.none() | st.integers(1950, 2100),
    sort=st.sampled_from(["", "title", "newest"]),
    page=st.integers(1, 1_000_000),
    per_page=st.sampled_from(PER_PAGE_CHOICES),
)


@given(selections)
def test_address_and_selection_are_the_same_question(selection):
    read_back = parse(parse_qs(selection.querystring(), keep_blank_values=True), ALLOWED)

    assert read_back == selection
    assert read_back.querystring() == selection.querystring()


@given(st.dictionaries(st.text(max_size=20), st.lists(st.text(max_size=30), max_size=3), max_size=4))
def test_any_address_is_answered_or_named_as_wrong(params):
    try:
        selection = parse(params, ALLOWED)
    except InvalidSelection as refusal:
        messages = [problem.message for problem in refusal.problems]
    else:
        assert set(params) <= set(DEFAULTS)
        messages = [selection.describe("sources", WORDS)]

    assert messages
    assert all(0 < len(message) < 900 for message in messages)

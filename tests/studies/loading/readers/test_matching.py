"""Which records are one: duplicates found, companions and series left apart, and reasons a person can check."""

import dataclasses
import time

import pytest

from studies.loading.match import compare, find_duplicates, find_matches
from studies.loading.names import name_of, surname
from studies.loading.plain import plain_words
from studies.loading.records import Record


TITLE = "Children in contact with services after an inquiry"
BASE = Record(
    number=1,
    line=1,
    reference_type="article",
    title=TITLE,
    authors=("Okafor, Ada", "Lund, B."),
    year=2019,
    container="Journal of Examples",
    volume="5",
    pages="11-20",
)


def like(**changes):
    return dataclasses.replace(BASE, **changes)


def kind_of(one, other):
    match, turned = compare(one, other), compare(other, one)
    assert (match and match.kind) == (turned and turned.kind), "the order must not matter"
    return match.kind if match else None


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({}, id="equal"),
        pytest.param({"title": TITLE.upper() + "."}, id="capitals and full stop"),
        pytest.param({"title": TITLE.replace("inquiry", "inqury")}, id="a slip"),
        pytest.param({"title": TITLE.replace("Children", "<i>Children</i>")}, id="tags"),
        pytest.param({"authors": ("Okafor A", "Lund B")}, id="initials after the name"),
        pytest.param({"authors": ("A. Okafor",)}, id="initials before the name"),
        pytest.param({"authors": ("ØKAFOR, Ada",)}, id="another spelling of the name"),
        pytest.param({"authors": ("Lund, B.", "Okafor, Ada")}, id="another order of names"),
        pytest.param({"authors": ()}, id="no authors, long title, same year"),
        pytest.param({"year": 2020}, id="first online a year before, same volume"),
        pytest.param({"year": 2018, "volume": "", "pages": ""}, id="first online without volume"),
        pytest.param({"doi": "10.1234/a"}, id="identifier in one only"),
        pytest.param({"title": f"RETRACTED: {TITLE}"}, id="marked as retracted"),
        pytest.param({"volume": "", "container": "J Ex"}, id="short name of the journal"),
    ],
)
def test_the_same_publication_is_found(changes):
    assert kind_of(BASE, like(**changes)) == "same"


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"title": f"Erratum: {TITLE}"}, id="erratum"),
        pytest.param({"title": f"{TITLE}: author correction"}, id="correction"),
        pytest.param({"title": f"Retraction: {TITLE}"}, id="retraction notice"),
        pytest.param({"title": f"Comment on: {TITLE}"}, id="comment"),
        pytest.param({"title": f"{TITLE}: reply to the comment"}, id="reply"),
        pytest.param({"title": f"{TITLE}: supplementary tables"}, id="supplement"),
        pytest.param({"title": f"{TITLE}: study protocol"}, id="protocol"),
        pytest.param({"title": f"{TITLE}: executive summary"}, id="summary"),
        pytest.param({"authors": ("Quist, X.",)}, id="other authors"),
        pytest.param({"year": 2012}, id="another year"),
        pytest.param(
            {"title": TITLE.replace("services", "courts"), "year": 2018}, id="another word and year"
        ),
        pytest.param({"title": "Something else entirely about offences"}, id="another title"),
        pytest.param(
            {"title": "Children under contact with the services before inquiries"}, id="a similar title"
        ),
        pytest.param({"title": ""}, id="no title"),
    ],
)
def test_a_companion_or_another_publication_is_left_apart(changes):
    assert kind_of(BASE, like(**changes)) is None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Harm in the community: part 1", "Harm in the community: part 2"),
        ("Harm in the community, part I", "Harm in the community, part II"),
        ("Harm in the community, part one", "Harm in the community, part two"),
        ("Harm in the community: volume A", "Harm in the community: volume B"),
        ("Annual report 2019", "Annual report 2020"),
        ("Statistics on recorded harm, 2018/19", "Statistics on recorded harm, 2019/20"),
        ("Harm in 1,000 areas of the country", "Harm in 2,000 areas of the country"),
    ],
)
def test_parts_and_years_of_a_series_are_not_duplicates(one, other):
    body = {
        "authors": ("Home Office",),
        "reference_type": "report",
        "container": "",
        "volume": "",
        "pages": "",
    }

    assert kind_of(like(title=one, **body), like(title=other, **body)) is None


def test_the_same_title_every_year_is_a_series_and_not_one_report():
    body = {
        "authors": ("Home Office",),
        "reference_type": "report",
        "container": "",
        "volume": "",
        "pages": "",
    }
    title = "Recorded offences of harm to children, statistical bulletin"

    assert kind_of(like(title=title, year=2019, **body), like(title=title, year=2020, **body)) == "maybe"


@pytest.mark.parametrize(
    ("one", "other"), [("England", "Wales"), ("boys", "girls"), ("male", "female"), ("men", "women")]
)
def test_another_place_or_group_is_never_called_the_same(one, other):
    title = "Recorded harm and the response of services: {} aged under eighteen"

    assert kind_of(like(title=title.format(one)), like(title=title.format(other))) in ("maybe", None)


@pytest.mark.parametrize(
    "title",
    [
        "Editorial",
        "Introduction",
        "Annual report",
        "Foreword",
        "Book reviews",
        "Letters to the editor",
        "News",
    ],
)
def test_titles_that_say_nothing_need_the_same_place(title):
    one = like(title=title)

    assert kind_of(one, like(title=title)) == "same"
    assert kind_of(one, like(title=title, pages="90")) is None
    assert kind_of(one, like(title=title, year=2020)) is None
    assert kind_of(one, like(title=title, container="Another journal")) is None
    assert kind_of(one, like(title=title, pages="")) == "maybe"
    assert kind_of(one, like(title=title, pages="", authors=())) is None
    assert kind_of(like(title=title, container=""), like(title=title, container="")) is None


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"title": f"{TITLE}: a study of three areas"}, "the titles differ in words"),
        ({"title": f"{TITLE} in the three areas that were named"}, "the titles differ in words"),
        ({"title": TITLE.replace("inquiry", "enquiry of a kind")}, "the titles differ in words"),
        ({"volume": "6"}, "different volume"),
        ({"pages": "99"}, "different pages"),
        ({"title": f"{TITLE} 2019"}, "numbers in the titles differ (2019; none)"),
        ({"year": None}, "year not known in one record"),
        ({"authors": (), "title": TITLE.replace("inquiry", "inqury")}, "authors not known in one record"),
        ({"year": 2020, "container": "Another journal"}, "years 2020 and 2019"),
    ],
)
def test_doubt_is_left_to_a_person_with_the_reason(changes, reason):
    match = compare(like(**changes), BASE)

    assert match is not None
    assert match.kind == "maybe"
    assert reason in match.reasons
    assert match.score < 90


def test_two_different_dois_are_never_the_same():
    match = compare(like(doi="10.1234/preprint"), like(doi="10.1234/article"))

    assert match is not None
    assert match.kind == "maybe"
    assert "different DOIs" in match.reasons


@pytest.mark.parametrize(("name", "value"), [("doi", "10.1234/a"), ("pmid", "123")])
def test_one_identifier_makes_one_publication(name, value):
    short = like(title="Children in contact with services", authors=("X, Y.",), year=2018, **{name: value})

    match = compare(short, like(**{name: value}))

    assert match is not None
    assert (match.kind, match.score) == ("same", 100)
    assert match.reasons[0].endswith(value)


def test_an_identifier_with_another_title_or_companion_is_doubted():
    doi = "10.1234/a"

    assert kind_of(like(doi=doi), like(doi=doi, title="Something else entirely")) == "maybe"
    assert kind_of(like(doi=doi), like(doi=doi, title=f"Erratum: {TITLE}")) == "maybe"
    assert kind_of(like(doi=doi), like(doi=doi, title="")) == "same"


def test_chapters_and_volumes_with_the_isbn_of_their_book_are_left_apart():
    isbn = "9783866801929"

    assert kind_of(like(isbn=isbn), like(isbn=isbn, authors=(), year=None)) == "same"
    assert kind_of(like(isbn=isbn), like(isbn=isbn, title="Another chapter of the book")) is None
    assert kind_of(like(isbn=isbn, title="A book: part 1"), like(isbn=isbn, title="A book: part 2")) is None
    assert kind_of(like(isbn=isbn), like(isbn=isbn, title="")) == "maybe"


def test_matches_name_places_and_come_best_first():
    existing = [like(title="Other"), like(volume="6"), BASE]

    matches = find_matches([like(title="Nothing of the kind"), BASE], existing)

    assert [(match.new, match.existing, match.kind) for match in matches] == [(1, 2, "same"), (1, 1, "maybe")]
    assert matches[0].reasons == ("same title", "same first author (okafor)", "same year (2019)")


def test_records_without_a_title_match_by_identifier_alone():
    nameless = like(title="", authors=(), doi="10.1234/a")

    assert [match.kind for match in find_matches([nameless], [like(title=""), nameless])] == ["same"]


def test_duplicates_within_one_file_point_back():
    matches = find_duplicates([BASE, like(title="Other"), BASE, BASE])

    assert [(match.new, match.existing) for match in matches] == [(2, 0), (3, 0), (3, 2)]


def test_the_index_finds_what_comparing_all_pairs_finds():
    places = ["north", "south", "upper valley", "lower valley"]
    records = [
        like(
            title=f"{word} harm and the response of {place} services to reports",
            authors=(["Okafor", "Lund"][index % 2],),
            year=2000 + index % 3,
            volume="",
            pages="",
        )
        for index, (word, place) in enumerate(
            (w, p) for w in ("Reported", "reported", "Recorded", "Rported") for p in places
        )
    ]

    slow = {
        (i, j, match.kind)
        for i in range(len(records))
        for j in range(i)
        if (match := compare(records[i], records[j]))
    }

    assert {(match.new, match.existing, match.kind) for match in find_duplicates(records)} == slow
    assert slow


def test_hundreds_of_editorials_are_not_compared_with_each_other():
    editorials = [
        like(title="Editorial", year=1900 + i % 100, container=f"Journal {i}") for i in range(1_000)
    ]
    same_body = [
        like(title=f"Bulletin {i} on harm recorded by forces", authors=("Home Office",)) for i in range(1_000)
    ]

    assert find_duplicates(editorials) == []
    assert find_duplicates(same_body) == []


@pytest.mark.parametrize(
    ("name", "family"),
    [
        ("Okafor, Ada", "okafor"),
        ("van der Berg, J.", "van der berg"),
        ("Brownstein C D", "brownstein"),
        ("Griffin DK", "griffin"),
        ("McNamara M.E.", "mcnamara"),
        ("D. Verwilghen", "verwilghen"),
        ("Jan van der Berg", "van der berg"),
        ("Home Office", "office"),
        ("Peñalver", "penalver"),
        ("J. K.", "k"),
        ("", ""),
    ],
)
def test_family_names(name, family):
    assert surname(name) == family


def test_plain_words():
    assert plain_words("The “Été” <sub>2</sub>–x &amp; 1,000 children’s") == "the ete 2 x and 1000 childrens"


REPORT = Record(
    number=1,
    line=1,
    reference_type="report",
    title="Independent review of services for exploited young people",
    authors=("Northtown Council",),
    year=2016,
)


def report(**changes):
    return dataclasses.replace(REPORT, **changes)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Burton", "Buxton"),
        ("Easthampton", "Westhampton"),
        ("the county", "the county: update"),
        ("Wessex", "North Wessex"),
        ("England", "New England"),
    ],
)
def test_titles_that_differ_in_a_place_or_a_word_are_left_to_a_person(one, other):
    title = "Inspection of the response of services to child sexual exploitation in {}"

    assert kind_of(report(title=title.format(one)), report(title=title.format(other))) == "maybe"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Accompanied children seeking asylum", "Unaccompanied children seeking asylum"),
        ("Experiences of children: a qualitative study", "Experiences of children: a quantitative study"),
        ("Intrafamilial abuse of children in care", "Extrafamilial abuse of children in care"),
    ],
)
def test_a_prefix_is_no_slip_of_the_pen(one, other):
    assert kind_of(like(title=one, volume="", pages=""), like(title=other, volume="", pages="")) == "maybe"


def test_two_bodies_with_one_title_are_two_publications():
    title = "Local annual report on child sexual exploitation and missing children"

    assert kind_of(report(title=title), report(title=title, authors=("Southtown Council",))) is None
    assert kind_of(report(title=title, authors=()), report(title=title, authors=())) == "maybe"
    assert kind_of(report(), report(authors=("Northtown City Council",))) == "maybe"
    assert kind_of(report(), report(authors=("Northtown Council, The",))) in ("same", "maybe")


def test_a_body_and_the_persons_who_wrote_for_it_are_not_other_people():
    match = compare(report(), report(authors=("Adams, Ruth",)))

    assert match is not None
    assert match.kind == "maybe"
    assert "authors named otherwise (northtown council; adams)" in match.reasons


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"reference_type": "preprint", "container": ""}, id="preprint"),
        pytest.param({"container": "medRxiv"}, id="preprint that calls itself an article"),
        pytest.param({"reference_type": "thesis", "container": ""}, id="thesis"),
        pytest.param({"reference_type": "report", "container": ""}, id="report"),
        pytest.param({"reference_type": "dataset", "container": ""}, id="data set"),
        pytest.param({"reference_type": "conference_paper", "container": "Congress"}, id="conference"),
        pytest.param({"container": "Another review"}, id="reprint in another journal"),
    ],
)
def test_another_kind_of_publication_of_one_title_is_left_to_a_person(changes):
    assert kind_of(BASE, like(volume="", pages="", **changes)) == "maybe"


@pytest.mark.parametrize(
    "title", ["Child protection", "Annual report and accounts", "From the editor", "Research in brief"]
)
def test_a_title_that_others_have_needs_more_than_a_name_and_a_year(title):
    bare = {"title": title, "volume": "", "pages": ""}

    assert kind_of(like(**bare), like(**bare)) in ("maybe", None)
    assert kind_of(like(**bare), like(**bare, container="Another journal")) in ("maybe", None)


def test_a_common_name_with_another_first_name_is_another_person():
    bare = {"volume": "", "pages": "", "container": ""}
    match = compare(like(authors=("Smith, A.",), **bare), like(authors=("Smith, Zoe",), **bare))

    assert match is not None
    assert match.kind == "maybe"
    assert "first names begin with A and Z" in match.reasons


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param(
            {"title": "Assessment of need in three areas"}, id="chapters with the DOI of their book"
        ),
        pytest.param({"title": "Editorial", "pages": "90", "year": 2015}, id="editorials"),
        pytest.param(
            {"title": "Assessment of risks by the areas", "authors": ("Quist, X.",)}, id="another paper"
        ),
    ],
)
def test_one_doi_on_two_papers_is_doubted(changes):
    one = like(title=changes["title"] if "Edit" in changes["title"] else "Assessment of risk in three areas")

    assert kind_of(dataclasses.replace(one, doi="10.1/a"), like(doi="10.1/a", **changes)) == "maybe"


def test_a_series_with_one_doi_for_all_its_years_is_doubted():
    assert kind_of(report(doi="10.1/a"), report(doi="10.1/a", year=2019)) == "maybe"


@pytest.mark.parametrize(
    "title",
    [
        TITLE.replace("Children", "The children"),
        f"[{TITLE}]",
        f"{TITLE} [Internet]",
        TITLE.replace("inquiry", "in-quiry"),
    ],
)
def test_spellings_of_one_title_are_one(title):
    bare = {"volume": "", "pages": ""}

    assert kind_of(like(**bare), like(title=title, **bare)) == "same"


def test_british_and_american_spelling_are_one():
    title = "Recognising organised behaviour in {} centre programmes"
    other = "Recognizing organized behavior in {} center programs"

    assert kind_of(like(title=title.format("five")), like(title=other.format("five"), pages="")) == "same"


def test_a_title_without_its_subtitle_is_asked_about():
    full, cut = "Online grooming: a review of what offenders do", "Online grooming"
    bare = {"volume": "", "pages": ""}

    assert kind_of(like(title=full, **bare), like(title=cut, **bare)) == "maybe"
    assert kind_of(like(title=full, isbn="9783866801929"), like(title=cut, isbn="9783866801929")) == "same"


def test_reasons_name_the_words_that_differ():
    more = compare(BASE, like(title=f"{TITLE} in Wales"))
    other = compare(BASE, like(title=TITLE.replace("services", "courts")))

    assert more is not None
    assert "only one has “wales”" in more.reasons
    assert other is not None
    assert "“services” in one, “courts” in the other" in other.reasons
    assert other.score < more.score < 85


@pytest.mark.parametrize(
    "title", ["Re: {}", "Addendum: {}", "Data from: {}", "Book review: {}", "{}: easy read"]
)
def test_more_companions_are_left_apart(title):
    assert kind_of(BASE, like(title=title.format(TITLE))) is None


def test_a_thousand_records_of_one_identifier_or_title_do_not_each_meet_each():
    one_doi = [
        like(title=f"w{i} q{i} r{i} s{i} t{i}", doi="10.1/a", authors=(f"N{i}, A.",), year=1900 + i % 90)
        for i in range(500)
    ]
    one_title = [
        report(title="Ruling concerning northern schools", authors=(), notes=str(i)) for i in range(500)
    ]

    assert len(find_duplicates(one_doi)) <= 30 * 500
    assert len(find_duplicates(one_title)) <= 30 * 500


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("Home Office", True),
        ("Office of the Commissioner", True),
        ("Northtown Safeguarding Children Board", True),
        ("Adams, Ruth", False),
        ("Jan van der Berg", False),
        ("Adams R", False),
        ("Police, A.", False),
    ],
)
def test_bodies_are_told_from_persons(name, body):
    assert name_of(name).is_body is body


@pytest.mark.parametrize(
    ("name", "initial"),
    [
        ("Adams, Ruth", "r"),
        ("Adams R B", "r"),
        ("R. Adams", "r"),
        ("Ruth Adams", "r"),
        ("Adams", ""),
        ("", ""),
    ],
)
def test_first_initial_wherever_the_given_name_stands(name, initial):
    assert name_of(name).initial == initial


@pytest.mark.parametrize(
    ("one", "other", "kind"),
    [
        ("1", "2", "maybe"),
        ("2nd ed.", "Second edition", "same"),
        ("Revised", "1st", "maybe"),
        ("", "2", "same"),
    ],
)
def test_editions_of_a_book_are_told_apart(one, other, kind):
    book = like(reference_type="book", container="", volume="", pages="")
    first, second = (
        dataclasses.replace(book, raw=(("ET", edition),) if edition else ()) for edition in (one, other)
    )

    assert kind_of(first, second) == kind


def test_what_is_far_too_long_for_a_title_is_compared_quickly_and_only_the_same_is_the_same():
    words = " ".join(f"w{number}ord" for number in range(40_000))
    one, other = like(title=f"{words} one"), like(title=f"{words} other")

    started = time.process_time()
    assert (kind_of(one, one), kind_of(one, other)) == ("same", "maybe")
    assert time.process_time() - started < 1

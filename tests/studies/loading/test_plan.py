"""What a plan makes of matches: one source, a question, or a record of its own."""

import dataclasses

from studies.loading.plan import MERGED, MOST_DOUBTS, NEW, Held, in_two_lines, make_plan
from studies.loading.records import Record


TITLE = "Children in contact with services after an inquiry"
ARTICLE = Record(
    number=1,
    line=1,
    reference_type="article",
    title=TITLE,
    authors=("Okafor, Ada", "Lund, B."),
    year=2019,
    container="Journal of Examples",
    doi="10.1/article",
)
PREPRINT = dataclasses.replace(ARTICLE, reference_type="preprint", container="", doi="10.1/preprint")


def planned(records, held=()):
    return make_plan(records, Held(list(held)), lambda issue: None, "file.ris")


def test_a_bare_title_that_fits_two_sources_is_merged_with_neither():
    bare = Record(number=1, line=1, title=TITLE, authors=("Okafor A",), year=2019)

    one = planned([bare], [("article", ARTICLE), ("preprint", PREPRINT)])[0]

    assert one.outcome == NEW
    assert {doubt.other for doubt in one.doubts} == {"article", "preprint"}
    assert all("another source agrees as well" in doubt.reasons for doubt in one.doubts)


def test_an_identifier_decides_between_two_sources():
    again = dataclasses.replace(ARTICLE, doi="10.1/preprint", container="", reference_type="")

    one = planned([again], [("article", ARTICLE), ("preprint", PREPRINT)])[0]

    assert (one.outcome, one.source) == (MERGED, "preprint")
    assert one.reasons[0] == "same DOI 10.1/preprint"


def test_several_references_of_one_source_are_no_doubt():
    again = dataclasses.replace(ARTICLE, authors=("Okafor A",), doi="")

    one = planned([again], [("article", ARTICLE), ("article", dataclasses.replace(ARTICLE, doi=""))])[0]

    assert (one.outcome, one.source, one.doubts) == (MERGED, "article", ())


def test_a_record_is_held_against_a_few_others_at_most():
    many = [Record(number=i, line=i, title=TITLE, year=2019, notes=str(i)) for i in range(1, 40)]

    made = planned(many)

    assert {one.outcome for one in made} == {NEW}
    assert max(len(one.doubts) for one in made) == MOST_DOUBTS


def test_what_was_exported_from_here_comes_back_to_its_source_however_little_it_says():
    bare = Record(number=1, line=1, title="Algorithms", authors=("Sedge, R.",))
    held = [("sedge-undated-algorithms", bare), ("sedge-undated-algorithms-2", bare)]
    names = {name for name, _ in held}

    def plan(record):
        return make_plan([record], Held(list(held), names=names), lambda issue: None, "file.ris")[0]

    exported = dataclasses.replace(bare, raw=(("TY", "GEN"), ("ID", "sedge-undated-algorithms-2")))
    back, changed, named_otherwise = (
        plan(exported),
        plan(dataclasses.replace(exported, year=2001)),
        plan(dataclasses.replace(exported, raw=(("ID", "sedge"),))),
    )

    assert (back.outcome, back.source, back.doubts) == (MERGED, "sedge-undated-algorithms-2", ())
    assert changed.outcome == named_otherwise.outcome == NEW


def test_record_is_shown_in_two_lines():
    assert in_two_lines(ARTICLE) == f"{TITLE}\nOkafor, Ada; Lund, B. 2019. Journal of Examples"
    assert in_two_lines(Record(number=1, line=1, title=" A\ntitle ")) == "A title"
    assert in_two_lines(Record(number=1, line=1, year=2001)) == "\n2001"
    many = dataclasses.replace(ARTICLE, authors=tuple(f"Name{n}" for n in range(2_000)), title="x" * 9_000)
    title, rest = in_two_lines(many).split("\n")
    assert (len(title), title[-1]) == (300, "…")
    assert rest == "Name0; Name1; Name2 and 1997 more. 2019. Journal of Examples"

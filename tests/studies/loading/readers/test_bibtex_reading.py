"""BibTeX: syntax that real files have, LaTeX, and names."""

import time

import pytest

from studies.loading.readers import bibtex_syntax
from studies.loading.readers.latex import people, to_text
from tests.studies.loading.readers.reading import read_all, records_of, said, titles


def test_an_entry_is_read_into_its_fields():
    text = """@Article{okafor2019,
      author = {Ada Okafor and {Home Office} and van der Berg, Jan},
      title = {The {UK} response: 50% of caf{\\'e}s \\& bars},
      journal = "Journal of Examples",
      year = 2019, month = may,
      volume = {5}, number = 2, pages = {11--20},
      doi = {10.1234/ABC}, issn = {2041-1723}, isbn = {978-3-86680-192-9}, pmid = {12345678},
      url = {https://example.org/1}, publisher = {A press},
      abstract = {One.}, keywords = {police, recording}, language = {english}, note = {A note}
    }"""

    result, (found,), issues = read_all(text, "file.txt")

    assert (result.format, issues) == ("bibtex", [])
    assert found.title == "The UK response: 50% of cafés & bars"
    assert found.authors == ("Okafor, Ada", "Home Office", "van der Berg, Jan")
    assert (found.reference_type, found.year, found.date) == ("article", 2019, "May 2019")
    assert (found.container, found.volume, found.issue, found.pages) == (
        "Journal of Examples",
        "5",
        "2",
        "11-20",
    )
    assert (found.doi, found.issn, found.isbn, found.pmid) == (
        "10.1234/abc",
        "2041-1723",
        "9783866801929",
        "12345678",
    )
    assert (found.url, found.publisher, found.abstract) == ("https://example.org/1", "A press", "One.")
    assert (found.keywords, found.language, found.notes) == (("police", "recording"), "english", "A note")
    assert found.raw[:2] == (("type", "article"), ("key", "okafor2019"))


def test_biblatex_names_are_understood():
    text = """@report{a, title = {Main}, subtitle = {Sub}, date = {2020-05-03}, institution = {Home Office},
              journaltitle = {Series}, eprint = {123}, eprinttype = {pubmed}, editor = {Lund, B.}}"""

    (found,) = records_of(text)

    assert (found.title, found.year, found.date) == ("Main: Sub", 2020, "2020-05-03")
    assert (found.publisher, found.container, found.pmid, found.authors) == (
        "Home Office",
        "Series",
        "123",
        ("Lund, B.",),
    )


def test_strings_are_put_in_and_joined():
    text = """@string{j = "Journal of "} @STRING(who = {Examples})
              @article{a, title = {T}, journal = J # who # { (online)}}"""

    assert records_of(text)[0].container == "Journal of Examples (online)"


def test_an_unknown_string_keeps_its_name_and_is_reported():
    _, records, issues = read_all("@article{a, title={T}, journal = nature}")

    assert records[0].container == "nature"
    assert [(issue.field, issue.value) for issue in issues] == [("@string", "nature")]


def test_entries_stand_anywhere_in_brackets_of_either_kind():
    text = """@comment{ @article{no, title={Commented out}} }
    @Comment some words
    @preamble{"x"} text, someone@example.org {not an entry}
    \x0c@article(a, title = {First (with brackets)}, year = "1999")@book{b,title={Second}}
    @misc{title = {Third, without a key}} @misc{empty}
    """

    found = records_of(text)

    assert [record.title for record in found] == [
        "First (with brackets)",
        "Second",
        "Third, without a key",
        "",
    ]
    assert [record.line for record in found] == [4, 4, 5, 5]


def test_a_comment_that_is_never_closed_hides_nothing():
    assert titles("@comment{ lost\n@article{a, title={First}}\n@comment(x)\n@book{b, title={Second}}") == [
        "First",
        "Second",
    ]


def test_a_value_that_is_never_closed_costs_only_its_entry():
    text = "@article{a, title={First, year=2020\n@article{b,\n title={Second}}\n@article{c, title = {Third"

    _, records, issues = read_all(text)

    assert [record.title for record in records] == ["First", "Second", "Third"]
    assert records[0].year == 2020
    assert said(issues) == [("warning", "1", 1), ("warning", "3", 4)]
    assert "never closed" in issues[0].message


def test_a_quoted_value_that_is_never_closed_costs_only_its_entry():
    text = '@article{a, title="First\n@article{b,\n title="Second {"}quoted{"}"}'

    assert titles(text) == ["First", 'Second "quoted"']


def test_an_entry_that_is_never_closed_keeps_its_fields():
    _, records, issues = read_all("@article{a, title={First}, year=2020\n\n@book{b, title={Second}}")

    assert [(record.title, record.year) for record in records] == [("First", 2020), ("Second", None)]
    assert "the entry is never closed" in issues[0].message


def test_an_escaped_brace_without_partner_does_not_run_away():
    assert titles("@article{a, title={One \\{ two}}\n@book{b, title={Second}}") == ["One { two", "Second"]


def test_words_that_are_no_field_are_passed_over():
    text = "@book{c,\n title={First}, some words\n publisher={A press}\n year = 2019 2020\n}\n@book{d, title={Second} junk}"

    _, records, issues = read_all(text)

    assert [(record.title, record.publisher) for record in records] == [("First", "A press"), ("Second", "")]
    assert "“some words” is not a field" in issues[0].message
    assert "“junk” is not a field" in issues[-1].message


def test_a_field_without_a_value_is_blank():
    assert records_of("@book{c, title={First}, year = , note={x}}")[0].notes == "x"


def test_a_repeated_key_is_reported_and_both_are_read():
    _, records, issues = read_all("@book{K, title={First}}\n@book{k, title={Second}}")

    assert [record.title for record in records] == ["First", "Second"]
    assert said(issues) == [("warning", "2", 2)]
    assert "line 1" in issues[0].message


def test_a_repeated_field_counts_once_and_is_kept():
    (found,) = records_of("@book{k, title={First}, title={Second}}")

    assert found.title == "First"
    assert found.raw[2:] == (("title", "First"), ("title", "Second"))


def test_crossref_supplies_what_an_entry_lacks():
    text = """@inproceedings{a, title={Talk}, crossref={Proc}, pages={1-2}}
              @proceedings{proc, title={Proceedings}, year=2001, publisher={A press}, editor={Lund, B.}}
              @book{self, title={Self}, crossref={self}}"""

    talk, _, alone = records_of(text)

    assert (talk.container, talk.year, talk.publisher, talk.title) == ("Proceedings", 2001, "A press", "Talk")
    assert alone.title == "Self"


@pytest.mark.parametrize(
    ("latex", "text"),
    [
        (r"G{\"o}del and {\'E}tudes na\"{\i}ves", "Gödel and Études naïves"),
        ("``Quoted'' pages 1--2 --- x~y", "“Quoted” pages 1–2 — x y"),
        (r"increase of 50% in \alpha", "increase of 50% in α"),
        (r"a & b \& c", "a & b & c"),
        (r"costs \$5 and $10 more \`a", "costs $5 and $10 more à"),
        (r"soft\-hyphen", "softhyphen"),
        (r"{\em italic} \emph{text}", "italic text"),
    ],
)
def test_latex_becomes_text(latex, text):
    assert to_text(latex) == text


@pytest.mark.parametrize(
    ("field", "names"),
    [
        ("Jean de la Fontaine and Ada Okafor", ("de la Fontaine, Jean", "Okafor, Ada")),
        ("King, Jr., Martin and others", ("King, Martin, Jr.",)),
        (
            "{Department for Science and Technology} and Plato",
            ("Department for Science and Technology", "Plato"),
        ),
        ("{Barnes and Noble} Inc.", ("Inc., Barnes and Noble",)),
        (r"Thi\{'ebaux, S and {Lost brace and Lund, B.", ("Thiébaux, S", "brace, Lost", "Lund, B.")),
        ("", ()),
    ],
)
def test_names_are_taken_apart(field, names):
    assert people(field) == names


def test_many_entries_are_read_in_time_that_grows_with_their_number():
    text = "".join(f"@article{{k{i}\n,\n title={{Title {i}}} , year = 2000 }}\n" for i in range(3_000))

    assert len(records_of(text)) == 3_000


def test_unicode_separators_end_lines_where_nothing_else_does():
    content = "@article{a,\u2028  title = {One},\u2028  oops\u2028  year = 2001\u2028}\u2028@book{b, title = {Two}}".encode()

    _, (one, two), _ = read_all(content)

    assert (one.title, one.year) == ("One", 2001)
    assert (two.title, two.line) == ("Two", 6)


def test_an_entry_without_a_key_gives_nothing_to_the_others():
    text = "@article{one, title={One}}\n@article{, title={No key}, year=2003, publisher={A press}}"

    one, _ = records_of(text)

    assert (one.year, one.publisher, one.container) == (None, "", "")


def test_data_entries_and_chains_of_crossref_are_followed_and_the_former_are_named():
    text = """@xdata{common, publisher={X Press}, volume=7}
    @book{series, title={All volumes}, xdata={common}, year=2019, isbn={978-3-86680-192-9}}
    @book{volume, title={One volume}, crossref={series}, editor={Berg, Ben}}
    @inbook{part, title={A part}, crossref={volume}}
    @set{both, entryset={volume,part}}
    @book{loop, title={Loop}, crossref={pool}}
    @book{pool, title={Pool}, crossref={loop}, year=2001}"""

    _, records, issues = read_all(text)

    assert [record.title for record in records] == [
        "",
        "All volumes",
        "One volume",
        "A part",
        "",
        "Loop",
        "Pool",
    ]
    part, loop = records[3], records[5]
    assert (part.container, part.publisher, part.volume) == ("One volume", "X Press", "7")
    assert (part.year, part.isbn, part.authors) == (2019, "9783866801929", ("Berg, Ben",))
    assert loop.year == 2001
    assert [issue.message for issue in issues if issue.record == "5"] == [
        "“@set” only serves other entries; it is no reference of its own",
        "the record has no title",
    ]


def test_entries_within_a_comment_in_braces_are_left_out_with_it_and_none_by_one_that_never_closes():
    closed = "@comment{\n@article{old,\n title={Old}\n}\n}\n@article{new, title={New}}"
    never = "@comment{ see {below\n@article{old,\n title={Old}\n}\n@article{new, title={New}}"

    assert titles(closed) == ["New"]
    assert titles(never) == ["Old", "New"]


def test_very_many_comments_that_never_close_are_passed_over_in_time():
    assert titles("@comment{\n" * 20_000 + "@article{new, title={New}}") == ["New"]


@pytest.mark.parametrize(
    ("entry", "problem"),
    [
        ("@article{a, title = {One {two}, year = 2001,\n  journal = {J}\n}", "never closed"),
        ("@article{a, title = {One {two},\n  year = 2001,\n  journal = {J}\n}", "never closed"),
        ("@article{a, title = {One {two}}}, year = 2001, journal = {J}}", "a bracket too many before “year”"),
        (
            "@article{a,\n key words = {x, y},\n title = {One {two}},\n year = 2001,\n journal = {J}\n}",
            "not a field",
        ),
        ("@article{a title = {One {two}}, year = 2001, journal = {J}}", ""),
    ],
)
def test_a_slip_in_an_entry_costs_no_other_field_and_is_named(entry, problem):
    _, (slipped, after), issues = read_all(f"{entry}\n@article{{b, title={{After}}, year=2002}}")

    assert slipped.title.replace("two", "").strip() == "One"
    assert (slipped.year, slipped.container) == (2001, "J")
    assert (after.title, after.year) == ("After", 2002)
    assert [issue.line for issue in issues] == ([1] if problem else [])
    assert all(problem in issue.message for issue in issues)


def test_names_divided_by_semicolons_are_told_apart():
    (one,) = records_of("@article{a, title={One}, author={Okafor, A.; Berg, B. C.; {Police; Crime Board}}}")

    assert one.authors == ("Okafor, A.", "Berg, B. C.", "Police; Crime Board")


def test_an_entry_that_is_no_more_than_its_key_is_counted():
    _, records, issues = read_all("@article{only}\n@book{b, title={Two}}")

    assert [record.title for record in records] == ["", "Two"]
    assert said(issues) == [("warning", "1", 1)]


@pytest.mark.parametrize(
    "text",
    [
        "@article{a, title={One" + "}, b = {c}" * 20_000,
        "@article{a, title={One" + ", b = {c" * 20_000,
        "@article{a, title={One}" + "}, b = {c}" * 20_000,
        "@article{a, title={One}, " + "junk\n b = {c}, " * 20_000,
    ],
)
def test_thousands_of_slips_in_one_entry_take_no_long_time_and_no_deep_stack(text):
    one = records_of(text)[0]

    assert one.title.startswith("One")


def test_entries_that_all_take_from_all_others_are_read_in_time():
    """Followed to the end, thirty names in each of thirty entries would be twenty-four million ways."""
    others = ",".join(f"k{number}" for number in range(30))
    text = "\n".join(f"@book{{k{number}, title={{T{number}}}, xdata={{{others}}}}}" for number in range(30))

    started = time.process_time()
    assert len(records_of(text)) == 30
    assert time.process_time() - started < 5


@pytest.mark.parametrize(
    "author",
    ["Okafor," + " " * 60_000 + "Ada", '{\\"' * 60 + "O" + "}" * 60 + "kafor, Ada"],
    ids=["spaces", "accents within each other"],
)
def test_a_name_that_nobody_has_is_read_in_time(author):
    started = time.process_time()
    (found,) = records_of(f"@book{{k, title={{T}}, author={{{author}}}}}")
    assert found.authors[0].endswith(", Ada")
    assert time.process_time() - started < 5


def test_commands_that_never_close_are_read_as_they_stand():
    text = "@book{k, year=2019, title={" + "\\textit{" * 3_000 + "A title"

    (found,) = records_of(text)

    assert found.title.endswith("A title")


@pytest.mark.parametrize("title", ["The root \\sqrt[3 of it", "\\sqrt[" * 40 + "A root of it"])
def test_half_a_formula_does_not_cost_the_file(title):
    found, other = records_of(f"@book{{k, title={{{title}}}}} @book{{l, title={{Another}}}}")

    assert found.title.endswith("of it")
    assert other.title == "Another"


def test_strings_that_double_each_other_are_not_unfolded_beyond_measure(monkeypatch):
    monkeypatch.setattr(bibtex_syntax, "LARGEST_PUT_IN", 10_000)
    doubled = "".join(f"@string{{s{n} = s{n - 1} # s{n - 1}}}\n" for n in range(1, 60))

    _, (found,), issues = read_all('@string{s0 = "long"}\n' + doubled + "@book{k, title={T}, note=s59}")

    assert (found.title, found.notes) == ("T", "s59")
    assert [issue.message for issue in issues] == [
        "the strings of the file stand for too much text, and their names were kept; check the record"
    ]

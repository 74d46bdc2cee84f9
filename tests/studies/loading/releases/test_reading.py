"""Where the table stands in a file, and what its headings say, in each of the usual forms."""

from pathlib import Path

import pytest

from studies.loading.issues import UnusableFile
from studies.loading.releases.headings import join_headings, letter
from studies.loading.releases.reading import read_release
from studies.loading.releases.roles import guess_category, guess_roles, look_at
from tests.studies.loading.workbook_files import ods, xlsx
from tests.studies.release_files import observations, text_of, tidy, wide


SAMPLES = Path(__file__).resolve().parents[5] / "shared" / "import-samples"
VALUES = [
    ["E08000001", "First Town", 12, 40, 3.5, 5],
    ["E08000002", "Second Town", "[c]", 30, "[c]", 4],
    ["E08000003", "Third Town", 0, 9, 0, "-"],
]


def only_table(name, content):
    release = read_release(name, content.encode() if isinstance(content, str) else content)
    return release.tables[0], release


def test_tidy_text_is_read_with_the_line_of_every_row():
    table, release = only_table(
        "tidy.csv", tidy("2021", {"E92000001": ("60", "200"), "E08000001": ("c", "40")})
    )

    assert [row.line for row in table.rows] == [2, 3, 4, 5]
    assert table.column("number") == ["60", "200", "c", "40"]
    assert (release.format, release.encoding, table.heading_line) == ("release, csv", "utf-8", 1)


def test_tidy_text_with_years_alone_keeps_its_first_row():
    table, _ = only_table("years.csv", "area,time_period,number\nFirst,2020,2011\nSecond,2020,7\n")
    assert [row.cells for row in table.rows] == [["First", "2020", "2011"], ["Second", "2020", "7"]]


def test_titles_above_and_notes_below_a_text_are_no_rows():
    text = "Cases by area\n\nArea code;Area;Cases\nE08000001;First Town;1,200\nE08000002;Second Town;:\n\nNotes;;\n"
    table, _ = only_table("semicolons.csv", text)

    assert table.headings == ["Area code", "Area", "Cases"]
    assert [row.line for row in table.rows] == [4, 5]
    assert (table.titles, table.left_out) == (["Cases by area"], [7])


@pytest.mark.parametrize("make", [xlsx, ods])
def test_wide_sheet_has_its_headings_joined_and_its_other_sheets_named(make):
    table, release = only_table("wide", make(*wide("2024", VALUES)))

    assert table.sheet == "Table_1"
    assert table.headings == [
        "Code",
        "Authority",
        "Cases / Number [note 1]",
        "Cases / All",
        "Rate / Number",
        "Rate / All",
    ]
    assert [row.cells[:3] for row in table.rows] == [
        ["E08000001", "First Town", "12"],
        ["E08000002", "Second Town", "[c]"],
        ["E08000003", "Third Town", "0"],
    ]
    assert sorted([*release.unused, *(one.sheet for one in release.tables[1:])]) == ["Cover", "Notes"]
    assert table.titles[0] == "Table 1: cases, year ending March 2024"
    assert table.rows[0].line == 6
    assert table.left_out == [9]


def test_headings_of_years_below_groups_are_joined():
    rows = [
        ["Code", "Area", "Girls", "", "Boys", ""],
        ["", "", "2023", "2024", "2023", "2024"],
        ["E08000001", "First Town", 1, 2, 3, 4],
        ["E08000002", "Second Town", 5, 6, 7, 8],
    ]
    table, _ = only_table("years.xlsx", xlsx(("Data", rows)))

    assert table.headings == ["Code", "Area", "Girls / 2023", "Girls / 2024", "Boys / 2023", "Boys / 2024"]
    assert len(table.rows) == 2


def test_sheet_with_most_figures_is_taken():
    small = [["Area", "Cases"], ["First", 1]]
    table, release = only_table(
        "two.xlsx", xlsx(("Small", small), ("Large", [["Area", "Cases"], *small[1:] * 9]))
    )

    assert table.sheet == "Large"
    assert [one.sheet for one in release.tables] == ["Large", "Small"]


def test_column_that_stands_twice_is_known_by_its_letters():
    table, _ = only_table("twice.csv", text_of(["Area", "Cases", "Cases"], [["First", "1", "2"]]))
    assert table.twice == {"Cases": ["B", "C"]}


def test_row_of_another_width_is_named_and_the_others_are_read():
    table, release = only_table("odd.csv", "Area,Cases,All\nFirst,1,2\nSecond,3\nThird,4,5\n")

    assert [row.line for row in table.rows] == [2, 4]
    [issue] = release.issues
    assert (issue.severity, issue.line) == ("error", 3)
    assert "the row has 2 cells and the headings 3" in issue.message


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"Title,Author\nOne,Two\nThree,Four\n", "holds no headings with rows of figures"),
        (b"1,2\n3,4\n", "holds no headings with rows of figures"),
        (
            text_of([f"c{n}" for n in range(10_000)], [["a", *["1"] * 9_999]]).encode(),
            "10,000 columns; a release may have 300",
        ),
        (xlsx(("Wide", [["a"] * 3_000, [1] * 3_000])), "more than 2,000 columns"),
        (b"PK\x03\x04 and nothing else", "is damaged"),
    ],
)
def test_file_that_is_no_release_is_refused_in_a_sentence(content, sentence):
    with pytest.raises(UnusableFile, match=sentence):
        read_release("bad.csv", content)


def test_merged_headings_are_filled_only_where_something_stands_below():
    assert join_headings([["", "", "Cases", ""], ["Code", "Name", "Girls", "Boys"]], 4) == [
        "Code",
        "Name",
        "Cases / Girls",
        "Cases / Boys",
    ]
    assert join_headings([["Code", "Cases", "", "Note"], ["", "Girls", "Boys"]], 4) == [
        "Code",
        "Cases / Girls",
        "Cases / Boys",
        "Note",
    ]
    assert [letter(n) for n in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]


def test_roles_of_a_tidy_text_are_guessed():
    table, _ = only_table("tidy.csv", tidy("2021", {"E92000001": ("60", "200"), "E08000001": ("c", "40")}))
    roles = guess_roles(look_at(table))

    assert {
        heading: roles[heading] for heading in ("time_period", "geographic_level", "new_la_code", "la_name")
    } == {
        "time_period": "time",
        "geographic_level": "level",
        "new_la_code": "area_code",
        "la_name": "area_name",
    }
    assert (roles["factor"], roles["number"], roles["all_assessments"]) == ("divide", "figure", "denominator")
    assert roles["old_la_code"] == roles["time_identifier"] == "unused"


def test_roles_of_observations_are_guessed():
    table, _ = only_table("observations.csv", observations(England=(10, 20), Wales=(3, 4)))
    assert list(guess_roles(look_at(table)).values()) == [
        "area_code",
        "area_name",
        "unused",
        "divide",
        "figure",
    ]


def test_category_is_proposed_only_where_one_is_likeliest():
    groups = {"a": "Black: African", "b": "Black: Caribbean", "c": "White: British", "d": "White: Irish"}

    assert guess_category("Black, Black British, Caribbean or African: African", groups) == "a"
    assert guess_category("White: Irish", groups) == "d"
    assert guess_category("White: English, Welsh, Northern Irish or British", groups) == ""
    assert guess_category("Does not apply", groups) == ""


@pytest.mark.skipif(not SAMPLES.exists(), reason="the real samples are not beside the checkout")
def test_every_row_of_the_real_releases_is_found():
    """Counted independently: 40 lines below the headings; 422 rows of the sheet with a number or [x] in odfpy."""
    for name, rows, columns, line in (
        ("official_census2021_ethnicity-england.csv", 40, 5, 1),
        ("official_LA-revenue-outturn_2024-25.ods", 422, 105, 7),
    ):
        table, release = only_table(name, (SAMPLES / name).read_bytes())
        assert (len(table.rows), len(table.headings), table.heading_line) == (rows, columns, line), name
    assert release.unused == ["Front_Page", "Notes", "LA_drop-down"]
    assert table.left_out == [419, 431]
    assert sum(cell == "[x]" for cell in table.column(table.headings[-1])) == 9


def test_another_table_below_is_not_read_as_part_of_the_first():
    rows = [
        ["Code", "Area", "Recorded"],
        ["E06000001", "First Town", 1],
        ["E06000002", "Second Town", 5],
        [],
        ["Second table"],
        ["Code", "Area", "Solved"],
        ["E06000003", "Third Town", 9],
    ]
    release = read_release("two.xlsx", xlsx(("T", rows)))

    assert [row.line for row in release.tables[0].rows] == [2, 3]
    assert release.tables[0].left_out == [5]
    [issue] = release.issues
    assert (issue.severity, issue.line) == ("warning", 6)
    assert issue.message.startswith(
        "another table begins in line 6, with other headings; its 1 row of figures is"
    )


def test_same_headings_below_go_on_with_the_table():
    rows = [["Code", "Area", "Recorded"], ["E06000001", "First Town", 1], []]
    release = read_release("one.xlsx", xlsx(("T", [*rows, rows[0], ["E06000002", "Second Town", 5]])))

    assert [row.line for row in release.tables[0].rows] == [2, 5]
    assert release.issues == []


def test_row_of_an_area_with_a_sign_nobody_knows_is_no_note():
    rows = [["Code", "Area", "Recorded"], ["E06000001", "First Town", 1], ["E06000002", "Second Town", "†"]]
    release = read_release("sign.xlsx", xlsx(("T", rows)))

    assert [row.cells[2] for row in release.tables[0].rows] == ["1", "†"]

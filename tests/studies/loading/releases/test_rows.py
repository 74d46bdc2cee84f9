"""From a release to rows of our tables: bases, symbols, what is left out, and which mapping fits."""

from dataclasses import replace

import pytest

from studies.loading.releases.fit import best_fit
from studies.loading.releases.given import Stored
from studies.loading.releases.reading import read_release
from studies.loading.releases.roles import guess_roles, look_at
from studies.loading.releases.rows import make_rows
from studies.loading.releases.specification import (
    FIGURES,
    FINDINGS,
    Series,
    Specification,
    faults,
    specification_from,
)
from tests.studies.loading.workbook_files import xlsx
from tests.studies.release_files import TIDY, observations, tidy, wide


AREAS = {"E92000001": ("60", "200"), "E08000001": ("12", "40"), "E08000002": ("c", "30")}
LOCAL = Stored(
    local_measures={"local-cases": {"local_measure_id": "local-cases", "unit": "cases", "years": "2020-2021"}}
)


def release_of(content, name="release.csv"):
    return read_release(name, content.encode() if isinstance(content, str) else content)


def spec_for(release, **more) -> Specification:
    seen = look_at(release.tables[0])
    roles = guess_roles(seen)
    known = {one.heading: one.values for one in seen if roles[one.heading] in ("divide", "level", "filter")}
    keep = {heading: values for heading, values in known.items() if roles[heading] != "divide"}
    return Specification(**({"roles": roles, "known": known, "keep": keep} | more))


def tidy_spec(release, **more) -> Specification:
    series = [Series("number", "Exploitation", "local-cases")]
    return spec_for(release, **({"table": FIGURES, "series": series, "words": {"unit": "cases"}} | more))


def sex_spec(release, **more) -> Specification:
    words = {
        "measure_id": "population-sex",
        "scope": "All residents",
        "statistic": "count",
        "precision": "exact",
        "definition_note": "Count of residents.",
        "locator": "Table 1",
        "verification": "primary",
    }
    settings = {
        "table": FINDINGS,
        "time_from": "fixed",
        "fixed_time": "2021-03-21",
        "reading": "snapshot",
        "base_from": "sum",
        "series": [Series("Observation", "Female", "female"), Series("Observation", "Male", "male")],
        "words": words,
    }
    return spec_for(release, **(settings | more))


def made(release, spec, stored=None):
    fit = best_fit(spec, release.tables[0].headings, release)
    assert fit.fits, fit.sentence()
    return make_rows(fit, spec, mapping="a-mapping", source="small-census", stored=stored or Stored())


def cells(result, table, *columns):
    return [tuple(row.cells[column] for column in columns) for row in result.rows[table]]


def errors(result):
    return [(issue.file, issue.line, issue.message) for issue in result.issues if issue.severity == "error"]


def warnings(result):
    return [issue.message for issue in result.issues if issue.severity == "warning"]


FIGURE = ("area_code", "year", "value", "denominator", "symbol")


def test_figures_have_the_most_local_code_the_year_and_their_base():
    release = release_of(tidy("2021", AREAS))
    result = made(release, tidy_spec(release), LOCAL)

    assert cells(result, "local/figures", *FIGURE) == [
        ("E92000001", "2021", "60", "200", ""),
        ("E08000001", "2021", "12", "40", ""),
        ("E08000002", "2021", "", "30", "c"),
    ]
    assert [(row.file, row.line) for row in result.rows["local/figures"]] == [
        ("release.csv, column number", line) for line in (2, 4, 6)
    ]
    assert result.rows["local/measures"] == []  # its years say so already
    assert warnings(result) == ["3 rows are left out, as the mapping says (factor: “Any factor”)"]


def test_base_may_stand_in_the_row_of_the_total():
    release = release_of(tidy("2021", AREAS))
    result = made(release, tidy_spec(release, base_from="value", base_value="Any factor"), LOCAL)

    assert cells(result, "local/figures", "value", "denominator") == [("60", "200"), ("12", "40"), ("", "30")]


def test_new_local_measure_is_described_and_a_held_one_gets_its_years():
    release = release_of(tidy("2023", AREAS))
    spec = tidy_spec(release, series=[Series("number", "Exploitation", "local-new", "New cases", "male")])
    spec = replace(
        spec, words={"measure_id": "suspect-sex", "unit": "cases", "base": "all", "level": "local_authority"}
    )

    [row] = made(release, spec).rows["local/measures"]
    assert (row.cells["label"], row.cells["category_id"], row.cells["years"], row.cells["source_id"]) == (
        "New cases",
        "male",
        "2023",
        "small-census",
    )
    [row] = made(release, tidy_spec(release), LOCAL).rows["local/measures"]
    assert row.cells["years"] == "2020-2023"


def test_findings_are_parts_of_the_sum_of_all_rows_taken_or_not():
    release = release_of(observations(England=(30, 70), Wales=(1, 3)))
    spec = sex_spec(release)

    rows = made(release, spec).rows["findings"]
    assert [(row.cells["geography"], row.cells["value"], row.cells["denominator"]) for row in rows] == [
        ("England", "30", "100"),
        ("England", "70", "100"),
        ("Wales", "1", "4"),
        ("Wales", "3", "4"),
    ]
    assert {row.cells["breakdown_complete"] for row in rows} == {"yes"}
    assert rows[0].cells["finding_id"] == "a-mapping-england-2021-03-21-female"
    assert rows[0].cells["breakdown_id"] == "a-mapping-england-2021-03-21-breakdown"

    one = replace(spec, series=spec.series[:1])
    assert [row.cells["denominator"] for row in made(release, one).rows["findings"]] == ["100", "4"]


def test_finding_that_is_held_keeps_its_name_and_its_breakdown():
    release = release_of(observations(England=(30, 70)))
    thing = (
        "small-census",
        "population-sex",
        "male",
        "All residents",
        "count",
        "2021-03-21",
        "2021-03-21",
        "England",
    )
    stored = Stored(findings={thing: ("by-hand-f1", "by-hand-b1", "yes")})

    rows = made(release, sex_spec(release), stored).rows["findings"]
    assert [row.cells["finding_id"] for row in rows][1] == "by-hand-f1"
    assert {row.cells["breakdown_id"] for row in rows} == {"by-hand-b1"}


def test_sum_with_a_withheld_part_is_no_base():
    release = release_of(observations(England=(30, 70)).replace(",70", ",c"))
    result = made(release, sex_spec(release))

    assert result.rows["findings"] == []
    assert errors(result) == [
        (
            "release.csv, column Observation",
            3,
            "its denominator is withheld or not available (x); a figure needs its base",
        )
    ]
    assert any("stands for a figure that was not published (c)" in said for said in warnings(result))


@pytest.mark.parametrize(
    ("number", "message"),
    [
        ("many", "is neither a number nor a symbol that the mapping knows"),
        ("", "is blank: neither a number nor"),
    ],
)
def test_cell_that_says_nothing_is_refused_by_line_and_column(number, message):
    release = release_of(tidy("2021", AREAS | {"E08000003": (number, "9")}))
    [(file, line, said)] = errors(made(release, tidy_spec(release), LOCAL))
    assert (file, line) == ("release.csv, column number", 8)
    assert said.startswith(message)


def test_blank_cell_may_be_left_out_and_is_told():
    release = release_of(tidy("2021", AREAS | {"E08000003": ("", "9")}))
    result = made(release, tidy_spec(release, blanks="skip"), LOCAL)
    assert errors(result) == []
    assert any("“blank cell”" in said for said in warnings(result))


def test_withheld_base_refuses_the_figure_that_needs_it():
    release = release_of(tidy("2021", {"E08000001": ("12", "c"), "E08000002": ("c", "c")}))
    result = made(release, tidy_spec(release), LOCAL)
    assert [error[1] for error in errors(result)] == [2]
    assert cells(result, "local/figures", *FIGURE) == [("E08000002", "2021", "", "", "c")]


def test_share_above_100_per_cent_is_refused():
    release = release_of(tidy("2021", {"E08000001": ("101", "40"), "E08000002": ("99", "40")}))
    stored = Stored(local_measures={"local-cases": {"unit": "per cent", "years": "2021"}})
    result = made(release, tidy_spec(release, base_from="none"), stored)
    assert errors(result) == [("release.csv, column number", 2, "is above 100 per cent")]


def test_time_that_names_no_year_refuses_its_rows():
    release = release_of(tidy("202225", AREAS))
    result = made(release, tidy_spec(release), LOCAL)
    assert [error[:2] for error in errors(result)] == [
        ("release.csv, column time_period", n) for n in (2, 4, 6)
    ]


def test_marks_and_numbers_beside_symbols_are_told():
    release = release_of(tidy("2021", {"E08000001": ("12 [p]", "40"), "E08000002": ("7 [u]", "30")}))
    result = made(release, tidy_spec(release), LOCAL)
    assert cells(result, "local/figures", "value", "symbol") == [("12", ""), ("", "u")]
    assert any("[p] (provisional)" in said for said in warnings(result))
    assert any("numbers stand beside a symbol" in said for said in warnings(result))


def test_wide_sheet_gives_figures_of_the_year_in_its_titles():
    values = [
        ["E08000001", "First Town", 12, 40, 0.125, 5],
        ["E08000002", "Second Town", "[c]", 30, "[c]", 4],
    ]
    release = release_of(xlsx(*wide("2024", values)), "cases.xlsx")
    spec = tidy_spec(
        release,
        time_from="name",
        roles=guess_roles(look_at(release.tables[0])) | {"Cases / All": "denominator"},
        series=[Series("Cases / Number [note 1]", "", "local-cases")],
    )
    result = made(release, spec, LOCAL)
    assert cells(result, "local/figures", *FIGURE) == [
        ("E08000001", "2024", "12", "40", ""),
        ("E08000002", "2024", "", "30", "c"),
    ]
    assert result.rows["local/figures"][0].file == "cases.xlsx, sheet Table_1, column Cases / Number [note 1]"

    shares = replace(
        spec, times_by="100", base_from="none", series=[Series("Rate / Number", "", "local-cases")]
    )
    assert cells(made(release, shares, LOCAL), "local/figures", "value")[0] == ("12.500",)


def test_file_that_names_no_period_refuses_every_row_with_one_sentence():
    release = release_of(tidy("2021", AREAS))
    result = made(release, tidy_spec(release, time_from="name"), LOCAL)
    assert len(result.refused) == 6
    [(_, _, said)] = errors(result)
    assert said == "the file names no year in its name, its sheet or its titles; it should name one period"


def test_fixed_time_beside_another_year_in_the_name_is_told():
    release = release_of(observations(England=(30, 70)), "census-2031.csv")
    assert any("the file speaks of 2031" in said for said in warnings(made(release, sex_spec(release))))


def test_mapping_fits_whatever_the_order_case_and_notes_of_the_headings():
    release = release_of(tidy("2021", AREAS))
    spec = tidy_spec(release)
    other = [heading.upper() + " [note 3]" for heading in reversed(TIDY)]
    text = (
        ",".join([*other, "extra"])
        + "\n"
        + ",".join(["40", "12", "Exploitation", *["a"] * 9, "2021", "1"])
        + "\n"
    )

    assert best_fit(spec, TIDY, release_of(text)).fits


def test_missing_column_is_named_with_the_nearest_one_present():
    spec = tidy_spec(release_of(tidy("2021", AREAS)))
    fit = best_fit(spec, TIDY, release_of(tidy("2022", AREAS).replace("new_la_code", "la_code_new")))

    assert not fit.fits
    assert fit.sentence() == "the column “new_la_code” is missing; the nearest in the file is “la_code_new”"


def test_needed_column_that_stands_twice_does_not_fit():
    spec = tidy_spec(release_of(tidy("2021", AREAS)))
    fit = best_fit(spec, TIDY, release_of(tidy("2021", AREAS).replace("la_name", "number", 1)))
    assert "the column “number” stands more than once (J and L)" in fit.sentence()


def test_release_whose_values_are_all_unknown_is_another_publication():
    spec = tidy_spec(release_of(tidy("2021", AREAS)))
    fit = best_fit(spec, TIDY, release_of(tidy("2021", AREAS, factor="Something else")))
    assert fit.sentence() == "none of its values is known to the mapping"


def test_specification_survives_being_kept_by_a_database_that_reorders_keys():
    spec = tidy_spec(release_of(tidy("2021", AREAS)))
    kept = dict(sorted(spec.as_dict().items()))
    assert specification_from(kept) == spec
    assert list(specification_from(kept).roles) == list(TIDY)


def test_every_lack_of_a_specification_is_said():
    empty = Specification(table=FINDINGS)
    said = " ".join(sentence for _, sentence in faults(empty))
    for part in (
        "Time",
        "holds the figures",
        "becomes",
        "Denominator",
        "measure",
        "scope",
        "locator",
        "area",
    ):
        assert part in said
    release = release_of(observations(England=(30, 70)))
    assert list(faults(sex_spec(release))) == []
    assert [part for part, _ in faults(sex_spec(release, base_from="none"))] == ["base_from"]
    told = tidy_spec(release_of(tidy("2021", AREAS)), base_from="none", words={"base": "none: counts only"})
    assert [part for part, sentence in faults(told) if "has the role Denominator" in sentence] == [
        "base_from"
    ]
    total = sex_spec(release, known={"Sex": ["All", "Female", "Male"]})
    assert any("count twice" in sentence for _, sentence in faults(total))

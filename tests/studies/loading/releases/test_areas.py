"""Which area a row of a release speaks of, by code, by number or by name, and when that is not certain."""

import pytest

from studies.loading.releases.areas import Areas, KnownArea, UnknownArea, plain_name
from studies.loading.releases.given import Stored
from studies.loading.releases.roles import guess_reading, guess_roles, is_local, look_at
from studies.loading.releases.specification import FIGURES, Series, faults
from tests.studies.loading.releases.test_rows import LOCAL, cells, errors, made, release_of, spec_for


AREAS = Areas(
    [
        KnownArea("E10000016", "Kent", "local_authority", "886"),
        KnownArea("E06000023", "Bristol, City of", "local_authority", "801"),
        KnownArea("police-kent", "Kent", "police_force"),
        KnownArea("police-devon-and-cornwall", "Devon & Cornwall", "police_force"),
        KnownArea("police-metropolitan-police", "Metropolitan Police", "police_force"),
        KnownArea("E12000005", "West Midlands", "region"),
    ]
)


@pytest.mark.parametrize(
    ("code", "name", "level", "found"),
    [
        ("E10000016", "Kent", "", "E10000016"),
        ("886", "", "", "E10000016"),
        ("", "Kent", "police_force", "police-kent"),
        ("", "Kent", "local_authority", "E10000016"),
        ("E23000032", "Kent", "", "police-kent"),
        ("", "City of Bristol", "", "E06000023"),
        ("", "DEVON AND CORNWALL POLICE", "police_force", "police-devon-and-cornwall"),
        ("", "Metropolitan Police Service", "police_force", "police-metropolitan-police"),
        ("", "West Midlands", "local_authority", "E12000005"),
        ("E06000999", "Kent", "", "E06000999"),  # a new code may be a new area of an old name
        ("E06000999", "", "", "E06000999"),
    ],
)
def test_area_is_found_by_what_the_release_calls_it(code, name, level, found):
    assert AREAS.code_of(code, name, level) == found


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("Kent", r"may be E10000016 \(local_authority\) and police-kent \(police_force\); give the column of codes"),
        ("Newtown", "is no area of the store; add it to local/areas first"),
        ("", "no column holds the code or the name of an area"),
    ],
)  # fmt: skip
def test_area_that_is_not_certain_is_refused(name, sentence):
    with pytest.raises(UnknownArea, match=sentence):
        AREAS.code_of("", name, "")


def test_name_that_is_all_rank_keeps_it():
    assert plain_name("Police") == "police"


FORCES = (
    "Financial Year,Force Name,Offence,Recorded\n2023/24,Kent Police,Exploitation,7\n"
    "2023/24,Nowhere,Exploitation,5\n2023/24,Devon & Cornwall,Exploitation,[c]\n"
)


def test_release_by_names_of_forces_gives_figures_of_areas():
    release = release_of(FORCES)
    held = {"local-cases": {**LOCAL.local_measures["local-cases"], "level": "police_force"}}
    spec = spec_for(
        release,
        table=FIGURES,
        base_from="none",
        words={"unit": "offences", "base": "none: counts only"},
        series=[Series("Recorded", "", "local-cases")],
    )

    assert is_local(look_at(release.tables[0]))
    assert [part for part, _ in faults(spec)] == []
    result = made(release, spec, Stored(local_measures=held, areas=AREAS))

    assert cells(result, "local/figures", "area_code", "year", "value", "symbol") == [
        ("police-kent", "2024", "7", ""),
        ("police-devon-and-cornwall", "2024", "", "c"),
    ]
    assert errors(result) == [
        ("release.csv", 3, "is no area of the store; add it to local/areas first, or leave its rows out")
    ]
    assert next(issue for issue in result.issues if issue.severity == "error").record == "Nowhere"


def test_columns_beside_the_figures_are_not_proposed_as_figures():
    release = release_of(
        "Indicator ID,Parent Code,Area Code,Area Name,Area Type,Time period,Value,Lower CI 95.0 limit,Count,"
        "Denominator,Time period Sortable\n"
        "90284,E92000001,E10000016,Kent,Authority,2010/11,115.2,114.5,1074,9324,20100000\n"
        "90284,E92000001,E06000023,Bristol,Authority,2010/11,158.5,140.0,264,1664,20100000\n"
    )

    roles = guess_roles(look_at(release.tables[0]))

    assert {heading for heading, role in roles.items() if role == "figure"} == {"Value", "Count"}
    assert roles["Area Code"] == "area_code"
    assert roles["Parent Code"] == "unused"
    assert roles["Area Type"] == "level"


def test_numbers_of_authorities_are_codes_where_there_are_no_others():
    release = release_of("Year,LA code,Local authority name,Number\n2024,886,Kent,7\n2024,801,Bristol,5\n")

    seen = look_at(release.tables[0])

    assert guess_roles(seen)["LA code"] == "area_code"
    assert is_local(seen)


@pytest.mark.parametrize(
    ("headings", "cell", "reading"),
    [
        ("time_period,time_identifier", "Academic year", "academic_year"),
        ("time_period,time_identifier", "Calendar year", "calendar_year"),
        ("time_period,time_identifier", "Reporting year", "year_to_march"),
        ("Financial Year,Kind", "A kind", "financial_year"),
        ("Year,Kind", "A kind", "year_to_march"),
    ],
)
def test_reading_of_times_is_proposed_from_what_the_file_calls_them(headings, cell, reading):
    release = release_of(f"{headings},LA name,Number\n202324,{cell},Kent,7\n202425,{cell},Kent,5\n")

    assert guess_reading(look_at(release.tables[0])) == reading


def test_only_names_of_areas_are_proposed_as_such():
    release = release_of(
        "DATE,LAD22NM,GEOGRAPHY_NAME,C2021_ETH_20_NAME,OBS_VALUE\n2021,Kent,Kent,Group one,7\n2021,Kent,Kent,Group two,5\n"
    )

    roles = guess_roles(look_at(release.tables[0]))

    assert [heading for heading, role in roles.items() if role == "area_name"] == [
        "LAD22NM",
        "GEOGRAPHY_NAME",
    ]
    assert roles["C2021_ETH_20_NAME"] == "divide"

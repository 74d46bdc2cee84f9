"""Releases in the store: the command, the saving of mappings, and the pages of mappings."""

import json
from dataclasses import asdict, replace
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client
from page_checks import page_faults, policy_faults, read, words

from studies.actions import mapped_loads, release_mappings, releases, staged
from studies.exceptions import NotAllowed, Refused
from studies.loading.issues import UnusableFile
from studies.loading.releases.roles import look_at
from studies.models import AreaFigure, AuditEvent, Finding, Load, ReleaseMapping, Source
from studies.permissions import Role
from tests.studies.actions.people import person
from tests.studies.loading.releases.test_rows import release_of, sex_spec, tidy_spec
from tests.studies.loading.workbook_files import ods, xlsx
from tests.studies.release_files import filled, named, observations, text_of, tidy, upload, wide


pytestmark = pytest.mark.django_db

SAMPLES = Path(__file__).resolve().parents[3] / "shared" / "import-samples"
FIGURES = {"E92000001": ("60", "200"), "E08000001": ("12", "40"), "E08000002": ("c", "30")}


@pytest.fixture
def loader(loaded):
    return person("a-loader", Role.LOADER)


def save(loader, spec, release, name="factors", **more) -> ReleaseMapping:
    return release_mappings.save(
        name=name,
        label="A publication",
        source=Source.objects.get(pk="small-census"),
        specification=spec,
        columns=[asdict(column) for column in look_at(release.tables[0])],
        by=loader,
        **more,
    )


@pytest.fixture
def factors(loader) -> ReleaseMapping:
    release = release_of(tidy("2021", FIGURES))
    return save(loader, tidy_spec(release), release)


def run(capsys, tmp_path, name, content, *options):
    """Exit code, report and error of the command."""
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    code = 0
    try:
        call_command("load_evidence", str(path), "--json", *options)
    except SystemExit as end:
        code = end.code
    out, err = capsys.readouterr()
    return code, json.loads(out) if out else {}, err


# The command. -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "records", "columns"),
    [
        ("tidy.csv", tidy("2021", FIGURES), 6, "time_period, time_identifier"),
        (
            "observations.csv",
            observations(England=(1, 2)),
            3,
            "Countries Code, Countries, Sex Code, Sex, Obs",
        ),
        (
            "wide.ods",
            ods(*wide("2024", [["E08000001", "Town", 1, 2, 3, 4]])),
            1,
            "Code, Authority, Cases / Number",
        ),
        ("wide.xlsx", xlsx(*wide("2024", [["E08000001", "Town", 1, 2, 3, 4]])), 1, "Code, Authority, Cases"),
    ],
)
def test_release_without_a_mapping_has_every_row_refused_by_one_issue(
    loaded, tmp_path, capsys, name, content, records, columns
):
    code, report, err = run(capsys, tmp_path, name, content)

    assert (code, err) == (1, "")
    assert (report["records"], report["rejected"], report["committed"]) == (records, records, False)
    [issue] = [one for one in report["issues"] if one["severity"] == "error"]
    assert "no saved mapping fits this release" in issue["message"]
    assert "/manage/mappings/" in issue["message"]
    assert f"columns found: {columns}" in issue["message"]


def test_release_is_recognised_loaded_and_unchanged_the_second_time(factors, tmp_path, capsys):
    content = tidy("2022", FIGURES)

    code, report, _ = run(capsys, tmp_path, "factors-2022.csv", content)
    assert (code, report["new"], report["changed"], report["committed"]) == (0, 3, 1, True)
    load = Load.objects.first()
    assert (load.kind, load.mapping, load.loaded_by) == ("release", factors, "command line")
    assert AreaFigure.objects.get(area="E08000002", year=2022).symbol == "c"

    code, report, _ = run(capsys, tmp_path, "factors-2022.csv", content)
    assert (code, report["unchanged"], report["new"], report["changed"]) == (0, 3, 0, 0)


def test_mapping_is_chosen_by_name_and_an_unknown_name_is_told(factors, tmp_path, capsys):
    content = tidy("2022", FIGURES)
    code, report, _ = run(capsys, tmp_path, "a.csv", content, "--mapping", "factors", "--dry-run")
    assert (code, report["new"], report["committed"]) == (0, 3, False)

    code, report, err = run(capsys, tmp_path, "a.csv", content, "--mapping", "no-such")
    assert (code, report) == (2, {})
    assert err == "There is no mapping 'no-such'. There are: factors.\n"
    with pytest.raises(UnusableFile, match="There is no file"):
        releases.read_evidence(tmp_path, "factors")


def test_chosen_mapping_that_does_not_fit_names_the_column(factors, tmp_path, capsys):
    content = tidy("2022", FIGURES).replace("all_assessments", "all_episodes")
    code, report, _ = run(capsys, tmp_path, "a.csv", content, "--mapping", "factors")

    assert (code, report["records"], report["rejected"]) == (1, 6, 6)
    assert "the mapping factors does not fit it: the column “all_assessments” is missing" in str(
        report["issues"]
    )


def test_two_mappings_that_fit_alike_are_not_chosen_between(factors, loader, tmp_path, capsys):
    release = release_of(tidy("2021", FIGURES))
    save(loader, tidy_spec(release), release, name="others")

    code, report, _ = run(capsys, tmp_path, "a.csv", tidy("2022", FIGURES))
    assert code == 1
    assert "the mappings factors, others fit it alike; choose one" in str(report["issues"])


@pytest.mark.parametrize(
    ("change", "line", "field", "message"),
    [
        (("12,40", "41,40"), 4, "value", "is above its denominator 40"),
        (("E08000001,First", "E08999999,First"), 4, "area_code", "is not in local/areas"),
        (("Third Town,Exploitation,0", "Third Town,Exploitation,-3"), 8, "value", "is negative"),
    ],
)
def test_wrong_figure_is_named_by_line_and_column(factors, tmp_path, capsys, change, line, field, message):
    content = tidy("2022", FIGURES | {"E08000003": ("0", "9")})
    assert change[0] in content

    code, report, _ = run(capsys, tmp_path, "a.csv", content.replace(*change))

    [issue] = [one for one in report["issues"] if one["severity"] == "error"]
    assert (code, report["rejected"], report["committed"]) == (1, 1, False)
    assert (issue["line"], issue["field"], issue["file"]) == (line, field, "a.csv, column number")
    assert message in issue["message"]
    assert report["records"] == sum(
        report[name] for name in ("new", "changed", "unchanged", "merged", "rejected")
    )


def test_two_rows_for_one_area_and_year_that_differ_are_both_refused(factors, tmp_path, capsys):
    """As where a release has quarters and its mapping takes no column for them: neither may stand for the year."""
    content = tidy("2022", FIGURES | {"E08000003": ("0", "9")}).replace("E08000003,Third", "E08000001,Third")

    code, report, _ = run(capsys, tmp_path, "a.csv", content, "--skip-rejected")

    issues = {one["line"]: one["message"] for one in report["issues"] if one["severity"] == "error"}
    assert (code, report["rejected"]) == (1, 2)
    assert issues.keys() == {4, 8}
    assert "stands again in a.csv, column number, line 8" in issues[4]
    assert "stands already in a.csv, column number, line 4" in issues[8]
    assert not AreaFigure.objects.filter(area="E08000001", year=2022).exists()


def test_sheets_of_ten_thousand_columns_and_columns_twice_are_named(factors, tmp_path, capsys):
    wide_text = text_of(["Area", *[f"c{n}" for n in range(10_000)]], [["a", *["1"] * 10_000]])
    code, _, err = run(capsys, tmp_path, "a.csv", wide_text)
    assert (code, err) == (2, "a.csv has 10001 columns; no table of the evidence base has so many.\n")

    twice = tidy("2022", FIGURES).replace("la_name", "number", 1)
    code, report, _ = run(capsys, tmp_path, "a.csv", twice)
    assert (code, report["rejected"]) == (1, 6)
    assert "the column “number” stands more than once (J and L)" in str(report["issues"])


def test_table_of_ours_with_a_mistake_is_no_release(loaded, tmp_path, capsys):
    content = "area_code,local_measure_id,year,valu\nE08000001,local-cases,2021,5\n"
    code, _, err = run(capsys, tmp_path, "a.csv", content)
    assert code == 2
    assert "has the unknown column 'valu'" in err


@pytest.mark.skipif(not SAMPLES.exists(), reason="the real samples are not beside the checkout")
def test_rows_of_the_real_releases_are_counted(loaded, capsys, tmp_path):
    for name, records in (
        ("official_census2021_ethnicity-england.csv", 40),
        ("official_LA-revenue-outturn_2024-25.ods", 422),
    ):
        code, report, _ = run(capsys, tmp_path, name, (SAMPLES / name).read_bytes())
        assert (code, report["records"], report["rejected"]) == (1, records, records)
    assert "other sheets were not used: Front_Page, Notes, LA_drop-down" in str(report["issues"])


# Findings. ----------------------------------------------------------------------------------------------------------


def test_national_findings_come_in_with_numerator_denominator_and_breakdown(loader, tmp_path, capsys):
    release = release_of(observations(England=(30, 70)))
    save(loader, sex_spec(release), release, name="census-sex")

    code, report, _ = run(capsys, tmp_path, "census.csv", observations(England=(30, 70), Wales=(1, 3)))

    assert (code, report["new"]) == (0, 4)
    one = Finding.objects.get(pk="census-sex-england-2021-03-21-male")
    assert (one.numerator, one.denominator, one.breakdown_complete) == (70, 100, True)
    assert (one.scope, one.source_id, one.geography) == ("All residents", "small-census", "England")

    revised = observations(England=(30, 71), Wales=(1, 3))
    code, report, _ = run(capsys, tmp_path, "census-revised.csv", revised)
    assert (code, report["changed"], report["unchanged"]) == (0, 2, 2)


# Mappings. ----------------------------------------------------------------------------------------------------------


def test_version_is_never_changed_and_each_step_is_audited(factors, loader):
    release = release_of(tidy("2021", FIGURES))
    spec = replace(tidy_spec(release), blanks="skip")

    second = save(loader, spec, release, amends=factors, note="Blanks mean nothing.")
    factors.refresh_from_db()
    assert (factors.stands, factors.retired_by, second.version) == (False, "a-loader", 2)
    assert factors.spec().blanks == "refuse"

    with pytest.raises(Refused, match="Begin from the version that stands"):
        save(loader, spec, release, amends=factors)
    with pytest.raises(Refused, match="There is a mapping factors already"):
        save(loader, spec, release)

    release_mappings.retire(mapping=second, by=loader)
    release_mappings.retire(mapping=second, by=loader)
    assert save(loader, spec, release).version == 3
    events = AuditEvent.objects.filter(target_type="releasemapping").order_by("pk")
    assert [one.event_type for one in events] == [
        "mapping_saved",
        "mapping_amended",
        "mapping_retired",
        "mapping_saved",
    ]


def test_mapping_needs_a_name_measures_that_exist_and_the_right_role(loader):
    release = release_of(tidy("2021", FIGURES))
    spec = tidy_spec(release)
    with pytest.raises(Refused, match="lower-case words"):
        save(loader, spec, release, name="Not A Name")
    new = replace(spec, series=[replace(spec.series[0], target="not-there-yet", category="no-such")])
    with pytest.raises(Refused, match="Say the base of the local measures that are new: not-there-yet"):
        save(loader, new, release)
    with pytest.raises(Refused, match="The measure suspect-sex has no category 'no-such'"):
        save(loader, replace(new, words=new.words | {"measure_id": "suspect-sex"}), release)
    with pytest.raises(NotAllowed):
        save(person("reader", Role.ANALYST), spec, release)
    assert not ReleaseMapping.objects.exists()


def test_only_a_staged_release_is_read_with_a_mapping_in_use(factors, loader, tmp_path):
    file = tmp_path / "a.csv"
    file.write_text("gap_id,theme,statement,why_it_matters,what_would_fill_it\ngap-9,context,A.,B.,C.\n")
    gaps = staged.stage(file=file, name="gaps.csv", by=loader)
    with pytest.raises(Refused, match="only for a release that is staged"):
        mapped_loads.use_mapping(load=gaps, mapping=factors, by=loader)


def test_unmapped_release_is_not_committed(loader, tmp_path):
    file = tmp_path / "a.csv"
    file.write_text(tidy("2021", FIGURES))
    load = staged.stage(file=file, name="a.csv", by=loader)
    with pytest.raises(Refused, match="6 records are refused"):
        staged.commit(load=load, by=loader)
    with pytest.raises(Refused, match="nothing to commit"):
        staged.commit(load=load, by=loader, skip_rejected=True)


def test_what_the_store_holds_decides_what_is_a_new_local_measure(factors):
    stored = releases.stored_for(factors.spec(), factors.source)
    assert stored.local_measures["local-cases"]["years"] == "2020-2021"


# Pages. -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def client_of(loader) -> Client:
    client = Client()
    client.force_login(loader)
    return client


def sound(response, status=200) -> str:
    assert response.status_code == status
    page = read(response)
    assert (page_faults(page), policy_faults(page)) == ([], [])
    return words(page.select_one("main"))


def form_address(response) -> str:
    return f"{response.request['PATH_INFO']}?{response.request['QUERY_STRING']}"


def test_form_says_in_place_what_is_missing_and_keeps_what_was_typed(client_of):
    response = upload(client_of, "census.csv", observations(England=(30, 70)))
    address = form_address(response)
    answers = filled(response) | {"label": "Census", "source": "no-such-source", "action": "save"}

    response = client_of.post(address, answers)
    said = sound(response, 400)
    assert "There is no source with this title or identifier." in said
    assert "Say the scope of these findings." in said
    assert "Say what at least one of the figures becomes." in said
    assert filled(response)["label"] == "Census"
    assert not ReleaseMapping.objects.exists()


def test_categories_are_proposed_once_the_measure_is_named(client_of):
    response = upload(client_of, "census.csv", observations(England=(30, 70), Wales=(1, 3)))
    address = form_address(response)
    answers = filled(response) | {
        "label": "Census",
        "source": "small-census",
        "word-measure_id": "population-sex",
        "word-scope": "All residents",
        "word-statistic": "count",
        "word-precision": "exact",
        "word-definition_note": "Count of residents.",
        "word-locator": "Table 1",
        "time_from": "fixed",
        "fixed_time": "21 March 2021",
        "reading": "snapshot",
    }
    response = client_of.post(address, answers | {"action": "save"})
    assert "are made anew. Look at them, then save." in sound(response)
    assert not ReleaseMapping.objects.exists()
    field = named(response, "Category of Observation Male")
    assert filled(response)[field] == "male"

    said = sound(client_of.post(address, filled(response) | {"action": "look"}))
    assert "4 records would be made. Nothing is saved yet." in said
    assert "England population-sex female 2021-03-21 2021-03-21 30 30 100" in said

    said = sound(client_of.post(address, filled(response) | {"action": "save"}, follow=True))
    assert "4 records = 4 new" in said
    mapping = ReleaseMapping.objects.get()
    said = sound(client_of.get(f"/manage/mappings/{mapping.pk}/"))
    assert "The sum of all rows of the dividing column, taken or not" in said
    assert "census.csv , staged" in said


def test_role_that_is_changed_brings_its_parts_and_loses_nothing(client_of):
    response = upload(client_of, "factors.csv", tidy("2021", FIGURES))
    address = form_address(response)
    answers = filled(response) | {"label": "Typed before", "role-6": "filter", "action": "look"}

    response = client_of.post(address, answers)
    said = sound(response)
    assert "Rows are taken where region_name is" in said
    again = filled(response)
    assert again["label"] == "Typed before"
    assert again["keep-6"] == ["(blank)", "The Region"]


def test_mapping_is_chosen_for_a_load_that_none_was_found_for(client_of, factors, loader):
    release = release_of(tidy("2021", FIGURES))
    save(loader, tidy_spec(release), release, name="others")
    response = upload(client_of, "a.csv", tidy("2022", FIGURES))
    load = Load.objects.latest("pk")
    assert load.mapping is None
    sound(client_of.get(f"/manage/loads/{load.pk}/"))
    assert "Make a mapping from a.csv" in sound(client_of.get("/manage/mappings/"))
    assert "Make a mapping from a.csv" in sound(client_of.get("/manage/mappings/new/"))
    assert response.status_code == 200

    said = sound(client_of.post(f"/manage/loads/{load.pk}/mapping/", {"mapping": "factors"}, follow=True))
    assert "Read with the mapping factors, version 1" in said
    assert "Choose one of the mappings." in sound(
        client_of.post(f"/manage/loads/{load.pk}/mapping/", {"mapping": "no-such"}, follow=True)
    )
    load.refresh_from_db()
    assert load.mapping == factors


def test_mapping_is_amended_without_a_file(client_of, factors):
    address = f"/manage/mappings/{factors.pk}/amend/"
    response = client_of.get(address)
    assert "what you save becomes version 2" in sound(response)

    answers = filled(response) | {"blanks": "skip", "why": "Blanks mean nothing.", "action": "save"}
    said = sound(client_of.post(address, answers, follow=True))
    assert "Mapping factors, version 2" in said
    assert "Leave it out, and say so" in said
    second = ReleaseMapping.objects.get(version=2)
    assert replace(second.spec(), blanks="refuse").series == factors.spec().series
    assert second.spec().roles == factors.spec().roles
    assert "Only the version in use can be amended" in sound(client_of.get(address, follow=True))


def test_file_with_a_column_twice_is_not_mapped(client_of):
    twice = tidy("2022", FIGURES).replace("la_name", "number", 1)
    said = sound(upload(client_of, "twice.csv", twice))
    assert "twice.csv cannot be mapped: the column “number” stands more than once (J and L)" in said


def test_every_sheet_with_figures_can_be_mapped(client_of):
    sheets = [("First", [["Area", "Cases"], ["a", 1], ["b", 2]]), ("Second", [["Area", "Deaths"], ["a", 1]])]
    response = upload(client_of, "two.xlsx", xlsx(*sheets))
    assert "Other sheets with figures: Second" in sound(response)
    assert "Deaths" in sound(client_of.get(form_address(response) + "&sheet=Second"))

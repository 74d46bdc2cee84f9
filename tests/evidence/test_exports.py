"""Files of a selection: exactly what is in them, that they equal the page, and that they do no harm."""

import csv
import io
import json
from datetime import date
from decimal import Decimal

import pytest
from page_checks import body_of, page_faults, read, words
from small_store import make_appraisal, make_category, make_finding, make_measure, make_source

from evidence import list_queries, listing, queries
from evidence.exports import columns
from evidence.exports.files import FORMULA_STARTS, csv_cell, json_cell, json_parts
from evidence.measure_page import make_measure_page
from evidence.views.measures import selection_of
from studies.models import AuditEvent, Finding, Measure


SOURCES_CSV = (
    "source_id,title,authors,year,publisher,source_type,method,geography,data_period_start,data_period_end,doi,"
    "isbn,url,peer_reviewed,accredited_official_statistics,quality,quality_status,finding_count,summary,"
    "limitations,bibliographic_check\r\n"
    "alpha,Alpha report,A Body,2015,A Publisher,grey_literature,Counting.,England,2010-01-01,2014-12-31,,,,no,no,"
    "weak,provisional,2,Counts records.,One place.,seen\r\n"
    'beta,"“Beta”, with a ""quoted"" word","Surname A, Other B",,A Publisher,grey_literature,Counting.,England,,,'
    '10.1000/1,,https://example.org/b,yes,no,not_rated,no appraisal,0,"Two\nlines.",\'=cmd(),quoted_by_others\r\n'
)
FINDINGS_CSV = (
    "finding_id,measure_id,measure,unit,category_id,category,is_unknown,statistic,value,numerator,denominator,scope,"
    "breakdown_id,breakdown_complete,unknown_in_breakdown,precision,period_start,period_end,period_type,geography,verification,quality,"
    "quality_status,lower_reason,source_id,source,publisher,source_year,source_type,definition_note,"
    "comparability_note,locator\r\n"
    "f1,m,Change in reports,reports,,,,percentage_change,-12.50,,,All reports,,,,rounded,2014-01-01,2014-12-31,"
    "calendar_year,England,secondary,weak,provisional,,alpha,Alpha report,A Publisher,2015,grey_literature,"
    "'-a note that begins with a sign,'@never compare,\"Table 1, page 2\"\r\n"
    "f2,parts,Measure parts,offences,unknown,Unknown,yes,count,1000,1000,4000,Scope of f2,b1,no,1000,exact,,,unknown,"
    "England,primary,weak,provisional,,alpha,Alpha report,A Publisher,2015,grey_literature,A note.,"
    "Not to be compared.,Table 1\r\n"
)


@pytest.fixture
def small(db):
    """Two sources and two figures with everything in them that a file could get wrong."""
    alpha = make_source(
        "alpha",
        title="Alpha report",
        data_period_start=date(2010, 1, 1),
        data_period_end=date(2014, 12, 31),
    )
    make_source(
        "beta",
        title='“Beta”, with a "quoted" word',
        authors="Surname A, Other B",
        year=None,
        doi="10.1000/1",
        url="https://example.org/b",
        peer_reviewed=True,
        summary="Two\nlines.",
        limitations="=cmd()",
        bibliographic_check="quoted_by_others",
    )
    make_appraisal(alpha, "weak")
    make_finding(
        "f1",
        alpha,
        make_measure(
            "m",
            label="Change in reports",
            quantity="rate",
            unit_label="reports",
            comparability_note="@never compare",
        ),
        scope="All reports",
        statistic="percentage_change",
        value=Decimal("-12.50"),
        precision="rounded",
        verification="secondary",
        definition_note="-a note that begins with a sign",
        locator="Table 1, page 2",
    )
    parts = make_measure("parts", quantity="composition")
    make_finding(
        "f2",
        alpha,
        parts,
        category=make_category(parts, "unknown", 9, is_unknown=True),
        value=Decimal(1000),
        numerator=Decimal(1000),
        denominator=Decimal(4000),
        breakdown_id="b1",
        breakdown_complete=False,
        period_start=None,
        period_end=None,
        period_type="unknown",
    )


def get_csv(client, path: str, params=None) -> list[dict[str, str]]:
    response = client.get(path, params or {})
    assert response.status_code == 200
    return list(csv.DictReader(io.StringIO(body_of(response).decode(), newline="")))


def get_json(client, path: str, params=None) -> dict:
    response = client.get(path, params or {})
    assert response.status_code == 200

    def refuse(constant):
        raise AssertionError(f"{constant} is no JSON")

    return json.loads(body_of(response).decode(), parse_constant=refuse)


@pytest.mark.parametrize(
    ("path", "expected"), [("/sources.csv", SOURCES_CSV), ("/findings.csv", FINDINGS_CSV)]
)
def test_csv_holds_exactly_this(client, small, path, expected):
    assert body_of(client.get(path)).decode() == expected


def test_json_holds_the_same_with_numbers_as_numbers_and_missing_as_null(client, small):
    found = get_json(client, "/findings.json")
    first, second = found["rows"]

    assert first["value"] == -12.5
    assert first["category"] is first["is_unknown"] is first["numerator"] is first["breakdown_id"] is None
    assert first["definition_note"] == "-a note that begins with a sign"
    assert (first["period_start"], second["period_start"]) == ("2014-01-01", None)
    assert (second["value"], second["denominator"], second["breakdown_complete"]) == (1000, 4000, "no")
    assert list(first) == [column.key for column in columns.FINDING_COLUMNS]
    assert found["columns"].keys() == first.keys()
    assert all(found["columns"].values())


def test_json_says_what_was_asked_and_what_is_provisional(client, small):
    AuditEvent.objects.create(event_type="test", created_by="a test")
    found = get_json(client, "/sources.json", {"quality": "weak"})

    assert found["selection"] == "1 of 2 sources of the quality Weak"
    assert found["data_version"] == 1
    assert found["retrieved_on"][:2] == "20"
    assert "provisional are editorial drafts" in found["notes"][0]
    assert "secondary were read in another text" in found["notes"][0]


def test_file_is_named_for_its_question_day_and_data_version(client, small):
    response = client.get("/findings.csv")
    name = response["Content-Disposition"]

    assert name.startswith('attachment; filename="findings-20')
    assert name.endswith('-version-0.csv"')
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert client.get("/measures/m.json")["Content-Disposition"].startswith('attachment; filename="m-20')
    assert client.get("/measures/m.json")["Content-Type"] == "application/json"


@pytest.mark.parametrize("start", FORMULA_STARTS)
def test_text_that_a_spreadsheet_would_run_is_made_harmless(start):
    assert csv_cell(f"{start}1+1") == f"'{start}1+1"
    assert csv_cell(f"1{start}") == f"1{start}"


def test_formula_starts_are_those_that_the_contract_names():
    assert FORMULA_STARTS == ("=", "+", "-", "@", "\t", "\r")


@pytest.mark.parametrize(
    ("cell", "in_csv", "in_json"),
    [
        (None, "", None),
        ("", "", ""),
        (Decimal("-3.10"), "-3.10", -3.1),
        (Decimal("1E+3"), "1000", 1000),
        (Decimal("83"), "83", 83),
        (Decimal("0.000001"), "0.000001", 0.000001),
        (-5, "-5", -5),
        (date(2020, 2, 3), "2020-02-03", "2020-02-03"),
        ("=1", "'=1", "=1"),
        ("ünï 😀", "ünï 😀", "ünï 😀"),
    ],
)
def test_cells_keep_what_was_printed(cell, in_csv, in_json):
    assert csv_cell(cell) == in_csv
    assert json_cell(cell) == in_json


def test_undefined_number_is_refused_rather_than_written():
    column = columns.Column("a", "a", "A.")
    with pytest.raises(ValueError, match="not JSON compliant"):
        list(json_parts({}, [column], iter([[float("nan")]])))


def test_no_rows_make_a_file_with_its_header(client, small):
    assert (
        body_of(client.get("/sources.csv", {"q": "zzzz"})).decode() == SOURCES_CSV.partition("\n")[0] + "\n"
    )
    assert get_json(client, "/sources.json", {"q": "zzzz"})["rows"] == []


@pytest.mark.parametrize(
    "params",
    [
        {"quality": "moderate", "sort": "newest"},
        {"q": "exploitation", "source_type": ["official_statistics", "academic_study"]},
        {"theme": "context", "geography": "England", "sort": "figures"},
    ],
)
def test_list_of_sources_and_its_file_hold_the_same_rows_in_the_same_order(client, shipped, params):
    shown = []
    for number in "12":
        page = read(client.get("/sources/", {**params, "per_page": "100", "page": number}))
        links = [link["href"].split("/")[2] for link in page.select(".evidence-result__title a")]
        shown += [link for link in links if link not in shown]
    rows = get_csv(client, "/sources.csv", params)

    assert [row["source_id"] for row in rows] == shown
    assert [row["source_id"] for row in get_json(client, "/sources.json", params)["rows"]] == shown
    assert len(rows) > 3


@pytest.mark.parametrize(
    "params",
    [
        {"verification": "secondary", "theme": "offender-networks", "sort": "source"},
        {"q": "rotherham", "precision": ["derived", "exact"]},
        {"measure": "group-suspect-ethnicity-known-only"},
        {"source": "casey-2025-national-audit", "sort": "newest"},
    ],
)
def test_list_of_findings_and_its_file_hold_the_same_rows_and_numbers(client, shipped, params):
    page = read(client.get("/findings/", {**params, "per_page": "100"}))
    shown = page.select(".evidence-result")
    rows = get_csv(client, "/findings.csv", params)

    assert [row["finding_id"] for row in rows[:100]] == [result["id"] for result in shown]
    assert len(rows) > 3
    for row, result in zip(rows, shown, strict=False):
        said = words(result).replace(",", "")
        assert row["value"] in said or row["value"].rstrip("0").rstrip(".") in said
        assert (row["verification"] == "secondary") == ("not checked against the original" in said)
        assert (row["quality_status"] == "provisional") == ("provisional" in said)


MEASURES = (
    "group-suspect-ethnicity-known-only",
    "assessment-episodes-with-factor",
    "recorded-sexual-offences-under-16",
    "offender-ethnicity-ceop-2011-version-a",
)


@pytest.mark.parametrize("measure_id", MEASURES)
def test_chart_table_and_download_hold_the_same_numbers(client, shipped, rf, measure_id):
    measure = Measure.objects.get(pk=measure_id)
    page = make_measure_page(measure, selection_of(rf.get("/"), measure))
    rows = {row["finding_id"]: row for row in get_csv(client, f"/measures/{measure_id}.csv")}
    records = [record for chart in page.charts for record in chart.table.records if "finding_id" in record]

    assert rows.keys() == {finding.finding_id for finding in page.findings}
    assert records
    for record in records:
        row = rows.get(record["finding_id"])
        if row is None:
            # A picture of both bases draws the other base's figures too; they are in the other measure's file.
            assert Finding.objects.get(pk=record["finding_id"]).measure_id != measure_id
            continue
        assert row["value"] == record["value_text"]
        assert float(row["denominator"] or 0) == (record["denominator"] or 0)
        assert (row["verification"], row["quality"], row["precision"]) == (
            record["verification"],
            record["quality"],
            record["precision"],
        )


@pytest.mark.parametrize(
    "params",
    [
        {},
        {"category": "white"},
        {"source_type": "policy_paper"},
        {"source_type": "official_statistics"},
        {"q": "hydrant"},
        {"q": "zzzz"},
        {"year_from": "2024"},
        {"theme": "context"},
        {"unit": "suspect", "verification": "secondary"},
        {"peer_reviewed": "yes"},
        {"measure": "assessment-episodes-with-factor"},
    ],
)
def test_page_of_a_measure_and_its_file_hold_the_same_rows(client, shipped, params):
    measure_id = "group-suspect-ethnicity-known-only"
    page = read(client.get(f"/measures/{measure_id}/", params))
    shown = {row["id"] for row in page.select("#figures tbody tr")}
    in_file = {row["finding_id"] for row in get_csv(client, f"/measures/{measure_id}.csv", params)}

    assert shown == in_file


def test_link_on_the_page_of_a_measure_leads_to_its_own_selection(client, shipped):
    page = read(client.get("/measures/group-suspect-ethnicity-known-only/", {"year_from": "2024"}))
    link = page.select_one("#figures .evidence-downloads a")["href"]

    assert link == "/measures/group-suspect-ethnicity-known-only.csv?year_from=2024"
    assert len(get_csv(client, link)) == 3


def test_every_shipped_figure_is_in_the_file_with_its_marks(client, shipped):
    rows = get_csv(client, "/findings.csv")

    assert len(rows) == 2344
    assert {row["verification"] for row in rows} == {"primary", "secondary"}
    assert {row["quality_status"] for row in rows} == {"provisional"}
    assert all(row["quality"] in {"strong", "moderate", "weak", "unclear"} for row in rows)
    assert all(row["precision"] and row["scope"] and row["locator"] for row in rows)
    stored = dict(Finding.objects.values_list("pk", "value"))
    assert {row["finding_id"]: Decimal(row["value"]) for row in rows} == stored


def test_every_shipped_source_is_in_the_file(client, shipped):
    rows = get_csv(client, "/sources.csv")
    assert len(rows) == 170
    assert {row["quality_status"] for row in rows} == {"provisional", "no appraisal"}


def test_columns_are_named_once_and_each_has_a_meaning():
    for table in (columns.SOURCE_COLUMNS, columns.FINDING_COLUMNS):
        keys = [column.key for column in table]
        assert len(keys) == len(set(keys))
        assert all(column.meaning.endswith(".") for column in table)


def test_file_is_written_in_few_queries_however_long_it_is(client, shipped, django_assert_max_num_queries):
    list_queries.get_filter_words()
    with django_assert_max_num_queries(12):
        body_of(client.get("/findings.csv"))


@pytest.mark.parametrize(
    "path", ["/sources.csv", "/findings.json", "/measures/group-suspect-ethnicity-known-only.csv"]
)
def test_refused_question_is_the_same_page_as_for_the_list(client, shipped, path):
    response = client.get(path, {"verification": "hearsay", "colour": "red"})
    page = read(response)

    assert response.status_code == 400
    assert "Content-Disposition" not in response
    summary = words(page.select_one(".govuk-error-summary"))
    assert "hearsay" in summary
    assert "colour" in summary
    assert page_faults(page) == []


@pytest.mark.parametrize(
    "path",
    ["/sources.exe", "/findings.pdf", "/measures/group-suspect-ethnicity-known-only.exe", "/measures/x.csv"],
)
def test_file_that_is_not_offered_is_not_found(client, shipped, path):
    assert client.get(path).status_code == 404


def test_head_request_has_no_body(client, shipped):
    response = client.head("/sources.csv")
    assert response.status_code == 200
    assert body_of(response) == b""


def test_lists_and_files_answer_the_same_listing(shipped, rf):
    """One computation, several renderings: nothing of a file is looked up in another way."""
    request = rf.get("/sources.csv", {"quality": "weak"})
    found = listing.answer(request, listing.SOURCES, queries.Source.objects.with_rating(), 1)
    assert found.total == found.ordered.count()

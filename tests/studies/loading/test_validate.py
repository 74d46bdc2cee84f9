"""The rules of the evidence base: a bad example of each, with where it stands and what would be right."""

import copy

import pytest

from studies.loading.findings import breakdown_fault
from studies.loading.layout import RawBase, read_base
from studies.loading.outcome import Known
from studies.loading.table_search import RawRow
from studies.loading.validate import validate
from tests.conftest import SHIPPED
from tests.studies.tiny_base import RECORDS, TABLES


def refused(checked):
    return [str(issue) for issue in checked.issues if issue.severity == "error"]


def saved(checked, table):
    return [record.name for record in checked.records.get(table, [])]


def known_of(checked):
    """What the store would hold once a checked base is saved."""
    known = Known({name: {r.key: r.values for r in records} for name, records in checked.records.items()})
    known.instruments = {data["instrument_id"]: data for data in checked.instruments}
    known.versions = {(data["instrument_id"], data["version"]): data for data in checked.instruments}
    for values in known.table("appraisal_answers").values():
        given = known.table("answers_of").setdefault((values["appraisal_id"],), {})
        given[values["criterion_id"]] = values["answer"]
    return known


def test_sound_base_has_no_issue(tiny):
    checked = tiny.check()

    assert refused(checked) == []
    assert sum(1 for _ in checked.all_records) + len(checked.instruments) == RECORDS


def test_sound_base_stays_sound_beside_itself(tiny):
    known = known_of(tiny.check())

    assert refused(tiny.check(known)) == []


def test_shipped_base_has_no_issue():
    assert refused(validate(read_base(SHIPPED), Known())) == []


# One bad value: table, some cell of the row, changes, and what is said. ----------------------------------------------

ONE_BAD_VALUE = [
    # cells
    ("sources", "small-study", {"title": ""}, "sources.csv, line 3: title may not be blank"),
    ("sources", "small-study", {"source_type": "book"}, "sources.csv, line 3: source_type 'book' is not one of academic_study, official_statistics, grey_literature, independent_inquiry, qualitative_interviews, policy_paper"),
    ("sources", "small-study", {"peer_reviewed": "maybe"}, "sources.csv, line 3: peer_reviewed 'maybe' is not yes or no"),
    ("findings", "small-study-f01", {"value": "1O"}, "findings.csv, line 2: value '1O' is not a number: digits, with a point for decimals and no separators or signs of per cent"),
    ("findings", "small-census-f01", {"scope": "x" * 601}, f"findings.csv, line 7: scope '{'x' * 200}…' has 601 characters; at most 600 are allowed"),
    # references
    ("findings", "small-census-f01", {"source_id": "nobody"}, "findings.csv, line 7: source_id 'nobody' is not in sources, neither in this load nor in the store (or it was refused above)"),
    ("findings", "small-study-f01", {"category_id": "other"}, "findings.csv, line 2: category_id 'other' is no category of the measure suspect-sex; it would be one of female, male, unknown"),
    ("findings", "small-census-f01", {"category_id": "male"}, "findings.csv, line 7: category_id 'male' is no category of the measure recorded-cases; it would be blank, since the measure has no categories"),
    ("appraisals", "small-study", {"instrument_id": "other"}, "appraisals.csv, line 2: instrument_id 'other' is no known instrument; known are small-tool"),
    ("local/neighbours", "E08000003", {"neighbour_code": "E09"}, "local/neighbours.csv, line 3: neighbour_code 'E09' is not in local/areas, neither in this load nor in the store (or it was refused above)"),
    # sources
    ("sources", "small-study", {"data_period_end": "2017-03-31"}, "sources.csv, line 3: data_period_end '2017-03-31' is before data_period_start 2018-04-01"),
    ("sources", "small-study", {"year": "1066"}, "sources.csv, line 3: year '1066' is not a year between 1800 and 2100"),
    ("sources", "small-study", {"accredited_official_statistics": "yes"}, "sources.csv, line 3: accredited_official_statistics 'yes' only an official statistic can be accredited"),
    # categories
    ("categories", "unknown", {"order": "40000"}, "categories.csv, line 4: order '40000' is above 32,000; number the categories from 1"),
    ("categories", "unknown", {"measure_id": "population-sex", "category_id": "female"}, "categories.csv, line 5: measure_id 'population-sex' stands already in categories.csv, line 4, with other values; once is right"),
    # numbers of a finding
    ("findings", "small-census-f01", {"value": "-3"}, "findings.csv, line 7: value '-3' is negative; only a percentage change may be"),
    ("findings", "small-census-f04", {"value": "101.0"}, "findings.csv, line 10: value '101.0' is a percentage above 100"),
    ("findings", "small-census-f01", {"denominator": "0"}, "findings.csv, line 7: denominator '0' is not above nought; leave it blank where it is not known"),
    ("findings", "small-census-f01", {"numerator": "12"}, "findings.csv, line 7: numerator '12' stands without a denominator; give the base or leave both blank"),
    ("findings", "small-census-f01", {"numerator": "-12", "denominator": "20"}, "findings.csv, line 7: numerator '-12' is negative"),
    ("findings", "small-census-f01", {"numerator": "12", "denominator": "9"}, "findings.csv, line 7: numerator '12' is above its denominator 9"),
    ("findings", "small-census-f01", {"numerator": "11", "denominator": "20"}, "findings.csv, line 7: numerator '11' differs from the count 12; for a count with a base it repeats the value"),
    ("findings", "small-census-f04", {"numerator": "52", "denominator": "100"}, "findings.csv, line 10: value '51.0' does not agree with its counts, 52 of 100, which make 52.00 per cent"),
    ("findings", "small-census-f01", {"lower_ci": "12.1"}, "findings.csv, line 7: lower_ci '12.1' is above the value 12"),
    ("findings", "small-census-f01", {"upper_ci": "11.9"}, "findings.csv, line 7: upper_ci '11.9' is below the value 12"),
    ("findings", "small-census-f01", {"breakdown_complete": "yes"}, "findings.csv, line 7: breakdown_id breakdown_id and breakdown_complete go together; give both or neither"),
    ("findings", "small-census-f01", {"breakdown_id": "b", "breakdown_complete": "no"}, "findings.csv, line 7: category_id is blank; each row of a breakdown has a category"),
    ("findings", "small-census-f01", {"scope": "—" * 600, "geography": "—" * 40}, None),
    # periods
    ("findings", "small-census-f01", {"period_end": ""}, "findings.csv, line 7: period_end only one end of the period is given; give both or neither"),
    ("findings", "small-census-f01", {"period_start": "", "period_end": ""}, "findings.csv, line 7: period_type 'year_to_march' names a period but no dates are given; without dates it is unknown"),
    ("findings", "small-census-f01", {"period_end": "2017-03-31"}, "findings.csv, line 7: period_end '2017-03-31' is before period_start 2018-04-01"),
    ("findings", "small-census-f01", {"period_end": "2019-04-01"}, "findings.csv, line 7: period_type 'year_to_march' does not fit 2018-04-01 to 2019-04-01; a year to March runs from 1 April to 31 March"),
    ("findings", "small-census-f01", {"period_type": "calendar_year"}, "findings.csv, line 7: period_type 'calendar_year' does not fit 2018-04-01 to 2019-03-31; a calendar year runs from 1 January to 31 December"),
    ("findings", "small-census-f01", {"period_type": "financial_year", "period_start": "2017-04-01"}, "findings.csv, line 7: period_type 'financial_year' does not fit 2017-04-01 to 2019-03-31; a financial year runs from 1 April to 31 March"),
    ("findings", "small-census-f01", {"period_type": "snapshot"}, "findings.csv, line 7: period_type 'snapshot' does not fit 2018-04-01 to 2019-03-31; a snapshot is a date or a month"),
    ("findings", "small-census-f01", {"period_type": "multi_year"}, "findings.csv, line 7: period_type 'multi_year' does not fit 2018-04-01 to 2019-03-31; several years are more than one"),
    # said once
    ("findings", "small-census-f02", {"period_start": "2018-04-01", "period_end": "2019-03-31"}, "findings.csv, line 8: finding_id 'small-census-f02' says the same thing as small-census-f01; a figure is held once"),
    # pairs
    ("overlaps", "small-study", {"source_b": "small-study"}, "overlaps.csv, line 2: source_b 'small-study' is the same as source_a; a pair joins two"),
    ("related_measures", "suspect-sex", {"measure_b": "suspect-sex"}, "related_measures.csv, line 2: measure_b 'suspect-sex' is the same as measure_a; a pair joins two"),
    # conclusions and benchmarks
    ("conclusion_support", "small-study-f02", {"source_id": "small-report"}, "conclusion_support.csv, line 2: source_id 'small-report' the finding small-study-f02 belongs to small-study"),
    ("benchmarks", "benchmark-1", {"population_finding_id": "small-census-f01"}, "benchmarks.csv, line 2: population_finding_id 'small-census-f01' counts offence, not a population; a benchmark compares with a population"),
    # local
    ("local/areas", "E08000001", {"region_code": "E08000001"}, "local/areas.csv, line 2: region_code 'E08000001' is the area itself; an area is not its own region"),
    ("local/areas", "E08000001", {"region_code": "E99"}, "local/areas.csv, line 2: region_code 'E99' is not in local/areas, neither in this load nor in the store (or it was refused above)"),
    ("local/figures", "E08000001", {"year": "1800"}, "local/figures.csv, line 2: year '1800' is not a year between 1900 and 2100"),
    ("local/figures", "E08000001", {"symbol": "c"}, "local/figures.csv, line 2: value '10' stands beside the symbol c, which means that there is no value"),
    ("local/figures", "E08000002", {"symbol": ""}, "local/figures.csv, line 3: value is blank without a symbol; give the value, or the symbol that says why not"),
    ("local/figures", "E08000001", {"value": "-1"}, "local/figures.csv, line 2: value '-1' is negative; a count is nought or more"),
    ("local/figures", "E08000001", {"denominator": "-1"}, "local/figures.csv, line 2: denominator '-1' is negative; leave it blank where there is no base"),
    ("local/figures", "E08000001", {"value": "41"}, "local/figures.csv, line 2: value '41' is above its denominator 40"),
    ("local/neighbours", "E08000003", {"neighbour_code": "E08000001"}, "local/neighbours.csv, line 3: neighbour_code 'E08000001' is the area itself"),
    ("local/neighbours", "E08000003", {"rank": "0"}, "local/neighbours.csv, line 3: rank '0' is not between 1 and 1,000; the nearest neighbour has rank 1"),
    ("local/neighbours", "E08000003", {"rank": "99999"}, "local/neighbours.csv, line 3: rank '99999' is not between 1 and 1,000; the nearest neighbour has rank 1"),
    ("local/neighbours", "E08000003", {"neighbour_code": "E08000002"}, "local/neighbours.csv, line 3: neighbour_code 'E08000002' is a neighbour of this area already, at another rank"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("table", "which", "changes", "sentence"),
    ONE_BAD_VALUE,
    ids=[
        f"{table}-{'-'.join(changes)}-{number}" for number, (table, _, changes, _) in enumerate(ONE_BAD_VALUE)
    ],
)
def test_bad_value_is_refused_with_its_place_and_what_would_be_right(tiny, table, which, changes, sentence):
    tiny.row(table, which).update(changes)

    said = refused(tiny.check())

    if sentence is None:
        assert "makes more than 1,900 bytes with geography" in said[0]
    else:
        assert sentence in said, said


def test_everything_wrong_with_a_row_is_told_at_once(tiny):
    tiny.row("findings", "small-study-f01").update(source_id="nobody", numerator="101")

    said = refused(tiny.check())

    assert any("source_id 'nobody' is not in sources" in one for one in said)
    assert any("numerator '101' is above its denominator 100" in one for one in said)


# Rules between rows. -------------------------------------------------------------------------------------------------


def test_key_twice_in_one_load_with_other_values_keeps_neither(tiny):
    tiny.tables["gaps"].append({**tiny.row("gaps", "gap-1"), "statement": "Another."})

    checked = tiny.check()

    assert refused(checked) == [
        "gaps.csv, line 3: gap_id 'gap-1' stands already in gaps.csv, line 2, with other values; once is right",
        "gaps.csv, line 2: gap_id 'gap-1' stands again in gaps.csv, line 3, with other values; keep the one that is right",
    ]
    assert saved(checked, "gaps") == []


def test_second_unknown_category_is_refused(tiny):
    tiny.row("categories", "male")["is_unknown"] = "yes"

    [said] = [s for s in refused(tiny.check()) if "is_unknown" in s]

    assert (
        said
        == "categories.csv, line 4: is_unknown 'True' suspect-sex has the unknown category male already; one is right"
    )


def test_second_unknown_category_beside_the_store_is_refused(tiny):
    known = known_of(tiny.check())
    row = {**tiny.row("categories", "unknown"), "category_id": "not-stated"}
    tiny.only("categories").tables["categories"] = [row]

    [said] = refused(tiny.check(known))

    assert "has the unknown category unknown already" in said


def test_pair_the_other_way_round_is_refused(tiny):
    tiny.tables["overlaps"].append(
        {"source_a": "small-report", "source_b": "small-study", "reason": "Again."}
    )

    assert refused(tiny.check()) == [
        "overlaps.csv, line 3: source_b 'small-study' the pair stands already the other way round; once is right"
    ]


def test_finding_that_repeats_one_of_the_store_is_refused(tiny):
    known = known_of(tiny.check())
    row = {**tiny.row("findings", "small-census-f01"), "finding_id": "again"}
    tiny.only("findings").tables["findings"] = [row]

    assert refused(tiny.check(known)) == [
        "findings.csv, line 2: finding_id 'again' says the same thing as small-census-f01; a figure is held once"
    ]


def test_minimum_above_its_maximum_is_refused_on_both_rows(tiny):
    tiny.row("findings", "small-report-f03")["value"] = "10"

    said = refused(tiny.check())

    assert said == [
        "findings.csv, line 12: value '10' the minimum 10 is above the maximum 9",
        "findings.csv, line 13: value '9' the minimum 10 is above the maximum 9",
    ]


def test_minimum_above_the_stored_maximum_is_refused(tiny):
    known = known_of(tiny.check())
    row = {**tiny.row("findings", "small-report-f03"), "value": "10"}
    tiny.only("findings").tables["findings"] = [row]

    assert refused(tiny.check(known)) == [
        "findings.csv, line 2: value '10' the minimum 10 is above the maximum 9"
    ]


def test_rows_of_a_broken_breakdown_are_all_refused(tiny):
    row = tiny.row("findings", "small-study-f03")
    row["value"] = row["numerator"] = "29"

    checked = tiny.check()

    said = [s for s in refused(checked) if "breakdown_id" in s]
    assert said == [
        f"findings.csv, line {line}: breakdown_id 'small-study-b1' is called complete, but its parts make 99 of 100"
        for line in (2, 3, 4)
    ]
    assert "small-study-f01" not in saved(checked, "findings")


def test_breakdown_is_checked_with_its_stored_rows(tiny):
    known = known_of(tiny.check())
    row = {**tiny.row("findings", "small-study-f03"), "value": "31", "numerator": "31"}
    tiny.only("findings").tables["findings"] = [row]

    assert refused(tiny.check(known)) == [
        "findings.csv, line 2: breakdown_id 'small-study-b1' is called complete, but its parts make 101 of 100"
    ]


BREAKDOWNS = [
    (
        {"small-study-f03": {"geography": "Wales"}},
        "its rows differ in geography; the rows of a breakdown share it",
    ),
    (
        {"small-study-f03": {"denominator": "90"}},
        "its rows differ in denominator; the rows of a breakdown share it",
    ),
    (
        {"small-study-f03": {"numerator": ""}},
        "is called complete, but some of its counts have no numerator and base",
    ),
    ({"small-census-f05": {"value": "48.8"}}, "is called complete, but its parts make 99.8 of 100"),
]


@pytest.mark.parametrize(("changes", "fault"), BREAKDOWNS, ids=[fault[:40] for _, fault in BREAKDOWNS])
def test_breakdown_that_does_not_hold_together_is_refused(tiny, changes, fault):
    for finding, values in changes.items():
        tiny.row("findings", finding).update(values)

    assert any(said.endswith(fault) for said in refused(tiny.check()))


def test_breakdown_of_one_row_is_refused(tiny):
    tiny.row("findings", "small-census-f05").update(breakdown_id="", breakdown_complete="")

    [said] = [s for s in refused(tiny.check()) if "breakdown" in s]

    assert said.endswith("has one row only; a breakdown has two or more")


def test_category_twice_in_a_breakdown_is_refused(tiny):
    rows = [record.values for record in tiny.check().records["findings"] if record.values["breakdown_id"]][:3]
    twice = [rows[0], {**rows[1], "category_id": rows[0]["category_id"]}, rows[2]]

    assert breakdown_fault(twice) == "has a category twice"


def test_rounded_percentages_may_miss_the_whole_by_half_a_place_each(tiny):
    tiny.row("findings", "small-census-f05")["value"] = "49.1"

    assert refused(tiny.check()) == []


def test_rounded_counts_may_miss_the_base_by_half_of_ten_each(tiny):
    for finding in ("small-study-f01", "small-study-f02", "small-study-f03"):
        tiny.row("findings", finding)["precision"] = "rounded"
    row = tiny.row("findings", "small-study-f03")
    row["value"] = row["numerator"] = "20"
    assert refused(tiny.check()) == []

    row["value"] = row["numerator"] = "9"
    assert "its parts make 79 of 100" in refused(tiny.check())[0]


def test_incomplete_breakdown_need_not_reach_its_base(tiny):
    for finding in ("small-study-f01", "small-study-f02", "small-study-f03"):
        tiny.row("findings", finding)["breakdown_complete"] = "no"
    row = tiny.row("findings", "small-study-f03")
    row["value"] = row["numerator"] = "5"

    assert refused(tiny.check()) == []


def test_share_in_words_may_differ_from_its_counts_by_five_points(tiny):
    row = tiny.row("findings", "small-census-f04")
    row.update(
        numerator="46", denominator="100", precision="approximate", breakdown_id="", breakdown_complete=""
    )
    tiny.row("findings", "small-census-f05").update(breakdown_id="", breakdown_complete="")
    assert refused(tiny.check()) == []

    row["numerator"] = "45"
    assert "46.00" not in refused(tiny.check())[0]
    assert "which make 45.00 per cent" in refused(tiny.check())[0]


def test_period_of_a_part_year_is_unknown(tiny):
    tiny.row("findings", "small-census-f01").update(period_type="unknown", period_end="2018-12-31")

    assert refused(tiny.check()) == []


# What is refused takes along what rests on it. -----------------------------------------------------------------------


def test_refused_region_takes_its_parts_and_theirs(tiny):
    tiny.row("local/areas", "E92000001")["region_code"] = "E92000001"
    tiny.row("local/areas", "E12000001")["region_code"] = "E92000001"

    checked = tiny.check()

    assert saved(checked, "local/areas") == []
    assert saved(checked, "local/figures") == []
    assert saved(checked, "local/neighbours") == []


def test_refused_source_of_a_stored_one_spares_its_findings(tiny):
    known = known_of(tiny.check())
    tiny.row("sources", "small-study")["year"] = "1066"

    checked = tiny.check(known)

    assert len(refused(checked)) == 1
    assert len(saved(checked, "findings")) == 12


def test_several_bad_cells_of_a_row_are_all_told(tiny):
    tiny.row("gaps", "gap-1").update(theme="none", statement="")

    theme, statement = refused(tiny.check())

    assert theme.startswith("gaps.csv, line 2: theme 'none' is not one of prevalence-and-scale, ")
    assert statement == "gaps.csv, line 2: statement may not be blank"


# Appraisals. ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("table", "which", "changes", "sentence"),
    [
        ("appraisals", "small-study", {"source_id": "small-report"}, "line 3: source_id 'small-report' is appraised already by appraisal-small-study; one is right"),
        ("appraisals", "small-study", {"source_id": "small-census"}, "line 2: instrument_id 'small-tool' does not fit a source of type official_statistics; it fits academic_study, grey_literature"),
        ("appraisals", "small-study", {"overall_rating": "weak"}, "line 2: overall_rating 'weak' does not follow from the answers; the rule gives strong"),
        ("appraisals", "small-study", {"status": "final"}, "line 2: status 'final' is not one of provisional"),
        ("appraisal_answers", "sample-described", {"criterion_id": "other"}, "line 2: appraisal_id 'appraisal-small-study' The instrument “Small tool” does not ask “other”."),
        ("appraisal_answers", "clear-method", {"answer": "perhaps"}, "line 2: appraisal_id 'appraisal-small-study' “perhaps” is not an answer to “Is the method clear?”"),
    ],
)  # fmt: skip
def test_unsound_appraisal_is_refused(tiny, table, which, changes, sentence):
    tiny.row(table, which).update(changes)

    assert f"appraisals.csv, {sentence}" in refused(tiny.check())


def test_appraisal_without_all_its_answers_is_refused(tiny):
    tiny.tables["appraisal_answers"].pop(1)

    checked = tiny.check()

    assert (
        "appraisals.csv, line 2: appraisal_id 'appraisal-small-study' has no answer to sample-described; "
        "answer every question" in refused(checked)
    )
    assert saved(checked, "appraisals") == ["appraisal-small-report"]
    assert len(saved(checked, "appraisal_answers")) == 2


def test_answers_alone_must_lead_to_the_stored_rating(tiny):
    known = known_of(tiny.check())
    first = tiny.tables["appraisal_answers"][0]
    tiny.only("appraisal_answers").tables["appraisal_answers"] = [{**first, "answer": "no"}]
    assert refused(tiny.check(known)) == [
        "appraisal_answers.csv, line 2: answer 'no' its answers no longer lead to the rating strong of the appraisal"
    ]

    tiny.tables["appraisal_answers"] = [{**first, "answer": "perhaps"}]
    assert refused(tiny.check(known)) == [
        "appraisal_answers.csv, line 2: answer 'perhaps' “perhaps” is not an answer to “Is the method clear?”"
    ]

    tiny.tables["appraisal_answers"] = [{**first, "note": "Read again."}]
    assert refused(tiny.check(known)) == []


# Instruments. --------------------------------------------------------------------------------------------------------


def domain(instrument):
    return instrument["domains"][0]


def criterion(instrument):
    return instrument["domains"][0]["criteria"][0]


INSTRUMENTS = [
    (lambda one: one.pop("citation"), "The instrument has no “citation”."),
    (lambda one: one.update(version="1.0 of the second printing"), "The version has 1 to 20 characters, without a space before or after them."),
    (lambda one: one.update(version=" "), "The instrument: “version” is empty."),
    (lambda one: one.update(instrument_id="Small tool"), "“Small tool” is not an identifier: lower-case words and digits joined by single hyphens."),
    (lambda one: one.update(colour="red"), "“small-tool” has the unknown part “colour”."),
    (lambda one: one.update(applies_to=["book"]), "It applies to “book”, which is no type of source."),
    (lambda one: one.update(citation="a\x00b"), "It holds a control character or a broken one; remove it."),
    (lambda one: one.update(citation="\ud800"), "It holds a control character or a broken one; remove it."),
    (lambda one: domain(one).update(colour="red"), "“conduct” has the unknown part “colour”."),
    (lambda one: criterion(one).update(colour="red"), "“clear-method” has the unknown part “colour”."),
    (lambda one: criterion(one).update(criterion_id="a" * 121), f"“{'a' * 121}” is not an identifier: lower-case words and digits joined by single hyphens."),
    (lambda one: criterion(one).update(guidance=7), "The guidance of “clear-method” must be text."),
    (lambda one: criterion(one)["answers"].append({"value": "y" * 31, "label": "Y"}), f"The answer “{'y' * 31}” has more than 30 characters."),
]  # fmt: skip


@pytest.mark.parametrize(
    ("spoil", "sentence"), INSTRUMENTS, ids=[sentence[:40] for _, sentence in INSTRUMENTS]
)
def test_unsound_instrument_is_refused_and_its_appraisals_with_it(tiny, spoil, sentence):
    spoil(tiny.instruments[0])

    checked = tiny.check()

    assert f"instruments.json: {sentence}" in refused(checked)
    assert checked.instruments == []
    assert saved(checked, "appraisals") == saved(checked, "appraisal_answers") == []
    assert len(saved(checked, "findings")) == 12


def test_changed_text_under_a_known_version_is_refused(tiny):
    known = known_of(tiny.check())
    criterion(tiny.instruments[0])["question"] = "Is the method described?"

    said = refused(tiny.check(known))

    assert said[0] == (
        "instruments.json: differs from version 1.0 that is known; a changed instrument needs a new version"
    )


def test_one_version_told_twice_in_two_ways_is_refused(tiny):
    tiny.instruments.append(copy.deepcopy(tiny.instruments[0]))
    criterion(tiny.instruments[1])["question"] = "Is the method described?"

    assert "needs a new version" in refused(tiny.check())[0]


# The checks change nothing. ------------------------------------------------------------------------------------------


def test_what_is_known_is_left_as_it_was(tiny):
    known = known_of(tiny.check())
    before = copy.deepcopy(known)
    tiny.tables["gaps"].append({**tiny.row("gaps", "gap-1"), "gap_id": "gap-2"})

    tiny.check(known)

    assert known == before


def test_rows_are_never_repaired(tiny):
    row = RawRow("gaps.csv", 2, {**TABLES["gaps"][0], "statement": " Why is not known."})

    checked = validate(RawBase("one", "csv", rows={"gaps": [row]}), known_of(tiny.check()))

    assert refused(checked) == [
        "gaps.csv, line 2: statement ' Why is not known.' has spaces at an end; remove them"
    ]
    assert checked.rejected == {("gaps.csv", 2)}


def test_more_problems_than_anybody_reads_are_counted(monkeypatch):
    monkeypatch.setattr("studies.loading.outcome.MOST_ISSUES", 5)
    rows = [RawRow("gaps.csv", line, {"gap_id": "No identifier"}) for line in range(2, 12)]

    checked = validate(RawBase("gaps.csv", "csv", rows={"gaps": rows}), Known())

    *listed, last = checked.issues
    assert len(listed) == 5
    assert (last.severity, last.message) == (
        "warning",
        "45 further problems are not listed; put the listed ones right first",
    )
    assert len(checked.rejected) == 10


def test_record_that_stands_twice_word_for_word_is_told_so(tiny):
    checked = validate(read_base(tiny.write()), Known())
    base = read_base(tiny.write())
    base.rows["overlaps"] = [base.rows["overlaps"][0], RawRow("more.csv", 2, base.rows["overlaps"][0].cells)]

    again = validate(base, known_of(checked))
    [said] = refused(again)

    assert said.endswith("stands already in overlaps.csv, line 2, with the same values; once is right")
    assert len(saved(again, "overlaps")) == 1

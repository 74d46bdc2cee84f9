"""Loading: all or nothing, the same twice, with provenance, and correct whatever order the changes come in."""

import copy
import threading
from decimal import Decimal

import pytest
from django.db import connection

from studies.actions.audit import record as record_event
from studies.actions.loads import load_evidence
from studies.loading.layout import read_base
from studies.models import (
    Appraisal,
    AreaFigure,
    AreaNeighbour,
    AuditEvent,
    Category,
    Conclusion,
    Finding,
    Gap,
    Instrument,
    Judgement,
    Load,
    LoadRow,
    Measure,
    Source,
    SourceSearch,
    data_version,
)
from studies.vocabulary import AppraisalStatus
from tests.conftest import SHIPPED
from tests.studies.tiny_base import RECORDS, TABLES


pytestmark = pytest.mark.django_db


def counts(report):
    return {name: number for name, number in report.as_dict().items() if name in OUTCOMES and number}


OUTCOMES = ("new", "changed", "unchanged", "merged", "rejected")


def test_first_load_saves_every_record_with_its_provenance(tiny):
    report = tiny.load()

    assert report.committed
    assert counts(report) == {"new": RECORDS}
    load = Load.objects.get()
    assert (load.name, load.format, load.loaded_by) == ("tiny", "evidence-base", "the tests")
    assert len(load.sha256) == 64
    assert load.rows.count() == RECORDS - 1  # an instrument is a part of no table
    row = load.rows.get(record_key="small-study-f02")
    assert (row.table, row.file, row.line, row.outcome) == ("findings", "findings.csv", 3, "new")


def test_event_tells_of_the_load_and_raises_the_data_version(tiny):
    tiny.load()

    event = AuditEvent.objects.get()
    assert (event.event_type, event.created_by) == ("evidence_loaded", "the tests")
    assert (event.target_type, event.target_id) == ("load", str(Load.objects.get().pk))
    assert event.detail["new"] == RECORDS
    assert data_version() == 1


def test_second_load_finds_all_unchanged_and_writes_nothing(loaded):
    report = loaded.load()

    assert report.committed
    assert counts(report) == {"unchanged": RECORDS}
    assert Load.objects.count() == AuditEvent.objects.count() == 1


def test_dry_run_counts_and_saves_nothing(tiny):
    report = tiny.load(dry_run=True)

    assert not report.committed
    assert counts(report) == {"new": RECORDS}
    assert not Source.objects.exists()
    assert not Load.objects.exists()
    assert not AuditEvent.objects.exists()


def test_one_bad_row_saves_nothing(tiny):
    tiny.row("gaps", "gap-1")["theme"] = "no-such-theme"

    report = tiny.load()

    assert not report.committed
    assert counts(report) == {"new": RECORDS - 1, "rejected": 1}
    assert not Source.objects.exists()
    assert not AuditEvent.objects.exists()


def test_skipping_rejected_drops_what_depends_on_them(tiny):
    tiny.row("sources", "small-report")["source_type"] = "no-such-type"

    report = tiny.load(skip_rejected=True)

    assert report.committed
    assert set(Source.objects.values_list("pk", flat=True)) == {"small-census", "small-study"}
    # Its four findings, overlap, appraisal, two answers, support and gap go with it.
    assert counts(report) == {"new": RECORDS - 11, "rejected": 11}
    assert not Finding.objects.filter(pk__startswith="small-report").exists()
    assert not Gap.objects.exists()


def test_row_with_a_wrong_number_of_cells_counts_as_rejected(tiny):
    path = tiny.write() / "gaps.csv"
    path.write_text(path.read_text(encoding="utf-8") + "gap-2,context\n", encoding="utf-8")

    report = load_evidence(base=read_base(tiny.folder), by="the tests")

    assert counts(report) == {"new": RECORDS, "rejected": 1}
    assert report.records == RECORDS + 1
    assert report.issues[0]["line"] == 3


def test_changed_record_says_what_changed(loaded):
    loaded.row("findings", "small-census-f03")["value"] = "13"
    loaded.row("sources", "small-study")["peer_reviewed"] = "no"

    report = loaded.load()

    assert counts(report) == {"changed": 2, "unchanged": RECORDS - 2}
    rows = {row.record_key: row for row in LoadRow.objects.filter(outcome="changed")}
    assert rows["small-census-f03"].changes == {"value": ["11", "13"]}
    assert rows["small-study"].changes == {"peer_reviewed": ["yes", "no"]}
    assert Finding.objects.get(pk="small-census-f03").value == 13
    assert not Source.objects.get(pk="small-study").peer_reviewed


def test_trailing_zero_is_kept_and_its_loss_is_a_change(loaded):
    assert str(Finding.objects.get(pk="small-report-f02").value) == "83.0"

    loaded.row("findings", "small-report-f02")["value"] = "83"
    loaded.load()

    row = LoadRow.objects.get(outcome="changed")
    assert row.changes == {"value": ["83.0", "83"]}
    assert str(Finding.objects.get(pk="small-report-f02").value) == "83"


def test_number_of_many_places_is_kept_to_the_last(tiny):
    printed = "0.123456789012345678901234567890"
    tiny.row("findings", "small-census-f03")["value"] = printed

    tiny.load()

    assert Finding.objects.get(pk="small-census-f03").value == Decimal(printed)
    assert tiny.load().counts["unchanged"] == RECORDS


def test_small_base_on_top_of_another_needs_only_its_own_tables(loaded):
    loaded.only("findings")
    loaded.tables["findings"] = [
        {
            **TABLES["findings"][5],
            "finding_id": "small-census-f09",
            "period_start": "2021-04-01",
            "period_end": "2022-03-31",
        }
    ]

    report = loaded.load()

    assert counts(report) == {"new": 1}
    assert Finding.objects.get(pk="small-census-f09").source_id == "small-census"


def test_columns_left_out_leave_what_is_stored_and_are_blank_in_new_records(loaded):
    source = copy.deepcopy(loaded.row("sources", "small-study"))
    loaded.only("sources")
    loaded.tables["sources"] = [source, {**source, "source_id": "another-study"}]
    loaded.leave_out("sources", "authors", "year", "doi", "isbn", "url")

    report = loaded.load()

    assert counts(report) == {"new": 1, "unchanged": 1}
    assert Source.objects.get(pk="small-study").authors == "Société des études"
    assert (Source.objects.get(pk="another-study").authors, Source.objects.get(pk="another-study").year) == (
        "",
        None,
    )


def test_least_of_bases_loads_with_sources_measures_and_findings(tiny):
    tiny.only("sources", "measures", "findings")
    tiny.tables["findings"] = [row for row in tiny.tables["findings"] if not row["category_id"]]
    tiny.leave_out(
        "findings",
        "category_id",
        "breakdown_id",
        "breakdown_complete",
        "numerator",
        "denominator",
        "lower_ci",
        "upper_ci",
    )

    report = tiny.load()

    assert report.committed, report.issues
    assert Finding.objects.count() == 5


def test_load_of_the_same_comparability_statement_after_its_withdrawal_states_it_again(loaded):
    from studies.models import Comparability

    Comparability.objects.update(withdrawn_on="2024-06-01", withdrawn_by="a person")

    report = loaded.load()

    assert counts(report) == {"new": 1, "unchanged": RECORDS - 1}
    assert Comparability.objects.filter(withdrawn_on=None).count() == 1


# Changes that touch the same place. ------------------------------------------------------------------------------


def test_categories_may_trade_the_mark_of_the_unknown_one(loaded):
    loaded.row("categories", "unknown")["is_unknown"] = "no"
    loaded.row("categories", "male")["is_unknown"] = "yes"

    assert loaded.load().committed
    assert Category.objects.get(is_unknown=True).category_id == "male"


def test_new_category_may_take_the_mark_of_the_unknown_one(loaded):
    unknown = loaded.row("categories", "unknown")
    loaded.tables["categories"].append({**unknown, "category_id": "not-stated"})
    unknown["is_unknown"] = "no"

    assert loaded.load().committed
    assert Category.objects.get(is_unknown=True).category_id == "not-stated"


def test_findings_may_trade_what_they_say(loaded):
    first, second = loaded.row("findings", "small-census-f01"), loaded.row("findings", "small-census-f02")
    for column in ("period_start", "period_end"):
        first[column], second[column] = second[column], first[column]

    assert loaded.load().committed
    assert str(Finding.objects.get(pk="small-census-f01").period_end) == "2020-03-31"
    assert Finding.objects.get(pk="small-census-f01").scope == "All recorded cases"


def test_new_finding_may_say_what_a_changed_one_said(loaded):
    old = loaded.row("findings", "small-census-f01")
    loaded.tables["findings"].append({**old, "finding_id": "small-census-f09", "value": "13"})
    old["geography"] = "Wales"

    assert loaded.load().committed
    assert Finding.objects.get(pk="small-census-f09").geography == "England"


def test_neighbours_may_trade_ranks(loaded):
    first, second = loaded.tables["local/neighbours"]
    first["neighbour_code"], second["neighbour_code"] = second["neighbour_code"], first["neighbour_code"]

    assert loaded.load().committed
    ranks = dict(AreaNeighbour.objects.values_list("rank", "neighbour"))
    assert ranks == {1: "E08000003", 2: "E08000002"}


def test_figure_may_gain_a_value_for_its_symbol(loaded):
    figure = loaded.row("local/figures", "E08000002")
    figure["value"], figure["symbol"] = "7", ""

    assert loaded.load().committed
    assert AreaFigure.objects.get(area="E08000002").value == 7


# Instruments and appraisals. -------------------------------------------------------------------------------------


def test_new_version_of_an_instrument_stands_beside_the_old(loaded):
    loaded.instruments[0]["version"] = "2.0"
    loaded.instruments[0]["domains"][0]["criteria"][1]["question"] = "Is the sample described well?"

    report = loaded.load()

    assert counts(report) == {"new": 1, "unchanged": RECORDS - 1}
    assert list(Instrument.objects.values_list("version", flat=True)) == ["1.0", "2.0"]
    assert set(Appraisal.objects.values_list("instrument__version", flat=True)) == {"1.0"}


def test_old_version_loads_again_after_a_new_one(loaded):
    loaded.instruments[0]["version"] = "2.0"
    loaded.load()
    loaded.instruments[0]["version"] = "1.0"

    report = loaded.load()

    assert counts(report) == {"unchanged": RECORDS}


def test_changed_appraisal_keeps_the_version_that_its_answers_belong_to(loaded):
    loaded.instruments[0]["version"] = "2.0"
    loaded.load()
    loaded.row("appraisals", "appraisal-small-study")["rationale"] = "Said better."

    loaded.load()

    appraisal = Appraisal.objects.get(pk="appraisal-small-study")
    assert (appraisal.rationale, appraisal.instrument.version) == ("Said better.", "1.0")


def test_new_appraisal_is_made_with_the_version_it_came_with(tiny):
    newer = copy.deepcopy(tiny.instruments[0])
    newer["version"] = "2.0"
    newer["domains"][0]["criteria"][1]["criterion_id"] = "sample-large"
    first = tiny.only("instruments")
    first.instruments = [newer]
    first.load()
    tiny.tables, tiny.instruments = copy.deepcopy(TABLES), [copy.deepcopy(tiny.instruments[0])]
    tiny.instruments[0]["version"] = "1.0"
    tiny.instruments[0]["domains"][0]["criteria"][1]["criterion_id"] = "sample-described"

    report = tiny.load()

    assert report.committed, report.issues
    assert set(Appraisal.objects.values_list("instrument__version", flat=True)) == {"1.0"}


def test_instrument_without_guidance_is_unchanged_the_second_time(tiny):
    del tiny.instruments[0]["domains"][0]["criteria"][0]["guidance"]
    tiny.load()

    assert counts(tiny.load()) == {"unchanged": RECORDS}


def test_changed_answer_alone_must_still_lead_to_the_rating(loaded):
    answers = loaded.tables["appraisal_answers"]
    loaded.only("appraisal_answers")
    loaded.tables["appraisal_answers"] = [{**answers[0], "answer": "no"}]

    report = loaded.load()

    assert not report.committed
    assert "no longer lead to the rating strong" in report.issues[0]["message"]
    kept = Judgement.objects.get(appraisal="appraisal-small-study", criterion__criterion_id="clear-method")
    assert kept.answer == "yes"


def test_changed_answer_that_leads_to_the_same_rating_is_taken_without_the_others(loaded):
    answers = loaded.tables["appraisal_answers"]
    loaded.only("appraisal_answers", "appraisals")
    loaded.tables["appraisal_answers"] = [{**answers[1], "answer": "yes"}]

    report = loaded.load()

    assert counts(report) == {"changed": 1, "unchanged": 2}


def test_final_appraisal_of_the_workbench_stands_beside_the_loaded_one(loaded):
    Appraisal.objects.create(
        appraisal_id="z-final",
        source_id="small-study",
        instrument=Instrument.objects.get(),
        status=AppraisalStatus.FINAL,
        overall_rating="weak",
        rationale="Agreed.",
    )

    report = loaded.load()

    assert report.committed, report.issues
    assert report.counts["rejected"] == 0


# Search rows. ----------------------------------------------------------------------------------------------------


def test_every_source_has_its_search_row(loaded):
    row = SourceSearch.objects.get(pk="small-report")

    assert row.finding_count == 4
    assert set(row.themes) == {
        "offender-characteristics",
        "prevalence-and-scale",
        "motivations-and-enablers",
    }
    assert SourceSearch.objects.count() == 3


def test_finding_that_moves_takes_its_count_from_the_source_it_leaves(loaded):
    loaded.row("findings", "small-census-f01")["source_id"] = "small-study"

    loaded.load()

    numbers = dict(SourceSearch.objects.values_list("pk", "finding_count"))
    assert numbers == {"small-census": 4, "small-study": 4, "small-report": 4}


def test_new_label_of_a_measure_is_found_at_its_sources(loaded):
    from studies import search

    loaded.row("measures", "recorded-cases")["label"] = "Kerfuffles"

    loaded.load()

    found = SourceSearch.objects.filter(vector=search.query("kerfuffles"))
    assert set(found.values_list("pk", flat=True)) == {"small-census", "small-report"}


def test_new_theme_of_a_conclusion_reaches_its_sources(loaded):
    loaded.row("conclusions", "most-are-male")["theme"] = "offender-networks"

    loaded.load()

    assert "offender-networks" in SourceSearch.objects.get(pk="small-study").themes
    assert Conclusion.objects.get().order == 2


# At once, and in earnest. ----------------------------------------------------------------------------------------


def test_event_outside_a_transaction_is_refused(transactional_db):
    with pytest.raises(RuntimeError, match="in the transaction of its change"):
        record_event(event_type="something", by="the tests")


@pytest.mark.django_db(transaction=True)
def test_two_loads_at_once_wait_for_each_other(tiny):
    base = tiny.write()
    reports, start = [], threading.Barrier(2)

    def run():
        start.wait()
        try:
            reports.append(load_evidence(base=read_base(base), by="the tests"))
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)

    assert sorted(report.counts["new"] for report in reports) == [0, RECORDS]
    assert Load.objects.count() == data_version() == 1


def test_shipped_base_loads_whole_and_is_unchanged_the_second_time(shipped):
    assert shipped.counts["rejected"] == 0
    assert Source.objects.count() == 170
    assert Measure.objects.count() == 296
    assert Finding.objects.count() == 2_344
    assert AreaFigure.objects.count() == 14_500
    version = data_version()

    again = load_evidence(base=read_base(SHIPPED), by="the tests")

    assert again.counts["unchanged"] == again.records == shipped.records
    assert data_version() == version


def test_small_base_loads_on_top_of_the_shipped_one(shipped, tiny):
    # The statistical neighbours and areas of the small base would be other areas of the same codes.
    for table in ("local/areas", "local/measures", "local/figures", "local/neighbours"):
        del tiny.tables[table]

    report = tiny.load()

    assert report.committed, report.issues
    assert Source.objects.count() == 173

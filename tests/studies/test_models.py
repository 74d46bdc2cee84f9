"""Every constraint of the database: a row that keeps it, and one that breaks it and is refused by name."""

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, connection, models, transaction
from django.utils import timezone

from studies.models import (
    Appraisal,
    AppraisalRound,
    Area,
    AreaFigure,
    AreaNeighbour,
    AuditEvent,
    Benchmark,
    Category,
    Comparability,
    Conclusion,
    Criterion,
    Domain,
    Finding,
    FindingRating,
    Instrument,
    Judgement,
    Load,
    LoadPart,
    LoadRow,
    LoadTask,
    LocalMeasure,
    Measure,
    MeasureRelation,
    Merge,
    Overlap,
    PossibleDuplicate,
    Reference,
    Release,
    ReleaseMapping,
    SavedView,
    SeriesBreak,
    Source,
    Support,
    data_version,
)


pytestmark = pytest.mark.django_db

MODELS = list(apps.get_app_config("studies").get_models())
CONSTRAINTS = [(model, constraint.name) for model in MODELS for constraint in model._meta.constraints]


@pytest.fixture
def store(loaded):
    """The small base, with a row in every table."""
    Release.objects.create(number=1, note="First.", data_version=1, published_by="the tests")
    owner = get_user_model().objects.create_user("a-reader")
    SavedView.objects.create(owner=owner, name="Mine", path="/findings/")
    row = LoadRow.objects.first()
    LoadPart.objects.create(load=row.load, number=0, content=b"TY  - JOUR")
    Load.objects.create(name="waits.ris", sha256="f" * 64, status="waiting", loaded_by="the tests")
    LoadTask.objects.create(load=row.load, kind="commit", asked_by="the tests")
    reference = Reference.objects.create(source_id="small-census", load_row=row, digest="d", title="A census")
    merge = Merge.objects.create(source_id="small-census", score=100, merged_by="the tests")
    merge.references.add(reference)
    PossibleDuplicate.objects.create(source_id="small-census", other_id="small-study", score=80)
    instrument = Instrument.objects.get()
    under_way = AppraisalRound.objects.create(
        source_id="small-census", instrument=instrument, places=1, assigned_by="the lead"
    )
    Appraisal.everything.create(
        appraisal_id="work-one",
        source_id="small-census",
        instrument=instrument,
        status="draft",
        appraiser=owner,
        round=under_way,
    )
    FindingRating.objects.create(
        finding_id="small-report-f02", rating="weak", reason="Why.", rated_by="the lead"
    )
    ReleaseMapping.objects.create(
        name="a-mapping",
        version=1,
        label="A publication",
        source_id="small-census",
        table="findings",
        specification={},
        columns=[],
        made_by="a loader",
    )
    return loaded


NOW = timezone.now()


# Kinds of rule that many tables share: ending of the name → a value that breaks it. ---------------------------------

SHARED = {"_is_identifier": "Not An Identifier", "_not_blank": " \n\t", "_known": "zz"}


def shared_breach(model, name):
    """The field and the value that break a constraint of a shared kind, or None."""
    for ending, value in SHARED.items():
        if name.endswith(ending):
            fields = [f.name for f in model._meta.concrete_fields if name.endswith(f"_{f.name}{ending}")]
            return max(fields, key=len), value
    return None


# Rules within a row: constraint → (model, which row, values that keep it, values that break it). --------------------

ROWS = {
    "source_described_wholly": (
        Source,
        {"pk": "small-census"},
        {"bibliographic_check": "", "method": "", "peer_reviewed": None},
        {"method": ""},
    ),
    "load_size_not_negative": (Load, {}, {"size": 0}, {"size": -1}),
    "load_task_ending_known": (
        LoadTask,
        {},
        {"ending": "failed", "ended_at": NOW},
        {"ending": "zz", "ended_at": NOW},
    ),
    "load_task_ended_paired": (LoadTask, {}, {"ending": "done", "ended_at": NOW}, {"ended_at": NOW}),
    "load_task_cancelled_paired": (
        LoadTask,
        {},
        {"cancelled_at": NOW, "cancelled_by": "a person"},
        {"cancelled_at": NOW},
    ),
    "load_closed_paired": (
        Load,
        {},
        {"closed_at": "2024-06-01T00:00Z", "closed_by": "a person"},
        {"closed_by": "a person"},
    ),
    "merge_undone_paired": (
        Merge,
        {},
        {"undone_at": "2024-06-01T00:00Z", "undone_by": "a person"},
        {"undone_by": "a person"},
    ),
    "possible_duplicate_joins_two": (
        PossibleDuplicate,
        {},
        {"other_id": "small-report"},
        {"other_id": "small-census"},
    ),
    "source_data_period_start_not_after_end": (
        Source,
        {"pk": "small-census"},
        {"data_period_start": "2021-03-31"},
        {"data_period_start": "2021-04-01"},
    ),
    "source_year_plausible": (Source, {"pk": "small-census"}, {"year": 1800}, {"year": 1799}),
    "source_accredited_is_official": (
        Source,
        {"pk": "small-study"},
        {"accredited_official_statistics": "yes", "source_type": "official_statistics"},
        {"accredited_official_statistics": "yes"},
    ),
    "source_url_is_web_address": (Source, {"pk": "small-study"}, {"url": ""}, {"url": "www.example.org"}),
    "overlap_joins_two_sources": (Overlap, {}, {"source_a": "small-census"}, {"source_a": "small-report"}),
    "appraisal_speaking_is_rated": (
        Appraisal,
        {"pk": "appraisal-small-study"},
        {"status": "superseded", "overall_rating": "", "rationale": ""},
        {"overall_rating": ""},
    ),
    "appraisal_work_belongs_to_a_round": (
        Appraisal,
        {"pk": "work-one"},
        {"interest": "None"},
        {"round": None},
    ),
    "appraisal_of_one_person_never_speaks": (
        Appraisal,
        {"pk": "work-one"},
        {"status": "withdrawn"},
        {"status": "superseded"},
    ),
    "appraisal_submitted_is_rated": (
        Appraisal,
        {"pk": "work-one"},
        {"status": "submitted", "submitted_at": NOW, "overall_rating": "weak"},
        {"status": "submitted", "overall_rating": "weak"},
    ),
    "appraisal_override_has_reason": (
        Appraisal,
        {"pk": "appraisal-small-study"},
        {"override_rating": "weak", "override_reason": "Why."},
        {"override_rating": "weak"},
    ),
    "appraisal_round_one_to_five_places": (AppraisalRound, {}, {"places": 5}, {"places": 6}),
    "appraisal_round_status_known": (
        AppraisalRound,
        {},
        {"status": "reconciling"},
        {"status": "zz", "ended_at": NOW, "ended_by": "the lead"},
    ),
    "appraisal_round_ended_paired": (
        AppraisalRound,
        {},
        {"status": "decided", "ended_at": NOW, "ended_by": "the lead"},
        {"ended_by": "the lead"},
    ),
    "finding_rating_withdrawn_paired": (
        FindingRating,
        {},
        {"withdrawn_at": NOW, "withdrawn_by": "the lead"},
        {"withdrawn_at": NOW},
    ),
    "category_key_names_measure": (
        Category,
        {"pk": "suspect-sex/male"},
        {"label": "Male"},
        {"measure": "recorded-cases"},
    ),
    "series_break_category_of_measure": (
        SeriesBreak,
        {},
        {"measure": "suspect-sex", "category": "suspect-sex/male"},
        {"category": "suspect-sex/male"},
    ),
    "measure_relation_joins_two": (
        MeasureRelation,
        {},
        {"measure_b": "recorded-cases"},
        {"measure_b": "suspect-sex"},
    ),
    "benchmark_category_of_measure": (
        Benchmark,
        {},
        {"category": "suspect-sex/female"},
        {"category": "population-sex/female"},
    ),
    "comparability_category_of_measure": (
        Comparability,
        {},
        {"category": None},
        {"category": "population-sex/female"},
    ),
    "comparability_withdrawn_paired": (
        Comparability,
        {},
        {"withdrawn_on": "2024-06-01", "withdrawn_by": "a person"},
        {"withdrawn_on": "2024-06-01"},
    ),
    "local_measure_category_of_measure": (
        LocalMeasure,
        {},
        {"category": "suspect-sex/female"},
        {"category": "population-sex/female"},
    ),
    "area_figure_value_or_symbol": (AreaFigure, {"symbol": ""}, {"value": 0}, {"symbol": "c"}),
    "area_figure_not_negative": (AreaFigure, {"symbol": ""}, {"value": 0}, {"value": -1}),
    "area_figure_base_not_negative": (AreaFigure, {"symbol": "c"}, {"denominator": 0}, {"denominator": -1}),
    "area_figure_within_base": (AreaFigure, {"symbol": ""}, {"value": 40}, {"value": 41}),
    "area_neighbour_is_other": (
        AreaNeighbour,
        {"rank": 1},
        {"neighbour": "E12000001"},
        {"neighbour": "E08000001"},
    ),
    "area_neighbour_rank_from_one": (AreaNeighbour, {"rank": 1}, {"rank": 3}, {"rank": 0}),
    "release_mapping_version_from_one": (ReleaseMapping, {}, {"version": 2}, {"version": 0}),
    "release_mapping_retired_paired": (
        ReleaseMapping,
        {},
        {"retired_at": NOW, "retired_by": "a loader"},
        {"retired_at": NOW},
    ),
    "load_row_line_from_one": (LoadRow, {"record_key": "gap-1"}, {"line": 1}, {"line": 0}),
    "finding_category_of_measure": (
        Finding,
        {"pk": "small-census-f01"},
        {"category": None},
        {"category": "suspect-sex/male"},
    ),
    "finding_breakdown_paired": (
        Finding,
        {"pk": "small-census-f01"},
        {"breakdown_id": "b", "breakdown_complete": False},
        {"breakdown_id": "b"},
    ),
    "finding_numerator_within_base": (
        Finding,
        {"pk": "small-study-f01"},
        {"numerator": 100, "value": 100},
        {"numerator": 101, "value": 101},
    ),
    "finding_numerator_has_base": (
        Finding,
        {"pk": "small-study-f01"},
        {"numerator": None, "denominator": None},
        {"denominator": None},
    ),
    "finding_base_positive": (
        Finding,
        {"pk": "small-study-f01"},
        {"numerator": None, "denominator": 1},
        {"numerator": None, "denominator": 0},
    ),
    "finding_value_not_negative": (
        Finding,
        {"pk": "small-census-f01"},
        {"value": -1, "statistic": "percentage_change"},
        {"value": -1},
    ),
    "finding_percentage_at_most_100": (
        Finding,
        {"pk": "small-census-f04"},
        {"value": 100},
        {"value": "100.1"},
    ),
    "finding_count_repeats_numerator": (
        Finding,
        {"pk": "small-study-f01"},
        {"value": 11, "numerator": 11},
        {"numerator": 11},
    ),
    "finding_share_agrees_with_counts": (
        Finding,
        {"pk": "small-report-f02"},
        {"value": "83.0", "numerator": 8_304, "denominator": 10_000},
        {"value": "83.0", "numerator": 8_306, "denominator": 10_000},
    ),
    "finding_lower_limit_below_value": (
        Finding,
        {"pk": "small-report-f02"},
        {"lower_ci": "83.0"},
        {"lower_ci": "83.1"},
    ),
    "finding_upper_limit_above_value": (
        Finding,
        {"pk": "small-report-f02"},
        {"upper_ci": "83.0"},
        {"upper_ci": "82.9"},
    ),
    "finding_period_paired": (
        Finding,
        {"pk": "small-census-f01"},
        {"period_start": None, "period_end": None, "period_type": "unknown"},
        {"period_start": None, "period_end": None},
    ),
    "finding_period_start_not_after_end": (
        Finding,
        {"pk": "small-census-f01"},
        {"period_start": "2019-03-31"},
        {"period_start": "2019-04-01"},
    ),
}

# Rules between rows: constraint → (model, which row, what a copy of it must differ in to be taken, what not). --------

COPIES = {
    "load_in_hand_once": (Load, {"status": "waiting"}, {"sha256": "e" * 64}, {"status": "staged"}),
    "load_task_one_at_a_time": (
        LoadTask,
        {},
        {"ended_at": NOW, "ending": "done"},
        {"kind": "revert"},
    ),
    "release_mapping_version_once": (
        ReleaseMapping,
        {},
        {"version": 2, "retired_at": NOW, "retired_by": "a loader"},
        {"retired_at": NOW, "retired_by": "a loader"},
    ),
    "release_mapping_one_standing": (ReleaseMapping, {}, {"name": "another"}, {"version": 2}),
    "load_part_once": (LoadPart, {}, {"number": 1}, {"content": b"other"}),
    "possible_duplicate_once": (
        PossibleDuplicate,
        {},
        {"other_id": "small-report"},
        {"source_id": "small-study", "other_id": "small-census"},
    ),
    "overlap_once": (
        Overlap,
        {},
        {"source_b_id": "small-census"},
        {"source_a_id": "small-report", "source_b_id": "small-study"},
    ),
    "instrument_version_once": (Instrument, {}, {"version": "2.0"}, {"name": "Another"}),
    "domain_once": (Domain, {}, {"domain_id": "other"}, {"label": "Another"}),
    "criterion_once": (Criterion, {}, {"criterion_id": "other"}, {"question": "Another?"}),
    "judgement_once": (
        Judgement,
        {"criterion__criterion_id": "clear-method", "appraisal": "appraisal-small-study"},
        None,
        {"answer": "no"},
    ),
    "appraisal_one_provisional": (
        Appraisal,
        {"pk": "appraisal-small-study"},
        {"appraisal_id": "another", "status": "final"},
        {"appraisal_id": "another"},
    ),
    "appraisal_once_a_person": (Appraisal, {"pk": "work-one"}, None, {"appraisal_id": "work-two"}),
    "appraisal_round_one_under_way": (
        AppraisalRound,
        {},
        {"source_id": "small-study"},
        {"occasion": "Again"},
    ),
    "finding_rating_one_standing": (
        FindingRating,
        {},
        {"finding_id": "small-census-f01"},
        {"reason": "Again."},
    ),
    "category_one_unknown": (
        Category,
        {"is_unknown": True},
        {"category_id": "other", "is_unknown": False},
        {"category_id": "other"},
    ),
    "series_break_once": (SeriesBreak, {}, {"starts_on": "2020-04-01"}, {"label": "Another"}),
    "measure_relation_once": (
        MeasureRelation,
        {},
        {"measure_b_id": "recorded-cases"},
        {"measure_a_id": "population-sex", "measure_b_id": "suspect-sex"},
    ),
    "comparability_one_standing": (
        Comparability,
        {},
        {"withdrawn_on": "2024-06-01", "withdrawn_by": "a person"},
        {"statement": "Another."},
    ),
    "area_figure_once": (AreaFigure, {"symbol": "c"}, {"year": 2022}, {"symbol": "x"}),
    "area_neighbour_rank_once": (
        AreaNeighbour,
        {"rank": 2},
        {"rank": 3, "neighbour_id": "E12000001"},
        {"neighbour_id": "E12000001"},
    ),
    "area_neighbour_once": (AreaNeighbour, {"rank": 2}, {"area_id": "E08000002"}, {"rank": 3}),
    "finding_said_once": (
        Finding,
        {"pk": "small-census-f01"},
        {"finding_id": "another", "geography": "Wales"},
        {"finding_id": "another", "value": 13},
    ),
    "support_once": (Support, {"finding": None}, {"source_id": "small-census"}, {"direction": "mixed"}),
    "saved_view_name_once": (SavedView, {}, {"name": "Another"}, {"path": "/sources/"}),
}


def every(model):
    """All rows of a table; appraisals and judgements show only the published ones by default."""
    return getattr(model, "everything", model.objects)


def copy_of(row, values):
    """Save a copy of a row that differs in these values."""
    if isinstance(row._meta.pk, models.AutoField):
        row.pk = None
    for name, value in values.items():
        setattr(row, name, value)
    row._state.adding = True
    row.save(force_insert=True)


@pytest.mark.parametrize(("model", "name"), CONSTRAINTS, ids=[name for _, name in CONSTRAINTS])
def test_constraint_takes_a_good_row_and_refuses_a_bad_one(store, model, name):
    if name in ROWS:
        owner, which, good, bad = ROWS[name]
        rows = every(owner).filter(pk=every(owner).filter(**which)[0].pk)
        with transaction.atomic():
            assert rows.update(**good) == 1
            transaction.set_rollback(True)
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            rows.update(**bad)
    elif name in COPIES:
        owner, which, good, bad = COPIES[name]
        if good is not None:
            with transaction.atomic():
                copy_of(every(owner).filter(**which)[0], good)
                transaction.set_rollback(True)
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            copy_of(every(owner).filter(**which)[0], bad)
    elif name == "appraisal_one_final":
        Appraisal.objects.filter(pk="appraisal-small-study").update(status="final")
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            copy_of(Appraisal.objects.get(pk="appraisal-small-study"), {"appraisal_id": "another"})
    elif model is AuditEvent:  # its rows can be made and never changed
        field, value = shared_breach(model, name)
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            AuditEvent.objects.create(**{"event_type": "a", "created_by": "b", field: value})
    else:
        field, value = shared_breach(model, name)
        row = model._default_manager.order_by("pk").last()
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            model._default_manager.filter(pk=row.pk).update(**{field: value})


def test_each_rule_of_its_own_is_tried():
    named = {name for _, name in CONSTRAINTS}

    assert ROWS.keys() <= named
    assert COPIES.keys() <= named
    shared = {name for model, name in CONSTRAINTS if name.endswith(tuple(SHARED))}
    assert named == ROWS.keys() | COPIES.keys() | shared | {"appraisal_one_final"}


# What forms say before the database has to. --------------------------------------------------------------------------


def test_full_clean_finds_what_the_database_would_refuse(store):
    finding = Finding.objects.get(pk="small-report-f02")
    finding.value = 12

    with pytest.raises(ValidationError, match="finding_share_agrees_with_counts"):
        finding.full_clean()


@pytest.mark.parametrize(
    ("value", "numerator", "denominator", "precision", "fits"),
    [
        ("83", 166, 201, "exact", True),  # 82.59: rounds to 83
        ("83", 165, 200, "exact", True),  # 82.5: the edge belongs to both sides
        ("83.0", 166, 201, "exact", False),
        ("33.3", 1, 3, "exact", True),
        ("33.33", 1, 3, "exact", True),
        ("33.34", 1, 3, "exact", False),
        ("90", 17, 20, "approximate", True),  # 85: within five points of words
        ("90", 16, 20, "lower_bound", False),
        ("0", 0, 7, "exact", True),
    ],
)
def test_share_agrees_with_its_counts_to_half_the_last_place(
    store, value, numerator, denominator, precision, fits
):
    rows = Finding.objects.filter(pk="small-report-f02")
    new = {"value": value, "numerator": numerator, "denominator": denominator, "precision": precision}

    if fits:
        assert rows.update(**new) == 1
    else:
        with pytest.raises(IntegrityError, match="finding_share_agrees"), transaction.atomic():
            rows.update(**new)


def test_printed_number_keeps_its_places_in_the_database(store):
    Finding.objects.filter(pk="small-census-f01").update(value="12.300")

    with connection.cursor() as cursor:
        cursor.execute("SELECT value::text FROM studies_finding WHERE finding_id = 'small-census-f01'")
        assert cursor.fetchone() == ("12.300",)
    assert str(Finding.objects.get(pk="small-census-f01").value) == "12.300"


# Who and when. --------------------------------------------------------------------------------------------------------

BY_WHOM = {
    **dict.fromkeys(
        [("Appraisal", "created_at"), ("Appraisal", "saved_at"), ("Appraisal", "submitted_at")], "appraiser"
    ),
    # A worker begins and ends it; the job says which.
    **dict.fromkeys([("LoadTask", "started_at"), ("LoadTask", "ended_at")], "job"),
}
NOT_EVENTS = {"starts_on", "due_on"}
"""Moments whose person is told by a field of another name, or (a saved view) by the owner."""


def test_every_moment_has_its_person():
    for model in MODELS:
        names = {field.name for field in model._meta.concrete_fields}
        for moment in sorted(
            name for name in names if name.endswith(("_at", "_on")) and name not in NOT_EVENTS
        ):
            stem = moment.rsplit("_", 1)[0]
            person = BY_WHOM.get((model.__name__, moment), "owner" if "owner" in names else f"{stem}_by")
            assert person in names, f"{model.__name__}.{moment} says when and not who"


def test_audit_event_is_never_changed(store):
    event = AuditEvent.objects.get()
    event.created_by = "another"

    with pytest.raises(DatabaseError, match="never changed or deleted"), transaction.atomic():
        event.save()
    assert AuditEvent.objects.get().created_by == "the tests"


def test_audit_event_is_never_deleted(store):
    with pytest.raises(DatabaseError, match="never changed or deleted"), transaction.atomic():
        AuditEvent.objects.all().delete()
    assert data_version() == 1


# What the models say of themselves. -----------------------------------------------------------------------------------


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_record_has_a_name_for_people(store, model):
    said = str(model._default_manager.first())

    assert said
    assert " object (" not in said


def test_final_appraisal_speaks_before_the_provisional_one(store):
    Appraisal.objects.create(
        appraisal_id="final-one",
        source_id="small-study",
        instrument=Instrument.objects.get(),
        status="final",
        overall_rating="weak",
        rationale="Agreed.",
    )
    assert Appraisal.everything.get(source="small-census").status == "draft"

    rated = {s.pk: (s.rating, s.rating_status) for s in Source.objects.with_rating()}

    assert rated == {
        "small-study": ("weak", "final"),
        "small-report": ("weak", "provisional"),
        "small-census": (None, None),
    }


def test_deleting_a_measure_takes_its_categories_and_spares_measured_ones(store):
    Measure.objects.create(
        measure_id="unused",
        label="Unused",
        theme="context",
        quantity="count",
        unit_of_analysis="case",
        unit_label="cases",
        definition="None.",
        comparability_note="None.",
        series=False,
    )
    Category(measure_id="unused", category_id="one", label="One", order=1).save()

    Measure.objects.get(pk="unused").delete()

    assert not Category.objects.filter(measure="unused").exists()
    with pytest.raises(models.ProtectedError):
        Measure.objects.get(pk="suspect-sex").delete()


def test_conclusion_that_goes_leaves_its_implications(store):
    Conclusion.objects.get().delete()

    assert apps.get_model("studies", "Implication").objects.get().conclusion is None
    assert not Support.objects.exists()


def test_region_with_parts_is_not_deleted(store):
    with pytest.raises(models.ProtectedError):
        Area.objects.get(pk="E12000001").delete()

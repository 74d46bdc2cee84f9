"""The admin site: every table is there, every write leaves an event, every broken rule is said in words."""

import pytest
from bs4 import BeautifulSoup
from django.apps import apps
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.db.models import CheckConstraint
from django.urls import reverse

from studies.admin.base import AuditedAdmin, ReadOnly
from studies.constraint_words import KINDS, WORDS, named_in, words_for
from studies.models import (
    Appraisal,
    AreaFigure,
    AuditEvent,
    Category,
    Conclusion,
    Finding,
    Gap,
    Load,
    Measure,
    Overlap,
    Release,
    Source,
    SourceSearch,
    Support,
)


pytestmark = pytest.mark.django_db

MODELS = list(apps.get_app_config("studies").get_models())
WRITTEN_ELSEWHERE = {
    "appraisal",
    "appraisalround",
    "auditevent",
    "comparability",
    "criterion",
    "domain",
    "findingrating",
    "instrument",
    "judgement",
    "load",
    "loadpart",
    "loadrow",
    "loadtask",
    "merge",
    "possibleduplicate",
    "reference",
    "release",
    "releasemapping",
    "sourcesearch",
}


@pytest.fixture
def staff(client, db):
    client.force_login(get_user_model().objects.create_superuser("an-admin"))
    return client


def address(model, what, *args):
    return reverse(f"admin:studies_{model._meta.model_name}_{what}", args=args)


def fields_of(page):
    """What the form on a page would send if nothing were touched."""
    form = BeautifulSoup(page.content, "html.parser").select_one("#content-main form")
    data = {}
    for field in form.select("input[name], textarea[name], select[name]"):
        if field.name == "select":
            chosen = field.select_one("option[selected]")
            data[field["name"]] = chosen["value"] if chosen else ""
        elif field.name == "textarea":
            data[field["name"]] = field.text.removeprefix("\n")
        elif field.get("type") == "checkbox":
            if field.has_attr("checked"):
                data[field["name"]] = "on"
        elif field.get("type") != "submit":
            data[field["name"]] = field.get("value", "")
    return data


def change(client, record, **values):
    """Send a record's form with some values changed."""
    place = address(type(record), "change", record.pk)
    return client.post(place, {**fields_of(client.get(place)), **values})


def add(client, model, **values):
    place = address(model, "add")
    return client.post(place, {**fields_of(client.get(place)), **values})


def complaints(response):
    """Field ("" for the whole) → what the page says is wrong with it."""
    assert response.status_code == 200
    page = BeautifulSoup(response.content, "html.parser")
    said = {}
    for listed in page.select("ul.errorlist"):
        # The list stands in its field's box, and names the field by its own identifier.
        name = listed.get("id", "").removeprefix("id_").removesuffix("_error")
        said[name] = " ".join(item.text for item in listed.select("li"))
    return said


def event():
    return AuditEvent.objects.order_by("-pk")[0]


# The site as a whole. --------------------------------------------------------------------------------------------


def test_every_table_is_on_the_site():
    assert {model for model in MODELS if model not in admin.site._registry} == set()


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.model_name)
def test_list_and_record_can_be_read(model, staff, loaded):
    Release.objects.create(number=1, note="First.", data_version=1, published_by="the tests")

    page = staff.get(address(model, "changelist"), {"q": "small"})
    assert page.status_code == 200
    assert staff.get(address(model, "changelist")).status_code == 200
    record = model._default_manager.first()
    if record is not None:
        assert staff.get(address(model, "change", record.pk)).status_code == 200


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.model_name)
def test_what_is_written_elsewhere_is_read_only_and_all_else_leaves_events(model, staff, loaded):
    site = admin.site._registry[model]

    if model._meta.model_name in WRITTEN_ELSEWHERE:
        assert isinstance(site, ReadOnly)
        assert staff.get(address(model, "add")).status_code == 403
        record = model._default_manager.first()
        if record is not None:
            assert staff.post(address(model, "change", record.pk), {}).status_code == 403
            assert staff.post(address(model, "delete", record.pk), {"post": "yes"}).status_code == 403
            assert model._default_manager.filter(pk=record.pk).exists()
    else:
        assert isinstance(site, AuditedAdmin)
        assert staff.get(address(model, "add")).status_code == 200


def test_someone_without_rights_changes_nothing(client, loaded):
    client.force_login(get_user_model().objects.create_user("a-reader", is_staff=True))

    response = client.post(address(Gap, "delete", "gap-1"), {"post": "yes"})

    assert response.status_code == 403
    assert Gap.objects.filter(pk="gap-1").exists()


def test_lists_ask_the_database_no_more_for_more_rows(staff, loaded):
    few = count_queries(staff, Finding)
    for number in range(30):
        first = Finding.objects.get(pk="small-report-f01")
        first.pk, first.geography, first.category_id = (
            f"copy-f{number}",
            f"Place {number}",
            CATEGORIES[number % 3],
        )
        first.save(force_insert=True)

    assert count_queries(staff, Finding) == few


CATEGORIES = ("suspect-sex/female", "suspect-sex/male", "suspect-sex/unknown")


def count_queries(client, model):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert client.get(address(model, "changelist")).status_code == 200
    return len(queries)


# Writing. --------------------------------------------------------------------------------------------------------


def test_change_writes_what_it_was_and_what_it_is(staff, loaded):
    response = change(staff, Gap.objects.get(), statement="Why is still not known.")

    assert response.status_code == 302, complaints(response)
    assert Gap.objects.get().statement == "Why is still not known."
    said = event()
    assert (said.event_type, said.target_type, said.target_id, said.created_by) == (
        "record_changed",
        "gap",
        "gap-1",
        "an-admin",
    )
    assert said.detail == {"changes": {"statement": ["Why is not known.", "Why is still not known."]}}


def test_saving_without_a_change_writes_nothing(staff, loaded):
    before = AuditEvent.objects.count()

    response = change(staff, Finding.objects.get(pk="small-report-f02"))

    assert response.status_code == 302, complaints(response)
    assert AuditEvent.objects.count() == before
    assert str(Finding.objects.get(pk="small-report-f02").value) == "83.0"


def test_change_reaches_the_search_row(staff, loaded):
    change(staff, Source.objects.get(pk="small-census"), title="A quite different name")

    assert SourceSearch.objects.get(pk="small-census").sort_title == "quite different name"


def test_new_label_of_a_measure_is_found_at_its_sources(staff, loaded):
    from studies import search

    response = change(staff, Measure.objects.get(pk="recorded-cases"), label="Kerfuffles")

    assert response.status_code == 302, complaints(response)
    found = SourceSearch.objects.filter(vector=search.query("kerfuffles"))
    assert set(found.values_list("pk", flat=True)) == {"small-census", "small-report"}


def test_finding_that_moves_leaves_its_old_source(staff, loaded):
    change(staff, Finding.objects.get(pk="small-census-f01"), source="small-study")

    numbers = dict(SourceSearch.objects.values_list("pk", "finding_count"))
    assert numbers == {"small-census": 4, "small-study": 4, "small-report": 4}


def test_saved_view_is_no_record_of_a_file_and_leaves_an_event_too(staff, loaded):
    from studies.models import SavedView

    owner = get_user_model().objects.get()

    response = add(staff, SavedView, owner=owner.pk, name="Mine", path="/findings/")

    assert response.status_code == 302, complaints(response)
    assert (event().event_type, event().target_type) == ("record_added", "savedview")


def test_new_record_writes_all_that_it_says(staff, loaded):
    response = add(
        staff, Overlap, source_a="small-census", source_b="small-study", reason="Both count the same cases."
    )

    assert response.status_code == 302, complaints(response)
    said = event()
    assert said.event_type == "record_added"
    assert said.detail["changes"]["reason"] == ["", "Both count the same cases."]


def test_deletion_writes_what_was_there(staff, loaded):
    response = staff.post(address(Gap, "delete", "gap-1"), {"post": "yes"})

    assert response.status_code == 302
    assert not Gap.objects.exists()
    said = event()
    assert (said.event_type, said.target_id) == ("record_deleted", "gap-1")
    assert said.detail["was"]["statement"] == "Why is not known."
    assert said.detail["removed"] == {"studies.Gap": 1}
    assert "motivations-and-enablers" not in SourceSearch.objects.get(pk="small-report").themes


def test_deletion_of_several_writes_an_event_for_each(staff, loaded):
    before = AuditEvent.objects.count()
    chosen = list(Support.objects.values_list("pk", flat=True))

    staff.post(
        address(Support, "changelist"),
        {"action": "delete_selected", "_selected_action": chosen, "post": "yes"},
    )

    assert not Support.objects.exists()
    assert AuditEvent.objects.count() == before + len(chosen) == before + 2
    assert SourceSearch.objects.get(pk="small-study").themes == ["context", "offender-characteristics"]


def test_source_without_findings_can_be_deleted_with_its_search_row(staff, loaded):
    values = {
        field.attname: field.value_from_object(Source.objects.get(pk="small-study"))
        for field in Source._meta.fields
    }
    values["source_id"] = "short-lived"
    response = add(staff, Source, **{name: _sent(value) for name, value in values.items()})
    assert response.status_code == 302, complaints(response)
    assert SourceSearch.objects.filter(pk="short-lived").exists()

    response = staff.post(address(Source, "delete", "short-lived"), {"post": "yes"})

    assert response.status_code == 302
    assert not SourceSearch.objects.filter(pk="short-lived").exists()


def _sent(value):
    return "" if value is None or value is False else str(value)


def test_source_that_others_rest_on_is_not_deleted(staff, loaded):
    staff.post(address(Source, "delete", "small-study"), {"post": "yes"})

    assert Source.objects.filter(pk="small-study").exists()


def test_parts_on_a_page_leave_their_own_events(staff, loaded):
    first = Support.objects.get(finding="small-study-f02")

    response = change(
        staff,
        Conclusion.objects.get(),
        **{
            "support-TOTAL_FORMS": "3",
            "support-0-note": "Much in its favour.",
            "support-1-DELETE": "on",
            "support-2-conclusion": "most-are-male",
            "support-2-source": "small-census",
            "support-2-finding": "",
            "support-2-direction": "mixed",
            "support-2-note": "",
        },
    )

    assert response.status_code == 302, complaints(response)
    events = list(AuditEvent.objects.filter(target_type="support").values_list("event_type", flat=True))
    assert sorted(events) == ["record_added", "record_changed", "record_deleted"]
    first.refresh_from_db()
    assert first.note == "Much in its favour."
    assert set(Support.objects.values_list("source", flat=True)) == {"small-study", "small-census"}


def test_new_measure_takes_its_categories_along(staff, loaded):
    response = add(
        staff,
        Measure,
        measure_id="case-length",
        label="Length of cases",
        theme="context",
        quantity="composition",
        unit_of_analysis="case",
        unit_label="cases",
        definition="Days.",
        comparability_note="Not to be joined.",
        **{
            "categories-TOTAL_FORMS": "1",
            "categories-0-category_id": "short",
            "categories-0-label": "Short",
            "categories-0-order": "1",
        },
    )

    assert response.status_code == 302, complaints(response)
    assert Category.objects.get(pk="case-length/short").measure_id == "case-length"


def test_two_unknown_categories_at_once_are_refused(staff, loaded):
    new = {
        f"categories-{number}-{name}": value
        for number in (0, 1)
        for name, value in {
            "category_id": f"unknown-{number}",
            "label": "Unknown",
            "order": str(number + 1),
            "is_unknown": "on",
        }.items()
    }

    response = change(
        staff, Measure.objects.get(pk="recorded-cases"), **{"categories-TOTAL_FORMS": "2"}, **new
    )

    assert response.status_code == 200
    assert "one unknown category at most" in response.content.decode()
    assert not Category.objects.filter(measure="recorded-cases").exists()


def test_identifier_of_a_saved_record_is_fixed(staff, loaded):
    change(staff, Source.objects.get(pk="small-census"), source_id="renamed", title="Renamed")

    assert not Source.objects.filter(pk="renamed").exists()
    assert Source.objects.get(pk="small-census").title == "Renamed"
    page = staff.get(address(Category, "change", "suspect-sex/male"))
    assert "category_id" not in fields_of(page)
    assert "measure" not in fields_of(page)


# Rules in words. -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("model", "key", "values", "field", "words"),
    [
        (Source, "small-census", {"year": "1066"}, "year", "between 1800 and 2100"),
        (Source, "small-census", {"data_period_end": "2001-01-01"}, "data_period_end", "ends before it starts"),
        (Source, "small-study", {"accredited_official_statistics": "yes"}, "accredited_official_statistics", "Only official"),
        (Source, "small-census", {"url": "ftp://x"}, "url", "http:// or https://"),
        (Finding, "small-study-f01", {"numerator": "200"}, "numerator", "between nought and the denominator"),
        (Finding, "small-report-f02", {"value": "120"}, "value", "at most 100"),
        (Finding, "small-report-f02", {"value": "12"}, "value", "does not agree with its numerator"),
        (Finding, "small-census-f01", {"value": "-1"}, "value", "Only a percentage change"),
        (Finding, "small-census-f01", {"period_end": ""}, "period_end", "both ends of the period"),
        (Finding, "small-census-f01", {"category": "suspect-sex/male"}, "category", "another measure"),
        (Finding, "small-census-f01", {"breakdown_id": "b9"}, "breakdown_id", "whether it is complete"),
        (Finding, "small-census-f01", {"denominator": "0"}, "denominator", "above nought"),
    ],
)  # fmt: skip
def test_broken_constraint_is_said_beside_its_field(staff, loaded, model, key, values, field, words):
    stored, events = model.objects.filter(pk=key).values().get(), AuditEvent.objects.count()

    said = complaints(change(staff, model.objects.get(pk=key), **values))

    assert words in said.get(field, ""), said
    assert model.objects.filter(pk=key).values().get() == stored
    assert AuditEvent.objects.count() == events


@pytest.mark.parametrize(
    ("model", "key", "values", "field", "words"),
    [
        # Rules of loading that reach further than the database looks.
        (Finding, "small-study-f01", {"value": "11", "numerator": "11"}, "breakdown_id", "its parts make 101 of 100"),
        (Finding, "small-census-f01", {"period_end": "2019-03-30"}, "period_type", "runs from 1 April to 31 March"),
        (Finding, "small-report-f03", {"value": "10"}, "value", "minimum 10 is above the maximum 9"),
        (AreaFigure, None, {"value": "50"}, "value", "above its denominator"),
    ],
)  # fmt: skip
def test_rules_of_loading_hold_here_as_well(staff, loaded, model, key, values, field, words):
    record = model.objects.get(pk=key) if key else model.objects.get(value=10)

    said = complaints(change(staff, record, **values))

    assert words in said.get(field, ""), said


def test_what_django_itself_refuses_is_said_beside_its_field(staff, loaded):
    place = address(Gap, "change", "gap-1")
    sent = {name: value for name, value in fields_of(staff.get(place)).items() if not name.startswith("_")}

    said = complaints(add(staff, Gap, **sent, gap_id="gap-1"))
    assert said == {"gap_id": "Gap with this Gap id already exists."}

    said = complaints(staff.post(place, {**sent, "statement": "", "theme": "none"}))
    assert said["statement"] == "This field is required."
    assert "not one of the available choices" in said["theme"]


def test_support_of_another_source_is_refused(staff, loaded):
    said = complaints(
        add(
            staff,
            Support,
            conclusion="most-are-male",
            finding="small-census-f01",
            source="small-study",
            direction="supports",
        )
    )

    assert "belongs to small-census" in said["source"]


def test_benchmark_compares_with_a_population(staff, loaded):
    from studies.models import Benchmark

    said = complaints(change(staff, Benchmark.objects.get(), population_finding="small-census-f01"))

    assert "Counts offence, not a population" in said["population_finding"]


def test_pair_the_other_way_round_is_refused(staff, loaded):
    said = complaints(
        add(staff, Overlap, source_a="small-report", source_b="small-study", reason="The other way round.")
    )

    assert "This pair is there already" in said["source_b"]


def test_every_constraint_of_an_editable_table_has_words():
    wordless = [
        constraint.name
        for model in MODELS
        for constraint in model._meta.constraints
        if (isinstance(constraint, CheckConstraint) or constraint.name in WORDS)
        and words_for(constraint.name, [field.name for field in model._meta.concrete_fields]) is None
    ]

    assert wordless == []


def test_words_name_fields_that_are_there():
    named = {c.name: model for model in MODELS for c in model._meta.constraints}

    assert set(WORDS) <= set(named)
    for name, (field, _) in WORDS.items():
        assert field == "" or field in {f.name for f in named[name]._meta.concrete_fields}, name


def test_longest_field_is_blamed():
    assert words_for("area_area_code_not_blank", ["code", "area_code"]) == ("area_code", KINDS[1][1])
    assert words_for("something_else", ["code"]) is None
    assert named_in("Constraint “a_b” is violated.") == "a_b"
    assert named_in("No name here.") == ""


def test_loads_and_appraisals_show_their_parts(staff, loaded):
    page = staff.get(address(Appraisal, "change", "appraisal-small-study")).content.decode()
    assert "Is the method clear?" in page
    assert Load.objects.get().name in staff.get(address(Load, "changelist")).content.decode()

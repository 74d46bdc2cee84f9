"""The story of a release of official statistics, told through the pages.

1. A loader uploads the release of one year. No mapping fits, so one is proposed from its columns.
2. The loader completes it, sees the first records as they would be stored, and saves it.
3. The file is read with it and committed: figures with their base, symbols kept.
4. Next year's release has its columns in another order and one more. Two clicks bring it in; what changed is told.
5. The load can be taken back, and the figures are as they were.
"""

import csv
import io

import pytest
from django.test import Client
from page_checks import page_faults, policy_faults, read, words

from studies.models import AreaFigure, AuditEvent, Load, LocalMeasure, ReleaseMapping
from studies.permissions import Role
from tests.studies.actions.people import person
from tests.studies.release_files import filled, named, tidy, upload
from tests.studies.tiny_base import TinyBase


pytestmark = pytest.mark.django_db

FIRST = tidy("2021", {"E92000001": ("60", "200"), "E08000001": ("12", "40"), "E08000002": ("c", "30")})
NEXT = tidy(
    "2022",
    {
        "E92000001": ("70", "210"),
        "E08000001": ("c", "44"),
        "E08000002": ("[low]", "31"),
        "E08000003": ("0", "9"),
    },
)


@pytest.fixture
def loader(tmp_path, db) -> Client:
    folder = tmp_path / "tiny"
    folder.mkdir()
    assert TinyBase(folder).load().committed
    client = Client()
    client.force_login(person("a-loader", Role.LOADER))
    return client


def sound(response, status=200) -> str:
    assert response.status_code == status
    page = read(response)
    assert (page_faults(page), policy_faults(page)) == ([], [])
    return words(page.select_one("main"))


def figures(measure="local-cases") -> dict:
    rows = AreaFigure.objects.filter(local_measure=measure)
    return {(one.area_id, one.year): (one.symbol or str(one.value), str(one.denominator)) for one in rows}


def make_mapping(loader, text, measure="local-cases") -> str:
    """From upload to the staged load; the words of its page."""
    response = upload(loader, "factors-2021.csv", text)
    assert "What the columns are is proposed" in sound(response)
    address = response.request["PATH_INFO"] + "?" + response.request["QUERY_STRING"]
    answers = filled(response) | {"label": "Children in need: factors", "source": "small-census"}
    answers[named(response, "Local measure of number Exploitation")] = measure

    preview = sound(loader.post(address, {**answers, "action": "look"}))
    assert "records would be made. Nothing is saved yet." in preview
    assert not ReleaseMapping.objects.exists()

    return sound(loader.post(address, {**answers, "action": "save"}, follow=True))


def in_another_order(text: str) -> str:
    rows = [[*row[::-1], "a remark"] for row in csv.reader(io.StringIO(text))]
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue()


def test_release_is_mapped_once_and_next_year_takes_two_clicks(loader):
    before = figures()

    said = make_mapping(loader, FIRST)
    assert "Read with the mapping factors, version 1" in said
    assert "3 records = 1 new + 2 changed + 0 unchanged + 0 merged + 0 rejected" in said
    first = Load.objects.get(name="factors-2021.csv")
    sound(loader.post(f"/manage/loads/{first.pk}/commit/", follow=True))
    after_first = figures()
    assert after_first == before | {
        ("E92000001", 2021): ("60", "200"),
        ("E08000001", 2021): ("12", "40"),
        ("E08000002", 2021): ("c", "30"),
    }

    said = sound(upload(loader, "factors-2022.csv", in_another_order(NEXT)))  # the first click
    second = Load.objects.get(name="factors-2022.csv")
    assert second.mapping == first.mapping
    assert second.counts == {"new": 4, "changed": 1, "unchanged": 0, "merged": 0, "rejected": 0}
    assert "years : 2020-2021 becomes 2020-2022" in said
    sound(loader.post(f"/manage/loads/{second.pk}/commit/", follow=True))  # the second click
    assert figures() == after_first | {
        ("E92000001", 2022): ("70", "210"),
        ("E08000001", 2022): ("c", "44"),
        ("E08000002", 2022): ("low", "31"),
        ("E08000003", 2022): ("0", "9"),
    }
    assert LocalMeasure.objects.get().years == "2020-2022"

    sound(loader.post(f"/manage/loads/{second.pk}/revert/", follow=True))
    assert figures() == after_first
    assert LocalMeasure.objects.get().years == "2020-2021"


def test_revised_release_tells_what_changed(loader):
    make_mapping(loader, FIRST)
    loader.post(f"/manage/loads/{Load.objects.latest('pk').pk}/commit/")

    revised = FIRST.replace(",12,40", ",13,40").replace(",c,30", ",11,30")
    said = sound(upload(loader, "factors-2021-revised.csv", revised))

    load = Load.objects.latest("pk")
    assert (load.counts["changed"], load.counts["unchanged"]) == (2, 1)
    assert "value : 12 becomes 13" in said
    assert "symbol : Withheld (c) becomes nothing" in said


def test_renamed_column_is_named_with_the_nearest_and_the_mapping_amended(loader):
    make_mapping(loader, FIRST)
    renamed = NEXT.replace("all_assessments", "all_assessment_episodes")

    response = upload(loader, "factors-2022.csv", renamed)
    load = Load.objects.latest("pk")
    assert load.mapping is None
    assert load.counts["rejected"] == 8
    [issue] = [one for one in load.issues if one["severity"] == "error"]
    assert (
        "the column “all_assessments” is missing; the nearest in the file is “all_assessment_episodes”"
        in issue["message"]
    )
    assert "What the columns are is proposed" in sound(response)

    mapping = ReleaseMapping.objects.get()
    address = f"/manage/mappings/{mapping.pk}/amend/?load={load.pk}"
    answers = filled(loader.get(address)) | {"why": "A column was renamed.", "action": "save"}
    said = sound(loader.post(address, answers, follow=True))
    assert "version 2" in said
    load.refresh_from_db()
    assert load.counts["new"] == 4
    assert [one.stands for one in ReleaseMapping.objects.order_by("version")] == [False, True]
    events = AuditEvent.objects.filter(event_type__startswith="mapping_").order_by("pk")
    assert [event.event_type for event in events] == ["mapping_saved", "mapping_amended"]
    said = sound(loader.get(f"/manage/mappings/{mapping.pk}/"))
    assert "“c” means Withheld (c)" in said
    sound(loader.get("/manage/mappings/"))


def test_new_value_of_a_filter_is_told_and_left_out(loader):
    make_mapping(loader, FIRST)
    more = NEXT + NEXT.partition("\n")[2].replace("Exploitation", "Online exploitation")

    said = sound(upload(loader, "factors-2022.csv", more))

    assert "the value “Online exploitation” of the column “factor” is not known to the mapping" in said
    assert Load.objects.latest("pk").counts["new"] == 4


def test_retired_mapping_reads_nothing(loader):
    make_mapping(loader, FIRST)
    mapping = ReleaseMapping.objects.get()
    staged = Load.objects.get(mapping=mapping)

    sound(loader.post(f"/manage/mappings/{mapping.pk}/retire/", follow=True))

    assert "no longer in use" in sound(loader.post(f"/manage/loads/{staged.pk}/commit/", follow=True))
    upload(loader, "factors-2022.csv", NEXT)
    assert Load.objects.latest("pk").mapping is None
    assert AuditEvent.objects.first().event_type == "load_staged"
    assert AuditEvent.objects.filter(event_type="mapping_retired").count() == 1

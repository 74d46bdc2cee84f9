"""Whatever a file holds, reading ends, and ends in records, issues or one clear refusal."""

import contextlib
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from studies.loading.detect import UnreadableFile
from studies.loading.readers import READERS, read
from tests.studies.loading.readers.reading import titles
from tests.studies.loading.readers.test_endnote_xml import RECORD, xml
from tests.studies.loading.readers.test_json_reading import CSL, ITEM
from tests.studies.loading.readers.test_other_tagged_formats import NBIB, REFER, WOS
from tests.studies.loading.readers.test_tables_of_references import ZOTERO
from tests.studies.loading.readers.workbook_bytes import ods, ods_row, xlsx


SOUND = {
    "ris": b"TY  - JOUR\nTI  - First\nAU  - Okafor, A.\nER  - \n\nTY  - BOOK\nTI  - Second\nER  - \n",
    "nbib": (NBIB + "\n" + NBIB).encode(),
    "refer": REFER.encode(),
    "wos": WOS.encode(),
    "endnote-xml": xml(RECORD, RECORD).encode(),
    "eppi": json.dumps({"CodeSets": [], "References": [ITEM, ITEM]}).encode(),
    "csl-json": json.dumps([CSL, CSL]).encode(),
    "bibtex": b'@string{j = "J"}\n@article{a, title = {First}, journal = j # { x}}\n@book(b, title = "Second")\n',
    "csv": ZOTERO.encode(),
    "xlsx": xlsx([["Title", "Year"], ["First", 2019]]),
    "ods": ods(ods_row("Title", "Year") + ods_row("First", "2019")),
}


def survives(content, told="auto"):
    """Reads to the end; anything but a refusal in words is a failure."""
    with contextlib.suppress(UnreadableFile):
        result = read(content, "x", told)
        check(list(result.records), result.issues)


def check(records, issues):
    """Numbers rise, every issue has words, and every text could be stored."""
    assert [record.number for record in records] == sorted({record.number for record in records})
    assert all(issue.message for issue in issues)
    for record in records:
        record.title.encode()
        record.abstract.encode()


def test_there_is_a_sound_example_of_every_format():
    assert set(SOUND) == set(READERS)
    for name, content in SOUND.items():
        assert read(content, "x").format == name


@pytest.mark.parametrize("name", SOUND)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_damage_anywhere_never_breaks_the_reading(name, data):
    content = bytearray(SOUND[name])
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(content)))
        length = data.draw(st.integers(0, 30))
        content[place : place + length] = data.draw(
            st.one_of(
                st.binary(max_size=6),
                st.sampled_from([b"\n", b"{", b"}", b'"', b"\n\n", b"@", b"\xff\xfe", b"<record>"]),
            )
        )

    survives(bytes(content))


@pytest.mark.parametrize("told", sorted(set(SOUND) - {"xlsx", "ods"}))
@settings(max_examples=30, deadline=None)
@given(content=st.binary(min_size=1, max_size=300))
def test_noise_never_breaks_a_reader(told, content):
    survives(content, told)


@pytest.mark.parametrize("told", sorted(set(SOUND) - {"xlsx", "ods"}))
@settings(max_examples=30, deadline=None)
@given(text=st.text(alphabet='TYERAIPMDF %0-@{}[]",:\n\r<>/recodx\u2028#=', min_size=1, max_size=200))
def test_text_that_looks_a_little_like_a_format_never_breaks_a_reader(told, text):
    survives(text.encode(), told)


TITLES = st.text(
    st.characters(categories=["L", "N", "Zs"], max_codepoint=0x2FFF), min_size=1, max_size=40
).map(lambda text: " ".join(text.split()))


@settings(max_examples=60, deadline=None)
@given(
    names=st.lists(TITLES.filter(bool), min_size=1, max_size=12),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
    codec=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-32"]),
    left_out=st.sets(st.integers(0, 11)),
)
def test_every_title_written_is_a_title_read(names, end, codec, left_out):
    lines = []
    for place, name in enumerate(names):
        lines += [
            "TY  - RPRT",
            f"TI  - {name}",
            "AU  - Okafor, A.",
            *([] if place in left_out else ["ER  - ", ""]),
        ]

    assert titles((end.join(lines) + end).encode(codec)) == names

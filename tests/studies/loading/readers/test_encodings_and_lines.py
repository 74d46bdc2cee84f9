"""Which encoding, which line ends, and no character lost."""

import pytest

from studies.loading import encodings
from studies.loading.encodings import detect_encoding, line_ending, numbered_lines
from studies.loading.records import IssueLog
from tests.studies.loading.readers.reading import read_all, said, titles


FRENCH = "L’étude “après été” – naïve, à côté d’un Œdipe français"
GERMAN = "Größe und Übermaß: die Straße, ähnlich, öfter, müßig"
CHINESE = "儿童保护研究：社会工作与证据"


def ris(title):
    return f"TY  - JOUR\nTI  - {title}\nAU  - Okafor, A.\nER  - \n"


@pytest.mark.parametrize(
    ("title", "codec", "name"),
    [
        (FRENCH, "utf-8", "utf-8"),
        (FRENCH, "utf-8-sig", "utf-8-sig"),
        (FRENCH, "utf-16", "utf-16-le"),
        (FRENCH, "utf-16-le", "utf-16-le"),
        (FRENCH, "utf-16-be", "utf-16-be"),
        (CHINESE, "utf-16-le", "utf-16-le"),
        (CHINESE, "utf-16-be", "utf-16-be"),
        (FRENCH, "utf-32", "utf-32-le"),
        (FRENCH, "cp1252", "windows-1252"),
        (GERMAN, "latin-1", "iso-8859-1"),
        ("Caf\xe9", "latin-1", "iso-8859-1"),
        (FRENCH, "mac-roman", "mac-roman"),
        (GERMAN, "mac-roman", "mac-roman"),
        (CHINESE, "gbk", "gbk"),
        (CHINESE, "utf-8", "utf-8"),
        ("Plain", "ascii", "utf-8"),
    ],
)
def test_every_encoding_is_told_and_read(title, codec, name):
    result, (found,), issues = read_all(ris(title).encode(codec))

    assert result.encoding == name
    assert found.title == title
    assert issues == []


@pytest.mark.parametrize(
    ("title", "codecs"),
    [
        ("Mülleimer und Jörg", ("latin-1", "mac-roman")),
        ("A study by García", ("latin-1", "mac-roman", "gbk")),
        ("Familias en España", ("latin-1", "mac-roman")),
        ("The child’s own account", ("cp1252", "mac-roman", "gbk")),
        ("Costs of outsourcing—namely, of care", ("cp1252", "mac-roman", "gbk")),
        ("Detoxification—A Review", ("cp1252", "gbk")),
        ("Records of 1990–2000", ("cp1252", "mac-roman", "gbk")),
        ("Un état des lieux", ("latin-1", "mac-roman")),
        ("Sœurs et frères", ("cp1252", "mac-roman")),
        ("Effects of β-blockers on 10 μm", ("gbk",)),
        ("儿童 in the 用于Meta分析 review", ("gbk",)),
    ],
)
def test_a_short_text_with_one_word_to_go_by_is_read_in_each_old_encoding(title, codecs):
    for codec in codecs:
        assert titles(ris(title).replace("\n", "\r\n").encode(codec)) == [title], codec


def test_the_line_ends_of_old_macintoshes_settle_what_is_a_tie():
    # The byte 0x8A is an “ä” there and an “Š” elsewhere, and both could begin this name.
    content = ris("?kerlund").replace("\n", "\r").encode().replace(b"?", b"\x8a")

    assert detect_encoding(content) == "mac-roman"


def test_marks_of_byte_order_are_told():
    for codec, name in (("utf-16-be", "utf-16-be"), ("utf-32-be", "utf-32-be")):
        content = ("\ufeff" + ris(FRENCH)).encode(codec)

        assert detect_encoding(content) == name
        assert titles(content) == [FRENCH]


def test_noise_with_zeros_in_every_other_place_is_not_utf_16():
    assert not detect_encoding(b"a\0" * 50 + b"\x41\xd8\x41\xd8").startswith("utf-16")


def test_a_few_bytes_of_another_encoding_are_read_and_reported_with_their_line():
    content = ris(FRENCH + GERMAN).encode() + ris("Caf@").encode().replace(b"@", b"\xe9")

    result, records, issues = read_all(content)

    assert result.encoding == "utf-8"
    assert records[1].title == "Café"
    assert said(issues) == [("warning", "", 6)]


def test_a_file_cut_off_in_the_middle_of_a_character_is_read():
    content = ris(FRENCH * 3).encode() + "TY  - JOUR\nTI  - é".encode()[:-1]

    assert len(titles(content)) == 2


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("a\nb\n", "LF"),
        ("a\r\nb\r\n", "CRLF"),
        ("a\rb\r", "CR"),
        ("a\r\nb\nc\r", "mixed"),
        ("a\u2028b", "U+2028"),
        ("a", "none"),
    ],
)
def test_line_ends_are_named(text, name):
    assert line_ending(text.encode(), "utf-8") == name
    assert line_ending(text.encode("utf-16-le"), "utf-16-le") == name


def test_other_encodings_have_no_unicode_separator():
    assert line_ending("\u2028".encode(), "windows-1252") == "none"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_are_whole_where_blocks_meet(monkeypatch, end):
    monkeypatch.setattr(encodings, "CHUNK", 10)
    lines = ["one", "a line longer than a block", "", "é" * 7, "two", "last without an end"]

    found = list(numbered_lines(end.join(lines).encode(), "utf-8", IssueLog("x")))

    assert found == list(enumerate(lines, start=1))


def test_bad_bytes_are_reported_once_and_with_their_line_in_any_block(monkeypatch):
    monkeypatch.setattr(encodings, "CHUNK", 10)
    log = IssueLog("x")

    found = list(numbered_lines(b"one\ntwo\nthree\nfo\xfcr\nfive\n", "utf-8", log))

    assert found[3] == (4, "foür")
    assert [issue.line for issue in log.issues] == [4]


def test_control_characters_are_left_out_and_a_form_feed_is_a_space():
    found = list(numbered_lines(b"a\x00b\x0cc\x7f\td\n", "utf-8", IssueLog("x")))

    assert found == [(1, "ab c\td")]


def test_separators_count_as_lines_only_where_nothing_else_ends_them():
    alone = numbered_lines("a\u2028b\u2029c".encode(), "utf-8", IssueLog("x"))
    among_others = numbered_lines("a\u2028b\nc".encode(), "utf-8", IssueLog("x"))

    assert list(alone) == [(1, "a"), (2, "b"), (3, "c")]
    assert list(among_others) == [(1, "a"), (1, "b"), (2, "c")]


def test_half_a_wide_character_at_the_end_is_left_out():
    assert titles(ris("Ünder").encode("utf-16-le") + b"\x41") == ["Ünder"]

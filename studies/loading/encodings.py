"""From bytes to numbered lines: which encoding, which line ends, and reading without losing a character.

UTF-8, UTF-16 and UTF-32 can be proved, by a mark or by their structure; what is left is guessed by
``legacy_encodings``. Text in an encoding that is not UTF is brought to UTF-8 line by line, so that a large file is never held
as text as a whole.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from mmap import mmap

from .legacy_encodings import guess_encoding
from .records import IssueLog


Content = bytes | mmap
"""A file's bytes, in memory or mapped."""

MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16: its mark begins with that of UTF-16 LE
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
WIDE = ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")
CODECS = {"utf-8-sig": "utf-8", "windows-1252": "cp1252", "iso-8859-1": "latin-1", "gbk": "gb18030"}

CHUNK = 1 << 20
LINE_END = re.compile(rb"\r\n|\n|\r")
MARK = "\ufeff"
UNICODE_BREAK = re.compile("[\u2028\u2029]")
# Control characters never belong to a reference and PostgreSQL refuses NUL; a form feed is a space.
CONTROLS = bytes(byte for byte in range(32) if byte not in b"\t\n\r\x0c") + b"\x7f"
FORM_FEED = bytes.maketrans(b"\x0c", b" ")


def detect_encoding(content: Content) -> str:
    """The encoding: utf-8, utf-8-sig, utf-16-le/be, utf-32-le/be, gbk, windows-1252, iso-8859-1 or mac-roman."""
    head = content[: 1 << 16]
    for mark, name in MARKS:
        if head.startswith(mark):
            return name
    wide = _wide_without_mark(head)
    if wide:
        return wide
    if is_utf8(content):
        return "utf-8"
    return guess_encoding(content)


def is_utf8(content: Content) -> bool:
    """Whether every byte is valid UTF-8; read in pieces, so without a second copy in memory."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for start in range(0, len(content), CHUNK):
            decoder.decode(content[start : start + CHUNK])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _wide_without_mark(head: bytes) -> str:
    """UTF-16 by where its zeros stand: tags, spaces and line ends have one in every other place."""
    even, odd = head[::2].count(0), head[1::2].count(0)
    for name, zeros, others in (("utf-16-le", odd, even), ("utf-16-be", even, odd)):
        # A text of the tags of references alone gives well over a tenth, also where the rest is Chinese.
        if zeros > len(head) / 20 and others * 10 < zeros:
            try:
                codecs.getincrementaldecoder(name)().decode(head)
            except UnicodeDecodeError:
                continue
            return name
    return ""


def as_single_line_ends(content: Content, encoding: str) -> Content:
    """The content in an encoding in which line ends can be told from bytes: UTF-16 and UTF-32 become UTF-8."""
    if encoding not in WIDE:
        return content
    whole = content[:]
    size = 2 if encoding.startswith("utf-16") else 4
    return whole[: len(whole) // size * size].decode(encoding, "replace").encode("utf-8", "replace")


def line_ending(content: Content, encoding: str) -> str:
    """What ends the lines, from the first megabyte: LF, CRLF, CR, U+2028, mixed or none."""
    head = as_single_line_ends(content[:CHUNK], encoding)[:]
    crlf = head.count(b"\r\n")
    found = {
        "CRLF": crlf,
        "LF": head.count(b"\n") - crlf,
        "CR": head.count(b"\r") - crlf,
    }
    kinds = [kind for kind, count in found.items() if count]
    if not kinds:
        return (
            "U+2028"
            if "\u2028".encode() in head and not encoding.startswith(("iso", "win", "mac", "gbk"))
            else "none"
        )
    return kinds[0] if len(kinds) == 1 else "mixed"


def numbered_lines(content: Content, encoding: str, log: IssueLog) -> Iterator[tuple[int, str]]:
    """As ``physical_lines``, where a Unicode line separator ends a line as well.

    It counts in the numbers only where there are no other line ends, so that the numbers are those which an
    editor shows.
    """
    extra = 0
    separators_count = line_ending(content, encoding) == "U+2028"
    for number, text in physical_lines(content, encoding, log):
        if "\u2028" in text or "\u2029" in text:
            for place, part in enumerate(UNICODE_BREAK.split(text)):
                extra += 1 if place and separators_count else 0
                yield number + extra, part
        else:
            yield number, text


def decode_whole(content: Content, encoding: str, log: IssueLog) -> str:
    """The whole content as one text with LF line ends, for formats that cannot be read by line."""
    return "\n".join(text for _, text in physical_lines(content, encoding, log))


def physical_lines(content: Content, encoding: str, log: IssueLog) -> Iterator[tuple[int, str]]:
    """Line numbers from 1 and lines as CR, LF or CRLF end them; bad bytes are read and reported."""
    source = as_single_line_ends(content, encoding)
    number = start = 0
    while start < len(source):
        end = _block_end(source, start)
        text, clean = decode(source[start:end], encoding)
        if not clean:
            _report_bad_lines(source[start:end], encoding, number, log)
        lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        if not lines[-1]:
            lines.pop()
        for line in lines:
            number += 1
            yield number, line
        start = end


def _block_end(source: Content, start: int) -> int:
    """The end of a block of about a megabyte that does not cut a line."""
    end = start + CHUNK
    if end >= len(source):
        return len(source)
    last = source.rfind(b"\n", start, end)
    if last < 0:
        last = source.rfind(b"\r", start, end)
    if last < 0:
        following = LINE_END.search(source, end)
        last = following.start() if following else len(source) - 1
    return last + (2 if source[last : last + 2] == b"\r\n" else 1)


def _report_bad_lines(block: bytes, encoding: str, before: int, log: IssueLog) -> None:
    for number, raw in enumerate(LINE_END.split(block), start=before + 1):
        if not decode(raw, encoding)[1]:
            message = (
                f"bytes that are not {encoding} were read as Windows-1252; check the accents on this line"
            )
            log.warning(message, line=number)


def decode(raw: bytes, encoding: str) -> tuple[str, bool]:
    """Text of bytes that ``as_single_line_ends`` gave, without control characters and marks of byte order.

    The second part is False where bytes that the encoding lacks had to be read as Windows-1252.
    """
    codec = CODECS.get(encoding, "utf-8" if encoding in WIDE else encoding)
    raw = raw.translate(FORM_FEED, CONTROLS)
    clean = True
    try:
        text = raw.decode(codec)
    except UnicodeDecodeError:
        text, clean = raw.decode(codec, "studies.windows-1252"), False
    return text.replace(MARK, ""), clean


def _as_windows_1252(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


codecs.register_error("studies.windows-1252", _as_windows_1252)

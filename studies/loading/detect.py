"""What a file is, told from its content. The name serves only to word refusals and to settle the last doubt.

A file that is nothing readable is refused with one sentence that says what it is and, where there is one, the
way out (``UnreadableFile``). Nothing is executed, unpacked or fetched here.
"""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass

from .encodings import CONTROLS, Content, as_single_line_ends, decode_whole, detect_encoding, line_ending
from .format_names import FORMATS
from .issues import UnusableFile
from .mixed import count_signs
from .records import IssueLog
from .typeset import is_typeset, plain_head


WORKBOOKS = ("xlsx", "ods")
ONE_LINE = ("endnote-xml", "eppi", "csl-json")
"""Formats that are often one long line, in which a Unicode line separator is part of a value."""

WHOLE = ("bibtex", "eppi", "csl-json")

LARGEST_FILE = 512 * 2**20
"""Bytes. 100,000 RIS records with abstracts are about 250 MB."""

LARGEST_WHOLE = 128 * 2**20
"""Bytes of a file in a format that cannot be read piece by piece: it takes several times that in memory."""

LARGEST_WORKBOOK, LARGEST_UNPACKED, MOST_PARTS = 64 * 2**20, 512 * 2**20, 5_000
"""Bytes of a packed workbook, bytes it may unpack to, and parts in it: beyond them it is a bomb or a mistake."""

LARGEST_LISTING = 2**20
"""Bytes of the list of parts in an OpenDocument file."""

HEAD = 256 * 1024
"""Bytes that are looked at to tell the formats apart; chatter before the first record is a few lines."""

SIGNATURES = (
    (b"%PDF-", "a PDF document; export the references from the program or database they come from"),
    (b"\xd0\xcf\x11\xe0", "an old Office file (.xls, .doc or .msg); save it as .xlsx or .csv"),
    (b"\x1f\x8b", "packed with gzip; unpack it first"),
    (b"7z\xbc\xaf\x27\x1c", "packed with 7-Zip; unpack it first"),
    (b"Rar!", "packed with RAR; unpack it first"),
    (b"BZh", "packed with bzip2; unpack it first"),
    (b"\xfd7zXZ", "packed with xz; unpack it first"),
    (b"SQLite format 3", "a database, perhaps a library of Zotero; export the references as RIS"),
    (b"{\\rtf", "a rich-text document; export the references as RIS"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"MZ\x90\0", "a program"),
    (b"\x7fELF", "a program"),
)


class UnreadableFile(UnusableFile):
    """The file cannot be read at all; the message is one sentence for a person."""


@dataclass(frozen=True, slots=True)
class Detected:
    """format: a key of ``FORMATS``. reason: what in the content says so, in words."""

    format: str
    encoding: str
    line_ending: str
    reason: str


def detect(content: Content, filename: str, told: str = "auto") -> Detected:
    """The format, encoding and line ends of a file; raises UnreadableFile.

    ``told`` is a format that the reader insists on; then only the checks for what cannot be read are made.
    """
    if len(content) > LARGEST_FILE:
        raise UnreadableFile(
            f"{filename} is larger than {LARGEST_FILE // 2**20} MB, the most that can be read."
        )
    head = bytes(content[:HEAD])
    if not head.strip(b"\0 \t\r\n\x0c\xef\xbb\xbf\xff\xfe"):
        raise UnreadableFile(f"{filename} is empty.")
    if is_locked(content):
        raise UnreadableFile(f"{filename} is protected by a password; save it without one.")
    for signature, meaning in SIGNATURES:
        if head.startswith(signature) or (signature == b"%PDF-" and signature in head[:1024]):
            raise UnreadableFile(f"{filename} is {meaning}.")
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        found = Detected(_workbook_kind(content, filename), "", "", "a packed workbook")
    else:
        found = _detect_text(content, filename, told)
    if told not in ("auto", found.format):
        raise UnreadableFile(f"{filename} is no {FORMATS[told]} but {FORMATS[found.format]}.")
    return found


OLD_OFFICE = b"\xd0\xcf\x11\xe0"
LOCKED_PACKAGE = "EncryptedPackage".encode("utf-16-le")


def is_locked(content: Content) -> bool:
    """Whether a workbook is protected by a password. Excel then keeps it inside a file of its old kind."""
    if content[:4] == OLD_OFFICE:
        return content.find(LOCKED_PACKAGE) >= 0
    if content[:4] != b"PK\x03\x04":
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(bytes(content[:]))) as packed:
            if any(part.flag_bits & 1 for part in packed.infolist()):
                return True
            listed = packed.getinfo("META-INF/manifest.xml")
            return listed.file_size < LARGEST_LISTING and b"encryption-data" in packed.read(listed)
    except Exception:
        return False  # damaged, or no OpenDocument: said where it is read


def _detect_text(content: Content, filename: str, told: str) -> Detected:
    encoding = detect_encoding(content)
    plain = bytes(as_single_line_ends(content[:HEAD], encoding))
    if len(plain) - len(plain.translate(None, CONTROLS)) > len(plain) / 100:
        raise UnreadableFile(
            f"{filename} is not text but binary; a library of a reference manager must be exported as RIS or XML."
        )
    text = decode_whole(content[:HEAD], encoding, IssueLog(filename))
    found = _markup(text, content, filename) if told == "auto" or text.lstrip().startswith("<") else None
    if told != "auto" and told not in WORKBOOKS:
        found = told, "as told"
    found = found or _tagged(text) or _delimited(text, filename)
    if not found:
        raise UnreadableFile(
            f"{filename} holds no references that can be recognised; readable are {', '.join(FORMATS.values())}."
        )
    if found[0] in WHOLE and len(content) > LARGEST_WHOLE:
        limit = LARGEST_WHOLE // 2**20
        raise UnreadableFile(f"{filename} is larger than {limit} MB; divide it, or export it as RIS.")
    ends = line_ending(content, encoding)
    if ends == "U+2028" and found[0] in ONE_LINE:
        ends = "none"
    return Detected(found[0], encoding, ends, found[1])


def _workbook_kind(content: Content, filename: str) -> str:
    """xlsx or ods, after checking that unpacking is safe."""
    if len(content) > LARGEST_WORKBOOK:
        raise UnreadableFile(
            f"{filename} is a workbook of more than {LARGEST_WORKBOOK // 2**20} MB; save it as CSV."
        )
    try:
        with zipfile.ZipFile(io.BytesIO(bytes(content[:]))) as packed:
            parts = packed.infolist()
            names = {part.filename for part in parts}
            kind = (
                packed.read("mimetype")[:80]
                if "mimetype" in names and packed.getinfo("mimetype").file_size < 200
                else b""
            )
    except Exception:
        # A damaged directory makes zipfile and zlib raise nearly anything; the file is at fault in any case.
        raise UnreadableFile(f"{filename} is damaged or cut off: its packing cannot be read.") from None
    if any(part.flag_bits & 1 for part in parts):
        raise UnreadableFile(f"{filename} is protected by a password; save it without one.")
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_UNPACKED:
        raise UnreadableFile(
            f"{filename} would unpack to more than {LARGEST_UNPACKED // 2**20} MB; it was not opened."
        )
    if "xl/workbook.xml" in names:
        return "xlsx"
    if b"opendocument.spreadsheet" in kind:
        return "ods"
    if "word/document.xml" in names or b"opendocument.text" in kind:
        raise UnreadableFile(f"{filename} is a text document; export the references as RIS.")
    raise UnreadableFile(f"{filename} is a packed file but no .xlsx or .ods workbook; unpack it first.")


# Atomic groups: a thousand comments must not make a thousand places to try again from.
WEB_PAGE = re.compile(
    r"(?>(?><\?xml[^>]*>)|(?><!--.*?-->)|\s)*+<(?:!doctype\s+html|html|head|body)\b",
    re.IGNORECASE | re.DOTALL,
)


def _markup(text: str, content: Content, filename: str) -> tuple[str, str] | None:
    start = text.lstrip("\ufeff \t\n")
    if start.startswith("<"):
        if WEB_PAGE.match(start):
            raise UnreadableFile(
                f"{filename} is a web page, perhaps an error message; download the file again."
            )
        if re.search(r"<records?\b", start) and re.search(ENDNOTE_ELEMENT, start):
            return "endnote-xml", "XML with <record> elements"
        if not re.match(r"<\d+>\s", start):
            raise UnreadableFile(
                f"{filename} is XML of another kind than EndNote's; export the references as RIS."
            )
    if start.startswith(("{", "[")) and not start.startswith("{\\"):
        if _holds(content, "References") and (_holds(content, "ItemId") or _holds(content, "CodeSets")):
            return "eppi", "JSON with “References”"
        named = any(_holds(content, key) for key in ("title", "DOI", "container-title", "issued"))
        if re.match(r"\[\s*(\]|\{)|\{\s*\"", start) and (
            named or (_holds(content, "id") and _holds(content, "type"))
        ):
            return "csl-json", "JSON with “title”, or “id” and “type”"
        if re.match(r"[\[{]\s*[\[{\"\]}]", start):
            raise UnreadableFile(
                f"{filename} is JSON but holds neither EPPI-Reviewer references nor CSL items."
            )
    return None


def _holds(content: Content, key: str) -> bool:
    """Whether the key stands anywhere in the content, in an ASCII-like encoding or UTF-16."""
    quoted = f'"{key}"'
    return any(content.find(quoted.encode(codec)) >= 0 for codec in ("ascii", "utf-16-le", "utf-16-be"))


# Libraries' catalogues and archives have <record> elements too.
ENDNOTE_ELEMENT = r"<xml>\s*<records|<(?:titles|title|ref-type|rec-number|contributors|source-app|database)\b"

# Round brackets count after the names of types only: "@SUM(A1)" is a formula in somebody's table.
BIBTEX_ENTRY = (
    r"(?i)^[^\w\n]*@\s*(?:[a-z]+\s*\{|(?:article|book|booklet|in\w+|manual|\w+thesis|misc|proceedings|string|\w*report"
    r"|unpublished)\s*\()"
)

TAGGED = (
    # format, what must be there at least once, what else makes it certain, in words
    ("wos", r"^[ \t]*(?:FN (?:Clarivate|ISI|Thomson).*|VR 1\.0|PT [A-Z])$", r"^[ \t]*(?:TI|SO|AU|UT) \S", "lines “PT” and “TI” of Web of Science"),
    ("ris", r"^[ \t\ufeff\d.:)]*(?:TY|ty) {0,2}\t?-(?:\s|\w|$)", r"", "lines “TY  -”"),
    ("ris", r"^[ \t]*(?:ER|er)\s{0,2}-\s*$", r"^[ \t]*[A-Za-z][A-Za-z0-9]\s{1,2}-", "lines “ER  -”"),
    ("nbib", r"^[ \t]*PMID ?- ?\d", r"", "lines “PMID-”"),
    ("nbib", r"^[ \t]*(?:OWN|STAT|FAU|DCOM|PMCR?|JID|AID|LID) {0,2}- ?\S", r"^[ \t]*B?TI {1,2}- ", "lines “OWN -” or “FAU -” of PubMed's format"),
    ("bibtex", BIBTEX_ENTRY, r"", "entries that begin with “@”"),
    ("refer", r"^[ \t]*%[0TAJ] \S", r"", "lines that begin with “%0”, “%A” or “%T”"),
    ("ris", r"^[ \t]*(?:TI|T1|AU|A1|AB|N2|PY|Y1|KW)(?: {1,2}|\t)- \S", r"^[ \t]*(?:TI|T1|AU|A1|PY|Y1)[ \t]", "tags such as “TI  -”"),
    ("wos", r"^PT [JBSPC]$", r"", "lines “PT J”"),
)  # fmt: skip


def _tagged(text: str) -> tuple[str, str] | None:
    """The first format whose lines are there; where there are several, the one in which most records begin."""
    lines = text.replace("\u2028", "\n").replace("\u2029", "\n")
    if not lines.isascii() and is_typeset(lines.split("\n")):
        lines = "\n".join(map(plain_head, lines.split("\n")))
    found: dict[str, str] = {}
    for name, needed, also, reason in TAGGED:
        if (
            name not in found
            and re.search(needed, lines, re.MULTILINE)
            and re.search(also, lines, re.MULTILINE)
        ):
            found[name] = reason
    if len(found) > 1:
        counts = count_signs(lines.encode("utf-8", "replace"), found)
        name = max(found, key=lambda name: counts.get(name, 0))  # the first of equals
        return name, found[name]
    return next(iter(found.items()), None)


def _delimited(text: str, filename: str) -> tuple[str, str] | None:
    lines = [line for line in text.split("\n")[:200] if line.strip()]
    for delimiter in ",\t;|":
        rows = sum(delimiter in line for line in lines)
        if rows >= 2 and rows * 2 >= len(lines):
            return "csv", f"columns divided by {'tabs' if delimiter == chr(9) else f'“{delimiter}”'}"
    if lines and (filename.lower().endswith((".csv", ".tsv")) or any(d in lines[0] for d in ",\t;|")):
        return "csv", "a table by its name"
    return None

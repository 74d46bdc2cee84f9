"""Taking out what databases leave of HTML in their exports: "A &amp; B", "H<sub>2</sub>O", "<jats:p>".

Only references to characters and well-known elements go; "P < 0.05" and "a<b>c" are text. What stood in the file stays
in ``Record.raw``.
"""

from __future__ import annotations

import html
import re
from dataclasses import replace

from ..records import Record


REFERENCE = re.compile(r"&(?:#\d{1,6}|#[xX][0-9A-Fa-f]{1,5}|[A-Za-z][A-Za-z0-9]{1,9});")
ATTRIBUTES = r"(?:\s+[\w:-]+\s*=\s*(?:\"[^\"<>]*\"|'[^'<>]*'))*\s*/?>"
INLINE = re.compile(
    r"</?(?:jats:|mml:)?(?:i|b|u|em|strong|sub|sup|italic|bold|sc|scp|small|span|tt|math|m[ion]|mrow|msup|msub)"
    + ATTRIBUTES,
    re.IGNORECASE,
)
BLOCK = re.compile(
    r"</?(?:jats:)?(?:p|br|div|h[1-6]|li|ul|ol|sec|section|title|list|list-item)" + ATTRIBUTES, re.IGNORECASE
)
LINES = ("title", "container", "publisher")
PARAGRAPHS = ("abstract", "notes")
LISTS = ("authors", "keywords")


def _one_line(text: str) -> str:
    return " ".join(text.split())


def readable_record(record: Record) -> Record:
    """The record with the texts that people read free of HTML; itself where there is none."""
    changed: dict[str, str | tuple[str, ...]] = {}
    for name in LINES:
        text = getattr(record, name)
        if _may_hold_markup(text):
            changed[name] = _one_line(readable(text))
    for name in PARAGRAPHS:
        text = getattr(record, name)
        if _may_hold_markup(text):
            changed[name] = "\n".join(filter(None, map(_one_line, readable(text).split("\n"))))
    for name in LISTS:
        values = getattr(record, name)
        if any(map(_may_hold_markup, values)):
            changed[name] = tuple(filter(None, (_one_line(readable(value)) for value in values)))
    return replace(record, **changed) if changed else record  # type: ignore[arg-type]


def _may_hold_markup(text: str) -> bool:
    return ("&" in text and ";" in text) or ("<" in text and ">" in text)


def readable(text: str) -> str:
    """The text with references to characters resolved and known elements taken out, blocks for line ends."""
    if "&" in text:
        text = REFERENCE.sub(lambda found: html.unescape(found[0]), text)
        text = REFERENCE.sub(
            lambda found: html.unescape(found[0]), text
        )  # "&amp;lt;", escaped twice on its way
    if "<" in text:
        text = INLINE.sub("", BLOCK.sub("\n", text))
    return text

"""Taking out what databases leave of HTML in their exports: "A &amp; B", "H<sub>2</sub>O", "<jats:p>".

Only references to characters and well-known elements go; "P < 0.05" and "a<b>c" are text. What stood in the file stays
in ``Record.raw``.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import replace

from ..records import Record


REFERENCE = re.compile(r"&(?:#\d{1,6}|#[xX][0-9A-Fa-f]{1,5}|[A-Za-z][A-Za-z0-9]{1,9});")
DOUBLED = re.compile(r"&amp;(?=(?:#\d{1,6}|#[xX][0-9A-Fa-f]{1,5}|[A-Za-z][A-Za-z0-9]{1,9});)")
"""An ampersand that was escaped twice on its way: "&amp;amp;"."""

INLINE_NAMES = r"/?(?:jats:|mml:)?(?:i|b|u|em|strong|sub|sup|italic|bold|sc|scp|small|span|tt|math|m[ion]|mrow|msup|msub)"
BLOCK_NAMES = r"/?(?:jats:)?(?:p|br|div|h[1-6]|li|ul|ol|sec|section|title|list|list-item)"
ATTRIBUTES = r"(?:\s+[\w:-]+\s*=\s*(?:\"[^\"<>]*\"|'[^'<>]*'))*\s*/?"
INLINE = re.compile(f"<{INLINE_NAMES}{ATTRIBUTES}>|&lt;{INLINE_NAMES}/?&gt;", re.IGNORECASE)
BLOCK = re.compile(f"<{BLOCK_NAMES}{ATTRIBUTES}>|&lt;{BLOCK_NAMES}/?&gt;", re.IGNORECASE)
SEMICOLON_WITHIN = "\ue00f"
"""Stands for the semicolon of a reference while values are divided at semicolons."""

LINES = ("title", "container", "publisher")
PARAGRAPHS = ("abstract", "notes")
LISTS = ("authors", "keywords")


def _one_line(text: str) -> str:
    return " ".join(text.split())


def readable_record(record: Record) -> Record:
    """The record with the texts that people read free of HTML; itself where there is none."""
    return _with_texts(record, readable)


def guarded_record(record: Record) -> Record:
    """The record as it must be written so that reading it again gives the same texts; mostly itself."""
    return _with_texts(record, guarded)


def _with_texts(record: Record, change: Callable[[str], str]) -> Record:
    changed: dict[str, str | tuple[str, ...]] = {}
    for name in LINES:
        text = getattr(record, name)
        if _may_hold_markup(text):
            changed[name] = _one_line(change(text))
    for name in PARAGRAPHS:
        text = getattr(record, name)
        if _may_hold_markup(text):
            changed[name] = "\n".join(filter(None, map(_one_line, change(text).split("\n"))))
    for name in LISTS:
        values = getattr(record, name)
        if any(map(_may_hold_markup, values)):
            changed[name] = tuple(filter(None, (_one_line(change(value)) for value in values)))
    return replace(record, **changed) if changed else record  # type: ignore[arg-type]


def _may_hold_markup(text: str) -> bool:
    return ("&" in text and ";" in text) or ("<" in text and ">" in text)


def readable(text: str) -> str:
    """The text with known elements taken out, blocks for line ends, and references to characters resolved."""
    if "&" in text:
        text = DOUBLED.sub("&", text)
    if "<" in text or "&lt;" in text:
        text = INLINE.sub("", BLOCK.sub("\n", text))
    return REFERENCE.sub(lambda found: html.unescape(found[0]), text) if "&" in text else text


def guarded(text: str) -> str:
    """The text so that ``readable`` gives it back: what only looks like HTML is written as a number."""
    if "&" in text:
        text = REFERENCE.sub(lambda found: f"&#38;{found[0][1:]}", text)
    if "<" in text:
        text = INLINE.sub(_with_number, BLOCK.sub(_with_number, text))
    return text


def _with_number(found: re.Match[str]) -> str:
    return f"&#60;{found[0][1:]}"


def held_together(text: str) -> str:
    """The text with the semicolons of its references hidden, to be divided at the others."""
    return REFERENCE.sub(lambda found: found[0][:-1] + SEMICOLON_WITHIN, text) if "&" in text else text


def let_go(text: str) -> str:
    """The text with the semicolons that were hidden."""
    return text.replace(SEMICOLON_WITHIN, ";")

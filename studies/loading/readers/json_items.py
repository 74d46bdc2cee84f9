"""Going through a JSON array one item at a time, with the line of each.

The standard decoder takes a whole document or nothing. Here each item is decoded by itself, so that a file that
was cut off still gives its whole records, and every record has a line.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

from ..records import IssueLog


SPACE = re.compile(r"[\s,]*")
# Not allowed in what is stored: control characters but tab and line ends, and halves of surrogate pairs.
UNSTORABLE = re.compile("[\x00-\x08\x0b-\x0c\x0e-\x1f\x7f\ud800-\udfff]")

MARKS = {"id", "type", "title", "DOI", "author", "issued", "ItemId", "Title", "Authors", "TypeName"}
"""Names of which a reference has two at least, and the objects within one (people, dates, codes) have not."""

BETWEEN_OBJECTS = re.compile(r"\}\s*,\s*\{")
MOST_TRIES = 1_000
MOST_BROKEN = 1_000
"""Broken records from which the rest is left out: the decoder counts the lines before each of them anew."""

DECODER = json.JSONDecoder(strict=False)


def read_items(text: str, key: str, log: IssueLog) -> Iterator[tuple[int, int, Any]]:
    """Number, line and value of each item of the array at the top of ``text``, or under ``key`` of its object.

    Without such an array, objects that stand one after the other are items themselves. Where the text is not JSON,
    an error names the record, and reading goes on with the next item that looks like one.
    """
    place = _array_start(text, key)
    if place < 0:
        place = _nested_array(text, key)
    if place < 0:
        if not _looks_like_item(_decoded(text, _skip(text, 0))[0]):
            log.error(f"there is no list of references under “{key}”", line=1)
            return
        place = 0
    is_list = place > 0
    line, counted, number, broken = 1, 0, 0, 0
    while True:
        place = _skip(text, place)
        line += text.count("\n", counted, place)
        counted = place
        if place == len(text) and number:
            if is_list:
                log.error("the file was cut off here", record=number + 1, line=line)
            return
        if text[place : place + 1] == "]":
            place = _next_list(text, place + 1)
            if place < 0:
                return
            continue
        number += 1
        value, end = _decoded(text, place)
        if end < 0:
            broken += 1
            if broken > MOST_BROKEN:
                message = "too many records are broken JSON; the rest was left out"
                log.error(message, record=number, line=line)
                return
            end = _next_item(text, place + 1)
            rest = "what follows could not be read" if end < 0 else "reading went on with the next record"
            message = f"the record is broken JSON, or the file was cut off here; {rest}"
            log.error(message, record=number, line=line, value=text[place : place + 200])
            if end < 0:
                return
        else:
            yield number, line, value
        place = end


def _next_list(text: str, place: int) -> int:
    """The place within a further list that stands directly behind one, as when two files were joined, or -1."""
    place = _skip(text, place)
    return (
        place + 1 if text[place : place + 1] == "[" and _looks_like_item(_decoded(text, place + 1)[0]) else -1
    )


def _decoded(text: str, place: int) -> tuple[Any, int]:
    """The value at a place and where it ends; -1 where it is no JSON."""
    try:
        return DECODER.raw_decode(text, place)
    except (ValueError, RecursionError):
        return None, -1


def _looks_like_item(value: Any) -> bool:
    return isinstance(value, dict) and len(MARKS & value.keys()) >= 2


def _next_item(text: str, place: int) -> int:
    """Where the next object that looks like a reference begins behind a comma, or -1."""
    for found in islice(BETWEEN_OBJECTS.finditer(text, place), MOST_TRIES):
        start = found.end() - 1
        if _looks_like_item(_decoded(text, start)[0]):
            return start
    return -1


def _skip(text: str, place: int) -> int:
    found = SPACE.match(text, place)
    return found.end() if found else place


def _array_start(text: str, key: str) -> int:
    """The place after the opening bracket of the array, or -1."""
    place = _skip(text, 0)
    if text[place : place + 1] == "[":
        return place + 1
    place += 1
    while True:
        try:
            name, place = DECODER.raw_decode(text, _skip(text, place))
            place = _skip(text, place)
            if text[place : place + 1] != ":":
                return -1
            place = _skip(text, place + 1)
            if name == key:
                return place + 1 if text[place : place + 1] == "[" else -1
            _, place = DECODER.raw_decode(text, place)
        except (ValueError, RecursionError):
            return -1


def _nested_array(text: str, key: str) -> int:
    """The place after the opening bracket of a list of references further inside, as in answers of Crossref, or -1."""
    for found in islice(re.finditer(rf'"(?:{key}|references)"\s*:\s*\[\s*', text), MOST_TRIES):
        if _looks_like_item(_decoded(text, found.end())[0]):
            return found.end()
    return -1


def plain(value: Any) -> str:
    """A value of JSON as text: nothing for null, parts of a list divided by semicolons, objects as JSON."""
    if isinstance(value, list):
        return "; ".join(part for part in map(_plain_part, value) if part)
    return _plain_part(value)


def _plain_part(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return UNSTORABLE.sub("", value).strip()
    if not isinstance(value, bool | dict | list):
        return str(value)
    try:
        return UNSTORABLE.sub("", json.dumps(value, ensure_ascii=False))
    except RecursionError:  # nested hundreds deep: nothing that belongs to a reference
        return ""


def pairs_of(item: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    """Every key with a value, as text, in order."""
    return tuple((plain(key), plain(value)) for key, value in item.items() if plain(value))

"""The syntax of BibTeX: entries, fields and strings, without losing an entry that is not quite right.

Entries may stand anywhere on a line, in braces or round brackets, with or without a key; values are braced,
quoted, numbers or names of strings, joined by "#". Everything outside entries is comment. Own code because
the libraries tried lose entries of real files: those not at the start of a line, those with a repeated key,
and all that follow a value that is never closed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field


ENTRY = re.compile(r"(?<![\w.@])@[ \t]*([A-Za-z]+)\s*([{(])")
# A key ends in a comma; an entry may be no more than its key, and some lack the comma before the first field.
KEY = re.compile(r"\s*([^\s,={}\"]*)\s*,|\s*([^\s,={}\"()]+)\s*(?=[})]|(?<=\s)[A-Za-z][\w-]*\s*=\s*[{\"\w])")
FIELD = re.compile(r"[\s,]*([^\s,={}()\"#@][^\s={}\"#]*)\s*=\s*")
WORD = re.compile(r"[^\s,{}()\"#=]+")
BRACE = re.compile(r"[{}]")
UNESCAPED_BRACE = re.compile(r"(?<!\\)[{}]")
QUOTE_OR_BRACE = re.compile(r"[{}\"]")
# Where reading goes on after something that is no field or never ends: a field that begins a line, or stands
# behind a comma. A line that is only the bracket that closes the entry comes first.
NEXT_FIELD = re.compile(r"(?:,[ \t]*(?:\n[ \t]*)?|\n[ \t]*)([A-Za-z][\w-]*)[ \t]*=[ \t]*[{\"\w]")
CLOSING_LINE = re.compile(r"\n[ \t]*[})][ \t]*(?:\n|\Z)")
FIELD_BEHIND_END = re.compile(r"\s*,\s*([A-Za-z][\w-]*)\s*=\s*[{\"\w]")
# A value that runs into this has lost its closing brace: no abstract has an entry with a key at a line's start.
NEXT_ENTRY = re.compile(r"\n[ \t]*@[ \t]*[A-Za-z]+[ \t]*[{(][ \t]*[^\s,={}\"]+[ \t]*,[ \t]*(?:\n|\w+[ \t]*=)")

MOST_REPAIRS = 50
"""Slips of one entry that are put right; an entry with more is none that anybody wrote."""

MOST_OPEN_COMMENTS = 20
"""Comments that never close for which the whole rest is searched; beyond them braces of comments mean nothing."""

LARGEST_PUT_IN = 64 * 2**20
"""Characters that names of strings stand for in a whole file. A string may name another twice, and that one a third, so
that thirty short lines would else unfold to more than any memory holds."""

MONTHS = {
    name[:3].lower(): name
    for name in (
        "January", "February", "March", "April", "May", "June",
        "July", "August", "September", "October", "November", "December",
    )
}  # fmt: skip


@dataclass(slots=True)
class Entry:
    """One entry: type, key and fields in order, values with strings put in and LaTeX as it is.

    broken: what was wrong with its syntax, in words; "" where nothing was. unknown: names of strings that the
    file does not define; they stand in the values as they are.
    """

    line: int
    kind: str
    key: str = ""
    fields: list[tuple[str, str]] = field(default_factory=list)
    broken: str = ""
    unknown: list[str] = field(default_factory=list)


def parse_entries(text: str) -> Iterator[Entry]:
    """The entries of a BibTeX text with LF line ends, in order; @string is applied, @comment and @preamble skipped."""
    return _Parser(text).entries()


class _Unclosed(Exception):
    """A value or an entry that does not end; ``place`` is where to carry on."""

    def __init__(self, place: int) -> None:
        super().__init__()
        self.place = place


class _Parser:
    def __init__(self, text: str) -> None:
        self.text = text
        self.strings = dict(MONTHS)
        self.line, self.counted = 1, 0
        self.open_comments = self.repairs = self.put_in = 0
        self.limit_from, self.limit_at = 0, -1  # the stretch for which the next entry is known

    def entries(self) -> Iterator[Entry]:
        place = 0
        while found := ENTRY.search(self.text, place):
            kind, closing = found[1].lower(), "}" if found[2] == "{" else ")"
            if kind in ("comment", "preamble"):
                place = self._skip(found)
                continue
            entry = Entry(self._line_at(found.start()), kind)
            self.repairs = 0
            place = self._entry(entry, found.end(), closing)
            if kind == "string":
                self.strings.update((name.lower(), value) for name, value in entry.fields)
            else:
                yield entry

    def _line_at(self, place: int) -> int:
        self.line += self.text.count("\n", self.counted, place)
        self.counted = place
        return self.line

    def _skip(self, found: re.Match[str]) -> int:
        """The place after a comment; one in braces ends with them, and entries within are left out with it.

        A comment that is never closed is only its first word, so that no entry is lost by it.
        """
        if found[2] == "(":
            return found.end()
        if self.open_comments == MOST_OPEN_COMMENTS:
            return found.end()
        try:
            return self._braced(found.end(), len(self.text))[1]
        except _Unclosed:
            self.open_comments += 1
            return found.end()

    def _entry(self, entry: Entry, place: int, closing: str) -> int:
        key = KEY.match(self.text, place)
        if key and entry.kind != "string":
            entry.key, place = key[1] or key[2] or "", key.end()
        begins = -1  # where the value of the last field does
        while True:
            name = FIELD.match(self.text, place)
            if not name:
                return self._end(entry, begins, place, closing)
            begins = name.end()
            try:
                value, place = self._value(name.end(), entry)
            except _Unclosed as unclosed:
                entry.broken = f"the value of “{name[1]}” is never closed"
                following = self._next_field(name.end(), unclosed.place)
                end = following if following >= 0 else unclosed.place
                value = self.text[name.end() : end].strip().lstrip('{"').rstrip("}, \n")
                entry.fields.append((name[1].lower(), value))
                if following < 0:
                    return end
                entry.broken += ", so it was taken to end before the next field"
                place = end
                continue
            entry.fields.append((name[1].lower(), value))

    def _end(self, entry: Entry, begins: int, place: int, closing: str) -> int:
        """The place after the closing bracket, having passed over whatever stands before it.

        ``begins`` is where the last value does: if the entry never closes, that value may have taken its bracket.
        """
        rest = re.compile(r"[\s,]*").match(self.text, place)
        place = rest.end() if rest else place
        if self.text[place : place + 1] == closing:
            behind = FIELD_BEHIND_END.match(self.text, place + 1) if self._may_repair() else None
            if not behind:
                return place + 1
            entry.broken = f"there is a bracket too many before “{behind[1]}”"
            self.repairs += 1
            return self._entry_rest(entry, place + 1, closing)
        following = ENTRY.search(self.text, place)
        limit = following.start() if following else len(self.text)
        end = self.text.find(closing, place, limit)
        junk = self.text[place : limit if end < 0 else end].strip()
        if end < 0:
            more = self._next_field(begins, place) if begins >= 0 and not entry.broken else -1
            entry.broken = entry.broken or "the entry is never closed"
            if more < 0:
                return limit
            name = entry.fields[-1][0]
            entry.fields[-1] = name, self.text[begins:more].strip().lstrip('{"').rstrip(",")
            entry.broken = (
                f"the value of “{name}” is never closed, so it was taken to end before the next field"
            )
            return self._entry_rest(entry, more, closing)
        # What looks like junk may be followed by more fields.
        more = self._next_field(place, limit) if junk else -1
        if more >= 0:
            entry.broken = f"“{junk.splitlines()[0][:60]}” is not a field"
            return self._entry_rest(entry, more, closing)
        entry.broken = (
            entry.broken or f"“{junk.splitlines()[0][:60]}” is not a field" if junk else entry.broken
        )
        return end + 1

    def _entry_rest(self, entry: Entry, place: int, closing: str) -> int:
        key, entry.key = entry.key, ""
        place = self._entry(entry, place, closing)
        entry.key = key
        return place

    def _may_repair(self) -> bool:
        """Whether an entry may be put right once more: each time takes going over the rest of it."""
        return self.repairs < MOST_REPAIRS

    def _next_field(self, place: int, limit: int) -> int:
        """Where the next field of the entry begins, or -1 where the entry or its stretch ends before."""
        if not self._may_repair():
            return -1
        self.repairs += 1
        field_at = NEXT_FIELD.search(self.text, place, limit)
        ends = CLOSING_LINE.search(self.text, place, limit)
        return field_at.start() if field_at and not (ends and ends.start() < field_at.start()) else -1

    def _value(self, place: int, entry: Entry) -> tuple[str, int]:
        """A value of one or more parts joined by "#", and the place after it."""
        parts = []
        while True:
            part, place = self._part(place, entry)
            parts.append(part)
            joined = re.compile(r"\s*#\s*").match(self.text, place)
            if not joined:
                return "".join(parts), place
            place = joined.end()

    def _part(self, place: int, entry: Entry) -> tuple[str, int]:
        first = self.text[place : place + 1]
        if first == "{":
            return self._braced(place + 1)
        if first == '"':
            return self._quoted(place + 1)
        word = WORD.match(self.text, place)
        if not word:
            return "", place
        name = word[0]
        meant = self.strings.get(name.lower())
        if meant is not None:
            self.put_in += len(meant)
            if self.put_in <= LARGEST_PUT_IN:
                return meant, word.end()
            entry.broken = "the strings of the file stand for too much text, and their names were kept"
        elif not name.isdigit():
            entry.unknown.append(name)
        return name, word.end()

    def _braced(self, place: int, limit: int = -1) -> tuple[str, int]:
        """The text up to the brace that closes the one before ``place``.

        BibTeX counts every brace, also one after a backslash; only where that leads nowhere are those left out.
        """
        limit = limit if limit >= 0 else self._limit(place)
        for pattern in (BRACE, UNESCAPED_BRACE):
            depth = 1
            for found in pattern.finditer(self.text, place, limit):
                depth += 1 if found[0] == "{" else -1
                if not depth:
                    return self.text[place : found.start()], found.end()
        raise _Unclosed(limit)

    def _quoted(self, place: int) -> tuple[str, int]:
        """The text up to the next quotation mark outside braces."""
        limit = self._limit(place)
        depth = 0
        for found in QUOTE_OR_BRACE.finditer(self.text, place, limit):
            if found[0] == '"' and depth <= 0:
                return self.text[place : found.start()], found.end()
            depth += {"{": 1, "}": -1, '"': 0}[found[0]]
        raise _Unclosed(limit)

    def _limit(self, place: int) -> int:
        """Where the next entry begins, beyond which no value may run."""
        if not self.limit_from <= place <= self.limit_at:
            found = NEXT_ENTRY.search(self.text, place)
            self.limit_from, self.limit_at = place, found.start() if found else len(self.text)
        return self.limit_at

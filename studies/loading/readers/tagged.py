"""Cutting a tagged text (RIS, PubMed, Refer, Web of Science) into records without losing one.

Real files lack end tags or start tags, have tags after the end, numbers and notices between records, values
over several lines and blank lines in the middle. The rules, in order of strength:

1. a start tag begins a record, unless all that stands since the last one are start tags with the same value;
2. an end tag ends one; tags after it belong to it, unless they hold a title and so are a record of their own;
3. after a blank line, a title (or start) tag that the record already has begins a record that lacks its start;
4. a line without a tag continues the value before it; after a blank line only long texts are continued.

Lines that belong to no record are counted and reported once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from ..records import IssueLog
from .line_layout import laid_out


Tag = Callable[[str, str], "tuple[str, str] | None"]

# What databases print between records; known, so not worth a warning.
CHATTER = re.compile(
    r"(?:<?\d+[.:)>]?|Record #\d+ of \d+|Provider:.*|Content: ?text/.*|Database:.*|-{3,}|={3,}|\*{3,})\Z"
)


@dataclass(frozen=True, slots=True)
class Dialect:
    """What a format looks like.

    tag: gives tag and value of a line, or None for text; its second argument is the tag of the line before.
    start, end: tags that begin and end a record; "" where the format has none.
    titles: tags that a record has once and that make something a record.
    listed: tags of which every further line is a value of its own. prose: tags that run over blank lines.
    """

    tag: Tag
    start: str
    end: str
    titles: frozenset[str]
    listed: frozenset[str]
    prose: frozenset[str]


@dataclass(slots=True)
class Entry:
    """One record as cut: first line, tags with values, and whether its start and end tags were there.

    ``starts`` counts the start tags with which it begins; it may have several.
    """

    line: int
    pairs: list[tuple[str, str]] = field(default_factory=list)
    started: bool = False
    closed: bool = False
    keys: set[str] = field(default_factory=set)
    starts: int = 0

    def by_tag(self) -> dict[str, list[str]]:
        """Values that are not blank, by tag; "NA" is what R writes for nothing."""
        values: dict[str, list[str]] = {}
        for tag, value in self.pairs:
            if value and value != "NA":
                values.setdefault(tag, []).append(value)
        return values


def split_entries(lines: Iterable[tuple[int, str]], dialect: Dialect, log: IssueLog) -> Iterator[Entry]:
    """The records of numbered lines, one after the other."""
    return _Splitter(dialect, log).entries(laid_out(lines))


class _Splitter:
    """The state while going through the lines."""

    def __init__(self, dialect: Dialect, log: IssueLog) -> None:
        self.dialect, self.log = dialect, log
        self.keys = dialect.titles | ({dialect.start} - {""})
        self.entry: Entry | None = None
        self.after: Entry | None = None  # tags since the end tag of ``entry``
        self.open_tag = ""
        self.parts: list[str] = []  # further lines of the last value
        self.blank = False
        # The stretch since the last blank line, which may prove to be a record of its own (rule 3).
        self.mark = self.mark_line = 0
        self.mark_keys: set[str] = set()
        self.stray = self.stray_line = 0

    def entries(self, lines: Iterable[tuple[int, str]]) -> Iterator[Entry]:
        read = self.dialect.tag
        start, end, keys = self.dialect.start, self.dialect.end, self.keys
        for number, line in lines:
            found = read(line, self.open_tag)
            if found is None:
                self._text(number, line)
                continue
            tag = found[0]
            entry = self.entry
            if not (self.blank or self.parts or entry is None or entry.closed or tag in keys or tag == end):
                entry.pairs.append(found)  # by far the most frequent case, kept short
                self.open_tag = tag
            elif tag == end and tag:
                yield from self._end(number, found[1])
            elif tag == start:
                yield from self._start(number, *found)
            else:
                yield from self._tag(number, *found)
        yield from self._finish()

    def _target(self) -> Entry | None:
        if self.entry is not None and self.entry.closed:
            return self.after
        return self.entry

    def _add(self, tag: str, value: str) -> None:
        target = self._target()
        assert target is not None
        target.pairs.append((tag, value))
        self.open_tag, self.blank = tag, False
        if tag in self.keys:
            self.mark_keys.add(tag)

    def _close_value(self) -> None:
        """Join the further lines to the last value."""
        target = self._target()
        if self.parts and target is not None:
            tag, value = target.pairs[-1]
            whole = value + "".join(self.parts)
            target.pairs[-1] = (tag, whole.strip())
        self.parts = []

    def _close_mark(self) -> Iterator[Entry]:
        """Settle rule 3 for the stretch that ends here."""
        entry = self._target()
        mark, keys = self.mark, self.mark_keys
        self.mark, self.mark_keys = 0, set()
        if entry is None:
            return
        if not (mark and entry.keys & keys):
            entry.keys |= keys
            return
        rest = Entry(self.mark_line, entry.pairs[mark:], self.dialect.start in keys, keys=keys)
        del entry.pairs[mark:]
        yield from self._join_after()
        assert self.entry is not None
        yield self.entry
        self.entry = rest

    def _settle(self) -> Iterator[Entry]:
        """Close what is open: the value, the stretch since a blank line, and the tags after an end tag."""
        self._close_value()
        yield from self._close_mark()
        yield from self._join_after()

    def _join_after(self) -> Iterator[Entry]:
        """Decide what the tags after an end tag are (rule 2)."""
        entry, after = self.entry, self.after
        self.after = None
        if entry is not None and after is not None:
            if after.keys & self.dialect.titles and entry.keys & self.dialect.titles:
                yield entry
                self.entry = after
            else:
                entry.pairs += after.pairs

    def _start(self, number: int, tag: str, value: str) -> Iterator[Entry]:
        yield from self._settle()
        entry = self.entry
        if entry is not None and not entry.closed:
            before_start = not entry.started and not entry.keys & self.dialect.titles
            repeated = len(entry.pairs) == entry.starts and value in ("", entry.pairs[0][1])
            if before_start or repeated:
                entry.started = True
                entry.starts += 1
                self._add(tag, value)
                return
        if entry is not None:
            yield entry
        self.entry = Entry(number, started=True, starts=1)
        self._add(tag, value)

    def _end(self, number: int, value: str) -> Iterator[Entry]:
        yield from self._settle()
        if self.entry is None:
            self._stray(number)
        else:
            self.entry.closed = True
        self.open_tag, self.blank = "", False
        if value.strip():  # a record that begins on the line on which the one before ends
            found = self.dialect.tag(value.strip(), "")
            if found and found[0] == self.dialect.start:
                yield from self._start(number, *found)

    def _tag(self, number: int, tag: str, value: str) -> Iterator[Entry]:
        self._close_value()
        if self.blank:
            yield from self._close_mark()
            target = self._target()
            self.mark, self.mark_line = (len(target.pairs) if target else 0), number
        if self.entry is None:
            self.entry = Entry(number)
        elif self.entry.closed and self.after is None:
            self.after = Entry(number)
        self._add(tag, value)

    def _text(self, number: int, line: str) -> None:
        text = line.strip()
        if not text:
            self.blank = True
            return
        target = self._target()
        carries_on = not self.blank or self.open_tag in self.dialect.prose
        if target is None or not carries_on or (self.blank and CHATTER.match(text)):
            if not CHATTER.match(text):
                self._stray(number)
            return
        if self.open_tag in self.dialect.listed:
            self._add(self.open_tag, text)
        else:
            self.parts.append(("\n" if self.blank else " ") + text)
        self.blank = False

    def _stray(self, number: int) -> None:
        self.stray += 1
        self.stray_line = self.stray_line or number

    def _finish(self) -> Iterator[Entry]:
        yield from self._settle()
        if self.entry is not None:
            if self.entry.started or self.entry.closed or self.entry.keys:
                yield self.entry
            else:
                self.log.error("tags that belong to no record", line=self.entry.line)
        if self.stray:
            lines = "1 line that belongs" if self.stray == 1 else f"{self.stray} lines that belong"
            self.log.warning(f"passed over {lines} to no record; this is the first", line=self.stray_line)

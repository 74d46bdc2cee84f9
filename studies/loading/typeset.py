"""Tags that a word processor or a web page has typeset: "TY  – JOUR" with a dash, or with spaces that do not break.

Both look right and are not what programs read. Only the head of a line is put back, never its text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable


HEAD = re.compile(
    r"([\s\u200b]*[A-Za-z][A-Za-z0-9]{1,3})([ \t\xa0\u2007\u202f]{0,3})([-‐‑‒–—−])(?=[\s\xa0]|\Z)"
)
SPACES = re.compile(r"[\xa0\u2007\u202f]")
FEWEST = 3
"""Lines with such a head from which a file counts as typeset: a poem may have one."""


def is_typeset(lines: Iterable[str]) -> bool:
    """Whether several lines begin with a tag that is set with dashes or fixed spaces."""
    return sum(1 for line in lines if plain_head(line) != line) >= FEWEST


def plain_head(line: str) -> str:
    """The line with the head of a tag as a program writes it; itself where it has none."""
    if line[:12].isascii():
        return line
    found = HEAD.match(line)
    if not found:
        return line
    rest = line[found.end() :]
    if rest[:1] in ("\xa0", "\u2007", "\u202f"):
        rest = " " + rest[1:]
    return f"{found[1].replace(chr(0x200B), '')}{SPACES.sub(' ', found[2])}-{rest}"

"""LaTeX as it stands in BibTeX values, to plain text, and names of people taken apart."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from .fields import one_line


ODD = re.compile(r"[\\$]")
PLAIN_MARKS = (("---", "—"), ("--", "–"), ("``", "“"), ("''", "”"), ("~", " "), ("{", ""), ("}", ""))
# From the first of several spaces only, since each of them would be a place to try again from.
AND = re.compile(r"(?<!\s)\s+and\s+|(?<!\\)[{}]", re.IGNORECASE)
SEMICOLON = re.compile(r";|(?<!\\)[{}]")
WORD_BREAK = re.compile(r"[\s~]+|(?<!\\)[{}]")
LIST_BREAK = re.compile(r"[,;]|(?<!\\)[{}]")
ESCAPED = re.compile(r"\\([%&_#$~{}])(?:\{\})?|\{\\?([%&_#$~])\}")
URL_COMMAND = re.compile(r"\\url\{(.*)\}\Z")
# Commands for characters that the converter does not know, or takes for look-alikes; stood for by private ones.
NAMED = {
    "textbraceleft": ("\ue000", "{"),
    "textbraceright": ("\ue001", "}"),
    "textasciicircum": ("\ue002", "^"),
}
NAMED_COMMAND = re.compile(rf"\\({'|'.join(NAMED)})(?:\{{\}}|\s+|(?![A-Za-z]))")
SOFT_HYPHEN = "\xad"
BRACE = re.compile(r"(?<!\\)[{}]")
COMMAND_WITH_BRACKET = re.compile(r"\\[A-Za-z]+\s*\[")
MOST_LEVELS = 64
LARGEST_WORK = 2**20
"""Characters, doubled for each level of braces, that are given to the converter. It sets an accent on each letter in the
braces behind it and on the accents that are there already, so that forty accents within each other never end."""


def to_text(latex: str) -> str:
    """The value as readers see it: accents, symbols and dashes as characters, without braces and commands.

    "%" and "&" are text here, though LaTeX reads a comment and a table's tab; so is a dollar sign that has no
    partner. What cannot be converted keeps its commands.
    """
    text = one_line(latex)
    if ODD.search(text):
        latex = re.sub(r"(?<!\\)([%&])", r"\\\1", text)
        if len(re.findall(r"(?<!\\)\$", latex)) % 2:
            latex = re.sub(r"(?<!\\)\$", r"\\$", latex)
        converted = _converted(NAMED_COMMAND.sub(lambda found: NAMED[found[1]][0], latex))
        if converted is not None:
            converted = converted.replace(SOFT_HYPHEN, "")
            for mark, character in NAMED.values():
                converted = converted.replace(mark, character)
            return one_line(converted)
    for mark, character in PLAIN_MARKS:
        if mark in text:
            text = text.replace(mark, character)
    return one_line(text)


def _levels(latex: str) -> int:
    """How many braces are open at once, and twice the brackets of commands, which the converter tries both ways."""
    deepest = depth = 0
    for found in BRACE.finditer(latex):
        depth = depth + 1 if found[0] == "{" else max(0, depth - 1)
        deepest = max(deepest, depth)
    return deepest + 2 * len(COMMAND_WITH_BRACKET.findall(latex))


def _converted(latex: str) -> str | None:
    """The text without commands; None where it is nested far deeper than any text, or the converter fails on it."""
    if len(latex) << min(_levels(latex), MOST_LEVELS) > LARGEST_WORK:
        return None
    try:
        return str(_converter().latex_to_text(latex))
    except Exception:
        # Half a formula makes it raise nearly anything, and one value must not cost the file.
        return None


def verbatim(value: str) -> str:
    """An address or identifier as it is meant: in these, "~" and "--" are no more than themselves."""
    text = one_line(value)
    command = URL_COMMAND.match(text)
    text = ESCAPED.sub(lambda found: found[1] or found[2], command[1] if command else text)
    return to_text(text) if "\\" in text else re.sub(r"[{}]", "", text)


def parts_of(value: str) -> list[str]:
    """The parts of a list of keywords; a comma within braces belongs to its keyword."""
    return _outside_braces(LIST_BREAK, value)


@cache
def _converter() -> Any:
    from pylatexenc.latex2text import LatexNodes2Text  # type: ignore[import-untyped, unused-ignore]

    return LatexNodes2Text(math_mode="text", keep_comments=True)


def people(value: str) -> tuple[str, ...]:
    """Names of an author or editor field, as "Family, Given"; names in braces are bodies and stay whole."""
    names = _outside_braces(AND, value)
    if len(names) == 1:  # not BibTeX, but some programs write it
        names = _outside_braces(SEMICOLON, value)
    return tuple(name for name in map(_person, names) if name and name != "others")


def _outside_braces(divider: re.Pattern[str], value: str) -> list[str]:
    """The parts between dividers that stand outside braces; where braces do not match, between all dividers."""
    parts, start, depth = [], 0, 0
    for found in divider.finditer(value):
        if found[0] in "{}":
            depth += 1 if found[0] == "{" else -1
        elif depth == 0:
            parts.append(value[start : found.start()])
            start = found.end()
    parts.append(value[start:])
    if depth:
        parts = _outside_braces(divider, re.sub(r"[{}]", "", value))
    return parts


def _person(name: str) -> str:
    """BibTeX's three forms: "First von Last", "von Last, First", "von Last, Jr, First"."""
    name = name.strip()
    if re.fullmatch(r"\{[^{}]*\}", name):
        return to_text(name)
    parts = [to_text(part) for part in name.split(",")]
    if len(parts) > 1:
        return ", ".join(part for part in (parts[0], parts[-1], *parts[1:-1]) if part)
    words = [word for word in map(to_text, _outside_braces(WORD_BREAK, name)) if word]
    # The family name is the last word and the lower-case particles before it.
    place = next((i for i, word in enumerate(words[:-1]) if i and word[0].islower()), len(words) - 1)
    return f"{' '.join(words[place:])}, {' '.join(words[:place])}" if place > 0 else " ".join(words)

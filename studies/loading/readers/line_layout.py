"""How the lines of a tagged text are laid out as a whole, where that is not as its format has it.

Line ends that were doubled on the way ("\\r\\r\\n") put a blank line behind every line, and text that was pasted into a
letter or a script has the same blanks before every line. Both would be taken for the ends of values and for values
that go on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain, islice, pairwise

from ..typeset import is_typeset, plain_head


Lines = Iterable[tuple[int, str]]

LOOKED_AT = 400
"""Lines by which the layout of a file is told."""

FEWEST = 6
"""Lines with something in them from which a blank one behind each cannot be chance."""


def laid_out(lines: Lines) -> Iterator[tuple[int, str]]:
    """The lines as their format has them; numbers stay those of the file."""
    source = iter(lines)
    head = list(islice(source, LOOKED_AT))
    whole: Iterator[tuple[int, str]] = chain(head, source)
    texts = [line for _, line in head]
    if _is_double_spaced(texts):
        whole = _single_spaced(whole)
    if is_typeset(texts):
        whole = ((number, plain_head(line)) for number, line in whole)
    indent = _indent(texts)
    return _without(indent, whole) if indent else whole


def _is_double_spaced(texts: list[str]) -> bool:
    filled = [bool(text.strip()) for text in texts]
    return sum(filled) >= FEWEST and not any(one and other for one, other in pairwise(filled))


def _single_spaced(lines: Lines) -> Iterator[tuple[int, str]]:
    """The lines without the blank one directly behind each."""
    after_text = False
    for number, line in lines:
        if line.strip():
            after_text = True
        elif after_text:
            after_text = False
            continue
        yield number, line


def _indent(texts: list[str]) -> str:
    """The white space that all lines begin with."""
    indents = [text[: len(text) - len(text.lstrip())] for text in texts if text.strip()]
    least = min(indents, key=len, default="")
    return least if all(indent.startswith(least) for indent in indents) else ""


def _without(indent: str, lines: Lines) -> Iterator[tuple[int, str]]:
    for number, line in lines:
        yield number, line.removeprefix(indent)

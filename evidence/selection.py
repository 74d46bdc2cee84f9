"""Selection: the reader's question. Frozen, whole in the address, able to say itself in a sentence.

A new way of narrowing belongs here if the page, the download and the API all need it; how a page looks (which
view of a chart is open) does not.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any
from urllib.parse import urlencode


FIRST_YEAR, LAST_YEAR = 1800, 2100
LONGEST_QUERY = 400
"""Characters of search text. Longer text is a pasted page, not a question."""

PER_PAGE_CHOICES = (10, 25, 50, 100)
DEFAULT_PER_PAGE = 25
HIGHEST_PAGE = 1_000_000


@dataclass(frozen=True)
class Problem:
    """What is wrong with one parameter, said so that the reader can put it right."""

    field: str
    value: str
    message: str


class InvalidSelection(Exception):
    """The address asks for something that does not exist; `problems` says what, parameter by parameter."""

    def __init__(self, problems: list[Problem]):
        super().__init__("; ".join(problem.message for problem in problems))
        self.problems = problems


@dataclass(frozen=True)
class Selection:
    """What a reader asks for. An empty tuple means "any"; several values of one field mean "any of these"."""

    q: str = ""
    theme: tuple[str, ...] = ()
    measure: tuple[str, ...] = ()
    source_type: tuple[str, ...] = ()
    quality: tuple[str, ...] = ()
    verification: tuple[str, ...] = ()
    precision: tuple[str, ...] = ()
    unit: tuple[str, ...] = ()
    geography: tuple[str, ...] = ()
    scope: tuple[str, ...] = ()
    category: tuple[str, ...] = ()
    source: tuple[str, ...] = ()
    peer_reviewed: tuple[str, ...] = ()
    release: str = ""
    year_from: int | None = None
    year_to: int | None = None
    sort: str = ""
    page: int = 1
    per_page: int = DEFAULT_PER_PAGE

    def pairs(self) -> list[tuple[str, str]]:
        """The parameters that differ from the defaults, in a fixed order."""
        found: list[tuple[str, str]] = []
        for one in fields(self):
            value = getattr(self, one.name)
            if value == one.default:
                continue
            found += [(one.name, str(item)) for item in (value if isinstance(value, tuple) else (value,))]
        return found

    def querystring(self, **changes: Any) -> str:
        """The query string of this selection, with changes; no question mark. Same question, same string."""
        return urlencode(replace(self, **changes).pairs() if changes else self.pairs())

    def without(self, name: str, value: str | None = None) -> "Selection":
        """The selection without one filter, or without one of its values; back on page 1."""
        current = getattr(self, name)
        if value is not None and isinstance(current, tuple):
            return replace(self, **{name: tuple(item for item in current if item != value)}, page=1)
        return replace(self, **{name: DEFAULTS[name]}, page=1)

    @property
    def filters(self) -> dict[str, Any]:
        """The parts that narrow: everything but sorting and paging."""
        return {name: getattr(self, name) for name in FILTERS if getattr(self, name) != DEFAULTS[name]}

    def describe(self, noun: str, labels: Mapping[str, Mapping[str, str]]) -> str:
        """The selection as a sentence part: "sources of the type Official statistics, published from 2015".

        `labels` gives for each filter the words for its values.
        """
        parts = [noun]
        for name, phrase in PHRASES.items():
            chosen = getattr(self, name)
            if chosen:
                words = [labels.get(name, {}).get(value, value) for value in chosen]
                parts.append(phrase.format(join_or(words)))
        if self.year_from is not None and self.year_from == self.year_to:
            parts.append(f"of the year {self.year_from}")
        elif self.year_from is not None and self.year_to is not None:
            parts.append(f"of the years {self.year_from} to {self.year_to}")
        elif self.year_from is not None:
            parts.append(f"of {self.year_from} or later")
        elif self.year_to is not None:
            parts.append(f"of {self.year_to} or earlier")
        if self.q:
            parts.append(f"that match “{self.q}”")
        return parts[0] + (" " + ", ".join(parts[1:]) if len(parts) > 1 else "")


DEFAULTS = {one.name: one.default for one in fields(Selection)}
MULTIPLE = tuple(name for name, default in DEFAULTS.items() if default == ())
FILTERS = tuple(name for name in DEFAULTS if name not in ("sort", "page", "per_page"))

PHRASES = {
    "theme": "on the theme {}",
    "measure": "about the measure {}",
    "category": "in the category {}",
    "source_type": "of the type {}",
    "quality": "of the quality {}",
    "verification": "verified as {}",
    "precision": "of the precision {}",
    "unit": "counting {}",
    "geography": "for {}",
    "scope": "with the scope {}",
    "source": "from {}",
    "peer_reviewed": "with peer review {}",
}


def join_or(words: Iterable[str]) -> str:
    """ "a", "a or b", "a, b or c"."""
    words = list(words)
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"


@dataclass(frozen=True)
class Allowed:
    """What a page accepts: the words for each value of each vocabulary, and the orders it can sort in."""

    values: Mapping[str, Mapping[str, str]]
    sorts: tuple[str, ...] = ()


def parse(params: Mapping[str, list[str]], allowed: Allowed) -> Selection:
    """The selection that an address asks for.

    `params` maps each parameter to all of its values (as `dict(request.GET.lists())`).
    Raises `InvalidSelection` naming every unknown parameter and every unknown value: a typing mistake must never
    look like an absence of evidence.
    """
    problems: list[Problem] = []
    chosen: dict[str, Any] = {}
    for name, raw in params.items():
        values = [value.strip() for value in raw if value.strip()]
        if name not in DEFAULTS:
            known = ", ".join(DEFAULTS)
            shown = shorten(name)
            problems.append(
                Problem(shown, "", f"There is no filter called “{shown}”. The filters are: {known}.")
            )
        elif not values:
            continue
        elif name in MULTIPLE:
            chosen[name] = _known_values(name, values, allowed, problems)
        elif len(set(values)) > 1:
            problems.append(Problem(name, shorten(", ".join(values)), f"“{name}” takes one value only."))
        else:
            chosen[name] = _single(name, values[0], allowed, problems)
    first, last = chosen.get("year_from"), chosen.get("year_to")
    if first is not None and last is not None and first > last:
        message = f"The first year, {first}, is after the last year, {last}."
        problems.append(Problem("year_from", str(first), message))
    if problems:
        raise InvalidSelection(problems)
    return Selection(**chosen)


def _known_values(name: str, values: list[str], allowed: Allowed, problems: list[Problem]) -> tuple[str, ...]:
    known = allowed.values.get(name, {})
    for value in values:
        if value not in known:
            few = f" It can be: {', '.join(known)}." if len(known) <= 12 else ""
            message = f"“{shorten(value)}” is not a known value of “{name}”.{few}"
            problems.append(Problem(name, shorten(value), message))
    # The order of the vocabulary, so that the same question always has the same address.
    given = set(values)
    return tuple(value for value in known if value in given)


def _single(name: str, value: str, allowed: Allowed, problems: list[Problem]) -> Any:
    if name == "q":
        if len(value) > LONGEST_QUERY:
            message = (
                f"The search text has {len(value):,} characters; at most {LONGEST_QUERY} can be searched for."
            )
            problems.append(Problem(name, shorten(value), message))
        return value.replace("\x00", " ").strip()
    if name in ("year_from", "year_to"):
        return _whole_number(name, value, FIRST_YEAR, LAST_YEAR, "year", problems)
    if name == "page":
        return _whole_number(name, value, 1, HIGHEST_PAGE, "page", problems)
    if name == "per_page":
        number = _whole_number(name, value, 1, max(PER_PAGE_CHOICES), "number of rows", problems)
        if number is not None and number not in PER_PAGE_CHOICES:
            choices = join_or(str(choice) for choice in PER_PAGE_CHOICES)
            problems.append(Problem(name, value, f"“per_page” can be {choices}."))
        return number
    if name == "sort" and value not in allowed.sorts:
        orders = ", ".join(allowed.sorts)
        problems.append(
            Problem(name, shorten(value), f"“{shorten(value)}” is not an order. Orders are: {orders}.")
        )
    if name == "release" and value not in allowed.values.get("release", {}):
        problems.append(Problem(name, shorten(value), f"There is no release “{shorten(value)}”."))
    return value


def _whole_number(
    name: str, value: str, low: int, high: int, what: str, problems: list[Problem]
) -> int | None:
    if value.isascii() and value.isdigit() and len(value) <= 9 and low <= int(value) <= high:
        return int(value)
    message = f"“{shorten(value)}” is not a {what} between {low} and {high} for “{name}”."
    problems.append(Problem(name, shorten(value), message))
    return None


def shorten(text: str, longest: int = 80) -> str:
    """Text that a message may repeat."""
    text = text.replace("\x00", "␀")
    return text if len(text) <= longest else text[: longest - 1] + "…"

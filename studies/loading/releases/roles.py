"""What the columns of an unknown release probably are. A proposal: a person decides."""

import re
from dataclasses import dataclass

from rapidfuzz import fuzz

from .periods import ACADEMIC, CALENDAR
from .reading import ReleaseTable
from .specification import TOTAL, UNUSED


BLANK_VALUE = "(blank)"
"""How the blank cells of a filter are called, so that they can be chosen."""

MOST_VALUES = 60
"""Different values that a filter may have. Beyond them a column names places or people, and is no filter."""

TIME = re.compile(
    r"(?:time|time[ _]?period|year|date|period|(?:financial|academic|reporting|calendar)[ _]year)\Z"
)
CODE = re.compile(r"\bcodes?\b|_code\b", re.IGNORECASE)
OFFICIAL_CODE = re.compile(r"[EWSNK][0-9]{2}(?:[0-9]{6})?\Z")
NAME = re.compile(
    r"(?:country|region|la|lad|area|authority|force|force name|local authority|geography)[ _]?(?:name)?\Z"
    r"|countries\Z|regions\Z|.*local authorit(?:y|ies)\b.*"
    # "C2021_ETH_20_NAME" names a group of people, and "school_name" no area that is held.
    r"|(?:.*[_ ])?(?:country|region|la|lad|utla|ltla|area|authority|force|geography|org|pfa)_name\Z"
    r"|(?:lad|utla|ltla|ctyua|rgn|ctry|pfa)[0-9]{2}nm\Z"
)
LEVEL = re.compile(r"geographic(?:al)?[ _]level\Z|level\Z|area[ _]type\Z|geography[ _]type\Z")
# Numbers that count nothing, limits of intervals, which no figure of ours comes from, and areas around the area.
BESIDE = re.compile(
    r".*\b(?:id|identifier|sortable|sort order|urn|laestab|quarter)\Z|(?:lower|upper)\b.*|.*\b(?:lower|upper)\Z"
    r"|(?:.*[ _])?(?:ci|confidence)\b.*|parent\b.*"
)
BASE = re.compile(r"\b(?:denominator|population|base)\b|total[ _]number|^total\Z|^all[ _]")
LOCAL_NAME = re.compile(r"(?:police[ _])?force(?:[ _]name)?\Z|(?:la|local[ _]authority)[ _]name\Z")
LOCAL_CODE = re.compile(r"[EWSN](?:0[6-9]|10|1[0-9]|2[0-3])[0-9]{6}\Z")


@dataclass(frozen=True)
class ColumnSeen:
    """A column as the form shows it: some of its first values, and all where they are few."""

    heading: str
    samples: list[str]
    values: list[str]
    numeric: bool


def look_at(table: ReleaseTable) -> list[ColumnSeen]:
    """Every column with what stands in it."""
    seen = []
    for heading in table.headings:
        different = dict.fromkeys(text or BLANK_VALUE for text in table.column(heading))
        few = list(different) if len(different) <= MOST_VALUES else []
        seen.append(
            ColumnSeen(
                heading, [one for one in different if one != BLANK_VALUE][:4], few, heading in table.numeric
            )
        )
    return seen


def guess_roles(seen: list[ColumnSeen]) -> dict[str, str]:
    """Heading → role, for every column."""
    roles = {column.heading: _role_of(column) for column in seen}
    filters = [column for column in seen if roles[column.heading] == "filter"]
    several = [one for one in filters if len(one.values) > 1]
    if _is_wide(roles):
        roles |= dict.fromkeys([column.heading for column in filters], UNUSED)
    elif several:
        roles[max(several, key=lambda one: len(one.values)).heading] = "divide"
    for role in ("time", "denominator"):
        for extra in [heading for heading, given in roles.items() if given == role][1:]:
            roles[extra] = "figure" if role == "denominator" else UNUSED
    if "area_code" not in roles.values():
        numbers = (column.heading for column in seen if _holds_numbers_of_authorities(column))
        roles |= dict.fromkeys(numbers, "area_code")
    if "figure" not in roles.values():
        roles = {heading: "figure" if role == "denominator" else role for heading, role in roles.items()}
    return roles


def _holds_numbers_of_authorities(column: ColumnSeen) -> bool:
    """Whether a column holds the three-digit numbers that the Department for Education gives to authorities."""
    named = re.match(r"(?:old[ _])?(?:la|local authority)[ _](?:code|number)\Z", column.heading.casefold())
    return named is not None and all(re.match(r"[0-9]{3}\Z", sample) for sample in column.samples)


WIDE = 6


def _is_wide(roles: dict[str, str]) -> bool:
    """Whether the figures stand side by side, rather than below each other with a filter."""
    return sum(role == "figure" for role in roles.values()) >= WIDE


def _role_of(column: ColumnSeen) -> str:
    name = " ".join(column.heading.casefold().split())
    if TIME.match(name):
        return "time"
    if LEVEL.match(name):
        return "level"
    if BESIDE.match(name.replace("_", " ")):
        return UNUSED
    codes = [sample for sample in column.samples if OFFICIAL_CODE.match(sample)]
    if codes and len(codes) * 2 >= len(column.samples):
        return "area_code"
    if NAME.match(name):
        return "area_name"
    if column.numeric:
        if CODE.search(name):  # "Ethnic group Code" numbers the words of "Ethnic group"
            return UNUSED
        return "denominator" if BASE.search(name) else "figure"
    if name == "time_identifier" or not column.values or BLANK_VALUE in column.values:
        return UNUSED
    return "filter"


def is_local(seen: list[ColumnSeen]) -> bool:
    """Whether the release speaks of areas below the country: a level of areas, or codes of authorities."""
    samples = (sample for column in seen for sample in column.samples)
    headings = [column.heading.casefold() for column in seen]
    return (
        any(LEVEL.match(heading) or LOCAL_NAME.match(heading) for heading in headings)
        or any(map(LOCAL_CODE.match, samples))
        or any(map(_holds_numbers_of_authorities, seen))
    )


READINGS_NAMED = {
    "calendar year": CALENDAR,
    "academic year": ACADEMIC,
    "financial year": "financial_year",
    "reporting year": "year_to_march",
}
"""What publishers call the years of a release → how its times are read."""


def guess_reading(seen: list[ColumnSeen]) -> str:
    """How the times are read: as the column time_identifier says, or a heading such as "Academic year"."""
    said = [column.heading for column in seen if TIME.match(column.heading.casefold())]
    for column in seen:
        if column.heading.casefold() == "time_identifier":
            said = column.values or column.samples
    named = {READINGS_NAMED.get(" ".join(text.casefold().replace("_", " ").split()), "") for text in said}
    return named.pop() or "year_to_march" if len(named) == 1 else "year_to_march"


def guess_total(seen: list[ColumnSeen], roles: dict[str, str]) -> str:
    """The value of the dividing column that stands for its total; "" where none does."""
    values = (value for one in seen if roles[one.heading] == "divide" for value in one.values)
    return next(filter(TOTAL.match, values), "")


def guess_category(value: str, categories: dict[str, str]) -> str:
    """The category whose label says the same as a value in fewer or more words; "" where none or several do."""
    near = [
        name
        for name, label in categories.items()
        if fuzz.token_set_ratio(_words(value), _words(label)) >= LIKE_ENOUGH
    ]
    if len(near) == 1:
        return near[0]
    # "Black, Black British, Caribbean or African: African" and "Black: African" agree in what stands last.
    last = {name: fuzz.token_sort_ratio(_last(value), _last(categories[name])) for name in near}
    best = max(last.values(), default=0)
    likely = [name for name in near if last[name] == best]
    return likely[0] if best >= LIKE_ENOUGH and len(likely) == 1 else ""


LIKE_ENOUGH = 90
"""Of 100: all words of the shorter text, or nearly. Below it the proposal would mostly be wrong."""


def _last(text: str) -> str:
    """The words after the last colon: the most detailed part of a label."""
    return _words(text.rpartition(":")[2])


def _words(text: str) -> str:
    return " ".join(re.findall(r"[a-z0-9]+", text.casefold()))


def guess_kept(column: ColumnSeen, role: str) -> list[str]:
    """The values of a filter whose rows are probably wanted: its total where it has one, else all."""
    if role == "level":
        return column.values
    totals = [value for value in column.values if TOTAL.match(value)]
    return totals[:1] or column.values

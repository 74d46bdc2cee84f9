"""What a time in a release means: the days it covers, and the year under which an area figure is held.

The forms are those of the publishers: 2024; 202324 and 2023-24 for a span of two years; 31 March 2024; March 2024;
"year ending March 2024". What a bare year stands for is said by the mapping, never guessed.
"""

import re
from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Period:
    """First and last day, the `PeriodType`, and the year in which the period ends."""

    start: date
    end: date
    kind: str

    @property
    def year(self) -> int:
        return self.end.year

    @property
    def tag(self) -> str:
        """The period as a part of an identifier."""
        if self.start == self.end:
            return self.end.isoformat()
        if self.start.year == self.end.year:
            is_month = self.start.month == self.end.month  # not by its number: 2011-12 is a span of two years
            return f"{self.end.year}-{MONTHS[self.end.month - 1]}" if is_month else f"{self.end.year}"
        return f"{self.start.year}-{self.end.year % 100:02}"


class UnreadableTime(Exception):
    """The text names no period of the kind that the mapping asks for; the message says what would be right."""


CALENDAR, SNAPSHOT, UNKNOWN = "calendar_year", "snapshot", "unknown"
"""Words of `PeriodType`."""

ACADEMIC = "academic_year"
"""A reading of ours: the store calls a year that ends in August unknown and keeps its dates."""

READINGS = {
    "year_to_march": "Years to 31 March",
    "financial_year": "Financial years, April to March",
    CALENDAR: "Calendar years",
    ACADEMIC: "Academic years, September to August",
    SNAPSHOT: "One day or one month",
}
"""How the times of a release are read, in words."""

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
MONTH = r"(?P<month>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"

ISO_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})\Z")
DAY = re.compile(rf"(?P<day>[0-9]{{1,2}}) {MONTH} (?P<year>[0-9]{{4}})\Z")
MONTH_OF_YEAR = re.compile(rf"(?:year (?:ending|to) )?{MONTH} (?P<year>[0-9]{{4}})\Z")
SPAN = re.compile(r"([0-9]{4}) ?(?:[-/–_]|to )? ?([0-9]{2}|[0-9]{4})\Z")
ONE_YEAR = re.compile(r"(?:year )?([0-9]{4})\Z")

MONTHS_OF_A_YEAR = re.compile(
    r"(?:year )?(?P<first>[a-z]{3})[a-z]*\.? (?P<from>[0-9]{4}) ?(?:to|-|–) ?(?P<last>[a-z]{3})[a-z]*\.? (?P<to>[0-9]{4})\Z"
)
BRITISH_DAY = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})\Z")

YEAR_OF = {
    "year_to_march": ((4, 1), (3, 31)),
    "financial_year": ((4, 1), (3, 31)),
    CALENDAR: ((1, 1), (12, 31)),
    ACADEMIC: ((9, 1), (8, 31)),
}
"""Reading → first and last day of its years, as month and day."""

YEARS_IN_WORDS = re.compile(
    r"(?<![0-9])((?:19|20)[0-9]{2})(?: ?(?:[-/–_]|to) ?((?:19|20)?[0-9]{2})|([0-9]{2}))?(?![0-9])"
)


def read_period(text: str, reading: str) -> Period:
    """The period that a text names, read as the mapping says (a key of `READINGS`). Raises `UnreadableTime`."""
    said = " ".join(text.casefold().split())
    if reading == SNAPSHOT:
        return _snapshot(said, text)
    span, year = SPAN.match(said), ONE_YEAR.match(said)
    month = MONTH_OF_YEAR.match(said)
    if year:
        last, is_span = int(year[1]), False
    elif span and _second_year(span[1], span[2]):
        last, is_span = int(span[1]) + 1, True
    elif month and month["month"] == "mar" and reading != ACADEMIC:
        last, is_span = int(month["year"]), False
    elif ending := _whole_year(said, reading):
        return _year_to(ending, reading)
    else:
        raise UnreadableTime(f"names no year; right would be 2024, 202324 or 2023-24, not {text!r}")
    if not 1900 <= last <= 2100:
        raise UnreadableTime(f"is not a year between 1900 and 2100: {text!r}")
    if reading == CALENDAR and (is_span or month):
        raise UnreadableTime(f"is not one calendar year: {text!r}")
    return _year_to(last, reading)


def _year_to(last: int, reading: str) -> Period:
    """The year of a reading that ends in the calendar year `last`."""
    first_day, last_day = YEAR_OF[reading]
    begins = last if reading == CALENDAR else last - 1
    kind = UNKNOWN if reading == ACADEMIC else reading
    return Period(date(begins, *first_day), date(last, *last_day), kind)


def _whole_year(said: str, reading: str) -> int:
    """The calendar year in which a year ends that is named by its months or its last day; 0 where none is."""
    first_day, last_day = YEAR_OF[reading]
    if found := MONTHS_OF_A_YEAR.match(said):
        named = MONTHS.index(found["first"]) + 1 if found["first"] in MONTHS else 0
        ends = MONTHS.index(found["last"]) + 1 if found["last"] in MONTHS else 0
        years = int(found["to"]) - int(found["from"])
        if (named, ends, years) == (first_day[0], last_day[0], int(reading != CALENDAR)):
            return _plausible(int(found["to"]))
    year, month, day = _day_named(said)
    return _plausible(year) if (month, day) == last_day else 0


def _plausible(year: int) -> int:
    return year if 1900 <= year <= 2100 else 0


def _day_named(said: str) -> tuple[int, int, int]:
    """Year, month and day of a text that names a day; noughts where it names none."""
    if found := ISO_DAY.match(said):
        return int(found[1]), int(found[2]), int(found[3])
    if found := DAY.match(said.removeprefix("year ending ").removeprefix("year to ")):
        return int(found["year"]), MONTHS.index(found["month"]) + 1, int(found["day"])
    if found := BRITISH_DAY.match(said):
        return int(found[3]), int(found[2]), int(found[1])
    return 0, 0, 0


def _second_year(first: str, second: str) -> bool:
    """Whether the second year follows the first; both may be written in full."""
    return int(second) in (int(first) + 1, (int(first) + 1) % 100)


def _snapshot(said: str, text: str) -> Period:
    try:
        if found := ISO_DAY.match(said):
            day = date(*map(int, found.groups()))
            return Period(day, day, SNAPSHOT)
        if found := DAY.match(said):
            day = date(int(found["year"]), MONTHS.index(found["month"]) + 1, int(found["day"]))
            return Period(day, day, SNAPSHOT)
        if found := MONTH_OF_YEAR.match(said):
            year, month = int(found["year"]), MONTHS.index(found["month"]) + 1
            return Period(date(year, month, 1), date(year, month, monthrange(year, month)[1]), SNAPSHOT)
    except ValueError:
        raise UnreadableTime(f"is not a day of the calendar: {text!r}") from None
    raise UnreadableTime(f"names no day or month; right would be 2021-03-21 or March 2021, not {text!r}")


def without_years(name: str) -> str:
    """The name of a file without the years in it, since the next release has others; the whole where nothing is left."""
    words = re.findall(r"\w+", YEARS_IN_WORDS.sub(" ", name).replace("_", " "))
    bare = " ".join(word for word in words if word.casefold() not in ("to", "and"))
    return bare if re.search("[A-Za-z]", bare) else name


def years_named(texts: Iterable[str]) -> list[str]:
    """The years and spans of years in the first of some texts that names any, such as a file's name or a title."""
    for text in texts:
        found = []
        for match in YEARS_IN_WORDS.finditer(text):
            second = match[2] or match[3]
            if second and _second_year(match[1], second):
                found.append(f"{match[1]}-{int(second) % 100:02}")
            elif not second:
                found.append(match[1])
        if found:
            return list(dict.fromkeys(found))
    return []

"""Numbers, periods and ratings in plain English."""

from collections.abc import Sequence
from datetime import date, timedelta

from evidence.charts.figures import ChartFinding, MeasureInfo


# What stands before a number that is not an exact count. Rounding by the publisher and sums
# worked out by us do not change the number's reading, so they get a sentence, not a prefix.
_PREFIX = {"approximate": "about ", "lower_bound": "at least ", "upper_bound": "up to "}

PRECISION = {
    "exact": "printed as an exact figure",
    "rounded": "rounded by the publisher",
    "approximate": "given in words or approximately (about)",
    "lower_bound": "a lower bound (at least)",
    "upper_bound": "an upper bound (up to)",
    "derived": "worked out from printed numbers",
}

QUALITY = {
    "strong": "strong",
    "moderate": "moderate",
    "weak": "weak",
    "unclear": "unclear",
    "not_rated": "not rated",
}

VERIFICATION = {
    "primary": "read in the source itself",
    "secondary": "read in another text and not checked against the original (secondary)",
}

_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)

# METHODS section 7: whole per cent when the base is below this, one decimal otherwise.
_SMALL_BASE = 200


def join(parts: Sequence[str], last: str = "and") -> str:
    """`a, b and c`; an empty text for no parts."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {last} {parts[-1]}"


def sentence(text: str) -> str:
    """`text` with a capital first letter and a full stop."""
    text = text.strip()
    if not text:
        return ""
    return text[0].upper() + text[1:] + ("" if text[-1] in ".?!" else ".")


def capital(text: str) -> str:
    """`text` with a capital first letter, the rest untouched."""
    return text[:1].upper() + text[1:]


def number(value: float) -> str:
    """A number with thousands separators, no decimals where it is whole."""
    if value == int(value):
        return f"{int(value):,}".replace("-", "−")
    return f"{value:,.10g}".replace("-", "−")


def printed(value_text: str) -> str:
    """A number as its source prints it, with thousands separators put in; trailing zeros stay."""
    bare = value_text.strip().replace(",", "")
    whole, point, decimals = bare.partition(".")
    sign = "−" if whole[:1] in "-−" else ""
    digits = whole.lstrip("-−+")
    return f"{sign}{int(digits):,}{point}{decimals}" if digits.isdecimal() else value_text


def percent(share: float, total: float | None = None) -> str:
    """A share on the scale 0 to 100 that was worked out here, as text with its sign.

    Whole per cent when the base `total` is below 200 or not known, one decimal otherwise,
    never two (METHODS section 7). A share that is not nothing never reads as 0%, and one that
    is not everything never as 100%.
    """
    decimals = 0 if total is None or total < _SMALL_BASE else 1
    text = f"{share:.{decimals}f}"
    step = 1 if decimals == 0 else 0.1
    if share > 0 and float(text) == 0:
        return f"under {step}%"
    if share < 100 and float(text) == 100:
        return f"over {100 - step:g}%"
    return f"{text}%"


def is_per_cent(measure: MeasureInfo, statistic: str) -> bool:
    """Whether a figure of this statistic is on the scale of per cent."""
    if statistic in ("percentage", "percentage_change"):
        return True
    return measure.unit_label.startswith("per cent") and statistic != "count"


def value(measure: MeasureInfo, finding: ChartFinding, *, unit: bool = False) -> str:
    """The figure as printed with its sign and its bound: `83%`, `at least 57 children`.

    With `unit` the thing counted follows; percentages never carry it.
    """
    text = printed(finding.value_text)
    prefix = _PREFIX.get(finding.precision, "")
    if is_per_cent(measure, finding.statistic):
        if finding.statistic == "percentage_change" and finding.value > 0:
            text = f"+{text}"
        return f"{prefix}{text}%"
    return f"{prefix}{text} {measure.unit_label}" if unit else f"{prefix}{text}"


def bounded(finding: ChartFinding, text: str) -> str:
    """`text` with the words that keep a bound from looking exact."""
    return f"{_PREFIX.get(finding.precision, '')}{text}"


def base(measure: MeasureInfo, finding: ChartFinding) -> str:
    """The base in words: `1,217 possible offenders`, or `base not stated`."""
    if finding.denominator is None:
        return "base not stated"
    return f"{number(finding.denominator)} {measure.unit_label}"


def quality(finding: ChartFinding) -> str:
    """The rating in words, marked where it is provisional, and where it is the figure's own."""
    word = QUALITY.get(finding.quality, finding.quality)
    if finding.lowered_from:
        return f"{word} (this figure; its source: {QUALITY.get(finding.lowered_from[0], finding.lowered_from[0])})"
    provisional = " (provisional)" if finding.quality_provisional and finding.quality != "not_rated" else ""
    return f"{word}{provisional}"


def short_period(finding: ChartFinding) -> str:
    """The period as short as an axis needs it: `2013-14`, `2023`, `Jan to Sep 2024`."""
    start, end = finding.period_start, finding.period_end
    if start is None or end is None:
        return finding.period_label or "not stated"
    if is_financial_year(start, end):
        return f"{start.year}-{end.year % 100:02d}"
    if is_whole_years(start, end):
        return f"{start.year}" if start.year == end.year else f"{start.year} to {end.year}"
    if start == end or finding.period_type == "snapshot":
        return f"{_MONTHS[end.month - 1][:3]} {end.year}"
    first = (
        f"{_MONTHS[start.month - 1][:3]} {start.year}"
        if start.year != end.year
        else _MONTHS[start.month - 1][:3]
    )
    return f"{first} to {_MONTHS[end.month - 1][:3]} {end.year}"


def period_label(start: date | None, end: date | None, period_type: str) -> str:
    """The period in words for tables and captions; `period not stated` without dates."""
    if start is None or end is None:
        return "period not stated"
    if is_financial_year(start, end):
        if period_type == "financial_year":
            return f"{start.year}-{end.year % 100:02d}"
        return f"year to March {end.year}"
    if is_whole_years(start, end):
        return f"{start.year}" if start.year == end.year else f"{start.year} to {end.year}"
    if start == end:
        return f"{end.day} {_MONTHS[end.month - 1]} {end.year}"
    if start.day != 1 or (end + timedelta(days=1)).day != 1:
        return f"{_day(start)} to {_day(end)}"
    if (start.year, start.month) == (end.year, end.month):
        return f"{_MONTHS[end.month - 1]} {end.year}"
    first = f"{_MONTHS[start.month - 1]} {start.year}" if start.year != end.year else _MONTHS[start.month - 1]
    return f"{first} to {_MONTHS[end.month - 1]} {end.year}"


def is_financial_year(start: date, end: date) -> bool:
    """Whether the period runs from 1 April to 31 March of the next year."""
    return (start.month, start.day, end.month, end.day) == (4, 1, 3, 31) and end.year == start.year + 1


def is_whole_years(start: date, end: date) -> bool:
    """Whether the period runs from 1 January to 31 December of one or more years."""
    return (start.month, start.day, end.month, end.day) == (1, 1, 12, 31)


def _day(moment: date) -> str:
    return f"{moment.day} {_MONTHS[moment.month - 1]} {moment.year}"

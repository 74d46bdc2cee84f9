"""Words for values: periods, sources, numbers. Plain functions; the charts have their own for what they draw."""

from datetime import date


def period_words(start: date | None, end: date | None, kind: str) -> str:
    """A period as readers say it: "2023", "2013-14", "year to March 2023", "2008 to 2011", "January to September 2024".

    An unknown period is "period not stated".
    """
    if start is None or end is None:
        return "period not stated"
    whole_years = (start.month, start.day) == (1, 1) and (end.month, end.day) == (12, 31)
    if kind == "calendar_year":
        return str(start.year)
    if kind == "financial_year":
        return f"{start.year}-{end.year % 100:02d}"
    if kind == "year_to_march":
        return f"year to March {end.year}"
    if whole_years:
        return str(start.year) if start.year == end.year else f"{start.year} to {end.year}"
    if start == end:
        return f"{start.day} {start:%B %Y}"
    first_of_month = start.day == 1
    last_of_month = (date.fromordinal(end.toordinal() + 1)).day == 1
    if first_of_month and last_of_month:
        if (start.year, start.month) == (end.year, end.month):
            return f"{start:%B %Y}"
        if start.year == end.year:
            return f"{start:%B} to {end:%B %Y}"
        return f"{start:%B %Y} to {end:%B %Y}"
    return f"{start.day} {start:%B %Y} to {end.day} {end:%B %Y}"


def source_words(authors: str, publisher: str, year: int | None) -> str:
    """A source on an axis or in a table cell: its authors, shortened, and its year."""
    who = authors or publisher
    names = [name.strip() for name in who.split(",")]
    # Personal names come as "Surname Initials"; bodies as whole names. More than two become "and others".
    short = who if len(names) <= 2 else f"{names[0]} and others"
    return f"{short}, {year}" if year else f"{short}, no date"

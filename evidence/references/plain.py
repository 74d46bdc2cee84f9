"""A reference as text to copy: who, when, what, where, in the order of Harvard styles."""

from __future__ import annotations

from studies.loading.records import Record


MOST_NAMED = 6
"""Authors that are named; with more, the first is, and "and others"."""


def cite(record: Record) -> str:
    """The reference in a line. What is not known is left out, but for the year, which is said to be missing."""
    who = _people(record.authors) or record.publisher
    parts = [f"{who} ({record.year or 'no date'})" if who else f"({record.year or 'no date'})"]
    parts.append(record.title.rstrip("."))
    parts.append(_place(record))
    if record.publisher not in ("", who, record.container):
        parts.append(record.publisher)
    parts.append(f"https://doi.org/{record.doi}" if record.doi else record.url)
    return ". ".join(part for part in parts if part) + ("" if record.doi or record.url else ".")


def _people(names: tuple[str, ...]) -> str:
    if len(names) > MOST_NAMED:
        return f"{names[0]} and others"
    return " and ".join(filter(None, ["; ".join(names[:-1]), names[-1]])) if names else ""


def _place(record: Record) -> str:
    issue = f"({record.issue})" if record.issue else ""
    pages = record.pages if not record.pages[:1].isdigit() else f"pages {record.pages}"
    return ", ".join(filter(None, [record.container, f"{record.volume}{issue}", pages]))

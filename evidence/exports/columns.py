"""What a download holds: each column once, with its key, its path and its meaning."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from studies.vocabulary import NOT_RATED


Cell = str | int | float | bool | Decimal | date | None


@dataclass(frozen=True)
class Column:
    """One column of a download: its key, where the value comes from, what it means, and how it is shaped.

    `shape` turns the stored value into the value of the file; most columns need none.
    """

    key: str
    path: str
    meaning: str
    shape: Callable[[Any], Cell] = lambda value: value


def yes_no(value: bool | None) -> str | None:
    return None if value is None else ("yes" if value else "no")


def rating(value: str | None) -> str:
    return value or NOT_RATED


def rating_status(value: str | None) -> str:
    return value or "no appraisal"


def blank_to_none(value: str) -> str | None:
    return value or None


SOURCE_COLUMNS = (
    Column("source_id", "source_id", "Identifier of the source."),
    Column("title", "title", "Title as on the document."),
    Column("authors", "authors", "Bodies or report authors.", blank_to_none),
    Column("year", "year", "Year of publication; blank where not stated."),
    Column("publisher", "publisher", "Publisher.", blank_to_none),
    Column("source_type", "source_type", "Kind of document; blank where not yet described.", blank_to_none),
    Column("method", "method", "How the evidence was gathered.", blank_to_none),
    Column("geography", "geography", "Area covered.", blank_to_none),
    Column("data_period_start", "data_period_start", "First day of the period that the data cover."),
    Column("data_period_end", "data_period_end", "Last day of that period."),
    Column("doi", "doi", "Digital object identifier.", blank_to_none),
    Column("isbn", "isbn", "Book number.", blank_to_none),
    Column("url", "url", "The publisher's address, or a catalogue's.", blank_to_none),
    Column("peer_reviewed", "peer_reviewed", "yes or no; blank where not known.", yes_no),
    Column(
        "accredited_official_statistics",
        "accredited_official_statistics",
        "yes only where the notes on the source say so.",
    ),
    Column(
        "quality",
        "rating",
        "Rating of the source as a whole: strong, moderate, weak, unclear, not_rated.",
        rating,
    ),
    Column(
        "quality_status", "rating_status", "provisional: an editorial draft; final: agreed.", rating_status
    ),
    Column("finding_count", "search__finding_count", "Number of figures taken from the source."),
    Column("summary", "summary", "Summary in our own words.", blank_to_none),
    Column("limitations", "limitations", "Limitations in our own words.", blank_to_none),
    Column(
        "bibliographic_check",
        "bibliographic_check",
        "seen, or quoted_by_others: the document was not read; blank where only its record is held.",
        blank_to_none,
    ),
)

FINDING_COLUMNS = (
    Column("finding_id", "finding_id", "Identifier of the finding."),
    Column("measure_id", "measure_id", "Identifier of the measure."),
    Column("measure", "measure__label", "What is measured."),
    Column("unit", "measure__unit_label", "What is counted."),
    Column("category_id", "category__category_id", "Class within the measure; blank for a total."),
    Column("category", "category__label", "The class in words."),
    Column("is_unknown", "category__is_unknown", "yes where the class is unknown or not recorded.", yes_no),
    Column(
        "statistic",
        "statistic",
        "count, percentage, percentage_change, estimate, mean, median, minimum, maximum.",
    ),
    Column("value", "value", "The number as printed; per cent for percentages."),
    Column("numerator", "numerator", "Count behind the value, where known."),
    Column("denominator", "denominator", "Base of the value, where known."),
    Column("scope", "scope", "The population covered. Different scopes are different quantities."),
    Column("breakdown_id", "breakdown_id", "Shared by the rows that divide one base.", blank_to_none),
    Column("breakdown_complete", "breakdown_complete", "yes where the classes make up the base.", yes_no),
    Column(
        "unknown_in_breakdown",
        "unknown_value",
        "The unknown part of the same breakdown, on the scale of value; blank where the source reports none.",
    ),
    Column("precision", "precision", "How exact the number is."),
    Column("period_start", "period_start", "First day of the period."),
    Column("period_end", "period_end", "Last day of the period."),
    Column("period_type", "period_type", "Kind of period."),
    Column("geography", "geography", "Area."),
    Column(
        "verification",
        "verification",
        "primary: read in the source; secondary: in another text, not checked.",
    ),
    Column("quality", "rating", "Rating of the source as a whole, or the lower one of this figure.", rating),
    Column(
        "quality_status", "rating_status", "provisional: an editorial draft; final: agreed.", rating_status
    ),
    Column(
        "lower_reason",
        "lower_reason",
        "Why this figure is rated lower than its source; blank where it is not.",
        blank_to_none,
    ),
    Column("source_id", "source_id", "Identifier of the source."),
    Column("source", "source__title", "Title of the source."),
    Column("publisher", "source__publisher", "Publisher of the source."),
    Column("source_year", "source__year", "Year of publication of the source."),
    Column("source_type", "source__source_type", "Kind of document."),
    Column("definition_note", "definition_note", "What the figure is, and what to watch."),
    Column("comparability_note", "measure__comparability_note", "What must not be compared or pooled."),
    Column("locator", "locator", "Where in the source, or what kind of text it was read in."),
)

"""The table twin: the numbers of a picture as text for readers and as values for files."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from evidence.charts import words
from evidence.charts.figures import ChartFinding, MeasureInfo


Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its key in the records, its heading, and whether it is set as numbers."""

    key: str
    label: str
    numeric: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table twin. `rows` are texts in the order of `columns`; `records` are raw values.

    Each record has `id`, `drawn` (whether it is in the picture) and `drawn_value` (the number
    that the picture shows, on the picture's scale), None where it is not drawn.
    """

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    records: tuple[Record, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of a table twin before it is turned into text.

    `drawn` is the number in the picture or None. `texts` overrides or adds displayed cells by
    column key; `values` adds raw values to the record.
    """

    finding: ChartFinding | None
    drawn: float | None
    key: str
    texts: Mapping[str, str]
    values: Mapping[str, Any]


def entry(
    finding: ChartFinding,
    drawn: float | None,
    texts: Mapping[str, str] | None = None,
    values: Mapping[str, Any] | None = None,
) -> Entry:
    """The table row of a finding, drawn with the number `drawn` (None: not in the picture)."""
    return Entry(finding, drawn, finding.finding_id, texts or {}, values or {})


def build_table(
    caption: str,
    measure: MeasureInfo,
    entries: Sequence[Entry],
    extra: Sequence[Column] = (),
) -> Table:
    """The table twin of `entries`, with the columns that every figure needs beside it.

    `extra` columns (intervals, shares, bounds) stand after the figure. The category column is
    left out when nothing has a category, `In the picture` when everything is in it.
    """
    columns = [
        Column("category", "Category"),
        Column("figure", "Figure", numeric=True),
        *extra,
        Column("base", "Base"),
        Column("source", "Source"),
        Column("scope", "Who or what is covered"),
        Column("period", "Period"),
        Column("geography", "Area"),
        Column("precision", "How exact"),
        Column("quality", "Quality of source"),
        Column("verification", "How it was read"),
        Column("note", "Note"),
        Column("in_picture", "In the picture"),
    ]
    texts = [_texts(measure, item) for item in entries]
    if not any(text["category"] for text in texts):
        columns = [column for column in columns if column.key != "category"]
    if all(item.drawn is not None for item in entries):
        columns = [column for column in columns if column.key != "in_picture"]
    rows = tuple(tuple(text.get(column.key, "") for column in columns) for text in texts)
    return Table(caption, tuple(columns), rows, tuple(_record(item) for item in entries))


def _texts(measure: MeasureInfo, item: Entry) -> dict[str, str]:
    """The displayed cells of one row by column key."""
    finding = item.finding
    cells = {"category": "", "in_picture": "no" if item.drawn is None else "yes"}
    if finding is not None:
        cells |= {
            "category": finding.category_label or "",
            "figure": words.value(measure, finding),
            "base": words.base(measure, finding),
            "source": finding.source_label,
            "scope": finding.scope,
            "period": finding.period_label,
            "geography": finding.geography,
            "precision": words.PRECISION.get(finding.precision, finding.precision),
            "quality": words.quality(finding),
            "verification": words.VERIFICATION.get(finding.verification, finding.verification),
            "note": finding.definition_note,
        }
    return {**cells, **item.texts}


def _record(item: Entry) -> Record:
    """The raw values of one row; missing is None, dates are ISO texts."""
    finding = item.finding
    record: Record = {"id": item.key, "drawn": item.drawn is not None, "drawn_value": item.drawn}
    if finding is not None:
        record |= {
            "finding_id": finding.finding_id,
            "category_id": finding.category_id,
            "category": finding.category_label,
            "statistic": finding.statistic,
            "value": finding.value,
            "value_text": finding.value_text,
            "numerator": finding.numerator,
            "denominator": finding.denominator,
            "precision": finding.precision,
            "source_id": finding.source_id,
            "source": finding.source_label,
            "scope": finding.scope,
            "period_start": finding.period_start.isoformat() if finding.period_start else None,
            "period_end": finding.period_end.isoformat() if finding.period_end else None,
            "period": finding.period_label,
            "geography": finding.geography,
            "quality": finding.quality,
            "quality_provisional": finding.quality_provisional,
            "verification": finding.verification,
            "note": finding.definition_note,
        }
    return {**record, **item.values}

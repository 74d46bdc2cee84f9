"""What a chart is made from: one measure, its findings, and what the reader asked to see."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class MeasureInfo:
    """What is measured.

    `quantity` is composition, proportion, count, rate, mean, range or estimate. `series` says
    that rows of one source, category and geography may be drawn as a time series.
    """

    measure_id: str
    label: str
    quantity: str
    unit_label: str
    unit_of_analysis: str
    definition: str
    comparability_note: str
    series: bool


@dataclass(frozen=True, slots=True)
class ChartFinding:
    """One figure as its source reports it.

    `value` is on the printed scale: per cent (0 to 100) for percentages, otherwise the number
    itself; `value_text` is the same as printed, trailing zeros kept. `numerator` and
    `denominator` are counts, None where the source does not give them. `quality` is strong,
    moderate, weak, unclear or not_rated; `verification` is primary or secondary. `lowered_from`
    is the source's rating and whether that is provisional, where the figure's own is lower.
    """

    finding_id: str
    source_id: str
    source_label: str
    category_id: str | None
    category_label: str | None
    category_order: int
    is_unknown: bool
    scope: str
    breakdown_id: str | None
    breakdown_complete: bool | None
    statistic: str
    value: float
    value_text: str
    numerator: float | None
    denominator: float | None
    precision: str
    period_start: date | None
    period_end: date | None
    period_type: str
    period_label: str
    geography: str
    quality: str
    quality_provisional: bool
    verification: str
    definition_note: str
    note_of_overlap: str | None
    lowered_from: tuple[str, bool] | None = None


@dataclass(frozen=True, slots=True)
class Break:
    """A change of definition or collection: no line is drawn across `at`.

    `category_ids` limits it to some categories; None means that it holds for all of them.
    """

    at: date
    label: str
    category_ids: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Focus:
    """The categories and areas the reader asked for; empty means the default choice."""

    category_ids: tuple[str, ...] = ()
    geographies: tuple[str, ...] = ()

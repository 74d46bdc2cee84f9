"""What a forest plot is made from: studies, the pooled shares, and the words that must stand beside them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ForestRow:
    """One study. Shares are on the scale 0 to 1, `weight` is per cent of all weights.

    `low` and `high` are its own Wilson limits, not those of the model. A study that is not
    `included` carries the `reason` and is listed in the table only.
    """

    row_id: str
    label: str
    events: int
    total: int
    share: float
    low: float
    high: float
    weight: float | None
    quality: str
    included: bool = True
    reason: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class ForestPooled:
    """A pooled share with its 95% interval and prediction interval, scale 0 to 1."""

    k: int
    share: float
    low: float
    high: float
    prediction_low: float | None = None
    prediction_high: float | None = None


@dataclass(frozen=True, slots=True)
class ForestInput:
    """A synthesis to be drawn.

    `restricted` is the result from studies of better quality, or None with `why_not_restricted`
    saying why there is none. `method_line` names model, interval, degrees of freedom and
    settings; `warnings` are the warnings of the synthesis in words.
    """

    chart_id: str
    label: str
    unit_label: str
    subtitle: str
    rows: tuple[ForestRow, ...]
    pooled: ForestPooled
    restricted: ForestPooled | None
    why_not_restricted: str
    method_line: str
    source_line: str
    warnings: tuple[str, ...] = ()
    captions: tuple[str, ...] = ()

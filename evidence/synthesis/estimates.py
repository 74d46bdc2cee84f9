"""What goes into a synthesis: one described estimate per study, and what was left out of it and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple


QUALITIES = ("strong", "moderate", "weak", "unclear")
VERIFICATIONS = ("primary", "secondary")
PRECISIONS = ("exact", "rounded", "approximate", "lower_bound", "upper_bound", "derived")


class Interval(NamedTuple):
    """Lower and upper limit, on the scale that the owner of the interval names."""

    low: float
    high: float

    @property
    def width(self) -> float:
        return self.high - self.low

    def covers(self, value: float) -> bool:
        """Whether ``value`` lies in the closed interval."""
        return self.low <= value <= self.high


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """One study's count with everything that decides whether it may stand in a pool.

    Parameters
    ----------
    label : str
        How readers know the study, for instance "Children's Commissioner 2012".
    events, total : int or None
        People (or whatever ``unit`` counts) with the characteristic, and the base. None where not printed.
    percentage, decimals : float or None, int
        The printed percentage and its number of decimals, used to rebuild ``events`` where only it is given.
    source_id, finding_id, measure_id, category : str
        Where the figure comes from and what it measures.
    unit : str
        The unit counted (offender, victim, group, case, ...). Blank means unrecorded, which refuses a pool.
    scope : str
        The population covered, in words. Different scopes never share a pool.
    period : (date, date) or None
        First and last day counted.
    geography : str
        Area covered; blank means unknown.
    register : str
        The register, cohort or police data set the people were counted in; blank means unknown, and unknown is
        treated as possibly shared.
    source_type, quality, verification, precision, measurement : str
        As in the evidence base. ``measurement`` is "observed" or "self_reported" where that is known.
    denominator_known : bool
        False where the base of the percentage was not stated.
    selected_on_outcome : bool
        True for a case series of cases only: it was not sampled from the population the share speaks of.
    clustered : bool
        True where incidents are nested in people. Needs ``cluster_size`` and ``icc`` to be usable.
    cluster_size, icc : float or None
        Mean incidents per person and intraclass correlation; the design effect is 1 + (m - 1) ICC.
    standard_error : float or None
        Design-based standard error of the share (0 to 1 scale) of a complex sample, used in place of x/n.
    unknown : float or None
        People whose category was not recorded. None means that nothing is known about missing values.
    unknown_in_total : bool
        Whether ``total`` includes the unknowns.

    Raises
    ------
    ValueError
        If quality, verification or precision is not one of the words of the vocabulary. Numbers are judged by
        the guard rails, which name the study instead of failing.
    """

    label: str
    events: float | None = None
    total: float | None = None
    percentage: float | None = None
    decimals: int = 0
    source_id: str = ""
    finding_id: str = ""
    measure_id: str = ""
    category: str = ""
    unit: str = ""
    scope: str = ""
    period: tuple[date, date] | None = None
    geography: str = ""
    register: str = ""
    source_type: str = ""
    quality: str = "unclear"
    verification: str = "primary"
    precision: str = "exact"
    measurement: str = ""
    denominator_known: bool = True
    selected_on_outcome: bool = False
    clustered: bool = False
    cluster_size: float | None = None
    icc: float | None = None
    standard_error: float | None = None
    unknown: float | None = None
    unknown_in_total: bool = True

    def __post_init__(self) -> None:
        for name in ("events", "total", "percentage", "cluster_size", "icc", "standard_error", "unknown"):
            value = getattr(self, name)
            # Databases hand out decimals, which do not mix with floats.
            if isinstance(value, Decimal):
                object.__setattr__(self, name, float(value))
        for value, allowed in (
            (self.quality, QUALITIES),
            (self.verification, VERIFICATIONS),
            (self.precision, PRECISIONS),
        ):
            if value not in allowed:
                raise ValueError(f"{value!r} is not one of {', '.join(allowed)} ({self.label})")

    @property
    def base_with_unknown(self) -> float | None:
        """The base that includes people whose category was not recorded."""
        if self.total is None or self.unknown is None:
            return self.total
        return self.total if self.unknown_in_total else self.total + self.unknown

    @property
    def unknown_share(self) -> float | None:
        """Unknowns as a share of everybody, 0 to 1; None where nothing is recorded about them."""
        base = self.base_with_unknown
        if self.unknown is None or not base:
            return None
        return self.unknown / base

    @property
    def design_effect(self) -> float | None:
        """1 + (m - 1) ICC for clustered incidents, None where it is not needed or cannot be computed."""
        if not self.clustered or self.cluster_size is None or self.icc is None:
            return None
        return 1.0 + (self.cluster_size - 1.0) * self.icc


@dataclass(frozen=True)
class Excluded:
    """An estimate that was left out, with the rule and the reason in words."""

    estimate: Estimate
    rule: str
    reason: str

    @property
    def label(self) -> str:
        return self.estimate.label

"""How the synthesis says no (refusals R1 to R9) and how it says careful (cautions W1 to W12)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple


class Row(NamedTuple):
    """One input row by its 1-based place and the label that people know it by."""

    number: int
    label: str

    def __str__(self) -> str:
        return f"{self.label} (row {self.number})"


@dataclass(frozen=True)
class Refusal:
    """Why no pooled figure exists: a rule code R1 to R9, a sentence, and the rows concerned."""

    code: str
    message: str
    rows: tuple[Row, ...] = ()


@dataclass(frozen=True)
class Caution:
    """A sentence that must stand beside a figure, also in exports, under its code W1 to W12."""

    code: str
    message: str


class PoolingRefused(ValueError):
    """Raised instead of computing a figure that one of the rules R1 to R9 forbids.

    Parameters
    ----------
    code : str
        The rule: R1 unit, R2 question, R3 overlap, R4 number of studies, R5 empty, R6 invalid input, R7 tiny,
        R8 not sampled, R9 clustered incidents.
    message : str
        One sentence that can be shown to a reader as it stands.
    rows : sequence of Row
        The input rows concerned, where the rule is about rows.
    """

    def __init__(self, code: str, message: str, rows: Sequence[Row] = ()) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.rows = tuple(rows)

    @property
    def refusal(self) -> Refusal:
        """The same as a plain value that can be stored in a result."""
        return Refusal(self.code, self.message, self.rows)

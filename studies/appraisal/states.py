"""What may become of a round and of an appraisal: one table, from which every check is made.

A row says: this step is taken from one of these states and leads to that one. Whose right it is stands in
`studies.permissions`; what else must hold stands with the action of that name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from studies.vocabulary import AppraisalStatus as A
from studies.vocabulary import RoundStatus as R


# As plain text: what is compared here comes from rows.
PROVISIONAL, DRAFT, SUBMITTED = str(A.PROVISIONAL), str(A.DRAFT), str(A.SUBMITTED)
FINAL, SUPERSEDED, WITHDRAWN = str(A.FINAL), str(A.SUPERSEDED), str(A.WITHDRAWN)
ROUND_OPEN, ROUND_RECONCILING = str(R.OPEN), str(R.RECONCILING)
ROUND_DECIDED, ROUND_CANCELLED = str(R.DECIDED), str(R.CANCELLED)


@dataclass(frozen=True, slots=True)
class Move:
    """A step: the states that it starts from, the one that it leads to, and what a refusal calls it."""

    before: tuple[str, ...]
    after: str
    words: str


APPRAISAL_MOVES: Mapping[str, Move] = {
    "save": Move((DRAFT,), DRAFT, "saved"),
    "declare": Move((DRAFT,), DRAFT, "begun"),
    "step_down": Move((DRAFT,), WITHDRAWN, "given back"),
    "submit": Move((DRAFT,), SUBMITTED, "submitted"),
    "take_back": Move((SUBMITTED,), DRAFT, "taken back"),
    "cancel": Move((DRAFT, SUBMITTED), WITHDRAWN, "cancelled"),
    "supersede": Move((PROVISIONAL, FINAL), SUPERSEDED, "superseded"),
    "withdraw_rating": Move((FINAL,), WITHDRAWN, "withdrawn"),
}

ROUND_MOVES: Mapping[str, Move] = {
    "take_back": Move((ROUND_OPEN,), ROUND_OPEN, "reopened"),
    "replace": Move((ROUND_OPEN,), ROUND_OPEN, "given to somebody else"),
    "drop": Move((ROUND_OPEN,), ROUND_OPEN, "given to fewer people"),
    "differ": Move((ROUND_OPEN,), ROUND_RECONCILING, "put up for reconciliation"),
    "agree": Move((ROUND_OPEN,), ROUND_DECIDED, "decided"),
    "reconcile": Move((ROUND_RECONCILING,), ROUND_DECIDED, "reconciled"),
    "cancel": Move((ROUND_OPEN, ROUND_RECONCILING), ROUND_CANCELLED, "cancelled"),
}


class BadMove(ValueError):
    """The step does not start from the present state."""


def move(table: Mapping[str, Move], step: str, state: str, label: str) -> str:
    """The state that a step leads to. Raises `BadMove` with a sentence; `label` is the word for the state."""
    taken = table[step]
    if state not in taken.before:
        raise BadMove(f"This cannot be {taken.words}: its state is now “{label}”.")
    return taken.after

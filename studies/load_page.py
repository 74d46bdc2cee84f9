"""Shape what the pages of loads show: how far work is, what the counts add up to, where a record can be seen."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from . import queue
from .loading.detect import FORMATS
from .loading.record_words import symbol_in_words
from .models import Finding, Load, LoadRow, LoadTask, Source
from .vocabulary import LoadStatus, Outcome, TaskEnding, TaskKind


PAGES_OF = {
    "sources": "/sources/",
    "measures": "/measures/",
    "conclusions": "/conclusions/",
}
"""Table of a record → where the site shows such records by their key."""

HEADINGS = {
    TaskKind.STAGE: "Reading the file",
    TaskKind.COMMIT: "Committing the load",
    TaskKind.REVERT: "Reverting the load",
}
AFTER_CANCEL = {
    TaskKind.STAGE: "The file is then put aside; nothing of it is saved.",
    TaskKind.COMMIT: "The load then stays staged; nothing of it is saved.",
    TaskKind.REVERT: "The load then stays in the evidence base as it is.",
}


@dataclass(frozen=True)
class Under:
    """Work of the queue that is not over: its words and numbers. `whole` is None while it is not known."""

    heading: str
    words: str
    step: str
    done: int
    whole: int | None
    percent: int | None
    elapsed: str
    begun: bool
    cancelling: bool
    worker: bool
    after_cancel: str

    def as_dict(self) -> dict[str, object]:
        """What the script on the page asks for."""
        names = ("words", "step", "done", "whole", "percent", "elapsed", "cancelling", "worker")
        return {"open": True, **{name: getattr(self, name) for name in names}}


def under_way(task: LoadTask, *, now: datetime | None = None, worker: bool | None = None) -> Under:
    """A task as it is shown. `worker` says whether one is alive, where that is known already."""
    now = now or timezone.now()
    kind = TaskKind(task.kind)
    begun = task.started_at is not None
    percent = min(100, 100 * task.done // task.whole) if task.whole else None
    return Under(
        heading=HEADINGS[kind],
        words=words_of(task),
        step=task.step,
        done=task.done,
        whole=task.whole,
        percent=percent,
        elapsed=duration(now - (task.started_at or task.asked_at)),
        begun=begun,
        cancelling=task.cancelled_at is not None,
        worker=queue.worker_is_alive() if worker is None else worker,
        after_cancel=AFTER_CANCEL[kind],
    )


def words_of(task: LoadTask) -> str:
    """How far a task is, in a few words."""
    if task.cancelled_at is not None:
        return "Being cancelled"
    if task.started_at is None:
        return "Waiting for its turn"
    step = task.step or "Beginning"
    if task.whole:
        about = "about " if task.kind == TaskKind.STAGE and task.step == "Reading" else ""
        return f"{step}: {task.done:,} of {about}{task.whole:,} records"
    return f"{step}: {task.done:,} records" if task.done else step


def duration(length: timedelta) -> str:
    """A length of time in words: "5 seconds", "1 minute 20 seconds", "2 hours 3 minutes"."""
    seconds = max(0, int(length.total_seconds()))
    hours, minutes = seconds // 3600, seconds % 3600 // 60
    parts = [(hours, "hour"), (minutes, "minute")]
    if not hours:
        parts.append((seconds % 60, "second"))
    said = [f"{number} {unit}{'s' * (number != 1)}" for number, unit in parts if number]
    return " ".join(said) or "0 seconds"


def last_word(load: Load) -> LoadTask | None:
    """The last task, where it ended otherwise than in success and the page has to say so."""
    task = next(iter(load.tasks.all()), None)
    return task if task is not None and task.ending not in ("", TaskEnding.DONE) else None


@dataclass(frozen=True)
class Part:
    """One outcome in the sum of a load's records; `rows` of them can be listed."""

    value: str
    label: str
    count: int
    rows: int
    chosen: bool


def equation(load: Load, listed: dict[str, int], chosen: str) -> list[Part]:
    """The five outcomes, which add up to the number of records. `listed` counts the rows of each in the ledger."""
    return [
        Part(
            one.value, one.label, load.counts.get(one.value, 0), listed.get(one.value, 0), one.value == chosen
        )
        for one in Outcome
    ]


@dataclass(frozen=True)
class Row:
    """One record of a load, with the address of what it became, "" where there is none.

    `title` and `rest` are what the record says of itself, "" where its table has no such words; `why` are the reasons
    for its outcome.
    """

    row: LoadRow
    url: str
    title: str
    rest: str
    why: str
    changes: list[tuple[str, str, str]]
    """Each field that changes, with what it was and what it becomes."""


def rows_with_addresses(load: Load, rows: Iterable[LoadRow]) -> list[Row]:
    """The rows of one page of the ledger. Only what is in the evidence base has an address.

    That is also so for a staged record that the evidence base holds already, or would merge with a source of it.
    """
    rows = list(rows)
    keys = [row.record_key for row in rows if row.table == "findings"]
    sources = dict(Finding.objects.filter(pk__in=keys).values_list("pk", "source_id"))
    held = set(
        Source.objects.filter(
            pk__in=[row.record_key for row in rows if row.table == "references"]
        ).values_list("pk", flat=True)
    )
    return [_row(load, row, sources, held) for row in rows]


def _row(load: Load, row: LoadRow, sources: dict[str, str], held: set[str]) -> Row:
    title, _, rest = row.said.partition("\n")
    if row.table == "references":
        there = row.record_key in held and (load.status == LoadStatus.COMMITTED or row.outcome in HELD)
        url = f"/sources/{row.record_key}/" if there else ""
    else:
        url = _address(row, sources) if load.status == LoadStatus.COMMITTED else ""
    return Row(row, url, title, rest, _why(load, row), list(_changes(row)))


def _changes(row: LoadRow) -> Iterator[tuple[str, str, str]]:
    for name, (before, after) in row.changes.items():
        if name == "symbol":
            before, after = symbol_in_words(before), symbol_in_words(after)
        yield name, before, after


HELD = (Outcome.UNCHANGED, Outcome.MERGED)
"""Outcomes of a record whose source was there before it, or was made by an earlier one of its file."""


def _why(load: Load, row: LoadRow) -> str:
    """The reasons of an outcome; for references also what it comes to, which those who load first do not know."""
    reasons = "; ".join(row.reasons)
    if row.table != "references" or row.outcome not in MEANINGS:
        return reasons
    meaning = MEANINGS[row.outcome][load.status == LoadStatus.COMMITTED]
    return f"{meaning}: {reasons}" if reasons and row.outcome == Outcome.MERGED else reasons or meaning


MEANINGS = {
    Outcome.NEW: ("Would make a source, not yet described", "Made a source, not yet described"),
    Outcome.UNCHANGED: ("Held already, word for word", "Held already, word for word"),
    Outcome.MERGED: (
        "Would be a further reference of this source, which stays as it is",
        "A further reference of this source, which stays as it is",
    ),
}
"""Outcome of a reference → what it comes to, before and after the commit."""


def _address(row: LoadRow, sources: dict[str, str]) -> str:
    if row.outcome == Outcome.REJECTED:
        return ""
    if row.table == "findings" and row.record_key in sources:
        return f"/sources/{sources[row.record_key]}/#findings"
    start = PAGES_OF.get(row.table, "")
    return f"{start}{row.record_key}/" if start and row.record_key else ""


def format_in_words(load: Load) -> str:
    """What a file is, as people say it: "RIS, UTF-8"."""
    name = load.format.replace("release, ", "")
    encoding = load.encoding.upper() if load.encoding else ""
    return ", ".join(filter(None, (FORMATS.get(name, name.upper() if len(name) <= 4 else name), encoding)))


def counts_in_words(counts: Mapping[str, int]) -> list[str]:
    """ "12 sources", "1 reference", without those of which there are none."""
    return [
        f"{number:,} {(name[:-1] if number == 1 and name.endswith('s') else name).replace('_', ' ')}"
        for name, number in counts.items()
        if number
    ]

"""What people have decided is not undone by a file: loads add and correct drafts, never judgements."""

import re

from .layout import RawBase
from .outcome import Checked, Known, Record, refuse


PROVISIONAL = "provisional"
OF_THE_WORKBENCH = re.compile(r"round-\d+-")
"""How the workbench names what it makes. A file that took such a name first would stop the round of that number, and
one that took it later would meet an appraisal that nobody may see yet."""


def leave_decided_drafts(records: list[Record], known: Known, checked: Checked) -> list[Record]:
    """A draft that people have replaced or agreed keeps its state; a file that would change its text is refused.

    So the shipped evidence can be loaded again after real appraisals without bringing the drafts back.
    """
    kept = []
    for record in records:
        held = known.table(record.table).get(record.key)
        if held is None or held["status"] == PROVISIONAL:
            kept.append(record)
            continue
        record.values["status"] = held["status"]
        differing = [name for name, value in record.values.items() if held[name] != value]
        if differing:
            state = held["status"]
            refuse(checked, record, differing[0], f"people have made this {state}; a load does not change it")
        else:
            kept.append(record)
    return kept


def leave_decided_answers(
    records: list[Record], known: Known, checked: Checked
) -> tuple[list[Record], list[Record]]:
    """Answers of drafts, to be checked further; and answers behind a decided rating that say what is held.

    Other answers behind a decided rating are refused: readers see them as what the appraisers said.
    """
    drafts, decided = [], []
    for record in records:
        appraisal = known.table("appraisals").get((record.values["appraisal_id"],))
        if appraisal is None or appraisal["status"] == PROVISIONAL:
            drafts.append(record)
            continue
        held = known.table(record.table).get(record.key, {})
        differing = [name for name, value in record.values.items() if held.get(name) != value]
        if differing:
            state = appraisal["status"]
            refuse(
                checked,
                record,
                differing[-1],
                f"people have made this rating {state}; a load does not change its answers",
            )
        else:
            decided.append(record)
    return drafts, decided


def leave_workbench_names(records: list[Record], known: Known, checked: Checked) -> list[Record]:
    """Appraisals without those that take a name which the workbench gives."""
    kept = []
    for record in records:
        name = record.values["appraisal_id"]
        if OF_THE_WORKBENCH.match(name) and record.key not in known.table(record.table):
            refuse(
                checked,
                record,
                "appraisal_id",
                "begins like the names that the workbench gives (round-1-…); choose another name",
            )
        else:
            kept.append(record)
    return kept


def check_conclusions(records: list[Record], known: Known, checked: Checked, base: RawBase) -> list[Record]:
    """Conclusions that people have agreed stay as they are."""
    return leave_decided_drafts(records, known, checked)


def check_statements(records: list[Record], known: Known, checked: Checked, base: RawBase) -> list[Record]:
    """A standing statement of comparability is a person's word; another one needs it withdrawn first."""
    kept = []
    for record in records:
        held = known.table("comparability").get(record.key)
        if held is not None and held != record.values:
            by = held["stated_by"]
            refuse(
                checked,
                record,
                "statement",
                f"a statement by {by} stands already; withdraw it before another",
            )
        else:
            kept.append(record)
    return kept

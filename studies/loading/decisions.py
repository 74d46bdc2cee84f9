"""What people have decided is not undone by a file: loads add and correct drafts, never judgements."""

from .layout import RawBase
from .outcome import Checked, Known, Record, refuse


PROVISIONAL = "provisional"


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

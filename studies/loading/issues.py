"""What is wrong with a record, said so that a person can put it right."""

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Issue:
    """One problem of one record.

    `severity` is "error" (the record is refused) or "warning" (it is taken). `record` is the identifier of the
    record or its number in the file, `line` the line on which it begins (1 is the heading), `message` a sentence
    that says what would be right.
    """

    severity: str
    file: str
    record: str
    line: int | None
    field: str
    value: str
    message: str

    def as_dict(self) -> dict[str, Any]:
        """The issue with the keys of the command's report; long values are cut, with an ellipsis."""
        whole = asdict(self)
        if len(self.value) > LONGEST_SHOWN_VALUE:
            whole["value"] = self.value[:LONGEST_SHOWN_VALUE] + "…"
        return whole

    def __str__(self) -> str:
        place = self.file + (f", line {self.line}" if self.line else "")
        shown = self.as_dict()["value"]
        about = " ".join(filter(None, (self.field, repr(shown) if shown else "")))
        # Some messages go on from the name of the field ("year 'x' is no number"), some speak of "the record".
        whole = self.message.startswith("the record ")
        return f"{place}: {about}{':' * (whole and about != '')} {self.message}".replace(":  ", ": ")


LONGEST_SHOWN_VALUE = 200
"""Characters of a value that a report repeats. Enough to recognise it; a page of text would hide the message."""


class UnusableFile(Exception):
    """The file or folder cannot be used at all; the message is one sentence for a person."""


class NearMiss(UnusableFile):
    """The file is meant for a table of the evidence base, but its headings are not quite those of the table."""

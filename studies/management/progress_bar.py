"""How far long work is, as a line of a terminal that is written over and over."""

import time
from typing import Protocol


WIDTH = 30
"""Characters of the bar; the whole line then fits a terminal of 80."""

LINE = 78
PERIOD = 0.1
"""Seconds between two writes."""


class Stream(Protocol):
    def write(self, msg: str = "", style_func: object = None, ending: str | None = None) -> None: ...


class ProgressBar:
    """Told the step, how many records are done and of how many; shows a bar, or a count where the end is not known."""

    def __init__(self, stream: Stream):
        self.stream = stream
        self.step = ""
        self.due = 0.0

    def __call__(self, step: str, done: int, whole: int | None) -> None:
        now = time.monotonic()
        ends = whole is not None and done >= whole > 0
        if step == self.step and now < self.due and not ends:
            return
        if step != self.step and self.step:
            self.stream.write("", str, "\n")
        self.step, self.due = ("" if ends else step), now + PERIOD
        self.stream.write("\r" + _line(step, done, whole).ljust(LINE), str, "\n" if ends else "")

    def end(self) -> None:
        """Leave the line, so that what is said next stands on its own: the last number told need not be the whole."""
        if self.step:
            self.stream.write("", str, "\n")
        self.step = ""


def _line(step: str, done: int, whole: int | None) -> str:
    if not whole:
        return f"{step} {done:,} record{'s' * (done != 1)}" if done else f"{step} …"
    full = min(WIDTH, WIDTH * done // whole)
    return f"{step} [{'#' * full}{'.' * (WIDTH - full)}] {done:,} of {whole:,} records"

"""Which saved mapping a file belongs to: told by its columns, whatever their order and whatever else is there."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz import fuzz

from .reading import Release, ReleaseTable
from .specification import Specification


NOTE = re.compile(r"\s*\[notes?\b[^\]]*\]", re.IGNORECASE)

WORD = re.compile(r"[a-z0-9]+")

NEAR = 0.5
"""Share of a mapping's columns that a file must have for the mapping to be called near."""


def same(text: str) -> str:
    """A heading or a value as it is compared: without case, runs of spaces and numbers of notes."""
    return " ".join(NOTE.sub("", text).casefold().split())


@dataclass(frozen=True)
class Fit:
    """How a mapping and a table go together.

    `found` is heading of the mapping → heading of the file; `missing` the needed ones that the file lacks, each
    with the nearest heading that it has ("" where none is near). `likeness` compares all headings, 1 for the same.
    """

    table: ReleaseTable
    found: dict[str, str]
    missing: dict[str, str]
    likeness: float
    shares_values: bool

    @property
    def fits(self) -> bool:
        return not self.missing and self.shares_values and not self.twice

    @property
    def twice(self) -> list[str]:
        """Needed headings that stand more than once."""
        return [heading for heading in self.found.values() if heading in self.table.twice]

    @property
    def share(self) -> float:
        """The share of the needed columns that are there."""
        return len(self.found) / (len(self.found) + len(self.missing))

    def sentence(self) -> str:
        """What keeps the mapping from fitting; "" where nothing does."""
        said = [
            f"the column “{heading}” is missing"
            + (f"; the nearest in the file is “{nearest}”" if nearest else "")
            for heading, nearest in self.missing.items()
        ]
        said += [
            f"the column “{heading}” stands more than once ({' and '.join(self.table.twice[heading])})"
            for heading in self.twice
        ]
        if not said and not self.shares_values:
            said = ["none of its values is known to the mapping"]
        return "; ".join(said)


def best_fit(spec: Specification, columns: Iterable[str], release: Release) -> Fit:
    """How the mapping fits the table of the file that suits it best. `columns` are all that it was made from."""
    return max(
        (fit(spec, columns, table) for table in release.tables),
        key=lambda one: (one.fits, one.share, one.likeness),
    )


def fit(spec: Specification, columns: Iterable[str], table: ReleaseTable) -> Fit:
    """How a mapping and one table go together."""
    there = {same(heading): heading for heading in reversed(table.headings)}
    found = {heading: there[same(heading)] for heading in spec.needed if same(heading) in there}
    lacking = [heading for heading in spec.needed if heading not in found]
    before, now = {same(one) for one in columns}, {same(one) for one in table.headings}
    # What the mapping's own file had beside the missing column is no new name of it.
    spare = [one for one in table.headings if one not in found.values() and same(one) not in before]
    return Fit(
        table,
        found,
        {heading: nearest(heading, spare) for heading in lacking},
        len(before & now) / len(before | now),
        _shares_values(spec, found, table),
    )


def nearest(heading: str, others: list[str]) -> str:
    """The heading most like another; "" where none is near."""
    scores = {one: _likeness(heading, one) for one in others}
    best = max(scores, key=lambda one: scores[one], default="")
    return best if best and scores[best] >= LIKE_ENOUGH else ""


LIKE_ENOUGH = 55
"""Of 100: a heading below it is not worth naming."""


def _likeness(one: str, other: str) -> float:
    """How like two headings are, whatever the order of their words."""
    words, others = (" ".join(WORD.findall(same(text))) for text in (one, other))
    return max(fuzz.ratio(words, others), fuzz.token_sort_ratio(words, others))


def _shares_values(spec: Specification, found: dict[str, str], table: ReleaseTable) -> bool:
    """Whether the dividing column holds any value that the mapping knows; without it two releases look alike."""
    divide = spec.column_as("divide")
    if divide not in found:
        return True
    known = {same(one.value) for one in spec.series}
    return any(same(text) in known for text in table.column(found[divide]))

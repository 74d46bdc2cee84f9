"""Shape what the queue of possible duplicates shows: two sources side by side, field by field."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from .models import PossibleDuplicate, Reference, Source


SAME, DIFFERENT, ONE_SIDED, NEITHER = "same", "different", "one", "neither"


@dataclass(frozen=True)
class Field:
    """One field of the two sources. `sign` says how they compare."""

    label: str
    first: str
    second: str

    @property
    def sign(self) -> str:
        """Whether both say the same (case, spaces and stops apart), something different, or only one says anything."""
        if not self.first and not self.second:
            return NEITHER
        if not self.first or not self.second:
            return ONE_SIDED
        return SAME if _plain(self.first) == _plain(self.second) else DIFFERENT


@dataclass(frozen=True)
class Pair:
    """A pair of the queue with its fields, and what merging it would do; `kept` is "" where it cannot be merged."""

    pair: PossibleDuplicate
    fields: list[Field]
    kept: str
    gone: str


Value = Callable[[Source, Reference | None], object]

FIELDS: tuple[tuple[str, Value], ...] = (
    ("Title", lambda source, reference: source.title),
    ("Authors", lambda source, reference: source.authors),
    ("Year", lambda source, reference: source.year or (reference.year if reference else "")),
    ("Kind", lambda source, reference: reference.reference_type.replace("-", " ") if reference else ""),
    ("Journal or book", lambda source, reference: reference.container if reference else ""),
    ("Volume, issue, pages", lambda source, reference: _place(reference)),
    ("Publisher", lambda source, reference: source.publisher),
    ("DOI", lambda source, reference: source.doi),
    ("ISBN", lambda source, reference: source.isbn),
    ("PubMed number", lambda source, reference: reference.pmid if reference else ""),
    ("Web address", lambda source, reference: source.url),
    ("Described", lambda source, reference: "Yes" if source.described else "Not yet"),
    ("Came with", lambda source, reference: reference.load_row.load.name if reference else ""),
)
"""What is compared: from the source, and from the first reference that made it where only that knows."""


def pairs_side_by_side(pairs: Iterable[PossibleDuplicate]) -> list[Pair]:
    """The pairs of one page, with two queries more for all of them."""
    pairs = list(pairs)
    concerned = {key for pair in pairs for key in (pair.source_id, pair.other_id)}
    references: dict[str, Reference] = {}
    found = (
        Reference.objects.filter(source__in=concerned)
        .select_related("load_row__load")
        .defer("raw", "abstract")
    )
    for reference in found.order_by("-pk"):
        references[reference.source_id] = reference
    return [_pair(pair, references) for pair in pairs]


def _pair(pair: PossibleDuplicate, references: dict[str, Reference]) -> Pair:
    sides = [(source, references.get(source.pk)) for source in (pair.source, pair.other)]
    fields = [Field(label, *(str(value(*side) or "") for side in sides)) for label, value in FIELDS]
    shown = [field for field in fields if field.sign != NEITHER]
    gone, kept = pair.source, pair.other
    if gone.described:
        gone, kept = kept, gone
    if gone.described:
        return Pair(pair, shown, "", "")
    return Pair(pair, shown, kept.pk, gone.pk)


def _place(reference: Reference | None) -> str:
    if reference is None:
        return ""
    return ", ".join(filter(None, (reference.volume, reference.issue, reference.pages)))


def _plain(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())

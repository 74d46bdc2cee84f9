"""The quality of the sources at a glance: sources by domains for one instrument, and counts over them."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Count

from studies.models import Appraisal, Domain, Instrument, Judgement, Source
from studies.vocabulary import AppraisalStatus, Rating, SourceType

from .selection import InvalidSelection, Problem


STATES = {
    "good": ("Met", "+"),
    "partial": ("Met in part", "±"),
    "poor": ("Not met", "−"),
    "unknown": ("No information", "?"),
    "unanswered": ("Not answered", "○"),
    "not_applicable": ("Not applicable", "n/a"),
}
"""State of a domain → its words and its sign. The sign is in every cell, so that colour is never alone."""

STATE_OF_ANSWER = {"yes": "good", "no": "poor", "unclear": "unknown", "not_applicable": "not_applicable"}
"""Any other answer counts as met in part."""

WORST_FIRST = ("poor", "unknown", "unanswered", "partial", "good", "not_applicable")
BAR_WIDTH = 300
"""Units of width of a whole summary bar."""


@dataclass(frozen=True)
class Cell:
    """One domain of one source: the state, its words and sign."""

    state: str
    words: str
    sign: str


@dataclass(frozen=True)
class Row:
    """One source with its domains and rating."""

    source_id: str
    title: str
    rating: str
    provisional: bool
    cells: list[Cell]


@dataclass(frozen=True)
class Segment:
    """One part of a summary bar, in units of `BAR_WIDTH`."""

    state: str
    words: str
    count: int
    start: float
    width: float


@dataclass(frozen=True)
class Bar:
    """How often a domain is in each state."""

    label: str
    total: int
    segments: list[Segment]
    words: str


@dataclass(frozen=True)
class Choice:
    """One filter of the page: its name, label, and values with whether they are chosen."""

    name: str
    label: str
    options: list[tuple[str, str, bool]]


@dataclass(frozen=True)
class QualityPage:
    """Everything that the page of quality shows."""

    instrument: Instrument | None
    domains: list[str]
    rows: list[Row]
    bars: list[Bar]
    choices: list[Choice]
    legend: list[Cell]
    provisional: int
    otherwise: int
    not_appraised: int
    table: "WordTable | None"
    querystring: str

    @property
    def headings(self) -> list[str]:
        """The headings of the matrix in words."""
        return [column.label for column in self.table.columns] if self.table else []

    @property
    def records(self) -> list[list[str]]:
        """Each source with its identifier in front of its row of the matrix in words."""
        rows = self.table.rows if self.table else []
        return [[row.source_id, *cells] for row, cells in zip(self.rows, rows, strict=True)]

    @property
    def file_name(self) -> str:
        """Name of the matrix as a file, without its ending."""
        return f"quality-{self.instrument.instrument_id}" if self.instrument else "quality"


@dataclass(frozen=True)
class Column:
    label: str
    numeric: bool = False


@dataclass(frozen=True)
class WordTable:
    """The matrix in words: what the twin below it shows."""

    caption: str
    columns: list[Column]
    rows: list[list[str]]


def make_quality_page(asked: Mapping[str, list[str]]) -> QualityPage:
    """The page for the filters asked for. Seven queries, however many sources. Raises `InvalidSelection`.

    `otherwise` counts the sources appraised with another instrument, `not_appraised` those without any rating: neither
    is in the table, and neither is a source of which nothing is known.
    """
    speaking = speaking_appraisals()
    used = Counter(one.instrument_id for one in speaking)
    instruments = {str(one.pk): one for one in Instrument.objects.filter(pk__in=used).order_by("name", "pk")}
    known = {
        "instrument": {key: str(one) for key, one in instruments.items()},
        "quality": dict(Rating.choices),
        "source_type": dict(SourceType.choices),
        "state": {"final": "Final", "provisional": "Provisional"},
    }
    chosen = chosen_of(asked, known)
    if not chosen["instrument"] and used:
        chosen["instrument"] = str(used.most_common(1)[0][0])
    instrument = instruments.get(chosen["instrument"])
    kept = [
        one
        for one in speaking
        if instrument is not None
        and one.instrument_id == instrument.pk
        and chosen["quality"] in ("", one.overall_rating)
        and chosen["source_type"] in ("", one.source.source_type)
        and chosen["state"] in ("", one.status)
    ]
    domains = (
        list(Domain.objects.filter(instrument=instrument).annotate(asked=Count("criteria")).order_by("order"))
        if instrument
        else []
    )
    rows = make_rows(kept, domains)
    labels = [domain.label for domain in domains]
    return QualityPage(
        instrument=instrument,
        domains=labels,
        rows=rows,
        bars=make_bars(labels, rows),
        choices=[
            Choice(
                name, label, [(value, words, value == chosen[name]) for value, words in known[name].items()]
            )
            for name, label in (
                ("instrument", "Instrument"),
                ("quality", "Rating"),
                ("source_type", "Type of source"),
                ("state", "State of the rating"),
            )
        ],
        legend=[Cell(state, *STATES[state]) for state in STATES if state != "unanswered" or has(rows, state)],
        provisional=sum(row.provisional for row in rows),
        otherwise=len(speaking) - used[instrument.pk] if instrument else 0,
        not_appraised=Source.objects.count() - len(speaking),
        table=make_table(labels, rows) if rows else None,
        querystring=urlencode({name: value for name, value in chosen.items() if value}),
    )


def speaking_appraisals() -> list[Appraisal]:
    """The rating that speaks for each source: the final one, else the provisional one."""
    found: dict[str, Appraisal] = {}
    for one in Appraisal.objects.speaking().select_related("source__search"):
        found.setdefault(one.source_id, one)
    return sorted(found.values(), key=lambda one: (one.source.search.sort_title, one.pk))


def chosen_of(asked: Mapping[str, list[str]], known: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """Filter → the value asked for, "" for any. Raises `InvalidSelection` that names every fault."""
    problems = [
        Problem(
            name, ", ".join(values), f"“{name}” is not a filter of this page. It has: {', '.join(known)}."
        )
        for name, values in asked.items()
        if name not in known
    ]
    chosen = dict.fromkeys(known, "")
    for name in known:
        values = [value for value in asked.get(name, []) if value]
        problems += [
            Problem(name, value, f"“{value}” is not a value of “{name}”.")
            for value in values
            if value not in known[name]
        ]
        if len(values) > 1:
            problems.append(Problem(name, ", ".join(values), f"Choose one value of “{name}”."))
        chosen[name] = values[0] if values else ""
    if problems:
        raise InvalidSelection(problems)
    return chosen


def make_rows(appraisals: Sequence[Appraisal], domains: Sequence[Domain]) -> list[Row]:
    """The matrix."""
    answers: dict[tuple[str, int], list[str]] = defaultdict(list)
    for appraisal, domain, answer in Judgement.objects.filter(appraisal__in=appraisals).values_list(
        "appraisal_id", "criterion__domain_id", "answer"
    ):
        answers[appraisal, domain].append(answer)
    return [
        Row(
            one.source_id,
            one.source.title,
            one.overall_rating,
            one.status == AppraisalStatus.PROVISIONAL,
            [cell_of(answers[one.pk, domain.pk], domain.asked) for domain in domains],
        )
        for one in appraisals
    ]


def has(rows: Sequence[Row], state: str) -> bool:
    """Whether any domain of any source is in that state."""
    return any(cell.state == state for row in rows for cell in row.cells)


def cell_of(answers: Sequence[str], asked: int) -> Cell:
    """The state of a domain of `asked` questions: that of its worst answer. Answers are never added up or averaged.

    A question without an answer is not one that could not be judged, and a domain with one is never met.
    """
    states = {STATE_OF_ANSWER.get(answer, "partial") for answer in answers}
    if len(answers) < asked or not states:
        states.add("unanswered")
    state = next(one for one in WORST_FIRST if one in states)
    return Cell(state, *STATES[state])


def make_bars(labels: Sequence[str], rows: Sequence[Row]) -> list[Bar]:
    """For each domain, how many sources are in each state."""
    bars = []
    for place, label in enumerate(labels):
        counts = Counter(row.cells[place].state for row in rows)
        segments, start = [], 0.0
        for state, (words, _) in STATES.items():
            if counts[state]:
                width = round(BAR_WIDTH * counts[state] / len(rows), 2)
                segments.append(Segment(state, words, counts[state], round(start, 2), width))
                start += width
        said = ", ".join(f"{one.words.lower()} {one.count}" for one in segments)
        bars.append(Bar(label, len(rows), segments, said))
    return bars


def make_table(labels: Sequence[str], rows: Sequence[Row]) -> WordTable:
    """The matrix in words, with the counts of states in its last row."""
    return WordTable(
        "Each source and domain in words",
        [Column("Source"), Column("Rating"), *(Column(label) for label in labels)],
        [
            [
                row.title,
                f"{Rating(row.rating).label}{' (provisional)' if row.provisional else ''}",
                *(cell.words for cell in row.cells),
            ]
            for row in rows
        ],
    )

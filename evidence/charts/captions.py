"""The sentences that keep a picture honest: scope, base, unknowns, exactness, quality, caveats."""

from collections import Counter
from collections.abc import Sequence

from evidence.charts import words
from evidence.charts.figures import ChartFinding, MeasureInfo


# Beyond this many names a source line stops being read; the rows and the table name them all.
_SOURCES_NAMED = 8

UNKNOWN_NOT_REPORTED = "Unknown share: not reported in these figures"


def captions(
    measure: MeasureInfo,
    findings: Sequence[ChartFinding],
    *,
    method: Sequence[str] = (),
    unknown: str | None = None,
    not_drawn: Sequence[ChartFinding] = (),
) -> tuple[str, ...]:
    """The sentences under a picture of `findings`, in a fixed order, none empty.

    `method` says how the picture is to be read; `unknown` is the statement of the unknown
    share, None where the idea of an unknown part does not apply; `not_drawn` are findings that
    stand in the table only.
    """
    sentences = [
        scope(findings),
        unknown or "",
        *method,
        bases(measure, findings),
        exactness(findings),
        quality(findings),
        verification(findings),
        f"Take care: {measure.comparability_note}" if measure.comparability_note else "",
        overlap(findings),
        left_out(not_drawn),
    ]
    return tuple(words.sentence(text) for text in sentences if text)


def scope(findings: Sequence[ChartFinding]) -> str:
    """Who or what the figures cover."""
    scopes = list(dict.fromkeys(finding.scope for finding in findings))
    if len(scopes) == 1:
        return f"Covers: {scopes[0]}"
    return f"Covers {len(scopes)} different populations or records, named in the rows; they are not the same quantity"


def bases(measure: MeasureInfo, findings: Sequence[ChartFinding]) -> str:
    """Which bases the source states; empty where a base has no meaning."""
    shares = [f for f in findings if f.statistic == "percentage" or f.denominator is not None]
    if not shares:
        return ""
    missing = sum(f.denominator is None for f in shares)
    if missing == len(shares):
        return "Base not stated by the source" if _one_source(shares) else "Bases not stated by the sources"
    stated = sorted({f.denominator for f in shares if f.denominator is not None})
    if len(stated) == 1 and not missing:
        return f"Base: {words.number(stated[0])} {measure.unit_label}"
    text = f"Bases from {words.number(stated[0])} to {words.number(stated[-1])} {measure.unit_label}"
    if len(stated) == 1:
        text = f"Base: {words.number(stated[0])} {measure.unit_label}"
    return f"{text}; not stated for {missing} of {len(shares)} figures" if missing else text


def exactness(findings: Sequence[ChartFinding]) -> str:
    """How many figures are not exact, and in which way; empty when all are."""
    counts = Counter(finding.precision for finding in findings if finding.precision != "exact")
    if not counts:
        return ""
    if len(findings) == 1 or (len(counts) == 1 and sum(counts.values()) == len(findings)):
        return f"{'The figure is' if len(findings) == 1 else 'Each figure is'} {words.PRECISION[next(iter(counts))]}"
    parts = [f"{counts[key]} {words.PRECISION[key]}" for key in words.PRECISION if counts[key]]
    return f"Of {len(findings)} figures, {words.join(parts)}"


def quality(findings: Sequence[ChartFinding]) -> str:
    """The quality of the sources in words, counted by source; then the figures that are rated lower than theirs."""
    rated = {f.source_id: f.lowered_from or (f.quality, f.quality_provisional) for f in findings}
    ratings = {source: rating for source, (rating, _) in rated.items()}
    provisional = any(draft and rating != "not_rated" for rating, draft in rated.values())
    tail = f"{' (provisional ratings)' if provisional else ''}{_lowered(findings)}"
    counts = Counter(ratings.values())
    if len(counts) == 1:
        rating = words.QUALITY[next(iter(counts))]
        noun = {1: "the source", 2: "both sources"}.get(len(ratings), f"all {len(ratings)} sources")
        return f"Quality of {noun}: {rating}{tail}"
    parts = [f"{words.QUALITY[key]} {counts[key]}" for key in words.QUALITY if counts[key]]
    return f"Quality of the {len(ratings)} sources: {words.join(parts)}{tail}"


def _lowered(findings: Sequence[ChartFinding]) -> str:
    counts = Counter(finding.quality for finding in findings if finding.lowered_from)
    if not counts:
        return ""
    parts = words.join([f"{words.QUALITY[key]} {counts[key]}" for key in words.QUALITY if counts[key]])
    return f"; {sum(counts.values())} of {len(findings)} figures rated lower than the source: {parts}"


def verification(findings: Sequence[ChartFinding]) -> str:
    """How many figures were read in another text than the original."""
    secondary = sum(finding.verification == "secondary" for finding in findings)
    if not secondary:
        return "Read in the source itself"
    if secondary == len(findings):
        return "Secondary: read in another text and not checked against the original"
    return (
        f"{secondary} of {len(findings)} figures are secondary: "
        "read in another text and not checked against the original"
    )


def overlap(findings: Sequence[ChartFinding]) -> str:
    """What sources share, when some share people or data."""
    notes = list(dict.fromkeys(f.note_of_overlap for f in findings if f.note_of_overlap))
    if not notes:
        return ""
    more = f" ({len(notes) - 2} more in the table of sources)" if len(notes) > 2 else ""
    return f"Not independent, never to be added: {'; '.join(note.rstrip('.') for note in notes[:2])}{more}"


def left_out(findings: Sequence[ChartFinding]) -> str:
    """What is in the table and not in the picture."""
    if not findings:
        return ""
    noun = "figure is" if len(findings) == 1 else "figures are"
    return f"{len(findings)} more {noun} not drawn here and can be read in the table"


def source_line(findings: Sequence[ChartFinding]) -> str:
    """The sources by name, those read only in another text marked."""
    primary: dict[str, bool] = {}
    for finding in findings:
        is_primary = finding.verification != "secondary"
        primary[finding.source_label] = primary.get(finding.source_label, False) or is_primary
    names = [name if read else f"{name} (secondary)" for name, read in primary.items()]
    more = (
        f"; and {len(names) - _SOURCES_NAMED} more, named in the table" if len(names) > _SOURCES_NAMED else ""
    )
    return f"{'Source' if len(names) == 1 else 'Sources'}: {'; '.join(names[:_SOURCES_NAMED])}{more}"


def _one_source(findings: Sequence[ChartFinding]) -> bool:
    return len({finding.source_id for finding in findings}) == 1

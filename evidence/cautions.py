"""The ten cautions of the evidence base, and the rules that say where each applies.

The rules look at what the data say (units, categories, precision, areas, relations, overlaps, and the measure's own
notes), so that they hold for measures that nobody has seen yet. The comparability note always stands beside them.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from .charts import ChartFinding, MeasureInfo
from .charts.grouping import area_level


@dataclass(frozen=True)
class Caution:
    """One caution: its number in the evidence base's list, a heading and the sentence that a reader needs."""

    number: int
    title: str
    text: str


CAUTIONS = {
    1: Caution(
        1,
        "Missing ethnicity",
        "Ethnicity is blank for about two in three suspects in group-based offences. A share of those recorded says "
        "nothing certain about the others: read it beside the unrecorded share.",
    ),
    2: Caution(
        2,
        "Different populations",
        "All child sexual abuse, group-based offences of every type, and group-based exploitation are different "
        "populations. Suspects, defendants and convicted people are different again, and a suspect has not been "
        "found guilty. Check the scope of each figure before setting two side by side.",
    ),
    3: Caution(
        3,
        "Two bases",
        "Shares of those with a known value and shares that keep the unknowns in the base must not be compared, "
        "averaged or pooled.",
    ),
    4: Caution(
        4,
        "Rival versions",
        "More than one version of this statistic is in circulation. Show both or neither; never add them.",
    ),
    5: Caution(
        5,
        "Recorded is not real",
        "Recorded offences, flags, assessments, referrals and charges follow recording, reporting and resources. "
        "A rise or fall in them is not a rise or fall in abuse.",
    ),
    6: Caution(
        6,
        "Broken series",
        "Definitions, codes or coverage changed. Figures on the two sides of a break, or of different surveys, may "
        "not be joined.",
    ),
    7: Caution(
        7,
        "Overlap and quotation",
        "Some of these sources share cases or data: their figures may be neither added nor pooled. A figure quoted "
        "by several bodies is still one figure.",
    ),
    8: Caution(
        8,
        "Local and selected cases",
        "Figures for one town, force or operation, and cases picked because they were known, cannot be ranked, added "
        "or projected to the country.",
    ),
    9: Caution(
        9,
        "How exact the figure is",
        "Some of these figures are bounds, words turned into numbers, rounded, or worked out from others. They are "
        "not exact counts, and no source gives a confidence interval.",
    ),
    10: Caution(
        10,
        "Comparison with the population",
        "Only the listed comparisons may be made. Population bases are mostly of all ages and not matched to suspects "
        "by age or sex, and a gap may come from recording.",
    ),
}

RECORDED_UNITS = {"offence", "case", "suspect", "offender", "victim", "group"}
"""Units that enter a figure by being recorded. Survey respondents, populations and studies do not."""

JUSTICE_UNITS = {"suspect", "offender", "group"}
INEXACT = {"approximate", "lower_bound", "upper_bound", "derived"}
ETHNIC_WORDS = ("ethnic", "nationalit", "heritage", "asian", "pakistani")
"""In the name of a measure or of one of its categories."""

RIVAL_WORDS = re.compile(r"\brival|-version-[a-z]\b")
BROKEN_WORDS = re.compile(r"no line may be drawn|may (only )?be joined|not be joined|survey of \d{4} only")
SELECTED_WORDS = re.compile(
    r"\bone (force|town|operation)\b|\bchosen\b|\bpicked\b|case[ -]stud|convenience sample|compiled from"
)
"""What a measure's own words say of it: these are how the evidence base marks what no figure can show."""

LOCAL_LEVEL = 2
"""Level of `area_level` from which an area is a town, force or authority: 0 is a nation, 1 a region."""


def cautions_for(
    measure: MeasureInfo,
    findings: Sequence[ChartFinding],
    *,
    relations: Collection[str] = (),
    has_breaks: bool = False,
    has_overlaps: bool = False,
    has_benchmarks: bool = False,
) -> list[Caution]:
    """The cautions that apply to a measure, in the order of the list.

    `relations` are the kinds of its relations to other measures (other_base, rival_version, never_joined, ...).
    """
    unit = measure.unit_of_analysis
    categories = {finding.category_label or "" for finding in findings}
    named = " ".join([measure.measure_id, measure.label, *sorted(categories)]).casefold()
    said = " ".join(
        [measure.measure_id, measure.label, measure.definition, measure.comparability_note]
    ).casefold()
    ethnic = any(word in named for word in ETHNIC_WORDS)
    applies = {
        1: ethnic and unit != "population",
        2: unit in JUSTICE_UNITS
        or "other_scope" in relations
        or len({finding.scope for finding in findings}) > 1,
        3: "other_base" in relations
        or "known-only" in measure.measure_id
        or "unknowns-in-base" in measure.measure_id
        or has_two_bases(findings),
        4: "rival_version" in relations or bool(RIVAL_WORDS.search(said)),
        5: unit in RECORDED_UNITS,
        6: has_breaks or "never_joined" in relations or bool(BROKEN_WORDS.search(said)),
        7: has_overlaps,
        8: any(area_level(finding.geography) >= LOCAL_LEVEL for finding in findings)
        or bool(SELECTED_WORDS.search(said)),
        9: any(finding.precision in INEXACT for finding in findings),
        10: has_benchmarks or (ethnic and unit == "population"),
    }
    return [caution for number, caution in CAUTIONS.items() if applies[number]]


def has_two_bases(findings: Sequence[ChartFinding]) -> bool:
    """Whether some breakdowns keep an unknown part in their base and others have none."""
    keeps: dict[str, bool] = {}
    for finding in findings:
        if finding.breakdown_id:
            keeps[finding.breakdown_id] = keeps.get(finding.breakdown_id, False) or finding.is_unknown
    return len(set(keeps.values())) > 1

"""What another rating of a source does to what can be computed behind each conclusion that rests on it.

The certainty of a conclusion is people's judgement and does not move by itself. What moves is one of the facts that it
rests on: how the figures for and against it are rated.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from studies.models import Conclusion, Support
from studies.vocabulary import Direction

from .charts import ChartFinding
from .conclusion_page import compute_aspects, get_figures
from .synthesis.certainty import Aspect


NO_FIGURE = "No figure for or against it is counted: only context, or the source as a whole."


@dataclass(frozen=True)
class ConclusionLine:
    """One conclusion: how the source bears on it, and the ratings of the figures behind it, before and after."""

    conclusion: Conclusion
    bearing: list[str]
    before: str
    after: str

    @property
    def changes(self) -> bool:
        return self.before != self.after


def conclusion_lines(
    mine: Iterable[Support], as_if: Callable[[ChartFinding], ChartFinding]
) -> list[ConclusionLine]:
    """Every conclusion that the supports `mine` of one source belong to. `as_if` gives a figure as it would be rated.

    Three queries, however many conclusions.
    """
    own: dict[str, list[Support]] = {}
    for one in mine:
        own.setdefault(one.conclusion_id, []).append(one)
    everything = list(
        Support.objects.filter(conclusion__in=own).select_related("finding__measure", "source").order_by("pk")
    )
    figures = get_figures(everything)
    tried = {pk: [as_if(one) for one in rows] for pk, rows in figures.items()}
    return [
        ConclusionLine(
            conclusion=supports[0].conclusion,
            bearing=list(dict.fromkeys(bearing_words(one) for one in supports)),
            before=quality_words(compute_aspects(whole, figures)),
            after=quality_words(compute_aspects(whole, tried)),
        )
        for key, supports in own.items()
        for whole in [[one for one in everything if one.conclusion_id == key]]
    ]


def bearing_words(support: Support) -> str:
    """How one row bears on its conclusion, and by what."""
    by = support.finding.measure.label if support.finding else "the source as a whole"
    kind = "Gives context" if support.direction == Direction.CONTEXT else support.get_direction_display()
    return f"{kind}: {by}"


def quality_words(aspects: Iterable[Aspect]) -> str:
    """The ratings of the figures for and against a conclusion, and whether that raises a concern."""
    found = next((one for one in aspects if one.name == "quality"), None)
    if found is None:
        return NO_FIGURE
    said = found.finding.removeprefix("Figures by the rating of their source: ").rstrip(".")
    return f"{said}{' (a concern: half or more are not strong or moderate)' if found.concern else ''}"

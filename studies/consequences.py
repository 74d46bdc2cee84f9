"""What rests on a source: the conclusions, measures and findings that a change of its rating touches."""

from dataclasses import dataclass

from .models import Comparability, Finding, Measure, Source, Support


@dataclass(frozen=True)
class MeasureResting:
    """A measure with figures of the source. `stated` where a statement says that its figures may be pooled."""

    measure: Measure
    figures: int
    stated: bool


@dataclass(frozen=True)
class Consequences:
    """Everything that says what it says partly because of one source."""

    supports: list[Support]
    measures: list[MeasureResting]
    findings: int

    @property
    def conclusions(self) -> int:
        """How many conclusions rest on the source."""
        return len({one.conclusion_id for one in self.supports})

    @property
    def stated(self) -> int:
        """How many of the measures are stated comparable, so that a pool may rest on the source."""
        return sum(one.stated for one in self.measures)


def consequences_of(source: Source) -> Consequences:
    """What rests on the source. Four queries, however much it is."""
    supports = list(
        Support.objects.filter(source=source)
        .select_related("conclusion", "finding__measure")
        .order_by("conclusion__order", "conclusion_id", "pk")
    )
    counts: dict[str, int] = {}
    for measure in Finding.objects.filter(source=source).values_list("measure_id", flat=True):
        counts[measure] = counts.get(measure, 0) + 1
    stated = set(
        Comparability.objects.filter(measure__in=counts, withdrawn_on=None).values_list(
            "measure_id", flat=True
        )
    )
    measures = Measure.objects.filter(pk__in=counts).order_by("label", "pk")
    return Consequences(
        supports,
        [MeasureResting(one, counts[one.pk], one.pk in stated) for one in measures],
        sum(counts.values()),
    )

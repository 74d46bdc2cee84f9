"""What the page of one source shows beside the source itself."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from studies.models import Appraisal, Finding, Judgement, LoadRow, Measure, Reference, Source
from studies.vocabulary import AppraisalStatus

from . import queries
from .charts import ChartFinding, MeasureInfo
from .figure_rows import FigureRow, make_figure_row, unknown_parts


@dataclass(frozen=True)
class DomainJudgements:
    """The judgements of one domain of the appraisal."""

    label: str
    judgements: list[dict[str, Any]]


@dataclass(frozen=True)
class MeasureGroup:
    """The findings of the source for one measure."""

    info: MeasureInfo
    rows: list[FigureRow]

    @property
    def has_categories(self) -> bool:
        return any(row.category_label for row in self.rows)


@dataclass(frozen=True)
class SourcePage:
    """Everything that the page of a source shows, in the order in which it shows it."""

    appraisal: Appraisal | None
    withdrawn: Appraisal | None
    domains: list[DomainJudgements]
    groups: list[MeasureGroup]
    overlaps: list[tuple[Source, str]]
    supports: list[Any]
    gaps: list[Any]
    implications: list[Any]
    came_from: LoadRow | None
    references: list[Reference]
    finding_count: int
    secondary_count: int


def make_source_page(source: Source) -> SourcePage:
    """Gather a source's appraisal, findings, overlaps and provenance. A fixed number of queries."""
    appraisal = Appraisal.objects.speaking().filter(source=source).select_related("instrument").first()
    found = queries.make_chart_findings(Finding.objects.filter(source=source).in_reading_order())
    by_measure: dict[str, list[ChartFinding]] = defaultdict(list)
    for measure_id, finding in found:
        by_measure[measure_id].append(finding)
    measures = Measure.objects.in_bulk(list(by_measure))
    groups = []
    for measure_id, findings in by_measure.items():
        info = queries.get_measure_info(measures[measure_id])
        unknowns = unknown_parts(findings)
        groups.append(MeasureGroup(info, [make_figure_row(info, finding, unknowns) for finding in findings]))
    overlaps = [
        (pair.source_b if pair.source_a_id == source.pk else pair.source_a, pair.reason)
        for pair in queries.get_overlaps_of(source.pk)
    ]
    return SourcePage(
        appraisal=appraisal,
        withdrawn=None if appraisal else last_withdrawn(source),
        domains=make_domains(appraisal),
        groups=groups,
        overlaps=sorted(overlaps, key=lambda pair: pair[0].title.casefold()),
        supports=list(source.supports.select_related("conclusion").order_by("conclusion__order", "pk")),
        gaps=list(source.gaps.all()),
        implications=list(source.implications.all()),
        came_from=LoadRow.objects.filter(table="sources", record_key=source.pk).select_related("load").last(),
        references=list(source.references.select_related("load_row__load")),
        finding_count=len(found),
        secondary_count=sum(1 for _, finding in found if finding.verification == "secondary"),
    )


def last_withdrawn(source: Source) -> Appraisal | None:
    """The rating that spoke for the source last and was taken back."""
    taken_back = Appraisal.objects.filter(source=source, status=AppraisalStatus.WITHDRAWN)
    return taken_back.order_by("created_at").last()


def make_domains(appraisal: Appraisal | None) -> list[DomainJudgements]:
    """The judgements by domain, in the instrument's order, with the words of each answer."""
    if appraisal is None:
        return []
    domains: dict[str, list[dict[str, Any]]] = {}
    judgements = (
        Judgement.objects.filter(appraisal=appraisal)
        .select_related("criterion__domain")
        .order_by("criterion__domain__order", "criterion__order")
    )
    for judgement in judgements:
        criterion = judgement.criterion
        words = {answer["value"]: answer["label"] for answer in criterion.answers}
        domains.setdefault(criterion.domain.label, []).append(
            {
                "question": criterion.question,
                "critical": criterion.critical,
                "answer": judgement.answer,
                "words": words.get(judgement.answer, judgement.answer),
                "note": judgement.note,
                "locator": judgement.locator,
            }
        )
    return [DomainJudgements(label, rows) for label, rows in domains.items()]

"""A store with a few plain records of our own, for tests that need to know every row. The figures are invented."""

from datetime import date
from decimal import Decimal

from studies import search
from studies.models import Appraisal, Category, Finding, Instrument, Measure, Source


def make_source(source_id: str, **changes) -> Source:
    """A source with its search row (without figures so far)."""
    facts = {
        "title": f"Report {source_id}",
        "authors": "A Body",
        "year": 2015,
        "publisher": "A Publisher",
        "source_type": "grey_literature",
        "method": "Counting.",
        "geography": "England",
        "peer_reviewed": False,
        "accredited_official_statistics": "no",
        "summary": "Counts records.",
        "limitations": "One place.",
        "bibliographic_check": "seen",
    }
    source = Source.objects.create(source_id=source_id, **{**facts, **changes})
    search.refresh([source_id])
    return source


def make_measure(measure_id: str, **changes) -> Measure:
    """A count of recorded offences, without categories."""
    facts = {
        "label": f"Measure {measure_id}",
        "theme": "context",
        "quantity": "count",
        "unit_of_analysis": "offence",
        "unit_label": "offences",
        "definition": "Recorded offences.",
        "comparability_note": "Not to be compared.",
        "series": False,
    }
    return Measure.objects.create(measure_id=measure_id, **{**facts, **changes})


def make_category(measure: Measure, category_id: str, order: int, *, is_unknown: bool = False) -> Category:
    """A category named for its identifier."""
    return Category.objects.create(
        measure=measure,
        category_id=category_id,
        label=category_id.capitalize(),
        order=order,
        is_unknown=is_unknown,
    )


def make_finding(
    finding_id: str, source: Source, measure: Measure, *, searched: bool = True, **changes
) -> Finding:
    """An exact count of ten for England in 2014; the source's search row knows of it if `searched`."""
    facts = {
        "scope": f"Scope of {finding_id}",
        "statistic": "count",
        "value": Decimal(10),
        "precision": "exact",
        "period_start": date(2014, 1, 1),
        "period_end": date(2014, 12, 31),
        "period_type": "calendar_year",
        "geography": "England",
        "definition_note": "A note.",
        "locator": "Table 1",
        "verification": "primary",
    }
    finding = Finding.objects.create(
        finding_id=finding_id, source=source, measure=measure, **{**facts, **changes}
    )
    if searched:
        search.refresh([source.pk])
    return finding


def make_appraisal(source: Source, rating: str, status: str = "provisional") -> Appraisal:
    """A rating of a source, with an instrument that has no questions."""
    instrument, _ = Instrument.objects.get_or_create(
        instrument_id="plain",
        version="1",
        defaults={
            "name": "Plain tool",
            "citation": "Nobody, 2020",
            "applies_to": [source.source_type],
            "adapted": False,
            "ratings": [],
            "rule": {},
        },
    )
    return Appraisal.objects.create(
        appraisal_id=f"{source.pk}-{status}",
        source=source,
        instrument=instrument,
        status=status,
        overall_rating=rating,
        rationale="Because.",
    )


def make_rows(first: int, last: int) -> None:
    """Sources number `first` to `last`, each with an appraisal, a measure of its own and two figures."""
    for number in range(first, last + 1):
        source = make_source(f"source-{number:02d}")
        make_appraisal(source, "weak")
        measure = make_measure(f"measure-{number:02d}")
        for year in (2014, 2015):
            make_finding(
                f"finding-{number:02d}-{year}",
                source,
                measure,
                searched=False,
                value=Decimal(number + year),
                period_start=date(year, 1, 1),
                period_end=date(year, 12, 31),
            )
    search.refresh(f"source-{number:02d}" for number in range(first, last + 1))

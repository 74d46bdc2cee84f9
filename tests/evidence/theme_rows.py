"""Rows for the tests of the overview, the themes and the conclusions: any number of everything, all made up."""

from contextlib import contextmanager
from datetime import date

from bs4 import BeautifulSoup
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test import RequestFactory

from evidence import versioned
from studies import search
from studies.models import (
    Appraisal,
    Category,
    Conclusion,
    Finding,
    Gap,
    Implication,
    Instrument,
    Measure,
    Overlap,
    Source,
    Support,
)


REASONS = (
    "Methodological limitations: small bases. Coherence: sources agree: both years. "
    "Adequacy: 2 sources, e.g. one census. Relevance: direct."
)


def add_source(number: int, *, rating: str = "moderate", status: str = "provisional", **more) -> Source:
    """A source, appraised unless `rating` is blank."""
    source = Source.objects.create(
        **{
            "source_id": f"source-{number}",
            "title": f"Survey number {number}",
            "authors": f"Office {number}",
            "year": 2020,
            "publisher": "Example Press",
            "source_type": "official_statistics",
            "method": "Returns",
            "geography": "England",
            "peer_reviewed": False,
            "accredited_official_statistics": "no",
            "summary": "Counts.",
            "limitations": "Some areas sent nothing.",
            "bibliographic_check": "seen",
            **more,
        }
    )
    if rating:
        instrument, _ = Instrument.objects.get_or_create(
            instrument_id="a-tool",
            version="1",
            defaults={
                "name": "A tool",
                "citation": "Somebody, 2020",
                "applies_to": ["official_statistics"],
                "adapted": False,
                "ratings": [],
                "rule": {},
            },
        )
        Appraisal.objects.create(
            appraisal_id=f"appraisal-{number}",
            source=source,
            instrument=instrument,
            status=status,
            overall_rating=rating,
            rationale="Sound.",
        )
    return source


def add_measure(name: str, theme: str = "context", **more) -> Measure:
    """A measure of suspects, without categories."""
    return Measure.objects.create(
        **{
            "measure_id": name,
            "label": name.replace("-", " ").capitalize(),
            "theme": theme,
            "quantity": "proportion",
            "unit_of_analysis": "suspect",
            "unit_label": "suspects",
            "definition": f"What {name} counts.",
            "comparability_note": "Not to be joined to other counts.",
            "series": False,
            **more,
        }
    )


def add_category(measure: Measure, name: str, order: int, *, unknown: bool = False) -> Category:
    """A category of a measure."""
    return Category.objects.create(
        measure=measure, category_id=name, label=name.capitalize(), order=order, is_unknown=unknown
    )


def add_finding(measure: Measure, source: Source, name: str, value: str = "40", **more) -> Finding:
    """A share as one source prints it, for the year 2020 unless told otherwise."""
    return Finding.objects.create(
        **{
            "finding_id": name,
            "source": source,
            "measure": measure,
            "scope": "All recorded suspects",
            "statistic": "percentage",
            "value": value,
            "precision": "rounded",
            "period_start": date(2020, 1, 1),
            "period_end": date(2020, 12, 31),
            "period_type": "calendar_year",
            "geography": "England",
            "definition_note": "As printed.",
            "locator": "Table 1",
            "verification": "secondary",
            **more,
        }
    )


def add_breakdown(measure: Measure, source: Source, name: str, **shares: str) -> list[Finding]:
    """A complete breakdown: category → printed share; the category `unknown` is the unknown one."""
    found = []
    for order, (category, value) in enumerate(shares.items(), start=1):
        kept = Category.objects.filter(measure=measure, category_id=category).first()
        kept = kept or add_category(measure, category, order, unknown=category == "unknown")
        found.append(
            add_finding(
                measure,
                source,
                f"{name}-{category}",
                value,
                category=kept,
                breakdown_id=name,
                breakdown_complete=True,
            )
        )
    return found


def add_conclusion(name: str, theme: str = "context", **more) -> Conclusion:
    """A provisional conclusion of moderate certainty."""
    return Conclusion.objects.create(
        **{
            "conclusion_id": name,
            "theme": theme,
            "statement": f"Something is known about {name}.",
            "certainty": "moderate",
            "certainty_reasons": REASONS,
            "status": "provisional",
            **more,
        }
    )


def fill(theme: str, number: int) -> None:
    """`number` of everything on a theme: sources, measures with one and with two figures, conclusions and the rest."""
    sources = [add_source(place) for place in range(number + 1)]
    for place in range(number):
        one = add_measure(f"one-{place}", theme)
        two = add_measure(f"two-{place}", theme, unit_of_analysis="victim")
        single = add_finding(one, sources[place], f"one-{place}-f1")
        parts = add_breakdown(two, sources[place], f"two-{place}", male="60", unknown="40")
        conclusion = add_conclusion(f"conclusion-{place}", theme, order=place)
        Support.objects.create(
            conclusion=conclusion, source=sources[place], finding=parts[0], direction="supports"
        )
        Gap.objects.create(
            gap_id=f"gap-{place}",
            theme=theme,
            statement=f"Gap {place}.",
            why_it_matters="It does.",
            what_would_fill_it="A count.",
            source=sources[place],
        )
        for audience in ("local_partners", "national_policy"):
            Implication.objects.create(
                implication_id=f"{audience.replace('_', '-')}-{place}",
                audience=audience,
                theme=theme,
                text=f"Do thing {place}.",
                source=sources[place],
                conclusion=conclusion,
                locator="Page 1",
            )
        Overlap.objects.create(source_a=sources[place], source_b=sources[number], reason="The same returns")
        # One conclusion that rests on everything: its page must not grow a query for each row.
        for finding in (single, *parts):
            Support.objects.get_or_create(
                conclusion=Conclusion.objects.get(pk="conclusion-0"),
                source=sources[place],
                finding=finding,
                defaults={"direction": "mixed"},
            )
    search.refresh(source.pk for source in sources)


@contextmanager
def counting():
    """A list that fills with the statements sent to the database."""
    sent: list[str] = []

    def note(execute, statement, parameters, many, context):
        sent.append(statement)
        return execute(statement, parameters, many, context)

    with connection.execute_wrapper(note):
        yield sent


def count_queries(view, path: str, **arguments) -> tuple[int, int]:
    """How many queries a view sends, and how many its rendering sends after it, with nothing kept from before."""
    versioned.forget()
    request = RequestFactory().get(path)
    request.user = AnonymousUser()
    with counting() as viewing:
        response = view(request, **arguments)
    with counting() as rendering:
        response.render()
    assert response.status_code == 200
    return len(viewing), len(rendering)


def read(response) -> BeautifulSoup:
    """The page of an answer, checked for what every page must have."""
    assert response.status_code == 200
    page = BeautifulSoup(response.content, "html.parser")
    assert len(page.select("h1")) == 1
    identifiers = [element["id"] for element in page.select("[id]")]
    assert sorted(identifiers) == sorted(set(identifiers))
    for link in page.select("main a[href^='#']"):
        assert link["href"][1:] in identifiers, link
    for field in page.select("main input:not([type=hidden])"):
        assert page.select(f"label[for='{field['id']}']"), field
    for table in page.select("main table"):
        assert table.caption is not None
        assert all(heading.get("scope") for heading in table.select("th"))
    return page


def words(element) -> str:
    """The text of an element with single spaces."""
    return " ".join(element.get_text(" ").split())

"""The page of one source: what it is, how good, what it says, with what it overlaps, where the record came from."""

from datetime import date
from decimal import Decimal

from page_checks import page_faults, read, words
from query_counts import queries_of
from small_store import make_appraisal, make_category, make_finding, make_measure, make_source

from evidence.views.sources import source_detail
from studies.models import Domain, Instrument, Judgement, Load, LoadRow, Overlap, Source, Support


def page_of(client, source_id: str):
    response = client.get(f"/sources/{source_id}/")
    assert response.status_code == 200
    page = read(response)
    assert page_faults(page) == []
    return page


def facts_of(page) -> dict[str, str]:
    return {
        words(term): words(term.find_next_sibling("dd")) for term in page.select(".evidence-definitions dt")
    }


def test_queries_do_not_grow_with_the_figures(db):
    source = make_source("s")
    make_appraisal(source, "weak")
    measure = make_measure("m0")
    for number in range(3):
        make_finding(f"f{number}", source, measure)
    few = queries_of(source_detail, "/", "s")
    for number in range(3, 33):
        make_finding(f"f{number}", source, make_measure(f"m{number}"), searched=False)
    many = queries_of(source_detail, "/", "s")

    assert few == many
    assert many[0] <= 16
    assert many[1] <= 1


def test_queries_do_not_grow_with_overlaps_and_judgements(db):
    source = make_source("s")
    appraisal = make_appraisal(source, "weak")
    domain = Domain.objects.create(instrument=appraisal.instrument, domain_id="d", label="Sampling", order=1)

    def judge(number):
        criterion = domain.criteria.create(
            criterion_id=f"c{number}",
            order=number,
            critical=number == 1,
            question=f"Question {number}?",
            answers=[],
        )
        Judgement.objects.create(appraisal=appraisal, criterion=criterion, answer="yes", note="Seen.")
        Overlap.objects.create(source_a=source, source_b=make_source(f"other-{number}"), reason="Same cases.")

    judge(1)
    few = queries_of(source_detail, "/", "s")
    for number in range(2, 20):
        judge(number)

    assert queries_of(source_detail, "/", "s") == few


def test_source_says_what_it_is_and_how_it_was_checked(client, db):
    make_source(
        "s",
        title="The report",
        authors="Surname A, Other B",
        publisher="A Publisher",
        year=None,
        source_type="official_statistics",
        accredited_official_statistics="yes",
        peer_reviewed=True,
        doi="10.1000/1",
        isbn="978-0",
        url="https://example.org/report",
        data_period_start=date(2010, 4, 1),
        data_period_end=date(2011, 3, 31),
        bibliographic_check="quoted_by_others",
    )
    page = page_of(client, "s")
    facts = facts_of(page)
    tags = [words(tag) for tag in page.select("main .evidence-tags .evidence-tag")]

    assert words(page.select_one(".evidence-lead")) == "Surname A, Other B. A Publisher, year not stated."
    assert {"Peer reviewed", "Accredited official statistics", "Not read: quoted by others"} <= set(tags)
    assert facts["Data from"] == "1 April 2010 to 31 March 2011"
    assert facts["DOI"] == "10.1000/1"
    assert facts["ISBN"] == "978-0"
    assert facts["Where to find it"] == "https://example.org/report"
    assert facts["How it was checked"].startswith("The document was not read: it is quoted by others.")


def test_source_of_which_little_is_known_says_so(client, db):
    make_source("s", authors="")
    facts = facts_of(page_of(client, "s"))

    assert facts["Data from"] == "Not stated"
    assert facts["Where to find it"] == "No address known"
    assert not {"DOI", "ISBN", "Record loaded from"} & set(facts)


def test_secondary_figures_are_counted_and_marked(client, db):
    source, measure = make_source("s"), make_measure("m")
    make_finding("f1", source, measure, verification="secondary")
    make_finding("f2", source, measure)
    page = page_of(client, "s")

    assert "Of 2 findings, 1 was read in another text" in facts_of(page)["How it was checked"]
    assert [words(row.select("td")[-1]).split(" Origin")[0] for row in page.select("#findings tbody tr")] == [
        "Another text (secondary)",
        "The source (primary)",
    ]


def test_rating_stands_with_its_reason_its_answers_and_its_status(client, db):
    source = make_source("s")
    appraisal = make_appraisal(source, "moderate")
    domain = Domain.objects.create(instrument=appraisal.instrument, domain_id="d", label="Sampling", order=1)
    criterion = domain.criteria.create(
        criterion_id="c",
        order=1,
        critical=True,
        question="Was the sample drawn at random?",
        answers=[{"value": "no", "label": "No, it was not"}],
    )
    Judgement.objects.create(appraisal=appraisal, criterion=criterion, answer="no", note="Volunteers.")
    section = page_of(client, "s").select_one("#quality")
    said = words(section)

    assert "Moderate" in said
    assert "provisional" in said
    assert "Because." in said
    assert "A provisional draft by one editor, which awaits two independent appraisers." in said
    assert "answers are never added up" in said
    assert [words(cell) for cell in section.select("tbody tr > *")] == [
        "Sampling",
        "Was the sample drawn at random? (critical)",
        "No, it was not",
        "Volunteers.",
    ]


def test_final_rating_is_shown_without_the_words_of_a_draft(client, db):
    source = make_source("s")
    make_appraisal(source, "weak", "provisional")
    make_appraisal(source, "strong", "final")
    said = words(page_of(client, "s").select_one("#quality"))

    assert "Strong" in said
    assert "provisional" not in said.lower()


def test_unrated_source_without_figures_says_what_it_is_for(client, db):
    make_source("s")
    page = page_of(client, "s")

    assert "Not rated" in words(page.select_one("#quality"))
    assert "No figures were taken from this source" in words(page.select_one("#findings"))
    assert "That is not proof that there is none." in words(page.select_one("#overlaps"))


def test_figures_stand_under_their_measure_with_all_that_belongs_to_them(client, db):
    source = make_source("s")
    measure = make_measure("m", label="Offenders by age", quantity="composition", unit_label="offenders")
    make_finding(
        "f",
        source,
        measure,
        category=make_category(measure, "young", 1),
        statistic="percentage",
        value=Decimal("12.5"),
        numerator=Decimal(25),
        denominator=Decimal(200),
        precision="derived",
        scope="Groups of any type",
    )
    make_finding("g", source, measure, value=Decimal(200))
    page = page_of(client, "s")
    rows = [[words(cell) for cell in row.select("th, td")] for row in page.select("#findings tbody tr")]

    assert words(page.select_one("#findings caption")) == "Offenders by age"
    assert [
        "Young",
        "12.5%",
        "200 offenders Unknown share not reported",
        "Groups of any type",
        "2014, England",
        "Worked out",
    ] in [row[:6] for row in rows]
    assert ["Total", "200 offenders"] in [row[:2] for row in rows]
    assert page.select_one("#findings a[href='/measures/m/']")


def test_overlap_is_shown_from_either_side(client, db):
    first, second = make_source("first", title="First"), make_source("second", title="Second")
    Overlap.objects.create(source_a=first, source_b=second, reason="Same cases.")
    for own, other in (("first", "second"), ("second", "first")):
        section = page_of(client, own).select_one("#overlaps")
        assert "may be neither added nor pooled" in words(section)
        assert section.select_one("li a")["href"] == f"/sources/{other}/"


def test_record_says_from_which_line_of_which_file_it_came(client, db):
    make_source("s")
    load = Load.objects.create(
        name="base", format="csv", sha256="0" * 64, status="committed", loaded_by="somebody"
    )
    for line in (7, 9):
        LoadRow.objects.create(
            load=load, table="sources", record_key="s", file="sources.csv", line=line, outcome="new"
        )
    assert facts_of(page_of(client, "s"))["Record loaded from"].startswith("sources.csv, line 9, on ")


def test_download_of_its_findings_holds_those_of_the_page(client, shipped):
    source = Source.objects.get(pk="casey-2025-national-audit")
    page = page_of(client, source.pk)
    link = page.select_one("#findings .evidence-downloads a")["href"]
    body = b"".join(client.get(link).streaming_content).decode()

    assert link == "/findings.csv?source=casey-2025-national-audit"
    assert body.count("\r\n") - 1 == source.findings.count() == len(page.select("#findings tbody tr"))


def test_conclusions_that_rest_on_it_are_linked(client, shipped):
    support = Support.objects.select_related("conclusion").first()
    section = page_of(client, support.source_id).select_one("#used")
    assert f"/conclusions/{support.conclusion_id}/" in [link["href"] for link in section.select("a")]


def test_every_instrument_is_shown_on_some_source(client, shipped):
    """The words of the answers come from the instrument; each of the six is tried."""
    assert Instrument.objects.count() == 6
    for tool in Instrument.objects.all():
        source = tool.appraisals.first().source
        section = page_of(client, source.pk).select_one("#quality")
        assert tool.name in words(section)
        assert len(section.select("tbody tr")) == Judgement.objects.filter(appraisal__source=source).count()


def test_shipped_source_is_marked_provisional_and_secondary_throughout(client, shipped):
    source = Source.objects.filter(findings__verification="secondary").order_by("pk").first()
    page = page_of(client, source.pk)
    tag = words(page.select_one("main .evidence-tags .evidence-tag"))

    assert tag.endswith("provisional")
    assert "read in another text and not checked against the original" in facts_of(page)["How it was checked"]


def test_unknown_source_is_not_found(client, shipped):
    assert client.get("/sources/no-such-source/").status_code == 404
    assert client.get(f"/sources/{'x' * 5000}/").status_code == 404

"""What each table and column of the evidence base means, in a sentence: for the notes of the templates."""

from __future__ import annotations

from .schema import Column, Table


TABLE_MEANINGS = {
    "sources": "One row for each published document or release.",
    "measures": "What is measured: one row for each quantity, with its unit and definition.",
    "categories": "The classes within a measure, such as the answers of a breakdown.",
    "findings": "One row for each figure, as a source reports it.",
    "overlaps": "Pairs of sources that share people or data and must not be added or pooled.",
    "appraisals": "One provisional rating for each source. Final ratings are made on the site.",
    "appraisal_answers": "The answers behind a provisional rating, one for each question.",
    "conclusions": "Key statements with the certainty of the evidence behind them.",
    "conclusion_support": "Which sources and findings support or contradict a conclusion.",
    "gaps": "What is not known, why it matters, and what would fill the gap.",
    "implications": "What follows for local partners or national policy.",
    "benchmarks": "Which findings may be read beside a population, and with what caution.",
    "comparability": "Statements by a named person that findings may be pooled.",
    "breaks": "Changes of definition or collection in a series. No line is drawn across them.",
    "related_measures": "How measures stand to each other.",
    "local/areas": "Local authorities, police forces, regions and countries.",
    "local/measures": "Official local figures: what each one counts, and its base.",
    "local/figures": "One figure of one area in one year, or the symbol printed in its place.",
    "local/neighbours": "The statistical neighbours of an authority, the closest first.",
}

MEANINGS = {
    "answer": "The answer, as the instrument offers it.",
    "appraisal_id": "Identifier of the appraisal.",
    "area_code": "Official code of the area; police forces have one that begins with police-.",
    "audience": "Who it is for.",
    "authors": "Report authors or bodies, as on the document, divided by semicolons.",
    "accredited_official_statistics": "Yes only where the notes on the source say so.",
    "base": "What a share is a share of, or what a count is taken from, in words.",
    "benchmark_id": "Identifier of the pair.",
    "bibliographic_check": "Whether the document itself was seen, or is only quoted by others.",
    "breakdown_complete": "Yes where the parts, unknown included, make up the base; no where parts are missing.",
    "breakdown_id": "Shared by the rows that divide one base; blank otherwise.",
    "category_id": "Identifier of the category; blank for a total or a measure without categories.",
    "caution": "What a reader must be told beside the comparison.",
    "certainty": "Confidence in the whole body of evidence for the statement.",
    "certainty_reasons": "Limitations, coherence, adequacy and relevance, in a few sentences.",
    "closeness": "How close the neighbour is, in the words of the model.",
    "comparability_note": "What must not be compared or pooled.",
    "conclusion_id": "Identifier of the conclusion.",
    "criterion_id": "Identifier of the question in the instrument.",
    "data_period_end": "Last day of the data; where only a year is known, its last day.",
    "data_period_start": "First day of the data; where only a year is known, its first day.",
    "definition": "What is counted.",
    "definition_note": "What the figure is, and what to watch.",
    "denominator": "The count that the share is taken of, where known.",
    "dfe_code": "Number of the authority at the Department for Education.",
    "direction": "What the source or finding does for the conclusion.",
    "doi": "Digital object identifier, bare.",
    "finding_id": "Identifier of the figure.",
    "finding_period_end": "Last day of the finding's period; blank for any.",
    "gap_id": "Identifier of the gap.",
    "geography": "The area covered.",
    "implication_id": "Identifier of the implication.",
    "instrument_id": "Identifier of the appraisal instrument.",
    "is_unknown": "Yes for unknown, not recorded and not stated. A measure has one such category at most.",
    "isbn": "International standard book number.",
    "label": "Plain words, for charts and tables.",
    "level": "The kind of area.",
    "limitations": "What weakens it, in our own words.",
    "local_measure_id": "Identifier of the local figure's kind.",
    "locator": "Where it stands: page, table, or what kind of text it was read in.",
    "lower_ci": "Lower confidence limit, as printed.",
    "measure_a": "One measure of the pair.",
    "measure_b": "The other measure of the pair.",
    "measure_id": "Identifier of the measure.",
    "method": "How the evidence was gathered.",
    "name": "Name of the area.",
    "neighbour_code": "Official code of the neighbour.",
    "note": "Anything else that a reader has to know.",
    "numerator": "The count behind the value, where known; for a count with a base it repeats the value.",
    "order": "Place in tables and charts, from 1; unknown comes last.",
    "overall_rating": "The rating that the instrument's rule gives.",
    "peer_reviewed": "Whether it went through peer review.",
    "period_end": "Last day of the period.",
    "period_start": "First day of the period.",
    "period_type": "What kind of period the days make up.",
    "population_finding_id": "Identifier of the population figure to read it beside.",
    "precision": "How exact the figure is: bounds and derived values must not look like exact counts.",
    "publisher": "Who published it.",
    "quantity": "What kind of number it is.",
    "rank": "1 for the closest neighbour.",
    "rationale": "Why the rating follows, in a sentence or two.",
    "reason": "What they share.",
    "region_code": "Official code of the region that it lies in.",
    "relation": "How the two stand to each other.",
    "scope": "The population covered, in words. Figures of different scope are not the same quantity.",
    "series": "Yes where rows of one source, category and area may be drawn as a time series.",
    "source_a": "One source of the pair.",
    "source_b": "The other source of the pair.",
    "source_id": "Identifier of the source.",
    "source_type": "What kind of evidence it is.",
    "starts_on": "First day of the period from which the new rule holds.",
    "stated_by": "Who answers for the statement.",
    "stated_on": "Day of the statement.",
    "statement": "The statement itself.",
    "statistic": "What the value is.",
    "status": "Always provisional in a file.",
    "summary": "What it reports, in our own words.",
    "symbol": "c withheld, x not available, u unreliable, z not applicable; the value is then blank, which is not zero.",
    "text": "The implication, in a sentence or two.",
    "theme": "The theme that it belongs to.",
    "title": "Title, as on the document.",
    "unit": "What is counted, in words.",
    "unit_label": "Words for the unit, for axes and tables.",
    "unit_of_analysis": "Who or what is counted.",
    "upper_ci": "Upper confidence limit, as printed.",
    "url": "The publisher's own address, beginning with https://.",
    "value": "The number as printed; per cent for percentages; a printed trailing zero is kept.",
    "verification": "Primary: read in the source itself. Secondary: read in another text.",
    "what_would_fill_it": "The study or data that would fill the gap.",
    "why_it_matters": "What cannot be decided without it.",
    "year": "Year of publication, four digits; of a local figure, the year ending in March.",
    "years": "The years covered, first and last.",
}

KINDS = {
    "identifier": "lower-case words joined by hyphens",
    "integer": "a whole number",
    "number": "a number as printed, without thousands separators",
    "date": "a date as 2024-03-31",
    "yes_no": "yes or no",
    "web_address": "a web address",
    "code": "an official code",
    "text": "text",
}


def kind_in_words(column: Column) -> str:
    """What may stand in a column: its values, the table that must hold it, or the kind of text."""
    if column.choices:
        return " | ".join(column.choices)
    if column.refers_to:
        return f"an identifier of {column.refers_to}"
    return KINDS[column.kind]


def may_be_blank(table: Table, column: Column) -> bool:
    """Whether a cell of the column may be left blank; a part of the key may where it is not required."""
    return not column.required

"""What a reference loses on its way out in a format and in again. Shown to readers, and held to by a test."""

from . import FORMATS


TYPE = "a type that no file stated comes back as “other”"
YEAR_BEHIND = "a date that does not hold its year gets it behind"
PARAGRAPHS = "paragraphs become one"
IN_A_NOTE = "a PubMed number that only a note names is found there"

LOSSES: dict[str, dict[str, str]] = {
    "ris": {
        "reference_type": TYPE,
        "date": YEAR_BEHIND,
        "container": "left out where it is the title over again",
        "pmid": IN_A_NOTE,
        "abstract": PARAGRAPHS,
    },
    "bib": {
        "reference_type": TYPE,
        "date": "2019/05/03 becomes 2019-05-03; of a date in words the year goes to its end",
        "pmid": IN_A_NOTE,
        "abstract": PARAGRAPHS,
        "notes": PARAGRAPHS,
    },
    "csl.json": {
        "reference_type": TYPE,
        "date": YEAR_BEHIND,
        "pmid": IN_A_NOTE,
        "keywords": "one that holds a semicolon becomes two",
    },
}
"""Format → field of a reference → what becomes of it. Every other field comes back as it was."""

FIELDS = {
    "reference_type": "Type",
    "date": "Date",
    "container": "Journal or book",
    "pmid": "PubMed number",
    "abstract": "Abstract",
    "notes": "Notes",
    "keywords": "Keywords",
}


def list_losses() -> list[tuple[str, str, str]]:
    """Format, field and what becomes of it, in readers' words."""
    return [
        (FORMATS[ending].name, FIELDS[field], change)
        for ending, fields in LOSSES.items()
        for field, change in fields.items()
    ]

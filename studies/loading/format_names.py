"""What the formats of references are called, by their short names."""

from __future__ import annotations


FORMATS = {
    "ris": "RIS",
    "bibtex": "BibTeX or BibLaTeX",
    "nbib": "PubMed (NBIB)",
    "endnote-xml": "EndNote XML",
    "refer": "EndNote tagged text (Refer)",
    "wos": "Web of Science plain text",
    "eppi": "EPPI-Reviewer JSON",
    "csl-json": "CSL-JSON",
    "csv": "delimited text (CSV)",
    "xlsx": "Excel workbook",
    "ods": "OpenDocument spreadsheet",
}

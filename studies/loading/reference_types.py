"""One small vocabulary of reference types, and what each format calls them.

It says what kind of publication a reference is, for citing and matching. It is not the ``source_type`` of the
evidence base, which says what kind of evidence a source is and which a person decides.
"""

from __future__ import annotations

import re


TYPES = {
    "article": "Journal article",
    "book": "Book",
    "chapter": "Chapter or section of a book",
    "conference_paper": "Conference paper",
    "dataset": "Data set",
    "legal": "Legislation or case",
    "news": "Newspaper or magazine article",
    "preprint": "Preprint or unpublished work",
    "report": "Report",
    "thesis": "Thesis",
    "web_page": "Web page",
    "other": "Other",
}

RIS = {
    "ABST": "article", "BLOG": "web_page", "BILL": "legal", "BOOK": "book", "CASE": "legal", "CHAP": "chapter",
    "CHAPTER": "chapter", "CONF": "conference_paper", "CPAPER": "conference_paper", "DATA": "dataset",
    "DBASE": "dataset", "AGGR": "dataset", "EBOOK": "book", "ECHAP": "chapter", "EDBOOK": "book",
    "EJOU": "article", "EJOUR": "article", "ELEC": "web_page", "GOVDOC": "report", "HEAR": "legal",
    "INPR": "article", "JFULL": "article", "JOUR": "article", "LEGAL": "legal", "MANSCPT": "preprint",
    "MGZN": "news", "NEWS": "news", "RPRT": "report", "SER": "book", "STAND": "report", "STAT": "legal",
    "THES": "thesis", "UNBILL": "legal", "UNPB": "preprint", "UNPD": "preprint", "WEB": "web_page",
}  # fmt: skip

BIBTEX = {
    "article": "article", "book": "book", "booklet": "book", "collection": "book", "conference": "conference_paper",
    "dataset": "dataset", "inbook": "chapter", "incollection": "chapter", "inproceedings": "conference_paper",
    "jurisdiction": "legal", "legislation": "legal", "mastersthesis": "thesis", "mvbook": "book", "online": "web_page",
    "phdthesis": "thesis", "preprint": "preprint", "proceedings": "book", "report": "report",
    "suppbook": "chapter", "techreport": "report", "thesis": "thesis", "unpublished": "preprint", "www": "web_page",
}  # fmt: skip

CSL = {
    "article": "preprint", "article-journal": "article", "article-magazine": "news", "article-newspaper": "news",
    "bill": "legal", "book": "book", "book-chapter": "chapter", "chapter": "chapter", "dataset": "dataset",
    "journal-article": "article", "legal_case": "legal", "legislation": "legal", "manuscript": "preprint",
    "monograph": "book", "paper-conference": "conference_paper", "post": "web_page", "post-weblog": "web_page",
    "posted-content": "preprint", "proceedings-article": "conference_paper", "regulation": "legal",
    "report": "report", "review": "article", "standard": "report", "thesis": "thesis", "webpage": "web_page",
}  # fmt: skip

# Words as they stand in EndNote, Refer, EPPI-Reviewer, Zotero, Scopus, Embase, PubMed and Web of Science. The
# first phrase found in the lower-cased value decides, so longer and more telling phrases come first.
PHRASES = (
    ("conference proceedings", "conference_paper"), ("conference paper", "conference_paper"),
    ("conference abstract", "conference_paper"), ("proceedings paper", "conference_paper"),
    ("conference, proceedings", "conference_paper"), ("meeting abstract", "conference_paper"),
    ("book review", "article"), ("case report", "article"), ("data paper", "article"), ("news item", "news"),
    ("press release", "news"), ("working paper", "report"), ("discussion paper", "report"),
    ("journal", "article"), ("book section", "chapter"), ("book chapter", "chapter"), ("chapter", "chapter"),
    ("preprint", "preprint"), ("manuscript", "preprint"), ("unpublished", "preprint"), ("newspaper", "news"),
    ("magazine", "news"), ("thesis", "thesis"), ("dissertation", "thesis"), ("report", "report"),
    ("government document", "report"), ("legal", "legal"), ("statute", "legal"), ("legislation", "legal"),
    ("bill", "legal"), ("web", "web_page"), ("blog", "web_page"), ("internet", "web_page"),
    ("electronic article", "article"), ("dataset", "dataset"), ("data set", "dataset"), ("book", "book"),
    ("research project", "report"), ("review", "article"), ("letter", "article"), ("editorial", "article"),
    ("erratum", "article"), ("article", "article"), ("note", "article"), ("correction", "article"),
    ("retract", "article"), ("short survey", "article"), ("hearing", "legal"), ("court case", "legal"),
    ("database", "dataset"), ("standard", "report"),
)  # fmt: skip


def from_words(words: str) -> str:
    """The reference type that a phrase such as "Journal Article" means; "" for nothing, "other" if unknown."""
    lower = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", words).lower()  # Zotero writes "bookSection"
    if not lower.strip():
        return ""
    if lower.strip() == "case":  # Zotero and EndNote; elsewhere the word is part of "case study"
        return "legal"
    return next((kind for phrase, kind in PHRASES if phrase in lower), "other")


def from_code(code: str, table: dict[str, str]) -> str:
    """The reference type that a code of one of the tables means; "" for nothing, "other" if unknown."""
    return table.get(code, "other") if code else ""

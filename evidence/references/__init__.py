"""References as other programs take them in: RIS, BibTeX and CSL-JSON, each written piece by piece.

Pure. What each format cannot hold stands in `losses.LOSSES`, and a test holds the writers to it.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from studies.loading.records import Record

from .bibtex import write_bibtex
from .csl import write_csl
from .ris import write_ris


Entry = tuple[str, Record]
"""The key of a reference, which no other one of the file has, and the reference."""


class Format(NamedTuple):
    """How a format is called in an address and to readers, its media type, its ending, and what writes it."""

    name: str
    media_type: str
    ending: str
    write: Callable[[Iterable[Entry]], Iterator[str]]


FORMATS = {
    "ris": Format("RIS", "application/x-research-info-systems; charset=utf-8", "ris", write_ris),
    "bib": Format("BibTeX", "application/x-bibtex; charset=utf-8", "bib", write_bibtex),
    "csl.json": Format("CSL-JSON", "application/vnd.citationstyles.csl+json", "csl.json", write_csl),
}

__all__ = ["FORMATS", "Entry", "Format"]

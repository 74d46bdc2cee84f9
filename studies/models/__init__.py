"""The store's tables, one module a subject."""

from .appraisals import Appraisal, Criterion, Domain, Instrument, Judgement
from .areas import Area, AreaFigure, AreaNeighbour, LocalMeasure
from .audit import AuditEvent, data_version
from .conclusions import Conclusion, Gap, Implication, Support
from .findings import Finding
from .loads import Load, LoadPart, LoadRow, LoadTask
from .mappings import ReleaseMapping
from .measures import Benchmark, Category, Comparability, Measure, MeasureRelation, SeriesBreak
from .references import Merge, PossibleDuplicate, Reference
from .releases import Release, SavedView
from .rounds import AppraisalRound, FindingRating
from .sources import Overlap, Source, SourceSearch


__all__ = [
    "Appraisal",
    "AppraisalRound",
    "Area",
    "AreaFigure",
    "AreaNeighbour",
    "AuditEvent",
    "Benchmark",
    "Category",
    "Comparability",
    "Conclusion",
    "Criterion",
    "Domain",
    "Finding",
    "FindingRating",
    "Gap",
    "Implication",
    "Instrument",
    "Judgement",
    "Load",
    "LoadPart",
    "LoadRow",
    "LoadTask",
    "LocalMeasure",
    "Measure",
    "MeasureRelation",
    "Merge",
    "Overlap",
    "PossibleDuplicate",
    "Reference",
    "Release",
    "ReleaseMapping",
    "SavedView",
    "SeriesBreak",
    "Source",
    "SourceSearch",
    "Support",
    "data_version",
]

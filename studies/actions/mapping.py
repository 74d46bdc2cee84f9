"""How the tables of an evidence base and the models correspond, in both directions."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db import models

from .. import models as store
from ..loading.outcome import Key, Values
from ..loading.schema import TABLE, Table
from ..models.measures import category_key


@dataclass(frozen=True)
class Mapping:
    """One table and its model. `renamed` gives the model's attribute where it differs from the column's name."""

    table: Table
    model: type[models.Model]
    renamed: dict[str, str] = field(default_factory=dict)

    @cached_property
    def attributes(self) -> dict[str, str]:
        """Column → attribute of the model."""
        return {name: self.renamed.get(name, name) for name in self.table.column_names}

    def to_attributes(self, values: Values) -> dict[str, Any]:
        """The model's attributes for a checked record."""
        attributes = {}
        for column in self.table.columns:
            value = values[column.name]
            if column.refers_to == "categories":
                value = category_key(values["measure_id"], value)
            elif column.kind == "reference" and value == "":
                value = None
            attributes[self.attributes[column.name]] = value
        return attributes

    def to_values(self, row: dict[str, Any]) -> Values:
        """The checked values that a stored row stands for: the inverse of `to_attributes`."""
        values = {}
        for column in self.table.columns:
            value = row[self.attributes[column.name]]
            if column.refers_to == "categories":
                value = value.split("/", 1)[1] if value else ""
            elif value is None and column.kind == "reference":
                value = ""
            values[column.name] = value
        return values

    def stored(self, **narrow: Any) -> dict[Key, tuple[Any, Values]]:
        """Key → (primary key, values) of what the store holds, optionally only some of it."""
        held = {}
        for row in self.queryset().filter(**narrow).values("pk", *set(self.attributes.values())).iterator():
            values = self.to_values(row)
            held[tuple(values[name] for name in self.table.key)] = (row["pk"], values)
        return held

    def queryset(self) -> models.QuerySet:
        """The rows that belong to the table. Only standing statements count as comparability."""
        rows = self.model._default_manager.order_by()
        return rows.filter(withdrawn_on=None) if self.model is store.Comparability else rows


def _map(name: str, model: type[models.Model], **renamed: str) -> tuple[str, Mapping]:
    return name, Mapping(TABLE[name], model, renamed)


MAPPINGS: dict[str, Mapping] = dict(
    [
        _map("sources", store.Source),
        _map("measures", store.Measure),
        _map("categories", store.Category),
        _map("findings", store.Finding),
        _map("overlaps", store.Overlap, source_a="source_a_id", source_b="source_b_id"),
        _map("appraisals", store.Appraisal, instrument_id="instrument__instrument_id"),
        _map("appraisal_answers", store.Judgement, criterion_id="criterion__criterion_id"),
        _map("conclusions", store.Conclusion),
        _map("conclusion_support", store.Support),
        _map("gaps", store.Gap),
        _map("implications", store.Implication),
        _map("benchmarks", store.Benchmark),
        _map("comparability", store.Comparability),
        _map("breaks", store.SeriesBreak),
        _map("related_measures", store.MeasureRelation, measure_a="measure_a_id", measure_b="measure_b_id"),
        _map("local/areas", store.Area, region_code="region_id"),
        _map("local/measures", store.LocalMeasure),
        _map("local/figures", store.AreaFigure, area_code="area_id"),
        _map("local/neighbours", store.AreaNeighbour, area_code="area_id", neighbour_code="neighbour_id"),
    ]
)

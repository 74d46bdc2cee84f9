"""Figures as objects: picture, table twin, text alternative and caveats in one.

Pure: nothing here imports Django or the store. Rows come in as frozen dataclasses
(`figures`), charts go out as `Chart` (`chart`). Start at `dispatch.charts_for`.
"""

from evidence.charts.bounds import build_bounds, build_bounds_pair
from evidence.charts.chart import Chart
from evidence.charts.dispatch import charts_for
from evidence.charts.figures import Break, ChartFinding, Focus, MeasureInfo
from evidence.charts.forest import build_forest
from evidence.charts.forest_input import ForestInput, ForestPooled, ForestRow
from evidence.charts.statements import Statement, statement_for
from evidence.charts.tables import Column, Table


__all__ = [
    "Break",
    "Chart",
    "ChartFinding",
    "Column",
    "Focus",
    "ForestInput",
    "ForestPooled",
    "ForestRow",
    "MeasureInfo",
    "Statement",
    "Table",
    "build_bounds",
    "build_bounds_pair",
    "build_forest",
    "charts_for",
    "statement_for",
]

"""What a record of the evidence base says of itself, for the list in which a load is decided on.

A title, and below it the rest, as references have them: whoever commits figures sees the figures.
"""

from studies.vocabulary import Suppression

from .outcome import Values


LONGEST_SAID = 300

STATEMENTS = (
    "label",
    "title",
    "name",
    "statement",
    "text",
    "reason",
    "caution",
    "rationale",
    "note",
    "answer",
)
"""Columns by which a record of other tables is known, the most telling first."""


def words_of(table: str, values: Values) -> tuple[str, str]:
    """Title and rest of a record; "" where it has no such words."""
    if table == "findings":
        return _finding(values)
    if table == "local/figures":
        return figure(values["value"], values["denominator"], values["symbol"]), ""
    if table == "local/neighbours":
        return values["neighbour_code"], values["closeness"]
    title = next((values[name] for name in STATEMENTS if values.get(name)), "")
    rest = ""
    if table == "sources":
        rest = ". ".join(str(values[name]) for name in ("authors", "year", "publisher") if values[name])
    elif table == "measures":
        rest = values["definition"]
    return cut(title), cut(rest)


def _finding(values: Values) -> tuple[str, str]:
    sign = " per cent" if values["statistic"] in ("percentage", "percentage_change") else ""
    top, bottom = values["numerator"], values["denominator"]
    base = (
        f", {top} of {bottom}" if top is not None and sign else f", of {bottom}" if bottom is not None else ""
    )
    period = " to ".join(str(values[name]) for name in ("period_start", "period_end") if values[name])
    parts = (values["category_id"], values["scope"], values["geography"], period)
    return f"{values['value']}{sign}{base} ({values['precision']})".replace("_", " "), cut(
        "; ".join(filter(None, parts))
    )


def figure(value: object, denominator: object, symbol: str) -> str:
    """A figure of an area, or what its symbol means."""
    base = f", of {denominator}" if denominator is not None else ""
    return f"{symbol_in_words(symbol) if symbol else value}{base}"


def symbol_in_words(symbol: str) -> str:
    """ "Withheld (c)". What stands for no figure is told in words wherever it shows."""
    return f"{Suppression(symbol).label} ({symbol})" if symbol in Suppression.values else symbol


def cut(text: str) -> str:
    """A text as far as a list needs it, on one line."""
    one_line = " ".join(text.split())
    return one_line if len(one_line) <= LONGEST_SAID else one_line[: LONGEST_SAID - 1].rstrip() + "…"

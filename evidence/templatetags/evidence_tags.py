"""Template tags of the reading half."""

from functools import lru_cache
from urllib.parse import quote

from django import template
from django.template.loader import render_to_string
from django.utils.html import conditional_escape, escape
from django.utils.safestring import SafeString, mark_safe


register = template.Library()

LONG_CELL = 60
"""Characters from which a cell gets room to wrap instead of stretching its column."""


@register.simple_tag
def data_table(table, caption_id: str = "") -> SafeString:
    """A table of texts, in a region that scrolls where the page is too narrow for it.

    `table` has `caption`, `columns` (label, numeric) and `rows` (lists of texts). Made in one piece because a cell
    by cell template takes longer than all the sums of a page; every text is escaped here.
    """
    numeric = "".join(f" evidence-numeric-{n}" for n, column in enumerate(table.columns, 1) if column.numeric)
    head = "".join(
        f'<th scope="col" class="govuk-table__header">{escape(c.label)}</th>' for c in table.columns
    )
    body = "".join(table_row(row) for row in table.rows)
    caption = escape(table.caption)
    return mark_safe(
        f'<div class="evidence-scroll" role="region" aria-label="Table: {caption}" tabindex="0">'
        f'<table class="govuk-table evidence-table{numeric}"><caption class="govuk-table__caption">{caption}</caption>'
        f'<thead class="govuk-table__head"><tr class="govuk-table__row">{head}</tr></thead>'
        f'<tbody class="govuk-table__body">{body}</tbody></table></div>'
    )


def table_row(cells) -> str:
    """One row; its first cell heads it."""
    first, *others = cells
    parts = [f'<th scope="row" class="govuk-table__header">{conditional_escape(first)}</th>']
    parts += [
        f'<td class="govuk-table__cell{" evidence-long" if len(cell) > LONG_CELL else ""}">'
        f"{conditional_escape(cell)}</td>"
        for cell in others
    ]
    return f'<tr class="govuk-table__row">{"".join(parts)}</tr>'


FIGURE_COLUMNS = (
    "Figure",
    "Base",
    "Scope",
    "Period and area",
    "Source and quality",
    "Precision",
    "Read in",
    "Note",
)


@register.simple_tag
def figure_table(rows) -> SafeString:
    """The figures of a measure with everything that must stand beside them; each row has the finding's id.

    Made in one piece for the same reason as `data_table`.
    """
    head = "".join(f'<th scope="col">{column}</th>' for column in FIGURE_COLUMNS)
    return mark_safe(
        '<table class="govuk-table evidence-table">'
        '<caption class="govuk-table__caption" id="figures-caption">Figures as the sources report them</caption>'
        f'<thead class="govuk-table__head"><tr>{head}</tr></thead>'
        f'<tbody class="govuk-table__body">{"".join(figure_row(row) for row in rows)}</tbody></table>'
    )


def figure_row(row) -> str:
    """One finding as a table row."""
    name = f"{row.category_label}: {row.value}" if row.category_label else row.value
    quality = "not rated" if row.quality == "not_rated" else row.quality
    quality += " (provisional)" if row.provisional else ""
    unknown = f"<br>{escape(row.unknown)}" if row.unknown else ""
    read_in = "The source (primary)" if row.verification == "primary" else "Another text (secondary)"
    return (
        f'<tr id="{escape(row.finding_id)}"><th scope="row">{escape(name)}</th><td>{escape(row.base or "–")}{unknown}</td>'
        f'<td class="evidence-long">{escape(row.scope)}</td><td>{escape(row.period)}, {escape(row.geography)}</td>'
        f'<td><a class="govuk-link" href="/sources/{escape(row.source_id)}/">{escape(row.source_label)}</a>; '
        f"{quality}</td><td>{row.precision_label}</td><td>{read_in}</td>"
        f'<td class="evidence-long">{escape(row.note)}</td></tr>'
    )


@lru_cache(maxsize=256)
def _tag(name: str, **context) -> SafeString:
    """A component that depends on a handful of words only, rendered once for each."""
    return mark_safe(render_to_string(f"components/_{name}_tag.html", context).strip())


@register.simple_tag
def quality_tag(rating: str | None, provisional: bool, lowered: bool = False) -> SafeString:
    """The quality of a source: word, shape and outline, marked where the rating is a draft, or one figure's own."""
    return _tag("quality", rating=rating or "not_rated", provisional=bool(provisional), lowered=bool(lowered))


@register.simple_tag
def verification_tag(verification: str) -> SafeString:
    """Whether a figure was read in its source or in another text."""
    return _tag("verification", verification=verification)


@register.simple_tag
def precision_tag(precision: str, label: str) -> SafeString:
    """How exact a figure is."""
    return _tag("precision", precision=precision, label=label)


@register.simple_tag
def facet_options(facet, options, counted: str) -> SafeString:
    """Options of a facet as small checkboxes; ids come from the values, so focus finds them after a reload.

    Made in one piece: a page has up to a hundred of them.
    """
    return mark_safe("".join(_facet_option(facet.key, option, counted) for option in options))


def _facet_option(key: str, option, counted: str) -> str:
    """One checkbox with its label and count."""
    name = f"facet-{key}-{quote(option.value, safe='')}"
    checked = " checked" if option.selected else ""
    return (
        '<div class="govuk-checkboxes__item">'
        f'<input class="govuk-checkboxes__input" type="checkbox" name="{key}" value="{escape(option.value)}" '
        f'id="{name}"{checked}><label class="govuk-label govuk-checkboxes__label" for="{name}">'
        f'<span>{escape(option.label)}</span><span class="evidence-facet__count">'
        f'<span class="govuk-visually-hidden">, </span>{option.count}'
        f'<span class="govuk-visually-hidden"> {escape(counted)}</span></span></label></div>'
    )

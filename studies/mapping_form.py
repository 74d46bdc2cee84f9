"""The form in which a person says what the columns of a release are. Its parts follow from the roles of the columns.

One page without script: whoever changes a role presses "Update the form", and the parts that follow from it are
there. Nothing that was typed is lost on the way.
"""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from django import forms

from .forms import source_named
from .loading.releases.cells import Kind, read_cell
from .loading.releases.fit import same
from .loading.releases.periods import READINGS
from .loading.releases.reading import ReleaseTable
from .loading.releases.roles import ColumnSeen, guess_category, guess_kept
from .loading.releases.specification import (
    BASES,
    BLANKS,
    CHOOSING,
    FIGURES,
    FINDING_WORDS,
    FINDINGS,
    LOCAL_WORDS,
    ROLES,
    TIMES,
    TIMES_BY,
    Series,
    Specification,
)
from .models import Category, Source
from .vocabulary import AreaLevel, Precision, Statistic, Suppression, Verification


MOST_SERIES = 150
"""Figures that one mapping may give a meaning to. A form with more of them would be read by nobody."""

MOST_SIGNS = 20
WHOLE = "*"
"""Stands for the measure as a whole among the categories to choose from."""

PART_OF_FORM = {"roles": "columns", "keep": "rows", "series": "figures", "symbols": "signs"}
"""Parts of a specification that are no single field → the section of the form that is at fault."""

LONG = {"scope", "definition_note", "note", "base"}
HINTS = {
    "measure_id": "The identifier, as in the address of the measure’s page. Begin to type and choose.",
    "statistic": "What the figures are as printed.",
    "precision": "How exact the publisher says they are.",
    "verification": "Whether the figures are read in the source itself.",
    "level": "The smallest area that the figures are given for.",
    "scope": "The population that the figures cover, in words.",
    "locator": "Where in the source, for instance the number of the table.",
    "definition_note": "What the figures are, and what to watch.",
    "geography": "Where no column names the area.",
    "unit": "What is counted, for instance assessment episodes. “Per cent” for shares.",
    "base": "What the figures are parts of, in words; “none: counts only” where there is no base.",
    "note": "What a reader must know of these figures.",
}
WORD_CHOICES = {
    "statistic": [one for one in Statistic.choices if one[0] in ("count", "percentage")],
    "precision": Precision.choices,
    "verification": Verification.choices,
    "level": AreaLevel.choices,
}
LABELS = {"measure_id": "Measure", "geography": "Area", "note": "Note on the local measures"}


def signs_in(table: ReleaseTable, columns: Iterable[str]) -> list[str]:
    """The texts that stand in columns of figures and are no numbers."""
    found: dict[str, None] = {}
    for heading in columns:
        for text in table.column(heading):
            if text and len(text) <= 20 and read_cell(text, {}).kind is Kind.OTHER:
                found.setdefault(text)
    return list(islice(found, MOST_SIGNS))


class MappingForm(forms.Form):
    """`seen` are the columns, `spec` what is proposed or was saved, `signs` the texts that may be symbols."""

    name = forms.CharField(
        label="Name",
        max_length=80,
        help_text="Lower-case words joined by hyphens, for the command and the records.",
    )
    label = forms.CharField(label="Publication", max_length=300, help_text="What the releases are called.")
    source = forms.CharField(
        label="Source",
        max_length=400,
        widget=forms.TextInput(attrs={"list": "sources-offered"}),
        help_text="Its title, or its identifier as in the address of its page. Begin to type and choose.",
    )
    table = forms.ChoiceField(
        label="What the figures become",
        choices=[(FIGURES, "Figures of areas"), (FINDINGS, "National findings")],
        help_text="Figures of areas go to the local measures, national findings to the measures.",
    )
    time_from = forms.ChoiceField(
        label="Where the time stands", choices=TIMES.items(), help_text="The period that the figures cover."
    )
    fixed_time = forms.CharField(
        label="The time",
        required=False,
        max_length=40,
        help_text="Only where it is always the same, such as 2021-03-21.",
    )
    reading = forms.ChoiceField(
        label="How a time is read",
        choices=READINGS.items(),
        help_text="Figures of areas are held under the year in which the period ends.",
    )
    base_from = forms.ChoiceField(
        label="What the figures are parts of",
        choices=BASES.items(),
        help_text="A finding always has a denominator; a count without one is never compared.",
    )
    base_value = forms.CharField(
        label="Value of the total", required=False, max_length=300, help_text="Where one row holds the total."
    )
    blanks = forms.ChoiceField(
        label="A blank cell", choices=BLANKS.items(), help_text="It is neither nought nor a symbol."
    )
    times_by = forms.ChoiceField(
        label="How the figures are written",
        choices=TIMES_BY.items(),
        help_text="Spreadsheets keep 12.5% as 0.125.",
    )
    why = forms.CharField(
        label="Why this version",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="For those who ask later what changed.",
    )

    def __init__(
        self,
        data: Any = None,
        *,
        seen: list[ColumnSeen],
        spec: Specification,
        signs: list[str],
        amends: bool = False,
        **options: Any,
    ):
        super().__init__(data, **options)
        self.seen, self.spec, self.signs, self.amends = seen, spec, signs, amends
        del self.fields["name" if amends else "why"]
        for name in (
            "table",
            "time_from",
            "fixed_time",
            "reading",
            "base_from",
            "base_value",
            "blanks",
            "times_by",
        ):
            self.fields[name].initial = getattr(spec, name)
        for place, column in enumerate(seen):
            self.fields[f"role-{place}"] = forms.ChoiceField(
                label=f"Role of {column.heading}",
                choices=ROLES.items(),
                initial=spec.roles.get(column.heading, "unused"),
            )
        self.roles = {one.heading: self._now(f"role-{place}") for place, one in enumerate(seen)}
        self.target = self._now("table")
        self._add_words()
        self._add_rows()
        self._add_series()
        self._add_signs()
        self.sections: dict[str, list[str]] = {}

    def _now(self, name: str) -> str:
        """What a field holds at the moment, sound or not."""
        return (
            str(self.data.get(name, "")).replace("\0", "")
            if self.is_bound
            else str(self.fields[name].initial or "")
        )

    def _add_words(self) -> None:
        self.word_names = [*FINDING_WORDS, "geography"] if self.target == FINDINGS else [*LOCAL_WORDS]
        for name in self.word_names:
            label = LABELS.get(name, name.replace("_", " ").capitalize())
            options = {"label": label, "required": False, "help_text": HINTS.get(name, "")}
            initial = self.spec.words.get(name, "")
            if name in WORD_CHOICES:
                field: forms.Field = forms.ChoiceField(
                    choices=[("", "Choose one"), *WORD_CHOICES[name]], **options
                )
            else:
                widget = forms.Textarea(attrs={"rows": 2}) if name in LONG else forms.TextInput()
                if name == "measure_id":
                    widget.attrs["list"] = "measures-offered"
                field = forms.CharField(max_length=2000, widget=widget, **options)
            field.initial = initial
            self.fields[f"word-{name}"] = field

    def _add_rows(self) -> None:
        """Which values of each choosing column are taken."""
        self.choosing: list[tuple[str, str]] = []
        for place, column in enumerate(self.seen):
            role = self.roles[column.heading]
            if role in CHOOSING and column.values:
                name = f"keep-{place}"
                self.choosing.append((column.heading, name))
                kept = self.spec.keep.get(column.heading) or guess_kept(column, role)
                self.fields[name] = forms.MultipleChoiceField(
                    label=f"Rows of {column.heading}",
                    required=False,
                    choices=[(value, value) for value in column.values],
                    initial=[value for value in column.values if same(value) in {same(one) for one in kept}],
                    widget=forms.CheckboxSelectMultiple,
                )

    def _add_series(self) -> None:
        """What each figure becomes, for each value of the dividing column."""
        # A name says column, dividing column and value, so that what was typed stays with its figure.
        places = {column.heading: place for place, column in enumerate(self.seen)}
        divide = next((column for column in self.seen if self.roles[column.heading] == "divide"), None)
        by = places[divide.heading] if divide else "all"
        pairs = [
            (heading, value, f"{place}-{by}-{number}")
            for heading, place in places.items()
            if self.roles[heading] == "figure"
            for number, value in enumerate(divide.values if divide else [""])
        ]
        self.too_many = len(pairs) > MOST_SERIES
        before = {(one.column, same(one.value)): one for one in self.spec.series}
        measure = self._now("word-measure_id").strip() if "word-measure_id" in self.fields else ""
        self.categories = dict(Category.objects.filter(measure=measure).values_list("category_id", "label"))
        self.series_rows: list[dict[str, Any]] = []
        for heading, value, key in pairs[:MOST_SERIES]:
            old = before.get((heading, same(value)))
            row = {"heading": heading, "value": value, "names": {}}
            for part in ("target", "label", "category") if self.target == FIGURES else ("target",):
                name = f"{part}-{key}"
                row["names"][part] = name
                self.fields[name] = self._series_field(part, old, heading, value)
            self.series_rows.append(row)

    def _series_field(self, part: str, old: Series | None, heading: str, value: str) -> forms.Field:
        said = " ".join(filter(None, (heading, value)))
        initial = getattr(old, part) if old else ""
        if self.target == FINDINGS or part == "category":
            whole = [(WHOLE, "The measure as a whole")] if part == "target" else []
            choices = [("", "Not taken" if part == "target" else "None"), *whole, *self.categories.items()]
            if part == "target":
                initial = (old.target or WHOLE) if old else guess_category(value or heading, self.categories)
            return forms.ChoiceField(
                label=f"{'Category' if whole else 'National category'} of {said}",
                required=False,
                choices=choices,
                initial=initial,
            )
        label = f"Local measure of {said}" if part == "target" else f"Label of {said}"
        return forms.CharField(label=label, required=False, max_length=300, initial=initial)

    def _add_signs(self) -> None:
        self.sign_names = []
        for number, sign in enumerate(self.signs):
            name = f"sign-{number}"
            self.sign_names.append((sign, name))
            self.fields[name] = forms.ChoiceField(
                label=f"What {sign} means",
                required=False,
                choices=[("", "Not known: refuse the record"), *Suppression.choices],
                help_text="As the notes of the publication say.",
                initial=read_cell(sign, self.spec.signs).symbol,
            )

    def column_fields(self) -> list[tuple[ColumnSeen, forms.BoundField]]:
        """Every column with the field of its role."""
        return [(column, self[f"role-{place}"]) for place, column in enumerate(self.seen)]

    def choosing_fields(self) -> list[tuple[str, forms.BoundField]]:
        """The columns that choose rows, each with the field of its values."""
        return [(heading, self[name]) for heading, name in self.choosing]

    def word_fields(self) -> list[forms.BoundField]:
        """What the figures have in common."""
        return [self[f"word-{name}"] for name in self.word_names]

    def series_fields(self) -> list[dict[str, Any]]:
        """What each figure becomes: its column, its value and the fields for it."""
        return [{**row, "fields": [self[name] for name in row["names"].values()]} for row in self.series_rows]

    def sign_fields(self) -> list[forms.BoundField]:
        """What each sign means."""
        return [self[name] for _, name in self.sign_names]

    def with_proposals(self, data: Any) -> Any:
        """What was sent, with the proposals for those parts of the form that it says nothing of yet."""
        data = data.copy()
        proposed = [name for _, name in self.choosing]
        proposed += [name for row in self.series_rows for name in row["names"].values()]
        for name in proposed:
            initial = self.fields[name].initial
            if initial and not any(data.getlist(name)):
                data.setlist(name, initial if isinstance(initial, list) else [initial])
        return data

    @property
    def shape(self) -> str:
        """What the parts of the form follow from. A form of another shape than was shown is looked at before saving."""
        roles = "".join(role[:3] for role in self.roles.values())
        return f"{self.target}:{roles}:{len(self.categories)}"

    def clean_source(self) -> Source:
        return source_named(self.cleaned_data["source"])

    def specification(self) -> Specification:
        """What the form says, as far as its fields are sound."""
        data = self.cleaned_data
        words = {name: data.get(f"word-{name}", "").strip() for name in self.word_names}
        return Specification(
            table=data.get("table", ""),
            roles=self.roles,
            time_from=data.get("time_from", ""),
            fixed_time=data.get("fixed_time", "").strip(),
            reading=data.get("reading", ""),
            keep={heading: list(data.get(name, [])) for heading, name in self.choosing},
            known={
                one.heading: one.values
                for one in self.seen
                if self.roles[one.heading] in (*CHOOSING, "divide")
            },
            series=list(self._series(data)),
            base_from=data.get("base_from", ""),
            base_value=data.get("base_value", "").strip(),
            symbols={sign: data.get(name, "") for sign, name in self.sign_names},
            blanks=data.get("blanks", ""),
            times_by=data.get("times_by", ""),
            words={name: said for name, said in words.items() if said},
        )

    def _series(self, data: dict[str, Any]) -> Iterator[Series]:
        for row in self.series_rows:
            names = row["names"]
            target = data.get(names["target"], "").strip()
            if target:
                yield Series(
                    row["heading"],
                    row["value"],
                    "" if target == WHOLE else target,
                    data.get(names.get("label", ""), "").strip(),
                    data.get(names.get("category", ""), ""),
                )

    def add_faults(self, faults: Iterable[tuple[str, str]]) -> None:
        """Put what a specification lacks where it belongs: at a field, or at a section."""
        for part, sentence in faults:
            field = part if part in self.fields else f"word-{part}"
            if field in self.fields:
                self.add_error(field, sentence)
            else:
                self.sections.setdefault(PART_OF_FORM.get(part, "columns"), []).append(sentence)
        if self.too_many:
            self.sections.setdefault("columns", []).append(
                f"More than {MOST_SERIES} figures would have to be told; give fewer columns the role Figure, or divide "
                "them by a column with fewer values."
            )

    def problems(self) -> list[dict[str, str]]:
        """Everything that is wrong, for the summary at the top of the page."""
        found = [
            {"message": message, "href": f"#id_{field}" if field != "__all__" else ""}
            for field, errors in self.errors.items()
            for message in errors
        ]
        return found + [
            {"message": message, "href": f"#{section}"}
            for section, messages in self.sections.items()
            for message in messages
        ]

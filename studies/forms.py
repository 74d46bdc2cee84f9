"""Forms of the workbench."""

from datetime import date

from django import forms
from django.contrib.auth import get_user_model
from django.db.models import Q
from django.http import QueryDict
from django.utils import timezone

from .models import Category, Instrument, Measure, Source
from .uploads import LARGEST_FILE, LARGEST_UPLOAD
from .vocabulary import SourceType


class ManyFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """One file or several."""

    widget = ManyFiles

    def clean(self, data, initial=None):
        files = data or [None]  # nothing chosen is refused like one missing file
        return [super(FilesField, self).clean(one, initial) for one in files]


class UploadForm(forms.Form):
    """Files to be looked at."""

    # An empty file is refused by name, like any other that is of no use, and does not hold up the rest.
    files = FilesField(
        label="Files",
        allow_empty_file=True,
        max_length=400,
        error_messages={
            "required": "Choose at least one file.",
            "max_length": "The name of a file has more than 400 characters; give it a shorter one.",
        },
        help_text=f"Up to {LARGEST_FILE // 2**20} MB each, and {LARGEST_UPLOAD // 2**20} MB in one go. "
        "The content decides what a file is, not its name.",
    )
    again = forms.BooleanField(label="Look again at files that were loaded before", required=False)


class ComparabilityForm(forms.Form):
    """A statement that the findings of a measure may be pooled."""

    measure = forms.CharField(
        label="Measure", help_text="The identifier, as in the address of the measure's page.", max_length=120
    )
    category = forms.CharField(
        label="Category",
        required=False,
        max_length=120,
        help_text="The identifier of the category; leave it empty where the measure has none or all are meant.",
    )
    statement = forms.CharField(
        label="Statement",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="Say why these findings count the same unit, answer one question, and share no people.",
    )
    confirmed = forms.BooleanField(
        label="I have checked definition, unit, scope, period and overlap of every finding concerned",
        error_messages={"required": "Confirm that you have checked the findings."},
    )

    def clean_measure(self) -> Measure:
        found = Measure.objects.filter(pk=self.cleaned_data["measure"].strip()).first()
        if found is None:
            raise forms.ValidationError("There is no measure with this identifier.")
        return found

    def clean(self) -> dict:
        cleaned = super().clean()
        measure, name = cleaned.get("measure"), (cleaned.get("category") or "").strip()
        cleaned["category"] = None
        if measure is not None and name:
            cleaned["category"] = Category.objects.filter(measure=measure, category_id=name).first()
            if cleaned["category"] is None:
                known = ", ".join(measure.categories.values_list("category_id", flat=True)) or "none"
                self.add_error("category", f"The measure has no such category. It has: {known}.")
        return cleaned


APPRAISERS = ("first", "second", "third", "fourth", "fifth")
SOURCES_OFFERED = 1000
"""Titles that the field for a source offers while one types; others are typed in full."""


def text_of(data: QueryDict | dict[str, str], name: str) -> str:
    """What was sent under a name, "" where nothing was. Without NUL, which the database takes in no text."""
    return data.get(name, "").replace("\0", "")


def name_of(person) -> str:
    """How a person is called in lists: the user name, with the full name where the account has one."""
    return (
        f"{person.get_full_name()} ({person.get_username()})"
        if person.get_full_name()
        else person.get_username()
    )


class PersonField(forms.ModelChoiceField):
    """One account."""

    def label_from_instance(self, obj) -> str:
        return name_of(obj)


class InstrumentField(forms.ModelChoiceField):
    """One version of an instrument, with what it is made for."""

    def label_from_instance(self, obj) -> str:
        kinds = dict(SourceType.choices)
        return f"{obj}, for {', '.join(kinds.get(kind, kind).lower() for kind in obj.applies_to)}"


def make_date_field() -> forms.DateField:
    """The day on which appraisals are due, in any of the usual forms."""
    return forms.DateField(
        label="Due on",
        required=False,
        input_formats=["%d/%m/%Y", "%d %m %Y", "%d %B %Y", "%d %b %Y", "%d.%m.%Y", "%d-%m-%Y", "%Y-%m-%d"],
        help_text="For example, 27/3/2027. Leave it empty where there is no date.",
        error_messages={"invalid": "Give the date as day, month and year, for example 27/3/2027."},
    )


class DateForm(forms.Form):
    """Another day for a round."""

    due_on = make_date_field()


class AssignForm(forms.Form):
    """Give a source to one appraiser or two; to more where an instrument is tried."""

    source = forms.CharField(
        label="Source",
        max_length=400,
        widget=forms.TextInput(attrs={"list": "sources-offered"}),
        error_messages={"required": "Name the source."},
        help_text="Its title, or its identifier as in the address of its page. Begin to type and choose.",
    )
    instrument = InstrumentField(
        Instrument.objects.none(),
        label="Instrument",
        empty_label="Choose an instrument",
        error_messages={"required": "Choose the instrument."},
        help_text="The newest version of each. It must be made for the type of the source.",
    )
    first = PersonField(
        None,
        label="First appraiser",
        empty_label="Choose an appraiser",
        error_messages={"required": "Choose the first appraiser."},
        help_text="Not an author of the source: checked by the name on the account, where it has one.",
    )
    second = PersonField(
        None,
        label="Second appraiser",
        required=False,
        empty_label="Nobody: one appraiser decides alone",
        help_text="Two independent appraisers are the standard. A rating by one says so.",
    )
    third = PersonField(None, label="Third appraiser", required=False, empty_label="Nobody")
    fourth = PersonField(None, label="Fourth appraiser", required=False, empty_label="Nobody")
    fifth = PersonField(None, label="Fifth appraiser", required=False, empty_label="Nobody")
    due_on = make_date_field()
    occasion = forms.CharField(
        label="Occasion",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Why now, for instance because a new edition was published. The appraisers see it.",
    )

    def __init__(self, *args, people, **options):
        super().__init__(*args, **options)
        self.fields["instrument"].queryset = newest_instruments()
        chosen = get_user_model().objects.filter(pk__in=[one.pk for one in people]).order_by("username")
        for name in APPRAISERS:
            self.fields[name].queryset = chosen
        self.sources = sources_offered()
        named = source_or_none(self.initial.get("source", ""))
        if named is not None:
            fitting = [
                one for one in self.fields["instrument"].queryset if named.source_type in one.applies_to
            ]
            # The one that fits is chosen; of several it is for a person to say.
            if len(fitting) == 1:
                self.initial["instrument"] = fitting[0].pk
            self.fields["instrument"].help_text = (
                f"Made for this source ({named.get_source_type_display().lower()}): "
                f"{', '.join(str(one) for one in fitting) or 'none of them'}."
            )

    def appraisers(self) -> list:
        """Who was chosen, in order."""
        return [self.cleaned_data[name] for name in APPRAISERS if self.cleaned_data.get(name) is not None]

    def clean_source(self) -> Source:
        return source_named(self.cleaned_data["source"])

    def clean_due_on(self) -> date | None:
        due_on = self.cleaned_data["due_on"]
        if due_on is not None and due_on < timezone.localdate():
            raise forms.ValidationError(f"{due_on:%-d %B %Y} has passed. Give a date from today on.")
        return due_on

    def clean(self) -> dict:
        cleaned, seen = super().clean(), set()
        for name in APPRAISERS:
            person = cleaned.get(name)
            if person is not None and person in seen:
                self.add_error(
                    name, f"{person.get_username()} is chosen already; choose somebody else or nobody."
                )
            seen.add(person)
        return cleaned

    def summary(self) -> list[dict[str, str]]:
        """What is wrong, for the summary at the top of the page."""
        return [
            {"message": message, "href": f"#id_{field}" if field != "__all__" else ""}
            for field, found in self.errors.items()
            for message in found
        ]


def sources_offered() -> list[tuple[str, str]]:
    """Identifier and title of the sources that a form lists for choosing while one types, the described ones first."""
    sources = Source.objects.alias(bare=Q(bibliographic_check="")).order_by("bare", "title")
    return list(sources.values_list("pk", "title")[:SOURCES_OFFERED])


def source_or_none(named: str) -> Source | None:
    """The source with this identifier, as a link to the form names it."""
    return Source.objects.filter(pk=named).first() if named else None


def source_named(typed: str) -> Source:
    """The source with this identifier or title. Raises `ValidationError` where there is none, or several are."""
    found = list(Source.objects.filter(Q(pk=typed.strip()) | Q(title__iexact=typed.strip()))[:2])
    if not found:
        raise forms.ValidationError("There is no source with this title or identifier.")
    if len(found) > 1:
        raise forms.ValidationError("Several sources have this title; give the identifier of one of them.")
    return found[0]


def newest_instruments():
    """The newest version of each instrument, by name."""
    newest = Instrument.objects.order_by("instrument_id", "-pk").distinct("instrument_id").values("pk")
    return Instrument.objects.filter(pk__in=newest).order_by("name")

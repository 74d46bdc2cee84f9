"""Forms of the workbench."""

from django import forms

from .models import Category, Measure


LARGEST_UPLOAD = 200 * 1024 * 1024
"""Bytes of one file, as much as the readers take."""


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

    files = FilesField(
        label="Files",
        error_messages={"required": "Choose at least one file.", "empty": "The file is empty."},
        help_text="Up to 200 MB each. The content decides what a file is, not its name.",
    )

    def clean_files(self) -> list:
        for file in self.cleaned_data["files"]:
            if file.size > LARGEST_UPLOAD:
                raise forms.ValidationError(f"{file.name} is larger than {LARGEST_UPLOAD // 2**20} MB.")
        return self.cleaned_data["files"]


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

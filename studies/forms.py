"""Forms of the workbench."""

from django import forms

from .models import Category, Measure


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

"""Stated figures, the packages they belong to, and deals between companies."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from talent.registry import curation
from talent.registry.forms.amounts import AmountField
from talent.registry.forms.fields import PartialDateField, SourceAddressField
from talent.registry.forms.records import DatedForm
from talent.registry.forms.versions import DeskForm, VersionedForm
from talent.registry.models import Deal, DealReading, Event, Package, Reading
from talent.registry.models.deals import DealEvent


class StatedFigureForm(DeskForm):
    """An amount as it is written, and the address of the page that states it."""

    low = AmountField(label=gettext_lazy("From"))
    high = AmountField(label=gettext_lazy("To"))
    source_url = SourceAddressField(
        label=gettext_lazy("Source"),
        required=False,
        widget=forms.TextInput(attrs={"size": 44, "placeholder": "https://…"}),
        help_text=gettext_lazy("The web address of the page that states this figure."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.source_id is not None:
            self.initial["source_url"] = self.instance.source.url
        self.fields["currency"].widget.attrs.update({"size": 4, "class": ""})

    def clean_currency(self) -> str:
        return str(self.cleaned_data["currency"]).upper()

    def save_source(self, by: curation.Editor) -> None:
        url = self.cleaned_data.get("source_url")
        self.instance.source = curation.source_at(url, by=by) if url else None


class ReadingForm(StatedFigureForm):
    class Meta:
        model = Reading
        fields = (
            "form", "qualifier", "low", "high", "currency", "years", "several_years",
            "terms", "standing", "rank", "note",
        )  # fmt: skip
        help_texts = {
            "form": gettext_lazy("A total is not a year: never mix them."),
            "qualifier": gettext_lazy("As the source has it."),
            "terms": gettext_lazy("Only if stated."),
            "standing": gettext_lazy("Of this figure, not of the move."),
            "rank": gettext_lazy("One is preferred; the note says why."),
        }
        widgets = {"note": forms.TextInput(attrs={"size": 60})}

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if self.cleaned_data.get("years") and self.cleaned_data.get("several_years"):
            raise ValidationError(
                _("“Several years” is for when the number of years is not known.")
            )
        return cleaned

    def _get_validation_exclusions(self) -> set[str]:
        # Which one is preferred is decided over all rows together, by the formset.
        excluded = super()._get_validation_exclusions()
        return excluded | {"package"}


class DealReadingForm(StatedFigureForm):
    class Meta:
        model = DealReading
        fields = ("qualifier", "low", "high", "currency", "standing", "note")
        help_texts = {
            "qualifier": gettext_lazy("As the source has it."),
            "currency": gettext_lazy("ISO 4217 code of the stated figure."),
            "standing": gettext_lazy("Of this figure."),
            "note": gettext_lazy("One sentence."),
        }


class Fixed(forms.HiddenInput):
    """Sent back as it was; its cell stays, so that the columns of the table do."""

    is_hidden = False


class MovedForm(DeskForm):
    """Somebody who moved with a deal: chosen once, then shown, or taken off."""

    class Meta:
        model = DealEvent
        fields = ("event",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            # Named above the row already; a list to choose from would ask for each.
            self.fields["event"].widget = Fixed()


class PackageForm(VersionedForm):
    class Meta:
        model = Package
        fields = ("person", "recipients", "organization", "event", "outcome")
        help_texts = {
            "person": gettext_lazy("Who it was offered to; empty for a group."),
            "outcome": gettext_lazy("Only accepted ones are ranked and summed."),
        }

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        event, person = self.cleaned_data.get("event"), self.cleaned_data.get("person")
        if event is not None and event.kind != Event.Kind.HIRE:
            self.add_error("event", _("A package belongs to a hire."))
        elif event is not None and person is not None and person.pk != event.person_id:
            self.add_error("event", _("That is the hire of somebody else."))
        return cleaned


class DealForm(DatedForm):
    date_columns = ("date", "happened_on", "precision")
    date = PartialDateField(label=gettext_lazy("Date"))

    class Meta:
        model = Deal
        fields = ("buyer", "target", "form", "key")
        help_texts = {
            "buyer": gettext_lazy("Who paid."),
            "target": gettext_lazy("Whose people or work it was about."),
            "form": gettext_lazy("Empty where the sources call it by no name."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if key := self.fields.get("key"):
            key.required = False
            key.help_text = _("Empty: made from buyer, target and year.")

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        typed = self.cleaned_data
        if not typed.get("key") and all(
            typed.get(name) for name in ("buyer", "target", "date")
        ):
            typed["key"] = self.instance.key or self.free_key()
        return cleaned

    def free_key(self) -> str:
        typed = self.cleaned_data
        wanted = slugify(
            f"{typed['buyer'].slug[:70]}-{typed['target'].slug[:70]}-"
            f"{typed['date'].first.year}"
        )
        taken = set(
            Deal.objects.filter(key__startswith=wanted).values_list("key", flat=True)
        )
        number, key = 1, wanted
        while key in taken:
            number += 1
            key = f"{wanted}-{number}"
        return key

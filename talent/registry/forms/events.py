"""One screen for one event: who, where, when, what the pages say, and the money."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from talent.registry.forms.fields import PartialDateField, SourceLinesField
from talent.registry.forms.versions import DeskForm, VersionedForm
from talent.registry.models import Citation, Event, Package, Source
from talent.registry.models.events import Standing
from talent.registry.tombstones import is_buried


class EventForm(VersionedForm):
    date = PartialDateField(label=gettext_lazy("Date"))
    new_sources = SourceLinesField(
        label=gettext_lazy("Paste sources"),
        help_text=gettext_lazy(
            "One web address per line; after “|” what the page states, in our own words. "
            "A page the record knows is used again."
        ),
    )
    outcome = forms.ChoiceField(
        label=gettext_lazy("What became of the offer"),
        choices=Package.Outcome.choices,
        initial=Package.Outcome.ACCEPTED,
        required=False,
        help_text=gettext_lazy("Only read together with a figure below."),
    )

    class Meta:
        model = Event
        fields = (
            "person", "kind", "organization", "counterpart", "team", "title",
            "date_basis", "standing", "founder", "never_started", "stated_return",
            "background", "summary", "summary_zh", "disagreement", "slug",
        )  # fmt: skip
        help_texts = {
            "kind": gettext_lazy("Joined or left."),
            "person": gettext_lazy(
                "Any name, any script. Somebody new: type the name, Latin and Chinese."
            ),
            "standing": gettext_lazy(
                "How sure it is; rumoured and denied never count."
            ),
            "summary_zh": gettext_lazy("The same sentence in Chinese."),
            "disagreement": gettext_lazy(
                "Which page says what otherwise. Readers see it below the event."
            ),
        }
        widgets = {"disagreement": forms.Textarea(attrs={"rows": 3, "cols": 80})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["date"] = self.instance.date
            if package := package_of(self.instance):
                self.initial["outcome"] = package.outcome
        if slug := self.fields.get("slug"):
            slug.required = False
            slug.help_text = _("Empty: made from person, kind, company and year.")
            if self.instance.published_at:
                slug.disabled = True
                slug.help_text = _("Readers may have linked to it: it stays.")

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if date := self.cleaned_data.get("date"):
            self.instance.happened_on = date.first
            self.instance.precision = date.precision
        if not self.cleaned_data.get("slug"):
            self.cleaned_data["slug"] = self.instance.slug
        self.check_flags()
        self.check_denial()
        return cleaned

    def clean_slug(self) -> str:
        slug = str(self.cleaned_data["slug"])
        if is_buried(Event, slug):
            raise ValidationError(
                _(
                    "What was at “%(slug)s” was removed for good: choose another address."
                )
                % {"slug": slug}
            )
        return slug

    def check_denial(self) -> None:
        """Denied is what two editors agree on: see talent.registry.approvals."""
        denied = self.cleaned_data.get("standing") == Standing.DENIED
        if denied and self.initial.get("standing") != Standing.DENIED:
            text = _(
                "Denied needs a second editor: save with another standing, then use “Deny” "
                "above, which asks for one."
            )
            self.add_error("standing", text)

    def check_flags(self) -> None:
        """Said at the field; the database would refuse it with the same words."""
        if self.cleaned_data.get("kind") != Event.Kind.DEPARTURE:
            return
        for flag in ("founder", "never_started", "stated_return"):
            if self.cleaned_data.get(flag):
                self.add_error(flag, _("This belongs to a hire, not to a departure."))

    def _get_validation_exclusions(self) -> set[str]:
        # An address is made on saving, and a new person is inserted with the event.
        excluded = super()._get_validation_exclusions()
        if not self.cleaned_data.get("slug"):
            excluded.add("slug")
        person = self.cleaned_data.get("person")
        if person is not None and person.pk is None:
            excluded.add("person")
        return excluded


def package_of(event: Event) -> Package | None:
    """The one package of an event, in any status."""
    return event.packages.order_by("pk").first() if event.pk else None


class CitationForm(DeskForm):
    """What one page states, and what is known about the page itself."""

    title = forms.CharField(
        label=gettext_lazy("Title"),
        max_length=500,
        required=False,
        help_text=gettext_lazy("As printed, in its own language."),
    )
    publisher = forms.CharField(
        label=gettext_lazy("Publisher"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("As it calls itself."),
    )
    published = PartialDateField(
        label=gettext_lazy("Published"),
        required=False,
        help_text=gettext_lazy("As printed: 2025-07-07, or less."),
    )
    language = forms.RegexField(
        r"^[A-Za-z-]{0,12}$",
        label=gettext_lazy("Language"),
        required=False,
        widget=forms.TextInput(attrs={"size": 5, "placeholder": "en"}),
        help_text=gettext_lazy("ISO 639-1 code: en, zh, de."),
    )

    class Meta:
        model = Citation
        fields = ("states", "stance")
        help_texts = {"stance": gettext_lazy("Whether it says so, or denies it.")}

    def __init__(
        self, *args: Any, closed: frozenset[int] = frozenset(), **kwargs: Any
    ) -> None:
        """`closed`: sources this editor may not change, because readers see them."""
        super().__init__(*args, **kwargs)
        if self.instance.source_id is None:
            return
        source = self.instance.source
        for name in ("title", "publisher", "published", "language"):
            self.initial[name] = getattr(source, name)
            self.fields[name].disabled = source.pk in closed

    def changed_source(self) -> Source | None:
        """The source with what was typed about it; None if that is what is known already."""
        names = {"title", "publisher", "published", "language"} & {*self.changed_data}
        if not names:
            return None
        source: Source = self.instance.source
        for name in ("title", "publisher", "language"):
            setattr(source, name, self.cleaned_data[name])
        date = self.cleaned_data["published"]
        source.published_on = date.first if date else None
        source.published_precision = date.precision if date else ""
        return source

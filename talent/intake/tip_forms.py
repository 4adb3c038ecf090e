"""What readers type: a suggestion, a correction, a reply, a request for removal."""

from __future__ import annotations

import re
from typing import Any, ClassVar
from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from talent.intake.models import Tip
from talent.registry.merging import resolve_organization, resolve_person
from talent.registry.models import Event, Organization, Person
from talent.registry.source_lines import normal_url

LINK = re.compile(r"https?://|www\.", re.IGNORECASE)
PLACES = {"events": "event", "people": "person", "organizations": "organization"}
JOINED_OR_LEFT = (
    (Event.Kind.HIRE.value, lazy("joined")),
    (Event.Kind.DEPARTURE.value, lazy("left")),
)
About = Event | Person | Organization


def about_of(text: str) -> About | None:
    """What "event:slug" or the address of one of our pages is about; None for nothing public."""
    kind, _colon, slug = text.strip().partition(":")
    if kind not in PLACES.values():
        parts = [part for part in urlsplit(text.strip()).path.split("/") if part]
        if parts and parts[0] in dict(settings.LANGUAGES):
            parts = parts[1:]  # the Chinese page of the same row
        if len(parts) != 2 or parts[0] not in PLACES:
            return None
        kind, slug = PLACES[parts[0]], parts[1]
    match kind:
        case "event":
            return Event.objects.published().filter(slug=slug).with_ends().first()
        case "person":
            return resolve_person(slug)[0]
    return resolve_organization(slug)[0]


def name_of(about: About) -> str:
    """ "event:slug", as a form carries it."""
    return f"{about._meta.model_name}:{about.slug}"


class SourceField(forms.CharField):
    """One web address, written as the record writes it. It is not opened."""

    def __init__(self, **options: Any) -> None:
        widget = forms.TextInput(
            attrs={"placeholder": "https://", "inputmode": "url", "autocomplete": "off"}
        )
        super().__init__(max_length=1000, widget=widget, **options)

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        if not text:
            return ""
        try:
            return normal_url(text)
        except ValueError as error:
            raise ValidationError(str(error)) from error


class TipForm(forms.Form):
    """What all four have in common. `about` is carried along and may be missing or wrong."""

    of_kind: ClassVar[Tip.Kind]
    # Fields kept as they were typed; `url`, `text` and `contact` are columns of the tip.
    stated: ClassVar[tuple[str, ...]] = ()
    needs_about: ClassVar[bool] = False

    about = forms.CharField(max_length=300, required=False, widget=forms.HiddenInput)
    # Filled in by machines only.
    homepage = forms.CharField(
        max_length=500, required=False, label=lazy("Leave this empty")
    )
    page = forms.CharField(
        label=lazy("Address of the page on this site"),
        max_length=300,
        help_text=lazy("As your browser shows it."),
        error_messages={"required": lazy("Say which page it is about.")},
    )
    text = forms.CharField(
        label=lazy("Anything else we should know"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    contact = forms.EmailField(
        label=lazy("Your e-mail address"),
        max_length=254,
        required=False,
        help_text=lazy(
            "Only for questions of ours; deleted thirty days after the decision. The outcome "
            "is told on a page of its own, with or without an address."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        typed = self.data.get("about", "") or self.initial.get("about", "")
        self.subject = about_of(str(typed)) if typed else None
        if self.subject is not None or not self.needs_about:
            del self.fields["page"]

    def clean_page(self) -> str:
        page = str(self.cleaned_data["page"])
        self.subject = about_of(page)
        if self.subject is None:
            raise ValidationError(
                _("“%(page)s” is no page of a person, company or event here.")
                % {"page": page[:80]}
            )
        return page

    def clean_text(self) -> str:
        text = str(self.cleaned_data["text"])
        if len(LINK.findall(text)) > 1:
            raise ValidationError(
                _("One link fits in the text. Send another tip for another page.")
            )
        return text

    def tip(self) -> Tip:
        """Not saved yet. Ask is_valid() first."""
        typed = self.cleaned_data
        tip = Tip(
            kind=self.of_kind,
            details={name: typed[name] for name in self.stated if typed[name]},
            **{
                name: typed[name]
                for name in ("url", "text", "contact")
                if name in typed
            },
        )
        if self.subject is not None:
            setattr(tip, str(self.subject._meta.model_name), self.subject)
        return tip


class SuggestForm(TipForm):
    of_kind = Tip.Kind.EVENT
    stated = ("person", "kind", "organization", "other", "date")
    field_order = ("person", "kind", "organization", "other", "date", "url", "text")

    person = forms.CharField(
        label=lazy("Who"), max_length=200, help_text=lazy("The name, in any script.")
    )
    kind = forms.ChoiceField(label=lazy("Joined or left"), choices=JOINED_OR_LEFT)
    organization = forms.CharField(label=lazy("Company, lab or team"), max_length=200)
    other = forms.CharField(
        label=lazy("From or to"),
        max_length=200,
        required=False,
        help_text=lazy("Where they came from or went to, if the page says so."),
    )
    date = forms.CharField(
        label=lazy("When"),
        max_length=60,
        required=False,
        help_text=lazy("As far as it is known: 2025-07-14, 2025-07 or 2025."),
    )
    url = SourceField(
        label=lazy("The page that says so"),
        error_messages={
            "required": lazy(
                "Give the address of a page that says so: nothing is kept here without one."
            )
        },
    )


class CorrectForm(TipForm):
    of_kind = Tip.Kind.CORRECTION
    needs_about = True
    stated = ("wrong", "instead")
    field_order = ("page", "wrong", "instead", "url", "text")

    WRONG = (
        ("date", lazy("the date")),
        ("person", lazy("the person or a name")),
        ("organization", lazy("a company")),
        ("title", lazy("the post")),
        ("money", lazy("the money")),
        ("standing", lazy("how sure it is")),
        ("other", lazy("something else")),
    )
    wrong = forms.ChoiceField(label=lazy("What is wrong"), choices=WRONG)
    instead = forms.CharField(label=lazy("What it should say"), max_length=300)
    url = SourceField(
        label=lazy("The page that says it right"),
        error_messages={
            "required": lazy(
                "Give the address of a page that says it right: nothing is changed without one."
            )
        },
    )


class ReplyForm(TipForm):
    of_kind = Tip.Kind.REPLY
    needs_about = True
    stated = ("name", "role", "proof")
    field_order = ("page", "text", "name", "role", "proof", "contact")

    name = forms.CharField(
        label=lazy("Your name"),
        max_length=200,
        help_text=lazy("As it is to stand below your words."),
    )
    role = forms.ChoiceField(
        label=lazy("You are"),
        choices=(
            ("self", lazy("the person it is about")),
            ("company", lazy("speaking for the company")),
        ),
    )
    proof = forms.CharField(
        label=lazy("How we can tell that it is you"),
        max_length=300,
        help_text=lazy(
            "A company address, a public profile that says this address is yours."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label = _("Your words, as readers are to see them")
        for name in ("text", "contact"):
            self.fields[name].required = True
        self.fields["contact"].help_text = _(
            "We write to it to make sure that it is you. Deleted thirty days after the decision."
        )


class RemovalForm(TipForm):
    of_kind = Tip.Kind.REMOVAL
    needs_about = True
    stated = ("role",)
    field_order = ("page", "role", "text", "contact")

    role = forms.ChoiceField(
        label=lazy("You are"),
        choices=(
            ("self", lazy("the person it is about")),
            ("for", lazy("asking for that person")),
            ("other", lazy("somebody else")),
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label = _("Why it should be removed")
        self.fields["text"].required = True


FORMS: dict[str, type[TipForm]] = {
    "suggest": SuggestForm,
    "correct": CorrectForm,
    "reply": ReplyForm,
    "remove": RemovalForm,
}

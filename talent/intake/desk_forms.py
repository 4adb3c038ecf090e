"""What a curator types in the inbox: a decision, or something to read."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from talent.intake.accepting import Choice
from talent.intake.matching import Candidate, Match
from talent.intake.models import Feed, Proposal
from talent.registry.doubts import organization_names, plain_name
from talent.registry.forms.fields import PartialDateField, SourceAddressField
from talent.registry.forms.references import last_post, new_person
from talent.registry.forms.versions import DeskForm
from talent.registry.models import Organization, Person
from talent.registry.models.events import Standing
from talent.registry.models.organizations import Seat
from talent.registry.tombstones import is_buried

NEW, NONE = "new", "none"
STANDINGS = [choice for choice in Standing.choices if choice[0] != Standing.DENIED]


class PasteForm(forms.Form):
    pasted = forms.CharField(
        label=gettext_lazy("Paste an address or a text"),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 2, "cols": 80, "data-key": "v"}),
        help_text=gettext_lazy(
            "A web address alone is fetched. Of a text the first line is the headline; a line "
            "with its web address makes it a source."
        ),
    )
    published = PartialDateField(
        label=gettext_lazy("Published"),
        required=False,
        help_text=gettext_lazy("If the text does not say: 2026-02-12 or 2026-02."),
    )


class FeedForm(DeskForm):
    class Meta:
        model = Feed
        fields = ("name", "url", "language", "minutes", "is_on")
        field_classes = {"url": SourceAddressField}


class DecisionForm(forms.Form):
    """What a proposal says, as the record would have it; filled in by what matches."""

    person = forms.ChoiceField(widget=forms.RadioSelect, required=False)
    name = forms.CharField(
        label=gettext_lazy("Name of somebody new"), max_length=200, required=False
    )
    organization = forms.ChoiceField(widget=forms.RadioSelect, required=False)
    organization_name = forms.CharField(
        label=gettext_lazy("Another organization"), max_length=200, required=False
    )
    counterpart = forms.ChoiceField(widget=forms.RadioSelect, required=False)
    counterpart_name = forms.CharField(
        label=gettext_lazy("Another organization"), max_length=200, required=False
    )
    seat = forms.ChoiceField(
        label=gettext_lazy("Seat of a new one"),
        choices=[("", "–"), *Seat.choices],
        required=False,
    )
    date = PartialDateField(label=gettext_lazy("Date"), help_text="")
    standing = forms.ChoiceField(label=gettext_lazy("Standing"), choices=STANDINGS)
    title = forms.CharField(label=gettext_lazy("Title"), max_length=300, required=False)
    with_pay = forms.BooleanField(
        label=gettext_lazy("With the money"), required=False, initial=True
    )
    anyway = forms.BooleanField(
        label=gettext_lazy("It is another event than those on record"), required=False
    )

    def __init__(self, data: Any = None, *, proposal: Proposal, match: Match) -> None:
        initial = {
            "person": str(match.person.pk) if match.person else self.nobody(match),
            "name": proposal.person,
            "organization": chosen(match.organization, match.organizations),
            "organization_name": proposal.organization,
            "counterpart": chosen(match.counterpart, match.counterparts, none=NONE),
            "counterpart_name": proposal.counterpart,
            "date": proposal.partial_date,
            "standing": proposal.standing,
            "title": proposal.title,
        }
        super().__init__(
            data,
            initial=initial,
            auto_id=f"p{proposal.pk}-%s",
            use_required_attribute=False,
        )
        self.proposal, self.match = proposal, match
        self.choices_of("person").choices = [
            *((str(one.person.pk), told(one)) for one in match.people),
            (NEW, _("somebody new")),
        ]
        for end, rows in self.ends():
            last = [(NONE, _("leave it out"))] if end == "counterpart" else []
            self.choices_of(end).choices = [
                *((str(row.pk), named(row)) for row in rows),
                (NEW, _("another one")),
                *last,
            ]

    def choices_of(self, name: str) -> forms.ChoiceField:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        return field

    def ends(self) -> list[tuple[str, list[Organization]]]:
        return [
            ("organization", self.match.organizations),
            ("counterpart", self.match.counterparts),
        ]

    @staticmethod
    def nobody(match: Match) -> str:
        """Nobody of that name: somebody new. Somebody, but by the name alone: not said."""
        return "" if match.people else NEW

    # -- Reading -----------------------------------------------------------------------

    def clean_name(self) -> str:
        return " ".join(str(self.cleaned_data["name"]).split())

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        typed = self.cleaned_data
        typed["choice_person"] = self.read("person", self.read_person)
        for end, rows in self.ends():
            typed[f"choice_{end}"] = self.read(
                end, lambda e=end, r=rows: self.read_end(e, r)
            )
        here, there = typed["choice_organization"], typed["choice_counterpart"]
        if here is not None and there is not None and is_one(here, there):
            self.add_error(
                "counterpart",
                _("The two ends of a move cannot be the same organization."),
            )
        known = self.match.twins and typed["choice_person"] == self.match.person
        if known and not typed.get("anyway"):
            self.add_error(
                "anyway",
                _("It seems to be on record already: attach it there, or tick this."),
            )
        return cleaned

    def read(self, name: str, reading: Any) -> Any:
        try:
            return reading()
        except ValidationError as error:
            self.add_error(name, error)
            return None

    def read_person(self) -> Person | None:
        value = self.cleaned_data.get("person")
        if value == NEW:
            name = self.cleaned_data.get("name", "")
            if not name:
                raise ValidationError(_("Type the name of the person."))
            person = new_person(name)
            if is_buried(Person, slugify(person.name)):
                raise ValidationError(removed(name))
            return person
        for candidate in self.match.people:
            if str(candidate.person.pk) == value:
                return candidate.person
        raise ValidationError(
            _(
                "A name alone is not enough: say whether it is one of these or somebody new."
            )
        )

    def read_end(self, end: str, rows: list[Organization]) -> Organization | None:
        value = self.cleaned_data.get(end)
        if value == NONE:
            return None
        for row in rows:
            if str(row.pk) == value:
                return row
        name = " ".join(self.cleaned_data.get(f"{end}_name", "").split())
        if value != NEW or not name:
            raise ValidationError(_("Choose one, or type the name of another."))
        return called(name) or self.new_organization(name)

    def new_organization(self, name: str) -> Organization:
        seat = self.cleaned_data.get("seat")
        if not seat:
            raise ValidationError(
                _("“%(name)s” is new to the record: choose its seat.") % {"name": name}
            )
        return Organization(name=name, seat=seat)

    def choice(self) -> Choice:
        typed = self.cleaned_data
        return Choice(
            person=typed["choice_person"],
            organization=typed["choice_organization"],
            counterpart=typed["choice_counterpart"],
            date=typed["date"],
            title=" ".join(typed["title"].split()),
            standing=typed["standing"],
            with_pay=typed["with_pay"],
        )


def removed(name: str) -> str:
    return _(
        "Somebody called “%(name)s” was removed from the record for good, and stays out of "
        "it. Another person of this name is entered by hand."
    ) % {"name": name}


def chosen(
    row: Organization | None, rows: list[Organization], *, none: str = ""
) -> str:
    """The only one of this name; of several none; an unknown one is new, or left out."""
    if row is not None:
        return str(row.pk)
    return "" if rows else none or NEW


def is_one(one: Organization, other: Organization) -> bool:
    if one._state.adding and other._state.adding:
        return plain_name(one.name) == plain_name(other.name)
    return one.pk == other.pk


def called(name: str) -> Organization | None:
    """The organization of this name. Raises ValidationError where there are several."""
    rows = [
        row
        for row in Organization.objects.unmerged().named(name).order_by("pk")[:50]
        if plain_name(name) in map(plain_name, organization_names(row))
    ]
    if len(rows) > 1:
        raise ValidationError(
            _("“%(name)s” may be several: type its full name.") % {"name": name}
        )
    return rows[0] if rows else None


def told(candidate: Candidate) -> SafeString:
    lately = candidate.lately
    doing = _("no events yet")
    if lately:
        doing = last_post(str(lately.destination or ""), str(lately.organization))
    evidence = " ".join(candidate.for_it[:4]) or _("Only the name fits.")
    return format_html(
        '{} · {} <span class="inbox-evidence">{}</span>',
        candidate.person,
        doing,
        evidence,
    )


def named(row: Organization) -> str:
    name = f"{row.name} {row.name_zh}".strip()
    unit = row.company if row.is_unit else None
    return f"{name} · {unit}" if unit else f"{name} · {row.get_seat_display()}"

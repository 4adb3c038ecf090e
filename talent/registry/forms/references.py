"""Choosing a person or an organization by any of its names, or typing a new person's name.

With scripts a list opens while one types; without, the name is typed into a plain field.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Case, OuterRef, Q, Subquery, When
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from talent.common.keys import key_in
from talent.registry.doubts import (
    differ_in_chinese,
    names_of,
    organization_names,
    plain_name,
)
from talent.registry.models import Event, Organization, Person
from talent.registry.models.names import HAN

if TYPE_CHECKING:
    AnyChoiceField = forms.ModelChoiceField[Any]
else:
    AnyChoiceField = forms.ModelChoiceField

HAN_NAME = re.compile(rf"{HAN.pattern}[{HAN.pattern[1:-1]}·\s]*")


def choices_of(rows: Any) -> Any:
    """Rows that may be referred to, with what tells namesakes apart. No query per row."""
    if issubclass(rows.model, Person):
        return with_last_post(rows.filter(merged_into=None))
    if issubclass(rows.model, Organization):
        return rows.filter(merged_into=None).select_related("company")
    if issubclass(rows.model, Event):
        return rows.select_related("person", "organization")
    return rows


def with_last_post(people: Any) -> Any:
    """For `last_post`: where the newest event of each leads, and what it is an event of."""
    newest = Event.objects.filter(person=OuterRef("pk")).newest_first()
    hire = Q(kind=Event.Kind.HIRE)
    leads_to = Case(When(hire, then="organization__name"), default="counterpart__name")
    return people.annotate(
        went_to=Subquery(newest.annotate(leads_to=leads_to).values("leads_to")[:1]),
        was_at=Subquery(newest.values("organization__name")[:1]),
    )


def last_post(went_to: str | None, was_at: str | None) -> str:
    """ "OpenAI", "left Apple" where nobody knows for what, "" without any event."""
    if went_to or not was_at:
        return went_to or ""
    return _("left %(organization)s") % {"organization": was_at}


def label_of(row: models.Model) -> str:
    match row:
        case Person():
            places = (getattr(row, name, None) for name in ("went_to", "was_at"))
            lately = last_post(*places)
            return f"{row} · {lately}" if lately else str(row)
        case Organization():
            name = f"{row.name} {row.name_zh}".strip()
            unit = row.company_id not in (None, row.pk)
            return f"{name} · {row.company}" if unit else name
    return str(row)


def new_person(text: str) -> Person:
    """An unsaved person from a typed name: "Jane Doe 多简" has a Latin and a Chinese one."""
    text = " ".join(text.split())
    han = HAN_NAME.search(text)
    latin = " ".join(HAN_NAME.sub(" ", text).split())
    if han and latin:
        return Person(name=latin, name_zh=han[0].strip())
    return Person(name=text)


class ReferenceSelect(AutocompleteSelect):
    """Django's list that searches while one types, and beside it, without scripts, a field."""

    def get_url(self) -> str:
        model: Any = self.field.remote_field.model
        name = f"{model._meta.app_label}_{model._meta.model_name}_choices"
        return reverse(f"{self.admin_site.name}:{name}")

    def build_attrs(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        attrs = super().build_attrs(*args, **kwargs)
        if issubclass(self.field.remote_field.model, Person):
            attrs["class"] += " desk-creates"
        return attrs

    @property
    def media(self) -> forms.Media:
        # After Django's own files, before any list is opened.
        ours = ["admin/js/jquery.init.js", "registry/desk.js"]
        return super().media + forms.Media(js=ours)

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        typed = (data.get(f"{name}_typed") or "").strip()
        return typed or super().value_from_datadict(data, files, name)

    def render(
        self, name: str, value: Any, attrs: Any = None, renderer: Any = None
    ) -> SafeString:
        typed = value if value and not str(value).isdecimal() else ""
        return format_html(
            '{}<noscript><input type="text" name="{}_typed" value="{}" class="vTextField" '
            'placeholder="{}"></noscript>',
            super().render(name, value, attrs, renderer),
            name,
            typed,
            _("type a name"),
        )

    def optgroups(self, name: str, value: Any, attr: Any = None) -> list[Any]:
        keys = [one for one in value if key_in(str(one)) is not None]
        groups: list[Any] = super().optgroups(name, keys, attr)
        for one in value:
            if one and one not in keys:
                # What was typed stays typed, whatever else was wrong with the form.
                groups[0][1].append(self.create_option(name, one, one, True, 0))
        return groups


class ReferenceField(AnyChoiceField):
    """A row by its key or by one of its names. An unknown person's name is a new person."""

    def __init__(self, queryset: models.QuerySet[Any], **options: Any) -> None:
        super().__init__(choices_of(queryset), **options)

    def label_from_instance(self, obj: models.Model) -> str:
        return label_of(obj)

    def to_python(self, value: Any) -> Any:
        if value in self.empty_values or isinstance(value, models.Model):
            return super().to_python(value)
        if str(value).isdecimal():
            return super().to_python(value)
        return self.by_name(" ".join(str(value).split()))

    def by_name(self, text: str) -> Any:
        rows: Any = self.queryset
        model = rows.model
        longest = model._meta.get_field("name").max_length
        if len(text) > longest:
            raise ValidationError(
                _("A name has at most %(most)s characters.") % {"most": longest}
            )
        if model is Person:
            return new_person_unless(namesakes_of(rows, new_person(text)), text)
        found = [row for row in rows.named(text)[:50] if is_called(row, text)]
        if len(found) == 1:
            return found[0]
        raise ValidationError(
            _("“%(name)s” may be %(rows)s: type the number.")
            % {"name": text, "rows": numbered(found)}
            if found
            else _("No organization is called “%(name)s”: add it with + first.")
            % {"name": text}
        )

    def validate(self, value: Any) -> None:
        forms.Field.validate(self, value)

    def has_changed(self, initial: Any, data: Any) -> bool:
        if data and not str(data).isdecimal():
            return True
        return super().has_changed(initial, data)


def new_person_unless(namesakes: list[Any], text: str) -> Person:
    """Nobody is taken for somebody else on a name alone: the curator says which one it is."""
    if not namesakes:
        return new_person(text)
    raise ValidationError(
        _(
            "“%(name)s” is the name of %(rows)s. Choose from the list, or type the number; "
            "for another person of this name use +."
        )
        % {"name": text, "rows": numbered(namesakes)}
    )


def numbered(rows: list[Any]) -> str:
    return "; ".join(f"{label_of(row)} ({row.pk})" for row in rows)


def is_called(organization: Organization, text: str) -> bool:
    names = {plain_name(name) for name in organization_names(organization)}
    return plain_name(text) in names


def namesakes_of(people: Any, typed: Person) -> list[Person]:
    """Those who have one of the typed names; not those with another Chinese name."""
    found: dict[int, Person] = {}
    for name in {typed.name, typed.name_zh} - {""}:
        found |= {person.pk: person for person in people.named(name)[:50]}
    wanted = names_of(typed).keys()
    return [
        person
        for person in found.values()
        if wanted & names_of(person).keys() and not differ_in_chinese(typed, person)
    ]

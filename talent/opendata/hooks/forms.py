"""What builders type: a filter, an endpoint, an address, a time."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.urls import Resolver404, resolve
from django.utils import translation
from django.utils.translation import get_language_from_path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from talent.common import addresses
from talent.opendata.hooks import endpoints, planning
from talent.opendata.models.hooks import LONGEST_URL
from talent.registry.filter_form import without_place

LONGEST_FILTER = 4000
# Lists of events, whose query string is a filter.
LISTS = {"dashboard:event_list", "dashboard:home", "opendata:list", "opendata:export"}
SHOWN = 80


class FilterField(forms.CharField):
    """A query string, or the address of one of our lists of events with it."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            label=lazy("Filter"),
            required=False,
            max_length=LONGEST_FILTER,
            help_text=lazy(
                "The address of a list of events as your browser shows it, or what stands in "
                "it after the question mark. Empty means every event."
            ),
            widget=forms.TextInput(
                attrs={
                    "placeholder": "company=acme&kind=hire",
                    "autocomplete": "off",
                    "spellcheck": "false",
                }
            ),
            **options,
        )

    def clean(self, value: Any) -> str:
        return planning.read(query_in(str(super().clean(value)).strip()))


def query_in(text: str) -> str:
    """What stands after the question mark, if it is a list of events that stands before it."""
    if "?" not in text and "/" not in text:
        return text
    before, _mark, query = text.partition("?")
    if before and name_of_page(before) not in LISTS:
        shown = text if len(text) <= SHOWN else f"{text[:SHOWN]}…"
        raise ValidationError(
            _("“%(value)s” is not the address of a list of events.") % {"value": shown}
        )
    return without_place(QueryDict(query), ordered=False).urlencode()


def name_of_page(address: str) -> str:
    """Of one of ours, in any language; whichever host it names: there may be several."""
    rest = address.partition("://")[2] or address
    path = "/" + (rest.partition("/")[2] if "://" in address else rest.lstrip("/"))
    try:
        with translation.override(get_language_from_path(path) or "en"):
            return str(resolve(path).view_name)
    except Resolver404:
        return ""


class EndpointField(forms.CharField):
    def __init__(self, **options: Any) -> None:
        super().__init__(
            label=lazy("Endpoint"),
            max_length=LONGEST_URL,
            error_messages={"required": lazy("Write the address of your endpoint.")},
            help_text=lazy(
                "An https address on the public internet that answers a POST with a status "
                "from 200 to 299 within ten seconds."
            ),
            widget=forms.URLInput(
                attrs={"placeholder": "https://example.org/hooks/moves"}
            ),
            **options,
        )

    def clean(self, value: Any) -> str:
        return endpoints.read(str(super().clean(value)))


class AddressField(forms.CharField):
    def __init__(self, **options: Any) -> None:
        super().__init__(
            label=lazy("Your e-mail address"),
            max_length=addresses.LONGEST,
            error_messages={"required": lazy("Write your e-mail address.")},
            widget=forms.EmailInput(attrs={"autocomplete": "email"}),
            **options,
        )

    def clean(self, value: Any) -> str:
        return addresses.read(str(super().clean(value)))


class HookForm(forms.Form):
    """Of a webhook that is there, or of one more."""

    filter = FilterField()
    url = EndpointField()


class AskForm(HookForm):
    email = AddressField(
        help_text=lazy(
            "It gets the link that confirms and manages the webhook, and one mail if the "
            "endpoint fails for two days. Nothing else, and nobody sees it."
        )
    )
    # Filled in by machines only.
    homepage = forms.CharField(
        max_length=500, required=False, label=lazy("Leave this empty")
    )

    @property
    def is_filled_by_a_machine(self) -> bool:
        return bool(self.cleaned_data["homepage"])


class LinksForm(forms.Form):
    email = AddressField()


class ReplayForm(forms.Form):
    """From when on, in UTC."""

    since = forms.DateTimeField(
        label=lazy("Made since (UTC)"),
        input_formats=[
            "%Y-%m-%dT%H:%M",
            "%Y-%m-%dT%H:%M:%S",
            "%Y-%m-%d %H:%M",
            "%Y-%m-%d",
        ],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
    )
    until = forms.DateTimeField(
        label=lazy("Until (UTC)"),
        required=False,
        input_formats=[
            "%Y-%m-%dT%H:%M",
            "%Y-%m-%dT%H:%M:%S",
            "%Y-%m-%d %H:%M",
            "%Y-%m-%d",
        ],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
    )

"""What people type and choose: an address, what to follow, when to be written to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from talent.digests import addresses, following, time_zones
from talent.digests.models import Subscriber
from talent.digests.periods import Frequency

LONGEST_PAUSE = timedelta(days=366)
WEEKDAYS = (
    (0, lazy("Monday")),
    (1, lazy("Tuesday")),
    (2, lazy("Wednesday")),
    (3, lazy("Thursday")),
    (4, lazy("Friday")),
    (5, lazy("Saturday")),
    (6, lazy("Sunday")),
)
FREQUENCIES = (
    (Frequency.DAILY.value, lazy("every day")),
    (Frequency.WEEKLY.value, lazy("every week")),
    (Frequency.MONTHLY.value, lazy("every month")),
)


class MailAddress(forms.CharField):
    """One address. What was typed stays in the box, whatever is wrong with it."""

    widget = forms.EmailInput(
        attrs={"autocomplete": "email", "maxlength": None, "spellcheck": "false"}
    )

    def __init__(self, **options: Any) -> None:
        # read() looks at spaces and invisible characters itself.
        super().__init__(strip=False, required=False, **options)

    def clean(self, value: Any) -> str:
        return addresses.read(str(value or ""))


class Followed(forms.Field):
    """Any number of filters, each as the query string of a list of events."""

    widget = forms.MultipleHiddenInput

    def clean(self, value: Any) -> list[str]:
        return following.read_all(value or [])


class WhenForm(forms.Form):
    """How often, on which day, at which hour of which clock, in which language."""

    frequency = forms.ChoiceField(
        choices=FREQUENCIES, label=lazy("How often"), initial=Frequency.WEEKLY.value
    )
    weekday = forms.TypedChoiceField(
        choices=WEEKDAYS, coerce=int, label=lazy("Weekday"), initial=0
    )
    monthday = forms.TypedChoiceField(
        choices=[(day, str(day)) for day in range(1, 32)],
        coerce=int,
        label=lazy("Day of the month"),
        initial=1,
    )
    hour = forms.TypedChoiceField(
        choices=[(hour, f"{hour:02}:00") for hour in range(24)],
        coerce=int,
        label=lazy("Hour"),
        initial=8,
    )
    time_zone = forms.ChoiceField(label=lazy("Time zone"), initial="UTC")
    language = forms.ChoiceField(
        choices=Subscriber.Language.choices,
        label=lazy("Language"),
        initial=Subscriber.Language.ENGLISH.value,
    )
    names = ("frequency", "weekday", "monthday", "hour", "time_zone", "language")

    def __init__(self, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        zone = self.fields["time_zone"]
        assert isinstance(zone, forms.ChoiceField)
        zone.choices = time_zones.choices(
            at=timezone.now(), beside=self.initial.get("time_zone", "UTC")
        )

    def chosen(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in WhenForm.names}


class SubscribeForm(WhenForm):
    email = MailAddress(label=lazy("E-mail address"))
    follow = Followed(required=False)
    # People do not see it. What fills in every field of a form is no person.
    homepage = forms.CharField(required=False, label=lazy("Leave this empty"))

    def __init__(self, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        # A form that leaves them out, in a letter or on another page, means the usual.
        for name in WhenForm.names:
            self.fields[name].required = False

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for name in WhenForm.names:
            if name in cleaned and cleaned[name] in ("", None):
                cleaned[name] = self.fields[name].initial
        return cleaned

    @property
    def is_filled_by_a_machine(self) -> bool:
        return bool(self.data.get("homepage"))

    def wishes(self) -> dict[str, Any]:
        return {**self.chosen(), "follows": self.cleaned_data["follow"] or [""]}


class AddressForm(forms.Form):
    email = MailAddress(label=lazy("E-mail address"))


class FollowForm(forms.Form):
    """The address of a list of events, or its query string alone."""

    query = forms.CharField(
        required=False,
        strip=True,
        label=lazy("Address of a page, a company or a list"),
    )

    def clean_query(self) -> str:
        return following.read_pasted(self.cleaned_data["query"])


class PauseForm(forms.Form):
    until = forms.DateField(
        label=lazy("Until"), widget=forms.DateInput(attrs={"type": "date"})
    )

    def __init__(self, data: Any = None, *, today: date) -> None:
        """today: as the subscriber's calendar says."""
        super().__init__(data)
        self.today = today

    def clean_until(self) -> date:
        until: date = self.cleaned_data["until"]
        if not self.today < until <= self.today + LONGEST_PAUSE:
            raise ValidationError(
                _("“%(value)s” is not a day within the coming year.")
                % {"value": until.isoformat()}
            )
        return until


def choose_follows(given: Sequence[str], offered: Sequence[str]) -> list[str]:
    """Those of the offered filters that were ticked, in the order offered."""
    return [query for query in offered if query in given]

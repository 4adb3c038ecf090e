"""Form fields of the filters: each reads one typed value or says what is wrong with it.

An error names the value, cut short: people paste whole pages into the wrong box.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from talent.common.amounts import parse_amount
from talent.common.partial_dates import PartialDate
from talent.registry.models import Organization, Person, Reading, Reason
from talent.registry.models.names import words_of

SLUG = re.compile(r"[-a-zA-Z0-9_]{1,160}")
LONGEST = 200
SHOWN = 60
# As many candidates as fit into one sentence.
MOST_NAMED = 4


def shown(value: object) -> str:
    text = str(value)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"


class Choice(forms.ChoiceField):
    """One of a few words; nothing chosen is what its first choice says."""

    def __init__(self, choices: Sequence[tuple[str, Any]], **options: Any) -> None:
        super().__init__(choices=choices, required=False, **options)
        self.known = ", ".join(word for word, _label in choices if word)

    def validate(self, value: str) -> None:
        if value and not self.valid_value(value):
            raise ValidationError(
                _("“%(value)s” is not one of: %(known)s.")
                % {"value": shown(value), "known": self.known}
            )


class Switch(Choice):
    """A box to tick that stands for one word in the address."""

    def __init__(self, word: str, **options: Any) -> None:
        super().__init__([("", ""), (word, word)], **options)
        self.word = word


class Text(forms.CharField):
    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, **options)

    def to_python(self, value: Any) -> Any:
        text = str(super().to_python(value))
        if len(text) > LONGEST:
            raise ValidationError(
                _("“%(value)s” is longer than %(most)s characters.")
                % {"value": shown(text), "most": LONGEST}
            )
        if "\x00" in text:
            raise ValidationError(
                _("“%(value)s” holds a null character.")
                % {"value": shown(text.replace("\x00", "␀"))}
            )
        return text


class Words(Text):
    """Text to look for: it must hold a letter or a digit of some script."""

    def to_python(self, value: Any) -> str:
        text = str(super().to_python(value))
        if text and not words_of(text):
            raise ValidationError(
                _("“%(value)s” holds no word to look for.") % {"value": shown(text)}
            )
        return text


class Parsed(Text):
    """A value that `read` makes of the text, or None for no text."""

    def __init__(self, read: Callable[[str], Any], **options: Any) -> None:
        super().__init__(**options)
        self.read = read

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        if not text:
            return None
        try:
            return self.read(text)
        except ValueError as unreadable:
            raise ValidationError(str(unreadable)) from unreadable


def date_field(**options: Any) -> Parsed:
    return Parsed(PartialDate.parse, **options)


def amount_field(**options: Any) -> Parsed:
    return Parsed(parse_amount, **options)


class Named(Text):
    """A person or organization readers may know, by address or by a name of its own.

    A former address finds what it moved to. Up to three queries.
    """

    def __init__(
        self,
        model: type[Person] | type[Organization],
        resolve: Callable[[str], tuple[Any, bool]],
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self.model = model
        self.resolve = resolve

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        if not text:
            return None
        found = self.resolve(text)[0] if SLUG.fullmatch(text) else None
        found = found or self.of_the_name(text)
        if found is None:
            raise ValidationError(
                _("“%(value)s” is no name or address in the record.")
                % {"value": shown(text)}
            )
        return found

    def of_the_name(self, text: str) -> Any:
        public: Any = self.model.objects.public()
        candidates = list(public.named(text).best_first(text)[: MOST_NAMED + 1])
        same = [each for each in candidates if text in (each.name, each.name_zh)]
        chosen = same if len(same) == 1 else candidates
        if len(chosen) > 1:
            named = [f"{each} ({each.slug})" for each in chosen[:MOST_NAMED]]
            names = pgettext("in a list", ", ").join(named)
            raise ValidationError(
                _("“%(value)s” may be %(names)s or another: write the whole name.")
                % {"value": shown(text), "names": names}
            )
        return chosen[0] if chosen else None


class Stated(Text):
    """A reason, by its name."""

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        if not text:
            return None
        reason = Reason.objects.filter(name=text).first()
        if reason is None:
            raise ValidationError(
                _("“%(value)s” is not a reason in the record.") % {"value": shown(text)}
            )
        return reason


class Currency(Text):
    """A code of a currency in which the record states something, or a common one."""

    def __init__(self, common: Sequence[str], **options: Any) -> None:
        super().__init__(**options)
        self.common = common

    def to_python(self, value: Any) -> str:
        code = str(super().to_python(value)).upper()
        if not code or code in self.common:
            return code
        if not Reading.objects.filter(currency=code).exists():
            raise ValidationError(
                _("“%(value)s” is not a currency in the record. Write USD or CNY.")
                % {"value": shown(code)}
            )
        return code

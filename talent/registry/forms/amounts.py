"""A field for amounts as people write them: "200M", "1.5bn", "2亿", "250,000", never a guess."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from talent.common.amounts import parse_amount

# "1.500" is one and a half to one reader and fifteen hundred to another; so is "1,500M".
TWO_WAYS = re.compile(r"\d{1,3}\.\d{3}|\d{1,3}[.,]\d{3} ?[^\d\s.,]+")


def read_amount(text: str) -> int:
    """Whole currency units. Raises ValueError with a sentence for the person who typed it."""
    if TWO_WAYS.fullmatch(unicodedata.normalize("NFKC", text[:60]).strip()):
        raise ValueError(
            _(
                "“%(text)s” can be read in two ways: write it out, like 1,500,000, or with "
                "a unit and at most two decimals, like 1.5M."
            )
            % {"text": text.strip()[:40]}
        )
    return parse_amount(text)


def readable(amount: int) -> str:
    """ "200M", "1.5B", "250,000": what `read_amount` reads back to the same number."""
    for scale, letter in ((10**9, "B"), (10**6, "M")):
        if amount >= scale and (amount * 100) % scale == 0:
            number = f"{amount / scale:.2f}".rstrip("0").rstrip(".")
            return number + letter
    return f"{amount:,}"


class AmountField(forms.CharField):
    """Whole currency units, typed and shown as people write them."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("required", False)
        options.setdefault(
            "help_text", gettext_lazy("250,000 or 200M or 1.5bn or 2亿, as stated.")
        )
        options.setdefault(
            "widget", forms.TextInput(attrs={"size": 10, "placeholder": "200M"})
        )
        super().__init__(**options)

    def prepare_value(self, value: Any) -> Any:
        return readable(value) if isinstance(value, int) else value

    def clean(self, value: Any) -> int | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            return read_amount(text)
        except ValueError as error:
            raise ValidationError(str(error), code="amount") from error

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            typed = read_amount(data) if data and data.strip() else None
        except ValueError:
            return True
        return bool(typed != initial)

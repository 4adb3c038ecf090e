"""Fields that take what a curator has at hand: a vague date, lines of names, pasted addresses."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from talent.common.partial_dates import PartialDate
from talent.registry.source_lines import SourceLine, normal_url, parse

DATE_HELP = gettext_lazy(
    "As precisely as it is known: 2025, 2025-Q3, 2025-07 or 2025-07-07."
)


class PartialDateField(forms.CharField):
    """One text field for a day, a month, a quarter or a year."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("help_text", DATE_HELP)
        options.setdefault(
            "widget",
            forms.TextInput(
                attrs={"size": 12, "placeholder": "2025-07", "autocomplete": "off"}
            ),
        )
        super().__init__(**options)

    def prepare_value(self, value: Any) -> Any:
        return value.isoformat() if isinstance(value, PartialDate) else value

    def clean(self, value: Any) -> PartialDate | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            return PartialDate.parse(text)
        except ValueError as error:
            raise ValidationError(str(error), code="date") from error

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool((self.prepare_value(initial) or "") != (data or "").strip())


class LinesField(forms.CharField):
    """A list, one item per line; empty lines and repetitions are dropped."""

    def __init__(self, *, longest: int, **options: Any) -> None:
        self.longest = longest
        options.setdefault("widget", forms.Textarea(attrs={"rows": 3, "cols": 60}))
        super().__init__(**options)

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:
        text = super().clean(value) or ""
        lines = [" ".join(line.split()) for line in text.splitlines()]
        too_long = [
            _("Line %(number)s has %(count)s characters; %(most)s fit.")
            % {"number": number, "count": len(line), "most": self.longest}
            for number, line in enumerate(lines, start=1)
            if len(line) > self.longest
        ]
        if too_long:
            raise ValidationError(too_long)
        return list(dict.fromkeys(line for line in lines if line))

    def has_changed(self, initial: Any, data: Any) -> bool:
        typed = [" ".join(line.split()) for line in (data or "").splitlines()]
        return [line for line in typed if line] != list(initial or [])


class SourceLinesField(forms.CharField):
    """Pasted web addresses, one per line; every wrong line is named and nothing is lost."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("required", False)
        options.setdefault(
            "widget",
            forms.Textarea(
                attrs={
                    "rows": 3,
                    "cols": 90,
                    "placeholder": gettext_lazy(
                        "https://… | says that she joins in July"
                    ),
                }
            ),
        )
        super().__init__(**options)

    def clean(self, value: Any) -> list[SourceLine]:
        lines, wrong = parse(super().clean(value) or "")
        if wrong:
            raise ValidationError(wrong, code="source")
        return lines


class SourceAddressField(forms.CharField):
    """The web address of one source, in the form in which sources are kept."""

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        if not text:
            return ""
        try:
            return normal_url(text)
        except ValueError as error:
            raise ValidationError(str(error), code="source") from error

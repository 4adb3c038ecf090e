"""Names of the countries organizations sit in, for readers. The record holds ISO 3166-1 codes."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

# Those on record, and a few more that are likely to come; any other is shown by its code.
NAMES = {
    "AE": _("United Arab Emirates"),
    "CA": _("Canada"),
    "CH": _("Switzerland"),
    "CN": _("China"),
    "DE": _("Germany"),
    "FR": _("France"),
    "GB": _("United Kingdom"),
    "IL": _("Israel"),
    "IN": _("India"),
    "JP": _("Japan"),
    "KR": _("South Korea"),
    "SG": _("Singapore"),
    "US": _("United States"),
}


def country_in_words(code: str) -> str:
    return str(NAMES.get(code, code))

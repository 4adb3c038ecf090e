"""What the cells of one row say: each read by the rules of the desk's own forms."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from typing import Any

from django.utils.translation import gettext as _

from talent.common.partial_dates import PartialDate
from talent.intake.imports.columns import BY_NAME, NO, YES, Column, folded
from talent.registry.forms.amounts import read_amount
from talent.registry.models.states import Standing
from talent.registry.source_lines import SourceLine, normal_url

FLAGS = ("founder", "never_started", "stated_return", "background")
OF_HIRES = ("founder", "never_started", "stated_return", "amount")
MOST_SOURCES = 20
CURRENCY = re.compile(r"[A-Z]{3}")
YEARS = re.compile(r"\d{1,2}(\.\d)?")
RANGE = re.compile(r"\s*[–—~～至到]\s*|\s+to\s+|(?<=\w)\s*-\s*(?=\d)")
# 2025年7月7日, 2025/7/7, 2025.7.7, 2025Q3, Q3 2025, 2025年第3季度
CHINESE = re.compile(r"(\d{4})年(?:(\d{1,2})月(?:(\d{1,2})[日号])?)?")
SLASHES = re.compile(r"(\d{4})[/.](\d{1,2})(?:[/.](\d{1,2}))?")
QUARTERS = re.compile(
    r"(?P<a>\d{4})\s?年?第?\s?-?[qQ]?(?P<b>[1-4])季度?|(?P<c>\d{4})\s?[qQ](?P<d>[1-4])|[qQ](?P<e>[1-4])\s?(?P<f>\d{4})"
)


@dataclass
class Values:
    """What could be read, and for each cell that could not, why."""

    said: dict[str, Any] = field(default_factory=dict)
    wrong: list[tuple[Column, str]] = field(default_factory=list)

    def get(self, name: str) -> Any:
        return self.said.get(name)


def values_of(cells: dict[str, str]) -> Values:
    """`cells` by column; empty ones may be missing."""
    values = Values()
    for name, column in BY_NAME.items():
        text = cells.get(name, "").strip()
        if not text:
            if column.required:
                values.wrong.append((column, _("It must not be empty.")))
            continue
        try:
            values.said[name] = READERS.get(name, plainly)(text, column)
        except ValueError as error:
            values.wrong.append((column, str(error)))
    values.wrong += [*against_each_other(values)]
    return values


def against_each_other(values: Values) -> list[tuple[Column, str]]:
    wrong = []
    if values.get("kind") == "departure":
        wrong += [
            (BY_NAME[name], _("This belongs to a hire, not to a departure."))
            for name in OF_HIRES
            if values.get(name)
        ]
    if values.get("standing") == Standing.DENIED:
        wrong.append(
            (
                BY_NAME["standing"],
                _("What is denied is not imported: deny it at its form."),
            )
        )
    if not values.get("amount"):
        wrong += [
            (BY_NAME[name], _("It says something of an amount, and there is none."))
            for name in ("years", "qualifier")
            if values.get(name)
        ]
    ends = [folded(values.get(name) or "") for name in ("organization", "counterpart")]
    if ends[0] and ends[0] == ends[1]:
        text = _("The two ends of a move cannot be the same organization.")
        wrong.append((BY_NAME["counterpart"], text))
    return wrong


def shown(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:40]}…"


def plainly(text: str, column: Column) -> str:
    if column.meanings is not None:
        wanted, known = folded(text), meanings_of(column.name)
        if wanted not in known:
            raise ValueError(
                _("“%(text)s” is none of: %(words)s.")
                % {
                    "text": shown(text),
                    "words": ", ".join(dict.fromkeys(column.meanings.values())),
                }
            )
        return known[wanted]
    text = " ".join(text.split())
    if column.longest and len(text) > column.longest:
        raise ValueError(
            _("It has %(count)s characters; %(most)s fit.")
            % {"count": len(text), "most": column.longest}
        )
    return text


@cache
def meanings_of(name: str) -> dict[str, str]:
    meanings = BY_NAME[name].meanings or {}
    return {folded(word): meaning for word, meaning in meanings.items()}


def yes_or_no(text: str, _column: Column) -> bool:
    if folded(text) in YES:
        return True
    if folded(text) in NO:
        return False
    raise ValueError(_("“%(text)s” is neither yes nor no.") % {"text": shown(text)})


def partial_date(text: str, _column: Column) -> PartialDate:
    text = unicodedata.normalize("NFKC", text[:60]).strip()
    for pattern in (CHINESE, SLASHES):
        if found := pattern.fullmatch(text):
            return PartialDate.parse("-".join(part for part in found.groups() if part))
    if found := QUARTERS.fullmatch(text):
        year = found["a"] or found["c"] or found["f"]
        return PartialDate.parse(f"{year}-Q{found['b'] or found['d'] or found['e']}")
    # A time of day says nothing here: "2025-07-07 00:00:00".
    return PartialDate.parse(re.sub(r"[ T]00:00(:00)?$", "", text))


def sources(text: str, _column: Column) -> list[SourceLine]:
    addresses = [part for part in re.split(r"[\s;；、]+|,(?=https?:)", text) if part]
    if len(addresses) > MOST_SOURCES:
        raise ValueError(
            _("%(count)s addresses are more than the %(most)s one row may give.")
            % {"count": len(addresses), "most": MOST_SOURCES}
        )
    return [SourceLine(url) for url in dict.fromkeys(map(normal_url, addresses))]


def amounts(text: str, _column: Column) -> tuple[int, int | None]:
    """One amount, or a range of two. The currency has a column of its own."""
    parts = RANGE.split(text)
    if len(parts) > 2:
        raise ValueError(
            _("“%(text)s” is neither an amount nor a range of two.")
            % {"text": shown(text)}
        )
    low, *high = [read_amount(part) for part in parts]
    if high and high[0] < low:
        raise ValueError(
            _("The range “%(text)s” ends below its start.") % {"text": shown(text)}
        )
    return low, high[0] if high else None


def currency(text: str, _column: Column) -> str:
    code = text.strip().upper()
    if not CURRENCY.fullmatch(code):
        raise ValueError(_("Write the ISO 4217 code: USD, CNY, EUR."))
    return code


def years(text: str, _column: Column) -> Decimal:
    if not YEARS.fullmatch(text) or not Decimal(text):
        raise ValueError(
            _("“%(text)s” is not a number of years like 4 or 2.5.")
            % {"text": shown(text)}
        )
    return Decimal(text)


READERS: dict[str, Callable[[str, Column], Any]] = {
    "date": partial_date,
    "sources": sources,
    "amount": amounts,
    "currency": currency,
    "years": years,
    **dict.fromkeys(FLAGS, yes_or_no),
}

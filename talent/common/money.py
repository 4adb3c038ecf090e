"""How stated amounts read: "more than US$200M", "CN¥10M to CN¥20M". Nothing is converted here."""

from __future__ import annotations

from django.utils.translation import gettext as _

from talent.common.language import reads_chinese, spaced

SYMBOLS = {
    "USD": "US$",
    "CNY": "CN¥",
    "EUR": "€",
    "GBP": "£",
    "JPY": "JP¥",
    "KRW": "₩",
    "HKD": "HK$",
}
SCALES = ((1_000_000_000, "B"), (1_000_000, "M"))
# Chinese counts in ten thousands and names the unit after the number: 2 亿美元.
NAMES_ZH = {
    "USD": "美元",
    "CNY": "元人民币",
    "EUR": "欧元",
    "GBP": "英镑",
    "JPY": "日元",
    "KRW": "韩元",
    "HKD": "港元",
}
SCALES_ZH = ((100_000_000, "亿"), (10_000, "万"))


def amount(currency: str, value: int) -> str:
    """ "US$200M", "US$1.5B"; below a million, or where the short form would round, in full."""
    if reads_chinese():
        return amount_in_chinese(currency, value)
    symbol = SYMBOLS.get(currency, f"{currency} ")
    for scale, letter in SCALES:
        if value >= scale and (value * 100) % scale == 0:
            return f"{symbol}{value / scale:.2f}".rstrip("0").rstrip(".") + letter
    return f"{symbol}{value:,}"


def amount_in_chinese(currency: str, value: int) -> str:
    """ "2 亿美元", "14.3 亿元人民币"; in full where the short form would round."""
    figure, name = figure_in_chinese(value), NAMES_ZH.get(currency, currency)
    ends_in_latin = figure[-1].isascii() or name.isascii()
    return f"{figure} {name}" if ends_in_latin else f"{figure}{name}"


def figure_in_chinese(value: int) -> str:
    for scale, character in SCALES_ZH:
        if value >= scale and (value * 100) % scale == 0:
            return f"{value / scale:,.2f}".rstrip("0").rstrip(".") + f" {character}"
    return f"{value:,}"


def a_year(figure: str) -> str:
    """Of a figure in words that is paid every year."""
    told = _("%(amount)s a year") % {"amount": figure}
    return spaced(told) if reads_chinese() else told


def stated(currency: str, low: int | None, high: int | None, qualifier: str) -> str:
    """The figure as it was stated; "" if none was. A missing end is not zero and is not shown."""
    if low is None and high is None:
        return ""
    if low is not None and high is not None and low != high:
        figure = _("%(low)s to %(high)s") % {
            # Chinese names the unit once: 1 亿至 2 亿美元.
            "low": figure_in_chinese(low) if reads_chinese() else amount(currency, low),
            "high": amount(currency, high),
        }
    else:
        figure = amount(currency, low if low is not None else high or 0)
    match qualifier:
        case "more than":
            return _("more than %(amount)s") % {"amount": figure}
        case "about":
            return _("about %(amount)s") % {"amount": figure}
        case "up to":
            return _("up to %(amount)s") % {"amount": figure}
    if low is None:
        return _("up to %(amount)s") % {"amount": figure}
    return figure

"""Money in running text, in English and Chinese. A total stays a total: nothing is divided."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Literal

from talent.intake.reader.values import Amount, Part, Span

Form = Literal["total_package", "annual", "signing_bonus", "retention", "equity"]
Qualifier = Literal["exactly", "more than", "about", "up to"]

SIGNS = {
    "us$": "USD",
    "hk$": "HKD",
    "c$": "CAD",
    "a$": "AUD",
    "s$": "SGD",
    "nt$": "TWD",
}
SIGNS |= {"$": "USD", "€": "EUR", "£": "GBP", "₹": "INR", "rs": "INR", "₩": "KRW"}
SIGNS |= {"usd": "USD", "eur": "EUR", "gbp": "GBP", "rmb": "CNY", "cny": "CNY"}
SIGNS |= {"inr": "INR", "¥": "CNY", "cn¥": "CNY", "jp¥": "JPY"}
NOUNS = {"dollar": "USD", "yuan": "CNY", "renminbi": "CNY", "rmb": "CNY", "euro": "EUR"}
NOUNS |= {"pound": "GBP", "won": "KRW", "yen": "JPY", "rupee": "INR", "usd": "USD"}
NOUNS |= {"美元": "USD", "美金": "USD", "美刀": "USD", "刀": "USD", "人民币": "CNY"}
NOUNS |= {"人民幣": "CNY", "元": "CNY", "块": "CNY", "欧元": "EUR", "歐元": "EUR"}
NOUNS |= {"英镑": "GBP", "英鎊": "GBP", "港元": "HKD", "港币": "HKD", "日元": "JPY"}
NOUNS |= {"韩元": "KRW", "新台币": "TWD", "台币": "TWD"}
UNITS = {"k": 10**3, "thousand": 10**3, "lakh": 10**5, "crore": 10**7, "cr": 10**7}
UNITS |= dict.fromkeys(("m", "mn", "mln", "mil", "million"), 10**6)
UNITS |= dict.fromkeys(("b", "bn", "bln", "billion"), 10**9)
UNITS |= dict.fromkeys(("t", "tn", "trillion"), 10**12)
HAN_UNITS = {"万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8}
HAN_TENS = {"十": 10, "百": 100, "千": 1000, "": 1}
HAN_DIGITS = {digit: Decimal(n) for n, digit in enumerate("零一二三四五六七八九")}
HAN_DIGITS |= {"两": Decimal(2), "兩": Decimal(2), "半": Decimal("0.5"), "": Decimal(1)}
LARGEST = 10**15

NUMBER = r"\d{1,3}(?:,\d{3}){1,4}|\d{1,15}"
UNIT = r"thousand|lakh|crore|cr|million|billion|trillion|mln|mil|mn|bln|bn|tn|k|m|b|t"
# Every repeat is bounded and the pieces cannot be cut in two ways: linear in the text.
SIGN = r"us\$|hk\$|nt\$|c\$|a\$|s\$|cn¥|jp¥|\$|€|£|¥|₹|₩|rs\.?|usd|eur|gbp|rmb|cny|inr"
NOUN = r"dollar|yuan|renminbi|rmb|euro|pound|won|yen|rupee|usd"
SCALE = rf"(?:{UNIT})(?![a-z])"
ENGLISH = re.compile(
    rf"(?<![a-z0-9])(?P<sign>{SIGN})? ?(?P<low>{NUMBER})(?P<part>\.\d{{1,4}})?"
    rf"(?:[ -]?(?P<unit>{SCALE}))?"
    rf"(?: ?(?:-|—|to) ?\$?(?P<high>{NUMBER})(?P<high_part>\.\d{{1,4}})?"
    rf"(?:[ -]?(?P<high_unit>{SCALE}))?)?"
    rf"(?P<plus>\+)?(?:[ -]?(?:us |canadian )?(?P<noun>{NOUN})s?(?![a-z]))?"
)
HAN = re.compile(
    r"(?P<sign>us\$|\$|¥|€)?(?P<low>\d{1,15}(?:,\d{3}){0,4}(?:\.\d{1,4})?|[一二两兩三四五六七八九半]?)"
    r"(?P<most>[多余餘几]?)(?P<tens>[十百千]?)(?P<unit>[万萬亿億])(?P<more>[多余餘]?)"
    r"(?P<noun>美元|美金|美刀|刀|人民币|人民幣|元|块|欧元|歐元|英镑|英鎊|港元|港币|日元|韩元|新台币|台币)?"
)
FIGURES = re.compile(r"(?<![a-z])(?P<count>six|seven|eight|nine|ten)[ -]figure")
FIGURE_COUNTS = {"six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10}
YEARS = re.compile(
    r"(?:over|across|for|in) (?:the next )?(?P<n>\d|two|three|four|five|six|several)[ -]years?"
    r"|(?P<m>two|three|four|five|six|\d)-year(?!-old)|(?P<h>[\d一二两三四五六])年(?:内|期|的|总|发放|兑现|付清|支付|合同|薪酬|共|里|,)"
)
# "多年薪酬": pay for years, though "年薪" stands in it.
SPREAD = re.compile(
    r"(?:several|multiple|many|few) years|multi-?year"
    r"|[数數多几幾两兩三四五六]年(?!前|后|後|来|來|里)|分年|逐年"
)
COUNTS = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6}

FORM_WORDS: tuple[tuple[Form, tuple[str, ...]], ...] = (
    ("signing_bonus", ("signing bonus", "sign-on", "签约金", "签约费", "签字费")),
    ("retention", ("retention", "留任")),
    (
        "annual",
        ("a year", "per year", "annual", "yearly", "salary", "年薪", "每年", "一年"),
    ),
    ("equity", ("in stock", "stock award", "equity", "股权", "股票", "期权")),
)
QUALIFIERS: tuple[tuple[Qualifier, tuple[str, ...]], ...] = (
    ("up to", ("up to", "as much as", "as high as", "高达", "最高", "至多")),
    (
        "more than",
        ("more than", "over", "at least", "exceeding", "超", "逾", "过", "上"),
    ),
    ("about", ("about", "around", "roughly", "nearly", "almost", "some", "约", "近")),
)
# As far as a word about the money may stand from it, in characters.
NEAR = 36


def amounts(folded: str, *, part: Part = "title") -> list[Amount]:
    """All sums in the (folded) text, in reading order."""
    found = [*english(folded, part), *chinese(folded, part), *figures(folded, part)]
    found.sort(key=lambda amount: amount.span.start if amount.span else 0)
    return found


def english(folded: str, part: Part) -> Iterator[Amount]:
    for match in ENGLISH.finditer(folded):
        currency = SIGNS.get((match["sign"] or "").rstrip(".")) or NOUNS.get(
            match["noun"] or ""
        )
        if currency is None or folded[match.end() : match.end() + 1] in HAN_UNITS:
            continue
        unit = match["unit"] or (match["high_unit"] if match["high"] else None)
        low = whole(match["low"], match["part"], UNITS.get(unit or "", 1))
        high = None
        if match["high"]:
            scale = UNITS.get(match["high_unit"] or unit or "", 1)
            high = whole(match["high"], match["high_part"], scale)
        if low is None or (low < 1000 and not unit):
            continue
        plus: Qualifier | None = "more than" if match["plus"] else None
        yield stated(
            folded, match.start(), match.end(), part, currency, low, high, plus
        )


def chinese(folded: str, part: Part) -> Iterator[Amount]:
    for match in HAN.finditer(folded):
        digits, tens, unit = match["low"], match["tens"], match["unit"]
        if not (digits or tens or folded[max(match.start() - 1, 0)] in "上过超逾近"):
            continue
        near = folded[max(match.start() - 8, 0) : match.end() + 8]
        currency = NOUNS.get(match["noun"] or "") or SIGNS.get(match["sign"] or "")
        if currency is None:
            if not any(word in near for word in ("薪", "报酬", "签约", "奖金")):
                continue
            currency = "USD" if "美元" in near or "美金" in near else "CNY"
        number = HAN_DIGITS.get(digits)
        value = number if number is not None else Decimal(digits.replace(",", "") or 1)
        low = int(value * HAN_TENS[tens] * HAN_UNITS[unit])
        more: Qualifier | None = "more than" if match["most"] or match["more"] else None
        if low <= LARGEST:
            yield stated(
                folded, match.start(), match.end(), part, currency, low, None, more
            )


def figures(folded: str, part: Part) -> Iterator[Amount]:
    """ "A nine-figure package" lies between 100 million and a billion."""
    for match in FIGURES.finditer(folded):
        low = 10 ** (FIGURE_COUNTS[match["count"]] - 1)
        yield stated(
            folded, match.start(), match.end(), part, "USD", low, low * 10 - 1, None
        )


def whole(digits: str, part: str | None, scale: int) -> int | None:
    value = Decimal(digits.replace(",", "") + (part or "")) * scale
    return int(value) if value <= LARGEST else None


def stated(
    folded: str,
    start: int,
    end: int,
    part: Part,
    currency: str,
    low: int,
    high: int | None,
    qualifier: Qualifier | None,
) -> Amount:
    before = folded[max(start - 14, 0) : start]
    near = folded[max(start - NEAR, 0) : end + NEAR]
    years = years_of(folded[end : end + NEAR]) or years_of(before)
    form = form_of(near)
    if form == "annual" and (years or SPREAD.search(near)):
        form = "total_package"  # said to be for several years: never a yearly figure
    if folded.startswith("以上", end):
        qualifier = "more than"
    stands = qualifier or qualifier_of(before.rstrip())
    return Amount(currency, low, high, form, stands, years, Span(start, end, part=part))


def form_of(near: str) -> Form:
    for form, words in FORM_WORDS:
        if any(word in near for word in words):
            return form
    return "total_package"


def qualifier_of(before: str) -> Qualifier:
    for qualifier, words in QUALIFIERS:
        if before.endswith(words):
            return qualifier
    return "exactly"


def years_of(text: str) -> int | None:
    match = YEARS.search(text)
    if match is None:
        return None
    word = match["n"] or match["m"] or match["h"]
    if word.isdigit():
        return int(word)
    han = HAN_DIGITS.get(word)
    return COUNTS.get(word) or (int(han) if han else None)

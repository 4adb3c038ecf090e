"""The date a sentence gives its news, at the precision it has."""

from __future__ import annotations

import re

from talent.common.partial_dates import PartialDate, Precision

MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august",
    "september", "october", "november", "december",
)  # fmt: skip
SHORT = {name[:3]: number for number, name in enumerate(MONTHS, 1)}
MONTH = "|".join(name[:3] for name in MONTHS) + "|sept"
# Anchored by digits or a month's name, every repeat bounded: linear.
HAN = re.compile(
    r"(?P<year>\d{4}|今|去|前)年(?:(?P<month>\d{1,2})月(?:(?P<day>\d{1,2})[日号])?)?"
    r"|(?<![\d年])(?P<lone>\d{1,2})月(?:(?P<lone_day>\d{1,2})[日号])?"
)
ENGLISH = re.compile(
    rf"(?<![a-z])(?:(?P<before>\d{{1,2}}) )?(?P<month>{MONTH})[a-z]{{0,6}}\.?"
    r"(?: (?P<day>\d{1,2})(?!\d))?,?(?: (?P<year>(?:19|20)\d{2}))?(?![a-z0-9])"
    r"|(?<![a-z])(?:in|since|last|early|late|mid) (?P<only>(?:19|20)\d{2})(?!\d)"
)
NUMBERS = {
    **dict.fromkeys(("a", "an", "one", "一"), 1),
    **dict.fromkeys(("two", "两", "兩", "二"), 2),
    "three": 3, "三": 3, "four": 4, "四": 4, "five": 5, "五": 5, "six": 6, "六": 6,
    "seven": 7, "七": 7, "eight": 8, "八": 8, "nine": 9, "九": 9, "ten": 10, "十": 10,
    "eleven": 11, "十一": 11, "twelve": 12, "十二": 12, "fourteen": 14, "十四": 14,
    "fifteen": 15, "十五": 15, "eighteen": 18, "十八": 18,
}  # fmt: skip
# "七个月后", "一年半之后", "半年后"; "seven months later", "a year and a half later".
HAN_LATER = re.compile(
    r"(?<![第\d年月])(?:(?P<number>\d{1,2}|十[一二四五八]?|[一二两兩三四五六七八九])"
    r"(?P<unit>个月|個月|年)(?P<half>半)?|(?P<only_half>半)年)(?:之后|之後|后|後)"
)
ENGLISH_LATER = re.compile(
    r"(?<![a-z0-9])(?:(?P<number>\d{1,2}|[a-z]{1,8})(?: and a half)? (?P<unit>month|year)s?"
    r"(?P<half> and a half)?|(?P<only_half>half a year)) later(?![a-z])"
)
# As if so many characters further off.
OTHER_CLAUSE = 40
YEARS_BACK = {"今": 0, "去": 1, "前": 2}


def date_in(folded: str, verb: int, *, known: PartialDate | None) -> PartialDate | None:
    """The date nearest the verb at `verb`. A month or "去年" needs the year of `known`."""
    nearest = None
    for match in [*HAN.finditer(folded), *ENGLISH.finditer(folded)]:
        date = read(match, known)
        distance = min(abs(match.start() - verb), abs(match.end() - verb))
        if match.re is HAN and "," in folded[verb : match.start()]:
            distance += OTHER_CLAUSE  # a Chinese date stands before what it dates
        if match.re is ENGLISH and is_in_aside(folded, match, verb):
            continue
        if date is not None and (nearest is None or distance < nearest[0]):
            nearest = (distance, date)
    return nearest[1] if nearest else None


def months_later(folded: str) -> int | None:
    """ "Seven months later", "一年半后": how many months after what was told before."""
    match = HAN_LATER.search(folded) or ENGLISH_LATER.search(folded)
    if match is None:
        return None
    if match["only_half"]:
        return 6
    written = match["number"]
    number = int(written) if written.isdigit() else NUMBERS.get(written, 0)
    if not number:
        return None
    years = match["unit"] in ("年", "year")
    return number * (12 if years else 1) + (6 if match["half"] else 0)


def after(date: PartialDate, months: int) -> PartialDate | None:
    """So many months on, as a month; a date no finer than a year leads nowhere."""
    if date.precision not in (Precision.DAY, Precision.MONTH):
        return None
    year, month = divmod(date.first.year * 12 + date.first.month - 1 + months, 12)
    return parsed(f"{year}-{month + 1:02}")


def is_in_aside(folded: str, match: re.Match[str], verb: int) -> bool:
    """ "Pang, who joined Apple in 2021, is leaving": it dates the aside alone."""
    aside = folded.rfind(", who ", 0, match.start())
    return aside >= 0 and "," in folded[match.end() : verb]


def read(match: re.Match[str], known: PartialDate | None) -> PartialDate | None:
    parts = match.groupdict()
    year, month, day = parts["year"], parts["month"], parts.get("day")
    if "only" in parts:
        if parts["only"]:
            return parsed(parts["only"])
        number = SHORT[month[:3]]
        if year is None and day is None and month == "may":
            return None  # the verb
        day = day or parts["before"]
    elif parts["lone"]:
        number, day = int(parts["lone"]), parts["lone_day"]
    else:
        number = int(month) if month else 0
    if year is None or year in YEARS_BACK:
        if known is None:
            return None
        back = YEARS_BACK.get(year or "", 0)
        year = str(known.first.year - back)
        if not back and number > known.first.month and parts["year"] is None:
            year = str(known.first.year - 1)  # "in December", read in January
    written = (
        year + (f"-{number:02}" if number else "") + (f"-{int(day):02}" if day else "")
    )
    return parsed(written)


def parsed(written: str) -> PartialDate | None:
    try:
        return PartialDate.parse(written)
    except ValueError:
        return None

"""The date a sentence gives its news, at the precision it has."""

from __future__ import annotations

import re

from talent.common.partial_dates import PartialDate

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

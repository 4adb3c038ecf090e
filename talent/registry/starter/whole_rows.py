"""What a row must be as a whole, and what its note says of a figure.

A row lacks the columns that its file leaves out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from talent.registry.models import Reading
from talent.registry.starter.fields import Values, partial_date, shown

Row = dict[str, str]

# -- What a whole row must be ------------------------------------------------------------


def check_precision(row: Row) -> Iterator[str]:
    first, written = partial_date(row["date"])
    stated = row["precision"]
    if stated == written:
        return
    # A quarter may be written as its first month.
    starts_quarter = first[5:] in {"01-01", "04-01", "07-01", "10-01"}
    if not (stated == "quarter" and written == "month" and starts_quarter):
        yield (
            f"the date {shown(row['date'])} is written to the {written.value}, "
            f"but its precision says {stated}"
        )


def check_event(row: Row) -> Iterator[str]:
    yield from check_precision(row)
    if row["counterpart"] == row["organization"]:
        yield "organization and counterpart are the same"
    reasons, stated_by = row["reasons"], row.get("stated_by", "")
    if stated_by and reasons.count("|") != stated_by.count("|"):
        yield "stated_by does not have one entry, perhaps empty, for each reason"
    if row["kind"] == "departure":
        for name in ("founder", "never_started", "stated_return"):
            if row[name] == "1":
                yield f"{name} belongs to a hire, not to a departure"


def check_package(row: Row) -> Iterator[str]:
    if row["person"] and row["recipients"]:
        yield "names a person and describes recipients: one of the two"
    if not row["person"] and not row["recipients"]:
        yield "names no person and describes no recipients"


def check_amounts(row: Row) -> Iterator[str]:
    low, high = row["low"], row["high"]
    if low and high and int(low) > int(high):
        yield f"low ({low}) is above high ({high})"
    if (low or high) and not row["currency"]:
        yield "an amount without its currency"


def check_reading(row: Row) -> Iterator[str]:
    yield from check_amounts(row)
    if row["years"] and not float(row["years"]):
        yield "years: a number of years is above zero"


def check_deal(row: Row) -> Iterator[str]:
    yield from check_precision(row)
    if row["buyer"] == row["target"]:
        yield "buyer and target are the same"


def check_reply(row: Row) -> Iterator[str]:
    if sum(bool(row[name]) for name in ("event", "person", "organization")) != 1:
        yield "is about one event, person or organization: name one of the three"


def check_wave(row: Row) -> Iterator[str]:
    if row["first_day"] > row["last_day"]:
        yield "first_day comes after last_day"


# -- What a note says about a figure -----------------------------------------------------

SEVERAL_YEARS = re.compile(r"\b(several|multiple|over) years\b|\bmulti-?year\b", re.I)
TARGETS = re.compile(
    r"\b(milestones?|performance-based(?! parts?\b)|tied to (targets|performance|goals))\b",
    re.I,
)
# Part of a figure is often guaranteed: only the words for the whole of it count.
GUARANTEED = re.compile(
    r"\b(fully|wholly|entirely) guaranteed\b|\bguaranteed in full\b", re.I
)


def read_note(row: Row) -> Values:
    """Whether a reading covers several years, and on what terms it is paid: as its file says, or
    as its note does.
    """
    if "several_years" in row:
        return (row["several_years"], row.get("terms", ""))
    note = row["note"]
    whole = row["form"] == Reading.Form.TOTAL_PACKAGE and not row["years"]
    several_years = whole and SEVERAL_YEARS.search(note)
    terms = ""
    if TARGETS.search(note):
        terms = Reading.Terms.TARGETS.value
    elif GUARANTEED.search(note):
        terms = Reading.Terms.GUARANTEED.value
    return ("1" if several_years else "0", terms)

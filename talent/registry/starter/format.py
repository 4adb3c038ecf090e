"""The nine files of a data set: their columns, and what a whole row must be.

starter_data/README.md describes the format for people.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.db import models

from talent.common.partial_dates import Precision
from talent.registry.models import (
    Citation,
    Deal,
    DealReading,
    Event,
    Organization,
    Package,
    Person,
    Reading,
    Reason,
    Source,
)
from talent.registry.models.events import Standing
from talent.registry.models.pay import Qualifier
from talent.registry.starter.fields import (
    COUNTRY,
    CURRENCY,
    WEB_ADDRESS,
    YEARS,
    Column,
    Values,
    amount,
    choice,
    first_day,
    flag,
    number,
    partial_date,
    several,
    shaped,
    shown,
    slug,
    text,
    when,
)

Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class File:
    """One of the nine. No two rows share the values of `once`; `check` looks at a whole row.

    `key` is the column by which rows of other files name a row of this one, if they do.
    """

    name: str
    columns: tuple[Column, ...]
    once: tuple[tuple[str, ...], ...]
    key: str = ""
    check: Callable[[Row], Iterator[str]] | None = None
    # Staged beside the columns: what follows from a row as a whole.
    derived: tuple[tuple[str, str], ...] = ()
    derive: Callable[[Row], Values] | None = None

    @property
    def stage(self) -> str:
        return f"stage_{self.name.removesuffix('.csv')}"


def longest(model: type[models.Model], field: str) -> int:
    return int(model._meta.get_field(field).max_length)  # type: ignore[union-attr,arg-type]  # text fields only


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
    """Whether the note of a reading says "several years", and on what terms it is paid."""
    note = row["note"]
    whole = row["form"] == Reading.Form.TOTAL_PACKAGE and not row["years"]
    several_years = whole and SEVERAL_YEARS.search(note)
    terms = ""
    if TARGETS.search(note):
        terms = Reading.Terms.TARGETS.value
    elif GUARANTEED.search(note):
        terms = Reading.Terms.GUARANTEED.value
    return ("1" if several_years else "0", terms)


# -- The nine files ----------------------------------------------------------------------

ORGANIZATION = longest(Organization, "slug")
PERSON = longest(Person, "slug")
SOURCE = longest(Source, "key")
EVENT = longest(Event, "slug")
PACKAGE = longest(Package, "key")
DEAL = longest(Deal, "key")
NAME = longest(Person, "name")
KNOWN_FOR = 200
EDUCATION = 300

ORGANIZATIONS = File(
    "organizations.csv",
    (
        slug("slug", ORGANIZATION),
        text("name", NAME, required=True),
        text("name_zh", NAME),
        several("aliases", NAME),
        choice("seat", Organization.Seat.values),
        slug("parent", ORGANIZATION, required=False),
        shaped("country", COUNTRY, 2, "two capital letters, like US"),
        when("founded", day="founded_on", precision="founded_precision"),
    ),
    once=(("slug",),),
    key="slug",
)
PEOPLE = File(
    "people.csv",
    (
        slug("slug", PERSON),
        text("name", NAME, required=True),
        text("name_zh", NAME),
        several("aliases", NAME),
        several("known_for", KNOWN_FOR),
        several("education", EDUCATION),
    ),
    once=(("slug",),),
    key="slug",
)
SOURCES = File(
    "sources.csv",
    (
        slug("id", SOURCE),
        shaped(
            "url",
            WEB_ADDRESS,
            longest(Source, "url"),
            "a web address: http:// or https://, no blank, quote or <>",
            required=True,
        ),
        text("title", longest(Source, "title")),
        text("publisher", longest(Source, "publisher")),
        when("published_on", day="published_on", precision="published_precision"),
        text("language", longest(Source, "language")),
    ),
    once=(("id",), ("url",)),
    key="id",
)
EVENTS = File(
    "events.csv",
    (
        slug("id", EVENT),
        choice("kind", Event.Kind.values),
        slug("person", PERSON),
        slug("organization", ORGANIZATION),
        text("team", longest(Event, "team")),
        slug("counterpart", ORGANIZATION, required=False),
        text("title", longest(Event, "title")),
        first_day(),
        choice("precision", Precision.values),
        choice("date_basis", Event.DateBasis.values),
        choice("status", Standing.values),
        flag("founder"),
        flag("never_started"),
        flag("stated_return"),
        several("reasons", longest(Reason, "name")),
        text("summary", longest(Event, "summary")),
        text("disagreement", longest(Event, "disagreement")),
        flag("background"),
    ),
    once=(("id",),),
    key="id",
    check=check_event,
)
CITATIONS = File(
    "citations.csv",
    (
        slug("event", EVENT),
        slug("source", SOURCE),
        text("states", longest(Citation, "states")),
    ),
    once=(("event", "source"),),
)
PACKAGES = File(
    "packages.csv",
    (
        slug("id", PACKAGE),
        slug("person", PERSON, required=False),
        text("recipients", longest(Package, "recipients")),
        slug("organization", ORGANIZATION),
        slug("event", EVENT, required=False),
        choice("outcome", Package.Outcome.values),
    ),
    once=(("id",), ("event",)),
    key="id",
    check=check_package,
)
READINGS = File(
    "readings.csv",
    (
        slug("package", PACKAGE),
        choice("form", Reading.Form.values),
        shaped("currency", CURRENCY, 3, "an ISO 4217 code, like USD"),
        amount("low"),
        amount("high"),
        choice("qualifier", Qualifier.values, optional=True),
        number("years", YEARS, "numeric", "a number of years, like 4 or 2.5"),
        choice("status", Standing.values),
        choice("rank", Reading.Rank.values, optional=True),
        text("note", longest(Reading, "note")),
        slug("source", SOURCE, required=False),
    ),
    once=(
        (
            "package", "form", "currency", "low", "high", "qualifier", "years", "status",
            "rank", "note", "source",
        ),
    ),
    check=check_reading,
    derived=(("several_years", "boolean"), ("terms", "text")),
    derive=read_note,
)  # fmt: skip
DEALS = File(
    "deals.csv",
    (
        slug("id", DEAL),
        slug("buyer", ORGANIZATION),
        slug("target", ORGANIZATION),
        first_day(),
        choice("precision", Precision.values),
        several("events", EVENT, slugs=True),
    ),
    once=(("id",),),
    key="id",
    check=check_deal,
)
DEAL_READINGS = File(
    "deal_readings.csv",
    (
        slug("deal", DEAL),
        shaped("currency", CURRENCY, 3, "an ISO 4217 code, like USD"),
        amount("low"),
        amount("high"),
        choice("qualifier", Qualifier.values, optional=True),
        choice("status", Standing.values),
        text("note", longest(DealReading, "note")),
        slug("source", SOURCE, required=False),
    ),
    once=(
        ("deal", "currency", "low", "high", "qualifier", "status", "note", "source"),
    ),
    check=check_amounts,
)

FILES = (
    ORGANIZATIONS, PEOPLE, SOURCES, EVENTS, CITATIONS, PACKAGES, READINGS, DEALS,
    DEAL_READINGS,
)  # fmt: skip

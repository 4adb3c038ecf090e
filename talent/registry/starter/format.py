"""The files of a data set: their columns, and what a whole row must be.

Nine make a data set. What else the record says in public stands in columns and files that may
be left out. starter_data/README.md describes the format for people.
"""

from __future__ import annotations

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
    Reply,
    Source,
    Wave,
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
    moment,
    number,
    several,
    shaped,
    slug,
    text,
    when,
    whole_day,
)
from talent.registry.starter.whole_rows import (
    Row,
    check_amounts,
    check_deal,
    check_event,
    check_package,
    check_reading,
    check_reply,
    check_wave,
    read_note,
)


@dataclass(frozen=True, slots=True)
class File:
    """One of them. No two rows share the values of `once`; `check` looks at a whole row, which
    lacks the columns that the file leaves out.

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
    # Columns that a file may leave out. They are written with a new row, and left alone then.
    extra: tuple[Column, ...] = ()
    may_be_missing: bool = False

    @property
    def all_columns(self) -> tuple[Column, ...]:
        return self.columns + self.extra

    @property
    def stage(self) -> str:
        return f"stage_{self.name.removesuffix('.csv')}"


def longest(model: type[models.Model], field: str) -> int:
    return int(model._meta.get_field(field).max_length)  # type: ignore[union-attr,arg-type]  # text fields only


# -- The nine files --------------------------------------------------------------------


def said_outright(column: Column) -> Column:
    """Read for `derive` alone: nothing is staged for it by itself."""

    def read(field: str) -> Values:
        column.read(field)
        return ()

    return Column(column.name, read, ())


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
    extra=(moment("updated_at"),),
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
    extra=(moment("updated_at"),),
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
    extra=(
        slug("repeats", SOURCE, required=False),
        shaped(
            "archive_url",
            WEB_ADDRESS,
            longest(Source, "archive_url"),
            "a web address: http:// or https://, no blank, quote or <>",
        ),
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
    extra=(
        text("stated_by", 1000),
        text("summary_zh", longest(Event, "summary_zh")),
        moment("published_at"),
        moment("updated_at"),
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
    extra=(choice("stance", Citation.Stance.values, optional=True),),
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
    extra=(moment("updated_at"),),
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
    extra=(
        said_outright(flag("several_years")),
        said_outright(choice("terms", Reading.Terms.values, optional=True)),
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
    extra=(choice("form", Deal.Form.values, optional=True),),
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

# -- Files that may be missing -------------------------------------------------------------

REASONS = File(
    "reasons.csv",
    (
        text("name", longest(Reason, "name"), required=True),
        text("name_zh", longest(Reason, "name_zh")),
    ),
    once=(("name",),),
    may_be_missing=True,
)
REPLIES = File(
    "replies.csv",
    (
        slug("event", EVENT, required=False),
        slug("person", PERSON, required=False),
        slug("organization", ORGANIZATION, required=False),
        text("text", longest(Reply, "text"), required=True),
        text("said_by", longest(Reply, "said_by"), required=True),
        whole_day("said_on"),
    ),
    once=(("event", "person", "organization", "text", "said_on"),),
    check=check_reply,
    may_be_missing=True,
)
WAVES = File(
    "waves.csv",
    (
        slug("slug", longest(Wave, "slug")),
        text("title", longest(Wave, "title"), required=True),
        text("title_zh", longest(Wave, "title_zh")),
        text("summary", longest(Wave, "summary")),
        text("summary_zh", longest(Wave, "summary_zh")),
        whole_day("first_day"),
        whole_day("last_day"),
        moment("published_at"),
        several("events", EVENT, slugs=True),
    ),
    once=(("slug",),),
    key="slug",
    check=check_wave,
    may_be_missing=True,
)
ADDRESSES = File(
    "addresses.csv",
    (
        choice("kind", ["person", "organization"]),
        slug("old", PERSON),
        slug("new", PERSON),
    ),
    once=(("kind", "old"),),
    may_be_missing=True,
)

FILES = (
    ORGANIZATIONS, PEOPLE, SOURCES, EVENTS, CITATIONS, PACKAGES, READINGS, DEALS,
    DEAL_READINGS,
)  # fmt: skip
ALL_FILES = (*FILES, REASONS, REPLIES, WAVES, ADDRESSES)

"""What a frozen data set holds: every public row, in the format that `load_starter` reads.

Columns are declared here once; the files and the dictionary beside them follow. The format itself
is `talent.registry.starter.format`, and a test holds both alike. Rows stand in the order in which
the record got them, because a copy breaks ties by that order.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Exists,
    F,
    Func,
    OuterRef,
    QuerySet,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Concat, Left
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from talent.opendata.columns import (
    Column,
    Kind,
    array,
    boolean,
    day,
    integer,
    listed,
    partial_date,
    text,
)
from talent.opendata.columns import number as decimal
from talent.opendata.frozen.rows import (
    events_of_deal,
    events_of_wave,
    organizations,
    replies,
    rested_on,
    sources,
    stated,
)
from talent.registry.models import (
    Citation,
    Deal,
    DealReading,
    Event,
    EventReason,
    Package,
    Person,
    Reading,
    Reason,
    Wave,
)
from talent.registry.models.events import Status


@dataclass(frozen=True, slots=True)
class Table:
    """One file. `words`: its columns of free text, which could name anybody."""

    file: str
    says: str | Promise
    rows: Callable[[], QuerySet[Any]]
    columns: tuple[Column, ...]
    words: tuple[str, ...] = ()


# -- Columns -----------------------------------------------------------------------------


def key_of_source(path: str) -> Any:
    """Its name in data sets. One that a curator entered has none: it is named by its address."""
    before = f"{path}__" if path else ""
    return Case(
        When(**{f"{before}url": None}, then=Value("")),
        default=Coalesce(
            F(f"{before}key"),
            Concat(
                Value("u"),
                Left(Func(F(f"{before}url"), function="md5"), 16),
                output_field=CharField(),
            ),
        ),
        output_field=TextField(),
    )


def source(name: str, path: str, says: str) -> Column:
    return Column(name, Kind.TEXT, lambda: key_of_source(path), says)


def first_report() -> Any:
    """Only of what is no first report itself: its own would be in no file."""
    return Case(
        When(rested_on(""), then=key_of_source("repeats")),
        default=Value(""),
        output_field=TextField(),
    )


def moment(name: str, says: str) -> Column:
    """To the microsecond, by which pages order what was published in one second."""

    def make() -> Any:
        return Func(
            F(name),
            template="to_char(%(expressions)s AT TIME ZONE 'UTC',"
            ' \'YYYY-MM-DD"T"HH24:MI:SS.US"Z"\')',
            output_field=TextField(),
        )

    return Column(name, Kind.TIME, make, says)


def changed() -> Column:
    return moment("updated_at", "When the record last changed it.")


def amounts() -> tuple[Column, ...]:
    return (
        text("currency", "currency", "ISO 4217."),
        integer("low", "low", "At least, in whole units; empty: not stated."),
        integer("high", "high", "At most."),
        text("qualifier", "qualifier", "more than, about, up to or exactly."),
    )


STATUS = "rumoured, reported, confirmed or denied."
DATE = "2025, 2025-Q3, 2025-07 or 2025-07-07: as precisely as it is known."
PRECISION = "day, month, quarter or year."

TABLES = (
    Table(
        "organizations.csv",
        _("Companies and their units."),
        organizations,
        (
            text("slug", "slug", "Its name in the data and in addresses."),
            text("name", "name", "As it calls itself in English."),
            text("name_zh", "name_zh", "Its Chinese name."),
            array("aliases", "other_names", "Short forms, former names."),
            text("seat", "seat", "Where it stands in the trade. A unit has its own."),
            text("parent", "parent__slug", "The organization it is a unit of."),
            text("country", "country", "ISO 3166-1 alpha-2."),
            partial_date("founded", "founded_on", "founded_precision", DATE),
            changed(),
        ),
    ),
    Table(
        "people.csv",
        _("Everybody named by a published event or package: professional facts only."),
        lambda: Person.objects.public(),
        (
            text("slug", "slug", "Their name in the data and in addresses."),
            text("name", "name", "In Latin script, given name first."),
            text("name_zh", "name_zh", "In Chinese characters."),
            array("aliases", "other_names", "Other spellings, any script."),
            array("known_for", "known_for", "Works, models, papers, companies."),
            array("education", "education", "Degree, field, school, year."),
            changed(),
        ),
    ),
    Table(
        "sources.csv",
        _("The pages that events, packages and deals rest on."),
        sources,
        (
            source("id", "", "Its name in the data."),
            text("url", "url", "The page itself."),
            text("title", "title", "As printed, in its own language."),
            text("publisher", "publisher", "Who published it."),
            partial_date("published_on", "published_on", "published_precision", DATE),
            text("language", "language", "ISO 639-1."),
            Column(
                "repeats",
                Kind.TEXT,
                first_report,
                "The first report, where this page retells it: one origin.",
            ),
            text("archive_url", "archive_url", "A stored copy."),
        ),
        words=("title",),
    ),
    Table(
        "events.csv",
        _("Hires and departures: who joined or left what, and when."),
        lambda: Event.objects.published(),
        (
            text("id", "slug", "Its name in the data and in addresses."),
            text("kind", "kind", "hire or departure."),
            text("person", "person__slug", "Who: slug of a person."),
            text("organization", "organization__slug", "Joined, or left."),
            text("team", "team", "A team that has no page of its own."),
            text("counterpart", "counterpart__slug", "Where from, or where to."),
            text("title", "title", "The post, as the source gives it."),
            partial_date("date", "happened_on", "precision", DATE),
            text("precision", "precision", PRECISION),
            text("date_basis", "date_basis", "announced, reported or effective."),
            text("status", "standing", STATUS),
            boolean("founder", "founder", "Founded what they joined."),
            boolean("never_started", "never_started", "Announced, never taken up."),
            boolean("stated_return", "stated_return", "A source calls it a return."),
            listed("reasons", stated("reason__name"), "Reasons somebody stated."),
            text("summary", "summary", "One sentence in our own words."),
            text("disagreement", "disagreement", "What the sources disagree about."),
            boolean("background", "background", "From a career history: not news."),
            listed("stated_by", stated("stated_by"), "Who states each reason."),
            text("summary_zh", "summary_zh", "The summary in Chinese."),
            moment("published_at", "When it entered the record."),
            changed(),
        ),
        words=("team", "summary", "disagreement", "stated_by", "summary_zh"),
    ),
    Table(
        "citations.csv",
        _("What one page says about one event."),
        lambda: Citation.objects.filter(event__status=Status.PUBLISHED),
        (
            text("event", "event__slug", "The event."),
            source("source", "source", "The page."),
            text("states", "states", "What it says, in our own words."),
            text("stance", "stance", "supports or contradicts."),
        ),
        words=("states",),
    ),
    Table(
        "packages.csv",
        _("Compensation offered or paid."),
        lambda: Package.objects.public(),
        (
            text("id", "key", "Its name in the data."),
            text("person", "person__slug", "Who: slug of a person."),
            text("recipients", "recipients", "Instead of a person: the group."),
            text("organization", "organization__slug", "Who pays or offers."),
            text("event", "event__slug", "The hire it belongs to."),
            text("outcome", "outcome", "accepted, declined, offered or unknown."),
            changed(),
        ),
        words=("recipients",),
    ),
    Table(
        "readings.csv",
        _(
            "Figures of packages, as stated: nothing converted, nothing divided by years."
        ),
        lambda: Reading.objects.filter(package__in=Package.objects.public()),
        (
            text("package", "package__key", "The package it is a reading of."),
            text(
                "form",
                "form",
                "total_package, annual, signing_bonus, retention or equity.",
            ),
            *amounts(),
            decimal("years", "years", "Over how many years, where the source says so."),
            text("status", "standing", STATUS),
            text("rank", "rank", "preferred, also_reported or contradicted."),
            text("note", "note", "Why this rank."),
            source("source", "source", "The page that states it."),
            boolean("several_years", "several_years", "Over years nobody counts."),
            text("terms", "terms", "guaranteed or targets."),
        ),
        words=("note",),
    ),
    Table(
        "deals.csv",
        _(
            "Money between companies, shared by the people who moved with it: nobody's pay."
        ),
        lambda: Deal.objects.all(),
        (
            text("id", "key", "Its name in the data."),
            text("buyer", "buyer__slug", "Who pays."),
            text("target", "target__slug", "Who is paid."),
            partial_date("date", "happened_on", "precision", DATE),
            text("precision", "precision", PRECISION),
            listed("events", events_of_deal, "The people who moved with it."),
            text("form", "form", "acquihire, licence, acquisition or investment."),
        ),
    ),
    Table(
        "deal_readings.csv",
        _("Figures of deals, as stated."),
        lambda: DealReading.objects.all(),
        (
            text("deal", "deal__key", "The deal it is a reading of."),
            *amounts(),
            text("status", "standing", STATUS),
            text("note", "note", "What there is to say about it."),
            source("source", "source", "The page that states it."),
        ),
        words=("note",),
    ),
    Table(
        "reasons.csv",
        _("The names of the reasons."),
        lambda: Reason.objects.filter(
            Exists(
                EventReason.objects.filter(
                    reason=OuterRef("pk"), event__status=Status.PUBLISHED
                )
            )
        ),
        (
            text("name", "name", "As events.csv names it."),
            text("name_zh", "name_zh", "In Chinese."),
        ),
    ),
    Table(
        "replies.csv",
        _("What somebody the record names says about it: their words, not ours."),
        replies,
        (
            text("event", "event__slug", "What it is about: an event,"),
            text("person", "person__slug", "or a person,"),
            text("organization", "organization__slug", "or an organization."),
            text("text", "text", "Their words."),
            text("said_by", "said_by", "Whose words."),
            day("said_on", "said_on", "The day we received them."),
        ),
        words=("text",),
    ),
    Table(
        "waves.csv",
        _("Linked moves in a short time."),
        lambda: Wave.objects.published(),
        (
            text("slug", "slug", "Its name in the data and in addresses."),
            text("title", "title", "Who went where."),
            text("title_zh", "title_zh", "In Chinese."),
            text("summary", "summary", "What links these moves."),
            text("summary_zh", "summary_zh", "In Chinese."),
            day("first_day", "first_day", "The first move."),
            day("last_day", "last_day", "The last."),
            moment("published_at", "When it entered the record."),
            listed("events", events_of_wave, "The moves."),
        ),
        words=("title", "title_zh", "summary", "summary_zh"),
    ),
)

# What no table of the record holds as it is: written row by row.
ADDRESSES = "addresses.csv"
ADDRESSES_SAY = _("Former addresses of people and organizations, which lead on.")
ADDRESS_COLUMNS = (
    ("kind", "person or organization."),
    ("old", "The address that was."),
    ("new", "The slug of what it leads to."),
)

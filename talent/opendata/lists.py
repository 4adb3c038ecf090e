"""The lists of open data: which rows, in which order, with which columns.

Each list is filtered by the same form as its page, so one query string means the same rows
everywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import OrderBy, OuterRef, QuerySet

from talent.common.keyset import in_order
from talent.insights.move_filter import MoveFilter
from talent.insights.stint_filter import StintFilter
from talent.opendata import filters
from talent.opendata.columns import (
    Column,
    address,
    array,
    boolean,
    day,
    integer,
    listed,
    number,
    partial_date,
    text,
    time,
)
from talent.registry.filter_form import FilterForm
from talent.registry.filters import EventFilter
from talent.registry.models import (
    Citation,
    Deal,
    Event,
    EventReason,
    Organization,
    Package,
    Person,
)
from talent.registry.models.deals import DealEvent
from talent.registry.models.events import Status


@dataclass(frozen=True, slots=True)
class Order:
    """The columns that put rows in an order of their own; the last one is unique."""

    columns: tuple[str, ...]
    falling: bool = False

    def by(self) -> list[OrderBy]:
        return in_order(self.columns, falling=self.falling)


@dataclass(frozen=True, slots=True)
class DataList:
    """One list. `page` is the URL name of the page that shows it, "" where there is none."""

    name: str
    title: str
    says: str
    filter: type[FilterForm]
    rows: Callable[[Any], QuerySet[Any]]
    order: Order
    columns: tuple[Column, ...]
    page: str = ""
    # The model's column behind "id", and the rows that may be asked for by it.
    key: str = ""
    public: Callable[[], QuerySet[Any]] | None = None


def event_page(slug: str) -> str:
    return Event(slug=slug).get_absolute_url()


def person_page(slug: str) -> str:
    return Person(slug=slug).get_absolute_url()


def organization_page(slug: str) -> str:
    return Organization(slug=slug).get_absolute_url()


def reasons_of_event() -> QuerySet[Any, Any]:
    stated = EventReason.objects.filter(event=OuterRef("pk"))
    return stated.order_by("pk").values("reason__name")


def events_of_deal() -> QuerySet[Any, Any]:
    moved = DealEvent.objects.filter(
        deal=OuterRef("pk"), event__status=Status.PUBLISHED
    )
    return moved.order_by("event__recency", "pk").values("event__slug")


def sources_of_event() -> QuerySet[Any, Any]:
    cited = Citation.objects.filter(event=OuterRef("pk"))
    return cited.order_by("pk").values("source__url")


NEWEST_FIRST = Order(("recency", "pk"), falling=True)
BY_ADDRESS = Order(("slug",))
BY_KEY = Order(("pk",))
NEWEST_KEY = Order(("pk",), falling=True)

EVENTS = DataList(
    name="events",
    title="Events",
    says="Hires and departures: who joined or left what, when, as the sources say.",
    filter=EventFilter,
    rows=lambda filter: filter.events(),
    order=NEWEST_FIRST,
    page="dashboard:event_list",
    key="slug",
    public=lambda: Event.objects.published(),
    columns=(
        text("id", "slug", "Its name in the data, and the last part of its address."),
        text("kind", "kind", "hire or departure."),
        text("person", "person__slug", "Who: the id of a person."),
        text("person_name", "person__name", "In Latin script, given name first."),
        text("person_name_zh", "person__name_zh", "In Chinese characters."),
        text(
            "organization",
            "organization__slug",
            "Joined (hire) or left (departure): the unit where known, or the company.",
        ),
        text("organization_name", "organization__name", "Its name."),
        text("company", "company__slug", "The topmost parent of the organization."),
        text("seat", "organization__seat", "Seat of the organization."),
        text("team", "team", "A team that has no page of its own."),
        text("counterpart", "counterpart__slug", "Where from, or where to, if stated."),
        text("counterpart_name", "counterpart__name", "Its name."),
        text("title", "title", "The post, as the source gives it."),
        partial_date(
            "date", "happened_on", "precision", "As precisely as it is known."
        ),
        text("precision", "precision", "day, month, quarter or year."),
        text("date_basis", "date_basis", "announced, reported or effective."),
        text("standing", "standing", "rumoured, reported, confirmed or denied."),
        boolean("founder", "founder", "Founded or co-founded what they joined."),
        boolean("never_started", "never_started", "Announced, but never taken up."),
        boolean("stated_return", "stated_return", "A source says it was a return."),
        boolean("background", "background", "From a career history: not news."),
        listed("reasons", reasons_of_event, "Reasons somebody stated."),
        text("summary", "summary", "One sentence in our own words."),
        text("summary_zh", "summary_zh", "The same in Chinese."),
        text("disagreement", "disagreement", "What the sources disagree about."),
        integer("sources", "source_count", "How many pages are cited."),
        integer("origins", "origin_count", "How many of them are independent."),
        listed("source_urls", sources_of_event, "The pages cited."),
        time("published_at", "published_at", "When it came into the public record."),
        time("updated_at", "updated_at", "When it was last changed."),
        address("url", "slug", event_page, "Its page."),
    ),
)

MOVES = DataList(
    name="moves",
    title="Moves",
    says="Changes of place, derived from events: each real move once, although a departure"
    " and a hire may both record it.",
    filter=MoveFilter,
    rows=lambda filter: filter.moves(),
    # A refresh writes rows anew, under new keys.
    order=Order(("recency", "person_id", "place"), falling=True),
    page="dashboard:move_list",
    columns=(
        text("person", "person__slug", "Who: the id of a person."),
        integer("place", "place", "Which of the person's moves, from 0."),
        text("person_name", "person__name", "In Latin script, given name first."),
        text("origin", "origin__slug", "The organization left; empty: not on record."),
        text("destination", "destination__slug", "The organization joined."),
        text("from_company", "from_company__slug", "The topmost parent of the origin."),
        text("to_company", "to_company__slug", "That of the destination."),
        text("from_seat", "from_seat", "Seat left."),
        text("to_seat", "to_seat", "Seat joined."),
        partial_date(
            "date", "happened_on", "precision", "As precisely as it is known."
        ),
        text("precision", "precision", "day, month, quarter or year."),
        boolean("internal", "internal", "Between units of one company."),
        boolean("inferred", "inferred", "No event links its ends."),
        boolean("rumoured", "rumoured", "Only rumoured."),
        boolean("is_return", "is_return", "Back to a company left before."),
        boolean("founder", "founder", "To a company they founded."),
        text("hire", "hire__slug", "The event that records the arrival."),
        text("departure", "departure__slug", "The event that records the departure."),
    ),
)

STINTS = DataList(
    name="stints",
    title="Stints",
    says="One person at one company, from arrival to departure, derived from events.",
    filter=StintFilter,
    rows=lambda filter: filter.stints(),
    order=Order(("person_id", "place")),
    page="dashboard:stint_list",
    columns=(
        text("person", "person__slug", "Who: the id of a person."),
        integer("place", "place", "Which of the person's stints, from 0."),
        text("person_name", "person__name", "In Latin script, given name first."),
        text("company", "company__slug", "The company."),
        text("unit", "unit__slug", "The unit last known."),
        text("seat", "seat", "Of the unit first joined, or of the company."),
        partial_date("start", "start_on", "start_precision", "Empty: not on record."),
        partial_date("end", "end_on", "end_precision", "Empty: no end on record."),
        boolean("end_inferred", "end_inferred", "Closed by the next hire elsewhere."),
        day(
            "known_until",
            "known_until",
            "Of an open stint: the day of the newest source that knows of it.",
        ),
        integer("months", "months", "Whole months it lasted, or has lasted so far."),
        boolean("about", "about", "An end is known only roughly."),
        boolean("founder", "founder", "They founded the company."),
        boolean("is_return", "is_return", "Not their first stint there."),
        text("hire", "hire__slug", "The event that records the arrival."),
        text("departure", "departure__slug", "The event that records the departure."),
    ),
)

PEOPLE = DataList(
    name="people",
    title="People",
    says="Everybody named by a published event or package. Professional facts only.",
    filter=filters.PeopleFilter,
    rows=lambda filter: filter.people(),
    order=BY_ADDRESS,
    key="slug",
    public=lambda: Person.objects.public(),
    columns=(
        text("id", "slug", "Their name in the data."),
        text("name", "name", "In Latin script, given name first."),
        text("name_zh", "name_zh", "In Chinese characters."),
        array("other_names", "other_names", "Other spellings, any script."),
        array("known_for", "known_for", "Works, models, papers, companies."),
        array("education", "education", "Degree, field, school, year."),
        time("updated_at", "updated_at", "When it was last changed."),
        address("url", "slug", person_page, "Their page."),
    ),
)

ORGANIZATIONS = DataList(
    name="organizations",
    title="Organizations",
    says="Companies and their units named by a published event or package.",
    filter=filters.OrganizationsFilter,
    rows=lambda filter: filter.organizations(),
    order=BY_ADDRESS,
    key="slug",
    public=lambda: Organization.objects.public(),
    columns=(
        text("id", "slug", "Its name in the data."),
        text("name", "name", "As it calls itself in English."),
        text("name_zh", "name_zh", "Its Chinese name."),
        array("other_names", "other_names", "Short forms, former names."),
        text("seat", "seat", "Where it stands in the trade. A unit has its own."),
        text("parent", "parent__slug", "The organization it is a unit of."),
        text("company", "company__slug", "The topmost parent."),
        text("country", "country", "ISO 3166-1 alpha-2."),
        partial_date("founded", "founded_on", "founded_precision", "When."),
        time("updated_at", "updated_at", "When it was last changed."),
        address("url", "slug", organization_page, "Its page."),
    ),
)

PACKAGES = DataList(
    name="packages",
    title="Packages",
    says="Compensation offered or paid. What was stated of each is in the list of readings.",
    filter=filters.PackagesFilter,
    rows=lambda filter: filter.packages_listed(),
    order=NEWEST_KEY,
    page="dashboard:pay_packages",
    key="key",
    public=lambda: Package.objects.public(),
    columns=(
        text("id", "key", "Its name in the data."),
        text("person", "person__slug", "Who: the id of a person."),
        text("recipients", "recipients", "Instead of a person: the group."),
        text("organization", "organization__slug", "Who pays or offers."),
        text("event", "event__slug", "The hire it belongs to."),
        text("outcome", "outcome", "accepted, declined, offered or unknown."),
        time("updated_at", "updated_at", "When it was last changed."),
    ),
)

READINGS = DataList(
    name="readings",
    title="Readings",
    says="Stated figures of packages, as printed: whole units of the currency, nothing"
    " converted, nothing divided by years. An amount that was never stated is empty, not 0.",
    filter=filters.ReadingsFilter,
    rows=lambda filter: filter.readings(),
    order=BY_KEY,
    columns=(
        text("package", "package__key", "The package it is a reading of."),
        text(
            "form", "form", "total_package, annual, signing_bonus, retention, equity."
        ),
        text("currency", "currency", "ISO 4217."),
        integer("low", "low", "At least, in whole units."),
        integer("high", "high", "At most."),
        text("qualifier", "qualifier", "more than, about, up to or exactly."),
        number("years", "years", "Over how many years, only if the source says so."),
        boolean("several_years", "several_years", "Over years that nobody counts."),
        text("terms", "terms", "guaranteed, or tied to targets."),
        text("standing", "standing", "rumoured, reported, confirmed or denied."),
        text("rank", "rank", "preferred, also_reported or contradicted."),
        text("note", "note", "Why this rank."),
        text("source", "source__url", "The page that states it."),
    ),
)

DEALS = DataList(
    name="deals",
    title="Deals",
    says="Money between companies, shared by the people who moved with it: nobody's pay.",
    filter=filters.DealsFilter,
    rows=lambda filter: filter.deals_listed(),
    order=BY_KEY,
    page="dashboard:pay_deals",
    key="key",
    public=lambda: Deal.objects.all(),
    columns=(
        text("id", "key", "Its name in the data."),
        text("buyer", "buyer__slug", "Who pays: the id of an organization."),
        text("target", "target__slug", "Who is paid."),
        text("form", "form", "acquihire, licence, acquisition or investment."),
        partial_date("date", "happened_on", "precision", "As precisely as known."),
        listed("events", events_of_deal, "The people who moved with it."),
    ),
)

DEAL_READINGS = DataList(
    name="deal-readings",
    title="Readings of deals",
    says="Stated figures of deals, as printed.",
    filter=filters.DealReadingsFilter,
    rows=lambda filter: filter.readings(),
    order=BY_KEY,
    columns=(
        text("deal", "deal__key", "The deal it is a reading of."),
        text("currency", "currency", "ISO 4217."),
        integer("low", "low", "At least, in whole units."),
        integer("high", "high", "At most."),
        text("qualifier", "qualifier", "more than, about, up to or exactly."),
        text("standing", "standing", "rumoured, reported, confirmed or denied."),
        text("note", "note", "What there is to say about it."),
        text("source", "source__url", "The page that states it."),
    ),
)

SOURCES = DataList(
    name="sources",
    title="Sources",
    says="The pages that published events and packages rest on.",
    filter=filters.SourcesFilter,
    rows=lambda filter: filter.sources(),
    order=BY_KEY,
    columns=(
        text("url", "url", "The page itself."),
        text("title", "title", "As printed, in its own language."),
        text("publisher", "publisher", "Who published it."),
        partial_date("published", "published_on", "published_precision", "When."),
        text("language", "language", "ISO 639-1."),
        text("repeats", "repeats__url", "The first report, where this one retells it."),
        text("archive_url", "archive_url", "A stored copy."),
    ),
)

CITATIONS = DataList(
    name="citations",
    title="Citations",
    says="What one page says about one event.",
    filter=filters.CitationsFilter,
    rows=lambda filter: filter.citations(),
    order=BY_KEY,
    columns=(
        text("event", "event__slug", "The event."),
        text("source", "source__url", "The page."),
        text("states", "states", "What it says of the event, in our own words."),
        text("stance", "stance", "supports or contradicts."),
    ),
)

LISTS: Mapping[str, DataList] = {
    each.name: each
    for each in (
        *(EVENTS, PEOPLE, ORGANIZATIONS, PACKAGES, READINGS, DEALS, DEAL_READINGS),
        *(SOURCES, CITATIONS, STINTS, MOVES),
    )
}

"""The lists of open data: which rows, in which order, with which columns.

Each list is filtered by the same form as its page, so one query string means the same rows
everywhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from talent.insights.move_filter import MoveFilter
from talent.insights.stint_filter import StintFilter
from talent.opendata import filters
from talent.opendata.columns import (
    address,
    array,
    boolean,
    integer,
    listed,
    number,
    partial_date,
    text,
    time,
)
from talent.opendata.data_list import DataList, Order
from talent.registry.filters import EventFilter
from talent.registry.merging import resolve_organization, resolve_person
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
    title=_("Events"),
    says=_("Hires and departures: who joined or left what, when, as the sources say."),
    filter=EventFilter,
    rows=lambda filter: filter.events(),
    order=NEWEST_FIRST,
    page="dashboard:event_list",
    key="slug",
    public=lambda: Event.objects.published(),
    columns=(
        text(
            "id", "slug", _("Its name in the data, and the last part of its address.")
        ),
        integer("number", "pk", _("Stays the same when the id changes.")),
        text("kind", "kind", _("hire or departure.")),
        text("person", "person__slug", _("Who: the id of a person.")),
        text("person_name", "person__name", _("In Latin script, given name first.")),
        text("person_name_zh", "person__name_zh", _("In Chinese characters.")),
        text(
            "organization",
            "organization__slug",
            _(
                "Joined (hire) or left (departure): the unit where known, or the company."
            ),
        ),
        text("organization_name", "organization__name", _("Its name.")),
        text("company", "company__slug", _("The topmost parent of the organization.")),
        text("seat", "organization__seat", _("Seat of the organization.")),
        text("team", "team", _("A team that has no page of its own.")),
        text(
            "counterpart", "counterpart__slug", _("Where from, or where to, if stated.")
        ),
        text("counterpart_name", "counterpart__name", _("Its name.")),
        text("title", "title", _("The post, as the source gives it.")),
        partial_date(
            "date", "happened_on", "precision", _("As precisely as it is known.")
        ),
        text("precision", "precision", _("day, month, quarter or year.")),
        text("date_basis", "date_basis", _("announced, reported or effective.")),
        text("standing", "standing", _("rumoured, reported, confirmed or denied.")),
        boolean("founder", "founder", _("Founded or co-founded what they joined.")),
        boolean("never_started", "never_started", _("Announced, but never taken up.")),
        boolean("stated_return", "stated_return", _("A source says it was a return.")),
        boolean("background", "background", _("From a career history: not news.")),
        listed("reasons", reasons_of_event, _("Reasons somebody stated.")),
        text("summary", "summary", _("One sentence in our own words.")),
        text("summary_zh", "summary_zh", _("The same in Chinese.")),
        text("disagreement", "disagreement", _("What the sources disagree about.")),
        integer("sources", "source_count", _("How many pages are cited.")),
        integer("origins", "origin_count", _("How many of them are independent.")),
        listed("source_urls", sources_of_event, _("The pages cited.")),
        time("published_at", "published_at", _("When it came into the public record.")),
        time("updated_at", "updated_at", _("When it was last changed.")),
        address("url", "slug", event_page, _("Its page.")),
    ),
)

MOVES = DataList(
    name="moves",
    title=_("Moves"),
    says=_(
        "Changes of place, derived from events: each real move once, although a departure"
        " and a hire may both record it."
    ),
    filter=MoveFilter,
    rows=lambda filter: filter.moves(),
    # A refresh writes rows anew, under new keys.
    order=Order(("recency", "person_id", "place"), falling=True),
    page="dashboard:move_list",
    columns=(
        text("person", "person__slug", _("Who: the id of a person.")),
        integer("place", "place", _("Which of the person's moves, from 0.")),
        text("person_name", "person__name", _("In Latin script, given name first.")),
        text(
            "origin", "origin__slug", _("The organization left; empty: not on record.")
        ),
        text("destination", "destination__slug", _("The organization joined.")),
        text(
            "from_company", "from_company__slug", _("The topmost parent of the origin.")
        ),
        text("to_company", "to_company__slug", _("That of the destination.")),
        text("from_seat", "origin__seat", _("Seat left.")),
        text("to_seat", "destination__seat", _("Seat joined.")),
        partial_date(
            "date", "happened_on", "precision", _("As precisely as it is known.")
        ),
        text("precision", "precision", _("day, month, quarter or year.")),
        boolean("internal", "internal", _("Between units of one company.")),
        boolean("inferred", "inferred", _("No event links its ends.")),
        boolean("rumoured", "rumoured", _("Only rumoured.")),
        boolean("is_return", "is_return", _("Back to a company left before.")),
        boolean("founder", "founder", _("To a company they founded.")),
        text("hire", "hire__slug", _("The event that records the arrival.")),
        text(
            "departure", "departure__slug", _("The event that records the departure.")
        ),
    ),
)

STINTS = DataList(
    name="stints",
    title=_("Stints"),
    says=_(
        "One person at one company, from arrival to departure, derived from events."
    ),
    filter=StintFilter,
    rows=lambda filter: filter.stints(),
    order=Order(("person_id", "place")),
    page="dashboard:stint_list",
    columns=(
        text("person", "person__slug", _("Who: the id of a person.")),
        integer("place", "place", _("Which of the person's stints, from 0.")),
        text("person_name", "person__name", _("In Latin script, given name first.")),
        text("company", "company__slug", _("The company.")),
        text("unit", "unit__slug", _("The unit last known.")),
        text(
            "seat", "first_place__seat", _("Of the unit first joined, or the company.")
        ),
        partial_date(
            "start", "start_on", "start_precision", _("Empty: not on record.")
        ),
        partial_date("end", "end_on", "end_precision", _("Empty: no end on record.")),
        boolean(
            "end_inferred", "end_inferred", _("Closed by the next hire elsewhere.")
        ),
        partial_date(
            "known_until",
            "known_until",
            "known_precision",
            _("Of an open stint: the date of the newest source that knows of it."),
        ),
        integer("months", "months", _("Whole months it lasted, or has lasted so far.")),
        boolean("about", "about", _("An end is known only roughly.")),
        boolean("founder", "founder", _("They founded the company.")),
        boolean("is_return", "is_return", _("Not their first stint there.")),
        text("hire", "hire__slug", _("The event that records the arrival.")),
        text(
            "departure", "departure__slug", _("The event that records the departure.")
        ),
    ),
)

PEOPLE = DataList(
    name="people",
    title=_("People"),
    says=_("Everybody named by a published event or package. Professional facts only."),
    filter=filters.PeopleFilter,
    rows=lambda filter: filter.people(),
    order=BY_ADDRESS,
    key="slug",
    public=lambda: Person.objects.public(),
    moved=resolve_person,
    columns=(
        text("id", "slug", _("Their name in the data.")),
        text("name", "name", _("In Latin script, given name first.")),
        text("name_zh", "name_zh", _("In Chinese characters.")),
        array("other_names", "other_names", _("Other spellings, any script.")),
        array("known_for", "known_for", _("Works, models, papers, companies.")),
        array("education", "education", _("Degree, field, school, year.")),
        time("updated_at", "updated_at", _("When it was last changed.")),
        address("url", "slug", person_page, _("Their page.")),
    ),
)

ORGANIZATIONS = DataList(
    name="organizations",
    title=_("Organizations"),
    says=_("Companies and their units named by a published event or package."),
    filter=filters.OrganizationsFilter,
    rows=lambda filter: filter.organizations(),
    order=BY_ADDRESS,
    key="slug",
    public=lambda: Organization.objects.public(),
    moved=resolve_organization,
    columns=(
        text("id", "slug", _("Its name in the data.")),
        text("name", "name", _("As it calls itself in English.")),
        text("name_zh", "name_zh", _("Its Chinese name.")),
        array("other_names", "other_names", _("Short forms, former names.")),
        text("seat", "seat", _("Where it stands in the trade. A unit has its own.")),
        text("parent", "parent__slug", _("The organization it is a unit of.")),
        text("company", "company__slug", _("The topmost parent.")),
        text("country", "country", _("ISO 3166-1 alpha-2.")),
        partial_date("founded", "founded_on", "founded_precision", _("When.")),
        time("updated_at", "updated_at", _("When it was last changed.")),
        address("url", "slug", organization_page, _("Its page.")),
    ),
)

PACKAGES = DataList(
    name="packages",
    title=_("Packages"),
    says=_(
        "Compensation offered or paid. What was stated of each is in the list of readings."
    ),
    filter=filters.PackagesFilter,
    rows=lambda filter: filter.packages_listed(),
    order=NEWEST_KEY,
    page="dashboard:pay_packages",
    key="key",
    public=lambda: Package.objects.public(),
    columns=(
        text("id", "key", _("Its name in the data.")),
        text("person", "person__slug", _("Who: the id of a person.")),
        text("recipients", "recipients", _("Instead of a person: the group.")),
        text("organization", "organization__slug", _("Who pays or offers.")),
        text("event", "event__slug", _("The hire it belongs to.")),
        text("outcome", "outcome", _("accepted, declined, offered or unknown.")),
        time("updated_at", "updated_at", _("When it was last changed.")),
    ),
)

READINGS = DataList(
    name="readings",
    title=_("Readings"),
    says=_(
        "Stated figures of packages, as printed: whole units of the currency, nothing"
        " converted, nothing divided by years. An amount that was never stated is empty, not 0."
    ),
    filter=filters.ReadingsFilter,
    rows=lambda filter: filter.readings(),
    order=BY_KEY,
    columns=(
        text("package", "package__key", _("The package it is a reading of.")),
        text(
            "form",
            "form",
            _("total_package, annual, signing_bonus, retention, equity."),
        ),
        text("currency", "currency", _("ISO 4217.")),
        integer("low", "low", _("At least, in whole units.")),
        integer("high", "high", _("At most.")),
        text("qualifier", "qualifier", _("more than, about, up to or exactly.")),
        number("years", "years", _("Over how many years, only if the source says so.")),
        boolean("several_years", "several_years", _("Over years that nobody counts.")),
        text("terms", "terms", _("guaranteed, or tied to targets.")),
        text("standing", "standing", _("rumoured, reported, confirmed or denied.")),
        text("rank", "rank", _("preferred, also_reported or contradicted.")),
        text("note", "note", _("Why this rank.")),
        text("source", "source__url", _("The page that states it.")),
    ),
)

DEALS = DataList(
    name="deals",
    title=_("Deals"),
    says=_(
        "Money between companies, shared by the people who moved with it: nobody's pay."
    ),
    filter=filters.DealsFilter,
    rows=lambda filter: filter.deals_listed(),
    order=BY_KEY,
    page="dashboard:pay_deals",
    key="key",
    public=lambda: Deal.objects.all(),
    columns=(
        text("id", "key", _("Its name in the data.")),
        text("buyer", "buyer__slug", _("Who pays: the id of an organization.")),
        text("target", "target__slug", _("Who is paid.")),
        text("form", "form", _("acquihire, licence, acquisition or investment.")),
        partial_date("date", "happened_on", "precision", _("As precisely as known.")),
        listed("events", events_of_deal, _("The people who moved with it.")),
    ),
)

DEAL_READINGS = DataList(
    name="deal-readings",
    title=_("Readings of deals"),
    says=_("Stated figures of deals, as printed."),
    filter=filters.DealReadingsFilter,
    rows=lambda filter: filter.readings(),
    order=BY_KEY,
    columns=(
        text("deal", "deal__key", _("The deal it is a reading of.")),
        text("currency", "currency", _("ISO 4217.")),
        integer("low", "low", _("At least, in whole units.")),
        integer("high", "high", _("At most.")),
        text("qualifier", "qualifier", _("more than, about, up to or exactly.")),
        text("standing", "standing", _("rumoured, reported, confirmed or denied.")),
        text("note", "note", _("What there is to say about it.")),
        text("source", "source__url", _("The page that states it.")),
    ),
)

SOURCES = DataList(
    name="sources",
    title=_("Sources"),
    says=_("The pages that published events and packages rest on."),
    filter=filters.SourcesFilter,
    rows=lambda filter: filter.sources(),
    order=BY_KEY,
    columns=(
        text("url", "url", _("The page itself.")),
        text("title", "title", _("As printed, in its own language.")),
        text("publisher", "publisher", _("Who published it.")),
        partial_date("published", "published_on", "published_precision", _("When.")),
        text("language", "language", _("ISO 639-1.")),
        text(
            "repeats", "repeats__url", _("The first report, where this one retells it.")
        ),
        text("archive_url", "archive_url", _("A stored copy.")),
    ),
)

CITATIONS = DataList(
    name="citations",
    title=_("Citations"),
    says=_("What one page says about one event."),
    filter=filters.CitationsFilter,
    rows=lambda filter: filter.citations(),
    order=BY_KEY,
    columns=(
        text("event", "event__slug", _("The event.")),
        text("source", "source__url", _("The page.")),
        text("states", "states", _("What it says of the event, in our own words.")),
        text("stance", "stance", _("supports or contradicts.")),
    ),
)

LISTS: Mapping[str, DataList] = {
    each.name: each
    for each in (
        *(EVENTS, PEOPLE, ORGANIZATIONS, PACKAGES, READINGS, DEALS, DEAL_READINGS),
        *(SOURCES, CITATIONS, STINTS, MOVES),
    )
}

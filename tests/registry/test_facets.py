from datetime import date
from unittest.mock import patch

import pytest
from django.core.cache import cache
from django.http import QueryDict
from django.test import override_settings
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase as HypothesisTestCase

from talent.common.partial_dates import PartialDate, Precision
from talent.registry import facet_counts
from talent.registry.facets import Facet, facets
from talent.registry.filters import EventFilter
from talent.registry.merging import remembering
from talent.registry.models import Event, EventReason, Organization, Person
from talent.registry.models.events import Standing, Status
from tests.factories import (
    NOON,
    EventFactory,
    OrganizationFactory,
    PersonFactory,
    ReasonFactory,
)


def read(query: str) -> EventFilter:
    filter = EventFilter(QueryDict(query))
    assert filter.is_valid(), filter.errors
    return filter


def facet(query: str, name: str) -> Facet:
    [found] = [each for each in facets(read(query)).facets if each.name == name]
    return found


def counts(query: str, name: str) -> dict[str, int]:
    return {option.value: option.count for option in facet(query, name).options}


def event(**options) -> Event:
    return EventFactory(published=True, **options)


@pytest.mark.django_db
class TestFacets:
    def test_ignore_their_own_choice_and_count_under_the_others(self):
        acme, umbrella = (OrganizationFactory(slug=slug) for slug in ("acme", "umb"))
        event(organization=acme, kind="hire")
        event(organization=acme, kind="departure")
        event(organization=umbrella, kind="departure")

        query = "company=acme&kind=departure"

        assert counts(query, "kind") == {"hire": 1, "departure": 1}
        assert counts(query, "company") == {"acme": 1, "umb": 1}

    def test_count_a_company_with_all_its_units_and_a_chosen_unit_by_itself(self):
        company = OrganizationFactory(slug="whole")
        unit = OrganizationFactory(slug="unit", parent=company)
        event(organization=company)
        event(organization=unit)

        assert counts("", "company") == {"whole": 2}
        assert counts("company=unit", "company") == {"whole": 2, "unit": 1}

    def test_put_a_vague_date_into_its_year(self):
        event(happened_on=date(2025, 1, 1), precision="year")
        event(happened_on=date(2024, 10, 1), precision="quarter")

        assert counts("", "since") == {"2025": 1, "2024": 1}
        assert counts("since=2025-08&until=2025-08", "since") == {"2025": 1, "2024": 1}

    def test_count_standings_that_are_not_listed_by_default(self):
        event(standing="denied")
        event(standing="rumoured")
        event(standing="confirmed")

        assert counts("", "standing") == {"denied": 1, "rumoured": 1, "confirmed": 1}

    def test_count_an_event_under_each_of_its_reasons(self):
        two = event()
        for name in ("mission", "money"):
            EventReason.objects.create(event=two, reason=ReasonFactory(name=name))

        assert counts("", "reason") == {"mission": 1, "money": 1}
        assert counts("reason=money", "reason") == {"mission": 1, "money": 1}

    @pytest.mark.parametrize("status", ["draft", "withdrawn"])
    def test_count_nothing_that_is_not_public(self, status):
        EventFactory(status=status)

        found = facets(read("rumours=on&background=on"))

        assert found.total == 0
        assert [each.options for each in found.facets] == [[]] * 6

    def test_forget_what_was_withdrawn(self):
        gone = event()
        event()

        Event.objects.filter(pk=gone.pk).update(status="withdrawn")

        assert facets(read("")).total == 1

    def test_show_the_ten_largest_companies_and_that_there_are_more(self):
        companies = [OrganizationFactory() for _ in range(11)]
        for company in companies:
            event(organization=company)
        event(organization=companies[-1])

        found = facet(f"company={companies[-2].slug}", "company")

        assert found.more
        assert found.options[0].value == companies[-1].slug
        assert [option.value for option in found.options if option.chosen] == [
            companies[-2].slug
        ]
        assert len(found.options) == 11

    def test_count_companies_beyond_the_largest_where_they_may_be_among_the_first(
        self, monkeypatch
    ):
        monkeypatch.setattr(facet_counts, "LARGEST", 2)
        for slug, hires, departures in (("a", 9, 1), ("b", 8, 1), ("c", 0, 7)):
            organization = OrganizationFactory(slug=slug)
            for number in range(hires + departures):
                kind = "hire" if number < hires else "departure"
                event(organization=organization, kind=kind)

        assert counts("kind=departure", "company") == {"c": 7, "a": 1, "b": 1}

    def test_leave_out_what_is_too_much_to_count(self, monkeypatch):
        monkeypatch.setattr(facet_counts, "MOST_COUNTED", 2)
        for _ in range(3):
            event(stated_return=True)

        found = facets(read("returns=on&kind=hire"))

        assert found.total is None
        [chosen] = [option for each in found.facets for option in each.options]
        assert (chosen.value, chosen.count) == ("hire", None)

    def test_count_years_and_companies_where_only_the_days_are_too_many(
        self, monkeypatch
    ):
        monkeypatch.setattr(facet_counts, "MOST_COUNTED", 2)
        for _ in range(3):
            event(happened_on=date(2025, 6, 1))

        found = {each.name: each for each in facets(read("since=2025-05")).facets}

        assert [option.count for option in found["since"].options] == [3]
        assert not found["kind"].options

    def test_say_what_is_left_out(self):
        event(standing="rumoured")
        event(standing="denied")
        event(background=True)
        event()

        found = facets(read(""))

        assert (found.total, found.not_counted, found.rumoured, found.background) == (
            1, 2, 1, 1,
        )  # fmt: skip

    @pytest.mark.parametrize(
        "query",
        ["", "company=acme&since=2025&until=2025", "origins=2", "since=2025-05"],
    )
    def test_make_as_many_queries_for_many_events_as_for_few(self, query, queries_of):
        acme = OrganizationFactory(slug="acme")
        for _ in range(3):
            event(organization=acme, origin_count=2, happened_on=date(2025, 6, 1))
        few = queries_of(lambda: facets(read(query)))

        for _ in range(20):
            event(origin_count=2, happened_on=date(2025, 6, 1))
        cache.clear()

        assert queries_of(lambda: facets(read(query))) == few

    def test_are_kept_until_the_record_changes(self, queries_of):
        event()
        facets(read(""))

        assert queries_of(lambda: facets(read("sort=oldest"))) == 1  # its number
        event()
        assert facets(read("")).total == 2

    @override_settings(
        CACHES={
            "default": {
                "BACKEND": "config.cache.ForgivingRedisCache",
                "LOCATION": "unix:///nowhere/redis.sock?db=0",
            }
        }
    )
    def test_are_counted_without_a_cache_too(self):
        event()

        assert facets(read("")).total == 1


@pytest.mark.usefixtures("starter_data")
class TestFacetsOfTheStarterData:
    def test_open_exactly_the_rows_they_count(self):
        walked, known = 0, {}  # the options name the same few companies
        for query in (
            "rumours=on&background=on",
            "company=tbd-lab",
            "kind=departure&since=2025-08&until=2025-08",
            "from=google&vague=out&since=2025-Q2&until=2026-01",
            "q=research&reason=mission&origins=2",
            "min=1M&sort=amount",
        ):
            for each in facets(read(query)).facets:
                for option in each.options:
                    with remembering(known):
                        rows = read(option.query).events().count()
                    assert rows == option.count, (query, each.name, option)
                    walked += 1
        assert walked > 100

    def test_total_is_the_length_of_the_list(self):
        for query in ("", "company=meta&since=2025&until=2025", "to=openai", "q=Pang"):
            filter = read(query)

            assert facets(filter).total == filter.events().count() > 0


# -- Any small record, any filter ------------------------------------------------------

SEATS = {"acme": "big_tech", "acme-lab": "frontier_lab", "umbrella": "academia"}
COMPANIES = {"acme": "acme", "acme-lab": "acme", "umbrella": "umbrella"}
PERIODS = ["2024", "2025", "2025-Q2", "2025-05", "2025-05-20", "2026"]

some_events = st.lists(
    st.fixed_dictionaries(
        {
            "kind": st.sampled_from(Event.Kind.values),
            "organization": st.sampled_from(sorted(SEATS)),
            "standing": st.sampled_from(Standing.values),
            "status": st.sampled_from([*[Status.PUBLISHED.value] * 5, "withdrawn"]),
            "background": st.booleans(),
            "origin_count": st.integers(0, 3),
            "date": st.sampled_from([*PERIODS, "2025-04", "2025-05-01", "2025-Q3"]),
            "reasons": st.sets(st.sampled_from(["mission", "money"])),
        }
    ),
    max_size=14,
)
some_choices = st.fixed_dictionaries(
    {},
    optional={
        "kind": st.sampled_from(Event.Kind.values),
        "company": st.sampled_from(sorted(SEATS)),
        "seat": st.sampled_from(sorted(set(SEATS.values()))),
        "standing": st.sampled_from(Standing.values),
        "reason": st.sampled_from(["mission", "money"]),
        "since": st.sampled_from(PERIODS),
        "until": st.sampled_from(PERIODS),
        "vague": st.just("out"),
        "rumours": st.just("on"),
        "background": st.just("on"),
        "origins": st.just("2"),
    },
).filter(
    lambda c: (
        c.get("since", "2024") <= c.get("until", "2026") or c["until"] in c["since"]
    )
)


def matches(event: dict, choices: dict, **instead) -> bool:
    """The filter again, in the plainest words, for one event as it was drawn."""
    choices = {**choices, **instead}
    listed = {"reported", "confirmed"} | (
        {"rumoured"} if choices.get("rumours") else set()
    )
    organization = event["organization"]
    company = choices.get("company")
    return (
        event["status"] == "published"
        and event["kind"] in (choices.get("kind") or event["kind"])
        and (not company or company in (organization, COMPANIES[organization]))
        and SEATS[organization] == (choices.get("seat") or SEATS[organization])
        and event["standing"]
        in ({choices["standing"]} if choices.get("standing") else listed)
        and (not choices.get("reason") or choices["reason"] in event["reasons"])
        and (bool(choices.get("background")) or not event["background"])
        and (not choices.get("origins") or event["origin_count"] >= 2)
        and in_time(PartialDate.parse(event["date"]), choices)
    )


def in_time(known: PartialDate, choices: dict) -> bool:
    since, until = choices.get("since"), choices.get("until")
    first = PartialDate.parse(since).first if since else date.min
    last = PartialDate.parse(until).last if until else date.max
    if choices.get("vague"):
        return first <= known.first and known.last <= last
    return known.first <= last and first <= known.last


def record(drawn: list[dict]) -> None:
    organizations = {each.slug: each for each in Organization.objects.all()}
    [person] = Person.objects.all()
    rows = Event.objects.bulk_create(
        EventFactory.build(
            **{
                name: value
                for name, value in each.items()
                if name not in ("date", "reasons")
            }
            | {"organization": organizations[each["organization"]]},
            person=person,
            happened_on=PartialDate.parse(each["date"]).first,
            precision=PartialDate.parse(each["date"]).precision,
            published_at=NOON,
        )
        for each in drawn
    )
    EventReason.objects.bulk_create(
        EventReason(event=row, reason=ReasonFactory(name=name))
        for row, each in zip(rows, drawn, strict=True)
        for name in each["reasons"]
    )


INSTEAD = {
    "kind": lambda value: {"kind": value},
    "company": lambda value: {"company": value},
    "seat": lambda value: {"seat": value},
    "standing": lambda value: {"standing": value},
    "reason": lambda value: {"reason": value},
    "since": lambda value: {"since": value, "until": value},
}
VALUES = {
    "kind": Event.Kind.values,
    "company": ["acme", "umbrella"],
    "seat": sorted(set(SEATS.values())),
    "standing": Standing.values,
    "reason": ["mission", "money"],
    "since": ["2024", "2025", "2026"],
}


class TestAnyRecord(HypothesisTestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        PersonFactory()
        acme = OrganizationFactory(slug="acme", seat=SEATS["acme"])
        OrganizationFactory(slug="acme-lab", seat=SEATS["acme-lab"], parent=acme)
        OrganizationFactory(slug="umbrella", seat=SEATS["umbrella"])
        # Public by an event that no filter of this test lists.
        for slug in SEATS:
            organization = Organization.objects.get(slug=slug)
            EventFactory(
                published=True, organization=organization, happened_on=date(1950, 1, 1),
                precision=Precision.DAY, standing="denied", background=True,
                person=Person.objects.get(),
            )  # fmt: skip
        for name in ("mission", "money"):
            ReasonFactory(name=name)

    @settings(max_examples=40, deadline=None)
    @given(some_events, some_choices)
    def test_counts_as_by_hand(self, drawn: list[dict], choices: dict) -> None:
        record(drawn)

        for largest in (1, 50):
            with patch.object(facet_counts, "LARGEST", largest):
                self.check(drawn, choices)

    def check(self, drawn: list[dict], choices: dict) -> None:
        cache.clear()
        choices = {"since": "2000", **choices}

        found = facets(read(EventFilter.query_string(choices)))

        assert found.total == sum(matches(each, choices) for each in drawn)
        for each in found.facets:
            counted = {
                option.value: option.count for option in each.options if option.count
            }
            counted.pop("1950", None)
            by_hand = {
                value: sum(
                    matches(one, choices, **INSTEAD[each.name](value)) for one in drawn
                )
                for value in {*VALUES[each.name], *counted}
            }
            assert counted == {value: n for value, n in by_hand.items() if n}

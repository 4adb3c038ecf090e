from datetime import date
from urllib.parse import parse_qs, urlencode

import pytest
from django.http import QueryDict

from talent.registry.filters import EventFilter
from talent.registry.models import Event, EventReason, Organization
from tests.factories import (
    EventFactory,
    OrganizationFactory,
    PackageFactory,
    PersonFactory,
    ReadingFactory,
    ReasonFactory,
)


def read(query: str, **options) -> EventFilter:
    return EventFilter(QueryDict(query), **options)


def listed(query: str) -> list[str]:
    """Addresses of the events a filter lists, in alphabetical order."""
    filter = read(query)
    assert filter.is_valid(), filter.errors
    return sorted(filter.events().values_list("slug", flat=True))


def complaint(query: str) -> str:
    filter = read(query)
    assert not filter.is_valid()
    return filter.errors.as_text()


def event(slug: str, **options) -> Event:
    return EventFactory(slug=slug, published=True, **options)


@pytest.mark.django_db
class TestEvents:
    def test_are_published_news_reported_or_confirmed(self):
        event("reported")
        event("confirmed", standing="confirmed")
        event("rumoured", standing="rumoured")
        event("denied", standing="denied")
        event("background", background=True)
        EventFactory(slug="draft")
        EventFactory(slug="withdrawn", status="withdrawn")

        assert listed("") == ["confirmed", "reported"]

    def test_include_rumours_on_request_but_never_denied_ones(self):
        event("rumoured", standing="rumoured")
        event("denied", standing="denied")

        assert listed("rumours=on") == ["rumoured"]

    def test_are_of_a_standing_named_whatever_the_switch_says(self):
        event("denied", standing="denied")
        event("rumoured", standing="rumoured")

        assert listed("standing=denied") == ["denied"]
        assert listed("standing=denied&rumours=on") == ["denied"]

    def test_include_career_history_on_request(self):
        event("history", background=True)
        event("news")

        assert listed("background=on") == ["history", "news"]

    @pytest.mark.parametrize("status", ["draft", "withdrawn"])
    def test_never_include_what_is_not_public(self, status):
        event("public")
        EventFactory(slug="hidden", status=status, standing="rumoured", background=True)

        assert listed("rumours=on&background=on") == ["public"]

    def test_of_a_kind(self):
        event("hire", kind="hire")
        event("departure", kind="departure")

        assert listed("kind=departure") == ["departure"]

    def test_of_a_person_by_address_name_or_chinese_name(self):
        ada = PersonFactory(slug="ada", name="Ada Invented", name_zh="虚构甲")
        event("hers", person=ada)
        event("other")

        for person in ("ada", "Ada Invented", "invented ada", "虚构甲"):
            assert listed(f"person={person}") == ["hers"]

    def test_of_a_merged_person_under_the_old_address(self):
        kept = PersonFactory(slug="kept")
        PersonFactory(slug="old", merged_into=kept)
        event("theirs", person=kept)

        filter = read("person=old")

        assert listed("person=old") == ["theirs"]
        assert filter.query() == "person=kept"

    def test_at_a_company_are_those_of_all_its_units(self):
        company = OrganizationFactory(slug="whole")
        unit = OrganizationFactory(slug="unit", parent=company)
        team = OrganizationFactory(slug="team", parent=unit)
        event("at-company", organization=company)
        event("at-unit", organization=unit)
        event("at-team", organization=team)
        event("elsewhere", counterpart=company)

        assert listed("company=whole") == ["at-company", "at-team", "at-unit"]
        assert listed("company=unit") == ["at-team", "at-unit"]
        assert listed("company=team") == ["at-team"]

    def test_from_and_to_find_both_halves_of_a_move(self):
        left, joined = OrganizationFactory(slug="left"), OrganizationFactory(slug="to")
        event("departure", kind="departure", organization=left, counterpart=joined)
        event("hire", kind="hire", organization=joined, counterpart=left)
        event("back", kind="hire", organization=left, counterpart=joined)
        event("silent", kind="departure", organization=left)

        assert listed("from=left&to=to") == ["departure", "hire"]
        assert listed("from=left") == ["departure", "hire", "silent"]
        assert listed("to=left") == ["back"]

    def test_at_a_seat_are_by_the_unit_and_not_its_company(self):
        company = OrganizationFactory(seat="big_tech")
        lab = OrganizationFactory(seat="frontier_lab", parent=company)
        event("company", organization=company)
        event("lab", organization=lab)

        assert listed("seat=big_tech") == ["company"]

    def test_with_a_stated_reason(self):
        with_reason = event("with")
        EventReason.objects.create(
            event=with_reason, reason=ReasonFactory(name="more computing power")
        )
        event("without")

        assert listed("reason=more+computing+power") == ["with"]

    def test_of_returns_that_a_source_states(self):
        event("back", stated_return=True)
        event("new")

        assert listed("returns=on") == ["back"]

    def test_with_two_or_more_origins(self):
        event("one", origin_count=1)
        event("two", origin_count=2)

        assert listed("origins=2") == ["two"]


@pytest.mark.django_db
class TestDates:
    def test_include_those_that_may_fall_into_the_time_unless_left_out(self):
        event("day", happened_on=date(2025, 8, 15))
        event("month", happened_on=date(2025, 8, 1), precision="month")
        event("quarter", happened_on=date(2025, 7, 1), precision="quarter")
        event("year", happened_on=date(2025, 1, 1), precision="year")
        event("september", happened_on=date(2025, 9, 1), precision="month")

        august = "since=2025-08&until=2025-08"

        assert listed(august) == ["day", "month", "quarter", "year"]
        assert listed(f"{august}&vague=out") == ["day", "month"]

    def test_of_a_month_at_the_edge_of_the_range(self):
        event("july", happened_on=date(2025, 7, 1), precision="month")

        assert listed("since=2025-07-15") == ["july"]
        assert listed("until=2025-07-15") == ["july"]
        assert listed("since=2025-07-15&vague=out") == []
        assert listed("until=2025-07-15&vague=out") == []
        assert listed("since=2025-07-01&until=2025-07-31&vague=out") == ["july"]
        assert listed("since=2025-08") == []

    def test_include_the_first_and_the_last_day(self):
        event("first", happened_on=date(2025, 7, 1))
        event("last", happened_on=date(2025, 9, 30))
        event("before", happened_on=date(2025, 6, 30))
        event("after", happened_on=date(2025, 10, 1))

        assert listed("since=2025-Q3&until=2025-Q3") == ["first", "last"]
        assert listed("since=2025-07-01") == ["after", "first", "last"]
        assert listed("until=2025-09-30") == ["before", "first", "last"]

    def test_backwards_are_an_error_that_names_both(self):
        told = complaint("since=2025-09&until=2025-08")

        assert "2025-09" in told
        assert "2025-08" in told


@pytest.mark.django_db
class TestAmounts:
    def hire(self, slug, *, outcome="accepted", status="published", **reading):
        found = event(slug)
        package = PackageFactory(
            event=found, person=found.person, outcome=outcome, status=status
        )
        ReadingFactory(package=package, **reading)

    def test_match_what_a_stated_figure_may_be(self):
        self.hire("low", low=50_000_000)
        self.hire("range", low=80_000_000, high=120_000_000)
        self.hire("up-to", low=None, high=300_000_000)

        assert listed("min=100M") == ["range", "up-to"]
        assert listed("max=100,000,000") == ["low", "range"]
        assert listed("min=1亿&max=0.2bn") == ["range"]

    def test_never_match_the_unknown(self):
        self.hire("undisclosed", low=None, high=None)
        event("no-package")

        assert listed("min=0") == []
        assert listed("max=1000bn") == []

    def test_never_match_denied_contradicted_refused_or_unpublished_figures(self):
        self.hire("denied", standing="denied")
        self.hire("contradicted", rank="contradicted")
        self.hire("refused", outcome="declined")
        self.hire("draft", status="draft")

        assert listed("min=1&rumours=on") == []

    def test_match_rumoured_figures_on_request(self):
        self.hire("rumoured-figure", standing="rumoured")

        assert listed("min=1") == []
        assert listed("min=1&rumours=on") == ["rumoured-figure"]

    def test_are_in_the_currency_asked_for(self):
        self.hire("yuan", currency="CNY", low=200_000_000)
        self.hire("dollars", currency="USD", low=200_000_000)

        assert listed("min=100M&currency=CNY") == ["yuan"]
        assert listed("min=100M&currency=cny") == ["yuan"]
        assert listed("min=100M") == ["dollars"]

    def test_keep_a_total_and_a_year_apart(self):
        self.hire("total", low=40_000_000)
        self.hire("spread", low=40_000_000, years=4)
        self.hire("annual", form="annual", low=10_000_000)

        assert listed("min=10M") == ["spread", "total"]
        assert listed("min=10M&per=year") == ["annual", "spread"]
        assert listed("min=11M&per=year") == []

    def test_backwards_are_an_error_that_names_both(self):
        told = complaint("min=2bn&max=100M")

        assert "2bn" in told
        assert "100M" in told


@pytest.mark.django_db
class TestWords:
    def test_are_found_in_names_titles_teams_and_summaries(self):
        lab = OrganizationFactory(name="Umbrella Lab")
        event("person", person=PersonFactory(name="Ada Invented"))
        event("organization", organization=lab)
        event("unit", organization=OrganizationFactory(parent=lab))
        event("counterpart", counterpart=lab)
        far = OrganizationFactory(name="Umbrella Far", parent=OrganizationFactory())
        event("counterpart-unit", counterpart=far)
        event("title", title="Umbrella keeper")
        event("team", team="Ada team")
        event("summary", summary="Keeps umbrellas.")

        assert listed("q=umbrella") == [
            "counterpart", "counterpart-unit", "organization", "summary", "title", "unit",
        ]  # fmt: skip
        assert listed("q=ADA") == ["person", "team"]

    def test_must_all_be_found_in_whatever_place(self):
        ada = PersonFactory(name="Ada Invented")
        event("both", person=ada, title="Head of Speech")
        event("one", person=ada, title="Head of Vision")

        assert listed("q=speech+ada") == ["both"]

    def test_in_chinese_are_found_in_either_writing(self):
        person = PersonFactory(name="Ada Invented", name_zh="庞虚构")
        event("by-name", person=person)
        event("by-summary", summary_zh="他加入了一家新公司。")

        for words in ("庞虚构", "龐虛構", "虚构"):
            assert listed(f"q={words}") == ["by-name"]
        assert listed("q=加入") == ["by-summary"]

    def test_without_a_letter_are_an_error(self):
        assert "“!?”" in complaint("q=!%3F")

    @pytest.mark.parametrize(
        "hostile", ["<script>alert(1)</script>", "a' OR 1=1 --", "100%_\\", "a:* & !b"]
    )
    def test_are_only_ever_words(self, hostile):
        event("other", title="Nothing of the kind")

        assert listed(urlencode({"q": hostile})) == []

    def test_in_too_many_events_are_refused_with_the_reason(self, monkeypatch):
        monkeypatch.setattr("talent.registry.search.MOST_OF_A_WORD", 2)
        for number in range(3):
            event(f"common-{number}", title="Researcher")
        event("rare", title="Researcher of umbrellas")

        assert "add a rarer word" in complaint("q=researcher")
        assert listed("q=researcher+umbrellas") == ["rare"]


@pytest.mark.django_db
class TestErrors:
    @pytest.mark.parametrize(
        ("query", "named"),
        [
            ("kind=joining", "“joining”"),
            ("seat=moon", "“moon”"),
            ("standing=sure", "“sure”"),
            ("sort=random", "“random”"),
            ("vague=in", "“in”"),
            ("origins=3", "“3”"),
            ("person=nobody", "“nobody”"),
            ("company=no-such-company", "“no-such-company”"),
            ("from=nowhere", "“nowhere”"),
            ("reason=boredom", "“boredom”"),
            ("since=2025-13", "“2025-13”"),
            ("until=2025-02-30", "“2025-02-30”"),
            ("since=yesterday", "“yesterday”"),
            ("min=lots", "“lots”"),
            ("currency=XXX", "“XXX”"),
            ("per=month", "“month”"),
            ("compny=acme", "“compny”"),
            ("q=%00x", "null"),
        ],
    )
    def test_name_the_value(self, query, named):
        assert named in complaint(query)

    @pytest.mark.parametrize("name", ["q", "person", "kind", "since", "min", "reason"])
    def test_cut_an_absurdly_long_value_short(self, name):
        told = complaint(f"{name}={'x' * 3000}")

        assert "xxx…" in told
        assert len(told) < 400

    def test_keep_people_secret_who_are_only_in_drafts(self):
        EventFactory(person__slug="secret", organization__slug="stealth")

        assert "no name or address" in complaint("person=secret")
        assert "no name or address" in complaint("company=stealth")

    def test_ask_for_one_value_of_two(self):
        told = complaint("kind=hire&kind=departure")

        assert "“hire”, “departure”" in told

    def test_do_not_mind_the_same_value_twice_or_empty_ones(self):
        event("hire", kind="hire")
        event("departure", kind="departure")

        assert listed("kind=hire&kind=hire") == ["hire"]
        assert listed("kind=hire&kind=&company=&since=") == ["hire"]

    def test_tell_who_shares_a_name(self):
        for slug in ("yao-one", "yao-two"):
            event(slug, person=PersonFactory(name="Shared Name", slug=slug))

        told = complaint("person=Shared+Name")

        assert "yao-one" in told
        assert "yao-two" in told

    def test_do_not_mind_what_other_sites_add(self):
        assert read("utm_source=mail&fbclid=1").is_valid()

    def test_leave_an_outlet_its_own_names(self):
        assert read("after=newest-1.2", beside=("after",)).is_valid()
        assert "“after”" in complaint("after=newest-1.2")


@pytest.mark.django_db
class TestQuery:
    def test_is_one_for_one_filter(self):
        event("hers", person__slug="ada", organization__slug="acme")

        one = read("until=2025&company=acme&kind=hire&q=&vague=&utm_source=x")
        other = read("kind=hire&kind=&until=2025&company=acme")

        assert one.query() == "kind=hire&company=acme&until=2025" == other.query()

    def test_leaves_out_what_changes_nothing(self):
        assert read("vague=out").query() == ""
        assert read("currency=USD&per=year").query() == ""
        assert read("currency=USD&min=1,000,000").query() == "min=1M"
        assert read("currency=CNY&sort=amount").query() == "currency=CNY&sort=amount"

    def test_changes_and_takes_away(self):
        filter = read("kind=hire&since=2025")

        assert filter.query(kind="departure") == "kind=departure&since=2025"
        assert filter.query(since="", until="2024") == "kind=hire&until=2024"

    def test_of_a_wrong_filter_keeps_what_was_typed(self):
        filter = read("kind=hire&since=soon&foo=1")

        assert not filter.is_valid()
        assert parse_qs(filter.query()) == {"kind": ["hire"], "since": ["soon"]}
        assert filter["since"].value() == "soon"

    def test_is_made_for_links_from_elsewhere(self):
        values = {"until": "2025-Q3", "to": "acme", "since": "2025-Q3"}

        assert EventFilter.query_string(values) == "to=acme&since=2025-Q3&until=2025-Q3"


@pytest.mark.django_db
class TestChips:
    def test_each_take_one_choice_away(self):
        OrganizationFactory(slug="acme", name="Acme")
        event("there", organization=Organization.objects.get(slug="acme"))

        chips = read("kind=hire&company=acme&min=100M&rumours=on").chips()

        assert [(chip.value, chip.query) for chip in chips] == [
            ("hire", "company=acme&min=100M&rumours=on"),
            ("Acme", "kind=hire&min=100M&rumours=on"),
            ("US$100M", "kind=hire&company=acme&rumours=on"),
            ("yes", "kind=hire&company=acme&min=100M"),
        ]

    def test_show_one_period_as_one(self):
        [chip] = read("since=2025-08&until=2025-08").chips()

        assert (chip.label, chip.value, chip.query) == ("Date", "August 2025", "")

    def test_do_not_show_the_order(self):
        assert read("sort=oldest").chips() == []


@pytest.mark.django_db
class TestDescription:
    def test_says_the_filter(self):
        acme = OrganizationFactory(slug="acme", name="Acme")
        event("there", organization=acme, person__slug="ada", person__name="Ada")

        told = {
            query: read(query).description()
            for query in (
                "",
                "kind=hire&company=acme&since=2025-08&until=2025-08",
                "from=acme&since=2025-Q3&origins=2",
                "person=ada&q=<b>",
                "min=1.5bn&per=year&currency=CNY",
            )
        }

        assert list(told.values()) == [
            "Hires and departures",
            "Hires at Acme, August 2025",
            "Hires and departures from Acme, since Q3 2025, with two or more origins",
            "Hires and departures, with “<b>”, Ada",
            "Hires and departures, at least CN¥1.5B a year",
        ]

"""Invented people, organizations and events for tests."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any

import factory
from django.db import connection
from factory.django import DjangoModelFactory

from talent.accounts.models import User
from talent.digests import models as digests
from talent.digests.addresses import digest_of
from talent.registry import models
from talent.registry.models.two_eyes import guards

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User

    username = factory.Sequence(lambda n: f"editor{n}")
    is_staff = True


class PersonFactory(DjangoModelFactory):
    class Meta:
        model = models.Person

    name = factory.Sequence(lambda n: f"Person{n} Invented")
    slug = factory.Sequence(lambda n: f"person{n}-invented")


class OrganizationFactory(DjangoModelFactory):
    class Meta:
        model = models.Organization

    name = factory.Sequence(lambda n: f"Company{n}")
    slug = factory.Sequence(lambda n: f"company{n}")
    seat = "frontier_lab"


class EventFactory(DjangoModelFactory):
    """A draft; published=True makes it a published one."""

    class Meta:
        model = models.Event

    class Params:
        published = factory.Trait(status="published", published_at=NOON)
        hire = factory.Trait(kind="hire")
        departure = factory.Trait(kind="departure")

    slug = factory.Sequence(lambda n: f"event-{n}")
    kind = "hire"
    person = factory.SubFactory(PersonFactory)
    organization = factory.SubFactory(OrganizationFactory)
    happened_on = factory.Sequence(lambda n: date(2025, 1, 1) + timedelta(days=n % 300))
    precision = "day"
    date_basis = "effective"
    summary = "Somebody moved."

    @classmethod
    def _create(cls, model_class: Any, *args: Any, **kwargs: Any) -> Any:
        # PostgreSQL fills in the companies: they are read back when somebody asks.
        created = super()._create(model_class, *args, **kwargs)
        for column in ("company_id", "counterpart_company_id"):
            del created.__dict__[column]
        return created


class SourceFactory(DjangoModelFactory):
    class Meta:
        model = models.Source

    url = factory.Sequence(lambda n: f"https://news{n}.example/story")
    title = factory.Sequence(lambda n: f"Story {n}")
    publisher = factory.Sequence(lambda n: f"Gazette {n}")
    language = "en"


class CitationFactory(DjangoModelFactory):
    class Meta:
        model = models.Citation

    event = factory.SubFactory(EventFactory)
    source = factory.SubFactory(SourceFactory)
    states = "Says that somebody moved."


class PackageFactory(DjangoModelFactory):
    class Meta:
        model = models.Package

    key = factory.Sequence(lambda n: f"package-{n}")
    person = factory.SubFactory(PersonFactory)
    organization = factory.SubFactory(OrganizationFactory)
    outcome = "accepted"
    status = "published"


class ReadingFactory(DjangoModelFactory):
    class Meta:
        model = models.Reading

    package = factory.SubFactory(PackageFactory)
    form = "total_package"
    currency = "USD"
    low = 10_000_000
    source = factory.SubFactory(SourceFactory)


class DealFactory(DjangoModelFactory):
    class Meta:
        model = models.Deal

    key = factory.Sequence(lambda n: f"deal-{n}")
    buyer = factory.SubFactory(OrganizationFactory)
    target = factory.SubFactory(OrganizationFactory)
    happened_on = date(2025, 6, 1)


class ReasonFactory(DjangoModelFactory):
    class Meta:
        model = models.Reason
        django_get_or_create = ("name",)

    name = "mission"


class SubscriberFactory(DjangoModelFactory):
    """Confirmed; told nothing yet. The hour is 8 in UTC, weekly on Mondays."""

    class Meta:
        model = digests.Subscriber

    address = factory.Sequence(lambda n: f"reader{n}@readers.example")
    address_key = factory.LazyAttribute(lambda made: made.address.lower())
    address_hash = factory.LazyAttribute(lambda made: digest_of(made.address))
    confirmed_at = NOON
    started_at = NOON


class FollowFactory(DjangoModelFactory):
    """Everything, unless a query string says otherwise."""

    class Meta:
        model = digests.Follow

    subscriber = factory.SubFactory(SubscriberFactory)
    query = ""


@contextmanager
def decided_by_two() -> Iterator[None]:
    """Inside, PostgreSQL takes denials and withdrawn pay for what two editors agreed on."""
    ignore = "SELECT set_config('pgtrigger.ignore', %s, false)"
    with connection.cursor() as cursor:
        cursor.execute(ignore, [guards()])
        yield
        cursor.execute(ignore, ["{}"])

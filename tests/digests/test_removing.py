"""What a removal takes out of mails and the archive."""

from __future__ import annotations

import pytest
from django.urls import reverse

from talent.digests import links
from talent.digests.compose import compose, keep
from talent.digests.editions import make_editions
from talent.digests.models import Content, Delivery
from talent.registry.models import Event
from talent.registry.signals import removed
from tests.digests.newsroom import DAY, TODAY, composed, published, reader, sent
from tests.factories import NOON, OrganizationFactory, PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def event() -> Event:
    place = OrganizationFactory(name="Initech")
    published(person=PersonFactory(name="Bob Kahn"), organization=place)
    return published(
        person=PersonFactory(name="Ada Lovelace"),
        organization=place,
        standing="confirmed",
        summary="Ada Lovelace joined.",
    )


def remove(event: Event, *names: str) -> None:
    """As the registry does it, after it has emptied its own rows."""
    Event.objects.filter(pk=event.pk).update(status="withdrawn", summary="")
    removed.send(
        sender=Event,
        at=NOON,
        people=[event.person_id],
        events=[event.pk],
        names=list(names),
    )


class TestForget:
    @pytest.mark.parametrize("names", [(), ("Ada Lovelace",)])
    def test_takes_it_out_of_the_archive(self, client, event, names):
        make_editions(at=TODAY)

        remove(event, *names)

        for url in (
            reverse("digests:archive"),
            reverse("digests:edition", args=["weekly", "2026-03-02"]),
        ):
            page = client.get(url).content.decode()
            assert "Lovelace" not in page
        assert "Bob Kahn" in page

    def test_takes_it_out_of_mails_that_were_sent(self, client, event):
        sent(reader())
        delivery = Delivery.objects.get()

        remove(event, "Ada Lovelace")

        assert client.get(links.view_url(delivery.token)).status_code == 404
        assert "Lovelace" not in str(Content.objects.values())

    def test_has_what_waits_composed_anew(self, event):
        subscriber = reader()
        Delivery.objects.create(
            subscriber=subscriber,
            frequency="weekly",
            period_start=TODAY.date(),
            window_since=TODAY - 7 * DAY,
            window_until=TODAY,
            due_at=TODAY,
            content=keep(composed(subscriber)),
        )

        remove(event)

        assert Delivery.objects.get().content is None
        fresh = composed(subscriber)
        assert "Lovelace" not in fresh.html
        assert keep(fresh).html

    def test_is_told_in_no_correction(self, event):
        subscriber = reader()
        sent(subscriber)

        remove(event, "Ada Lovelace")

        assert compose(subscriber, at=TODAY + 7 * DAY) is None

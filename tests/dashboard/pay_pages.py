"""What tests of the Pay pages share: packages, the words of a page, the rows of a list."""

from __future__ import annotations

import re
from datetime import date
from html import unescape

from django.urls import reverse

from talent.insights.refresh import refresh_touched
from tests.factories import NOON, EventFactory, PackageFactory, ReadingFactory

PAY = reverse("dashboard:pay")
LISTS = tuple(
    reverse(f"dashboard:{name}")
    for name in ("pay_packages", "pay_reasons", "pay_deals")
)


def page(client, url: str, **choices: str) -> str:
    """The text of a page, which must be there, once a worker has read what was changed."""
    refresh_touched(at=NOON)
    response = client.get(url, choices)
    assert response.status_code == 200, response.content[:2000]
    return str(response.content.decode())


def words(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def section(html: str, name: str) -> str:
    """The words under one heading."""
    return words(
        re.search(rf'<section aria-labelledby="{name}">.*?</section>', html, re.S)[0]
    )


def rows_in(html: str) -> int:
    """How many rows a list page shows."""
    shown = html[html.index('id="rows"') :] if 'id="rows"' in html else ""
    return len(re.findall(r'<li class="event-row">|<section class="deal"', shown))


def paid(low: int | None = 10_000_000, day: date | None = date(2025, 7, 7), **told):
    """A package with one reading, of a hire on that day."""
    of_package = {
        name: told.pop(name)
        for name in ("outcome", "person", "recipients", "organization")
        if name in told
    }
    if day is not None:
        hire = EventFactory(published=True, happened_on=day)
        of_package = {
            "event": hire,
            "person": hire.person,
            "organization": hire.organization,
        } | of_package
    package = PackageFactory(**of_package)
    return ReadingFactory(package=package, low=low, **told)

"""The pages that are measured, each with addresses drawn from the record by a seed."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from urllib.parse import quote

from talent.registry.models import CompanyTally, Event, Organization, Person, Reason

CASES = 25
# The heaviest first, then by chance: a median of light ones would flatter.
HEAVY = 5


def pages() -> dict[str, list[str]]:
    """Name of a page → addresses. Drawn anew from each record, in the same way."""
    chance = Random(1)
    makers: dict[str, Callable[[Random], list[str]]] = {
        "trivial view": lambda _: ["/healthz"],
        "home": lambda _: ["/"],
        "newest events": lambda _: ["/events/"],
        "company and year": companies_and_years,
        "widest filter": lambda _: ["/events/?rumours=on&background=on"],
        "costly filters": costly_filters,
        "a person": people,
        "a company": companies,
        "name search": names,
        "moves": periods("/moves/"),
        "stay or leave": stays,
        "pay": periods("/pay/"),
        "seats": periods("/seats/"),
    }
    return {name: make(chance) for name, make in makers.items()}


def largest_companies() -> list[Organization]:
    counted = CompanyTally.objects.order_by("-events", "company")[:200]
    return [each.company for each in counted.select_related("company")]


def drawn(chance: Random, rows: list[str]) -> list[str]:
    others = rows[HEAVY:]
    return rows[:HEAVY] + chance.sample(others, min(CASES - HEAVY, len(others)))


def newest_year() -> int:
    newest = Event.objects.published().newest_first().values_list("happened_on__year")
    year: int = newest[0][0]
    return year


def companies_and_years(chance: Random) -> list[str]:
    year = newest_year()
    return [
        f"/events/?company={slug}&since={since}&until={since}"
        for slug in drawn(chance, [each.slug for each in largest_companies()])
        for since in [str(year - chance.randrange(3))]
    ]


def costly_filters(_chance: Random) -> list[str]:
    """Each asks what no tally answers, or little of much: many rows are looked at."""
    largest, *_others = largest_companies()
    reasons = Reason.objects.order_by("pk")[:1]
    queries = [
        *("returns=on", "min=1M&background=on", "sort=amount", "since=2010-03"),
        *("seat=quant", "seat=government&standing=denied&sort=oldest"),
        *(f"reason={quote(each.name)}&standing=denied" for each in reasons),
        f"from={largest.slug}",
        f"to={largest.slug}&standing=rumoured&sort=oldest",
        f"company={largest.slug}&since=2024-02&until=2025-11",
        f"company={largest.slug}&sort=amount",
    ]
    return [f"/events/?{query}" for query in queries]


def companies(chance: Random) -> list[str]:
    slugs = [each.slug for each in largest_companies()]
    return [f"/organizations/{slug}/" for slug in drawn(chance, slugs)]


def some_people(chance: Random) -> list[Person]:
    newest = Event.objects.published().news().newest_first().select_related("person")
    people = list({event.person_id: event.person for event in newest[:2000]}.values())
    return chance.sample(people, min(CASES, len(people)))


def people(chance: Random) -> list[str]:
    return [f"/people/{person.slug}/" for person in some_people(chance)]


def periods(page: str) -> Callable[[Random], list[str]]:
    """A page of figures as it opens, and for some years and quarters by chance."""

    def drawn_from(chance: Random) -> list[str]:
        year = newest_year()
        asked = [f"since={each}&until={each}" for each in range(year - 4, year + 1)]
        for _ in range(CASES - len(asked) - 1):
            since, quarter = year - chance.randrange(8), chance.randrange(1, 5)
            asked.append(f"since={since}-Q{quarter}&until={since + 1}-Q{quarter}")
        return [page, *(f"{page}?{query}" for query in asked)]

    return drawn_from


def stays(chance: Random) -> list[str]:
    """The curves of all, and of two companies beside one another."""
    slugs = drawn(chance, [each.slug for each in largest_companies()])
    pairs = zip(slugs[:-1], slugs[1:], strict=True)
    return [
        "/stays/",
        *(f"/stays/?a=company%3A{one}&b=company%3A{other}" for one, other in pairs),
    ]


def names(chance: Random) -> list[str]:
    """Half of them whole names, half one word of a name; some in Chinese."""
    people = some_people(chance)
    whole = [person.name_zh or person.name for person in people[::2]]
    parts = [person.name.split()[-1] for person in people[1::2]]
    return [f"/search/?q={quote(name)}" for name in whole + parts]

"""Invented organizations: companies, and units inside the larger of them."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from talent.registry.synthesis.chance import Lots, heavy_tailed, one_of
from talent.registry.synthesis.names import (
    COMPANY_ENDS,
    COMPANY_STARTS,
    HAN_COMPANIES,
    slug_of,
)

FEWEST, MOST = 40, 6_000
SEATS = Lots(
    [
        ("application_startup", 30), ("research_startup", 18), ("big_tech", 12),
        ("frontier_lab", 10), ("academia", 10), ("infrastructure", 7), ("investor", 5),
        ("quant", 4), ("other", 3), ("government", 1),
    ]
)  # fmt: skip
ENDINGS = {
    "academia": ("University", "Institute of Technology"),
    "investor": ("Ventures", "Capital"),
    "quant": ("Trading", "Quantitative"),
    "government": ("Agency", "Office"),
    "frontier_lab": ("AI", "Intelligence", "Labs"),
    "research_startup": ("Labs", "Research", "Minds"),
}
OTHER_ENDINGS = ("", "Systems", "Robotics", "Cloud", "Health", "Technologies")
UNITS = ("Superintelligence", "Research", "Robotics", "Applied AI", "Foundations")
COUNTRIES = Lots(
    [("US", 50), ("CN", 25), ("GB", 6), ("FR", 5), ("CA", 4), ("DE", 3), ("", 7)]
)


@dataclass(frozen=True, slots=True)
class Organization:
    slug: str
    name: str
    name_zh: str
    aliases: str
    seat: str
    parent: str
    country: str
    founded: str
    company: str


def how_many(events: int) -> int:
    return min(MOST, max(FEWEST, events // 200))


def organizations(chance: Random, number: int) -> list[Organization]:
    """The busiest first; one in ten is a unit, and one in ten of those a unit of a unit."""
    made: list[Organization] = []
    companies: list[Organization] = []
    slugs: set[str] = set()
    while len(made) < number:
        within = len(made) % 10 == 9
        organization = unit(chance, made, companies) if within else company(chance)
        if organization.slug in slugs:
            continue
        slugs.add(organization.slug)
        made.append(organization)
        if not organization.parent:
            companies.append(organization)
    return made


def company(chance: Random) -> Organization:
    seat = SEATS.draw(chance)
    word = one_of(chance, COMPANY_STARTS) + one_of(chance, COMPANY_ENDS)
    if chance.random() < 0.6:
        word += f" {one_of(chance, COMPANY_STARTS)}"
    name = f"{word} {one_of(chance, ENDINGS.get(seat, OTHER_ENDINGS))}".strip()
    country = COUNTRIES.draw(chance)
    name_zh = ""
    if country == "CN" and chance.random() < 0.8:
        name_zh = one_of(chance, HAN_COMPANIES) + one_of(chance, HAN_COMPANIES)
    founded = str(1975 + int(chance.random() * 50)) if chance.random() < 0.5 else ""
    if founded and chance.random() < 0.3:
        founded += f"-{1 + int(chance.random() * 12):02d}"
    slug = slug_of(name)
    return Organization(
        slug, name, name_zh, initials(chance, name), seat, "", country, founded, slug
    )


def unit(
    chance: Random, made: list[Organization], companies: list[Organization]
) -> Organization:
    """Mostly of a large company: those made first are the busiest."""
    owner = one_of(chance, companies[: max(5, len(companies) // 20)])
    if chance.random() < 0.1:
        inside = [other for other in made[:200] if other.parent == owner.slug]
        owner = one_of(chance, inside or [owner])
    seat = "frontier_lab" if chance.random() < 0.5 else owner.seat
    name = f"{owner.name} {one_of(chance, UNITS)}"
    return Organization(
        slug_of(name), name, "", "", seat, owner.slug, "", "", owner.company
    )


def initials(chance: Random, name: str) -> str:
    words = name.split()
    if len(words) < 3 or chance.random() < 0.7:
        return ""
    return "".join(word[0] for word in words)


def by_size(organizations: list[Organization]) -> Lots[Organization]:
    return heavy_tailed(organizations, exponent=1.05)

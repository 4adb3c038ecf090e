"""Invented pay of a few hires, offers that were declined, and deals between companies."""

from __future__ import annotations

from random import Random

from talent.registry.synthesis.chance import Lots, one_of

FORMS = Lots(
    [
        ("total_package", 50), ("annual", 28), ("signing_bonus", 12), ("equity", 6),
        ("retention", 4),
    ]
)  # fmt: skip
STANDINGS = Lots([("reported", 66), ("confirmed", 24), ("denied", 8), ("rumoured", 2)])
QUALIFIERS = Lots(
    [("about", 40), ("more than", 25), ("up to", 15), ("exactly", 10), ("", 10)]
)
OUTCOMES = Lots([("accepted", 85), ("unknown", 15)])
NOTES = (
    "", "According to two people who know it", "Over several years", "Tax filing",
    "Multi-year, milestone-linked", "As the offer letter says",
)  # fmt: skip
UNITS = (100_000, 250_000, 1_000_000, 1_500_000, 4_000_000, 10_000_000)
DEAL_UNITS = (25_000_000, 100_000_000, 650_000_000, 1_100_000_000)

Rows = list[list[str]]


class Purse:
    """Decides, event by event, what money is said to have been in it."""

    def __init__(self, chance: Random) -> None:
        self.chance = chance

    def pay(self, event: list[str], sources: list[str]) -> tuple[Rows, Rows]:
        """Rows of packages.csv and readings.csv."""
        chance = self.chance
        if event[1] != "hire" or chance.random() > 0.016:
            return [], []
        kind = chance.random()
        if kind < 0.12:
            # An offer of the same organization's that was turned down: it has no event.
            key = f"{event[0]}-declined-package"
            row = [key, event[2], "", event[3], "", "declined"]
        elif kind < 0.15:
            key = f"{event[0]}-group-package"
            group = f"About {5 + int(chance.random() * 40)} researchers, unnamed"
            row = [key, "", group, event[3], "", "offered"]
        else:
            key = f"{event[0]}-package"
            row = [key, event[2], "", event[3], event[0], OUTCOMES.draw(chance)]
        number = 1 + int(chance.random() ** 2 * 4)
        preferred = int(chance.random() * number * 2)
        readings = {
            tuple(self.reading(key, sources, preferred == place)): None
            for place in range(number)
        }
        return [row], [list(reading) for reading in readings]

    def reading(self, package: str, sources: list[str], preferred: bool) -> list[str]:
        chance = self.chance
        form = FORMS.draw(chance)
        currency = "CNY" if chance.random() < 0.15 else "USD"
        low = high = ""
        if chance.random() < 0.85:
            stated = one_of(chance, UNITS) * (1 + int(chance.random() * 20))
            qualifier = QUALIFIERS.draw(chance)
            low = "" if qualifier == "up to" else str(stated)
            high = str(stated) if qualifier in {"up to", "exactly"} else ""
            if not qualifier:
                high = str(stated * 2)
        else:
            qualifier = ""
        years = ""
        if form == "total_package" and chance.random() < 0.4:
            years = str(2 + int(chance.random() * 5))
        rank = "preferred" if preferred else ""
        if not preferred and chance.random() < 0.3:
            rank = "contradicted" if chance.random() < 0.3 else "also_reported"
        return [
            package, form, currency, low, high, qualifier, years,
            STANDINGS.draw(chance), rank, one_of(chance, NOTES), one_of(chance, sources),
        ]  # fmt: skip


class Brokers:
    """Finds the hires that came with a deal between the two ends."""

    def __init__(self, chance: Random) -> None:
        self.chance = chance
        self.open: dict[tuple[str, str], list[list[str]]] = {}

    def watch(self, event: list[str], sources: list[str]) -> None:
        if event[1] != "hire" or not event[5]:
            return
        buyer, target = event[3], event[5]
        if deal := self.open.get((buyer, target)):
            row = deal[0]
            if row[5].count("|") < 5:
                row[5] += f"|{event[0]}"
        elif not self.open or self.chance.random() < 1 / 1000:
            key = f"deal-{len(self.open) + 1}-{buyer}-{target}"[:150]
            row = [key, buyer, target, event[7], event[8], event[0]]
            reading = self.reading(key, sources)
            self.open[buyer, target] = [row, reading]

    def reading(self, key: str, sources: list[str]) -> list[str]:
        chance = self.chance
        price = one_of(chance, DEAL_UNITS) * (1 + int(chance.random() * 8))
        standing = "confirmed" if chance.random() < 0.2 else "reported"
        return [
            key, "USD", str(price), "", "about", standing,
            "Price of the licence; nobody's pay", one_of(chance, sources),
        ]  # fmt: skip

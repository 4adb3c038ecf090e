"""What the press made of invented events: pages, and what each page says of an event."""

from __future__ import annotations

from collections import deque
from datetime import date, timedelta
from random import Random

from talent.registry.synthesis.chance import Lots, one_of

CITATIONS = Lots(
    enumerate(
        (36.6, 33.5, 14.5, 7.6, 2.6, 2.2, 1.1, 0.9, 0.7, 0.5, 0, 0.1),
        start=1,
    )
)
PUBLISHERS = Lots(
    [
        (("The Ledgerpost", "ledgerpost", "en"), 20),
        (("Northgate Wire", "northgate-wire", "en"), 16),
        (("Circuit Daily", "circuit-daily", "en"), 14),
        (("Valley Bulletin", "valley-bulletin", "en"), 12),
        (("Model Watch", "model-watch", "en"), 10),
        (("The Compute Letter", "compute-letter", "en"), 9),
        (("智潮日报", "zhichao", "zh"), 8),
        (("云上新闻", "yunshang", "zh"), 7),
        (("Abendblatt Technik", "abendblatt-technik", "de"), 2),
        (("Folha de Dados", "folha-de-dados", "pt"), 2),
    ]
)
STATES = (
    "Says so, with the date",
    "Names the new post",
    "Quotes the announcement",
    "Mentions it in passing",
    "Gives the former employer",
    "Confirmed by a spokesperson",
    "",
)
# A page backs 2.7 events on average: 62 % of citations name a page that is known already.
KNOWN_PAGE, SECOND_HAND = 0.625, 0.12
# Pages go out of use as the events move on.
IN_USE = 40


class Press:
    """Invents pages while it is asked, in the order of the dates, what cites each event."""

    def __init__(self, chance: Random) -> None:
        self.chance = chance
        self.pages = 0
        self.in_use: deque[str] = deque(maxlen=IN_USE)
        self.last_title = ""

    def cite(self, event: list[str]) -> tuple[list[list[str]], list[list[str]]]:
        """The rows of sources.csv that are new, and the rows of citations.csv."""
        chance = self.chance
        made: list[list[str]] = []
        cited: dict[str, None] = {}
        for _ in range(CITATIONS.draw(chance)):
            if self.in_use and chance.random() < KNOWN_PAGE:
                known = one_of(chance, self.in_use)
                if known not in cited:
                    cited[known] = None
                    continue
            page = self.page(event)
            made.append(page)
            cited[page[0]] = None
        citations = [[event[0], page, self.states(made, page)] for page in cited]
        self.in_use.extend(page[0] for page in made)
        return made, citations

    def page(self, event: list[str]) -> list[str]:
        """A row of sources.csv about the event."""
        chance = self.chance
        self.pages += 1
        key = f"syn-{self.pages:07d}"
        publisher, host, language = PUBLISHERS.draw(chance)
        title = event[15].rstrip(".")
        if language == "zh":
            title = f"独家:{title}"
        if self.last_title and chance.random() < SECOND_HAND:
            title = self.last_title  # another outlet's story, told again
        self.last_title = title
        year = event[7][:4]
        address = f"https://{host}.example/{year}/{event[0][:60]}-{self.pages}"
        shown = "" if chance.random() < 0.1 else title
        return [key, address, shown, publisher, self.printed(event[7]), language]

    def printed(self, when: str) -> str:
        """The day a page appeared: unknown for most, soon after the event for others."""
        chance = self.chance
        if chance.random() < 0.56:
            return ""
        if len(when) == 10:
            day = date.fromisoformat(when) + timedelta(days=int(chance.random() * 9))
            return day.isoformat()
        if "Q" in when or len(when) == 4:
            return when[:4]
        return f"{when}-{1 + int(chance.random() * 28):02d}"

    def states(self, made: list[list[str]], page: str) -> str:
        text = one_of(self.chance, STATES)
        if made and page == made[0][0] and self.chance.random() < SECOND_HAND:
            return "As first reported by another outlet"
        return text

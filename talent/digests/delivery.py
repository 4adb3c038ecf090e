"""One run: plan what is due, compose it, hand it over, write down what became of it.

Several runs may work at once, in any number of processes; they share the work by their claims. A
run may end at any moment in any way: the next one finds by query what is left.
"""

from __future__ import annotations

import logging
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import DatabaseError, InterfaceError, connection
from django.utils import timezone

from talent.common.locks import Lock, alone
from talent.digests import compose, ledger, messages, planning
from talent.digests.ledger import Claim
from talent.digests.models import Content, Delivery, DeliverySwitch
from talent.digests.outlets import (
    Away,
    Later,
    Misconfigured,
    NotTaken,
    Outlet,
    Refused,
    Unsure,
    outlet,
)
from talent.digests.writing import Desk, Writer

logger = logging.getLogger(__name__)

Clock = Callable[[], datetime]

# How often a run looks whether a person has stopped it, and counts what went out today.
LOOK_EVERY = 50
COUNT_EVERY = 1000
# Bytes of messages are kept ready for this many contents.
FORMS_KEPT = 50
# So many refusals in a row are about us, not about so many addresses.
MOST_REFUSED = 20
PAUSE = timedelta(minutes=5)
# A database that restarts is waited for: the relay has taken the mail already.
MARK_WITHIN_SECONDS = 30.0
DAY = timedelta(hours=24)


@dataclass
class Tally:
    """What one run did."""

    planned: int = 0
    sent: int = 0
    refused: int = 0
    put_off: int = 0
    # Why it ended with work left; empty if none is left.
    left: str = ""


class Brake(Exception):
    """The run ends here with work left; says why."""


def send_due(
    *,
    clock: Clock = timezone.now,
    desk: Callable[[datetime], Desk] = lambda at: compose.Desk(at=at),
    stop: Callable[[], bool] = lambda: False,
) -> Tally:
    """Send all that is due, until it is sent, or `stop` says so between two messages."""
    tally = Tally()
    with alone(Lock.DIGEST_SENDING, places=ledger.SENDERS) as free:
        if not free:
            tally.left = "enough others are sending"
            return tally
        run = Run(clock=clock, writer=Writer(desk), stop=stop, tally=tally)
        try:
            run.work()
        except Brake as brake:
            tally.left = str(brake)
        finally:
            run.outlet.close()
    return tally


class Run:
    def __init__(
        self, *, clock: Clock, writer: Writer, stop: Callable[[], bool], tally: Tally
    ) -> None:
        self.clock = clock
        self.writer = writer
        self.stop = stop
        self.tally = tally
        self.outlet: Outlet = outlet()
        self.forms: OrderedDict[int, messages.Form] = OrderedDict()
        # Mails until the next look, and after it until the next count.
        self.allowed = 0
        self.counted = 0
        self.last: Delivery | None = None
        self.refused_in_row = 0

    def work(self) -> None:
        switch = planning.begin(at=self.clock())
        check(switch, at=self.clock())
        self.tally.planned = planning.plan(
            at=self.clock(), hold_before=switch.hold_due_before
        )
        while claim := self.next_claim():
            while claim:
                claim = self.send(claim)

    # -- Claiming ----------------------------------------------------------------------

    def next_claim(self) -> Claim | None:
        """The next mail that may leave; what is not composed yet is composed first."""
        while True:
            self.look()
            at = self.clock()
            claim = ledger.claim(at=at, after=self.last) or ledger.claim(at=at)
            if claim or not self.writer.write_batch(at=at):
                return claim

    def look(self) -> None:
        """Raises Brake where a person, a ceiling or a signal says stop."""
        if self.stop():
            raise Brake("asked to stop")
        if self.allowed <= 0:
            self.allowed = self.allowance(at=self.clock())
        self.allowed -= 1

    def allowance(self, *, at: datetime) -> int:
        """How many mails may leave before the next look; raises Brake where none may."""
        switch = planning.switch()
        check(switch, at=at)
        if self.counted <= 0:
            self.counted = left_today(switch, at=at)
        if self.tally.sent >= switch.per_run:
            raise Brake(f"{self.tally.sent} mails were sent in this run: its ceiling.")
        allowed = min(LOOK_EVERY, self.counted, switch.per_run - self.tally.sent)
        self.counted -= allowed
        return allowed

    # -- Sending -----------------------------------------------------------------------

    def send(self, claim: Claim) -> Claim | None:
        """Returns the next mail, where the mark of this one could claim it along."""
        self.last = claim.delivery
        try:
            data = self.form(claim).filled(messages.values_for(claim))
            self.outlet.hand_over(
                sender=messages.envelope_sender(claim.delivery.token),
                recipient=claim.subscriber.address,
                message=data,
            )
        except messages.Unsendable as error:
            ledger.give_up(claim, error=str(error))
        except NotTaken as error:
            self.not_taken(claim, error, at=self.clock())
        else:
            self.refused_in_row = 0
            self.tally.sent += 1
            go_on = self.allowed > 0 and not self.stop()
            self.allowed -= go_on
            return settle(claim, at=self.clock(), claim_next=go_on)
        return None

    def form(self, claim: Claim) -> messages.Form:
        number = claim.delivery.content_id
        assert number is not None
        if number not in self.forms:
            content = Content.objects.get(pk=number)
            self.forms[number] = messages.Form(content, list(content.pictures.all()))
            if len(self.forms) > FORMS_KEPT:
                self.forms.popitem(last=False)
        return self.forms[number]

    def not_taken(self, claim: Claim, error: NotTaken, *, at: datetime) -> None:
        said = discreet(str(error), claim)
        match error:
            case Away():
                ledger.put_back(claim)
                raise Brake(f"The mail server is away: {said}")
            case Misconfigured():
                ledger.put_back(claim)
                self.alarm(f"The mail server refuses us: {said}")
            case Later() | Unsure():
                self.tally.put_off += 1
                uncertain = isinstance(error, Unsure)
                ledger.put_off(claim, at=at, error=said, uncertain=uncertain)
            case Refused():
                self.tally.refused += 1
                self.refused(claim, error, said, at=at)

    def refused(self, claim: Claim, error: Refused, said: str, *, at: datetime) -> None:
        self.refused_in_row += 1
        if self.refused_in_row > MOST_REFUSED:
            ledger.put_back(claim)
            self.alarm(f"{MOST_REFUSED} mails in a row were refused: {said}")
        if error.unknown:
            ledger.refuse(claim, at=at, status=error.status, error=said)
        else:
            ledger.give_up(claim, error=said)

    def alarm(self, said: str) -> None:
        """All runs pause for a while, and a person is told."""
        logger.error("Digests pause for %s: %s", PAUSE, said)
        DeliverySwitch.objects.update(
            paused_until=self.clock() + PAUSE, alarm=said[:300]
        )
        raise Brake(said)


def settle(claim: Claim, *, at: datetime, claim_next: bool) -> Claim | None:
    """Write down that the relay took the mail, whatever the database does meanwhile.

    The next mail is claimed by the same commit: that halves the waiting for the disk.
    """
    until = time.monotonic() + MARK_WITHIN_SECONDS
    while True:
        try:
            if claim_next:
                return ledger.mark_sent_and_claim(claim, at=at)
            ledger.mark_sent(claim, at=at)
            return None
        except (DatabaseError, InterfaceError):
            if time.monotonic() > until or connection.in_atomic_block:
                raise
        connection.close()
        time.sleep(0.2)
        claim_next = False


def check(switch: DeliverySwitch, *, at: datetime) -> None:
    if switch.stopped:
        raise Brake(f"A person stopped all digests: {switch.why}")
    if switch.paused_until and switch.paused_until > at:
        raise Brake(f"Paused until {switch.paused_until:%H:%M}: {switch.alarm}")


def left_today(switch: DeliverySwitch, *, at: datetime) -> int:
    """How many mails may leave before the next count; raises Brake where none may.

    Near the ceiling of a day the runs divide what is left, so together they stay under it.
    """
    today = Delivery.objects.sent_since(at - DAY).count()
    left = min((switch.per_day - today) // ledger.SENDERS, COUNT_EVERY)
    if left <= 0:
        raise Brake(f"{today} mails were sent in 24 hours: the ceiling.")
    return left


def discreet(said: str, claim: Claim) -> str:
    """Servers repeat the address: it belongs neither into the log nor beside the mail."""
    return said.replace(claim.subscriber.address, "…")

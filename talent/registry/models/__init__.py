"""The record: people, organizations, events, pay, deals and their sources."""

from talent.registry.models.approvals import Approval, Tombstone
from talent.registry.models.deals import Deal, DealReading
from talent.registry.models.events import Event, EventReason, Reason
from talent.registry.models.generation import Generation
from talent.registry.models.health import Dismissal, Finding, LinkCheck
from talent.registry.models.merges import Merge
from talent.registry.models.organizations import Organization
from talent.registry.models.pay import Package, Reading
from talent.registry.models.people import Person
from talent.registry.models.replies import Reply
from talent.registry.models.sources import Citation, Source
from talent.registry.models.tallies import (
    CompanyTally,
    EventTally,
    ReasonTally,
    SeatEventTally,
    SeatReasonTally,
)
from talent.registry.models.waves import Wave

__all__ = [
    "Approval",
    "Citation",
    "CompanyTally",
    "Deal",
    "DealReading",
    "Dismissal",
    "Event",
    "EventReason",
    "EventTally",
    "Finding",
    "Generation",
    "LinkCheck",
    "Merge",
    "Organization",
    "Package",
    "Person",
    "Reading",
    "Reason",
    "ReasonTally",
    "Reply",
    "SeatEventTally",
    "SeatReasonTally",
    "Source",
    "Tombstone",
    "Wave",
]

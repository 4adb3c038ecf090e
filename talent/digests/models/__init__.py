"""Subscribers, the send ledger, and the addresses that must be left alone."""

from talent.digests.models.deliveries import (
    Content,
    Delivery,
    Edition,
    Picture,
    SentItem,
)
from talent.digests.models.subscribers import Follow, Request, Subscriber
from talent.digests.models.suppressions import Bounce, Suppression
from talent.digests.models.switch import DeliverySwitch

__all__ = [
    "Bounce",
    "Content",
    "Delivery",
    "DeliverySwitch",
    "Edition",
    "Follow",
    "Picture",
    "Request",
    "SentItem",
    "Subscriber",
    "Suppression",
]

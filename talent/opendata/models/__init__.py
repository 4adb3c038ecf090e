"""What open data keeps of its own: which data sets were frozen, and the ledger of webhooks."""

from talent.opendata.models.data_sets import DataSet
from talent.opendata.models.hook_deliveries import (
    EventChange,
    HistoryRead,
    HookAttempt,
    HookDelivery,
    HookTold,
)
from talent.opendata.models.hooks import Hook, HookMail

__all__ = [
    "DataSet",
    "EventChange",
    "HistoryRead",
    "Hook",
    "HookAttempt",
    "HookDelivery",
    "HookMail",
    "HookTold",
]

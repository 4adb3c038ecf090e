"""Taking a removed person or event out of what is kept of webhooks.

Messages are made when they are sent, so none holds a name. What may hold one is a filter that
its owner typed, and what an endpoint answered.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.http import QueryDict

from talent.opendata.models import Hook, HookAttempt
from talent.registry.models import Person
from talent.registry.tombstones import is_buried

# No slug of anybody: a filter that names it has gone wrong, and says so to its owner.
NOBODY = "person=removed"


def forget(*, events: Collection[int], names: Collection[str], **_more: Any) -> None:
    """Inside the transaction of the removal. Running it again changes nothing."""
    HookAttempt.objects.filter(delivery__event__in=events).exclude(said="").update(
        said=""
    )
    for name in names:
        HookAttempt.objects.filter(said__icontains=name).update(said="")
    for hook in Hook.objects.exclude(query="").only("query").order_by("pk"):
        if names_removed(hook.query, names):
            Hook.objects.filter(pk=hook.pk).update(query=NOBODY)


def names_removed(query: str, names: Collection[str]) -> bool:
    chosen = QueryDict(query)
    words = chosen.get("q", "").lower()
    if any(name.lower() in words for name in names):
        return True
    person = chosen.get("person", "")
    return bool(person) and is_buried(Person, person)

"""Addresses of what was removed for good: known by a digest, so that no name is kept."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256

from django.db import models

from talent.registry.models import Tombstone


def digest_of(model: type[models.Model], address: str) -> str:
    """The loader of starter data works it out in SQL (starter/matching.py): keep both alike."""
    return sha256(f"{model._meta.db_table}:{address}".encode()).hexdigest()


def is_buried(model: type[models.Model], address: str) -> bool:
    """Whether something at this address was removed for good. One query."""
    return Tombstone.objects.filter(digest=digest_of(model, address)).exists()


def lay(model: type[models.Model], addresses: Iterable[str], *, at: datetime) -> None:
    stones = [
        Tombstone(digest=digest_of(model, address), buried_at=at)
        for address in addresses
    ]
    Tombstone.objects.bulk_create(stones, ignore_conflicts=True)

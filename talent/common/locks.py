"""Locks that all processes share: advisory ones of PostgreSQL, which is the truth.

Each ends with its block or transaction, or with the connection, however that ends: no killed
process leaves one behind.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from enum import IntEnum, unique

from django.db import connection


@unique
class Lock(IntEnum):
    """Work that one process does at a time. No other number is a lock in this database.

    A work with several places takes the numbers that follow its own, too.
    """

    DATA_SETS = 4301
    HEALTH = 5_606_001
    LINKS = 5_606_002
    REFRESH = 7_251_901
    DIGEST_WRITING = 7_251_939
    DIGEST_SENDING = 7_251_940
    HOOK_HISTORY = 7_251_950
    HOOK_SENDING = 7_251_960
    ARTICLES = 0x1274_0001


@unique
class Group(IntEnum):
    """Things of which each is held alone: the first half of a lock, the thing being the second."""

    DIGEST_NETWORKS = 4101
    DIGEST_MAILBOXES = 4102
    TIP_NETWORKS = 4103
    HOOK_NETWORKS = 4104
    HOOK_MAILBOXES = 4105
    EMBED_NETWORKS = 4106


@contextmanager
def alone(lock: Lock, *, places: int = 1) -> Iterator[bool]:
    """Whether this process may do the work now, alone or in one of its places. Never waits."""
    numbers = range(lock, lock + places)
    taken = next((number for number in numbers if try_to_take(number)), None)
    try:
        yield taken is not None
    finally:
        # With a lost connection PostgreSQL has freed it; asking would hide what went wrong.
        if taken is not None and connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [taken])


def try_to_take(number: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [number])
        (taken,) = cursor.fetchone() or (False,)
    return bool(taken)


def hold(lock: Lock) -> None:
    """Until the end of the transaction; waits for whoever holds it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [lock])


def hold_one(group: Group, digest: str) -> None:
    """One thing until the end of the transaction; waits for whoever holds it.

    `digest`: of the thing, hexadecimal. Two things may share a lock, and then only wait.
    """
    number = int(digest[:8], 16) - 2**31
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [group, number])

"""Locks: who gets one, how it ends, and what is said when the connection ends before."""

from __future__ import annotations

from contextlib import closing

import psycopg
import pytest
from django.db import connection

from talent.common import locks
from talent.common.locks import Group, Lock, alone, hold, hold_one

pytestmark = pytest.mark.django_db


@pytest.fixture
def session(monkeypatch):
    """A connection of its own for the locks, which a test may lose."""
    with closing(connection.copy()) as session:
        monkeypatch.setattr(locks, "connection", session)
        yield session


@pytest.fixture
def another():
    """What a second process would do first."""
    with psycopg.connect(**connection.get_connection_params()) as other:

        def can_take(*numbers):
            marks = ", ".join("%s" for _each in numbers)
            taken = f"SELECT pg_try_advisory_xact_lock({marks})"
            with other.transaction(force_rollback=True):
                return other.execute(taken, numbers).fetchone()[0]

        yield can_take


class Broken(Exception):
    """What went wrong."""


def lose(session):
    session.connection.close()
    raise Broken


class TestAlone:
    def test_keeps_others_out_until_the_end(self, session, another):
        with alone(Lock.LINKS) as free:
            meanwhile = another(Lock.LINKS)

        assert free
        assert not meanwhile
        assert another(Lock.LINKS)

    def test_takes_the_next_place_while_there_is_one(self, another):
        taken = Lock.HOOK_SENDING
        with psycopg.connect(**connection.get_connection_params()) as other:
            other.execute("SELECT pg_advisory_lock(%s)", [taken])
            with alone(taken, places=2) as second, alone(taken) as first:
                meanwhile = another(taken + 1)

        assert (first, second) == (False, True)
        assert not meanwhile

    def test_ends_with_what_went_wrong(self, session, another):
        with pytest.raises(Broken), alone(Lock.LINKS):
            raise Broken

        assert another(Lock.LINKS)

    def test_says_what_went_wrong_when_the_connection_is_lost_too(self, session):
        with pytest.raises(Broken), alone(Lock.LINKS):
            lose(session)


class TestHolding:
    @pytest.mark.parametrize(
        ("take", "numbers"),
        [
            (lambda: hold(Lock.ARTICLES), (Lock.ARTICLES,)),
            (
                lambda: hold_one(Group.TIP_NETWORKS, "80000007ffff"),
                (Group.TIP_NETWORKS, 7),
            ),
        ],
    )
    def test_lasts_until_the_end_of_the_transaction(
        self, session, another, take, numbers
    ):
        session.set_autocommit(False)
        take()
        meanwhile = another(*numbers)
        session.commit()

        assert not meanwhile
        assert another(*numbers)

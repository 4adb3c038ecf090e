import contextlib

import psycopg
import pytest
from django.db import connection
from django.db.backends.postgresql.base import DatabaseWrapper

from config import preflight
from tests import plugin


@pytest.fixture
def other_database(monkeypatch, db):
    """Points the preflight at another database, described by changed settings."""
    opened = []

    def point(**settings):
        other = DatabaseWrapper(
            {**connection.settings_dict, **settings}, alias="default"
        )
        opened.append(other)
        monkeypatch.setattr(preflight, "connection", other)

    yield point
    for other in opened:
        other.close()


@pytest.fixture
def c_locale(db):
    """A database made the way LANG=C makes it."""
    name = f"c_locale_{plugin.WORKER}"
    with psycopg.connect(plugin.POSTGRES.url_of("postgres"), autocommit=True) as server:
        server.execute(f"DROP DATABASE IF EXISTS {name}")
        server.execute(
            f"CREATE DATABASE {name} TEMPLATE template0 LOCALE_PROVIDER libc LOCALE 'C'"
        )
        yield name
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")


class FakeCursor:
    def __init__(self, *answers):
        self.answers = list(answers)

    def execute(self, *args):
        pass

    def fetchone(self):
        return self.answers.pop(0)

    fetchall = fetchone


@pytest.fixture
def answers(monkeypatch):
    """Makes the database answer what one we have not got would."""

    def give(*rows):
        class Fake:
            @contextlib.contextmanager
            def cursor(self):
                yield FakeCursor(*rows)

        monkeypatch.setattr(preflight, "connection", Fake())

    return give


class TestDatabaseProblems:
    def test_finds_none_in_the_embedded_database(self, db):
        assert preflight.database_problems() == []

    def test_names_the_fix_for_a_locale_without_letters(
        self, db, other_database, c_locale
    ):
        other_database(NAME=c_locale)

        (problem,) = preflight.database_problems()

        assert "locale does not know letters" in problem
        assert "CREATE DATABASE" in problem

    def test_says_why_a_database_does_not_answer(self, other_database):
        other_database(NAME="there_is_none")

        (problem,) = preflight.database_problems()

        assert "there_is_none" in problem
        assert problem.endswith("check DATABASE_URL.")
        assert "\n" not in problem

    def test_names_the_fix_for_an_old_server(self, answers):
        answers(
            (13, "UTF8", "é", "C.UTF-8"),
            [("pg_trgm", False), ("unaccent", False)],
            (True,),
        )

        assert preflight.database_problems() == [
            "PostgreSQL 13 is too old: upgrade to 14 or later."
        ]

    def test_names_the_fix_for_missing_extensions(self, answers):
        answers((16, "UTF8", "é", "C.UTF-8"), [])

        (problem,) = preflight.database_problems()

        assert problem.startswith("The database server does not offer pg_trgm and unac")
        assert "postgresql-contrib" in problem

"""Each process's test databases: copies of one that the migrations made.

Migrating takes seconds and copying a tenth of one, so it is done once in a run, and
again only when what the migrations come from has changed. Copies are never emptied
but dropped: a test that commits costs one more copy, and cannot leave anything behind.
"""

import fcntl
import hashlib
from functools import cache
from pathlib import Path

import psycopg
from django.core.management import call_command
from django.db import connection, connections

from config.embedded.postgres import DATABASE
from tests import plugin

ROOT = Path(__file__).resolve().parent.parent
# What makes the tables, the rows in them and the rights of the roles.
SOURCES = ("migrations", "models", "models.py", "roles.py", "apps.py")

# Their names to tests: as the migrations leave it; with the project's starter data.
EMPTY, STARTER = "empty", "starter"


class Databases:
    def __init__(self) -> None:
        self.wanted = EMPTY
        self.is_open = False
        self._made: set[str] = set()

    def open(self) -> None:
        """From now on the connection goes to the database that was chosen."""
        plugin.POSTGRES.hold()
        self.is_open = True
        self.choose(self.wanted)

    def close(self) -> None:
        self.is_open = False
        connections.close_all()
        plugin.POSTGRES.release()

    def choose(self, name: str) -> None:
        """Go to a database, made if it is not there. Before `open`, take it down."""
        self.wanted = name
        if self.is_open:
            if name not in self._made:
                make_starter() if name == STARTER else copy(template(), own(name))
                self._made.add(name)
            go_to(own(name))

    def throw_away(self) -> None:
        """What a test has committed must not be seen by another."""
        connections.close_all()
        self._made.remove(self.wanted)


def own(name: str) -> str:
    """A name that is this process's."""
    return f"test_{DATABASE}_{plugin.WORKER}_{name}"


def go_to(database: str) -> None:
    # The threads of the live server read the same dictionary.
    if connection.settings_dict["NAME"] != database:
        assert not connection.in_atomic_block, "in the middle of a transaction"
        connection.close()
        connection.settings_dict["NAME"] = database


def copy(origin: str, target: str) -> None:
    with maintenance() as server:
        server.execute(f'DROP DATABASE IF EXISTS "{target}" WITH (FORCE)')
        server.execute(
            f'CREATE DATABASE "{target}" TEMPLATE "{origin}" STRATEGY file_copy'
        )


def make_starter() -> None:
    from talent.insights.refresh import refresh_all
    from talent.registry.starter import STARTER_DATA, load
    from tests.factories import NOON

    copy(template(), own(STARTER))
    go_to(own(STARTER))
    load(STARTER_DATA, at=NOON)
    refresh_all(at=NOON)


def template() -> str:
    """The migrated database of this run's server. The first who asks makes it."""
    name = f"template_{digest_of_sources()}"
    with (plugin.SLOT / "template.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with maintenance() as server:
            found = server.execute(
                "SELECT datname FROM pg_database WHERE datname LIKE 'template\\__%'"
                " AND NOT datistemplate"
            )
            known = {row[0] for row in found}
            if name not in known:
                for old in known:
                    server.execute(f'DROP DATABASE "{old}" WITH (FORCE)')
                migrate(server, name)
    return name


def migrate(server: "psycopg.Connection[tuple[str]]", name: str) -> None:
    """Under another name first: an interrupted one is not taken for a template."""
    unfinished = "template_unfinished"
    server.execute(f"CREATE DATABASE {unfinished}")
    go_to(unfinished)
    call_command("migrate", verbosity=0)
    connection.close()
    server.execute(f'ALTER DATABASE {unfinished} RENAME TO "{name}"')


@cache
def digest_of_sources() -> str:
    digest = hashlib.sha256((ROOT / "requirements.txt").read_bytes())
    for path in sorted((ROOT / "talent").rglob("*.py")):
        if set(path.parts) & set(SOURCES):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def maintenance() -> "psycopg.Connection[tuple[str]]":
    return psycopg.connect(plugin.POSTGRES.url_of("postgres"), autocommit=True)

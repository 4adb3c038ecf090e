import ipaddress

import pytest

from talent.common.http import Door
from talent.intake.known_names import rows_of_starter_data
from talent.intake.reader.names import KnownNames
from tests.common.test_http import Server, reply


@pytest.fixture(scope="session")
def names() -> KnownNames:
    """The names of the starter data, read from its files."""
    return KnownNames(rows_of_starter_data())


@pytest.fixture
def server():
    server = Server()
    server.replies["/robots.txt"] = reply(status="404 Not Found")
    yield server
    server.socket.close()


@pytest.fixture
def door(server):
    """Open to this machine only: what points anywhere else is refused as in production."""
    return Door(
        permits=lambda address: address == ipaddress.ip_address("127.0.0.1"),
        ports=frozenset({80, server.port}),
    )

"""Fixtures for every test: private servers, no network, counted queries, a browser."""

import ipaddress
import shutil
import socket
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import plugin

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
NO_CHROMIUM = "Chromium is not installed (Debian: apt-get install chromium)"


# -- Servers ---------------------------------------------------------------------------


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None,
) -> Iterator[None]:
    """The embedded PostgreSQL runs while a test of this process may use it."""
    plugin.POSTGRES.hold()
    yield
    plugin.POSTGRES.release()


@pytest.fixture(scope="session")
def valkey_server() -> Iterator[None]:
    plugin.VALKEY.hold()
    yield
    plugin.VALKEY.release()


@pytest.fixture(autouse=True)
def empty_cache(valkey_server: None) -> None:
    """Each test starts with an empty cache: what one stored must not help another."""
    cache.clear()


# -- No network ------------------------------------------------------------------------


def is_local(address: Any) -> bool:
    if not isinstance(address, tuple):
        return True  # a Unix socket's path
    host = address[0]
    if host in {"", "localhost"}:
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@pytest.fixture(autouse=True, scope="session")
def no_network() -> Iterator[None]:
    """Refuses connections that leave the machine. (The browser has its own rule
    below.)
    """
    connect, connect_ex = socket.socket.connect, socket.socket.connect_ex
    getaddrinfo = socket.getaddrinfo

    def refuse(address: Any) -> None:
        if not is_local(address):
            raise AssertionError(
                f"A test tried to reach {address}: no network in tests."
            )

    def guarded_connect(self: socket.socket, address: Any) -> None:
        refuse(address)
        return connect(self, address)

    def guarded_connect_ex(self: socket.socket, address: Any) -> int:
        refuse(address)
        return connect_ex(self, address)

    def guarded_getaddrinfo(host: Any, *args: Any, **kwargs: Any) -> Any:
        if isinstance(host, bytes):
            host = host.decode()
        refuse((host or "",))
        return getaddrinfo(host, *args, **kwargs)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded_connect)
        patch.setattr(socket.socket, "connect_ex", guarded_connect_ex)
        patch.setattr(socket, "getaddrinfo", guarded_getaddrinfo)
        yield


# -- Queries ---------------------------------------------------------------------------


@pytest.fixture
def queries_of(db: None) -> Callable[[Callable[[], object]], int]:
    """How many SQL queries a call runs: `queries_of(lambda: client.get(url)) == 2`."""

    def count(call: Callable[[], object]) -> int:
        with CaptureQueriesContext(connection) as captured:
            call()
        return len(captured)

    return count


# -- Browser ---------------------------------------------------------------------------


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests marked `browser` need Chromium, and a database the live server can see."""
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.django_db(transaction=True))
            if CHROMIUM is None:
                item.add_marker(pytest.mark.skip(reason=NO_CHROMIUM))


@pytest.fixture(scope="session")
def browser_type_launch_args(
    browser_type_launch_args: dict[str, Any],
) -> dict[str, Any]:
    """Debian's Chromium, unable to reach or look up anything but this machine."""
    return {
        **browser_type_launch_args,
        "executable_path": CHROMIUM,
        "args": [
            "--no-sandbox",  # root in a container has no user namespaces
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-domain-reliability",
            "--disable-sync",
            "--no-first-run",
            "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost",
        ],
    }


# -- The real record -------------------------------------------------------------------


@pytest.fixture
def starter_data(db: None) -> None:
    """The project's starter data, published: 0.6 s, so only where real careers matter."""
    from talent.registry.starter import STARTER_DATA, load
    from tests.factories import NOON

    load(STARTER_DATA, at=NOON)

"""Fixtures for every test: private servers, no network, counted queries, a browser."""

import gc
import ipaddress
import shutil
import socket
from collections.abc import Callable, Iterator
from threading import Thread
from typing import Any

import django.test.client
import pytest
from django.core.cache import caches
from django.db import connection
from django.test import TransactionTestCase
from django.test.utils import CaptureQueriesContext
from pytest_django.plugin import blocking_manager_key

from config.cache import ForgivingRedisCache
from tests import plugin
from tests.databases import EMPTY, STARTER, Databases, template

DATABASES = Databases()
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
NO_CHROMIUM = "Chromium is not installed (Debian: apt-get install chromium)"


# -- Servers ---------------------------------------------------------------------------


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker) -> Iterator[None]:
    """In the place of pytest-django's own: see tests/databases.py."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            TransactionTestCase,
            "_fixture_teardown",
            lambda test: DATABASES.throw_away(),
        )
        with django_db_blocker.unblock():
            DATABASES.open()
        yield
        with django_db_blocker.unblock():
            DATABASES.close()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Go to the database a test wants before its transaction begins."""
    with item.config.stash[blocking_manager_key].unblock():
        DATABASES.choose(STARTER if wants_starter_data(item) else EMPTY)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes(config: pytest.Config) -> None:
    """While the workers read the tests, their controller migrates."""

    def migrated() -> None:
        plugin.POSTGRES.hold()
        with config.stash[blocking_manager_key].unblock():
            template()

    Thread(target=migrated, daemon=True).start()


def turn(item: pytest.Item) -> int:
    """Long tests begin, so that no worker is left alone with one at the end; those with
    the starter data follow each other, because going to another database costs time.
    """
    marks = ("slow", "browser")
    for number, mark in enumerate(marks):
        if item.get_closest_marker(mark):
            return number
    return len(marks) + (not wants_starter_data(item))


def wants_starter_data(item: pytest.Item) -> bool:
    return "starter_data" in getattr(item, "fixturenames", ())


def pytest_collection_finish() -> None:
    """What is there now stays: let the garbage collector not look at it again, and at the
    rest less often than by itself, after every 700 objects.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 100)


@pytest.fixture(scope="session")
def valkey_server() -> Iterator[None]:
    plugin.VALKEY.hold()
    yield
    plugin.VALKEY.release()


@pytest.fixture(autouse=True)
def empty_cache(valkey_server: None) -> None:
    """Each test starts with empty caches: what one stored must not help another, nor that
    one had none.
    """
    ForgivingRedisCache._paused_until = 0.0
    for each in caches.all():
        each.clear()


@pytest.fixture(autouse=True, scope="session")
def one_context_a_page(django_test_environment: None) -> Iterator[None]:
    """What a view told its page is kept for `response.context`; copying what every piece
    of the page and every field of its forms was told would take longer than drawing some.
    """
    keep = django.test.client.store_rendered_templates

    def keep_the_first(store: dict[str, Any], *told: Any, **more: Any) -> None:
        if not store:
            keep(store, *told, **more)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(django.test.client, "store_rendered_templates", keep_the_first)
        yield


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


def is_number(host: Any) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


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
        # Of a number nobody is asked; whether it may be reached is `connect`'s question.
        if not is_number(host):
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
    items.sort(key=turn)


@pytest.fixture(scope="session")
def browser_type_launch_args(
    browser_type_launch_args: dict[str, Any],
) -> dict[str, Any]:
    """Debian's Chromium, unable to reach or look up anything but this machine."""
    return {
        **browser_type_launch_args,
        "executable_path": CHROMIUM,
        "args": [
            "--disable-gpu",  # nobody watches: drawing would only be emulated
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
    """The project's starter data, published and refreshed at NOON of the factories: the
    test runs in the database that holds it.
    """

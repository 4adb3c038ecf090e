"""Asking other people's servers: the one door to the outside, and what it keeps out.

A URL that somebody typed, or that a feed or a redirect names, may point into our own network
(server-side request forgery, OWASP A10). So the address is judged at the moment of connecting,
after the name was resolved and for every redirect anew: there is nothing between the check and its
use that a changing name server could turn round. Time, size and redirects are bounded as wholes.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import SplitResult, quote, urljoin, urlsplit

PORTS = {"http": 80, "https": 443}
REDIRECTS = {301, 302, 303, 307, 308}
LONGEST_URL = 2_000
CHUNK = 64 * 1024

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

# IPv6 addresses that carry an IPv4 one: NAT64 (RFC 6052), 6to4 (RFC 3056). Of the others, all
# that are given out (RFC 4291), without those for documentation (RFC 9637): not every Python's
# `is_global` knows.
NAT64 = ipaddress.ip_network("64:ff9b::/96")
SIX_TO_FOUR = ipaddress.ip_network("2002::/16")
GIVEN_OUT = ipaddress.ip_network("2000::/3")
DOCUMENTATION = ipaddress.ip_network("3fff::/20")


class HttpError(Exception):
    """No answer to use; the message says why, for people."""


class Refused(HttpError):
    """We do not ask there: the URL or the address behind it is not a public one."""


class Unreachable(HttpError):
    """No connection, a broken one, or none that can be trusted."""


class TooMuch(HttpError):
    """More time, more bytes or more redirects than we allow."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: the URL after redirects, the body decompressed."""

    url: str
    status: int
    headers: Mapping[str, str]  # names in lower case
    body: bytes


def is_public(address: Address) -> bool:
    """Whether anybody on the internet can be behind the address, and nobody else."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped
        if inner is None and address in NAT64:
            inner = ipaddress.IPv4Address(address.packed[-4:])
        if inner is None and address in SIX_TO_FOUR:
            inner = ipaddress.IPv4Address(address.packed[2:6])
        if inner is not None:
            return is_public(inner)
        if address not in GIVEN_OUT or address in DOCUMENTATION:
            return False
    return address.is_global and not address.is_multicast


@dataclass(frozen=True, slots=True)
class Limits:
    """seconds: for everything together but finding the host's address, for which the system has
    a patience of its own; size: bytes of a body, also after decompression.

    `cut`: of a longer body the beginning is enough.
    """

    seconds: float = 10
    size: int = 5_000_000
    redirects: int = 3
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Door:
    """Who may be asked. The defaults are for the internet; tests open one to their own server."""

    permits: Callable[[Address], bool] = is_public
    ports: frozenset[int] = frozenset(PORTS.values())
    tls: Callable[[], ssl.SSLContext] = field(default=ssl.create_default_context)

    def connect(self, host: str, port: int, *, seconds: float) -> socket.socket:
        """A connection to the first of the host's addresses that is permitted and answers."""
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise Unreachable(f"{host} has no address.") from error
        permitted = [each for each in found if self.permits(address_of(each[4]))]
        if not permitted:
            raise Refused(f"{host} is not a public address.")
        last: OSError | None = None
        for family, kind, protocol, _name, where in permitted:
            connection = socket.socket(family, kind, protocol)
            connection.settimeout(seconds)
            try:
                connection.connect(where)
            except OSError as error:
                connection.close()
                last = error
            else:
                return connection
        raise Unreachable(f"{host} does not answer.") from last


INTERNET = Door()


def address_of(where: tuple[Any, ...]) -> Address:
    # A scope ("fe80::1%eth0") is not part of the address.
    return ipaddress.ip_address(str(where[0]).partition("%")[0])


def ask(
    url: str,
    *,
    method: str = "GET",
    headers: Mapping[str, str] | None = None,
    body: bytes | None = None,
    limits: Limits | None = None,
    door: Door = INTERNET,
) -> Answer:
    """Ask the URL and return the answer, whatever its status.

    Redirects are followed for GET and HEAD only, each checked like the first. Raises Refused,
    Unreachable or TooMuch. The body of a POST is sent once and never again.
    """
    limits = limits or Limits()
    deadline = time.monotonic() + limits.seconds
    follows = method in {"GET", "HEAD"}
    for _hop in range(limits.redirects + 1):
        parts = checked(url, door)
        answer = exchange(
            parts, method, dict(headers or {}), body, limits, deadline, door
        )
        onward = answer.headers.get("location")
        if not (follows and answer.status in REDIRECTS and onward):
            return answer
        url = urljoin(answer.url, onward)
    raise TooMuch(f"More than {limits.redirects} redirects.")


def checked(url: str, door: Door) -> SplitResult:
    """The URL in parts, if it is one we would ask. Raises Refused."""
    if len(url) > LONGEST_URL or any(ord(c) <= 32 or ord(c) == 127 for c in url):
        raise Refused("The address is too long, or has spaces or control characters.")
    try:
        parts = urlsplit(url)
        port = parts.port or PORTS.get(parts.scheme, 0)
    except ValueError as error:
        raise Refused(f"“{url[:80]}” is not an address.") from error
    if parts.scheme not in PORTS or not parts.hostname:
        raise Refused("Only http:// and https:// addresses are fetched.")
    if parts.username or parts.password:
        raise Refused("An address with a user name in it is not fetched.")
    if port not in door.ports:
        raise Refused(f"Port {port} is not one of the web's.")
    return parts


def exchange(
    parts: SplitResult,
    method: str,
    headers: dict[str, str],
    body: bytes | None,
    limits: Limits,
    deadline: float,
    door: Door,
) -> Answer:
    host = parts.hostname or ""
    target = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
    if parts.query:
        target += "?" + quote(parts.query, safe="/?%:@!$&'()*+,;=~-._[]")
    connection = connection_to(parts)
    try:
        with cut_off_at(deadline) as late:
            connection.sock = open_socket(parts, deadline, door, late)
            connection.request(
                method, target, body, {"Accept-Encoding": "gzip", **headers}
            )
            response = connection.getresponse()
            content = b"" if method == "HEAD" else read(response, limits)
    except HttpError:
        raise
    except (OSError, http.client.HTTPException, ValueError, zlib.error) as error:
        if late.passed or isinstance(error, TimeoutError):
            raise TooMuch(f"{host} took more than {limits.seconds:g} s.") from error
        raise Unreachable(f"{host} broke off: {type(error).__name__}.") from error
    finally:
        connection.close()
    names = {name.lower(): value for name, value in response.getheaders()}
    return Answer(parts.geturl(), response.status, names, content)


def connection_to(parts: SplitResult) -> http.client.HTTPConnection:
    """Not connected: `open_socket` does that. This writes requests and reads answers."""
    kind = (
        http.client.HTTPSConnection
        if parts.scheme == "https"
        else http.client.HTTPConnection
    )
    return kind(parts.hostname or "", parts.port or PORTS[parts.scheme])


def open_socket(
    parts: SplitResult, deadline: float, door: Door, late: Deadline
) -> socket.socket:
    host, port = parts.hostname or "", parts.port or PORTS[parts.scheme]
    seconds = deadline - time.monotonic()
    if seconds <= 0:
        raise TimeoutError
    opened = late.sock = door.connect(host, port, seconds=seconds)
    if parts.scheme == "https":
        secured = late.sock = door.tls().wrap_socket(
            opened, server_hostname=host, do_handshake_on_connect=False
        )
        secured.do_handshake()
        return secured
    return opened


@dataclass(slots=True)
class Deadline:
    """Whether it has passed, and what is closed then."""

    passed: bool = False
    sock: socket.socket | None = None

    def cut(self) -> None:
        self.passed = True
        if self.sock is not None:
            # It may just have ended by itself.
            with suppress(OSError):
                self.sock.shutdown(socket.SHUT_RDWR)


@contextmanager
def cut_off_at(deadline: float) -> Iterator[Deadline]:
    """Break the connection off at the deadline: who drips defeats any timeout per read."""
    late = Deadline()
    timer = threading.Timer(max(deadline - time.monotonic(), 0), late.cut)
    timer.daemon = True
    timer.start()
    try:
        yield late
        if late.passed:
            raise TimeoutError
    finally:
        timer.cancel()
        if late.sock is not None:
            late.sock.close()


def read(response: http.client.HTTPResponse, limits: Limits) -> bytes:
    """The body, decompressed no further than the limit: a small bomb does not go off."""
    squeezed = response.headers.get("Content-Encoding", "").strip().lower() == "gzip"
    inflate = zlib.decompressobj(wbits=31) if squeezed else None
    whole = bytearray()
    while chunk := response.read(CHUNK):
        if inflate is not None:
            chunk = inflate.decompress(chunk, limits.size + 1 - len(whole))
        whole += chunk
        if len(whole) > limits.size:
            if limits.cut:
                return bytes(whole[: limits.size])
            raise TooMuch(f"More than {limits.size:,} bytes.")
    if response.length or (inflate is not None and whole and not inflate.eof):
        raise http.client.IncompleteRead(bytes(whole))
    return bytes(whole)

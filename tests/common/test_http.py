"""The door to the outside: what it lets through, and what it must keep out."""

import contextlib
import gzip
import ipaddress
import socket
import threading

import pytest

from talent.common import http
from talent.common.http import (
    Door,
    Limits,
    Refused,
    TooMuch,
    Unreachable,
    ask,
    is_public,
)


class Server:
    """A raw server on a loopback port: `replies` maps paths to what is sent for them."""

    def __init__(self):
        self.replies = {}
        self.requests = []
        self.connections = 0
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        with contextlib.suppress(OSError):
            while True:
                connection, _from = self.socket.accept()
                self.connections += 1
                threading.Thread(
                    target=self.answer, args=[connection], daemon=True
                ).start()

    def answer(self, connection):
        with connection, contextlib.suppress(OSError):
            asked = b""
            while b"\r\n\r\n" not in asked:
                asked += connection.recv(65536)
                if asked.startswith(b"\x16"):
                    return  # the start of TLS, which is not spoken here
            self.requests.append(asked.decode())
            reply = self.replies.get(asked.split()[1].decode(), b"")
            if callable(reply):
                reply(connection)
            else:
                connection.sendall(reply)

    def url(self, path="/", host="127.0.0.1"):
        return f"http://{host}:{self.port}{path}"


@pytest.fixture
def server():
    server = Server()
    yield server
    server.socket.close()


@pytest.fixture
def door(server):
    """Open to the test's own server."""
    return Door(permits=lambda _address: True, ports=frozenset({server.port}))


def reply(body=b"", *, status="200 OK", headers=()):
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers, "", ""]
    return "\r\n".join(lines).encode() + body


class TestAnswer:
    def test_brings_status_headers_and_body(self, server, door):
        server.replies["/feed?a=1"] = reply(
            b"news", status="404 Gone", headers=["ETag: x"]
        )

        answer = ask(server.url("/feed?a=1"), door=door)

        assert (answer.status, answer.body) == (404, b"news")
        assert answer.headers["etag"] == "x"

    def test_sends_the_headers_given_and_the_host(self, server, door):
        server.replies["/"] = reply()

        ask(server.url(), headers={"If-None-Match": "x"}, door=door)

        (asked,) = server.requests
        assert "If-None-Match: x" in asked
        assert f"Host: 127.0.0.1:{server.port}" in asked

    def test_unpacks_gzip(self, server, door):
        server.replies["/"] = reply(
            gzip.compress(b"news"), headers=["Content-Encoding: gzip"]
        )

        assert ask(server.url(), door=door).body == b"news"

    def test_posts_a_body_once_and_follows_no_redirect(self, server, door):
        server.replies["/hook"] = reply(status="307 There", headers=["Location: /x"])

        answer = ask(server.url("/hook"), method="POST", body=b"{}", door=door)

        assert answer.status == 307
        assert len(server.requests) == 1

    def test_follows_redirects_and_says_where_it_ended(self, server, door):
        server.replies["/old"] = reply(status="301 Moved", headers=["Location: new"])
        server.replies["/new"] = reply(b"here")

        answer = ask(server.url("/old"), door=door)

        assert (answer.url, answer.body) == (server.url("/new"), b"here")

    def test_asks_for_an_address_in_any_script(self, server, door):
        server.replies["/%E4%BA%BA"] = reply(b"ren")

        assert ask(server.url("/人"), door=door).body == b"ren"


PRIVATE = [
    "127.0.0.1",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",
    "224.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::ffff:127.0.0.1",
    "64:ff9b::7f00:1",
    "2002:7f00:1::",
    "fe80::1",
    "fec0::1",
    "64:ff9b:1::7f00:1",
    "::127.0.0.1",
    "::ffff:0:127.0.0.1",
    "5f00::1",
    "3fff::1",
    "2001:db8::1",
    "fd00::1",
    "ff02::1",
]


class TestDoor:
    @pytest.mark.parametrize("address", PRIVATE)
    def test_is_shut_for_addresses_that_are_not_public(self, address):
        assert not is_public(ipaddress.ip_address(address))

    @pytest.mark.parametrize(
        "address", ["1.1.1.1", "2606:4700::1111", "::ffff:1.1.1.1", "64:ff9b::101:101"]
    )
    def test_is_open_for_public_ones(self, address):
        assert is_public(ipaddress.ip_address(address))

    @pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]"])
    def test_reaches_no_listener_on_this_machine(self, server, host):
        door = Door(ports=frozenset({server.port}))

        with pytest.raises((Refused, Unreachable)):
            ask(server.url(host=host), door=door)

        assert server.connections == 0

    @pytest.mark.parametrize(
        "host", ["127.1", "0x7f000001", "2130706433", "017700000001"]
    )
    def test_judges_what_the_host_stands_for_however_it_is_written(
        self, server, host, monkeypatch
    ):
        def resolve(host, port, **_options):
            where = (socket.inet_ntoa(socket.inet_aton(host)), port)
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", where)]

        monkeypatch.setattr(socket, "getaddrinfo", resolve)
        door = Door(ports=frozenset({server.port}))

        with pytest.raises(Refused, match="not a public address"):
            ask(server.url(host=host), door=door)

        assert server.connections == 0

    @pytest.mark.parametrize(
        "url",
        [
            "file:///etc/passwd",
            "gopher://example.org/",
            "//example.org/",
            "http://",
            "http://example.org:22/",
            "http://example.org:99999/",
            "http://example.org/a b",
            "http://example.org/\r\nX: y",
            "http://user:secret@example.org/",
            "http://[::1/",
            "http://example.org/" + "a" * 2_000,
        ],
    )
    def test_refuses_what_is_no_address_of_the_web(self, url):
        with pytest.raises(Refused):
            ask(url)

    def test_judges_a_redirect_like_the_first_address(self, server):
        """Only the first address is permitted; the second is on the same machine."""
        seen = []

        def first_only(address):
            seen.append(address)
            return len(seen) == 1

        door = Door(permits=first_only, ports=frozenset({server.port}))
        server.replies["/"] = reply(
            status="302 Found", headers=[f"Location: {server.url('/inside')}"]
        )

        with pytest.raises(Refused):
            ask(server.url(), door=door)

        assert server.connections == 1

    def test_connects_to_the_very_address_it_judged(self, server, door, monkeypatch):
        """A name server that says something else the second time is not asked again."""
        asked = []

        def once(host, port, **_options):
            asked.append(host)
            assert len(asked) == 1
            where = ("127.0.0.1", server.port)
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", where)]

        monkeypatch.setattr(socket, "getaddrinfo", once)
        server.replies["/"] = reply(b"ok")

        assert ask(server.url(host="rebinding.example"), door=door).body == b"ok"

    def test_redirect_to_a_file_is_refused(self, server, door):
        server.replies["/"] = reply(
            status="302 Found", headers=["Location: file:///etc/passwd"]
        )

        with pytest.raises(Refused):
            ask(server.url(), door=door)


class TestLimits:
    def test_redirects(self, server, door):
        server.replies["/"] = reply(status="302 Found", headers=["Location: /"])

        with pytest.raises(TooMuch, match="3 redirects"):
            ask(server.url(), door=door)

        assert len(server.requests) == 4

    def test_size(self, server, door):
        server.replies["/"] = reply(b"x" * 2_000)

        with pytest.raises(TooMuch, match="1,000 bytes"):
            ask(server.url(), limits=Limits(size=1_000), door=door)

    def test_size_after_decompression(self, server, door):
        bomb = gzip.compress(b"\0" * 20_000_000)
        server.replies["/"] = reply(bomb, headers=["Content-Encoding: gzip"])

        with pytest.raises(TooMuch):
            ask(server.url(), limits=Limits(size=1_000_000), door=door)

    @pytest.mark.parametrize("start", [b"", b"HTTP/1.1 200 OK\r\n\r\n"])
    def test_time_although_the_server_drips(self, server, door, start):
        stop = threading.Event()

        def drip(connection):
            connection.sendall(start)
            for _byte in range(500):
                connection.sendall(b"x")
                if stop.wait(0.01):
                    break

        server.replies["/"] = drip

        with pytest.raises(TooMuch, match=r"0\.2 s"):
            ask(server.url(), limits=Limits(seconds=0.2), door=door)

        stop.set()

    def test_truncated_bodies_are_no_answers(self, server, door):
        server.replies["/"] = b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"

        with pytest.raises(Unreachable):
            ask(server.url(), door=door)

    def test_nobody_there(self):
        with socket.create_server(("127.0.0.1", 0)) as unused:
            port = unused.getsockname()[1]
        door = Door(permits=lambda _address: True, ports=frozenset({port}))

        with pytest.raises(Unreachable, match="does not answer"):
            ask(f"http://127.0.0.1:{port}/", door=door)

    def test_no_certificate_no_answer(self, server):
        door = Door(permits=lambda _address: True, ports=frozenset({server.port}))
        server.replies["/"] = reply()

        with pytest.raises(Unreachable):
            ask(server.url().replace("http", "https"), door=door)


def test_the_internet_is_public_addresses_on_the_ports_of_the_web():
    assert http.INTERNET.permits is is_public
    assert http.INTERNET.ports == {80, 443}

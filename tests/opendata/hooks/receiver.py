"""An endpoint on loopback that keeps what it is sent and answers as it is told."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from talent.common.http import Door


@dataclass
class Received:
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    @property
    def said(self) -> dict[str, Any]:
        return json.loads(self.body)

    @property
    def kind(self) -> str:
        return self.said["type"]

    @property
    def data(self) -> dict[str, Any]:
        return self.said["data"]


@dataclass
class Receiver:
    """`answers` are given in their order, then `answer`: a status, a body, headers."""

    answer: tuple[int, bytes, dict[str, str]] = (204, b"", {})
    answers: list[tuple[int, bytes, dict[str, str]]] = field(default_factory=list)
    received: list[Received] = field(default_factory=list)
    # Seconds between a request and its answer.
    delay: float = 0

    def __post_init__(self) -> None:
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), handler(self))
        self.port = self.server.server_port
        Thread(target=self.server.serve_forever, args=[0.01], daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"

    @property
    def door(self) -> Door:
        return Door(permits=lambda _address: True, ports=frozenset({self.port}))

    @property
    def kinds(self) -> list[str]:
        return [each.kind for each in self.received]

    def take(self, path: str, headers: dict[str, str], body: bytes) -> Any:
        self.received.append(Received(path, headers, body))
        time.sleep(self.delay)
        return self.answers.pop(0) if self.answers else self.answer

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


def handler(receiver: Receiver) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            size = int(self.headers["Content-Length"])
            headers = {name.lower(): value for name, value in self.headers.items()}
            status, body, extra = receiver.take(
                self.path, headers, self.rfile.read(size)
            )
            self.send_response(status)
            for name, value in extra.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_args: Any) -> None:
            pass

    return Handler

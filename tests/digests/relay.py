"""A mail server in a thread of the test: the rig's sink, which records what it takes."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email import message_from_bytes, policy
from email.message import EmailMessage
from io import BytesIO
from pathlib import Path
from typing import Any

from tests.faults.sink import Sink


class Relay:
    """Messages are kept in the directory `kept`; with `file`, only who got what, in there."""

    def __init__(self, kept: Path, *, file: Path | None = None, **ways: Any) -> None:
        self.taken = file.open("r+b") if file else BytesIO()
        self.kept = kept
        self.sink = Sink(self.taken, kept=None if file else kept, **ways)
        self.connections = 0
        self.port = 0

    @property
    def lines(self) -> list[str]:
        """Recipient and Message-ID of each mail."""
        lines = self.taken.getvalue().decode().splitlines()
        return [line.rpartition(" ")[0] for line in lines]

    @property
    def recipients(self) -> list[str]:
        return [line.split()[0] for line in self.lines]

    @property
    def raw(self) -> list[bytes]:
        return [path.read_bytes() for path in sorted(self.kept.iterdir())]

    @property
    def messages(self) -> list[EmailMessage]:
        return [message_from_bytes(raw, policy=policy.default) for raw in self.raw]

    async def serve(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self.connections += 1
        with suppress(
            asyncio.CancelledError
        ):  # one that stalls, at the end of the test
            await self.sink.serve(reader, writer)


@contextmanager
def relay(kept: Path, **ways: Any) -> Iterator[Relay]:
    found = Relay(kept, **ways)
    loop = asyncio.new_event_loop()
    server = loop.run_until_complete(
        asyncio.start_server(found.serve, "127.0.0.1", 0, limit=16 * 1024 * 1024)
    )
    found.port = server.sockets[0].getsockname()[1]
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield found
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        for task in asyncio.all_tasks(loop):
            task.cancel()
        server.close()
        loop.run_until_complete(asyncio.sleep(0))
        loop.run_until_complete(server.wait_closed())
        loop.close()
        found.taken.close()

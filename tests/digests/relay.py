"""A mail server in a thread of the test: the rig's sink, which records what it takes."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine, Iterator
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
    """All of it happens in the thread: Playwright may keep a loop going in this one."""
    found = Relay(kept, **ways)
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()

    def there(work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, loop).result(timeout=30)

    server = there(
        asyncio.start_server(found.serve, "127.0.0.1", 0, limit=16 * 1024 * 1024)
    )
    found.port = server.sockets[0].getsockname()[1]
    try:
        yield found
    finally:
        there(closed(server))
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
        found.taken.close()


async def closed(server: asyncio.Server) -> None:
    server.close()
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
    await server.wait_closed()

"""A mail server that takes everything and writes down what it took: `python -m tests.faults.sink`.

It writes one line for each message, "recipient message-id size", before it answers 250, so the
file says what a recipient has. Wishes in the recipient's address let it misbehave:
`later-…` 451, `unknown-…` 550 5.1.1, `full-…` 552 5.2.2, `stall-…` no answer, `cut-…` taken, but
the connection ends before the answer.
"""

from __future__ import annotations

import argparse
import asyncio
import re
from pathlib import Path
from typing import BinaryIO

MESSAGE_ID = re.compile(rb"^Message-ID:\s*(<[^>]+>)", re.IGNORECASE | re.MULTILINE)
RECIPIENT = re.compile(rb"RCPT TO:<([^>]*)>", re.IGNORECASE)
ANSWERS = {
    b"EHLO": b"250-sink\r\n250-PIPELINING\r\n250-AUTH PLAIN\r\n250 ENHANCEDSTATUSCODES\r\n",
    b"HELO": b"250 sink\r\n",
    b"MAIL": b"250 2.1.0 Ok\r\n",
    b"RSET": b"250 2.0.0 Ok\r\n",
    b"NOOP": b"250 2.0.0 Ok\r\n",
    b"QUIT": b"221 2.0.0 Bye\r\n",
    b"AUTH": b"535 5.7.8 Wrong password\r\n",
    b"STAR": b"502 5.5.1 No TLS here\r\n",
}
REFUSALS = {
    b"later": b"451 4.3.0 Try again later\r\n",
    b"unknown": b"550 5.1.1 No such user\r\n",
    b"full": b"552 5.2.2 Mailbox full\r\n",
}


class Sink:
    def __init__(
        self,
        taken: BinaryIO,
        *,
        delay: float = 0.0,
        kept: Path | None = None,
        busy: bool = False,
    ) -> None:
        self.taken = taken
        self.delay = delay
        self.kept = kept
        self.busy = busy

    async def serve(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        try:
            if self.busy:
                writer.write(b"421 4.3.2 Too busy\r\n")
            else:
                writer.write(b"220 sink\r\n")
                await self.talk(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def talk(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        recipient = b""
        while line := await reader.readline():
            verb = line[:4].upper()
            if verb == b"RCPT":
                found = RECIPIENT.match(line)
                recipient = found[1] if found else b""
                wish = recipient.partition(b"-")[0]
                if wish in REFUSALS:
                    recipient = b""
                    writer.write(REFUSALS[wish])
                elif wish == b"stall":
                    await asyncio.sleep(3600)
                else:
                    writer.write(b"250 2.1.5 Ok\r\n")
            elif verb == b"DATA":
                if not recipient:
                    writer.write(b"554 5.5.1 No valid recipients\r\n")
                    continue
                writer.write(b"354 Go on\r\n")
                message = await reader.readuntil(b"\r\n.\r\n")
                await asyncio.sleep(self.delay)
                self.take(recipient, message)
                if recipient.startswith(b"cut-"):
                    return
                writer.write(b"250 2.0.0 Taken\r\n")
                recipient = b""
            else:
                writer.write(ANSWERS.get(verb, b"500 5.5.2 What?\r\n"))
                if verb == b"QUIT":
                    return

    def take(self, recipient: bytes, message: bytes) -> None:
        found = MESSAGE_ID.search(message)
        named = found[1] if found else b"-"
        self.taken.write(b"%s %s %d\n" % (recipient, named, len(message)))
        self.taken.flush()
        if self.kept:
            number = sum(1 for _ in self.kept.iterdir())
            plain = re.sub(rb"^\.\.", b".", message[:-3], flags=re.MULTILINE)
            (self.kept / f"{number:06}.eml").write_bytes(plain)


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("taken", type=Path, help="the file to write to")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--delay", type=float, default=0.0, help="seconds per message")
    options = parser.parse_args()
    with options.taken.open("ab") as taken:
        sink = Sink(taken, delay=options.delay)
        server = await asyncio.start_server(
            sink.serve, "127.0.0.1", options.port, limit=16 * 1024 * 1024
        )
        print(server.sockets[0].getsockname()[1], flush=True)
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())

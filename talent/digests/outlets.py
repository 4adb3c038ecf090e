"""Handing one message to the mail server, and understanding its answer.

SMTP (RFC 5321) over one connection that is kept from message to message. Where the server allows
pipelining (RFC 2920) a message takes two round trips.
"""

from __future__ import annotations

import re
import ssl
from contextlib import suppress
from email import message_from_bytes
from email.policy import SMTP as SMTP_POLICY
from smtplib import (
    SMTP,
    SMTPAuthenticationError,
    SMTPException,
    SMTPNotSupportedError,
    SMTPServerDisconnected,
)
from time import monotonic
from typing import Any, NoReturn, Protocol

from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend as SmtpBackend

# Of one hand-over, in seconds: a server that stalls is left, and the claim still holds.
PATIENCE = 30.0
CONNECT_WITHIN = 10.0
STATUS = re.compile(r"\b[245]\.\d{1,3}\.\d{1,3}\b")
SAID = 250


class NotTaken(Exception):
    """The message did not leave. `status` is the enhanced code (RFC 3463), if there was one."""

    def __init__(self, said: str = "", *, code: int = 0) -> None:
        found = STATUS.search(said)
        self.status = found[0] if found else ""
        super().__init__(f"{code} {said}".strip() if code else said)


class Away(NotTaken):
    """There is no server to talk to just now. Nothing is known of the message."""


class Lost(Away):
    """The connection ended before the server had the whole message."""


class Misconfigured(NotTaken):
    """The server refuses us, not the message: a person has to look at it."""


class Later(NotTaken):
    """Refused for the moment (4xx)."""


class Refused(NotTaken):
    """Refused for good (5xx); `unknown`: because there is no such mailbox."""

    unknown = False


class Unsure(NotTaken):
    """The connection ended after the whole message and before the answer."""


class Outlet(Protocol):
    def hand_over(self, *, sender: str, recipient: str, message: bytes) -> None:
        """Returns once the server has taken the message; raises NotTaken otherwise.

        The message is ready for DATA, its dots doubled.
        """

    def close(self) -> None: ...


def outlet() -> Outlet:
    """For the mail backend of the settings."""
    backend = get_connection()
    return SmtpOutlet() if isinstance(backend, SmtpBackend) else BackendOutlet(backend)


class SmtpOutlet:
    def __init__(self) -> None:
        self.smtp: SMTP | None = None
        self.until = 0.0

    def hand_over(self, *, sender: str, recipient: str, message: bytes) -> None:
        if kept := self.smtp:
            # It may have been closed while it lay idle, or have had its share.
            with suppress(Away):
                self.transact(kept, sender, recipient, message)
                return
        try:
            self.transact(self.connected(), sender, recipient, message)
        except Lost as lost:
            # Of a fresh connection, it may be this mail that ends it: the others go first.
            raise Later(str(lost)) from lost

    def transact(self, smtp: SMTP, sender: str, recipient: str, message: bytes) -> None:
        self.until = monotonic() + PATIENCE
        handed = False
        try:
            replies = self.envelope(smtp, sender, recipient)
            if replies[-1][0] == 354:
                body = message if all_taken(replies[:-1]) else b""
                handed = bool(body)
                self.send(smtp, body + b".\r\n")
                final = self.reply(smtp)
            else:
                final = replies[-1]
        except (SMTPServerDisconnected, OSError) as lost:
            self.drop()
            said = f"The connection was lost ({lost})."
            raise Unsure(said) if handed else Lost(said)  # noqa: B904
        if handed and final[0] // 100 == 2:
            return
        self.refused([*replies[:-1], final], smtp)

    def envelope(
        self, smtp: SMTP, sender: str, recipient: str
    ) -> list[tuple[int, str]]:
        """The answers to MAIL, RCPT and DATA, as far as they went."""
        commands = [
            f"MAIL FROM:<{sender}>\r\n".encode("ascii"),
            f"RCPT TO:<{recipient}>\r\n".encode("ascii"),
            b"DATA\r\n",
        ]
        if smtp.has_extn("pipelining"):
            self.send(smtp, b"".join(commands))
            return [self.reply(smtp) for _ in commands]
        replies: list[tuple[int, str]] = []
        for command in commands:
            self.send(smtp, command)
            replies.append(self.reply(smtp))
            if replies[-1][0] >= 400:
                break
        return replies

    def refused(self, replies: list[tuple[int, str]], smtp: SMTP) -> NoReturn:
        """Raise what the first refusal means, with the connection ready for another mail."""
        place = next(i for i, (code, _) in enumerate(replies) if code // 100 != 2)
        code, said = replies[place]
        if code == 421:
            self.drop()
            raise Away(said, code=code)
        self.reset(smtp)
        if place == 0 or code in (530, 535):
            raise (Misconfigured if code >= 500 else Away)(said, code=code)
        if code < 500:
            raise Later(said, code=code)
        error = Refused(said, code=code)
        # 5.1.x is the address. A mailbox that is full, or a policy against us, is not.
        error.unknown = error.status.startswith("5.1.") or (
            place == 1 and not error.status
        )
        raise error

    def reset(self, smtp: SMTP) -> None:
        try:
            self.send(smtp, b"RSET\r\n")
            if self.reply(smtp)[0] != SAID:
                self.drop()
        except (SMTPServerDisconnected, OSError):
            self.drop()

    # -- The connection ----------------------------------------------------------------

    def connected(self) -> SMTP:
        backend = get_connection(timeout=CONNECT_WITHIN)
        assert isinstance(backend, SmtpBackend)
        try:
            backend.open()
            self.smtp = backend.connection
        except (ssl.SSLError, SMTPNotSupportedError) as error:
            raise Misconfigured(f"No encrypted connection ({error}).") from error
        except SMTPAuthenticationError as error:
            said = "The user name or the password is refused."
            kind = Misconfigured if error.smtp_code >= 500 else Away
            raise kind(said, code=error.smtp_code) from error
        except (SMTPException, OSError) as error:
            raise Away(f"No connection ({error}).") from error
        finally:
            if self.smtp is None and backend.connection:
                backend.connection.close()
        assert self.smtp is not None
        return self.smtp

    def send(self, smtp: SMTP, data: bytes) -> None:
        self.hurry(smtp)
        smtp.send(data)

    def reply(self, smtp: SMTP) -> tuple[int, str]:
        self.hurry(smtp)
        code, said = smtp.getreply()
        return code, said.decode("utf-8", "replace")

    def hurry(self, smtp: SMTP) -> None:
        """However the time is divided, one hand-over takes no longer than PATIENCE."""
        if smtp.sock:
            smtp.sock.settimeout(max(self.until - monotonic(), 0.001))

    def drop(self) -> None:
        if self.smtp:
            self.smtp.close()
        self.smtp = None

    def close(self) -> None:
        if smtp := self.smtp:
            self.until = monotonic() + 2
            try:
                self.send(smtp, b"QUIT\r\n")
                self.reply(smtp)
            except (SMTPServerDisconnected, OSError):
                pass
        self.drop()


def all_taken(replies: list[tuple[int, str]]) -> bool:
    return all(code // 100 == 2 for code, _ in replies)


# -- Other backends ----------------------------------------------------------------------


class Ready(EmailMessage):
    """A finished message in the shape Django's backends expect."""

    def __init__(self, *, sender: str, recipient: str, data: bytes) -> None:
        self.parsed = message_from_bytes(data, policy=SMTP_POLICY)
        super().__init__(str(self.parsed["Subject"]), "", sender, [recipient])

    def message(self, *, policy: Any = None) -> Any:
        return self.parsed


class BackendOutlet:
    """A backend that is not SMTP: a mailbox of files in development, memory in tests."""

    def __init__(self, backend: BaseEmailBackend) -> None:
        self.backend = backend

    def hand_over(self, *, sender: str, recipient: str, message: bytes) -> None:
        plain = re.sub(rb"^\.\.", b".", message, flags=re.MULTILINE)
        ready = Ready(sender=sender, recipient=recipient, data=plain)
        try:
            self.backend.send_messages([ready])
        except (SMTPException, OSError) as error:
            raise Away(str(error)) from error

    def close(self) -> None:
        self.backend.close()

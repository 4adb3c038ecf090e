"""From a content to the bytes that go to the relay.

Building MIME costs more than handing it over, so it is done once for each content. What differs
from one recipient to the next is filled in as bytes; each place is marked by a random word that
no content can guess. The bytes are ready for DATA: CRLF, no line over 998 bytes, dots doubled.
"""

from __future__ import annotations

import re
import secrets
from base64 import encodebytes
from binascii import b2a_qp
from collections.abc import Mapping, Sequence
from email import policy
from email.header import Header
from email.message import Message
from email.utils import format_datetime, formataddr, parseaddr
from functools import cache
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import translation

from talent.digests import links
from talent.digests.ledger import Claim
from talent.digests.models import Content, Picture

WORD = secrets.token_hex(12)
URLS = ("MANAGE_URL", "UNSUBSCRIBE_URL", "VIEW_URL")
MARK = re.compile(rb"%s-([A-Z_]+)-" % WORD.encode())
PLACEHOLDER = re.compile(r"\{\{(" + "|".join(URLS) + r")\}\}")
# Quoted-printable lines hold at most 76 characters, the soft break's "=" included.
PIECE = 70
SAFE_HEADER = re.compile(rb"[\x21-\x7e]+(?: [\x21-\x7e]+)*")


class Unsendable(ValueError):
    """A value that must not stand in a header."""


class Form:
    """A message with places left open: literal bytes and, between them, names."""

    def __init__(self, content: Content, pictures: Sequence[Picture]) -> None:
        built = message(content, pictures).as_bytes(policy=policy.SMTP)
        parts = MARK.split(re.sub(rb"^\.", b"..", built, flags=re.MULTILINE))
        self.names = [name.decode() for name in parts[1::2]]
        # What follows a link begins a line as well.
        self.literals = [
            b"." + part if part.startswith(b".") else part for part in parts[::2]
        ]

    def filled(self, values: Mapping[str, bytes]) -> bytes:
        pieces = [self.literals[0]]
        for name, literal in zip(self.names, self.literals[1:], strict=True):
            pieces += (values[name], literal)
        return b"".join(pieces)


def values_for(claim: Claim) -> dict[str, bytes]:
    """What is filled in for one recipient: the same at every attempt."""
    with translation.override(claim.subscriber.language):
        urls = {
            "MANAGE_URL": links.manage_url(claim.subscriber),
            "UNSUBSCRIBE_URL": links.unsubscribe_url(claim.subscriber),
            "VIEW_URL": links.view_url(claim.delivery.token),
        }
    return {
        "TO": in_header(claim.subscriber.address),
        "DATE": in_header(format_datetime(claim.delivery.created_at)),
        "MESSAGE_ID": in_header(message_id(claim.delivery.token)),
        "UNSUBSCRIBE": in_header(f"<{urls['UNSUBSCRIBE_URL']}>"),
        **{name: in_body(url) for name, url in urls.items()},
    }


def in_header(text: str) -> bytes:
    """Printable ASCII on one line, or Unsendable: nothing can begin a header of its own."""
    found = text.encode()
    if not SAFE_HEADER.fullmatch(found) or len(found) > 900:
        raise Unsendable("A value for a header is not printable ASCII.")
    return found


def in_body(url: str) -> bytes:
    """In quoted-printable, on lines of its own: soft breaks before, after and within."""
    quoted = b2a_qp(url.encode()).replace(b"=\n", b"")
    pieces = [quoted[start : start + PIECE] for start in range(0, len(quoted), PIECE)]
    # A break within an escape would be read as text; one before a dot needs no doubling.
    for place in range(len(pieces) - 1):
        cut = pieces[place].rfind(b"=", -2)
        if cut >= 0:
            pieces[place + 1] = pieces[place][cut:] + pieces[place + 1]
            pieces[place] = pieces[place][:cut]
        if pieces[place + 1].startswith(b"."):
            pieces[place + 1] = b"=2E" + pieces[place + 1][1:]
    return b"=\r\n" + b"=\r\n".join(pieces) + b"=\r\n"


# -- Who speaks --------------------------------------------------------------------------


@cache
def address_in(written: str) -> str:
    """Of "Transfer Window <digest@transfers.example>", what stands in the brackets."""
    return parseaddr(written)[1]


def sender_domain() -> str:
    return address_in(settings.DIGEST_FROM).rpartition("@")[2]


def message_id(token: str) -> str:
    return f"<{token}@{sender_domain()}>"


def envelope_sender(token: str) -> str:
    """Where the mail comes back to if it cannot be delivered: it names the delivery."""
    if not settings.DIGEST_BOUNCES_TO:
        return address_in(settings.DIGEST_FROM)
    name, _, domain = settings.DIGEST_BOUNCES_TO.partition("@")
    return f"{name}+{token}@{domain}"


# -- MIME --------------------------------------------------------------------------------


def message(content: Content, pictures: Sequence[Picture]) -> Message:
    """multipart/alternative: the text, then HTML together with its pictures."""
    html: Message = written(content.html, subtype="html")
    if pictures:
        html = container("related", html, *map(picture_part, pictures))
    found = container("alternative", written(content.text, subtype="plain"), html)
    name, address = parseaddr(settings.DIGEST_FROM)
    host = urlsplit(settings.SITE_URL).hostname or "localhost"
    for header, value in (
        ("From", formataddr((name, address))),
        ("To", mark("TO")),
        ("Subject", Header(content.subject, "utf-8", header_name="Subject").encode()),
        ("Date", mark("DATE")),
        ("Message-ID", mark("MESSAGE_ID")),
        ("List-Id", f"Transfer Window digest <digest.{host}>"),
        ("List-Unsubscribe", mark("UNSUBSCRIBE")),
        ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
        ("Auto-Submitted", "auto-generated"),
        ("Precedence", "bulk"),
        ("X-Auto-Response-Suppress", "All"),
        ("MIME-Version", "1.0"),
    ):
        found[header] = value
    return found


def mark(name: str) -> str:
    return f"{WORD}-{name}-"


def container(subtype: str, *parts: Message) -> Message:
    found = Message()
    found["Content-Type"] = f'multipart/{subtype}; boundary="{secrets.token_hex(16)}"'
    for part in parts:
        found.attach(part)
    return found


def written(text: str, *, subtype: str) -> Message:
    """A text in quoted-printable, with the marks of its links on lines of their own."""
    lines = "\r\n".join(text.splitlines()) + "\r\n"
    parts = PLACEHOLDER.split(lines)
    quoted = [b2a_qp(part.encode()).decode() for part in parts[::2]]
    body = quoted[0]
    for name, literal in zip(parts[1::2], quoted[1:], strict=True):
        body += mark(name) + literal
    found = Message()
    found["Content-Type"] = f'text/{subtype}; charset="utf-8"'
    found["Content-Transfer-Encoding"] = "quoted-printable"
    found.set_payload(body.replace("\r\n", "\n"))
    return found


def picture_part(picture: Picture) -> Message:
    found = Message()
    found["Content-Type"] = "image/png"
    found["Content-Transfer-Encoding"] = "base64"
    found["Content-ID"] = f"<{picture.cid}>"
    found["Content-Disposition"] = 'inline; filename="chart.png"'
    found.set_payload(encodebytes(bytes(picture.png)).decode())
    return found

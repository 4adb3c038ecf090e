"""The mail of a development run: nothing leaves the machine, every message can be read.

The backend writes each message as an .eml file under var/mail; /mailbox/ shows them as a mail
program would. config/urls.py names these pages in development only.
"""

from __future__ import annotations

import base64
import itertools
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage as Parsed
from email.utils import parsedate_to_datetime
from pathlib import Path

from csp.decorators import csp
from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

MOST_LISTED = 200
NAME = re.compile(r"[0-9T]{15,30}-[0-9]+-[0-9]+")
number = itertools.count()


class Backend(BaseEmailBackend):
    """Each message becomes a file, written beside and renamed: none is read half written."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for message in email_messages:
            write(message.message().as_bytes())
        return len(email_messages)


def write(data: bytes) -> None:
    folder = mail_folder()
    folder.mkdir(parents=True, exist_ok=True)
    now = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
    name = f"{now}-{os.getpid()}-{next(number)}"
    half = folder / f"{name}.part"
    half.write_bytes(data)
    half.rename(folder / f"{name}.eml")


def mail_folder() -> Path:
    return Path(settings.VAR_DIR) / "mail"


# -- Reading -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Letter:
    """One message of the mailbox."""

    name: str
    data: bytes

    @property
    def parsed(self) -> Parsed:
        return message_from_bytes(self.data, _class=Parsed, policy=policy.default)

    @property
    def subject(self) -> str:
        return str(self.parsed["Subject"] or "")

    @property
    def to(self) -> str:
        return str(self.parsed["To"] or "")

    @property
    def date(self) -> datetime | None:
        try:
            return parsedate_to_datetime(str(self.parsed["Date"]))
        except ValueError:
            return None

    @property
    def headers(self) -> list[tuple[str, str]]:
        return [(name, str(value)) for name, value in self.parsed.items()]

    def part(self, kind: str) -> str:
        """The body of this kind, "html" or "plain"; "" if there is none."""
        body = self.parsed.get_body((kind,))
        return str(body.get_content()) if body else ""

    @property
    def html(self) -> str:
        """With its pictures inside; links open in the whole window."""
        html = self.part("html")
        for part in self.parsed.walk():
            cid = str(part["Content-ID"] or "").strip("<>")
            if cid and part.get_content_maintype() == "image":
                data = base64.b64encode(part.get_content()).decode()
                kind = part.get_content_type()
                html = html.replace(f"cid:{cid}", f"data:{kind};base64,{data}")
        return html.replace("<head>", '<head><base target="_top">', 1)

    @property
    def source(self) -> str:
        return self.data.decode("utf-8", "replace")


def letters() -> list[Letter]:
    """The newest first."""
    files = sorted(mail_folder().glob("*.eml"), reverse=True)[:MOST_LISTED]
    return [Letter(file.stem, file.read_bytes()) for file in files]


def letter(name: str) -> Letter:
    file = mail_folder() / f"{name}.eml"
    if not NAME.fullmatch(name) or not file.is_file():
        raise Http404
    return Letter(name, file.read_bytes())


# -- Pages -------------------------------------------------------------------------------


@require_safe
def mailbox(request: HttpRequest) -> HttpResponse:
    context = {"letters": letters(), "folder": mail_folder()}
    return TemplateResponse(request, "mailbox/list.html", context)


@require_safe
@csp(  # type: ignore[arg-type]  # its type knows no view with arguments
    {
        **settings.CONTENT_SECURITY_POLICY["DIRECTIVES"],
        "frame-src": ["'self'"],
    }
)
def message(request: HttpRequest, name: str) -> HttpResponse:
    read = letter(name)
    context = {"letter": read, "text": read.part("plain")}
    return TemplateResponse(request, "mailbox/message.html", context)


@require_safe
@xframe_options_sameorigin
@csp(  # type: ignore[arg-type]  # its type knows no view with arguments
    {
        "default-src": ["'none'"],
        "style-src": ["'unsafe-inline'"],
        "img-src": ["data:"],
        "frame-ancestors": ["'self'"],
        # No script, no form, whatever the mail holds.
        "sandbox": ["allow-popups allow-top-navigation-by-user-activation"],
    }
)
def html(request: HttpRequest, name: str) -> HttpResponse:
    return HttpResponse(letter(name).html)


urlpatterns = [
    path("", mailbox, name="mailbox"),
    path("<str:name>/", message, name="mailbox_message"),
    path("<str:name>/html", html, name="mailbox_html"),
]

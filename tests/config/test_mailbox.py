"""The mailbox of a development copy."""

from __future__ import annotations

from email.mime.image import MIMEImage

import pytest
from django.core.mail import EmailMultiAlternatives, get_connection
from django.urls import reverse

from config import mailbox

PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    return tmp_path / "mail"


def send(subject: str = "Hello", html: str = "<p>Hello</p>") -> None:
    message = EmailMultiAlternatives(subject, "Hello.", to=["ada@example.org"])
    message.attach_alternative(html, "text/html")
    picture = MIMEImage(PNG, "png")
    picture["Content-ID"] = "<chart@digest>"
    message.attach(picture)
    get_connection("config.mailbox.Backend").send_messages([message])


def address(name: str = "mailbox_message") -> str:
    return reverse(name, args=[mailbox.letters()[0].name])


class TestBackend:
    def test_keeps_each_message_in_a_file_of_its_own(self, folder):
        send("One")
        send("Two")

        assert [letter.subject for letter in mailbox.letters()] == ["Two", "One"]
        assert len(list(folder.iterdir())) == 2


class TestMailbox:
    def test_lists_what_was_sent(self, client):
        send("A subject")

        page = client.get(reverse("mailbox")).content.decode()

        assert "A subject" in page
        assert "ada@example.org" in page

    def test_is_there_before_anything_was_sent(self, client):
        assert (
            "None has been sent yet" in client.get(reverse("mailbox")).content.decode()
        )

    def test_shows_text_headers_and_source(self, client):
        send()

        page = client.get(address()).content.decode()

        assert "<pre" in page
        assert "Hello." in page
        assert "Message-ID" in page
        assert "multipart/alternative" in page

    def test_shows_html_in_a_frame_that_may_run_nothing(self, client):
        send(html="<html><head></head><body><script>alert(1)</script></body></html>")

        page = client.get(address())
        frame = client.get(address("mailbox_html"))

        assert f'src="{address("mailbox_html")}"' in page.content.decode()
        assert "frame-src 'self'" in page["Content-Security-Policy"]
        assert "script" not in page.content.decode().split("<iframe")[1].split(">")[0]
        policy = frame["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "sandbox allow-popups" in policy
        assert "allow-scripts" not in policy
        assert frame["X-Frame-Options"] == "SAMEORIGIN"

    @pytest.mark.parametrize(
        "name", ["nothing", "..%2F..%2Fsecret_key", "20260101T000000000000-1-1"]
    )
    def test_opens_no_other_file(self, client, name):
        assert client.get(f"/mailbox/{name}/").status_code == 404

"""A real browser at the desk, with everything it complains about."""

from __future__ import annotations

import os

from django.conf import settings
from django.test import Client
from django.urls import reverse

from tests.accessibility import Inspector
from tests.accounts.desk import PASSWORD, enter

WIDTHS = (1280, 360)


class Visit:
    """SHOTS=DIRECTORY keeps a picture of every page looked at."""

    def __init__(self, page, site):
        self.page, self.site = page, site
        self.shots = os.environ.get("SHOTS")
        self.complaints = []
        page.on("console", self.heard)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def heard(self, message):
        """Everything but what the browser says by itself of a 429 and of its icon."""
        about = message.location.get("url", "")
        expected = "status of 429" in message.text or about.endswith("/favicon.ico")
        if message.type == "error" and not expected:
            self.complaints.append(f"{self.page.url}: {message.text}")

    def enter(self, user):
        """Past the door, as somebody who is signed in."""
        client = Client()
        enter(client, user)
        name = settings.SESSION_COOKIE_NAME
        cookie = {"name": name, "value": client.cookies[name].value, "url": self.site}
        self.page.context.add_cookies([cookie])

    def open(self, name, *args):
        self.page.goto(self.site + reverse(f"admin:{name}", args=args))

    def look(self, name, widths=WIDTHS):
        """Nothing sticks out sideways, and axe finds nothing. The last width stays."""
        inspector = Inspector(self.page)
        for width in widths:
            self.page.set_viewport_size({"width": width, "height": 800})
            if self.shots:
                self.page.screenshot(
                    path=f"{self.shots}/{name}-{width}.png", full_page=True
                )
            overflow = self.page.evaluate(
                "document.documentElement.scrollWidth - window.innerWidth"
            )
            assert overflow <= 0, f"{name} is {overflow} px too wide at {width}"
            violations = inspector.violations()
            assert not violations, "\n".join([f"{name} at {width}:", *violations])

    def password(self, user, text=PASSWORD):
        self.page.get_by_label("Username").fill(user.username)
        self.page.get_by_label("Password").fill(text)
        self.page.get_by_role("button", name="Continue").click()

    def code(self, text, button):
        self.page.get_by_role("textbox", name="code").fill(text)
        self.page.get_by_role("button", name=button).click()
